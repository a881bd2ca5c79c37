#!/usr/bin/env python3
"""Scores the candidates of a `plimsoll match` run with nomenklatura's logic-v2.

    python3 -m venv venv && venv/bin/pip install nomenklatura==4.17.4
    plimsoll match --list index.jsonl --queries queries.jsonl --limit 20 --min-similarity 0 > candidates.jsonl
    venv/bin/python docs/peers/logic_v2.py index.jsonl queries.jsonl candidates.jsonl > logic_v2.jsonl

Candidate search is ours (98 of 100 right parties are among the candidates), so
this shows logic-v2 at its best: the comparison alone.
"""
import json
import sys
import time

from followthemoney import model
from nomenklatura.matching import get_algorithm
from nomenklatura.matching.types import ScoringConfig

CANDIDATES = 20


def entity(key, names, countries, addresses):
    properties = {"name": names, "country": countries, "address": addresses}
    return model.get_proxy({"id": key, "schema": "Organization", "properties": properties})


def lines(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def main(list_path, queries_path, candidates_path):
    algorithm = get_algorithm("logic-v2")
    config = ScoringConfig.defaults()
    listed = {
        row["entity_id"]: entity(
            row["entity_id"], [row["name"], *row.get("aliases", [])], row.get("countries", []), row.get("addresses", [])
        )
        for row in lines(list_path)
    }
    candidates = {row["id"]: [hit["entity_id"] for hit in row["hits"]] for row in lines(candidates_path)}
    started, compared, queries = time.process_time(), 0, 0
    for query in lines(queries_path):
        asked = entity(
            query["id"],
            [query["name"]],
            [query["country"]] if "country" in query else [],
            [query["address"]] if "address" in query else [],
        )
        hits = []
        for key in candidates[query["id"]][:CANDIDATES]:
            compared += 1
            score = algorithm.compare(asked, listed[key], config).score
            if score > 0:
                hits.append({"entity_id": key, "similarity": score})
        hits.sort(key=lambda hit: -hit["similarity"])
        print(json.dumps({"id": query["id"], "hits": hits[:10]}))
        queries += 1
    seconds = time.process_time() - started
    print(f"{queries} queries, {compared} comparisons, {queries / seconds:.0f} queries per CPU second", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:4])

//! The bar of the matching on the labelled set of the shared data folder, and
//! the figures of docs/accuracy.md.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking; counts are small"
)]

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead as _, BufReader},
    path::PathBuf,
};

use serde_json::Value;

use crate::matching_score::{Figures, Label, answers, figures, text};

#[expect(
    clippy::disallowed_methods,
    reason = "only the variable says where the shared data is"
)]
fn folder() -> PathBuf {
    PathBuf::from(std::env::var("PLIMSOLL_SHARED").unwrap()).join("data/matching")
}

fn open(name: &str) -> BufReader<File> {
    BufReader::new(File::open(folder().join(name)).unwrap())
}

fn labels() -> BTreeMap<String, Label> {
    open("dev.jsonl")
        .lines()
        .map(|line| {
            let label: Value = serde_json::from_str(&line.unwrap()).unwrap();
            let list = |name: &str| {
                label[name]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(text)
                    .collect::<Vec<_>>()
            };
            let right = label["expected"]
                .as_str()
                .map_or_else(Vec::new, |expected| {
                    let mut right = vec![expected.to_owned()];
                    right.extend(list("also_ok"));
                    right.extend(list("maybe_ok"));
                    right
                });
            let main = label["main"].as_bool().unwrap();
            (
                text(&label["id"]),
                Label {
                    kind: text(&label["kind"]),
                    main,
                    right,
                },
            )
        })
        .collect()
}

#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn meets_the_bar() {
    let labels = labels();
    let answers = answers(open("index.jsonl"), open("dev.queries.jsonl"), 10);
    let measured = figures(&labels, &answers);
    println!("{}", measured.table());
    let half = |odd: bool| -> Figures {
        let half = labels
            .iter()
            .enumerate()
            .filter(|(place, _)| (place % 2 == 1) == odd);
        figures(
            &half
                .map(|(_, (id, label))| (id.clone(), label.clone()))
                .collect(),
            &answers,
        )
    };
    for (half, name) in [(half(false), "even half"), (half(true), "odd half")] {
        println!(
            "{name}: F1 {:.3}, recall at precision .95 {:.3}",
            half.best_f1, half.recall_at_95
        );
    }
    assert!(measured.best_f1 >= 0.88);
    assert!(measured.recall_at_95 >= 0.78);
    assert!(measured.first >= 0.91);
    assert!(measured.in_five >= 0.96);
    for kind in ["alias_hani", "alias_arab"] {
        assert!(
            measured
                .first_by_kind
                .get(kind)
                .is_some_and(|first| *first >= 0.70),
            "{kind}"
        );
    }
    let sure = measured.reliability.last().unwrap();
    assert!(
        sure.2 >= 0.9,
        "of hits at .9 and more nine in ten are right"
    );
}

#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn the_right_party_is_among_those_compared() {
    let compared = answers(open("index.jsonl"), open("dev.queries.jsonl"), 1_000);
    let mut by_kind: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (id, label) in labels()
        .into_iter()
        .filter(|(_, label)| !label.right.is_empty())
    {
        let met = compared
            .get(&id)
            .unwrap()
            .iter()
            .any(|(entity, _)| label.right.contains(entity));
        let groups = if label.main {
            vec![label.kind, "all main kinds".to_owned()]
        } else {
            vec![label.kind]
        };
        for group in groups {
            let count = by_kind.entry(group).or_default();
            count.0 += 1;
            count.1 += usize::from(met);
        }
    }
    for (kind, (all, met)) in &by_kind {
        println!(
            "  {kind:<22} {met:>5} of {all:>5}: {:.3}",
            *met as f64 / *all as f64
        );
    }
    let (all, met) = by_kind["all main kinds"];
    assert!(met as f64 / all as f64 >= 0.97);
}

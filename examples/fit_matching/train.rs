//! Examples out of public names, and the model that fits them best.

use std::fmt::Write as _;

use plimsoll::{
    country::Country,
    lists::EntryKind,
    screening::{Index, Party, Subject, evidence::SIGNALS, model::model, name::Name},
};
use rayon::prelude::*;

use crate::{LeiName, chance::Chance, disturb::disturb, ofac::Listed, regression};

/// A query whose answer is known: `None` for nobody.
struct Query {
    subject: Subject,
    answer: Option<String>,
    weight: f64,
}

/// Between which bounds a weight must stay: signals whose direction is known
/// beforehand keep it, and what is policy rather than statistics is held to it.
fn bounds(signal: &str) -> (f64, f64) {
    const ANY: f64 = 1e9;
    match signal {
        "coverage"
        | "coverage_above_60"
        | "coverage_above_80"
        | "coverage_above_92"
        | "query_coverage"
        | "listed_coverage"
        | "evidence"
        | "evidence_first"
        | "brand_coverage"
        | "legal_agrees"
        | "country_agrees"
        | "country_agrees_by_words"
        | "address"
        | "contained" => (0.0, ANY),
        // Every word the same is more than much the same.
        "same_words" => (0.5, ANY),
        // The strangers we learn from are all elsewhere; the suppliers of the day
        // may be a listed party's branch.
        "country_conflict" => (-3.0, 0.0),
        // A whole name met in another country is a lead.
        "same_words_abroad" => (1.5, 3.0),
        "unmatched_query"
        | "unmatched_listed"
        | "number_missing"
        | "place_conflict"
        | "country_conflict_by_words"
        | "word_swapped"
        | "least_alike"
        | "short_name" => (-ANY, 0.0),
        // Plant 711 is not plant 719, however much else their names share.
        "number_conflict" => (-1e9, -4.5),
        // Suppliers' lists are careless with legal forms.
        "legal_conflict" => (-1.0, 0.0),
        // No example has identifiers: policy.
        "other_identifier" => (-1.0, -1.0),
        _ => (-ANY, ANY),
    }
}

/// The model file.
pub(crate) fn fit(listed: &[Listed], lei: &[LeiName]) -> String {
    let mut chance = Chance(20_251_101);
    let (parties, mut queries) = aliases(listed, &mut chance);
    queries.extend(disturbed(&parties, &mut chance));
    queries.extend(strangers(lei, &parties, &mut chance));
    let index = Index::build(parties);
    let examples: Vec<regression::Example> = queries
        .par_iter()
        .flat_map_iter(|query| examples_of(&index, query))
        .collect();
    let weights = regression::fit(&examples, &SIGNALS.map(bounds), 2.0);
    let same = examples.iter().filter(|example| example.same).count();
    let mut file = format!(
        "# Made by examples/fit_matching from OFAC's list of July 2021 (public domain) and legal names of GLEIF (CC0):\n# {} comparisons of {} queries, {same} of them of one party.\n\nversion = \"1\"\n\n[weights]\n",
        examples.len(),
        queries.len()
    );
    for (signal, weight) in SIGNALS.iter().zip(weights) {
        let _ = writeln!(file, "{signal} = {weight:.4}");
    }
    file
}

/// The best comparisons of a query, each party once.
fn examples_of(index: &Index, query: &Query) -> Vec<regression::Example> {
    const SHOWN: usize = 4;
    let mut all = index.weigh_all(&query.subject, model());
    all.sort_by(|one, other| {
        other
            .candidate
            .similarity
            .cmp(&one.candidate.similarity)
            .then(one.candidate.party.cmp(&other.candidate.party))
    });
    let mut seen = Vec::new();
    let mut examples = Vec::new();
    for weighed in all {
        if seen.contains(&weighed.candidate.party) {
            continue;
        }
        seen.push(weighed.candidate.party);
        let id = index
            .party(weighed.candidate.party)
            .map(|party| party.id.clone());
        let same = id.is_some() && id == query.answer;
        // The first candidate is what a decision is made on; the others say
        // what it must beat.
        let weight = if same || seen.len() == 1 {
            query.weight
        } else {
            query.weight * 0.3
        };
        examples.push(regression::Example {
            signals: weighed.signals,
            same,
            weight,
        });
        if seen.len() == SHOWN {
            break;
        }
    }
    examples
}

/// One alias of each party that has several names is taken off the list and
/// asked for.
fn aliases(listed: &[Listed], chance: &mut Chance) -> (Vec<Party>, Vec<Query>) {
    let mut parties = Vec::new();
    let mut queries = Vec::new();
    for entry in listed {
        let mut names = entry.names.clone();
        if names.len() > 1 {
            let place = chance.below(names.len());
            let alias = names.remove(place);
            if shares_a_word(&alias, &names) {
                queries.push(Query {
                    subject: subject(&alias, &entry.countries, &entry.addresses, chance),
                    answer: Some(entry.id.clone()),
                    weight: 1.0,
                });
            } else {
                names.push(alias);
            }
        }
        let countries = if chance.one_in(5) {
            Vec::new()
        } else {
            entry.countries.clone()
        };
        parties.push(Party {
            id: entry.id.clone(),
            kind: EntryKind::Organization,
            names,
            countries,
            addresses: entry.addresses.clone(),
            identifiers: Vec::new(),
        });
    }
    (parties, queries)
}

/// Aliases that have nothing in common with any other name cannot be found by
/// name and teach nothing about names.
fn shares_a_word(alias: &str, names: &[String]) -> bool {
    let telling = |name: &str| -> Vec<String> {
        Name::new(name)
            .words
            .into_iter()
            .map(|word| word.sound.chars().take(4).collect())
            .collect()
    };
    let words = telling(alias);
    names
        .iter()
        .any(|name| telling(name).iter().any(|word| words.contains(word)))
}

/// A country two times in three, an address one time in three.
fn subject(
    name: &str,
    countries: &[Country],
    addresses: &[String],
    chance: &mut Chance,
) -> Subject {
    Subject {
        names: vec![name.to_owned()],
        countries: if chance.one_in(3) {
            Vec::new()
        } else {
            countries.first().copied().into_iter().collect()
        },
        addresses: if chance.one_in(3) {
            addresses.first().cloned().into_iter().collect()
        } else {
            Vec::new()
        },
        identifiers: Vec::new(),
    }
}

fn disturbed(parties: &[Party], chance: &mut Chance) -> Vec<Query> {
    const MANY: usize = 4_000;
    let mut queries = Vec::new();
    while queries.len() < MANY {
        let Some(party) = chance.pick(parties).cloned() else {
            break;
        };
        let Some(name) = chance.pick(&party.names).cloned() else {
            continue;
        };
        let Some(changed) = disturb(&name, chance) else {
            continue;
        };
        queries.push(Query {
            subject: subject(&changed, &party.countries, &party.addresses, chance),
            answer: Some(party.id),
            weight: 1.0,
        });
    }
    queries
}

/// Legal names that are on no list, and listed names with the telling word or
/// the number exchanged.
fn strangers(lei: &[LeiName], parties: &[Party], chance: &mut Chance) -> Vec<Query> {
    const MANY: usize = 9_000;
    const EXCHANGED: usize = 900;
    let mut queries = Vec::new();
    for _ in 0..MANY {
        let Some(stranger) = chance.pick(lei) else {
            break;
        };
        let countries: Vec<Country> = Country::from_alpha2(&stranger.country)
            .into_iter()
            .collect();
        queries.push(Query {
            subject: subject(&stranger.name, &countries, &[], chance),
            answer: None,
            weight: 0.6,
        });
    }
    while queries.len() < MANY + EXCHANGED {
        let (Some(party), Some(other)) = (chance.pick(parties), chance.pick(parties)) else {
            break;
        };
        let (Some(name), Some(source)) = (party.names.first(), other.names.first()) else {
            continue;
        };
        if let Some(changed) = exchanged(name, source, chance) {
            queries.push(Query {
                subject: subject(&changed, &party.countries, &[], chance),
                answer: None,
                weight: 1.0,
            });
        }
    }
    queries
}

/// The name with its one telling word replaced by another party's, or with
/// another number.
fn exchanged(name: &str, source: &str, chance: &mut Chance) -> Option<String> {
    let number: String = name.chars().filter(char::is_ascii_digit).collect();
    if let Ok(value @ 2..) = number.parse::<u64>()
        && name.contains(&number)
    {
        let step = 1 + chance.below(9) as u64;
        return Some(name.replacen(&number, &(value + step).to_string(), 1));
    }
    let telling = |name: &str| -> Option<String> {
        let words: Vec<&str> = name.split(' ').filter(|word| is_telling(word)).collect();
        if let [only] = words.as_slice() {
            Some((*only).to_owned())
        } else {
            None
        }
    };
    let (mine, theirs) = (telling(name)?, telling(source)?);
    (mine != theirs && name.split(' ').count() > 1).then(|| name.replacen(&mine, &theirs, 1))
}

fn is_telling(word: &str) -> bool {
    let prepared = Name::new(word);
    !prepared.only_legal
        && prepared
            .words
            .iter()
            .any(|word| word.concept.is_none() && word.text.len() > 3)
}

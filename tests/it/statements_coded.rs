//! Rules against our own coding of invented statements: how well they carry over.

use std::collections::BTreeMap;

use plimsoll::disclosures::statement::{Document, Law, OtherStatements, SB_657, check};
use serde::Deserialize;

use crate::statements::day;

const FIRST: &str = include_str!("../../fixtures/statements/coded/first.toml");
const OMISSIONS: &str = include_str!("../../fixtures/statements/coded/omissions.toml");
const SECOND: &str = include_str!("../../fixtures/statements/coded/second.toml");
const FOURTH: &str = include_str!("../../fixtures/statements/coded/fourth.toml");
const LAW_WORDS: &str = include_str!("../../fixtures/statements/coded/law_words.toml");
const HELD_OUT: &str = include_str!("../../fixtures/statements/coded/held_out.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    statements: Vec<Coded>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the words of the fixture")]
struct Coded {
    name: String,
    text: String,
    disclosed: Vec<String>,
    best_practice: Vec<String>,
    /// `axis.topic` where the coding questions leave it open.
    #[serde(default)]
    not_coded: Vec<String>,
    #[serde(default)]
    said_beside: BTreeMap<String, String>,
}

/// (agreed, all) by `axis`, `axis.topic` and `beside`.
fn agreement(source: &str) -> BTreeMap<String, (usize, usize)> {
    let law = Law::parse(SB_657).unwrap();
    let batch: Batch = toml::from_str(source).unwrap();
    let mut agreement: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut count = |question: &str, agrees: bool| {
        let entry = agreement.entry(question.to_owned()).or_default();
        entry.0 += usize::from(agrees);
        entry.1 += 1;
    };
    for coded in &batch.statements {
        let document = Document::read(coded.text.as_bytes()).unwrap();
        let reading = check(&law, Ok(&document), &OtherStatements::default(), day());
        for (key, topic) in &reading.topics {
            for (axis, said, wanted) in [
                ("disclosed", topic.disclosed, coded.disclosed.contains(key)),
                (
                    "best_practice",
                    topic.best_practice,
                    coded.best_practice.contains(key),
                ),
            ] {
                let question = format!("{axis}.{key}");
                if !coded.not_coded.contains(&question) {
                    let agrees = said == Some(wanted);
                    if !agrees {
                        eprintln!("{}: {question}: coded {wanted}, read {said:?}", coded.name);
                    }
                    count(axis, agrees);
                    count(&question, agrees);
                }
            }
            for (name, mandatory) in &topic.mandatory {
                if let Some(wanted) = coded.said_beside.get(&format!("{key}.{name}")) {
                    let stated = serde_json::to_value(mandatory.stated).unwrap();
                    count("beside", stated == wanted.as_str());
                }
            }
        }
    }
    for (question, (agreed, all)) in &agreement {
        eprintln!("{question}: {agreed}/{all}");
    }
    agreement
}

#[test]
fn agrees_with_our_coding_of_statements_read_while_the_rules_were_bettered() {
    for batch in [FIRST, OMISSIONS, SECOND, FOURTH, LAW_WORDS] {
        let agreement = agreement(batch);
        for (axis, percent) in [("disclosed", 92), ("best_practice", 92), ("beside", 80)] {
            // Not every batch codes what is said beside.
            let (agreed, all) = agreement.get(axis).copied().unwrap_or_default();
            assert!(agreed * 100 >= all * percent, "{axis}: {agreed}/{all}");
        }
    }
}

#[test]
fn agrees_with_our_coding_of_statements_held_out() {
    let agreement = agreement(HELD_OUT);
    for (axis, percent) in [("disclosed", 90), ("best_practice", 90), ("beside", 75)] {
        let (agreed, all) = agreement[axis];
        assert!(agreed * 100 >= all * percent, "{axis}: {agreed}/{all}");
    }
}

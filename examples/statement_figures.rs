//! Reads coded statements (one JSON object a line: id, text, labels) and says
//! where rules and coders agree, and how many statements a second are read.
//!
//! `cargo run --release --example statement_figures -- STATEMENTS.jsonl [--quotes]`

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::{collections::BTreeMap, error::Error, time::Instant};

use chrono::NaiveDate;
use plimsoll::disclosures::statement::{Document, Law, OtherStatements, SB_657, check};
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("name a file of statements")?;
    let with_quotes = arguments.next().is_some();
    let file = std::fs::read_to_string(path)?;
    let statements: Vec<Value> = file
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let law = Law::parse(SB_657)?;
    let as_of = NaiveDate::from_ymd_opt(2026, 11, 21).ok_or("no such day")?;
    let others = OtherStatements::default();

    let mut agreed: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for statement in &statements {
        let text = statement["text"].as_str().unwrap_or_default();
        let document = Document::read(text.as_bytes()).map_err(|problem| problem.message)?;
        let reading = check(&law, Ok(&document), &others, as_of);
        let name = statement.get("id").or_else(|| statement.get("company"));
        println!(
            "== {} {:?} {:?}",
            name.unwrap_or(&Value::Null),
            reading.overall,
            reading.problem.as_ref().map(|problem| problem.kind)
        );
        if let Some(labels) = statement["labels"].as_object() {
            for (label, coded) in labels {
                let (axis, topic) = label.split_once('.').ok_or("a label without an axis")?;
                let read = reading.topics.get(topic).ok_or("a label of no topic")?;
                let said = if axis == "disclosed" {
                    read.disclosed
                } else {
                    read.best_practice
                };
                let same = (coded == "Yes") == said.unwrap_or(false);
                for key in [label.as_str(), axis] {
                    let count = agreed.entry(key.to_owned()).or_default();
                    count.0 += usize::from(same);
                    count.1 += 1;
                }
                if !same {
                    println!("   differs: {label} coded {coded}");
                }
            }
        }
        if with_quotes {
            for (key, topic) in &reading.topics {
                println!(
                    "  {key}: {:?} best_practice {:?} practice {:?} {:?}",
                    topic.disclosure,
                    topic.best_practice,
                    topic.practice,
                    topic
                        .mandatory
                        .iter()
                        .map(|(name, mandatory)| (name, mandatory.stated))
                        .collect::<Vec<_>>()
                );
                for quote in &topic.quotes {
                    println!("     {} {:?}: {}", quote.rule, quote.stance, quote.text);
                }
            }
        }
    }
    for (label, (same, all)) in &agreed {
        println!("{label}: {same}/{all}");
    }

    let rounds = 200;
    let start = Instant::now();
    for _ in 0..rounds {
        for statement in &statements {
            let text = statement["text"].as_str().unwrap_or_default();
            let document = Document::read(text.as_bytes()).map_err(|problem| problem.message)?;
            let _reading = std::hint::black_box(check(&law, Ok(&document), &others, as_of));
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let count = u32::try_from(rounds * statements.len())?;
    println!(
        "{:.0} statements a second, one thread",
        f64::from(count) / seconds
    );
    Ok(())
}

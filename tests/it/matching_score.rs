//! How right the matching is on labelled queries: the figures of
//! docs/accuracy.md.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking; counts are small"
)]

use std::{collections::BTreeMap, fmt::Write as _, io::BufRead};

use plimsoll::screening::{MatchOptions, SearchOptions, Similarity, run_match};
use serde_json::Value;

/// What is known of a query.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub(crate) kind: String,
    /// Whether it counts in the main figures.
    pub(crate) main: bool,
    /// Entities that are right; none where nobody is.
    pub(crate) right: Vec<String>,
}

/// The answer to a query: entities and similarities, best first.
pub(crate) type Answer = Vec<(String, f64)>;

/// A query's best answer.
struct Decision<'label> {
    label: &'label Label,
    similarity: f64,
    right: bool,
    right_in_five: bool,
}

/// The figures of one run.
#[derive(Debug, Clone)]
pub(crate) struct Figures {
    pub(crate) first: f64,
    pub(crate) in_five: f64,
    pub(crate) best_f1: f64,
    pub(crate) recall_at_95: f64,
    /// Recall at rank 1 by kind.
    pub(crate) first_by_kind: BTreeMap<String, f64>,
    /// (similarity from, hits, share right), of best hits.
    pub(crate) reliability: Vec<(f64, usize, f64)>,
}

/// Answers of the engine itself, by query.
pub(crate) fn answers(
    list: impl BufRead,
    queries: impl BufRead,
    limit: usize,
) -> BTreeMap<String, Answer> {
    let mut out = Vec::new();
    let options = MatchOptions {
        search: SearchOptions {
            min_similarity: Similarity::ZERO,
            limit,
        },
        explain: false,
    };
    run_match(list, queries, &mut out, &options, |_| {}).unwrap();
    String::from_utf8(out)
        .unwrap()
        .lines()
        .map(|line| {
            let answer: Value = serde_json::from_str(line).unwrap();
            let hits = answer["hits"].as_array().unwrap().iter();
            let hits = hits
                .map(|hit| (text(&hit["entity_id"]), hit["similarity"].as_f64().unwrap()))
                .collect();
            (text(&answer["id"]), hits)
        })
        .collect()
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A decision is the best hit; it counts at a threshold when it is that alike.
pub(crate) fn figures(
    labels: &BTreeMap<String, Label>,
    answers: &BTreeMap<String, Answer>,
) -> Figures {
    let none = Answer::new();
    let decisions: Vec<Decision> = labels
        .iter()
        .map(|(id, label)| {
            let answer = answers.get(id).unwrap_or(&none);
            let best = answer.first().map_or(-1.0, |hit| hit.1);
            let is_right = |hit: &(String, f64)| label.right.contains(&hit.0);
            Decision {
                label,
                similarity: best,
                right: answer.iter().take_while(|hit| hit.1 >= best).any(is_right),
                right_in_five: answer.iter().take(5).any(is_right),
            }
        })
        .collect();
    let main: Vec<&Decision> = decisions
        .iter()
        .filter(|decision| decision.label.main)
        .collect();
    let known: Vec<&&Decision> = main
        .iter()
        .filter(|decision| !decision.label.right.is_empty())
        .collect();
    let share = |count: usize| count as f64 / known.len().max(1) as f64;
    let (best_f1, recall_at_95) = sweep(&main, known.len());
    let mut by_kind: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for decision in decisions
        .iter()
        .filter(|decision| !decision.label.right.is_empty())
    {
        let kind = by_kind.entry(decision.label.kind.clone()).or_default();
        kind.0 += 1;
        kind.1 += usize::from(decision.right);
    }
    let mut reliability = Vec::new();
    for step in 0..10_u32 {
        let from = f64::from(step) / 10.0;
        let until = if step == 9 { 2.0 } else { from + 0.1 };
        let here: Vec<_> = main
            .iter()
            .filter(|decision| decision.similarity >= from && decision.similarity < until)
            .collect();
        let right = here.iter().filter(|decision| decision.right).count();
        if !here.is_empty() {
            reliability.push((from, here.len(), right as f64 / here.len() as f64));
        }
    }
    Figures {
        first: share(known.iter().filter(|decision| decision.right).count()),
        in_five: share(
            known
                .iter()
                .filter(|decision| decision.right_in_five)
                .count(),
        ),
        best_f1,
        recall_at_95,
        first_by_kind: by_kind
            .into_iter()
            .map(|(kind, (all, right))| (kind, right as f64 / all as f64))
            .collect(),
        reliability,
    }
}

/// Best F1 over all thresholds, and the most recall where precision is .95.
fn sweep(main: &[&Decision], known: usize) -> (f64, f64) {
    let mut by_similarity: Vec<&&Decision> = main
        .iter()
        .filter(|decision| decision.similarity >= 0.0)
        .collect();
    by_similarity.sort_by(|left, right| right.similarity.total_cmp(&left.similarity));
    let (mut best_f1, mut recall_at_95) = (0.0_f64, 0.0_f64);
    let mut right = 0;
    for (place, decision) in by_similarity.iter().enumerate() {
        right += usize::from(decision.right);
        let ends = by_similarity
            .get(place + 1)
            .is_none_or(|next| next.similarity < decision.similarity);
        if ends {
            let precision = f64::from(right as u32) / (place + 1) as f64;
            let recall = f64::from(right as u32) / known.max(1) as f64;
            best_f1 = best_f1.max(2.0 * precision * recall / (precision + recall).max(1e-9));
            if precision >= 0.95 {
                recall_at_95 = recall_at_95.max(recall);
            }
        }
    }
    (best_f1, recall_at_95)
}

impl Figures {
    /// As a table for a person.
    pub(crate) fn table(&self) -> String {
        let mut table = format!(
            "R@1 {:.3}  R@5 {:.3}  best F1 {:.3}  recall at precision .95 {:.3}\n",
            self.first, self.in_five, self.best_f1, self.recall_at_95
        );
        for (kind, first) in &self.first_by_kind {
            let _infallible = writeln!(table, "  {kind:<22} R@1 {first:.3}");
        }
        for (from, hits, right) in &self.reliability {
            let _infallible = writeln!(
                table,
                "  similarity {from:.1}..: {hits:>5} best hits, {right:.3} right"
            );
        }
        table
    }
}

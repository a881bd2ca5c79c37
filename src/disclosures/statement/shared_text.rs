//! The same words in several statements: boilerplate earns nothing.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use serde::{Deserialize, Serialize};

use super::{
    document::Document,
    sentence::{Role, sentences},
    words::{Word, words},
};

/// Runs of words, as hashes.
pub(super) type Shingles = FxHashSet<u64>;

/// Words in a run: four in a row seldom repeat by chance.
const RUN: usize = 4;

/// A sentence shorter than this is common by chance.
pub(super) const SHORTEST: usize = 6;

/// The share of runs from which two texts are taken for one.
pub(super) const SAME_PERCENT: usize = 70;

pub(super) fn shingles(words: &[Word]) -> Shingles {
    (0..words.len())
        .filter_map(|at| run_at(words, at))
        .collect()
}

/// The run that begins at a word.
pub(super) fn run_at(words: &[Word], at: usize) -> Option<u64> {
    use std::hash::{Hash, Hasher};
    let mut hasher = FxHasher::default();
    for word in words.get(at..at + RUN)? {
        word.text.hash(&mut hasher);
    }
    Some(hasher.finish())
}

/// Percent of `part` that `whole` contains.
pub(super) fn contained_percent(part: &Shingles, whole: &Shingles) -> usize {
    if part.is_empty() {
        return 0;
    }
    part.iter().filter(|run| whole.contains(*run)).count() * 100 / part.len()
}

/// How much of a statement stands in another one too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedText {
    /// The other statement's name, as given.
    pub other: String,
    /// Of this statement's runs of four words, those in the other one: 0 to 100.
    pub percent: usize,
}

/// Two statements that say mostly the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatementPair {
    pub first: String,
    pub second: String,
    /// The larger of both shares, so that a copied part of a longer text shows.
    pub percent: usize,
}

pub(super) fn statement_shingles(document: &Document) -> Shingles {
    let mut all = Shingles::default();
    for sentence in sentences(document.text()) {
        if sentence.role == Role::Prose {
            let said = document.text().get(sentence.span).unwrap_or_default();
            all.extend(shingles(&words(said)));
        }
    }
    all
}

/// Pairs of statements of which one holds at least `from_percent` of the other,
/// most alike first. Names are the caller's; texts in common order.
pub fn near_duplicates(
    statements: &[(String, &Document)],
    from_percent: usize,
) -> Vec<StatementPair> {
    let sets: Vec<Shingles> = statements
        .iter()
        .map(|(_, document)| statement_shingles(document))
        .collect();
    // Only statements that share a run are ever compared.
    let mut holders: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    for (number, set) in sets.iter().enumerate() {
        for run in set {
            holders.entry(*run).or_default().push(number);
        }
    }
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for numbers in holders.values() {
        for (at, first) in numbers.iter().enumerate() {
            for second in numbers.get(at + 1..).unwrap_or_default() {
                *shared.entry((*first, *second)).or_default() += 1;
            }
        }
    }
    let mut pairs: Vec<StatementPair> = shared
        .into_iter()
        .filter_map(|((first, second), count)| {
            let smaller = sets.get(first)?.len().min(sets.get(second)?.len());
            Some(StatementPair {
                first: statements.get(first)?.0.clone(),
                second: statements.get(second)?.0.clone(),
                percent: count * 100 / smaller.max(1),
            })
        })
        .filter(|pair| pair.percent >= from_percent)
        .collect();
    pairs.sort_by(|one, other| {
        other
            .percent
            .cmp(&one.percent)
            .then_with(|| one.first.cmp(&other.first))
            .then_with(|| one.second.cmp(&other.second))
    });
    pairs
}

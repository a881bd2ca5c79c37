//! How common words are in legal names.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use plimsoll::screening::{lexicon::lexicon, name::Name};
use rayon::prelude::*;

use crate::LeiName;

/// Words of fewer names are rare enough to be left to the index.
const LEAST: usize = 20;

/// Tab-separated: word, names per million that have it, its concept.
pub(crate) fn table(names: &[LeiName]) -> String {
    let words: Vec<BTreeSet<(String, Option<u16>)>> = names
        .par_iter()
        .map(|lei| {
            Name::new(&lei.name)
                .words
                .into_iter()
                .map(|word| (word.text, word.concept))
                .collect()
        })
        .collect();
    let mut counts: BTreeMap<(String, Option<u16>), usize> = BTreeMap::new();
    for word in words.into_iter().flatten() {
        *counts.entry(word).or_default() += 1;
    }
    let mut table = format!(
        "# Words of {} legal names (GLEIF golden copy, October 2025, selected sectors; CC0), those of {LEAST} names and more.\n# word\tnames per million\tconcept\n",
        names.len()
    );
    for ((word, concept), count) in counts {
        if count < LEAST || word.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let canonical = concept
            .and_then(|concept| lexicon().concept(concept))
            .map_or("", |concept| &concept.canonical);
        let _ = writeln!(
            table,
            "{word}\t{}\t{canonical}",
            count * 1_000_000 / names.len()
        );
    }
    table
}

//! Two names, and the facts beside them: how alike, and why.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    hit::{AlignedWords, Feature, FeatureKind},
    name::{Name, NameWord},
    party::{Party, Subject},
    similarity::Similarity,
};

/// What an equal identifier is worth when the names are nothing alike.
pub const IDENTIFIER_ALONE: Similarity = match Similarity::from_millionths(990_000) {
    Some(similarity) => similarity,
    None => Similarity::ONE,
};

/// How alike, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub similarity: Similarity,
    pub features: Vec<Feature>,
    pub alignment: Vec<AlignedWords>,
}

/// How rare a word is among the listed names.
#[derive(Debug, Default)]
pub struct Rarity {
    names: usize,
    counts: FxHashMap<String, u32>,
}

impl Rarity {
    pub fn of(names: &[Name]) -> Self {
        let mut counts: FxHashMap<String, u32> = FxHashMap::default();
        for name in names {
            let distinct: FxHashSet<&str> =
                name.words.iter().map(|word| word.text.as_str()).collect();
            for word in distinct {
                *counts.entry(word.to_owned()).or_default() += 1;
            }
        }
        Self {
            names: names.len(),
            counts,
        }
    }

    /// Natural logarithm of how many names there are for one with the word.
    pub fn of_word(&self, word: &str) -> f32 {
        self.of_count(self.counts.get(word).copied().unwrap_or(0) as usize)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of names are far below 2^24"
    )]
    pub fn of_count(&self, count: usize) -> f32 {
        ((self.names as f32 + 2.0) / (count as f32 + 1.0))
            .ln()
            .max(0.1)
    }
}

/// What the records say beside the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Corroboration {
    pub same_country: Option<bool>,
    pub same_identifier: bool,
}

impl Corroboration {
    pub fn between(subject: &Subject, party: &Party) -> Self {
        let same_country =
            (!subject.countries.is_empty() && !party.countries.is_empty()).then(|| {
                subject
                    .countries
                    .iter()
                    .any(|country| party.countries.contains(country))
            });
        let same_identifier = subject.identifiers.iter().any(|left| {
            party
                .identifiers
                .iter()
                .any(|right| left.scheme == right.scheme && left.value == right.value)
        });
        Self {
            same_country,
            same_identifier,
        }
    }
}

/// Two-sided, weighted by rarity.
pub fn compare(name: &Name, listed: &Name, facts: &Corroboration, rarity: &Rarity) -> Comparison {
    let pairs = align(&name.words, &listed.words);
    let mut total = 0.0_f32;
    let mut agreed = 0.0_f32;
    let mut alignment = Vec::new();
    let mut matched = FxHashSet::default();
    for (pair, word) in pairs.iter().zip(&name.words) {
        let weight = rarity.of_word(&word.text);
        total += weight;
        if let Some((place, alike)) = pair {
            agreed += weight * alike;
            matched.insert(*place);
            if let Some(other) = listed.words.get(*place) {
                let weight = rarity.of_word(&other.text);
                total += weight;
                agreed += weight * alike;
                alignment.push(AlignedWords {
                    supplier: word.text.clone(),
                    listed: other.text.clone(),
                    similarity: Similarity::from_unit(f64::from(*alike)),
                });
            }
        }
    }
    for (place, word) in listed.words.iter().enumerate() {
        if !matched.contains(&place) {
            total += rarity.of_word(&word.text);
        }
    }
    let by_words = if total > 0.0 {
        f64::from(agreed / total)
    } else {
        0.0
    };
    let joined = (name.joined(), listed.joined());
    let by_letters = strsim::normalized_damerau_levenshtein(&joined.0, &joined.1);
    let named =
        if joined.0.is_empty() || joined.1.is_empty() || name.only_legal || listed.only_legal {
            0.0
        } else if by_letters >= 0.88 {
            by_words.max(by_letters)
        } else {
            by_words
        };
    let mut features = vec![feature(
        FeatureKind::NameSimilarity,
        named,
        "how much of the rarer words agrees".to_owned(),
    )];
    let mut value = named * 0.98;
    match facts.same_country {
        Some(true) => {
            value += 0.02 * named;
            features.push(feature(
                FeatureKind::CountryAgrees,
                0.02,
                "in the same country".to_owned(),
            ));
        }
        Some(false) => {
            value *= 0.92;
            features.push(feature(
                FeatureKind::CountryConflict,
                -0.08,
                "in different countries".to_owned(),
            ));
        }
        None => {}
    }
    if facts.same_identifier {
        value = value.max(IDENTIFIER_ALONE.value());
        features.push(feature(
            FeatureKind::IdentifierEqual,
            0.99,
            "the same identifier".to_owned(),
        ));
    }
    Comparison {
        similarity: Similarity::from_unit(value),
        features,
        alignment,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "between -1000 and 1000")]
fn feature(kind: FeatureKind, worth: f64, detail: String) -> Feature {
    Feature {
        kind,
        contribution: (worth * 1_000.0).round() as i32,
        detail,
    }
}

/// For each word its best free counterpart, best pairs first.
fn align(words: &[NameWord], listed: &[NameWord]) -> Vec<Option<(usize, f32)>> {
    let mut pairs: Vec<(f32, usize, usize)> = Vec::new();
    for (left, word) in words.iter().enumerate() {
        for (right, other) in listed.iter().enumerate() {
            let alike = word_similarity(word, other);
            if alike > 0.0 {
                pairs.push((alike, left, right));
            }
        }
    }
    pairs.sort_by(|one, two| {
        two.0
            .total_cmp(&one.0)
            .then((one.1, one.2).cmp(&(two.1, two.2)))
    });
    let mut found = vec![None; words.len()];
    let mut taken = FxHashSet::default();
    for (alike, left, right) in pairs {
        if let Some(slot) = found.get_mut(left)
            && slot.is_none()
            && taken.insert(right)
        {
            *slot = Some((right, alike));
        }
    }
    found
}

/// 0 where two words are not one word spelled differently.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a unit value needs no more digits"
)]
fn word_similarity(word: &NameWord, listed: &NameWord) -> f32 {
    if word.text == listed.text {
        return 1.0;
    }
    if word.is_number() || listed.is_number() {
        return 0.0;
    }
    if word.sound == listed.sound {
        return 0.95;
    }
    let alike = strsim::jaro_winkler(&word.text, &listed.text) as f32;
    if alike >= 0.88 { alike * alike } else { 0.0 }
}

//! How much a word says: the rarer among organizations, the more.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{
    lexicon::{ConceptId, lexicon},
    name::NameWord,
};

/// Words that are common in legal names of organizations, whether or not the
/// index at hand has them: a short list must not make "trading" rare.
const WORD_FREQUENCY: &str = include_str!("../../fixtures/matching/word_frequency.tsv");

/// The least and the most a word can say, in nats.
const LEAST: f32 = 1.0;
const MOST: f32 = 10.5;
/// There are about 400 syllables and 160,000 pairs of them, of which firms like
/// some thousands: a brand sounded out says at most this.
const MOST_SOUNDED: f32 = 8.0;
/// Names that the index is taken to have beside its own, so that a word in one
/// of three names is not held for common.
const PRIOR_NAMES: f32 = 3_000.0;

#[derive(Debug)]
struct Background {
    shares: FxHashMap<&'static str, f32>,
    concepts: Vec<f32>,
}

fn background() -> &'static Background {
    static BACKGROUND: OnceLock<Background> = OnceLock::new();
    BACKGROUND.get_or_init(|| {
        let mut shares = FxHashMap::default();
        let mut concepts = vec![0.0; lexicon().concepts()];
        for line in WORD_FREQUENCY.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split('\t');
            let (Some(word), Some(per_million)) = (fields.next(), fields.next()) else {
                continue;
            };
            let Ok(per_million) = per_million.parse::<f32>() else {
                continue;
            };
            let share = per_million / 1_000_000.0;
            shares.insert(word, share);
            let concept = fields
                .next()
                .and_then(|canonical| lexicon().concept_named(canonical));
            if let Some(sum) = concept.and_then(|concept| concepts.get_mut(usize::from(concept))) {
                *sum += share;
            }
        }
        Background { shares, concepts }
    })
}

/// How often the words of one index occur in it.
#[derive(Debug, Default)]
pub struct Rarity {
    names: f32,
    /// Names with a word of the concept.
    concepts: Vec<u32>,
}

impl Rarity {
    /// `concepts`: for each concept, how many of the names have it.
    #[expect(clippy::cast_precision_loss, reason = "far below 2^24")]
    pub fn new(names: usize, concepts: Vec<u32>) -> Self {
        Self {
            names: names as f32,
            concepts,
        }
    }

    /// In nats. `count`: how many names of the index have the word.
    #[expect(clippy::cast_precision_loss, reason = "far below 2^24")]
    pub fn weight(&self, word: &NameWord, count: u32) -> f32 {
        let background = background();
        let here = |count: u32| count as f32 / (self.names + PRIOR_NAMES);
        let mut share = background
            .shares
            .get(word.text.as_str())
            .copied()
            .unwrap_or(0.0)
            .max(here(count));
        if let Some(concept) = word.concept {
            share = share.max(self.concept_share(concept));
        }
        let weight = -(share.max(1e-6)).ln();
        let most = if word.is_sounded { MOST_SOUNDED } else { MOST };
        super::vocabulary::grid(weight.clamp(LEAST, most))
    }

    #[expect(clippy::cast_precision_loss, reason = "far below 2^24")]
    fn concept_share(&self, concept: ConceptId) -> f32 {
        let place = usize::from(concept);
        let count = self.concepts.get(place).copied().unwrap_or(0) as f32;
        let everywhere = background().concepts.get(place).copied().unwrap_or(0.0);
        everywhere.max(count / (self.names + PRIOR_NAMES))
    }
}

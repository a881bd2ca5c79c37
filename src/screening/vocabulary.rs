//! The distinct words of an index, each prepared once, and how alike a word of
//! a query is to one of them.

use rustc_hash::FxHashMap;

use super::{
    edit::Pattern,
    lexicon::lexicon,
    name::{Name, NameWord},
    rarity::Rarity,
};

/// One distinct word.
#[derive(Debug, Clone)]
pub struct Known {
    pub word: NameWord,
    /// What it says, in nats.
    pub weight: f32,
    pub kind: WordKind,
}

/// What kind of word it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordKind {
    /// Names somebody.
    Brand,
    /// Names a kind of business.
    Business,
    Place,
    Number,
}

impl WordKind {
    fn of(word: &NameWord) -> Self {
        if word.is_number() {
            return Self::Number;
        }
        match word.concept.and_then(|concept| lexicon().concept(concept)) {
            None => Self::Brand,
            Some(concept) if concept.is_place => Self::Place,
            Some(_) => Self::Business,
        }
    }
}

/// Words by number.
#[derive(Debug, Default)]
pub struct Vocabulary {
    known: Vec<Known>,
    by_text: FxHashMap<(String, Option<u16>), u32>,
    counts: Vec<u32>,
    rarity: Rarity,
}

impl Vocabulary {
    /// The words of the names, and each name as numbers of words.
    pub fn build(names: &[Name]) -> (Self, Vec<Vec<u32>>) {
        let mut vocabulary = Self::default();
        let mut concepts = vec![0_u32; lexicon().concepts()];
        let mut words = Vec::new();
        let mut numbered = Vec::with_capacity(names.len());
        for name in names {
            let mut numbers = Vec::with_capacity(name.words.len());
            for word in &name.words {
                let next = u32::try_from(words.len()).unwrap_or(u32::MAX);
                let number = *vocabulary
                    .by_text
                    .entry((word.text.clone(), word.concept))
                    .or_insert_with(|| {
                        words.push(word.clone());
                        vocabulary.counts.push(0);
                        next
                    });
                if !numbers.contains(&number) {
                    if let Some(count) = vocabulary.counts.get_mut(number as usize) {
                        *count += 1;
                    }
                    if let Some(count) = word
                        .concept
                        .and_then(|concept| concepts.get_mut(usize::from(concept)))
                    {
                        *count += 1;
                    }
                }
                numbers.push(number);
            }
            numbered.push(numbers);
        }
        vocabulary.rarity = Rarity::new(names.len(), concepts);
        vocabulary.known = words
            .into_iter()
            .zip(&vocabulary.counts)
            .map(|(word, count)| Known {
                weight: vocabulary.rarity.weight(&word, *count),
                kind: WordKind::of(&word),
                word,
            })
            .collect();
        (vocabulary, numbered)
    }

    pub fn get(&self, number: u32) -> Option<&Known> {
        self.known.get(number as usize)
    }

    pub fn len(&self) -> usize {
        self.known.len()
    }

    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// A word of a query, weighed as this index weighs it.
    pub fn asked(&self, word: &NameWord) -> Asked {
        let number = self
            .by_text
            .get(&(word.text.clone(), word.concept))
            .copied();
        let count = number
            .and_then(|number| self.counts.get(number as usize))
            .copied()
            .unwrap_or(0);
        let misspelled_legal =
            count == 0 && word.concept.is_none() && lexicon().is_misspelled_legal(&word.text);
        let weight = if misspelled_legal {
            MISSPELLED_LEGAL
        } else {
            self.rarity.weight(word, count)
        };
        Asked {
            pattern: Pattern::new(word.sound.as_bytes()),
            known: Known {
                word: word.clone(),
                weight,
                kind: WordKind::of(word),
            },
            number,
        }
    }
}

/// To a multiple of 2^-12, so that sums do not depend on their order.
pub fn grid(value: f32) -> f32 {
    (value * 4_096.0).round() / 4_096.0
}

/// What "Limtied" says, in nats.
const MISSPELLED_LEGAL: f32 = 0.25;

/// A word of a query, prepared to be compared with many.
#[derive(Debug, Clone)]
pub struct Asked {
    pub known: Known,
    pub number: Option<u32>,
    pattern: Pattern,
}

/// Likeness of a word with itself and the article written as one.
const WITH_ARTICLE: f32 = 0.95;
/// Likeness of words that mean the same but are written differently.
const SAME_MEANING: f32 = 0.92;

impl Asked {
    /// 1 for the same word, 0 for words that are not one word written
    /// differently.
    pub fn alike(&self, listed: &Known) -> f32 {
        grid(self.alike_unrounded(listed))
    }

    fn alike_unrounded(&self, listed: &Known) -> f32 {
        let (word, other) = (&self.known.word, &listed.word);
        if word.text == other.text {
            return 1.0;
        }
        if word.with_article.as_ref() == Some(&other.text)
            || other.with_article.as_ref() == Some(&word.text)
        {
            return WITH_ARTICLE;
        }
        let meaning = if word.concept.is_some() && word.concept == other.concept {
            SAME_MEANING
        } else {
            0.0
        };
        if self.known.kind == WordKind::Number || listed.kind == WordKind::Number {
            return meaning;
        }
        if word.is_consonantal || other.is_consonantal {
            return meaning.max(alike_in_consonants(word, other));
        }
        meaning.max(self.alike_in_spelling(other))
    }

    #[expect(clippy::cast_precision_loss, reason = "lengths of words")]
    fn alike_in_spelling(&self, other: &NameWord) -> f32 {
        let word = &self.known.word;
        let (sound, listed) = (word.sound.as_bytes(), other.sound.as_bytes());
        let shorter = sound.len().min(listed.len());
        let longer = sound.len().max(listed.len());
        if sound == listed {
            return if shorter >= 5 { 0.95 } else { 0.88 };
        }
        let allowed = match shorter {
            0..=3 => 0,
            4..=5 => 1,
            6..=8 => 2,
            _ => 3,
        };
        let mut alike = 0.0_f32;
        if allowed > 0 && longer - shorter <= allowed {
            let mistakes = self.pattern.distance(listed);
            if mistakes <= allowed {
                let share = mistakes as f32 / longer as f32;
                let opening = match (sound.first() == listed.first(), shorter) {
                    (true, _) => 0.0,
                    (false, ..=6) => 0.15,
                    (false, _) => 0.06,
                };
                alike = (1.0 - 1.25 * share - opening).max(0.0);
            }
        }
        if shorter >= 4
            && shorter * 2 >= longer
            && (sound.starts_with(listed) || listed.starts_with(sound))
        {
            alike = alike.max(0.45 + 0.45 * shorter as f32 / longer as f32);
        }
        alike
    }
}

#[expect(clippy::cast_precision_loss, reason = "lengths of words")]
fn alike_in_consonants(word: &NameWord, other: &NameWord) -> f32 {
    let (one, two) = (word.skeleton.as_bytes(), other.skeleton.as_bytes());
    if one.is_empty() || two.is_empty() {
        return 0.0;
    }
    if one == two {
        return match one.len() {
            1 => 0.35,
            2 => 0.7,
            _ => 0.88,
        };
    }
    let shorter = one.len().min(two.len());
    if shorter >= 3 && super::edit::distance(one, two) == 1 {
        0.5 + 0.04 * shorter.min(6) as f32
    } else {
        0.0
    }
}

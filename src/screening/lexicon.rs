//! The words that say little about who somebody is, as data: legal forms,
//! business words of many languages, places. Read once from the files embedded
//! from `fixtures/matching`.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    fold::{self, Script, Word},
    romanize::romanize,
    sound::sound,
};
use crate::country::Country;

const LEGAL_FORMS: &str = include_str!("../../fixtures/matching/legal_forms.tsv");
const BUSINESS_WORDS: &str = include_str!("../../fixtures/matching/business_words.tsv");
const PLACES: &str = include_str!("../../fixtures/matching/places.tsv");
const STOP_WORDS: &str = include_str!("../../fixtures/matching/stop_words.tsv");
const HAN_VARIANTS: &str = include_str!("../../fixtures/matching/han_variants.tsv");

/// What kind of body a legal form makes; `Co., Ltd.`, `有限公司` and `GmbH` are
/// one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LegalKind {
    Limited,
    JointStock,
    Corporation,
    Company,
    Partnership,
    State,
    Nonprofit,
    Sole,
}

/// One legal form: its kind and where it is used (empty: in many places).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalForm {
    pub kind: LegalKind,
    pub jurisdictions: Vec<Country>,
}

/// What a word stands for in any language: a kind of business, or a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concept {
    pub canonical: String,
    pub is_place: bool,
    /// Where the place is; empty for a business word.
    pub countries: Vec<Country>,
}

/// Place of a concept in the lexicon.
pub type ConceptId = u16;

/// What a phrase is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// Place of the form in the lexicon.
    Legal(u16),
    Concept(ConceptId),
    Stop,
}

/// Phrases to senses.
#[derive(Debug, Default)]
pub struct Lexicon {
    forms: Vec<LegalForm>,
    concepts: Vec<Concept>,
    by_canonical: FxHashMap<String, ConceptId>,
    /// By the keys of the phrase's words, joined by a space.
    phrases: FxHashMap<String, Sense>,
    /// How many words the longest phrase has that starts with the key.
    openings: FxHashMap<String, usize>,
    stems: FxHashMap<String, ConceptId>,
    han: FxHashMap<String, Sense>,
    longest_han: usize,
    simplified: FxHashMap<char, char>,
    /// The single words among the legal forms, to know a misspelled one.
    legal_words: Vec<String>,
}

/// Letters that may follow a stem.
const ENDING: usize = 4;

/// The embedded lexicon.
pub fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(Lexicon::embedded)
}

/// The key a word is looked up by: its sound when it is long enough to be
/// misspelled, itself when it is short enough to be something else.
pub fn word_key(word: &Word, romanized: &str) -> String {
    let key = if romanized.len() > 4 {
        sound(romanized)
    } else {
        romanized.to_owned()
    };
    // Arabic script writes آب as Swedish writes its legal form: kept apart.
    if word.script == Script::Arabic {
        format!("~{key}")
    } else {
        key
    }
}

impl Lexicon {
    fn embedded() -> Self {
        let mut lexicon = Self::default();
        for line in rows(HAN_VARIANTS) {
            let mut letters = line.chars().filter(|letter| *letter != '\t');
            if let (Some(traditional), Some(simplified)) = (letters.next(), letters.next()) {
                lexicon.simplified.insert(traditional, simplified);
            }
        }
        for line in rows(STOP_WORDS) {
            lexicon.add_all(line, Sense::Stop);
        }
        for line in rows(LEGAL_FORMS) {
            lexicon.add_legal(line);
        }
        for line in rows(BUSINESS_WORDS) {
            if let Some((canonical, forms)) = line.split_once('\t') {
                lexicon.add_concept(canonical, forms, false, Vec::new());
            }
        }
        for line in rows(PLACES) {
            let mut fields = line.split('\t');
            if let (Some(canonical), Some(countries), Some(forms)) =
                (fields.next(), fields.next(), fields.next())
            {
                let countries = countries
                    .split(',')
                    .filter_map(Country::from_alpha2)
                    .collect();
                lexicon.add_concept(canonical, forms, true, countries);
            }
        }
        lexicon
    }

    fn add_legal(&mut self, line: &str) {
        let mut fields = line.split('\t');
        let (Some(label), Some(places), Some(forms)) =
            (fields.next(), fields.next(), fields.next())
        else {
            return;
        };
        let Some(kind) = legal_kind(label) else {
            return;
        };
        let jurisdictions = places.split(',').filter_map(Country::from_alpha2).collect();
        let Ok(place) = u16::try_from(self.forms.len()) else {
            return;
        };
        self.forms.push(LegalForm {
            kind,
            jurisdictions,
        });
        self.add_all(forms, Sense::Legal(place));
        for form in forms.split("; ") {
            if let [word] = fold::words(form).as_slice()
                && word.text.len() > 4
            {
                let word = romanize(word);
                if !self.legal_words.contains(&word) {
                    self.legal_words.push(word);
                }
            }
        }
    }

    fn add_concept(
        &mut self,
        canonical: &str,
        forms: &str,
        is_place: bool,
        countries: Vec<Country>,
    ) {
        let Ok(place) = ConceptId::try_from(self.concepts.len()) else {
            return;
        };
        self.by_canonical.insert(canonical.to_owned(), place);
        self.concepts.push(Concept {
            canonical: canonical.to_owned(),
            is_place,
            countries,
        });
        self.add(canonical, Sense::Concept(place));
        self.add_all(forms, Sense::Concept(place));
    }

    fn add_all(&mut self, forms: &str, sense: Sense) {
        for form in forms.split("; ") {
            self.add(form, sense);
        }
    }

    /// The first sense of a phrase stays.
    fn add(&mut self, form: &str, sense: Sense) {
        let (form, is_stem) = form
            .strip_suffix('*')
            .map_or((form, false), |stem| (stem, true));
        let words = fold::words(form);
        if let [word] = words.as_slice()
            && word.script == Script::Han
        {
            let text = self.simplify(&word.text);
            // One Han letter alone is more often part of a brand than a word.
            if text.chars().count() < 2 {
                return;
            }
            self.longest_han = self.longest_han.max(text.chars().count());
            self.han.entry(text).or_insert(sense);
            return;
        }
        let keys: Vec<String> = words
            .iter()
            .map(|word| {
                let latin = romanize(word);
                if is_stem {
                    sound(&latin)
                } else {
                    word_key(word, &latin)
                }
            })
            .collect();
        let Some(first) = keys.first() else { return };
        if let (true, [stem], Sense::Concept(concept)) = (is_stem, keys.as_slice(), sense) {
            self.stems.entry(stem.clone()).or_insert(concept);
            return;
        }
        let longest = self.openings.entry(first.clone()).or_default();
        *longest = (*longest).max(keys.len());
        self.phrases.entry(keys.join(" ")).or_insert(sense);
    }

    pub fn concept(&self, place: ConceptId) -> Option<&Concept> {
        self.concepts.get(usize::from(place))
    }

    pub fn concept_named(&self, canonical: &str) -> Option<ConceptId> {
        self.by_canonical.get(canonical).copied()
    }

    pub fn concepts(&self) -> usize {
        self.concepts.len()
    }

    pub fn legal_form(&self, place: u16) -> Option<&LegalForm> {
        self.forms.get(usize::from(place))
    }

    /// Traditional Han letters made simplified.
    pub fn simplify(&self, han: &str) -> String {
        han.chars()
            .map(|letter| self.simplified.get(&letter).copied().unwrap_or(letter))
            .collect()
    }

    /// The longest phrase that starts at the first of these word keys, and how
    /// many words it takes.
    pub fn sense_at(&self, keys: &[String]) -> Option<(usize, Sense)> {
        let first = keys.first()?;
        let longest = self
            .openings
            .get(first)
            .copied()
            .unwrap_or(0)
            .min(keys.len());
        for taken in (2..=longest).rev() {
            if let Some(sense) = self.phrases.get(&keys.get(..taken)?.join(" ")) {
                return Some((taken, *sense));
            }
        }
        if longest > 0
            && let Some(sense) = self.phrases.get(first)
        {
            return Some((1, *sense));
        }
        self.concept_by_stem(first)
            .map(|concept| (1, Sense::Concept(concept)))
            .or_else(|| self.sense_without_suffix(first))
    }

    /// Persian and Arabic write an adjective's ی and a plural's ها to the word.
    fn sense_without_suffix(&self, key: &str) -> Option<(usize, Sense)> {
        if !key.starts_with('~') || key.len() < 5 {
            return None;
        }
        ["hai", "ha", "at", "i"].iter().find_map(|suffix| {
            let stem = key.strip_suffix(suffix).filter(|stem| stem.len() > 3)?;
            Some((1, *self.phrases.get(stem)?))
        })
    }

    fn concept_by_stem(&self, key: &str) -> Option<ConceptId> {
        (0..=ENDING).find_map(|ending| {
            let length = key
                .len()
                .checked_sub(ending)
                .filter(|length| *length >= 3)?;
            let (stem, ending) = key.split_at_checked(length)?;
            // Endings are inflections; another consonant begins another word.
            let inflects = ending
                .bytes()
                .all(|letter| b"aeiounmvkgstr".contains(&letter));
            self.stems.get(stem).copied().filter(|_| inflects)
        })
    }

    /// The longest phrase that starts at the first of these simplified Han letters.
    pub fn sense_at_han(&self, letters: &[char]) -> Option<(usize, Sense)> {
        (1..=self.longest_han.min(letters.len()))
            .rev()
            .find_map(|taken| {
                let text: String = letters.get(..taken)?.iter().collect();
                self.han.get(&text).map(|sense| (taken, *sense))
            })
    }

    /// Whether a word is a legal form but for a letter or two.
    pub fn is_misspelled_legal(&self, word: &str) -> bool {
        word.len() > 4
            && self.legal_words.iter().any(|legal| {
                let allowed = if legal.len() > 7 { 2 } else { 1 };
                legal.len().abs_diff(word.len()) <= allowed
                    && legal.as_bytes().first() == word.as_bytes().first()
                    && super::edit::distance(legal.as_bytes(), word.as_bytes()) <= allowed
            })
    }

    /// Countries named by a text: places and the legal forms of few countries.
    pub fn countries_in(&self, text: &str) -> Vec<Country> {
        let words = fold::words(text);
        let keys: Vec<String> = words
            .iter()
            .map(|word| word_key(word, &romanize(word)))
            .collect();
        let mut found = FxHashSet::default();
        let mut at = 0;
        while at < keys.len() {
            let sense = keys.get(at..).and_then(|rest| self.sense_at(rest));
            if let Some((_, Sense::Concept(concept))) = sense
                && let Some(concept) = self.concept(concept)
                && concept.is_place
            {
                found.extend(concept.countries.iter().copied());
            }
            at += sense.map_or(1, |(taken, _)| taken);
        }
        let mut found: Vec<Country> = found.into_iter().collect();
        found.sort_unstable();
        found
    }
}

fn rows(file: &str) -> impl Iterator<Item = &str> {
    file.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn legal_kind(label: &str) -> Option<LegalKind> {
    Some(match label {
        "limited" | "llc" => LegalKind::Limited,
        "joint_stock" => LegalKind::JointStock,
        "corporation" => LegalKind::Corporation,
        "company" => LegalKind::Company,
        "partnership" => LegalKind::Partnership,
        "state" => LegalKind::State,
        "nonprofit" | "foundation" => LegalKind::Nonprofit,
        "sole" => LegalKind::Sole,
        _ => return None,
    })
}

//! The words that say little about who somebody is, as data: legal forms first
//! of all. Read once from the files embedded from `fixtures/matching`.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{
    fold::{self, Script},
    romanize::{romanize, sound},
};
use crate::country::Country;

const LEGAL_FORMS: &str = include_str!("../../fixtures/matching/legal_forms.tsv");

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

impl LegalKind {
    fn from_label(label: &str) -> Option<Self> {
        Some(match label {
            "limited" | "llc" => Self::Limited,
            "joint_stock" => Self::JointStock,
            "corporation" => Self::Corporation,
            "company" => Self::Company,
            "partnership" => Self::Partnership,
            "state" => Self::State,
            "nonprofit" | "foundation" => Self::Nonprofit,
            "sole" => Self::Sole,
            _ => return None,
        })
    }
}

/// One legal form: its kind and where it is used (empty: in many places).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalForm {
    pub kind: LegalKind,
    pub jurisdictions: Vec<Country>,
}

/// Phrases to senses.
#[derive(Debug)]
pub struct Lexicon {
    forms: Vec<LegalForm>,
    /// By the keys of the phrase's words, joined by a space.
    legal: FxHashMap<String, usize>,
    /// By Han text.
    legal_han: FxHashMap<String, usize>,
    longest: usize,
    longest_han: usize,
}

/// The embedded lexicon.
pub fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| Lexicon::parse(LEGAL_FORMS))
}

/// The key a word is looked up by: its sound when it is long enough to be
/// misspelled, itself when it is short enough to be something else.
pub fn word_key(romanized: &str) -> String {
    if romanized.len() > 4 {
        sound(romanized)
    } else {
        romanized.to_owned()
    }
}

impl Lexicon {
    fn parse(legal_forms: &str) -> Self {
        let mut lexicon = Self {
            forms: Vec::new(),
            legal: FxHashMap::default(),
            legal_han: FxHashMap::default(),
            longest: 1,
            longest_han: 1,
        };
        for line in legal_forms.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split('\t');
            let (Some(label), Some(places), Some(phrases)) =
                (fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            let Some(kind) = LegalKind::from_label(label) else {
                continue;
            };
            let jurisdictions = places.split(',').filter_map(Country::from_alpha2).collect();
            let form = lexicon.forms.len();
            lexicon.forms.push(LegalForm {
                kind,
                jurisdictions,
            });
            for phrase in phrases.split("; ") {
                lexicon.add(phrase, form);
            }
        }
        lexicon
    }

    fn add(&mut self, phrase: &str, form: usize) {
        let words = fold::words(phrase);
        if let [word] = words.as_slice()
            && word.script == Script::Han
        {
            self.longest_han = self.longest_han.max(word.text.chars().count());
            self.legal_han.entry(word.text.clone()).or_insert(form);
            return;
        }
        let keys: Vec<String> = words.iter().map(|word| word_key(&romanize(word))).collect();
        self.longest = self.longest.max(keys.len());
        self.legal.entry(keys.join(" ")).or_insert(form);
    }

    /// The legal form that starts at the first of these word keys, and how many
    /// words it takes.
    pub fn legal_at(&self, keys: &[String]) -> Option<(usize, &LegalForm)> {
        (1..=self.longest.min(keys.len())).rev().find_map(|taken| {
            let form = *self.legal.get(&keys.get(..taken)?.join(" "))?;
            Some((taken, self.forms.get(form)?))
        })
    }

    /// The legal form that starts at the first of these Han letters.
    pub fn legal_at_han(&self, letters: &[char]) -> Option<(usize, &LegalForm)> {
        (1..=self.longest_han.min(letters.len()))
            .rev()
            .find_map(|taken| {
                let text: String = letters.get(..taken)?.iter().collect();
                let form = *self.legal_han.get(&text)?;
                Some((taken, self.forms.get(form)?))
            })
    }
}

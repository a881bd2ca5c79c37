//! The vocabulary: product words, HS and NAICS prefixes to categories of goods.
//! Data, reviewed by reading it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::words::{Token, folded, tokens};
use crate::lists::GoodListing;

/// The vocabulary that ships with the program.
pub const GOODS_VOCABULARY: &[u8] = include_bytes!("../../fixtures/policy/goods_vocabulary.toml");

/// A vocabulary, read and checked.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    pub version: String,
    /// SHA-256 of the file's bytes, lower-case hex.
    pub sha256: String,
    categories: Vec<Category>,
    by_key: BTreeMap<String, usize>,
    /// Phrases by their first word, longest first.
    phrases: HashMap<String, Vec<Phrase>>,
    /// Phrases in Chinese, longest first.
    han: Vec<(String, Meaning)>,
    hs: BTreeMap<String, Vec<usize>>,
    naics: BTreeMap<String, Vec<usize>>,
    negated_before: BTreeSet<String>,
    negated_after: BTreeSet<String>,
    heads: Vec<(Vec<String>, usize)>,
    /// In words: bounds how far ahead of a good a head is looked for.
    longest_head: usize,
    pub(super) order_rules: OrderRules,
}

/// What a supplier may say it makes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    pub key: String,
    pub name: String,
    /// Names under which goods lists carry it.
    pub listed: Vec<String>,
    /// Keys of UFLPA priority sectors.
    #[serde(default)]
    pub sectors: Vec<String>,
    /// Categories that it commonly contains.
    #[serde(default)]
    pub made_of: Vec<String>,
    hs: Vec<String>,
    #[serde(default)]
    naics: Vec<String>,
    #[serde(default)]
    words: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderRules {
    pub(super) need_an_address: Vec<String>,
    pub(super) reach_products: Vec<String>,
}

/// Why a vocabulary file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum VocabularyError {
    #[error("the vocabulary file is not UTF-8 text")]
    NotText(#[from] std::str::Utf8Error),
    #[error("the vocabulary file cannot be read")]
    Malformed(#[from] toml::de::Error),
    #[error("the vocabulary names category \"{0}\" twice")]
    Twice(String),
    #[error("the vocabulary refers to category \"{0}\", which it does not define")]
    Undefined(String),
    #[error("the vocabulary holds \"{0}\", which has no word in it")]
    NoWord(String),
    #[error("\"{0}\" is no code prefix: write digits only")]
    NotACode(String),
    #[error("\"{phrase}\" means both {first} and {second}")]
    Ambiguous {
        phrase: String,
        first: String,
        second: String,
    },
}

/// What a text of a supplier was understood to say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Understood<'a> {
    /// The phrase that was recognized and its category, in order of appearance.
    pub(super) goods: Vec<(String, &'a Category)>,
}

#[derive(Debug, Clone)]
struct Phrase {
    words: Vec<String>,
    meaning: Meaning,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Category(usize),
    Vague,
    NotAGood,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VocabularyFile {
    version: String,
    vague: Vec<String>,
    not_a_good: Vec<String>,
    negated_before: Vec<String>,
    negated_after: Vec<String>,
    heads: BTreeMap<String, Vec<String>>,
    orders: OrderRules,
    category: Vec<Category>,
}

impl Vocabulary {
    /// Reads and checks a vocabulary file.
    pub fn parse(bytes: &[u8]) -> Result<Self, VocabularyError> {
        let file: VocabularyFile = toml::from_str(std::str::from_utf8(bytes)?)?;
        let mut by_key = BTreeMap::new();
        for (index, category) in file.category.iter().enumerate() {
            if by_key.insert(category.key.clone(), index).is_some() {
                return Err(VocabularyError::Twice(category.key.clone()));
            }
        }
        let index_of = |key: &String| {
            by_key
                .get(key)
                .copied()
                .ok_or_else(|| VocabularyError::Undefined(key.clone()))
        };
        for key in file.category.iter().flat_map(|category| &category.made_of) {
            index_of(key)?;
        }
        let mut heads = Vec::new();
        for (key, words) in &file.heads {
            let category = index_of(key)?;
            heads.extend(words.iter().map(|word| (split(word), category)));
        }

        let meanings = file
            .vague
            .iter()
            .map(|phrase| (phrase, Meaning::Vague))
            .chain(
                file.not_a_good
                    .iter()
                    .map(|phrase| (phrase, Meaning::NotAGood)),
            )
            .chain(
                file.category
                    .iter()
                    .enumerate()
                    .flat_map(|(index, category)| {
                        category
                            .words
                            .values()
                            .flatten()
                            .map(move |phrase| (phrase, Meaning::Category(index)))
                    }),
            );
        let (phrases, han) = compile(meanings, &file.category)?;

        Ok(Self {
            version: file.version,
            sha256: hex::encode(Sha256::digest(bytes)),
            hs: prefixes(&file.category, |category| &category.hs)?,
            naics: prefixes(&file.category, |category| &category.naics)?,
            categories: file.category,
            by_key,
            phrases,
            han,
            negated_before: file
                .negated_before
                .iter()
                .map(|word| folded(word))
                .collect(),
            negated_after: file.negated_after.iter().map(|word| folded(word)).collect(),
            longest_head: heads
                .iter()
                .map(|(words, _)| words.len())
                .max()
                .unwrap_or(0),
            heads,
            order_rules: file.orders,
        })
    }

    pub fn category(&self, key: &str) -> Option<&Category> {
        self.categories.get(*self.by_key.get(key)?)
    }

    /// Goods that a list names and no category carries: nothing a supplier says
    /// could lead to them. Sorted, without repetition.
    pub fn not_carried<'a>(&self, listings: &'a [GoodListing]) -> Vec<&'a str> {
        let carried: BTreeSet<String> = self
            .categories
            .iter()
            .flat_map(|category| &category.listed)
            .map(|good| folded(good))
            .collect();
        listings
            .iter()
            .map(|listing| listing.good.as_str())
            .filter(|good| !carried.contains(&folded(good)))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    }

    /// The categories of the longest known prefix of a Harmonized System code.
    pub(super) fn by_hs<'a>(&'a self, code: &str) -> Vec<(&'a str, &'a Category)> {
        self.by_prefix(&self.hs, code)
    }

    /// The categories of the longest known prefix of a NAICS code.
    pub(super) fn by_naics<'a>(&'a self, code: &str) -> Vec<(&'a str, &'a Category)> {
        self.by_prefix(&self.naics, code)
    }

    fn by_prefix<'a>(
        &'a self,
        prefixes: &'a BTreeMap<String, Vec<usize>>,
        code: &str,
    ) -> Vec<(&'a str, &'a Category)> {
        (2..=code.len())
            .rev()
            .filter_map(|length| prefixes.get_key_value(code.get(..length)?))
            .take(1)
            .flat_map(|(prefix, indexes)| {
                indexes
                    .iter()
                    .filter_map(|index| Some((prefix.as_str(), self.categories.get(*index)?)))
            })
            .collect()
    }

    /// Reads a product text: at every word the longest phrase wins.
    pub(super) fn understand(&self, text: &str) -> Understood<'_> {
        let tokens = tokens(text);
        let mut understood = Understood::default();
        let mut at = 0;
        while let Some(rest) = tokens.get(at..).filter(|rest| !rest.is_empty()) {
            at += match rest.first() {
                Some(Token::Word(_)) => self.read_words(&tokens, at, &mut understood),
                Some(Token::Han(run)) => {
                    self.read_han(run, &mut understood);
                    1
                }
                _ => 1,
            };
        }
        understood
    }

    /// Reads the phrase at `at`, if there is one; returns how many tokens it took.
    fn read_words<'a>(
        &'a self,
        tokens: &[Token],
        at: usize,
        understood: &mut Understood<'a>,
    ) -> usize {
        let rest = tokens.get(at..).unwrap_or_default();
        let Some(phrase) = rest
            .first()
            .and_then(Token::word)
            .and_then(|word| self.phrases.get(word))
            .and_then(|phrases| {
                phrases
                    .iter()
                    .find(|phrase| starts_with(rest, &phrase.words))
            })
        else {
            return 1;
        };
        let length = phrase.words.len();
        if let Meaning::Category(index) = phrase.meaning {
            let before = at.checked_sub(1).and_then(|index| tokens.get(index));
            let after = tokens.get(at + length..).unwrap_or_default();
            let negated = before
                .and_then(Token::word)
                .is_some_and(|word| self.negated_before.contains(word))
                || after
                    .first()
                    .and_then(Token::word)
                    .is_some_and(|word| self.negated_after.contains(word));
            let index = self.head_after(after).unwrap_or(index);
            if let Some(category) = self.categories.get(index).filter(|_| !negated) {
                understood.goods.push((phrase.words.join(" "), category));
            }
        }
        length
    }

    /// "cotton picking machine" is a machine: a head that ends the words, with
    /// at most one word in between.
    fn head_after(&self, after: &[Token]) -> Option<usize> {
        let segment: Vec<&str> = after
            .iter()
            .map_while(|token| token.word().filter(|word| *word != "and"))
            .take(self.longest_head + 2)
            .collect();
        self.heads
            .iter()
            .find(|(words, _)| {
                segment.len() >= words.len()
                    && segment.len() <= words.len() + 1
                    && segment
                        .iter()
                        .rev()
                        .zip(words.iter().rev())
                        .all(|(given, head)| given == head)
            })
            .map(|(_, category)| *category)
    }

    fn read_han<'a>(&'a self, run: &str, understood: &mut Understood<'a>) {
        let mut rest = run;
        let mut before = "";
        while let Some(first) = rest.chars().next() {
            let found = self
                .han
                .iter()
                .find(|(phrase, _)| rest.starts_with(phrase.as_str()));
            let taken = found.map_or(first.len_utf8(), |(phrase, _)| phrase.len());
            if let Some((phrase, Meaning::Category(index))) = found {
                let negated = self
                    .negated_before
                    .iter()
                    .any(|word| before.ends_with(word.as_str()));
                if let Some(category) = self.categories.get(*index).filter(|_| !negated) {
                    understood.goods.push((phrase.clone(), category));
                }
            }
            let read = run.len() - rest.len() + taken;
            before = run.get(..read).unwrap_or_default();
            rest = run.get(read..).unwrap_or_default();
        }
    }
}

fn starts_with(tokens: &[Token], words: &[String]) -> bool {
    tokens.len() >= words.len()
        && tokens
            .iter()
            .zip(words)
            .all(|(token, word)| token.word() == Some(word))
}

fn split(phrase: &str) -> Vec<String> {
    folded(phrase).split(' ').map(str::to_owned).collect()
}

type Compiled = (HashMap<String, Vec<Phrase>>, Vec<(String, Meaning)>);

fn compile<'a>(
    meanings: impl Iterator<Item = (&'a String, Meaning)>,
    categories: &[Category],
) -> Result<Compiled, VocabularyError> {
    let name = |meaning| match meaning {
        Meaning::Category(index) => categories.get(index).map_or("?", |category| &category.key),
        Meaning::Vague => "something too broad to place",
        Meaning::NotAGood => "no good at all",
    };
    let mut seen: BTreeMap<String, Meaning> = BTreeMap::new();
    for (phrase, meaning) in meanings {
        let key = folded(phrase);
        if key.is_empty() {
            return Err(VocabularyError::NoWord(phrase.clone()));
        }
        match seen.insert(key, meaning) {
            Some(earlier) if earlier != meaning => {
                return Err(VocabularyError::Ambiguous {
                    phrase: phrase.clone(),
                    first: name(earlier).to_owned(),
                    second: name(meaning).to_owned(),
                });
            }
            _ => {}
        }
    }

    let mut phrases: HashMap<String, Vec<Phrase>> = HashMap::new();
    let mut han = Vec::new();
    for (phrase, meaning) in seen {
        if tokens(&phrase)
            .iter()
            .any(|token| matches!(token, Token::Han(_)))
        {
            han.push((phrase.replace(' ', ""), meaning));
        } else {
            let words: Vec<String> = phrase.split(' ').map(str::to_owned).collect();
            let first = words.first().cloned().unwrap_or_default();
            phrases
                .entry(first)
                .or_default()
                .push(Phrase { words, meaning });
        }
    }
    for candidates in phrases.values_mut() {
        candidates.sort_by_key(|phrase| std::cmp::Reverse(phrase.words.len()));
    }
    han.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
    Ok((phrases, han))
}

fn prefixes(
    categories: &[Category],
    codes: impl Fn(&Category) -> &Vec<String>,
) -> Result<BTreeMap<String, Vec<usize>>, VocabularyError> {
    let mut prefixes: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, category) in categories.iter().enumerate() {
        for code in codes(category) {
            if code.len() < 2 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(VocabularyError::NotACode(code.clone()));
            }
            prefixes.entry(code.clone()).or_default().push(index);
        }
    }
    Ok(prefixes)
}

//! The vocabulary: product words, HS and NAICS prefixes to categories of goods.
//! Data, reviewed by reading it.

mod reading;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::words::{Token, folded, tokens};
use crate::{country::Country, lists::GoodListing};

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
    /// Phrases that mean nothing in a cell where one of the words stands.
    yields_to: BTreeMap<String, BTreeSet<String>>,
    joins: BTreeSet<String>,
    heads: Heads,
    /// Last words that make a thing for the good, not of it.
    use_heads: Heads,
    kept_before_use_heads: BTreeSet<usize>,
    colors: Colors,
    places: Vec<Place>,
    ambiguous_places: BTreeSet<String>,
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

/// Last words of a phrase, longest first, and the category they make of it.
#[derive(Debug, Clone)]
struct Heads(Vec<(Vec<String>, usize)>);

impl Heads {
    /// In words: bounds how far ahead of a good a head is looked for.
    fn longest(&self) -> usize {
        self.0.first().map_or(0, |(words, _)| words.len())
    }
}

/// A good's word may only name a color.
#[derive(Debug, Clone)]
struct Colors {
    names: BTreeSet<String>,
    words: BTreeSet<String>,
    /// Categories that come in colors: before one, a name that is no material is a color.
    on: BTreeSet<usize>,
}

/// A place that goods cells name, with the country it lies in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    country: Country,
    #[serde(default)]
    region: Option<String>,
    words: Vec<String>,
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

#[derive(Debug, Clone)]
struct Phrase {
    words: Vec<String>,
    meaning: Meaning,
    /// The phrase holds as written only: "shorts", not "short".
    as_written: Option<String>,
    /// The phrase holds only where no other word stands beside it.
    alone: bool,
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
    /// HS prefixes under which unlike goods stand together.
    unclear_hs: Vec<String>,
    joins: Vec<String>,
    kept_before_use_heads: Vec<String>,
    ambiguous_places: Vec<String>,
    yields_to: BTreeMap<String, Vec<String>>,
    heads: BTreeMap<String, Vec<String>>,
    use_heads: BTreeMap<String, Vec<String>>,
    colors: ColorsFile,
    place: Vec<Place>,
    orders: OrderRules,
    category: Vec<Category>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColorsFile {
    names: Vec<String>,
    words: Vec<String>,
    on: Vec<String>,
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
        let indexes_of = |keys: &[String]| {
            keys.iter()
                .map(index_of)
                .collect::<Result<BTreeSet<_>, _>>()
        };
        let heads_of = |file: &BTreeMap<String, Vec<String>>| {
            let mut heads = Vec::new();
            for (key, words) in file {
                let category = index_of(key)?;
                heads.extend(words.iter().map(|word| (split(word), category)));
            }
            heads.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
            Ok::<_, VocabularyError>(Heads(heads))
        };
        let heads = heads_of(&file.heads)?;
        let use_heads = heads_of(&file.use_heads)?;
        let kept_before_use_heads = indexes_of(&file.kept_before_use_heads)?;
        let colors = Colors {
            names: folded_all(&file.colors.names),
            words: folded_all(&file.colors.words),
            on: indexes_of(&file.colors.on)?,
        };

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
            hs: prefixes(&file.category, |category| &category.hs, &file.unclear_hs)?,
            naics: prefixes(&file.category, |category| &category.naics, &[])?,
            categories: file.category,
            by_key,
            phrases,
            han,
            negated_before: folded_all(&file.negated_before),
            negated_after: folded_all(&file.negated_after),
            yields_to: file
                .yields_to
                .iter()
                .map(|(phrase, words)| (folded(phrase), folded_all(words)))
                .collect(),
            joins: folded_all(&file.joins),
            heads,
            use_heads,
            kept_before_use_heads,
            colors,
            places: file.place,
            ambiguous_places: file
                .ambiguous_places
                .iter()
                .map(|place| place.to_lowercase())
                .collect(),
            order_rules: file.orders,
        })
    }

    pub fn category(&self, key: &str) -> Option<&Category> {
        self.categories.get(*self.by_key.get(key)?)
    }

    /// Whether goods of the category commonly contain the other, at any remove.
    pub(super) fn contains(&self, category: &str, part: &str) -> bool {
        let mut ahead = vec![category];
        let mut seen = BTreeSet::new();
        while let Some(key) = ahead.pop() {
            let parts = self.category(key).map_or(&[][..], |found| &found.made_of);
            if parts.iter().any(|found| found == part) {
                return true;
            }
            if seen.insert(key) {
                ahead.extend(parts.iter().map(String::as_str));
            }
        }
        false
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
}

fn folded_all(words: &[String]) -> BTreeSet<String> {
    words.iter().map(|word| folded(word)).collect()
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
        // A phrase after "=" holds as written, plural and all; after "^" only alone.
        let key = match phrase.strip_prefix('=') {
            Some(written) => format!("={written}"),
            None if phrase.starts_with('^') => format!("^{key}"),
            None => key,
        };
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
        let han_runs: String = tokens(&phrase)
            .iter()
            .filter_map(|token| match token {
                Token::Han(run) => Some(run.as_str()),
                Token::Word { .. } | Token::Break => None,
            })
            .collect();
        if han_runs.is_empty() {
            let words = split(&phrase);
            let first = words.first().cloned().unwrap_or_default();
            phrases.entry(first).or_default().push(Phrase {
                words,
                meaning,
                as_written: phrase.strip_prefix('=').map(str::to_owned),
                alone: phrase.starts_with('^'),
            });
        } else {
            han.push((han_runs, meaning));
        }
    }
    for candidates in phrases.values_mut() {
        candidates.sort_by_key(|phrase| {
            std::cmp::Reverse((
                phrase.words.len(),
                phrase.as_written.is_some(),
                phrase.alone,
            ))
        });
    }
    han.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
    Ok((phrases, han))
}

fn prefixes(
    categories: &[Category],
    codes: impl Fn(&Category) -> &Vec<String>,
    unclear: &[String],
) -> Result<BTreeMap<String, Vec<usize>>, VocabularyError> {
    // The longest prefix wins: one without a category leaves the code unknown.
    let mut prefixes: BTreeMap<String, Vec<usize>> = unclear
        .iter()
        .map(|code| (code.clone(), Vec::new()))
        .collect();
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

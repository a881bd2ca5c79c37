//! Reading a product text: which goods it names, and from where.
//!
//! At every word the longest phrase wins. A last word can make the phrase
//! another thing ("cotton picking machine", "coffee mug"), and a good's word may
//! be no more than a color ("charcoal grey shirts").

use std::collections::{BTreeSet, HashSet};

use super::{super::words::tokens, Category, Heads, Meaning, Phrase, Token, Vocabulary};
use crate::country::Country;

/// What a text of a supplier was understood to say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::exposure) struct Understood<'a> {
    /// The phrase that was recognized and its category, in order of appearance.
    pub(in crate::exposure) goods: Vec<(String, &'a Category)>,
    pub(in crate::exposure) origins: Vec<Stated<'a>>,
}

/// A place that the text gives its goods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::exposure) struct Stated<'a> {
    pub(in crate::exposure) place: String,
    pub(in crate::exposure) country: Country,
    pub(in crate::exposure) region: Option<String>,
    pub(in crate::exposure) goods: Vec<&'a Category>,
}

struct Text<'t> {
    tokens: &'t [Token],
    words: HashSet<&'t str>,
    /// The part between marks in which a token stands.
    clause: Vec<usize>,
    /// The part between marks or joining words in which a token stands.
    segment: Vec<usize>,
}

struct Found {
    at: usize,
    phrase: String,
    index: usize,
    /// A color word stands beside it.
    color: bool,
}

impl Vocabulary {
    pub(in crate::exposure) fn understand(&self, text: &str) -> Understood<'_> {
        let tokens = tokens(text);
        let text = self.divided(&tokens);
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += match token {
                Token::Word { .. } => self.read_words(&text, at, &mut found),
                Token::Han(run) => {
                    self.read_han(run, at, &mut found);
                    1
                }
                Token::Break => 1,
            };
        }
        self.drop_colors(&text, &mut found);
        let category = |found: &Found| self.categories.get(found.index);
        Understood {
            origins: self.origins(&text, &found),
            goods: found
                .iter()
                .filter_map(|found| Some((found.phrase.clone(), category(found)?)))
                .collect(),
        }
    }

    fn divided<'t>(&self, tokens: &'t [Token]) -> Text<'t> {
        let (mut clauses, mut segments) = (0, 0);
        let (mut clause, mut segment) = (Vec::new(), Vec::new());
        for token in tokens {
            let mark = *token == Token::Break;
            clauses += usize::from(mark);
            segments += usize::from(mark || self.joins_goods(token));
            clause.push(clauses);
            segment.push(segments);
        }
        Text {
            tokens,
            words: tokens.iter().filter_map(Token::word).collect(),
            clause,
            segment,
        }
    }

    fn joins_goods(&self, token: &Token) -> bool {
        token.word().is_some_and(|word| self.joins.contains(word))
    }

    /// Reads the phrase at `at`, if there is one; returns how many tokens it took.
    fn read_words(&self, text: &Text<'_>, at: usize, found: &mut Vec<Found>) -> usize {
        let rest = text.tokens.get(at..).unwrap_or_default();
        let Some(phrase) = rest
            .first()
            .and_then(Token::word)
            .and_then(|word| self.phrases.get(word))
            .and_then(|phrases| {
                phrases.iter().find(|phrase| {
                    starts_with(rest, phrase)
                        && (!phrase.alone || self.stands_alone(text, at, phrase.words.len()))
                })
            })
        else {
            return 1;
        };
        let length = phrase.words.len();
        let words = phrase.words.join(" ");
        let yields = self
            .yields_to
            .get(&words)
            .is_some_and(|to| to.iter().any(|word| text.words.contains(word.as_str())));
        if let Meaning::Category(index) = phrase.meaning
            && !yields
        {
            let before = at.checked_sub(1).and_then(|index| text.tokens.get(index));
            let after = rest.get(length..).unwrap_or_default();
            let is_in = |token: Option<&Token>, words: &BTreeSet<String>| {
                token
                    .and_then(Token::word)
                    .is_some_and(|word| words.contains(word))
            };
            if is_in(before, &self.negated_before) || is_in(after.first(), &self.negated_after) {
                return length;
            }
            found.push(Found {
                at,
                index: self.head_after(index, after).unwrap_or(index),
                color: self.colors.names.contains(&words)
                    && is_in(after.first(), &self.colors.words),
                phrase: words,
            });
        }
        length
    }

    fn stands_alone(&self, text: &Text<'_>, at: usize, length: usize) -> bool {
        let parts = |token: Option<&Token>| {
            token.is_none_or(|token| *token == Token::Break || self.joins_goods(token))
        };
        let before = at.checked_sub(1).and_then(|at| text.tokens.get(at));
        parts(before) && parts(text.tokens.get(at + length))
    }

    /// "cotton picking machine" is a machine: a head that ends the words, with
    /// at most one word in between. A mug for coffee is told by the next word;
    /// a bowl of glass is still glass.
    fn head_after(&self, index: usize, after: &[Token]) -> Option<usize> {
        let longest = self.heads.longest().max(self.use_heads.longest());
        let segment: Vec<&str> = after
            .iter()
            .map_while(|token| token.word().filter(|_| !self.joins_goods(token)))
            .take_while(|word| !word.starts_with(|first: char| first.is_ascii_digit()))
            .take(longest + 2)
            .collect();
        let ends = |heads: &Heads| {
            heads
                .0
                .iter()
                .find(|(words, _)| {
                    segment.len() <= words.len() + 1 && {
                        let split = segment.len().checked_sub(words.len());
                        split
                            .and_then(|at| segment.get(at..))
                            .is_some_and(|end| end == words)
                    }
                })
                .map(|(_, category)| *category)
        };
        ends(&self.heads).or_else(|| {
            if self.kept_before_use_heads.contains(&index) {
                return None;
            }
            ends(&self.use_heads).or_else(|| {
                self.use_heads
                    .0
                    .iter()
                    .find(|(words, _)| {
                        segment
                            .get(..words.len())
                            .is_some_and(|start| start == words)
                    })
                    .map(|(_, category)| *category)
            })
        })
    }

    fn read_han(&self, run: &str, at: usize, found: &mut Vec<Found>) {
        let mut rest = run;
        let mut before = "";
        while let Some(first) = rest.chars().next() {
            // One character is a word only by itself: 牛 is not in 牛仔裤.
            let matched = self.han.iter().find(|(phrase, _)| {
                rest.starts_with(phrase.as_str())
                    && (phrase == run || phrase.chars().nth(1).is_some())
            });
            let taken = matched.map_or(first.len_utf8(), |(phrase, _)| phrase.len());
            if let Some((phrase, Meaning::Category(index))) = matched {
                let negated = self
                    .negated_before
                    .iter()
                    .any(|word| before.ends_with(word.as_str()));
                if !negated {
                    found.push(Found {
                        at,
                        phrase: phrase.clone(),
                        index: *index,
                        color: false,
                    });
                }
            }
            let read = run.len() - rest.len() + taken;
            before = run.get(..read).unwrap_or_default();
            rest = run.get(read..).unwrap_or_default();
        }
    }

    /// "salmon pink blouses" are no fish. A color word beside the name tells it
    /// only where another good is named: "Salmon pink" alone is a fish.
    fn drop_colors(&self, text: &Text<'_>, found: &mut Vec<Found>) {
        let mut colored_in = None;
        let mut keep: Vec<bool> = found
            .iter()
            .rev()
            .map(|found| {
                let segment = text.segment.get(found.at).copied();
                let tints = self.colors.names.contains(&found.phrase)
                    && !self.kept_before_use_heads.contains(&found.index)
                    && colored_in == segment
                    && segment.is_some();
                if self.colors.on.contains(&found.index) {
                    colored_in = segment;
                }
                !tints
            })
            .collect();
        keep.reverse();
        // "shirts in charcoal"
        for ((keep, before), name) in keep
            .iter_mut()
            .skip(1)
            .zip(found.iter())
            .zip(found.iter().skip(1))
        {
            let joined = name
                .at
                .checked_sub(1)
                .and_then(|at| text.tokens.get(at)?.word());
            let tints = joined == Some("in")
                && self.colors.on.contains(&before.index)
                && self.colors.names.contains(&name.phrase)
                && !self.kept_before_use_heads.contains(&name.index)
                && text.clause.get(before.at) == text.clause.get(name.at);
            *keep &= !tints;
        }
        // Elsewhere in the cell only a good that comes in colors takes one:
        // "T-shirts, charcoal grey", but not "Tea green, coffee".
        let plain = || {
            let kept = found.iter().zip(&keep);
            kept.filter(|(found, keep)| **keep && !found.color)
                .map(|(found, _)| found)
        };
        let tinted_cell = plain().any(|found| self.colors.on.contains(&found.index));
        let tinted: BTreeSet<usize> = plain()
            .filter_map(|found| text.segment.get(found.at).copied())
            .collect();
        let mut keep = keep.into_iter();
        found.retain(|found| {
            let beside = text
                .segment
                .get(found.at)
                .is_some_and(|segment| tinted.contains(segment));
            keep.next().unwrap_or(true) && !(found.color && (tinted_cell || beside))
        });
    }

    fn origins(&self, text: &Text<'_>, found: &[Found]) -> Vec<Stated<'_>> {
        if found.is_empty() {
            return Vec::new();
        }
        let mut origins: Vec<Stated<'_>> = Vec::new();
        let mut at = 0;
        while let Some(token) = text.tokens.get(at) {
            let read = match token {
                Token::Word { .. } => self.place_in_words(text, at),
                Token::Han(run) => self.place_in_han(run).map(|place| (place, 1)),
                Token::Break => None,
            };
            let Some((stated, length)) = read else {
                at += 1;
                continue;
            };
            let goods = self.goods_beside(text, found, at);
            let seen = origins
                .iter_mut()
                .find(|other| other.country == stated.country && other.region == stated.region);
            match seen {
                Some(other) => other.goods.extend(goods),
                None if !goods.is_empty() => origins.push(Stated { goods, ..stated }),
                None => {}
            }
            at += length;
        }
        for origin in &mut origins {
            origin.goods.sort_by(|left, right| left.key.cmp(&right.key));
            origin.goods.dedup_by(|left, right| left.key == right.key);
        }
        origins
    }

    /// The goods of the place's own clause, else of the one before it
    /// ("cotton yarn, Turkmenistan").
    fn goods_beside(&self, text: &Text<'_>, found: &[Found], at: usize) -> Vec<&Category> {
        let clause = text.clause.get(at).copied();
        let within = |clause: Option<usize>| -> Vec<&Category> {
            let start = found.partition_point(|found| text.clause.get(found.at).copied() < clause);
            found
                .iter()
                .skip(start)
                .take_while(|found| text.clause.get(found.at).copied() == clause)
                .filter_map(|found| self.categories.get(found.index))
                .collect()
        };
        let own = within(clause);
        if own.is_empty() {
            return clause
                .and_then(|clause| clause.checked_sub(1))
                .map_or_else(Vec::new, |before| within(Some(before)));
        }
        own
    }

    /// The longest name of a place at `at`, of at most six words, and its length.
    fn place_in_words(&self, text: &Text<'_>, at: usize) -> Option<(Stated<'_>, usize)> {
        const LONGEST: usize = 6;
        let plain: Vec<&str> = text
            .tokens
            .get(at..)?
            .iter()
            .take(LONGEST)
            .map_while(|token| match token {
                Token::Word { plain, .. } => Some(plain.as_str()),
                Token::Han(_) | Token::Break => None,
            })
            .collect();
        // "the" would hide a name that is never read: "the turkey".
        if plain.first() == Some(&"the") {
            return None;
        }
        (1..=plain.len()).rev().find_map(|length| {
            let name = plain.get(..length)?.join(" ");
            let stated = self.place_named(&name)?;
            (!self.negated_place(text, at, length)).then_some((stated, length))
        })
    }

    fn place_named(&self, name: &str) -> Option<Stated<'_>> {
        let stated = |country, region: Option<&String>| Stated {
            place: name.to_owned(),
            country,
            region: region.cloned(),
            goods: Vec::new(),
        };
        let listed = self
            .places
            .iter()
            .find(|place| place.words.iter().any(|word| word == name));
        if let Some(place) = listed {
            return Some(stated(place.country, place.region.as_ref()));
        }
        // Short names are abbreviations and words of other languages.
        if name.len() < 4 || self.ambiguous_places.contains(name) {
            return None;
        }
        Country::parse_name(name).map(|country| stated(country, None))
    }

    /// "no cotton from Xinjiang", "Xinjiang-free cotton".
    fn negated_place(&self, text: &Text<'_>, at: usize, length: usize) -> bool {
        let clause = text.clause.get(at);
        let before = text.tokens.get(..at).unwrap_or_default();
        let denied = before
            .iter()
            .zip(&text.clause)
            .rev()
            .take(8)
            .take_while(|(_, other)| Some(*other) == clause)
            .filter_map(|(token, _)| token.word())
            .any(|word| self.negated_before.contains(word));
        let after = text.tokens.get(at + length).and_then(Token::word);
        denied || after.is_some_and(|word| self.negated_after.contains(word))
    }

    fn place_in_han(&self, run: &str) -> Option<Stated<'_>> {
        self.places.iter().find_map(|place| {
            let (start, word) = place
                .words
                .iter()
                .filter(|word| !word.is_ascii())
                .find_map(|word| Some((run.find(word.as_str())?, word)))?;
            let before = run.get(..start).unwrap_or_default();
            let denied = self
                .negated_before
                .iter()
                .any(|negation| !negation.is_ascii() && before.ends_with(negation.as_str()));
            (!denied).then(|| Stated {
                place: word.clone(),
                country: place.country,
                region: place.region.clone(),
                goods: Vec::new(),
            })
        })
    }
}

fn starts_with(tokens: &[Token], phrase: &Phrase) -> bool {
    let written = |tokens: &[Token]| {
        let plain: Vec<&str> = tokens
            .iter()
            .filter_map(|token| match token {
                Token::Word { plain, .. } => Some(plain.as_str()),
                Token::Han(_) | Token::Break => None,
            })
            .collect();
        plain.join(" ")
    };
    let Some(start) = tokens.get(..phrase.words.len()) else {
        return false;
    };
    start
        .iter()
        .zip(&phrase.words)
        .all(|(token, word)| token.word() == Some(word))
        && phrase
            .as_written
            .as_ref()
            .is_none_or(|as_written| written(start) == *as_written)
}

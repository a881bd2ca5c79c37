//! Words of a sentence, and the named groups of phrases found among them.

use rustc_hash::FxHashMap;

/// A word of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Lower case, without a possessive ending.
    pub(super) text: String,
    /// Words of one clause share a number: a "not" does not reach past "but".
    pub(super) clause: u16,
}

/// Where a group's phrase stands in a sentence, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    pub(super) start: u16,
    pub(super) end: u16,
}

/// Where every group stands in one sentence.
#[derive(Debug, Clone, Default)]
pub(super) struct Places(Vec<(usize, Found)>);

impl Places {
    /// The places of a group, in order.
    pub(super) fn of(&self, group: usize) -> impl Iterator<Item = Found> {
        let start = self.0.partition_point(|(other, _)| *other < group);
        self.0
            .get(start..)
            .unwrap_or_default()
            .iter()
            .take_while(move |(other, _)| *other == group)
            .map(|(_, place)| *place)
    }

    pub(super) fn has_any(&self, groups: &[usize]) -> bool {
        groups.iter().any(|group| self.of(*group).next().is_some())
    }

    /// The groups that occur, each once.
    pub(super) fn groups(&self) -> Vec<usize> {
        let mut groups: Vec<usize> = self.0.iter().map(|(group, _)| *group).collect();
        groups.dedup();
        groups
    }
}

/// Sentences longer than this are lists; what comes later is not read.
const LONGEST_SENTENCE: usize = 400;

const CLAUSE_WORDS: [&str; 7] = [
    "but",
    "however",
    "although",
    "though",
    "whereas",
    "nevertheless",
    "while",
];
/// After a comma these begin a clause of their own.
const SUBJECTS: [&str; 5] = ["we", "our", "it", "they", "this"];

/// Between the comma and such a subject these may stand.
const JOINTS: [&str; 6] = ["and", "or", "so", "then", "nor", "yet"];

pub(super) fn words(sentence: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut clause = 0;
    let mut after_comma = false;
    let mut rest = sentence;
    while let Some(start) = rest.find(is_letter) {
        let (between, from) = rest.split_at(start);
        let end = from
            .char_indices()
            .find(|(at, letter)| !is_letter(*letter) && !is_inner_mark(from, *at))
            .map_or(from.len(), |(at, _)| at);
        let (raw, after) = from.split_at(end);
        rest = after;
        if between.contains([';', '•']) {
            clause += 1;
        }
        after_comma |= between.contains(',');
        let text = folded(raw);
        if CLAUSE_WORDS.contains(&text.as_str())
            || (after_comma && SUBJECTS.contains(&text.as_str()))
        {
            clause += 1;
        }
        // ", and we" begins a clause as much as ", we" does.
        after_comma &= JOINTS.contains(&text.as_str());
        words.push(Word { text, clause });
        if words.len() == LONGEST_SENTENCE {
            break;
        }
    }
    words
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '%'
}

/// An apostrophe or a digit's comma inside a word.
fn is_inner_mark(text: &str, at: usize) -> bool {
    let mut rest = text.get(at..).unwrap_or_default().chars();
    let mark = rest.next();
    let next = rest.next();
    match mark {
        Some('\'' | '’') => next.is_some_and(char::is_alphabetic),
        Some(',' | '.') => {
            next.is_some_and(|letter| letter.is_ascii_digit())
                && text
                    .get(..at)
                    .and_then(|before| before.chars().last())
                    .is_some_and(|letter| letter.is_ascii_digit())
        }
        _ => false,
    }
}

pub(super) fn folded(raw: &str) -> String {
    let mut text = raw.to_lowercase().replace('’', "'");
    if let Some(base) = text.strip_suffix("'s") {
        text.truncate(base.len());
    }
    text
}

/// All groups of phrases of a law, ready to be looked up.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups {
    names: Vec<String>,
    by_name: FxHashMap<String, usize>,
    whole: FxHashMap<String, Vec<usize>>,
    prefixes: FxHashMap<String, Vec<usize>>,
    phrases: Vec<Phrase>,
}

#[derive(Debug, Clone)]
struct Phrase {
    group: usize,
    rest: Vec<WordPattern>,
}

#[derive(Debug, Clone)]
enum WordPattern {
    Whole(String),
    Prefix(String),
    /// Any number: `#`.
    Number,
    /// A percentage in one word: `#%`.
    Percentage,
}

impl WordPattern {
    fn parse(text: &str) -> Self {
        match text.strip_suffix('*') {
            Some(prefix) => Self::Prefix(prefix.to_owned()),
            None if text == "#" => Self::Number,
            None if text == "#%" => Self::Percentage,
            None => Self::Whole(text.to_owned()),
        }
    }

    fn fits(&self, word: &str) -> bool {
        match self {
            Self::Whole(text) => word == text,
            Self::Prefix(prefix) => word.starts_with(prefix.as_str()),
            Self::Number => is_number(word),
            Self::Percentage => is_number(word) && word.ends_with('%'),
        }
    }
}

fn is_number(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_digit())
}

impl Groups {
    pub(super) fn get(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// Adds phrases under a name; the group's number.
    pub(super) fn add<'a>(&mut self, name: &str, phrases: impl Iterator<Item = &'a str>) -> usize {
        let group = self.get(name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.by_name.insert(name.to_owned(), self.names.len() - 1);
            self.names.len() - 1
        });
        for phrase in phrases {
            let lower = phrase.to_lowercase().replace(['-', '/'], " ");
            let mut patterns = lower.split_whitespace().map(WordPattern::parse);
            let Some(first) = patterns.next() else {
                continue;
            };
            let number = self.phrases.len();
            self.phrases.push(Phrase {
                group,
                rest: patterns.collect(),
            });
            match first {
                WordPattern::Whole(text) => self.whole.entry(text).or_default().push(number),
                WordPattern::Prefix(text) => self.prefixes.entry(text).or_default().push(number),
                WordPattern::Number => self.whole.entry("#".to_owned()).or_default().push(number),
                WordPattern::Percentage => {
                    self.whole.entry("#%".to_owned()).or_default().push(number);
                }
            }
        }
        group
    }

    /// Every place of every group.
    pub(super) fn find(&self, words: &[Word]) -> Places {
        let mut found = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let number = is_number(&word.text).then_some("#");
            let share = WordPattern::Percentage.fits(&word.text).then_some("#%");
            for key in [Some(word.text.as_str()), number, share]
                .into_iter()
                .flatten()
            {
                for phrase in self.whole.get(key).into_iter().flatten() {
                    self.note(*phrase, words, at, &mut found);
                }
            }
            for (length, _) in word.text.char_indices().skip(2) {
                let prefix = word.text.get(..length).unwrap_or_default();
                for phrase in self.prefixes.get(prefix).into_iter().flatten() {
                    self.note(*phrase, words, at, &mut found);
                }
            }
            for phrase in self.prefixes.get(word.text.as_str()).into_iter().flatten() {
                self.note(*phrase, words, at, &mut found);
            }
        }
        found.sort_unstable();
        found.dedup();
        Places(found)
    }

    fn note(&self, phrase: usize, words: &[Word], at: usize, found: &mut Vec<(usize, Found)>) {
        let Some(phrase) = self.phrases.get(phrase) else {
            return;
        };
        let rest = words.get(at + 1..).unwrap_or_default();
        let fits = rest.len() >= phrase.rest.len()
            && phrase
                .rest
                .iter()
                .zip(rest)
                .all(|(pattern, word)| pattern.fits(&word.text));
        if fits {
            let place = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
            found.push((
                phrase.group,
                Found {
                    start: place(at),
                    end: place(at + 1 + phrase.rest.len()),
                },
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_phrases_by_word_prefix_and_number() {
        let mut groups = Groups::default();
        let audit = groups.add("audit", ["audit*", "on-site visit*"].into_iter());
        let share = groups.add("share", ["#%", "# suppliers"].into_iter());
        let words = words("In 2014 we audited 1,250 suppliers’ sites (on-site visits), or 85%.");
        let found = groups.find(&words);
        let said = |group: usize| -> Vec<String> {
            found
                .of(group)
                .map(|place| {
                    words[usize::from(place.start)..usize::from(place.end)]
                        .iter()
                        .map(|word| word.text.as_str())
                        .collect::<Vec<_>>()
                        .join(" ")
                })
                .collect()
        };
        assert_eq!(said(audit), ["audited", "on site visits"]);
        assert_eq!(said(share), ["1,250 suppliers", "85%"]);
    }

    #[test]
    fn a_clause_ends_at_but_and_at_a_new_subject() {
        let words = words("To know that nobody does not ask, we audit; it is not so, but we do");
        let clauses: Vec<(&str, u16)> = words
            .iter()
            .map(|word| (word.text.as_str(), word.clause))
            .collect();
        assert_eq!(clauses[6], ("ask", 0));
        assert_eq!(clauses[7], ("we", 1));
        assert_eq!(clauses[9], ("it", 2));
        assert_eq!(clauses.last(), Some(&("do", 3)));
    }
}

//! Paragraphs to sentences, each with its place in the text.

use std::ops::Range;

use super::block::{blocks, item_mark, trimmed, yes_or_no};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    pub(super) span: Range<usize>,
    pub(super) role: Role,
    /// Sentences of one paragraph share a number.
    pub(super) block: usize,
    /// The paragraph begins with a bullet or a number.
    pub(super) item: bool,
    /// What this asks is answered by the bare yes or no behind it.
    pub(super) answered: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Prose,
    /// A line of its own.
    Heading,
    /// Words before a colon or a dash, or a very short sentence that begins a
    /// paragraph: "Audits: we ...".
    Label,
}

/// A heading is a line of at most this many words.
const LONGEST_HEADING: usize = 12;
const LONGEST_LABEL: usize = 7;

pub(super) fn sentences(text: &str) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    for (number, block) in blocks(text).into_iter().enumerate() {
        for piece in enumerated(text, block) {
            let said = text.get(piece.clone()).unwrap_or_default();
            let mark = item_mark(said);
            let mut start = piece.start + mark;
            let body = text.get(start..piece.end).unwrap_or_default();
            let mut push = |span, role, answered| {
                sentences.push(Sentence {
                    span,
                    role,
                    block: number,
                    item: mark > 0,
                    answered,
                });
            };
            if let Some((asked, yes)) = yes_or_no(body) {
                let answer = start + asked;
                let mut asking = prose(text, start..answer);
                let last = asking.pop().unwrap_or(start..answer);
                for span in asking {
                    push(span, Role::Prose, None);
                }
                push(last, Role::Label, Some(yes));
                push(trimmed(text, answer..piece.end), Role::Prose, None);
                continue;
            }
            if is_heading(body) {
                push(start..piece.end, Role::Heading, None);
                continue;
            }
            if let Some(length) = label(body) {
                push(trimmed(text, start..start + length), Role::Label, None);
                start += length;
            }
            for span in prose(text, start..piece.end) {
                push(span, Role::Prose, None);
            }
        }
    }
    sentences.retain(|sentence| !sentence.span.is_empty());
    sentences
}

/// A paragraph cut where it counts inside itself: "... (1) Audits: ... (2) ...".
fn enumerated(text: &str, block: Range<usize>) -> Vec<Range<usize>> {
    let said = text.get(block.clone()).unwrap_or_default();
    let mut pieces = Vec::new();
    let mut start = block.start;
    for (at, _) in said.match_indices(" (") {
        let rest = said.get(at + 1..).unwrap_or_default();
        let mark = item_mark(rest);
        let begins = rest
            .get(mark..)
            .is_some_and(|rest| rest.starts_with(char::is_uppercase));
        if mark > 0 && begins {
            pieces.push(trimmed(text, start..block.start + at));
            start = block.start + at + 1;
        }
    }
    pieces.push(trimmed(text, start..block.end));
    pieces
}

fn words(said: &str) -> usize {
    said.split_whitespace().count()
}

fn is_heading(said: &str) -> bool {
    let count = words(said);
    if said.ends_with('?') {
        return count <= 2 * LONGEST_HEADING;
    }
    count <= LONGEST_HEADING
        && !said.ends_with(['.', ';', ',', '!', '”', '"'])
        && !said.contains(". ")
        && said.chars().any(char::is_alphabetic)
        && !said.chars().next().is_some_and(char::is_lowercase)
}

/// Bytes of a label that begins a paragraph, its delimiter included.
fn label(said: &str) -> Option<usize> {
    let (at, length) = [
        ": ", " – ", " — ", " - ", "— ", "– ", ". ", ".\n", ":\n", "? ",
    ]
    .iter()
    .filter_map(|mark| Some((said.find(mark)?, mark.len())))
    .min()?;
    let before = said.get(..at)?;
    let after = said.get(at..)?;
    let short_sentence = after.starts_with('.');
    if short_sentence
        && (abbreviated(before)
            || !after
                .get(length..)?
                .trim_start()
                .starts_with(char::is_uppercase))
    {
        return None;
    }
    let limit = match (short_sentence, is_titled(before)) {
        (false, _) => LONGEST_LABEL,
        (true, true) => 6,
        (true, false) => 4,
    };
    let named = before.chars().next().is_some_and(char::is_uppercase)
        && words(before) <= limit
        && !before
            .split_whitespace()
            .any(|word| CLAUSAL.contains(&word.to_lowercase().as_str()));
    named.then_some(at + length)
}

/// "Standards for Compliance." before a paragraph is a title without a line.
pub(super) fn is_title(said: &str) -> bool {
    said.ends_with('.') && words(said) >= 2 && is_titled(said)
}

/// Every word of some length is capitalized.
fn is_titled(said: &str) -> bool {
    said.split_whitespace()
        .filter(|word| word.chars().count() > 3)
        .all(|word| word.chars().next().is_some_and(char::is_uppercase))
}

/// Words of a clause: what holds one is no name of a topic.
const CLAUSAL: [&str; 24] = [
    "we",
    "must",
    "shall",
    "is",
    "are",
    "will",
    "may",
    "has",
    "have",
    "do",
    "does",
    "require",
    "requires",
    "conducts",
    "performs",
    "provides",
    "maintains",
    "trains",
    "verifies",
    "engages",
    "uses",
    "employs",
    "expects",
    "certify",
];

/// Words that end with a full stop inside a sentence.
const ABBREVIATIONS: [&str; 27] = [
    "inc", "corp", "co", "ltd", "llc", "plc", "pty", "no", "nos", "u.s", "u.k", "u.n", "e.g",
    "i.e", "etc", "mr", "ms", "mrs", "dr", "st", "dept", "cal", "civ", "sec", "art", "vs",
    "approx",
];

fn prose(text: &str, block: Range<usize>) -> Vec<Range<usize>> {
    let said = text.get(block.clone()).unwrap_or_default();
    let mut spans = Vec::new();
    let mut start = 0;
    for (at, mark) in said.match_indices(['.', '!', '?']) {
        let after = said.get(at + mark.len()..).unwrap_or_default();
        let closed = after.trim_start_matches(['"', '”', ')', '’', '\'']);
        let end = said.len() - closed.len();
        let next = closed.trim_start();
        let begins = next.chars().next().is_none_or(|letter| {
            letter.is_uppercase() || letter.is_numeric() || "“\"(•[".contains(letter)
        });
        let gap = next.len() < closed.len() || next.is_empty();
        if end <= start || !gap || !begins {
            continue;
        }
        // "No. 5" counts, "No. We ..." answers.
        let counts = next.starts_with(|letter: char| letter.is_ascii_digit());
        let answer = said.get(start..at).unwrap_or_default().trim() == "No" && !counts;
        if mark == "."
            && !answer
            && !next.is_empty()
            && abbreviated(said.get(start..at).unwrap_or_default())
        {
            continue;
        }
        spans.push(trimmed(text, block.start + start..block.start + end));
        start = end;
    }
    spans.push(trimmed(text, block.start + start..block.end));
    spans.retain(|span| !span.is_empty());
    spans
}

fn abbreviated(before: &str) -> bool {
    let word = before
        .rsplit(|letter: char| letter.is_whitespace() || letter == '(')
        .next()
        .unwrap_or_default();
    let word = word.to_lowercase();
    ABBREVIATIONS.contains(&word.as_str())
        || (word.chars().count() == 1 && word.chars().all(char::is_alphabetic))
}

/// What the reader's version stands for.
#[cfg(test)]
pub(super) fn own_words() -> Vec<&'static str> {
    [&CLAUSAL[..], &ABBREVIATIONS].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<(Role, &str)> {
        sentences(text)
            .into_iter()
            .map(|sentence| (sentence.role, &text[sentence.span]))
            .collect()
    }

    #[test]
    fn splits_and_keeps_labels_and_headings() {
        let text = "Our Supply Chain\n\nAcme Inc. was founded in the U.S. in 1920. We audit \
                    no one.\n\n2. Training: No one is trained. Ever.\n\nAudits. We hire “Ace Co.” \
                    yearly.";
        assert_eq!(
            split(text),
            [
                (Role::Heading, "Our Supply Chain"),
                (Role::Prose, "Acme Inc. was founded in the U.S. in 1920."),
                (Role::Prose, "We audit no one."),
                (Role::Label, "Training:"),
                (Role::Prose, "No one is trained."),
                (Role::Prose, "Ever."),
                (Role::Label, "Audits."),
                (Role::Prose, "We hire “Ace Co.” yearly."),
            ]
        );
    }

    #[test]
    fn a_bare_yes_or_no_answers_its_own_line() {
        let text = "Supplier audits: NO\nWe keep standards of accountability for contractors and \
                    staff: Yes.\nDo you train? No";
        assert_eq!(
            split(text),
            [
                (Role::Label, "Supplier audits:"),
                (Role::Prose, "NO"),
                (
                    Role::Label,
                    "We keep standards of accountability for contractors and staff:"
                ),
                (Role::Prose, "Yes."),
                (Role::Label, "Do you train?"),
                (Role::Prose, "No"),
            ]
        );
    }

    proptest! {
        #[test]
        fn spans_are_in_order_and_inside(text in "[A-Za-z0-9 .:!?\n–“”•()ü供]{0,300}") {
            let mut end = 0;
            for sentence in sentences(&text) {
                prop_assert!(sentence.span.start >= end);
                prop_assert!(!text[sentence.span.clone()].is_empty());
                end = sentence.span.end;
            }
        }
    }
}

//! Lines to paragraphs: text taken from a PDF breaks lines inside sentences,
//! text taken from a page puts one paragraph on one line.

use std::ops::Range;

/// A paragraph, list item or heading, as bytes of the text.
pub(super) fn blocks(text: &str) -> Vec<Range<usize>> {
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let mut open: Option<Range<usize>> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let span = trimmed(text, at..at + line.len());
        at += line.len();
        let said = text.get(span.clone()).unwrap_or_default();
        if said.is_empty() {
            blocks.extend(open.take());
            continue;
        }
        open = Some(match open.take() {
            Some(before) if continues(text.get(before.clone()).unwrap_or_default(), said) => {
                before.start..span.end
            }
            before => {
                blocks.extend(before);
                span
            }
        });
    }
    blocks.extend(open);
    blocks
}

/// Whether a line goes on with the one before it: that one is as long as a
/// wrapped line and does not end a sentence, and this one begins no item.
fn continues(before: &str, line: &str) -> bool {
    let last = before.rsplit('\n').next().unwrap_or(before).trim_end();
    let labelled = line
        .split_whitespace()
        .take(3)
        .any(|word| word.ends_with(':'));
    if item_mark(line) > 0 || labelled || yes_or_no(last).is_some() {
        return false;
    }
    let ended = last.ends_with(['.', '!', '?', ':', ';', '”', '"']);
    let lower = line.chars().next().is_some_and(char::is_lowercase);
    lower || (!ended && last.len() >= 50) || (ended && last.len() >= 50 && last.len() <= 120)
}

/// Bytes of the bullet or number that a line begins with.
pub(super) fn item_mark(line: &str) -> usize {
    let rest = line.trim_start_matches(['•', '·', '*', '-', '–', '●', '▪', '○', '\u{f0b7}']);
    if rest.len() < line.len() {
        let spaced = rest.trim_start();
        return if spaced.len() < rest.len() || line.starts_with(['•', '●', '▪', '○', '·'])
        {
            line.len() - spaced.len()
        } else {
            0
        };
    }
    let inner = line.strip_prefix('(').unwrap_or(line);
    let digits = inner
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(inner.len());
    let label = match digits {
        1 | 2 => digits,
        0 if inner.starts_with(|letter: char| letter.is_ascii_lowercase()) => 1,
        _ => return 0,
    };
    let rest = inner.get(label..).unwrap_or_default();
    let Some(rest) = rest.strip_prefix([')', '.', ':']) else {
        return 0;
    };
    if rest.starts_with(|letter: char| letter.is_ascii_digit()) {
        return 0;
    }
    line.len() - rest.trim_start().len()
}

/// Bytes of what a line asks, where its last word after a colon, a dash or a
/// question mark answers with a bare yes or no; and which.
pub(super) fn yes_or_no(line: &str) -> Option<(usize, bool)> {
    let said = line.trim_end().trim_end_matches(['.', ';', ',']);
    let asked = said.trim_end_matches(char::is_alphabetic);
    let yes = match said.get(asked.len()..)?.to_lowercase().as_str() {
        "yes" => true,
        "no" => false,
        _ => return None,
    };
    let before = asked.trim_end();
    let dashed =
        before.len() < asked.len() && [" -", "–", "—"].iter().any(|dash| before.ends_with(dash));
    ((before.ends_with([':', '?']) || dashed) && before.contains(char::is_alphabetic))
        .then_some((before.len(), yes))
}

pub(super) fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let said = text.get(span.clone()).unwrap_or_default();
    let start = span.start + (said.len() - said.trim_start().len());
    let end = span.end - (said.len() - said.trim_end().len());
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        blocks(text).into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn joins_wrapped_lines_and_keeps_items_apart() {
        let wrapped = "We audit our suppliers every year and we tell them of what was\n\
                       found there.\nOur training: none, as we have said on this page for \
                       years.\n1. Training\nNone is given.\n• One\n• Two";
        assert_eq!(
            split(wrapped),
            [
                "We audit our suppliers every year and we tell them of what was\nfound there.",
                "Our training: none, as we have said on this page for years.",
                "1. Training",
                "None is given.",
                "• One",
                "• Two"
            ]
        );
    }

    #[test]
    fn a_bare_yes_or_no_ends_its_line() {
        for (line, answer) in [
            ("Audits of suppliers: YES", Some((20, true))),
            ("Audits of suppliers : no.", Some((21, false))),
            ("Do you audit suppliers? No", Some((23, false))),
            ("Supplier audits – Yes;", Some((19, true))),
            ("Supplier audits - No", Some((17, false))),
            ("Audits: none", None),
            ("We say no", None),
            ("A no-no", None),
            (": no", None),
            ("Audits: Casino", None),
        ] {
            assert_eq!(yes_or_no(line), answer, "{line}");
        }
        let lines = "Conduct audits of suppliers to evaluate their compliance: Yes\n\
                     Require direct suppliers to certify their materials: NO.\n\
                     train employees on slavery and on human trafficking: no";
        assert_eq!(split(lines), lines.split('\n').collect::<Vec<_>>());
    }

    #[test]
    fn tells_a_mark_from_a_number() {
        for (line, length) in [
            ("1. Audits", 3),
            ("(2) Audits", 4),
            ("a) Audits", 3),
            ("- Audits", 2),
            ("•Audits", 3),
            ("1.5 million", 0),
            ("2012 was", 0),
            ("-based", 0),
            ("Audits", 0),
        ] {
            assert_eq!(item_mark(line), length, "{line}");
        }
    }
}

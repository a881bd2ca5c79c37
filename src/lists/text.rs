//! Text as publishers print it: charsets, blanks, dates, ids.

use any_ascii::any_ascii;
use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// Decodes by byte-order mark, else as UTF-8, else as Windows-1252, the
/// charset of the publishers' spreadsheet exports.
pub(super) fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    }
}

/// One line in NFC: every run of blanks (also 0xA0) is one space, and marks
/// that nobody sees are gone.
pub(super) fn tidy(text: &str) -> String {
    if is_tidy(text) {
        return text.to_owned();
    }
    let visible: String = text.nfc().filter(|letter| !is_unseen(*letter)).collect();
    visible
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Plain letters with single blanks between them, as most cells are.
fn is_tidy(text: &str) -> bool {
    let mut after_blank = true;
    for byte in text.bytes() {
        if !(b' '..=b'~').contains(&byte) || (byte == b' ' && after_blank) {
            return false;
        }
        after_blank = byte == b' ';
    }
    text.is_empty() || !after_blank
}

/// Zero-width marks and direction overrides.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The longest published name cell has about 2 KB; the grammar's time grows by
/// the square.
pub(super) const LONGEST_NAME_CELL: usize = 16 * 1024;

/// At most 200 characters, for a report of what could not be read.
pub(super) fn cut(text: &str) -> String {
    const LONGEST: usize = 200;
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned(),
    }
}

/// Lower-case ASCII words joined by hyphens: the stable part of an entry's id,
/// the same for "Co., Ltd." and "Co. Ltd", for straight and curly apostrophes.
pub(super) fn slug(text: &str) -> String {
    let ascii = any_ascii(text)
        .to_ascii_lowercase()
        .replace('\'', "")
        .replace('&', " and ");
    ascii
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// Letters of a word of a name that an id may not hold anywhere; a shorter one
/// stands in other words by chance, and tells only as a part of its own.
const TELLING_WORD: usize = 4;

/// The id of a natural person: one that is made of the name is a hash instead,
/// since an id is given out and a name is not.
pub(super) fn person_id<'name>(id: &str, names: impl IntoIterator<Item = &'name str>) -> String {
    let id_slug = slug(id);
    let run = id_slug.replace('-', "");
    let parts: Vec<&str> = id_slug
        .split('-')
        .map(|part| part.trim_matches(|letter: char| letter.is_ascii_digit()))
        .collect();
    let tells = names.into_iter().any(|name| {
        let name = slug(name);
        let words: Vec<&str> = name.split('-').filter(|word| !word.is_empty()).collect();
        let joined = words.concat();
        // Publishers write the family name first or last.
        let turned: String = words.iter().rev().copied().collect();
        words
            .iter()
            .any(|word| parts.contains(word) || (word.len() >= TELLING_WORD && run.contains(word)))
            || (words.len() > 1 && (run.contains(&joined) || run.contains(&turned)))
    });
    if !tells {
        return id.to_owned();
    }
    let hash = hex::encode(Sha256::digest(id));
    format!("person-{}", hash.get(..16).unwrap_or_default())
}

/// A day as American agencies write it: `June 21, 2022`, `Aug. 3, 2026`,
/// `6/21/2022`, `06/21/22`, `2022-06-21`, `21 June 2022`.
pub(super) fn parse_day(text: &str) -> Option<NaiveDate> {
    const FORMS: [&str; 10] = [
        "%Y-%m-%d", "%m/%d/%y", "%m/%d/%Y", "%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y",
        "%d-%b-%Y", "%d-%b-%y", "%m-%d-%Y",
    ];
    // Footnote marks and brackets around a day say nothing about it.
    let plain = tidy(text)
        .trim_matches(|letter: char| !letter.is_alphanumeric())
        .replace([',', '.'], " ");
    let plain = plain
        .split(' ')
        .filter(|word| !word.is_empty())
        // chrono knows "Sep"; agencies also print "Sept.".
        .map(|word| {
            if word.eq_ignore_ascii_case("sept") {
                "Sep"
            } else {
                word
            }
        })
        .collect::<Vec<_>>()
        .join(" ");
    // Spreadsheet exports append a midnight to a day.
    let plain = plain
        .strip_suffix(" 00:00:00")
        .or_else(|| plain.strip_suffix(" 0:00"))
        .unwrap_or(&plain);
    FORMS.iter().find_map(|form| {
        NaiveDate::parse_from_str(plain, form)
            .ok()
            .filter(|day| (1900..=2200).contains(&chrono::Datelike::year(day)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days_as_agencies_write_them() {
        for written in [
            "June 21, 2022",
            "Jun. 21, 2022",
            "\u{a0}June  21,\n2022 ",
            "6/21/2022",
            "06/21/22",
            "2022-06-21",
            "2022-06-21 00:00:00",
            "21 June 2022",
            "21-Jun-22",
            "june 21 2022",
            "(June 21, 2022)*",
        ] {
            assert_eq!(
                parse_day(written),
                NaiveDate::from_ymd_opt(2022, 6, 21),
                "{written}"
            );
        }
        assert_eq!(
            parse_day("Sept. 5, 2024"),
            NaiveDate::from_ymd_opt(2024, 9, 5)
        );
        for unreadable in [
            "",
            "TBD",
            "2022",
            "13/45/2022",
            "June 31, 2022",
            "0001-01-01",
        ] {
            assert_eq!(parse_day(unreadable), None, "{unreadable}");
        }
    }

    #[test]
    fn spellings_of_one_name_share_a_slug() {
        assert_eq!(slug("Yuan’an Co., Ltd."), slug("Yuan'an Co. Ltd"));
        assert_eq!(slug("G&G Digital"), "g-and-g-digital");
    }

    #[test]
    fn decodes_by_mark_then_utf8_then_windows_1252() {
        assert_eq!(decode(b"\xef\xbb\xbfCaf\xc3\xa9"), "Café");
        assert_eq!(decode(b"Caf\xc3\xa9"), "Café");
        assert_eq!(decode(b"Caf\xe9 \xa0\x92"), "Café \u{a0}’");
        assert_eq!(decode(b"\xff\xfeA\0"), "A");
        assert_eq!(tidy("\u{feff}a\u{a0}\r\n b\u{200b}"), "a b");
        for (given, tidied) in [
            ("a b", "a b"),
            (" a", "a"),
            ("a ", "a"),
            ("a  b", "a b"),
            (" ", ""),
        ] {
            assert_eq!(tidy(given), tidied);
        }
    }
}

//! Cells that hold codes, counts and shares.

use super::row::{CellKind, RawCell};

/// Several values of one cell: parted by semicolon, bar or line. Not by comma,
/// which belongs to descriptions ("shirts, woven").
pub(super) fn several(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '|', '\n', '；', '、'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// Text that stands for nothing.
pub(super) fn is_placeholder(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    matches!(
        lower.as_str(),
        "n/a"
            | "na"
            | "n.a."
            | "n.a"
            | "n\\a"
            | "#n/a"
            | "none"
            | "nil"
            | "null"
            | "tbd"
            | "tba"
            | "unknown"
            | "not available"
            | "not applicable"
            | "to be confirmed"
            | "tbc"
            | "(blank)"
            | "?"
            | "??"
            | "???"
            | "x"
            | "xx"
            | "xxx"
            | "."
            | "无"
            | "暂无"
            | "不详"
            | "待定"
            | "/"
            | "s/d"
            | "sin dato"
            | "no aplica"
            | "k.a."
            | "keine angabe"
            | "não informado"
    ) || (!lower.is_empty()
        && lower
            .chars()
            .all(|letter| matches!(letter, '-' | '–' | '—' | '_' | '*' | '.' | '=')))
}

/// What a cell of codes holds: the codes, and what in it is none.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Codes {
    pub(super) read: Vec<String>,
    pub(super) unread: Vec<String>,
    /// A code lost its leading zero to a number cell; it was put back.
    pub(super) padded: bool,
}

/// HS and HTS codes: 2 to 10 digits, in pairs.
pub(super) fn hs_codes(cell: &RawCell, text: &str) -> Codes {
    let mut found = Codes::default();
    for token in tokens(text) {
        let range: Vec<&str> = token.split(['-', '–']).collect();
        if let [from, to] = range.as_slice()
            && from.len() == to.len()
            && from.len() >= 4
            && all_digits(from)
            && all_digits(to)
        {
            found.read.extend([(*from).to_owned(), (*to).to_owned()]);
            found
                .unread
                .push(format!("{token} (only the ends of the range are used)"));
            continue;
        }
        match hs_code(token, cell.kind != CellKind::Text) {
            Some((code, padded)) => {
                found.padded |= padded;
                found.read.push(code);
            }
            None => found.unread.push(token.to_owned()),
        }
    }
    found.read.dedup();
    found
}

fn hs_code(token: &str, number: bool) -> Option<(String, bool)> {
    let groups: Vec<&str> = token.split(['.', '-']).collect();
    let mut digits = String::new();
    for (place, group) in groups.iter().enumerate() {
        if group.is_empty() || !all_digits(group) {
            return None;
        }
        // 6109.10 in a number cell reads 6109.1.
        let cut = number && place > 0 && place + 1 == groups.len() && group.len() % 2 == 1;
        digits.push_str(group);
        if cut {
            digits.push('0');
        }
    }
    let padded = digits.len() % 2 == 1;
    if padded {
        // Chapters 1 to 9 begin with a zero, which number cells drop.
        digits.insert(0, '0');
    }
    (2..=10).contains(&digits.len()).then_some((digits, padded))
}

/// NAICS codes: 2 to 6 digits.
pub(super) fn naics_codes(text: &str) -> Codes {
    let mut found = Codes::default();
    for token in tokens(text) {
        if (2..=6).contains(&token.len()) && all_digits(token) {
            found.read.push(token.to_owned());
        } else {
            found.unread.push(token.to_owned());
        }
    }
    found
}

/// Words of a code cell, less the words that only announce a code.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| {
        letter.is_whitespace() || matches!(letter, ',' | ';' | '|' | '/' | '，' | '；' | '、' | '&')
    })
    .map(|token| token.trim_matches(|letter: char| !letter.is_alphanumeric()))
    .filter(|token| {
        let lower = token.to_lowercase();
        !token.is_empty()
            && !matches!(
                lower.as_str(),
                "hs" | "hts"
                    | "htsus"
                    | "code"
                    | "codes"
                    | "naics"
                    | "chapter"
                    | "ch"
                    | "and"
                    | "heading"
            )
    })
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A count of people: `1,200`, `1.200`, `1 200`, `1'200`. `None` for ranges
/// and estimates, which state no number.
pub(super) fn head_count(text: &str) -> Option<u32> {
    let text = text.trim();
    if all_digits(text) {
        return text.parse().ok();
    }
    if let Some((whole, zeros)) = text.rsplit_once('.')
        && all_digits(whole)
        && matches!(zeros, "0" | "00")
    {
        return whole.parse().ok();
    }
    let groups: Vec<&str> = text
        .split([',', '.', ' ', '\'', '’', '\u{a0}', '\u{202f}'])
        .collect();
    let (first, rest) = groups.split_first()?;
    let grouped = !rest.is_empty()
        && (1..=3).contains(&first.len())
        && all_digits(first)
        && rest
            .iter()
            .all(|group| group.len() == 3 && all_digits(group));
    if grouped {
        groups.concat().parse().ok()
    } else {
        None
    }
}

/// A share as the cell states it; what a bare number means only its whole
/// column can tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Share {
    /// With a percent sign.
    Percent(f64),
    Bare(f64),
}

pub(super) fn share(text: &str) -> Option<Share> {
    let trimmed = text.trim();
    let (number, percent) = match trimmed.strip_suffix(['%', '％']) {
        Some(number) => (number.trim(), true),
        None => (trimmed, false),
    };
    let plain = !number.is_empty()
        && number
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',');
    let value: f64 = plain.then(|| number.replace(',', ".").parse().ok())??;
    Some(if percent {
        Share::Percent(value)
    } else {
        Share::Bare(value)
    })
}

/// What the bare numbers of one column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShareUnit {
    /// 0.15 is 15 %.
    Fraction,
    /// 15 is 15 %.
    Percent,
    /// Only ones and zeros: 1 may be 1 % or all.
    Unclear,
}

/// A column with a value above 1 is in percent; one with values between 0 and
/// 1 and none above is in fractions.
pub(super) fn share_unit(bare: impl Iterator<Item = f64>) -> ShareUnit {
    let mut unit = ShareUnit::Unclear;
    for value in bare {
        if value > 1.0 {
            return ShareUnit::Percent;
        }
        if value > 0.0 && value < 1.0 {
            unit = ShareUnit::Fraction;
        }
    }
    unit
}

/// Tenths of a percent, 0 to 1000; `None` outside or where the unit is unclear.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be within 0 and 1000"
)]
pub(super) fn permille(share: Share, unit: ShareUnit) -> Option<u16> {
    let value = match (share, unit) {
        (Share::Percent(percent), _) | (Share::Bare(percent), ShareUnit::Percent) => percent * 10.0,
        (Share::Bare(fraction), ShareUnit::Fraction) => fraction * 1000.0,
        (Share::Bare(number), ShareUnit::Unclear) if number <= 0.0 => 0.0,
        (Share::Bare(_), ShareUnit::Unclear) => return None,
    };
    (0.0..=1000.0)
        .contains(&value)
        .then(|| value.round() as u16)
}

/// `1.23E+17`: a spreadsheet showed a long number in short and it was saved so.
pub(super) fn is_scientific(text: &str) -> bool {
    let upper = text.trim().to_ascii_uppercase();
    upper.split_once('E').is_some_and(|(mantissa, exponent)| {
        let exponent = exponent.strip_prefix('+').unwrap_or_default();
        !exponent.is_empty()
            && all_digits(exponent)
            && mantissa.contains(['.', ','])
            && mantissa
                .bytes()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> RawCell {
        RawCell {
            text: text.to_owned(),
            kind: CellKind::Number,
        }
    }

    #[test]
    fn codes_as_people_write_them() {
        for (cell, codes) in [
            (RawCell::text("6109.10.00"), vec!["61091000"]),
            (
                RawCell::text("HS 6109, 6110; 6205.20"),
                vec!["6109", "6110", "620520"],
            ),
            (RawCell::text("6109.10.0012"), vec!["6109100012"]),
            (number("6109.1"), vec!["610910"]),
            (number("30617"), vec!["030617"]),
            (RawCell::text("61"), vec!["61"]),
        ] {
            let found = hs_codes(&cell, &cell.text);
            assert_eq!(found.read, codes, "{cell:?}");
            assert!(found.unread.is_empty(), "{cell:?}");
        }
        let found = hs_codes(&RawCell::text("various 12345678901"), "various 12345678901");
        assert_eq!((found.read.len(), found.unread.len()), (0, 2));
        assert_eq!(naics_codes("315210; 31").read, ["315210", "31"]);
    }

    #[test]
    fn counts_of_people() {
        for (text, count) in [
            ("1200", Some(1200)),
            ("1,200", Some(1200)),
            ("1.200", Some(1200)),
            ("1 200", Some(1200)),
            ("12'500", Some(12500)),
            ("1200.0", Some(1200)),
            ("100-200", None),
            ("~500", None),
            ("500+", None),
            ("12.5", None),
            ("", None),
            ("-3", None),
        ] {
            assert_eq!(
                head_count(text),
                count.filter(|_| !text.is_empty()),
                "{text}"
            );
        }
    }

    #[test]
    fn shares_by_what_their_column_holds() {
        let column = |cells: &[&str]| {
            let shares: Vec<Share> = cells.iter().filter_map(|text| share(text)).collect();
            let unit = share_unit(shares.iter().filter_map(|share| match share {
                Share::Bare(value) => Some(*value),
                Share::Percent(_) => None,
            }));
            shares
                .into_iter()
                .map(|share| permille(share, unit))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            column(&["0.15", "1", "0"]),
            [Some(150), Some(1000), Some(0)]
        );
        assert_eq!(column(&["15", "1", "0"]), [Some(150), Some(10), Some(0)]);
        assert_eq!(column(&["1", "0"]), [None, Some(0)]);
        assert_eq!(column(&["15%", "0,5 %"]), [Some(150), Some(5)]);
        assert_eq!(column(&["150", "15"]), [None, Some(150)]);
        assert!(share("about 5").is_none() && share("").is_none() && share("-1").is_none());
    }

    #[test]
    fn long_numbers_that_were_shortened() {
        for (text, shortened) in [
            ("9.11E+17", true),
            ("1,23E+11", true),
            ("91110000600037341L", false),
            ("2E5", false),
        ] {
            assert_eq!(is_scientific(text), shortened, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,20}|[0-9.,%E+ -]{0,12}") {
            let _ = (hs_codes(&number(&text), &text), naics_codes(&text), head_count(&text), share(&text), is_scientific(&text));
        }

        #[test]
        fn codes_are_digits(text in "[0-9.;, -]{0,30}") {
            for code in hs_codes(&RawCell::text(text.as_str()), &text).read {
                prop_assert!((2..=10).contains(&code.len()) && all_digits(&code));
            }
        }
    }
}

//! Which character parts the cells.

use super::{
    super::{header, row::RawRow},
    records::Records,
};

/// In the order in which a tie is decided.
const CANDIDATES: [char; 11] = [
    ',', ';', '\t', '|', '\u{1f}', '^', '~', '，', '；', '¦', ':',
];

/// The delimiter under which the first records look most like a table: most
/// header fields recognized, then most rows as wide as the header.
pub(in crate::intake) fn sniff(text: &str) -> char {
    if let Some(hint) = excel_hint(text) {
        return hint;
    }
    let sample = sample(text);
    let mut best = (',', (0, 0, 0));
    for delimiter in CANDIDATES {
        if !sample.contains(delimiter) {
            continue;
        }
        let rows: Vec<RawRow> = Records::new(sample, delimiter)
            .filter(|row| !row.is_blank())
            .take(60)
            .collect();
        let rank = rank(&rows);
        if rank > best.1 {
            best = (delimiter, rank);
        }
    }
    // No candidate may part a list of one column: "Foo Co., Ltd." stays whole.
    let whole: Vec<RawRow> = Records::new(sample, '\u{1e}')
        .filter(|row| !row.is_blank())
        .take(60)
        .collect();
    if rank(&whole) > best.1 { '\t' } else { best.0 }
}

/// The first line `sep=;` tells Excel the delimiter.
pub(in crate::intake) fn excel_hint(text: &str) -> Option<char> {
    let line = text.lines().next()?.trim_end_matches('\r');
    let hint = line.trim_matches('"');
    let hint = hint
        .strip_prefix("sep=")
        .or_else(|| hint.strip_prefix("SEP="))?;
    let mut letters = hint.chars();
    let delimiter = letters.next()?;
    letters.next().is_none().then_some(delimiter)
}

/// At most 64 KiB, ending with a whole line where there is one.
fn sample(text: &str) -> &str {
    let mut end = text.len().min(64 << 10);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let cut = text.get(..end).unwrap_or_default();
    if end == text.len() {
        return cut;
    }
    cut.rfind(['\n', '\r'])
        .and_then(|line_end| cut.get(..line_end))
        .unwrap_or(cut)
}

/// Header fields, percent of rows as wide as the header (or as most), width.
fn rank(rows: &[RawRow]) -> (usize, usize, usize) {
    let found = header::find(rows);
    let (fields, after, width) = match &found {
        Some(header) => (
            header.fields + usize::from(header.has_name) * 2,
            header.last + 1,
            header.texts.len(),
        ),
        None => (0, 0, usual_width(rows)),
    };
    let body = rows.get(after..).unwrap_or_default();
    if width < 2 && fields == 0 {
        return (0, 0, 0);
    }
    let alike = body.iter().filter(|row| row.cells.len() == width).count();
    let percent = if body.is_empty() {
        100
    } else {
        alike * 100 / body.len()
    };
    (fields, percent, width)
}

fn usual_width(rows: &[RawRow]) -> usize {
    let mut widths: Vec<usize> = rows.iter().map(|row| row.cells.len()).collect();
    widths.sort_unstable();
    widths.get(widths.len() / 2).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_parts_the_cells() {
        for (text, delimiter) in [
            ("Name,Country\nFoo,China\n", ','),
            (
                "Name;Country;Spend\nFoo, Ltd.;China;1,5\nBar, Inc.;India;2,5\n",
                ';',
            ),
            ("Name\tCountry\nFoo, Ltd.\tChina\n", '\t'),
            ("Name|Country\nFoo, Ltd.|China\n", '|'),
            ("sep=;\nName;Country\n", ';'),
            ("Name~Country~City\nFoo~China~Aksu\n", '~'),
            (
                "List of suppliers, 2025\n\nName;Country\nFoo, A, B;China\n",
                ';',
            ),
            ("Supplier name\nFoo Co., Ltd.\nBar Co., Ltd.\n", '\t'),
            ("\"a,b\";x;y\n\"c,d\";z;w\n", ';'),
        ] {
            assert_eq!(sniff(text), delimiter, "{text}");
        }
    }
}

//! A row as it stands in the file, before anything is taken from it.

/// Cells from column A on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RawRow {
    /// 1-based; in text the line on which the record begins.
    pub(super) number: u32,
    pub(super) cells: Vec<RawCell>,
    /// In text: a quotation mark that opens a cell and is never closed.
    pub(super) open_quote: bool,
}

impl RawRow {
    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(RawCell::is_blank)
    }

    pub(super) fn text(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell.text.as_str())
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RawCell {
    pub(super) text: String,
    pub(super) kind: CellKind,
}

impl RawCell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            kind: CellKind::Text,
        }
    }

    pub(super) fn is_blank(&self) -> bool {
        self.kind != CellKind::FormulaWithoutValue
            && self
                .text
                .chars()
                .all(|letter| letter.is_whitespace() || is_invisible(letter))
    }
}

/// What kind of value the file says it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum CellKind {
    #[default]
    Text,
    /// A number cell of a workbook; text files have none.
    Number,
    /// A number of more digits than a number cell keeps.
    RoundedNumber,
    Date,
    /// `#REF!` and the like.
    Error,
    /// Formulas never run; this one has no stored result to show.
    FormulaWithoutValue,
}

/// Characters that print nothing and that no name needs.
pub(super) fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{0}'..='\u{8}' | '\u{b}'..='\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The column letter as a spreadsheet program shows it.
pub(super) fn column_letter(index: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// A number as a person would write it: no ".0", no exponent.
pub(super) fn render_number(value: f64) -> RawCell {
    // Above 15 digits a number cell no longer holds what was typed.
    let kind = if value.abs() >= 1e15 {
        CellKind::RoundedNumber
    } else {
        CellKind::Number
    };
    RawCell {
        text: format!("{value}"),
        kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        for (index, letter) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (701, "ZZ"),
            (702, "AAA"),
        ] {
            assert_eq!(column_letter(index), letter);
        }
    }

    #[test]
    fn numbers_read_as_typed() {
        for (value, text) in [
            (97071.0, "97071"),
            (0.15, "0.15"),
            (-3.0, "-3"),
            (1e14, "100000000000000"),
        ] {
            assert_eq!(render_number(value).text, text);
        }
        assert_eq!(
            render_number(9.111_000_060_003_734e17).kind,
            CellKind::RoundedNumber
        );
    }
}

//! What the cells of one file may still cost. A workbook writes a text once
//! and shows it in a million cells: neither its size nor what it unpacks to
//! bounds the text its cells hand over.

use super::{Limits, Unusable, shown::sheet_place};

/// Counts the text taken from the cells of a workbook, over all passes.
#[derive(Debug)]
pub(super) struct Allowance {
    pub(super) columns: usize,
    text_left: u64,
    text_limit: u64,
    /// By column: whether a field reads its cells.
    read: Vec<bool>,
}

impl Allowance {
    /// Of a cell that no field reads this much is kept, in bytes: enough to
    /// find a header, to see a blank row and to quote it.
    const BEGINNING: usize = 1600;
    /// What a cell is charged beside its text. Blank cells count too: a hundred
    /// sheets may share one part full of them.
    pub(super) const CELL: usize = 4;

    /// No column is read yet: enough to look for the header.
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            columns: limits.columns as usize,
            text_left: limits.text_bytes,
            text_limit: limits.text_bytes,
            read: Vec::new(),
        }
    }

    pub(super) fn column_limit(&self) -> u32 {
        u32::try_from(self.columns).unwrap_or(u32::MAX)
    }

    pub(super) fn read_columns(&mut self, columns: impl IntoIterator<Item = usize>) {
        for column in columns {
            if self.read.len() <= column {
                self.read.resize(column + 1, false);
            }
            if let Some(read) = self.read.get_mut(column) {
                *read = true;
            }
        }
    }

    /// As much of a cell's text as is of use.
    pub(super) fn part<'text>(&self, column: usize, text: &'text str) -> &'text str {
        if text.len() <= Self::BEGINNING || self.read.get(column) == Some(&true) {
            return text;
        }
        let text = text.trim_start();
        text.get(..text.floor_char_boundary(Self::BEGINNING))
            .unwrap_or_default()
    }

    /// Takes `bytes` of text off what is left.
    pub(super) fn charge(&mut self, bytes: usize, sheet: &str, row: u32) -> Result<(), Unusable> {
        self.text_left =
            self.text_left
                .checked_sub(bytes as u64)
                .ok_or_else(|| Unusable::TooMuchText {
                    place: sheet_place(sheet),
                    row,
                    limit: self.text_limit,
                })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_columns_that_a_field_reads_keep_long_texts() {
        let mut allowance = Allowance::new(&Limits::default());
        let long = "ж".repeat(2000);
        assert_eq!(allowance.part(1, &long).len(), Allowance::BEGINNING);
        allowance.read_columns([1]);
        assert_eq!(allowance.part(1, &long), long);
        assert_eq!(allowance.part(0, &long).len(), Allowance::BEGINNING);
    }

    #[test]
    fn text_is_counted_to_the_limit() {
        let limits = Limits {
            text_bytes: 10,
            ..Limits::default()
        };
        let mut allowance = Allowance::new(&limits);
        assert_eq!(allowance.charge(10, "List", 1), Ok(()));
        assert!(allowance.charge(1, "List", 2).is_err());
    }
}

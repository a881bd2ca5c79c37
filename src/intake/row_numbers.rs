//! The row numbers of a sheet. A workbook's XML may name them in any order and
//! twice, which no spreadsheet program writes and every one repairs its own way.

use std::collections::HashSet;

/// The filled rows seen from the header on.
#[derive(Debug)]
pub(super) struct RowNumbers {
    header: u32,
    seen: HashSet<u32, rustc_hash::FxBuildHasher>,
    last: u32,
    pub(super) in_order: bool,
}

impl RowNumbers {
    pub(super) fn below(header: u32) -> Self {
        Self {
            header,
            seen: HashSet::default(),
            last: header,
            in_order: true,
        }
    }

    /// Whether the row was not there before.
    pub(super) fn is_new(&mut self, number: u32) -> bool {
        self.in_order &= number >= self.last;
        self.last = self.last.max(number);
        self.seen.insert(number)
    }

    /// Rows between the header and the last filled row that nothing fills.
    pub(super) fn gaps(&self) -> u32 {
        let filled = self.seen.iter().filter(|row| **row > self.header).count();
        (self.last - self.header).saturating_sub(u32::try_from(filled).unwrap_or(u32::MAX))
    }
}

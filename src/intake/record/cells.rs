//! The cells of one row, cleaned, and what there was to say about them.

use super::super::{
    Limits,
    clean::{Damage, clean},
    header::ColumnMap,
    row::{CellKind, RawCell, RawRow},
    shown::shown,
    supplier_list::CellWarning,
    values::is_placeholder,
};

/// The cells of one row and what there was to say about them.
pub(super) struct Cells<'row> {
    pub(super) row: &'row RawRow,
    pub(super) map: &'row ColumnMap,
    pub(super) limits: &'row Limits,
    pub(super) warnings: Vec<CellWarning>,
    pub(super) mojibake: bool,
}

impl Cells<'_> {
    pub(super) fn warn(&mut self, column: usize, reason: String, fix: &str) {
        self.warnings.push(CellWarning {
            column: self.map.label(column),
            reason,
            fix: fix.to_owned(),
        });
    }

    pub(super) fn cell(&self, column: usize) -> Option<&RawCell> {
        self.row.cells.get(column)
    }

    pub(super) fn kind(&self, column: usize) -> CellKind {
        self.cell(column).map_or(CellKind::Text, |cell| cell.kind)
    }

    /// The cell's text, cleaned; `None` when it is blank, a placeholder or
    /// unusable, the latter with a warning.
    pub(super) fn text(&mut self, column: usize) -> Option<String> {
        let (mut text, damage) = self.read(column)?;
        if let Some(damage) = damage {
            self.warn_of_damage(column, &damage);
            if let Damage::DoubleEncoded {
                repaired: Some(repaired),
            } = damage
            {
                text = clean(&repaired).text;
            }
        }
        (!text.is_empty() && !is_placeholder(&text)).then_some(text)
    }

    pub(super) fn read(&mut self, column: usize) -> Option<(String, Option<Damage>)> {
        let cell = self.cell(column)?;
        match cell.kind {
            CellKind::FormulaWithoutValue => {
                self.warn(
                    column,
                    "the formula has no stored result, and formulas are never run".to_owned(),
                    "open the workbook in a spreadsheet program, save it, and try again",
                );
                return None;
            }
            CellKind::Error => {
                let reason = format!("the cell shows the error {}", cell.text);
                self.warn(column, reason, "correct the formula or type the value");
                return None;
            }
            _ => {}
        }
        // Bytes first: counting the characters of every cell would be for nothing.
        if cell.text.len() > self.limits.cell_chars {
            let length = cell.text.chars().count();
            if length > self.limits.cell_chars {
                let limit = self.limits.cell_chars;
                self.warn(
                    column,
                    format!("the cell has {length} characters, more than the {limit} allowed; it was not read"),
                    "shorten the cell",
                );
                return None;
            }
        }
        let cleaned = clean(&cell.text);
        if cleaned.removed_invisible {
            self.warn(
                column,
                "invisible control characters were removed; they can disguise a name".to_owned(),
                "type the cell again",
            );
        }
        Some((cleaned.text, cleaned.damage))
    }

    pub(super) fn warn_of_damage(&mut self, column: usize, damage: &Damage) {
        self.mojibake = true;
        let shown = self
            .cell(column)
            .map_or_else(String::new, |cell| cut(cell.text.trim()));
        match damage {
            Damage::DoubleEncoded {
                repaired: Some(repaired),
            } => {
                let reading = cut(&clean(repaired).text);
                self.warn(
                    column,
                    format!("\"{shown}\" was garbled by a wrong encoding; it probably said \"{reading}\""),
                    "export the list again as UTF-8",
                );
            }
            Damage::DoubleEncoded { repaired: None } => self.warn(
                column,
                format!("\"{shown}\" was garbled by a wrong encoding and cannot be read back"),
                "export the list again as UTF-8",
            ),
            Damage::LettersLost => self.warn(
                column,
                format!("\"{shown}\" lost letters before the file was saved"),
                "export the list again as UTF-8 and check the cell",
            ),
        }
    }
}

/// For messages: one short line.
pub(super) fn cut(text: &str) -> String {
    shown(&text.replace('\n', " "))
}

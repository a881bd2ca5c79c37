//! XLSX and XLSM, streamed: one row in memory at a time.

use std::{io::Cursor, ops::ControlFlow};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::{
    super::{
        Unusable,
        allowance::Allowance,
        row::{CellKind, RawCell, RawRow, render_number},
        sheet::{RowSink, SheetHead},
        shown::sheet_place,
    },
    quiet::quietly,
};

pub(in crate::intake) struct XlsxBook<'bytes> {
    workbook: Xlsx<Cursor<&'bytes [u8]>>,
}

impl<'bytes> XlsxBook<'bytes> {
    /// `bytes` have passed [`super::measure`].
    pub(in crate::intake) fn open(bytes: &'bytes [u8]) -> Result<Self, Unusable> {
        let workbook = guarded(|| Xlsx::new(Cursor::new(bytes)))?;
        Ok(Self { workbook })
    }

    pub(in crate::intake) fn sheets(&self) -> Vec<SheetHead> {
        self.workbook
            .sheets_metadata()
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| SheetHead {
                name: sheet.name.clone(),
                hidden: sheet.visible != SheetVisible::Visible,
            })
            .collect()
    }

    /// Rows with a cell in them, in the order of the file: a number may come
    /// again, or after a higher one.
    pub(in crate::intake) fn each_row(
        &mut self,
        sheet: &str,
        allowance: &mut Allowance,
        sink: RowSink<'_>,
    ) -> Result<(), Unusable> {
        let workbook = &mut self.workbook;
        let mut cells = guarded(|| workbook.worksheet_cells_reader(sheet))?;
        let mut row = RawRow::default();
        loop {
            let next = guarded(|| cells.next_cell_with_formula_metadata())?;
            let Some(record) = next else { break };
            let (row_index, column) = record.pos;
            let number = row_index.saturating_add(1);
            if number != row.number {
                if flush(&mut row, sink)?.is_break() {
                    return Ok(());
                }
                row.number = number;
            }
            let column = column as usize;
            let cell = cell_of(record.value, record.formula.is_some(), |text| {
                allowance.part(column, text)
            });
            allowance.charge(cell.text.len() + Allowance::CELL, sheet, number)?;
            if cell.is_blank() {
                continue;
            }
            if column >= allowance.columns {
                return Err(Unusable::TooManyColumns {
                    place: sheet_place(sheet),
                    row: number,
                    limit: allowance.column_limit(),
                });
            }
            let taken = row.cells.get(column).is_some_and(|cell| !cell.is_blank());
            // A second row of the same number is not to be merged with the first.
            if taken && flush(&mut row, sink)?.is_break() {
                return Ok(());
            }
            if row.cells.len() <= column {
                row.cells.resize(column + 1, RawCell::default());
            }
            if let Some(slot) = row.cells.get_mut(column) {
                *slot = cell;
            }
        }
        flush(&mut row, sink).map(|_| ())
    }
}

fn flush(row: &mut RawRow, sink: RowSink<'_>) -> Result<ControlFlow<()>, Unusable> {
    if row.cells.is_empty() {
        return Ok(ControlFlow::Continue(()));
    }
    let flow = sink(row);
    row.cells.clear();
    flow
}

fn cell_of(value: DataRef<'_>, formula: bool, part: impl Fn(&str) -> &str) -> RawCell {
    match value {
        DataRef::Empty if formula => RawCell {
            text: String::new(),
            kind: CellKind::FormulaWithoutValue,
        },
        DataRef::Empty => RawCell::default(),
        DataRef::String(text) => RawCell::text(part(&text)),
        DataRef::SharedString(text) => RawCell::text(part(text)),
        DataRef::Int(number) => RawCell {
            text: number.to_string(),
            kind: CellKind::Number,
        },
        DataRef::Float(number) => render_number(number),
        DataRef::Bool(yes) => RawCell::text(if yes { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(moment) => date_cell(&moment),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => RawCell {
            text: part(&text).to_owned(),
            kind: CellKind::Date,
        },
        DataRef::Error(error) => error_cell(&error),
    }
}

pub(super) fn error_cell(error: &calamine::CellErrorType) -> RawCell {
    RawCell {
        text: error.to_string(),
        kind: CellKind::Error,
    }
}

/// A date as ISO 8601, with the time only where there is one.
pub(super) fn date_cell(moment: &ExcelDateTime) -> RawCell {
    if !moment.is_datetime() {
        return render_number(moment.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let text = if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    };
    RawCell {
        text,
        kind: CellKind::Date,
    }
}

fn guarded<T>(read: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, Unusable> {
    let damaged = |detail: String| Unusable::Damaged {
        format: "XLSX",
        detail,
    };
    match quietly(read) {
        Some(Ok(value)) => Ok(value),
        Some(Err(XlsxError::Password)) => Err(Unusable::Encrypted),
        Some(Err(error)) => Err(damaged(error.to_string())),
        None => Err(damaged("its parts contradict each other".to_owned())),
    }
}

//! XLS, the binary workbook of Excel 97 to 2003.

use std::io::Cursor;

use calamine::{Data, Reader, SheetType, SheetVisible, Xls, XlsError};

use super::{
    super::{
        Unusable,
        allowance::Allowance,
        row::{CellKind, RawCell, RawRow, render_number},
        sheet::{RowSink, SheetHead},
        shown::sheet_place,
    },
    compound,
    quiet::quietly,
    xlsx::{date_cell, error_cell},
};

pub(in crate::intake) struct XlsBook<'bytes> {
    workbook: Xls<Cursor<&'bytes [u8]>>,
}

impl<'bytes> XlsBook<'bytes> {
    pub(in crate::intake) fn open(bytes: &'bytes [u8]) -> Result<Self, Unusable> {
        compound::inspect(bytes)?;
        let workbook = guarded(|| Xls::new(Cursor::new(bytes)))?;
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

    pub(in crate::intake) fn each_row(
        &mut self,
        sheet: &str,
        allowance: &mut Allowance,
        sink: RowSink<'_>,
    ) -> Result<(), Unusable> {
        let workbook = &mut self.workbook;
        let range = guarded(|| workbook.worksheet_range(sheet))?;
        let (first_row, first_column) = range.start().unwrap_or((0, 0));
        for (values, number) in range.rows().zip(first_row.saturating_add(1)..) {
            let mut cells = vec![RawCell::default(); first_column as usize];
            cells.extend(
                values
                    .iter()
                    .zip(first_column as usize..)
                    .map(|(value, column)| cell_of(value, |text| allowance.part(column, text))),
            );
            let text = cells.iter().map(|cell| cell.text.len()).sum();
            allowance.charge(text, sheet, number)?;
            while cells.last().is_some_and(RawCell::is_blank) {
                cells.pop();
            }
            if cells.is_empty() {
                continue;
            }
            if cells.len() > allowance.columns {
                return Err(Unusable::TooManyColumns {
                    place: sheet_place(sheet),
                    row: number,
                    limit: allowance.column_limit(),
                });
            }
            let row = RawRow {
                number,
                cells,
                open_quote: false,
            };
            if sink(&row)?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn cell_of(value: &Data, part: impl Fn(&str) -> &str) -> RawCell {
    match value {
        Data::Empty => RawCell::default(),
        Data::String(text) => RawCell::text(part(text)),
        Data::Int(number) => RawCell {
            text: number.to_string(),
            kind: CellKind::Number,
        },
        Data::Float(number) => render_number(*number),
        Data::Bool(yes) => RawCell::text(if *yes { "TRUE" } else { "FALSE" }),
        Data::DateTime(moment) => date_cell(moment),
        Data::DateTimeIso(text) | Data::DurationIso(text) => RawCell {
            text: part(text).to_owned(),
            kind: CellKind::Date,
        },
        Data::Error(error) => error_cell(error),
    }
}

fn guarded<T>(read: impl FnOnce() -> Result<T, XlsError>) -> Result<T, Unusable> {
    let damaged = |detail: String| Unusable::Damaged {
        format: "XLS",
        detail,
    };
    match quietly(read) {
        Some(Ok(value)) => Ok(value),
        Some(Err(XlsError::Password)) => Err(Unusable::Encrypted),
        Some(Err(error)) => Err(damaged(error.to_string())),
        None => Err(damaged("its parts contradict each other".to_owned())),
    }
}

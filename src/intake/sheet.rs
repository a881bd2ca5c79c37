//! One opened file, whatever its format: its sheets and their rows.

use std::ops::ControlFlow;

use super::{
    Limits, Unusable,
    allowance::Allowance,
    detect::Format,
    row::RawRow,
    text::{Decoded, Records, decode, excel_hint, sniff},
    workbook::{Ods, XlsBook, XlsxBook, measure},
};

/// Takes one row; `Break` when it has seen enough.
pub(super) type RowSink<'sink> = &'sink mut dyn FnMut(&RawRow) -> Result<ControlFlow<()>, Unusable>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SheetHead {
    pub(super) name: String,
    pub(super) hidden: bool,
}

/// Rows come with blank ones left out in workbooks (their numbers leave gaps)
/// and as they stand in text.
pub(super) enum Book<'bytes> {
    Text { decoded: Decoded, delimiter: char },
    Xlsx(XlsxBook<'bytes>),
    Xls(XlsBook<'bytes>),
    Ods(Ods<'bytes>),
}

impl<'bytes> Book<'bytes> {
    pub(super) fn open(
        format: Format,
        bytes: &'bytes [u8],
        limits: &Limits,
    ) -> Result<Self, Unusable> {
        match format {
            Format::Text => {
                let decoded = decode(bytes);
                if mostly_unprintable(&decoded.text) {
                    return Err(Unusable::NotASpreadsheet {
                        what: "binary data",
                        advice: "choose the supplier list as .xlsx, .xls, .ods or .csv",
                    });
                }
                let delimiter = sniff(&decoded.text);
                Ok(Self::Text { decoded, delimiter })
            }
            Format::Xlsx => {
                measure(bytes, limits, "XLSX")?;
                XlsxBook::open(bytes).map(Self::Xlsx)
            }
            Format::Ods => {
                measure(bytes, limits, "ODS")?;
                Ods::open(bytes).map(Self::Ods)
            }
            Format::Xls => XlsBook::open(bytes).map(Self::Xls),
        }
    }

    /// Text has one sheet, without a name.
    pub(super) fn sheets(&self) -> Vec<SheetHead> {
        match self {
            Self::Text { .. } => Vec::new(),
            Self::Xlsx(book) => book.sheets(),
            Self::Xls(book) => book.sheets(),
            Self::Ods(book) => book.sheets(),
        }
    }

    pub(super) fn each_row(
        &mut self,
        sheet: Option<&str>,
        allowance: &mut Allowance,
        sink: RowSink<'_>,
    ) -> Result<(), Unusable> {
        let name = sheet.unwrap_or_default();
        match self {
            Self::Text { decoded, delimiter } => {
                let hinted = excel_hint(&decoded.text).is_some();
                for row in Records::new(&decoded.text, *delimiter)
                    .at_most(allowance.columns)
                    .skip(usize::from(hinted))
                {
                    if row.cells.len() > allowance.columns {
                        return Err(Unusable::TooManyColumns {
                            place: "the file".to_owned(),
                            row: row.number,
                            limit: allowance.column_limit(),
                        });
                    }
                    if sink(&row)?.is_break() {
                        break;
                    }
                }
                Ok(())
            }
            Self::Xlsx(book) => book.each_row(name, allowance, sink),
            Self::Xls(book) => book.each_row(name, allowance, sink),
            Self::Ods(book) => book.each_row(name, allowance, sink),
        }
    }
}

/// More than a fifth of control characters is no text; a few NUL bytes are a
/// damaged export, whose rows still count.
fn mostly_unprintable(text: &str) -> bool {
    let mut seen = 0_usize;
    let mut odd = 0_usize;
    for letter in text.chars().take(20_000) {
        seen += 1;
        let control = letter.is_control() && !letter.is_whitespace() && letter != '\u{1f}';
        odd += usize::from(control);
    }
    odd * 5 > seen
}

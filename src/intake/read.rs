//! The way of one file: recognize, open, find the table, read its rows.

use std::ops::ControlFlow;

use super::{
    IntakeOptions, Unusable,
    allowance::Allowance,
    detect::{Format, detect},
    furniture::not_a_supplier,
    header::ColumnMap,
    record::{Accepted, Outcome, read_row},
    row::RawRow,
    row_numbers::RowNumbers,
    same::duplicates,
    sheet::Book,
    shown::shown,
    supplier_list::{CellWarning, Layout, RejectedRow, RowCounts, SupplierList, SupplierRow},
    table::{Table, find_table},
    values::{self, Share, ShareUnit},
};

/// Rows between two calls of the progress callback.
const PROGRESS_STEP: u32 = 1000;

/// Reads one supplier list. `file_name` only serves to notice an extension
/// that promises something else than the bytes are.
pub fn read_supplier_list(
    file_name: &str,
    bytes: &[u8],
    options: &IntakeOptions,
) -> Result<SupplierList, Unusable> {
    read_supplier_list_with_progress(file_name, bytes, options, &mut |_| {})
}

/// Like [`read_supplier_list`]; `progress` hears the rows read so far.
pub fn read_supplier_list_with_progress(
    file_name: &str,
    bytes: &[u8],
    options: &IntakeOptions,
    progress: &mut dyn FnMut(u32),
) -> Result<SupplierList, Unusable> {
    options.limits.check_file_bytes(bytes.len() as u64)?;
    let format = detect(bytes)?;
    let mut book = Book::open(format, bytes, &options.limits)?;
    let mut notices = notices_on_format(file_name, format, &book);
    let mut allowance = Allowance::new(&options.limits);
    let table = find_table(&mut book, &mut allowance, options, &mut notices)?;
    notices.extend(table.map.notices.iter().cloned());
    allowance.read_columns(table.map.read_columns());
    let body = read_body(&mut book, &mut allowance, &table, options, progress)?;
    if body.rows.accepted + body.rows.rejected == 0 {
        return Err(Unusable::NoRows {
            place: table.place(),
            row: table.header.row,
        });
    }
    notices.extend(body.notices());
    let (encoding, delimiter) = match &book {
        Book::Text { decoded, delimiter } => (Some(decoded.encoding.to_owned()), Some(*delimiter)),
        _ => (None, None),
    };
    Ok(SupplierList {
        layout: Layout {
            format: format.name().to_owned(),
            encoding,
            delimiter,
            sheet: table.sheet.as_deref().map(shown),
            header_row: table.header.row,
            columns: table.map.columns,
        },
        rows: body.rows,
        duplicates: duplicates(&body.suppliers),
        suppliers: body.suppliers,
        rejected: body.rejected,
        notices,
    })
}

fn notices_on_format(file_name: &str, format: Format, book: &Book<'_>) -> Vec<String> {
    let mut notices = Vec::new();
    if !format.fits_extension(file_name) {
        notices.push(format!(
            "the file's extension does not fit: it was read as what it is, {}",
            format.name()
        ));
    }
    if let Book::Text { decoded, .. } = book {
        if decoded.guessed {
            notices.push(format!(
                "the file does not say its encoding: it was read as {}; if names look wrong, export it as UTF-8",
                decoded.encoding
            ));
        }
        if decoded.damaged {
            notices.push(format!(
                "some bytes are no {}: the letters they stood for are lost and shown as \u{fffd}; export the list again as UTF-8",
                decoded.encoding
            ));
        }
    }
    notices
}

/// The rows below the header, read.
#[derive(Default)]
pub(super) struct Body {
    pub(super) rows: RowCounts,
    pub(super) suppliers: Vec<SupplierRow>,
    pub(super) rejected: Vec<RejectedRow>,
    shares: Vec<(usize, usize, Share)>,
    mojibake: Vec<u32>,
    countries_from_address: u32,
    share_unit: Option<ShareUnit>,
    out_of_order: bool,
}

fn read_body(
    book: &mut Book<'_>,
    allowance: &mut Allowance,
    table: &Table,
    options: &IntakeOptions,
    progress: &mut dyn FnMut(u32),
) -> Result<Body, Unusable> {
    let mut body = Body::default();
    let is_text = matches!(book, Book::Text { .. });
    let header = table.header.row;
    let mut numbers = RowNumbers::below(header);
    book.each_row(table.sheet.as_deref(), allowance, &mut |row| {
        if row.number < header || row.number == header && numbers.is_new(header) {
            return Ok(ControlFlow::Continue(()));
        }
        if row.is_blank() {
            // Blank rows of a workbook show as gaps before the next filled one.
            body.rows.blank += u32::from(is_text);
            return Ok(ControlFlow::Continue(()));
        }
        let filled = body.rows.accepted + body.rows.rejected + 1;
        if filled >= options.limits.rows {
            return Err(Unusable::TooManyRows {
                place: table.place(),
                limit: options.limits.rows,
            });
        }
        if numbers.is_new(row.number) {
            body.take(row, table, options);
        } else {
            body.reject(second_of_its_number(row.number), table.sheet.as_deref());
        }
        if filled.is_multiple_of(PROGRESS_STEP) {
            progress(filled);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    if !is_text {
        body.rows.blank = numbers.gaps();
        body.out_of_order = !numbers.in_order;
    }
    body.rows.total = body.rows.accepted + body.rows.rejected + body.rows.blank;
    body.resolve_shares(&table.map);
    body.put_in_order();
    Ok(body)
}

/// Which of the two a spreadsheet program shows differs from one to the other.
fn second_of_its_number(row: u32) -> RejectedRow {
    RejectedRow {
        sheet: None,
        row,
        column: None,
        reason: format!("the file holds row {row} more than once; this is a later one"),
        fix: "open the workbook in a spreadsheet program, check that no row is missing, and save it again".to_owned(),
    }
}

impl Body {
    fn take(&mut self, row: &RawRow, table: &Table, options: &IntakeOptions) {
        let outcome = match not_a_supplier(row, &table.map) {
            Some((reason, fix)) => Outcome::Rejected(RejectedRow {
                sheet: None,
                row: row.number,
                column: None,
                reason: reason.to_owned(),
                fix: fix.to_owned(),
            }),
            None => read_row(row, &table.map, &options.limits),
        };
        match outcome {
            Outcome::Accepted(accepted) => self.accept(*accepted),
            Outcome::Rejected(rejected) => self.reject(rejected, table.sheet.as_deref()),
        }
    }

    pub(super) fn reject(&mut self, mut rejected: RejectedRow, sheet: Option<&str>) {
        rejected.sheet = sheet.map(shown);
        self.rows.rejected += 1;
        self.rejected.push(rejected);
    }

    fn put_in_order(&mut self) {
        self.suppliers.sort_by_key(|supplier| supplier.row);
        self.rejected.sort_by_key(|rejected| rejected.row);
        self.mojibake.sort_unstable();
    }

    pub(super) fn accept(&mut self, accepted: Accepted) {
        self.rows.accepted += 1;
        if accepted.mojibake {
            self.mojibake.push(accepted.row.row);
        }
        self.countries_from_address += u32::from(accepted.country_from_address);
        if let Some((column, share)) = accepted.share {
            self.shares.push((self.suppliers.len(), column, share));
        }
        self.suppliers.push(accepted.row);
    }

    /// Whether 1 means 1 % or all, the whole column says.
    pub(super) fn resolve_shares(&mut self, map: &ColumnMap) {
        let unit = values::share_unit(self.shares.iter().filter_map(|(_, _, share)| match share {
            Share::Bare(value) => Some(*value),
            Share::Percent(_) => None,
        }));
        self.share_unit = self
            .shares
            .iter()
            .any(|(_, _, share)| matches!(share, Share::Bare(value) if *value > 0.0))
            .then_some(unit);
        for (supplier, column, share) in &self.shares {
            let Some(row) = self.suppliers.get_mut(*supplier) else {
                continue;
            };
            row.supplier.migrant_share_permille = values::permille(*share, unit);
            if row.supplier.migrant_share_permille.is_none() {
                let (Share::Bare(value) | Share::Percent(value)) = share;
                let reason = if unit == ShareUnit::Unclear && *value <= 1.0 {
                    format!("{value} may mean 1% or all workers: it was not used")
                } else {
                    format!("{value} is no share of a whole: it was not used")
                };
                row.warnings.push(CellWarning {
                    column: map.label(*column),
                    reason,
                    fix: "write the share with a percent sign, between 0% and 100%".to_owned(),
                });
            }
        }
    }

    pub(super) fn notices(&self) -> Vec<String> {
        let mut notices = Vec::new();
        if self.out_of_order {
            notices.push(
                "the rows stand out of order in the file, which no spreadsheet program writes: they were read in the order of their numbers".to_owned(),
            );
        }
        if !self.mojibake.is_empty() {
            let rows: Vec<String> = self.mojibake.iter().take(10).map(u32::to_string).collect();
            let more = if self.mojibake.len() > 10 {
                ", ..."
            } else {
                ""
            };
            notices.push(format!(
                "{} rows hold garbled or lost letters (rows {}{more}): the list was saved in a wrong encoding; names were kept as they stand, with the probable reading as an alias; other cells show the probable reading, and the warnings what stood there",
                self.mojibake.len(),
                rows.join(", ")
            ));
        }
        if self.countries_from_address > 0 {
            notices.push(format!(
                "{} rows name their country only at the end of the address: it was read from there",
                self.countries_from_address
            ));
        }
        match self.share_unit {
            Some(ShareUnit::Fraction) => notices.push(
                "migrant shares were read as fractions (0.15 is 15%), since none is above 1"
                    .to_owned(),
            ),
            Some(ShareUnit::Percent) => {
                notices.push("migrant shares were read as percentages (15 is 15%)".to_owned());
            }
            _ => {}
        }
        notices
    }
}

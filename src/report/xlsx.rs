//! A workbook: summary, suppliers with tier colors, hits, rejected rows.

use std::io::{Seek, Write};

use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::{
    result::{Head, SupplierResult, Totals},
    row::{Cell, HIT_COLUMNS, SUPPLIER_COLUMNS, hit_cells, supplier_cells},
    text::looks_like_formula,
};
use crate::risk::Tier;

/// Rows of one sheet, the header among them.
const SHEET_ROWS: u32 = 1_048_576;
/// Characters of one cell.
const CELL_CHARACTERS: usize = 32_767;

/// Writes rows as they come; the sheets of suppliers and hits are never held
/// in memory.
pub struct XlsxWriter {
    workbook: Workbook,
    formats: Formats,
    supplier_row: u32,
    hit_row: u32,
    hits_left_out: u32,
}

impl std::fmt::Debug for XlsxWriter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("XlsxWriter")
            .field("supplier_row", &self.supplier_row)
            .field("hit_row", &self.hit_row)
            .finish_non_exhaustive()
    }
}

struct Formats {
    header: Format,
    text: Format,
    /// Keeps what looks like a formula text even when a person edits the cell.
    quoted: Format,
    title: Format,
    warning: Format,
}

const SUMMARY: usize = 0;
const SUPPLIERS: usize = 1;
const HITS: usize = 2;
const REJECTED: usize = 3;

impl XlsxWriter {
    pub fn begin() -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        let formats = Formats {
            header: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Top)
                .set_font_color(Color::White)
                .set_background_color(Color::RGB(0x1F_3A_4D)),
            text: Format::new().set_align(FormatAlign::Top),
            quoted: Format::new().set_align(FormatAlign::Top).set_quote_prefix(),
            title: Format::new().set_bold().set_font_size(16),
            warning: Format::new()
                .set_bold()
                .set_font_color(Color::RGB(0x9C_2B_1B)),
        };
        for_print(workbook.add_worksheet().set_name("Summary")?);
        let suppliers = workbook.add_worksheet_with_constant_memory()?;
        suppliers.set_name("Suppliers")?;
        table_head(suppliers, &SUPPLIER_COLUMNS, &formats, 2)?;
        let hits = workbook.add_worksheet_with_constant_memory()?;
        hits.set_name("Hits")?;
        table_head(hits, &HIT_COLUMNS, &formats, 2)?;
        let rejected = workbook.add_worksheet_with_constant_memory()?;
        rejected.set_name("Rejected rows")?;
        table_head(rejected, &REJECTED_COLUMNS, &formats, 0)?;
        Ok(Self {
            workbook,
            formats,
            supplier_row: 1,
            hit_row: 1,
            hits_left_out: 0,
        })
    }

    pub fn push(&mut self, result: &SupplierResult) -> Result<(), XlsxError> {
        let formats = &self.formats;
        let sheet = self.workbook.worksheet_from_index(SUPPLIERS)?;
        let tier = Format::new()
            .set_align(FormatAlign::Top)
            .set_bold()
            .set_background_color(tier_color(result.assessment.tier));
        for (column, cell) in (0u16..).zip(supplier_cells(result)) {
            let is_tier = SUPPLIER_COLUMNS
                .get(usize::from(column))
                .is_some_and(|(title, _)| *title == "tier");
            let format = is_tier.then_some(&tier);
            write_cell(sheet, self.supplier_row, column, &cell, formats, format)?;
        }
        self.supplier_row += 1;

        let sheet = self.workbook.worksheet_from_index(HITS)?;
        for cells in hit_cells(result) {
            if self.hit_row >= SHEET_ROWS {
                self.hits_left_out += 1;
                continue;
            }
            for (column, cell) in (0u16..).zip(cells) {
                write_cell(sheet, self.hit_row, column, &cell, formats, None)?;
            }
            self.hit_row += 1;
        }
        Ok(())
    }

    pub fn finish<W: Write + Seek + Send>(
        mut self,
        writer: W,
        head: &Head,
        totals: &Totals,
        result_sha256: &str,
    ) -> Result<(), XlsxError> {
        let sheet = self.workbook.worksheet_from_index(REJECTED)?;
        for (row, rejected) in (1u32..SHEET_ROWS).zip(&head.rejected) {
            let cells = [
                Cell::Text(rejected.sheet.clone().unwrap_or_default()),
                Cell::Number(rejected.row),
                Cell::Text(rejected.column.clone().unwrap_or_default()),
                Cell::Text(rejected.reason.clone()),
                Cell::Text(rejected.fix.clone()),
            ];
            for (column, cell) in (0u16..).zip(cells) {
                write_cell(sheet, row, column, &cell, &self.formats, None)?;
            }
        }
        if self.supplier_row > 1 {
            let last = u16::try_from(SUPPLIER_COLUMNS.len() - 1).unwrap_or(u16::MAX);
            self.workbook.worksheet_from_index(SUPPLIERS)?.autofilter(
                0,
                0,
                self.supplier_row - 1,
                last,
            )?;
        }
        let left_out = self.hits_left_out;
        let sheet = self.workbook.worksheet_from_index(SUMMARY)?;
        write_summary(sheet, &self.formats, head, totals, result_sha256, left_out)?;
        self.workbook.save_to_writer(writer)
    }
}

const REJECTED_COLUMNS: [(&str, u16); 5] = [
    ("sheet", 20),
    ("row", 8),
    ("column", 26),
    ("reason", 60),
    ("what to do", 70),
];

fn table_head(
    sheet: &mut Worksheet,
    columns: &[(&str, u16)],
    formats: &Formats,
    frozen_columns: u16,
) -> Result<(), XlsxError> {
    for (column, (title, width)) in (0u16..).zip(columns) {
        sheet.set_column_width(column, *width)?;
        sheet.write_string_with_format(0, column, *title, &formats.header)?;
    }
    sheet.set_freeze_panes(1, frozen_columns)?;
    sheet.set_repeat_rows(0, 0)?;
    for_print(sheet);
    Ok(())
}

/// One page wide, as many long as it takes.
fn for_print(sheet: &mut Worksheet) {
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
}

fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    formats: &Formats,
    format: Option<&Format>,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Number(number) => {
            sheet.write_number_with_format(
                row,
                column,
                *number,
                format.unwrap_or(&formats.text),
            )?;
        }
        Cell::Text(text) => {
            let format = match format {
                Some(format) => format,
                None if looks_like_formula(text) => &formats.quoted,
                None => &formats.text,
            };
            let cut: String = text.chars().take(CELL_CHARACTERS).collect();
            sheet.write_string_with_format(row, column, cut, format)?;
        }
    }
    Ok(())
}

fn tier_color(tier: Tier) -> Color {
    Color::RGB(match tier {
        Tier::Severe => 0xF4_B6_AE,
        Tier::High => 0xF9_D5_A7,
        Tier::Moderate => 0xFB_EF_B3,
        Tier::Low => 0xCF_E8_CF,
        Tier::NotAssessed => 0xDD_DD_E3,
    })
}

fn write_summary(
    sheet: &mut Worksheet,
    formats: &Formats,
    head: &Head,
    totals: &Totals,
    result_sha256: &str,
    hits_left_out: u32,
) -> Result<(), XlsxError> {
    sheet.set_column_width(0, 66)?;
    sheet.set_column_width(1, 34)?;
    sheet.set_column_width(2, 30)?;
    sheet.set_column_width(3, 90)?;
    sheet.write_string_with_format(0, 0, "Supplier screening", &formats.title)?;
    let mut row = 2;
    let mut line = |cells: &[&str], format: &Format| -> Result<(), XlsxError> {
        for (column, text) in (0u16..).zip(cells) {
            let format = if looks_like_formula(text) {
                &formats.quoted
            } else {
                format
            };
            sheet.write_string_with_format(row, column, *text, format)?;
        }
        row += 1;
        Ok(())
    };
    let text = &formats.text;
    let rows = head.input.rows;
    line(&["File", &head.input.file], text)?;
    line(&["File SHA-256", &head.input.sha256], text)?;
    line(&["As of", &head.as_of.to_string()], text)?;
    line(
        &[
            "Model",
            &head.model.name,
            &head.model.version,
            &head.model.sha256,
        ],
        text,
    )?;
    line(&["Result SHA-256 (canonical JSON)", result_sha256], text)?;
    line(
        &[
            "Rows",
            &rows.total.to_string(),
            &format!(
                "= {} accepted + {} rejected + {} blank",
                rows.accepted, rows.rejected, rows.blank
            ),
        ],
        text,
    )?;
    if hits_left_out > 0 {
        let said = format!("{hits_left_out} hits do not fit the sheet: use --format json");
        line(&["Hits left out", &said], &formats.warning)?;
    }
    line(&[], text)?;
    line(&["Suppliers by tier", "suppliers"], &formats.header)?;
    for (tier, count) in totals.by_tier.iter().rev() {
        line(&[tier.as_str(), &count.to_string()], text)?;
    }
    line(&[], text)?;
    line(&["Suppliers by disposition", "suppliers"], &formats.header)?;
    for (disposition, count) in &totals.by_disposition {
        line(&[disposition.as_str(), &count.to_string()], text)?;
    }
    line(&[], text)?;
    line(
        &["Lists searched", "edition", "held of expected", "note"],
        &formats.header,
    )?;
    for snapshot in &head.snapshots {
        let format = match snapshot.completeness.is_whole() {
            Some(true) => text,
            _ => &formats.warning,
        };
        line(
            &[
                &snapshot.title,
                &snapshot.edition,
                &snapshot.completeness.in_words(),
                snapshot.completeness.note.as_deref().unwrap_or_default(),
            ],
            format,
        )?;
    }
    for list in &head.not_searched {
        line(&[&list.title, "not searched"], &formats.warning)?;
    }
    line(&[], text)?;
    for sentence in super::READING {
        line(&[sentence], text)?;
    }
    for notice in &head.input.notices {
        line(&["Notice on the file", notice], text)?;
    }
    Ok(())
}

//! The table about contractors as CSV and as a workbook.

use std::io::{self, Seek, Write};

use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, XlsxError};

use super::text::{formula_safe, looks_like_formula};
use crate::disclosures::contractor::{
    ContractorReport, DisclosureStatus, REPORT_COLUMNS, ReportRow,
};

/// Characters of one cell.
const CELL_CHARACTERS: usize = 32_767;
/// Rows of one sheet, the header among them.
const SHEET_ROWS: u32 = 1_048_576;

/// UTF-8 with a byte-order mark, formula-safe.
pub fn contractor_csv<W: Write>(mut writer: W, rows: &[ReportRow]) -> io::Result<()> {
    writer.write_all("\u{feff}".as_bytes())?;
    let mut csv = csv::Writer::from_writer(writer);
    csv.write_record(REPORT_COLUMNS.map(|(title, _)| title))?;
    for row in rows {
        csv.write_record(row.cells().map(|cell| formula_safe(cell).into_owned()))?;
    }
    csv.flush()
}

/// Two sheets: how to read it and how many of each, and the rows.
pub fn contractor_xlsx<W: Write + Seek + Send>(
    writer: W,
    report: &ContractorReport,
    rows: &[ReportRow],
) -> Result<(), XlsxError> {
    let mut workbook = Workbook::new();
    let header = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_font_color(Color::White)
        .set_background_color(Color::RGB(0x1F_3A_4D));
    let title = Format::new().set_bold().set_font_size(16);
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let cited = Format::new()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_italic()
        .set_font_color(Color::RGB(0x50_50_50));

    let sheet = workbook.add_worksheet();
    sheet
        .set_name("Summary")?
        .set_landscape()
        .set_print_fit_to_pages(1, 0);
    sheet.set_column_width(0, 40)?.set_column_width(1, 100)?;
    sheet.write_string_with_format(0, 0, "Federal contractors: what was found", &title)?;
    let mut lines = vec![
        ("As of".to_owned(), report.as_of.to_string()),
        (
            "Rules".to_owned(),
            format!(
                "{} {}, SHA-256 {}",
                report.policy.name, report.policy.version, report.policy.sha256
            ),
        ),
    ];
    for status in DisclosureStatus::ALL {
        let count = report
            .contractors
            .iter()
            .flat_map(|one| &one.contracts)
            .filter(|contract| contract.is(status))
            .count();
        lines.push((status.as_str().to_owned(), count.to_string()));
    }
    for sentence in &report.reading {
        lines.push(("How to read this".to_owned(), sentence.clone()));
    }
    for (row, (name, value)) in (2u32..).zip(&lines) {
        sheet.write_string_with_format(row, 0, name, &text)?;
        sheet.write_string_with_format(row, 1, value, &text)?;
    }

    let sheet = workbook.add_worksheet();
    sheet
        .set_name("Contracts")?
        .set_landscape()
        .set_paper_size(8)
        .set_print_fit_to_pages(4, 0)
        .set_repeat_columns(0, 2)?
        .set_repeat_rows(0, 0)?
        .set_freeze_panes(1, 3)?;
    for (column, (name, width)) in (0u16..).zip(REPORT_COLUMNS) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, name, &header)?;
    }
    for (row, cells) in (1u32..SHEET_ROWS).zip(rows) {
        sheet.set_row_height(row, row_height(cells))?;
        for (column, cell) in (0u16..).zip(cells.cells()) {
            let source = REPORT_COLUMNS
                .get(usize::from(column))
                .is_some_and(|(name, _)| name.contains(": "));
            let format = if source { &cited } else { &text };
            let cut: String = cell.chars().take(CELL_CHARACTERS).collect();
            if looks_like_formula(&cut) {
                let quoted = format.clone().set_quote_prefix();
                sheet.write_string_with_format(row, column, cut, &quoted)?;
            } else {
                sheet.write_string_with_format(row, column, cut, format)?;
            }
        }
    }
    let last = u16::try_from(REPORT_COLUMNS.len() - 1).unwrap_or(u16::MAX);
    let rows = u32::try_from(rows.len())
        .unwrap_or(SHEET_ROWS)
        .min(SHEET_ROWS - 1);
    sheet.autofilter(0, 0, rows, last)?;
    workbook.save_to_writer(writer)
}

/// Not every program makes room for wrapped text by itself. In points; 409 is the
/// most that a sheet takes.
fn row_height(row: &ReportRow) -> f64 {
    let lines = row
        .cells()
        .iter()
        .zip(REPORT_COLUMNS)
        // Words break before the edge: a tenth is lost.
        .map(|(cell, (_, width))| cell.chars().count() * 11 / 10 / usize::from(width) + 1)
        .max()
        .unwrap_or(1);
    f64::from(u16::try_from(lines.min(27)).unwrap_or(27)) * 15.0
}

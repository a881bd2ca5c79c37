//! Writes `fixtures/suppliers/sample.xlsx` from `sample.csv` beside it, the way
//! a purchasing department would send it: a title above the table, numbers in
//! number cells, a second sheet. The same input gives the same bytes.
//!
//! `cargo run --example make_sample`

use std::{error::Error, path::Path};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Formula, Workbook};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/suppliers");
    let text = std::fs::read_to_string(folder.join("sample.csv"))?;
    std::fs::write(folder.join("sample.xlsx"), sample(&text)?)?;
    Ok(())
}

fn sample(text: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut workbook = Workbook::new();
    let written = ExcelDateTime::from_ymd(2026, 11, 2)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&written));

    let readme = workbook.add_worksheet().set_name("Read me")?;
    readme.write(
        0,
        0,
        "Please keep the columns of the sheet \"Suppliers\" as they are.",
    )?;
    readme.write(
        1,
        0,
        "Spend is in US dollars. Workers are as stated by the supplier.",
    )?;

    let title = Format::new().set_bold().set_font_size(14);
    let head = Format::new().set_bold().set_align(FormatAlign::Center);
    let sheet = workbook.add_worksheet().set_name("Suppliers")?;
    let mut records = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut header: Vec<String> = Vec::new();
    for (row, record) in (0_u32..).zip(records.records()) {
        let record = record?;
        let is_header = record.get(0) == Some("Supplier Name");
        if is_header {
            header = record.iter().map(str::to_owned).collect();
        }
        for (column, cell) in (0_u16..).zip(record.iter()) {
            let name = header.get(usize::from(column)).map_or("", String::as_str);
            let number = cell.replace(',', "").parse::<f64>().ok();
            match number {
                _ if cell.is_empty() => {}
                _ if header.is_empty() => {
                    sheet.write_with_format(row, column, cell, &title)?;
                }
                _ if is_header => {
                    sheet.write_with_format(row, column, cell, &head)?;
                }
                Some(number) if is_number(name, cell) => {
                    sheet.write(row, column, number)?;
                }
                // A total is a formula with its stored result.
                Some(_) if record.get(0) == Some("Total") => {
                    let formula = format!("=SUM(O5:O{row})");
                    sheet.write(row, column, Formula::new(formula).set_result(cell))?;
                }
                _ => {
                    sheet.write(row, column, cell)?;
                }
            }
        }
    }
    sheet.set_freeze_panes(4, 1)?;
    sheet.set_column_width(0, 44)?;
    Ok(workbook.save_to_buffer()?)
}

/// Columns that a person types numbers into, among them codes that thereby
/// lose their zeros.
fn is_number(header: &str, cell: &str) -> bool {
    match header {
        "Annual Spend (USD)" | "Total Workers" | "% Migrant Workers" => cell != "11,000,000",
        "HS Code" | "Postal Code" => !cell.contains(' '),
        _ => false,
    }
}

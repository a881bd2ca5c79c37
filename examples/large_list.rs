//! Writes a supplier list of many rows, to measure intake with:
//! `cargo run --release --example large_list -- 100000 target/large.xlsx`.

use std::{error::Error, fmt::Write as _};

use rust_xlsxwriter::Workbook;

const HEADER: [&str; 12] = [
    "Supplier Name",
    "Supplier Group",
    "Address",
    "City",
    "Province",
    "Postal Code",
    "Country",
    "Product",
    "HS Code",
    "Total Workers",
    "% Migrant Workers",
    "Notes",
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let rows: u32 = arguments.next().ok_or("how many rows?")?.parse()?;
    let path = arguments.next().ok_or("which file?")?;
    let bytes = if path.to_lowercase().ends_with("csv") {
        csv_bytes(rows)?
    } else {
        xlsx_bytes(rows)?
    };
    std::fs::write(path, bytes)?;
    Ok(())
}

/// Invented names that do not repeat.
fn record(number: u32) -> [String; 12] {
    const PLACES: [(&str, &str, &str); 5] = [
        ("Suzhou", "Jiangsu", "China"),
        ("Tiruppur", "Tamil Nadu", "India"),
        ("Biên Hòa", "Đồng Nai", "Viet Nam"),
        ("Gazipur", "Dhaka", "BD"),
        ("León", "Guanajuato", "México"),
    ];
    let (city, province, country) = PLACES
        .get(number as usize % PLACES.len())
        .copied()
        .unwrap_or_default();
    [
        format!("Invented {city} Textile No. {number} Co., Ltd."),
        format!("Group {}", number % 977),
        format!("No. {} Example Road, Sample Industrial Zone", number % 3001),
        city.to_owned(),
        province.to_owned(),
        format!("{}", 100_000 + number % 800_000),
        country.to_owned(),
        "Knitted shirts; Cotton yarn".to_owned(),
        "6109.10".to_owned(),
        format!("{}", 20 + number % 5000),
        format!("{}", number % 60),
        String::new(),
    ]
}

fn csv_bytes(rows: u32) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER)?;
    for number in 0..rows {
        writer.write_record(record(number))?;
    }
    Ok(writer.into_inner()?)
}

fn xlsx_bytes(rows: u32) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, text) in (0..).zip(HEADER) {
        sheet.write(0, column, text)?;
    }
    let mut text = String::new();
    for number in 0..rows {
        for (column, cell) in (0..).zip(record(number)) {
            text.clear();
            write!(text, "{cell}")?;
            match text.parse::<f64>() {
                Ok(value) => sheet.write(number + 1, column, value)?,
                Err(_) => sheet.write(number + 1, column, text.as_str())?,
            };
        }
    }
    Ok(workbook.save_to_buffer()?)
}

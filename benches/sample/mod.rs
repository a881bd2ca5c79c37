//! Invented supplier lists for the benchmarks.
#![allow(dead_code, reason = "each benchmark uses its part")]

use std::{error::Error, path::Path};

use rust_xlsxwriter::Workbook;

pub(crate) const HEADERS: [&str; 8] = [
    "Supplier", "Address", "City", "Province", "Country", "Products", "HS Code", "Workers",
];

/// A row that differs from every other: words from small lists in changing
/// company, so that names are as alike as in a real list.
pub(crate) fn row(number: usize) -> [String; 8] {
    const FIRST: [&str; 17] = [
        "Golden",
        "Eastern",
        "Sunrise",
        "Pacific",
        "Jade",
        "Lotus",
        "Delta",
        "Nova",
        "Royal",
        "Star",
        "Harbor",
        "Summit",
        "Orient",
        "Crystal",
        "Evergreen",
        "Falcon",
        "Zenith",
    ];
    const SECOND: [&str; 13] = [
        "Textile",
        "Garments",
        "Footwear",
        "Electronics",
        "Trading",
        "Knitting",
        "Plastics",
        "Metal",
        "Foods",
        "Seafood",
        "Furniture",
        "Packaging",
        "Chemicals",
    ];
    const PLACES: [(&str, &str, &str); 7] = [
        ("Dongguan", "Guangdong", "China"),
        ("Dhaka", "Dhaka", "Bangladesh"),
        ("Ho Chi Minh City", "", "Vietnam"),
        ("Tiruppur", "Tamil Nadu", "India"),
        ("Izmir", "Izmir", "Turkey"),
        ("Santos", "SP", "Brazil"),
        ("Ningbo", "Zhejiang", "CN"),
    ];
    const GOODS: [(&str, &str); 6] = [
        ("Cotton T-shirts", "610910"),
        ("Leather footwear", "640399"),
        ("Frozen shrimp", "030617"),
        ("Steel fasteners", "731815"),
        ("Printed circuit boards", "853400"),
        ("Wooden furniture", "940360"),
    ];
    let pick = |length: usize, salt: usize| (number.wrapping_mul(2_654_435_761) >> salt) % length;
    let first = FIRST.get(pick(FIRST.len(), 3)).copied().unwrap_or_default();
    let second = SECOND
        .get(pick(SECOND.len(), 7))
        .copied()
        .unwrap_or_default();
    let (city, province, country) = PLACES
        .get(pick(PLACES.len(), 11))
        .copied()
        .unwrap_or_default();
    let (goods, code) = GOODS
        .get(pick(GOODS.len(), 13))
        .copied()
        .unwrap_or_default();
    [
        format!("{first} {city} {second} No. {number} Co., Ltd."),
        format!("{} Industrial Road", number % 900 + 1),
        city.to_owned(),
        province.to_owned(),
        country.to_owned(),
        goods.to_owned(),
        code.to_owned(),
        (number % 4_000 + 20).to_string(),
    ]
}

pub(crate) fn write_csv(file: &Path, rows: usize) -> Result<(), Box<dyn Error>> {
    let mut csv = csv::Writer::from_path(file)?;
    csv.write_record(HEADERS)?;
    for number in 0..rows {
        csv.write_record(row(number))?;
    }
    Ok(csv.flush()?)
}

pub(crate) fn write_xlsx(file: &Path, rows: usize) -> Result<(), Box<dyn Error>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.write_row(0, 0, HEADERS)?;
    for (place, number) in (1u32..).zip(0..rows) {
        sheet.write_row(place, 0, row(number))?;
    }
    Ok(workbook.save(file)?)
}

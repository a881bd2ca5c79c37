//! The main job end to end on a generated list: `cargo bench --bench main_job`
//! (`-- ROWS` for another length, 100,000 by default). Each run is a process of
//! its own, so that its peak memory is its own.
#![expect(clippy::print_stdout, reason = "a benchmark talks to its reader")]

use std::{error::Error, path::Path, process::Command, time::Instant};

use plimsoll::{
    app::screen::{Request, screen},
    clock::{Clock, SystemClock},
    config::DatabaseSettings,
    intake::IntakeOptions,
    store::Database,
};
use rust_xlsxwriter::Workbook;

const HEADERS: [&str; 8] = [
    "Supplier", "Address", "City", "Province", "Country", "Products", "HS Code", "Workers",
];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, file] = arguments.as_slice()
        && mode == "--run"
    {
        return run(Path::new(file));
    }
    let rows = arguments
        .iter()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(100_000);
    let folder = tempfile::tempdir()?;
    let csv = folder.path().join("list.csv");
    let xlsx = folder.path().join("list.xlsx");
    write_csv(&csv, rows)?;
    write_xlsx(&xlsx, rows)?;
    for file in [csv, xlsx] {
        let status = Command::new(std::env::current_exe()?)
            .arg("--run")
            .arg(&file)
            .status()?;
        if !status.success() {
            return Err("the run failed".into());
        }
    }
    Ok(())
}

fn run(file: &Path) -> Result<(), Box<dyn Error>> {
    let bytes = std::fs::read(file)?;
    let size = bytes.len();
    let kind = file.extension().unwrap_or_default();
    let database_file = file.with_file_name(kind).with_extension("db");
    let runtime = tokio::runtime::Runtime::new()?;
    let started = Instant::now();
    let screened = runtime.block_on(async {
        let database = Database::open(&DatabaseSettings {
            url: format!("sqlite://{}?mode=rwc", database_file.display()),
            ..DatabaseSettings::default()
        })
        .await?;
        let clock = SystemClock;
        let request = Request {
            file_name: "list".to_owned(),
            bytes,
            options: IntakeOptions::default(),
            as_of: clock.today(),
            actor: "bench".to_owned(),
        };
        let screened = screen(&database, &clock, request, &|_| {}).await?;
        database.close().await?;
        Ok::<_, Box<dyn Error>>(screened)
    })?;
    let seconds = started.elapsed().as_secs_f64();
    let suppliers = screened.totals.suppliers;
    let stored = std::fs::metadata(&database_file)?.len();
    println!(
        "{}: {suppliers} suppliers, {:.1} MB in {seconds:.2} s, {:.0} rows/s; peak memory {}; database {:.2} MB per 1,000 suppliers",
        kind.display(),
        megabytes(size as u64),
        f64::from(suppliers) / seconds,
        peak_memory(),
        megabytes(stored) / (f64::from(suppliers) / 1e3),
    );
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "shown with two digits")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Linux keeps the peak of a process; elsewhere nothing is said.
fn peak_memory() -> String {
    std::fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .map_or_else(|| "unknown".to_owned(), |peak| peak.trim().to_owned())
}

/// A row that differs from every other: words from small lists in changing
/// company, so that names are as alike as in a real list.
fn row(number: usize) -> [String; 8] {
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

fn write_csv(file: &Path, rows: usize) -> Result<(), Box<dyn Error>> {
    let mut csv = csv::Writer::from_path(file)?;
    csv.write_record(HEADERS)?;
    for number in 0..rows {
        csv.write_record(row(number))?;
    }
    Ok(csv.flush()?)
}

fn write_xlsx(file: &Path, rows: usize) -> Result<(), Box<dyn Error>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.write_row(0, 0, HEADERS)?;
    for (place, number) in (1u32..).zip(0..rows) {
        sheet.write_row(place, 0, row(number))?;
    }
    Ok(workbook.save(file)?)
}

//! The main job end to end on a generated list: `cargo bench --bench main_job`
//! (`-- ROWS` for another length, 100,000 by default). Each run is a process of
//! its own, so that its peak memory is its own.
#![expect(clippy::print_stdout, reason = "a benchmark talks to its reader")]

mod sample;

use std::{error::Error, path::Path, process::Command, time::Instant};

use plimsoll::{
    app::screen::{Request, screen},
    clock::{Clock, SystemClock},
    config::DatabaseSettings,
    intake::IntakeOptions,
    store::Database,
};
use sample::{write_csv, write_xlsx};

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

//! Reads one supplier list and shows what intake makes of it, how fast, and how
//! much memory the process took at most:
//! `cargo run --example read_list -- FILE [column=field ...]`.
#![expect(clippy::print_stdout, reason = "an example talks to its reader")]

use plimsoll::intake::{IntakeOptions, parse_mapping, read_supplier_list};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("which file?")?;
    let map = arguments
        .map(|argument| parse_mapping(&argument))
        .collect::<Result<Vec<_>, _>>()?;
    let bytes = std::fs::read(&file)?;
    let options = IntakeOptions {
        map,
        ..IntakeOptions::default()
    };
    let started = std::time::Instant::now();
    let mut list = read_supplier_list(&file, &bytes, &options)
        .map_err(|unusable| format!("{file}: {unusable}"))?;
    let took = started.elapsed();
    let rows = list.rows;
    list.suppliers.truncate(1000);
    println!("{}", serde_json::to_string_pretty(&list)?);
    println!(
        "{rows:?} in {took:.2?}, {:.0} rows/s",
        f64::from(rows.total) / took.as_secs_f64()
    );
    // Linux keeps the peak here; elsewhere nothing is said.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(peak) = status.lines().find(|line| line.starts_with("VmHWM")) {
        println!("{peak}");
    }
    Ok(())
}

//! Reads one supplier list and shows what intake makes of it:
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
    let list = read_supplier_list(&file, &bytes, &options)
        .map_err(|unusable| format!("{file}: {unusable}"))?;
    let took = started.elapsed();
    println!("{}", serde_json::to_string_pretty(&list)?);
    println!("{:?} in {took:?}", list.rows);
    Ok(())
}

//! What the program says of a file that its reader panics on.

use std::{fs, process::Command};

use tempfile::TempDir;

use crate::intake_books::workbook_of;

#[test]
fn a_reader_that_panics_says_nothing_itself() {
    let sheet = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>Supplier</v></c></row><row r=\"4294967295\"><c r=\"ZZZZZZZ99999999999\" t=\"n\"><v>1</v></c></row></sheetData></worksheet>";
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("list.xlsx"), workbook_of(sheet)).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["screen", "list.xlsx"])
        .current_dir(folder.path())
        .env_remove("DATABASE_URL")
        .env_remove("RUST_LOG")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("is damaged"), "{said}");
    assert!(
        !said.contains("panicked") && !said.contains("backtrace"),
        "{said}"
    );
}

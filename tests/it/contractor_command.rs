//! `plimsoll contractor` as people run it.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

fn plimsoll(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("RUST_LOG")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_contractors_report_says_what_it_leaves_out() {
    let folder = TempDir::new().unwrap();
    let record = |piid: &str, value: &str| {
        serde_json::json!({"legal_name": "Example Base Services LLC", "uei": "J58ME6A75BU9",
            "agency": "Department of Examples", "piid": piid, "awarded_on": "2026-01-20",
            "contract_type": "definite", "clause_date": "OCT 2025", "supplies_value": "0",
            "services_place": "outside", "services_value": value, "source": "example"})
    };
    let said = |records: &[Value], more: &[&str]| {
        let form = serde_json::json!({"plimsoll_disclosures": records}).to_string();
        fs::write(folder.path().join("form.json"), form).unwrap();
        let fixed = ["contractor", "report", "form.json", "--as-of", "2026-06-01"];
        let output = plimsoll(folder.path(), &[&fixed, more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        let lines = text(&output.stderr);
        let lines: Vec<_> = lines.lines().map(str::to_owned).collect();
        (text(&output.stdout), lines)
    };
    let (open, unknown, small) = (
        record("EX-1", "12000000"),
        record("EX-2", "unknown"),
        record("EX-3", "100"),
    );
    let two = [open.clone(), unknown.clone()];
    let (table, notes) = said(&two, &[]);
    assert!(table.contains("EX-1") && !table.contains("EX-2"));
    assert_eq!(
        notes,
        [
            "form.json: 2 records read, 0 not read, 0 notices",
            "1 row; 1 contract left out (1 UNDETERMINED): --all",
        ]
    );
    let (table, notes) = said(&two, &["--all"]);
    assert!(table.contains("EX-1") && table.contains("EX-2"));
    assert_eq!(notes.last().unwrap(), "2 rows");
    let (_, notes) = said(&[unknown, small], &[]);
    assert_eq!(
        notes.last().unwrap(),
        "0 rows; 2 contracts left out (1 NOT_REQUIRED, 1 UNDETERMINED): --all"
    );
    let (_, notes) = said(&[open], &["--letters", "letters"]);
    assert_eq!(
        notes,
        [
            "form.json: 1 record read, 0 not read, 0 notices",
            "1 letter draft in letters",
            "1 row",
        ]
    );
}

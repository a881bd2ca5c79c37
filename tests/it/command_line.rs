//! The program as people run it: exit codes, streams, files, a kill in the
//! middle.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Output, Stdio},
    thread,
    time::Duration,
};

use plimsoll::audit::sha256_hex;
use serde_json::Value;
use tempfile::TempDir;

const SAMPLE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/suppliers/sample.xlsx"
);

fn plimsoll(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("DATABASE_URL")
        .env_remove("RUST_LOG");
    command
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn assert_success(output: &Output) {
    assert!(output.status.success(), "{}", stderr(output));
}

#[test]
fn the_main_job_says_what_was_found_what_was_searched_and_where_it_is() {
    let folder = TempDir::new().unwrap();
    let output = plimsoll(folder.path(), &["screen", SAMPLE]);
    assert_success(&output);
    let said = stdout(&output);
    for part in [
        "PARTIAL LISTS",
        "SUPPLIER",
        "REVIEW_REQUIRED",
        "ROWS",
        "accepted",
        "NOT SEARCHED",
        "REJECTED",
        "DUPLICATE",
        "IGNORED",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    assert!(
        said.starts_with("PARTIAL LISTS"),
        "said on the first screen"
    );
    assert!(stderr(&output).contains("recorded as screening"));
    assert!(folder.path().join("plimsoll.db").exists());
}

#[test]
fn stdout_carries_only_the_result_and_its_hash_is_the_recorded_one() {
    let folder = TempDir::new().unwrap();
    let output = plimsoll(folder.path(), &["screen", SAMPLE, "--format", "json"]);
    assert_success(&output);
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = &value["input"]["rows"];
    assert_eq!(
        rows["total"].as_u64().unwrap(),
        ["accepted", "rejected", "blank"]
            .iter()
            .map(|key| rows[key].as_u64().unwrap())
            .sum::<u64>()
    );
    assert_eq!(
        value["suppliers"].as_array().unwrap().len() as u64,
        rows["accepted"].as_u64().unwrap()
    );
    let sha256 = sha256_hex(&output.stdout);
    assert!(stderr(&output).contains(&sha256), "{}", stderr(&output));

    let listed = stdout(&plimsoll(folder.path(), &["screening", "list"]));
    assert!(listed.contains(&sha256));
    let id = listed.split_whitespace().next().unwrap();
    let replayed = plimsoll(folder.path(), &["screening", "replay", id]);
    assert_success(&replayed);
    assert!(stdout(&replayed).contains("same bytes"));
    assert_success(&plimsoll(folder.path(), &["audit", "verify"]));
}

#[test]
fn every_format_can_be_written_to_a_file() {
    let folder = TempDir::new().unwrap();
    for (format, magic) in [
        ("table", &b"PARTIAL"[..]),
        ("json", b"{\"as_of\""),
        ("csv", b"\xef\xbb\xbfrow,"),
        ("xlsx", b"PK\x03\x04"),
    ] {
        let file = folder.path().join(format!("result.{format}"));
        let output = plimsoll(
            folder.path(),
            &[
                "screen",
                SAMPLE,
                "--format",
                format,
                "--out",
                file.to_str().unwrap(),
            ],
        );
        assert_success(&output);
        assert!(output.stdout.is_empty(), "the result went to the file");
        assert!(fs::read(&file).unwrap().starts_with(magic), "{format}");
    }
    let mut left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(
        left,
        [
            "plimsoll.db",
            "result.csv",
            "result.json",
            "result.table",
            "result.xlsx"
        ]
    );
}

#[test]
fn an_unusable_input_is_exit_code_2_and_names_the_file() {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in [
        ("empty.csv", &b""[..]),
        ("header.csv", b"Supplier,Country\n"),
        ("broken.xlsx", b"PK\x03\x04 broken"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
    ] {
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        let output = plimsoll(folder.path(), &["screen", file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2), "{name}: {}", stderr(&output));
        assert!(stderr(&output).contains(name), "{}", stderr(&output));
        assert!(output.stdout.is_empty());
    }
    let missing = plimsoll(folder.path(), &["screen", "nowhere.csv"]);
    assert_eq!(missing.status.code(), Some(2));
    let mapping = plimsoll(folder.path(), &["screen", SAMPLE, "--map", "Supplier=mill"]);
    assert_eq!(mapping.status.code(), Some(2), "{}", stderr(&mapping));
    let listed = plimsoll(folder.path(), &["screening", "list"]);
    assert!(stdout(&listed).contains("no screening is stored yet"));
}

#[test]
fn an_output_that_cannot_be_written_is_refused_before_anything_is_recorded() {
    let folder = TempDir::new().unwrap();
    let copy = folder.path().join("list.xlsx");
    fs::copy(SAMPLE, &copy).unwrap();
    let list = copy.to_str().unwrap();
    let missing = folder.path().join("nowhere").join("result.csv");
    for out in [
        list,
        folder.path().to_str().unwrap(),
        missing.to_str().unwrap(),
    ] {
        let output = plimsoll(folder.path(), &["screen", list, "--out", out]);
        assert_eq!(output.status.code(), Some(2), "{out}: {}", stderr(&output));
    }
    assert_eq!(fs::read(&copy).unwrap(), fs::read(SAMPLE).unwrap());
    let listed = plimsoll(folder.path(), &["screening", "list"]);
    assert!(stdout(&listed).contains("no screening is stored yet"));
    // The ending says the format.
    let book = folder.path().join("result.xlsx");
    assert_success(&plimsoll(
        folder.path(),
        &["screen", list, "--out", book.to_str().unwrap()],
    ));
    assert!(fs::read(&book).unwrap().starts_with(b"PK\x03\x04"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_no_success() {
    let folder = TempDir::new().unwrap();
    let full = plimsoll(
        folder.path(),
        &["screen", SAMPLE, "--format", "csv", "--out", "/dev/full"],
    );
    assert_eq!(full.status.code(), Some(1), "{}", stderr(&full));
    let status = command(folder.path(), &["lists", "status"])
        .stdout(fs::File::options().write(true).open("/dev/full").unwrap())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(1));
}

#[test]
fn a_day_before_the_lists_is_not_called_searched() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("list.csv");
    fs::write(
        &file,
        "Supplier,Country,City,Products\nExample Mill,China,Wuhan,Cotton yarn\n",
    )
    .unwrap();
    let list = file.to_str().unwrap();
    let output = plimsoll(folder.path(), &["screen", list, "--as-of", "2019-06-01"]);
    assert_success(&output);
    assert!(stdout(&output).contains("NO EDITION OF THAT DAY"));
    assert!(
        stdout(&output).contains("INSUFFICIENT_DATA"),
        "{}",
        stdout(&output)
    );
    for day in ["0001-01-01", "9999-12-31"] {
        let output = plimsoll(folder.path(), &["screen", list, "--as-of", day]);
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn names_of_files_cannot_steer_the_terminal() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("esc\u{1b}[31m.csv");
    fs::write(&file, "").unwrap();
    let output = plimsoll(folder.path(), &["screen", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!output.stderr.contains(&0x1b), "{}", stderr(&output));
}

#[test]
fn worked_cases_are_assessed_without_a_database() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("cases.json");
    fs::write(
        &file,
        r#"{"cases":[{"case":"name only","inputs":{"unknown":["country","goods","workforce"],"coverage":10}}]}"#,
    )
    .unwrap();
    let output = plimsoll(
        folder.path(),
        &[
            "assess",
            "--input",
            file.to_str().unwrap(),
            "--format",
            "json",
        ],
    );
    assert_success(&output);
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let result = &value["cases"][0]["result"];
    assert_eq!(result["score"], Value::Null);
    assert_eq!(result["range"], serde_json::json!([0, 50]));
    assert!(!folder.path().join("plimsoll.db").exists());
}

#[test]
fn a_kill_at_any_moment_leaves_a_whole_screening_or_none() {
    let folder = TempDir::new().unwrap();
    let mut list = String::from("Supplier,Country,Products\n");
    for number in 0..3_000 {
        writeln!(list, "Example Mill {number} Ltd,China,Cotton yarn").unwrap();
    }
    let file = folder.path().join("long.csv");
    fs::write(&file, list).unwrap();
    // The first run also makes the schema.
    assert_success(&plimsoll(folder.path(), &["lists", "status"]));
    for pause in [50, 150, 300, 500, 800, 1_200] {
        let mut child = command(folder.path(), &["screen", file.to_str().unwrap()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(pause));
        child.kill().unwrap();
        child.wait().unwrap();
        let verified = plimsoll(folder.path(), &["audit", "verify"]);
        assert_success(&verified);
        for line in stdout(&plimsoll(folder.path(), &["screening", "list"])).lines() {
            if let Some(id) = line.split_whitespace().next().filter(|id| id.len() == 36) {
                assert_success(&plimsoll(folder.path(), &["screening", "replay", id]));
            }
        }
    }
    assert_success(&plimsoll(
        folder.path(),
        &[
            "screen",
            file.to_str().unwrap(),
            "--format",
            "json",
            "--out",
            "whole.json",
        ],
    ));
}

#[test]
fn the_lists_say_how_old_and_how_whole_they_are() {
    let folder = TempDir::new().unwrap();
    let output = plimsoll(folder.path(), &["lists", "status"]);
    assert_success(&output);
    let said = stdout(&output);
    for part in [
        "uflpa",
        "of 144 entities",
        "dol-goods",
        "STALE",
        "COMPLETENESS",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
}

#[test]
fn a_database_that_cannot_be_opened_is_said_without_its_password() {
    let folder = TempDir::new().unwrap();
    let output = command(folder.path(), &["lists", "status"])
        .env("DATABASE_URL", "postgres://me:s3cret@127.0.0.1:1/none")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(!stderr(&output).contains("s3cret"), "{}", stderr(&output));
    assert!(stderr(&output).contains("DATABASE_URL"));
    let other = command(folder.path(), &["lists", "status"])
        .env("DATABASE_URL", "mysql://me:s3cret@127.0.0.1/none")
        .output()
        .unwrap();
    assert!(!stderr(&other).contains("s3cret"), "{}", stderr(&other));
}

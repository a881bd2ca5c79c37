//! Guards the arrows: `cli, http -> app -> store, fetch -> the pure core`.

#![expect(clippy::expect_used, reason = "a helper of a test fails the test")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The pure core, as files and folders under `src`.
const PURE: [&str; 13] = [
    "supplier.rs",
    "country.rs",
    "identifier.rs",
    "identifier",
    "intake",
    "lists",
    "disclosures",
    "screening",
    "exposure",
    "due_diligence.rs",
    "risk",
    "audit",
    "report",
];

/// Words that a folder's code may not contain, and why.
const FORBIDDEN: [(&[&str], &[&str], &str); 7] = [
    (
        &PURE,
        &[
            "sea_orm",
            "actix_web",
            "reqwest",
            "tokio",
            "std::env",
            "std::fs",
            "entities::",
        ],
        "the pure core is functions over values, so that it can be replayed",
    ),
    (
        &PURE,
        &[
            "crate::app",
            "crate::store",
            "crate::http",
            "crate::cli",
            "crate::config",
        ],
        "the core does not know who calls it",
    ),
    (
        &["store"],
        &[
            "crate::app",
            "crate::http",
            "crate::cli",
            "actix_web",
            "reqwest",
        ],
        "the store is below the use cases",
    ),
    (
        &["app"],
        &[
            "crate::http",
            "crate::cli",
            "actix_web",
            "sea_orm",
            "entities::",
        ],
        "use cases know no edge and write no queries",
    ),
    (
        &["http", "cli"],
        &["sea_orm", "entities::"],
        "the edges reach the database through app and store",
    ),
    (
        &["cli", "app", "store"],
        &["actix_web"],
        "http/ is the only actix code",
    ),
    (
        &["cli", "app", "store", "http"],
        &["quick_xml", "calamine", "strsim"],
        "formats and similarities belong to the core",
    ),
];

#[test]
fn the_arrows_point_one_way() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut broken = Vec::new();
    for (places, words, reason) in FORBIDDEN {
        for file in places
            .iter()
            .flat_map(|place| rust_files(&source.join(place)))
        {
            let text = fs::read_to_string(&file).unwrap();
            for (number, line) in text.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                for word in words.iter().filter(|word| code.contains(**word)) {
                    let shown = file.strip_prefix(&source).unwrap().display();
                    broken.push(format!("{shown}:{}: {word} ({reason})", number + 1));
                }
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn every_pure_place_exists() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let missing: Vec<_> = PURE
        .iter()
        .filter(|place| !source.join(place).exists())
        .collect();
    assert!(missing.is_empty(), "no longer there: {missing:?}");
}

#[test]
fn a_module_file_holds_docs_and_reexports_only() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in rust_files(&source) {
        if file.file_name().is_some_and(|name| name == "mod.rs") {
            let text = fs::read_to_string(&file).unwrap();
            assert!(
                !text.lines().any(|line| line.trim_start().starts_with("fn ")
                    || line.trim_start().starts_with("pub fn ")
                    || line.trim_start().starts_with("impl")),
                "{} holds code",
                file.display()
            );
        }
    }
}

fn rust_files(place: &Path) -> Vec<PathBuf> {
    if place.is_file() {
        return vec![place.to_owned()];
    }
    let Ok(entries) = fs::read_dir(place) else {
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .flat_map(|entry| {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                rust_files(&path)
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                vec![path]
            } else {
                Vec::new()
            }
        })
        .collect();
    files.sort();
    files
}

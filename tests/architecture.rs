//! Guards the arrows: `cli, http -> app -> store, fetch -> the pure core`.

#![expect(clippy::expect_used, reason = "a helper of a test fails the test")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The pure core, as files and folders under `src`.
const PURE: [&str; 16] = [
    "access.rs",
    "organization.rs",
    "review.rs",
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
const FORBIDDEN: [(&[&str], &[&str], &str); 10] = [
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
            "crate::fetch",
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
        &["store"],
        &["report::", "SupplierResult"],
        "the store keeps results as bytes: use cases read them, each once",
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
        &["reqwest"],
        "fetch/ is the only reqwest code: it guards where requests go",
    ),
    (
        &["fetch"],
        &[
            "crate::app",
            "crate::store",
            "crate::http",
            "crate::cli",
            "sea_orm",
            "actix_web",
        ],
        "fetching knows nothing of what it is for",
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

/// Every query on tenants' rows starts in `Scoped::select`. These few look for
/// somebody before any organization is known, walk the one chain and what it tells of, serve the
/// whole queue, or count for the operator.
const UNSCOPED: [(&str, usize); 10] = [
    ("contents.rs", 23),
    ("deliveries.rs", 4),
    ("delivery_turns.rs", 1),
    ("figures.rs", 1),
    ("jobs.rs", 1),
    ("list_syncs.rs", 1),
    ("people.rs", 4),
    ("scope.rs", 1),
    ("told.rs", 5),
    ("trail.rs", 2),
];

#[test]
fn queries_are_bound_to_an_organization_in_one_place() {
    let store = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    for file in rust_files(&store) {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap();
        let unscoped = text.matches("::find()").count() + text.matches("::find_by_id(").count();
        let known = UNSCOPED
            .iter()
            .find(|(place, _)| *place == name)
            .map_or(0, |(_, times)| *times);
        assert_eq!(
            unscoped, known,
            "{name} has a query that is not bound to an organization"
        );
    }
}

/// Whoever asks may call these.
const OPEN: [&str; 5] = [
    "health::healthz",
    "health::jwks",
    "health::readyz",
    "sign_in::accept",
    "sign_in::sign_in",
];

#[test]
fn every_other_handler_asks_for_a_permission() {
    let http = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http");
    let app = fs::read_to_string(http.join("app.rs")).unwrap();
    let mut open: Vec<_> = app
        .split("open(Method::")
        .skip(1)
        .filter_map(|rest| rest.split([',', ')']).nth(1))
        .map(str::trim)
        .collect();
    open.sort_unstable();
    assert_eq!(open, OPEN);
    for file in rust_files(&http) {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap();
        if name != "allowed.rs" {
            for way in [
                "web::get",
                "web::post",
                "web::method",
                ".route(web",
                "#[get",
                "#[post",
            ] {
                assert!(
                    !text.contains(way),
                    "{name} registers a handler past `guarded`"
                );
            }
        }
        // The shared handle sees the local organization: handlers get their own.
        if file.parent().unwrap().ends_with("api") && !["sign_in.rs", "health.rs"].contains(&name) {
            assert!(
                !text.contains("state.database"),
                "{name} reads past the tenant's handle"
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

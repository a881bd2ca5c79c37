//! Backups as docs/operations.md says: taken while the service works, restored
//! elsewhere, verified, and gone on with.

use std::{
    path::PathBuf,
    process::{Command, Output},
    time::{Duration, Instant},
};

use plimsoll::{
    app::identity,
    clock::{Clock, SystemClock},
    config::DatabaseSettings,
    store::Database,
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    operate::Running,
    support::{TestDatabase, databases},
};

const SUPPLIERS: usize = 300;

fn program(test: &TestDatabase, url: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(arguments)
        .current_dir(test.folder.path())
        .env("DATABASE_URL", url)
        .output()
        .unwrap()
}

/// A program of PostgreSQL, from the path or where Debian keeps it.
fn postgres_program(name: &str) -> PathBuf {
    let mut places: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path().join("bin").join(name))
        .filter(|place| place.exists())
        .collect();
    places.sort();
    places.pop().unwrap_or_else(|| PathBuf::from(name))
}

fn run(name: &str, arguments: &[&str]) {
    let output = Command::new(postgres_program(name))
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{name} is needed beside the server: {error}"));
    assert!(
        output.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Backs the database up while it is in use, and restores it elsewhere. Returns
/// where.
async fn back_up_and_restore(test: &TestDatabase) -> String {
    let raw = test.raw().await;
    if test.url.starts_with("sqlite:") {
        let copy = test.folder.path().join("restored.db");
        raw.execute_unprepared(&format!("VACUUM INTO '{}'", copy.display()))
            .await
            .unwrap();
        return format!("sqlite://{}?mode=rwc", copy.display());
    }
    let dump = test.folder.path().join("plimsoll.dump");
    let dump = dump.to_str().unwrap();
    run("pg_dump", &["--format=custom", "--file", dump, &test.url]);
    let restored = format!("{}_restored", test.url);
    let (_, name) = restored.rsplit_once('/').unwrap();
    raw.execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    run(
        "pg_restore",
        &["--exit-on-error", "--no-owner", "--dbname", &restored, dump],
    );
    restored
}

async fn job(running: &Running, token: &str, place: &str) -> Value {
    running.get_as(token, place).await.expect(200)
}

#[actix_web::test]
async fn a_backup_of_a_working_service_is_whole_and_goes_on_elsewhere() {
    for test in databases().await {
        let settings = [
            ("PLIMSOLL_WORKER__CHUNK", "5"),
            ("PLIMSOLL_WORKER__LEASE_SECONDS", "2"),
            ("PLIMSOLL_WORKER__POLL_MILLISECONDS", "20"),
        ];
        let database = test.open().await;
        let running = Running::start(&test, &test.url, &settings);
        let invitation = identity::first_admin_invitation(&database, SystemClock.now())
            .await
            .unwrap()
            .unwrap();
        let (email, password) = ("ann@example.com", "correct horse battery");
        let newcomer =
            json!({"token": invitation.shown, "email": email, "name": "Ann", "password": password});
        running
            .post("/api/v1/users", "", newcomer)
            .await
            .expect(201);
        let sign_in = json!({"email": email, "password": password});
        let token = running
            .post("/api/v1/tokens", "", sign_in.clone())
            .await
            .expect(201);
        let token = token["access_token"].as_str().unwrap();
        let list: Vec<_> = (0..SUPPLIERS)
            .map(|number| json!({"name": format!("Example Mill {number} Ltd"), "country": "China"}))
            .collect();
        let uploaded = running
            .post("/api/v1/supplier-lists", token, json!(list))
            .await;
        let place = uploaded.headers["location"].clone();
        uploaded.expect(202);
        let begun = Instant::now();
        while job(&running, token, &place).await["rows_done"]
            .as_u64()
            .unwrap()
            == 0
        {
            assert!(begun.elapsed() < Duration::from_mins(1));
            tokio::time::sleep(Duration::from_millis(10)).await;
        }

        let restored = back_up_and_restore(&test).await;
        drop(running);

        let verified = program(&test, &restored, &["audit", "verify"]);
        assert!(
            verified.status.success(),
            "{}",
            String::from_utf8_lossy(&verified.stderr)
        );
        let elsewhere = Running::start(&test, &restored, &settings);
        elsewhere.get("/readyz").await.expect(200);
        // People and signing keys came along: the token of before still holds.
        let begun = Instant::now();
        let done = loop {
            let job = job(&elsewhere, token, &place).await;
            if job["state"] == "succeeded" {
                break job;
            }
            assert!(begun.elapsed() < Duration::from_mins(2), "{job}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        assert_eq!(done["rows_done"], SUPPLIERS);
        elsewhere
            .post("/api/v1/tokens", "", sign_in)
            .await
            .expect(201);
        drop(elsewhere);
        let copy = DatabaseSettings {
            url: restored,
            max_connections: 2,
            ..DatabaseSettings::default()
        };
        let copy = Database::open(&copy).await.unwrap();
        plimsoll::app::verify::verify_trail(&copy, None)
            .await
            .unwrap();
    }
}

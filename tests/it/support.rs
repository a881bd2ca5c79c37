//! Databases to test on: always SQLite in a fresh folder, and PostgreSQL too
//! when `PLIMSOLL_TEST_POSTGRES` names a server.

use std::sync::atomic::{AtomicU32, Ordering};

use plimsoll::{
    config::DatabaseSettings,
    store::{Database, new_id},
};
use sea_orm::ConnectionTrait;
use tempfile::TempDir;

/// One fresh database. Its folder goes away with it.
#[derive(Debug)]
pub(crate) struct TestDatabase {
    pub(crate) url: String,
    pub(crate) folder: TempDir,
}

impl TestDatabase {
    pub(crate) fn settings(&self) -> DatabaseSettings {
        DatabaseSettings {
            url: self.url.clone(),
            max_connections: 4,
            ..DatabaseSettings::default()
        }
    }

    pub(crate) async fn open(&self) -> Database {
        Database::open(&self.settings()).await.unwrap()
    }

    /// A connection without the program between: for reading and tampering.
    pub(crate) async fn raw(&self) -> sea_orm::DatabaseConnection {
        sea_orm::Database::connect(&self.url).await.unwrap()
    }
}

/// A fresh database of every kind there is here.
pub(crate) async fn databases() -> Vec<TestDatabase> {
    let mut all = vec![sqlite()];
    if let Some(server) = postgres_server() {
        all.push(postgres(&server).await);
    }
    all
}

pub(crate) fn sqlite() -> TestDatabase {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("test.db");
    TestDatabase {
        url: format!("sqlite://{}?mode=rwc", file.display()),
        folder,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told of a server by the environment"
)]
fn postgres_server() -> Option<String> {
    std::env::var("PLIMSOLL_TEST_POSTGRES").ok()
}

async fn postgres(server: &str) -> TestDatabase {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!(
        "plimsoll_{}_{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    );
    let admin = sea_orm::Database::connect(server).await.unwrap();
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    let (address, _) = server.rsplit_once('/').unwrap();
    TestDatabase {
        url: format!("{address}/{name}"),
        folder: TempDir::new().unwrap(),
    }
}

/// A fixed moment, so that two runs can be compared.
pub(crate) fn noon() -> plimsoll::clock::FixedClock {
    use chrono::{TimeZone, Utc};
    plimsoll::clock::FixedClock(Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap())
}

#[test]
fn ids_of_one_moment_differ() {
    let now = noon().0;
    assert_ne!(new_id(now), new_id(now));
}

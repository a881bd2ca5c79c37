//! The database is full, read-only, locked or gone, and comes back: what cannot
//! be done is told, and everything goes on without a restart.

use std::{
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use plimsoll::{
    app::{identity, verify::verify_trail},
    clock::{Clock, SystemClock},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};
use serde_json::{Value, json};
use url::Url;

use crate::{
    operate::Running,
    service::{Answer, exchange},
    support::{TestDatabase, databases, sqlite},
};

const PASSWORD: &str = "correct horse battery";
const ROWS: usize = 400;

const SETTINGS: [(&str, &str); 5] = [
    ("PLIMSOLL_DATABASE__PATIENCE_SECONDS", "2"),
    ("PLIMSOLL_DATABASE__CONNECTION_SECONDS", "2"),
    ("PLIMSOLL_WORKER__CHUNK", "2"),
    ("PLIMSOLL_WORKER__LEASE_SECONDS", "3"),
    ("PLIMSOLL_WORKER__POLL_MILLISECONDS", "100"),
];

fn is_sqlite(test: &TestDatabase) -> bool {
    test.url.starts_with("sqlite:")
}

fn screening() -> Value {
    json!({"supplier": {"name": "Example Mill Ltd", "country": "China"}})
}

async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !done().await {
        assert!(begun.elapsed() < Duration::from_secs(90), "never: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A service at work on a list, and what it has acknowledged.
struct AtWork {
    running: Running,
    token: String,
    job: String,
    acknowledged: Vec<String>,
}

impl AtWork {
    async fn begin(test: &TestDatabase, running: Running) -> Self {
        let database = test.open().await;
        let invitation = identity::first_admin_invitation(&database, SystemClock.now())
            .await
            .unwrap()
            .unwrap();
        let email = "ann@example.com";
        let joins =
            json!({"token": invitation.shown, "email": email, "name": "Ann", "password": PASSWORD});
        running.post("/api/v1/users", "", joins).await.expect(201);
        let signs_in = json!({"email": email, "password": PASSWORD});
        let signed_in = running.post("/api/v1/tokens", "", signs_in).await;
        let mut at_work = Self {
            token: signed_in.expect(201)["access_token"]
                .as_str()
                .unwrap()
                .to_owned(),
            running,
            job: String::new(),
            acknowledged: Vec::new(),
        };
        at_work.screens().await;
        let list: Vec<_> = (0..ROWS)
            .map(|row| json!({"name": format!("Example Mill {row} Ltd"), "country": "China"}))
            .collect();
        let job = at_work.post("/api/v1/supplier-lists", json!(list)).await;
        job.expect(202)["id"]
            .as_str()
            .unwrap()
            .clone_into(&mut at_work.job);
        until("the job begins", async || at_work.rows_done().await > 0).await;
        let left = ROWS as u64 - at_work.rows_done().await;
        assert!(left > 0, "the fault comes when everything is done");
        at_work
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.running.post(path, &self.token, body).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.running.get_as(&self.token, path).await
    }

    /// A screening is answered, and so it must be there ever after.
    async fn screens(&mut self) {
        let screened = self
            .post("/api/v1/screenings", screening())
            .await
            .expect(201);
        let id = screened["screening_id"].as_str().unwrap();
        self.acknowledged.push(id.to_owned());
    }

    async fn job(&self) -> Value {
        self.get(&format!("/api/v1/jobs/{}", self.job))
            .await
            .expect(200)
    }

    async fn rows_done(&self) -> u64 {
        self.job().await["rows_done"].as_u64().unwrap()
    }

    /// The same list, under one key, however often it is sent.
    async fn upload(&self) -> Answer {
        let body = json!([{"name": "Later Mill Ltd"}]).to_string();
        let request = format!(
            "POST /api/v1/supplier-lists HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {}\r\nIdempotency-Key: later\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        );
        exchange(self.running.address, request.into_bytes()).await
    }

    /// While the database does not take what is written.
    async fn refuses(&self, still_reads: bool) {
        for answer in [
            self.post("/api/v1/screenings", screening()).await,
            self.upload().await,
        ] {
            answer.problem(503, "database-unavailable");
            assert_eq!(answer.headers["retry-after"], "5");
            let text = answer.text().to_lowercase();
            for told in ["sqlite", "postgres", "sql", "disk", "trans"] {
                assert!(!text.contains(told), "{text}");
            }
        }
        self.running.get("/healthz").await.expect(200);
        let read = self.get("/api/v1/hits").await;
        if still_reads {
            read.expect(200);
        } else {
            read.problem(503, "database-unavailable");
        }
        until("it is not ready", async || {
            let ready = self.running.get("/readyz").await;
            ready.status == 503
                && ready.problem(503, "not-ready")["errors"][0]["pointer"] == "/database"
        })
        .await;
        // The fault lasts: the worker meets it more than once.
        tokio::time::sleep(Duration::from_secs(6)).await;
    }

    /// Once it does again.
    async fn goes_on(mut self, test: &TestDatabase) {
        until("it is ready", async || {
            self.running.get("/readyz").await.status == 200
        })
        .await;
        until("it writes", async || self.upload().await.status == 202).await;
        self.screens().await;
        self.upload().await.expect(202);
        until("the job is done", async || {
            let job = self.job().await;
            assert!(
                ["queued", "running", "succeeded"].contains(&job["state"].as_str().unwrap()),
                "{job}"
            );
            job["state"] == "succeeded"
        })
        .await;
        let job = self.job().await;
        assert_eq!(job["rows_done"], ROWS, "{job}");
        let jobs = self.get("/api/v1/jobs").await.expect(200);
        assert_eq!(jobs["items"].as_array().unwrap().len(), 2, "{jobs}");
        for id in &self.acknowledged {
            self.get(&format!("/api/v1/screenings/{id}"))
                .await
                .expect(200);
        }
        let database = test.open().await;
        verify_trail(&database, None).await.unwrap();
        let (_, well, said) = tokio::task::spawn_blocking(move || self.running.stop())
            .await
            .unwrap();
        assert!(well && !said.contains("panicked"), "{said}");
    }
}

#[cfg(target_os = "linux")]
fn limit_files(running: &Running, bytes: &str) {
    let limited = Command::new("prlimit")
        .args(["--pid", &running.id().to_string()])
        .arg(format!("--fsize={bytes}:unlimited"))
        .status()
        .unwrap();
    assert!(limited.success());
}

/// SQLite cannot write another byte, and neither can the log; PostgreSQL says
/// what it says when its disk is full.
#[cfg(target_os = "linux")]
#[actix_web::test]
async fn a_full_disk_is_told_and_survived() {
    for test in databases().await {
        let running = Running::start_limitable(&test, &test.url, &SETTINGS);
        let at_work = AtWork::begin(&test, running).await;
        let raw = test.raw().await;
        if is_sqlite(&test) {
            limit_files(&at_work.running, "0");
        } else {
            fill(&raw).await;
        }
        at_work.refuses(true).await;
        if is_sqlite(&test) {
            limit_files(&at_work.running, "unlimited");
        } else {
            empty(&raw).await;
        }
        at_work.goes_on(&test).await;
    }
}

const GROWING: [&str; 5] = ["audit_events", "documents", "assessments", "nodes", "jobs"];

async fn fill(raw: &DatabaseConnection) {
    raw.execute_unprepared(
        "CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$",
    )
    .await
    .unwrap();
    for table in GROWING {
        raw.execute_unprepared(&format!(
            "CREATE TRIGGER disk_full BEFORE INSERT ON {table} EXECUTE FUNCTION disk_full()"
        ))
        .await
        .unwrap();
    }
}

async fn empty(raw: &DatabaseConnection) {
    raw.execute_unprepared("DROP FUNCTION disk_full CASCADE")
        .await
        .unwrap();
}

#[actix_web::test]
async fn a_database_that_turns_read_only_is_told_and_survived() {
    for test in databases().await {
        if is_sqlite(&test) {
            read_only_from_the_start(&test).await;
            continue;
        }
        let running = Running::start(&test, &test.url, &SETTINGS);
        let at_work = AtWork::begin(&test, running).await;
        // Whoever sets it may always undo it.
        let admin = format!("{}?options[default_transaction_read_only]=off", test.url);
        let raw = sea_orm::Database::connect(&admin).await.unwrap();
        let name = test.url.rsplit('/').next().unwrap();
        raw.execute_unprepared(&format!(
            "ALTER DATABASE {name} SET default_transaction_read_only = on"
        ))
        .await
        .unwrap();
        raw.execute_unprepared(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .await
        .unwrap();
        at_work.refuses(true).await;
        // Connections of the time before are not ended: they end by themselves.
        raw.execute_unprepared(&format!(
            "ALTER DATABASE {name} SET default_transaction_read_only = off"
        ))
        .await
        .unwrap();
        at_work.goes_on(&test).await;
    }
}

/// An SQLite file that may only be read: what is stored is served.
async fn read_only_from_the_start(test: &TestDatabase) {
    let running = Running::start(test, &test.url, &SETTINGS);
    let at_work = AtWork::begin(test, running).await;
    let (token, first) = (at_work.token.clone(), at_work.acknowledged[0].clone());
    drop(at_work);
    let url = test.url.replace("mode=rwc", "mode=ro");
    let checked = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["config", "check"])
        .current_dir(test.folder.path())
        .env("DATABASE_URL", &url)
        .output()
        .unwrap();
    let said = String::from_utf8(checked.stdout).unwrap();
    assert_eq!(checked.status.code(), Some(2), "{said}");
    assert!(said.contains("cannot be written"), "{said}");
    let running = Running::start(test, &url, &SETTINGS);
    running
        .post("/api/v1/screenings", &token, screening())
        .await
        .problem(503, "database-unavailable");
    running
        .get_as(&token, &format!("/api/v1/screenings/{first}"))
        .await
        .expect(200);
    until("it is not ready", async || {
        running.get("/readyz").await.status == 503
    })
    .await;
}

/// Leads to a server, can be cut, and be whole again.
struct Wire {
    address: SocketAddr,
    cut: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Wire {
    fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let wire = Self {
            address: listener.local_addr().unwrap(),
            cut: Arc::default(),
            open: Arc::default(),
        };
        let (cut, open) = (Arc::clone(&wire.cut), Arc::clone(&wire.open));
        std::thread::spawn(move || {
            for near in listener.incoming() {
                let near = near.unwrap();
                if cut.load(Ordering::SeqCst) {
                    continue;
                }
                let far = TcpStream::connect(server).unwrap();
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    std::thread::spawn(move || {
                        let _cut = std::io::copy(&mut from, &mut to);
                        let _gone_already = to.shutdown(Shutdown::Both);
                    });
                }
                open.lock().unwrap().extend([near, far]);
            }
        });
        wire
    }

    fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        for stream in self.open.lock().unwrap().drain(..) {
            let _gone_already = stream.shutdown(Shutdown::Both);
        }
    }

    fn mend(&self) {
        self.cut.store(false, Ordering::SeqCst);
    }
}

#[actix_web::test]
async fn a_database_that_goes_away_and_comes_back_is_told_and_survived() {
    for test in databases().await {
        if is_sqlite(&test) {
            continue;
        }
        let mut url = Url::parse(&test.url).unwrap();
        let wire = Wire::to(SocketAddr::from(([127, 0, 0, 1], url.port().unwrap())));
        url.set_port(Some(wire.address.port())).unwrap();
        let running = Running::start(&test, url.as_str(), &SETTINGS);
        let at_work = AtWork::begin(&test, running).await;
        wire.cut();
        at_work.refuses(false).await;
        wire.mend();
        at_work.goes_on(&test).await;
    }
}

#[actix_web::test]
async fn a_file_that_another_program_has_locked_is_told_and_survived() {
    let test = sqlite();
    let running = Running::start(&test, &test.url, &SETTINGS);
    let at_work = AtWork::begin(&test, running).await;
    let raw = test.raw().await;
    let lock = raw.begin().await.unwrap();
    until("the lock is had", async || {
        let taken = lock.execute_unprepared("UPDATE nodes SET seen_at = seen_at");
        taken.await.is_ok()
    })
    .await;
    at_work.refuses(true).await;
    lock.rollback().await.unwrap();
    at_work.goes_on(&test).await;
}

//! Running it: metrics, readiness, logs, stopping, TLS, settings.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use plimsoll::{
    config::ServeSettings,
    http::{app::secured, metrics, tls},
};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::{
    service::{Service, exchange},
    support::{TestDatabase, databases, sqlite},
};

fn free_port() -> SocketAddr {
    TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap()
}

#[actix_web::test]
async fn metrics_are_on_an_address_of_their_own() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let server = metrics::server(listener, service.state.clone()).unwrap();
        let handle = server.handle();
        actix_web::rt::spawn(server);

        let admin = service.first_admin().await;
        service.state.beat(uuid::Uuid::now_v7()).await.unwrap();
        service
            .get(&admin, "/api/v1/jobs/x")
            .await
            .problem(404, "not-found");
        service
            .post(&admin, "/api/v1/supplier-lists", json!([{"name": "A Ltd"}]))
            .await
            .expect(202);
        service
            .get(&admin, "/metrics")
            .await
            .problem(404, "not-found");

        let ask = |path: &str| {
            let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            exchange(address, request.into_bytes())
        };
        let told = ask("/metrics").await;
        assert_eq!(told.status, 200);
        let text = told.text();
        for line in [
            "plimsoll_database_up 1",
            "plimsoll_jobs{state=\"queued\"} 1",
            "plimsoll_servers_up 1",
            "plimsoll_list_age_days{source=\"eo13126\"}",
            "route=\"/api/v1/jobs/{id}\",status=\"404\"",
            "plimsoll_http_request_seconds_bucket{",
            "plimsoll_queue_age_seconds ",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
        // The age of a list is the one that whoever works with it is told.
        let lists = service.get(&admin, "/api/v1/lists").await.expect(200);
        let held = lists["items"].as_array().unwrap().iter();
        let held: Vec<_> = held.filter(|list| !list["held"].is_null()).collect();
        assert!(held.len() >= 6, "{lists}");
        for list in held {
            let source = list["source"].as_str().unwrap();
            let age = list["held"]["age_days"].as_u64().unwrap();
            let line = format!("plimsoll_list_age_days{{source=\"{source}\"}} {age}\n");
            assert!(text.contains(&line), "{line} is not in\n{text}");
        }
        ask("/api/v1/me").await.problem(404, "not-found");
        handle.stop(false).await;
        service.stop().await;
    }
}

#[actix_web::test]
async fn readiness_says_what_is_missing() {
    for test in databases().await {
        let service = Service::start(&test).await;
        service.get("", "/readyz").await.expect(200);
        let raw = test.raw().await;
        let why = async || {
            let answer = service.get("", "/readyz").await;
            assert_eq!(answer.headers["retry-after"], "5");
            answer.problem(503, "not-ready")["errors"][0]["pointer"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        raw.execute_unprepared("DELETE FROM list_snapshots")
            .await
            .unwrap();
        assert_eq!(why().await, "/lists");
        raw.execute_unprepared("DELETE FROM seaql_migrations WHERE version LIKE '%jobs'")
            .await
            .unwrap();
        assert_eq!(why().await, "/migrations");
        raw.execute_unprepared("DROP TABLE seaql_migrations")
            .await
            .unwrap();
        assert_eq!(why().await, "/database");
        service.get("", "/healthz").await.expect(200);
        service.stop().await;
    }
}

#[actix_web::test]
async fn a_key_that_cannot_sign_is_no_readiness() {
    let test = sqlite();
    let service = Service::start(&test).await;
    service.first_admin().await;
    let raw = test.raw().await;
    raw.execute_unprepared("UPDATE signing_keys SET seed = 'gone'")
        .await
        .unwrap();
    let problem = service.get("", "/readyz").await.problem(503, "not-ready");
    assert_eq!(problem["errors"][0]["pointer"], "/signing-key");
    service.stop().await;
}

/// Certificate and key for localhost, as PEM files in the folder.
fn certificate(folder: &Path) -> (ServeSettings, rustls::pki_types::CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let settings = ServeSettings {
        tls_certificate: Some(folder.join("cert.pem")),
        tls_key: Some(folder.join("key.pem")),
        ..ServeSettings::default()
    };
    fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
    fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    (settings, made.cert.der().clone())
}

#[actix_web::test]
async fn it_serves_over_tls() {
    let test = sqlite();
    let service = Service::start(&test).await;
    let (settings, trusted) = certificate(test.folder.path());
    let tls = tls::load(&settings).unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let server = secured(listener, service.state.clone(), tls).unwrap();
    let handle = server.handle();
    actix_web::rt::spawn(server);

    let answer = tokio::task::spawn_blocking(move || {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(trusted).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let client = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = "localhost".try_into().unwrap();
        let session = rustls::ClientConnection::new(Arc::new(client), name).unwrap();
        let stream = TcpStream::connect(address).unwrap();
        let mut stream = rustls::StreamOwned::new(session, stream);
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut answer = Vec::new();
        let _closed = stream.read_to_end(&mut answer);
        String::from_utf8(answer).unwrap()
    })
    .await
    .unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // Whoever speaks in the clear hears nothing of use.
    let plain = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            .unwrap();
        let mut answer = Vec::new();
        let _closed = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    })
    .await
    .unwrap();
    assert!(!plain.contains("200"), "{plain}");
    handle.stop(false).await;
    service.stop().await;
}

fn plimsoll(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("DATABASE_URL")
        .env_remove("RUST_LOG")
        .envs(settings.iter().copied())
        .output()
        .unwrap()
}

#[test]
fn the_settings_are_checked_all_at_once() {
    let folder = tempfile::TempDir::new().unwrap();
    let bind = free_port().to_string();
    let fine = plimsoll(
        folder.path(),
        &["config", "check"],
        &[("PLIMSOLL_SERVE__BIND", &bind)],
    );
    let said = String::from_utf8(fine.stdout).unwrap();
    assert_eq!(fine.status.code(), Some(0), "{said}");
    assert!(said.contains("made at the first start"), "{said}");
    assert!(said.contains("per_caller = 500"), "{said}");
    assert!(!folder.path().join("plimsoll.db").exists(), "only looked");

    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let taken_address = taken.local_addr().unwrap().to_string();
    fs::write(folder.path().join("cert.pem"), "no certificate").unwrap();
    fs::write(folder.path().join("key.pem"), "no key").unwrap();
    let bad = plimsoll(
        folder.path(),
        &["config", "check"],
        &[
            ("DATABASE_URL", "postgres://me:s3cret@127.0.0.1:1/nothing"),
            ("PLIMSOLL_SERVE__BIND", &taken_address),
            ("PLIMSOLL_SERVE__TLS_CERTIFICATE", "cert.pem"),
            ("PLIMSOLL_SERVE__TLS_KEY", "key.pem"),
            ("PLIMSOLL_LIMITS__CONCURRENT", "0"),
            ("PLIMSOLL_SERVE__TRUSTED_PROXIES", "10.0.0.0/8,127.0.0.1"),
            ("PLIMSOLL_FETCH__PROXY", "http://me:s3cret@proxy.example"),
            ("PLIMSOLL_OIDC__ISSUER", "http://id.example.com"),
        ],
    );
    let said = String::from_utf8(bad.stdout).unwrap();
    assert_eq!(bad.status.code(), Some(2), "{said}");
    for part in [
        "cannot open the database",
        "serve.bind",
        "certificate",
        "limits.concurrent is 0",
        "oidc.issuer",
        "http://proxy.example",
        "10.0.0.0/8",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    assert_eq!(said.matches("PROBLEM  ").count(), 5, "{said}");
    let errors = String::from_utf8(bad.stderr).unwrap();
    assert!(!said.contains("s3cret") && !errors.contains("s3cret"));

    let (serve, _) = certificate(folder.path());
    let other = rcgen::generate_simple_self_signed(vec!["other".to_owned()]).unwrap();
    fs::write(serve.tls_key.unwrap(), other.signing_key.serialize_pem()).unwrap();
    let misfit = plimsoll(
        folder.path(),
        &["config", "check"],
        &[
            ("PLIMSOLL_SERVE__BIND", &bind),
            ("PLIMSOLL_SERVE__TLS_CERTIFICATE", "cert.pem"),
            ("PLIMSOLL_SERVE__TLS_KEY", "key.pem"),
        ],
    );
    assert_eq!(misfit.status.code(), Some(2), "another certificate's key");

    let unknown = plimsoll(
        folder.path(),
        &["config", "check"],
        &[("PLIMSOLL_SERVE__BLIND", "1")],
    );
    assert_eq!(unknown.status.code(), Some(2));
}

/// The program as people start it, on a free port.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    child: Child,
    log: PathBuf,
}

impl Running {
    pub(crate) fn start(test: &TestDatabase, url: &str, settings: &[(&str, &str)]) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
        program.arg("serve");
        Self::begin(program, test, url, settings)
    }

    /// Where the size of files can be limited: a write beyond fails, and the
    /// program is not killed for it.
    #[cfg(target_os = "linux")]
    pub(crate) fn start_limitable(
        test: &TestDatabase,
        url: &str,
        settings: &[(&str, &str)],
    ) -> Self {
        let mut shell = Command::new("sh");
        let program = env!("CARGO_BIN_EXE_plimsoll");
        shell.args(["-c", "trap '' XFSZ; exec \"$0\" serve", program]);
        Self::begin(shell, test, url, settings)
    }

    fn begin(
        mut program: Command,
        test: &TestDatabase,
        url: &str,
        settings: &[(&str, &str)],
    ) -> Self {
        let address = free_port();
        let child = program
            .current_dir(test.folder.path())
            .env_remove("RUST_LOG")
            .env("DATABASE_URL", url)
            .env("PLIMSOLL_SERVE__BIND", address.to_string())
            .envs(settings.iter().copied())
            .stdout(Stdio::null())
            .stderr(File::create(test.folder.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let log = test.folder.path().join("log");
        let running = Self {
            address,
            child,
            log,
        };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(
                begun.elapsed() < Duration::from_mins(1),
                "it does not start"
            );
            std::thread::sleep(Duration::from_millis(30));
        }
        running
    }

    pub(crate) async fn get(&self, path: &str) -> crate::service::Answer {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        exchange(self.address, request.into_bytes()).await
    }

    pub(crate) async fn get_as(&self, token: &str, path: &str) -> crate::service::Answer {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        exchange(self.address, request.into_bytes()).await
    }

    pub(crate) async fn post(
        &self,
        path: &str,
        token: &str,
        body: serde_json::Value,
    ) -> crate::service::Answer {
        let body = body.to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        exchange(self.address, request.into_bytes()).await
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Tells it to stop; how long it took, whether it went well, what it had
    /// said.
    pub(crate) fn stop(mut self) -> (Duration, bool, String) {
        let begun = Instant::now();
        let told = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(told.success());
        let status = self.child.wait().unwrap();
        let took = begun.elapsed();
        let said = fs::read_to_string(&self.log).unwrap();
        (took, status.success(), said)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
        let _reaped_already = self.child.wait();
    }
}

#[cfg(unix)]
#[actix_web::test]
async fn it_stops_when_told_and_does_not_wait_for_listeners() {
    let test = sqlite();
    let database = test.open().await;
    let running = Running::start(
        &test,
        &test.url,
        &[
            ("PLIMSOLL_LOG__FORMAT", "json"),
            ("RUST_LOG", "plimsoll=debug"),
            ("PLIMSOLL_SERVE__WORK", "false"),
        ],
    );
    running.get("/readyz").await.expect(200);
    // Somebody listens to a job that never ends.
    let now = plimsoll::clock::Clock::now(&plimsoll::clock::SystemClock);
    let invitation = plimsoll::app::identity::first_admin_invitation(&database, now)
        .await
        .unwrap()
        .unwrap();
    let (email, password) = ("ann@example.com", "correct horse battery");
    running
        .post(
            "/api/v1/users",
            "",
            json!({"token": invitation.shown, "email": email, "name": "Ann", "password": password}),
        )
        .await
        .expect(201);
    let signed_in = running
        .post(
            "/api/v1/tokens",
            "",
            json!({"email": email, "password": password}),
        )
        .await
        .expect(201);
    let token = signed_in["access_token"].as_str().unwrap();
    let job = running
        .post("/api/v1/supplier-lists", token, json!([{"name": "A Ltd"}]))
        .await
        .expect(202);
    let mut listening = TcpStream::connect(running.address).unwrap();
    write!(
        listening,
        "GET /api/v1/jobs/{}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n",
        job["id"].as_str().unwrap()
    )
    .unwrap();
    let mut first = String::new();
    BufReader::new(&listening).read_line(&mut first).unwrap();
    assert!(first.contains("200"), "{first}");

    let (took, well, said) = tokio::task::spawn_blocking(move || running.stop())
        .await
        .unwrap();
    assert!(well, "{said}");
    assert!(took < Duration::from_secs(10), "{took:?}: {said}");
    // Each line of the log is JSON, and a request's has its id.
    let lines: Vec<serde_json::Value> = said
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let answered = lines
        .iter()
        .find(|line| line["http.route"] == "/api/v1/tokens")
        .unwrap_or_else(|| panic!("{said}"));
    assert_eq!(answered["http.status"], 201);
    assert!(answered["span"]["request.id"].is_string(), "{answered}");
    assert!(!said.contains(password) && !said.contains(email));
    drop(database);
}

/// Nobody finds a setting that stands in no table.
#[test]
fn every_setting_stands_in_a_table() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let read = |name: &str| fs::read_to_string(docs.join(name)).unwrap();
    let docs = [
        read("operations.md"),
        read("service.md"),
        read("lists_sync.md"),
    ]
    .concat();
    let rows: Vec<_> = docs
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    let settings = serde_json::to_value(plimsoll::config::Settings::default()).unwrap();
    let mut missing = Vec::new();
    for (concern, fields) in settings.as_object().unwrap() {
        for (field, value) in fields.as_object().unwrap() {
            let whole = format!("`{concern}.{field}`");
            // `limits.head_seconds`, `body_seconds`
            let behind = format!("`, `{field}`");
            let of_concern = format!("| `{concern}.");
            let told = rows.iter().any(|row| {
                row.contains(&whole) || (row.starts_with(&of_concern) && row.contains(&behind))
            });
            // The database's address has a name of its own, each list its table.
            let apart = whole == "`database.url`" || (concern == "lists" && value.is_object());
            if !told && !apart {
                missing.push(whole);
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

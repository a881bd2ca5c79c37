//! The release binary, serving on a port of its own.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use super::{
    Outcome,
    client::{Connection, text},
};

const PASSWORD: &str = "a password for the bench";

pub(crate) struct Server {
    child: Child,
    address: String,
    token: String,
    folder: TempDir,
}

impl Server {
    pub(crate) async fn start(database: Option<&str>, work: bool) -> Outcome<Self> {
        let folder = TempDir::new()?;
        let file = folder.path().join("bench.db");
        let fresh = format!("sqlite://{}?mode=rwc", file.display());
        // Free a moment ago; nobody else here is looking for one.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let mut child = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .arg("serve")
            .current_dir(folder.path())
            .env("DATABASE_URL", database.unwrap_or(&fresh))
            .env("PLIMSOLL_SERVE__BIND", &address)
            .env("PLIMSOLL_SERVE__WORK", work.to_string())
            // What is measured is the service, not its patience with one caller.
            .env("PLIMSOLL_LIMITS__PER_CALLER", "1000000")
            .env("PLIMSOLL_LIMITS__PER_CALLER_BURST", "1000000")
            .env("PLIMSOLL_LIMITS__CONCURRENT", "4096")
            .env("RUST_LOG", "warn")
            .stderr(Stdio::piped())
            .spawn()?;
        let said = child.stderr.take().ok_or("no stderr")?;
        let invitation = BufReader::new(said)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                line.trim()
                    .starts_with("pli_")
                    .then(|| line.trim().to_owned())
            })
            .ok_or("the server gave no invitation: is the database empty?")?;
        let mut server = Self {
            child,
            address,
            token: String::new(),
            folder,
        };
        server.sign_in(&invitation).await?;
        Ok(server)
    }

    async fn sign_in(&mut self, invitation: &str) -> Outcome<()> {
        let mut connection = loop {
            match Connection::open(self).await {
                Ok(connection) => break connection,
                Err(_) if matches!(self.child.try_wait(), Ok(None)) => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                Err(error) => return Err(error),
            }
        };
        let email = "bench@example.org";
        let joins = serde_json::json!({
            "token": invitation, "email": email, "name": "Bench", "password": PASSWORD,
        });
        connection
            .post("/api/v1/users", &joins.to_string(), 201)
            .await?;
        let signs_in = serde_json::json!({"email": email, "password": PASSWORD});
        // The service closes a stranger's connection behind each answer.
        connection = Connection::open(self).await?;
        let answer = connection
            .post("/api/v1/tokens", &signs_in.to_string(), 201)
            .await?;
        self.token = text(answer, "access_token")?;
        Ok(())
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Linux keeps the peak of a process; elsewhere nothing is said.
    pub(crate) fn peak_memory(&self) -> String {
        std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .unwrap_or_default()
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .map_or_else(|| "unknown".to_owned(), |peak| peak.trim().to_owned())
    }

    /// User and system time so far (Linux, at 100 ticks a second).
    pub(crate) fn processor_seconds(&self) -> f64 {
        let stat =
            std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        let ticks = |place: usize| -> f64 {
            after_name
                .split_whitespace()
                .nth(place)
                .and_then(|text| text.parse().ok())
                .unwrap_or_default()
        };
        (ticks(11) + ticks(12)) / 100.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

//! A server that plays the publishers of lists, and the lists that it prints:
//! real shapes, invented names.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use plimsoll::{
    app::{
        list_keep::Outcome,
        list_sync::{self, SyncError, Syncing},
    },
    clock::{Clock, Timestamp},
    config::{FetchSettings, ListSettings},
    fetch::Fetcher,
    lists::Source,
    store::Database,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// What is answered at one address.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: &'static str,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// Bytes sent before the line breaks off.
    pub(crate) cut: Option<usize>,
    pub(crate) wait: Duration,
    /// Answers 500 so many times before.
    pub(crate) failures: u32,
}

impl Answer {
    pub(crate) fn new(media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: "200 OK",
            headers: vec![("Content-Type", media_type.to_owned())],
            body: body.into(),
            cut: None,
            wait: Duration::ZERO,
            failures: 0,
        }
    }

    pub(crate) fn status(status: &'static str) -> Self {
        Self {
            status,
            ..Self::new("text/html", "<html><body>no</body></html>")
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// The server.
#[derive(Debug, Clone)]
pub(crate) struct Publisher {
    pub(crate) address: String,
    answers: Arc<Mutex<BTreeMap<String, Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Publisher {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let publisher = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            answers: Arc::default(),
            asked: Arc::default(),
        };
        let serving = publisher.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move { serving.answer(socket).await });
            }
        });
        publisher
    }

    async fn answer(&self, mut socket: tokio::net::TcpStream) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match socket.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_gone) => return,
            }
        }
        let head = String::from_utf8(head).unwrap();
        let path = head.split(' ').nth(1).unwrap().to_owned();
        self.asked.lock().unwrap().push(head.to_lowercase());
        let answer = self.take(&path, &head);
        tokio::time::sleep(answer.wait).await;
        let mut bytes = format!(
            "HTTP/1.1 {}\r\nConnection: close\r\nContent-Length: {}\r\n",
            answer.status,
            answer.body.len()
        );
        for (name, value) in &answer.headers {
            let _infallible = write!(bytes, "{name}: {value}\r\n");
        }
        let mut bytes = (bytes + "\r\n").into_bytes();
        let cut = answer.cut.unwrap_or(answer.body.len());
        bytes.extend_from_slice(&answer.body[..cut]);
        let _gone = socket.write_all(&bytes).await;
    }

    fn take(&self, path: &str, head: &str) -> Answer {
        let mut answers = self.answers.lock().unwrap();
        let Some(answer) = answers.get_mut(path) else {
            return Answer::status("404 Not Found");
        };
        if answer.failures > 0 {
            answer.failures -= 1;
            return Answer::status("500 Internal Server Error");
        }
        let etag = answer.headers.iter().find(|(name, _)| *name == "ETag");
        if let Some((_, etag)) = etag
            && head
                .to_lowercase()
                .contains(&format!("if-none-match: {etag}"))
        {
            return Answer {
                body: Vec::new(),
                ..Answer::status("304 Not Modified")
            };
        }
        answer.clone()
    }

    pub(crate) fn put(&self, path: &str, answer: Answer) {
        self.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Paths asked since the last time.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
            .iter()
            .map(|head| head.split(' ').nth(1).unwrap().to_owned())
            .collect()
    }

    /// Settings under which every list is at this server.
    pub(crate) fn settings(&self) -> ListSettings {
        let mut settings = ListSettings {
            fetch_seconds: 5,
            ..ListSettings::default()
        };
        settings.uflpa.url = Some(self.url("/uflpa"));
        settings.cbp.url = Some(self.url("/document/wro"));
        settings.dol_goods.url = Some(self.url("/goods"));
        settings.ofac_sdn.url = Some(self.url("/exports/SDN.XML"));
        settings.csl.url = Some(self.url("/consolidated.csv"));
        settings.sam_exclusions.url = Some(self.url("/v1/api/listfiles?domain=X"));
        settings.brazil_register.url = Some(self.url("/cadastro.csv"));
        settings
    }
}

/// May ask servers on the loopback.
pub(crate) fn fetcher(tries: usize) -> Fetcher {
    Fetcher::new(&FetchSettings {
        allow: vec!["127.0.0.1".to_owned()],
        tries,
        ..FetchSettings::default()
    })
    .unwrap()
}

/// A clock that is moved by hand.
#[derive(Debug, Clone)]
pub(crate) struct HandClock(Arc<Mutex<Timestamp>>);

impl HandClock {
    pub(crate) fn at(moment: &str) -> Self {
        let moment = DateTime::parse_from_rfc3339(moment).unwrap();
        Self(Arc::new(Mutex::new(moment.with_timezone(&Utc))))
    }

    pub(crate) fn advance(&self, time: TimeDelta) {
        *self.0.lock().unwrap() += time;
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// A database, a publisher, a clock and settings.
pub(crate) struct Desk {
    pub(crate) database: Database,
    pub(crate) publisher: Publisher,
    pub(crate) clock: HandClock,
    pub(crate) settings: ListSettings,
    pub(crate) fetcher: Fetcher,
}

impl Desk {
    pub(crate) async fn open(test: &crate::support::TestDatabase) -> Self {
        let publisher = Publisher::start().await;
        let desk = Self {
            database: test.open().await,
            clock: HandClock::at("2026-11-21T12:00:00Z"),
            settings: publisher.settings(),
            fetcher: fetcher(2),
            publisher,
        };
        plimsoll::app::lists::keep_shipped(&desk.database, &desk.clock, "test")
            .await
            .unwrap();
        desk
    }

    pub(crate) fn syncing(&self) -> Syncing<'_> {
        Syncing {
            database: &self.database,
            clock: &self.clock,
            fetcher: &self.fetcher,
            settings: &self.settings,
        }
    }

    pub(crate) async fn try_sync(&self, source: Source) -> Result<Outcome, SyncError> {
        list_sync::sync(self.syncing(), source, "test", &|_| {}).await
    }

    pub(crate) async fn sync(&self, source: Source) -> Outcome {
        self.try_sync(source).await.unwrap()
    }

    pub(crate) fn days_pass(&self, days: i64) {
        self.clock.advance(TimeDelta::days(days));
    }
}

/// DHS's page with so many entities, after `change` of each cell's text.
pub(crate) fn uflpa_page(rows: usize, change: impl Fn(usize, String) -> String) -> String {
    let mut page = String::from(
        "<!DOCTYPE html><html><head><title>UFLPA Entity List</title></head><body>\
         <nav><table><tr><td>Home</td></tr></table></nav><div>\
         <h3>A list of entities: Section 2(d)(2)(B)(i)</h3>\
         <table><thead><tr><th>Name of Entity</th><th>Effective Date</th></tr></thead><tbody>",
    );
    for row in 1..=rows {
        if row == 50 {
            page.push_str(
                "</tbody></table><p>Section 2(d)(2)(B)(v)</p>\
                 <table><tr><th>Entity Name</th><th>Effective Date</th></tr>",
            );
        }
        let name = format!(
            "Invented Mill {row} Co., Ltd. (also known as Invented Works {row}; and Invented Plant {row})"
        );
        let _infallible = write!(
            page,
            "<tr><td>{}</td><td>June 21, 2022</td></tr>",
            change(row, name)
        );
    }
    page.push_str("</tbody></table></div></body></html>");
    page
}

pub(crate) const HTML: &str = "text/html; charset=UTF-8";

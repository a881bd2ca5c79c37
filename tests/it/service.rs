//! The service over a real socket, as a client sees it.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::Arc,
};

use actix_web::dev::ServerHandle;
use plimsoll::{
    app::{identity, lists},
    clock::{Clock, SystemClock},
    config::Settings,
    http::{State, app::server},
    store::Database,
};
use serde_json::{Value, json};

use crate::{
    main_job::screen_list,
    support::{TestDatabase, databases},
};

/// The service, started on a fresh database.
pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    pub(crate) database: Database,
    pub(crate) state: State,
    handle: ServerHandle,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}: {}", self.status, self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body of the answer, if it is the one that is due.
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        if self.body.is_empty() {
            Value::Null
        } else {
            self.json()
        }
    }

    /// A problem document of that kind.
    pub(crate) fn problem(&self, status: u16, kind: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.headers["content-type"], "application/problem+json");
        let document = self.json();
        assert_eq!(document["type"], format!("/problems/{kind}"), "{document}");
        assert_eq!(document["status"], status);
        assert_eq!(document["instance"], self.headers["x-request-id"]);
        document
    }
}

impl Service {
    pub(crate) async fn start(test: &TestDatabase) -> Self {
        Self::start_with(test, &Settings::default()).await
    }

    pub(crate) async fn start_with(test: &TestDatabase, settings: &Settings) -> Self {
        let database = test.open().await;
        lists::keep_shipped(&database, &SystemClock, "service")
            .await
            .unwrap();
        let state = State::new(database.clone(), Arc::new(SystemClock), settings);
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let server = server(listener, state.clone()).unwrap();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self {
            address,
            database,
            state,
            handle,
        }
    }

    pub(crate) async fn stop(self) {
        self.handle.stop(false).await;
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            request.extend([name, ": ", value, "\r\n"]);
        }
        request.push_str("\r\n");
        let mut bytes = request.into_bytes();
        bytes.extend_from_slice(body);
        exchange(self.address, bytes).await
    }

    pub(crate) async fn get(&self, token: &str, path: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        self.send("GET", path, &[("Authorization", &bearer)], b"")
            .await
    }

    pub(crate) async fn json(&self, method: &str, token: &str, path: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {token}");
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
        ];
        self.send(method, path, &headers, body.to_string().as_bytes())
            .await
    }

    pub(crate) async fn post(&self, token: &str, path: &str, body: Value) -> Answer {
        self.json("POST", token, path, &body).await
    }

    /// The first admin of the local organization, signed in.
    pub(crate) async fn first_admin(&self) -> String {
        let invitation = identity::first_admin_invitation(&self.database, SystemClock.now())
            .await
            .unwrap()
            .unwrap();
        self.join(&invitation.shown, "admin@example.com").await
    }

    /// Accepts an invitation and signs in.
    pub(crate) async fn join(&self, invitation: &str, email: &str) -> String {
        let password = "correct horse battery";
        self.post(
            "",
            "/api/v1/users",
            json!({"token": invitation, "email": email, "name": "Somebody", "password": password}),
        )
        .await
        .expect(201);
        self.sign_in(email, password).await.expect(201)["access_token"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Answer {
        let body = json!({"email": email, "password": password});
        self.post("", "/api/v1/tokens", body).await
    }

    /// Somebody with that role in the admin's organization.
    pub(crate) async fn colleague(&self, admin: &str, role: &str, email: &str) -> String {
        let invited = self
            .post(admin, "/api/v1/invitations", json!({"role": role}))
            .await
            .expect(201);
        self.join(invited["token"].as_str().unwrap(), email).await
    }

    /// The first admin of another organization.
    pub(crate) async fn other_organization(&self, operator: &str) -> String {
        let opened = self
            .post(operator, "/api/v1/organizations", json!({"name": "Other"}))
            .await
            .expect(201);
        self.join(
            opened["invitation_token"].as_str().unwrap(),
            "other@example.net",
        )
        .await
    }
}

pub(crate) async fn exchange(address: SocketAddr, request: Vec<u8>) -> Answer {
    tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        // A server that refuses early may stop reading.
        let _refused_early = stream.write_all(&request);
        let mut bytes = Vec::new();
        let _reset_after_answer = stream.read_to_end(&mut bytes);
        read_answer(&bytes)
    })
    .await
    .unwrap()
}

fn read_answer(bytes: &[u8]) -> Answer {
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {}", String::from_utf8_lossy(bytes)));
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap()[9..12].parse().unwrap();
    let headers: BTreeMap<_, _> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let mut body = bytes[end + 4..].to_vec();
    if headers
        .get("transfer-encoding")
        .is_some_and(|how| how == "chunked")
    {
        body = joined(&body);
    }
    Answer {
        status,
        headers,
        body,
    }
}

fn joined(mut chunks: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let line = chunks.windows(2).position(|two| two == b"\r\n").unwrap();
        let size =
            usize::from_str_radix(std::str::from_utf8(&chunks[..line]).unwrap(), 16).unwrap();
        if size == 0 {
            return body;
        }
        body.extend_from_slice(&chunks[line + 2..line + 2 + size]);
        chunks = &chunks[line + 4 + size..];
    }
}

#[actix_web::test]
async fn it_answers_health_the_latest_screening_and_problems() {
    for test in databases().await {
        let service = Service::start(&test).await;
        service.get("", "/healthz").await.expect(200);
        service.get("", "/readyz").await.expect(200);
        let docs = service.get("", "/docs/").await;
        assert!(docs.status == 200 && docs.text().contains("swagger"));
        service
            .get("", "/api/v1/screenings/latest")
            .await
            .problem(401, "not-signed-in");

        let admin = service.first_admin().await;
        service
            .get(&admin, "/api/v1/screenings/latest")
            .await
            .problem(404, "not-found");
        let screened = screen_list(
            &service.database,
            b"Supplier,Country\nExample Mill Ltd,China\n",
        )
        .await
        .unwrap();
        let latest = service.get(&admin, "/api/v1/screenings/latest").await;
        assert_eq!(latest.headers["x-screening-id"], screened.id.to_string());
        assert_eq!(
            plimsoll::audit::sha256_hex(&latest.body),
            screened.result_sha256
        );
        for format in ["json", "csv", "xlsx"] {
            let path = format!("/api/v1/screenings/{}/export?format={format}", screened.id);
            let export = service.get(&admin, &path).await;
            assert_eq!(export.status, 200, "{}", export.text());
            match format {
                "json" => assert_eq!(export.body, latest.body),
                "csv" => assert!(export.text().contains("Example Mill Ltd")),
                _ => assert!(export.body.starts_with(b"PK")),
            }
        }

        service
            .get(&admin, "/nowhere")
            .await
            .problem(404, "not-found");
        service
            .post(&admin, "/healthz", json!({}))
            .await
            .problem(405, "method-not-allowed");
        service.stop().await;
    }
}

#[actix_web::test]
async fn one_supplier_is_screened_while_the_caller_waits() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let supplier = json!({"supplier": {
            "name": "Hoshine Silicon Industry (Shanshan) Co., Ltd", "country": "China",
            "city": "Shanshan", "goods": ["Silicon metal"],
        }});
        let screened = service
            .post(&admin, "/api/v1/screenings", supplier)
            .await
            .expect(201);
        let result = &screened["assessment"]["result"];
        assert_eq!(result["disposition"], "REVIEW_REQUIRED", "{result}");
        let id = screened["screening_id"].as_str().unwrap();
        let whole = service
            .get(&admin, &format!("/api/v1/screenings/{id}/export"))
            .await;
        assert_eq!(
            plimsoll::audit::sha256_hex(&whole.body),
            screened["result_sha256"].as_str().unwrap()
        );
        let replayed = plimsoll::app::replay::replay(&service.database, id.parse().unwrap())
            .await
            .unwrap();
        assert!(replayed.same_bytes(), "{replayed:?}");

        let nameless = json!({"supplier": {"name": " ", "country": "China"}});
        let problem = service
            .post(&admin, "/api/v1/screenings", nameless)
            .await
            .problem(422, "invalid-content");
        assert_eq!(
            problem["errors"][0]["pointer"], "/supplier/name",
            "{problem}"
        );
        let unknown = json!({"supplier": {"name": "A", "nmae": "B"}});
        let problem = service
            .post(&admin, "/api/v1/screenings", unknown)
            .await
            .problem(422, "invalid-content");
        assert_eq!(
            problem["errors"][0]["pointer"], "/supplier/nmae",
            "{problem}"
        );
        service.stop().await;
    }
}

#[actix_web::test]
async fn hostile_requests_are_refused_as_problems() {
    let test = crate::support::sqlite();
    let service = Service::start(&test).await;
    let admin = service.first_admin().await;
    let bearer = format!("Bearer {admin}");
    let json_headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "application/json"),
    ];
    let deep = "[".repeat(900_000);
    let deeper = format!("{{\"supplier\":{deep}");
    for (body, status, kind) in [
        (deep.as_str(), 422, "invalid-content"),
        (deeper.as_str(), 422, "invalid-content"),
        ("{\"supplier\":", 400, "invalid-syntax"),
        (
            "{\"supplier\":{\"name\":\"A\",\"name\":\"B\"}}",
            422,
            "invalid-content",
        ),
        ("{\"supplier\":{\"name\":\"A\"}} x", 400, "invalid-syntax"),
        ("\u{0}", 400, "invalid-syntax"),
    ] {
        service
            .send("POST", "/api/v1/screenings", &json_headers, body.as_bytes())
            .await
            .problem(status, kind);
    }
    let large = vec![b' '; 2 << 20];
    service
        .send("POST", "/api/v1/screenings", &json_headers, &large)
        .await
        .problem(413, "too-large");
    service
        .send(
            "POST",
            "/api/v1/screenings",
            &[("Authorization", &bearer)],
            b"{}",
        )
        .await
        .problem(415, "unsupported-media-type");
    for path in [
        "/api/v1/jobs/../../etc/passwd",
        "/api/v1/jobs/'%20OR%201=1--",
        "/api/v1/jobs/%00",
        "/api/v1/screenings/00000000-0000-0000-0000-000000000000",
    ] {
        service.get(&admin, path).await.problem(404, "not-found");
    }
    for query in ["limit=0", "limit=201", "limit=x", "after=x", "nothing=1"] {
        let problem = service
            .get(&admin, &format!("/api/v1/jobs?{query}"))
            .await
            .problem(400, "invalid-syntax");
        let name = query.split('=').next().unwrap();
        assert_eq!(problem["errors"][0]["pointer"], format!("?{name}"));
    }
    // The form ends before it is whole.
    let form = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nSupplier\n";
    let multipart = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "multipart/form-data; boundary=x"),
    ];
    service
        .send(
            "POST",
            "/api/v1/supplier-lists",
            &multipart,
            form.as_bytes(),
        )
        .await
        .problem(400, "invalid-syntax");
    for name in [
        "'; DROP TABLE hits;--",
        "{{7*7}} ${7*7}",
        "=HYPERLINK(\"x\")",
        "../../etc/passwd",
    ] {
        let screened = service
            .post(
                &admin,
                "/api/v1/screenings",
                json!({"supplier": {"name": name}}),
            )
            .await
            .expect(201);
        assert_eq!(screened["assessment"]["result"]["name"], name);
    }
    service.stop().await;
}

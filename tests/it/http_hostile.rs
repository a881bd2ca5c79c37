//! What no client of good will sends. Every answer is a refusal, none is a
//! failure of the service, and the next request is served.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use plimsoll::{config::Settings, http::openapi::ApiDocument};
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use crate::{
    service::{Service, exchange},
    support::{databases, sqlite},
};

/// Writes raw bytes and reads until the server closes or says no more.
async fn raw(address: SocketAddr, bytes: Vec<u8>) -> String {
    tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(3)))
            .unwrap();
        let _refused_early = stream.write_all(&bytes);
        let mut answer = Vec::new();
        let _closed_or_silent = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    })
    .await
    .unwrap()
}

/// The status of each answer in what was read.
fn statuses(answers: &str) -> Vec<u16> {
    answers
        .split("HTTP/1.1 ")
        .skip(1)
        .map(|rest| rest[..3].parse().unwrap())
        .collect()
}

#[actix_web::test]
async fn a_head_that_trickles_is_cut_off() {
    let test = sqlite();
    let mut settings = Settings::default();
    settings.limits.head_seconds = 1;
    let service = Service::start_with(&test, &settings).await;
    let address = service.address;
    // On a fresh connection, and behind a first request on a kept one.
    for first in ["", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"] {
        let trickle = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(first.as_bytes()).unwrap();
            std::thread::sleep(Duration::from_millis(100));
            let begun = Instant::now();
            let mut sent = 0;
            for byte in "GET /healthz HTTP/1.1\r\nX-Slow: ".bytes().cycle() {
                if stream.write_all(&[byte]).is_err() || begun.elapsed() > Duration::from_secs(15) {
                    break;
                }
                sent += 1;
                std::thread::sleep(Duration::from_millis(100));
            }
            (begun.elapsed(), sent)
        });
        tokio::time::sleep(Duration::from_millis(500)).await;
        service.get("", "/healthz").await.expect(200);
        let (took, sent) = trickle.await.unwrap();
        assert!(
            took < Duration::from_secs(8),
            "{first:?}: {sent} bytes in {took:?}"
        );
    }
    service.stop().await;
}

#[actix_web::test]
async fn a_body_that_trickles_is_refused() {
    let test = sqlite();
    let mut settings = Settings::default();
    settings.limits.body_seconds = 1;
    let service = Service::start_with(&test, &settings).await;
    let admin = service.first_admin().await;
    let upload = format!("PUT /api/v1/uploads/{}", "0".repeat(64));
    for (line, kind) in [
        ("POST /api/v1/screenings", "application/json"),
        ("POST /api/v1/supplier-lists?file_name=a.csv", "text/csv"),
        ("POST /api/v1/contractors/checks", "application/json"),
        ("POST /api/v1/list-imports?source=custom:slow", "text/csv"),
        ("POST /api/v1/policies/risk-models", "application/toml"),
        (
            "POST /api/v1/policies/risk-models/validate",
            "application/toml",
        ),
        (upload.as_str(), "application/octet-stream"),
    ] {
        let request = format!(
            "{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {admin}\r\nContent-Type: {kind}\r\nContent-Length: 900\r\n\r\n{{\"supplier\""
        );
        let begun = Instant::now();
        let answer = exchange(service.address, request.into_bytes()).await;
        assert_eq!(answer.status, 408, "{line}: {}", answer.text());
        answer.problem(408, "too-slow");
        assert!(begun.elapsed() < Duration::from_secs(8), "{line}");
    }
    service.stop().await;
}

#[actix_web::test]
async fn lengths_that_are_not_true_fool_nobody() {
    let test = sqlite();
    let service = Service::start(&test).await;
    let admin = service.first_admin().await;
    let head = format!(
        "POST /api/v1/screenings HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {admin}\r\nContent-Type: application/json\r\n"
    );
    let body = r#"{"supplier":{"name":"Smuggled Mill Ltd"}}"#;
    let hidden = "GET /api/v1/me HTTP/1.1\r\nHost: x\r\n\r\n";
    for lengths in [
        "Content-Length: 5\r\nContent-Length: 41\r\n".to_owned(),
        "Content-Length: -1\r\n".to_owned(),
        "Content-Length: +41\r\n".to_owned(),
        "Content-Length: 0x29\r\n".to_owned(),
        "Content-Length: 99999999999999999999999\r\n".to_owned(),
        "Content-Length: 41\r\nTransfer-Encoding: chunked\r\n".to_owned(),
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n".to_owned(),
        "Transfer-Encoding: xchunked\r\n".to_owned(),
    ] {
        let request = format!("{head}{lengths}\r\n{body}{hidden}");
        let answers = raw(service.address, request.into_bytes()).await;
        for status in statuses(&answers) {
            assert!((400..500).contains(&status), "{lengths}: {answers}");
        }
    }
    // Shorter than said: the client goes away in the middle.
    let cut = format!("{head}Content-Length: 500\r\n\r\n{body}");
    {
        let mut stream = TcpStream::connect(service.address).unwrap();
        stream.write_all(cut.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = String::new();
        let answer = tokio::task::spawn_blocking(move || {
            let _reset = stream.read_to_string(&mut answer);
            answer
        })
        .await
        .unwrap();
        for status in statuses(&answer) {
            assert!((400..500).contains(&status), "{answer}");
        }
    }
    // Longer than said: what is left over is no request.
    let more = format!("{head}Content-Length: 20\r\n\r\n{body}");
    for status in statuses(&raw(service.address, more.into_bytes()).await) {
        assert!((400..500).contains(&status));
    }
    // A chunk that never ends, and one whose size lies.
    for chunks in [
        "FFFFFFFFFFFFFFFFF\r\n{}",
        "zz\r\n{}\r\n0\r\n\r\n",
        "2\r\n{}xx",
    ] {
        let request = format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunks}");
        let answers = raw(service.address, request.into_bytes()).await;
        for status in statuses(&answers) {
            assert!((400..500).contains(&status), "{chunks}: {answers}");
        }
    }
    let screenings = service.get(&admin, "/api/v1/screenings").await.expect(200);
    assert_eq!(screenings["items"], json!([]), "nothing was screened");
    service.stop().await;
}

#[actix_web::test]
async fn heads_that_are_no_heads_are_refused() {
    let test = sqlite();
    let service = Service::start(&test).await;
    let large = format!(
        "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Large: {}\r\n\r\n",
        "a".repeat(400_000)
    );
    let many: Vec<_> = (0..300)
        .map(|number| format!("X-{number}: 1\r\n"))
        .collect();
    let many = many.concat();
    let many = format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{many}\r\n");
    let long = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(300_000));
    for request in [
        large.as_str(),
        &many,
        &long,
        "GET /healthz HTTP/1.1\r\nHost x\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: x\r\nX-\u{0}: 1\r\n\r\n",
        "GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\r\n\r\n",
        "FOO BAR\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
    ] {
        let answers = raw(service.address, request.as_bytes().to_vec()).await;
        for status in statuses(&answers) {
            assert!((400..500).contains(&status), "{answers}");
        }
        service.get("", "/healthz").await.expect(200);
    }
    service.stop().await;
}

#[actix_web::test]
async fn json_that_is_meant_to_hurt_is_refused_with_its_place() {
    let test = sqlite();
    let service = Service::start(&test).await;
    let admin = service.first_admin().await;
    let bearer = format!("Bearer {admin}");
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "application/json"),
    ];
    let ten = 10 << 20;
    for (path, body, statuses) in [
        ("/api/v1/screenings", "[".repeat(ten), [413, 413]),
        ("/api/v1/supplier-lists", "[".repeat(ten), [400, 422]),
        (
            "/api/v1/supplier-lists",
            "{\"a\":".repeat(ten / 5),
            [400, 422],
        ),
        (
            "/api/v1/supplier-lists",
            format!("[{{\"name\":{}", "[".repeat(ten)),
            [400, 422],
        ),
    ] {
        let begun = Instant::now();
        let answer = service.send("POST", path, &headers, body.as_bytes()).await;
        assert!(statuses.contains(&answer.status), "{}", answer.text());
        assert!(begun.elapsed() < Duration::from_secs(20), "{path}");
    }
    for (path, body, pointer) in [
        (
            "/api/v1/screenings",
            r#"{"supplier":{"name":"A","name":"B"}}"#,
            "/supplier/name",
        ),
        (
            "/api/v1/screenings",
            r#"{"supplier":{"name":"A"},"supplier":{"name":"B"}}"#,
            "/supplier",
        ),
        (
            "/api/v1/supplier-lists",
            r#"[{"name":"A"},{"name":"B","country":"CN","country":"US"}]"#,
            "/1/country",
        ),
        (
            "/api/v1/tokens",
            r#"{"email":"a@example.com","email":"b@example.com","password":"x"}"#,
            "/email",
        ),
        (
            "/api/v1/screenings",
            "{\"supplier\":{\"name\":\"A\\u0000B\"}}",
            "/supplier/name",
        ),
    ] {
        let problem = service
            .send("POST", path, &headers, body.as_bytes())
            .await
            .problem(422, "invalid-content");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    service.stop().await;
}

#[actix_web::test]
async fn forms_that_break_off_are_refused() {
    let test = sqlite();
    let service = Service::start(&test).await;
    let admin = service.first_admin().await;
    let bearer = format!("Bearer {admin}");
    let whole = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\nSupplier\nExample Mill Ltd\n\r\n--x--\r\n";
    let headers = |kind| [("Authorization", bearer.as_str()), ("Content-Type", kind)];
    for end in 0..whole.len() - 4 {
        let answer = service
            .send(
                "POST",
                "/api/v1/supplier-lists",
                &headers("multipart/form-data; boundary=x"),
                &whole.as_bytes()[..end],
            )
            .await;
        assert!(
            (400..500).contains(&answer.status),
            "{end}: {}",
            answer.text()
        );
    }
    for kind in [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=y",
        "multipart/form-data; boundary=\"",
    ] {
        let answer = service
            .send(
                "POST",
                "/api/v1/supplier-lists",
                &headers(kind),
                whole.as_bytes(),
            )
            .await;
        assert!((400..500).contains(&answer.status), "{kind}");
    }
    let jobs = service.get(&admin, "/api/v1/jobs").await.expect(200);
    assert_eq!(jobs["items"], json!([]));
    service.stop().await;
}

#[actix_web::test]
async fn no_path_leads_out() {
    let test = sqlite();
    let service = Service::start(&test).await;
    let admin = service.first_admin().await;
    for path in [
        "//api/v1/jobs",
        "/api/v1/../v1/me",
        "/api/v1/jobs/%2e%2e/users",
        "/api/v1/jobs/..%2f..%2f..%2fetc%2fpasswd",
        "/docs/../../../../etc/passwd",
        "/docs/..%2f..%2fCargo.toml",
        "/docs/%2e%2e/%2e%2e/Cargo.toml",
        "/docs/....//Cargo.toml",
        "/api/v1/jobs/%00",
        "/api/v1/jobs/%c0%ae%c0%ae",
        "/api/v1/policies/..%2f..%2fCargo.toml",
        "/api/v1/me;admin=true",
        "/api/v1/me/",
        "/API/V1/ME",
        "http://elsewhere.example/api/v1/nothing",
    ] {
        let answer = service.get(&admin, path).await;
        assert!(
            (400..500).contains(&answer.status),
            "{path}: {}",
            answer.text()
        );
        assert!(!answer.text().contains("[package]"), "{path}");
    }
    service.stop().await;
}

const WEIRD: [&str; 14] = [
    "'; DROP TABLE hits;--",
    "' OR '1'='1",
    "\\'; SELECT pg_sleep(9);--",
    "{{7*7}}${7*7}<%= 7*7 %>#{7*7}",
    "<script>alert(1)</script>",
    "=HYPERLINK(\"http://x\",\"y\")",
    "../../../etc/passwd",
    "%s%n%x$(id)`id`",
    "\r\nSet-Cookie: a=b",
    "\u{202e}gnp.exe\u{feff}\u{200b}",
    "\u{0}",
    "\u{ffff}\u{10ffff}",
    "%_",
    "a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
];

/// A value for the schema with `text` wherever any text may stand, and with what
/// is asked for wherever only some may.
fn filled(document: &Value, schema: &Value, text: &str, depth: usize) -> Value {
    if depth > 12 {
        return Value::Null;
    }
    if let Some(place) = schema["$ref"].as_str() {
        let target = document.pointer(place.trim_start_matches('#')).unwrap();
        return filled(document, target, text, depth + 1);
    }
    for way in ["oneOf", "anyOf", "allOf"] {
        if let Some(ways) = schema[way].as_array() {
            let wanted = ways.iter().find(|one| one["type"] != "null").unwrap();
            return filled(document, wanted, text, depth + 1);
        }
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").unwrap(),
        kind => kind,
    };
    match kind.as_str() {
        Some("string") => match (&schema["enum"][0], schema["format"].as_str()) {
            (Value::String(first), _) => json!(first),
            (_, Some("uuid")) => json!(NOBODY),
            (_, Some("date")) => json!("2026-11-21"),
            (_, Some("date-time")) => json!("2026-11-21T12:00:00Z"),
            _ => json!(text),
        },
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("array") => json!([filled(document, &schema["items"], text, depth + 1)]),
        _ => {
            let mut object = Map::new();
            if let Some(properties) = schema["properties"].as_object() {
                for (name, schema) in properties {
                    object.insert(name.clone(), filled(document, schema, text, depth + 1));
                }
            } else {
                object.insert(text.to_owned(), json!(text));
            }
            Value::Object(object)
        }
    }
}

const NOBODY: &str = "00000000-0000-7000-8000-000000000000";
const ORDINARY: &str = "Ordinary words of one sentence";

/// Where texts stand in a value, as JSON pointers.
fn texts(value: &Value, place: &str) -> Vec<String> {
    let within = |name: &str, inner: &Value| {
        let name = name.replace('~', "~0").replace('/', "~1");
        texts(inner, &format!("{place}/{name}"))
    };
    match value {
        Value::String(_) => vec![place.to_owned()],
        Value::Array(items) => (0..)
            .zip(items)
            .flat_map(|(index, item)| within(&format!("{index}"), item))
            .collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, field)| within(name, field))
            .collect(),
        _ => Vec::new(),
    }
}

/// The path with that text in place of each of its variables.
fn with_variables(path: &str, text: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| if part.starts_with('{') { text } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// One reader reads these for every collection.
const COMMON: [&str; 4] = ["limit", "after", "sort", "fields"];

/// Whether that text is sent there. What is read by the same code in many places
/// gets a third of the texts in each, others in every next one.
fn takes_turn(shared: bool, place: usize, text: usize) -> bool {
    !shared || (place + text).is_multiple_of(3)
}

/// Method, target and body of every request in which one text is replaced by one
/// that means something elsewhere, and the others are as good as they can be.
fn requests(document: &Value, real: &[(&str, String)]) -> Vec<(String, String, Option<Value>)> {
    let mut all = Vec::new();
    let mut places = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if path == "/api/v1/signing-keys" || path.ends_with("/events") {
                continue;
            }
            let there = real.iter().find(|(of, _)| path.contains(of));
            let target = with_variables(path, there.map_or(NOBODY, |(_, id)| id));
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let ordinary = schema
                .is_object()
                .then(|| filled(document, schema, ORDINARY, 0));
            let mut add = |target: String, body: Option<Value>| {
                all.push((method.to_uppercase(), target, body));
            };
            // A password costs as much as it should: a few do.
            let step = if path == "/api/v1/tokens" { 5 } else { 1 };
            for (number, text) in WEIRD.into_iter().enumerate().step_by(step) {
                let encoded: Vec<_> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
                let encoded = encoded.concat();
                if path.contains('{') {
                    add(with_variables(path, &encoded), ordinary.clone());
                }
                let parameters = operation["parameters"].as_array().into_iter().flatten();
                for (place, parameter) in parameters.enumerate() {
                    let name = parameter["name"].as_str().unwrap();
                    let shared = COMMON.contains(&name);
                    if parameter["in"] == "query" && takes_turn(shared, places + place, number) {
                        add(format!("{target}?{name}={encoded}"), ordinary.clone());
                    }
                }
                let Some(ordinary) = &ordinary else { continue };
                add(target.clone(), Some(filled(document, schema, text, 0)));
                for (place, pointer) in texts(ordinary, "").iter().enumerate() {
                    // A supplier's record is read alike wherever it stands.
                    let nested = pointer.matches('/').count() > 1;
                    if takes_turn(nested, places + place, number) {
                        let mut body = ordinary.clone();
                        *body.pointer_mut(pointer).unwrap() = json!(text);
                        add(target.clone(), Some(body));
                    }
                }
            }
            places += 1;
        }
    }
    all
}

/// Every text of every request that the API describes.
#[actix_web::test]
async fn texts_with_a_meaning_elsewhere_mean_nothing_here() {
    for test in databases().await {
        let mut settings = Settings::default();
        settings.limits.sign_ins_per_minute = 100_000;
        settings.limits.per_address_burst = 1_000_000;
        settings.limits.per_caller_burst = 1_000_000;
        let service = Service::start_with(&test, &settings).await;
        let admin = service.first_admin().await;
        let bearer = format!("Bearer {admin}");
        let listed = "Hoshine Silicon Industry (Shanshan) Co., Ltd";
        let supplier = json!({"supplier": {"name": listed, "country": "China"}});
        let screened = service
            .post(&admin, "/api/v1/screenings", supplier.clone())
            .await
            .expect(201);
        let kept = service
            .json(
                "PUT",
                &admin,
                "/api/v1/suppliers/by-external-id/V-1",
                &supplier,
            )
            .await
            .expect(201);
        let hits = service.get(&admin, "/api/v1/hits").await.expect(200);
        let id = |value: &Value| value.as_str().unwrap().to_owned();
        let real = [
            ("/hits/{id}", id(&hits["items"][0]["id"])),
            ("/screenings/{id}", id(&screened["screening_id"])),
            ("/assessments/{id}", id(&screened["assessment"]["id"])),
            ("/by-external-id/", "V-1".to_owned()),
            ("/suppliers/{id}", id(&kept["id"])),
            ("/lists/{source}", "uflpa".to_owned()),
        ];
        let document = serde_json::to_value(ApiDocument::openapi()).unwrap();
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
            ("If-Match", "\"1\""),
        ];
        let all = requests(&document, &real);
        let sent = all.len();
        let (server, headers) = (&service, &headers);
        futures_util::stream::iter(all)
            .for_each_concurrent(8, |(method, target, body)| async move {
                let body = body.map(|body| body.to_string()).unwrap_or_default();
                let answer = server
                    .send(&method, &target, headers, body.as_bytes())
                    .await;
                check(&method, &target, &answer);
            })
            .await;
        assert!(sent > 2_000, "{sent}");
        // The tables are all there.
        for path in ["/api/v1/hits", "/api/v1/users", "/api/v1/audit-events"] {
            service.get(&admin, path).await.expect(200);
        }
        plimsoll::app::verify::verify_trail(&service.database, None)
            .await
            .unwrap();
        service.stop().await;
    }
}

fn check(method: &str, target: &str, answer: &crate::service::Answer) {
    let text = answer.text();
    assert!(
        answer.status < 500,
        "{method} {target}: {} {text}",
        answer.status
    );
    assert!(!answer.headers.contains_key("set-cookie"), "{text}");
    for told in [
        "sqlx",
        "sqlite",
        "postgres",
        "syntax error",
        "DROP TABLE hits;-- does",
    ] {
        let openapi = target.contains("openapi") || answer.status < 300;
        assert!(
            openapi || !text.to_lowercase().contains(told),
            "{method} {target}: {text}"
        );
    }
}

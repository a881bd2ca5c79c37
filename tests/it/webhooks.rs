//! Webhooks: signed, tried again, shown, replayed, and never into the inside.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use plimsoll::{
    app::{
        deliver::{self, DeliveryTerms, deliver_due, forget_old},
        ground::Grounds,
        verify::verify_trail,
        worker::{WorkTerms, work_once},
    },
    clock::{Clock, FixedClock, SystemClock},
    config::{FetchSettings, Settings},
    fetch::Fetcher,
};
use reqwest::header::HeaderMap;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use tokio::sync::watch;

use crate::{
    service::Service,
    support::{TestDatabase, databases, sqlite},
};

/// Headers and body.
type Message = (HeaderMap, Vec<u8>);

/// A receiver that keeps what it is told and answers as it is set.
#[derive(Clone)]
struct Receiver {
    address: SocketAddr,
    status: Arc<AtomicU16>,
    told: Arc<Mutex<Vec<Message>>>,
}

impl Receiver {
    fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let receiver = Self {
            address: listener.local_addr().unwrap(),
            status: Arc::new(AtomicU16::new(204)),
            told: Arc::default(),
        };
        let kept = receiver.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") {
                    stream.read_exact(&mut byte).unwrap();
                    head.push(byte[0]);
                }
                let mut headers = HeaderMap::new();
                for line in String::from_utf8(head).unwrap().lines().skip(1) {
                    if let Some((name, value)) = line.split_once(": ") {
                        let name = reqwest::header::HeaderName::try_from(name).unwrap();
                        headers.insert(name, value.parse().unwrap());
                    }
                }
                let length = headers["content-length"].to_str().unwrap().parse().unwrap();
                let mut body = vec![0; length];
                stream.read_exact(&mut body).unwrap();
                kept.told.lock().unwrap().push((headers, body));
                let status = kept.status.load(Ordering::Relaxed);
                write!(
                    stream,
                    "HTTP/1.1 {status} Some\r\nConnection: close\r\nContent-Length: 6\r\n\r\nanswer"
                )
                .unwrap();
            }
        });
        receiver
    }

    fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    fn answer(&self, status: u16) {
        self.status.store(status, Ordering::Relaxed);
    }

    /// What was told, verified by the secret.
    fn told(&self, secret: &str) -> Vec<Value> {
        let verifier = Webhook::new(secret).unwrap();
        let told = self.told.lock().unwrap();
        told.iter()
            .map(|(headers, body)| {
                verifier.verify(body, headers).unwrap();
                serde_json::from_slice(body).unwrap()
            })
            .collect()
    }
}

fn inside() -> FetchSettings {
    FetchSettings {
        allow: vec!["127.0.0.1".to_owned()],
        allow_for_all: vec!["127.0.0.1".to_owned()],
        ..FetchSettings::default()
    }
}

fn fetcher() -> Fetcher {
    Fetcher::new(&inside()).unwrap()
}

async fn start(test: &TestDatabase) -> Service {
    let settings = Settings {
        fetch: inside(),
        ..Settings::default()
    };
    Service::start_with(test, &settings).await
}

async fn subscribed(service: &Service, admin: &str, receiver: &Receiver) -> Value {
    let wanted = json!({
        "url": receiver.url(),
        "events": ["job.ended", "hits.found", "assessment.tier_changed"],
    });
    service
        .post(admin, "/api/v1/webhooks", wanted)
        .await
        .expect(201)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key}: {value}"))
}

const HOSHINE: &str = "Hoshine Silicon Industry (Shanshan) Co., Ltd";

#[actix_web::test]
async fn jobs_hits_and_tiers_are_told_and_signed() {
    for test in databases().await {
        let service = start(&test).await;
        let admin = service.first_admin().await;
        let second = service
            .colleague(&admin, "reviewer", "rev@example.com")
            .await;
        let receiver = Receiver::start();
        let webhook = subscribed(&service, &admin, &receiver).await;
        let secret = text(&webhook, "secret").to_owned();
        let listed = service.get(&admin, "/api/v1/webhooks").await;
        assert!(!listed.text().contains(&secret), "shown once");

        // Another organization's endpoint hears nothing of it.
        let other = service.other_organization(&admin).await;
        let others = Receiver::start();
        subscribed(&service, &other, &others).await;

        let list = json!([{"name": HOSHINE, "country": "China"}, {"name": "Example Mill Ltd"}]);
        service
            .post(&admin, "/api/v1/supplier-lists", list)
            .await
            .expect(202);
        let (_stop, stopped) = watch::channel(false);
        let terms = WorkTerms {
            chunk: 1,
            lease: TimeDelta::seconds(30),
            poll: Duration::from_millis(10),
        };
        work_once(
            &service.database,
            &SystemClock,
            &Grounds::default(),
            terms,
            &stopped,
        )
        .await
        .unwrap();
        let hits = service.get(&admin, "/api/v1/hits").await.expect(200);
        for hit in hits["items"].as_array().unwrap() {
            for person in [&admin, &second] {
                let decision = json!({"decision": "true_match", "rationale": "the same firm at the same place"});
                let path = format!("/api/v1/hits/{}/disposition", text(hit, "id"));
                service.post(person, &path, decision).await;
            }
        }
        while deliver_due(&service.database, &SystemClock, &fetcher())
            .await
            .unwrap()
            > 0
        {}

        let told = receiver.told(&secret);
        let of =
            |kind: &str| -> Vec<&Value> { told.iter().filter(|one| one["type"] == kind).collect() };
        assert_eq!(of("job.ended").len(), 1, "{told:?}");
        assert_eq!(of("job.ended")[0]["data"]["state"], "succeeded");
        assert_eq!(of("hits.found").len(), 1, "only the chunk that has any");
        let named = of("hits.found")[0]["data"]["hit_ids"].as_array().unwrap();
        assert!(named.contains(&hits["items"][0]["id"]), "{named:?}");
        let changed = of("assessment.tier_changed");
        assert!(!changed.is_empty(), "{told:?}");
        assert_ne!(
            changed[0]["data"]["tier_before"],
            changed[0]["data"]["tier_after"]
        );
        // Ids and tiers alone.
        for one in &told {
            let body = one.to_string();
            assert!(
                !body.contains("Hoshine") && !body.contains("Mill"),
                "{body}"
            );
        }
        assert_eq!(others.told.lock().unwrap().len(), 0);

        let path = format!("/api/v1/webhooks/{}/deliveries", text(&webhook, "id"));
        let deliveries = service.get(&admin, &path).await.expect(200);
        assert_eq!(deliveries["items"].as_array().unwrap().len(), told.len());
        let one = &deliveries["items"][0];
        assert_eq!(one["state"], "delivered");
        let path = format!("/api/v1/webhook-deliveries/{}", text(one, "id"));
        let shown = service.get(&admin, &path).await.expect(200);
        assert_eq!(shown["tries"][0]["status"], 204);
        service.get(&other, &path).await.problem(404, "not-found");

        // The same message again, under the same id.
        let before = receiver.told.lock().unwrap().len();
        service
            .post(&admin, &format!("{path}/replay"), json!({}))
            .await
            .expect(202);
        deliver_due(&service.database, &SystemClock, &fetcher())
            .await
            .unwrap();
        {
            let told = receiver.told.lock().unwrap();
            assert_eq!(told.len(), before + 1);
            let id = told[before].0["webhook-id"].to_str().unwrap();
            assert_eq!(id, text(one, "message_id"));
        }
        verify_trail(&service.database, None).await.unwrap();
        service.stop().await;
    }
}

#[actix_web::test]
async fn a_rolled_back_write_tells_nobody() {
    let test = sqlite();
    let service = start(&test).await;
    let admin = service.first_admin().await;
    let receiver = Receiver::start();
    subscribed(&service, &admin, &receiver).await;
    // The last write of the transaction fails, after the announcement.
    let raw = test.raw().await;
    raw.execute_unprepared(
        "CREATE TRIGGER no_end BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    .await
    .unwrap();
    let supplier = json!({"supplier": {"name": HOSHINE, "country": "China"}});
    let refused = service
        .post(&admin, "/api/v1/screenings", supplier.clone())
        .await;
    assert_eq!(refused.status, 500);
    raw.execute_unprepared("DROP TRIGGER no_end").await.unwrap();
    let sent = deliver_due(&service.database, &SystemClock, &fetcher()).await;
    assert_eq!(sent.unwrap(), 0);
    service
        .post(&admin, "/api/v1/screenings", supplier)
        .await
        .expect(201);
    let sent = deliver_due(&service.database, &SystemClock, &fetcher()).await;
    assert_eq!(sent.unwrap(), 1);
    service.stop().await;
}

#[actix_web::test]
async fn what_fails_is_tried_again_then_parked_and_the_endpoint_turned_off() {
    for test in databases().await {
        let service = start(&test).await;
        let admin = service.first_admin().await;
        let receiver = Receiver::start();
        let webhook = subscribed(&service, &admin, &receiver).await;
        let path = format!("/api/v1/webhooks/{}", text(&webhook, "id"));
        let ping = format!("{path}/ping");
        receiver.answer(500);
        let sent = service.post(&admin, &ping, json!({})).await;
        let place = sent.headers["location"].clone();
        sent.expect(202);
        let mut now = SystemClock.now();
        let mut tries = 0;
        for _ in 0..40 {
            let clock = FixedClock(now);
            tries += deliver_due(&service.database, &clock, &fetcher())
                .await
                .unwrap();
            now += TimeDelta::hours(1);
        }
        assert_eq!(tries, 8);
        let shown = service.get(&admin, &place).await.expect(200);
        assert_eq!(shown["state"], "parked");
        assert_eq!(shown["tries"].as_array().unwrap().len(), 8);
        assert_eq!(shown["tries"][7]["status"], 500);
        assert_eq!(shown["tries"][7]["excerpt"], "answer");
        let off = service.get(&admin, &path).await;
        let etag = off.headers["etag"].clone();
        let off = off.expect(200);
        assert_eq!(
            (&off["active"], &off["disabled_because"]),
            (&json!(false), &json!("nothing has reached it for a day"))
        );
        service
            .post(&admin, &ping, json!({}))
            .await
            .problem(409, "webhook-off");
        let trail = service
            .get(&admin, "/api/v1/audit-events?limit=200")
            .await
            .expect(200);
        assert!(trail.to_string().contains("webhook_disabled"));

        // Turned on again, the parked message is replayed.
        let bearer = format!("Bearer {admin}");
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
            ("If-Match", etag.as_str()),
        ];
        let on = service
            .send("PATCH", &path, &headers, b"{\"active\":true}")
            .await
            .expect(200);
        assert_eq!(on["disabled_because"], Value::Null);
        receiver.answer(200);
        service
            .post(&admin, &format!("{place}/replay"), json!({}))
            .await
            .expect(202);
        let sent = deliver_due(&service.database, &SystemClock, &fetcher()).await;
        assert_eq!(sent.unwrap(), 1);
        assert_eq!(
            service.get(&admin, &place).await.expect(200)["state"],
            "delivered"
        );

        // Gone is gone at once.
        receiver.answer(410);
        service.post(&admin, &ping, json!({})).await.expect(202);
        deliver_due(&service.database, &SystemClock, &fetcher())
            .await
            .unwrap();
        let off = service.get(&admin, &path).await.expect(200);
        assert_eq!(off["disabled_because"], "it answered 410 Gone");
        service
            .json("DELETE", &admin, &path, &json!({}))
            .await
            .expect(204);
        service.get(&admin, &path).await.problem(404, "not-found");
        verify_trail(&service.database, None).await.unwrap();
        service.stop().await;
    }
}

#[actix_web::test]
async fn a_rotated_secret_overlaps_with_the_one_before() {
    let test = sqlite();
    let service = start(&test).await;
    let admin = service.first_admin().await;
    let receiver = Receiver::start();
    let webhook = subscribed(&service, &admin, &receiver).await;
    let path = format!("/api/v1/webhooks/{}", text(&webhook, "id"));
    let rotated = service
        .post(&admin, &format!("{path}/secret"), json!({}))
        .await
        .expect(201);
    let (before, after) = (text(&webhook, "secret"), text(&rotated, "secret"));
    assert!(before != after && after.starts_with("whsec_"));
    service
        .post(&admin, &format!("{path}/ping"), json!({}))
        .await
        .expect(202);
    deliver_due(&service.database, &SystemClock, &fetcher())
        .await
        .unwrap();
    for secret in [before, after] {
        assert_eq!(receiver.told(secret)[0]["type"], "ping");
    }
    let (headers, body) = receiver.told.lock().unwrap()[0].clone();
    let stranger = Webhook::new("whsec_c3RyYW5nZXI=").unwrap();
    assert!(stranger.verify(&body, &headers).is_err());
    let mut altered = body.clone();
    altered[3] ^= 1;
    assert!(
        Webhook::new(after)
            .unwrap()
            .verify(&altered, &headers)
            .is_err()
    );
    service.stop().await;
}

#[actix_web::test]
async fn nothing_is_sent_into_the_inside() {
    let test = sqlite();
    // This service allows no host inside.
    let service = Service::start(&test).await;
    let admin = service.first_admin().await;
    for url in [
        "http://127.0.0.1:8650/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost/",
        "https://[::1]/",
        "ftp://example.com/",
        "https://user:secret@example.com/",
    ] {
        let wanted = json!({"url": url, "events": ["job.ended"]});
        let problem = service
            .post(&admin, "/api/v1/webhooks", wanted)
            .await
            .problem(422, "invalid-content");
        assert_eq!(problem["errors"][0]["pointer"], "/url", "{problem}");
    }
    // A public name that leads inside later on: refused when it is sent.
    let wanted = json!({"url": "https://example.com/hook", "events": ["job.ended"]});
    let webhook = service
        .post(&admin, "/api/v1/webhooks", wanted)
        .await
        .expect(201);
    let receiver = Receiver::start();
    let raw = test.raw().await;
    raw.execute_unprepared(&format!(
        "UPDATE webhook_endpoints SET url = 'http://localhost:{}/hook'",
        receiver.address.port()
    ))
    .await
    .unwrap();
    let path = format!("/api/v1/webhooks/{}/ping", text(&webhook, "id"));
    let sent = service.post(&admin, &path, json!({})).await;
    let place = sent.headers["location"].clone();
    let guarded = Fetcher::new(&FetchSettings::default()).unwrap();
    deliver_due(&service.database, &SystemClock, &guarded)
        .await
        .unwrap();
    let shown = service.get(&admin, &place).await.expect(200);
    assert_eq!(
        shown["tries"][0]["outcome"],
        "its address does not lead to the public internet"
    );
    assert_eq!(receiver.told.lock().unwrap().len(), 0);
    service.stop().await;
}

#[actix_web::test]
async fn many_workers_deliver_each_message_once() {
    for test in databases().await {
        let service = start(&test).await;
        let admin = service.first_admin().await;
        let receiver = Receiver::start();
        let webhook = subscribed(&service, &admin, &receiver).await;
        let path = format!("/api/v1/webhooks/{}/ping", text(&webhook, "id"));
        for _ in 0..30 {
            service.post(&admin, &path, json!({})).await.expect(202);
        }
        let work = async || {
            let fetcher = fetcher();
            while deliver_due(&service.database, &SystemClock, &fetcher)
                .await
                .unwrap()
                > 0
            {}
        };
        futures_util::future::join_all((0..4).map(|_| work())).await;
        {
            let told = receiver.told.lock().unwrap();
            let ids: std::collections::BTreeSet<_> = told
                .iter()
                .map(|(headers, _)| headers["webhook-id"].to_str().unwrap().to_owned())
                .collect();
            assert_eq!((told.len(), ids.len()), (30, 30));
        }
        service.stop().await;
    }
}

/// Sixteen at once to an endpoint that is gone, while somebody changes and
/// removes it: nobody waits in a circle, and every try is on record.
#[actix_web::test]
async fn every_try_is_on_record_however_they_meet() {
    for test in databases().await {
        let service = start(&test).await;
        let admin = service.first_admin().await;
        let receiver = Receiver::start();
        receiver.answer(410);
        for removed in [false, true] {
            let webhook = subscribed(&service, &admin, &receiver).await;
            let path = format!("/api/v1/webhooks/{}", text(&webhook, "id"));
            let mut places = Vec::new();
            for _ in 0..16 {
                let ping = format!("{path}/ping");
                let sent = service.post(&admin, &ping, json!({})).await;
                assert_eq!(sent.status, 202);
                places.push(sent.headers["location"].clone());
            }
            let before = receiver.told.lock().unwrap().len();
            let work = async || {
                let fetcher = fetcher();
                while deliver_due(&service.database, &SystemClock, &fetcher)
                    .await
                    .unwrap()
                    > 0
                {}
            };
            let work = futures_util::future::join_all((0..4).map(|_| work()));
            let remove = async {
                if removed {
                    while receiver.told.lock().unwrap().len() == before {
                        tokio::time::sleep(Duration::from_millis(1)).await;
                    }
                    let gone = service.json("DELETE", &admin, &path, &json!({})).await;
                    gone.expect(204);
                }
            };
            futures_util::future::join(work, remove).await;
            let told = receiver.told.lock().unwrap().len() - before;
            let mut recorded = 0;
            for place in places {
                let shown = service.get(&admin, &place).await.expect(200);
                assert_eq!(shown["state"], "parked");
                let tries = shown["tries"].as_array().unwrap();
                recorded += tries.iter().filter(|one| one["status"] == 410).count();
            }
            assert!(told > 0);
            assert_eq!(recorded, told);
        }
        verify_trail(&service.database, None).await.unwrap();
        service.stop().await;
    }
}

/// A backlog of one endpoint leaves room for the others, of any organization.
#[actix_web::test]
async fn a_backlog_does_not_keep_others_waiting() {
    for test in databases().await {
        let service = start(&test).await;
        let admin = service.first_admin().await;
        let other = service.other_organization(&admin).await;
        let (busy, quiet) = (Receiver::start(), Receiver::start());
        let webhook = subscribed(&service, &admin, &busy).await;
        let ping = format!("/api/v1/webhooks/{}/ping", text(&webhook, "id"));
        for _ in 0..32 {
            service.post(&admin, &ping, json!({})).await.expect(202);
        }
        service
            .post(&admin, &ping, json!({}))
            .await
            .problem(409, "too-many-pings");
        let webhook = subscribed(&service, &other, &quiet).await;
        let ping = format!("/api/v1/webhooks/{}/ping", text(&webhook, "id"));
        service.post(&other, &ping, json!({})).await.expect(202);
        let sent = deliver_due(&service.database, &SystemClock, &fetcher()).await;
        assert_eq!(sent.unwrap(), 5);
        let told = |receiver: &Receiver| receiver.told.lock().unwrap().len();
        assert_eq!((told(&busy), told(&quiet)), (4, 1));
        service.stop().await;
    }
}

/// One receiver takes its time; whoever comes next is told meanwhile.
#[actix_web::test]
async fn a_slow_receiver_holds_up_nobody_else() {
    for test in databases().await {
        let service = start(&test).await;
        let admin = service.first_admin().await;
        let other = service.other_organization(&admin).await;
        // Takes a connection and never answers.
        let slow = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let wanted = json!({
            "url": format!("http://{}/hook", slow.local_addr().unwrap()),
            "events": ["job.ended"],
        });
        let quick = Receiver::start();
        let stuck = service
            .post(&admin, "/api/v1/webhooks", wanted)
            .await
            .expect(201);
        let ping = format!("/api/v1/webhooks/{}/ping", text(&stuck, "id"));
        for _ in 0..32 {
            service.post(&admin, &ping, json!({})).await.expect(202);
        }
        let (stop, stopped) = watch::channel(false);
        let fetcher = fetcher();
        let terms = DeliveryTerms {
            poll: Duration::from_millis(20),
            keep: None,
        };
        let deliver = deliver::work(&service.database, &SystemClock, &fetcher, terms, stopped);
        let others = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            for token in [&admin, &other] {
                let told = quick.told.lock().unwrap().len();
                let webhook = subscribed(&service, token, &quick).await;
                let ping = format!("/api/v1/webhooks/{}/ping", text(&webhook, "id"));
                let begun = std::time::Instant::now();
                service.post(token, &ping, json!({})).await.expect(202);
                while quick.told.lock().unwrap().len() == told {
                    assert!(
                        begun.elapsed() < Duration::from_secs(8),
                        "it waits for the slow one"
                    );
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            }
        };
        tokio::select! {
            () = deliver => panic!("it ends by itself"),
            () = others => {}
        }
        drop(stop);
        service.stop().await;
    }
}

#[actix_web::test]
async fn what_came_to_its_end_is_forgotten_after_a_while() {
    for test in databases().await {
        let service = start(&test).await;
        let admin = service.first_admin().await;
        let receiver = Receiver::start();
        let webhook = subscribed(&service, &admin, &receiver).await;
        let path = format!("/api/v1/webhooks/{}", text(&webhook, "id"));
        for _ in 0..3 {
            service
                .post(&admin, &format!("{path}/ping"), json!({}))
                .await
                .expect(202);
        }
        let sent = deliver_due(&service.database, &SystemClock, &fetcher()).await;
        assert_eq!(sent.unwrap(), 3);
        receiver.answer(500);
        service
            .post(&admin, &format!("{path}/ping"), json!({}))
            .await
            .expect(202);
        deliver_due(&service.database, &SystemClock, &fetcher())
            .await
            .unwrap();
        let left = async || {
            let page = service
                .get(&admin, &format!("{path}/deliveries"))
                .await
                .expect(200);
            page["items"].as_array().unwrap().len()
        };
        let keep = Some(TimeDelta::days(90));
        let now = SystemClock.now();
        for (at, forgotten, kept) in [
            (now + TimeDelta::days(89), 0, 4),
            // What is still to be sent stays, however old it is.
            (now + TimeDelta::days(91), 3, 1),
            (now + TimeDelta::days(91), 0, 1),
        ] {
            let gone = forget_old(&service.database, keep, at).await.unwrap();
            assert_eq!((gone, left().await), (forgotten, kept));
        }
        let raw = test.raw().await;
        for (table, rows) in [("webhook_messages", 1), ("webhook_attempts", 1)] {
            let counted = raw
                .query_one_raw(sea_orm::Statement::from_string(
                    raw.get_database_backend(),
                    format!("SELECT COUNT(*) FROM {table}"),
                ))
                .await
                .unwrap()
                .unwrap();
            assert_eq!(counted.try_get_by_index::<i64>(0).unwrap(), rows, "{table}");
        }
        assert_eq!(
            forget_old(&service.database, None, now + TimeDelta::days(999))
                .await
                .unwrap(),
            0
        );
        verify_trail(&service.database, None).await.unwrap();
        service.stop().await;
    }
}

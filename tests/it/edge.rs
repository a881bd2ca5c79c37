//! Limits at the edge, one server and several.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use plimsoll::config::{Network, Settings};
use serde_json::json;
use uuid::Uuid;

use crate::{
    service::{Answer, Service, exchange},
    support::{databases, sqlite},
};

const PASSWORD: &str = "correct horse battery";

fn retry_after(answer: &Answer) -> u64 {
    answer.headers["retry-after"].parse().unwrap()
}

#[actix_web::test]
async fn one_caller_cannot_use_up_the_service_for_others() {
    let test = sqlite();
    let mut settings = Settings::default();
    settings.limits.per_caller = 1;
    settings.limits.per_caller_burst = 8;
    let service = Service::start_with(&test, &settings).await;
    let admin = service.first_admin().await;
    let viewer = service
        .colleague(&admin, "viewer", "view@example.com")
        .await;
    let mut served = 0;
    let refused = loop {
        let answer = service.get(&admin, "/api/v1/me").await;
        if answer.status != 200 {
            break answer;
        }
        served += 1;
        assert!(served < 30, "nothing is ever refused");
    };
    refused.problem(429, "too-many-requests");
    assert!((1..=10).contains(&retry_after(&refused)));
    service.get(&viewer, "/api/v1/me").await.expect(200);
    tokio::time::sleep(Duration::from_secs(retry_after(&refused))).await;
    service.get(&admin, "/api/v1/me").await.expect(200);
    service.stop().await;
}

#[actix_web::test]
async fn whoever_tries_out_tokens_is_slowed_down_and_others_are_not() {
    let test = sqlite();
    let mut settings = Settings::default();
    settings.limits.per_address = 1;
    settings.limits.per_address_burst = 20;
    let service = Service::start_with(&test, &settings).await;
    let admin = service.first_admin().await;
    let mut statuses = Vec::new();
    for number in 0..30 {
        let guess = format!("plk_{number:064}");
        statuses.push(service.get(&guess, "/api/v1/me").await.status);
    }
    assert_eq!(statuses[0], 401);
    assert_eq!(statuses[29], 429, "{statuses:?}");
    service
        .get("", "/.well-known/jwks.json")
        .await
        .problem(429, "too-many-requests");
    service.get(&admin, "/api/v1/me").await.expect(200);
    service.stop().await;
}

#[actix_web::test]
async fn a_rate_does_not_multiply_with_servers() {
    for test in databases().await {
        let mut settings = Settings::default();
        settings.limits.per_caller = 1;
        settings.limits.per_caller_burst = 40;
        let servers = [
            Service::start_with(&test, &settings).await,
            Service::start_with(&test, &settings).await,
        ];
        let ids = [Uuid::now_v7(), Uuid::now_v7()];
        for turn in [0, 1, 0] {
            servers[turn].state.beat(ids[turn]).await.unwrap();
        }
        let admin = servers[0].first_admin().await;
        let mut served = [0; 2];
        for (server, served) in servers.iter().zip(&mut served) {
            while server.get(&admin, "/api/v1/me").await.status == 200 {
                *served += 1;
                assert!(*served < 100, "nothing is ever refused");
            }
        }
        // Half of the burst each, and what came back meanwhile.
        assert!(
            served.iter().all(|one| (20..=26).contains(one)),
            "{served:?}"
        );

        // One that stops leaves its share to the other.
        plimsoll::app::nodes::leave(&servers[1].database, ids[1])
            .await
            .unwrap();
        servers[0].state.beat(ids[0]).await.unwrap();
        let up = plimsoll::store::nodes::count(servers[0].database.connection()).await;
        assert_eq!(up.unwrap(), 1);
        for server in servers {
            server.stop().await;
        }
    }
}

#[actix_web::test]
async fn guessing_a_password_is_slowed_down_on_all_servers_together() {
    for test in databases().await {
        let mut settings = Settings::default();
        settings.limits.sign_ins_per_email_per_hour = 4;
        let servers = [
            Service::start_with(&test, &settings).await,
            Service::start_with(&test, &settings).await,
        ];
        let admin = servers[0].first_admin().await;
        servers[0]
            .colleague(&admin, "viewer", "view@example.com")
            .await;
        let mut refused = 0;
        for turn in 0..8 {
            let answer = servers[turn % 2]
                .sign_in("View@Example.com ", &format!("wrong horse {turn}"))
                .await;
            if answer.status == 429 {
                refused += 1;
                assert!(retry_after(&answer) > 60, "{:?}", answer.headers);
            } else {
                answer.problem(401, "wrong-password");
            }
        }
        assert_eq!(refused, 4);
        // Not even the right one, so that nobody learns which it is.
        servers[1]
            .sign_in("view@example.com", PASSWORD)
            .await
            .problem(429, "too-many-requests");
        // Others sign in as ever, and a success starts the count anew.
        for _ in 0..6 {
            servers[1]
                .sign_in("admin@example.com", PASSWORD)
                .await
                .expect(201);
        }
        for server in servers {
            server.stop().await;
        }
    }
}

#[actix_web::test]
async fn an_address_is_the_clients_and_not_the_proxys() {
    let test = sqlite();
    let mut settings = Settings::default();
    settings.limits.sign_ins_per_minute = 3;
    settings.serve.trusted_proxies = vec![Network::try_from("127.0.0.1".to_owned()).unwrap()];
    let service = Service::start_with(&test, &settings).await;
    let body = json!({"email": "nobody@example.com", "password": PASSWORD}).to_string();
    let attempt = async |from: &str, number: usize| {
        let body = body.replace("nobody", &format!("nobody{number}"));
        let headers = [
            ("Content-Type", "application/json"),
            ("X-Forwarded-For", from),
        ];
        let answer = service
            .send("POST", "/api/v1/tokens", &headers, body.as_bytes())
            .await;
        answer.status
    };
    for number in 0..3 {
        assert_eq!(attempt("198.51.100.7", number).await, 401);
    }
    assert_eq!(attempt("198.51.100.7", 3).await, 429);
    // What the client itself wrote into the header comes before what the proxy wrote.
    assert_eq!(attempt("192.0.2.1, 198.51.100.7", 4).await, 429);
    assert_eq!(attempt("198.51.100.8", 5).await, 401);
    service.stop().await;
}

#[actix_web::test]
async fn more_than_the_service_takes_on_at_once_is_told_to_come_again() {
    let test = sqlite();
    let mut settings = Settings::default();
    settings.limits.concurrent = 1;
    let service = Service::start_with(&test, &settings).await;
    let admin = service.first_admin().await;
    let mut slow = TcpStream::connect(service.address).unwrap();
    write!(
        slow,
        "POST /api/v1/screenings HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {admin}\r\nContent-Type: application/json\r\nContent-Length: 25\r\n\r\n{{\"supplier\":"
    )
    .unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let busy = service.get(&admin, "/api/v1/me").await;
    busy.problem(503, "busy");
    assert_eq!(retry_after(&busy), 1);
    service.get("", "/healthz").await.expect(200);
    slow.write_all(b"{\"name\":\"A\"}}").unwrap();
    let mut answer = [0; 12];
    let slow = tokio::task::spawn_blocking(move || {
        slow.read_exact(&mut answer).unwrap();
        answer
    });
    assert_eq!(&slow.await.unwrap(), b"HTTP/1.1 201");
    service.get(&admin, "/api/v1/me").await.expect(200);
    service.stop().await;
}

#[actix_web::test]
async fn strangers_who_send_slowly_leave_room_for_whoever_is_known() {
    let test = sqlite();
    let mut settings = Settings::default();
    settings.limits.concurrent = 8;
    let service = Service::start_with(&test, &settings).await;
    let admin = service.first_admin().await;
    let slow: Vec<_> = (0..12)
        .map(|_| {
            let mut stream = TcpStream::connect(service.address).unwrap();
            stream
                .write_all(b"POST /api/v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{")
                .unwrap();
            stream
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    service.get(&admin, "/api/v1/me").await.expect(200);
    service
        .sign_in("admin@example.com", PASSWORD)
        .await
        .problem(503, "busy");
    drop(slow);
    service.stop().await;
}

#[actix_web::test]
async fn so_many_uploads_are_received_at_once_and_no_more() {
    let test = sqlite();
    let mut settings = Settings::default();
    settings.limits.concurrent_uploads = 1;
    settings.limits.body_seconds = 1;
    let service = Service::start_with(&test, &settings).await;
    let admin = service.first_admin().await;
    let head = format!(
        "POST /api/v1/supplier-lists HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {admin}\r\nContent-Type: text/csv\r\nContent-Length: 100\r\n\r\nSupplier\n"
    );
    let address = service.address;
    let slow = actix_web::rt::spawn(exchange(address, head.into_bytes()));
    tokio::time::sleep(Duration::from_millis(300)).await;
    let list = json!([{"name": "Example Mill Ltd"}]);
    service
        .post(&admin, "/api/v1/supplier-lists", list.clone())
        .await
        .problem(503, "busy");
    // The one that never comes to its end loses its place.
    slow.await.unwrap().problem(408, "too-slow");
    service
        .post(&admin, "/api/v1/supplier-lists", list)
        .await
        .expect(202);
    service.stop().await;
}

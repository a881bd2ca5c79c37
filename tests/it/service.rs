//! The small service over a real socket.

use plimsoll::http::app::routes;

use crate::{main_job::screen_list, support::databases};

async fn get(address: std::net::SocketAddr, path: &str) -> String {
    use std::io::{Read, Write};
    let path = path.to_owned();
    tokio::task::spawn_blocking(move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        write!(
            stream,
            "{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    })
    .await
    .unwrap()
}

#[actix_web::test]
async fn it_answers_health_the_latest_screening_and_problems() {
    for test in databases().await {
        let database = test.open().await;
        let data = actix_web::web::Data::new(database.clone());
        let server = actix_web::HttpServer::new(move || {
            actix_web::App::new()
                .app_data(data.clone())
                .configure(routes)
        })
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .unwrap();
        let address = server.addrs()[0];
        let running = server.run();
        let handle = running.handle();
        let task = actix_web::rt::spawn(running);

        assert!(
            get(address, "GET /healthz")
                .await
                .starts_with("HTTP/1.1 200")
        );
        assert!(get(address, "GET /readyz").await.contains("ready"));
        let none = get(address, "GET /api/v1/screenings/latest").await;
        assert!(none.starts_with("HTTP/1.1 404") && none.contains("application/problem+json"));

        let screened = screen_list(&database, b"Supplier,Country\nExample Mill Ltd,China\n")
            .await
            .unwrap();
        let latest = get(address, "GET /api/v1/screenings/latest").await;
        assert!(latest.starts_with("HTTP/1.1 200"));
        assert!(latest.contains(&screened.id.to_string()));
        assert!(latest.contains(&screened.result_sha256));

        let unknown = get(address, "GET /nowhere").await;
        assert!(unknown.starts_with("HTTP/1.1 404") && unknown.contains("/problems/not-found"));
        let method = get(address, "POST /healthz").await;
        assert!(method.starts_with("HTTP/1.1 405") && method.contains("problem+json"));
        handle.stop(true).await;
        task.await.unwrap().unwrap();
    }
}

//! The service under load, as its clients see it: `cargo bench --bench service`.
//!
//! - `-- sync [SECONDS]`: one supplier a request, over 32 connections as fast as
//!   answers come; then 500 a second, and at half the rate that was reached,
//!   each request timed from the moment it was due.
//! - `-- upload [ROWS]`: a workbook from upload to the last assessment.
//! - `-- idle [CLIENTS]`: listeners to a job that does not move.
//! - `--database URL`: another database than a fresh SQLite file. It must be
//!   empty.
//!
//! Server, database and load share the machine; the server is the release
//! binary, over loopback, with a real token, every answer recorded.
#![expect(clippy::print_stdout, reason = "a benchmark talks to its reader")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures for people"
)]

#[path = "../sample/mod.rs"]
mod sample;

mod client;
mod server;

use std::{
    error::Error,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use client::{Connection, text};
use server::Server;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const CONNECTIONS: usize = 32;

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let database = arguments
        .iter()
        .position(|argument| argument == "--database")
        .map(|place| arguments.drain(place..).nth(1).unwrap_or_default());
    let what = arguments.first().map_or("all", String::as_str);
    let number = arguments.get(1).and_then(|text| text.parse::<u32>().ok());
    let database = database.as_deref();
    if matches!(what, "sync" | "all") {
        let seconds = Duration::from_secs(number.unwrap_or(10).into());
        synchronous(&Server::start(database, true).await?, seconds).await?;
    }
    if matches!(what, "upload" | "all") {
        let rows = number.unwrap_or(100_000) as usize;
        upload(&Server::start(database, true).await?, rows).await?;
    }
    if matches!(what, "idle" | "all") {
        let clients = number.unwrap_or(1_000) as usize;
        idle(&Server::start(database, false).await?, clients).await?;
    }
    Ok(())
}

fn screening(number: usize) -> String {
    let [name, address, city, province, country, goods, hs_code, _] = sample::row(number);
    serde_json::json!({"supplier": {
        "name": name, "address": address, "city": city, "province": province,
        "country": country, "goods": [goods], "hs_codes": [hs_code],
    }})
    .to_string()
}

async fn synchronous(server: &Server, time: Duration) -> Outcome<()> {
    let next = Arc::new(AtomicUsize::new(0));
    let _warm = closed(server, &next, Duration::from_secs(2)).await?;
    let before = server.processor_seconds();
    let done = closed(server, &next, time).await?;
    let rate = done as f64 / time.as_secs_f64();
    let each = (server.processor_seconds() - before) / done as f64 * 1e3;
    println!(
        "sync: {rate:.0} screenings/s over {CONNECTIONS} connections, {each:.2} ms of processor each"
    );

    for rate in [500.0, rate / 2.0] {
        steady(server, &next, rate, time).await?;
    }
    Ok(())
}

async fn steady(
    server: &Server,
    next: &Arc<AtomicUsize>,
    rate: f64,
    time: Duration,
) -> Outcome<()> {
    let mut late = open(server, next, rate, time).await?;
    late.sort_unstable();
    let at = |share: f64| {
        let place = (late.len() as f64 * share) as usize;
        late.get(place.min(late.len() - 1))
            .copied()
            .unwrap_or_default()
            .as_secs_f64()
            * 1e3
    };
    println!(
        "sync at {rate:.0}/s: p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms, longest {:.1} ms; server peak memory {}",
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0),
        server.peak_memory(),
    );
    Ok(())
}

/// Every connection asks again as soon as it is answered.
async fn closed(server: &Server, next: &Arc<AtomicUsize>, time: Duration) -> Outcome<usize> {
    let until = Instant::now() + time;
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..CONNECTIONS {
        let mut connection = Connection::open(server).await?;
        let next = Arc::clone(next);
        all.spawn(async move {
            let mut done = 0;
            while Instant::now() < until {
                let body = screening(next.fetch_add(1, Ordering::Relaxed));
                connection.post("/api/v1/screenings", &body, 201).await?;
                done += 1;
            }
            Outcome::Ok(done)
        });
    }
    let mut done = 0;
    while let Some(part) = all.join_next().await {
        done += part??;
    }
    Ok(done)
}

/// Requests fall due at a steady rate, whether or not earlier ones are
/// answered. How long each took, from when it was due.
async fn open(
    server: &Server,
    next: &Arc<AtomicUsize>,
    rate: f64,
    time: Duration,
) -> Outcome<Vec<Duration>> {
    let begun = Instant::now();
    let due = Arc::new(AtomicUsize::new(0));
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..CONNECTIONS {
        let mut connection = Connection::open(server).await?;
        let (next, due) = (Arc::clone(next), Arc::clone(&due));
        all.spawn(async move {
            let mut late = Vec::new();
            loop {
                let place = due.fetch_add(1, Ordering::Relaxed);
                let moment = begun + Duration::from_secs_f64(place as f64 / rate);
                if moment > begun + time {
                    return Outcome::Ok(late);
                }
                tokio::time::sleep_until(moment.into()).await;
                let body = screening(next.fetch_add(1, Ordering::Relaxed));
                connection.post("/api/v1/screenings", &body, 201).await?;
                late.push(moment.elapsed());
            }
        });
    }
    let mut late = Vec::new();
    while let Some(part) = all.join_next().await {
        late.extend(part??);
    }
    Ok(late)
}

async fn upload(server: &Server, rows: usize) -> Outcome<()> {
    let file = server.folder().join("list.xlsx");
    sample::write_xlsx(Path::new(&file), rows).map_err(|error| error.to_string())?;
    let bytes = std::fs::read(&file)?;
    let size = bytes.len() as f64 / 1e6;
    let begun = Instant::now();
    let mut connection = Connection::open(server).await?;
    let job = text(&connection.upload("list.xlsx", &bytes).await?, "id")?;
    let answered = begun.elapsed().as_secs_f64();
    drop(bytes);
    let place = format!("/api/v1/jobs/{job}");
    loop {
        tokio::time::sleep(Duration::from_millis(100)).await;
        match text(&connection.get(&place).await?, "state")?.as_str() {
            "succeeded" => break,
            "queued" | "running" => {}
            other => return Err(format!("the job has {other}").into()),
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "upload: {rows} rows, {size:.1} MB XLSX, answered after {answered:.2} s, last assessment after {seconds:.1} s; server peak memory {}",
        server.peak_memory()
    );
    Ok(())
}

async fn idle(server: &Server, clients: usize) -> Outcome<()> {
    let mut connection = Connection::open(server).await?;
    let one = b"Supplier,Country
Acme Ltd,US
";
    let job = text(&connection.upload("list.csv", one).await?, "id")?;
    let place = format!("/api/v1/jobs/{job}/events");
    let before = server.processor_seconds();
    let mut listeners = Vec::with_capacity(clients);
    for _ in 0..clients {
        let mut listener = Connection::open(server).await?;
        listener.listen(&place).await?;
        listeners.push(listener);
    }
    let time = Duration::from_mins(1);
    tokio::time::sleep(time).await;
    let mut alive = 0;
    for listener in &mut listeners {
        alive += usize::from(listener.still_told().await);
    }
    println!(
        "idle: {alive} of {clients} listeners held for {} s, {:.1} s of processor; server peak memory {}",
        time.as_secs(),
        server.processor_seconds() - before,
        server.peak_memory(),
    );
    Ok(())
}

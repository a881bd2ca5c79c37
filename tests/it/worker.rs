//! `plimsoll worker` as people run it: killed, beside others, told to stop.

use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use plimsoll::{
    app::{
        jobs::{Submission, submit},
        verify::verify_trail,
    },
    store::{
        Database,
        jobs::{self, Job, JobState},
    },
};
use sea_orm::ConnectionTrait;

use crate::{
    jobs::{count, list},
    main_job::screen_list,
    service::Service,
    support::{TestDatabase, databases, noon},
};

fn start_worker(test: &TestDatabase, chunk: usize) -> Child {
    Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .arg("worker")
        .current_dir(test.folder.path())
        .env("DATABASE_URL", &test.url)
        .env("PLIMSOLL_WORKER__CHUNK", chunk.to_string())
        .env("PLIMSOLL_WORKER__LEASE_SECONDS", "30")
        .env("PLIMSOLL_WORKER__POLL_MILLISECONDS", "10")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

async fn submitted(database: &Database, text: &str) -> Job {
    let submission = Submission {
        file_name: "suppliers.csv".to_owned(),
        bytes: text.as_bytes().to_vec(),
        as_of: None,
        idempotency_key: None,
    };
    submit(database, &noon(), "test", submission).await.unwrap()
}

async fn find(database: &Database, job: &Job) -> Job {
    jobs::find(database.connection(), job.id)
        .await
        .unwrap()
        .unwrap()
}

/// Waits until the job has come past `rows`, or is over.
async fn past(database: &Database, job: &Job, rows: u32) -> Job {
    let begun = Instant::now();
    loop {
        let now = find(database, job).await;
        if now.rows_done > rows || now.state.is_over() {
            return now;
        }
        assert!(
            begun.elapsed() < Duration::from_mins(1),
            "no progress: {now:?}"
        );
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
}

/// What thirty seconds do to the lease of a worker that is gone.
async fn lease_runs_out(test: &TestDatabase) {
    let raw = test.raw().await;
    raw.execute_unprepared(
        "UPDATE jobs SET lease_until = '2000-01-01 00:00:00+00:00' WHERE lease_until IS NOT NULL",
    )
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_kills_lose_no_row_and_double_none() {
    const SUPPLIERS: usize = 700;
    for test in databases().await {
        let database = test.open().await;
        let text = list(SUPPLIERS);
        let by_hand = screen_list(&database, text.as_bytes()).await.unwrap();
        let job = submitted(&database, &text).await;
        let mut random: u64 = 0x5eed;
        let mut kills = 0;
        let mut rows = 0;
        while kills < 50 {
            let mut worker = start_worker(&test, 2);
            let at = past(&database, &job, rows).await;
            assert!(!at.state.is_over(), "the list is too short for fifty kills");
            rows = at.rows_done;
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            tokio::time::sleep(Duration::from_micros((random >> 33) % 12_000)).await;
            worker.kill().unwrap();
            worker.wait().unwrap();
            kills += 1;
            lease_runs_out(&test).await;
        }
        let mut worker = start_worker(&test, 50);
        let done = past(&database, &job, u32::MAX).await;
        worker.kill().unwrap();
        worker.wait().unwrap();

        assert_eq!(done.state, JobState::Succeeded, "{done:?}");
        assert_eq!(done.rows_done as usize, SUPPLIERS);
        let id = done.screening_id.unwrap();
        let screening = plimsoll::app::export::find(&database, id).await.unwrap();
        assert_eq!(screening.result_sha256, by_hand.result_sha256);
        let twice = i64::try_from(2 * SUPPLIERS).unwrap();
        for table in ["suppliers", "assessments"] {
            assert_eq!(
                count(&test, &format!("SELECT COUNT(*) FROM {table}")).await,
                twice
            );
        }
        let events = "SELECT COUNT(*) FROM audit_events WHERE kind = 'supplier_assessed'";
        assert_eq!(count(&test, events).await, twice);
        verify_trail(&database, None).await.unwrap();
    }
}

#[actix_web::test]
async fn two_servers_and_two_workers_share_one_database() {
    for test in databases().await {
        let (left, right) = (Service::start(&test).await, Service::start(&test).await);
        let admin = left.first_admin().await;
        let mut workers = [start_worker(&test, 5), start_worker(&test, 5)];
        let bearer = format!("Bearer {admin}");
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "text/csv"),
        ];
        let mut places = Vec::new();
        for number in 0..6 {
            let service = if number % 2 == 0 { &left } else { &right };
            let body = list(20 + number);
            let answer = service
                .send("POST", "/api/v1/supplier-lists", &headers, body.as_bytes())
                .await;
            assert_eq!(answer.status, 202, "{}", answer.text());
            places.push(answer.headers["location"].clone());
        }
        for (number, place) in places.iter().enumerate() {
            // Asked of the server that did not take it.
            let service = if number % 2 == 0 { &right } else { &left };
            let begun = Instant::now();
            let done = loop {
                let job = service.get(&admin, place).await.expect(200);
                if job["state"] != "queued" && job["state"] != "running" {
                    break job;
                }
                assert!(begun.elapsed() < Duration::from_mins(1), "{job}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            };
            assert_eq!(done["state"], "succeeded", "{done}");
            assert_eq!(done["rows_done"], 20 + number);
        }
        assert_eq!(count(&test, "SELECT COUNT(*) FROM screenings").await, 6);
        let suppliers = (0..6).map(|number| 20 + number).sum::<i64>();
        assert_eq!(
            count(&test, "SELECT COUNT(*) FROM assessments").await,
            suppliers
        );
        verify_trail(&left.database, None).await.unwrap();
        for worker in &mut workers {
            worker.kill().unwrap();
            worker.wait().unwrap();
        }
        left.stop().await;
        right.stop().await;
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_told_to_stop_hands_its_job_back() {
    let test = crate::support::sqlite();
    let database = test.open().await;
    let job = submitted(&database, &list(400)).await;
    let mut worker = start_worker(&test, 2);
    past(&database, &job, 4).await;
    let told = Command::new("kill")
        .args(["-TERM", &worker.id().to_string()])
        .status()
        .unwrap();
    assert!(told.success());
    assert!(worker.wait().unwrap().success());
    let handed_back = find(&database, &job).await;
    assert_eq!(handed_back.state, JobState::Queued, "{handed_back:?}");
    let mut next = start_worker(&test, 50);
    let done = past(&database, &job, u32::MAX).await;
    assert_eq!((done.state, done.rows_done), (JobState::Succeeded, 400));
    next.kill().unwrap();
    next.wait().unwrap();
}

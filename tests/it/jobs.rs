//! Jobs: the same result as the command line's, whatever happens on the way.

use std::{fmt::Write as _, time::Duration};

use chrono::TimeDelta;
use plimsoll::{
    app::{
        ground::Grounds,
        jobs::{CancelError, Submission, SubmitError, cancel, submit},
        verify::verify_trail,
        worker::{WorkTerms, work_once},
    },
    clock::{Clock, FixedClock},
    store::{
        Database,
        jobs::{self, Job, JobState},
    },
};
use sea_orm::{ConnectionTrait, Statement, TryGetable};
use serde_json::json;
use tokio::sync::watch;

use crate::{
    main_job::screen_list,
    service::Service,
    support::{TestDatabase, databases, noon},
};

const CHUNK: usize = 3;

pub(crate) fn list(suppliers: usize) -> String {
    let mut text = "Supplier,Country,Products\n".to_owned();
    for number in 0..suppliers {
        let country = ["China", "India", "Germany"][number % 3];
        writeln!(text, "Example Mill {number} Ltd,{country},Cotton yarn").unwrap();
    }
    text
}

fn terms() -> WorkTerms {
    WorkTerms {
        chunk: CHUNK,
        lease: TimeDelta::seconds(30),
        poll: Duration::from_millis(10),
    }
}

fn submission(text: &str, key: Option<&str>) -> Submission {
    Submission {
        file_name: "suppliers.csv".to_owned(),
        bytes: text.as_bytes().to_vec(),
        as_of: None,
        idempotency_key: key.map(str::to_owned),
    }
}

async fn work(database: &Database, clock: &dyn Clock) -> bool {
    let (_stop, stopped) = watch::channel(false);
    work_once(database, clock, &Grounds::default(), terms(), &stopped)
        .await
        .unwrap()
}

async fn find(database: &Database, job: &Job) -> Job {
    jobs::find(database.connection(), job.id)
        .await
        .unwrap()
        .unwrap()
}

pub(crate) async fn count(test: &TestDatabase, sql: &str) -> i64 {
    let raw = test.raw().await;
    let backend = raw.get_database_backend();
    let row = raw
        .query_one_raw(Statement::from_string(backend, sql.to_owned()))
        .await
        .unwrap()
        .unwrap();
    i64::try_get_by_index(&row, 0).unwrap()
}

#[tokio::test]
async fn a_job_gives_what_the_command_line_gives() {
    for test in databases().await {
        let database = test.open().await;
        let clock = noon();
        let text = list(11);
        let by_hand = screen_list(&database, text.as_bytes()).await.unwrap();
        let job = submit(&database, &clock, "test", submission(&text, None))
            .await
            .unwrap();
        assert!(work(&database, &clock).await);
        assert!(!work(&database, &clock).await, "nothing is left to do");
        let done = find(&database, &job).await;
        assert_eq!(
            (done.state, done.rows_done, done.rows_total),
            (JobState::Succeeded, 11, Some(11))
        );
        let screening = plimsoll::app::export::find(&database, done.screening_id.unwrap())
            .await
            .unwrap();
        assert_eq!(screening.result_sha256, by_hand.result_sha256);
        verify_trail(&database, None).await.unwrap();
    }
}

#[tokio::test]
async fn one_idempotency_key_makes_one_job() {
    for test in databases().await {
        let database = test.open().await;
        let clock = noon();
        let first = submit(
            &database,
            &clock,
            "test",
            submission("Supplier\nA Ltd\n", Some("k1")),
        )
        .await
        .unwrap();
        let again = submit(
            &database,
            &clock,
            "test",
            submission("Supplier\nA Ltd\n", Some("k1")),
        )
        .await
        .unwrap();
        assert_eq!(first.id, again.id);
        let other = submit(
            &database,
            &clock,
            "test",
            submission("Supplier\nB Ltd\n", Some("k1")),
        )
        .await;
        assert!(matches!(other, Err(SubmitError::KeyReused)));
        let together = futures_util::future::join_all((0..8).map(|_| {
            submit(
                &database,
                &clock,
                "test",
                submission("Supplier\nC Ltd\n", Some("k2")),
            )
        }))
        .await;
        let ids: std::collections::BTreeSet<_> =
            together.into_iter().map(|job| job.unwrap().id).collect();
        assert_eq!(ids.len(), 1);
        assert_eq!(count(&test, "SELECT COUNT(*) FROM jobs").await, 2);
    }
}

#[tokio::test]
async fn a_list_that_cannot_be_used_fails_with_its_reason() {
    for test in databases().await {
        let database = test.open().await;
        let clock = noon();
        let job = submit(
            &database,
            &clock,
            "test",
            submission("%PDF-1.7 not a list", None),
        )
        .await
        .unwrap();
        assert!(work(&database, &clock).await);
        let failed = find(&database, &job).await;
        assert_eq!(failed.state, JobState::Failed);
        assert!(failed.problem.unwrap().contains("not a supplier list"));
        assert_eq!(count(&test, "SELECT COUNT(*) FROM screenings").await, 0);
    }
}

#[tokio::test]
async fn a_canceled_job_stops_and_is_over() {
    for test in databases().await {
        let database = test.open().await;
        let clock = noon();
        let now = clock.now();
        let waiting = submit(&database, &clock, "test", submission(&list(4), None))
            .await
            .unwrap();
        let canceled = cancel(&database, "test", waiting.id, now).await.unwrap();
        assert_eq!(canceled.state, JobState::Canceled);
        assert!(!work(&database, &clock).await);
        let done = submit(&database, &clock, "test", submission(&list(4), None))
            .await
            .unwrap();
        work(&database, &clock).await;
        assert!(matches!(
            cancel(&database, "test", done.id, now).await,
            Err(CancelError::Over)
        ));
        let elsewhere = database.of(plimsoll::organization::OrganizationId(
            uuid::Uuid::from_u128(9),
        ));
        assert!(matches!(
            cancel(&elsewhere, "test", done.id, now).await,
            Err(CancelError::Missing)
        ));
        verify_trail(&database, None).await.unwrap();
    }
}

/// A worker that was thought dead writes nothing once another has taken over.
#[tokio::test]
async fn of_two_workers_on_one_job_only_the_newer_writes() {
    for test in databases().await {
        let database = test.open().await;
        let text = list(9);
        let by_hand = screen_list(&database, text.as_bytes()).await.unwrap();
        let job = submit(&database, &noon(), "test", submission(&text, None))
            .await
            .unwrap();
        let later = FixedClock(noon().now() + TimeDelta::minutes(5));
        // The second sees the lease of the first as long over.
        let now = noon();
        let (first, second) = tokio::join!(work(&database, &now), work(&database, &later));
        assert!(first || second);
        while work(&database, &later).await {}
        let done = find(&database, &job).await;
        assert_eq!((done.state, done.rows_done), (JobState::Succeeded, 9));
        let screening = plimsoll::app::export::find(&database, done.screening_id.unwrap())
            .await
            .unwrap();
        assert_eq!(screening.result_sha256, by_hand.result_sha256);
        assert_eq!(count(&test, "SELECT COUNT(*) FROM assessments").await, 18);
        verify_trail(&database, None).await.unwrap();
    }
}

#[actix_web::test]
async fn a_list_is_uploaded_followed_and_read() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let bearer = format!("Bearer {admin}");
        let csv = list(7);
        let form = format!(
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../mills.csv\"\r\nContent-Type: text/csv\r\n\r\n{csv}\r\n--x--\r\n"
        );
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "multipart/form-data; boundary=x"),
            ("Idempotency-Key", "upload-1"),
        ];
        let first = service
            .send("POST", "/api/v1/supplier-lists", &headers, form.as_bytes())
            .await;
        let place = first.headers["location"].clone();
        let job = first.expect(202);
        assert_eq!(job["state"], "queued");
        let again = service
            .send("POST", "/api/v1/supplier-lists", &headers, form.as_bytes())
            .await;
        assert_eq!(again.expect(202)["id"], job["id"]);

        let address = service.address;
        let request = format!(
            "GET {place}/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {bearer}\r\n\r\n"
        );
        let listening =
            actix_web::rt::spawn(crate::service::exchange(address, request.into_bytes()));
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(work(&service.database, &plimsoll::clock::SystemClock).await);
        let told = listening.await.unwrap().text();
        assert!(
            told.starts_with("event: job\ndata: {") && told.contains("\"state\":\"queued\""),
            "{told}"
        );
        assert!(told.contains("\"state\":\"succeeded\""), "{told}");

        let done = service.get(&admin, &place).await.expect(200);
        assert_eq!(
            (&done["rows_done"], &done["rows_total"]),
            (&json!(7), &json!(7))
        );
        let list = service
            .get(
                &admin,
                &format!(
                    "/api/v1/supplier-lists/{}",
                    done["supplier_list_id"].as_str().unwrap()
                ),
            )
            .await
            .expect(200);
        assert_eq!(
            (&list["file_name"], &list["rows"]["accepted"]),
            (&json!("mills.csv"), &json!(7))
        );

        let screening = done["screening_id"].as_str().unwrap();
        let mut rows = Vec::new();
        let mut after = String::new();
        loop {
            let path = format!("/api/v1/screenings/{screening}/results?limit=3{after}");
            let page = service.get(&admin, &path).await.expect(200);
            rows.extend(
                page["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|one| one["result"]["row"].as_u64().unwrap()),
            );
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert_eq!(rows, (2..9).collect::<Vec<_>>());

        let ndjson = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/x-ndjson"),
        ];
        let lines = b"{\"name\":\"One Ltd\"}\nnonsense\n{\"name\":\"Two Ltd\"}\n";
        let job = service
            .send("POST", "/api/v1/supplier-lists", &ndjson, lines)
            .await
            .expect(202);
        assert!(work(&service.database, &plimsoll::clock::SystemClock).await);
        let done = service
            .get(
                &admin,
                &format!("/api/v1/jobs/{}", job["id"].as_str().unwrap()),
            )
            .await
            .expect(200);
        let screening = service
            .get(
                &admin,
                &format!(
                    "/api/v1/screenings/{}",
                    done["screening_id"].as_str().unwrap()
                ),
            )
            .await
            .expect(200);
        assert_eq!(screening["head"]["rejected"][0]["row"], 2, "{screening}");
        let bad = json!([{"name": "A"}, {"name": "B", "workers": "many"}]);
        let problem = service
            .post(&admin, "/api/v1/supplier-lists", bad)
            .await
            .problem(422, "invalid-content");
        assert_eq!(problem["errors"][0]["pointer"], "/1/workers");
        service.stop().await;
    }
}

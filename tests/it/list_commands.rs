//! Lists on the command line and over the API, as people use them.

use std::{
    path::Path,
    process::{Command, Output, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    publisher::{Answer, HTML, Publisher, uflpa_page},
    service::Service,
    support::databases,
};

fn command(folder: &Path, publisher: &Publisher, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("DATABASE_URL")
        .env_remove("RUST_LOG")
        .env("PLIMSOLL_FETCH__ALLOW", "127.0.0.1")
        .env("PLIMSOLL_FETCH__TRIES", "1")
        .env("PLIMSOLL_LISTS__UFLPA__URL", publisher.url("/uflpa"));
    command
}

async fn plimsoll(folder: &Path, publisher: &Publisher, arguments: &[&str]) -> Output {
    let mut command = command(folder, publisher, arguments);
    tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn as_is(_: usize, name: String) -> String {
    name
}

#[tokio::test]
async fn an_operator_syncs_looks_compares_and_overrules() {
    let folder = TempDir::new().unwrap();
    let publisher = Publisher::start().await;
    let run = async |arguments: &[&str]| plimsoll(folder.path(), &publisher, arguments).await;

    publisher.put("/uflpa", Answer::status("403 Forbidden"));
    let refused = run(&["lists", "sync", "uflpa"]).await;
    assert_eq!(refused.status.code(), Some(1));
    let text = said(&refused);
    assert!(
        text.contains("lists import FILE --official uflpa"),
        "{text}"
    );

    // So it is saved in a browser and brought.
    let saved = folder.path().join("saved.html");
    std::fs::write(&saved, uflpa_page(140, as_is)).unwrap();
    let brought = run(&["lists", "import", "saved.html", "--official", "uflpa"]).await;
    assert!(brought.status.success(), "{}", said(&brought));
    assert!(said(&brought).contains("140 rows"));

    publisher.put("/uflpa", Answer::new(HTML, uflpa_page(60, as_is)));
    let half = run(&["lists", "sync", "uflpa"]).await;
    assert_eq!(half.status.code(), Some(1));
    assert!(said(&half).contains("REFUSED"), "{}", said(&half));
    let status = run(&["lists", "status", "--format", "json"]).await;
    let status: Value = serde_json::from_slice(&status.stdout).unwrap();
    let uflpa = &status[0];
    assert_eq!(uflpa["last_attempt"]["state"], "refused");
    let id = uflpa["last_attempt"]["id"].as_str().unwrap().to_owned();
    let table = said(&run(&["lists", "status"]).await);
    assert!(
        table.contains("kept aside") && table.contains(&id),
        "{table}"
    );

    let short = run(&["lists", "accept", &id, "--reason", "ok"]).await;
    assert_eq!(short.status.code(), Some(2), "{}", said(&short));
    let reason = "the Federal Register of today delists eighty";
    let accepted = run(&["lists", "accept", &id, "--reason", reason]).await;
    assert!(accepted.status.success(), "{}", said(&accepted));

    let editions = run(&["lists", "show", "uflpa", "--editions", "--format", "json"]).await;
    let editions: Vec<Value> = serde_json::from_slice(&editions.stdout).unwrap();
    assert_eq!(editions.len(), 3);
    assert_eq!(editions[0]["accepted_because"], reason);
    let (before, after) = (
        editions[1]["edition"].as_str().unwrap(),
        editions[0]["edition"].as_str().unwrap(),
    );
    let compared = said(&run(&["lists", "diff", "uflpa", before, after]).await);
    assert!(compared.contains("0 added, 80 removed"), "{compared}");
    assert!(
        compared.contains("- Invented Mill 61 Co., Ltd."),
        "{compared}"
    );

    let shown = said(
        &run(&[
            "lists",
            "show",
            "uflpa",
            "--as-of",
            "2023-01-01",
            "--limit",
            "3",
        ])
        .await,
    );
    assert!(
        shown.contains("no edition of 2023-01-01 is held"),
        "{shown}"
    );
    let unknown = run(&["lists", "show", "uflpa", "--edition", "1999"]).await;
    assert_eq!(unknown.status.code(), Some(2));
    let text = said(&unknown);
    assert!(
        text.contains("no edition \"1999\" of the uflpa list is held"),
        "{text}"
    );
    for wrong in [
        &["lists", "import", "saved.html"][..],
        &["lists", "import", "saved.html", "--source", "uflpa"],
        &["lists", "import", "saved.html", "--official", "custom:x"],
        &["lists", "import", "nowhere.html", "--official", "uflpa"],
        &[
            "lists",
            "import",
            "saved.html",
            "--official",
            "csl",
            "--form",
            "uflpa-html",
        ],
        &["lists", "sync", "nothing"],
        &["lists", "show", "uflpa", "--limit", "0"],
    ] {
        let failed = run(wrong).await;
        assert_eq!(
            failed.status.code(),
            Some(2),
            "{wrong:?}: {}",
            said(&failed)
        );
    }
    let verified = run(&["audit", "verify"]).await;
    assert!(verified.status.success(), "{}", said(&verified));
}

/// What went wrong is said once, and no log lines run through it unless asked for.
#[tokio::test]
async fn what_cannot_be_reached_is_told_once() {
    let folder = TempDir::new().unwrap();
    let publisher = Publisher::start().await;
    // Nobody listens there.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/uflpa", closed.local_addr().unwrap());
    drop(closed);
    let run = |filter: Option<&str>| {
        let mut command = command(folder.path(), &publisher, &["lists", "sync", "uflpa"]);
        command.env("PLIMSOLL_LISTS__UFLPA__URL", &url);
        if let Some(filter) = filter {
            command.env("RUST_LOG", filter);
        }
        said(&command.output().unwrap())
    };
    let text = run(None);
    assert!(
        text.contains(&format!("why: {url} cannot be reached")),
        "{text}"
    );
    assert_eq!(text.matches(&url).count(), 1, "{text}");
    assert!(!text.contains("a list was not fetched"), "{text}");
    let text = run(Some("plimsoll=info"));
    assert!(text.contains("a list was not fetched"), "{text}");
}

/// A first list of one's own with bad cells: which, once, and no guess at what
/// was before.
#[tokio::test]
async fn a_refused_first_list_names_its_bad_rows() {
    let folder = TempDir::new().unwrap();
    let publisher = Publisher::start().await;
    let run = async |arguments: &[&str]| plimsoll(folder.path(), &publisher, arguments).await;
    let file = folder.path().join("own.csv");
    let rows = |bad: &str| {
        let good = (0..9).map(|row| format!("Invented Mill {row} Ltd,a report,CN\n"));
        let good: String = good.collect();
        std::fs::write(&file, format!("name,citation,country\n{good}{bad}")).unwrap();
    };
    let import = &["lists", "import", "own.csv", "--source", "custom:own"];
    rows("Invented Dye Ltd,,CN\nInvented Yarn Ltd,a report,Atlantis\n");
    let text = said(&run(import).await);
    assert!(text.contains("REFUSED"), "{text}");
    assert!(
        text.contains("row 11, line 11: the row has no citation"),
        "{text}"
    );
    assert!(text.contains("row 12, line 12: the country"), "{text}");
    assert_eq!(text.matches("2 places").count(), 1, "{text}");
    assert!(
        text.contains("no edition of this list is in force"),
        "{text}"
    );
    assert!(text.contains("correct the file"), "{text}");
    for wrong in ["stays so", "than before", "or read with"] {
        assert!(!text.contains(wrong), "{wrong}: {text}");
    }

    rows("");
    assert!(run(import).await.status.success());
    rows(&"Invented Dye Ltd,,CN\n".repeat(7));
    let text = said(&run(import).await);
    assert!(text.contains("what was in force stays so"), "{text}");
    assert!(text.contains("another form than before"), "{text}");
    assert!(text.contains("… and 2 more"), "{text}");

    rows("Invented Dye Ltd,,CN\n");
    let text = said(&run(import).await);
    assert!(
        text.contains("1 place could not be read or was read with a doubt: "),
        "{text}"
    );
}

/// A line says what the row says: the tier, the kinds of labor.
#[tokio::test]
async fn a_line_says_what_the_row_says() {
    let folder = TempDir::new().unwrap();
    let publisher = Publisher::start().await;
    let run =
        async |arguments: &[&str]| said(&plimsoll(folder.path(), &publisher, arguments).await);
    let tip = run(&["lists", "show", "tip", "--country", "CN"]).await;
    assert!(tip.contains("[placement:2025 CN]  tier 3"), "{tip}");
    let goods = run(&["lists", "show", "dol-goods", "--country", "CN"]).await;
    let lines: Vec<_> = goods
        .lines()
        .filter(|line| line.contains("[good:"))
        .collect();
    assert!(!lines.is_empty());
    for line in &lines {
        let kinds = ["child labor", "forced labor", "through an input"];
        assert!(kinds.iter().any(|kind| line.contains(kind)), "{line}");
    }
    let shown = run(&["lists", "show", "uflpa", "--limit", "1"]).await;
    let id = shown
        .split_once("[entry:")
        .unwrap()
        .1
        .split_once(']')
        .unwrap()
        .0;
    let entry = run(&["lists", "show", "uflpa", "--entry", id]).await;
    assert!(entry.contains("\n  name: "), "{entry}");
    assert!(entry.contains("\n  citation: "), "{entry}");
    assert!(!entry.contains('{'), "{entry}");
}

#[tokio::test]
async fn a_killed_sync_leaves_the_edition_before_in_force() {
    let folder = TempDir::new().unwrap();
    let publisher = Publisher::start().await;
    let run = async |arguments: &[&str]| plimsoll(folder.path(), &publisher, arguments).await;
    publisher.put("/uflpa", Answer::new(HTML, uflpa_page(140, as_is)));
    let kept = run(&["lists", "sync", "uflpa"]).await;
    assert!(kept.status.success(), "{}", said(&kept));
    let before = run(&["lists", "show", "uflpa", "--editions"]).await.stdout;

    publisher.put(
        "/uflpa",
        Answer {
            wait: Duration::from_secs(20),
            ..Answer::new(HTML, uflpa_page(150, as_is))
        },
    );
    publisher.asked();
    let mut killed = command(folder.path(), &publisher, &["lists", "sync", "uflpa"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while publisher.asked().is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    killed.kill().unwrap();
    killed.wait().unwrap();

    let after = run(&["lists", "show", "uflpa", "--editions"]).await;
    assert_eq!(after.stdout, before);
    assert!(run(&["audit", "verify"]).await.status.success());
    // Whoever comes within the minute is told that somebody is at it.
    let busy = run(&["lists", "sync", "uflpa"]).await;
    assert!(said(&busy).contains("already"), "{}", said(&busy));
}

#[actix_web::test]
async fn published_lists_are_the_operators_and_own_lists_their_admins() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let operator = service.first_admin().await;
        let other = service.other_organization(&operator).await;

        let asked = json!({"source": "uflpa"});
        let queued = service
            .post(&operator, "/api/v1/list-syncs", asked.clone())
            .await
            .expect(202);
        assert_eq!(queued["state"], "queued");
        let again = service
            .post(&operator, "/api/v1/list-syncs", asked.clone())
            .await
            .expect(202);
        assert_eq!(again["id"], queued["id"], "one waits already");
        service
            .post(&other, "/api/v1/list-syncs", asked)
            .await
            .problem(403, "not-allowed");
        service
            .post(&operator, "/api/v1/list-syncs", json!({"source": "tip"}))
            .await
            .problem(422, "invalid-content");

        let send = async |token: &str, path: &str, body: &[u8]| {
            let bearer = format!("Bearer {token}");
            let headers = [
                ("Authorization", bearer.as_str()),
                ("Content-Type", "application/octet-stream"),
            ];
            service.send("POST", path, &headers, body).await
        };
        let page = uflpa_page(140, as_is);
        let official = "/api/v1/list-imports?source=uflpa";
        send(&other, official, page.as_bytes())
            .await
            .problem(403, "not-allowed");
        let kept = send(&operator, official, page.as_bytes()).await.expect(201);
        assert_eq!(kept["state"], "kept", "{kept}");
        assert_eq!(kept["rows"], 140);
        // Everybody sees the attempt and what came of it.
        let path = format!("/api/v1/list-syncs/{}", kept["id"].as_str().unwrap());
        service.get(&other, &path).await.expect(200);
        let first = service
            .get(&other, "/api/v1/lists/uflpa/entries?limit=100")
            .await
            .expect(200);
        let next = first["next"].as_str().unwrap().replace(' ', "%20");
        let second = service
            .get(
                &other,
                &format!("/api/v1/lists/uflpa/entries?limit=100&after={next}"),
            )
            .await
            .expect(200);
        assert_eq!(second["rows"].as_array().unwrap().len(), 40);
        assert_eq!(second["next"], Value::Null);

        let refused = send(&operator, official, uflpa_page(30, as_is).as_bytes())
            .await
            .expect(201);
        assert_eq!(refused["state"], "refused", "{refused}");
        let accept = format!(
            "/api/v1/list-syncs/{}/accept",
            refused["id"].as_str().unwrap()
        );
        let reason = json!({"reason": "a reason that is long enough"});
        service
            .post(&other, &accept, reason.clone())
            .await
            .problem(403, "not-allowed");
        service
            .post(&operator, &accept, json!({"reason": "short"}))
            .await
            .problem(422, "invalid-content");
        let accepted = service
            .post(&operator, &accept, reason.clone())
            .await
            .expect(200);
        assert_eq!(accepted["state"], "accepted");
        service
            .post(&operator, &accept, reason)
            .await
            .problem(409, "list-not-acceptable");

        let own = "/api/v1/list-imports?source=custom:ours";
        let mine = send(&other, own, b"name,citation\nInvented Own Ltd,our file\n")
            .await
            .expect(201);
        assert_eq!(mine["state"], "kept", "{mine}");
        service
            .get(&operator, "/api/v1/lists/custom:ours/entries")
            .await
            .problem(404, "not-found");
        let lists = service.get(&other, "/api/v1/lists").await.expect(200);
        assert!(lists.to_string().contains("custom:ours"));
        // An advocate audits what is published.
        let advocate = service
            .colleague(&other, "advocate", "advocate@example.com")
            .await;
        for path in [
            "/api/v1/lists",
            "/api/v1/lists/snapshots",
            "/api/v1/list-syncs",
        ] {
            let shown = service.get(&advocate, path).await.expect(200);
            assert!(
                !shown.to_string().contains("custom:ours"),
                "{path}: {shown}"
            );
        }
        let rows = "/api/v1/lists/custom:ours/entries";
        service.get(&advocate, rows).await.problem(404, "not-found");
        service.get(&other, rows).await.expect(200);
        for (path, status) in [
            ("/api/v1/lists/nothing/entries", 404),
            ("/api/v1/lists/uflpa/entries?limit=0", 400),
            (
                "/api/v1/lists/uflpa/entries?edition=x&as_of=2026-01-01",
                400,
            ),
            ("/api/v1/lists/uflpa/entries?edition=x", 404),
            ("/api/v1/lists/uflpa/history?entry=nobody", 404),
            ("/api/v1/lists/uflpa/diff?before=x&after=y", 404),
        ] {
            assert_eq!(service.get(&other, path).await.status, status, "{path}");
        }
        service.stop().await;
    }
}

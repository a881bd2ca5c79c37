//! Lists from their publishers into force, on real databases: what is good comes
//! in, what is not leaves the edition before in force and says why.

use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use plimsoll::{
    app::{
        export,
        ground::Grounds,
        list_accept::{self, AcceptError},
        list_editions,
        list_import::{self, Import},
        list_schedule,
        list_show::{self, Wanted},
        replay::replay,
        screen::{Request, screen},
        verify::verify_trail,
    },
    clock::Clock,
    intake::IntakeOptions,
    lists::{CustomName, Source},
    organization::OrganizationId,
    store::{
        documents,
        list_syncs::{self, SyncState},
    },
};

use crate::{
    publisher::{Answer, Desk, HTML, uflpa_page},
    support::databases,
};

const UFLPA: Source = Source::Uflpa;

fn as_is(_: usize, name: String) -> String {
    name
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Names in force on the day.
async fn names(desk: &Desk, source: Source, as_of: &str) -> Vec<String> {
    let today = desk.clock.today();
    let mut names = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let wanted = Wanted {
            as_of: Some(day(as_of)),
            after: after.clone(),
            limit: 50,
            ..Wanted::default()
        };
        let page = list_show::page(&desk.database, source, &wanted, today)
            .await
            .unwrap();
        names.extend(page.rows.into_iter().map(|row| row.name));
        after = page.next;
        if after.is_none() {
            return names;
        }
    }
}

#[tokio::test]
async fn a_list_comes_into_force_with_its_bytes_and_is_screened_and_replayed() {
    for test in databases().await {
        let desk = Desk::open(&test).await;
        let html = uflpa_page(140, |row, name| match row {
            17 => "Zubair Hetian Spinning Co., Ltd.".to_owned(),
            _ => name,
        });
        desk.publisher.put(
            "/uflpa",
            Answer::new(HTML, html.clone()).with("ETag", "\"v1\""),
        );
        let kept = desk.sync(UFLPA).await;
        assert_eq!(kept.state, SyncState::Kept, "{kept:?}");
        assert_eq!(kept.rows, 140);
        assert_eq!(kept.edition.as_deref(), Some("2026-11-21"));

        let today = desk.clock.today();
        let held = list_editions::find(&desk.database, UFLPA, None, today)
            .await
            .unwrap();
        let retrieval = held.retrieval.as_ref().unwrap();
        assert_eq!(retrieval.parts[0].headers["etag"], "\"v1\"");
        assert_eq!(retrieval.retrieved_at, "2026-11-21T12:00:00.000000Z");
        let connection = desk.database.connection();
        let bytes = documents::read_of_list(connection, UFLPA, &held.head.sha256)
            .await
            .unwrap();
        assert_eq!(bytes, html.as_bytes());

        // Every node screens against it, the others stay as shipped.
        let request = Request {
            file_name: "suppliers.csv".to_owned(),
            bytes: b"Supplier;Country\nZubair Hetian Spinning;China\n".to_vec(),
            options: IntakeOptions::default(),
            as_of: today,
            actor: "test".to_owned(),
        };
        let done = screen(&desk.database, &desk.clock, request, &|_| {})
            .await
            .unwrap();
        let searched = done
            .head
            .snapshots
            .iter()
            .find(|head| head.source == UFLPA)
            .unwrap();
        assert_eq!(searched, &held.head);
        assert_eq!(done.head.snapshots.len(), 6);
        let mut hits = 0;
        let finished = export::find(&desk.database, done.id).await.unwrap();
        export::each_supplier(&desk.database, &finished, |detail| {
            hits += String::from_utf8_lossy(detail)
                .matches("Zubair Hetian Spinning Co")
                .count();
            Ok::<_, std::convert::Infallible>(())
        })
        .await
        .unwrap();
        assert!(hits > 0);

        // The publisher says the same for a week, then something else.
        for _ in 0..2 {
            desk.days_pass(3);
            let same = desk.sync(UFLPA).await;
            assert_eq!(same.state, SyncState::Unchanged);
        }
        let today = desk.clock.today();
        let confirmed = list_editions::in_force_of(&desk.database, UFLPA, today)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(confirmed.head.confirmed_on, Some(day("2026-11-27")));
        assert_eq!(confirmed.head.edition, "2026-11-21");
        let grounds = Grounds::default();
        let ground = grounds.current(&desk.database, today).await.unwrap();
        let again = grounds.current(&desk.database, today).await.unwrap();
        assert!(std::sync::Arc::ptr_eq(&ground, &again));

        desk.days_pass(1);
        desk.publisher
            .put("/uflpa", Answer::new(HTML, uflpa_page(145, as_is)));
        assert_eq!(desk.sync(UFLPA).await.state, SyncState::Kept);

        // What was screened then replays on what was in force then.
        let replayed = replay(&desk.database, done.id).await.unwrap();
        assert!(replayed.same_bytes(), "{replayed:?}");
        verify_trail(&desk.database, None).await.unwrap();
    }
}

#[tokio::test]
async fn what_is_not_the_list_is_refused_kept_aside_and_told() {
    for test in databases().await {
        let desk = Desk::open(&test).await;
        let good = Answer::new(HTML, uflpa_page(140, as_is));
        desk.publisher.put("/uflpa", good.clone());
        assert_eq!(desk.sync(UFLPA).await.state, SyncState::Kept);
        let in_force = names(&desk, UFLPA, "2026-12-31").await;

        let half = uflpa_page(70, as_is);
        let error_page = "<!DOCTYPE html><html><h1>Access denied</h1></html>";
        let moved = uflpa_page(140, as_is)
            .replace("Name of Entity", "Particulars")
            .replace("Entity Name", "Particulars");
        let bomb = "<div>".repeat(500_000);
        for (answer, why) in [
            (Answer::new(HTML, half.clone()), "shrinks from 140 to 70"),
            (Answer::new(HTML, error_page), "of 0 tables none"),
            (Answer::new(HTML, moved), "none has a column"),
            (Answer::new(HTML, bomb), "nested"),
            (Answer::new("application/pdf", "%PDF-1.7"), "content type"),
            (Answer::new(HTML, "  \n"), "empty"),
        ] {
            desk.days_pass(1);
            let bytes = answer.body.clone();
            desk.publisher.put("/uflpa", answer);
            let refused = desk.sync(UFLPA).await;
            assert_eq!(refused.state, SyncState::Refused, "{refused:?}");
            let problem = refused.problem.unwrap();
            assert!(problem.contains(why), "{problem}");
            assert!(refused.advice.unwrap().contains("stays so"));
            // Kept aside as received.
            let connection = desk.database.connection();
            let sync = list_syncs::find(connection, refused.id)
                .await
                .unwrap()
                .unwrap();
            let sha256 = sync.head.unwrap().sha256;
            let kept = documents::read_of_list(connection, UFLPA, &sha256)
                .await
                .unwrap();
            assert_eq!(kept, bytes);
            assert_eq!(names(&desk, UFLPA, "2026-12-31").await, in_force);
        }
        verify_trail(&desk.database, None).await.unwrap();
        let status = list_show::status(&desk.database, &desk.clock, &desk.settings)
            .await
            .unwrap();
        let said = status[0].list.warnings.join("; ");
        assert!(said.contains("kept aside"), "{said}");
    }
}

#[tokio::test]
async fn what_does_not_come_is_a_failure_with_what_to_do() {
    for test in databases().await {
        let mut desk = Desk::open(&test).await;
        desk.settings.fetch_seconds = 1;
        let good = Answer::new(HTML, uflpa_page(140, as_is));
        for (answer, why, advice) in [
            (Answer::status("403 Forbidden"), "403", "in a browser"),
            (Answer::status("404 Not Found"), "404", "moved"),
            (
                Answer {
                    cut: Some(5_000),
                    ..good.clone()
                },
                "broke off",
                "may pass",
            ),
            (
                Answer {
                    wait: Duration::from_millis(1_500),
                    ..good.clone()
                },
                "did not answer",
                "may pass",
            ),
            (
                Answer::status("302 Found").with("Location", "http://169.254.169.254/latest/"),
                "not on the public internet",
                "",
            ),
            (
                Answer::status("302 Found").with("Location", "http://lists.example/uflpa"),
                "not among the hosts",
                "",
            ),
        ] {
            desk.clock.advance(TimeDelta::hours(1));
            desk.publisher.put("/uflpa", answer);
            let failed = desk.sync(UFLPA).await;
            assert_eq!(failed.state, SyncState::Failed, "{failed:?}");
            let problem = failed.problem.unwrap();
            assert!(problem.contains(why), "{problem}");
            assert!(failed.advice.unwrap_or_default().contains(advice));
        }
        // Even where the operator trusts the host: inside is inside.
        desk.settings.uflpa.hosts = vec!["169.254.169.254".to_owned()];
        desk.publisher.put(
            "/uflpa",
            Answer::status("302 Found").with("Location", "http://169.254.169.254/latest/"),
        );
        let inside = desk.sync(UFLPA).await;
        let problem = inside.problem.unwrap();
        assert!(problem.contains("not on the public internet"), "{problem}");

        let held = list_editions::find(&desk.database, UFLPA, None, desk.clock.today())
            .await
            .unwrap();
        assert!(held.retrieval.is_none(), "the reference snapshot stays");
        let status = list_show::status(&desk.database, &desk.clock, &desk.settings)
            .await
            .unwrap();
        assert!(status[0].list.warnings.join("; ").contains("failed"));

        // A publisher that stumbles is asked again at once.
        desk.publisher.put(
            "/uflpa",
            Answer {
                failures: 1,
                ..good
            },
        );
        assert_eq!(desk.sync(UFLPA).await.state, SyncState::Kept);
        verify_trail(&desk.database, None).await.unwrap();
    }
}

#[tokio::test]
async fn a_person_overrules_a_refusal_and_the_delisted_stay_in_history() {
    for test in databases().await {
        let desk = Desk::open(&test).await;
        desk.publisher
            .put("/uflpa", Answer::new(HTML, uflpa_page(150, as_is)));
        desk.sync(UFLPA).await;
        desk.days_pass(10);
        // Thirty are taken off, an alias goes, another comes.
        let page = uflpa_page(120, |row, name| match row {
            7 => name.replace("; and Invented Plant 7", ""),
            8 => name.replace("Invented Plant 8", "Invented Yard 8"),
            _ => name,
        });
        desk.publisher.put("/uflpa", Answer::new(HTML, page));
        let refused = desk.sync(UFLPA).await;
        assert_eq!(refused.state, SyncState::Refused);

        let accept = async |reason: &str| {
            let (database, clock) = (&desk.database, &desk.clock);
            list_accept::accept(database, clock, refused.id, reason, "user:x", &|_| {}).await
        };
        assert!(matches!(accept("ok").await, Err(AcceptError::NoReason)));
        let accepted = accept("DHS announced thirty delistings in the Federal Register")
            .await
            .unwrap();
        assert_eq!(accepted.state, SyncState::Accepted);
        let changes = accepted.changes.unwrap();
        assert_eq!(
            (changes.added, changes.removed, changes.changed),
            (0, 30, 2)
        );
        assert!(matches!(
            accept("and once more for good measure").await,
            Err(AcceptError::NotRefused("accepted"))
        ));
        // The same page again is no news.
        desk.days_pass(1);
        assert_eq!(desk.sync(UFLPA).await.state, SyncState::Unchanged);

        // Was it listed on the day of the order?
        let listed =
            async |name: &str, on: &str| names(&desk, UFLPA, on).await.contains(&name.to_owned());
        assert!(listed("Invented Mill 149 Co., Ltd.", "2026-11-25").await);
        assert!(!listed("Invented Mill 149 Co., Ltd.", "2026-12-02").await);
        assert!(listed("Invented Mill 17 Co., Ltd.", "2026-12-02").await);

        let today = desk.clock.today();
        let compared = list_show::compare(&desk.database, UFLPA, "2026-11-21", "2026-12-01", today)
            .await
            .unwrap();
        assert_eq!(compared.diff.removed.len(), 30);
        assert_eq!(compared.diff.changed.len(), 2);
        let told = serde_json::to_string(&compared).unwrap();
        assert!(told.contains("Invented Plant 7"), "{told}");

        let id = compared.diff.changed[0].key.clone();
        let versions = list_show::history(&desk.database, UFLPA, &id)
            .await
            .unwrap();
        assert_eq!(versions.len(), 2);
        assert_eq!(versions[0].valid_from, day("2026-11-21"));
        assert_eq!(versions[0].valid_to, Some(day("2026-12-01")));
        assert_eq!(versions[1].valid_to, None);
        assert_eq!(versions[1].changes[0].field, "aliases");
        let gone = &compared.diff.removed[0].key;
        let versions = list_show::history(&desk.database, UFLPA, gone)
            .await
            .unwrap();
        assert_eq!(versions[0].valid_to, Some(day("2026-12-01")));

        let editions = list_show::editions(&desk.database, UFLPA).await.unwrap();
        assert_eq!(editions.len(), 3);
        assert_eq!(editions[2].origin, "shipped");
        let because = editions[0].accepted_because.as_deref().unwrap();
        assert!(because.contains("Federal Register"));
        verify_trail(&desk.database, None).await.unwrap();
    }
}

#[tokio::test]
async fn an_attempt_that_was_killed_is_taken_over_and_nothing_is_half_kept() {
    for test in databases().await {
        let desk = Desk::open(&test).await;
        let page = uflpa_page(140, as_is);
        desk.publisher.put(
            "/uflpa",
            Answer {
                wait: Duration::from_secs(2),
                ..Answer::new(HTML, page)
            },
        );
        let asked = async {
            while desk.publisher.asked().is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            outcome = desk.sync(UFLPA) => panic!("{outcome:?}"),
            () = asked => {}
        }
        let held = list_editions::find(&desk.database, UFLPA, None, desk.clock.today())
            .await
            .unwrap();
        assert!(held.retrieval.is_none());
        // Another node waits while the lease of the dead one runs.
        let busy = desk.try_sync(UFLPA).await.unwrap_err();
        assert!(busy.to_string().contains("already"), "{busy}");
        desk.clock.advance(TimeDelta::minutes(2));
        assert_eq!(desk.sync(UFLPA).await.state, SyncState::Kept);
        verify_trail(&desk.database, None).await.unwrap();
    }
}

#[tokio::test]
async fn the_schedule_asks_each_publisher_once_however_many_nodes_look() {
    for test in databases().await {
        let desk = Desk::open(&test).await;
        desk.publisher
            .put("/uflpa", Answer::new(HTML, uflpa_page(140, as_is)));
        let look_until_idle = async || {
            let mut states = Vec::new();
            loop {
                let (one, two) = tokio::join!(
                    list_schedule::look(desk.syncing()),
                    list_schedule::look(desk.syncing()),
                );
                let found: Vec<_> = [one.unwrap(), two.unwrap()].into_iter().flatten().collect();
                if found.is_empty() {
                    return states;
                }
                states.extend(found);
            }
        };
        let states = Box::pin(look_until_idle()).await;
        assert_eq!(states.len(), 7, "{states:?}");
        let uflpa = states.iter().find(|one| one.source == UFLPA).unwrap();
        assert_eq!(uflpa.state, SyncState::Kept);
        let asked = desk.publisher.asked();
        assert_eq!(asked.iter().filter(|path| *path == "/uflpa").count(), 1);

        desk.clock.advance(TimeDelta::minutes(30));
        assert!(
            Box::pin(look_until_idle()).await.is_empty(),
            "nothing is due yet"
        );
        // What failed is tried again within two hours, what is there is not.
        desk.clock.advance(TimeDelta::hours(1));
        let again = Box::pin(look_until_idle()).await;
        assert_eq!(again.len(), 6, "{again:?}");
        desk.clock.advance(TimeDelta::hours(27));
        let daily = Box::pin(look_until_idle()).await;
        assert!(daily.iter().any(|one| one.source == UFLPA));
    }
}

#[tokio::test]
async fn a_list_of_ones_own_is_searched_for_its_owner_only() {
    for test in databases().await {
        let desk = Desk::open(&test).await;
        let own = Source::Custom(CustomName::new("ngo-report").unwrap());
        let csv = "name,aliases,country,citation\n\
                   Invented Holding Ltd,Invented Sub Ltd,MY,NGO report of 2026 page 3\n";
        let bring = async |database: &plimsoll::store::Database, text: &str| {
            let import = Import {
                source: own,
                form: None,
                files: vec![("report.csv".to_owned(), text.as_bytes().to_vec())],
                dated: None,
            };
            list_import::import(database, &desk.clock, import, "user:x", &|_| {})
                .await
                .unwrap()
        };
        let other = desk.database.of(OrganizationId(uuid::Uuid::from_u128(77)));
        let kept = bring(&desk.database, csv).await;
        assert_eq!(kept.state, SyncState::Kept, "{kept:?}");
        assert_eq!(bring(&desk.database, csv).await.state, SyncState::Unchanged);

        let today = desk.clock.today();
        let sources = async |database| {
            list_editions::in_force(database, today)
                .await
                .unwrap()
                .into_iter()
                .map(|kept| kept.head.source)
                .collect::<Vec<_>>()
        };
        assert!(sources(&desk.database).await.contains(&own));
        assert!(!sources(&other).await.contains(&own));
        assert!(
            list_syncs::find(other.connection(), kept.id)
                .await
                .unwrap()
                .is_none()
        );
        assert!(list_show::editions(&other, own).await.is_err());
        assert!(
            list_show::history(&other, own, "invented-holding-ltd")
                .await
                .unwrap()
                .is_empty()
        );

        // Two may call theirs the same, and bring the same bytes.
        assert_eq!(bring(&other, csv).await.state, SyncState::Kept);
        let more = format!("{csv}Invented Third Ltd,,TH,the same\n");
        assert_eq!(bring(&other, &more).await.state, SyncState::Kept);
        let count = async |database| {
            let wanted = Wanted {
                limit: 10,
                ..Wanted::default()
            };
            list_show::page(database, own, &wanted, today)
                .await
                .unwrap()
                .rows
                .len()
        };
        assert_eq!(count(&desk.database).await, 1);
        assert_eq!(count(&other).await, 2);
        verify_trail(&desk.database, None).await.unwrap();
    }
}

/// Of several refused attempts, accepted by several people at once, one comes into
/// force: the others looked at what is no longer the newest.
#[tokio::test]
async fn those_who_accept_at_once_do_not_overtake_each_other() {
    for test in databases().await {
        let desk = Desk::open(&test).await;
        desk.publisher
            .put("/uflpa", Answer::new(HTML, uflpa_page(150, as_is)));
        desk.sync(UFLPA).await;
        let mut refused = Vec::new();
        for rows in [110, 100] {
            desk.days_pass(1);
            desk.publisher
                .put("/uflpa", Answer::new(HTML, uflpa_page(rows, as_is)));
            let outcome = desk.sync(UFLPA).await;
            assert_eq!(outcome.state, SyncState::Refused);
            refused.push(outcome.id);
        }
        desk.clock.advance(TimeDelta::hours(1));
        let accept = async |id| {
            let (database, clock) = (&desk.database, &desk.clock);
            let reason = "DHS announced the delistings";
            Box::pin(list_accept::accept(
                database,
                clock,
                id,
                reason,
                "user:x",
                &|_| {},
            ))
            .await
        };
        let (one, two) = tokio::join!(accept(refused[0]), accept(refused[1]));
        let both = [one, two];
        let accepted = both.iter().filter(|one| one.is_ok()).count();
        let overtaken = both
            .iter()
            .filter(|one| matches!(one, Err(AcceptError::Overtaken)))
            .count();
        assert_eq!((accepted, overtaken), (1, 1), "{both:?}");
        verify_trail(&desk.database, None).await.unwrap();
    }
}

/// Nobody else has the files: the attempt of whichever organization ends.
#[tokio::test]
async fn an_import_that_was_killed_is_ended_for_every_organization() {
    for test in databases().await {
        let desk = Desk::open(&test).await;
        let own = Source::Custom(CustomName::new("ngo-report").unwrap());
        let other = desk.database.of(OrganizationId(uuid::Uuid::from_u128(77)));
        for database in [&desk.database, &other] {
            let import = Import {
                source: own,
                form: None,
                // Long enough to be still under way when it is broken off.
                files: vec![(
                    "report.csv".to_owned(),
                    format!(
                        "name,citation\n{}",
                        "Invented Ltd,a report\n".repeat(50_000)
                    )
                    .into_bytes(),
                )],
                dated: None,
            };
            let reached = tokio::sync::Notify::new();
            let told = |_| reached.notify_one();
            tokio::select! {
                biased;
                () = reached.notified() => {}
                outcome = list_import::import(database, &desk.clock, import, "user:x", &told) => {
                    panic!("{outcome:?}")
                }
            }
        }
        let state = async |database: &plimsoll::store::Database| {
            let newest = list_syncs::page(database.connection(), Some(own), None, 1).await;
            newest.unwrap().remove(0)
        };
        list_schedule::look(desk.syncing()).await.unwrap();
        assert_eq!(state(&other).await.state, SyncState::Running);
        desk.clock.advance(TimeDelta::minutes(2));
        list_schedule::look(desk.syncing()).await.unwrap();
        for database in [&desk.database, &other] {
            let ended = state(database).await;
            assert_eq!(ended.state, SyncState::Failed);
            assert_eq!(ended.advice.as_deref(), Some("bring the files again"));
        }
        verify_trail(&desk.database, None).await.unwrap();
    }
}

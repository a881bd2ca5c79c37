//! The rows of an edition on its way into force: in the way of nobody, and
//! nowhere to be seen until it is in force.

use std::{
    fmt::Write as _,
    sync::atomic::{AtomicBool, Ordering},
};

use chrono::TimeDelta;
use plimsoll::{
    app::{
        list_import::{self, Import},
        list_keep::{Outcome, SyncProgress},
        list_schedule,
        list_show::{self, Wanted},
        lists,
        verify::verify_trail,
    },
    clock::Clock,
    lists::{Changes, CustomName, Source},
    organization::OrganizationId,
    store::{
        Database, list_entries, list_snapshots,
        list_syncs::{self, SyncState},
    },
};
use sea_orm::ConnectionTrait;
use tokio::sync::Notify;

use crate::{
    publisher::{Answer, Desk, HTML, uflpa_page},
    support::databases,
};

fn own() -> Source {
    Source::Custom(CustomName::new("ngo-report").unwrap())
}

/// A list of one's own; a row says what `said` says of it.
fn list(rows: impl Iterator<Item = usize>, said: impl Fn(usize) -> &'static str) -> Import {
    let mut text = String::from("name,citation,remarks\n");
    for row in rows {
        let _infallible = writeln!(text, "Invented Mill {row} Ltd,a report,{}", said(row));
    }
    Import {
        source: own(),
        form: None,
        files: vec![("report.csv".to_owned(), text.into_bytes())],
        dated: None,
    }
}

async fn import(desk: &Desk, database: &Database, list: Import) -> Outcome {
    list_import::import(database, &desk.clock, list, "user:x", &|_| {})
        .await
        .unwrap()
}

/// Breaks the import off when so many of its rows are written.
async fn break_off(desk: &Desk, list: Import, rows: usize) {
    let reached = Notify::new();
    let told = |step| {
        if matches!(step, SyncProgress::Keeping(done, _) if done >= rows) {
            reached.notify_one();
        }
    };
    tokio::select! {
        biased;
        () = reached.notified() => {}
        outcome = list_import::import(&desk.database, &desk.clock, list, "user:x", &told) => {
            panic!("{outcome:?}")
        }
    }
}

async fn shown(desk: &Desk) -> Vec<(String, serde_json::Value)> {
    let mut rows = Vec::new();
    let mut wanted = Wanted {
        limit: 1_000,
        ..Wanted::default()
    };
    loop {
        let today = desk.clock.today();
        let page = list_show::page(&desk.database, own(), &wanted, today)
            .await
            .unwrap();
        rows.extend(page.rows.into_iter().map(|row| (row.key, row.row)));
        wanted.after = page.next;
        if wanted.after.is_none() {
            return rows;
        }
    }
}

#[tokio::test]
async fn a_large_list_keeps_no_other_organization_from_writing() {
    for test in databases().await {
        let desk = Desk::open(&test).await;
        let other = desk.database.of(OrganizationId(uuid::Uuid::from_u128(77)));
        let (writing, done) = (Notify::new(), AtomicBool::new(false));
        let told = |step| {
            if matches!(step, SyncProgress::Keeping(0, _)) {
                writing.notify_one();
            }
        };
        let large = async {
            let rows = list(0..20_000, |_| "as it was");
            let kept =
                list_import::import(&desk.database, &desk.clock, rows, "user:x", &told).await;
            done.store(true, Ordering::Relaxed);
            kept.unwrap()
        };
        let small = async {
            writing.notified().await;
            let kept = import(&desk, &other, list(0..3, |_| "theirs")).await;
            (kept, done.load(Ordering::Relaxed))
        };
        let (large, (small, late)) = tokio::join!(large, small);
        assert_eq!((large.state, large.rows), (SyncState::Kept, 20_000));
        assert_eq!((small.state, small.rows), (SyncState::Kept, 3));
        assert!(!late, "the small list waited for the large one");
        verify_trail(&desk.database, None).await.unwrap();
    }
}

#[tokio::test]
async fn what_a_killed_writer_wrote_is_not_there_and_is_taken_back() {
    for test in databases().await {
        let desk = Desk::open(&test).await;
        let first = import(&desk, &desk.database, list(0..6_000, |_| "as it was")).await;
        assert_eq!(first.state, SyncState::Kept);
        let before = shown(&desk).await;
        assert_eq!(before.len(), 6_000);

        // A third of the rows says something else, some are new, some are gone.
        desk.days_pass(1);
        let next = || {
            list(10..6_010, |row| match row % 3 {
                0 => "as it is now",
                _ => "as it was",
            })
        };
        break_off(&desk, next(), 4_000).await;
        let connection = desk.database.connection();
        let half = list_entries::current(connection, own()).await.unwrap();
        assert!(!half.is_empty());
        assert_eq!(shown(&desk).await, before, "nothing of it is in force");
        let changed = list_show::history(&desk.database, own(), "invented-mill-12-ltd")
            .await
            .unwrap();
        assert_eq!(changed.len(), 1);
        assert_eq!(changed[0].valid_to, None);
        verify_trail(&desk.database, None).await.unwrap();

        // Whoever comes next takes its turn over when it has run out.
        desk.clock.advance(TimeDelta::minutes(2));
        let kept = import(&desk, &desk.database, next()).await;
        assert_eq!(kept.state, SyncState::Kept);
        let told = Changes {
            added: 10,
            removed: 10,
            changed: (10..6_000).filter(|row| row % 3 == 0).count(),
        };
        assert_eq!(kept.changes, Some(told));
        assert_eq!(shown(&desk).await.len(), 6_000);
        let changed = list_show::history(&desk.database, own(), "invented-mill-12-ltd")
            .await
            .unwrap();
        assert_eq!(changed.len(), 2);
        let gone = list_show::history(&desk.database, own(), "invented-mill-1-ltd")
            .await
            .unwrap();
        assert_eq!(gone.len(), 1);
        assert!(gone[0].valid_to.is_some());
        verify_trail(&desk.database, None).await.unwrap();
    }
}

/// Two who bring the same list at once take turns, and both are told the truth.
#[tokio::test]
async fn two_writers_of_one_list_take_turns() {
    for test in databases().await {
        let desk = Desk::open(&test).await;
        let (one, two) = tokio::join!(
            import(&desk, &desk.database, list(0..3_000, |_| "one")),
            import(&desk, &desk.database, list(0..3_000, |_| "two")),
        );
        let mut changes = [one.changes, two.changes];
        changes.sort_by_key(Option::is_some);
        assert_eq!(changes[0], None, "the first edition");
        assert_eq!(changes[1].map(|it| it.changed), Some(3_000));
        assert_eq!(shown(&desk).await.len(), 3_000);
        verify_trail(&desk.database, None).await.unwrap();
    }
}

/// Its files are nobody else's: the publisher is not asked in their stead.
#[tokio::test]
async fn an_import_of_a_published_list_that_was_killed_is_ended_and_not_fetched() {
    for test in databases().await {
        let desk = Desk::open(&test).await;
        let page = uflpa_page(140, |_, name| name);
        let files = vec![("page.html".to_owned(), page.into_bytes())];
        let brought = Import {
            source: Source::Uflpa,
            form: None,
            files,
            dated: None,
        };
        break_off(&desk, brought, 0).await;
        desk.clock.advance(TimeDelta::minutes(2));
        list_schedule::look(desk.syncing()).await.unwrap();
        let attempts = list_syncs::page(desk.database.connection(), Some(Source::Uflpa), None, 10)
            .await
            .unwrap();
        let ended = attempts.iter().find(|sync| sync.actor == "user:x").unwrap();
        assert_eq!(ended.state, SyncState::Failed);
        assert_eq!(ended.advice.as_deref(), Some("bring the files again"));

        // The publisher is asked by an attempt of its own, and what was left of
        // the import is in nobody's way.
        let page = uflpa_page(141, |_, name| name);
        desk.publisher.put("/uflpa", Answer::new(HTML, page));
        let kept = desk.sync(Source::Uflpa).await;
        assert_eq!((kept.state, kept.rows), (SyncState::Kept, 141));
        assert!(!desk.publisher.asked().is_empty());
        verify_trail(&desk.database, None).await.unwrap();
    }
}

#[tokio::test]
async fn what_was_kept_aside_is_looked_at_and_compared_by_its_attempt() {
    for test in databases().await {
        let desk = Desk::open(&test).await;
        let put = |rows| {
            let page = uflpa_page(rows, |row, name| match row {
                7 => name.replace("Mill 7 ", "Mill 7 Ürümqi "),
                _ => name,
            });
            desk.publisher.put("/uflpa", Answer::new(HTML, page));
        };
        put(150);
        desk.sync(Source::Uflpa).await;
        desk.days_pass(1);
        put(100);
        let refused = desk.sync(Source::Uflpa).await;
        assert_eq!(refused.state, SyncState::Refused);
        let attempt = refused.id.to_string();
        assert!(refused.advice.unwrap().contains(&attempt));
        let today = desk.clock.today();
        let look = async |wanted: Wanted| {
            list_show::page(&desk.database, Source::Uflpa, &wanted, today)
                .await
                .unwrap()
        };
        let aside = look(Wanted {
            edition: Some(attempt.clone()),
            limit: 1_000,
            ..Wanted::default()
        });
        let aside = aside.await;
        assert_eq!(aside.rows.len(), 100);
        assert!(aside.caveats[0].contains("not in force"), "{aside:?}");
        let compared =
            list_show::compare(&desk.database, Source::Uflpa, "2026-11-21", &attempt, today)
                .await
                .unwrap();
        assert_eq!(compared.diff.removed.len(), 50);

        // By name and alias, however written; by country.
        let named = async |name: &str| {
            let wanted = Wanted {
                name: Some(name.to_owned()),
                limit: 1_000,
                ..Wanted::default()
            };
            look(wanted).await.rows.len()
        };
        assert_eq!(named("MILL 7 urumqi").await, 1);
        assert_eq!(named("invented works 149").await, 1, "an alias");
        assert_eq!(named("no such mill").await, 0);
        assert_eq!(named("?!").await, 0);
        let of = async |country: &str| {
            let wanted = Wanted {
                country: plimsoll::country::Country::parse(country),
                limit: 1_000,
                ..Wanted::default()
            };
            look(wanted).await.rows.len()
        };
        assert_eq!((of("CN").await, of("Brazil").await), (150, 0));
    }
}

/// What gave nothing is missing; what was read with a doubt is not.
#[tokio::test]
async fn a_list_with_a_row_that_gave_nothing_is_partial() {
    for test in databases().await {
        let desk = Desk::open(&test).await;
        for (last, told, whole) in [
            ("Invented Mill 19 Ltd,", "19 of 20 rows", false),
            (
                "Invented Mill 19 Ltd,a report,,Atlantis",
                "20 of 20 rows",
                true,
            ),
        ] {
            desk.days_pass(1);
            let mut text = String::from("name,citation,remarks,country\n");
            for row in 0..19 {
                let _infallible = writeln!(text, "Invented Mill {row} Ltd,a report,,CN");
            }
            let brought = Import {
                source: own(),
                form: None,
                files: vec![("report.csv".to_owned(), (text + last).into_bytes())],
                dated: None,
            };
            let kept = import(&desk, &desk.database, brought).await;
            assert_eq!(
                (kept.state, kept.unread_rows),
                (SyncState::Kept, 1),
                "{kept:?}"
            );
            let lists = list_show::status(&desk.database, &desk.clock, &desk.settings)
                .await
                .unwrap();
            let status = lists.into_iter().find(|row| row.list.source == own());
            let list = status.unwrap().list;
            let held = list.held.unwrap();
            assert_eq!(
                (held.completeness.as_str(), held.whole),
                (told, Some(whole))
            );
            let partial = list.warnings.iter().any(|it| it.starts_with("partial"));
            assert_eq!(partial, !whole, "{:?}", list.warnings);
        }
    }
}

/// What ships with the program is entered where a writer was killed: not while
/// its turn lasts, and without what it left.
#[tokio::test]
async fn what_a_killed_writer_left_keeps_no_shipped_edition_out() {
    for test in databases().await {
        let desk = Desk::open(&test).await;
        let connection = desk.database.connection();
        let shipped = list_entries::current(connection, Source::Uflpa)
            .await
            .unwrap();
        let page = uflpa_page(140, |_, name| name);
        let brought = Import {
            source: Source::Uflpa,
            form: None,
            files: vec![("page.html".to_owned(), page.into_bytes())],
            dated: None,
        };
        break_off(&desk, brought, 140).await;
        // As a program left it that kept no history.
        let raw = test.raw().await;
        for statement in [
            "UPDATE list_snapshots SET number = 0 WHERE source = 'uflpa'",
            "DELETE FROM list_entries WHERE source = 'uflpa' AND first_number = 1",
        ] {
            raw.execute_unprepared(statement).await.unwrap();
        }
        let enter = async || {
            lists::keep_shipped(&desk.database, &desk.clock, "test")
                .await
                .unwrap();
            let editions = list_snapshots::of_source(connection, Source::Uflpa)
                .await
                .unwrap();
            editions
                .iter()
                .filter_map(|kept| kept.number)
                .collect::<Vec<_>>()
        };
        assert!(enter().await.is_empty(), "somebody is writing");
        desk.clock.advance(TimeDelta::minutes(2));
        assert_eq!(enter().await, [1]);
        let entered = list_entries::current(connection, Source::Uflpa)
            .await
            .unwrap();
        assert_eq!(entered, shipped);

        desk.clock.advance(TimeDelta::minutes(2));
        let page = uflpa_page(141, |_, name| name);
        desk.publisher.put("/uflpa", Answer::new(HTML, page));
        let kept = desk.sync(Source::Uflpa).await;
        assert_eq!((kept.state, kept.rows), (SyncState::Kept, 141));
        verify_trail(&desk.database, None).await.unwrap();
    }
}

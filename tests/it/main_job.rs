//! The main job on real databases: screen, read back, replay, verify, tamper.

use std::{collections::BTreeSet, path::Path};

use plimsoll::{
    app::{
        export,
        replay::{Difference, replay},
        screen::{Request, ScreenError, Screened, screen},
        verify::{VerifyError, verify_trail},
    },
    audit::{Broken, canonical_bytes, sha256_hex},
    clock::Clock,
    intake::IntakeOptions,
    report::{DocumentWriter, SupplierResult},
    store::Database,
};
use sea_orm::{ConnectionTrait, Statement, TryGetable};
use serde_json::Value;

use crate::support::{databases, noon, sqlite};

const LIST: &str = "\
Supplier;Country;City;Products;HS code
Hoshine Silicon Industry (Shanshan) Co., Ltd;China;Shanshan;Silicon metal;2804
Baoding LYSZD Trade and Business Co Ltd;CN;Baoding;Garments;6109
Nordlicht Werkzeugbau GmbH;Germany;Hamburg;Hand tools;8205
;China;Urumqi;Cotton;5201

Talas Pamuk Tekstil A.S.;Turkmenistan;Ashgabat;Cotton yarn;5205
Name Only Trading;;;;
";

pub(crate) async fn screen_list(
    database: &Database,
    bytes: &[u8],
) -> Result<Screened, ScreenError> {
    let clock = noon();
    screen(
        database,
        &clock,
        Request {
            file_name: "suppliers.csv".to_owned(),
            bytes: bytes.to_vec(),
            options: IntakeOptions::default(),
            as_of: clock.today(),
            actor: "test".to_owned(),
        },
        &|_| {},
    )
    .await
}

async fn suppliers(database: &Database, screened: &Screened) -> Vec<SupplierResult> {
    let mut all = Vec::new();
    let finished = export::find(database, screened.id).await.unwrap();
    export::each_supplier(database, &finished, |detail| {
        all.push(serde_json::from_slice(detail)?);
        Ok::<_, serde_json::Error>(())
    })
    .await
    .unwrap();
    all
}

/// The whole result as one document, as `--format json` writes it.
async fn document(database: &Database, screened: &Screened) -> Vec<u8> {
    let finished = export::find(database, screened.id).await.unwrap();
    let mut document = DocumentWriter::begin(Vec::new(), &finished.head_text).unwrap();
    export::each_supplier(database, &finished, |detail| document.push(detail))
        .await
        .unwrap();
    document.finish(&finished.totals_text).unwrap()
}

#[tokio::test]
async fn a_list_is_screened_stored_and_read_back_the_same() {
    let mut hashes = BTreeSet::new();
    for test in databases().await {
        let database = test.open().await;
        let screened = screen_list(&database, LIST.as_bytes()).await.unwrap();
        let rows = screened.head.input.rows;
        assert_eq!(
            (rows.total, rows.accepted, rows.rejected, rows.blank),
            (7, 5, 1, 1)
        );
        let bytes = document(&database, &screened).await;
        assert_eq!(sha256_hex(&bytes), screened.result_sha256);
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        assert!(
            canonical_bytes(&value).unwrap() == bytes,
            "written piece by piece, the document is canonical"
        );
        for key in [
            "model",
            "as_of",
            "snapshots",
            "input",
            "suppliers",
            "rejected",
            "totals",
            "not_searched",
            "engine",
        ] {
            assert!(value.get(key).is_some(), "{key}");
        }
        hashes.insert(screened.result_sha256.clone());
        database.close().await.unwrap();
    }
    assert_eq!(hashes.len(), 1, "both databases give the same bytes");
}

#[tokio::test]
async fn what_is_found_is_said_and_what_is_not_known_too() {
    let test = sqlite();
    let database = test.open().await;
    let screened = screen_list(&database, LIST.as_bytes()).await.unwrap();
    let results = suppliers(&database, &screened).await;
    let of = |name: &str| {
        results
            .iter()
            .find(|result| result.name.starts_with(name))
            .unwrap()
    };
    for listed in ["Hoshine", "Baoding"] {
        let result = of(listed);
        assert_eq!(result.assessment.disposition.as_str(), "REVIEW_REQUIRED");
        assert!(!result.hits.is_empty());
        assert!(
            result.assessment.score < result.assessment.score_if_confirmed,
            "an unreviewed hit moves no score"
        );
    }
    let unknown = of("Name Only");
    assert_eq!(unknown.assessment.score, None);
    assert_eq!(unknown.assessment.disposition.as_str(), "INSUFFICIENT_DATA");
    assert!(of("Nordlicht").hits.is_empty());
    for result in &results {
        for factor in &result.factors {
            assert!(!factor.evidence.is_empty(), "no point without a citation");
        }
    }
}

#[tokio::test]
async fn a_stored_screening_replays_to_the_same_bytes() {
    for test in databases().await {
        let database = test.open().await;
        let screened = screen_list(&database, LIST.as_bytes()).await.unwrap();
        let replayed = replay(&database, screened.id).await.unwrap();
        assert!(replayed.same_bytes(), "{replayed:?}");
        assert_eq!(replayed.stored_sha256, screened.result_sha256);
    }
}

#[tokio::test]
async fn an_altered_result_is_found_by_replay_and_by_the_trail() {
    for test in databases().await {
        let database = test.open().await;
        let screened = screen_list(&database, LIST.as_bytes()).await.unwrap();
        verify_trail(&database, None).await.unwrap();
        // A lower score for row 3, put in behind the program's back.
        let raw = test.raw().await;
        raw.execute_unprepared(
            "UPDATE assessments SET detail = (SELECT detail FROM assessments WHERE row = 4) WHERE row = 3",
        )
        .await
        .unwrap();
        let replayed = replay(&database, screened.id).await.unwrap();
        assert_eq!(replayed.first_difference, Some(Difference::Supplier(3)));
        assert!(!replayed.same_bytes());
        assert!(matches!(
            verify_trail(&database, None).await,
            Err(VerifyError::Altered { .. })
        ));
    }
}

#[tokio::test]
async fn a_flipped_byte_of_any_stored_event_is_detected() {
    for test in databases().await {
        let database = test.open().await;
        screen_list(&database, LIST.as_bytes()).await.unwrap();
        let raw = test.raw().await;
        for number in event_numbers(&raw).await {
            for column in ["at", "kind", "subject", "body", "hash"] {
                let before = text(&raw, column, number).await;
                // The first, a middle and the last byte.
                for place in [0, before.len() / 2, before.len() - 1] {
                    let mut bytes = before.clone().into_bytes();
                    bytes[place] ^= 1;
                    let Ok(after) = String::from_utf8(bytes) else {
                        continue;
                    };
                    set_text(&raw, column, number, &after).await;
                    let found = verify_trail(&database, None).await;
                    assert!(
                        matches!(found, Err(VerifyError::Broken(_))),
                        "event {number}, {column}, byte {place}: {found:?}"
                    );
                    set_text(&raw, column, number, &before).await;
                }
            }
        }
        verify_trail(&database, None).await.unwrap();
    }
}

/// Every change behind the program's back that would mislead somebody.
#[tokio::test]
async fn no_stored_row_can_change_unnoticed() {
    for change in [
        "UPDATE screenings SET head = REPLACE(head, '\"held\":85', '\"held\":144')",
        "UPDATE screenings SET totals = REPLACE(totals, 'REVIEW_REQUIRED', 'HOLD')",
        "UPDATE screenings SET as_of = '2020-01-01'",
        "UPDATE assessments SET score = 1 WHERE row = 2",
        "UPDATE assessments SET score = 1 WHERE row = 8",
        "UPDATE assessments SET tier = 'Low'",
        "UPDATE assessments SET disposition = 'ROUTINE_MONITORING'",
        "UPDATE assessments SET coverage = 100",
        "UPDATE suppliers SET name = 'Somebody Else' WHERE row = 2",
        "UPDATE suppliers SET record = '{}' WHERE row = 2",
        "UPDATE suppliers SET country = 'DE'",
        "UPDATE hits SET similarity = 1",
        "UPDATE hits SET listed_name = 'Somebody Else'",
        "DELETE FROM hits",
        "UPDATE list_snapshots SET head = '{}'",
        "UPDATE list_snapshots SET edition = '2099'",
        "UPDATE supplier_lists SET rows_rejected = 0",
        "UPDATE supplier_lists SET file_name = 'other.csv'",
        "UPDATE supplier_lists SET options = '{}'",
        "UPDATE documents SET body = (SELECT body FROM documents ORDER BY sha256 LIMIT 1)",
        "DELETE FROM audit_events WHERE number > 6",
    ] {
        for test in databases().await {
            let database = test.open().await;
            screen_list(&database, LIST.as_bytes()).await.unwrap();
            verify_trail(&database, None).await.unwrap();
            test.raw().await.execute_unprepared(change).await.unwrap();
            let found = verify_trail(&database, None).await;
            assert!(
                matches!(
                    found,
                    Err(VerifyError::Altered { .. } | VerifyError::NotRecorded { .. })
                ),
                "{change}: {found:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_removed_event_and_a_cut_off_end_are_named() {
    for test in databases().await {
        let database = test.open().await;
        let screened = screen_list(&database, LIST.as_bytes()).await.unwrap();
        let raw = test.raw().await;
        let last = screened.chain_head.number;
        raw.execute_unprepared(&format!("DELETE FROM audit_events WHERE number = {last}"))
            .await
            .unwrap();
        // The rest is a whole chain, but the screening is there without its event;
        // were it removed too, only a head kept outside would tell.
        assert!(matches!(
            verify_trail(&database, None).await,
            Err(VerifyError::NotRecorded {
                what: "screenings",
                ..
            })
        ));
        assert!(matches!(
            verify_trail(&database, Some(screened.chain_head)).await,
            Err(VerifyError::Broken(Broken::CutOff { expected, found }))
                if expected == last && found == last - 1
        ));
        raw.execute_unprepared("DELETE FROM audit_events WHERE number = 2")
            .await
            .unwrap();
        assert!(matches!(
            verify_trail(&database, None).await,
            Err(VerifyError::Broken(Broken::Missing {
                expected: 2,
                found: 3
            }))
        ));
    }
}

#[tokio::test]
async fn an_unusable_file_leaves_no_trace() {
    for test in databases().await {
        let database = test.open().await;
        for bytes in [
            &b""[..],
            b"Supplier;Country\n",
            b"\x00\x01\x02\x03",
            b"PK\x03\x04 no zip",
        ] {
            let refused = screen_list(&database, bytes).await;
            assert!(
                matches!(refused, Err(ScreenError::Unusable(_))),
                "{bytes:?}"
            );
        }
        let raw = test.raw().await;
        for table in [
            "supplier_lists",
            "suppliers",
            "screenings",
            "assessments",
            "audit_events",
        ] {
            assert_eq!(count(&raw, table).await, 0, "{table}");
        }
    }
}

#[tokio::test]
async fn two_writers_at_once_keep_one_chain() {
    for test in databases().await {
        let first = test.open().await;
        let second = test.open().await;
        let (left, right) = tokio::join!(
            screen_list(&first, LIST.as_bytes()),
            screen_list(&second, LIST.as_bytes())
        );
        let (left, right) = (left.unwrap(), right.unwrap());
        assert_eq!(left.result_sha256, right.result_sha256);
        let verified = verify_trail(&first, None).await.unwrap();
        assert_eq!(verified.results, 10);
        let raw = test.raw().await;
        assert_eq!(
            count(&raw, "list_snapshots").await,
            6,
            "the reference snapshot is kept once"
        );
    }
}

#[tokio::test]
async fn the_file_alone_is_the_whole_database() {
    let test = sqlite();
    let database = test.open().await;
    screen_list(&database, LIST.as_bytes()).await.unwrap();
    database.close().await.unwrap();
    assert!(!Path::new(&test.folder.path().join("test.db-wal")).exists());
}

async fn event_numbers(raw: &sea_orm::DatabaseConnection) -> Vec<i64> {
    query::<i64>(raw, "SELECT number FROM audit_events ORDER BY number").await
}

async fn count(raw: &sea_orm::DatabaseConnection, table: &str) -> i64 {
    query::<i64>(raw, &format!("SELECT COUNT(*) FROM {table}"))
        .await
        .remove(0)
}

async fn text(raw: &sea_orm::DatabaseConnection, column: &str, number: i64) -> String {
    query::<String>(
        raw,
        &format!("SELECT {column} FROM audit_events WHERE number = {number}"),
    )
    .await
    .remove(0)
}

async fn set_text(raw: &sea_orm::DatabaseConnection, column: &str, number: i64, value: &str) {
    let backend = raw.get_database_backend();
    raw.execute_raw(Statement::from_sql_and_values(
        backend,
        format!("UPDATE audit_events SET {column} = $1 WHERE number = {number}"),
        [value.into()],
    ))
    .await
    .unwrap();
}

async fn query<T: TryGetable>(raw: &sea_orm::DatabaseConnection, sql: &str) -> Vec<T> {
    let backend = raw.get_database_backend();
    raw.query_all_raw(Statement::from_string(backend, sql))
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}

//! One supplier, while the caller waits.

use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::json;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{
    ground::{GroundError, Grounds},
    read::{self, JSON_FILE, SupplierRecord},
    recorder::{Finished, RecordError, Recorder},
    recording::{Recording, UnfinishedResult, assessed, finished_details},
};
use crate::{
    audit::{Event, EventKind, NotCanonical, canonical_bytes, canonical_text, sha256_hex},
    clock::{Clock, Timestamp},
    due_diligence::Ground,
    intake::{IntakeOptions, SupplierList, Unusable},
    organization::OrganizationId,
    store::{
        Database,
        assessments::{StoredAssessment, StoredDetail},
        documents::Packed,
        new_id,
        screenings::{Finish, NewScreening},
        supplier_lists::StoredList,
    },
};

/// Nothing was recorded, and why.
#[derive(Debug, thiserror::Error)]
pub enum ScreenOneError {
    /// The record is no supplier; `pointer` says which part of it.
    #[error("{reason}")]
    Rejected {
        pointer: &'static str,
        reason: String,
    },
    #[error(transparent)]
    Unusable(#[from] Unusable),
    #[error(transparent)]
    Ground(#[from] GroundError),
    #[error("the result cannot be written in canonical form")]
    NotCanonical(#[from] NotCanonical),
    #[error(transparent)]
    Unfinished(#[from] UnfinishedResult),
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("the screening stopped before its end")]
    Stopped(#[from] tokio::task::JoinError),
}

/// One supplier's screening as recorded.
#[derive(Debug)]
pub struct ScreenedOne {
    /// Of the result as one canonical JSON document.
    pub result_sha256: String,
    pub assessment: StoredAssessment,
}

/// What screening one supplier needs beside the lists.
#[derive(Debug, Clone)]
pub struct OneByOne {
    recorder: Recorder,
    /// Screenings computed at once: more only take turns at the cores.
    cores: Arc<Semaphore>,
}

impl OneByOne {
    /// Begins to record for the database.
    pub fn start(database: Database) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            recorder: Recorder::start(database),
            cores: Arc::new(Semaphore::new(cores)),
        }
    }
}

/// Screens one record like a list of one: the same rules, the same trail, and
/// it can be replayed.
pub async fn screen_one(
    database: &Database,
    clock: &dyn Clock,
    grounds: &Grounds,
    one_by_one: &OneByOne,
    actor: String,
    record: SupplierRecord,
    as_of: NaiveDate,
) -> Result<ScreenedOne, ScreenOneError> {
    let now = clock.now();
    grounds
        .keep_policy(database, now)
        .await
        .map_err(GroundError::from)?;
    let ground = grounds.current(database, as_of).await?;
    let organization = database.organization();
    let turn = Arc::clone(&one_by_one.cores).acquire_owned().await;
    let (finished, screened) = tokio::task::spawn_blocking(move || {
        let computed = compute(&ground, organization, &actor, &record, now);
        drop(turn);
        computed
    })
    .await??;
    one_by_one.recorder.record(finished).await?;
    Ok(screened)
}

/// Reads the record as intake reads a list of one.
pub(super) fn read_one(record: &SupplierRecord) -> Result<ReadOne, ScreenOneError> {
    let bytes = canonical_bytes(record)?;
    let options = IntakeOptions::default();
    let list = read::supplier_list(JSON_FILE, &bytes, &options)?;
    if let Some(rejected) = list.rejected.first() {
        let about_name = rejected
            .column
            .as_deref()
            .is_none_or(|column| column.contains("\"name\""));
        return Err(ScreenOneError::Rejected {
            pointer: if about_name {
                "/supplier/name"
            } else {
                "/supplier"
            },
            reason: format!("{}: {}", rejected.reason, rejected.fix),
        });
    }
    Ok(ReadOne {
        bytes,
        options,
        list,
    })
}

/// A record read as a list of one.
pub(super) struct ReadOne {
    bytes: Vec<u8>,
    options: IntakeOptions,
    pub(super) list: SupplierList,
}

fn compute(
    ground: &Ground,
    organization: OrganizationId,
    actor: &str,
    record: &SupplierRecord,
    now: Timestamp,
) -> Result<(Finished, ScreenedOne), ScreenOneError> {
    let ReadOne {
        bytes,
        options,
        list,
    } = read_one(record)?;
    let event = |kind, subject: Uuid, details| Event {
        at: now,
        actor: actor.to_owned(),
        kind,
        subject: subject.to_string(),
        details,
    };
    let document = Packed::new(&bytes, "application/json");
    let head = ground.head(JSON_FILE, &document.sha256, &list);
    let head_text = canonical_text(&head)?;
    let stored_list = StoredList {
        id: new_id(now),
        file_name: JSON_FILE.to_owned(),
        document_sha256: document.sha256.clone(),
        options: canonical_text(&options)?,
    };
    let received = json!({
        "file": head.input.file,
        "sha256": document.sha256,
        "rows": head.input.rows,
        "options_sha256": sha256_hex(stored_list.options.as_bytes()),
    });
    let screening = NewScreening {
        id: new_id(now),
        supplier_list_id: stored_list.id,
        as_of: head.as_of,
        head: head_text,
        started_at: now,
    };
    let mut recording = Recording::begin(stored_list.id, screening.id, &screening.head)
        .map_err(UnfinishedResult::from)?;
    let assessed = list
        .suppliers
        .iter()
        .map(|row| assessed(ground, row))
        .collect::<Result<Vec<_>, _>>()?;
    let detail = assessed.first().map(|one| one.detail.clone());
    let rows = recording
        .take(assessed, actor, now)
        .map_err(UnfinishedResult::from)?;
    let whole = recording.finish()?;
    let (Some(detail), Some(result)) = (detail, rows.results.first()) else {
        return Err(ScreenOneError::Rejected {
            pointer: "/supplier",
            reason: "there is no supplier in it".to_owned(),
        });
    };
    let screened = ScreenedOne {
        result_sha256: whole.result_sha256.clone(),
        assessment: StoredAssessment {
            screening_id: screening.id,
            supplier_id: result.supplier_id,
            revision: result.revision,
            score: result.assessment.score.map(i16::from),
            tier: result.assessment.tier.as_str().to_owned(),
            disposition: result.assessment.disposition.as_str().to_owned(),
            coverage: result.assessment.coverage.into(),
            stored: StoredDetail {
                id: result.id,
                row: result.row,
                detail,
                detail_sha256: result.detail_sha256.clone(),
            },
        },
    };
    let details = finished_details(stored_list.id, &head, &whole.totals, &whole.result_sha256);
    let finished = Finished {
        organization,
        document,
        first_event: event(EventKind::SupplierListReceived, stored_list.id, received),
        last_event: event(EventKind::ScreeningFinished, screening.id, details),
        list: stored_list,
        list_rows: list.rows,
        screening,
        finish: Finish {
            totals: whole.totals_text,
            result_sha256: whole.result_sha256,
            finished_at: now,
        },
        rows,
    };
    Ok((finished, screened))
}

//! A supplier file to scored, explained and recorded suppliers.

use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::{
    lists::{self, ListsError},
    policy::{self, KeptPolicyError},
    recording::{Recording, UnfinishedResult, Whole, assess_in_background, finished_details},
};
use crate::{
    audit::{ChainHead, Event, EventKind, NotCanonical, canonical_text, sha256_hex},
    clock::Clock,
    due_diligence::Ground,
    intake::{IntakeOptions, SupplierList, Unusable},
    report::{Head, Totals},
    store::{Database, StoreError, documents, new_id, screenings, supplier_lists, trail},
};

/// Suppliers assessed and stored at once.
const CHUNK: usize = 1_000;

/// What is to be screened.
#[derive(Debug)]
pub struct Request {
    pub file_name: String,
    pub bytes: Vec<u8>,
    pub options: IntakeOptions,
    pub as_of: NaiveDate,
    pub actor: String,
}

/// A screening that is recorded.
#[derive(Debug)]
pub struct Screened {
    pub id: Uuid,
    pub head: Head,
    pub totals: Totals,
    /// Of the result as one canonical JSON document.
    pub result_sha256: String,
    pub chain_head: ChainHead,
}

/// How far a screening has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    Reading,
    /// Suppliers assessed so far, of how many.
    Assessing(usize, usize),
    Recording,
}

/// Nothing was recorded, and why.
#[derive(Debug, thiserror::Error)]
pub enum ScreenError {
    #[error(transparent)]
    Unusable(#[from] Unusable),
    #[error(transparent)]
    Lists(#[from] ListsError),
    #[error(transparent)]
    Policy(#[from] KeptPolicyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the result cannot be written in canonical form")]
    NotCanonical(#[from] NotCanonical),
    #[error(transparent)]
    Unfinished(#[from] UnfinishedResult),
    #[error("the screening stopped before its end")]
    Stopped(#[from] tokio::task::JoinError),
}

/// Reads, screens, assesses and records the whole file in one transaction: a
/// screening is there as a whole or not at all.
pub async fn screen(
    database: &Database,
    clock: &dyn Clock,
    request: Request,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Screened, ScreenError> {
    progress(Progress::Reading);
    let request = Arc::new(request);
    let reading = Arc::clone(&request);
    let list = tokio::task::spawn_blocking(move || {
        super::read::supplier_list(&reading.file_name, &reading.bytes, &reading.options)
    })
    .await??;

    let in_force = lists::in_force(database, clock, &request.actor, request.as_of).await?;
    let policy = policy::in_use(database.connection()).await?;
    let ground = Ground::new(&in_force, policy.model, policy.vocabulary, request.as_of);
    record(database, clock, &request, list, Arc::new(ground), progress).await
}

/// Assesses and records a list that has been read, in one transaction.
async fn record(
    database: &Database,
    clock: &dyn Clock,
    request: &Request,
    list: SupplierList,
    ground: Arc<Ground>,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Screened, ScreenError> {
    let sha256 = sha256_hex(&request.bytes);
    let head = ground.head(&request.file_name, &sha256, &list);

    let transaction = database.begin_write().await?;
    let started_at = clock.now();
    let list_id = new_id(started_at);
    let id = new_id(started_at);
    documents::keep(
        &transaction,
        &request.bytes,
        "application/octet-stream",
        started_at,
    )
    .await?;
    super::policy::keep(&transaction, started_at).await?;
    let stored_list = supplier_lists::StoredList {
        id: list_id,
        file_name: request.file_name.clone(),
        document_sha256: sha256.clone(),
        options: canonical_text(&request.options)?,
    };
    supplier_lists::insert(&transaction, &stored_list, Some(list.rows), started_at).await?;
    let total = list.suppliers.len();
    let head_text = canonical_text(&head)?;
    screenings::begin(
        &transaction,
        screenings::NewScreening {
            id,
            supplier_list_id: list_id,
            as_of: request.as_of,
            head: head_text.clone(),
            started_at,
        },
    )
    .await?;
    let event = |at, kind, subject: String, details| Event {
        at,
        actor: request.actor.clone(),
        kind,
        subject,
        details,
    };
    trail::append(
        &transaction,
        vec![event(
            started_at,
            EventKind::SupplierListReceived,
            list_id.to_string(),
            json!({
                "file": head.input.file,
                "sha256": sha256,
                "rows": head.input.rows,
                "options_sha256": sha256_hex(stored_list.options.as_bytes()),
            }),
        )],
    )
    .await?;

    let mut recording =
        Recording::begin(list_id, id, &head_text).map_err(UnfinishedResult::from)?;
    let (worker, mut chunks) = assess_in_background(ground, list, 0, CHUNK);
    while let Some(chunk) = chunks.recv().await {
        let rows = recording
            .take(chunk?, &request.actor, clock.now())
            .map_err(UnfinishedResult::from)?;
        rows.write(&transaction).await?;
        progress(Progress::Assessing(recording.done() as usize, total));
    }
    worker.await?;

    progress(Progress::Recording);
    let Whole {
        totals,
        totals_text,
        result_sha256,
    } = recording.finish()?;
    let finished_at = clock.now();
    screenings::finish(
        &transaction,
        id,
        screenings::Finish {
            totals: totals_text,
            result_sha256: result_sha256.clone(),
            finished_at,
        },
    )
    .await?;
    let chain_head = trail::append(
        &transaction,
        vec![event(
            finished_at,
            EventKind::ScreeningFinished,
            id.to_string(),
            finished_details(list_id, &head, &totals, &result_sha256),
        )],
    )
    .await?;
    transaction.commit().await?;
    metrics::counter!("plimsoll_screenings_total").increment(1);
    Ok(Screened {
        id,
        head,
        totals,
        result_sha256,
        chain_head,
    })
}

//! A supplier file to scored, explained and recorded suppliers.

use std::{io, sync::Arc};

use chrono::NaiveDate;
use rayon::prelude::*;
use serde_json::json;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::{
    lists::{self, ListsError},
    outbox,
    policy::{Policy, PolicyError},
};
use crate::{
    audit::{
        ChainHead, Event, EventKind, HashWriter, NotCanonical, canonical_bytes, canonical_text,
        sha256_hex,
    },
    clock::{Clock, Timestamp},
    due_diligence::{Ground, assess_supplier},
    intake::{IntakeOptions, SupplierList, SupplierRow, Unusable},
    report::{DocumentWriter, Head, SupplierResult, Totals},
    screening::Band,
    store::{
        Database, StoreError, assessments, documents, new_id, screenings, supplier_lists, trail,
    },
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
    Policy(#[from] PolicyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the result cannot be written in canonical form")]
    NotCanonical(#[from] NotCanonical),
    #[error("the result cannot be hashed")]
    Hash(#[from] io::Error),
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

    let in_force = lists::in_force(database, clock, &request.actor).await?;
    let policy = Policy::shipped()?;
    let ground = Ground::new(&in_force, policy.model, policy.vocabulary, request.as_of);
    record(database, clock, &request, list, Arc::new(ground), progress).await
}

/// Assesses and records a list that has been read, in one transaction.
pub(super) async fn record(
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

    let total = list.suppliers.len();
    let mut document = DocumentWriter::begin(HashWriter::default(), &head_text)?;
    let mut totals = Totals::default();
    let mut done = 0;
    let (worker, mut chunks) = assess_in_background(ground, list, 0, CHUNK);
    while let Some(chunk) = chunks.recv().await {
        let now = clock.now();
        let mut suppliers = Vec::with_capacity(CHUNK);
        let mut results = Vec::with_capacity(CHUNK);
        let mut events = Vec::with_capacity(CHUNK);
        for assessed in chunk? {
            document.push(&assessed.detail)?;
            totals.count(&assessed.result);
            let (supplier, result) = records(assessed, now);
            events.push(event(
                now,
                EventKind::SupplierAssessed,
                result.id.to_string(),
                assessed_details(id, &supplier, &result),
            ));
            suppliers.push(supplier);
            results.push(result);
        }
        done += results.len();
        outbox::announce(&transaction, &hits_found(id, &results), clock.now()).await?;
        supplier_lists::insert_suppliers(&transaction, list_id, suppliers).await?;
        assessments::insert(&transaction, id, results).await?;
        trail::append(&transaction, events).await?;
        progress(Progress::Assessing(done, total));
    }
    worker.await?;

    progress(Progress::Recording);
    let totals_text = canonical_text(&totals)?;
    let result_sha256 = document.finish(&totals_text)?.finish();
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

/// One supplier's result with the bytes that are hashed and stored.
#[derive(Debug)]
pub(super) struct Assessed {
    pub(super) result: SupplierResult,
    /// The result in canonical JSON.
    pub(super) detail: Vec<u8>,
    pub(super) detail_sha256: String,
    deflated_detail: Vec<u8>,
    /// The supplier in canonical JSON.
    record: String,
}

pub(super) fn assessed(ground: &Ground, row: &SupplierRow) -> Result<Assessed, NotCanonical> {
    let result = assess_supplier(ground, row);
    let detail = canonical_bytes(&result)?;
    Ok(Assessed {
        detail_sha256: sha256_hex(&detail),
        deflated_detail: documents::deflate(&detail),
        detail,
        record: canonical_text(&row.supplier)?,
        result,
    })
}

pub(super) type Chunk = Result<Vec<Assessed>, NotCanonical>;

/// Assesses all suppliers but the first `skip`, on all cores, in the order of the
/// file, at most two chunks ahead of whoever records them.
pub(super) fn assess_in_background(
    ground: Arc<Ground>,
    list: SupplierList,
    skip: usize,
    chunk: usize,
) -> (tokio::task::JoinHandle<()>, mpsc::Receiver<Chunk>) {
    let (sender, receiver) = mpsc::channel(1);
    let worker = tokio::task::spawn_blocking(move || {
        for rows in list.suppliers.get(skip..).unwrap_or_default().chunks(chunk) {
            let chunk = rows.par_iter().map(|row| assessed(&ground, row)).collect();
            if sender.blocking_send(chunk).is_err() {
                // Whoever records has given up; there is nobody to tell.
                return;
            }
        }
    });
    (worker, receiver)
}

/// What the trail says of a screening's end, whoever ran it.
pub(super) fn finished_details(
    supplier_list: Uuid,
    head: &Head,
    totals: &Totals,
    result_sha256: &str,
) -> serde_json::Value {
    let snapshots: Vec<_> = head.snapshots.iter().map(|list| &list.sha256).collect();
    json!({
        "supplier_list": supplier_list,
        "as_of": head.as_of,
        "engine": head.engine,
        "model": head.model,
        "snapshots": snapshots,
        "totals": totals,
        "result_sha256": result_sha256,
    })
}

/// What the trail says of one assessment.
pub(super) fn assessed_details(
    screening: Uuid,
    supplier: &supplier_lists::StoredSupplier,
    result: &assessments::StoredResult,
) -> serde_json::Value {
    json!({
        "screening": screening,
        "supplier": result.supplier_id,
        "row": result.row,
        "score": result.assessment.score,
        "tier": result.assessment.tier,
        "disposition": result.assessment.disposition,
        "detail_sha256": result.detail_sha256,
        "supplier_sha256": sha256_hex(supplier.record.as_bytes()),
    })
}

/// What organizations are told of the hits among results.
pub(super) fn hits_found(
    screening: Uuid,
    results: &[assessments::StoredResult],
) -> outbox::Announcement {
    let waiting = results
        .iter()
        .flat_map(|result| &result.hits)
        .filter(|(_, hit)| hit.band != Band::Logged)
        .map(|(id, _)| *id);
    outbox::Announcement::HitsFound {
        screening,
        hits: waiting.collect(),
    }
}

pub(super) fn records(
    assessed: Assessed,
    now: Timestamp,
) -> (supplier_lists::StoredSupplier, assessments::StoredResult) {
    let Assessed {
        result,
        detail: _,
        detail_sha256,
        deflated_detail,
        record,
    } = assessed;
    let supplier = supplier_lists::StoredSupplier {
        id: new_id(now),
        row: result.row,
        name: result.name,
        country: result.country.map(|country| country.to_string()),
        record,
    };
    let stored = assessments::StoredResult {
        id: new_id(now),
        supplier_id: supplier.id,
        row: result.row,
        revision: 0,
        assessment: result.assessment,
        hits: result
            .hits
            .into_iter()
            .map(|found| (new_id(now), found.hit))
            .collect(),
        deflated_detail,
        detail_sha256,
    };
    (supplier, stored)
}

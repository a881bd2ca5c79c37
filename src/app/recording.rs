//! A screening as it grows: suppliers assessed, their rows and events, the hash
//! of the whole. One for every way in: the command line, the queue, one
//! supplier while the caller waits.

use std::{io, sync::Arc};

use rayon::prelude::*;
use serde_json::json;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::outbox;
use crate::{
    audit::{
        Event, EventKind, HashWriter, NotCanonical, canonical_bytes, canonical_text, sha256_hex,
    },
    clock::Timestamp,
    due_diligence::{Ground, assess_supplier},
    intake::{SupplierList, SupplierRow},
    report::{DocumentWriter, Head, SupplierResult, Totals},
    store::{
        Connection, Scoped, StoreError,
        assessments::{self, StoredResult},
        documents, new_id,
        supplier_lists::{self, StoredSupplier},
        trail,
    },
};

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
    external_id: Option<String>,
}

pub(super) fn assessed(ground: &Ground, row: &SupplierRow) -> Result<Assessed, NotCanonical> {
    let result = assess_supplier(ground, row);
    let detail = canonical_bytes(&result)?;
    Ok(Assessed {
        detail_sha256: sha256_hex(&detail),
        deflated_detail: documents::deflate(&detail),
        detail,
        record: canonical_text(&row.supplier)?,
        external_id: row.supplier.external_id.clone(),
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
        let mut suppliers = list.suppliers.into_iter().skip(skip);
        loop {
            // Let go of chunk by chunk: what is recorded is needed no more.
            let rows: Vec<_> = suppliers.by_ref().take(chunk).collect();
            if rows.is_empty() {
                return;
            }
            let assessed = rows.par_iter().map(|row| assessed(&ground, row)).collect();
            if sender.blocking_send(assessed).is_err() {
                // Whoever records has given up; there is nobody to tell.
                return;
            }
        }
    });
    (worker, receiver)
}

/// The result of a screening so far.
pub(super) struct Recording {
    list: Uuid,
    screening: Uuid,
    document: DocumentWriter<HashWriter>,
    totals: Totals,
    done: u32,
}

/// What a whole result came to.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) totals: Totals,
    pub(super) totals_text: String,
    /// Of the result as one canonical JSON document.
    pub(super) result_sha256: String,
}

/// What is stored of some suppliers of a screening, and what the trail says of
/// them.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) suppliers: Vec<StoredSupplier>,
    pub(super) results: Vec<StoredResult>,
    pub(super) events: Vec<Event>,
}

impl Recording {
    /// `head_text` is the head of the result in canonical JSON.
    pub(super) fn begin(list: Uuid, screening: Uuid, head_text: &str) -> io::Result<Self> {
        Ok(Self {
            list,
            screening,
            document: DocumentWriter::begin(HashWriter::default(), head_text)?,
            totals: Totals::default(),
            done: 0,
        })
    }

    /// Suppliers so far.
    pub(super) fn done(&self) -> u32 {
        self.done
    }

    /// Counts a result that is stored already, or that is not to be.
    pub(super) fn count(&mut self, result: &SupplierResult, detail: &[u8]) -> io::Result<()> {
        self.document.push(detail)?;
        self.totals.count(result);
        self.done += 1;
        Ok(())
    }

    /// Counts results, in the order of the file, and says what is to be stored
    /// of them.
    pub(super) fn take(
        &mut self,
        assessed: Vec<Assessed>,
        actor: &str,
        now: Timestamp,
    ) -> io::Result<Rows> {
        let mut rows = Rows::default();
        for one in assessed {
            self.count(&one.result, &one.detail)?;
            let (supplier, result) = records(self.list, self.screening, one, now);
            rows.events.push(Event {
                at: now,
                actor: actor.to_owned(),
                kind: EventKind::SupplierAssessed,
                subject: result.id.to_string(),
                details: assessed_details(&supplier, &result),
            });
            rows.suppliers.push(supplier);
            rows.results.push(result);
        }
        Ok(rows)
    }

    pub(super) fn finish(self) -> Result<Whole, UnfinishedResult> {
        let totals_text = canonical_text(&self.totals)?;
        Ok(Whole {
            result_sha256: self.document.finish(&totals_text)?.finish(),
            totals: self.totals,
            totals_text,
        })
    }
}

/// A result cannot be brought to its end.
#[derive(Debug, thiserror::Error)]
pub enum UnfinishedResult {
    #[error("the result cannot be written in canonical form")]
    NotCanonical(#[from] NotCanonical),
    #[error("the result cannot be hashed")]
    Hash(#[from] io::Error),
}

impl Rows {
    /// Stores everything, with its events and what is told of it.
    pub(super) async fn write(
        self,
        transaction: &Scoped<impl Connection>,
    ) -> Result<(), StoreError> {
        let suppliers: Vec<_> = self.suppliers.iter().collect();
        let results: Vec<_> = self.results.iter().collect();
        supplier_lists::insert_suppliers(transaction, &suppliers).await?;
        assessments::insert(transaction, &results).await?;
        if let Some(event) = self.events.first() {
            outbox::announce(transaction, &outbox::hits_found(&results), event.at).await?;
        }
        trail::append(transaction, self.events).await?;
        Ok(())
    }
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
    supplier: &StoredSupplier,
    result: &StoredResult,
) -> serde_json::Value {
    json!({
        "screening": result.screening_id,
        "supplier": result.supplier_id,
        "row": result.row,
        "score": result.assessment.score,
        "tier": result.assessment.tier,
        "disposition": result.assessment.disposition,
        "detail_sha256": result.detail_sha256,
        "supplier_sha256": sha256_hex(supplier.record.as_bytes()),
    })
}

fn records(
    list: Uuid,
    screening: Uuid,
    assessed: Assessed,
    now: Timestamp,
) -> (StoredSupplier, StoredResult) {
    let Assessed {
        result,
        detail: _,
        detail_sha256,
        deflated_detail,
        record,
        external_id,
    } = assessed;
    let supplier = StoredSupplier {
        id: new_id(now),
        supplier_list_id: list,
        row: result.row,
        name: result.name,
        country: result.country.map(|country| country.to_string()),
        record,
        external_id,
    };
    let stored = StoredResult {
        id: new_id(now),
        screening_id: screening,
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

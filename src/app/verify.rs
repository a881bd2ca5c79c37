//! Walking the audit chain, and holding every stored row against it.

use serde_json::Value;
use uuid::Uuid;

use super::{
    export::{self, ExportError},
    verify_disclosures::{
        verify_contractor_check, verify_contractor_decision, verify_statement_reading,
    },
};
use crate::{
    audit::{Broken, ChainHead, EventKind, SealedEvent, Verifier, sha256_hex},
    organization::OrganizationId,
    report::{Head, SupplierResult},
    screening::Band,
    store::{
        Database, StoreError,
        contents::{self, AssessmentRow, Counts, HitRow, SupplierRow},
        documents, told, trail,
    },
};

/// The trail does not hold, or cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error("the audit chain is broken")]
    Broken(#[from] Broken),
    #[error("event {number}: the stored {what} {id} is no longer what was recorded")]
    Altered {
        number: i64,
        what: &'static str,
        id: String,
    },
    #[error("{stored} {what} are stored, but the trail tells of {recorded}")]
    NotRecorded {
        what: &'static str,
        stored: u64,
        recorded: u64,
    },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A trail that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub head: ChainHead,
    /// Stored assessments that are what was recorded.
    pub results: u64,
}

/// Verifies every stored event in order, that the rows each event tells of are
/// what it recorded, and that there is no row that no event tells of. `anchor`
/// is a chain head that was kept outside the database.
pub async fn verify_trail(
    database: &Database,
    anchor: Option<ChainHead>,
) -> Result<Verified, VerifyError> {
    let mut verifier = Verifier::new(anchor);
    let mut recorded = Counts::default();
    let mut after = i64::MIN;
    loop {
        let page = trail::page_after(database.connection(), after).await?;
        let Some(last) = page.last() else { break };
        after = last.number;
        for event in &page {
            verifier.take(event)?;
        }
        verify_page(database, &page, &mut recorded).await?;
    }
    let head = verifier.finish()?;
    let stored = contents::counts(database.connection()).await?;
    for (what, stored, recorded) in [
        (
            "list snapshots",
            stored.list_snapshots,
            recorded.list_snapshots,
        ),
        (
            "supplier lists",
            stored.supplier_lists,
            recorded.supplier_lists,
        ),
        ("suppliers", stored.suppliers, recorded.suppliers),
        ("screenings", stored.screenings, recorded.screenings),
        ("assessments", stored.assessments, recorded.assessments),
        ("hits", stored.hits, recorded.hits),
        ("dispositions", stored.dispositions, recorded.dispositions),
        (
            "versions of suppliers",
            stored.supplier_versions,
            recorded.supplier_versions,
        ),
        (
            "decisions about suppliers",
            stored.supplier_merges,
            recorded.supplier_merges,
        ),
        ("risk models", stored.risk_models, recorded.risk_models),
        (
            "choices of a risk model",
            stored.risk_model_activations,
            recorded.risk_model_activations,
        ),
        (
            "decisions about leads",
            stored.lead_dispositions,
            recorded.lead_dispositions,
        ),
        (
            "statement readings",
            stored.statement_readings,
            recorded.statement_readings,
        ),
        (
            "checks of contractors",
            stored.contractor_checks,
            recorded.contractor_checks,
        ),
        (
            "decisions about contractors",
            stored.contractor_decisions,
            recorded.contractor_decisions,
        ),
    ] {
        if stored != recorded {
            return Err(VerifyError::NotRecorded {
                what,
                stored,
                recorded,
            });
        }
    }
    Ok(Verified {
        head,
        results: recorded.assessments,
    })
}

/// What an event says, read once.
pub(super) struct Told<'a> {
    pub(super) number: i64,
    pub(super) organization: OrganizationId,
    pub(super) actor: String,
    pub(super) subject: &'a str,
    pub(super) id: Option<Uuid>,
    pub(super) details: Value,
}

impl Told<'_> {
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.details.get(key).and_then(Value::as_str)
    }

    pub(super) fn id(&self, key: &str) -> Option<Uuid> {
        Uuid::parse_str(self.text(key)?).ok()
    }

    /// Whether it says just this, or nothing where there is nothing.
    pub(super) fn is(&self, key: &str, value: &Value) -> bool {
        self.details.get(key).unwrap_or(&Value::Null) == value
    }

    /// A decision about a hit adds a revision; supplier and hits are told of
    /// before.
    pub(super) fn is_revision(&self) -> bool {
        self.details.get("because_of").is_some()
    }

    pub(super) fn altered(&self, what: &'static str) -> VerifyError {
        VerifyError::Altered {
            number: self.number,
            what,
            id: self.subject.to_owned(),
        }
    }
}

async fn verify_page(
    database: &Database,
    page: &[SealedEvent],
    recorded: &mut Counts,
) -> Result<(), VerifyError> {
    let mut assessed = Vec::new();
    for event in page {
        let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
        let told = Told {
            number: event.number,
            organization: event.organization,
            actor: body
                .get("actor")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            subject: &event.subject,
            id: Uuid::parse_str(&event.subject).ok(),
            details: body.get("details").cloned().unwrap_or_default(),
        };
        if event.kind == EventKind::SupplierAssessed.code() {
            recorded.assessments += 1;
            if !told.is_revision() {
                recorded.suppliers += 1;
            }
            assessed.push(told);
        } else if event.kind == EventKind::ListSnapshotKept.code() {
            recorded.list_snapshots += 1;
            verify_list_snapshot(database, &told).await?;
        } else if event.kind == EventKind::SupplierListReceived.code() {
            recorded.supplier_lists += 1;
            verify_supplier_list(database, &told).await?;
        } else if event.kind == EventKind::ScreeningFinished.code() {
            recorded.screenings += 1;
            verify_screening(database, &told).await?;
        } else if event.kind == EventKind::SupplierListRead.code() {
            verify_rows(database, &told).await?;
        } else if event.kind == EventKind::HitDisposed.code() {
            recorded.dispositions += 1;
            verify_disposition(database, &told).await?;
        } else if event.kind == EventKind::StatementRead.code() {
            recorded.statement_readings += 1;
            verify_statement_reading(database, &told).await?;
        } else if event.kind == EventKind::ContractorsChecked.code() {
            recorded.contractor_checks += 1;
            verify_contractor_check(database, &told).await?;
        } else if event.kind == EventKind::ContradictionDecided.code() {
            recorded.contractor_decisions += 1;
            verify_contractor_decision(database, &told, &event.at).await?;
        } else {
            verify_told(database, &event.kind, &told, recorded).await?;
        }
    }
    verify_assessments(database, &assessed, recorded).await
}

async fn verify_list_snapshot(database: &Database, told: &Told<'_>) -> Result<(), VerifyError> {
    let connection = database.connection();
    let stored = match told.id {
        Some(id) => contents::list_snapshot(connection, id).await?,
        None => None,
    };
    let holds = stored.as_ref().is_some_and(|row| {
        told.text("source") == Some(&row.source)
            && told.text("edition") == Some(&row.edition)
            && told.text("sha256") == Some(&row.document_sha256)
            && told.text("head_sha256") == Some(&sha256_hex(row.head.as_bytes()))
            && told.text("retrieval_sha256").map(str::to_owned)
                == row
                    .retrieval
                    .as_ref()
                    .map(|text| sha256_hex(text.as_bytes()))
    });
    if !holds {
        return Err(told.altered("list snapshot"));
    }
    verify_document(database, told, told.text("sha256")).await
}

async fn verify_supplier_list(database: &Database, told: &Told<'_>) -> Result<(), VerifyError> {
    let stored = match told.id {
        Some(id) => contents::supplier_list(database.connection(), id).await?,
        None => None,
    };
    let holds = stored.as_ref().is_some_and(|row| {
        told.text("file") == Some(&row.file_name)
            && told.text("sha256") == Some(&row.document_sha256)
            && told.text("options_sha256") == Some(&sha256_hex(row.options.as_bytes()))
            // A job reads it later, and tells of the rows then.
            && (told.details.get("job").is_some() || rows_as_told(told, row.rows))
    });
    if !holds {
        return Err(told.altered("supplier list"));
    }
    verify_document(database, told, told.text("sha256")).await
}

async fn verify_rows(database: &Database, told: &Told<'_>) -> Result<(), VerifyError> {
    let stored = match told.id {
        Some(id) => contents::supplier_list(database.connection(), id).await?,
        None => None,
    };
    if stored.is_some_and(|row| rows_as_told(told, row.rows)) {
        Ok(())
    } else {
        Err(told.altered("supplier list"))
    }
}

fn rows_as_told(told: &Told<'_>, rows: [Option<i32>; 4]) -> bool {
    ["total", "accepted", "rejected", "blank"]
        .iter()
        .zip(rows)
        .all(|(key, count)| {
            let told = told.details.pointer(&format!("/rows/{key}"));
            told.and_then(Value::as_i64) == count.map(i64::from) && count.is_some()
        })
}

async fn verify_disposition(database: &Database, told: &Told<'_>) -> Result<(), VerifyError> {
    let stored = match told.id {
        Some(id) => contents::disposition(database.connection(), id).await?,
        None => None,
    };
    let holds = stored.is_some_and(|row| {
        told.id("supplier") == Some(row.supplier_id)
            && told.id("hit") == Some(row.hit_id)
            && told.text("source") == Some(&row.source)
            && told.text("entry_id") == Some(&row.entry_id)
            && told.text("decision") == Some(&row.decision)
            && told.text("rationale_sha256") == Some(&sha256_hex(row.rationale.as_bytes()))
            && told.actor == row.reviewer
    });
    if holds {
        Ok(())
    } else {
        Err(told.altered("disposition"))
    }
}

/// The kinds whose rows hold just what their events say.
async fn verify_told(
    database: &Database,
    kind: &str,
    told: &Told<'_>,
    recorded: &mut Counts,
) -> Result<(), VerifyError> {
    let connection = database.connection();
    let id = told.id.unwrap_or_default();
    let (what, row) = if kind == EventKind::SupplierKept.code() {
        recorded.supplier_versions += 1;
        let row = told::supplier_version(connection, id).await?;
        ("version of supplier", row)
    } else if kind == EventKind::SuppliersCompared.code() {
        recorded.supplier_merges += 1;
        let row = told::supplier_merge(connection, id).await?;
        ("decision about suppliers", row)
    } else if kind == EventKind::RiskModelDrafted.code() {
        recorded.risk_models += 1;
        verify_document(database, told, told.text("sha256")).await?;
        ("risk model", told::risk_model(connection, id).await?)
    } else if kind == EventKind::RiskModelActivated.code() {
        recorded.risk_model_activations += 1;
        let row = told::risk_model_activation(connection, id).await?;
        ("choice of a risk model", row)
    } else if kind == EventKind::LeadDisposed.code() {
        recorded.lead_dispositions += 1;
        let row = told::lead_disposition(connection, id).await?;
        ("decision about a lead", row)
    } else {
        return Ok(());
    };
    let holds = row.is_some_and(|row| {
        row.actor == told.actor
            && row
                .details
                .as_object()
                .is_some_and(|details| details.iter().all(|(key, value)| told.is(key, value)))
    });
    if holds {
        Ok(())
    } else {
        Err(told.altered(what))
    }
}

/// The whole result is written again and hashed.
async fn verify_screening(database: &Database, told: &Told<'_>) -> Result<(), VerifyError> {
    let stored = match told.id {
        Some(id) => contents::screening(database.connection(), id).await?,
        None => None,
    };
    let expected = told.text("result_sha256");
    let holds = stored.as_ref().is_some_and(|row| {
        row.result_sha256.as_deref() == expected
            && told.text("as_of") == Some(&row.as_of.to_string())
            && told.id("supplier_list") == Some(row.supplier_list_id)
    });
    let (Some(id), true) = (told.id, holds) else {
        return Err(told.altered("screening"));
    };
    let database = &database.of(told.organization);
    let finished = export::find(database, id)
        .await
        .map_err(|_| told.altered("screening"))?;
    match export::each_supplier(database, &finished, |_| {
        Ok::<_, std::convert::Infallible>(())
    })
    .await
    {
        Ok(()) => {}
        Err(ExportError::Store(error)) => return Err(error.into()),
        Err(_) => return Err(told.altered("result of screening")),
    }
    let Head { engine, model, .. } = finished.head;
    for sha256 in [model.sha256, engine.goods_vocabulary_sha256] {
        verify_document(database, told, Some(&sha256)).await?;
    }
    Ok(())
}

pub(super) async fn verify_document(
    database: &Database,
    told: &Told<'_>,
    sha256: Option<&str>,
) -> Result<(), VerifyError> {
    let read = match sha256 {
        Some(sha256) => match documents::read_public(database.connection(), sha256).await {
            Err(StoreError::Missing { .. }) => {
                documents::read(database.of(told.organization).connection(), sha256).await
            }
            read => read,
        },
        None => return Err(told.altered("document of")),
    };
    match read {
        Ok(_) => Ok(()),
        Err(StoreError::Database(error)) => Err(StoreError::Database(error).into()),
        Err(_) => Err(told.altered("document of")),
    }
}

async fn verify_assessments(
    database: &Database,
    told: &[Told<'_>],
    recorded: &mut Counts,
) -> Result<(), VerifyError> {
    let connection = database.connection();
    let ids: Vec<_> = told.iter().filter_map(|told| told.id).collect();
    let supplier_ids: Vec<_> = told.iter().filter_map(|told| told.id("supplier")).collect();
    let assessments = contents::assessments(connection, &ids).await?;
    let suppliers = contents::suppliers(connection, &supplier_ids).await?;
    let hits = contents::hits(connection, &supplier_ids).await?;
    for told in told {
        let result = told
            .id
            .and_then(|id| assessments.get(&id))
            .and_then(|row| assessment_as_told(told, row))
            .ok_or_else(|| told.altered("assessment"))?;
        let supplier_id = told.id("supplier").unwrap_or_default();
        if !suppliers
            .get(&supplier_id)
            .is_some_and(|row| supplier_as_told(told, &result, row))
        {
            return Err(told.altered("supplier of assessment"));
        }
        let expected = waiting_hits(told, &result);
        if !told.is_revision() {
            recorded.hits += expected.len() as u64;
        }
        if hits.get(&supplier_id).map_or(&[][..], Vec::as_slice) != expected {
            return Err(told.altered("hits of assessment"));
        }
    }
    Ok(())
}

/// The result, if its bytes and every column beside them are what was recorded.
fn assessment_as_told(told: &Told<'_>, row: &AssessmentRow) -> Option<SupplierResult> {
    let detail = row.detail.as_ref()?;
    let sha256 = sha256_hex(detail);
    if told.text("detail_sha256") != Some(&sha256) || row.detail_sha256 != sha256 {
        return None;
    }
    let result: SupplierResult = serde_json::from_slice(detail).ok()?;
    let assessment = &result.assessment;
    let same = told.id("screening") == Some(row.screening_id)
        && told.id("supplier") == Some(row.supplier_id)
        && i64::from(row.row) == i64::from(result.row)
        && row.score == assessment.score.map(i16::from)
        && row.range == assessment.range.map(i16::from)
        && row.tier == assessment.tier.as_str()
        && row.disposition == assessment.disposition.as_str()
        && row.coverage == i16::from(assessment.coverage);
    same.then_some(result)
}

fn supplier_as_told(told: &Told<'_>, result: &SupplierResult, row: &SupplierRow) -> bool {
    told.text("supplier_sha256") == Some(&sha256_hex(row.record.as_bytes()))
        && i64::from(row.row) == i64::from(result.row)
        && row.name == result.name
        && row.country == result.country.map(|country| country.to_string())
}

/// The hits that the result says wait in a queue, as rows, sorted.
fn waiting_hits(told: &Told<'_>, result: &SupplierResult) -> Vec<HitRow> {
    let mut waiting: Vec<_> = result
        .hits
        .iter()
        .map(|found| &found.hit)
        .filter(|hit| hit.band != Band::Logged)
        .map(|hit| HitRow {
            screening_id: told.id("screening").unwrap_or_default(),
            source: hit.source.code().to_owned(),
            entry_id: hit.entry_id.clone(),
            listed_name: hit.listed_name.clone(),
            supplier_name: hit.supplier_name.clone(),
            similarity: i32::try_from(hit.similarity.millionths()).unwrap_or(i32::MAX),
            band: hit.band.code().to_owned(),
        })
        .collect();
    waiting.sort();
    waiting
}

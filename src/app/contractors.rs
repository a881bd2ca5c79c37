//! Contractors' files: checked, kept, and checked again after a decision.

use std::{collections::BTreeMap, sync::Arc};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::identity::{Principal, Who};
use crate::{
    audit::{Event, EventKind, NotCanonical, canonical_bytes, canonical_text, sha256_hex},
    clock::{Clock, Timestamp},
    disclosures::contractor::{
        ContractorReport, Desk, DeskError, FileRead, ReportRow,
        ingest::{ReviewRecord, Unreadable},
        report_rows,
    },
    due_diligence::{Ground, assess_contractor},
    report::SupplierResult,
    review::Reviews,
    store::{
        Database, StoreError,
        contractor_checks::{self, StoredCheck, StoredDecision},
        documents, new_id, trail,
    },
};

/// Contractors, and contracts, of one check over the API: each is screened and
/// scored, and the result is kept whole.
const MOST_CHECKED: usize = 10_000;

const MEDIA_TYPE: &str = "application/octet-stream";

/// A file to be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A file by what it was called and its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    pub name: String,
    pub sha256: String,
}

/// Nothing was recorded, and why.
#[derive(Debug, thiserror::Error)]
pub enum ContractorsError {
    #[error("there is no such check")]
    Missing,
    #[error("the check shows no contradiction, record or remedy with this id")]
    NoSuchContradiction,
    #[error("only a person decides about a contradiction, never an API key")]
    OnlyPeople,
    #[error("a rationale has 10 to 4,000 characters: it must be possible to follow it later")]
    NoRationale,
    #[error("a confirmation says what the contractor answered, or since when it has not")]
    NotHeard,
    #[error("{file}: {source}")]
    Unreadable {
        file: String,
        #[source]
        source: Unreadable,
    },
    #[error(
        "the files are about {contractors} contractors and {contracts} contracts, and a check takes {MOST_CHECKED} of each: divide them, or use the command line"
    )]
    TooMany {
        contractors: usize,
        contracts: usize,
    },
    #[error(transparent)]
    Rules(#[from] DeskError),
    #[error("the stored result cannot be read back")]
    Altered(#[from] serde_json::Error),
    #[error("the result cannot be written in canonical form")]
    NotCanonical(#[from] NotCanonical),
    #[error("the check stopped before its end")]
    Stopped(#[from] tokio::task::JoinError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The whole result; it is stored as canonical JSON.
#[derive(Debug, Serialize)]
struct CheckResult {
    files: Vec<FileRead>,
    report: ContractorReport,
    /// The advocate's table, so that it can be given out again as it was.
    rows: Vec<ReportRow>,
    /// In the order of the report's contractors.
    assessments: Vec<SupplierResult>,
}

/// Checks files and records everything in one transaction.
pub async fn check(
    database: &Database,
    clock: &dyn Clock,
    ground: Arc<Ground>,
    actor: &str,
    files: Vec<CheckedFile>,
    as_of: NaiveDate,
) -> Result<StoredCheck, ContractorsError> {
    let decisions = contractor_checks::decisions(database.connection()).await?;
    let made = made(ground, &files, decisions, as_of).await?;
    let now = clock.now();
    let transaction = database.begin_write().await?;
    for file in &files {
        documents::keep(&transaction, &file.bytes, MEDIA_TYPE, now).await?;
    }
    let (stored, event) = keep(&transaction, made, actor, None, now).await?;
    trail::append(&transaction, vec![event]).await?;
    transaction.commit().await?;
    Ok(stored)
}

/// What a person decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Id of the contradiction, of the official record or of its remedy.
    pub contradiction: String,
    pub confirmed: bool,
    pub rationale: String,
    pub contractor_response: Option<String>,
}

/// Records a decision and makes the check again from the files that were kept, in
/// one transaction. The decision holds for every later check of the organization
/// that finds the same.
pub async fn decide(
    database: &Database,
    clock: &dyn Clock,
    ground: Arc<Ground>,
    principal: &Principal,
    check_id: Uuid,
    decided: Decided,
) -> Result<StoredCheck, ContractorsError> {
    let connection = database.connection();
    let before = contractor_checks::find(connection, check_id)
        .await?
        .ok_or(ContractorsError::Missing)?;
    if !matches!(principal.who, Who::User(_)) {
        return Err(ContractorsError::OnlyPeople);
    }
    let rationale = decided.rationale.trim().to_owned();
    if !(10..=4_000).contains(&rationale.chars().count()) {
        return Err(ContractorsError::NoRationale);
    }
    let response = decided
        .contractor_response
        .map(|response| response.trim().to_owned())
        .filter(|response| !response.is_empty() && response.chars().count() <= 4_000);
    if decided.confirmed && response.is_none() {
        return Err(ContractorsError::NotHeard);
    }
    let result: Value =
        serde_json::from_slice(&documents::read(connection, &before.result_sha256).await?)?;
    if !shows(&result, &decided.contradiction) {
        return Err(ContractorsError::NoSuchContradiction);
    }
    let mut files = Vec::new();
    for kept in serde_json::from_str::<Vec<KeptFile>>(&before.files)? {
        files.push(CheckedFile {
            bytes: documents::read(connection, &kept.sha256).await?,
            name: kept.name,
        });
    }
    let now = clock.now();
    let actor = principal.actor();
    let decision = StoredDecision {
        id: new_id(now),
        check_id,
        contradiction: decided.contradiction,
        confirmed: decided.confirmed,
        reviewer: actor.clone(),
        rationale,
        contractor_response: response,
        decided_at: now,
    };
    let mut decisions = contractor_checks::decisions(connection).await?;
    decisions.push(decision.clone());
    // The day of the decision: on an earlier one it had not been made.
    let as_of = before.as_of.max(now.date_naive());
    let made = made(ground, &files, decisions, as_of).await?;
    let transaction = database.begin_write().await?;
    let event = Event {
        at: now,
        actor: actor.clone(),
        kind: EventKind::ContradictionDecided,
        subject: decision.contradiction.clone(),
        details: json!({
            "check": check_id,
            "confirmed": decision.confirmed,
            "rationale_sha256": sha256_hex(decision.rationale.as_bytes()),
            "contractor_response_sha256": decision.contractor_response.as_ref().map(|said| sha256_hex(said.as_bytes())),
        }),
    };
    contractor_checks::decide(&transaction, decision).await?;
    let (stored, checked) = keep(&transaction, made, &actor, Some(check_id), now).await?;
    trail::append(&transaction, vec![event, checked]).await?;
    transaction.commit().await?;
    Ok(stored)
}

/// Whether a stored result shows a contradiction, record or remedy with this id.
fn shows(result: &Value, id: &str) -> bool {
    let each = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let any = |value: &Value, key: &str| each(value, key).iter().any(|one| one["id"] == id);
    each(&result["report"], "contractors")
        .iter()
        .any(|contractor| {
            any(contractor, "records")
                || each(contractor, "records")
                    .iter()
                    .any(|record| any(record, "remedies"))
                || each(contractor, "contracts")
                    .iter()
                    .any(|contract| any(contract, "contradictions"))
        })
}

struct Made {
    as_of: NaiveDate,
    files: Vec<KeptFile>,
    summary: Value,
    result: Vec<u8>,
}

/// The pure part, off the threads that serve.
async fn made(
    ground: Arc<Ground>,
    files: &[CheckedFile],
    decisions: Vec<StoredDecision>,
    as_of: NaiveDate,
) -> Result<Made, ContractorsError> {
    let files = files.to_vec();
    tokio::task::spawn_blocking(move || checked(&ground, &files, decisions, as_of)).await?
}

fn checked(
    ground: &Ground,
    files: &[CheckedFile],
    decisions: Vec<StoredDecision>,
    as_of: NaiveDate,
) -> Result<Made, ContractorsError> {
    let mut desk = Desk::open(as_of)?.without_decisions_in_files();
    for file in files {
        desk.read(&file.name, file.bytes.as_slice(), || Ok(file.bytes.clone()))
            .map_err(|source| ContractorsError::Unreadable {
                file: file.name.clone(),
                source,
            })?;
    }
    let (contractors, contracts) = desk.size();
    if contractors.max(contracts) > MOST_CHECKED {
        return Err(ContractorsError::TooMany {
            contractors,
            contracts,
        });
    }
    desk.decide(decisions.into_iter().map(review).collect());
    let report = desk.report();
    let assessments = report
        .contractors
        .iter()
        .map(|one| assess_contractor(ground, desk.policy(), one, &Reviews::new()))
        .collect();
    let mut by_status: BTreeMap<&str, u64> = BTreeMap::new();
    for contract in report.contractors.iter().flat_map(|one| &one.contracts) {
        *by_status
            .entry(contract.status.status.as_str())
            .or_default() += 1;
    }
    let summary = json!({
        "contractors": report.contractors.len(),
        "by_status": by_status,
        "read": desk.files().iter().map(|file| file.summary.read).sum::<u64>(),
        "not_read": desk.files().iter().map(|file| file.summary.not_read).sum::<u64>(),
    });
    let result = CheckResult {
        files: desk.files().to_vec(),
        rows: report_rows(&report, false),
        report,
        assessments,
    };
    Ok(Made {
        as_of,
        files: files
            .iter()
            .map(|file| KeptFile {
                name: file.name.clone(),
                sha256: sha256_hex(&file.bytes),
            })
            .collect(),
        summary,
        result: canonical_bytes(&result)?,
    })
}

fn review(decision: StoredDecision) -> ReviewRecord {
    ReviewRecord {
        contradiction: decision.contradiction,
        confirmed: decision.confirmed,
        reviewer: decision.reviewer,
        decided_on: decision.decided_at.date_naive(),
        rationale: decision.rationale,
        contractor_response: decision.contractor_response,
    }
}

async fn keep(
    transaction: &crate::store::Scoped<impl crate::store::Connection>,
    made: Made,
    actor: &str,
    follows: Option<Uuid>,
    now: Timestamp,
) -> Result<(StoredCheck, Event), ContractorsError> {
    let result_sha256 = documents::keep(transaction, &made.result, "application/json", now).await?;
    let stored = StoredCheck {
        id: new_id(now),
        as_of: made.as_of,
        files: canonical_text(&made.files)?,
        summary: canonical_text(&made.summary)?,
        result_sha256,
        follows,
        checked_at: now,
    };
    contractor_checks::insert(transaction, stored.clone()).await?;
    let event = Event {
        at: now,
        actor: actor.to_owned(),
        kind: EventKind::ContractorsChecked,
        subject: stored.id.to_string(),
        details: json!({
            "as_of": stored.as_of,
            "files": made.files,
            "summary": made.summary,
            "result_sha256": stored.result_sha256,
            "follows": follows,
        }),
    };
    Ok((stored, event))
}

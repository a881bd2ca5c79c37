//! Standing suppliers: what the organization knows of a supplier, whatever
//! lists it stands on. Every change is a version that is kept.

use serde_json::json;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::{
    jobs::{self, Submission, SubmitError},
    read::SupplierRecord,
    screen_one::{ScreenOneError, read_one},
};
use crate::{
    audit::{Event, EventKind, canonical_text, sha256_hex},
    clock::{Clock, Timestamp},
    intake::Limits,
    store::{
        Database, StoreError,
        jobs::Job,
        new_id,
        standing_suppliers::{self as stored, StandingSupplier, Version},
        trail,
    },
};

pub const EXTERNAL_ID_CHARS: usize = 200;
const NAME_CHARS: usize = 500;
/// Records read at once when all are screened.
const PAGE: u64 = 1_000;
/// All standing suppliers as one list; the end says how it is read.
const ALL_FILE: &str = "standing-suppliers.ndjson";

/// Which record is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    Id(Uuid),
    ExternalId(String),
}

/// On what condition a record is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// It is not there yet.
    Absent,
    /// Nobody has changed it since that version.
    Version(i32),
    /// It is there, in whatever version.
    Present,
    /// Whatever is there or not: every version is kept.
    Any,
}

/// Nothing was kept, and why.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    #[error("there is no such supplier")]
    Missing,
    #[error("there is a supplier with that external id already")]
    Taken,
    #[error("somebody else has changed it since")]
    Changed,
    #[error("an external id has 1 to {EXTERNAL_ID_CHARS} characters and no control characters")]
    BadExternalId,
    #[error("the record's external id is not the one it is kept under")]
    OtherExternalId,
    #[error("a name has at most {NAME_CHARS} characters")]
    LongName,
    #[error(transparent)]
    Record(#[from] ScreenOneError),
    #[error("the record cannot be written in canonical form")]
    NotCanonical(#[from] crate::audit::NotCanonical),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What keeping a record came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub supplier: StandingSupplier,
    /// As given, in canonical JSON.
    pub record: String,
    pub created: bool,
}

/// Keeps the record as a new version, unless nothing changes.
pub async fn keep(
    database: &Database,
    clock: &dyn Clock,
    actor: &str,
    which: &Which,
    mut record: SupplierRecord,
    active: bool,
    condition: Condition,
) -> Result<Kept, KeepError> {
    if let Which::ExternalId(id) = which {
        let length = id.chars().count();
        // Blanks at the ends would be lost on the way through a spreadsheet.
        if !(1..=EXTERNAL_ID_CHARS).contains(&length)
            || id.trim() != id
            || id.chars().any(char::is_control)
        {
            return Err(KeepError::BadExternalId);
        }
    }
    let transaction = database.begin_write().await?;
    // Two systems that keep the same new supplier at once: one after the other.
    trail::hold(&transaction).await?;
    let known = match which {
        Which::Id(id) => Some(
            stored::find(&transaction, *id)
                .await?
                .ok_or(KeepError::Missing)?,
        ),
        Which::ExternalId(id) => stored::by_external_id(&transaction, id).await?,
    };
    match (&known, condition) {
        (Some(_), Condition::Absent) => return Err(KeepError::Taken),
        (Some(known), Condition::Version(version)) if known.version != version => {
            return Err(KeepError::Changed);
        }
        (None, Condition::Version(_) | Condition::Present) => return Err(KeepError::Changed),
        _ => {}
    }
    let external_id = match (&known, which) {
        (Some(known), _) => known.external_id.clone(),
        (None, Which::ExternalId(id)) => id.clone(),
        (None, Which::Id(_)) => return Err(KeepError::Missing),
    };
    match record.external_id.replace(external_id.clone()) {
        Some(other) if other != external_id => return Err(KeepError::OtherExternalId),
        _ => {}
    }
    let now = clock.now();
    let list = read_one(&record)?.list;
    let supplier = list.suppliers.into_iter().next().map(|row| row.supplier);
    let name = supplier
        .as_ref()
        .map_or_else(|| record.name.clone(), |supplier| supplier.name.clone());
    if name.chars().count() > NAME_CHARS {
        return Err(KeepError::LongName);
    }
    let text = canonical_text(&record)?;
    if let Some(known) = &known {
        let in_force = stored::record(&transaction, known).await?;
        if in_force.record == text && in_force.active == active {
            return Ok(Kept {
                supplier: known.clone(),
                record: text,
                created: false,
            });
        }
    }
    let version = known.as_ref().map_or(1, |known| known.version + 1);
    let kept = StandingSupplier {
        id: known.as_ref().map_or_else(|| new_id(now), |known| known.id),
        external_id,
        name_key: name_key(&name),
        name,
        country: supplier
            .as_ref()
            .and_then(crate::supplier::Supplier::made_in)
            .map(|(country, _)| country.to_string()),
        active,
        version,
        merged_into: known.as_ref().and_then(|known| known.merged_into),
        created_at: known.as_ref().map_or(now, |known| known.created_at),
        // Two changes of one moment would leave an index of them out of date.
        updated_at: known
            .as_ref()
            .map_or(now, |known| later(known.updated_at, now)),
    };
    match &known {
        None => stored::add(&transaction, &kept).await?,
        Some(known) => {
            if !stored::change(&transaction, &kept, known.version).await? {
                return Err(KeepError::Changed);
            }
        }
    }
    let added = Version {
        id: new_id(now),
        standing_supplier_id: kept.id,
        version,
        record: text.clone(),
        active,
        changed_by: actor.to_owned(),
        changed_at: kept.updated_at,
    };
    let told = Event {
        at: now,
        actor: actor.to_owned(),
        kind: EventKind::SupplierKept,
        subject: added.id.to_string(),
        details: json!({
            "supplier": kept.id,
            "version": version,
            "external_id_sha256": sha256_hex(kept.external_id.as_bytes()),
            "record_sha256": sha256_hex(text.as_bytes()),
            "active": active,
        }),
    };
    stored::add_version(&transaction, added).await?;
    trail::append(&transaction, vec![told]).await?;
    transaction.commit().await?;
    Ok(Kept {
        supplier: kept,
        record: text,
        created: known.is_none(),
    })
}

fn later(before: Timestamp, now: Timestamp) -> Timestamp {
    now.max(before + chrono::TimeDelta::microseconds(1))
}

/// A name as it is searched for: without case, width and spare blanks.
pub fn name_key(name: &str) -> String {
    let folded: String = name.nfkc().flat_map(char::to_lowercase).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The record in force, to be screened.
pub async fn record_of(database: &Database, id: Uuid) -> Result<SupplierRecord, StoreError> {
    let connection = database.connection();
    let missing = || StoreError::Missing {
        what: "supplier",
        id: id.to_string(),
    };
    let standing = stored::find(connection, id).await?.ok_or_else(missing)?;
    let version = stored::record(connection, &standing).await?;
    serde_json::from_str(&version.record).map_err(|source| StoreError::Unreadable {
        what: "supplier",
        id: id.to_string(),
        source: source.into(),
    })
}

/// Not all suppliers can be screened, and why.
#[derive(Debug, thiserror::Error)]
pub enum ScreenAllError {
    #[error("no supplier is active")]
    None,
    #[error("the records of all suppliers are more than one list may hold")]
    TooLarge,
    #[error(transparent)]
    Submit(#[from] SubmitError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Queues a screening of every active supplier, each on its own, also those
/// that were merged: no name and no identifier is left out.
pub async fn screen_all(
    database: &Database,
    clock: &dyn Clock,
    actor: &str,
    as_of: Option<chrono::NaiveDate>,
    idempotency_key: Option<String>,
) -> Result<Job, ScreenAllError> {
    let mut bytes = Vec::new();
    let mut after = None;
    let limits = Limits::default();
    let mut count = 0_u32;
    loop {
        let page = stored::active_records_after(database.connection(), after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(last.id);
        for (_, record) in page {
            bytes.extend_from_slice(record.as_bytes());
            bytes.push(b'\n');
            count += 1;
        }
        if bytes.len() as u64 > limits.file_bytes || count >= limits.rows {
            return Err(ScreenAllError::TooLarge);
        }
    }
    if bytes.is_empty() {
        return Err(ScreenAllError::None);
    }
    let submission = Submission {
        file_name: ALL_FILE.to_owned(),
        bytes,
        as_of,
        idempotency_key,
    };
    Ok(jobs::submit(database, clock, actor, submission).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_searched_without_case_width_and_blanks() {
        assert_eq!(
            name_key("  Ｈoshine\tSILICON  (Shanshan) "),
            "hoshine silicon (shanshan)"
        );
    }
}

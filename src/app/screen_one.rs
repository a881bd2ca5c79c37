//! One supplier, while the caller waits.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{
    ground::{GroundError, Grounds},
    read::{self, JSON_FILE, SupplierRecord},
    screen::{self, Request, ScreenError, Screened},
};
use crate::{
    audit::canonical_bytes,
    clock::Clock,
    intake::{IntakeOptions, SupplierList},
    store::Database,
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
    Ground(#[from] GroundError),
    #[error(transparent)]
    Screen(#[from] ScreenError),
}

/// Screens one record like a list of one: the same rules, the same trail, and
/// it can be replayed.
pub async fn screen_one(
    database: &Database,
    clock: &dyn Clock,
    grounds: &Grounds,
    actor: String,
    record: &SupplierRecord,
    as_of: NaiveDate,
) -> Result<Screened, ScreenOneError> {
    let (request, list) = read_one(record, as_of, actor)?;
    let ground = grounds.current(database, as_of).await?;
    Ok(screen::record(
        database,
        clock,
        &request,
        list,
        Arc::clone(&ground),
        &|_| {},
    )
    .await?)
}

/// Reads the record as intake reads a list of one.
pub(super) fn read_one(
    record: &SupplierRecord,
    as_of: NaiveDate,
    actor: String,
) -> Result<(Request, SupplierList), ScreenOneError> {
    let bytes = canonical_bytes(record).map_err(ScreenError::from)?;
    let request = Request {
        file_name: JSON_FILE.to_owned(),
        bytes,
        options: IntakeOptions::default(),
        as_of,
        actor,
    };
    let list = read::supplier_list(&request.file_name, &request.bytes, &request.options)
        .map_err(ScreenError::from)?;
    if let Some(rejected) = list.rejected.first() {
        let about_name = rejected
            .column
            .as_deref()
            .is_none_or(|column| column.contains("supplier name"));
        return Err(ScreenOneError::Rejected {
            pointer: if about_name {
                "/supplier/name"
            } else {
                "/supplier"
            },
            reason: format!("{}: {}", rejected.reason, rejected.fix),
        });
    }
    Ok((request, list))
}

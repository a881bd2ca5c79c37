//! Walking the audit chain, and the stored results that it binds.

use serde_json::Value;
use uuid::Uuid;

use crate::{
    audit::{Broken, ChainHead, EventKind, SealedEvent, Verifier, sha256_hex},
    store::{Database, StoreError, assessments, trail},
};

/// The trail does not hold, or cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error("the audit chain is broken")]
    Broken(#[from] Broken),
    #[error("event {number}: the stored assessment {id} is no longer what was recorded")]
    Result { number: i64, id: String },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A trail that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub head: ChainHead,
    /// Stored results whose bytes are those recorded.
    pub results: u64,
}

/// Verifies every stored event in order, and for every assessment that the
/// stored bytes are those the event recorded. `anchor` is a chain head that was
/// kept outside the database.
pub async fn verify_trail(
    database: &Database,
    anchor: Option<ChainHead>,
) -> Result<Verified, VerifyError> {
    let mut verifier = Verifier::new(anchor);
    let mut after = i64::MIN;
    let mut results = 0;
    loop {
        let page = trail::page_after(database.connection(), after).await?;
        let Some(last) = page.last() else {
            return Ok(Verified {
                head: verifier.finish()?,
                results,
            });
        };
        after = last.number;
        for event in &page {
            verifier.take(event)?;
        }
        results += verify_results(database, &page).await?;
    }
}

async fn verify_results(database: &Database, page: &[SealedEvent]) -> Result<u64, VerifyError> {
    let recorded: Vec<_> = page
        .iter()
        .filter(|event| event.kind == EventKind::SupplierAssessed.code())
        .collect();
    let ids: Vec<_> = recorded
        .iter()
        .filter_map(|event| Uuid::parse_str(&event.subject).ok())
        .collect();
    let stored = assessments::details(database.connection(), &ids).await?;
    let mut results = 0;
    for event in recorded {
        let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
        let expected = body
            .pointer("/details/detail_sha256")
            .and_then(Value::as_str);
        let holds = Uuid::parse_str(&event.subject)
            .ok()
            .and_then(|id| stored.get(&id))
            .is_some_and(|detail| {
                let actual = detail.as_deref().map(sha256_hex);
                actual.is_some() && actual.as_deref() == expected
            });
        if !holds {
            return Err(VerifyError::Result {
                number: event.number,
                id: event.subject.clone(),
            });
        }
        results += 1;
    }
    Ok(results)
}

//! Walking the audit chain.

use crate::{
    audit::{Broken, ChainHead, Verifier},
    store::{Database, StoreError, trail},
};

/// The chain does not hold, or cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error("the audit chain is broken")]
    Broken(#[from] Broken),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Verifies every stored event in order; `anchor` is a chain head that was kept
/// outside the database. Returns the head reached.
pub async fn verify_trail(
    database: &Database,
    anchor: Option<ChainHead>,
) -> Result<ChainHead, VerifyError> {
    let mut verifier = Verifier::new(anchor);
    let mut after = i64::MIN;
    loop {
        let page = trail::page_after(database.connection(), after).await?;
        let Some(last) = page.last() else {
            return Ok(verifier.finish()?);
        };
        after = last.number;
        for event in &page {
            verifier.take(event)?;
        }
    }
}

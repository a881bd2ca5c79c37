//! How many servers share one database, so that what they allow together is
//! what one alone would.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    clock::Timestamp,
    store::{Database, StoreError, nodes, throttles},
};

/// How often a server says that it is up.
pub const BEAT: std::time::Duration = std::time::Duration::from_secs(5);
/// A server that has not been heard of for so long is down.
const DOWN_AFTER: TimeDelta = TimeDelta::seconds(20);

/// Says that this server is up. Returns how many are, this one included.
pub async fn beat(database: &Database, id: Uuid, now: Timestamp) -> Result<u32, StoreError> {
    let transaction = database.begin_write().await?;
    nodes::seen(&transaction, id, now).await?;
    nodes::forget(&transaction, now - DOWN_AFTER).await?;
    throttles::clear_empty(&transaction, now).await?;
    let up = nodes::count(&transaction).await?;
    transaction.commit().await?;
    Ok(u32::try_from(up).unwrap_or(u32::MAX).max(1))
}

/// Says that this server stops.
pub async fn leave(database: &Database, id: Uuid) -> Result<(), StoreError> {
    let transaction = database.begin_write().await?;
    nodes::leave(&transaction, id).await?;
    transaction.commit().await
}

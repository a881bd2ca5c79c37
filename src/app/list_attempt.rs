//! An attempt in hand: taken with a lease, which is told to go on while the work
//! does, and which another takes over when it runs out.

use std::time::Duration;

use chrono::TimeDelta;
use uuid::Uuid;

use super::list_keep::{self, KeepError};
use crate::{
    clock::{Clock, Timestamp},
    store::{
        Database, StoreError,
        list_syncs::{self, ClaimedSync},
        new_id,
    },
};

/// A worker that has not been heard of for so long has lost its attempt.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(60);

/// Takes an attempt that waits or was abandoned.
pub(super) async fn claim(
    database: &Database,
    id: Option<Uuid>,
    now: Timestamp,
) -> Result<Option<ClaimedSync>, StoreError> {
    let transaction = database.begin_write().await?;
    list_syncs::hold_queue(&transaction).await?;
    let claimed = list_syncs::claim(&transaction, id, new_id(now), LEASE, now).await?;
    transaction.commit().await?;
    Ok(claimed)
}

/// The work, while the attempt is ours.
pub(super) async fn while_ours<T, E: From<KeepError> + From<StoreError>>(
    database: &Database,
    clock: &dyn Clock,
    claimed: &ClaimedSync,
    work: impl Future<Output = Result<T, E>> + Unpin,
) -> Result<T, E> {
    let mut work = work;
    tokio::select! {
        outcome = &mut work => return outcome,
        () = keep_lease(database, clock, claimed) => {}
    }
    // The work itself may have ended the attempt this moment.
    let found = list_syncs::find(database.connection(), claimed.sync.id).await?;
    if found.is_some_and(|sync| sync.state.is_over()) {
        return work.await;
    }
    Err(KeepError::LeaseLost.into())
}

/// Tells that the work goes on; ends when the attempt is lost.
async fn keep_lease(database: &Database, clock: &dyn Clock, claimed: &ClaimedSync) {
    let third = (LEASE / 3).to_std().unwrap_or(Duration::from_secs(20));
    loop {
        tokio::time::sleep(third).await;
        let until = clock.now() + LEASE;
        match list_syncs::heartbeat(database.connection(), claimed, until).await {
            Ok(true) => {}
            Ok(false) => return,
            // The end of the attempt finds out whether the lease counts.
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "no heartbeat");
            }
        }
    }
}

/// Ends what was broken off of lists that somebody brought: nobody else has the
/// files.
pub(super) async fn end_broken_off(database: &Database, now: Timestamp) -> Result<(), KeepError> {
    for (organization, id) in list_syncs::broken_off(database.connection(), LEASE, now).await? {
        let database = database.of(organization);
        let Some(claimed) = claim(&database, Some(id), now).await? else {
            continue;
        };
        let problem = "it was broken off before its end".to_owned();
        let advice = Some("bring the files again".to_owned());
        list_keep::fail(&database, &claimed, problem, advice, now).await?;
    }
    Ok(())
}

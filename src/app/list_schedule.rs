//! Bringing lists up to date on their own. What is due is found in the
//! database, under a lock, so that any number of nodes ask a publisher once.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;
use uuid::Uuid;

use super::{
    list_attempt::{claim, end_broken_off},
    list_keep::Outcome,
    list_sync::{Syncing, run},
    publishers::{Publisher, publishers},
};
use crate::{
    clock::Timestamp,
    store::{
        StoreError,
        list_syncs::{self, ListSync, Supply, SyncState},
        new_id,
    },
};

/// After an attempt that failed, unless the list is looked at more often anyway.
const AGAIN: TimeDelta = TimeDelta::hours(1);
/// Of the interval, so that publishers are not all asked at the same minute.
const JITTER_PERCENT: i32 = 10;

/// Works until told to stop. What is under way then is taken over by the next.
pub async fn keep_up(syncing: Syncing<'_>, mut stop: watch::Receiver<bool>) {
    let pause = Duration::from_secs(syncing.settings.look_seconds.max(1).into());
    let (_, bad) = publishers(syncing.settings);
    for error in bad {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "a list has no address"
        );
    }
    while !*stop.borrow() {
        let looked = tokio::select! {
            looked = look(syncing) => looked,
            _ = stop.changed() => return,
        };
        let worked = match looked {
            Ok(outcome) => outcome.is_some(),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a list was not brought up to date"
                );
                false
            }
        };
        if !worked {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stop.changed() => {}
            }
        }
    }
}

/// Queues what is due, and works on one attempt, if any waits.
pub async fn look(syncing: Syncing<'_>) -> Result<Option<Outcome>, super::list_sync::SyncError> {
    if syncing.settings.schedule {
        queue_due(syncing).await?;
    }
    let now = syncing.clock.now();
    end_broken_off(syncing.database, now).await?;
    // A look that finds nothing writes nothing.
    let waiting = list_syncs::waiting(syncing.database.connection(), now).await?;
    if !waiting {
        return Ok(None);
    }
    let Some(claimed) = claim(syncing.database, None, now).await? else {
        return Ok(None);
    };
    let outcome = run(syncing, &claimed, &|_| {}).await?;
    tracing::info!(
        list.source = %outcome.source,
        list.state = outcome.state.code(),
        list.rows = outcome.rows,
        "a list was looked at"
    );
    Ok(Some(outcome))
}

async fn queue_due(syncing: Syncing<'_>) -> Result<(), StoreError> {
    let now = syncing.clock.now();
    let (publishers, _) = publishers(syncing.settings);
    let mut due = Vec::new();
    for publisher in publishers {
        if is_due(syncing.database.connection(), &publisher, now).await? {
            due.push(publisher);
        }
    }
    if due.is_empty() {
        return Ok(());
    }
    let transaction = syncing.database.begin_write().await?;
    list_syncs::hold_queue(&transaction).await?;
    for publisher in due {
        // Asked again under the lock: another node may have been first.
        if is_due(&transaction, &publisher, now).await? {
            let id = new_id(now);
            let (source, supply) = (publisher.source, Supply::Publisher);
            list_syncs::add(&transaction, id, source, supply, "schedule", now).await?;
        }
    }
    transaction.commit().await
}

async fn is_due(
    connection: &crate::store::Scoped<impl crate::store::Connection>,
    publisher: &Publisher,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(every) = publisher.every else {
        return Ok(false);
    };
    if list_syncs::open_of(connection, publisher.source)
        .await?
        .is_some()
    {
        return Ok(false);
    }
    let last = list_syncs::last_of(connection, publisher.source).await?;
    Ok(last.is_none_or(|last| next_look(&last, every) <= now))
}

/// When the list is looked at next, after that attempt.
pub fn next_look(last: &ListSync, every: TimeDelta) -> Timestamp {
    let wait = match last.state {
        SyncState::Failed => every.min(AGAIN),
        _ => every,
    };
    let ended = last.finished_at.unwrap_or(last.requested_at);
    ended + wait + jitter(last.id, wait)
}

/// The same on every node, and another for every attempt.
fn jitter(id: Uuid, wait: TimeDelta) -> TimeDelta {
    let dice = id.as_bytes().last().copied().unwrap_or_default();
    wait * JITTER_PERCENT * i32::from(dice) / (100 * 255)
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;
    use crate::lists::Source;

    #[test]
    fn the_next_look_is_jittered_and_sooner_after_a_failure() {
        let ended = Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap();
        let last = |state, dice: u8| {
            let mut id = [7_u8; 16];
            id[15] = dice;
            ListSync {
                id: Uuid::from_bytes(id),
                source: Source::Uflpa,
                state,
                actor: "schedule".to_owned(),
                requested_at: ended,
                finished_at: Some(ended),
                problem: None,
                advice: None,
                head: None,
                retrieval: None,
                snapshot_id: None,
            }
        };
        let day = TimeDelta::hours(24);
        let after = |state, dice| (next_look(&last(state, dice), day) - ended).num_minutes();
        assert_eq!(after(SyncState::Kept, 0), 24 * 60);
        assert_eq!(after(SyncState::Unchanged, 255), 24 * 60 + 144);
        assert_eq!(after(SyncState::Refused, 0), 24 * 60);
        assert_eq!(after(SyncState::Failed, 0), 60);
        assert_eq!(after(SyncState::Failed, 255), 66);
    }
}

//! The lists in force, and the reference snapshot that ships with the program.

use chrono::NaiveDate;
use serde_json::json;

use super::{
    list_editions::{self, EditionError},
    list_history::{Writer, newest_number, next_number, versions},
    list_rows::TURN,
};
use crate::{
    audit::{Event, EventKind, NotCanonical, canonical_text, sha256_hex},
    clock::{Clock, Timestamp},
    lists::{ListSet, reference},
    store::{
        Connection, Database, Scoped, StoreError, documents, list_entries,
        list_snapshots::{self, KeptSnapshot},
        list_syncs,
        list_writes::{self, Asked},
        new_id, trail,
    },
};

const REFERENCE_MEDIA_TYPE: &str = "application/jsonl";

/// The lists cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ListsError {
    #[error("a list snapshot cannot be read")]
    Unreadable(#[from] reference::UnreadableReference),
    #[error(transparent)]
    Edition(#[from] EditionError),
    #[error("a list snapshot's head cannot be written in canonical form")]
    NotCanonical(#[from] NotCanonical),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The snapshots that speak for the day. The reference snapshot that ships with
/// the program is kept first, once, if this database has not seen it.
pub async fn in_force(
    database: &Database,
    clock: &dyn Clock,
    actor: &str,
    as_of: NaiveDate,
) -> Result<ListSet, ListsError> {
    keep_shipped(database, clock, actor).await?;
    Ok(list_editions::list_set(database, as_of).await?)
}

/// Keeps the reference snapshot that ships with the program, once.
pub async fn keep_shipped(
    database: &Database,
    clock: &dyn Clock,
    actor: &str,
) -> Result<(), ListsError> {
    let shipped = reference::snapshots()?;
    let kept = list_snapshots::newest(database.connection()).await?;
    let is_there = |sha256: &str| {
        kept.iter().any(|kept| {
            // One of a program that kept no history is entered into it.
            kept.head.sha256 == sha256 && (kept.number.is_some() || kept.retrieval.is_some())
        })
    };
    let told_in_order = |snapshot: &crate::lists::Snapshot| {
        let head = &snapshot.head;
        let of_source: Vec<_> = kept
            .iter()
            .filter(|kept| kept.head.source == head.source)
            .cloned()
            .collect();
        next_number(&of_source, head.edition_date).is_some()
            || !of_source.iter().any(|kept| kept.head.sha256 == head.sha256)
    };
    if !shipped
        .iter()
        .any(|snapshot| !is_there(&snapshot.head.sha256) && told_in_order(snapshot))
    {
        return Ok(());
    }
    let transaction = database.begin_write().await?;
    list_syncs::hold_queue(&transaction).await?;
    trail::hold(&transaction).await?;
    let mut events = Vec::new();
    for (snapshot, (source, bytes)) in shipped.iter().zip(reference::files()) {
        let head = &snapshot.head;
        // Asked again under the lock: another node may have been first.
        let editions = list_snapshots::of_source(&transaction, *source).await?;
        let known = editions
            .iter()
            .find(|kept| kept.head.sha256 == head.sha256)
            .cloned();
        let kept = if let Some(known) = known {
            known
        } else {
            let now = clock.now();
            documents::keep_public(&transaction, bytes, REFERENCE_MEDIA_TYPE, now).await?;
            let new = KeptSnapshot {
                id: new_id(now),
                head: head.clone(),
                kept_at: now,
                number: None,
                retrieval: None,
            };
            list_snapshots::insert(&transaction, &new).await?;
            events.push(kept_event(&new, now, actor, json!({}))?);
            new
        };
        if kept.number.is_none() && kept.retrieval.is_none() {
            enter(&transaction, clock.now(), &editions, &kept, snapshot).await?;
        }
    }
    trail::append(&transaction, events).await?;
    transaction.commit().await?;
    Ok(())
}

/// Into the history of rows, if it can be told in order.
async fn enter(
    transaction: &Scoped<impl Connection>,
    now: Timestamp,
    editions: &[KeptSnapshot],
    kept: &KeptSnapshot,
    snapshot: &crate::lists::Snapshot,
) -> Result<(), ListsError> {
    let head = &kept.head;
    let Some(number) = next_number(editions, head.edition_date) else {
        return Ok(());
    };
    let source = head.source;
    match list_writes::take(transaction, source, new_id(now), TURN, now).await? {
        // An edition of the publisher is on its way. If it is older than this one
        // or does not come into force, the next start enters this one; a newer
        // one leaves it out of the history, which is told in order.
        Asked::Busy => return Ok(()),
        Asked::Taken { leftover: true, .. } => {
            let newest = newest_number(editions);
            while list_entries::take_back(transaction, source, newest, u64::MAX).await? {}
        }
        Asked::Taken { .. } => {}
    }
    let mut writer = Writer::begin(transaction, head.source, number, head.edition_date).await?;
    let change = writer.change(versions(&snapshot.content)?);
    writer.write(transaction, change).await?;
    for change in writer.gone(usize::MAX) {
        writer.write(transaction, change).await?;
    }
    list_snapshots::set_number(transaction, kept, number).await?;
    // In the same transaction: nobody has seen the turn.
    Ok(list_writes::end(transaction, source).await?)
}

/// What the trail says of an edition that was kept; `more` is added.
pub(super) fn kept_event(
    kept: &KeptSnapshot,
    at: Timestamp,
    actor: &str,
    more: serde_json::Value,
) -> Result<Event, NotCanonical> {
    let head = &kept.head;
    let head_sha256 = sha256_hex(canonical_text(head)?.as_bytes());
    let mut details = json!({
        "source": head.source,
        "edition": head.edition,
        "edition_date": head.edition_date,
        "retrieved_on": head.retrieved_on,
        "sha256": head.sha256,
        "head_sha256": head_sha256,
        "parser_version": head.parser_version,
        "held": head.completeness.held,
        "expected": head.completeness.expected,
    });
    if let Some(fields) = details.as_object_mut() {
        if let Some(retrieval) = &kept.retrieval {
            let sha256 = sha256_hex(canonical_text(retrieval)?.as_bytes());
            fields.insert("retrieval_sha256".to_owned(), sha256.into());
        }
        if let serde_json::Value::Object(more) = more {
            fields.extend(more);
        }
    }
    Ok(Event {
        at,
        actor: actor.to_owned(),
        kind: EventKind::ListSnapshotKept,
        subject: kept.id.to_string(),
        details,
    })
}

//! The list snapshots in force.

use serde_json::json;

use crate::{
    audit::{Event, EventKind, NotCanonical, canonical_text, sha256_hex},
    clock::Clock,
    lists::{ListSet, Snapshot, Source, reference},
    store::{Database, StoreError, documents, list_snapshots, new_id, trail},
};

const REFERENCE_MEDIA_TYPE: &str = "application/jsonl";

/// The lists cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ListsError {
    #[error("a list snapshot cannot be read")]
    Unreadable(#[from] reference::UnreadableReference),
    #[error("a list snapshot's head cannot be written in canonical form")]
    NotCanonical(#[from] NotCanonical),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The snapshots in force. The reference snapshot that ships with the program
/// is kept first, once, if this database has not seen it.
pub async fn in_force(
    database: &Database,
    clock: &dyn Clock,
    actor: &str,
) -> Result<ListSet, ListsError> {
    keep_shipped(database, clock, actor).await?;
    let mut snapshots = Vec::new();
    for (source, sha256) in list_snapshots::in_force(database.connection()).await? {
        let bytes = documents::read_public(database.connection(), &sha256).await?;
        snapshots.push(reference::parse(source, &bytes)?);
    }
    Ok(ListSet::new(snapshots))
}

/// The content of one kept edition.
pub async fn snapshot(
    database: &Database,
    source: Source,
    sha256: &str,
) -> Result<Snapshot, ListsError> {
    let bytes = documents::read_public(database.connection(), sha256).await?;
    Ok(reference::parse(source, &bytes)?)
}

/// Keeps the reference snapshot that ships with the program, once.
pub async fn keep_shipped(
    database: &Database,
    clock: &dyn Clock,
    actor: &str,
) -> Result<(), ListsError> {
    let shipped = reference::snapshots()?;
    let mut missing = false;
    for snapshot in &shipped {
        let head = &snapshot.head;
        missing |=
            !list_snapshots::is_kept(database.connection(), head.source, &head.sha256).await?;
    }
    if !missing {
        return Ok(());
    }
    let transaction = database.begin_write().await?;
    trail::hold(&transaction).await?;
    let mut events = Vec::new();
    for (snapshot, (_, bytes)) in shipped.iter().zip(reference::files()) {
        let head = &snapshot.head;
        // Asked again under the lock: another node may have been first.
        if list_snapshots::is_kept(&transaction, head.source, &head.sha256).await? {
            continue;
        }
        let now = clock.now();
        let id = new_id(now);
        documents::keep_public(&transaction, bytes, REFERENCE_MEDIA_TYPE, now).await?;
        list_snapshots::insert(&transaction, id, head, now).await?;
        events.push(kept(snapshot, id.to_string(), now, actor)?);
    }
    trail::append(&transaction, events).await?;
    transaction.commit().await?;
    Ok(())
}

fn kept(
    snapshot: &Snapshot,
    id: String,
    at: crate::clock::Timestamp,
    actor: &str,
) -> Result<Event, NotCanonical> {
    let head = &snapshot.head;
    let head_sha256 = sha256_hex(canonical_text(head)?.as_bytes());
    Ok(Event {
        at,
        actor: actor.to_owned(),
        kind: EventKind::ListSnapshotKept,
        subject: id,
        details: json!({
            "source": head.source,
            "edition": head.edition,
            "edition_date": head.edition_date,
            "retrieved_on": head.retrieved_on,
            "sha256": head.sha256,
            "head_sha256": head_sha256,
            "parser_version": head.parser_version,
            "held": head.completeness.held,
            "expected": head.completeness.expected,
        }),
    })
}

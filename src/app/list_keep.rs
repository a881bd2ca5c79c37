//! Putting an edition in force, or keeping it aside: the end of the attempt and
//! the event are one short transaction. Bytes and rows are written before it,
//! where nobody sees them.

use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::{
    list_editions::choose,
    list_examine::{Candidate, Examined, examine},
    list_history::next_number,
    list_refuse::{refusal, refuse},
    list_rows::{Rows, Writing},
    lists::kept_event,
};
use crate::{
    audit::{Event, EventKind, NotCanonical, sha256_hex},
    clock::{Clock, Timestamp},
    lists::{Accepted, Changes, SnapshotHead, Source, UnreadPlace, UnreadableList},
    store::{
        Connection, Database, Scoped, StoreError,
        documents::{self, Packed},
        list_snapshots::{self, KeptSnapshot},
        list_syncs::{self, ClaimedSync, ListSync, SyncEnd, SyncState},
        new_id, trail,
    },
};

const MANIFEST_MEDIA_TYPE: &str = "application/json";

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub id: Uuid,
    pub source: Source,
    pub state: SyncState,
    /// Of what came, or what is confirmed.
    pub edition: Option<String>,
    pub rows: usize,
    pub unread_rows: usize,
    /// Of what was refused, the first places that could not be read.
    pub unread: Vec<UnreadPlace>,
    /// An edition of the list is in force, whatever became of this one.
    pub has_edition: bool,
    pub changes: Option<Changes>,
    pub problem: Option<String>,
    pub advice: Option<String>,
}

/// How far keeping has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyncProgress {
    /// Asking that address.
    Asking(String),
    /// Reading so many bytes.
    Reading(u64),
    /// Somebody else is writing rows of the list.
    Waiting,
    /// Rows recorded so far, of how many.
    Keeping(usize, usize),
}

/// Nothing was kept, and why.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    #[error("another worker has taken the attempt over")]
    LeaseLost,
    #[error("an edition has come into force since")]
    Overtaken,
    #[error("the list cannot be read a second time")]
    Unreadable(#[from] UnreadableList),
    #[error("a row cannot be written in canonical form")]
    NotCanonical(#[from] NotCanonical),
    #[error("the work stopped before its end")]
    Stopped(#[from] tokio::task::JoinError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// On whose word an edition comes into force.
#[derive(Debug)]
pub(super) enum Word<'a> {
    /// The rules'. `may_be_older`: it is brought for the record.
    Rules {
        claimed: &'a ClaimedSync,
        may_be_older: bool,
    },
    /// A person's, who has looked at what was refused.
    Person {
        refused: &'a ListSync,
        accepted: Accepted,
    },
}

impl Word<'_> {
    fn sync(&self) -> &ListSync {
        match self {
            Self::Rules { claimed, .. } => &claimed.sync,
            Self::Person { refused, .. } => refused,
        }
    }

    /// Whether the person looked at what is no longer the newest.
    fn is_overtaken(&self, editions: &[KeptSnapshot]) -> bool {
        match self {
            Self::Rules { .. } => false,
            Self::Person { refused, .. } => has_been_overtaken(refused, editions),
        }
    }

    /// Whether the attempt is still ours to end.
    pub(super) async fn hold(
        &self,
        transaction: &Scoped<impl Connection>,
    ) -> Result<bool, StoreError> {
        match self {
            Self::Rules { claimed, .. } => list_syncs::hold(transaction, claimed).await,
            Self::Person { refused, .. } => {
                let now = list_syncs::lock_one(transaction, refused.id).await?;
                Ok(now.is_some_and(|sync| sync.state == SyncState::Refused))
            }
        }
    }
}

/// Whether an edition has come into force since that attempt ended.
pub(super) fn has_been_overtaken(refused: &ListSync, editions: &[KeptSnapshot]) -> bool {
    choose(editions, NaiveDate::MAX)
        .filter(|kept| kept.retrieval.is_some())
        .is_some_and(|kept| Some(kept.kept_at) > refused.finished_at)
}

/// Judges what came and keeps it.
pub(super) async fn keep(
    database: &Database,
    clock: &dyn Clock,
    candidate: Candidate,
    word: &Word<'_>,
    actor: &str,
    progress: &(dyn Fn(SyncProgress) + Send + Sync),
) -> Result<Outcome, KeepError> {
    let candidate = Arc::new(candidate);
    let bytes = candidate.documents.iter().map(|it| it.bytes.len() as u64);
    progress(SyncProgress::Reading(bytes.sum()));
    let reading = Arc::clone(&candidate);
    let (examined, packed) = tokio::task::spawn_blocking(move || {
        Ok::<_, NotCanonical>((examine(&reading)?, packed(&reading)?))
    })
    .await??;
    keep_bytes(database, clock, candidate.source, &packed, word).await?;
    drop(packed);

    let (source, rows) = (candidate.source, examined.retrieval.rows);
    let connection = database.connection();
    let editions = list_snapshots::of_source(connection, source).await?;
    let writing = Writing {
        database,
        clock,
        word,
        progress,
    };
    let mut written = None;
    // Judged again where it comes into force.
    if refusal(&examined, &editions, word, clock.today()).is_none() {
        written = writing
            .write(candidate.clone(), &examined.head, rows)
            .await?;
    }
    let turn = written.as_ref().map(|rows| rows.turn);
    let again = candidate.again.is_some();
    let ended = end(database, clock, examined, again, written, word, actor).await;
    if let (Err(_), Some(turn)) = (&ended, &turn) {
        writing.give_up(turn).await;
    }
    ended
}

/// Before anything tells of them: bytes are kept by their hash, and those that
/// nothing tells of are found again when the same come again.
async fn keep_bytes(
    database: &Database,
    clock: &dyn Clock,
    source: Source,
    packed: &[Packed],
    word: &Word<'_>,
) -> Result<(), KeepError> {
    let packed: Vec<_> = packed.iter().collect();
    let transaction = database.begin_write().await?;
    if !word.hold(&transaction).await? {
        return Err(KeepError::LeaseLost);
    }
    documents::keep_of_list(&transaction, source, &packed, clock.now()).await?;
    Ok(transaction.commit().await?)
}

/// The end of the attempt, with its event.
async fn end(
    database: &Database,
    clock: &dyn Clock,
    examined: Examined,
    again: bool,
    written: Option<Rows>,
    word: &Word<'_>,
    actor: &str,
) -> Result<Outcome, KeepError> {
    let transaction = database.begin_write().await?;
    if !word.hold(&transaction).await? {
        return Err(KeepError::LeaseLost);
    }
    trail::hold(&transaction).await?;
    let now = clock.now();
    let editions = list_snapshots::of_source(&transaction, examined.head.source).await?;
    if word.is_overtaken(&editions) {
        return Err(KeepError::Overtaken);
    }
    if let Some(why) = refusal(&examined, &editions, word, now.date_naive()) {
        if written.is_some() {
            return Err(KeepError::Overtaken);
        }
        let outcome = refuse(&transaction, word.sync(), examined, why, actor, now).await?;
        transaction.commit().await?;
        return Ok(outcome);
    }
    if let Some(rows) = &written
        && !rows.end(&transaction, clock).await?
    {
        return Err(KeepError::LeaseLost);
    }
    let number = next_number(&editions, examined.head.edition_date);
    if number != written.as_ref().map(|rows| rows.number) {
        return Err(KeepError::Overtaken);
    }
    let keeping = Keeping {
        transaction: &transaction,
        editions: &editions,
        word,
        actor,
        now,
    };
    let outcome = keeping.keep(examined, again, written).await?;
    transaction.commit().await?;
    Ok(outcome)
}

/// Packed before the transaction begins: it takes a while.
fn packed(candidate: &Candidate) -> Result<Vec<Packed>, NotCanonical> {
    let mut packed: Vec<_> = candidate
        .documents
        .iter()
        .map(|document| {
            let said = document.headers.get("content-type").map(String::as_str);
            Packed::new(&document.bytes, said.unwrap_or("application/octet-stream"))
        })
        .collect();
    if let Some(manifest) = candidate.manifest()? {
        packed.push(Packed::new(manifest.as_bytes(), MANIFEST_MEDIA_TYPE));
    }
    Ok(packed)
}

struct Keeping<'a, C> {
    transaction: &'a Scoped<C>,
    editions: &'a [KeptSnapshot],
    word: &'a Word<'a>,
    actor: &'a str,
    now: Timestamp,
}

impl<C: Connection> Keeping<'_, C> {
    async fn keep(
        &self,
        examined: Examined,
        again: bool,
        written: Option<Rows>,
    ) -> Result<Outcome, KeepError> {
        let Examined {
            mut head,
            mut retrieval,
            ..
        } = examined;
        if !again {
            head.edition = free_name(self.editions, &head);
        }
        let first = written.as_ref().is_some_and(|rows| rows.number == 1);
        let number = written.as_ref().map(|rows| rows.number);
        retrieval.changes = written.map(|rows| rows.changes).filter(|_| !first);
        let accepted = match self.word {
            Word::Person { accepted, .. } => Some(accepted.clone()),
            Word::Rules { .. } => None,
        };
        retrieval.accepted.clone_from(&accepted);
        let kept = KeptSnapshot {
            id: new_id(self.now),
            head,
            kept_at: self.now,
            number,
            retrieval: Some(retrieval.clone()),
        };
        list_snapshots::insert(self.transaction, &kept).await?;
        self.end(&kept, accepted).await
    }

    async fn end(
        &self,
        kept: &KeptSnapshot,
        accepted: Option<Accepted>,
    ) -> Result<Outcome, KeepError> {
        let sync = self.word.sync();
        let state = if accepted.is_some() {
            SyncState::Accepted
        } else {
            SyncState::Kept
        };
        let retrieval = kept.retrieval.clone();
        let mut events = vec![kept_event(
            kept,
            self.now,
            self.actor,
            json!({
                "attempt": sync.id,
                "changes": retrieval.as_ref().and_then(|retrieval| retrieval.changes),
            }),
        )?];
        if let Some(accepted) = accepted {
            events.push(Event {
                at: self.now,
                actor: self.actor.to_owned(),
                kind: EventKind::ListSnapshotAccepted,
                subject: sync.id.to_string(),
                details: json!({
                    "snapshot": kept.id,
                    "refusal": accepted.refusal,
                    "reason_sha256": sha256_hex(accepted.reason.as_bytes()),
                }),
            });
        }
        let (rows, unread_rows, changes) = retrieval
            .as_ref()
            .map_or((0, 0, None), |it| (it.rows, it.unread_rows, it.changes));
        let end = SyncEnd {
            problem: sync.problem.clone(),
            head: Some(kept.head.clone()),
            retrieval,
            snapshot_id: Some(kept.id),
            ..SyncEnd::new(state)
        };
        list_syncs::end(self.transaction, sync, end, self.now).await?;
        trail::append(self.transaction, events).await?;
        Ok(Outcome {
            id: sync.id,
            source: sync.source,
            state,
            edition: Some(kept.head.edition.clone()),
            rows,
            unread_rows,
            unread: Vec::new(),
            has_edition: true,
            changes,
            problem: None,
            advice: None,
        })
    }
}

/// The edition's name, numbered when others of that day are kept already.
fn free_name(editions: &[KeptSnapshot], head: &SnapshotHead) -> String {
    let taken = |name: &str| editions.iter().any(|kept| kept.head.edition == name);
    if !taken(&head.edition) {
        return head.edition.clone();
    }
    let mut number = 2;
    while taken(&format!("{}.{number}", head.edition)) {
        number += 1;
    }
    format!("{}.{number}", head.edition)
}

/// The publisher still says the same: the attempt ends with that.
pub(super) async fn confirm(
    database: &Database,
    claimed: &ClaimedSync,
    kept: &KeptSnapshot,
    now: Timestamp,
) -> Result<Outcome, KeepError> {
    let transaction = database.begin_write().await?;
    if !list_syncs::hold(&transaction, claimed).await? {
        return Err(KeepError::LeaseLost);
    }
    let end = SyncEnd {
        snapshot_id: Some(kept.id),
        ..SyncEnd::new(SyncState::Unchanged)
    };
    list_syncs::end(&transaction, &claimed.sync, end, now).await?;
    transaction.commit().await?;
    let retrieval = kept.retrieval.as_ref();
    Ok(Outcome {
        id: claimed.sync.id,
        source: claimed.sync.source,
        state: SyncState::Unchanged,
        edition: Some(kept.head.edition.clone()),
        rows: retrieval.map_or(0, |retrieval| retrieval.rows),
        unread_rows: retrieval.map_or(0, |retrieval| retrieval.unread_rows),
        unread: Vec::new(),
        has_edition: true,
        changes: None,
        problem: None,
        advice: None,
    })
}

/// Nothing usable came: the attempt ends with that.
pub(super) async fn fail(
    database: &Database,
    claimed: &ClaimedSync,
    problem: String,
    advice: Option<String>,
    now: Timestamp,
) -> Result<Outcome, KeepError> {
    let transaction = database.begin_write().await?;
    if !list_syncs::hold(&transaction, claimed).await? {
        return Err(KeepError::LeaseLost);
    }
    let end = SyncEnd {
        problem: Some(problem.clone()),
        advice: advice.clone(),
        ..SyncEnd::new(SyncState::Failed)
    };
    list_syncs::end(&transaction, &claimed.sync, end, now).await?;
    let editions = list_snapshots::of_source(&transaction, claimed.sync.source).await?;
    let has_edition = !editions.is_empty();
    transaction.commit().await?;
    Ok(Outcome {
        id: claimed.sync.id,
        source: claimed.sync.source,
        state: SyncState::Failed,
        edition: None,
        rows: 0,
        unread_rows: 0,
        unread: Vec::new(),
        has_edition,
        changes: None,
        problem: Some(problem),
        advice,
    })
}

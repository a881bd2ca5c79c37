//! Putting in force what was refused, on a person's word.

use uuid::Uuid;

use super::{
    list_editions::documents_of,
    list_examine::Candidate,
    list_keep::{self, KeepError, Outcome, SyncProgress, Word},
};
use crate::{
    clock::Clock,
    lists::Accepted,
    store::{
        Database, StoreError, list_snapshots,
        list_syncs::{self, ListSync, SyncState},
    },
};

/// A person's reason, in characters.
const REASON: std::ops::RangeInclusive<usize> = 10..=2_000;

/// What was refused cannot be put in force, and why.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    #[error("there is no such attempt")]
    Missing,
    #[error("the attempt was not refused: it is {0}")]
    NotRefused(&'static str),
    #[error("say in 10 to 2,000 characters why it is right")]
    NoReason,
    #[error("it cannot be read as the list, so it cannot be put in force: {0}")]
    Unreadable(String),
    #[error("an edition has come into force since: look at a new attempt")]
    Overtaken,
    #[error(transparent)]
    Form(#[from] crate::lists::UnknownForm),
    #[error(transparent)]
    Keep(#[from] KeepError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The attempt, if it was refused.
pub async fn refused(database: &Database, id: Uuid) -> Result<ListSync, AcceptError> {
    let sync = list_syncs::find(database.connection(), id)
        .await?
        .ok_or(AcceptError::Missing)?;
    match sync.state {
        SyncState::Refused => Ok(sync),
        state => Err(AcceptError::NotRefused(state.code())),
    }
}

/// A person overrules a refusal.
pub async fn accept(
    database: &Database,
    clock: &dyn Clock,
    id: Uuid,
    reason: &str,
    actor: &str,
    progress: &(dyn Fn(SyncProgress) + Send + Sync),
) -> Result<Outcome, AcceptError> {
    let reason = reason.trim();
    if !REASON.contains(&reason.chars().count()) {
        return Err(AcceptError::NoReason);
    }
    let sync = refused(database, id).await?;
    // Asked again where it is kept, under the lock.
    let editions = list_snapshots::of_source(database.connection(), sync.source).await?;
    if list_keep::has_been_overtaken(&sync, &editions) {
        return Err(AcceptError::Overtaken);
    }
    let (Some(head), Some(retrieval)) = (&sync.head, &sync.retrieval) else {
        return Err(AcceptError::Missing);
    };
    if retrieval.rows == 0 {
        let why = sync.problem.clone().unwrap_or_default();
        return Err(AcceptError::Unreadable(why));
    }
    let documents = documents_of(database, sync.source, retrieval).await?;
    let retrieved_at = chrono::DateTime::parse_from_rfc3339(&retrieval.retrieved_at)
        .map_or_else(|_| clock.now(), |moment| moment.to_utc());
    let candidate = Candidate {
        source: sync.source,
        form: retrieval.form.parse()?,
        documents,
        origin: retrieval.origin,
        retrieved_at,
        actor: retrieval.actor.clone(),
        dated: Some(head.edition_date),
        again: None,
    };
    let word = Word::Person {
        accepted: Accepted {
            by: actor.to_owned(),
            reason: reason.to_owned(),
            refusal: sync.problem.clone().unwrap_or_default(),
        },
        refused: &sync,
    };
    let keeping = list_keep::keep(database, clock, candidate, &word, actor, progress);
    match Box::pin(keeping).await {
        Err(KeepError::Overtaken) => Err(AcceptError::Overtaken),
        Err(KeepError::LeaseLost) => {
            // Somebody else has accepted it meanwhile.
            refused(database, id).await?;
            Err(KeepError::LeaseLost.into())
        }
        kept => Ok(kept?),
    }
}

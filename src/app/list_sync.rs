//! Bringing a list up to date: fetch, verify, keep. The fetch is outside any
//! transaction; a kill at any moment leaves the edition before in force and an
//! attempt that the next one takes over.

use std::time::Duration;

use chrono::NaiveDate;

use super::{
    list_attempt::{claim, end_broken_off, while_ours},
    list_editions::{choose, documents_of},
    list_examine::Candidate,
    list_keep::{self, KeepError, Outcome, SyncProgress, Word},
    list_retrieve::{Before, RetrieveError, Retrieved, retrieve},
    publishers::{BadPublisher, Publisher, publisher},
};
use crate::{
    clock::{Clock, Timestamp},
    config::ListSettings,
    fetch::Fetcher,
    lists::{Form, Origin, Source},
    store::{
        Database, StoreError,
        list_snapshots::{self, KeptSnapshot},
        list_syncs::{self, ClaimedSync, ListSync, Supply},
        new_id,
    },
};

/// What bringing lists up to date needs.
#[derive(Debug, Clone, Copy)]
pub struct Syncing<'a> {
    pub database: &'a Database,
    pub clock: &'a dyn Clock,
    pub fetcher: &'a Fetcher,
    pub settings: &'a ListSettings,
}

/// The attempt could not be made or recorded.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    #[error(transparent)]
    Publisher(#[from] BadPublisher),
    #[error("the {source_list} list is being brought up to date already, since {since}")]
    Busy { source_list: Source, since: String },
    #[error(transparent)]
    Keep(#[from] KeepError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Asks for an attempt; the one that waits or is under way, if there is one.
pub async fn request(
    database: &Database,
    settings: &ListSettings,
    source: Source,
    actor: &str,
    now: Timestamp,
) -> Result<ListSync, SyncError> {
    publisher(settings, source)?;
    let transaction = database.begin_write().await?;
    let sync = add(&transaction, source, actor, now).await?;
    transaction.commit().await?;
    Ok(sync)
}

async fn add(
    transaction: &crate::store::Scoped<impl crate::store::Connection>,
    source: Source,
    actor: &str,
    now: Timestamp,
) -> Result<ListSync, StoreError> {
    list_syncs::hold_queue(transaction).await?;
    if let Some(open) = list_syncs::open_of(transaction, source).await? {
        return Ok(open);
    }
    let id = new_id(now);
    list_syncs::add(transaction, id, source, Supply::Publisher, actor, now).await
}

/// Brings one list up to date now.
pub async fn sync(
    syncing: Syncing<'_>,
    source: Source,
    actor: &str,
    progress: &(dyn Fn(SyncProgress) + Send + Sync),
) -> Result<Outcome, SyncError> {
    let Syncing {
        database,
        clock,
        settings,
        ..
    } = syncing;
    end_broken_off(database, clock.now()).await?;
    let asked = request(database, settings, source, actor, clock.now()).await?;
    let claimed = claim(database, Some(asked.id), clock.now()).await?;
    let claimed = claimed.ok_or_else(|| busy(&asked))?;
    run(syncing, &claimed, progress).await
}

fn busy(open: &ListSync) -> SyncError {
    SyncError::Busy {
        source_list: open.source,
        since: crate::clock::rfc3339(open.requested_at),
    }
}

/// Works on an attempt in hand.
pub(super) async fn run(
    syncing: Syncing<'_>,
    claimed: &ClaimedSync,
    progress: &(dyn Fn(SyncProgress) + Send + Sync),
) -> Result<Outcome, SyncError> {
    let work = Box::pin(attempt(syncing, claimed, progress));
    while_ours(syncing.database, syncing.clock, claimed, work).await
}

async fn attempt(
    syncing: Syncing<'_>,
    claimed: &ClaimedSync,
    progress: &(dyn Fn(SyncProgress) + Send + Sync),
) -> Result<Outcome, SyncError> {
    let Syncing {
        database,
        clock,
        fetcher,
        settings,
    } = syncing;
    let source = claimed.sync.source;
    let publisher = match publisher(settings, source) {
        Ok(publisher) => publisher,
        Err(error) => {
            let problem = error.to_string();
            return Ok(list_keep::fail(database, claimed, problem, None, clock.now()).await?);
        }
    };
    let current = newest(database, source).await?;
    let before = current
        .as_ref()
        .and_then(|kept| kept.retrieval.as_ref())
        .map(|retrieval| Before::of(&retrieval.parts))
        .unwrap_or_default();
    let time = Duration::from_secs(settings.fetch_seconds.max(1).into());
    let asking = |url: &url::Url| progress(SyncProgress::Asking(url.to_string()));
    let retrieved = match retrieve(fetcher, &publisher, time, &before, &asking).await {
        Ok(retrieved) => retrieved,
        Err(error) => return failed(syncing, claimed, &publisher, &error).await,
    };
    let now = clock.now();
    let candidate = |retrieved: Retrieved| Candidate {
        source,
        form: retrieved.form,
        documents: retrieved.documents,
        origin: Origin::Fetched,
        retrieved_at: now,
        actor: claimed.sync.actor.clone(),
        dated: retrieved.dated,
        again: None,
    };
    let same = |kept: &KeptSnapshot, sha256: &str| kept.head.sha256 == sha256;
    let candidate = match (retrieved, current) {
        (Some(retrieved), current) => {
            let candidate = candidate(retrieved);
            let sha256 = candidate.sha256().map_err(KeepError::from)?;
            match current.filter(|kept| same(kept, &sha256)) {
                Some(kept) => return unchanged(syncing, claimed, &kept, progress).await,
                None => candidate,
            }
        }
        (None, Some(kept)) => return unchanged(syncing, claimed, &kept, progress).await,
        (None, None) => {
            let problem = "the publisher says that nothing has changed, and nothing is held";
            let outcome = list_keep::fail(database, claimed, problem.to_owned(), None, now).await?;
            return Ok(outcome);
        }
    };
    let word = Word::Rules {
        claimed,
        may_be_older: false,
    };
    let actor = &claimed.sync.actor;
    Ok(list_keep::keep(database, clock, candidate, &word, actor, progress).await?)
}

/// The edition that the publisher's next one is held against.
pub(super) async fn newest(
    database: &Database,
    source: Source,
) -> Result<Option<KeptSnapshot>, StoreError> {
    let editions = list_snapshots::of_source(database.connection(), source).await?;
    Ok(choose(&editions, NaiveDate::MAX)
        .filter(|kept| kept.retrieval.is_some())
        .cloned())
}

/// The same bytes. Confirmed, or read again where the program reads them better
/// than the one that kept them.
async fn unchanged(
    syncing: Syncing<'_>,
    claimed: &ClaimedSync,
    kept: &KeptSnapshot,
    progress: &(dyn Fn(SyncProgress) + Send + Sync),
) -> Result<Outcome, SyncError> {
    let Syncing {
        database, clock, ..
    } = syncing;
    let again = kept.retrieval.as_ref().and_then(|retrieval| {
        let form: Form = retrieval.form.parse().ok()?;
        (form.parser_version() != kept.head.parser_version).then_some((form, retrieval))
    });
    let Some((form, retrieval)) = again else {
        return Ok(list_keep::confirm(database, claimed, kept, clock.now()).await?);
    };
    let documents = documents_of(database, kept.head.source, retrieval).await?;
    let candidate = Candidate {
        source: kept.head.source,
        form,
        documents,
        origin: Origin::ReadAgain,
        retrieved_at: clock.now(),
        actor: claimed.sync.actor.clone(),
        dated: None,
        again: Some(kept.head.clone()),
    };
    let word = Word::Rules {
        claimed,
        may_be_older: false,
    };
    let actor = &claimed.sync.actor;
    Ok(list_keep::keep(database, clock, candidate, &word, actor, progress).await?)
}

async fn failed(
    syncing: Syncing<'_>,
    claimed: &ClaimedSync,
    publisher: &Publisher,
    error: &RetrieveError,
) -> Result<Outcome, SyncError> {
    let source = publisher.source;
    tracing::warn!(
        list.source = %source,
        error = error as &dyn std::error::Error,
        "a list was not fetched"
    );
    let advice = error.advice(source, &publisher.url);
    let problem = with_causes(error);
    let now = syncing.clock.now();
    Ok(list_keep::fail(syncing.database, claimed, problem, advice, now).await?)
}

/// An error and its causes in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = error.source();
    }
    text.chars().take(1_000).collect()
}

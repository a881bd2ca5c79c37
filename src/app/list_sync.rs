//! Bringing a list up to date: fetch, verify, keep. The fetch is outside any
//! transaction; a kill at any moment leaves the edition before in force and an
//! attempt that the next one takes over.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use super::{
    list_editions::choose,
    list_examine::Candidate,
    list_keep::{self, KeepError, Outcome, SyncProgress, Word},
    list_retrieve::{Before, Document, LARGEST, RetrieveError, Retrieved, retrieve},
    publishers::{BadPublisher, Publisher, publisher},
};
use crate::{
    audit::sha256_hex,
    clock::{Clock, Timestamp},
    config::ListSettings,
    fetch::Fetcher,
    lists::{Accepted, Form, Origin, Source, shape::form_of},
    store::{
        Database, StoreError, documents,
        list_snapshots::{self, KeptSnapshot},
        list_syncs::{self, ClaimedSync, ListSync, SyncState},
        new_id,
    },
};

/// A worker that has not been heard of for so long has lost its attempt.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// A person's reason, in characters.
const REASON: std::ops::RangeInclusive<usize> = 10..=2_000;

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
    match list_syncs::open_of(transaction, source).await? {
        Some(open) => Ok(open),
        None => list_syncs::add(transaction, new_id(now), source, actor, now).await,
    }
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

/// Works on an attempt in hand.
pub(super) async fn run(
    syncing: Syncing<'_>,
    claimed: &ClaimedSync,
    progress: &(dyn Fn(SyncProgress) + Send + Sync),
) -> Result<Outcome, SyncError> {
    // The transaction that keeps holds the attempt by a lock, which a heartbeat
    // would wait for.
    let held = AtomicBool::new(false);
    let told = |step: SyncProgress| {
        held.fetch_or(matches!(step, SyncProgress::Keeping(..)), Ordering::Relaxed);
        progress(step);
    };
    let work = Box::pin(attempt(syncing, claimed, &told));
    while_ours(syncing.database, syncing.clock, claimed, &held, work).await
}

/// The work, while the attempt is ours.
async fn while_ours<T, E: From<KeepError>>(
    database: &Database,
    clock: &dyn Clock,
    claimed: &ClaimedSync,
    held: &AtomicBool,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    tokio::select! {
        outcome = work => outcome,
        () = keep_lease(database, clock, claimed, held) => Err(KeepError::LeaseLost.into()),
    }
}

/// Tells that the work goes on; ends when the attempt is lost.
async fn keep_lease(
    database: &Database,
    clock: &dyn Clock,
    claimed: &ClaimedSync,
    held: &AtomicBool,
) {
    let third = (LEASE / 3).to_std().unwrap_or(Duration::from_secs(20));
    loop {
        tokio::time::sleep(third).await;
        if held.load(Ordering::Relaxed) {
            continue;
        }
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

/// Ends what was broken off of organizations' own lists: only those who brought
/// them have the files.
pub(super) async fn end_broken_off(database: &Database, now: Timestamp) -> Result<(), SyncError> {
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
async fn newest(database: &Database, source: Source) -> Result<Option<KeptSnapshot>, StoreError> {
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
    let form = kept
        .retrieval
        .as_ref()
        .and_then(|retrieval| retrieval.form.parse::<Form>().ok());
    let Some(form) = form.filter(|form| form.parser_version() != kept.head.parser_version) else {
        return Ok(list_keep::confirm(database, claimed, kept, clock.now()).await?);
    };
    let mut documents = Vec::new();
    for part in kept.retrieval.iter().flat_map(|it| &it.parts) {
        let source = kept.head.source;
        let bytes = documents::read_of_list(database.connection(), source, &part.sha256).await?;
        documents.push(Document {
            name: part.name.clone(),
            asked: part.asked.as_ref().and_then(|url| url.parse().ok()),
            url: part.url.as_ref().and_then(|url| url.parse().ok()),
            headers: part.headers.clone(),
            sha256: part.sha256.clone(),
            bytes,
        });
    }
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

/// A list that a person brings as files.
#[derive(Debug)]
pub struct Import {
    pub source: Source,
    /// Told by the bytes, without one.
    pub form: Option<Form>,
    /// Name and bytes, in any order.
    pub files: Vec<(String, Vec<u8>)>,
    /// The day for which it speaks; the day it is brought, without one.
    pub dated: Option<NaiveDate>,
}

/// A list could not be brought, and why.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{source_list} does not come as {form}; it comes as {known}")]
    Form {
        source_list: Source,
        form: Form,
        known: String,
    },
    #[error("{form} is made of {wanted}; {given} was given")]
    Parts {
        form: Form,
        wanted: String,
        given: String,
    },
    #[error("{name} has more than {limit} bytes, the most that {form} may have")]
    TooLarge {
        name: String,
        form: Form,
        limit: u64,
    },
    #[error(transparent)]
    Sync(#[from] SyncError),
    #[error(transparent)]
    Keep(#[from] KeepError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes in a list that a person brings: judged and kept like a fetched one. An
/// earlier edition is kept for the record and puts no later one out of force.
pub async fn import(
    database: &Database,
    clock: &dyn Clock,
    import: Import,
    actor: &str,
    progress: &(dyn Fn(SyncProgress) + Send + Sync),
) -> Result<Outcome, ImportError> {
    let source = import.source;
    let first = import.files.first().map_or(&[][..], |(_, bytes)| bytes);
    let form = import.form.unwrap_or_else(|| form_of(source, first));
    if !source.forms().contains(&form) {
        let known: Vec<_> = source.forms().iter().map(|form| form.code()).collect();
        return Err(ImportError::Form {
            source_list: source,
            form,
            known: known.join(", "),
        });
    }
    let files = in_order(form, import.files)?;
    let now = clock.now();
    let candidate = Candidate {
        source,
        form,
        documents: files.into_iter().map(document).collect(),
        origin: Origin::Imported,
        retrieved_at: now,
        actor: actor.to_owned(),
        dated: import.dated,
        again: None,
    };
    let sha256 = candidate.sha256().map_err(KeepError::from)?;
    // An attempt of its own, which nobody else takes: one that waits for the
    // publisher goes on waiting.
    let transaction = database.begin_write().await?;
    list_syncs::hold_queue(&transaction).await?;
    let asked = list_syncs::add(&transaction, new_id(now), source, actor, now).await?;
    let claimed = list_syncs::claim(&transaction, Some(asked.id), new_id(now), LEASE, now).await?;
    transaction.commit().await?;
    let claimed = claimed.ok_or_else(|| busy(&asked))?;
    let held = AtomicBool::new(false);
    let told = |step: SyncProgress| {
        held.fetch_or(matches!(step, SyncProgress::Keeping(..)), Ordering::Relaxed);
        progress(step);
    };
    let work = async {
        let current = newest(database, source).await?;
        if let Some(kept) = current
            && kept.head.sha256 == sha256
            && kept.head.parser_version == form.parser_version()
        {
            return Ok(list_keep::confirm(database, &claimed, &kept, clock.now()).await?);
        }
        let word = Word::Rules {
            claimed: &claimed,
            may_be_older: true,
        };
        Ok(list_keep::keep(database, clock, candidate, &word, actor, &told).await?)
    };
    while_ours(database, clock, &claimed, &held, Box::pin(work)).await
}

fn document((name, bytes): (String, Vec<u8>)) -> Document {
    Document {
        sha256: sha256_hex(&bytes),
        name,
        asked: None,
        url: None,
        headers: std::collections::BTreeMap::new(),
        bytes,
    }
}

/// The files in the order in which the form wants them.
fn in_order(
    form: Form,
    mut files: Vec<(String, Vec<u8>)>,
) -> Result<Vec<(String, Vec<u8>)>, ImportError> {
    let limit = form.largest().min(LARGEST);
    for (name, bytes) in &files {
        if bytes.len() as u64 > limit {
            return Err(ImportError::TooLarge {
                name: name.clone(),
                form,
                limit,
            });
        }
    }
    let given = files
        .iter()
        .map(|(name, _)| name.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let parts = form.parts();
    if parts.is_empty() {
        let several = form == Form::DolHtml;
        if files.is_empty() || (files.len() > 1 && !several) {
            return Err(ImportError::Parts {
                form,
                wanted: "one file".to_owned(),
                given,
            });
        }
        return Ok(files);
    }
    let mut ordered = Vec::new();
    for (wanted, optional) in parts {
        let found = files
            .iter()
            .position(|(name, _)| name.eq_ignore_ascii_case(wanted));
        match found {
            Some(place) => ordered.push(((*wanted).to_owned(), files.remove(place).1)),
            None if *optional => {}
            None => files.clear(),
        }
    }
    let needed = parts.iter().filter(|(_, optional)| !optional).count();
    if ordered.len() < needed || !files.is_empty() {
        let wanted: Vec<_> = parts.iter().map(|(name, _)| *name).collect();
        return Err(ImportError::Parts {
            form,
            wanted: wanted.join(", "),
            given,
        });
    }
    Ok(ordered)
}

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
    let mut documents = Vec::new();
    for part in &retrieval.parts {
        let connection = database.connection();
        let bytes = documents::read_of_list(connection, sync.source, &part.sha256).await?;
        documents.push(Document {
            name: part.name.clone(),
            asked: part.asked.as_ref().and_then(|url| url.parse().ok()),
            url: part.url.as_ref().and_then(|url| url.parse().ok()),
            headers: part.headers.clone(),
            sha256: part.sha256.clone(),
            bytes,
        });
    }
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

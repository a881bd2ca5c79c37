//! Working through the queue.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use serde_json::json;
use tokio::sync::watch;
use uuid::Uuid;

use super::{
    ground::{GroundError, Grounds},
    jobs::{claim, ended, hand_back, put_back},
    lists::{self, ListsError},
    outbox::{self, Announcement},
    policy,
    recording::{
        Assessed, Recording, UnfinishedResult, Whole, assess_in_background, finished_details,
    },
};
use crate::{
    audit::{Event, EventKind, NotCanonical, canonical_text},
    clock::Clock,
    config::WorkerSettings,
    due_diligence::Ground,
    intake::{IntakeOptions, SupplierList, Unusable},
    report::{Head, SupplierResult},
    store::{
        Database, StoreError, assessments, documents,
        jobs::{self, Claimed, Job, JobState},
        may_pass, new_id, screenings, supplier_lists, trail,
    },
};

/// How jobs are worked on.
#[derive(Debug, Clone, Copy)]
pub struct WorkTerms {
    /// Suppliers recorded in one transaction.
    pub chunk: usize,
    /// A worker that has not been heard of for so long has lost its job.
    pub lease: TimeDelta,
    /// How often an idle worker looks for work.
    pub poll: Duration,
}

impl From<&WorkerSettings> for WorkTerms {
    fn from(settings: &WorkerSettings) -> Self {
        Self {
            chunk: settings.chunk.max(1),
            lease: TimeDelta::seconds(settings.lease_seconds.max(1).into()),
            poll: Duration::from_millis(settings.poll_milliseconds.max(10).into()),
        }
    }
}

/// One piece of work ended without success.
#[derive(Debug, thiserror::Error)]
enum WorkError {
    /// The list itself; trying again gives the same.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// Somebody else has taken the job over: nothing more is written.
    #[error("the lease was lost")]
    LeaseLost,
    #[error("the job was canceled")]
    Canceled,
    #[error("the worker stops")]
    Stopping,
    #[error(transparent)]
    Lists(#[from] ListsError),
    #[error(transparent)]
    Ground(#[from] GroundError),
    #[error("the result cannot be written in canonical form")]
    NotCanonical(#[from] NotCanonical),
    #[error("a stored document cannot be read back")]
    Unreadable(#[from] serde_json::Error),
    #[error(transparent)]
    Unfinished(#[from] UnfinishedResult),
    #[error("the work stopped before its end")]
    Stopped(#[from] tokio::task::JoinError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Works until told to stop, then hands back what is in hand.
pub async fn work(
    database: &Database,
    clock: &dyn Clock,
    grounds: &Grounds,
    terms: WorkTerms,
    mut stop: watch::Receiver<bool>,
) {
    while !*stop.borrow() {
        match work_once(database, clock, grounds, terms, &stop).await {
            Ok(true) => {}
            Ok(false) => pause(terms.poll, &mut stop).await,
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the queue cannot be read"
                );
                pause(terms.poll.max(Duration::from_secs(1)), &mut stop).await;
            }
        }
    }
}

async fn pause(time: Duration, stop: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        _ = stop.changed() => {}
    }
}

/// Works on one job, if there is any. Whether there was.
pub async fn work_once(
    database: &Database,
    clock: &dyn Clock,
    grounds: &Grounds,
    terms: WorkTerms,
    stop: &watch::Receiver<bool>,
) -> Result<bool, StoreError> {
    let Some(claimed) = claim(database, terms.lease, clock.now()).await? else {
        return Ok(false);
    };
    let database = database.of(claimed.job.organization);
    let job = claimed.job.id;
    let outcome = tokio::select! {
        outcome = run(&database, clock, grounds, terms, &claimed, stop) => outcome,
        lost = keep_lease(&database, clock, terms, &claimed) => Err(lost),
    };
    match outcome {
        Ok(()) => tracing::info!(job.id = %job, "a job is done"),
        Err(WorkError::LeaseLost) => {
            tracing::warn!(job.id = %job, "another worker has taken a job over");
        }
        Err(WorkError::Stopping) => hand_back(&database, &claimed, clock.now()).await?,
        Err(WorkError::Canceled) => {
            end(&database, clock, &claimed, JobState::Canceled, None).await?;
        }
        Err(WorkError::Unusable(error)) => {
            let problem = Some(error.to_string());
            end(&database, clock, &claimed, JobState::Failed, problem).await?;
        }
        Err(error) => {
            tracing::error!(job.id = %job, error = &error as &dyn std::error::Error, "a job stopped");
            put_back(&database, &claimed, may_pass(&error), clock.now()).await?;
        }
    }
    Ok(true)
}

/// Tells the queue that the work goes on; ends when the job is lost.
async fn keep_lease(
    database: &Database,
    clock: &dyn Clock,
    terms: WorkTerms,
    claimed: &Claimed,
) -> WorkError {
    let third = (terms.lease / 3).to_std().unwrap_or(Duration::from_secs(1));
    loop {
        tokio::time::sleep(third).await;
        match jobs::heartbeat(database.connection(), claimed, clock.now() + terms.lease).await {
            Ok(true) => {}
            Ok(false) => return WorkError::LeaseLost,
            // The next write of the work finds out whether the lease counts.
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "no heartbeat");
            }
        }
    }
}

async fn end(
    database: &Database,
    clock: &dyn Clock,
    claimed: &Claimed,
    state: JobState,
    problem: Option<String>,
) -> Result<(), StoreError> {
    let now = clock.now();
    let transaction = database.begin_write().await?;
    if let Some(job) = jobs::hold(&transaction, claimed).await? {
        jobs::end(&transaction, job.id, state, problem, now).await?;
        trail::append(&transaction, vec![ended(&job, &job.actor, state, now)]).await?;
        outbox::announce(&transaction, &[Announcement::job_ended(&job, state)], now).await?;
    }
    transaction.commit().await
}

async fn run(
    database: &Database,
    clock: &dyn Clock,
    grounds: &Grounds,
    terms: WorkTerms,
    claimed: &Claimed,
    stop: &watch::Receiver<bool>,
) -> Result<(), WorkError> {
    let connection = database.connection();
    let stored = supplier_lists::find(connection, claimed.job.supplier_list_id).await?;
    let bytes = documents::read(connection, &stored.document_sha256).await?;
    let options: IntakeOptions = serde_json::from_str(&stored.options)?;
    let file_name = stored.file_name.clone();
    let list = tokio::task::spawn_blocking(move || {
        super::read::supplier_list(&file_name, &bytes, &options)
    })
    .await??;
    let (screening, head, ground) = match claimed.job.screening_id {
        Some(id) => {
            let head: Head = serde_json::from_str(&screenings::head(connection, id).await?)?;
            let ground = grounds.of_screening(database, &head).await?;
            (id, head, ground)
        }
        None => begin(database, clock, grounds, claimed, &stored, &list).await?,
    };
    let mut recording = resume(database, stored.id, screening, &head).await?;
    let (worker, mut chunks) =
        assess_in_background(ground, list, recording.done() as usize, terms.chunk);
    while let Some(chunk) = chunks.recv().await {
        if *stop.borrow() {
            return Err(WorkError::Stopping);
        }
        record(database, clock, claimed, &mut recording, chunk?).await?;
    }
    worker.await?;
    finish(database, clock, claimed, screening, &head, recording).await
}

/// The list is read: its screening begins, on the lists in force now.
async fn begin(
    database: &Database,
    clock: &dyn Clock,
    grounds: &Grounds,
    claimed: &Claimed,
    stored: &supplier_lists::StoredList,
    list: &SupplierList,
) -> Result<(Uuid, Head, Arc<Ground>), WorkError> {
    lists::keep_shipped(database, clock, "service").await?;
    let ground = grounds.current(database, claimed.job.as_of).await?;
    let head = ground.head(&stored.file_name, &stored.document_sha256, list);
    let now = clock.now();
    let id = new_id(now);
    let transaction = database.begin_write().await?;
    let job = jobs::hold(&transaction, claimed)
        .await?
        .ok_or(WorkError::LeaseLost)?;
    policy::keep(&transaction, now).await?;
    supplier_lists::read(&transaction, stored.id, list.rows).await?;
    screenings::begin(
        &transaction,
        screenings::NewScreening {
            id,
            supplier_list_id: stored.id,
            as_of: job.as_of,
            head: canonical_text(&head)?,
            started_at: now,
        },
    )
    .await?;
    jobs::begun(&transaction, job.id, id, list.rows.accepted).await?;
    let details = json!({"rows": list.rows, "screening": id});
    let read = event(&job, now, EventKind::SupplierListRead, stored.id, details);
    trail::append(&transaction, vec![read]).await?;
    transaction.commit().await?;
    Ok((id, head, ground))
}

/// Goes on behind what is recorded already, which counts into the hash.
async fn resume(
    database: &Database,
    list: Uuid,
    screening: Uuid,
    head: &Head,
) -> Result<Recording, WorkError> {
    let head_text = canonical_text(head)?;
    let mut so_far =
        Recording::begin(list, screening, &head_text).map_err(UnfinishedResult::from)?;
    let mut after = 0;
    loop {
        let page = assessments::page_after(database.connection(), screening, after).await?;
        let Some(read_to) = page.last() else {
            return Ok(so_far);
        };
        after = read_to.row;
        for stored in &page {
            let result: SupplierResult = serde_json::from_slice(&stored.detail)?;
            so_far
                .count(&result, &stored.detail)
                .map_err(UnfinishedResult::from)?;
        }
    }
}

/// Records one chunk, if the job is still ours and where we left it.
async fn record(
    database: &Database,
    clock: &dyn Clock,
    claimed: &Claimed,
    recording: &mut Recording,
    chunk: Vec<Assessed>,
) -> Result<(), WorkError> {
    let transaction = database.begin_write().await?;
    let job = jobs::hold(&transaction, claimed)
        .await?
        .ok_or(WorkError::LeaseLost)?;
    if job.cancel_requested {
        return Err(WorkError::Canceled);
    }
    if job.rows_done != recording.done() {
        return Err(WorkError::LeaseLost);
    }
    let rows = recording
        .take(chunk, &job.actor, clock.now())
        .map_err(UnfinishedResult::from)?;
    jobs::progressed(&transaction, job.id, recording.done()).await?;
    rows.write(&transaction).await?;
    Ok(transaction.commit().await?)
}

async fn finish(
    database: &Database,
    clock: &dyn Clock,
    claimed: &Claimed,
    screening: Uuid,
    head: &Head,
    recording: Recording,
) -> Result<(), WorkError> {
    let Whole {
        totals,
        totals_text,
        result_sha256,
    } = recording.finish()?;
    let now = clock.now();
    let transaction = database.begin_write().await?;
    let job = jobs::hold(&transaction, claimed)
        .await?
        .ok_or(WorkError::LeaseLost)?;
    let details = finished_details(job.supplier_list_id, head, &totals, &result_sha256);
    let finish = screenings::Finish {
        totals: totals_text,
        result_sha256,
        finished_at: now,
    };
    screenings::finish(&transaction, screening, finish).await?;
    jobs::end(&transaction, job.id, JobState::Succeeded, None, now).await?;
    let succeeded = Announcement::job_ended(&job, JobState::Succeeded);
    outbox::announce(&transaction, &[succeeded], now).await?;
    let finished = event(&job, now, EventKind::ScreeningFinished, screening, details);
    trail::append(&transaction, vec![finished]).await?;
    transaction.commit().await?;
    metrics::counter!("plimsoll_screenings_total").increment(1);
    Ok(())
}

fn event(
    job: &Job,
    at: crate::clock::Timestamp,
    kind: EventKind,
    subject: Uuid,
    details: serde_json::Value,
) -> Event {
    Event {
        at,
        actor: job.actor.clone(),
        kind,
        subject: subject.to_string(),
        details,
    }
}

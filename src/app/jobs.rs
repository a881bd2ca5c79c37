//! Screening supplier lists as jobs. A chunk of suppliers, the events that tell
//! of them and how far the job has come are one transaction: whenever a worker
//! dies, the next one goes on behind the last chunk, and no row is lost or
//! doubled.

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;
use uuid::Uuid;

use super::outbox::{self, Announcement};
use crate::{
    audit::{Event, EventKind, canonical_text, sha256_hex},
    clock::{Clock, Timestamp},
    intake::IntakeOptions,
    store::{
        Database, StoreError, documents,
        jobs::{self, Claimed, Job, JobState},
        new_id, supplier_lists, trail,
    },
};

/// Starts without any progress after which a job is given up.
const MOST_ATTEMPTS: i32 = 5;

/// A supplier list to be screened.
#[derive(Debug, Clone)]
pub struct Submission {
    pub file_name: String,
    pub bytes: Vec<u8>,
    /// The day the assessments speak for; the day of submission by default.
    pub as_of: Option<NaiveDate>,
    pub idempotency_key: Option<String>,
}

/// Nothing was taken in, and why.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    #[error("the idempotency key was used for another request")]
    KeyReused,
    #[error("the intake options cannot be written in canonical form")]
    NotCanonical(#[from] crate::audit::NotCanonical),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Keeps the list and queues its screening. With an idempotency key that was
/// used for the same before: the job of then.
pub async fn submit(
    database: &Database,
    clock: &dyn Clock,
    actor: &str,
    submission: Submission,
) -> Result<Job, SubmitError> {
    let now = clock.now();
    let document_sha256 = sha256_hex(&submission.bytes);
    let request_sha256 = sha256_hex(
        canonical_text(&json!({
            "file": submission.file_name,
            "sha256": document_sha256,
            "as_of": submission.as_of,
        }))?
        .as_bytes(),
    );
    let transaction = database.begin_write().await?;
    documents::keep(
        &transaction,
        &submission.bytes,
        "application/octet-stream",
        now,
    )
    .await?;
    // From here on nobody else submits: two requests with one key make one job.
    trail::hold(&transaction).await?;
    if let Some(key) = &submission.idempotency_key
        && let Some(known) = jobs::by_idempotency_key(&transaction, key).await?
    {
        return if known.request_sha256 == request_sha256 {
            Ok(known)
        } else {
            Err(SubmitError::KeyReused)
        };
    }
    let list = supplier_lists::StoredList {
        id: new_id(now),
        file_name: submission.file_name.clone(),
        document_sha256: document_sha256.clone(),
        options: canonical_text(&IntakeOptions::default())?,
    };
    supplier_lists::insert(&transaction, &list, None, now).await?;
    let job = Job {
        id: new_id(now),
        organization: database.organization(),
        state: JobState::Queued,
        supplier_list_id: list.id,
        screening_id: None,
        as_of: submission.as_of.unwrap_or_else(|| now.date_naive()),
        actor: actor.to_owned(),
        idempotency_key: submission.idempotency_key,
        request_sha256,
        rows_total: None,
        rows_done: 0,
        attempts: 0,
        cancel_requested: false,
        problem: None,
        created_at: now,
        started_at: None,
        finished_at: None,
    };
    jobs::add(&transaction, job.clone()).await?;
    let received = Event {
        at: now,
        actor: actor.to_owned(),
        kind: EventKind::SupplierListReceived,
        subject: list.id.to_string(),
        details: json!({
            "file": submission.file_name,
            "sha256": document_sha256,
            "options_sha256": sha256_hex(list.options.as_bytes()),
            "job": job.id,
        }),
    };
    trail::append(&transaction, vec![received]).await?;
    transaction.commit().await?;
    Ok(job)
}

/// A job cannot be canceled, and why.
#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    #[error("there is no such job")]
    Missing,
    #[error("the job is over")]
    Over,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Cancels a job that waits, and asks the worker of a running one to stop after
/// the chunk in hand. What is recorded stays.
pub async fn cancel(
    database: &Database,
    actor: &str,
    id: Uuid,
    now: Timestamp,
) -> Result<Job, CancelError> {
    let transaction = database.begin_write().await?;
    let job = jobs::lock(&transaction, id)
        .await?
        .ok_or(CancelError::Missing)?;
    match job.state {
        JobState::Queued => {
            jobs::end(&transaction, id, JobState::Canceled, None, now).await?;
            trail::append(
                &transaction,
                vec![ended(&job, actor, JobState::Canceled, now)],
            )
            .await?;
            let canceled = Announcement::job_ended(&job, JobState::Canceled);
            outbox::announce(&transaction, &[canceled], now).await?;
        }
        JobState::Running => jobs::request_cancel(&transaction, id).await?,
        JobState::Canceled => {}
        JobState::Succeeded | JobState::Failed => return Err(CancelError::Over),
    }
    let job = jobs::find(&transaction, id)
        .await?
        .ok_or(CancelError::Missing)?;
    transaction.commit().await?;
    Ok(job)
}

pub(super) fn ended(job: &Job, actor: &str, state: JobState, now: Timestamp) -> Event {
    Event {
        at: now,
        actor: actor.to_owned(),
        kind: EventKind::JobEnded,
        subject: job.id.to_string(),
        details: json!({
            "state": state.code(),
            "rows_done": job.rows_done,
            "screening": job.screening_id,
        }),
    }
}

/// Takes the next job that anybody may work on.
pub(super) async fn claim(
    database: &Database,
    lease_for: TimeDelta,
    now: Timestamp,
) -> Result<Option<Claimed>, StoreError> {
    let transaction = database.begin_write().await?;
    let claimed = jobs::claim(&transaction, new_id(now), lease_for, now).await?;
    transaction.commit().await?;
    Ok(claimed)
}

/// After a fault: again later, or given up. A fault of the database that passes
/// is none of the job's: for that it is never given up.
pub(super) async fn put_back(
    database: &Database,
    claimed: &Claimed,
    passes: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let transaction = database.begin_write().await?;
    let Some(job) = jobs::hold(&transaction, claimed).await? else {
        return Ok(());
    };
    if job.attempts >= MOST_ATTEMPTS && !passes {
        let problem = "the service could not finish it; its log says why".to_owned();
        jobs::end(&transaction, job.id, JobState::Failed, Some(problem), now).await?;
        trail::append(
            &transaction,
            vec![ended(&job, "service", JobState::Failed, now)],
        )
        .await?;
        let failed = Announcement::job_ended(&job, JobState::Failed);
        outbox::announce(&transaction, &[failed], now).await?;
    } else {
        let pause = TimeDelta::seconds(1 << job.attempts.clamp(0, MOST_ATTEMPTS));
        let counted = job.attempts - i32::from(passes);
        jobs::put_back(&transaction, job.id, counted, now + pause).await?;
    }
    transaction.commit().await
}

/// Back into the queue at once: this worker stops.
pub(super) async fn hand_back(
    database: &Database,
    claimed: &Claimed,
    now: Timestamp,
) -> Result<(), StoreError> {
    let transaction = database.begin_write().await?;
    if let Some(job) = jobs::hold(&transaction, claimed).await? {
        jobs::put_back(&transaction, job.id, job.attempts, now).await?;
    }
    transaction.commit().await
}

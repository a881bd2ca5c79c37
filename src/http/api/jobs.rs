//! Jobs: how far they are, and stopping them.

use std::time::Duration;

use actix_web::{HttpResponse, http::StatusCode, web};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    app::jobs::{self, CancelError, SubmitError},
    clock::Timestamp,
    http::{
        allowed::{Allowed, ReadResults, Screen},
        body::Id,
        moment::Moment,
        names::JobStateName,
        page::{Collection, Listing, SparsePage},
        problem::{Problem, ProblemDocument},
        state::State,
    },
    store::{
        Database,
        jobs::{self as stored, Job, JobState},
    },
};

/// How often a listener's job is looked at; an idle one ever less often.
const LOOK: Duration = Duration::from_millis(500);
const LOOK_IDLE: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct JobView {
    id: Uuid,
    /// `queued`, `running`, `succeeded`, `failed` or `canceled`.
    state: &'static str,
    supplier_list_id: Uuid,
    /// `null` until the list has been read.
    screening_id: Option<Uuid>,
    /// Suppliers recorded so far.
    rows_done: u32,
    /// `null` until the list has been read.
    rows_total: Option<u32>,
    /// Seconds left at the pace so far, while it runs.
    eta_seconds: Option<i64>,
    cancel_requested: bool,
    /// Why it failed.
    problem: Option<String>,
    created_at: Moment,
    started_at: Option<Moment>,
    finished_at: Option<Moment>,
}

impl JobView {
    pub(super) fn of(job: Job, now: Timestamp) -> Self {
        Self {
            id: job.id,
            state: job.state.code(),
            supplier_list_id: job.supplier_list_id,
            screening_id: job.screening_id,
            rows_done: job.rows_done,
            rows_total: job.rows_total,
            eta_seconds: eta(&job, now),
            cancel_requested: job.cancel_requested,
            problem: job.problem,
            created_at: Moment(job.created_at),
            started_at: job.started_at.map(Moment),
            finished_at: job.finished_at.map(Moment),
        }
    }
}

fn eta(job: &Job, now: Timestamp) -> Option<i64> {
    let spent = (now - job.started_at?).num_seconds();
    let left = job.rows_total?.checked_sub(job.rows_done)?;
    if job.state.is_over() || job.rows_done == 0 {
        return None;
    }
    Some(spent * i64::from(left) / i64::from(job.rows_done))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct JobFilter {
    /// Only in this state.
    #[param(value_type = Option<JobStateName>, inline)]
    state: Option<String>,
}

#[derive(Debug)]
pub enum Jobs {}

impl Collection for Jobs {
    type Filter = JobFilter;
    type Item = JobView;
    const SORTS: &'static [&'static str] = &["id", "created_at"];
    const USUAL_SORT: &'static str = "-id";
}

type JobListing = Listing<Jobs>;
type JobPage = SparsePage<JobView>;

/// The jobs of your organization
#[utoipa::path(get, path = "/api/v1/jobs", tag = "screening", params(JobListing),
    responses((status = 200, description = "Newest first, if not asked otherwise", body = JobPage),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn list(
    allowed: Allowed<ReadResults>,
    state: web::Data<State>,
    listing: JobListing,
) -> Result<HttpResponse, Problem> {
    let wanted = match &listing.filter.state {
        None => None,
        Some(text) => Some(
            JobState::ALL
                .into_iter()
                .find(|state| state.code() == text)
                .ok_or_else(|| Problem::bad_parameter("state", "it is no state of a job"))?,
        ),
    };
    let now = state.clock.now();
    let found = stored::page(allowed.database.connection(), wanted, &listing.slice()).await?;
    let items: Vec<_> = found.into_iter().map(|job| JobView::of(job, now)).collect();
    listing.page(&items)
}

/// One job
#[utoipa::path(get, path = "/api/v1/jobs/{id}", tag = "screening", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The job", body = JobView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn job(
    allowed: Allowed<ReadResults>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let found = stored::find(allowed.database.connection(), id)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(JobView::of(found, state.clock.now())))
}

/// Cancel a job
///
/// A running one stops after the chunk in hand. What is recorded stays.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/cancel", tag = "screening", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The job", body = JobView),
        (status = 409, description = "It is over", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn cancel(
    allowed: Allowed<Screen>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let actor = allowed.principal.actor();
    let now = state.clock.now();
    let job = jobs::cancel(&allowed.database, &actor, id, now).await?;
    Ok(HttpResponse::Ok().json(JobView::of(job, now)))
}

/// One server-sent event.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents the stream; it is written as text")]
pub struct JobEvent {
    /// `job`.
    event: String,
    /// The job in JSON.
    data: String,
}

/// A job's progress as server-sent events
///
/// An event `job` with the job at once and at every change; the stream ends
/// when the job is over.
#[utoipa::path(get, path = "/api/v1/jobs/{id}/events", tag = "screening", params(("id" = Uuid, Path)),
    responses((status = 200, description = "Events", body = JobEvent, content_type = "text/event-stream"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn events(
    allowed: Allowed<ReadResults>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    stored::find(allowed.database.connection(), id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let watch = Watch {
        database: allowed.database,
        state,
        id,
        told: None,
        pause: Duration::ZERO,
        over: false,
    };
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(stream::unfold(watch, next)))
}

struct Watch {
    database: Database,
    state: web::Data<State>,
    id: Uuid,
    told: Option<Job>,
    pause: Duration,
    over: bool,
}

async fn next(mut watch: Watch) -> Option<(Result<web::Bytes, Problem>, Watch)> {
    if watch.over {
        return None;
    }
    let mut stopping = watch.state.stopping();
    tokio::select! {
        () = tokio::time::sleep(watch.pause) => {}
        // The listener comes again, to another server or a new one.
        _ = stopping.wait_for(|stops| *stops) => return None,
    }
    let looked = stored::find(watch.database.connection(), watch.id).await;
    let Ok(Some(job)) = looked else {
        // The listener comes again by itself, as server-sent events do.
        return None;
    };
    let text = if watch.told.as_ref() == Some(&job) {
        watch.pause = (watch.pause * 2).min(LOOK_IDLE);
        ": nothing new\n\n".to_owned()
    } else {
        watch.pause = LOOK;
        watch.over = job.state.is_over();
        watch.told = Some(job.clone());
        let view = JobView::of(job, watch.state.clock.now());
        format!(
            "event: job\ndata: {}\n\n",
            serde_json::to_string(&view).ok()?
        )
    };
    Some((Ok(web::Bytes::from(text)), watch))
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::KeyReused => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                error.to_string(),
            ),
            SubmitError::Store(error) => error.into(),
            SubmitError::NotCanonical(_) => Self::internal(&error),
        }
    }
}

impl From<CancelError> for Problem {
    fn from(error: CancelError) -> Self {
        match error {
            CancelError::Missing => Self::not_found(),
            CancelError::Over => Self::conflict("job-over", &error),
            CancelError::Store(error) => error.into(),
        }
    }
}

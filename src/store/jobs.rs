//! The queue. A job and what it is about are written in one transaction, and
//! every step of its work in one transaction with what it made; that is why it
//! lives in these tables and not in a queue with a connection of its own.

use chrono::{NaiveDate, TimeDelta};
use entities::job::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LockBehavior, LockType},
};
use uuid::Uuid;

use super::{
    Scoped, Slice, StoreError,
    listing::{Key, slice},
    supplier_lists::signed,
};
use crate::{clock::Timestamp, organization::OrganizationId};

/// The one kind of work there is so far.
pub const SCREENING: &str = "screening";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    Queued,
    Running,
    Succeeded,
    Failed,
    Canceled,
}

impl JobState {
    pub const ALL: [Self; 5] = [
        Self::Queued,
        Self::Running,
        Self::Succeeded,
        Self::Failed,
        Self::Canceled,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }

    pub const fn is_over(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Canceled)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: Uuid,
    pub organization: OrganizationId,
    pub state: JobState,
    pub supplier_list_id: Uuid,
    pub screening_id: Option<Uuid>,
    pub as_of: NaiveDate,
    pub actor: String,
    pub idempotency_key: Option<String>,
    pub request_sha256: String,
    pub rows_total: Option<u32>,
    pub rows_done: u32,
    pub attempts: i32,
    pub cancel_requested: bool,
    pub problem: Option<String>,
    pub created_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

/// A job in hand. Whoever holds the newest lease works on it.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub job: Job,
    pub lease: Uuid,
}

pub async fn add(transaction: &Scoped<impl ConnectionTrait>, job: Job) -> Result<(), StoreError> {
    Entity::insert(ActiveModel {
        id: Set(job.id),
        organization_id: Set(transaction.organization().0),
        kind: Set(SCREENING.to_owned()),
        state: Set(job.state.code().to_owned()),
        supplier_list_id: Set(job.supplier_list_id),
        screening_id: Set(None),
        as_of: Set(job.as_of),
        actor: Set(job.actor),
        idempotency_key: Set(job.idempotency_key),
        request_sha256: Set(job.request_sha256),
        rows_total: Set(None),
        rows_done: Set(0),
        attempts: Set(0),
        lease: Set(None),
        lease_until: Set(None),
        run_after: Set(job.created_at),
        cancel_requested: Set(false),
        problem: Set(None),
        created_at: Set(job.created_at),
        started_at: Set(None),
        finished_at: Set(None),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

pub async fn find(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<Job>, StoreError> {
    connection
        .select::<Entity>()
        .filter(Column::Id.eq(id))
        .one(&connection.raw)
        .await?
        .map(read)
        .transpose()
}

/// What was made for that idempotency key before.
pub async fn by_idempotency_key(
    connection: &Scoped<impl ConnectionTrait>,
    key: &str,
) -> Result<Option<Job>, StoreError> {
    connection
        .select::<Entity>()
        .filter(Column::IdempotencyKey.eq(key))
        .one(&connection.raw)
        .await?
        .map(read)
        .transpose()
}

/// The jobs in that state, or all.
pub async fn page(
    connection: &Scoped<impl ConnectionTrait>,
    state: Option<JobState>,
    part: &Slice,
) -> Result<Vec<Job>, StoreError> {
    let mut rows = connection.select::<Entity>();
    if let Some(state) = state {
        rows = rows.filter(Column::State.eq(state.code()));
    }
    let keys = [
        ("id", Column::Id, Key::Id),
        ("created_at", Column::CreatedAt, Key::Moment),
    ];
    slice(rows, &keys, part)?
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// Takes the job that has waited longest, of any organization: one that was
/// never begun, or one whose worker has not been heard of since its lease ran
/// out. Two workers never get the same one.
pub async fn claim(
    transaction: &Scoped<impl ConnectionTrait>,
    lease: Uuid,
    lease_for: TimeDelta,
    now: Timestamp,
) -> Result<Option<Claimed>, StoreError> {
    let waiting = Condition::all()
        .add(Column::State.eq(JobState::Queued.code()))
        .add(Column::RunAfter.lte(now));
    let abandoned = Condition::all()
        .add(Column::State.eq(JobState::Running.code()))
        .add(Column::LeaseUntil.lt(now));
    let found = Entity::find()
        .filter(Condition::any().add(waiting).add(abandoned))
        .order_by_asc(Column::RunAfter)
        .order_by_asc(Column::Id)
        .limit(1)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(&transaction.raw)
        .await?;
    let Some(row) = found else { return Ok(None) };
    let started_at = row.started_at.unwrap_or(now);
    Entity::update_many()
        .set(ActiveModel {
            state: Set(JobState::Running.code().to_owned()),
            lease: Set(Some(lease)),
            lease_until: Set(Some(now + lease_for)),
            attempts: Set(row.attempts + 1),
            started_at: Set(Some(started_at)),
            ..Default::default()
        })
        .filter(Column::Id.eq(row.id))
        .exec(&transaction.raw)
        .await?;
    let mut job = read(row)?;
    job.state = JobState::Running;
    job.attempts += 1;
    Ok(Some(Claimed { job, lease }))
}

/// Locks the job for this transaction if the lease still counts; `None` when
/// somebody else has taken it over, and then nothing may be written for it.
pub async fn hold(
    transaction: &Scoped<impl ConnectionTrait>,
    claimed: &Claimed,
) -> Result<Option<Job>, StoreError> {
    transaction
        .select::<Entity>()
        .filter(Column::Id.eq(claimed.job.id))
        .filter(Column::Lease.eq(claimed.lease))
        .filter(Column::State.eq(JobState::Running.code()))
        .lock_exclusive()
        .one(&transaction.raw)
        .await?
        .map(read)
        .transpose()
}

/// Tells that the worker lives; whether the lease still counts.
pub async fn heartbeat(
    connection: &Scoped<impl ConnectionTrait>,
    claimed: &Claimed,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let told = Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(until))
        .filter(Column::Id.eq(claimed.job.id))
        .filter(Column::Lease.eq(claimed.lease))
        .exec(&connection.raw)
        .await?;
    Ok(told.rows_affected == 1)
}

/// The list is read and its screening begun.
pub async fn begun(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
    screening_id: Uuid,
    rows_total: u32,
) -> Result<(), StoreError> {
    let change = ActiveModel {
        screening_id: Set(Some(screening_id)),
        rows_total: Set(Some(signed(rows_total))),
        ..Default::default()
    };
    change_one(transaction, id, change).await
}

/// So many suppliers are recorded, in this very transaction.
pub async fn progressed(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
    rows_done: u32,
) -> Result<(), StoreError> {
    let change = ActiveModel {
        rows_done: Set(signed(rows_done)),
        attempts: Set(0),
        ..Default::default()
    };
    change_one(transaction, id, change).await
}

/// It is over.
pub async fn end(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
    state: JobState,
    problem: Option<String>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let change = ActiveModel {
        state: Set(state.code().to_owned()),
        problem: Set(problem),
        lease: Set(None),
        lease_until: Set(None),
        finished_at: Set(Some(now)),
        ..Default::default()
    };
    change_one(transaction, id, change).await
}

/// Back into the queue until `run_after`, after so many attempts that count.
pub async fn put_back(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
    attempts: i32,
    run_after: Timestamp,
) -> Result<(), StoreError> {
    let change = ActiveModel {
        attempts: Set(attempts),
        state: Set(JobState::Queued.code().to_owned()),
        lease: Set(None),
        lease_until: Set(None),
        run_after: Set(run_after),
        ..Default::default()
    };
    change_one(transaction, id, change).await
}

/// Asks whoever works on it to stop.
pub async fn request_cancel(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<(), StoreError> {
    let change = ActiveModel {
        cancel_requested: Set(true),
        ..Default::default()
    };
    change_one(transaction, id, change).await
}

/// Locks the job for this transaction.
pub async fn lock(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<Job>, StoreError> {
    transaction
        .select::<Entity>()
        .filter(Column::Id.eq(id))
        .lock_exclusive()
        .one(&transaction.raw)
        .await?
        .map(read)
        .transpose()
}

async fn change_one(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
    change: ActiveModel,
) -> Result<(), StoreError> {
    Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id))
        .filter(Column::OrganizationId.eq(transaction.organization().0))
        .exec(&transaction.raw)
        .await?;
    Ok(())
}

fn read(row: Model) -> Result<Job, StoreError> {
    let unsigned = |number: i32| u32::try_from(number).unwrap_or_default();
    let state = JobState::ALL
        .into_iter()
        .find(|state| state.code() == row.state)
        .ok_or_else(|| StoreError::Unreadable {
            what: "job",
            id: row.id.to_string(),
            source: "its state is not known".into(),
        })?;
    Ok(Job {
        id: row.id,
        organization: OrganizationId(row.organization_id),
        state,
        supplier_list_id: row.supplier_list_id,
        screening_id: row.screening_id,
        as_of: row.as_of,
        actor: row.actor,
        idempotency_key: row.idempotency_key,
        request_sha256: row.request_sha256,
        rows_total: row.rows_total.map(unsigned),
        rows_done: unsigned(row.rows_done),
        attempts: row.attempts,
        cancel_requested: row.cancel_requested,
        problem: row.problem,
        created_at: row.created_at,
        started_at: row.started_at,
        finished_at: row.finished_at,
    })
}

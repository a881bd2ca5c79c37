//! Attempts to bring a list up to date, and the queue that they wait in.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use entities::list_sync::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, LockBehavior, LockType},
};
use uuid::Uuid;

use super::{Scoped, StoreError, database::lock};
use crate::{
    audit::canonical_text,
    clock::Timestamp,
    lists::{Retrieval, SnapshotHead, Source},
    organization::OrganizationId,
};

/// Lets one node at a time look for what is due.
const SYNC_LOCK: i64 = 0x0050_6c69_6d73_796e;
/// Ended at one look; the others at the next.
const BROKEN_OFF: u64 = 100;

/// Where an attempt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncState {
    Queued,
    Running,
    /// A new edition came into force.
    Kept,
    /// The publisher still says the same.
    Unchanged,
    /// What came is kept aside for a person to look at.
    Refused,
    /// Nothing usable came.
    Failed,
    /// It had been refused; a person has put it in force.
    Accepted,
}

impl SyncState {
    const ALL: [Self; 7] = [
        Self::Queued,
        Self::Running,
        Self::Kept,
        Self::Unchanged,
        Self::Refused,
        Self::Failed,
        Self::Accepted,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Kept => "kept",
            Self::Unchanged => "unchanged",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Accepted => "accepted",
        }
    }

    pub const fn is_over(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListSync {
    pub id: Uuid,
    pub source: Source,
    pub state: SyncState,
    pub actor: String,
    pub requested_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub problem: Option<String>,
    pub advice: Option<String>,
    /// Of the snapshot that came, in force or not.
    pub head: Option<SnapshotHead>,
    pub retrieval: Option<Retrieval>,
    pub snapshot_id: Option<Uuid>,
}

/// An attempt in hand: whoever holds the newest lease works on it.
#[derive(Debug, Clone)]
pub struct ClaimedSync {
    pub sync: ListSync,
    pub lease: Uuid,
}

/// How an attempt ended.
#[derive(Debug, Clone)]
pub struct SyncEnd {
    pub state: SyncState,
    pub problem: Option<String>,
    pub advice: Option<String>,
    pub head: Option<SnapshotHead>,
    pub retrieval: Option<Retrieval>,
    pub snapshot_id: Option<Uuid>,
}

impl SyncEnd {
    pub const fn new(state: SyncState) -> Self {
        Self {
            state,
            problem: None,
            advice: None,
            head: None,
            retrieval: None,
            snapshot_id: None,
        }
    }
}

/// Keeps every other node from looking for what is due until this transaction
/// ends.
pub async fn hold_queue(transaction: &Scoped<impl ConnectionTrait>) -> Result<(), StoreError> {
    Ok(lock(transaction, SYNC_LOCK).await?)
}

/// Where an attempt gets its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Supply {
    Publisher,
    /// Files, which only the one who brings them has.
    Person,
}

/// Asks for an attempt.
pub async fn add(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
    source: Source,
    supply: Supply,
    actor: &str,
    now: Timestamp,
) -> Result<ListSync, StoreError> {
    let row = Model {
        id,
        organization_id: transaction.owner_of(source).0,
        source: source.code().to_owned(),
        brought: supply == Supply::Person,
        state: SyncState::Queued.code().to_owned(),
        actor: actor.to_owned(),
        requested_at: now,
        finished_at: None,
        lease: None,
        lease_until: None,
        problem: None,
        advice: None,
        document_sha256: None,
        head: None,
        retrieval: None,
        snapshot_id: None,
    };
    Entity::insert(sea_orm::IntoActiveModel::<ActiveModel>::into_active_model(
        row.clone(),
    ))
    .exec_without_returning(&transaction.raw)
    .await?;
    read(&row)
}

/// The attempt to fetch the list that waits or is under way, if any.
pub async fn open_of(
    connection: &Scoped<impl ConnectionTrait>,
    source: Source,
) -> Result<Option<ListSync>, StoreError> {
    let open = [SyncState::Queued, SyncState::Running].map(SyncState::code);
    connection
        .select_list::<Entity>(source)
        .filter(Column::Source.eq(source.code()))
        .filter(Column::State.is_in(open))
        .filter(Column::Brought.eq(false))
        .order_by_asc(Column::RequestedAt)
        .limit(1)
        .one(&connection.raw)
        .await?
        .map(|row| read(&row))
        .transpose()
}

/// Takes the attempt for this worker: one that waits, or one whose worker has
/// not been heard of since its lease ran out. Without an id, one that anybody
/// can work on.
pub async fn claim(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Option<Uuid>,
    lease: Uuid,
    lease_for: TimeDelta,
    now: Timestamp,
) -> Result<Option<ClaimedSync>, StoreError> {
    let mut rows = transaction.select_visible::<Entity>().filter(free(now));
    rows = match id {
        Some(id) => rows.filter(Column::Id.eq(id)),
        None => rows.filter(Column::Brought.eq(false)),
    };
    let found = rows
        .order_by_asc(Column::RequestedAt)
        .order_by_asc(Column::Id)
        .limit(1)
        // One that is being kept this moment is locked, whatever its lease says.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(&transaction.raw)
        .await?;
    let Some(row) = found else { return Ok(None) };
    Entity::update_many()
        .set(ActiveModel {
            state: Set(SyncState::Running.code().to_owned()),
            lease: Set(Some(lease)),
            lease_until: Set(Some(now + lease_for)),
            ..Default::default()
        })
        .filter(Column::Id.eq(row.id))
        .exec(&transaction.raw)
        .await?;
    let mut sync = read(&row)?;
    sync.state = SyncState::Running;
    Ok(Some(ClaimedSync { sync, lease }))
}

fn free(now: Timestamp) -> Condition {
    let abandoned = Condition::all()
        .add(Column::State.eq(SyncState::Running.code()))
        .add(Column::LeaseUntil.lt(now));
    Condition::any()
        .add(Column::State.eq(SyncState::Queued.code()))
        .add(abandoned)
}

/// Attempts of any organization with files that somebody brought and that nobody
/// works on any more.
pub async fn broken_off(
    connection: &Scoped<impl ConnectionTrait>,
    lease_for: TimeDelta,
    now: Timestamp,
) -> Result<Vec<(OrganizationId, Uuid)>, StoreError> {
    Ok(Entity::find()
        .filter(free(now))
        .filter(Column::RequestedAt.lt(now - lease_for))
        .filter(Column::Brought.eq(true))
        .order_by_asc(Column::Id)
        .limit(BROKEN_OFF)
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(|row| (OrganizationId(row.organization_id), row.id))
        .collect())
}

/// Tells that the worker lives; whether the lease still counts.
pub async fn heartbeat(
    connection: &Scoped<impl ConnectionTrait>,
    claimed: &ClaimedSync,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let told = Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(until))
        .filter(Column::Id.eq(claimed.sync.id))
        .filter(Column::Lease.eq(claimed.lease))
        .exec(&connection.raw)
        .await?;
    Ok(told.rows_affected == 1)
}

/// Locks the attempt for this transaction if the lease still counts.
pub async fn hold(
    transaction: &Scoped<impl ConnectionTrait>,
    claimed: &ClaimedSync,
) -> Result<bool, StoreError> {
    let found = transaction
        .select_list::<Entity>(claimed.sync.source)
        .filter(Column::Id.eq(claimed.sync.id))
        .filter(Column::Lease.eq(claimed.lease))
        .filter(Column::State.eq(SyncState::Running.code()))
        .lock_exclusive()
        .one(&transaction.raw)
        .await?;
    Ok(found.is_some())
}

/// It is over.
pub async fn end(
    transaction: &Scoped<impl ConnectionTrait>,
    sync: &ListSync,
    end: SyncEnd,
    now: Timestamp,
) -> Result<(), StoreError> {
    let unwritable = |source: crate::audit::NotCanonical| StoreError::Unreadable {
        what: "list sync",
        id: sync.id.to_string(),
        source: source.into(),
    };
    let head = end.head.as_ref().map(canonical_text);
    let retrieval = end.retrieval.as_ref().map(canonical_text);
    Entity::update_many()
        .set(ActiveModel {
            state: Set(end.state.code().to_owned()),
            finished_at: Set(Some(now)),
            lease: Set(None),
            lease_until: Set(None),
            problem: Set(end.problem),
            advice: Set(end.advice),
            document_sha256: Set(end.head.as_ref().map(|head| head.sha256.clone())),
            head: Set(head.transpose().map_err(unwritable)?),
            retrieval: Set(retrieval.transpose().map_err(unwritable)?),
            snapshot_id: Set(end.snapshot_id),
            ..Default::default()
        })
        .filter(Column::Id.eq(sync.id))
        .filter(Column::OrganizationId.eq(transaction.owner_of(sync.source).0))
        .exec(&transaction.raw)
        .await?;
    Ok(())
}

/// One attempt that the organization sees.
pub async fn find(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<ListSync>, StoreError> {
    connection
        .select_visible::<Entity>()
        .filter(Column::Id.eq(id))
        .one(&connection.raw)
        .await?
        .map(|row| read(&row))
        .transpose()
}

/// Like [`find`], locked for this transaction.
pub async fn lock_one(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<ListSync>, StoreError> {
    transaction
        .select_visible::<Entity>()
        .filter(Column::Id.eq(id))
        .lock_exclusive()
        .one(&transaction.raw)
        .await?
        .map(|row| read(&row))
        .transpose()
}

/// Newest first.
pub async fn page(
    connection: &Scoped<impl ConnectionTrait>,
    source: Option<Source>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<ListSync>, StoreError> {
    let mut rows = connection.select_visible::<Entity>();
    if let Some(source) = source {
        rows = rows.filter(Column::Source.eq(source.code()));
    }
    if let Some(before) = before {
        rows = rows.filter(Column::Id.lt(before));
    }
    rows.order_by_desc(Column::Id)
        .limit(limit)
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(|row| read(&row))
        .collect()
}

/// The newest attempt of the list that is over.
pub async fn last_of(
    connection: &Scoped<impl ConnectionTrait>,
    source: Source,
) -> Result<Option<ListSync>, StoreError> {
    connection
        .select_list::<Entity>(source)
        .filter(Column::Source.eq(source.code()))
        .filter(Column::FinishedAt.is_not_null())
        .order_by_desc(Column::RequestedAt)
        .order_by_desc(Column::Id)
        .limit(1)
        .one(&connection.raw)
        .await?
        .map(|row| read(&row))
        .transpose()
}

/// Whether any attempt that anybody can work on waits or was abandoned.
pub async fn waiting(
    connection: &Scoped<impl ConnectionTrait>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let found = connection
        .select_visible::<Entity>()
        .filter(free(now))
        .filter(Column::Brought.eq(false))
        .limit(1)
        .one(&connection.raw)
        .await?;
    Ok(found.is_some())
}

/// When each of these editions was last found unchanged, up to the end of the
/// day.
pub async fn confirmations(
    connection: &Scoped<impl ConnectionTrait>,
    editions: &[Uuid],
    as_of: NaiveDate,
) -> Result<HashMap<Uuid, Timestamp>, StoreError> {
    let mut rows = connection
        .select_visible::<Entity>()
        .filter(Column::SnapshotId.is_in(editions.iter().copied()))
        .filter(Column::State.eq(SyncState::Unchanged.code()));
    if let Some(end) = as_of.succ_opt().and_then(|day| day.and_hms_opt(0, 0, 0)) {
        rows = rows.filter(Column::FinishedAt.lt(end.and_utc()));
    }
    let found = rows
        .select_only()
        .column(Column::SnapshotId)
        .column_as(Column::FinishedAt.max(), "finished_at")
        .group_by(Column::SnapshotId)
        .into_model::<Confirmation>()
        .all(&connection.raw)
        .await?;
    Ok(found
        .into_iter()
        .map(|row| (row.snapshot_id, row.finished_at))
        .collect())
}

#[derive(Debug, FromQueryResult)]
struct Confirmation {
    snapshot_id: Uuid,
    finished_at: Timestamp,
}

fn read(row: &Model) -> Result<ListSync, StoreError> {
    let unreadable = |source: Box<dyn std::error::Error + Send + Sync>| StoreError::Unreadable {
        what: "list sync",
        id: row.id.to_string(),
        source,
    };
    let state = SyncState::ALL
        .into_iter()
        .find(|state| state.code() == row.state)
        .ok_or_else(|| unreadable("its state is not known".into()))?;
    let head = row.head.as_deref().map(serde_json::from_str).transpose();
    let retrieval = row
        .retrieval
        .as_deref()
        .map(serde_json::from_str)
        .transpose();
    Ok(ListSync {
        id: row.id,
        source: row
            .source
            .parse()
            .map_err(|error: crate::lists::UnknownSource| unreadable(error.into()))?,
        state,
        actor: row.actor.clone(),
        requested_at: row.requested_at,
        finished_at: row.finished_at,
        problem: row.problem.clone(),
        advice: row.advice.clone(),
        head: head.map_err(|error| unreadable(error.into()))?,
        retrieval: retrieval.map_err(|error| unreadable(error.into()))?,
        snapshot_id: row.snapshot_id,
    })
}

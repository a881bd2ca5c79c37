//! Messages to webhook endpoints: written in the transaction of what they tell
//! of, sent later by whichever worker is free.

use chrono::TimeDelta;
use entities::{webhook_attempt, webhook_delivery, webhook_message};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{LockBehavior, LockType},
};
use uuid::Uuid;
use webhook_delivery::Column;

use super::{
    Scoped, Slice, StoreError,
    database::{insertable, lock},
    delivery_turns::{Room, in_turn},
    listing::{Key, slice},
};
use crate::{clock::Timestamp, organization::OrganizationId};

/// Whose turn it is to forget, on PostgreSQL.
const FORGET_LOCK: i64 = 0x0050_6c69_6d66_6f72;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// To be sent, at its next moment.
    Pending,
    Delivered,
    /// Given up; it can be replayed.
    Parked,
}

impl DeliveryState {
    pub const ALL: [Self; 3] = [Self::Pending, Self::Delivered, Self::Parked];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Parked => "parked",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: Uuid,
    pub kind: String,
    /// The bytes that are signed and sent.
    pub body: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub id: Uuid,
    pub organization: OrganizationId,
    pub endpoint_id: Uuid,
    pub message_id: Uuid,
    pub state: DeliveryState,
    pub attempts: u32,
    pub next_at: Timestamp,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub id: Uuid,
    pub delivery_id: Uuid,
    pub at: Timestamp,
    /// `None`: no answer.
    pub status: Option<u16>,
    pub duration_ms: u32,
    /// In a sentence.
    pub outcome: String,
    /// The beginning of the answer.
    pub excerpt: Option<String>,
}

/// A delivery in hand. Whoever holds the newest lease sends it.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub delivery: Delivery,
    pub lease: Uuid,
}

/// Writes a message and its way to each of the endpoints.
pub async fn add(
    transaction: &Scoped<impl ConnectionTrait>,
    message: Message,
    deliveries: Vec<(Uuid, Uuid)>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = transaction.organization().0;
    let message_id = message.id;
    webhook_message::Entity::insert(webhook_message::ActiveModel {
        id: Set(message.id),
        organization_id: Set(organization),
        kind: Set(message.kind),
        body: Set(message.body),
        created_at: Set(now),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    let rows: Vec<_> = deliveries
        .into_iter()
        .map(|(id, endpoint_id)| webhook_delivery::ActiveModel {
            id: Set(id),
            organization_id: Set(organization),
            endpoint_id: Set(endpoint_id),
            message_id: Set(message_id),
            state: Set(DeliveryState::Pending.code().to_owned()),
            attempts: Set(0),
            next_at: Set(now),
            lease: Set(None),
            lease_until: Set(None),
            created_at: Set(now),
            finished_at: Set(None),
        })
        .collect();
    for batch in insertable(&rows, 11) {
        webhook_delivery::Entity::insert_many(batch.iter().cloned())
            .exec_without_returning(&transaction.raw)
            .await?;
    }
    Ok(())
}

pub(super) fn due(now: Timestamp) -> Condition {
    let free = Condition::any()
        .add(Column::LeaseUntil.is_null())
        .add(Column::LeaseUntil.lt(now));
    Condition::all()
        .add(Column::State.eq(DeliveryState::Pending.code()))
        .add(Column::NextAt.lte(now))
        .add(free)
}

/// Whether anything of any organization is to be sent now.
pub async fn any_due(
    connection: &Scoped<impl ConnectionTrait>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(webhook_delivery::Entity::find()
        .filter(due(now))
        .limit(1)
        .one(&connection.raw)
        .await?
        .is_some())
}

/// Takes what is to be sent now and finds room: organizations in turn, and the
/// endpoints of each by how long they wait. Two workers never get the same one.
pub async fn claim(
    transaction: &Scoped<impl ConnectionTrait>,
    lease: Uuid,
    lease_for: TimeDelta,
    room: Room,
    now: Timestamp,
) -> Result<Vec<Claimed>, StoreError> {
    let mut rows = Vec::new();
    for (endpoint, share) in in_turn(transaction, room, now).await? {
        let of_one = webhook_delivery::Entity::find()
            .filter(due(now))
            .filter(Column::EndpointId.eq(endpoint))
            .order_by_asc(Column::NextAt)
            .order_by_asc(Column::Id)
            .limit(share as u64)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(&transaction.raw)
            .await?;
        rows.extend(of_one);
    }
    webhook_delivery::Entity::update_many()
        .set(webhook_delivery::ActiveModel {
            lease: Set(Some(lease)),
            lease_until: Set(Some(now + lease_for)),
            ..Default::default()
        })
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(&transaction.raw)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Claimed {
                delivery: read(row)?,
                lease,
            })
        })
        .collect()
}

/// Forgets what was delivered or given up before that moment, some of it: tries,
/// deliveries and messages that nobody is told of any more, of any organization.
/// Returns how many deliveries were forgotten.
pub async fn forget(
    transaction: &Scoped<impl ConnectionTrait>,
    finished_before: Timestamp,
    most: u64,
) -> Result<usize, StoreError> {
    // Two who forget at once would each leave a message to the other.
    lock(transaction, FORGET_LOCK).await?;
    let rows = webhook_delivery::Entity::find()
        .filter(Column::State.ne(DeliveryState::Pending.code()))
        .filter(Column::FinishedAt.lt(finished_before))
        .limit(most)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(&transaction.raw)
        .await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let messages: Vec<_> = rows.iter().map(|row| row.message_id).collect();
    webhook_attempt::Entity::delete_many()
        .filter(webhook_attempt::Column::DeliveryId.is_in(ids.iter().copied()))
        .exec(&transaction.raw)
        .await?;
    webhook_delivery::Entity::delete_many()
        .filter(Column::Id.is_in(ids.iter().copied()))
        .exec(&transaction.raw)
        .await?;
    let told = sea_orm::sea_query::Query::select()
        .column(Column::MessageId)
        .from(webhook_delivery::Entity)
        .and_where(Column::MessageId.is_in(messages.iter().copied()))
        .to_owned();
    webhook_message::Entity::delete_many()
        .filter(webhook_message::Column::Id.is_in(messages))
        .filter(webhook_message::Column::Id.not_in_subquery(told))
        .exec(&transaction.raw)
        .await?;
    Ok(ids.len())
}

/// How many messages of that kind wait to be sent to an endpoint.
pub async fn open_of_kind(
    connection: &Scoped<impl ConnectionTrait>,
    endpoint_id: Uuid,
    kind: &str,
) -> Result<u64, StoreError> {
    let messages = sea_orm::sea_query::Query::select()
        .column(webhook_message::Column::Id)
        .from(webhook_message::Entity)
        .and_where(webhook_message::Column::Kind.eq(kind))
        .and_where(webhook_message::Column::OrganizationId.eq(connection.organization().0))
        .to_owned();
    Ok(connection
        .select::<webhook_delivery::Entity>()
        .filter(Column::EndpointId.eq(endpoint_id))
        .filter(Column::State.eq(DeliveryState::Pending.code()))
        .filter(Column::MessageId.in_subquery(messages))
        .count(&connection.raw)
        .await?)
}

/// Locks the delivery for this transaction if the lease still counts; where it
/// stands now. Its endpoint is locked before.
pub async fn hold(
    transaction: &Scoped<impl ConnectionTrait>,
    claimed: &Claimed,
) -> Result<Option<DeliveryState>, StoreError> {
    transaction
        .select::<webhook_delivery::Entity>()
        .filter(Column::Id.eq(claimed.delivery.id))
        .filter(Column::Lease.eq(claimed.lease))
        .lock_exclusive()
        .one(&transaction.raw)
        .await?
        .map(|row| Ok(read(&row)?.state))
        .transpose()
}

pub async fn message(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Message, StoreError> {
    let row = connection
        .select::<webhook_message::Entity>()
        .filter(webhook_message::Column::Id.eq(id))
        .one(&connection.raw)
        .await?
        .ok_or_else(|| StoreError::Missing {
            what: "message",
            id: id.to_string(),
        })?;
    Ok(Message {
        id: row.id,
        kind: row.kind,
        body: row.body,
    })
}

/// Records one try.
pub async fn tried(
    transaction: &Scoped<impl ConnectionTrait>,
    attempt: Attempt,
) -> Result<(), StoreError> {
    webhook_attempt::Entity::insert(webhook_attempt::ActiveModel {
        id: Set(attempt.id),
        organization_id: Set(transaction.organization().0),
        delivery_id: Set(attempt.delivery_id),
        at: Set(attempt.at),
        status: Set(attempt.status.map(i32::from)),
        duration_ms: Set(i32::try_from(attempt.duration_ms).unwrap_or(i32::MAX)),
        outcome: Set(attempt.outcome),
        excerpt: Set(attempt.excerpt),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

/// Where the delivery stands after a try.
pub async fn stands(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
    state: DeliveryState,
    attempts: u32,
    next_at: Timestamp,
    at: Timestamp,
) -> Result<(), StoreError> {
    let over = state != DeliveryState::Pending;
    change(
        transaction,
        id,
        webhook_delivery::ActiveModel {
            state: Set(state.code().to_owned()),
            attempts: Set(i32::try_from(attempts).unwrap_or(i32::MAX)),
            next_at: Set(next_at),
            lease: Set(None),
            lease_until: Set(None),
            finished_at: Set(over.then_some(at)),
            ..Default::default()
        },
    )
    .await
}

/// To be sent again, from the beginning.
pub async fn replay(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
    now: Timestamp,
) -> Result<(), StoreError> {
    change(
        transaction,
        id,
        webhook_delivery::ActiveModel {
            state: Set(DeliveryState::Pending.code().to_owned()),
            attempts: Set(0),
            next_at: Set(now),
            lease: Set(None),
            lease_until: Set(None),
            finished_at: Set(None),
            ..Default::default()
        },
    )
    .await
}

/// Gives up what waits for an endpoint.
pub async fn park_all(
    transaction: &Scoped<impl ConnectionTrait>,
    endpoint_id: Uuid,
    now: Timestamp,
) -> Result<(), StoreError> {
    webhook_delivery::Entity::update_many()
        .set(webhook_delivery::ActiveModel {
            state: Set(DeliveryState::Parked.code().to_owned()),
            finished_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(Column::OrganizationId.eq(transaction.organization().0))
        .filter(Column::EndpointId.eq(endpoint_id))
        .filter(Column::State.eq(DeliveryState::Pending.code()))
        .exec(&transaction.raw)
        .await?;
    Ok(())
}

async fn change(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
    change: webhook_delivery::ActiveModel,
) -> Result<(), StoreError> {
    webhook_delivery::Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id))
        .filter(Column::OrganizationId.eq(transaction.organization().0))
        .exec(&transaction.raw)
        .await?;
    Ok(())
}

pub async fn find(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<Delivery>, StoreError> {
    connection
        .select::<webhook_delivery::Entity>()
        .filter(Column::Id.eq(id))
        .one(&connection.raw)
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// Of one endpoint: those in that state, or all.
pub async fn page(
    connection: &Scoped<impl ConnectionTrait>,
    endpoint_id: Uuid,
    state: Option<DeliveryState>,
    part: &Slice,
) -> Result<Vec<Delivery>, StoreError> {
    let mut rows = connection
        .select::<webhook_delivery::Entity>()
        .filter(Column::EndpointId.eq(endpoint_id));
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
        .iter()
        .map(read)
        .collect()
}

/// The tries of one delivery, oldest first.
pub async fn attempts(
    connection: &Scoped<impl ConnectionTrait>,
    delivery_id: Uuid,
) -> Result<Vec<Attempt>, StoreError> {
    Ok(connection
        .select::<webhook_attempt::Entity>()
        .filter(webhook_attempt::Column::DeliveryId.eq(delivery_id))
        .order_by_asc(webhook_attempt::Column::Id)
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(|row| Attempt {
            id: row.id,
            delivery_id: row.delivery_id,
            at: row.at,
            status: row.status.and_then(|status| u16::try_from(status).ok()),
            duration_ms: u32::try_from(row.duration_ms).unwrap_or_default(),
            outcome: row.outcome,
            excerpt: row.excerpt,
        })
        .collect())
}

/// How many deliveries of all organizations are in that state.
pub async fn count(
    connection: &Scoped<impl ConnectionTrait>,
    state: DeliveryState,
) -> Result<u64, StoreError> {
    Ok(webhook_delivery::Entity::find()
        .filter(Column::State.eq(state.code()))
        .count(&connection.raw)
        .await?)
}

fn read(row: &webhook_delivery::Model) -> Result<Delivery, StoreError> {
    let state = DeliveryState::ALL
        .into_iter()
        .find(|state| state.code() == row.state)
        .ok_or_else(|| StoreError::Unreadable {
            what: "delivery",
            id: row.id.to_string(),
            source: "its state is not known".into(),
        })?;
    Ok(Delivery {
        id: row.id,
        organization: OrganizationId(row.organization_id),
        endpoint_id: row.endpoint_id,
        message_id: row.message_id,
        state,
        attempts: u32::try_from(row.attempts).unwrap_or_default(),
        next_at: row.next_at,
        created_at: row.created_at,
        finished_at: row.finished_at,
    })
}

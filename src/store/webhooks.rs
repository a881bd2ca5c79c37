//! Where an organization wants to be told of what happens.

use entities::webhook_endpoint::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, LockType},
};
use uuid::Uuid;

use super::{
    Scoped, Slice, StoreError,
    listing::{Key, slice},
};
use crate::clock::Timestamp;

#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub id: Uuid,
    pub url: String,
    /// Codes, parted by blanks.
    pub events: String,
    pub secret: String,
    /// Signs too until that moment.
    pub previous: Option<(String, Timestamp)>,
    pub active: bool,
    /// The first failure since the last success.
    pub failing_since: Option<Timestamp>,
    /// Why the service stopped telling it.
    pub disabled_because: Option<String>,
    pub created_by: String,
    pub created_at: Timestamp,
    pub version: i32,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Endpoint")
            .field("id", &self.id)
            .field("active", &self.active)
            .finish_non_exhaustive()
    }
}

pub async fn add(
    transaction: &Scoped<impl ConnectionTrait>,
    added: Endpoint,
) -> Result<(), StoreError> {
    Entity::insert(ActiveModel {
        id: Set(added.id),
        organization_id: Set(transaction.organization().0),
        url: Set(added.url),
        events: Set(added.events),
        secret: Set(added.secret),
        previous_secret: Set(None),
        previous_until: Set(None),
        active: Set(added.active),
        failing_since: Set(None),
        disabled_because: Set(None),
        created_by: Set(added.created_by),
        created_at: Set(added.created_at),
        removed_at: Set(None),
        version: Set(added.version),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

fn present(connection: &Scoped<impl ConnectionTrait>) -> Select<Entity> {
    connection
        .select::<Entity>()
        .filter(Column::RemovedAt.is_null())
}

pub async fn find(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<Endpoint>, StoreError> {
    Ok(present(connection)
        .filter(Column::Id.eq(id))
        .one(&connection.raw)
        .await?
        .map(read))
}

/// The endpoint, which nobody else changes until the transaction ends. Taken
/// before its deliveries and before the audit chain; whoever holds the chain may
/// still write deliveries to it, since its key is not locked.
pub async fn lock(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<Endpoint>, StoreError> {
    Ok(present(transaction)
        .filter(Column::Id.eq(id))
        .lock(LockType::NoKeyUpdate)
        .one(&transaction.raw)
        .await?
        .map(read))
}

pub async fn count(connection: &Scoped<impl ConnectionTrait>) -> Result<u64, StoreError> {
    Ok(present(connection).count(&connection.raw).await?)
}

/// Those that are told of what happens, or those turned off, or all.
pub async fn page(
    connection: &Scoped<impl ConnectionTrait>,
    active: Option<bool>,
    part: &Slice,
) -> Result<Vec<Endpoint>, StoreError> {
    let mut rows = present(connection);
    if let Some(active) = active {
        rows = rows.filter(Column::Active.eq(active));
    }
    let keys = [
        ("id", Column::Id, Key::Id),
        ("created_at", Column::CreatedAt, Key::Moment),
    ];
    Ok(slice(rows, &keys, part)?
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(read)
        .collect())
}

/// Every endpoint that is told of what happens.
pub async fn listening(
    connection: &Scoped<impl ConnectionTrait>,
) -> Result<Vec<Endpoint>, StoreError> {
    Ok(present(connection)
        .filter(Column::Active.eq(true))
        .order_by_asc(Column::Id)
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(read)
        .collect())
}

/// Writes what can change of an endpoint, and counts the change.
pub async fn change(
    transaction: &Scoped<impl ConnectionTrait>,
    changed: &Endpoint,
) -> Result<(), StoreError> {
    let (previous_secret, previous_until) = changed.previous.clone().unzip();
    let change = ActiveModel {
        url: Set(changed.url.clone()),
        events: Set(changed.events.clone()),
        secret: Set(changed.secret.clone()),
        previous_secret: Set(previous_secret),
        previous_until: Set(previous_until),
        active: Set(changed.active),
        failing_since: Set(changed.failing_since),
        disabled_because: Set(changed.disabled_because.clone()),
        version: Set(changed.version + 1),
        ..Default::default()
    };
    update(transaction, changed.id, change).await
}

/// Tells how the last try went; `None`: well.
pub async fn failing(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
    since: Option<Timestamp>,
) -> Result<(), StoreError> {
    let mut rows = Entity::update_many()
        .col_expr(Column::FailingSince, Expr::value(since))
        .filter(Column::Id.eq(id))
        .filter(Column::OrganizationId.eq(transaction.organization().0));
    // The first failure counts, and a success is only news after one.
    rows = match since {
        Some(_) => rows.filter(Column::FailingSince.is_null()),
        None => rows.filter(Column::FailingSince.is_not_null()),
    };
    rows.exec(&transaction.raw).await?;
    Ok(())
}

pub async fn remove(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
    now: Timestamp,
) -> Result<(), StoreError> {
    let change = ActiveModel {
        active: Set(false),
        secret: Set(String::new()),
        previous_secret: Set(None),
        removed_at: Set(Some(now)),
        ..Default::default()
    };
    update(transaction, id, change).await
}

async fn update(
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

fn read(row: Model) -> Endpoint {
    Endpoint {
        id: row.id,
        url: row.url,
        events: row.events,
        secret: row.secret,
        previous: row.previous_secret.zip(row.previous_until),
        active: row.active,
        failing_since: row.failing_since,
        disabled_because: row.disabled_because,
        created_by: row.created_by,
        created_at: row.created_at,
        version: row.version,
    }
}

//! The audit chain in the database.

use entities::audit_event::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::{
    StoreError,
    database::{lock, rows_per_statement},
};
use crate::audit::{ChainHead, Event, SealedEvent};

/// Serializes appends of several nodes on one PostgreSQL; on SQLite the
/// write lock of the transaction does.
const CHAIN_LOCK: i64 = 0x0050_6c69_6d63_6861;
const COLUMNS: usize = 6;
/// Events read at once when the whole chain is walked.
const PAGE: u64 = 5_000;

/// Appends events in one transaction with the write that they tell of. Returns
/// the new chain head.
pub async fn append(
    transaction: &impl ConnectionTrait,
    events: Vec<Event>,
) -> Result<ChainHead, StoreError> {
    hold(transaction).await?;
    let mut head = head(transaction).await?;
    let mut sealed = Vec::with_capacity(events.len());
    for event in events {
        let subject = event.subject.clone();
        sealed.push(head.seal(event).map_err(|source| StoreError::Unreadable {
            what: "audit event of",
            id: subject,
            source: source.into(),
        })?);
    }
    for batch in sealed.chunks(rows_per_statement(COLUMNS)) {
        Entity::insert_many(batch.iter().map(to_row))
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(head)
}

/// Keeps every other transaction from appending until this one ends; for a
/// write that depends on what was appended before.
pub async fn hold(transaction: &impl ConnectionTrait) -> Result<(), StoreError> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        lock(transaction, CHAIN_LOCK).await?;
    }
    Ok(())
}

/// Where the chain ends now.
pub async fn head(connection: &impl ConnectionTrait) -> Result<ChainHead, StoreError> {
    let last = Entity::find()
        .order_by_desc(Column::Number)
        .limit(1)
        .one(connection)
        .await?;
    Ok(last.map_or_else(ChainHead::default, |event| ChainHead {
        number: event.number,
        hash: event.hash,
    }))
}

/// The next events after `number`, in order; empty at the end of the chain.
pub async fn page_after(
    connection: &impl ConnectionTrait,
    number: i64,
) -> Result<Vec<SealedEvent>, StoreError> {
    let rows = Entity::find()
        .filter(Column::Number.gt(number))
        .order_by_asc(Column::Number)
        .limit(PAGE)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(from_row).collect())
}

fn to_row(event: &SealedEvent) -> ActiveModel {
    ActiveModel {
        number: Set(event.number),
        at: Set(event.at.clone()),
        kind: Set(event.kind.clone()),
        subject: Set(event.subject.clone()),
        body: Set(event.body.clone()),
        hash: Set(event.hash.clone()),
    }
}

fn from_row(row: Model) -> SealedEvent {
    SealedEvent {
        number: row.number,
        at: row.at,
        kind: row.kind,
        subject: row.subject,
        body: row.body,
        hash: row.hash,
    }
}

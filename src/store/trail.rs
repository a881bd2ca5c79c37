//! The audit chain in the database: one for all organizations, so that none
//! can be rewritten without the others noticing.

use entities::audit_event::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::{
    Scoped, Slice, StoreError,
    database::{insertable, lock},
    listing::{Key, slice},
};
use crate::{
    audit::{ChainHead, Event, SealedEvent},
    clock::{Timestamp, rfc3339},
    organization::OrganizationId,
};

/// Serializes appends of several nodes on one PostgreSQL; on SQLite the
/// write lock of the transaction does.
const CHAIN_LOCK: i64 = 0x0050_6c69_6d63_6861;
const COLUMNS: usize = 7;
/// Events read at once when the whole chain is walked.
const PAGE: u64 = 5_000;

/// Appends events in one transaction with the write that they tell of. Returns
/// the new chain head.
pub async fn append(
    transaction: &Scoped<impl ConnectionTrait>,
    events: Vec<Event>,
) -> Result<ChainHead, StoreError> {
    let organization = transaction.organization();
    let events = events.into_iter().map(|event| (organization, event));
    append_each(transaction, events.collect()).await
}

/// The same for several organizations' events.
pub async fn append_each(
    transaction: &Scoped<impl ConnectionTrait>,
    events: Vec<(OrganizationId, Event)>,
) -> Result<ChainHead, StoreError> {
    hold(transaction).await?;
    let mut head = head(transaction).await?;
    let mut sealed = Vec::with_capacity(events.len());
    for (organization, event) in events {
        let subject = event.subject.clone();
        sealed.push(
            head.seal(organization, event)
                .map_err(|source| StoreError::Unreadable {
                    what: "audit event of",
                    id: subject,
                    source: source.into(),
                })?,
        );
    }
    for batch in insertable(&sealed, COLUMNS) {
        Entity::insert_many(batch.iter().map(to_row))
            .exec_without_returning(&transaction.raw)
            .await?;
    }
    Ok(head)
}

/// Keeps every other transaction from appending until this one ends; for a
/// write that depends on what was appended before.
pub async fn hold(transaction: &Scoped<impl ConnectionTrait>) -> Result<(), StoreError> {
    Ok(lock(transaction, CHAIN_LOCK).await?)
}

/// Where the chain ends now.
pub async fn head(connection: &Scoped<impl ConnectionTrait>) -> Result<ChainHead, StoreError> {
    let last = Entity::find()
        .order_by_desc(Column::Number)
        .limit(1)
        .one(&connection.raw)
        .await?;
    Ok(last.map_or_else(ChainHead::default, |event| ChainHead {
        number: event.number,
        hash: event.hash,
    }))
}

/// The next events after `number`, in order; empty at the end of the chain.
pub async fn page_after(
    connection: &Scoped<impl ConnectionTrait>,
    number: i64,
) -> Result<Vec<SealedEvent>, StoreError> {
    let rows = Entity::find()
        .filter(Column::Number.gt(number))
        .order_by_asc(Column::Number)
        .limit(PAGE)
        .all(&connection.raw)
        .await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// Which events are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub kind: Option<String>,
    pub subject: Option<String>,
    pub since: Option<Timestamp>,
    pub before: Option<Timestamp>,
}

/// The organization's own events.
pub async fn own_page(
    connection: &Scoped<impl ConnectionTrait>,
    wanted: &Wanted,
    part: &Slice,
) -> Result<Vec<SealedEvent>, StoreError> {
    let mut all = Condition::all();
    if let Some(kind) = &wanted.kind {
        all = all.add(Column::Kind.eq(kind));
    }
    if let Some(subject) = &wanted.subject {
        all = all.add(Column::Subject.eq(subject));
    }
    // Moments of events are texts of one length, in order of time.
    if let Some(since) = wanted.since {
        all = all.add(Column::At.gte(rfc3339(since)));
    }
    if let Some(before) = wanted.before {
        all = all.add(Column::At.lt(rfc3339(before)));
    }
    let keys = [("number", Column::Number, Key::Number)];
    let rows = slice(connection.select::<Entity>().filter(all), &keys, part)?
        .all(&connection.raw)
        .await?;
    Ok(rows.into_iter().map(from_row).collect())
}

fn to_row(event: &SealedEvent) -> ActiveModel {
    ActiveModel {
        number: Set(event.number),
        organization_id: Set(event.organization.0),
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
        organization: OrganizationId(row.organization_id),
        at: row.at,
        kind: row.kind,
        subject: row.subject,
        body: row.body,
        hash: row.hash,
    }
}

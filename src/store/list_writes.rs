//! Whose turn it is to write rows of a list. They are written in many short
//! transactions before the edition comes into force in the last one: until
//! then no edition that is held has them.

use chrono::TimeDelta;
use entities::list_write::{ActiveModel, Column, Entity};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

use super::{Scoped, StoreError};
use crate::{clock::Timestamp, lists::Source};

/// A turn in hand: whoever holds the newest lease writes.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    pub source: Source,
    lease: Uuid,
}

/// What asking for a turn gives.
#[derive(Debug, Clone, Copy)]
pub enum Asked {
    /// `leftover`: whoever had it before did not come to an end.
    Taken { turn: Turn, leftover: bool },
    /// Somebody else is writing.
    Busy,
}

/// Takes the turn, unless somebody else has it who has been heard of since
/// their lease began. The caller holds the queue.
pub async fn take(
    transaction: &Scoped<impl ConnectionTrait>,
    source: Source,
    lease: Uuid,
    lease_for: TimeDelta,
    now: Timestamp,
) -> Result<Asked, StoreError> {
    let before = transaction
        .select_list::<Entity>(source)
        .filter(Column::Source.eq(source.code()))
        .lock_exclusive()
        .one(&transaction.raw)
        .await?;
    if let Some(before) = &before
        && before.lease_until >= now
    {
        return Ok(Asked::Busy);
    }
    end(transaction, source).await?;
    Entity::insert(ActiveModel {
        organization_id: Set(transaction.owner_of(source).0),
        source: Set(source.code().to_owned()),
        lease: Set(lease),
        lease_until: Set(now + lease_for),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(Asked::Taken {
        turn: Turn { source, lease },
        leftover: before.is_some(),
    })
}

/// Locks the turn for this transaction and lengthens its lease; whether it is
/// still ours.
pub async fn hold(
    transaction: &Scoped<impl ConnectionTrait>,
    turn: &Turn,
    lease_for: TimeDelta,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let held = Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(now + lease_for))
        .filter(Column::OrganizationId.eq(transaction.owner_of(turn.source).0))
        .filter(Column::Source.eq(turn.source.code()))
        .filter(Column::Lease.eq(turn.lease))
        .exec(&transaction.raw)
        .await?;
    Ok(held.rows_affected == 1)
}

/// Nobody writes rows of the list any more.
pub async fn end(
    transaction: &Scoped<impl ConnectionTrait>,
    source: Source,
) -> Result<(), StoreError> {
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(transaction.owner_of(source).0))
        .filter(Column::Source.eq(source.code()))
        .exec(&transaction.raw)
        .await?;
    Ok(())
}

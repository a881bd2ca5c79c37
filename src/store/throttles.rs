//! Budgets that all servers share: everybody's.

use entities::throttle::{ActiveModel, Column, Entity};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use super::{Scoped, StoreError};
use crate::{clock::Timestamp, organization::OrganizationId};

/// When nothing of the budget is used up any more; `now` when it was never
/// used. Nobody else changes it until the transaction ends.
pub async fn lock(
    transaction: &Scoped<impl ConnectionTrait>,
    key_sha256: &str,
    now: Timestamp,
) -> Result<Timestamp, StoreError> {
    Entity::insert(ActiveModel {
        key_sha256: Set(key_sha256.to_owned()),
        organization_id: Set(OrganizationId::PUBLIC.0),
        empty_at: Set(now),
    })
    .on_conflict(
        OnConflict::column(Column::KeySha256)
            .do_nothing()
            .to_owned(),
    )
    .exec_without_returning(&transaction.raw)
    .await?;
    let found = transaction
        .select_public::<Entity>()
        .filter(Column::KeySha256.eq(key_sha256))
        .lock_exclusive()
        .one(&transaction.raw)
        .await?;
    Ok(found.map_or(now, |row| row.empty_at))
}

pub async fn set(
    transaction: &Scoped<impl ConnectionTrait>,
    key_sha256: &str,
    empty_at: Timestamp,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::EmptyAt, Expr::value(empty_at))
        .filter(Column::KeySha256.eq(key_sha256))
        .exec(&transaction.raw)
        .await?;
    Ok(())
}

/// Forgets what is used up of one budget.
pub async fn clear(
    transaction: &Scoped<impl ConnectionTrait>,
    key_sha256: &str,
) -> Result<(), StoreError> {
    Entity::delete_many()
        .filter(Column::KeySha256.eq(key_sha256))
        .exec(&transaction.raw)
        .await?;
    Ok(())
}

/// Forgets budgets of which nothing is used up.
pub async fn clear_empty(
    transaction: &Scoped<impl ConnectionTrait>,
    now: Timestamp,
) -> Result<(), StoreError> {
    Entity::delete_many()
        .filter(Column::EmptyAt.lt(now))
        .exec(&transaction.raw)
        .await?;
    Ok(())
}

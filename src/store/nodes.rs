//! The servers that are up: everybody's.

use entities::node::{ActiveModel, Column, Entity};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::OnConflict,
};
use uuid::Uuid;

use super::{Scoped, StoreError};
use crate::{clock::Timestamp, organization::OrganizationId};

/// The server was up at that moment.
pub async fn seen(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
    at: Timestamp,
) -> Result<(), StoreError> {
    Entity::insert(ActiveModel {
        id: Set(id),
        organization_id: Set(OrganizationId::PUBLIC.0),
        seen_at: Set(at),
    })
    .on_conflict(
        OnConflict::column(Column::Id)
            .update_column(Column::SeenAt)
            .to_owned(),
    )
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

/// Servers not seen since then are down.
pub async fn forget(
    transaction: &Scoped<impl ConnectionTrait>,
    seen_before: Timestamp,
) -> Result<(), StoreError> {
    Entity::delete_many()
        .filter(Column::SeenAt.lt(seen_before))
        .exec(&transaction.raw)
        .await?;
    Ok(())
}

/// This server stops.
pub async fn leave(transaction: &Scoped<impl ConnectionTrait>, id: Uuid) -> Result<(), StoreError> {
    Entity::delete_many()
        .filter(Column::Id.eq(id))
        .exec(&transaction.raw)
        .await?;
    Ok(())
}

pub async fn count(connection: &Scoped<impl ConnectionTrait>) -> Result<u64, StoreError> {
    Ok(connection
        .select_public::<Entity>()
        .count(&connection.raw)
        .await?)
}

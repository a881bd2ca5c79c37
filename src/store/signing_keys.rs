//! The service's keys for access tokens: everybody's.

use entities::signing_key::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};

use super::{Scoped, StoreError, database::lock};
use crate::{clock::Timestamp, organization::OrganizationId};

/// Serializes rotations of several nodes.
const ROTATION_LOCK: i64 = 0x0050_6c69_6d6b_6579;

#[derive(Clone, PartialEq, Eq)]
pub struct StoredKey {
    pub kid: String,
    /// Ed25519 seed in hex.
    pub seed: String,
    /// Ed25519 public key in base64url.
    pub public_key: String,
    pub created_at: Timestamp,
    pub retired_at: Option<Timestamp>,
}

impl std::fmt::Debug for StoredKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("StoredKey")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

/// Keeps other nodes from rotating until the transaction ends.
pub async fn hold(transaction: &Scoped<impl ConnectionTrait>) -> Result<(), StoreError> {
    Ok(lock(transaction, ROTATION_LOCK).await?)
}

/// Newest first.
pub async fn all(connection: &Scoped<impl ConnectionTrait>) -> Result<Vec<StoredKey>, StoreError> {
    let rows: Vec<Model> = connection
        .select_public::<Entity>()
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Kid)
        .all(&connection.raw)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| StoredKey {
            kid: row.kid,
            seed: row.seed,
            public_key: row.public_key,
            created_at: row.created_at,
            retired_at: row.retired_at,
        })
        .collect())
}

/// Retires every key that still signs and adds one.
pub async fn replace(
    transaction: &Scoped<impl ConnectionTrait>,
    key: StoredKey,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::RetiredAt, Expr::value(key.created_at))
        .filter(Column::RetiredAt.is_null())
        .exec(&transaction.raw)
        .await?;
    Entity::insert(ActiveModel {
        kid: Set(key.kid),
        organization_id: Set(OrganizationId::PUBLIC.0),
        seed: Set(key.seed),
        public_key: Set(key.public_key),
        created_at: Set(key.created_at),
        retired_at: Set(None),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

/// Forgets keys retired before that moment: nothing they signed holds any more.
pub async fn forget(
    transaction: &Scoped<impl ConnectionTrait>,
    retired_before: Timestamp,
) -> Result<(), StoreError> {
    Entity::delete_many()
        .filter(Column::RetiredAt.lt(retired_before))
        .exec(&transaction.raw)
        .await?;
    Ok(())
}

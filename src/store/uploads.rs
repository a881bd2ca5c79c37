//! Uploads under way, part by part.

use entities::{
    upload::{ActiveModel, Column, Entity, Model},
    upload_part,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::{Scoped, StoreError};
use crate::clock::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Of the whole content, as the client says.
    pub sha256: String,
    pub size: u64,
    /// Bytes received from the beginning on.
    pub received: u64,
    pub expires_at: Timestamp,
}

pub async fn find(
    connection: &Scoped<impl ConnectionTrait>,
    sha256: &str,
    now: Timestamp,
) -> Result<Option<Upload>, StoreError> {
    let rows = connection
        .select::<Entity>()
        .filter(Column::Sha256.eq(sha256))
        .filter(Column::ExpiresAt.gt(now));
    Ok(rows.one(&connection.raw).await?.map(read))
}

/// The same, held until the transaction ends.
pub async fn lock(
    transaction: &Scoped<impl ConnectionTrait>,
    sha256: &str,
) -> Result<Option<Upload>, StoreError> {
    let rows = transaction
        .select::<Entity>()
        .filter(Column::Sha256.eq(sha256))
        .lock_exclusive();
    Ok(rows.one(&transaction.raw).await?.map(read))
}

/// How many of the organization are under way.
pub async fn count(connection: &Scoped<impl ConnectionTrait>) -> Result<u64, StoreError> {
    Ok(connection.select::<Entity>().count(&connection.raw).await?)
}

pub async fn begin(
    transaction: &Scoped<impl ConnectionTrait>,
    upload: &Upload,
) -> Result<(), StoreError> {
    Entity::insert(ActiveModel {
        organization_id: Set(transaction.organization().0),
        sha256: Set(upload.sha256.clone()),
        size: Set(signed(upload.size)),
        received: Set(signed(upload.received)),
        expires_at: Set(upload.expires_at),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

/// Adds the part that begins where the upload ends so far.
pub async fn add_part(
    transaction: &Scoped<impl ConnectionTrait>,
    upload: &Upload,
    part: Vec<u8>,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    let received = upload.received + part.len() as u64;
    upload_part::Entity::insert(upload_part::ActiveModel {
        organization_id: Set(transaction.organization().0),
        sha256: Set(upload.sha256.clone()),
        start: Set(signed(upload.received)),
        body: Set(part),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Entity::update_many()
        .set(ActiveModel {
            received: Set(signed(received)),
            expires_at: Set(expires_at),
            ..Default::default()
        })
        .filter(Column::OrganizationId.eq(transaction.organization().0))
        .filter(Column::Sha256.eq(&upload.sha256))
        .exec(&transaction.raw)
        .await?;
    Ok(())
}

/// All bytes received, in order.
pub async fn bytes(
    connection: &Scoped<impl ConnectionTrait>,
    upload: &Upload,
) -> Result<Vec<u8>, StoreError> {
    let parts = connection
        .select::<upload_part::Entity>()
        .filter(upload_part::Column::Sha256.eq(&upload.sha256))
        .order_by_asc(upload_part::Column::Start)
        .all(&connection.raw)
        .await?;
    let mut whole = Vec::with_capacity(usize::try_from(upload.size).unwrap_or_default());
    for part in parts {
        whole.extend_from_slice(&part.body);
    }
    Ok(whole)
}

/// Drops the upload with its parts.
pub async fn drop(
    transaction: &Scoped<impl ConnectionTrait>,
    sha256: &str,
) -> Result<(), StoreError> {
    let organization = transaction.organization().0;
    upload_part::Entity::delete_many()
        .filter(upload_part::Column::OrganizationId.eq(organization))
        .filter(upload_part::Column::Sha256.eq(sha256))
        .exec(&transaction.raw)
        .await?;
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Sha256.eq(sha256))
        .exec(&transaction.raw)
        .await?;
    Ok(())
}

/// Drops what was given up, of every organization: nobody else would come for
/// it. The parts go with their upload.
pub async fn drop_expired(
    transaction: &Scoped<impl ConnectionTrait>,
    now: Timestamp,
) -> Result<(), StoreError> {
    Entity::delete_many()
        .filter(Column::ExpiresAt.lte(now))
        .exec(&transaction.raw)
        .await?;
    Ok(())
}

fn read(row: Model) -> Upload {
    Upload {
        sha256: row.sha256,
        size: u64::try_from(row.size).unwrap_or_default(),
        received: u64::try_from(row.received).unwrap_or_default(),
        expires_at: row.expires_at,
    }
}

/// Sizes are limited far below 2^63.
fn signed(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

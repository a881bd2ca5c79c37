//! Bytes as received, kept once by content and never overwritten.

use std::io::{Read, Write};

use entities::document::{ActiveModel, Column, Entity};
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Select,
    sea_query::OnConflict,
};

use super::{Scoped, StoreError};
use crate::{audit::sha256_hex, clock::Timestamp, lists::Source, organization::OrganizationId};

/// Keeps the bytes and returns their SHA-256.
pub async fn keep(
    connection: &Scoped<impl ConnectionTrait>,
    bytes: &[u8],
    media_type: &str,
    now: Timestamp,
) -> Result<String, StoreError> {
    keep_for(
        connection,
        connection.organization(),
        bytes,
        media_type,
        now,
    )
    .await
}

/// Keeps what is everybody's: a published list, a policy file.
pub async fn keep_public(
    connection: &Scoped<impl ConnectionTrait>,
    bytes: &[u8],
    media_type: &str,
    now: Timestamp,
) -> Result<String, StoreError> {
    keep_for(connection, OrganizationId::PUBLIC, bytes, media_type, now).await
}

/// Keeps what belongs to a list: everybody's or the organization's own.
pub async fn keep_of_list(
    connection: &Scoped<impl ConnectionTrait>,
    source: Source,
    bytes: &[u8],
    media_type: &str,
    now: Timestamp,
) -> Result<String, StoreError> {
    let owner = connection.owner_of(source);
    keep_for(connection, owner, bytes, media_type, now).await
}

async fn keep_for(
    connection: &Scoped<impl ConnectionTrait>,
    organization: OrganizationId,
    bytes: &[u8],
    media_type: &str,
    now: Timestamp,
) -> Result<String, StoreError> {
    let sha256 = sha256_hex(bytes);
    Entity::insert(ActiveModel {
        organization_id: Set(organization.0),
        sha256: Set(sha256.clone()),
        media_type: Set(media_type.to_owned()),
        size: Set(i64::try_from(bytes.len()).unwrap_or(i64::MAX)),
        body: Set(deflate(bytes)),
        kept_at: Set(now),
    })
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(&connection.raw)
    .await?;
    Ok(sha256)
}

/// The bytes with that SHA-256, verified against it.
pub async fn read(
    connection: &Scoped<impl ConnectionTrait>,
    sha256: &str,
) -> Result<Vec<u8>, StoreError> {
    opened(connection, connection.select(), sha256).await
}

/// Like [`read`], of what is everybody's.
pub async fn read_public(
    connection: &Scoped<impl ConnectionTrait>,
    sha256: &str,
) -> Result<Vec<u8>, StoreError> {
    opened(connection, connection.select_public(), sha256).await
}

/// Like [`read`], of what belongs to a list.
pub async fn read_of_list(
    connection: &Scoped<impl ConnectionTrait>,
    source: Source,
    sha256: &str,
) -> Result<Vec<u8>, StoreError> {
    opened(connection, connection.select_list(source), sha256).await
}

async fn opened(
    connection: &Scoped<impl ConnectionTrait>,
    rows: Select<Entity>,
    sha256: &str,
) -> Result<Vec<u8>, StoreError> {
    let row = rows
        .filter(Column::Sha256.eq(sha256))
        .one(&connection.raw)
        .await?
        .ok_or_else(|| StoreError::Missing {
            what: "document",
            id: sha256.to_owned(),
        })?;
    let unreadable = |source: Box<dyn std::error::Error + Send + Sync>| StoreError::Unreadable {
        what: "document",
        id: sha256.to_owned(),
        source,
    };
    let bytes = inflate(&row.body).map_err(|error| unreadable(error.into()))?;
    if sha256_hex(&bytes) == sha256 {
        Ok(bytes)
    } else {
        Err(unreadable("its bytes do not give its hash".into()))
    }
}

/// As documents and details are stored. Callers that have many do it on all
/// cores.
pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}

pub(super) fn inflate(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut inflated = Vec::new();
    DeflateDecoder::new(bytes).read_to_end(&mut inflated)?;
    Ok(inflated)
}

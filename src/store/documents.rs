//! Bytes as received, kept once by content and never overwritten.

use std::io::{Read, Write};

use entities::document::{ActiveModel, Column, Entity};
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select,
    sea_query::OnConflict,
};

use super::{Scoped, StoreError, database::insertable};
use crate::{audit::sha256_hex, clock::Timestamp, lists::Source, organization::OrganizationId};

const COLUMNS: usize = 6;

/// Bytes ready to be kept. Packing takes a while; whoever has many does it on
/// all cores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    pub sha256: String,
    media_type: String,
    size: i64,
    deflated: Vec<u8>,
}

impl Packed {
    pub fn new(bytes: &[u8], media_type: &str) -> Self {
        Self {
            sha256: sha256_hex(bytes),
            media_type: media_type.to_owned(),
            size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            deflated: deflate(bytes),
        }
    }
}

/// Keeps the bytes and returns their SHA-256.
pub async fn keep(
    connection: &Scoped<impl ConnectionTrait>,
    bytes: &[u8],
    media_type: &str,
    now: Timestamp,
) -> Result<String, StoreError> {
    let packed = Packed::new(bytes, media_type);
    keep_packed(connection, &[&packed], now).await?;
    Ok(packed.sha256)
}

/// Keeps what is packed already, each once.
pub async fn keep_packed(
    connection: &Scoped<impl ConnectionTrait>,
    documents: &[&Packed],
    now: Timestamp,
) -> Result<(), StoreError> {
    keep_for(connection, connection.organization(), documents, now).await
}

/// Keeps what is everybody's: a published list, a policy file.
pub async fn keep_public(
    connection: &Scoped<impl ConnectionTrait>,
    bytes: &[u8],
    media_type: &str,
    now: Timestamp,
) -> Result<String, StoreError> {
    let packed = Packed::new(bytes, media_type);
    keep_for(connection, OrganizationId::PUBLIC, &[&packed], now).await?;
    Ok(packed.sha256)
}

/// Keeps what belongs to a list: everybody's or the organization's own.
pub async fn keep_of_list(
    connection: &Scoped<impl ConnectionTrait>,
    source: Source,
    documents: &[&Packed],
    now: Timestamp,
) -> Result<(), StoreError> {
    keep_for(connection, connection.owner_of(source), documents, now).await
}

async fn keep_for(
    connection: &Scoped<impl ConnectionTrait>,
    organization: OrganizationId,
    documents: &[&Packed],
    now: Timestamp,
) -> Result<(), StoreError> {
    for batch in insertable(documents, COLUMNS) {
        Entity::insert_many(batch.iter().map(|document| ActiveModel {
            organization_id: Set(organization.0),
            sha256: Set(document.sha256.clone()),
            media_type: Set(document.media_type.clone()),
            size: Set(document.size),
            body: Set(document.deflated.clone()),
            kept_at: Set(now),
        }))
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&connection.raw)
        .await?;
    }
    Ok(())
}

/// The bytes with that SHA-256, verified against it.
pub async fn read(
    connection: &Scoped<impl ConnectionTrait>,
    sha256: &str,
) -> Result<Vec<u8>, StoreError> {
    opened(connection, connection.select(), sha256).await
}

/// How many bytes the document has, if the organization holds it.
pub async fn size(
    connection: &Scoped<impl ConnectionTrait>,
    sha256: &str,
) -> Result<Option<u64>, StoreError> {
    let size: Option<i64> = connection
        .select::<Entity>()
        .select_only()
        .column(Column::Size)
        .filter(Column::Sha256.eq(sha256))
        .into_tuple()
        .one(&connection.raw)
        .await?;
    Ok(size.map(|size| u64::try_from(size).unwrap_or_default()))
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

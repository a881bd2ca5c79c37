//! Bytes as received, kept once by content and never overwritten.

use std::io::{Read, Write};

use entities::document::{ActiveModel, Entity};
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};

use super::StoreError;
use crate::{audit::sha256_hex, clock::Timestamp};

/// Keeps the bytes and returns their SHA-256.
pub async fn keep(
    connection: &impl ConnectionTrait,
    bytes: &[u8],
    media_type: &str,
    now: Timestamp,
) -> Result<String, StoreError> {
    let sha256 = sha256_hex(bytes);
    Entity::insert(ActiveModel {
        sha256: Set(sha256.clone()),
        media_type: Set(media_type.to_owned()),
        size: Set(i64::try_from(bytes.len()).unwrap_or(i64::MAX)),
        body: Set(deflate(bytes)),
        kept_at: Set(now),
    })
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(connection)
    .await?;
    Ok(sha256)
}

/// The bytes with that SHA-256, verified against it.
pub async fn read(connection: &impl ConnectionTrait, sha256: &str) -> Result<Vec<u8>, StoreError> {
    let row = Entity::find_by_id(sha256)
        .one(connection)
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

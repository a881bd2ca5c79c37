//! Editions of published lists: everybody's.

use entities::list_snapshot::{ActiveModel, Column, Entity};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::{Scoped, StoreError};
use crate::{
    audit::canonical_text,
    clock::Timestamp,
    lists::{SnapshotHead, Source},
    organization::OrganizationId,
};

/// Records that the snapshot's bytes, already kept as a document, are in force
/// for their source and edition from now on.
pub async fn insert(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
    head: &SnapshotHead,
    now: Timestamp,
) -> Result<(), StoreError> {
    let text = canonical_text(head).map_err(|source| StoreError::Unreadable {
        what: "list snapshot",
        id: id.to_string(),
        source: source.into(),
    })?;
    Entity::insert(ActiveModel {
        id: Set(id),
        organization_id: Set(OrganizationId::PUBLIC.0),
        source: Set(head.source.code().to_owned()),
        edition: Set(head.edition.clone()),
        document_sha256: Set(head.sha256.clone()),
        head: Set(text),
        kept_at: Set(now),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

/// Whether these very bytes of the source were ever kept.
pub async fn is_kept(
    connection: &Scoped<impl ConnectionTrait>,
    source: Source,
    sha256: &str,
) -> Result<bool, StoreError> {
    let found = connection
        .select_public::<Entity>()
        .filter(Column::Source.eq(source.code()))
        .filter(Column::DocumentSha256.eq(sha256))
        .one(&connection.raw)
        .await?;
    Ok(found.is_some())
}

/// The bytes in force, by hash: for each source and edition those kept last.
pub async fn in_force(
    connection: &Scoped<impl ConnectionTrait>,
) -> Result<Vec<(Source, String)>, StoreError> {
    // Without the heads: this is asked before every screening.
    let stored: Vec<(Uuid, String, String, String)> = connection
        .select_public::<Entity>()
        .select_only()
        .columns([
            Column::Id,
            Column::Source,
            Column::Edition,
            Column::DocumentSha256,
        ])
        .order_by_asc(Column::KeptAt)
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(&connection.raw)
        .await?;
    let mut newest = std::collections::BTreeMap::new();
    for (id, source, edition, sha256) in stored {
        let source: Source = source
            .parse()
            .map_err(
                |unknown: crate::lists::UnknownSource| StoreError::Unreadable {
                    what: "list snapshot",
                    id: id.to_string(),
                    source: unknown.into(),
                },
            )?;
        newest.insert((source, edition), sha256);
    }
    Ok(newest
        .into_iter()
        .map(|((source, _), sha256)| (source, sha256))
        .collect())
}

//! Editions of lists: everybody's, and an organization's own.

use entities::list_snapshot::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{Scoped, StoreError};
use crate::{
    audit::canonical_text,
    clock::Timestamp,
    lists::{Retrieval, SnapshotHead, Source},
};

/// One edition as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptSnapshot {
    pub id: Uuid,
    pub head: SnapshotHead,
    pub kept_at: Timestamp,
    /// Its place among the editions of its list; `None`: its rows are not in the
    /// history of entries.
    pub number: Option<i32>,
    /// `None`: it came with the program.
    pub retrieval: Option<Retrieval>,
}

/// Records that the snapshot's bytes, already kept as a document, are an edition
/// of their list from now on.
pub async fn insert(
    transaction: &Scoped<impl ConnectionTrait>,
    snapshot: &KeptSnapshot,
) -> Result<(), StoreError> {
    let head = &snapshot.head;
    let unwritable = |source: crate::audit::NotCanonical| StoreError::Unreadable {
        what: "list snapshot",
        id: snapshot.id.to_string(),
        source: source.into(),
    };
    let retrieval = snapshot.retrieval.as_ref().map(canonical_text);
    Entity::insert(ActiveModel {
        id: Set(snapshot.id),
        organization_id: Set(transaction.owner_of(head.source).0),
        source: Set(head.source.code().to_owned()),
        edition: Set(head.edition.clone()),
        document_sha256: Set(head.sha256.clone()),
        head: Set(canonical_text(head).map_err(unwritable)?),
        kept_at: Set(snapshot.kept_at),
        number: Set(snapshot.number.unwrap_or(0)),
        retrieval: Set(retrieval.transpose().map_err(unwritable)?),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

/// The edition is in the history of entries from now on, under that number.
pub async fn set_number(
    transaction: &Scoped<impl ConnectionTrait>,
    snapshot: &KeptSnapshot,
    number: i32,
) -> Result<(), StoreError> {
    Entity::update_many()
        .set(ActiveModel {
            number: Set(number),
            ..Default::default()
        })
        .filter(Column::Id.eq(snapshot.id))
        .filter(Column::OrganizationId.eq(transaction.owner_of(snapshot.head.source).0))
        .exec(&transaction.raw)
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
        .select_list::<Entity>(source)
        .filter(Column::Source.eq(source.code()))
        .filter(Column::DocumentSha256.eq(sha256))
        .one(&connection.raw)
        .await?;
    Ok(found.is_some())
}

/// The editions of one list, in the order in which they were kept.
pub async fn of_source(
    connection: &Scoped<impl ConnectionTrait>,
    source: Source,
) -> Result<Vec<KeptSnapshot>, StoreError> {
    connection
        .select_list::<Entity>(source)
        .filter(Column::Source.eq(source.code()))
        .order_by_asc(Column::KeptAt)
        .order_by_asc(Column::Number)
        .order_by_asc(Column::Id)
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(|row| read(&row))
        .collect()
}

/// The edition of that name that was read from that document.
pub async fn with_document(
    connection: &Scoped<impl ConnectionTrait>,
    head: &SnapshotHead,
) -> Result<Option<KeptSnapshot>, StoreError> {
    connection
        .select_list::<Entity>(head.source)
        .filter(Column::Source.eq(head.source.code()))
        .filter(Column::DocumentSha256.eq(&head.sha256))
        .filter(Column::Edition.eq(&head.edition))
        .order_by_desc(Column::KeptAt)
        .limit(1)
        .one(&connection.raw)
        .await?
        .map(|row| read(&row))
        .transpose()
}

/// Of every list that the organization sees the edition that came last, and all
/// that came with the program or outside the order: few, however many editions
/// are kept.
pub async fn newest(
    connection: &Scoped<impl ConnectionTrait>,
) -> Result<Vec<KeptSnapshot>, StoreError> {
    let last: Vec<Last> = connection
        .select_visible::<Entity>()
        .filter(Column::Retrieval.is_not_null())
        .select_only()
        .column(Column::Source)
        .column_as(Column::Number.max(), "number")
        .group_by(Column::Source)
        .into_model()
        .all(&connection.raw)
        .await?;
    let mut wanted = Condition::any()
        .add(Column::Retrieval.is_null())
        .add(Column::Number.eq(0));
    for Last { source, number } in last {
        wanted = wanted.add(
            Condition::all()
                .add(Column::Source.eq(source))
                .add(Column::Number.eq(number)),
        );
    }
    connection
        .select_visible::<Entity>()
        .filter(wanted)
        .order_by_asc(Column::KeptAt)
        .order_by_asc(Column::Number)
        .order_by_asc(Column::Id)
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(|row| read(&row))
        .collect()
}

#[derive(Debug, FromQueryResult)]
struct Last {
    source: String,
    number: i32,
}

fn read(row: &Model) -> Result<KeptSnapshot, StoreError> {
    let unreadable = |source: serde_json::Error| StoreError::Unreadable {
        what: "list snapshot",
        id: row.id.to_string(),
        source: source.into(),
    };
    let retrieval = row.retrieval.as_deref().map(serde_json::from_str);
    Ok(KeptSnapshot {
        id: row.id,
        head: serde_json::from_str(&row.head).map_err(unreadable)?,
        kept_at: row.kept_at,
        number: (row.number > 0).then_some(row.number),
        retrieval: retrieval.transpose().map_err(unreadable)?,
    })
}

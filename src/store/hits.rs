//! Hits that wait in a queue, and what people decided about them.

use entities::{disposition, hit};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{
    Scoped, Slice, StoreError,
    database::rows_per_statement,
    listing::{Key, slice},
};
use crate::{
    clock::Timestamp,
    lists::Source,
    review::{Decided, Decision},
    screening::Review,
};

/// A hit as stored; its features are in the supplier's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredHit {
    pub id: Uuid,
    pub screening_id: Uuid,
    pub supplier_id: Uuid,
    pub source: Source,
    pub entry_id: String,
    pub listed_name: String,
    pub supplier_name: String,
    /// In millionths.
    pub similarity: u32,
    pub band: String,
}

/// One decision and what it binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDecision {
    pub id: Uuid,
    pub hit_id: Uuid,
    pub screening_id: Uuid,
    pub supplier_id: Uuid,
    pub source: Source,
    pub entry_id: String,
    pub decided: Decided,
}

pub async fn find(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<StoredHit>, StoreError> {
    connection
        .select::<hit::Entity>()
        .filter(hit::Column::Id.eq(id))
        .one(&connection.raw)
        .await?
        .map(read)
        .transpose()
}

/// Which ones are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub screening: Option<Uuid>,
    pub supplier: Option<Uuid>,
    pub source: Option<Source>,
    pub entry_id: Option<String>,
    pub band: Option<String>,
}

pub async fn page(
    connection: &Scoped<impl ConnectionTrait>,
    wanted: &Wanted,
    part: &Slice,
) -> Result<Vec<StoredHit>, StoreError> {
    let mut all = Condition::all();
    if let Some(screening) = wanted.screening {
        all = all.add(hit::Column::ScreeningId.eq(screening));
    }
    if let Some(supplier) = wanted.supplier {
        all = all.add(hit::Column::SupplierId.eq(supplier));
    }
    if let Some(source) = wanted.source {
        all = all.add(hit::Column::Source.eq(source.code()));
    }
    if let Some(entry) = &wanted.entry_id {
        all = all.add(hit::Column::EntryId.eq(entry));
    }
    if let Some(band) = &wanted.band {
        all = all.add(hit::Column::Band.eq(band));
    }
    let keys = [
        ("id", hit::Column::Id, Key::Id),
        ("similarity", hit::Column::Similarity, Key::Millionths),
    ];
    slice(connection.select::<hit::Entity>().filter(all), &keys, part)?
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// The hits of those suppliers.
pub async fn of_suppliers(
    connection: &Scoped<impl ConnectionTrait>,
    screening_id: Uuid,
    suppliers: &[Uuid],
) -> Result<Vec<StoredHit>, StoreError> {
    connection
        .select::<hit::Entity>()
        .filter(hit::Column::ScreeningId.eq(screening_id))
        .filter(hit::Column::SupplierId.is_in(suppliers.iter().copied()))
        .order_by_asc(hit::Column::Id)
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// Every decision about those suppliers, oldest first.
pub async fn decisions(
    connection: &Scoped<impl ConnectionTrait>,
    suppliers: &[Uuid],
) -> Result<Vec<StoredDecision>, StoreError> {
    let mut found = Vec::new();
    for batch in suppliers.chunks(rows_per_statement(1)) {
        let rows = connection
            .select::<disposition::Entity>()
            .filter(disposition::Column::SupplierId.is_in(batch.iter().copied()))
            .order_by_asc(disposition::Column::DecidedAt)
            .order_by_asc(disposition::Column::Id)
            .all(&connection.raw)
            .await?;
        for row in rows {
            found.push(read_decision(row)?);
        }
    }
    Ok(found)
}

/// The decisions taken last, about anybody, the last one first.
pub async fn latest_decisions(
    connection: &Scoped<impl ConnectionTrait>,
    limit: u64,
) -> Result<Vec<StoredDecision>, StoreError> {
    connection
        .select::<disposition::Entity>()
        .order_by_desc(disposition::Column::DecidedAt)
        .order_by_desc(disposition::Column::Id)
        .limit(limit)
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(read_decision)
        .collect()
}

/// These hits, in no order.
pub async fn of_ids(
    connection: &Scoped<impl ConnectionTrait>,
    ids: &[Uuid],
) -> Result<Vec<StoredHit>, StoreError> {
    let mut found = Vec::new();
    for batch in ids.chunks(rows_per_statement(1)) {
        let rows = connection
            .select::<hit::Entity>()
            .filter(hit::Column::Id.is_in(batch.iter().copied()))
            .all(&connection.raw)
            .await?;
        for row in rows {
            found.push(read(row)?);
        }
    }
    Ok(found)
}

pub async fn add_decision(
    transaction: &Scoped<impl ConnectionTrait>,
    added: StoredDecision,
) -> Result<(), StoreError> {
    let Decided { decision, review } = added.decided;
    disposition::Entity::insert(disposition::ActiveModel {
        id: Set(added.id),
        organization_id: Set(transaction.organization().0),
        screening_id: Set(added.screening_id),
        supplier_id: Set(added.supplier_id),
        source: Set(added.source.code().to_owned()),
        entry_id: Set(added.entry_id),
        hit_id: Set(added.hit_id),
        decision: Set(decision.code().to_owned()),
        reviewer: Set(review.reviewer),
        rationale: Set(review.rationale),
        decided_at: Set(review.at),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

fn read(row: hit::Model) -> Result<StoredHit, StoreError> {
    Ok(StoredHit {
        source: source("hit", row.id, &row.source)?,
        id: row.id,
        screening_id: row.screening_id,
        supplier_id: row.supplier_id,
        entry_id: row.entry_id,
        listed_name: row.listed_name,
        supplier_name: row.supplier_name,
        similarity: u32::try_from(row.similarity).unwrap_or_default(),
        band: row.band,
    })
}

fn read_decision(row: disposition::Model) -> Result<StoredDecision, StoreError> {
    let at: Timestamp = row.decided_at;
    let decision: Decision =
        row.decision
            .parse()
            .map_err(
                |source: crate::review::UnknownDecision| StoreError::Unreadable {
                    what: "disposition",
                    id: row.id.to_string(),
                    source: source.into(),
                },
            )?;
    Ok(StoredDecision {
        source: source("disposition", row.id, &row.source)?,
        id: row.id,
        hit_id: row.hit_id,
        screening_id: row.screening_id,
        supplier_id: row.supplier_id,
        entry_id: row.entry_id,
        decided: Decided {
            decision,
            review: Review {
                reviewer: row.reviewer,
                at,
                rationale: row.rationale,
            },
        },
    })
}

fn source(what: &'static str, id: Uuid, code: &str) -> Result<Source, StoreError> {
    code.parse().map_err(
        |source: crate::lists::UnknownSource| StoreError::Unreadable {
            what,
            id: id.to_string(),
            source: source.into(),
        },
    )
}

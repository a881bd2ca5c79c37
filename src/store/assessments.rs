//! The result for each supplier of a screening, and its hits.

use entities::{
    assessment::{ActiveModel, Column, Entity},
    hit,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::{StoreError, database::rows_per_statement, documents::inflate, supplier_lists::signed};
use crate::{
    risk::Assessment,
    screening::{Band, Hit},
};

const ASSESSMENT_COLUMNS: usize = 12;
const HIT_COLUMNS: usize = 9;
/// Results read at once when a whole screening is read back.
const PAGE: u64 = 1_000;

/// One supplier's result.
#[derive(Debug, Clone)]
pub struct StoredResult {
    pub id: Uuid,
    pub supplier_id: Uuid,
    pub row: u32,
    pub assessment: Assessment,
    pub hits: Vec<(Uuid, Hit)>,
    /// `report::SupplierResult` in canonical JSON, deflated.
    pub deflated_detail: Vec<u8>,
    /// Of the canonical JSON.
    pub detail_sha256: String,
}

/// Stores results and those of their hits that wait in a queue.
pub async fn insert(
    transaction: &impl ConnectionTrait,
    screening_id: Uuid,
    results: Vec<StoredResult>,
) -> Result<(), StoreError> {
    let mut assessments = Vec::with_capacity(results.len());
    let mut hits = Vec::new();
    for result in results {
        hits.extend(
            result
                .hits
                .into_iter()
                .filter(|(_, found)| found.band != Band::Logged)
                .map(|(id, found)| hit_row(screening_id, result.supplier_id, id, found)),
        );
        let [low, high] = result.assessment.range;
        assessments.push(ActiveModel {
            id: Set(result.id),
            screening_id: Set(screening_id),
            supplier_id: Set(result.supplier_id),
            row: Set(signed(result.row)),
            score: Set(result.assessment.score.map(i16::from)),
            range_low: Set(low.into()),
            range_high: Set(high.into()),
            tier: Set(result.assessment.tier.as_str().to_owned()),
            disposition: Set(result.assessment.disposition.as_str().to_owned()),
            coverage: Set(result.assessment.coverage.into()),
            detail: Set(result.deflated_detail),
            detail_sha256: Set(result.detail_sha256),
        });
    }
    for batch in assessments.chunks(rows_per_statement(ASSESSMENT_COLUMNS)) {
        Entity::insert_many(batch.to_vec())
            .exec_without_returning(transaction)
            .await?;
    }
    for batch in hits.chunks(rows_per_statement(HIT_COLUMNS)) {
        hit::Entity::insert_many(batch.to_vec())
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

fn hit_row(screening_id: Uuid, supplier_id: Uuid, id: Uuid, found: Hit) -> hit::ActiveModel {
    hit::ActiveModel {
        id: Set(id),
        screening_id: Set(screening_id),
        supplier_id: Set(supplier_id),
        source: Set(found.source.code().to_owned()),
        entry_id: Set(found.entry_id),
        listed_name: Set(found.listed_name),
        supplier_name: Set(found.supplier_name),
        similarity: Set(signed(found.similarity.millionths())),
        band: Set(found.band.code().to_owned()),
    }
}

/// One supplier's result read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDetail {
    pub id: Uuid,
    pub row: u32,
    /// `report::SupplierResult` in canonical JSON.
    pub detail: Vec<u8>,
    /// As recorded beside it.
    pub detail_sha256: String,
}

/// The next results after `row`, in the order of the file; empty at the end.
pub async fn page_after(
    connection: &impl ConnectionTrait,
    screening_id: Uuid,
    row: u32,
) -> Result<Vec<StoredDetail>, StoreError> {
    Entity::find()
        .filter(Column::ScreeningId.eq(screening_id))
        .filter(Column::Row.gt(signed(row)))
        .order_by_asc(Column::Row)
        .limit(PAGE)
        .all(connection)
        .await?
        .into_iter()
        .map(|stored| {
            let detail = inflate(&stored.detail).map_err(|source| StoreError::Unreadable {
                what: "assessment",
                id: stored.id.to_string(),
                source: source.into(),
            })?;
            Ok(StoredDetail {
                id: stored.id,
                row: u32::try_from(stored.row).unwrap_or_default(),
                detail,
                detail_sha256: stored.detail_sha256,
            })
        })
        .collect()
}

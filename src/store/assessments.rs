//! The result for each supplier of a screening, and its hits.

use entities::{
    assessment::{ActiveModel, Column, Entity, Model},
    hit, supplier,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    Scoped, Slice, StoreError,
    database::insertable,
    documents::inflate,
    listing::{Key, slice},
    supplier_lists::signed,
};
use crate::{
    organization::OrganizationId,
    risk::Assessment,
    screening::{Band, Hit},
};

const ASSESSMENT_COLUMNS: usize = 14;
const HIT_COLUMNS: usize = 10;
/// Results read at once when a whole screening is read back.
const PAGE: u64 = 1_000;

/// One supplier's result.
#[derive(Debug, Clone)]
pub struct StoredResult {
    pub id: Uuid,
    pub screening_id: Uuid,
    pub supplier_id: Uuid,
    pub row: u32,
    /// 0 is the one that the screening's hash binds.
    pub revision: u32,
    pub assessment: Assessment,
    pub hits: Vec<(Uuid, Hit)>,
    /// `report::SupplierResult` in canonical JSON, deflated.
    pub deflated_detail: Vec<u8>,
    /// Of the canonical JSON.
    pub detail_sha256: String,
}

/// Stores results and those of their hits that wait in a queue.
pub async fn insert(
    transaction: &Scoped<impl ConnectionTrait>,
    results: &[&StoredResult],
) -> Result<(), StoreError> {
    let organization = transaction.organization();
    for batch in insertable(results, ASSESSMENT_COLUMNS) {
        Entity::insert_many(
            batch
                .iter()
                .map(|result| assessment_row(organization, result)),
        )
        .exec_without_returning(&transaction.raw)
        .await?;
    }
    let hits: Vec<_> = results
        .iter()
        .flat_map(|result| result.hits.iter().map(move |(id, hit)| (result, *id, hit)))
        .filter(|(_, _, found)| found.band != Band::Logged)
        .collect();
    for batch in insertable(&hits, HIT_COLUMNS) {
        let rows = batch
            .iter()
            .map(|(result, id, found)| hit_row(organization, result, *id, found));
        hit::Entity::insert_many(rows)
            .exec_without_returning(&transaction.raw)
            .await?;
    }
    Ok(())
}

fn assessment_row(organization: OrganizationId, result: &StoredResult) -> ActiveModel {
    let [low, high] = result.assessment.range;
    ActiveModel {
        id: Set(result.id),
        organization_id: Set(organization.0),
        revision: Set(signed(result.revision)),
        screening_id: Set(result.screening_id),
        supplier_id: Set(result.supplier_id),
        row: Set(signed(result.row)),
        score: Set(result.assessment.score.map(i16::from)),
        range_low: Set(low.into()),
        range_high: Set(high.into()),
        tier: Set(result.assessment.tier.as_str().to_owned()),
        disposition: Set(result.assessment.disposition.as_str().to_owned()),
        coverage: Set(result.assessment.coverage.into()),
        detail: Set(result.deflated_detail.clone()),
        detail_sha256: Set(result.detail_sha256.clone()),
    }
}

fn hit_row(
    organization: OrganizationId,
    result: &StoredResult,
    id: Uuid,
    found: &Hit,
) -> hit::ActiveModel {
    hit::ActiveModel {
        id: Set(id),
        organization_id: Set(organization.0),
        screening_id: Set(result.screening_id),
        supplier_id: Set(result.supplier_id),
        source: Set(found.source.code().to_owned()),
        entry_id: Set(found.entry_id.clone()),
        listed_name: Set(found.listed_name.clone()),
        supplier_name: Set(found.supplier_name.clone()),
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
    connection: &Scoped<impl ConnectionTrait>,
    screening_id: Uuid,
    row: u32,
) -> Result<Vec<StoredDetail>, StoreError> {
    connection
        .select::<Entity>()
        .filter(Column::ScreeningId.eq(screening_id))
        .filter(Column::Revision.eq(0))
        .filter(Column::Row.gt(signed(row)))
        .order_by_asc(Column::Row)
        .limit(PAGE)
        .all(&connection.raw)
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

/// One supplier's result with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAssessment {
    pub screening_id: Uuid,
    pub supplier_id: Uuid,
    pub revision: u32,
    pub score: Option<i16>,
    pub tier: String,
    pub disposition: String,
    pub coverage: i16,
    pub stored: StoredDetail,
}

pub async fn find(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<StoredAssessment>, StoreError> {
    connection
        .select::<Entity>()
        .filter(Column::Id.eq(id))
        .one(&connection.raw)
        .await?
        .map(assessment)
        .transpose()
}

/// Every revision of a supplier's result, oldest first.
pub async fn revisions(
    connection: &Scoped<impl ConnectionTrait>,
    screening_id: Uuid,
    supplier_id: Uuid,
) -> Result<Vec<StoredAssessment>, StoreError> {
    connection
        .select::<Entity>()
        .filter(Column::ScreeningId.eq(screening_id))
        .filter(Column::SupplierId.eq(supplier_id))
        .order_by_asc(Column::Revision)
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(assessment)
        .collect()
}

/// The newest revision of a supplier's result in a screening.
pub async fn newest(
    connection: &Scoped<impl ConnectionTrait>,
    screening_id: Uuid,
    supplier_id: Uuid,
) -> Result<Option<StoredAssessment>, StoreError> {
    connection
        .select::<Entity>()
        .filter(Column::ScreeningId.eq(screening_id))
        .filter(Column::SupplierId.eq(supplier_id))
        .order_by_desc(Column::Revision)
        .limit(1)
        .one(&connection.raw)
        .await?
        .map(assessment)
        .transpose()
}

/// The newest revision of every supplier's result behind `row`, in the order of
/// the file, `limit` suppliers at most.
pub async fn newest_after(
    connection: &Scoped<impl ConnectionTrait>,
    screening_id: Uuid,
    row: u32,
    limit: u64,
) -> Result<Vec<StoredAssessment>, StoreError> {
    let rows: Vec<i32> = connection
        .select::<Entity>()
        .select_only()
        .column(Column::Row)
        .filter(Column::ScreeningId.eq(screening_id))
        .filter(Column::Row.gt(signed(row)))
        .filter(Column::Revision.eq(0))
        .order_by_asc(Column::Row)
        .limit(limit)
        .into_tuple()
        .all(&connection.raw)
        .await?;
    let stored = connection
        .select::<Entity>()
        .filter(Column::ScreeningId.eq(screening_id))
        .filter(Column::Row.is_in(rows))
        .order_by_asc(Column::Row)
        .order_by_asc(Column::Revision)
        .all(&connection.raw)
        .await?;
    let mut newest: Vec<StoredAssessment> = Vec::with_capacity(stored.len());
    for row in stored {
        let found = assessment(row)?;
        match newest.last_mut() {
            Some(last) if last.stored.row == found.stored.row => *last = found,
            _ => newest.push(found),
        }
    }
    Ok(newest)
}

/// Which ones are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub screening: Option<Uuid>,
    /// A row of a list.
    pub supplier: Option<Uuid>,
    /// The rows that bear it.
    pub external_id: Option<String>,
    pub tier: Option<String>,
    pub disposition: Option<String>,
    /// Superseded ones too.
    pub every_revision: bool,
}

pub async fn page(
    connection: &Scoped<impl ConnectionTrait>,
    wanted: &Wanted,
    part: &Slice,
) -> Result<Vec<StoredAssessment>, StoreError> {
    let mut all = Condition::all();
    if let Some(screening) = wanted.screening {
        all = all.add(Column::ScreeningId.eq(screening));
    }
    if let Some(supplier) = wanted.supplier {
        all = all.add(Column::SupplierId.eq(supplier));
    }
    if let Some(id) = &wanted.external_id {
        let bearing = connection
            .select::<supplier::Entity>()
            .select_only()
            .column(supplier::Column::Id)
            .filter(supplier::Column::ExternalId.eq(id));
        all = all.add(Column::SupplierId.in_subquery(bearing.into_query()));
    }
    if let Some(tier) = &wanted.tier {
        all = all.add(Column::Tier.eq(tier));
    }
    if let Some(disposition) = &wanted.disposition {
        all = all.add(Column::Disposition.eq(disposition));
    }
    if !wanted.every_revision {
        all = all.add(Expr::cust(NEWEST));
    }
    let keys = [
        ("id", Column::Id, Key::Id),
        ("row", Column::Row, Key::Number),
        ("score", Column::Score, Key::NumberOrNull),
    ];
    slice(connection.select::<Entity>().filter(all), &keys, part)?
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(assessment)
        .collect()
}

/// No later revision of the same result.
const NEWEST: &str = "NOT EXISTS (SELECT 1 FROM assessments AS later \
    WHERE later.screening_id = assessments.screening_id AND later.\"row\" = assessments.\"row\" \
    AND later.revision > assessments.revision)";

fn assessment(row: Model) -> Result<StoredAssessment, StoreError> {
    let detail = inflate(&row.detail).map_err(|source| StoreError::Unreadable {
        what: "assessment",
        id: row.id.to_string(),
        source: source.into(),
    })?;
    Ok(StoredAssessment {
        screening_id: row.screening_id,
        supplier_id: row.supplier_id,
        revision: u32::try_from(row.revision).unwrap_or_default(),
        score: row.score,
        tier: row.tier,
        disposition: row.disposition,
        coverage: row.coverage,
        stored: StoredDetail {
            id: row.id,
            row: u32::try_from(row.row).unwrap_or_default(),
            detail,
            detail_sha256: row.detail_sha256,
        },
    })
}

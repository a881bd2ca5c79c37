//! Reading rows back as they stand, of whatever organization, to hold them
//! against the trail.

use std::collections::HashMap;

use chrono::NaiveDate;
use entities::{
    assessment, contractor_check, contractor_decision, disposition, hit, lead_disposition,
    list_snapshot, risk_model, risk_model_activation, screening, statement_reading, supplier,
    supplier_list, supplier_merge, supplier_version,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{
    Scoped, StoreError,
    database::rows_per_statement,
    documents::inflate,
    statements::{self, StoredReading},
};

/// One assessment with every column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssessmentRow {
    pub screening_id: Uuid,
    pub supplier_id: Uuid,
    pub row: i32,
    pub score: Option<i16>,
    pub range: [i16; 2],
    pub tier: String,
    pub disposition: String,
    pub coverage: i16,
    /// `None`: the stored bytes are broken.
    pub detail: Option<Vec<u8>>,
    pub detail_sha256: String,
}

/// One supplier with every column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplierRow {
    pub supplier_list_id: Uuid,
    pub row: i32,
    pub name: String,
    pub country: Option<String>,
    pub record: String,
}

/// One hit with every column but its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HitRow {
    pub screening_id: Uuid,
    pub source: String,
    pub entry_id: String,
    pub listed_name: String,
    pub supplier_name: String,
    pub similarity: i32,
    pub band: String,
}

/// One received file with the columns that the trail binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplierListRow {
    pub file_name: String,
    pub document_sha256: String,
    pub options: String,
    /// Total, accepted, rejected, blank; `None` until it has been read.
    pub rows: [Option<i32>; 4],
}

/// One list snapshot with the columns that the trail binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListSnapshotRow {
    pub source: String,
    pub edition: String,
    pub document_sha256: String,
    pub head: String,
    pub retrieval: Option<String>,
}

/// One screening with the columns that the trail binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreeningRow {
    pub supplier_list_id: Uuid,
    pub as_of: NaiveDate,
    pub head: String,
    pub totals: Option<String>,
    pub result_sha256: Option<String>,
}

/// How many rows each table holds that the trail must account for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub list_snapshots: u64,
    pub supplier_lists: u64,
    pub suppliers: u64,
    pub screenings: u64,
    pub assessments: u64,
    pub hits: u64,
    pub dispositions: u64,
    pub supplier_versions: u64,
    pub supplier_merges: u64,
    pub risk_models: u64,
    pub risk_model_activations: u64,
    pub lead_dispositions: u64,
    pub statement_readings: u64,
    pub contractor_checks: u64,
    pub contractor_decisions: u64,
}

pub async fn counts(connection: &Scoped<impl ConnectionTrait>) -> Result<Counts, StoreError> {
    Ok(Counts {
        list_snapshots: list_snapshot::Entity::find().count(&connection.raw).await?,
        supplier_lists: supplier_list::Entity::find().count(&connection.raw).await?,
        suppliers: supplier::Entity::find().count(&connection.raw).await?,
        // One under way is told of when it ends.
        screenings: screening::Entity::find()
            .filter(screening::Column::FinishedAt.is_not_null())
            .count(&connection.raw)
            .await?,
        assessments: assessment::Entity::find().count(&connection.raw).await?,
        hits: hit::Entity::find().count(&connection.raw).await?,
        dispositions: disposition::Entity::find().count(&connection.raw).await?,
        supplier_versions: supplier_version::Entity::find()
            .count(&connection.raw)
            .await?,
        supplier_merges: supplier_merge::Entity::find()
            .count(&connection.raw)
            .await?,
        risk_models: risk_model::Entity::find().count(&connection.raw).await?,
        risk_model_activations: risk_model_activation::Entity::find()
            .count(&connection.raw)
            .await?,
        lead_dispositions: lead_disposition::Entity::find()
            .count(&connection.raw)
            .await?,
        statement_readings: statement_reading::Entity::find()
            .count(&connection.raw)
            .await?,
        contractor_checks: contractor_check::Entity::find()
            .count(&connection.raw)
            .await?,
        contractor_decisions: contractor_decision::Entity::find()
            .count(&connection.raw)
            .await?,
    })
}

pub async fn assessments(
    connection: &Scoped<impl ConnectionTrait>,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, AssessmentRow>, StoreError> {
    let mut found = HashMap::with_capacity(ids.len());
    for batch in ids.chunks(rows_per_statement(1)) {
        let rows = assessment::Entity::find()
            .filter(assessment::Column::Id.is_in(batch.iter().copied()))
            .all(&connection.raw)
            .await?;
        found.extend(rows.into_iter().map(|row| {
            let stored = AssessmentRow {
                screening_id: row.screening_id,
                supplier_id: row.supplier_id,
                row: row.row,
                score: row.score,
                range: [row.range_low, row.range_high],
                tier: row.tier,
                disposition: row.disposition,
                coverage: row.coverage,
                detail: inflate(&row.detail).ok(),
                detail_sha256: row.detail_sha256,
            };
            (row.id, stored)
        }));
    }
    Ok(found)
}

pub async fn suppliers(
    connection: &Scoped<impl ConnectionTrait>,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, SupplierRow>, StoreError> {
    let mut found = HashMap::with_capacity(ids.len());
    for batch in ids.chunks(rows_per_statement(1)) {
        let rows = supplier::Entity::find()
            .filter(supplier::Column::Id.is_in(batch.iter().copied()))
            .all(&connection.raw)
            .await?;
        found.extend(rows.into_iter().map(|row| {
            let stored = SupplierRow {
                supplier_list_id: row.supplier_list_id,
                row: row.row,
                name: row.name,
                country: row.country,
                record: row.record,
            };
            (row.id, stored)
        }));
    }
    Ok(found)
}

/// The hits of those suppliers, by supplier, sorted.
pub async fn hits(
    connection: &Scoped<impl ConnectionTrait>,
    supplier_ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<HitRow>>, StoreError> {
    let mut found: HashMap<Uuid, Vec<HitRow>> = HashMap::new();
    for batch in supplier_ids.chunks(rows_per_statement(1)) {
        let rows = hit::Entity::find()
            .filter(hit::Column::SupplierId.is_in(batch.iter().copied()))
            .all(&connection.raw)
            .await?;
        for row in rows {
            found.entry(row.supplier_id).or_default().push(HitRow {
                screening_id: row.screening_id,
                source: row.source,
                entry_id: row.entry_id,
                listed_name: row.listed_name,
                supplier_name: row.supplier_name,
                similarity: row.similarity,
                band: row.band,
            });
        }
    }
    for hits in found.values_mut() {
        hits.sort();
    }
    Ok(found)
}

pub async fn supplier_list(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<SupplierListRow>, StoreError> {
    let row = supplier_list::Entity::find_by_id(id)
        .one(&connection.raw)
        .await?;
    Ok(row.map(|row| SupplierListRow {
        file_name: row.file_name,
        document_sha256: row.document_sha256,
        options: row.options,
        rows: [
            row.rows_total,
            row.rows_accepted,
            row.rows_rejected,
            row.rows_blank,
        ],
    }))
}

pub async fn list_snapshot(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<ListSnapshotRow>, StoreError> {
    let row = list_snapshot::Entity::find_by_id(id)
        .one(&connection.raw)
        .await?;
    Ok(row.map(|row| ListSnapshotRow {
        source: row.source,
        edition: row.edition,
        document_sha256: row.document_sha256,
        head: row.head,
        retrieval: row.retrieval,
    }))
}

pub async fn screening(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<ScreeningRow>, StoreError> {
    let row = screening::Entity::find_by_id(id)
        .one(&connection.raw)
        .await?;
    Ok(row.map(|row| ScreeningRow {
        supplier_list_id: row.supplier_list_id,
        as_of: row.as_of,
        head: row.head,
        totals: row.totals,
        result_sha256: row.result_sha256,
    }))
}

/// One decision with the columns that the trail binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispositionRow {
    pub supplier_id: Uuid,
    pub hit_id: Uuid,
    pub source: String,
    pub entry_id: String,
    pub decision: String,
    pub reviewer: String,
    pub rationale: String,
}

pub async fn disposition(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<DispositionRow>, StoreError> {
    let row = disposition::Entity::find_by_id(id)
        .one(&connection.raw)
        .await?;
    Ok(row.map(|row| DispositionRow {
        supplier_id: row.supplier_id,
        hit_id: row.hit_id,
        source: row.source,
        entry_id: row.entry_id,
        decision: row.decision,
        reviewer: row.reviewer,
        rationale: row.rationale,
    }))
}

/// One reading of a statement, of whatever organization.
pub async fn statement_reading(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<StoredReading>, StoreError> {
    statement_reading::Entity::find_by_id(id)
        .one(&connection.raw)
        .await?
        .map(statements::read)
        .transpose()
}

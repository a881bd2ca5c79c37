//! Supplier files and the suppliers read from them.

use entities::{
    supplier,
    supplier_list::{ActiveModel, Entity, Model},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::{StoreError, database::rows_per_statement};
use crate::{clock::Timestamp, intake::RowCounts};

const SUPPLIER_COLUMNS: usize = 6;

/// A supplier file whose bytes are already kept as a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredList {
    pub id: Uuid,
    pub file_name: String,
    pub document_sha256: String,
    /// The intake options in canonical JSON.
    pub options: String,
}

/// One supplier as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSupplier {
    pub id: Uuid,
    pub row: u32,
    pub name: String,
    pub country: Option<String>,
    /// `supplier::Supplier` in canonical JSON.
    pub record: String,
}

pub async fn insert(
    transaction: &impl ConnectionTrait,
    list: &StoredList,
    rows: RowCounts,
    now: Timestamp,
) -> Result<(), StoreError> {
    Entity::insert(ActiveModel {
        id: Set(list.id),
        file_name: Set(list.file_name.clone()),
        document_sha256: Set(list.document_sha256.clone()),
        options: Set(list.options.clone()),
        rows_total: Set(signed(rows.total)),
        rows_accepted: Set(signed(rows.accepted)),
        rows_rejected: Set(signed(rows.rejected)),
        rows_blank: Set(signed(rows.blank)),
        received_at: Set(now),
    })
    .exec_without_returning(transaction)
    .await?;
    Ok(())
}

pub async fn insert_suppliers(
    transaction: &impl ConnectionTrait,
    list_id: Uuid,
    suppliers: Vec<StoredSupplier>,
) -> Result<(), StoreError> {
    let mut rows = suppliers
        .into_iter()
        .map(|stored| supplier::ActiveModel {
            id: Set(stored.id),
            supplier_list_id: Set(list_id),
            row: Set(signed(stored.row)),
            name: Set(stored.name),
            country: Set(stored.country),
            record: Set(stored.record),
        })
        .peekable();
    while rows.peek().is_some() {
        let batch: Vec<_> = rows
            .by_ref()
            .take(rows_per_statement(SUPPLIER_COLUMNS))
            .collect();
        supplier::Entity::insert_many(batch)
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<StoredList, StoreError> {
    let row: Model = Entity::find_by_id(id)
        .one(connection)
        .await?
        .ok_or_else(|| StoreError::Missing {
            what: "supplier list",
            id: id.to_string(),
        })?;
    Ok(StoredList {
        id: row.id,
        file_name: row.file_name,
        document_sha256: row.document_sha256,
        options: row.options,
    })
}

/// Rows are limited far below 2^31.
pub(super) fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

//! Supplier files and the suppliers read from them.

use entities::{
    supplier,
    supplier_list::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::{
    Scoped, Slice, StoreError,
    database::insertable,
    listing::{Key, slice},
};
use crate::{clock::Timestamp, intake::RowCounts};

const LIST_COLUMNS: usize = 10;
const SUPPLIER_COLUMNS: usize = 8;

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
    pub supplier_list_id: Uuid,
    pub row: u32,
    pub name: String,
    pub country: Option<String>,
    /// `supplier::Supplier` in canonical JSON.
    pub record: String,
    /// The organization's own id for it.
    pub external_id: Option<String>,
}

pub async fn insert(
    transaction: &Scoped<impl ConnectionTrait>,
    list: &StoredList,
    rows: Option<RowCounts>,
    now: Timestamp,
) -> Result<(), StoreError> {
    insert_many(transaction, &[(list, rows, now)]).await
}

/// Lists with their counts and when they were received.
pub async fn insert_many(
    transaction: &Scoped<impl ConnectionTrait>,
    lists: &[(&StoredList, Option<RowCounts>, Timestamp)],
) -> Result<(), StoreError> {
    let organization = transaction.organization();
    let count = |rows: &Option<RowCounts>, of: fn(&RowCounts) -> u32| {
        rows.as_ref().map(|rows| signed(of(rows)))
    };
    for batch in insertable(lists, LIST_COLUMNS) {
        Entity::insert_many(batch.iter().map(|(list, rows, now)| ActiveModel {
            id: Set(list.id),
            organization_id: Set(organization.0),
            file_name: Set(list.file_name.clone()),
            document_sha256: Set(list.document_sha256.clone()),
            options: Set(list.options.clone()),
            rows_total: Set(count(rows, |rows| rows.total)),
            rows_accepted: Set(count(rows, |rows| rows.accepted)),
            rows_rejected: Set(count(rows, |rows| rows.rejected)),
            rows_blank: Set(count(rows, |rows| rows.blank)),
            received_at: Set(*now),
        }))
        .exec_without_returning(&transaction.raw)
        .await?;
    }
    Ok(())
}

pub async fn insert_suppliers(
    transaction: &Scoped<impl ConnectionTrait>,
    suppliers: &[&StoredSupplier],
) -> Result<(), StoreError> {
    let organization = transaction.organization();
    for batch in insertable(suppliers, SUPPLIER_COLUMNS) {
        supplier::Entity::insert_many(batch.iter().map(|stored| supplier::ActiveModel {
            id: Set(stored.id),
            organization_id: Set(organization.0),
            supplier_list_id: Set(stored.supplier_list_id),
            row: Set(signed(stored.row)),
            name: Set(stored.name.clone()),
            country: Set(stored.country.clone()),
            record: Set(stored.record.clone()),
            external_id: Set(stored.external_id.clone()),
        }))
        .exec_without_returning(&transaction.raw)
        .await?;
    }
    Ok(())
}

/// The file has been read: how many rows it has.
pub async fn read(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
    rows: RowCounts,
) -> Result<(), StoreError> {
    Entity::update_many()
        .set(ActiveModel {
            rows_total: Set(Some(signed(rows.total))),
            rows_accepted: Set(Some(signed(rows.accepted))),
            rows_rejected: Set(Some(signed(rows.rejected))),
            rows_blank: Set(Some(signed(rows.blank))),
            ..Default::default()
        })
        .filter(Column::Id.eq(id))
        .filter(Column::OrganizationId.eq(transaction.organization().0))
        .exec(&transaction.raw)
        .await?;
    Ok(())
}

pub async fn find(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<StoredList, StoreError> {
    let row: Model = connection
        .select::<Entity>()
        .filter(Column::Id.eq(id))
        .one(&connection.raw)
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

/// One supplier of a list.
pub async fn supplier(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<StoredSupplier, StoreError> {
    connection
        .select::<supplier::Entity>()
        .filter(supplier::Column::Id.eq(id))
        .one(&connection.raw)
        .await?
        .map(stored_supplier)
        .ok_or_else(|| StoreError::Missing {
            what: "supplier",
            id: id.to_string(),
        })
}

/// A list with its counts, which are unknown until it has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedList {
    pub list: StoredList,
    pub rows: Option<RowCounts>,
    pub received_at: Timestamp,
}

pub async fn find_listed(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<ListedList>, StoreError> {
    Ok(connection
        .select::<Entity>()
        .filter(Column::Id.eq(id))
        .one(&connection.raw)
        .await?
        .map(listed))
}

/// The lists with those bytes, or all.
pub async fn page(
    connection: &Scoped<impl ConnectionTrait>,
    document_sha256: Option<&str>,
    part: &Slice,
) -> Result<Vec<ListedList>, StoreError> {
    let mut rows = connection.select::<Entity>();
    if let Some(sha256) = document_sha256 {
        rows = rows.filter(Column::DocumentSha256.eq(sha256));
    }
    let keys = [
        ("id", Column::Id, Key::Id),
        ("file_name", Column::FileName, Key::Text),
        ("received_at", Column::ReceivedAt, Key::Moment),
    ];
    let rows = slice(rows, &keys, part)?.all(&connection.raw).await?;
    Ok(rows.into_iter().map(listed).collect())
}

/// The next suppliers of a list after `row`, in the order of the file.
pub async fn suppliers_after(
    connection: &Scoped<impl ConnectionTrait>,
    list_id: Uuid,
    row: u32,
    limit: u64,
) -> Result<Vec<StoredSupplier>, StoreError> {
    let rows = connection
        .select::<supplier::Entity>()
        .filter(supplier::Column::SupplierListId.eq(list_id))
        .filter(supplier::Column::Row.gt(signed(row)))
        .order_by_asc(supplier::Column::Row)
        .limit(limit)
        .all(&connection.raw)
        .await?;
    Ok(rows.into_iter().map(stored_supplier).collect())
}

fn stored_supplier(row: supplier::Model) -> StoredSupplier {
    StoredSupplier {
        id: row.id,
        supplier_list_id: row.supplier_list_id,
        row: u32::try_from(row.row).unwrap_or_default(),
        name: row.name,
        country: row.country,
        record: row.record,
        external_id: row.external_id,
    }
}

fn listed(row: Model) -> ListedList {
    let unsigned = |number: i32| u32::try_from(number).unwrap_or_default();
    let rows = match (
        row.rows_total,
        row.rows_accepted,
        row.rows_rejected,
        row.rows_blank,
    ) {
        (Some(total), Some(accepted), Some(rejected), Some(blank)) => Some(RowCounts {
            total: unsigned(total),
            accepted: unsigned(accepted),
            rejected: unsigned(rejected),
            blank: unsigned(blank),
        }),
        _ => None,
    };
    ListedList {
        list: StoredList {
            id: row.id,
            file_name: row.file_name,
            document_sha256: row.document_sha256,
            options: row.options,
        },
        rows,
        received_at: row.received_at,
    }
}

/// Rows are limited far below 2^31.
pub(super) fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

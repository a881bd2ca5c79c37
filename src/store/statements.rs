//! Statements of companies and their readings.

use chrono::NaiveDate;
use entities::{statement, statement_reading};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::{
    Scoped, StoreError,
    documents::{deflate, inflate},
};
use crate::{clock::Timestamp, disclosures::statement::StatementReading};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredStatement {
    pub id: Uuid,
    pub company: String,
    pub law: String,
    pub address: Option<String>,
    pub ours: bool,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReading {
    pub id: Uuid,
    pub statement_id: Uuid,
    pub document_sha256: Option<String>,
    pub as_of: NaiveDate,
    pub actor: String,
    pub overall: String,
    pub problem: Option<String>,
    pub rules_sha256: String,
    /// Canonical JSON.
    pub detail: String,
    pub detail_sha256: String,
    pub read_at: Timestamp,
}

impl StoredReading {
    /// The reading out of its detail.
    pub fn reading(&self) -> Result<StatementReading, serde_json::Error> {
        #[derive(serde::Deserialize)]
        struct Detail {
            reading: StatementReading,
        }
        serde_json::from_str::<Detail>(&self.detail).map(|detail| detail.reading)
    }
}

pub async fn insert(
    transaction: &Scoped<impl ConnectionTrait>,
    added: StoredStatement,
) -> Result<(), StoreError> {
    statement::Entity::insert(statement::ActiveModel {
        id: Set(added.id),
        organization_id: Set(transaction.organization().0),
        company: Set(added.company),
        law: Set(added.law),
        address: Set(added.address),
        ours: Set(added.ours),
        created_at: Set(added.created_at),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

pub async fn insert_reading(
    transaction: &Scoped<impl ConnectionTrait>,
    added: StoredReading,
) -> Result<(), StoreError> {
    statement_reading::Entity::insert(statement_reading::ActiveModel {
        id: Set(added.id),
        organization_id: Set(transaction.organization().0),
        statement_id: Set(added.statement_id),
        document_sha256: Set(added.document_sha256),
        as_of: Set(added.as_of),
        actor: Set(added.actor),
        overall: Set(added.overall),
        problem: Set(added.problem),
        rules_sha256: Set(added.rules_sha256),
        detail: Set(deflate(added.detail.as_bytes())),
        detail_sha256: Set(added.detail_sha256),
        read_at: Set(added.read_at),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

pub async fn find(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<StoredStatement>, StoreError> {
    Ok(connection
        .select::<statement::Entity>()
        .filter(statement::Column::Id.eq(id))
        .one(&connection.raw)
        .await?
        .map(stored))
}

/// Newest first.
pub async fn page(
    connection: &Scoped<impl ConnectionTrait>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<StoredStatement>, StoreError> {
    let mut rows = connection.select::<statement::Entity>();
    if let Some(before) = before {
        rows = rows.filter(statement::Column::Id.lt(before));
    }
    let rows = rows
        .order_by_desc(statement::Column::Id)
        .limit(limit)
        .all(&connection.raw)
        .await?;
    Ok(rows.into_iter().map(stored).collect())
}

/// Readings of a statement, newest first.
pub async fn readings(
    connection: &Scoped<impl ConnectionTrait>,
    statement: Uuid,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<StoredReading>, StoreError> {
    let mut rows = connection
        .select::<statement_reading::Entity>()
        .filter(statement_reading::Column::StatementId.eq(statement));
    if let Some(before) = before {
        rows = rows.filter(statement_reading::Column::Id.lt(before));
    }
    rows.order_by_desc(statement_reading::Column::Id)
        .limit(limit)
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// One reading of a statement.
pub async fn reading(
    connection: &Scoped<impl ConnectionTrait>,
    statement: Uuid,
    id: Uuid,
) -> Result<Option<StoredReading>, StoreError> {
    connection
        .select::<statement_reading::Entity>()
        .filter(statement_reading::Column::StatementId.eq(statement))
        .filter(statement_reading::Column::Id.eq(id))
        .one(&connection.raw)
        .await?
        .map(read)
        .transpose()
}

fn stored(row: statement::Model) -> StoredStatement {
    StoredStatement {
        id: row.id,
        company: row.company,
        law: row.law,
        address: row.address,
        ours: row.ours,
        created_at: row.created_at,
    }
}

pub(super) fn read(row: statement_reading::Model) -> Result<StoredReading, StoreError> {
    let unreadable = |source: Box<dyn std::error::Error + Send + Sync>| StoreError::Unreadable {
        what: "statement reading",
        id: row.id.to_string(),
        source,
    };
    let detail = inflate(&row.detail).map_err(|error| unreadable(error.into()))?;
    let detail = String::from_utf8(detail).map_err(|error| unreadable(error.into()))?;
    Ok(StoredReading {
        id: row.id,
        statement_id: row.statement_id,
        document_sha256: row.document_sha256,
        as_of: row.as_of,
        actor: row.actor,
        overall: row.overall,
        problem: row.problem,
        rules_sha256: row.rules_sha256,
        detail,
        detail_sha256: row.detail_sha256,
        read_at: row.read_at,
    })
}

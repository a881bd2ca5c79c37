//! Checks of contractors' files, and what people decided about what they found.

use chrono::NaiveDate;
use entities::{
    contractor_check::{ActiveModel, Column, Entity, Model},
    contractor_decision,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::{Scoped, StoreError};
use crate::clock::Timestamp;

/// One check; its files and its result are documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCheck {
    pub id: Uuid,
    pub as_of: NaiveDate,
    pub files: String,
    pub summary: String,
    pub result_sha256: String,
    pub follows: Option<Uuid>,
    pub checked_at: Timestamp,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDecision {
    pub id: Uuid,
    pub check_id: Uuid,
    pub contradiction: String,
    pub confirmed: bool,
    pub reviewer: String,
    pub rationale: String,
    pub contractor_response: Option<String>,
    pub decided_at: Timestamp,
}

pub async fn insert(
    transaction: &Scoped<impl ConnectionTrait>,
    check: StoredCheck,
) -> Result<(), StoreError> {
    Entity::insert(ActiveModel {
        id: Set(check.id),
        organization_id: Set(transaction.organization().0),
        as_of: Set(check.as_of),
        files: Set(check.files),
        summary: Set(check.summary),
        result_sha256: Set(check.result_sha256),
        follows: Set(check.follows),
        checked_at: Set(check.checked_at),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

pub async fn find(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<StoredCheck>, StoreError> {
    Ok(connection
        .select::<Entity>()
        .filter(Column::Id.eq(id))
        .one(&connection.raw)
        .await?
        .map(stored))
}

/// Newest first.
pub async fn page(
    connection: &Scoped<impl ConnectionTrait>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<StoredCheck>, StoreError> {
    let mut rows = connection.select::<Entity>();
    if let Some(before) = before {
        rows = rows.filter(Column::Id.lt(before));
    }
    let rows = rows
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(&connection.raw)
        .await?;
    Ok(rows.into_iter().map(stored).collect())
}

fn stored(row: Model) -> StoredCheck {
    StoredCheck {
        id: row.id,
        as_of: row.as_of,
        files: row.files,
        summary: row.summary,
        result_sha256: row.result_sha256,
        follows: row.follows,
        checked_at: row.checked_at,
    }
}

pub async fn decide(
    transaction: &Scoped<impl ConnectionTrait>,
    decision: StoredDecision,
) -> Result<(), StoreError> {
    contractor_decision::Entity::insert(contractor_decision::ActiveModel {
        id: Set(decision.id),
        organization_id: Set(transaction.organization().0),
        check_id: Set(decision.check_id),
        contradiction: Set(decision.contradiction),
        confirmed: Set(decision.confirmed),
        reviewer: Set(decision.reviewer),
        rationale: Set(decision.rationale),
        contractor_response: Set(decision.contractor_response),
        decided_at: Set(decision.decided_at),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

/// Every decision of the organization, oldest first.
pub async fn decisions(
    connection: &Scoped<impl ConnectionTrait>,
) -> Result<Vec<StoredDecision>, StoreError> {
    Ok(connection
        .select::<contractor_decision::Entity>()
        .order_by_asc(contractor_decision::Column::Id)
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(stored_decision)
        .collect())
}

/// The organization's decisions about one contradiction or record.
pub async fn decisions_about(
    connection: &Scoped<impl ConnectionTrait>,
    contradiction: &str,
) -> Result<Vec<StoredDecision>, StoreError> {
    Ok(connection
        .select::<contractor_decision::Entity>()
        .filter(contractor_decision::Column::Contradiction.eq(contradiction))
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(stored_decision)
        .collect())
}

fn stored_decision(row: contractor_decision::Model) -> StoredDecision {
    StoredDecision {
        id: row.id,
        check_id: row.check_id,
        contradiction: row.contradiction,
        confirmed: row.confirmed,
        reviewer: row.reviewer,
        rationale: row.rationale,
        contractor_response: row.contractor_response,
        decided_at: row.decided_at,
    }
}

//! What people decided about leads that are no hits.

use entities::lead_disposition::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::{Scoped, StoreError, database::rows_per_statement};
use crate::{
    review::{Decided, Subject},
    screening::Review,
};

/// One decision and what it binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadDecision {
    pub id: Uuid,
    pub screening_id: Uuid,
    pub supplier_id: Uuid,
    pub subject: Subject,
    pub decided: Decided,
}

/// Every decision about leads of those suppliers, oldest first.
pub async fn decisions(
    connection: &Scoped<impl ConnectionTrait>,
    suppliers: &[Uuid],
) -> Result<Vec<LeadDecision>, StoreError> {
    let mut found = Vec::new();
    for batch in suppliers.chunks(rows_per_statement(1)) {
        let rows = connection
            .select::<Entity>()
            .filter(Column::SupplierId.is_in(batch.iter().copied()))
            .order_by_asc(Column::DecidedAt)
            .order_by_asc(Column::Id)
            .all(&connection.raw)
            .await?;
        for row in rows {
            found.push(read(row)?);
        }
    }
    Ok(found)
}

pub async fn add(
    transaction: &Scoped<impl ConnectionTrait>,
    added: &LeadDecision,
) -> Result<(), StoreError> {
    let Some((kind, source, subject)) = added.subject.lead() else {
        return Err(StoreError::Missing {
            what: "lead",
            id: added.id.to_string(),
        });
    };
    let Decided { decision, review } = &added.decided;
    Entity::insert(ActiveModel {
        id: Set(added.id),
        organization_id: Set(transaction.organization().0),
        screening_id: Set(added.screening_id),
        supplier_id: Set(added.supplier_id),
        kind: Set(kind.to_owned()),
        source: Set(source.to_owned()),
        subject: Set(subject.to_owned()),
        decision: Set(decision.code().to_owned()),
        reviewer: Set(review.reviewer.clone()),
        rationale: Set(review.rationale.clone()),
        decided_at: Set(review.at),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

fn read(row: Model) -> Result<LeadDecision, StoreError> {
    let unreadable = |id: Uuid, why: &'static str| StoreError::Unreadable {
        what: "decision about a lead",
        id: id.to_string(),
        source: why.into(),
    };
    Ok(LeadDecision {
        subject: Subject::of_lead(&row.kind, &row.source, &row.subject)
            .ok_or_else(|| unreadable(row.id, "what it is about is not known"))?,
        id: row.id,
        screening_id: row.screening_id,
        supplier_id: row.supplier_id,
        decided: Decided {
            decision: row
                .decision
                .parse()
                .map_err(|_| unreadable(row.id, "its decision is not known"))?,
            review: Review {
                reviewer: row.reviewer,
                at: row.decided_at,
                rationale: row.rationale,
            },
        },
    })
}

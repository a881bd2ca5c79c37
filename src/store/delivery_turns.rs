//! Whose messages are sent next: organizations take turns.

use std::collections::HashMap;

use entities::webhook_delivery::{Column, Entity};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::{Scoped, StoreError, deliveries::due};
use crate::clock::Timestamp;

#[derive(Debug, FromQueryResult)]
struct Waiting {
    organization_id: Uuid,
    endpoint_id: Uuid,
    since: Timestamp,
}

/// The endpoints whose turn it is: every organization's first, then every
/// organization's second, and so on.
pub(super) async fn in_turn(
    transaction: &Scoped<impl ConnectionTrait>,
    most: usize,
    now: Timestamp,
) -> Result<Vec<Uuid>, StoreError> {
    let found = Entity::find()
        .select_only()
        .column(Column::OrganizationId)
        .column(Column::EndpointId)
        .column_as(Column::NextAt.min(), "since")
        .filter(due(now))
        .group_by(Column::OrganizationId)
        .group_by(Column::EndpointId)
        .into_model::<Waiting>()
        .all(&transaction.raw)
        .await?;
    Ok(ordered(found).into_iter().take(most).collect())
}

fn ordered(mut waiting: Vec<Waiting>) -> Vec<Uuid> {
    waiting.sort_by_key(|one| (one.since, one.endpoint_id));
    let mut turns: HashMap<Uuid, usize> = HashMap::new();
    let mut placed: Vec<_> = waiting
        .into_iter()
        .map(|one| {
            let turn = turns.entry(one.organization_id).or_default();
            *turn += 1;
            (*turn, one.endpoint_id)
        })
        .collect();
    // Stable: within a turn, the longest wait goes first.
    placed.sort_by_key(|(turn, _)| *turn);
    placed.into_iter().map(|(_, endpoint)| endpoint).collect()
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;

    #[test]
    fn organizations_take_turns() {
        let at = |minute| Utc.with_ymd_and_hms(2026, 11, 21, 12, minute, 0).unwrap();
        let one = |organization, endpoint, minute| Waiting {
            organization_id: Uuid::from_u128(organization),
            endpoint_id: Uuid::from_u128(endpoint),
            since: at(minute),
        };
        // The first has many endpoints that have waited longest.
        let mut waiting: Vec<_> = (0..20).map(|number| one(1, number, 0)).collect();
        waiting.extend([one(2, 101, 5), one(2, 100, 4), one(3, 102, 3)]);
        let turns: Vec<_> = ordered(waiting).iter().map(Uuid::as_u128).collect();
        assert_eq!(turns[..6], [0, 102, 100, 1, 101, 2]);
        assert_eq!(turns.len(), 23);
    }
}

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

/// Tries that may be made at once, less those under way.
#[derive(Debug, Clone)]
pub struct Room {
    all: usize,
    per_organization: usize,
    per_endpoint: usize,
    organizations: HashMap<Uuid, usize>,
    endpoints: HashMap<Uuid, usize>,
}

impl Room {
    /// With nothing under way. A slow receiver holds no more than its share, and
    /// an organization with many of them no more than its own.
    pub fn new(all: usize, per_organization: usize, per_endpoint: usize) -> Self {
        Self {
            all,
            per_organization,
            per_endpoint,
            organizations: HashMap::new(),
            endpoints: HashMap::new(),
        }
    }

    /// So many more are under way.
    pub fn take(&mut self, organization: Uuid, endpoint: Uuid, tries: usize) {
        self.all = self.all.saturating_sub(tries);
        *self.organizations.entry(organization).or_default() += tries;
        *self.endpoints.entry(endpoint).or_default() += tries;
    }

    /// For one more endpoint.
    fn share(&self, organization: Uuid, endpoint: Uuid, most: usize) -> usize {
        let left = |most: usize, taken: &HashMap<Uuid, usize>, whose| {
            most.saturating_sub(taken.get(&whose).copied().unwrap_or_default())
        };
        most.min(self.all)
            .min(left(
                self.per_organization,
                &self.organizations,
                organization,
            ))
            .min(left(self.per_endpoint, &self.endpoints, endpoint))
    }
}

/// The endpoints whose turn it is, with how many tries each: every organization's
/// first, then every organization's second, and so on.
pub(super) async fn in_turn(
    transaction: &Scoped<impl ConnectionTrait>,
    room: Room,
    now: Timestamp,
) -> Result<Vec<(Uuid, usize)>, StoreError> {
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
    Ok(shares(found, room))
}

fn shares(waiting: Vec<Waiting>, mut room: Room) -> Vec<(Uuid, usize)> {
    let even = room.all / waiting.len().max(1);
    let mut shares = Vec::new();
    for (organization, endpoint) in ordered(waiting) {
        let share = room.share(organization, endpoint, even.max(1));
        if share > 0 {
            room.take(organization, endpoint, share);
            shares.push((endpoint, share));
        }
    }
    shares
}

fn ordered(mut waiting: Vec<Waiting>) -> Vec<(Uuid, Uuid)> {
    waiting.sort_by_key(|one| (one.since, one.endpoint_id));
    let mut turns: HashMap<Uuid, usize> = HashMap::new();
    let mut placed: Vec<_> = waiting
        .into_iter()
        .map(|one| {
            let turn = turns.entry(one.organization_id).or_default();
            *turn += 1;
            (*turn, (one.organization_id, one.endpoint_id))
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
        let all = Room::new(100, 100, 100);
        let turns: Vec<_> = shares(waiting, all)
            .into_iter()
            .map(|(endpoint, share)| (endpoint.as_u128(), share))
            .collect();
        assert_eq!(
            turns[..6],
            [(0, 4), (102, 4), (100, 4), (1, 4), (101, 4), (2, 4)]
        );
        assert_eq!(turns.len(), 23);
    }

    #[test]
    fn nobody_takes_more_than_there_is_room_for() {
        let at = Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap();
        let waiting = |endpoints: &[(u128, u128)]| -> Vec<_> {
            let one = |(organization, endpoint): &(u128, u128)| Waiting {
                organization_id: Uuid::from_u128(*organization),
                endpoint_id: Uuid::from_u128(*endpoint),
                since: at,
            };
            endpoints.iter().map(one).collect()
        };
        let id = Uuid::from_u128;
        // One endpoint has all it may; its organization has a little left.
        let mut room = Room::new(20, 6, 4);
        room.take(id(1), id(10), 4);
        let given = shares(waiting(&[(1, 10), (1, 11), (2, 20)]), room.clone());
        assert_eq!(given, [(id(20), 4), (id(11), 2)]);
        room.take(id(3), id(30), 15);
        let given = shares(waiting(&[(1, 11), (2, 20)]), room);
        assert_eq!(given, [(id(11), 1)]);
    }
}

//! How the service as a whole is doing, over all organizations: counts for its
//! operator, no rows.

use entities::job;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use super::{
    Scoped, StoreError,
    deliveries::{self, DeliveryState},
    jobs::JobState,
    nodes,
};
use crate::clock::Timestamp;

#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    pub queued: u64,
    pub running: u64,
    /// Since when the oldest queued job could have been worked on.
    pub oldest_queued: Option<Timestamp>,
    pub servers: u64,
    pub deliveries_pending: u64,
    pub deliveries_parked: u64,
}

pub async fn figures(connection: &Scoped<impl ConnectionTrait>) -> Result<Figures, StoreError> {
    let in_state =
        |state: JobState| job::Entity::find().filter(job::Column::State.eq(state.code()));
    let oldest = in_state(JobState::Queued)
        .order_by_asc(job::Column::RunAfter)
        .one(&connection.raw)
        .await?;
    Ok(Figures {
        queued: in_state(JobState::Queued).count(&connection.raw).await?,
        running: in_state(JobState::Running).count(&connection.raw).await?,
        oldest_queued: oldest.map(|job| job.run_after),
        servers: nodes::count(connection).await?,
        deliveries_pending: deliveries::count(connection, DeliveryState::Pending).await?,
        deliveries_parked: deliveries::count(connection, DeliveryState::Parked).await?,
    })
}

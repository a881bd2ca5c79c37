//! Where an organization wants to be told of what happens.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_endpoints")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub url: String,
    /// Codes, parted by blanks.
    pub events: String,
    /// Whoever reads the database can sign messages.
    pub secret: String,
    /// Signs too until `previous_until`.
    pub previous_secret: Option<String>,
    pub previous_until: Option<DateTimeUtc>,
    pub active: bool,
    /// The first failure since the last success.
    pub failing_since: Option<DateTimeUtc>,
    /// Why the service stopped telling it.
    pub disabled_because: Option<String>,
    pub created_by: String,
    pub created_at: DateTimeUtc,
    /// From then on it is not there any more.
    pub removed_at: Option<DateTimeUtc>,
    /// Counts changes, for If-Match.
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! How much of a budget is used up: the service's, no tenant's.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "throttles")]
pub struct Model {
    /// Of what is throttled: an address or an e-mail, which is not kept itself.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_sha256: String,
    pub organization_id: Uuid,
    /// When nothing of it is used up any more.
    pub empty_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

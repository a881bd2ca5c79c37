//! A candidate pair at or above the low band, waiting for a person.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hits")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub screening_id: Uuid,
    pub supplier_id: Uuid,
    pub source: String,
    pub entry_id: String,
    pub listed_name: String,
    pub supplier_name: String,
    /// In millionths.
    pub similarity: i32,
    pub band: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! What a person decided about one supplier record and one listed entry. Only
//! ever added to.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dispositions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub screening_id: Uuid,
    pub supplier_id: Uuid,
    pub source: String,
    pub entry_id: String,
    /// The hit it was decided at.
    pub hit_id: Uuid,
    pub decision: String,
    pub reviewer: String,
    pub rationale: String,
    pub decided_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

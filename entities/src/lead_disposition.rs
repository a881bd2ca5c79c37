//! What a person decided about a lead that is no hit. Only ever added to.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lead_dispositions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub screening_id: Uuid,
    pub supplier_id: Uuid,
    /// `place` or `order`.
    pub kind: String,
    /// The field of the record, or the list.
    pub source: String,
    /// The place, or the entry.
    pub subject: String,
    pub decision: String,
    pub reviewer: String,
    pub rationale: String,
    pub decided_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

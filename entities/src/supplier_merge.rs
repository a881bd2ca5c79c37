//! What a person said about two standing suppliers being one party. Only ever
//! added to.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "supplier_merges")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub kept_id: Uuid,
    pub other_id: Uuid,
    pub decision: String,
    pub decided_by: String,
    pub rationale: String,
    /// What spoke for it then, in canonical JSON.
    pub evidence: Option<String>,
    pub decided_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

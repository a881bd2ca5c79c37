//! One run of a supplier list against list snapshots and a model.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "screenings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub supplier_list_id: Uuid,
    pub as_of: Date,
    /// `report::Head` in canonical JSON: everything of the result but the suppliers.
    pub head: String,
    /// `report::Totals` in canonical JSON; null until it has finished.
    pub totals: Option<String>,
    /// Of the whole result in canonical JSON; null until it has finished.
    pub result_sha256: Option<String>,
    pub started_at: DateTimeUtc,
    pub finished_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

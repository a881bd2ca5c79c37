//! What a person decided about a contradiction or an official record of a
//! contractor. Only ever added to.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contractor_decisions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    /// The check that it was decided at.
    pub check_id: Uuid,
    /// Id of the contradiction or record, as the check shows it.
    pub contradiction: String,
    pub confirmed: bool,
    pub reviewer: String,
    pub rationale: String,
    pub contractor_response: Option<String>,
    pub decided_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

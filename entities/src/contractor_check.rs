//! One check of contractors' files. Only ever added to.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contractor_checks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub as_of: Date,
    /// Name and SHA-256 of each file, in canonical JSON; the bytes are documents.
    pub files: String,
    /// Counts by status, in canonical JSON.
    pub summary: String,
    /// Of the whole result in canonical JSON, which is a document.
    pub result_sha256: String,
    /// The check that was made again after a decision.
    pub follows: Option<Uuid>,
    pub checked_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

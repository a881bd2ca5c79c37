//! One reading of a statement: the bytes of that day and what they say.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statement_readings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub statement_id: Uuid,
    /// The bytes that were read; null where none were received.
    pub document_sha256: Option<String>,
    pub as_of: Date,
    pub actor: String,
    pub overall: String,
    /// Why nothing was read.
    pub problem: Option<String>,
    pub rules_sha256: String,
    /// Reading and way there in canonical JSON, deflated.
    pub detail: Vec<u8>,
    pub detail_sha256: String,
    pub read_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

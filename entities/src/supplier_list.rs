//! One supplier file as received and how it was read.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "supplier_lists")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub file_name: String,
    /// The bytes it was read from.
    pub document_sha256: String,
    /// The intake options in canonical JSON: with the bytes they give the rows.
    pub options: String,
    /// The counts are null until the file has been read.
    pub rows_total: Option<i32>,
    pub rows_accepted: Option<i32>,
    pub rows_rejected: Option<i32>,
    pub rows_blank: Option<i32>,
    pub received_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

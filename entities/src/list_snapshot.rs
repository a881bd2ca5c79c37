//! One edition of one published list. Which is in force on a day is chosen by
//! edition date.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "list_snapshots")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub source: String,
    pub edition: String,
    /// The bytes it was read from.
    pub document_sha256: String,
    /// `lists::SnapshotHead` in canonical JSON.
    pub head: String,
    pub kept_at: DateTimeUtc,
    /// Its place among the editions of its list; 0: its rows are not in the
    /// history of entries.
    pub number: i32,
    /// How it came here, in canonical JSON; null: with the program.
    pub retrieval: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

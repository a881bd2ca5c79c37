//! One version of one row of a list, with the editions that held it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "list_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    /// What identifies the row across editions: `entry:<id>`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub item: String,
    /// The edition that first held this version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub first_number: i32,
    /// The last that held it; null: the newest still does.
    pub last_number: Option<i32>,
    /// The day of the first edition.
    pub valid_from: Date,
    /// The day of the first edition that no longer held it.
    pub valid_to: Option<Date>,
    /// Of `body`.
    pub sha256: Vec<u8>,
    /// The row in canonical JSON.
    pub body: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

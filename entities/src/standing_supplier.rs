//! A supplier as the organization knows it, whatever lists it stands on.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "standing_suppliers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    /// The organization's own id for it.
    pub external_id: String,
    pub name: String,
    /// The name for searching: lower case, one blank between words.
    pub name_key: String,
    pub country: Option<String>,
    /// Whether it is screened with all others.
    pub active: bool,
    /// Counts changes, for If-Match.
    pub version: i32,
    /// A person said that it is the same party as that one.
    pub merged_into: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

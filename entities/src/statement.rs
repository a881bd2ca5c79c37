//! A company's statement under one law: what is read again as time goes by.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statements")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub company: String,
    /// The id of the law's rule file.
    pub law: String,
    /// Where it is looked for; null where it came as text or file.
    pub address: Option<String>,
    /// The organization's own statement, about its own suppliers.
    pub ours: bool,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

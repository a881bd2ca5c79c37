//! One accepted row of a supplier list.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "suppliers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub supplier_list_id: Uuid,
    /// 1-based row in the file.
    pub row: i32,
    pub name: String,
    /// ISO 3166-1 alpha-2 of where the goods are made, as far as the list says.
    pub country: Option<String>,
    /// `supplier::Supplier` in canonical JSON.
    pub record: String,
    /// The organization's own id for it, which links it to a standing supplier.
    pub external_id: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

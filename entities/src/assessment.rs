//! The result for one supplier of one screening. A decision about a hit adds a
//! revision; none is overwritten.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assessments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub screening_id: Uuid,
    pub supplier_id: Uuid,
    pub row: i32,
    /// 0 is the one that the screening's hash binds.
    pub revision: i32,
    /// Null: not assessed, which is not a low score.
    pub score: Option<i16>,
    pub range_low: i16,
    pub range_high: i16,
    pub tier: String,
    pub disposition: String,
    pub coverage: i16,
    /// `report::SupplierResult` in canonical JSON, deflated.
    pub detail: Vec<u8>,
    /// Of the canonical JSON before deflating.
    pub detail_sha256: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! A key that access tokens are signed with: the service's, no tenant's.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub kid: String,
    pub organization_id: Uuid,
    /// The Ed25519 seed in hex. Whoever reads the database can sign tokens.
    pub seed: String,
    /// The Ed25519 public key in base64url.
    pub public_key: String,
    pub created_at: DateTimeUtc,
    /// From then on it signs nothing; tokens that it signed hold until then
    /// plus their lifetime.
    pub retired_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

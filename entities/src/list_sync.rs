//! One attempt to bring a list up to date.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "list_syncs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub source: String,
    pub state: String,
    /// A person brought the files; it is not asked of the publisher.
    pub brought: bool,
    /// Who asked for it.
    pub actor: String,
    pub requested_at: DateTimeUtc,
    pub finished_at: Option<DateTimeUtc>,
    /// Who works on it.
    pub lease: Option<Uuid>,
    pub lease_until: Option<DateTimeUtc>,
    /// Why it failed or was refused.
    pub problem: Option<String>,
    /// What a person can do then.
    pub advice: Option<String>,
    /// The bytes that came, if any.
    pub document_sha256: Option<String>,
    /// `lists::SnapshotHead` of what came, in canonical JSON.
    pub head: Option<String>,
    /// How it came, in canonical JSON.
    pub retrieval: Option<String>,
    /// What came into force by it.
    pub snapshot_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

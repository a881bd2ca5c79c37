//! Work that outlives a request and a crash.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub kind: String,
    pub state: String,
    pub supplier_list_id: Uuid,
    /// Null until the list has been read.
    pub screening_id: Option<Uuid>,
    pub as_of: Date,
    /// Who asked for it.
    pub actor: String,
    pub idempotency_key: Option<String>,
    /// Of what was asked for, so that one key cannot mean two things.
    pub request_sha256: String,
    /// Null until the list has been read.
    pub rows_total: Option<i32>,
    /// Suppliers recorded so far; written together with them.
    pub rows_done: i32,
    /// Starts since the last progress.
    pub attempts: i32,
    /// Who works on it; every write of the work names it.
    pub lease: Option<Uuid>,
    pub lease_until: Option<DateTimeUtc>,
    pub run_after: DateTimeUtc,
    pub cancel_requested: bool,
    /// Why it failed, for the person who asked.
    pub problem: Option<String>,
    pub created_at: DateTimeUtc,
    pub started_at: Option<DateTimeUtc>,
    pub finished_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! The only sea-orm code. Functions take a pool or an open transaction that is
//! bound to an organization ([`Scoped`]), so that a write and its audit event
//! share one and no query forgets whose rows it reads.

pub mod assessments;
pub mod contents;
pub mod contractor_checks;
pub mod database;
pub mod documents;
pub mod hits;
pub mod jobs;
pub mod list_snapshots;
pub mod people;
pub mod scope;
pub mod screenings;
pub mod signing_keys;
pub mod supplier_lists;
pub mod trail;

pub use database::{Database, StoreError, new_id};
pub use scope::Scoped;
/// What reads and writes go through: a pool or an open transaction.
pub use sea_orm::ConnectionTrait as Connection;

//! The only sea-orm code. Functions take a connection or an open transaction
//! (`&impl ConnectionTrait`), so that a write and its audit event share one.

pub mod assessments;
pub mod contents;
pub mod database;
pub mod documents;
pub mod list_snapshots;
pub mod screenings;
pub mod supplier_lists;
pub mod trail;

pub use database::{Database, StoreError, new_id};
/// What reads and writes go through: a pool or an open transaction.
pub use sea_orm::ConnectionTrait as Connection;

//! The only sea-orm code. Functions take a pool or an open transaction that is
//! bound to an organization ([`Scoped`]), so that a write and its audit event
//! share one and no query forgets whose rows it reads.

pub mod assessments;
pub mod contents;
pub mod contractor_checks;
pub mod database;
pub mod deliveries;
pub mod delivery_turns;
pub mod documents;
pub mod figures;
pub mod hits;
pub mod jobs;
pub mod leads;
pub mod list_entries;
pub mod list_snapshots;
pub mod list_syncs;
pub mod list_writes;
pub mod listing;
pub mod nodes;
mod outage;
pub mod people;
pub mod risk_models;
pub mod scope;
pub mod screenings;
pub mod signing_keys;
pub mod standing_suppliers;
pub mod statements;
pub mod supplier_lists;
pub mod throttles;
pub mod told;
pub mod trail;
pub mod uploads;
pub mod webhooks;

pub use database::{Database, StoreError, new_id};
pub use listing::Slice;
pub use outage::may_pass;
pub use scope::Scoped;
/// What reads and writes go through: a pool or an open transaction.
pub use sea_orm::ConnectionTrait as Connection;

//! One table a file, no logic.

pub mod api_key;
pub mod assessment;
pub mod audit_event;
pub mod contractor_check;
pub mod contractor_decision;
pub mod disposition;
pub mod document;
pub mod hit;
pub mod invitation;
pub mod job;
pub mod list_snapshot;
pub mod organization;
pub mod screening;
pub mod signing_key;
pub mod supplier;
pub mod supplier_list;
pub mod user;

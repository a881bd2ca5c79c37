//! One table a file, no logic.

pub mod assessment;
pub mod audit_event;
pub mod document;
pub mod hit;
pub mod list_snapshot;
pub mod screening;
pub mod supplier;
pub mod supplier_list;

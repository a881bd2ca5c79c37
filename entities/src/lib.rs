//! One table a file, no logic.

pub mod api_key;
pub mod assessment;
pub mod audit_event;
pub mod disposition;
pub mod document;
pub mod hit;
pub mod invitation;
pub mod job;
pub mod list_snapshot;
pub mod node;
pub mod organization;
pub mod screening;
pub mod signing_key;
pub mod supplier;
pub mod supplier_list;
pub mod throttle;
pub mod user;
pub mod webhook_attempt;
pub mod webhook_delivery;
pub mod webhook_endpoint;
pub mod webhook_message;

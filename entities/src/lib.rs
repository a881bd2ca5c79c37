//! One table a file, no logic.

pub mod api_key;
pub mod assessment;
pub mod audit_event;
pub mod disposition;
pub mod document;
pub mod hit;
pub mod invitation;
pub mod job;
pub mod lead_disposition;
pub mod list_snapshot;
pub mod node;
pub mod organization;
pub mod risk_model;
pub mod risk_model_activation;
pub mod screening;
pub mod signing_key;
pub mod standing_supplier;
pub mod supplier;
pub mod supplier_list;
pub mod supplier_merge;
pub mod supplier_version;
pub mod throttle;
pub mod upload;
pub mod upload_part;
pub mod user;

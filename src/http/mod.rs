//! The only actix code. `app.rs` shows every route on one screen.

pub mod allowed;
pub mod api;
pub mod app;
pub mod body;
mod caller;
pub mod conditional;
mod form;
mod json_flaw;
mod limits;
pub mod metrics;
pub mod moment;
pub mod names;
mod observe;
pub mod openapi;
pub mod page;
pub mod problem;
mod request_id;
pub mod state;
pub mod tls;

pub use app::serve;
pub use state::State;

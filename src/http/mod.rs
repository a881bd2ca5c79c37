//! The only actix code. `app.rs` shows every route on one screen.

pub mod allowed;
pub mod api;
pub mod app;
pub mod body;
pub mod conditional;
pub mod moment;
pub mod names;
pub mod openapi;
pub mod page;
pub mod problem;
mod request_id;
pub mod state;

pub use app::serve;
pub use state::State;

//! The only actix code. `app.rs` shows every route on one screen.

pub mod api;
pub mod app;
pub mod problem;

pub use app::serve;

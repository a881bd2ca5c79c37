//! Requests to the world outside: the only reqwest code.
//!
//! Addresses come from settings, from people and from what servers answer, so
//! every request goes through one [`Fetcher`], which
//! - reaches public addresses only: the address that was checked is the one
//!   that is connected to, on every redirect ([`public`]);
//! - bounds time, size and redirects ([`Limits`]);
//! - says who asks, and tries again what may pass ([`FetchError::may_pass`]).

mod client;
mod error;
pub mod public;
mod received;
mod send;
mod spool;

pub use client::{BadFetchSettings, Fetcher};
pub use error::FetchError;
pub use received::{Fetched, Get, Hosts, Limits, Received, Validators, get};
pub use send::{Answer, Post, post};
pub use spool::Spool;

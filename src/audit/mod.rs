//! TRAIL: what was done, by whom, when, chained so that no stored byte can
//! change unnoticed.
//!
//! An [`Event`] becomes a [`SealedEvent`] by writing it in canonical JSON
//! (RFC 8785) together with its number and its predecessor's hash, and hashing
//! those bytes with SHA-256. [`Verifier`] walks stored events in order and
//! names the first that does not hold.

pub mod canonical;
pub mod chain;
pub mod event;

pub use canonical::{HashWriter, NotCanonical, canonical_bytes, canonical_text, sha256_hex};
pub use chain::{Broken, ChainHead, SealedEvent, Verifier};
pub use event::{Event, EventKind};

//! Use cases, one function each. A write and its audit event share one
//! transaction. Reads may go to the store directly; every write goes through
//! here.

pub mod export;
pub mod lists;
pub mod policy;
pub mod replay;
pub mod screen;
pub mod verify;

//! Use cases, one function each. A write and its audit event share one
//! transaction. Reads may go to the store directly; every write goes through
//! here.

pub mod contractors;
pub mod decide;
pub mod export;
pub mod ground;
pub mod identity;
pub mod jobs;
pub mod lists;
pub mod policy;
pub mod read;
pub mod replay;
pub mod screen;
pub mod screen_one;
pub mod secrets;
pub mod token;
pub mod verify;
pub mod worker;

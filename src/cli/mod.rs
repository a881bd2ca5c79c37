//! One file a command. Results go to stdout, everything else to stderr.

pub mod arguments;
pub mod assess;
pub mod audit;
pub mod companies;
pub mod config;
pub mod contractor;
mod contractor_text;
pub mod lists;
mod lists_sync;
mod lists_text;
pub mod output;
pub mod reconcile;
pub mod screen;
pub mod screening;
pub mod serve;
pub mod statement;
pub mod worker;
mod wrapped;

pub use arguments::{Arguments, Command};
pub use output::{Failure, report_failure};

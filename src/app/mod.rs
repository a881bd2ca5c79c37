//! Use cases, one function each. A write and its audit event share one
//! transaction. Reads may go to the store directly; every write goes through
//! here.

pub mod contractors;
pub mod decide;
pub mod deliver;
pub mod export;
pub mod ground;
pub mod identity;
pub mod jobs;
pub mod list_accept;
mod list_attempt;
pub mod list_editions;
pub mod list_examine;
mod list_history;
pub mod list_import;
pub mod list_keep;
mod list_refuse;
pub mod list_retrieve;
mod list_rows;
pub mod list_schedule;
pub mod list_show;
pub mod list_sync;
pub mod lists;
pub mod merges;
pub mod nodes;
pub mod outbox;
pub mod outside;
pub mod policy;
pub mod publishers;
pub mod read;
pub mod recorder;
mod recording;
pub mod replay;
pub mod risk_models;
pub mod screen;
pub mod screen_one;
pub mod secrets;
pub mod statement_site;
pub mod statements;
pub mod suppliers;
pub mod throttle;
pub mod token;
pub mod uploads;
pub mod verify;
pub mod webhooks;
pub mod worker;

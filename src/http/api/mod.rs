//! One file a kind of thing.

pub mod assessments;
pub mod audit_events;
pub mod contractors;
pub mod exports;
pub mod health;
pub mod hits;
pub mod jobs;
pub mod keys;
pub mod leads;
pub mod list_editions;
pub mod list_syncs;
pub mod lists;
pub mod people;
pub mod registers;
pub mod risk_models;
pub mod screenings;
pub mod sign_in;
pub mod statements;
pub mod supplier_history;
pub mod supplier_lists;
pub mod suppliers;
pub mod uploads;
pub mod webhooks;

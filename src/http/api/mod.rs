//! One file a kind of thing.

pub mod assessments;
pub mod audit_events;
pub mod contractors;
pub mod exports;
pub mod health;
pub mod hits;
pub mod jobs;
pub mod keys;
pub mod lists;
pub mod people;
pub mod screenings;
pub mod sign_in;
pub mod supplier_lists;

//! The words of a compliance plan against the five minimum elements of FAR
//! 52.222-50(h)(3). It says which words stand there and where; whether a plan
//! suits the contract (h)(2) is for a person.

mod check;
mod docx;
mod reading;

pub use check::{PLAN_RULES, PlanRules, check_plan, plan_document};
pub use reading::{ElementFound, ElementReading, PartReading, PartSaid, PlanQuote, PlanReading};

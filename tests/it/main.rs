//! Whole-program tests, in one binary.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

mod accuracy;
mod command_line;
mod contractor;
mod contractor_contradictions;
mod contractor_input;
mod contractor_plans;
mod contractor_required;
mod contractor_score;
mod contractor_service;
mod contractor_support;
mod exposure_goods;
mod exposure_words;
mod identity;
mod intake;
mod intake_books;
mod intake_costs;
mod intake_hostile;
mod intake_quiet;
mod jobs;
mod lists_forms;
mod lists_reference;
mod main_job;
mod matching;
mod matching_score;
mod review;
mod risk_arithmetic;
mod risk_facts;
mod risk_properties;
mod service;
mod shared_contractors;
mod shared_intake;
mod shared_lists;
mod shared_matching;
mod shared_risk;
mod shared_statements;
mod statements;
mod statements_input;
mod support;
mod tenants;
mod worker;

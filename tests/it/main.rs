//! Whole-program tests, in one binary.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

mod accuracy;
mod backup;
mod collections;
mod command_line;
mod contractor;
mod contractor_command;
mod contractor_contradictions;
mod contractor_input;
mod contractor_plans;
mod contractor_required;
mod contractor_score;
mod contractor_service;
mod contractor_support;
mod edge;
mod exposure_goods;
mod exposure_words;
mod fetch;
mod http_hostile;
mod identity;
mod intake;
mod intake_books;
mod intake_costs;
mod intake_hostile;
mod intake_quiet;
mod jobs;
mod list_commands;
mod list_files;
mod list_publishers;
mod list_rows;
mod list_sync;
mod lists_forms;
mod lists_parties;
mod lists_reference;
mod lists_sanctions;
mod main_job;
mod matching;
mod matching_score;
mod operate;
mod outage;
mod outside;
mod publisher;
mod resources;
mod review;
mod risk_arithmetic;
mod risk_facts;
mod risk_properties;
mod sdn_layout;
mod service;
mod shared_contractors;
mod shared_intake;
mod shared_lists;
mod shared_matching;
mod shared_risk;
mod shared_sanctions;
mod shared_statements;
mod statements;
mod statements_coded;
mod statements_input;
mod statements_pdf;
mod statements_risk;
mod statements_service;
mod statements_site;
mod statements_speaker;
mod suppliers;
mod support;
mod tenants;
mod webhooks;
mod worker;

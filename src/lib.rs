//! Plimsoll: supply-chain forced-labor due diligence.
//!
//! The flow, in reading order:
//!
//! ```text
//! supplier file ──── intake ─┐
//!                            ├─ screening, exposure ─ risk ─ due_diligence ─ report
//! publishers ─ fetch ─ lists ┘                         │               │
//! statements, contractors ─ disclosures ───────────────┘       app ── store, audit
//! ```
//!
//! `cli` and `http` call `app`; `app` calls `store`, `fetch` and the pure core. The
//! core (supplier, country, identifier, organization, access, intake, lists,
//! disclosures, screening, exposure, review, risk, `due_diligence`, audit, report) is
//! functions over values: it names no database, no web framework, no clock and no
//! environment (`tests/architecture.rs`).

pub mod access;
pub mod country;
pub mod identifier;
pub mod organization;
pub mod supplier;

pub mod disclosures;
pub mod intake;
pub mod lists;

pub mod exposure;
pub mod screening;

pub mod review;
pub mod risk;

pub mod due_diligence;

pub mod audit;
pub mod report;

pub mod app;
pub mod fetch;
pub mod store;

pub mod cli;
pub mod http;

pub mod clock;
pub mod config;
pub mod signals;
pub mod telemetry;

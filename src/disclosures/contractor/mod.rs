//! Federal contractors: is a compliance plan required, is it there, does it hold?
//!
//! ```text
//! published records, disclosure form ── ingest ── dossier ─┐
//! plan, statement (documents) ── plan ─────────────────────┼─ check
//!                    required, contradiction, status ──────┘
//! ```
//!
//! FAR 22.17, 52.222-50 and 52.222-56. Neither is captured by the Entity API of
//! SAM.gov: what is not located may exist, and is never called non-compliant.

mod check;
mod clause;
mod contract;
mod contract_check;
mod contradiction;
mod desk;
mod disclosure;
mod dossier;
mod gather;
pub mod ingest;
mod leads;
mod letter;
mod money;
mod party;
pub mod plan;
mod policy;
mod record_found;
mod required;
mod rows;
mod status;

pub use check::{ChildLabor, ContractorCheck, ContractorReport, Documents, check_contractors};
pub use clause::{ClauseDate, NotAClauseDate, Threshold};
pub use contract::{
    AwardFacts, ClauseInContract, ContractFacts, ContractId, ContractKind, Cots, Part, PartValue,
    Place, What,
};
pub use contract_check::{CodeFound, ContractCheck, StatementFound};
pub use contradiction::{
    Contradiction, ContradictionRule, DocumentSays, Papers, Standing, contradictions,
};
pub use desk::{Desk, DeskError, FileRead};
pub use disclosure::{
    Certificate, CertificateOption, Change, Changed, CitedClause, Disclosure, Element,
    OfficialRecord, Posting, RecordRemedy, RecordState, RemedyState, Request, Requester, Searched,
    StatedElement, StatedPlan, Subcontractors,
};
pub use dossier::{ContractFile, ContractorFile, Dossier, MOST_CONTRACTS, Taken, Tally};
pub use ingest::EndProduct;
pub use leads::Lead;
pub use letter::request_letter;
pub use money::Money;
pub use party::{Identity, Relative, Tie};
pub use policy::{
    CONTRACTOR_POLICY, CodeMeaning, CodeScheme, ContractorPolicy, PolicyError, PolicyIdentity,
};
pub use record_found::{RecordFound, RecordWeight, RemedyFound};
pub use required::{
    Answer, Arithmetic, Asked, MissingFact, MissingKind, PlanRequirement, plan_requirement,
};
pub use rows::{REPORT_COLUMNS, ReportRow, left_out, report_rows};
pub use status::{DisclosureStatus, Reason, StatusReading, certificate_due, disclosure_status};

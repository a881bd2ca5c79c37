//! SCORE: factors, model, tier, evidence, assessment (FLDD-1.0).
//!
//! Facts are what is known of a supplier on one day; they become [`Inputs`],
//! each point with its evidence; [`assess()`] turns inputs into an
//! [`Assessment`] by the weights of a [`Model`], in exact arithmetic.

pub mod assess;
pub mod assessment;
pub mod case_file;
mod citations;
mod confirmed;
mod coverage;
mod draft;
pub mod factor;
pub mod facts;
pub mod faults;
mod from_contractor;
mod from_declared;
pub mod from_facts;
mod from_goods;
mod from_record;
mod from_statement;
pub mod inputs;
pub mod model;
mod pending;
pub mod points;
pub mod policy;
mod reason;
mod rules;
mod standing;

pub use assess::assess;
pub use assessment::{Assessment, Disposition, Tier};
pub use case_file::{AssessedCase, AssessedFile, CaseFileError, assess_file};
pub use factor::{Evidence, Factor, FactorKind, Factored};
pub use facts::{Facts, OrderReview, ReviewedHit, ReviewedPlace};
pub use faults::{ModelFault, model_faults};
pub use from_contractor::ContractorPapers;
pub use from_declared::DeclaredGoods;
pub use from_facts::{inputs_from, inputs_with_papers};
pub use from_statement::StatementOnFile;
pub use inputs::{
    AdverseItem, Bounded, Credits, EvidenceLevel, Floor, GoodsRisk, Inputs, Practice, Recency,
    Remedy, Severity, UnknownFactor,
};
pub use model::{FLDD_1_0, Model, ModelError, ModelIdentity};
pub use points::{NotAWeight, NotPoints, Points, Weight};
pub use policy::{PaperRules, StatementRules};
pub use reason::reason_line;

//! Statements at the level of companies: who is presumed to owe one, which of our
//! suppliers or their parents the registers speak of, and where a claim and the
//! evidence do not go together.
//!
//! Nobody is called a violator here: a presumption names its reasons, an absence
//! from a register is an absence from a register, and a contradiction is a question
//! for a person.

mod contradiction;
mod matching;
mod presumption;
mod register;

pub use contradiction::{ConfirmedListing, Contradiction, contradictions};
pub use matching::{CompanyLead, Named, RegisterIndex};
pub use presumption::{
    Activity, CompanyFacts, CoverageTest, Presumed, Presumption, PresumptionReason, presume,
};
pub use register::{
    ReadRegister, Register, RegisterEntry, RegisterError, RegisterLaw, RejectedRow, Said,
    read_register,
};

//! What is known of one contract that bears on the compliance plan.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize, Serializer};

use super::{clause::ClauseDate, money::Money};

/// Which contract, as the agencies count: an order belongs to its vehicle.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ContractId {
    /// Code of the agency that numbered it, where known.
    pub agency_code: String,
    /// Procurement instrument identifier.
    pub piid: String,
    /// The vehicle that an order was placed under.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub vehicle_piid: String,
}

impl std::fmt::Display for ContractId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.piid)?;
        if !self.vehicle_piid.is_empty() {
            write!(formatter, " under {}", self.vehicle_piid)?;
        }
        Ok(())
    }
}

/// The facts that FAR 22.1703(c) and 52.222-50(h) turn on, for one contract or
/// subcontract. A value that nobody has stated is `Unknown`, never zero.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractFacts {
    pub clause: ClauseInContract,
    pub kind: ContractKind,
    /// Parts of the contract by what is bought and where. Empty: nothing known.
    pub parts: Vec<Part>,
    /// What public records suggest; leads and no proof.
    pub leads: Vec<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClauseInContract {
    /// The edition of 52.222-50 that the contract holds.
    Edition(ClauseDate),
    /// Somebody says that the contract holds no such clause.
    SaidToBeAbsent,
    #[default]
    Unknown,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContractKind {
    Definite,
    /// Indefinite delivery: the ceiling stands for the estimated value.
    IndefiniteDelivery {
        ceiling: Option<Money>,
    },
    #[default]
    Unknown,
}

/// One part of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub what: What,
    pub place: Place,
    pub value: PartValue,
    /// Where this was stated.
    pub source: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Supplies; only their acquisition can be exempt as COTS.
    Supplies(Cots),
    /// Services count wherever they are performed outside the United States,
    /// also those that go with COTS.
    Services,
}

/// Commercially available off-the-shelf: sold in the market, unmodified, no bulk
/// cargo (FAR 2.101). "Commercial" alone is not COTS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cots {
    Yes,
    No,
    /// Off the shelf, and then changed for the Government.
    Modified,
    /// Agricultural products or petroleum in bulk.
    BulkCargo,
    /// Bought under commercial procedures: says nothing about COTS.
    CommercialOnly,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The 50 States, the District of Columbia, outlying areas.
    InUnitedStates,
    Outside,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartValue {
    Estimated(Money),
    /// The whole contract, so that an indefinite-delivery ceiling stands for it.
    WholeContract,
    Unknown,
}

/// What an award record says; a lead for the plan, and nothing more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AwardFacts {
    /// Publishers and files, sorted.
    #[serde(serialize_with = "texts")]
    pub sources: Vec<Arc<str>>,
    pub agency: String,
    pub office: String,
    pub first_signed: Option<NaiveDate>,
    pub last_signed: Option<NaiveDate>,
    pub starts: Option<NaiveDate>,
    pub ends: Option<NaiveDate>,
    /// Transactions counted once each.
    pub transactions: u32,
    /// Sum of what the transactions obligate; de-obligations are negative.
    pub obligated: Money,
    /// The largest base-and-all-options value of the record.
    pub total_value: Option<Money>,
    pub indefinite_delivery: bool,
    /// Product and service codes, sorted.
    pub psc: Vec<String>,
    pub naics: Vec<String>,
    /// Countries of performance on record, ISO 3166-1 alpha-2, sorted.
    pub performed_in: Vec<crate::country::Country>,
    /// Countries of origin on record.
    pub origin: Vec<crate::country::Country>,
    /// Transactions that name no country of performance.
    pub without_country: u32,
    /// Fiscal years of the transactions, sorted.
    pub fiscal_years: Vec<i32>,
}

fn texts<S: Serializer>(texts: &[Arc<str>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(texts.iter().map(AsRef::<str>::as_ref))
}

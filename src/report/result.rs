//! The documented result of a screening (docs/result.md): a head, one result a
//! supplier, totals.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    country::Country,
    intake::{CellWarning, DuplicateRow, Layout, RejectedRow, RowCounts},
    lists::{EntryKind, EntryStatus, Scope, SnapshotHead},
    risk::{Assessment, Disposition, Factor, Inputs, ModelIdentity, Tier},
    screening::{self, Band, Hit, LocationLead},
    supplier::CountryBasis,
};

/// Everything of a result but the suppliers. In canonical JSON its keys all
/// sort before `suppliers`, so that a result can be written as it is made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    pub as_of: NaiveDate,
    pub engine: Engine,
    pub input: Input,
    pub model: ModelIdentity,
    /// Lists that the model knows and that were not searched. Nothing can be
    /// concluded from finding nothing there.
    pub not_searched: Vec<NotSearchedList>,
    pub rejected: Vec<RejectedRow>,
    pub snapshots: Vec<SnapshotHead>,
}

/// What did the matching and the mapping of goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    /// Of this program.
    pub version: String,
    /// Of the rules and numbers that a similarity is worked out with.
    pub matching: String,
    pub goods_vocabulary_sha256: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    pub file: String,
    pub sha256: String,
    pub rows: RowCounts,
    pub layout: Layout,
    pub duplicates: Vec<DuplicateRow>,
    pub notices: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotSearchedList {
    pub code: String,
    pub title: String,
}

/// One supplier's result with its reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SupplierResult {
    /// 1-based row in the file.
    pub row: u32,
    pub name: String,
    pub country: Option<Country>,
    /// Whether `country` is where the goods are made or only the address.
    pub country_basis: Option<CountryBasis>,
    #[serde(flatten)]
    pub assessment: Assessment,
    /// The heaviest reason in one line.
    pub reason: String,
    pub factors: Vec<Factor>,
    pub hits: Vec<HitResult>,
    pub location_leads: Vec<LocationLead>,
    pub assumptions: Vec<String>,
    pub warnings: Vec<CellWarning>,
    pub inputs: Inputs,
}

/// A hit with the facts of the listed entry and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HitResult {
    #[serde(flatten)]
    pub hit: Hit,
    pub entry: ListedFacts,
    pub disposition: screening::Disposition,
}

/// What the publisher says of a listed entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedFacts {
    pub kind: EntryKind,
    pub programs: Vec<String>,
    pub goods: Option<String>,
    pub listed_on: Option<NaiveDate>,
    pub status: EntryStatus,
    pub scope: Scope,
    pub citation: String,
    /// What a reviewer must know of the entry: a court's word, a weak source.
    pub remarks: Option<String>,
}

/// Counts over all suppliers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    pub suppliers: u32,
    pub by_tier: BTreeMap<Tier, u32>,
    pub by_disposition: BTreeMap<Disposition, u32>,
    pub hits_by_band: BTreeMap<Band, u32>,
}

impl Totals {
    pub fn count(&mut self, result: &SupplierResult) {
        self.suppliers += 1;
        *self.by_tier.entry(result.assessment.tier).or_default() += 1;
        *self
            .by_disposition
            .entry(result.assessment.disposition)
            .or_default() += 1;
        for found in &result.hits {
            *self.hits_by_band.entry(found.hit.band).or_default() += 1;
        }
    }
}

//! The part of a model that turns facts into inputs: dated rules, each with
//! its source.

use chrono::NaiveDate;
use serde::Deserialize;

use super::{
    inputs::{Floor, Recency, Severity},
    points::Weight,
};
use crate::{country::Country, screening::Similarity};

/// When an unreviewed hit waits where.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HitRules {
    pub pending_from: Weight,
    pub low_queue_from: Weight,
    pub active_recency: Recency,
}

impl HitRules {
    /// Whether a hit of this similarity sets pending by itself.
    pub fn sets_pending(&self, similarity: Similarity) -> bool {
        as_weight(similarity) >= self.pending_from
    }
}

fn as_weight(similarity: Similarity) -> Weight {
    Weight(num_rational::Ratio::new(
        similarity.millionths().into(),
        1_000_000,
    ))
}

/// What a confirmed hit on a list counts as while its entry is in force.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListingRule {
    /// The text form of a [`crate::lists::Source`].
    pub source: String,
    pub title: String,
    pub publisher: String,
    pub severity: Severity,
    pub floor: Floor,
    pub authority: String,
}

/// Where the state itself imposes labor, on what, since when, by which source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateImposedRule {
    pub country: Country,
    /// Everything made there.
    #[serde(default)]
    pub everything: bool,
    /// Goods of any UFLPA priority sector.
    #[serde(default)]
    pub sectors: bool,
    /// Goods of these categories of the vocabulary.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Work under these NAICS prefixes.
    #[serde(default)]
    pub naics: Vec<String>,
    pub effective_from: NaiveDate,
    #[serde(default)]
    pub effective_to: Option<NaiveDate>,
    pub explanation: String,
    pub source: String,
}

impl StateImposedRule {
    pub fn in_force(&self, as_of: NaiveDate) -> bool {
        self.effective_from <= as_of && self.effective_to.is_none_or(|end| as_of < end)
    }
}

/// A country whose goods the law presumes to be made with forced labor.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountryPresumption {
    pub country: Country,
    pub floor: Floor,
    pub effective_from: NaiveDate,
    pub explanation: String,
    pub source: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkforceRules {
    pub migrant_share_permille: u16,
    pub high_risk_naics: Vec<String>,
    pub source: String,
}

/// What a published statement counts for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementRules {
    /// The id of the law's rule file.
    pub law: String,
    pub none: u8,
    pub nominal: u8,
    pub partial: u8,
    /// An older statement earns no credit.
    pub credit_at_most_months: u32,
    pub source: String,
}

/// What a federal contractor's papers count for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperRules {
    /// Asked for by the contracting officer, and not produced.
    pub plan_missing: u8,
    /// Each minimum element that a plan lacks.
    pub element_missing: u8,
    pub certificate: u8,
    pub contradiction: u8,
    /// Goods of a priority sector, and an answer that they are not traced.
    pub no_tracing: u8,
    pub silent: u8,
    /// Written requests without an answer from which a contractor is silent.
    pub silent_after_requests: u8,
    pub source: String,
}

impl PaperRules {
    /// The most that any one kind adds.
    pub fn most(&self) -> u8 {
        [
            self.plan_missing,
            self.element_missing,
            self.certificate,
            self.contradiction,
            self.no_tracing,
            self.silent,
        ]
        .into_iter()
        .max()
        .unwrap_or_default()
    }
}

/// What each known input adds to coverage, out of 100.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverageWeights {
    pub country: u8,
    pub goods: u8,
    pub lists: u8,
    pub workforce: u8,
    pub disclosures: u8,
    pub address_or_identifier: u8,
}

impl CoverageWeights {
    pub fn total(&self) -> u32 {
        [
            self.country,
            self.goods,
            self.lists,
            self.workforce,
            self.disclosures,
            self.address_or_identifier,
        ]
        .map(u32::from)
        .iter()
        .sum()
    }
}

/// A list that assessments under this model want searched.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedList {
    pub source: String,
    pub max_age_days: u32,
}

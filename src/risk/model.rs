//! The model file: every weight, bound and rule, versioned and hashed. Nothing
//! that is policy stands in code.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use num_rational::Ratio;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    assessment::Tier,
    inputs::{AdverseItem, EvidenceLevel, Floor, GoodsRisk, Practice, Recency, Remedy, Severity},
    points::Weight,
    policy::{
        CountryPresumption, CoverageWeights, HitRules, ListingRule, PaperRules, StateImposedRule,
        StatementRules, WantedList, WorkforceRules,
    },
};
use crate::lists::Placement;

/// The model that ships with the program.
pub const FLDD_1_0: &[u8] = include_bytes!("../../fixtures/policy/fldd-1.0.toml");

/// A model, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    pub identity: ModelIdentity,
    pub effective_from: NaiveDate,
    pub country: CountryWeights,
    pub goods: GoodsWeights,
    pub workforce: WorkforceWeights,
    pub adverse: AdverseWeights,
    pub transparency: TransparencyWeights,
    pub diligence: DiligenceWeights,
    pub floors: Floors,
    pub tiers: TierBounds,
    pub pending_adds: PendingAdds,
    pub hits: HitRules,
    pub listings: Vec<ListingRule>,
    pub state_imposed: Vec<StateImposedRule>,
    pub country_presumptions: Vec<CountryPresumption>,
    pub workforce_rules: WorkforceRules,
    /// Absent in files from before statements were weighed.
    pub statements: Option<StatementRules>,
    /// Absent in files from before contractors' papers were weighed here.
    pub papers: Option<PaperRules>,
    pub coverage: CoverageWeights,
    pub wanted_lists: Vec<WantedList>,
}

/// What a stored assessment names its model by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelIdentity {
    pub name: String,
    pub version: String,
    /// SHA-256 of the model file's bytes, lower-case hex.
    pub sha256: String,
}

/// Why a model file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    #[error("the model file is not UTF-8 text")]
    NotText(#[from] std::str::Utf8Error),
    #[error("the model file cannot be read")]
    Malformed(#[from] toml::de::Error),
    #[error("the model file contradicts itself: {0}")]
    Inconsistent(String),
}

impl Model {
    /// Reads and checks a model file.
    pub fn parse(bytes: &[u8]) -> Result<Self, ModelError> {
        let file: ModelFile = toml::from_str(std::str::from_utf8(bytes)?)?;
        let broken = file.broken_rules();
        if !broken.is_empty() {
            let rules: Vec<_> = broken
                .iter()
                .map(|(place, rule)| format!("{place}: {rule}"))
                .collect();
            return Err(ModelError::Inconsistent(rules.join("; ")));
        }
        Ok(Self {
            identity: ModelIdentity {
                name: file.name,
                version: file.version,
                sha256: hex::encode(Sha256::digest(bytes)),
            },
            effective_from: file.effective_from,
            country: file.country,
            goods: file.goods,
            workforce: file.workforce,
            adverse: file.adverse,
            transparency: file.transparency,
            diligence: file.diligence,
            floors: file.floors,
            tiers: file.tiers,
            pending_adds: file.pending_adds,
            hits: file.hits,
            listings: file.listing,
            state_imposed: file.state_imposed,
            country_presumptions: file.country_presumption,
            workforce_rules: file.workforce_rules,
            statements: file.statements,
            papers: file.papers,
            coverage: file.coverage,
            wanted_lists: file.wanted_list,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountryWeights {
    pub max: u8,
    pub gsi_band_max: u8,
    pub state_imposed: u8,
    pub subregion: u8,
    pub tip: TipPoints,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TipPoints {
    #[serde(rename = "1")]
    tier1: u8,
    #[serde(rename = "2")]
    tier2: u8,
    #[serde(rename = "2WL")]
    tier2_watch_list: u8,
    #[serde(rename = "3")]
    tier3: u8,
    #[serde(rename = "SC")]
    special_case: u8,
}

impl TipPoints {
    pub fn of(&self, placement: Placement) -> u8 {
        match placement {
            Placement::Tier1 => self.tier1,
            Placement::Tier2 => self.tier2,
            Placement::Tier2WatchList => self.tier2_watch_list,
            Placement::Tier3 => self.tier3,
            Placement::SpecialCase => self.special_case,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoodsWeights {
    pub max: u8,
    pub multi: u8,
    pub points: GoodsPoints,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoodsPoints {
    none: u8,
    sector_only: u8,
    cl_listed: u8,
    downstream: u8,
    fl_listed: u8,
    uflpa_sector_prc_or_unknown_inputs: u8,
    eo13126: u8,
}

impl GoodsPoints {
    pub fn of(&self, risk: GoodsRisk) -> u8 {
        match risk {
            GoodsRisk::None => self.none,
            GoodsRisk::SectorOnly => self.sector_only,
            GoodsRisk::ClListed => self.cl_listed,
            GoodsRisk::Downstream => self.downstream,
            GoodsRisk::FlListed => self.fl_listed,
            GoodsRisk::UflpaSectorPrcOrUnknownInputs => self.uflpa_sector_prc_or_unknown_inputs,
            GoodsRisk::Eo13126 => self.eo13126,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkforceWeights {
    pub max: u8,
    pub migrant_labor: u8,
    pub brokers_without_fee_proof: u8,
    pub high_risk_code: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdverseWeights {
    pub max: u8,
    /// How much of every item besides the largest counts.
    pub others_share: Weight,
    pub(super) severity: SeverityPoints,
    pub(super) recency: RecencyShares,
    pub(super) remedy: RemedyShares,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeverityPoints {
    pub(super) final_determination: u8,
    pub(super) active_official_listing: u8,
    pub(super) substantiated_audit_finding: u8,
    pub(super) multi_source: u8,
    pub(super) single_source: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecencyShares {
    #[serde(rename = "0-2y")]
    pub(super) up_to_2_years: Weight,
    #[serde(rename = "2-5y")]
    pub(super) up_to_5_years: Weight,
    #[serde(rename = "5-10y")]
    pub(super) up_to_10_years: Weight,
    #[serde(rename = "10y+")]
    pub(super) older: Weight,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RemedyShares {
    pub(super) none: Weight,
    pub(super) in_progress: Weight,
    pub(super) verified: Weight,
    pub(super) lifted: Weight,
}

impl AdverseWeights {
    /// severity x recency x remedy, exact.
    pub fn points_of(&self, AdverseItem(severity, recency, remedy): AdverseItem) -> Ratio<i64> {
        let severity = match severity {
            Severity::FinalDetermination => self.severity.final_determination,
            Severity::ActiveOfficialListing => self.severity.active_official_listing,
            Severity::SubstantiatedAuditFinding => self.severity.substantiated_audit_finding,
            Severity::MultiSource => self.severity.multi_source,
            Severity::SingleSource => self.severity.single_source,
        };
        let recency = match recency {
            Recency::UpTo2Years => self.recency.up_to_2_years,
            Recency::UpTo5Years => self.recency.up_to_5_years,
            Recency::UpTo10Years => self.recency.up_to_10_years,
            Recency::Older => self.recency.older,
        };
        let remedy = match remedy {
            Remedy::None => self.remedy.none,
            Remedy::InProgress => self.remedy.in_progress,
            Remedy::Verified => self.remedy.verified,
            Remedy::Lifted => self.remedy.lifted,
        };
        Ratio::from_integer(i64::from(severity)) * recency.0 * remedy.0
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransparencyWeights {
    pub max: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiligenceWeights {
    pub max: u8,
    /// The share of C + G + W + T that diligence may take away.
    pub cap_share: Weight,
    pub void_when_state_imposed: BTreeSet<Practice>,
    pub practice: PracticePoints,
    pub level: LevelShares,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PracticePoints {
    traceability: Weight,
    no_fee_employer_pays: Weight,
    worker_voice: Weight,
    unannounced_audit: Weight,
    remediation: Weight,
    training: Weight,
}

impl PracticePoints {
    pub fn of(&self, practice: Practice) -> Weight {
        match practice {
            Practice::Traceability => self.traceability,
            Practice::NoFeeEmployerPays => self.no_fee_employer_pays,
            Practice::WorkerVoice => self.worker_voice,
            Practice::UnannouncedAudit => self.unannounced_audit,
            Practice::Remediation => self.remediation,
            Practice::Training => self.training,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelShares {
    pub(super) self_declared: Weight,
    pub(super) documented: Weight,
    pub(super) independent: Weight,
}

impl LevelShares {
    pub fn of(&self, level: EvidenceLevel) -> Weight {
        match level {
            EvidenceLevel::SelfDeclared => self.self_declared,
            EvidenceLevel::Documented => self.documented,
            EvidenceLevel::Independent => self.independent,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floors {
    #[serde(rename = "HOLD")]
    pub(super) hold: u8,
    #[serde(rename = "ESC1")]
    pub(super) esc1: u8,
    #[serde(rename = "ESC2")]
    pub(super) esc2: u8,
}

impl Floors {
    pub fn of(&self, floor: Floor) -> u8 {
        match floor {
            Floor::Hold => self.hold,
            Floor::Esc1 => self.esc1,
            Floor::Esc2 => self.esc2,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierBounds {
    pub moderate_from: u8,
    pub high_from: u8,
    pub severe_from: u8,
    pub not_assessed_below_coverage: u8,
}

impl TierBounds {
    pub fn tier_of(&self, score: u8) -> Tier {
        if score >= self.severe_from {
            Tier::Severe
        } else if score >= self.high_from {
            Tier::High
        } else if score >= self.moderate_from {
            Tier::Moderate
        } else {
            Tier::Low
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingAdds {
    severity: Severity,
    recency: Recency,
    remedy: Remedy,
}

impl PendingAdds {
    pub fn item(&self) -> AdverseItem {
        AdverseItem(self.severity, self.recency, self.remedy)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ModelFile {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) effective_from: NaiveDate,
    pub(super) source: String,
    pub(super) country: CountryWeights,
    pub(super) goods: GoodsWeights,
    pub(super) workforce: WorkforceWeights,
    pub(super) adverse: AdverseWeights,
    pub(super) transparency: TransparencyWeights,
    pub(super) diligence: DiligenceWeights,
    pub(super) floors: Floors,
    pub(super) tiers: TierBounds,
    pub(super) pending_adds: PendingAdds,
    pub(super) hits: HitRules,
    pub(super) listing: Vec<ListingRule>,
    pub(super) state_imposed: Vec<StateImposedRule>,
    #[serde(default)]
    pub(super) country_presumption: Vec<CountryPresumption>,
    pub(super) workforce_rules: WorkforceRules,
    #[serde(default)]
    pub(super) statements: Option<StatementRules>,
    #[serde(default)]
    pub(super) papers: Option<PaperRules>,
    pub(super) coverage: CoverageWeights,
    pub(super) wanted_list: Vec<WantedList>,
}

//! What the model scores: one supplier's inputs, with the keys of the
//! published worked cases.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::lists::Placement;

/// The inputs of one supplier. A key that is left out has its neutral value:
/// nothing listed, nothing adverse, no credit, coverage 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Inputs {
    /// TIP placement of the country of production.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tip: Option<Placement>,
    /// Corroborating prevalence, 0 to 3.
    pub gsi_band: Bounded<3>,
    pub state_imposed: bool,
    pub subregion: bool,
    pub goods: BTreeSet<GoodsRisk>,
    /// The good stands on two or more lists.
    pub goods_multi: bool,
    /// Sum of workforce points; the model caps it.
    pub workforce: Bounded<100>,
    /// Confirmed items only, in any order.
    pub adverse: Vec<AdverseItem>,
    /// Sum of transparency points; the model caps it.
    pub gap: Bounded<100>,
    pub credits: Credits,
    /// The highest floor that confirmed evidence sets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<Floor>,
    /// The highest floor that an unreviewed lead would set if confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<Floor>,
    pub unknown: BTreeSet<UnknownFactor>,
    /// Weighted share of the inputs that is known, 0 to 100.
    pub coverage: Bounded<100>,
}

/// A whole number from 0 to `MAX`.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "i64", into = "u8")]
pub struct Bounded<const MAX: u8>(u8);

impl<const MAX: u8> Bounded<MAX> {
    pub fn new(value: u8) -> Option<Self> {
        (value <= MAX).then_some(Self(value))
    }

    /// The value, or `MAX` if it is more.
    pub fn capped(value: u8) -> Self {
        Self(value.min(MAX))
    }

    pub fn get(self) -> u8 {
        self.0
    }
}

impl<const MAX: u8> TryFrom<i64> for Bounded<MAX> {
    type Error = String;

    fn try_from(value: i64) -> Result<Self, String> {
        u8::try_from(value)
            .ok()
            .and_then(Self::new)
            .ok_or_else(|| format!("{value} is outside 0 to {MAX}"))
    }
}

impl<const MAX: u8> From<Bounded<MAX>> for u8 {
    fn from(bounded: Bounded<MAX>) -> Self {
        bounded.0
    }
}

/// What the lists say of the good and its country, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoodsRisk {
    None,
    /// In a priority sector, made elsewhere, on no list for that country.
    SectorOnly,
    ClListed,
    Downstream,
    FlListed,
    /// In a priority sector, made in China or nobody knows where.
    UflpaSectorPrcOrUnknownInputs,
    Eo13126,
}

/// One confirmed item, written `[severity, recency, remedy]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AdverseItem(pub Severity, pub Recency, pub Remedy);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    FinalDetermination,
    ActiveOfficialListing,
    SubstantiatedAuditFinding,
    MultiSource,
    SingleSource,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Recency {
    #[serde(rename = "0-2y")]
    UpTo2Years,
    #[serde(rename = "2-5y")]
    UpTo5Years,
    #[serde(rename = "5-10y")]
    UpTo10Years,
    #[serde(rename = "10y+")]
    Older,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    None,
    InProgress,
    Verified,
    Lifted,
}

impl Remedy {
    /// Whether something is still to be remedied.
    pub fn is_open(self) -> bool {
        matches!(self, Self::None | Self::InProgress)
    }
}

/// Diligence: how well each practice is evidenced, if at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Credits {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traceability: Option<EvidenceLevel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_fee_employer_pays: Option<EvidenceLevel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker_voice: Option<EvidenceLevel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unannounced_audit: Option<EvidenceLevel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remediation: Option<EvidenceLevel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training: Option<EvidenceLevel>,
}

impl Credits {
    pub fn of(&self, practice: Practice) -> Option<EvidenceLevel> {
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Practice {
    Traceability,
    NoFeeEmployerPays,
    WorkerVoice,
    UnannouncedAudit,
    Remediation,
    Training,
}

impl Practice {
    pub const ALL: [Self; 6] = [
        Self::Traceability,
        Self::NoFeeEmployerPays,
        Self::WorkerVoice,
        Self::UnannouncedAudit,
        Self::Remediation,
        Self::Training,
    ];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceLevel {
    SelfDeclared,
    Documented,
    Independent,
}

/// A score that no credit can undercut. Ordered from the mildest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Floor {
    #[serde(rename = "ESC2")]
    Esc2,
    #[serde(rename = "ESC1")]
    Esc1,
    /// Stop these goods pending counsel; not "guilty".
    #[serde(rename = "HOLD")]
    Hold,
}

impl Floor {
    /// As serialized.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Esc2 => "ESC2",
            Self::Esc1 => "ESC1",
            Self::Hold => "HOLD",
        }
    }
}

/// A factor that is not known: 0 in the score, its maximum in the range's top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownFactor {
    Country,
    Goods,
    Workforce,
}

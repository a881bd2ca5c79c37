//! The risk result of one supplier.

use serde::{Deserialize, Serialize};

use super::points::Points;

/// One supplier under one model. Serializes with the keys of the published
/// worked cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// Country, 0 to 20.
    #[serde(rename = "C")]
    pub c: u8,
    /// Goods, 0 to 20.
    #[serde(rename = "G")]
    pub g: u8,
    /// Workforce, 0 to 10.
    #[serde(rename = "W")]
    pub w: u8,
    /// Adverse evidence, 0 to 40.
    #[serde(rename = "A")]
    pub a: Points,
    /// Transparency, 0 to 20.
    #[serde(rename = "T")]
    pub t: u8,
    /// Diligence that counts, 0 to 24.
    #[serde(rename = "D_eff")]
    pub d_eff: Points,
    /// 0 to 100; `None` when too little is known for a low score to mean anything.
    pub score: Option<u8>,
    /// The score as known, and with every unknown factor at its maximum.
    pub range: [u8; 2],
    pub tier: Tier,
    pub disposition: Disposition,
    /// Weighted share of the inputs that is known, 0 to 100.
    pub coverage: u8,
    /// While a hit waits for review: the score if it is confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score_if_confirmed: Option<u8>,
    /// While a hit waits for review: the score if it is dismissed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score_if_dismissed: Option<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Tier {
    #[serde(rename = "Not assessed")]
    NotAssessed,
    Low,
    Moderate,
    High,
    Severe,
}

impl Tier {
    /// As serialized.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotAssessed => "Not assessed",
            Self::Low => "Low",
            Self::Moderate => "Moderate",
            Self::High => "High",
            Self::Severe => "Severe",
        }
    }
}

impl std::fmt::Display for Tier {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// What to do next about a supplier. Not what a person decided about a hit:
/// that is [`crate::screening::Disposition`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Disposition {
    Hold,
    ReviewRequired,
    InsufficientData,
    Escalate,
    EnhancedDiligence,
    RoutineMonitoring,
}

impl Disposition {
    /// As serialized.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hold => "HOLD",
            Self::ReviewRequired => "REVIEW_REQUIRED",
            Self::InsufficientData => "INSUFFICIENT_DATA",
            Self::Escalate => "ESCALATE",
            Self::EnhancedDiligence => "ENHANCED_DILIGENCE",
            Self::RoutineMonitoring => "ROUTINE_MONITORING",
        }
    }
}

impl std::fmt::Display for Disposition {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

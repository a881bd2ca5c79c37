//! Points with their reasons: no point without a citation.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::inputs::Inputs;

/// Inputs made from facts, with what each of them rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Factored {
    pub inputs: Inputs,
    /// In the order of the formula: C, G, W, A, floor, pending, coverage.
    pub factors: Vec<Factor>,
    /// What was taken for granted or is not known, in sentences.
    pub assumptions: Vec<String>,
}

/// One reason for points, a floor or coverage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor {
    pub factor: FactorKind,
    /// The input that it sets: `tip`, `fl_listed`, `HOLD`.
    pub code: String,
    /// What it brings before caps, as an exact number: `12`, `28/5`. For a
    /// floor, the least score it allows; for coverage, its share of 100.
    pub points: String,
    /// For a person: "Apparel from China: on DOL's list for forced labor".
    pub explanation: String,
    pub evidence: Vec<Evidence>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FactorKind {
    #[serde(rename = "C")]
    Country,
    #[serde(rename = "G")]
    Goods,
    #[serde(rename = "W")]
    Workforce,
    #[serde(rename = "A")]
    Adverse,
    #[serde(rename = "T")]
    Transparency,
    #[serde(rename = "D")]
    Diligence,
    #[serde(rename = "floor")]
    Floor,
    #[serde(rename = "pending")]
    Pending,
    #[serde(rename = "coverage")]
    Coverage,
}

/// Where a fact was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    /// Text form of a list source, `supplier list`, or the model's name.
    pub source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot_sha256: Option<String>,
    pub citation: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// What stands there: the matched word, the listed good, the cell.
    pub detail: String,
}

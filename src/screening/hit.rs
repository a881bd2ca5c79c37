//! A candidate pair of a supplier and a listed party, and why it is one.

use serde::{Deserialize, Serialize};

use super::similarity::Similarity;
use crate::{clock::Timestamp, lists::Source};

/// A supplier name (or record) and a listed party that are alike. Never a
/// match until a person has confirmed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    pub source: Source,
    pub entry_id: String,
    /// Which of the listed party's names it was, as published; a natural person
    /// is not named ([`UNNAMED_PERSON`]).
    pub listed_name: String,
    /// Which of the supplier's names it was, as given.
    pub supplier_name: String,
    pub similarity: Similarity,
    pub band: Band,
    /// What spoke for and against, strongest first; the contributions explain
    /// the similarity, in its own unit.
    pub features: Vec<Feature>,
    /// How the words of the two names were paired.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alignment: Vec<AlignedWords>,
    /// Version and hash of the numbers the similarity was worked out with, see
    /// [`super::model_version`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub model: String,
}

/// What stands for the name of a natural person: persons are matched and never
/// named in what the program gives out. The entry's citation says whom to look up.
pub const UNNAMED_PERSON: &str = "a listed person";

impl Hit {
    /// Whether a normalized identifier of the supplier equals one of the entry.
    pub fn has_exact_identifier(&self) -> bool {
        self.features
            .iter()
            .any(|feature| feature.kind == FeatureKind::IdentifierEqual)
    }
}

impl Hit {
    /// Whether it is the parent's name that is alike, not the supplier's own.
    pub fn is_the_parents(&self) -> bool {
        self.features
            .iter()
            .any(|feature| feature.kind == FeatureKind::ParentName)
    }
}

/// One named piece of evidence for or against a hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feature {
    pub kind: FeatureKind,
    /// Signed, in thousandths of similarity.
    pub contribution: i32,
    /// In words, for a person: "both in China".
    pub detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeatureKind {
    NameSimilarity,
    IdentifierEqual,
    IdentifierConflict,
    CountryAgrees,
    CountryConflict,
    AddressAgrees,
    NumberConflict,
    LegalFormConflict,
    UnmatchedWord,
    GenericOnly,
    /// The name compared is the parent's.
    ParentName,
    /// The listed name is one that its publisher calls weak: too broad to tell
    /// one party from others.
    WeakAlias,
    /// The listed name is that of another record to which the entry refers.
    CrossReference,
}

/// One word (or run of words) of the supplier's name against its counterpart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlignedWords {
    pub supplier: String,
    pub listed: String,
    pub similarity: Similarity,
}

/// Which queue a hit waits in (docs/result.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Below .70: logged with the screening, in no queue.
    Logged,
    /// .70 to .85: the low queue; does not set pending.
    Low,
    /// .85 to .95, or an exact identifier at any similarity.
    Review,
    /// .95 and more with country and another corroborating fact.
    Priority,
}

impl Band {
    /// As serialized.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Logged => "logged",
            Self::Low => "low",
            Self::Review => "review",
            Self::Priority => "priority",
        }
    }
}

/// What a person decided about a hit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "disposition")]
pub enum Disposition {
    #[default]
    Unresolved,
    TrueMatch(Review),
    FalsePositive(Review),
    Escalated(Review),
}

impl Disposition {
    /// As serialized.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unresolved => "unresolved",
            Self::TrueMatch(_) => "true_match",
            Self::FalsePositive(_) => "false_positive",
            Self::Escalated(_) => "escalated",
        }
    }
}

/// Who decided, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    pub reviewer: String,
    pub at: Timestamp,
    pub rationale: String,
}

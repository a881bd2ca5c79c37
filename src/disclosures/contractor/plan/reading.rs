//! What a plan's text says, element by element.

use serde::Serialize;

use crate::disclosures::{
    contractor::disclosure::Element,
    statement::{Problem, Stance},
};

/// One document read as a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanReading {
    pub file: String,
    /// Of the bytes as received, lower-case hex.
    pub sha256: String,
    /// Identity of the rule file that read it.
    pub rules_sha256: String,
    /// Why the document gives no answer; never "has no plan".
    pub problem: Option<Problem>,
    pub elements: Vec<ElementReading>,
    /// Clauses looked for beside the elements: documents.
    pub clauses: Vec<PartReading>,
    /// Places that rely on the repealed DFARS clause.
    pub repealed_clause: Vec<PlanQuote>,
    /// What a reader should know and no rule counts.
    pub notices: Vec<String>,
    pub not_checked: Vec<String>,
}

impl PlanReading {
    /// Elements not found whole. Empty also where nothing could be read.
    pub fn missing(&self) -> impl Iterator<Item = &ElementReading> {
        self.elements.iter().filter(|element| {
            matches!(
                element.found,
                ElementFound::NotFound | ElementFound::Partial
            )
        })
    }

    pub fn part(&self, key: &str) -> Option<&PartReading> {
        self.elements
            .iter()
            .flat_map(|element| &element.parts)
            .chain(&self.clauses)
            .find(|part| part.part == key)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ElementReading {
    pub element: Element,
    pub citation: &'static str,
    pub found: ElementFound,
    pub parts: Vec<PartReading>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ElementFound {
    Found,
    /// Some of its parts.
    Partial,
    NotFound,
    /// Said in so many words; only housing can be.
    NotApplicable,
}

impl ElementFound {
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Partial => "partly found",
            Self::NotFound => "not found",
            Self::NotApplicable => "said not to apply",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartReading {
    pub part: &'static str,
    pub said: PartSaid,
    pub quotes: Vec<PlanQuote>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartSaid {
    Asserted,
    /// "we do not": said, and no part of a plan.
    Denied,
    /// To be done some day.
    Planned,
    NotSaid,
}

/// Words of the document; offsets are bytes of its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanQuote {
    pub start: usize,
    pub end: usize,
    pub text: String,
    pub stance: Stance,
    pub rule: String,
}

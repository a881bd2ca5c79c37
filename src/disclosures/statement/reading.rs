//! What a reading says. Disclosure and practice stand side by side, never merged.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{
    document::{DocumentKind, Problem},
    law::LawId,
    shared_text::SharedText,
    stance::Stance,
};

/// A file read under one law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementReading {
    pub law: LawId,
    pub as_of: NaiveDate,
    pub overall: Overall,
    /// Why the overall answer is no better, in words.
    pub reasons: Vec<String>,
    /// Why the file gives no answer under this law; never "discloses nothing".
    pub problem: Option<Problem>,
    /// What the law asks for and a file cannot show.
    pub not_checked: Vec<String>,
    pub topics: BTreeMap<String, TopicReading>,
    /// Other statements that say the same, the most alike first.
    pub shared_text: Vec<SharedText>,
    pub document: Option<DocumentFacts>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentFacts {
    pub kind: DocumentKind,
    pub encoding: String,
    pub bytes: usize,
    /// Of the bytes as received.
    pub sha256: String,
    /// The text that offsets count in, where that is not the file itself.
    pub text: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Overall {
    /// Every topic answered, and what the law wants said beside.
    Full,
    /// Some topics, or all with something missing beside.
    Partial,
    /// Words against slavery, and no answer to any topic.
    Nominal,
    /// The law is named or copied out, and nothing is said.
    None,
    /// This file holds no statement under this law; one may stand elsewhere.
    NotLocated,
}

/// Whether the statement says to what extent, *if any*, the company does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disclosure {
    /// An answer stands there; "we do not" is one.
    Yes,
    No,
    /// Only rights, plans and possibilities.
    Unclear,
    /// The file could not be read as a statement.
    NotRead,
}

/// How far practice is shown: 0 none, 1 asserted, 2 specific, 3 evidenced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Practice {
    None = 0,
    Asserted = 1,
    Specific = 2,
    Evidenced = 3,
}

impl<'de> Deserialize<'de> for Practice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match u8::deserialize(deserializer)? {
            0 => Self::None,
            1 => Self::Asserted,
            2 => Self::Specific,
            3 => Self::Evidenced,
            other => return Err(D::Error::custom(format!("{other} is no practice: 0 to 3"))),
        })
    }
}

impl Serialize for Practice {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(*self as u8)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicReading {
    /// `disclosure` as the coding question has it; null where nothing was read.
    pub disclosed: Option<bool>,
    pub disclosure: Disclosure,
    /// The coders' broader question about practice; null where nothing was read.
    pub best_practice: Option<bool>,
    pub practice: Option<Practice>,
    /// What the law wants said beside the answer.
    pub mandatory: BTreeMap<String, Mandatory>,
    pub quotes: Vec<Quote>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mandatory {
    pub stated: Stated,
    pub quotes: Vec<Quote>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stated {
    Yes,
    No,
    /// Both occur, for different cases.
    Both,
    NotStated,
    /// The practice itself is denied, so that there is nothing to qualify.
    NotApplicable,
}

/// A sentence behind an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// First byte in the document's text.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    pub text: String,
    /// The rule that fired.
    pub rule: String,
    pub stance: Stance,
    /// The sentence stands in another company's statement too.
    pub boilerplate: bool,
}

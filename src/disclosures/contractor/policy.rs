//! What the rules hold against: thresholds, codes and texts as dated data.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::{
    clause::{ClauseDate, Threshold},
    contradiction::ContradictionRule,
};
use crate::country::Country;

/// The policy that ships with the program.
pub const CONTRACTOR_POLICY: &str = include_str!("../../../fixtures/policy/contractor_rules.toml");

/// A policy file, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractorPolicy {
    pub identity: PolicyIdentity,
    file: PolicyFile,
}

/// Which policy decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyIdentity {
    pub name: String,
    pub version: String,
    /// SHA-256 of the file's bytes, lower-case hex.
    pub sha256: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    name: String,
    version: String,
    #[serde(rename = "threshold")]
    thresholds: Vec<Threshold>,
    #[serde(rename = "edition")]
    editions: Vec<Edition>,
    united_states: UnitedStates,
    certificate: CertificateRules,
    repealed: RepealedClause,
    #[serde(rename = "codes")]
    codes: Vec<CodeRule>,
    #[serde(rename = "contradiction")]
    contradictions: Vec<ContradictionText>,
    #[serde(rename = "sb657_conflict")]
    sb657_conflicts: Vec<Sb657Conflict>,
    record_words: RecordWords,
}

/// An edition of FAR 52.222-50 as published.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    pub date: ClauseDate,
    pub source: String,
    pub verified: bool,
}

/// What "United States" means for 52.222-50.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitedStates {
    pub countries: Vec<Country>,
    pub source: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateRules {
    /// A certificate is current for so many months ...
    pub months: u32,
    /// ... and so many days of grace.
    pub grace_days: u64,
    pub effective_from: NaiveDate,
    pub source: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepealedClause {
    pub clause: String,
    pub repealed_on: NaiveDate,
    pub source: String,
}

/// Codes whose work or goods are known for risk, or for workers' housing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeRule {
    pub meaning: CodeMeaning,
    pub scheme: CodeScheme,
    pub prefixes: Vec<String>,
    pub effective_from: NaiveDate,
    #[serde(default)]
    pub effective_to: Option<NaiveDate>,
    pub source: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeMeaning {
    HighRisk,
    /// Lodging for workers is part of the work.
    Camp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeScheme {
    Psc,
    Naics,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct ContradictionText {
    rule: ContradictionRule,
    says: String,
    citation: String,
}

/// A topic denied in an SB 657 statement against a part asserted in a plan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sb657Conflict {
    pub statement_topic: String,
    pub plan_part: String,
    pub why: String,
}

/// Words that tell what an official record is about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordWords {
    trafficking: Vec<String>,
    source: String,
}

#[derive(Debug, Error)]
pub enum PolicyError {
    #[error("the contractor policy is no TOML of the expected shape")]
    Shape(#[from] toml::de::Error),
    #[error("the contractor policy has overlapping thresholds at {0}")]
    Overlap(ClauseDate),
    #[error("the contractor policy has no text for the contradiction {0:?}")]
    NoText(ContradictionRule),
}

impl ContractorPolicy {
    /// Reads a policy file.
    pub fn parse(source: &str) -> Result<Self, PolicyError> {
        let mut file: PolicyFile = toml::from_str(source)?;
        file.thresholds
            .sort_by_key(|threshold| threshold.effective_from);
        for pair in file.thresholds.windows(2) {
            if let [earlier, later] = pair
                && earlier.holds_for(later.effective_from)
            {
                return Err(PolicyError::Overlap(later.effective_from));
            }
        }
        for rule in ContradictionRule::ALL {
            if !file.contradictions.iter().any(|text| text.rule == rule) {
                return Err(PolicyError::NoText(rule));
            }
        }
        Ok(Self {
            identity: PolicyIdentity {
                name: file.name.clone(),
                version: file.version.clone(),
                sha256: hex::encode(Sha256::digest(source.as_bytes())),
            },
            file,
        })
    }

    /// The threshold that an edition of the clause carries; `None` for editions
    /// before there were plans.
    pub fn threshold(&self, edition: ClauseDate) -> Option<&Threshold> {
        self.file
            .thresholds
            .iter()
            .find(|threshold| threshold.holds_for(edition))
    }

    /// In the order of their editions.
    pub fn thresholds(&self) -> &[Threshold] {
        &self.file.thresholds
    }

    pub fn first_edition_with_plan(&self) -> String {
        self.file.thresholds.first().map_or_else(
            || "none known".to_owned(),
            |first| first.effective_from.to_string(),
        )
    }

    /// Whether an edition of this date was published; agency deviations may
    /// bear others.
    pub fn edition(&self, date: ClauseDate) -> Option<&Edition> {
        self.file
            .editions
            .iter()
            .find(|edition| edition.date == date)
    }

    /// The earliest edition there is.
    pub fn earliest_edition(&self) -> Option<ClauseDate> {
        self.file.editions.iter().map(|edition| edition.date).min()
    }

    pub fn is_united_states(&self, country: Country) -> bool {
        self.file.united_states.countries.contains(&country)
    }

    pub fn united_states(&self) -> &UnitedStates {
        &self.file.united_states
    }

    pub fn certificate(&self) -> &CertificateRules {
        &self.file.certificate
    }

    pub fn repealed(&self) -> &RepealedClause {
        &self.file.repealed
    }

    pub fn sb657_conflicts(&self) -> &[Sb657Conflict] {
        &self.file.sb657_conflicts
    }

    /// What a contradiction means in neutral words, and where the rule is from.
    pub fn contradiction(&self, rule: ContradictionRule) -> (&str, &str) {
        self.file
            .contradictions
            .iter()
            .find(|text| text.rule == rule)
            .map_or(("", ""), |text| (&text.says, &text.citation))
    }

    /// The first code of a meaning in force on a day, with its rule.
    pub fn code<'a>(
        &self,
        meaning: CodeMeaning,
        scheme: CodeScheme,
        codes: &'a [String],
        as_of: NaiveDate,
    ) -> Option<(&'a str, &CodeRule)> {
        self.file
            .codes
            .iter()
            .filter(|rule| {
                rule.meaning == meaning
                    && rule.scheme == scheme
                    && rule.effective_from <= as_of
                    && rule.effective_to.is_none_or(|end| as_of < end)
            })
            .find_map(|rule| {
                codes
                    .iter()
                    .find(|code| {
                        rule.prefixes
                            .iter()
                            .any(|prefix| code.starts_with(prefix.as_str()))
                    })
                    .map(|code| (code.as_str(), rule))
            })
    }

    /// Whether an official record's own words speak of trafficking.
    pub fn speaks_of_trafficking(&self, text: &str) -> bool {
        let lower = text.to_lowercase();
        self.file
            .record_words
            .trafficking
            .iter()
            .any(|word| lower.contains(word.as_str()))
    }

    pub fn record_words_source(&self) -> &str {
        &self.file.record_words.source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_policy_stands() {
        let policy = ContractorPolicy::parse(CONTRACTOR_POLICY).unwrap();
        let value = |text| {
            policy
                .threshold(ClauseDate::parse(text).unwrap())
                .map(|threshold| threshold.value.to_string())
        };
        assert_eq!(value("FEB 2009"), None);
        assert_eq!(value("MAR 2015").as_deref(), Some("500,000"));
        assert_eq!(value("SEP 2020").as_deref(), Some("500,000"));
        assert_eq!(value("OCT 2020").as_deref(), Some("550,000"));
        assert_eq!(value("SEP 2025").as_deref(), Some("550,000"));
        assert_eq!(value("OCT 2025").as_deref(), Some("700,000"));
        assert_eq!(value("JAN 2031").as_deref(), Some("700,000"));
    }

    #[test]
    fn overlapping_thresholds_are_refused() {
        let broken = CONTRACTOR_POLICY.replacen("effective_to = \"SEP 2025\"", "", 1);
        assert!(matches!(
            ContractorPolicy::parse(&broken),
            Err(PolicyError::Overlap(_))
        ));
    }
}

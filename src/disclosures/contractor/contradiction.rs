//! What two documents say that cannot both be so. A contradiction is a question
//! to the contractor: it counts only once a person has confirmed it and the
//! contractor was heard.

mod rules;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    contract::{AwardFacts, ContractId},
    disclosure::{Disclosure, OfficialRecord},
    ingest::ReviewRecord,
    plan::PlanReading,
    policy::ContractorPolicy,
    required::PlanRequirement,
};
use crate::disclosures::statement::StatementReading;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContradictionRule {
    OptionAAgainstRecord,
    NotRequiredAgainstPortion,
    NoHousingAgainstCampCode,
    NoRecruitersAgainstBrokers,
    PlanAfterCertificate,
    Sb657AgainstPlan,
    RelianceOnRepealedClause,
    ImpossibleClauseDate,
}

impl ContradictionRule {
    pub const ALL: [Self; 8] = [
        Self::OptionAAgainstRecord,
        Self::NotRequiredAgainstPortion,
        Self::NoHousingAgainstCampCode,
        Self::NoRecruitersAgainstBrokers,
        Self::PlanAfterCertificate,
        Self::Sb657AgainstPlan,
        Self::RelianceOnRepealedClause,
        Self::ImpossibleClauseDate,
    ];

    /// As serialized.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OptionAAgainstRecord => "option_a_against_record",
            Self::NotRequiredAgainstPortion => "not_required_against_portion",
            Self::NoHousingAgainstCampCode => "no_housing_against_camp_code",
            Self::NoRecruitersAgainstBrokers => "no_recruiters_against_brokers",
            Self::PlanAfterCertificate => "plan_after_certificate",
            Self::Sb657AgainstPlan => "sb657_against_plan",
            Self::RelianceOnRepealedClause => "reliance_on_repealed_clause",
            Self::ImpossibleClauseDate => "impossible_clause_date",
        }
    }
}

/// One contradiction with the documents that make it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    /// The same for the same documents, so that a decision finds it again.
    pub id: String,
    pub rule: ContradictionRule,
    /// In neutral words.
    pub says: String,
    /// Of the rule.
    pub citation: String,
    pub documents: Vec<DocumentSays>,
    pub standing: Standing,
}

/// What one document says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct DocumentSays {
    pub document: String,
    pub dated: Option<NaiveDate>,
    pub says: String,
    pub source: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nobody has looked yet: it counts nothing.
    Pending,
    Confirmed(ReviewRecord),
    Dismissed(ReviewRecord),
}

/// What is known of one contract when contradictions are looked for.
#[derive(Debug, Clone, Copy)]
pub struct Papers<'a> {
    pub contractor: &'a str,
    pub contract: &'a ContractId,
    pub disclosure: Option<&'a Disclosure>,
    pub award: Option<&'a AwardFacts>,
    pub requirement: &'a PlanRequirement,
    /// Official records about the contractor, from all sources.
    pub records: &'a [OfficialRecord],
    pub plan: Option<&'a PlanReading>,
    pub statement: Option<(&'a str, &'a StatementReading)>,
    pub reviews: &'a [ReviewRecord],
    pub as_of: NaiveDate,
}

/// All contradictions, in the order of their rules.
pub fn contradictions(policy: &ContractorPolicy, papers: &Papers<'_>) -> Vec<Contradiction> {
    let mut found = rules::Found::new();
    if let Some(disclosure) = papers.disclosure {
        rules::option_a(disclosure, papers, &mut found);
        rules::not_required(disclosure, papers, &mut found);
        rules::no_housing(policy, disclosure, papers, &mut found);
        rules::no_recruiters(disclosure, papers, &mut found);
        rules::plan_after_certificate(disclosure, papers, &mut found);
        rules::repealed(policy, disclosure, papers, &mut found);
        rules::clause_date(policy, disclosure, papers, &mut found);
    }
    rules::sb657(policy, papers, &mut found);
    let mut all: Vec<Contradiction> = found
        .into_iter()
        .map(|(rule, documents)| finished(policy, papers, rule, documents))
        .collect();
    all.sort_by(|one, other| (one.rule, &one.id).cmp(&(other.rule, &other.id)));
    all.dedup_by(|one, other| one.id == other.id);
    all
}

fn finished(
    policy: &ContractorPolicy,
    papers: &Papers<'_>,
    rule: ContradictionRule,
    documents: Vec<DocumentSays>,
) -> Contradiction {
    let (says, citation) = policy.contradiction(rule);
    let mut parts = vec![
        rule.code().to_owned(),
        papers.contractor.to_owned(),
        papers.contract.agency_code.clone(),
        papers.contract.piid.clone(),
        papers.contract.vehicle_piid.clone(),
    ];
    for document in &documents {
        parts.push(document.document.clone());
        parts.push(
            document
                .dated
                .map(|day| day.to_string())
                .unwrap_or_default(),
        );
        parts.push(document.says.clone());
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let id = short_id(&parts);
    Contradiction {
        rule,
        says: says.to_owned(),
        citation: citation.to_owned(),
        documents,
        standing: standing(&id, papers.reviews, papers.as_of),
        id,
    }
}

/// Sixteen hex digits that stand for these words.
pub(super) fn short_id(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hex::encode(hash.finalize()).chars().take(16).collect()
}

/// What people have decided by a day; the latest decision stands.
pub(super) fn standing(id: &str, reviews: &[ReviewRecord], as_of: NaiveDate) -> Standing {
    let review = reviews
        .iter()
        .filter(|review| review.contradiction == id && review.decided_on <= as_of)
        .max_by_key(|review| review.decided_on)
        .cloned();
    match review {
        None => Standing::Pending,
        Some(review) if review.confirmed => Standing::Confirmed(review),
        Some(review) => Standing::Dismissed(review),
    }
}

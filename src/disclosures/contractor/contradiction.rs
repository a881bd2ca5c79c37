//! What two documents say that cannot both be so. A contradiction is a question
//! to the contractor: it counts only once a person has confirmed it and the
//! contractor was heard.

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    clause::ClauseDate,
    contract::{AwardFacts, ClauseInContract, ContractId},
    disclosure::{Certificate, CertificateOption, Disclosure, OfficialRecord},
    ingest::ReviewRecord,
    plan::{PartSaid, PlanReading},
    policy::{CodeMeaning, CodeScheme, ContractorPolicy},
    required::{Answer, PlanRequirement},
};
use crate::disclosures::statement::{Stance, StatementReading};

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
    let mut found: Vec<(ContradictionRule, Vec<DocumentSays>)> = Vec::new();
    if let Some(disclosure) = papers.disclosure {
        option_a(disclosure, papers, &mut found);
        not_required(disclosure, papers, &mut found);
        no_housing(policy, disclosure, papers, &mut found);
        no_recruiters(disclosure, papers, &mut found);
        plan_after_certificate(disclosure, papers, &mut found);
        repealed(policy, disclosure, papers, &mut found);
        clause_date(policy, disclosure, papers, &mut found);
    }
    sb657(policy, papers, &mut found);
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

type Found = Vec<(ContradictionRule, Vec<DocumentSays>)>;

fn stated(disclosure: &Disclosure, says: impl Into<String>) -> DocumentSays {
    DocumentSays {
        document: "disclosure form".to_owned(),
        dated: None,
        says: says.into(),
        source: disclosure.source.clone(),
    }
}

fn certificate_says(certificate: &Certificate, says: &str) -> DocumentSays {
    DocumentSays {
        document: "certificate".to_owned(),
        dated: Some(certificate.dated),
        says: says.to_owned(),
        source: certificate.source.clone(),
    }
}

/// A certificate speaks for the time since the one before, a year at most.
fn option_a(disclosure: &Disclosure, papers: &Papers<'_>, found: &mut Found) {
    for (at, certificate) in disclosure.certificates.iter().enumerate() {
        if certificate.option != Some(CertificateOption::A) {
            continue;
        }
        let year_before = certificate
            .dated
            .checked_sub_months(Months::new(12))
            .unwrap_or(certificate.dated);
        let since = at
            .checked_sub(1)
            .and_then(|before| disclosure.certificates.get(before))
            .map_or(year_before, |before| before.dated.max(year_before));
        for record in papers.records {
            let in_period = record
                .dated
                .is_some_and(|day| since < day && day <= certificate.dated);
            if record.trafficking && record.state.is_substantiated() && in_period {
                found.push((
                    ContradictionRule::OptionAAgainstRecord,
                    vec![
                        certificate_says(
                            certificate,
                            "option A: after due diligence no abuse is known",
                        ),
                        DocumentSays {
                            document: "official record".to_owned(),
                            dated: record.dated,
                            says: record.title.clone(),
                            source: record.source.clone(),
                        },
                    ],
                ));
            }
        }
    }
}

fn not_required(disclosure: &Disclosure, papers: &Papers<'_>, found: &mut Found) {
    if disclosure.claims_plan_required == Some(false)
        && papers.requirement.answer == Answer::Required
    {
        let threshold = papers.requirement.arithmetic.threshold_source.clone();
        found.push((
            ContradictionRule::NotRequiredAgainstPortion,
            vec![
                stated(disclosure, "no plan is required"),
                DocumentSays {
                    document: "stated portion outside the United States".to_owned(),
                    dated: None,
                    says: papers.requirement.arithmetic.shown.clone(),
                    source: threshold.unwrap_or_default(),
                },
            ],
        ));
    }
}

/// The form says so, or the plan itself.
fn no_housing(
    policy: &ContractorPolicy,
    disclosure: &Disclosure,
    papers: &Papers<'_>,
    found: &mut Found,
) {
    let denial = if disclosure.claims_housing == Some(false) {
        Some(stated(
            disclosure,
            "housing is neither provided nor arranged",
        ))
    } else {
        denied_in_plan(papers, "provides_housing")
    };
    let Some(denial) = denial else { return };
    let award = papers.award;
    let psc: Vec<String> = codes(&disclosure.psc, award.map(|award| award.psc.as_slice()));
    let naics: Vec<String> = codes(&disclosure.naics, award.map(|award| award.naics.as_slice()));
    for (scheme, codes, name) in [
        (CodeScheme::Psc, &psc, "PSC"),
        (CodeScheme::Naics, &naics, "NAICS"),
    ] {
        if let Some((code, rule)) = policy.code(CodeMeaning::Camp, scheme, codes, papers.as_of) {
            found.push((
                ContradictionRule::NoHousingAgainstCampCode,
                vec![
                    denial.clone(),
                    DocumentSays {
                        document: "contract record".to_owned(),
                        dated: award.and_then(|award| award.first_signed),
                        says: format!("{name} {code}"),
                        source: rule.source.clone(),
                    },
                ],
            ));
        }
    }
}

fn codes(stated: &[String], recorded: Option<&[String]>) -> Vec<String> {
    let mut codes = stated.to_vec();
    codes.extend(recorded.unwrap_or_default().iter().cloned());
    codes.sort();
    codes.dedup();
    codes
}

fn denied_in_plan(papers: &Papers<'_>, part: &str) -> Option<DocumentSays> {
    let plan = papers.plan?;
    let part = plan.part(part)?;
    if part.said != PartSaid::Denied {
        return None;
    }
    let quote = part
        .quotes
        .iter()
        .find(|quote| quote.stance == Stance::Denied)?;
    Some(DocumentSays {
        document: "compliance plan".to_owned(),
        dated: papers.disclosure.and_then(|one| one.plan.as_ref()?.dated),
        says: quote.text.clone(),
        source: format!("{}, bytes {}-{}", plan.file, quote.start, quote.end),
    })
}

fn no_recruiters(disclosure: &Disclosure, papers: &Papers<'_>, found: &mut Found) {
    let none_in_plan = || {
        let plan = papers.plan?;
        let quote = plan
            .part("recruiters")?
            .quotes
            .iter()
            .find(|quote| quote.rule == "recruiters.none")?;
        Some(DocumentSays {
            document: "compliance plan".to_owned(),
            dated: disclosure.plan.as_ref().and_then(|plan| plan.dated),
            says: quote.text.clone(),
            source: format!("{}, bytes {}-{}", plan.file, quote.start, quote.end),
        })
    };
    let denial = if disclosure.claims_recruiters == Some(false) {
        Some(stated(disclosure, "no recruiters are used"))
    } else {
        none_in_plan()
    };
    if let Some(denial) = denial
        && !disclosure.named_brokers.is_empty()
    {
        found.push((
            ContradictionRule::NoRecruitersAgainstBrokers,
            vec![
                denial,
                stated(
                    disclosure,
                    format!(
                        "labor brokers named: {}",
                        disclosure.named_brokers.join("; ")
                    ),
                ),
            ],
        ));
    }
}

/// Against the latest certificate. A plan may have been revised since: that is
/// for the person to find out who decides.
fn plan_after_certificate(disclosure: &Disclosure, papers: &Papers<'_>, found: &mut Found) {
    let Some(plan_date) = disclosure.plan.as_ref().and_then(|plan| plan.dated) else {
        return;
    };
    let latest = disclosure
        .certificates
        .iter()
        .rfind(|certificate| certificate.dated <= papers.as_of);
    let Some(certificate) = latest else { return };
    if plan_date > certificate.dated {
        found.push((
            ContradictionRule::PlanAfterCertificate,
            vec![
                certificate_says(certificate, "a compliance plan is implemented"),
                DocumentSays {
                    document: "compliance plan".to_owned(),
                    dated: Some(plan_date),
                    says: format!("dated {plan_date}"),
                    source: disclosure.source.clone(),
                },
            ],
        ));
    }
}

fn sb657(policy: &ContractorPolicy, papers: &Papers<'_>, found: &mut Found) {
    let (Some((name, statement)), Some(plan)) = (papers.statement, papers.plan) else {
        return;
    };
    for conflict in policy.sb657_conflicts() {
        let denied = statement
            .topics
            .get(&conflict.statement_topic)
            .filter(|topic| {
                !topic
                    .quotes
                    .iter()
                    .any(|quote| quote.stance == Stance::Asserted)
            })
            .and_then(|topic| {
                topic
                    .quotes
                    .iter()
                    .find(|quote| quote.stance == Stance::Denied)
            });
        let asserted = plan
            .part(&conflict.plan_part)
            .filter(|part| part.said == PartSaid::Asserted)
            .and_then(|part| {
                part.quotes
                    .iter()
                    .find(|quote| quote.stance == Stance::Asserted)
            });
        if let (Some(denied), Some(asserted)) = (denied, asserted) {
            found.push((
                ContradictionRule::Sb657AgainstPlan,
                vec![
                    DocumentSays {
                        document: "statement under Cal. Civ. Code 1714.43".to_owned(),
                        dated: None,
                        says: denied.text.clone(),
                        source: format!("{name}, bytes {}-{}", denied.start, denied.end),
                    },
                    DocumentSays {
                        document: "compliance plan".to_owned(),
                        dated: papers.disclosure.and_then(|one| one.plan.as_ref()?.dated),
                        says: asserted.text.clone(),
                        source: format!("{}, bytes {}-{}", plan.file, asserted.start, asserted.end),
                    },
                ],
            ));
        }
    }
}

fn repealed(
    policy: &ContractorPolicy,
    disclosure: &Disclosure,
    papers: &Papers<'_>,
    found: &mut Found,
) {
    let rule = policy.repealed();
    let gone = DocumentSays {
        document: "Federal Register".to_owned(),
        dated: Some(rule.repealed_on),
        says: format!("{} removed", rule.clause),
        source: rule.source.clone(),
    };
    for cited in &disclosure.cited_clauses {
        let after = cited.cited_on.is_some_and(|day| day > rule.repealed_on);
        if cited.clause.contains(&rule.clause) && after {
            found.push((
                ContradictionRule::RelianceOnRepealedClause,
                vec![
                    DocumentSays {
                        document: "cited clause".to_owned(),
                        dated: cited.cited_on,
                        says: format!("relies on {}", cited.clause),
                        source: cited.source.clone(),
                    },
                    gone.clone(),
                ],
            ));
        }
    }
    let plan_date = disclosure.plan.as_ref().and_then(|plan| plan.dated);
    if let (Some(plan), Some(dated)) = (papers.plan, plan_date)
        && dated > rule.repealed_on
        && let Some(quote) = plan.repealed_clause.first()
    {
        found.push((
            ContradictionRule::RelianceOnRepealedClause,
            vec![
                DocumentSays {
                    document: "compliance plan".to_owned(),
                    dated: Some(dated),
                    says: format!("names {}", quote.text),
                    source: format!("{}, bytes {}-{}", plan.file, quote.start, quote.end),
                },
                gone,
            ],
        ));
    }
}

/// In the future, before the clause existed, or later than the last action on
/// the contract that could have brought it in.
fn clause_date(
    policy: &ContractorPolicy,
    disclosure: &Disclosure,
    papers: &Papers<'_>,
    found: &mut Found,
) {
    let ClauseInContract::Edition(edition) = disclosure.facts.clause else {
        return;
    };
    let says = |document: &str, dated, says: String, source: &str| DocumentSays {
        document: document.to_owned(),
        dated,
        says,
        source: source.to_owned(),
    };
    let own = stated(disclosure, format!("FAR 52.222-50 ({edition})"));
    // A clause is often published a little before its month.
    let today = papers
        .as_of
        .checked_add_days(Days::new(31))
        .unwrap_or(papers.as_of);
    if edition > ClauseDate::of(today) {
        found.push((
            ContradictionRule::ImpossibleClauseDate,
            vec![
                own,
                says(
                    "calendar",
                    Some(papers.as_of),
                    format!("{edition} has not come"),
                    "day of this check",
                ),
            ],
        ));
        return;
    }
    if let Some(earliest) = policy.earliest_edition()
        && edition < earliest
    {
        let source = policy
            .edition(earliest)
            .map(|edition| edition.source.clone());
        found.push((
            ContradictionRule::ImpossibleClauseDate,
            vec![
                own,
                says(
                    "FAR",
                    None,
                    format!("the first edition is of {earliest}"),
                    source.as_deref().unwrap_or_default(),
                ),
            ],
        ));
        return;
    }
    let last = papers
        .award
        .and_then(|award| award.last_signed)
        .into_iter()
        .chain(disclosure.awarded_on.filter(|_| papers.award.is_none()))
        .chain(
            disclosure
                .changes
                .iter()
                .filter(|change| change.what == super::disclosure::Changed::Clause)
                .map(|change| change.on),
        )
        .max();
    if let Some(last) = last
        && edition > ClauseDate::of(last)
    {
        found.push((
            ContradictionRule::ImpossibleClauseDate,
            vec![
                own,
                says(
                    "contract record",
                    Some(last),
                    format!("the last action known on the contract is of {last}"),
                    "award or modification",
                ),
            ],
        ));
    }
}

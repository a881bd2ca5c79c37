//! The rules, each on the papers of one contract.

use chrono::{Days, Months};

use super::{ContradictionRule, DocumentSays, Papers};
use crate::disclosures::{
    contractor::{
        clause::ClauseDate,
        contract::ClauseInContract,
        disclosure::{Certificate, CertificateOption, Changed, Disclosure},
        plan::PartSaid,
        policy::{CodeMeaning, CodeScheme, ContractorPolicy},
        required::Answer,
    },
    statement::Stance,
};

pub(super) type Found = Vec<(ContradictionRule, Vec<DocumentSays>)>;

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
pub(super) fn option_a(disclosure: &Disclosure, papers: &Papers<'_>, found: &mut Found) {
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
            let official = record.state.is_substantiated() && !record.finds_nothing();
            if record.trafficking && official && in_period {
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

pub(super) fn not_required(disclosure: &Disclosure, papers: &Papers<'_>, found: &mut Found) {
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
pub(super) fn no_housing(
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

pub(super) fn no_recruiters(disclosure: &Disclosure, papers: &Papers<'_>, found: &mut Found) {
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
pub(super) fn plan_after_certificate(
    disclosure: &Disclosure,
    papers: &Papers<'_>,
    found: &mut Found,
) {
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

pub(super) fn sb657(policy: &ContractorPolicy, papers: &Papers<'_>, found: &mut Found) {
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

pub(super) fn repealed(
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
    // A plan without a date is put forward for its contract.
    let plan_date = disclosure
        .plan
        .as_ref()
        .and_then(|plan| plan.dated)
        .or(disclosure.awarded_on)
        .or_else(|| papers.award?.first_signed);
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
pub(super) fn clause_date(
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
                .filter(|change| change.what == Changed::Clause)
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

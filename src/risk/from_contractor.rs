//! A federal contractor's papers in the score: transparency, confirmed records,
//! declared foreign end products. What nobody asked for is no gap, and what no
//! person has confirmed moves nothing.

use std::cmp::max;

use super::{
    citations::{list_evidence, rule, stated},
    confirmed::set_floor,
    draft::Draft,
    factor::{Evidence, FactorKind},
    facts::Facts,
    from_declared::DeclaredGoods,
    from_record,
    inputs::{Bounded, Floor, UnknownFactor},
    model::Model,
    points::Points,
};
use crate::{
    disclosures::contractor::{
        ContractCheck, ContractorCheck, ContractorPolicy, DisclosureStatus, Reason, Requester,
    },
    exposure::SectorExposure,
};

/// A contractor's papers as the score takes them.
#[derive(Debug, Clone, Copy)]
pub struct ContractorPapers<'a> {
    pub policy: &'a ContractorPolicy,
    pub check: &'a ContractorCheck,
    /// Its declared foreign end products, each with what the lists say of it.
    pub declared: &'a [DeclaredGoods<'a>],
}

/// A service code known for risk, and brokers without proof that no fees are paid.
pub(super) fn workforce_of_contractor(
    model: &Model,
    papers: &ContractorPapers<'_>,
    draft: &mut Draft,
) {
    let mut points = draft.inputs.workforce.get();
    let counted = draft
        .factors
        .iter()
        .any(|factor| factor.code == "high_risk_code");
    let code = papers
        .check
        .contracts
        .iter()
        .find_map(|contract| Some((contract, contract.high_risk_code.as_ref()?)));
    if let Some((contract, code)) = code.filter(|_| !counted) {
        points = points.saturating_add(model.workforce.high_risk_code);
        draft.factor(
            FactorKind::Workforce,
            "high_risk_code",
            model.workforce.high_risk_code,
            format!(
                "{} {} on contract {} is a code known for risk",
                code.scheme, code.code, contract.contract
            ),
            vec![policy_rule(
                papers,
                &code.source,
                format!("{} {}", code.scheme, code.code),
            )],
        );
    }
    let brokers = papers
        .check
        .contracts
        .iter()
        .filter_map(|contract| contract.disclosure.as_ref())
        .find(|disclosure| !disclosure.named_brokers.is_empty());
    if let Some(disclosure) = brokers {
        points = points.saturating_add(model.workforce.brokers_without_fee_proof);
        draft.factor(
            FactorKind::Workforce,
            "brokers_without_fee_proof",
            model.workforce.brokers_without_fee_proof,
            "labor brokers are named, and no proof is given that workers pay no fees".to_owned(),
            vec![paper(
                "FAR 52.222-50(b)(6)",
                format!("{} brokers named", disclosure.named_brokers.len()),
                &disclosure.source,
            )],
        );
    }
    if points > draft.inputs.workforce.get() {
        draft.inputs.workforce = Bounded::capped(points);
        // Known in part is known: as with a supplier's own industry code.
        draft.inputs.unknown.remove(&UnknownFactor::Workforce);
    }
}

/// A, T and the floors.
pub(super) fn papers_of_contractor(
    model: &Model,
    facts: &Facts<'_>,
    papers: &ContractorPapers<'_>,
    draft: &mut Draft,
) {
    for found in &papers.check.records {
        from_record::record(model, facts.as_of, found, draft);
    }
    transparency(model, facts, papers, draft);
    contradictions(model, papers, draft);
    let missing = papers.check.contracts.iter().find(|contract| {
        contract.status.apart_from_contradictions == DisclosureStatus::RequiredMissing
    });
    if let Some(contract) = missing {
        set_floor(
            model,
            Floor::Esc2,
            format!(
                "required plan not produced after a written request, contract {}",
                contract.contract
            ),
            reasons(contract, 1),
            draft,
        );
    }
}

/// Each kind once, over all contracts: twenty points are soon full.
fn transparency(
    model: &Model,
    facts: &Facts<'_>,
    papers: &ContractorPapers<'_>,
    draft: &mut Draft,
) {
    let Some(points) = &model.papers else {
        draft.assumptions.push(
            "the model has no rules for contractors' papers, so what they lack counts nothing"
                .to_owned(),
        );
        return;
    };
    let contracts = &papers.check.contracts;
    let as_of = papers.check.as_of;
    let mut gap = draft.inputs.gap.get();
    let mut add =
        |draft: &mut Draft, code: &str, worth: u8, said: String, evidence: Vec<Evidence>| {
            gap = gap.saturating_add(worth);
            let mut evidence = evidence;
            evidence.push(rule(model, &points.source, format!("{code}: {worth}")));
            draft.factor(FactorKind::Transparency, code, worth, said, evidence);
        };
    let status = |contract: &ContractCheck| contract.status.apart_from_contradictions;
    let missing = contracts
        .iter()
        .find(|one| status(one) == DisclosureStatus::RequiredMissing);
    let elements = contracts
        .iter()
        .filter(|one| status(one) == DisclosureStatus::Incomplete)
        .map(|one| {
            let count = one
                .status
                .missing
                .iter()
                .filter(|id| id.starts_with("h3"))
                .count();
            (u8::try_from(count).unwrap_or(u8::MAX), one)
        })
        .filter(|(count, one)| *count > 0 && was_produced(one))
        .max_by_key(|(count, one)| (*count, std::cmp::Reverse(&one.contract)));
    if let Some(contract) = missing {
        add(
            draft,
            "plan_missing",
            points.plan_missing,
            format!(
                "required plan not produced after a written request, contract {}",
                contract.contract
            ),
            reasons(contract, 1),
        );
    } else if let Some((count, contract)) = elements {
        add(
            draft,
            "plan_elements_missing",
            points.element_missing.saturating_mul(count),
            format!(
                "{count} of 5 minimum elements not found whole in the plan for contract {}",
                contract.contract
            ),
            why_missing(contract, |id| id.starts_with("h3")),
        );
    }
    let certificate = contracts.iter().find(|one| {
        // The certificate goes to the contracting officer: nobody else can miss it,
        // and a deadline still to come is no gap.
        let asked = one.disclosure.as_ref().is_some_and(|form| {
            form.requests.iter().any(|request| {
                request.requested_by == Requester::ContractingOfficer
                    && (request.is_answered(as_of) || request.is_overdue(as_of))
            })
        });
        match status(one) {
            DisclosureStatus::RequiredMissing => true,
            DisclosureStatus::Incomplete => {
                asked && one.status.missing.iter().any(|id| id == "certificate")
            }
            DisclosureStatus::Stale => one.status.certificate_is_old,
            _ => false,
        }
    });
    if let Some(contract) = certificate {
        add(
            draft,
            "certificate",
            points.certificate,
            format!(
                "certificate not produced when asked for, or too old, contract {}",
                contract.contract
            ),
            if status(contract) == DisclosureStatus::Incomplete {
                why_missing(contract, |id| id == "certificate")
            } else {
                reasons(contract, 1)
            },
        );
    }
    let silent = contracts.iter().find_map(|one| {
        let form = one.disclosure.as_ref()?;
        let overdue: Vec<Evidence> = form
            .requests
            .iter()
            .filter(|request| request.is_overdue(as_of))
            .map(|request| {
                let detail = format!(
                    "asked on {} by {}, no answer by {as_of}",
                    request.asked_on,
                    request.requested_by.in_words()
                );
                paper("written request", detail, &form.source)
            })
            .collect();
        (overdue.len() >= usize::from(points.silent_after_requests)).then_some((one, overdue))
    });
    if let Some((contract, overdue)) = silent {
        add(
            draft,
            "silent",
            points.silent,
            format!(
                "no answer to {} written requests, contract {}",
                overdue.len(),
                contract.contract
            ),
            overdue,
        );
    }
    let untraced = contracts
        .iter()
        .filter_map(|one| Some((one, one.disclosure.as_ref()?)))
        .find(|(_, form)| form.goods_traced == Some(false))
        .zip(sector_of(facts, papers));
    if let Some(((contract, form), sector)) = untraced {
        add(
            draft,
            "no_tracing",
            points.no_tracing,
            format!(
                "goods of the priority sector {}, and they are not traced to their raw materials by its answer, contract {}",
                sector.sector_name, contract.contract
            ),
            vec![
                paper(
                    "Plimsoll's own policy",
                    "asked whether goods are traced to their raw materials: no".to_owned(),
                    &form.source,
                ),
                list_evidence(
                    &sector.listed,
                    format!("\"{}\" -> {}", sector.cue.given, sector.sector_name),
                ),
            ],
        );
    }
    let confirmed = contracts
        .iter()
        .find_map(|one| Some((one, one.confirmed().next()?)));
    if let Some((contract, contradiction)) = confirmed {
        add(
            draft,
            "contradiction",
            points.contradiction,
            format!(
                "{}, contract {}, confirmed by review",
                contradiction.says, contract.contract
            ),
            documents(contradiction),
        );
    }
    draft.inputs.gap = Bounded::capped(gap);
}

/// A priority sector that the contractor's goods are of: those it declares, or
/// those that its industry codes name.
fn sector_of<'a>(facts: &Facts<'a>, papers: &ContractorPapers<'a>) -> Option<&'a SectorExposure> {
    let declared = papers.declared.iter().map(|one| &one.exposure);
    declared
        .chain([facts.exposure])
        .flat_map(|exposure| &exposure.sectors)
        .next()
}

/// Elements can be missing only from a plan that somebody has seen.
fn was_produced(contract: &ContractCheck) -> bool {
    contract
        .plan
        .as_ref()
        .is_some_and(|plan| plan.problem.is_none())
        || contract
            .disclosure
            .as_ref()
            .and_then(|form| form.plan.as_ref())
            .is_some_and(|plan| !plan.elements.is_empty())
}

fn contradictions(model: &Model, papers: &ContractorPapers<'_>, draft: &mut Draft) {
    for contract in &papers.check.contracts {
        for contradiction in contract.confirmed() {
            set_floor(
                model,
                Floor::Esc2,
                format!("{}, confirmed by review", contradiction.says),
                documents(contradiction),
                draft,
            );
        }
        for contradiction in contract.pending() {
            draft.inputs.pending = max(draft.inputs.pending, Some(Floor::Esc2));
            draft.factor(
                FactorKind::Pending,
                Floor::Esc2.as_str(),
                model.floors.of(Floor::Esc2),
                format!(
                    "two documents disagree, not yet reviewed ({}): {}",
                    contradiction.id, contradiction.says
                ),
                documents(contradiction),
            );
        }
    }
}

/// Disclosures that were asked for are known, whatever they say.
pub(super) fn coverage_of_contractor(
    model: &Model,
    papers: &ContractorPapers<'_>,
    draft: &mut Draft,
) {
    let form = papers
        .check
        .contracts
        .iter()
        .find_map(|contract| contract.disclosure.as_ref());
    let Some(form) = form else { return };
    let worth = model.coverage.disclosures;
    draft.factor(
        FactorKind::Coverage,
        "disclosures",
        Points::whole(worth),
        "disclosures were asked for".to_owned(),
        vec![paper(
            "disclosure form",
            form.contract.to_string(),
            &form.source,
        )],
    );
    let sum = draft.inputs.coverage.get().saturating_add(worth);
    draft.inputs.coverage = Bounded::capped(sum);
}

/// The reasons of what is missing, by their ids: these stand first and in order.
fn why_missing(contract: &ContractCheck, about: impl Fn(&str) -> bool) -> Vec<Evidence> {
    let ids = &contract.status.missing;
    ids.iter()
        .zip(reasons(contract, ids.len()))
        .filter(|(id, _)| about(id))
        .map(|(_, evidence)| evidence)
        .collect()
}

fn reasons(contract: &ContractCheck, count: usize) -> Vec<Evidence> {
    contract
        .status
        .reasons
        .iter()
        .skip(contract.confirmed().count())
        .take(count.max(1))
        .map(|reason: &Reason| paper(&reason.citation, reason.says.clone(), &reason.source))
        .collect()
}

fn documents(contradiction: &crate::disclosures::contractor::Contradiction) -> Vec<Evidence> {
    contradiction
        .documents
        .iter()
        .map(|document| Evidence {
            date: document.dated,
            ..paper(
                &contradiction.citation,
                format!("{}: {}", document.document, document.says),
                &document.source,
            )
        })
        .collect()
}

/// Evidence from a contractor's paper or an official record.
fn paper(citation: &str, detail: String, source: &str) -> Evidence {
    Evidence {
        source: if source.is_empty() {
            "contractor papers".to_owned()
        } else {
            source.to_owned()
        },
        citation: citation.to_owned(),
        ..stated("contractor papers", detail)
    }
}

fn policy_rule(papers: &ContractorPapers<'_>, citation: &str, detail: String) -> Evidence {
    let identity = &papers.policy.identity;
    Evidence {
        source: identity.name.clone(),
        edition: Some(identity.version.clone()),
        snapshot_sha256: Some(identity.sha256.clone()),
        citation: citation.to_owned(),
        date: None,
        detail,
    }
}

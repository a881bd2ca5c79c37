//! Everything about one contract on one day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    contract::{AwardFacts, ContractFacts, ContractId, ContractKind},
    contradiction::{Contradiction, Papers, Standing, contradictions},
    disclosure::{Disclosure, OfficialRecord},
    dossier::ContractFile,
    gather::fiscal_year,
    ingest::ReviewRecord,
    plan::PlanReading,
    policy::{CodeMeaning, CodeScheme, ContractorPolicy},
    required::{PlanRequirement, plan_requirement},
    status::{DisclosureStatus, StatusReading, disclosure_status},
};
use crate::disclosures::statement::{Overall, StatementReading};

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContractCheck {
    pub contract: ContractId,
    pub agency: String,
    /// Fiscal years of the record, or that of the form's award date.
    pub years: Vec<i32>,
    pub award: Option<AwardFacts>,
    pub requirement: PlanRequirement,
    pub status: StatusReading,
    pub contradictions: Vec<Contradiction>,
    pub plan: Option<PlanReading>,
    pub statement: Option<StatementFound>,
    /// A code of the contract that is known for risk.
    pub high_risk_code: Option<CodeFound>,
    pub disclosure: Option<Disclosure>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatementFound {
    pub file: String,
    pub overall: Overall,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeFound {
    pub scheme: String,
    pub code: String,
    pub source: String,
}

impl ContractCheck {
    /// Confirmed contradictions.
    pub fn confirmed(&self) -> impl Iterator<Item = &Contradiction> {
        self.contradictions
            .iter()
            .filter(|one| matches!(one.standing, Standing::Confirmed(_)))
    }

    /// Contradictions that wait for a person.
    pub fn pending(&self) -> impl Iterator<Item = &Contradiction> {
        self.contradictions
            .iter()
            .filter(|one| one.standing == Standing::Pending)
    }

    pub fn is(&self, status: DisclosureStatus) -> bool {
        self.status.status == status
    }
}

/// The document that the form names, or the only one there is for the only
/// contractor.
pub(super) fn document<'a, T>(
    all: &'a BTreeMap<String, T>,
    contract: &ContractFile<'_>,
    sole: bool,
    named: impl Fn(&Disclosure) -> Option<String>,
) -> Option<(&'a String, &'a T)> {
    let name = contract.disclosure.and_then(named);
    if let Some(name) = name {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(&name);
        return all.get_key_value(file);
    }
    (sole && contract.disclosure.is_some() && all.len() == 1)
        .then(|| all.first_key_value())
        .flatten()
}

#[expect(
    clippy::too_many_arguments,
    reason = "one caller; each is a thing of its own"
)]
pub(super) fn one_contract(
    policy: &ContractorPolicy,
    contractor: &str,
    id: &ContractId,
    contract: &ContractFile<'_>,
    records: &[OfficialRecord],
    plan: Option<&PlanReading>,
    statement: Option<(&str, &StatementReading)>,
    reviews: &[ReviewRecord],
    as_of: NaiveDate,
) -> ContractCheck {
    let disclosure = contract.disclosure;
    let award = contract.award;
    let facts = facts(policy, disclosure, award);
    let requirement = plan_requirement(policy, &facts);
    let papers = Papers {
        contractor,
        contract: id,
        disclosure,
        award,
        requirement: &requirement,
        records,
        plan,
        statement,
        reviews,
        as_of,
    };
    let contradictions = contradictions(policy, &papers);
    let status = disclosure_status(
        policy,
        &requirement,
        disclosure,
        plan,
        &contradictions,
        as_of,
    );
    let empty = Vec::new();
    let psc = award.map_or(&empty, |award| &award.psc);
    let naics = award.map_or(&empty, |award| &award.naics);
    let stated_psc = disclosure.map_or(&empty, |one| &one.psc);
    let stated_naics = disclosure.map_or(&empty, |one| &one.naics);
    let high_risk_code = [
        (CodeScheme::Psc, "PSC", psc),
        (CodeScheme::Psc, "PSC", stated_psc),
        (CodeScheme::Naics, "NAICS", naics),
        (CodeScheme::Naics, "NAICS", stated_naics),
    ]
    .into_iter()
    .find_map(|(scheme, name, codes)| {
        let (code, rule) = policy.code(CodeMeaning::HighRisk, scheme, codes, as_of)?;
        Some(CodeFound {
            scheme: name.to_owned(),
            code: code.to_owned(),
            source: rule.source.clone(),
        })
    });
    let agency = award
        .map(|award| award.agency.clone())
        .filter(|agency| !agency.is_empty())
        .or_else(|| disclosure.map(|one| one.agency.clone()))
        .unwrap_or_default();
    let years = match award.map(|award| award.fiscal_years.clone()) {
        Some(years) if !years.is_empty() => years,
        _ => disclosure
            .and_then(|one| one.awarded_on)
            .map(fiscal_year)
            .into_iter()
            .collect(),
    };
    ContractCheck {
        contract: id.clone(),
        agency,
        years,
        award: award.cloned(),
        requirement,
        status,
        contradictions,
        plan: plan.cloned(),
        statement: statement.map(|(file, reading)| StatementFound {
            file: file.to_owned(),
            overall: reading.overall,
        }),
        high_risk_code,
        disclosure: disclosure.cloned(),
    }
}

/// The form's facts; what public records say is added as leads only.
fn facts(
    policy: &ContractorPolicy,
    disclosure: Option<&Disclosure>,
    award: Option<&AwardFacts>,
) -> ContractFacts {
    let mut facts = disclosure.map(|one| one.facts.clone()).unwrap_or_default();
    let Some(award) = award else { return facts };
    if facts.kind == ContractKind::Unknown && award.indefinite_delivery {
        // The total on record is a lead: it is no ceiling that anybody stated.
        facts.kind = ContractKind::IndefiniteDelivery { ceiling: None };
    }
    let foreign: Vec<&str> = award
        .performed_in
        .iter()
        .filter(|country| !policy.is_united_states(**country))
        .map(|country| country.name())
        .collect();
    if !foreign.is_empty() {
        facts.leads.push(format!(
            "place of performance on record: {}; a lead and no proof",
            foreign.join(", ")
        ));
    }
    let made: Vec<&str> = award
        .origin
        .iter()
        .filter(|country| !policy.is_united_states(**country))
        .map(|country| country.name())
        .collect();
    if !made.is_empty() {
        facts
            .leads
            .push(format!("country of origin on record: {}", made.join(", ")));
    }
    if award.without_country > 0 {
        facts.leads.push(format!(
            "{} of {} transactions name no country of performance",
            award.without_country, award.transactions
        ));
    }
    if let Some(total) = award.total_value {
        facts.leads.push(format!(
            "value on record, all options: {total}; the portion outside the United States is not on record"
        ));
    }
    facts
}

//! Everything about every contractor of the files given, on one day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    contract::{AwardFacts, ContractFacts, ContractId, ContractKind},
    contradiction::{Contradiction, Papers, Standing, contradictions, short_id, standing},
    disclosure::{Disclosure, OfficialRecord, RecordState},
    dossier::{ContractFile, ContractorFile, Dossier, Tally, as_record},
    ingest::{Answer as RegistrantAnswer, EndProduct, ReviewRecord},
    leads::{Lead, leads, name_index},
    party::Identity,
    plan::PlanReading,
    policy::{CodeMeaning, CodeScheme, ContractorPolicy, PolicyIdentity},
    required::{PlanRequirement, plan_requirement},
    status::{DisclosureStatus, StatusReading, disclosure_status},
};
use crate::{
    disclosures::statement::{Overall, StatementReading},
    screening::Index,
};

/// Documents read besides the records, by file name without folders.
#[derive(Debug, Default)]
pub struct Documents {
    pub plans: BTreeMap<String, PlanReading>,
    pub statements: BTreeMap<String, StatementReading>,
}

/// The result of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContractorReport {
    pub as_of: NaiveDate,
    pub policy: PolicyIdentity,
    pub records: Tally,
    pub contractors: Vec<ContractorCheck>,
    /// Contracts known from award records at home alone, counted and not shown:
    /// nothing can be said of them but `UNDETERMINED`.
    pub not_detailed: u64,
    /// Plans and statements that no form row names, with several contractors to
    /// choose from.
    pub unassigned_documents: Vec<String>,
    /// How to read this.
    pub reading: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContractorCheck {
    pub as_of: NaiveDate,
    pub contractor: Identity,
    /// It opted out of public search, which says nothing about it.
    pub opted_out: bool,
    pub leads: Vec<Lead>,
    /// Official records; those about trafficking first.
    pub records: Vec<RecordFound>,
    pub child_labor: ChildLabor,
    /// Foreign end products declared in SAM.gov.
    pub end_products: Vec<EndProduct>,
    pub contracts: Vec<ContractCheck>,
}

/// An official record, and what a person decided about whether it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordFound {
    /// The same for the same record, so that a decision finds it again.
    pub id: String,
    #[serde(flatten)]
    pub record: OfficialRecord,
    pub standing: Standing,
}

impl RecordFound {
    fn new(
        mut record: OfficialRecord,
        identity: &Identity,
        reviews: &[ReviewRecord],
        as_of: NaiveDate,
    ) -> Self {
        let key = identity
            .uei
            .as_ref()
            .or(identity.cage.as_ref())
            .unwrap_or(&identity.name);
        let id = short_id(&[
            key,
            &format!("{:?}", record.state),
            &record.dated.map(|day| day.to_string()).unwrap_or_default(),
            &record.title,
            record.contract.as_deref().unwrap_or_default(),
        ]);
        // After the id, which must not change with the day.
        if let Some(end) = record.until {
            let says = if end < as_of { "over since" } else { "until" };
            record.title = format!("{}, {says} {end}", record.title);
        }
        Self {
            standing: standing(&id, reviews, as_of),
            id,
            record,
        }
    }

    /// A determination about trafficking, by what the record says of itself. Other
    /// records stand in the same section of SAM.gov: an administrative agreement
    /// is none.
    pub fn is_determination(&self) -> bool {
        let title = self.record.title.to_lowercase();
        let says = match self.record.state {
            RecordState::FinalDetermination => true,
            RecordState::ResponsibilityRecord => title.contains("determination"),
            _ => false,
        };
        self.record.trafficking && says && !title.contains("agreement")
    }

    /// Posted among or as a determination about trafficking, and none by its own
    /// words: a lead for a person to read.
    pub fn is_lead(&self) -> bool {
        self.record.trafficking
            && !self.is_determination()
            && matches!(
                self.record.state,
                RecordState::FinalDetermination | RecordState::ResponsibilityRecord
            )
    }
}

/// Answers under FAR 22.15 (52.222-18, 52.212-3(i)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ChildLabor {
    pub delivers_listed_products: Vec<RegistrantAnswer>,
    pub unaware_after_good_faith: Vec<RegistrantAnswer>,
    /// What the answers ask for, in neutral words.
    pub remarks: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContractCheck {
    pub contract: ContractId,
    pub agency: String,
    /// Fiscal years of the record, or the year of the form's award date.
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

/// Contracts shown that only award records at home tell of.
const MOST_AT_HOME: usize = 20_000;

/// A file of a gigabyte holds half a million contracts at home of which nothing
/// can be said: these are counted past a number. Those with a form or a foreign
/// lead always have room.
struct Room {
    left: usize,
    not_detailed: u64,
}

impl Room {
    fn has(&mut self, policy: &ContractorPolicy, contract: &ContractFile<'_>) -> bool {
        let abroad = contract.award.is_some_and(|award| {
            let places = award.performed_in.iter().chain(&award.origin);
            places
                .into_iter()
                .any(|country| !policy.is_united_states(*country))
        });
        if contract.disclosure.is_some() || abroad {
            return true;
        }
        if let Some(left) = self.left.checked_sub(1) {
            self.left = left;
            return true;
        }
        self.not_detailed += 1;
        false
    }
}

const READING: [&str; 4] = [
    "FAR 52.222-50 and 52.222-56 are not captured by the SAM.gov Entity API: a plan or certificate that is not located may well exist.",
    "Certificates go to the contracting officer and are normally not public; posting has an exception. NOT_LOCATED says nothing about compliance.",
    "A contradiction is two documents that disagree. Until a person has confirmed it and the contractor was heard it counts nothing.",
    "Whether a plan is required is never inferred from an award's total or its place of performance: these are leads.",
];

/// Checks everything in the dossier. Pure: the same dossier, documents, policy
/// and day give the same report.
pub fn check_contractors(
    policy: &ContractorPolicy,
    dossier: &Dossier,
    documents: &Documents,
    as_of: NaiveDate,
) -> ContractorReport {
    let files = dossier.contractors();
    let stated: Vec<&ContractorFile> = files
        .iter()
        .copied()
        .filter(|file| !file.disclosures.is_empty())
        .collect();
    // With one contractor there is no question whose documents these are.
    let only = match (files.as_slice(), stated.as_slice()) {
        ([only], _) | (_, [only]) => Some(only.identity.clone()),
        _ => None,
    };
    let names = name_index(&files);
    let mut used = Vec::new();
    let mut room = Room {
        left: MOST_AT_HOME,
        not_detailed: 0,
    };
    let contractors = files
        .iter()
        .map(|file| {
            let sole = only.as_ref() == Some(&file.identity);
            contractor(
                policy, dossier, &files, &names, file, documents, sole, &mut used, &mut room, as_of,
            )
        })
        .collect();
    let all = documents.plans.keys().chain(documents.statements.keys());
    let unassigned = all.filter(|name| !used.contains(*name)).cloned().collect();
    ContractorReport {
        as_of,
        policy: policy.identity.clone(),
        records: dossier.tally,
        contractors,
        not_detailed: room.not_detailed,
        unassigned_documents: unassigned,
        reading: READING.map(str::to_owned).to_vec(),
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "one caller; each is a thing of its own"
)]
fn contractor(
    policy: &ContractorPolicy,
    dossier: &Dossier,
    files: &[&ContractorFile],
    names: &Index,
    file: &ContractorFile,
    documents: &Documents,
    sole: bool,
    used: &mut Vec<String>,
    room: &mut Room,
    as_of: NaiveDate,
) -> ContractorCheck {
    let mut records = file.records.clone();
    records.extend(
        dossier
            .exclusions_of(&file.identity)
            .filter(|exclusion| !exclusion.person)
            .map(as_record),
    );
    records.sort_by(|one, other| (!one.trafficking, one).cmp(&(!other.trafficking, other)));
    records.dedup();
    let entity = file.entity.as_ref();
    let name = file.identity.name.as_str();
    let contracts = file
        .contracts()
        .iter()
        .filter(|(_, contract)| room.has(policy, contract))
        .map(|(id, contract)| {
            let plan = document(&documents.plans, contract, sole, |one| {
                one.plan.as_ref()?.located_at.clone()
            });
            let statement = document(&documents.statements, contract, sole, |one| {
                one.statement_at.clone()
            });
            used.extend(plan.iter().map(|(name, _)| (*name).clone()));
            used.extend(statement.iter().map(|(name, _)| (*name).clone()));
            one_contract(
                policy,
                name,
                id,
                contract,
                &records,
                plan.map(|(_, plan)| plan),
                statement.map(|(name, statement)| (name.as_str(), statement)),
                &dossier.reviews,
                as_of,
            )
        })
        .collect();
    ContractorCheck {
        as_of,
        contractor: file.identity.clone(),
        opted_out: entity.is_some_and(|entity| entity.opted_out),
        leads: leads(files, names, file),
        records: records
            .into_iter()
            .map(|record| RecordFound::new(record, &file.identity, &dossier.reviews, as_of))
            .collect(),
        child_labor: child_labor(file),
        end_products: entity
            .map(|entity| entity.end_products.clone())
            .unwrap_or_default(),
        contracts,
    }
}

/// The document that the form names, or the only one there is for the only
/// contractor.
fn document<'a, T>(
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
fn one_contract(
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
            .map(|day| chrono::Datelike::year(&day))
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

fn child_labor(file: &ContractorFile) -> ChildLabor {
    let Some(entity) = &file.entity else {
        return ChildLabor::default();
    };
    let yes = |answers: &[RegistrantAnswer], wanted| {
        answers.iter().any(|answer| answer.yes == Some(wanted))
    };
    let mut remarks = Vec::new();
    if yes(&entity.delivers_listed_products, true) {
        remarks.push(if yes(&entity.unaware_after_good_faith, true) {
            "delivers products listed under EO 13126 and certifies a good-faith effort and no knowledge of child labor (FAR 52.222-18(c)(2)); listing is an alert, not a bar".to_owned()
        } else if yes(&entity.unaware_after_good_faith, false) {
            "delivers products listed under EO 13126 and answers no to the good-faith certification (FAR 52.222-18(c)(2)): ask what was found".to_owned()
        } else {
            "delivers products listed under EO 13126; no answer on good-faith effort is shown (FAR 52.222-18(c)(2))".to_owned()
        });
    }
    ChildLabor {
        delivers_listed_products: entity.delivers_listed_products.clone(),
        unaware_after_good_faith: entity.unaware_after_good_faith.clone(),
        remarks,
    }
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

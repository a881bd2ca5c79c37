//! Everything about every contractor of the files given, on one day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    contract_check::{ContractCheck, document, one_contract},
    dossier::{
        ContractFile, ContractorFile, Dossier, ExclusionsByIdentifier, Tally, as_record,
        identifiers,
    },
    ingest::{Answer as RegistrantAnswer, EndProduct},
    leads::{Lead, leads, name_index},
    party::Identity,
    plan::PlanReading,
    policy::{ContractorPolicy, PolicyIdentity},
    record_found::RecordFound,
};
use crate::{disclosures::statement::StatementReading, screening::Index};

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
    /// Contractors of which nothing else is known.
    pub contractors_not_detailed: u64,
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

/// Answers under FAR 22.15 (52.222-18, 52.212-3(i)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ChildLabor {
    pub delivers_listed_products: Vec<RegistrantAnswer>,
    pub unaware_after_good_faith: Vec<RegistrantAnswer>,
    /// What the answers ask for, in neutral words.
    pub remarks: Vec<String>,
}

/// Contracts shown that only award records at home tell of.
const MOST_AT_HOME: usize = 20_000;

/// A file of a gigabyte holds half a million contracts at home of which nothing
/// can be said: these are counted past a number. Those with a form or a foreign
/// lead always have room.
#[derive(Default)]
struct Room {
    left: usize,
    not_detailed: u64,
    contractors_not_detailed: u64,
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
    let shared = Shared {
        policy,
        dossier,
        names: name_index(&files),
        files: &files,
        exclusions: dossier.exclusions_by_identifier(),
        documents,
        as_of,
    };
    let mut used = Vec::new();
    let mut room = Room {
        left: MOST_AT_HOME,
        ..Room::default()
    };
    let contractors = files
        .iter()
        .filter_map(|file| {
            let sole = only.as_ref() == Some(&file.identity);
            contractor(&shared, file, sole, &mut used, &mut room)
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
        contractors_not_detailed: room.contractors_not_detailed,
        unassigned_documents: unassigned,
        reading: READING.map(str::to_owned).to_vec(),
    }
}

/// What every contractor is held against.
struct Shared<'a> {
    policy: &'a ContractorPolicy,
    dossier: &'a Dossier,
    files: &'a [&'a ContractorFile],
    names: Index,
    exclusions: ExclusionsByIdentifier<'a>,
    documents: &'a Documents,
    as_of: NaiveDate,
}

/// `None` where nothing is known of it but contracts that are only counted.
fn contractor(
    shared: &Shared<'_>,
    file: &ContractorFile,
    sole: bool,
    used: &mut Vec<String>,
    room: &mut Room,
) -> Option<ContractorCheck> {
    let Shared {
        policy,
        dossier,
        documents,
        as_of,
        ..
    } = *shared;
    let mut records = file.records.clone();
    records.extend(
        identifiers(&file.identity)
            .filter_map(|key| shared.exclusions.get(&key))
            .flatten()
            .map(|exclusion| as_record(exclusion)),
    );
    records.sort_by(|one, other| (!one.trafficking, one).cmp(&(!other.trafficking, other)));
    records.dedup();
    let entity = file.entity.as_ref();
    let name = file.identity.name.as_str();
    let known = file.contracts();
    let contracts: Vec<ContractCheck> = known
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
    if contracts.is_empty() && !known.is_empty() && records.is_empty() && entity.is_none() {
        room.contractors_not_detailed += 1;
        return None;
    }
    let mut found = records
        .into_iter()
        .map(|record| RecordFound::new(record, &file.identity, &dossier.reviews, as_of))
        .collect();
    RecordFound::once(&mut found);
    Some(ContractorCheck {
        as_of,
        contractor: file.identity.clone(),
        opted_out: entity.is_some_and(|entity| entity.opted_out),
        leads: leads(shared.files, &shared.names, file),
        records: found,
        child_labor: child_labor(file),
        end_products: entity
            .map(|entity| entity.end_products.clone())
            .unwrap_or_default(),
        contracts,
    })
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

//! The advocate's table: a row a contract, a citation beside every cell.

use serde::{Deserialize, Serialize};

use super::{
    check::{ContractorCheck, ContractorReport},
    contract_check::ContractCheck,
    contradiction::{Contradiction, Standing},
    status::DisclosureStatus,
};

/// One contract that is not located, stale, contradictory or otherwise open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRow {
    pub agency: String,
    pub agency_citation: String,
    pub contractor: String,
    pub identifiers: String,
    pub contractor_citation: String,
    pub contract: String,
    pub contract_citation: String,
    pub year: String,
    pub year_citation: String,
    pub status: String,
    /// Neutral words for the status.
    pub says: String,
    pub status_citation: String,
    pub plan_required: String,
    pub arithmetic: String,
    pub plan_required_citation: String,
    pub missing: String,
    pub missing_citation: String,
    pub contradictions: String,
    pub contradictions_citation: String,
    pub leads: String,
    pub leads_citation: String,
}

/// Column titles with a width in characters; cells and their citations in turn.
pub const REPORT_COLUMNS: [(&str, u16); 21] = [
    ("agency", 26),
    ("agency: source", 28),
    ("contractor", 32),
    ("identifiers", 26),
    ("contractor: source", 28),
    ("contract", 26),
    ("contract: source", 28),
    ("fiscal year", 8),
    ("fiscal year: source", 28),
    ("status", 20),
    ("what was found", 60),
    ("status: citation", 40),
    ("plan required", 20),
    ("arithmetic", 44),
    ("plan required: citation", 44),
    ("not found", 34),
    ("not found: citation", 40),
    ("contradictions", 60),
    ("contradictions: citation", 40),
    ("leads", 50),
    ("leads: source", 28),
];

impl ReportRow {
    /// In the order of [`REPORT_COLUMNS`].
    pub fn cells(&self) -> [&str; 21] {
        [
            &self.agency,
            &self.agency_citation,
            &self.contractor,
            &self.identifiers,
            &self.contractor_citation,
            &self.contract,
            &self.contract_citation,
            &self.year,
            &self.year_citation,
            &self.status,
            &self.says,
            &self.status_citation,
            &self.plan_required,
            &self.arithmetic,
            &self.plan_required_citation,
            &self.missing,
            &self.missing_citation,
            &self.contradictions,
            &self.contradictions_citation,
            &self.leads,
            &self.leads_citation,
        ]
    }
}

/// What an advocate asks about: a row a contract and year, sorted by agency,
/// contractor, contract and fiscal year. `all` also gives contracts whose answer is
/// not required, complete or undetermined.
pub fn report_rows(report: &ContractorReport, all: bool) -> Vec<ReportRow> {
    let mut rows = Vec::new();
    for contractor in &report.contractors {
        for contract in &contractor.contracts {
            if !all && !is_open(contract) {
                continue;
            }
            if contract.years.is_empty() {
                rows.push(row(contractor, contract, None));
            }
            for year in &contract.years {
                rows.push(row(contractor, contract, Some(*year)));
            }
        }
    }
    // Publishers write an agency in capitals, forms do not.
    rows.sort_by_cached_key(|row| {
        (
            row.agency.to_lowercase(),
            row.contractor.clone(),
            row.contract.clone(),
            row.year.clone(),
        )
    });
    rows
}

/// Contracts that [`report_rows`] leaves out without `all`, by status.
pub fn left_out(report: &ContractorReport) -> Vec<(DisclosureStatus, usize)> {
    let contracts = || report.contractors.iter().flat_map(|one| &one.contracts);
    DisclosureStatus::ALL
        .into_iter()
        .map(|status| {
            let quiet = contracts().filter(|one| one.is(status) && !is_open(one));
            (status, quiet.count())
        })
        .filter(|(_, count)| *count > 0)
        .collect()
}

fn is_open(contract: &ContractCheck) -> bool {
    matches!(
        contract.status.status,
        DisclosureStatus::Contradictory
            | DisclosureStatus::RequiredMissing
            | DisclosureStatus::NotLocated
            | DisclosureStatus::Incomplete
            | DisclosureStatus::Stale
    ) || !contract.contradictions.is_empty()
}

fn row(contractor: &ContractorCheck, contract: &ContractCheck, year: Option<i32>) -> ReportRow {
    let award = contract
        .award
        .as_ref()
        .map(|award| award.sources.join("; "))
        .unwrap_or_default();
    let form = contract.disclosure.as_ref().map(|form| form.source.clone());
    let record = joined(
        [award.clone(), form.unwrap_or_default()]
            .into_iter()
            .filter(|source| !source.is_empty()),
    );
    let from_award = if award.is_empty() {
        record.clone()
    } else {
        award.clone()
    };
    let identity = &contractor.contractor;
    let identifiers = [
        identity.uei.as_ref().map(|uei| format!("UEI {uei}")),
        identity.cage.as_ref().map(|cage| format!("CAGE {cage}")),
        identity.duns.as_ref().map(|duns| format!("DUNS {duns}")),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join("; ");
    let missing: Vec<&super::status::Reason> = if contract.is(DisclosureStatus::Incomplete) {
        contract
            .status
            .reasons
            .iter()
            .take(contract.status.missing.len())
            .collect()
    } else {
        Vec::new()
    };
    ReportRow {
        agency: contract.agency.clone(),
        agency_citation: from_award.clone(),
        contractor: identity.name.clone(),
        identifiers,
        contractor_citation: record.clone(),
        contract: contract.contract.to_string(),
        contract_citation: record.clone(),
        year: year.map(|year| year.to_string()).unwrap_or_default(),
        year_citation: if year.is_some() {
            from_award
        } else {
            String::new()
        },
        status: contract.status.status.as_str().to_owned(),
        says: contract
            .status
            .reasons
            .first()
            .map(|reason| reason.says.clone())
            .unwrap_or_default(),
        status_citation: contract
            .status
            .reasons
            .first()
            .map(cited)
            .unwrap_or_default(),
        plan_required: contract.requirement.answer.as_str().to_owned(),
        arithmetic: contract.requirement.arithmetic.shown.clone(),
        plan_required_citation: contract.requirement.citations.join("; "),
        missing: contract.status.missing.join("; "),
        missing_citation: joined(missing.into_iter().map(cited)),
        contradictions: joined(contract.contradictions.iter().map(in_words)),
        contradictions_citation: joined(contract.contradictions.iter().map(|one| {
            let sources = joined(one.documents.iter().map(|document| document.source.clone()));
            format!("{} [{sources}]", one.citation)
        })),
        leads: contract.requirement.leads.join("; "),
        leads_citation: if contract.requirement.leads.is_empty() {
            String::new()
        } else {
            award
        },
    }
}

fn cited(reason: &super::status::Reason) -> String {
    format!("{} [{}]", reason.citation, reason.source)
}

/// "pending" stands first: nobody has confirmed it.
fn in_words(contradiction: &Contradiction) -> String {
    let standing = match &contradiction.standing {
        Standing::Pending => "not confirmed",
        Standing::Confirmed(_) => "confirmed by review",
        Standing::Dismissed(_) => "dismissed by review",
    };
    let documents = joined(contradiction.documents.iter().map(|document| {
        let dated = document
            .dated
            .map(|day| format!(" of {day}"))
            .unwrap_or_default();
        format!("{}{dated}: {}", document.document, document.says)
    }));
    format!(
        "{standing} ({}): {}: {documents}",
        contradiction.id, contradiction.says
    )
}

fn joined(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join("; ")
}

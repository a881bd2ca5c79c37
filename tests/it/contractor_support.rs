//! Contractor files read and checked in memory.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use plimsoll::disclosures::{
    contractor::{
        CONTRACTOR_POLICY, ContractCheck, ContractorPolicy, ContractorReport, Documents, Dossier,
        Taken, check_contractors,
        ingest::{Event, FileSummary, NotRead, Notice, Record, read},
        plan::{PLAN_RULES, PlanRules, check_plan},
    },
    statement::{Document, Law, OtherStatements, SB_657, check},
};

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn policy() -> ContractorPolicy {
    ContractorPolicy::parse(CONTRACTOR_POLICY).unwrap()
}

/// Everything that reading a file gives.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) summary: FileSummary,
    pub(crate) records: Vec<Record>,
    pub(crate) not_read: Vec<NotRead>,
    pub(crate) notices: Vec<Notice>,
}

pub(crate) fn heard(bytes: &[u8]) -> Heard {
    let (mut records, mut not_read, mut notices) = (Vec::new(), Vec::new(), Vec::new());
    let summary = read(&policy(), "file", bytes, &mut |event| match event {
        Event::Record(_, record) => records.push(*record),
        Event::NotRead(one) => not_read.push(one),
        Event::Notice(one) => notices.push(one),
    })
    .unwrap();
    assert_eq!(summary.read, records.len() as u64);
    assert_eq!(summary.not_read, not_read.len() as u64);
    assert_eq!(summary.notices, notices.len() as u64);
    Heard {
        summary,
        records,
        not_read,
        notices,
    }
}

/// Files through the whole check.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    pub(crate) dossier: Dossier,
    pub(crate) documents: Documents,
    pub(crate) duplicates: u32,
}

impl Desk {
    pub(crate) fn file(&mut self, bytes: &[u8]) -> &mut Self {
        read(&policy(), "file", bytes, &mut |event| {
            self.duplicates += u32::from(self.dossier.take(event) == Taken::Duplicate);
        })
        .unwrap();
        self
    }

    /// A row of the form, as JSON.
    pub(crate) fn form(&mut self, cells: &[(&str, &str)]) -> &mut Self {
        let row: BTreeMap<&str, &str> = cells.iter().copied().collect();
        self.file(
            serde_json::json!({"plimsoll_disclosures": [row]})
                .to_string()
                .as_bytes(),
        )
    }

    pub(crate) fn plan(&mut self, name: &str, bytes: &[u8]) -> &mut Self {
        let rules = PlanRules::parse(PLAN_RULES).unwrap();
        let reading = check_plan(&rules, name, bytes, day("2026-11-21"));
        self.documents.plans.insert(name.to_owned(), reading);
        self
    }

    pub(crate) fn statement(&mut self, name: &str, text: &str) -> &mut Self {
        let law = Law::parse(SB_657).unwrap();
        let document = Document::read(text.as_bytes());
        let reading = check(
            &law,
            document.as_ref(),
            &OtherStatements::default(),
            day("2026-11-21"),
        );
        self.documents.statements.insert(name.to_owned(), reading);
        self
    }

    pub(crate) fn report(&self, as_of: &str) -> ContractorReport {
        check_contractors(&policy(), &self.dossier, &self.documents, day(as_of))
    }

    /// The only contract of the only contractor.
    pub(crate) fn contract(&self, as_of: &str) -> ContractCheck {
        let report = self.report(as_of);
        assert_eq!(report.contractors.len(), 1, "{:#?}", report.contractors);
        report.contractors[0].contracts[0].clone()
    }
}

pub(crate) const PLAN: &str = include_str!("../../fixtures/contractors/plan_full.txt");
pub(crate) const THIN_PLAN: &str = include_str!("../../fixtures/contractors/plan_thin.txt");

/// A contract that needs a plan, with everything in order on 2026-06-01.
pub(crate) fn in_order() -> Vec<(&'static str, &'static str)> {
    vec![
        ("legal_name", "Example Base Services LLC"),
        ("uei", "J58ME6A75BU9"),
        ("agency", "Department of Examples"),
        ("piid", "EX0001-26-C-0001"),
        ("awarded_on", "2026-01-20"),
        ("contract_type", "definite"),
        ("clause_date", "OCT 2025"),
        ("supplies_value", "0"),
        ("services_place", "outside"),
        ("services_value", "12000000"),
        ("plan_date", "2026-01-12"),
        ("plan_elements", "i; ii; iii; iv; v"),
        ("certificates", "2026-01-15:A"),
        ("posted_workplace", "2026-01-20"),
        ("posted_website", "2026-01-20"),
        ("subcontractors_covered", "0"),
        ("source", "example"),
    ]
}

/// The same with some cells changed; an empty one is taken out.
pub(crate) fn with(changes: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut cells = in_order();
    for (name, value) in changes {
        cells.retain(|(known, _)| known != name);
        if !value.is_empty() {
            cells.push((name, value));
        }
    }
    cells
}

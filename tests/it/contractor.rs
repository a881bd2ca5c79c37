//! Disclosure status, leads, the advocate's table.

use std::io::Cursor;

use plimsoll::{
    disclosures::contractor::{DisclosureStatus, Lead, report_rows, request_letter},
    report::{contractor_csv, contractor_xlsx},
};

use crate::contractor_support::{Desk, PLAN, THIN_PLAN, day, in_order, with};

const FORM: &[u8] = include_bytes!("../../fixtures/contractors/disclosures.csv");
const ENTITY: &[u8] = include_bytes!("../../fixtures/contractors/entity.json");
const AWARDS: &[u8] = include_bytes!("../../fixtures/contractors/awards.json");

/// Case, changed cells, day, status, ids of what is missing.
type StatusCase = (
    &'static str,
    Vec<(&'static str, &'static str)>,
    &'static str,
    DisclosureStatus,
    &'static [&'static str],
);

#[test]
fn every_status_is_reached_by_its_facts() {
    let today = "2026-06-01";
    let none: &[(&'static str, &'static str)] = &[
        ("plan_date", ""),
        ("plan_elements", ""),
        ("certificates", ""),
        ("posted_workplace", ""),
        ("posted_website", ""),
        ("subcontractors_covered", ""),
    ];
    let none_and = |more: &[(&'static str, &'static str)]| [none, more].concat();
    let cases: Vec<StatusCase> = vec![
        ("in order", vec![], today, DisclosureStatus::Complete, &[]),
        (
            "nothing given",
            none.to_vec(),
            today,
            DisclosureStatus::NotLocated,
            &[],
        ),
        (
            "asked, deadline passed",
            none_and(&[
                ("requested_by", "contracting_officer"),
                ("requested_on", "2026-03-01"),
                ("request_deadline", "2026-04-01"),
            ]),
            today,
            DisclosureStatus::RequiredMissing,
            &[],
        ),
        (
            "asked by us, deadline passed",
            none_and(&[
                ("requested_by", "us"),
                ("requested_on", "2026-03-01"),
                ("request_deadline", "2026-04-01"),
            ]),
            today,
            DisclosureStatus::NotLocated,
            &[],
        ),
        (
            "asked by another, deadline passed",
            none_and(&[
                ("requested_by", "other"),
                ("requested_on", "2026-03-01"),
                ("request_deadline", "2026-04-01"),
            ]),
            today,
            DisclosureStatus::NotLocated,
            &[],
        ),
        (
            "asked by nobody knows whom, deadline passed",
            none_and(&[
                ("requested_by", ""),
                ("requested_on", "2026-03-01"),
                ("request_deadline", "2026-04-01"),
            ]),
            today,
            DisclosureStatus::NotLocated,
            &[],
        ),
        (
            "the second request was answered, not the first",
            none_and(&[
                ("requested_by", "contracting_officer; contracting_officer"),
                ("requested_on", "2026-03-01; 2026-03-02"),
                ("request_deadline", "2026-04-01; 2026-04-01"),
                ("answered_on", ";2026-04-01"),
            ]),
            today,
            DisclosureStatus::RequiredMissing,
            &[],
        ),
        (
            "asked, deadline today",
            none_and(&[
                ("requested_by", "contracting_officer"),
                ("requested_on", "2026-03-01"),
                ("request_deadline", "2026-06-01"),
            ]),
            today,
            DisclosureStatus::NotLocated,
            &[],
        ),
        (
            "asked without a deadline",
            none_and(&[
                ("requested_by", "contracting_officer"),
                ("requested_on", "2026-03-01"),
            ]),
            today,
            DisclosureStatus::NotLocated,
            &[],
        ),
        (
            "asked and answered",
            none_and(&[
                ("requested_by", "contracting_officer"),
                ("requested_on", "2026-03-01"),
                ("request_deadline", "2026-04-01"),
                ("answered_on", "2026-05-01"),
            ]),
            today,
            DisclosureStatus::NotLocated,
            &[],
        ),
        (
            "an element missing",
            vec![("plan_elements", "i; ii; iv; v")],
            today,
            DisclosureStatus::Incomplete,
            &["h3iii"],
        ),
        (
            "housing said not to apply",
            vec![("plan_elements", "i; ii; iii; iv:na; v")],
            today,
            DisclosureStatus::Complete,
            &[],
        ),
        (
            "no certificate",
            vec![("certificates", "")],
            today,
            DisclosureStatus::Incomplete,
            &["certificate"],
        ),
        (
            "posted on the website only",
            vec![("posted_workplace", "")],
            today,
            DisclosureStatus::Incomplete,
            &["posting"],
        ),
        (
            "given in writing instead",
            vec![
                ("posted_workplace", ""),
                ("posted_website", ""),
                ("given_in_writing", "2026-01-20"),
            ],
            today,
            DisclosureStatus::Complete,
            &[],
        ),
        (
            "a subcontractor without certificate",
            vec![
                ("subcontractors_covered", "2"),
                ("subcontractors_certified", "1"),
            ],
            today,
            DisclosureStatus::Incomplete,
            &["subcontractor_certificates"],
        ),
        (
            "nothing said of subcontractors",
            vec![("subcontractors_covered", "")],
            today,
            DisclosureStatus::Incomplete,
            &["subcontractor_certificates"],
        ),
        (
            "a year and 30 days",
            vec![],
            "2027-02-14",
            DisclosureStatus::Complete,
            &[],
        ),
        (
            "a year and 31 days",
            vec![],
            "2027-02-15",
            DisclosureStatus::Stale,
            &[],
        ),
        (
            "the plan is older than the recruiter",
            vec![("recruiter_changed_on", "2026-03-01")],
            today,
            DisclosureStatus::Stale,
            &[],
        ),
        (
            "a change still to come",
            vec![("recruiter_changed_on", "2026-07-01")],
            today,
            DisclosureStatus::Complete,
            &[],
        ),
        (
            "portion below the threshold",
            vec![("services_value", "650000")],
            today,
            DisclosureStatus::NotRequired,
            &[],
        ),
        (
            "portion not known",
            vec![("services_value", "unknown")],
            today,
            DisclosureStatus::Undetermined,
            &[],
        ),
        (
            "ambiguous aggregation",
            vec![
                ("services_value", "400000"),
                ("supplies_place", "outside"),
                ("supplies_cots", "no"),
                ("supplies_value", "400000"),
            ],
            today,
            DisclosureStatus::Undetermined,
            &[],
        ),
    ];
    for (case, changes, as_of, status, missing) in cases {
        let mut desk = Desk::default();
        let contract = desk.form(&with(&changes)).contract(as_of);
        assert_eq!(
            contract.status.status, status,
            "{case}: {:#?}",
            contract.status
        );
        assert_eq!(contract.status.missing, missing, "{case}");
        if case.contains("second request") {
            assert!(contract.status.reasons[0].says.contains("on 2026-03-01"));
        }
        if case.starts_with("asked by") {
            assert!(
                contract.status.reasons[1]
                    .says
                    .contains("no answer is on record")
            );
        }
        assert!(
            contract
                .status
                .reasons
                .iter()
                .all(|reason| !reason.citation.is_empty() && !reason.source.is_empty()),
            "{case}"
        );
    }
}

#[test]
fn neutral_words_only() {
    let mut desk = Desk::default();
    let cells = with(&[
        ("plan_date", ""),
        ("plan_elements", ""),
        ("certificates", ""),
        ("searched_on", "2026-05-01"),
        ("searched_at", "website"),
    ]);
    let contract = desk.form(&cells).contract("2026-06-01");
    assert_eq!(contract.status.status, DisclosureStatus::NotLocated);
    assert!(
        contract.status.reasons[0]
            .says
            .starts_with("no public plan located on 2026-05-01 (website); one may exist")
    );
    let mut all = Desk::default();
    all.file(FORM)
        .file(ENTITY)
        .file(AWARDS)
        .plan("plan_full.txt", PLAN.as_bytes())
        .plan("plan_thin.txt", THIN_PLAN.as_bytes());
    let report = all.report("2026-11-21");
    let mut said = serde_json::to_string(&report).unwrap();
    for contractor in &report.contractors {
        said.extend(request_letter(contractor, day("2026-11-21")));
    }
    let said = said
        .to_lowercase()
        .replace("not_located says nothing about compliance", "");
    for word in [
        "non-compliant",
        "noncompliant",
        "violator",
        "violated",
        "guilty",
        "illegal",
        "clean record",
        "offender",
    ] {
        assert!(!said.contains(word), "{word}");
    }
}

#[test]
fn parents_and_names_alike_are_leads_and_never_merged() {
    let mut desk = Desk::default();
    desk.file(ENTITY).file(AWARDS);
    desk.form(&with(&[
        ("uei", ""),
        ("piid", "EX0009"),
        ("legal_name", "Example Base Service L.L.C."),
    ]));
    let report = desk.report("2026-11-21");
    let names: Vec<&str> = report
        .contractors
        .iter()
        .map(|one| one.contractor.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "Example Base Service L.L.C.",
            "Example Base Services LLC",
            "Sample Logistics Inc."
        ]
    );
    let by_name = &report.contractors[0];
    assert!(
        by_name.leads.iter().any(
            |lead| matches!(lead, Lead::NameAlike { uei: Some(uei), .. } if uei == "J58ME6A75BU9")
        ),
        "{:?}",
        by_name.leads
    );
    let known = &report.contractors[1];
    assert!(known.leads.iter().any(
        |lead| matches!(lead, Lead::Relative(relative) if relative.name == "Example Holding AG")
    ));
    assert_eq!(known.contracts.len(), 1, "the award stays with its UEI");
    assert!(report.contractors[2].opted_out);
}

#[test]
fn awards_alone_never_decide_and_duplicates_count_once() {
    let mut desk = Desk::default();
    desk.file(AWARDS);
    assert_eq!(desk.duplicates, 1);
    let contract = desk.contract("2026-11-21");
    assert_eq!(contract.status.status, DisclosureStatus::Undetermined);
    assert_eq!(contract.requirement.answer.as_str(), "UNDETERMINED");
    let award = contract.award.unwrap();
    assert_eq!(
        (award.transactions, award.obligated.to_string().as_str()),
        (2, "3,749,999.50")
    );
    assert!(
        contract
            .requirement
            .leads
            .iter()
            .any(|lead| lead.contains("Kuwait"))
    );
    // The same file twice changes nothing.
    desk.file(AWARDS);
    assert_eq!(desk.duplicates, 4);
    assert_eq!(
        desk.contract("2026-11-21")
            .award
            .unwrap()
            .obligated
            .to_string(),
        "3,749,999.50"
    );
}

#[test]
fn the_end_of_an_exclusion_is_said() {
    for (end, said) in [
        ("01/02/2025", Some(", over since 2025-01-02")),
        ("06/01/2026", Some(", until 2026-06-01")),
        ("Indefinite", None),
    ] {
        let csv = format!(
            "\"Classification\",\"Name\",\"Unique Entity ID\",\"Exclusion Program\",\"Excluding Agency\",\"CT Code\",\"Exclusion Type\",\"Active Date\",\"Termination Date\",\"CAGE\"\n\
             \"Firm\",\"Example Base Services LLC\",\"\",\"Reciprocal\",\"AF\",\"A\",\"Ineligible\",\"01/02/2020\",\"{end}\",\"0AAA0\"\n"
        );
        let mut desk = Desk::default();
        desk.form(&with(&[("cage", "0AAA0")])).file(csv.as_bytes());
        let report = desk.report("2026-06-01");
        let title = &report.contractors[0].records[0].record.title;
        match said {
            Some(said) => assert!(title.ends_with(said), "{title}"),
            None => assert!(title.ends_with(')'), "{title}"),
        }
    }
}

#[test]
fn a_total_on_record_is_no_ceiling() {
    let vehicle = |total: &str| {
        serde_json::json!({"awardSummary": [{"contractId": {"piid": "EX0001-26-C-0001"},
            "coreData": {"awardOrIDV": "IDV"},
            "awardDetails": {"totalContractDollars": {"totalBaseAndAllOptionsValue": total},
                "awardeeData": {"awardeeUEIInformation": {"uniqueEntityId": "J58ME6A75BU9"}}}}]})
        .to_string()
    };
    for total in ["0", "600000", "90000000"] {
        for value in ["whole", "unknown"] {
            let mut desk = Desk::default();
            desk.form(&with(&[("contract_type", ""), ("services_value", value)]))
                .file(vehicle(total).as_bytes());
            let contract = desk.contract("2026-06-01");
            assert_eq!(
                contract.requirement.answer.as_str(),
                "UNDETERMINED",
                "{total}, {value}"
            );
        }
    }
}

#[test]
fn the_table_has_a_citation_beside_every_cell() {
    let mut desk = Desk::default();
    desk.file(FORM)
        .file(ENTITY)
        .file(AWARDS)
        .plan("plan_full.txt", PLAN.as_bytes())
        .plan("plan_thin.txt", THIN_PLAN.as_bytes());
    let report = desk.report("2026-11-21");
    assert!(report.unassigned_documents.is_empty());
    let rows = report_rows(&report, false);
    let statuses: Vec<&str> = rows.iter().map(|row| row.status.as_str()).collect();
    for wanted in ["NOT_LOCATED", "STALE", "INCOMPLETE", "REQUIRED_MISSING"] {
        assert!(statuses.contains(&wanted), "{statuses:?}");
    }
    for row in report_rows(&report, true) {
        for (cell, citation) in [
            (&row.agency, &row.agency_citation),
            (&row.contractor, &row.contractor_citation),
            (&row.contract, &row.contract_citation),
            (&row.year, &row.year_citation),
            (&row.status, &row.status_citation),
            (&row.plan_required, &row.plan_required_citation),
            (&row.missing, &row.missing_citation),
            (&row.contradictions, &row.contradictions_citation),
            (&row.leads, &row.leads_citation),
        ] {
            assert_eq!(cell.is_empty(), citation.is_empty(), "{row:#?}");
        }
    }
    let mut csv = Vec::new();
    contractor_csv(&mut csv, &rows).unwrap();
    assert_eq!(
        String::from_utf8(csv)
            .unwrap()
            .lines()
            .next()
            .unwrap()
            .split(',')
            .count(),
        21
    );
    let mut book = Cursor::new(Vec::new());
    contractor_xlsx(&mut book, &report, &rows).unwrap();
    assert!(book.into_inner().starts_with(b"PK"));
}

#[test]
fn formulas_in_a_name_do_not_run() {
    let mut desk = Desk::default();
    desk.form(&with(&[
        ("legal_name", "=HYPERLINK(\"http://x\")"),
        ("certificates", ""),
    ]));
    let rows = report_rows(&desk.report("2026-06-01"), false);
    let mut csv = Vec::new();
    contractor_csv(&mut csv, &rows).unwrap();
    assert!(String::from_utf8(csv).unwrap().contains("'=HYPERLINK"));
}

#[test]
fn letters_ask_and_do_not_accuse() {
    let mut desk = Desk::default();
    desk.form(&with(&[
        ("claims_plan_required", "no"),
        ("certificates", ""),
    ]));
    let report = desk.report("2026-06-01");
    let letter = request_letter(&report.contractors[0], day("2026-06-01")).unwrap();
    assert!(letter.starts_with("DRAFT"));
    assert!(letter.contains("no certificate located on 2026-06-01"));
    assert!(letter.contains("how they go together"));
    let mut both = Desk::default();
    both.form(&with(&[
        ("services_value", "400000"),
        ("supplies_place", "outside"),
        ("supplies_cots", "no"),
        ("supplies_value", "400000"),
    ]));
    let letter = request_letter(&both.report("2026-06-01").contractors[0], day("2026-06-01"));
    let letter = letter.unwrap();
    for portion in ["value of the supplies", "value of the services"] {
        assert!(letter.contains(portion), "{letter}");
    }
    let mut quiet = Desk::default();
    quiet.form(&in_order());
    assert_eq!(
        request_letter(
            &quiet.report("2026-06-01").contractors[0],
            day("2026-06-01")
        ),
        None
    );
}

#[test]
fn the_same_files_in_any_order_give_the_same_report() {
    let mut one = Desk::default();
    one.file(FORM).file(ENTITY).file(AWARDS);
    let mut other = Desk::default();
    other.file(AWARDS).file(FORM).file(ENTITY);
    let bytes =
        |desk: &Desk| serde_json::to_string(&desk.report("2026-11-21").contractors).unwrap();
    assert_eq!(bytes(&one), bytes(&other));
}

#[test]
fn identifiers_tie_records_together_in_any_order() {
    let award = |piid: &str, uei: &str, cage: &str| {
        serde_json::json!({"awardSummary": [{"contractId": {"piid": piid}, "awardDetails": {"awardeeData": {
            "awardeeHeader": {"awardeeName": "Example"},
            "awardeeUEIInformation": {"uniqueEntityId": uei, "cageCode": cage}}}}]})
        .to_string()
    };
    let records = [
        award("A", "J58ME6A75BU9", ""),
        award("B", "", "0AAA0"),
        award("C", "J58ME6A75BU9", "0AAA0"),
    ];
    let mut seen = Vec::new();
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let mut desk = Desk::default();
        for at in order {
            desk.file(records[at].as_bytes());
        }
        let report = desk.report("2026-11-21");
        assert_eq!(report.contractors.len(), 1, "{order:?}");
        assert_eq!(report.contractors[0].contracts.len(), 3, "{order:?}");
        seen.push(serde_json::to_string(&report).unwrap());
    }
    seen.dedup();
    assert_eq!(seen.len(), 1);
    // One CAGE code with another UEI is another contractor.
    let mut desk = Desk::default();
    desk.file(records[2].as_bytes())
        .file(award("D", "H2XFNNKK2NZ9", "0AAA0").as_bytes());
    assert_eq!(desk.report("2026-11-21").contractors.len(), 2);
}

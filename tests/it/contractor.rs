//! Disclosure status, contradictions, plans, leads, the advocate's table.

use std::io::{Cursor, Write};

use plimsoll::{
    disclosures::{
        contractor::{
            ContradictionRule, DisclosureStatus, Element, Lead, Standing,
            plan::{ElementFound, PLAN_RULES, PlanReading, PlanRules, check_plan},
            report_rows, request_letter,
        },
        statement::ProblemKind,
    },
    report::{contractor_csv, contractor_xlsx},
};

use crate::contractor_support::{Desk, PLAN, THIN_PLAN, day, in_order, with};

const FORM: &[u8] = include_bytes!("../../fixtures/contractors/disclosures.csv");
const ENTITY: &[u8] = include_bytes!("../../fixtures/contractors/entity.json");
const AWARDS: &[u8] = include_bytes!("../../fixtures/contractors/awards.json");

#[test]
fn every_status_is_reached_by_its_facts() {
    let today = "2026-06-01";
    let none: &[(&str, &str)] = &[
        ("plan_date", ""),
        ("plan_elements", ""),
        ("certificates", ""),
        ("posted_workplace", ""),
        ("posted_website", ""),
        ("subcontractors_covered", ""),
    ];
    let none_and = |more: &[(&'static str, &'static str)]| [none, more].concat();
    let cases: Vec<(&str, Vec<(&str, &str)>, &str, DisclosureStatus, &[&str])> = vec![
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
                ("requested_on", "2026-03-01"),
                ("request_deadline", "2026-04-01"),
            ]),
            today,
            DisclosureStatus::RequiredMissing,
            &[],
        ),
        (
            "asked, deadline today",
            none_and(&[
                ("requested_on", "2026-03-01"),
                ("request_deadline", "2026-06-01"),
            ]),
            today,
            DisclosureStatus::NotLocated,
            &[],
        ),
        (
            "asked without a deadline",
            none_and(&[("requested_on", "2026-03-01")]),
            today,
            DisclosureStatus::NotLocated,
            &[],
        ),
        (
            "asked and answered",
            none_and(&[
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

/// Each rule with what makes it fire and the nearest thing that must not.
#[test]
fn every_contradiction_fires_and_does_not() {
    use ContradictionRule as Rule;
    type Cells = &'static [(&'static str, &'static str)];
    let record: Cells = &[
        ("record_state", "final_determination"),
        (
            "record_title",
            "Final determination on trafficking in persons",
        ),
        ("record_date", "2025-12-01"),
    ];
    let cases: Vec<(Rule, &str, Cells, bool)> = vec![
        (
            Rule::OptionAAgainstRecord,
            "a determination in the period",
            record,
            true,
        ),
        (
            Rule::OptionAAgainstRecord,
            "option B",
            &[
                ("certificates", "2026-01-15:B"),
                ("record_state", "final_determination"),
                ("record_title", "trafficking"),
                ("record_date", "2025-12-01"),
            ],
            false,
        ),
        (
            Rule::OptionAAgainstRecord,
            "before the period",
            &[
                ("record_state", "final_determination"),
                ("record_title", "trafficking"),
                ("record_date", "2025-01-15"),
            ],
            false,
        ),
        (
            Rule::OptionAAgainstRecord,
            "after the certificate",
            &[
                ("record_state", "final_determination"),
                ("record_title", "trafficking"),
                ("record_date", "2026-01-16"),
            ],
            false,
        ),
        (
            Rule::OptionAAgainstRecord,
            "an allegation is no finding",
            &[
                ("record_state", "allegation"),
                ("record_title", "trafficking"),
                ("record_date", "2025-12-01"),
            ],
            false,
        ),
        (
            Rule::OptionAAgainstRecord,
            "about something else",
            &[
                ("record_state", "final_determination"),
                ("record_title", "Termination for cause"),
                ("record_date", "2025-12-01"),
            ],
            false,
        ),
        (
            Rule::NotRequiredAgainstPortion,
            "says no, above",
            &[("claims_plan_required", "no")],
            true,
        ),
        (
            Rule::NotRequiredAgainstPortion,
            "says yes",
            &[("claims_plan_required", "yes")],
            false,
        ),
        (
            Rule::NotRequiredAgainstPortion,
            "says no, below",
            &[("claims_plan_required", "no"), ("services_value", "100")],
            false,
        ),
        (
            Rule::NotRequiredAgainstPortion,
            "says no, not known",
            &[
                ("claims_plan_required", "no"),
                ("services_value", "unknown"),
            ],
            false,
        ),
        (
            Rule::NoHousingAgainstCampCode,
            "troop housing",
            &[("claims_housing", "no"), ("psc", "M1FC")],
            true,
        ),
        (
            Rule::NoHousingAgainstCampCode,
            "workers' camp",
            &[("claims_housing", "no"), ("naics", "721310")],
            true,
        ),
        (
            Rule::NoHousingAgainstCampCode,
            "another code",
            &[("claims_housing", "no"), ("psc", "S206")],
            false,
        ),
        (
            Rule::NoHousingAgainstCampCode,
            "says that it houses",
            &[("claims_housing", "yes"), ("psc", "M1FC")],
            false,
        ),
        (
            Rule::NoHousingAgainstCampCode,
            "says nothing",
            &[("psc", "M1FC")],
            false,
        ),
        (
            Rule::NoRecruitersAgainstBrokers,
            "brokers named",
            &[
                ("claims_recruiters", "no"),
                ("named_brokers", "Sample Manpower Pvt"),
            ],
            true,
        ),
        (
            Rule::NoRecruitersAgainstBrokers,
            "none named",
            &[("claims_recruiters", "no")],
            false,
        ),
        (
            Rule::NoRecruitersAgainstBrokers,
            "says that it uses them",
            &[
                ("claims_recruiters", "yes"),
                ("named_brokers", "Sample Manpower Pvt"),
            ],
            false,
        ),
        (
            Rule::PlanAfterCertificate,
            "a day later",
            &[("plan_date", "2026-01-16")],
            true,
        ),
        (
            Rule::PlanAfterCertificate,
            "the same day",
            &[("plan_date", "2026-01-15")],
            false,
        ),
        (
            Rule::PlanAfterCertificate,
            "certified again since",
            &[
                ("plan_date", "2026-01-16"),
                ("certificates", "2026-01-15:A; 2026-02-15:A"),
            ],
            false,
        ),
        (
            Rule::RelianceOnRepealedClause,
            "cited after the repeal",
            &[("cited_clauses", "DFARS 252.222-7007:2025-12-01")],
            true,
        ),
        (
            Rule::RelianceOnRepealedClause,
            "cited before",
            &[("cited_clauses", "DFARS 252.222-7007:2017-12-01")],
            false,
        ),
        (
            Rule::RelianceOnRepealedClause,
            "the day of the repeal",
            &[("cited_clauses", "252.222-7007:2018-05-30")],
            false,
        ),
        (
            Rule::RelianceOnRepealedClause,
            "another clause",
            &[("cited_clauses", "DFARS 252.225-7060:2025-12-01")],
            false,
        ),
        (
            Rule::ImpossibleClauseDate,
            "in the future",
            &[("clause_date", "DEC 2027")],
            true,
        ),
        (
            Rule::ImpossibleClauseDate,
            "before there was one",
            &[("clause_date", "JAN 2001")],
            true,
        ),
        (
            Rule::ImpossibleClauseDate,
            "later than the award",
            &[("clause_date", "OCT 2025"), ("awarded_on", "2024-01-20")],
            true,
        ),
        (
            Rule::ImpossibleClauseDate,
            "brought in by a modification",
            &[
                ("clause_date", "OCT 2025"),
                ("awarded_on", "2024-01-20"),
                ("clause_changed_on", "2025-11-01"),
            ],
            false,
        ),
        (
            Rule::ImpossibleClauseDate,
            "an older edition than the award's",
            &[("clause_date", "NOV 2021")],
            false,
        ),
        (
            Rule::ImpossibleClauseDate,
            "an edition we do not know",
            &[("clause_date", "JUL 2023")],
            false,
        ),
    ];
    for (rule, case, changes, fires) in &cases {
        let mut desk = Desk::default();
        let contract = desk.form(&with(changes)).contract("2026-06-01");
        let found: Vec<_> = contract
            .contradictions
            .iter()
            .filter(|one| one.rule == *rule)
            .collect();
        assert_eq!(
            !found.is_empty(),
            *fires,
            "{rule:?}, {case}: {:#?}",
            contract.contradictions
        );
        for one in found {
            assert!(
                one.documents.len() >= 2 && !one.citation.is_empty(),
                "{one:#?}"
            );
            assert!(
                one.documents
                    .iter()
                    .all(|document| !document.source.is_empty()),
                "{one:#?}"
            );
            assert_eq!(one.standing, Standing::Pending);
        }
    }
    // The eighth needs two documents; see the next test.
    for rule in Rule::ALL
        .into_iter()
        .filter(|rule| *rule != Rule::Sb657AgainstPlan)
    {
        assert!(
            cases
                .iter()
                .any(|(one, _, _, fires)| *one == rule && *fires)
        );
        assert!(
            cases
                .iter()
                .any(|(one, _, _, fires)| *one == rule && !*fires)
        );
    }
}

#[test]
fn a_california_statement_is_held_against_the_plan() {
    let denies = "California Transparency in Supply Chains Act\n\nWe do not audit our suppliers for compliance with our standards against human trafficking and slavery.\n\nWe do not provide training on human trafficking and slavery to our employees.";
    let agrees = "California Transparency in Supply Chains Act\n\nWe conduct unannounced independent audits of our suppliers to evaluate compliance with company standards against trafficking and slavery in our supply chains.\n\nWe train our employees on human trafficking and slavery.";
    for (statement, expected) in [(denies, 2), (agrees, 0)] {
        let mut desk = Desk::default();
        desk.form(&with(&[
            ("plan_at", "plan.txt"),
            ("statement_at", "statement.txt"),
        ]))
        .plan("plan.txt", PLAN.as_bytes())
        .statement("statement.txt", statement);
        let contract = desk.contract("2026-06-01");
        let found = contract
            .contradictions
            .iter()
            .filter(|one| one.rule == ContradictionRule::Sb657AgainstPlan)
            .count();
        assert_eq!(found, expected, "{:#?}", contract.contradictions);
    }
}

#[test]
fn a_contradiction_counts_once_a_person_has_confirmed_it() {
    let mut desk = Desk::default();
    desk.form(&with(&[("claims_plan_required", "no")]));
    let contract = desk.contract("2026-06-01");
    assert_eq!(contract.status.status, DisclosureStatus::Complete);
    assert_eq!(
        contract.status.if_confirmed,
        Some(DisclosureStatus::Contradictory)
    );
    let id = contract.contradictions[0].id.clone();
    let review = |decision: &str, on: &str, response: &str| {
        serde_json::json!({"plimsoll_reviews": [{"contradiction": id, "decision": decision, "reviewer": "compliance officer", "decided_on": on, "rationale": "read both", "contractor_response": response}]}).to_string()
    };
    // Nobody is held against it unheard.
    desk.file(review("confirmed", "2026-05-01", "").as_bytes());
    assert_eq!(
        desk.contract("2026-06-01").status.status,
        DisclosureStatus::Complete
    );
    desk.file(review("confirmed", "2026-05-02", "asked on 2026-04-01, no answer").as_bytes());
    let confirmed = desk.contract("2026-06-01");
    assert_eq!(confirmed.status.status, DisclosureStatus::Contradictory);
    assert!(confirmed.status.reasons[0].source.contains("example"));
    // The day before the decision it counted nothing.
    assert_eq!(
        desk.contract("2026-05-01").status.status,
        DisclosureStatus::Complete
    );
    desk.file(review("dismissed", "2026-05-03", "").as_bytes());
    assert_eq!(
        desk.contract("2026-06-01").status.status,
        DisclosureStatus::Complete
    );
}

fn plan(bytes: &[u8]) -> PlanReading {
    check_plan(
        &PlanRules::parse(PLAN_RULES).unwrap(),
        "plan",
        bytes,
        day("2026-06-01"),
    )
}

fn found(reading: &PlanReading, element: Element) -> ElementFound {
    reading
        .elements
        .iter()
        .find(|one| one.element == element)
        .unwrap()
        .found
}

#[test]
fn a_whole_plan_has_all_five_elements_with_their_words() {
    let reading = plan(PLAN.as_bytes());
    assert_eq!(reading.problem, None);
    for element in Element::ALL {
        assert_eq!(
            found(&reading, element),
            ElementFound::Found,
            "{reading:#?}"
        );
    }
    for part in reading
        .elements
        .iter()
        .flat_map(|element| &element.parts)
        .chain(&reading.clauses)
    {
        assert!(!part.quotes.is_empty(), "{}", part.part);
        for quote in &part.quotes {
            assert_eq!(PLAN.get(quote.start..quote.end), Some(quote.text.as_str()));
        }
    }
    assert!(reading.repealed_clause.is_empty());
}

#[test]
fn what_a_plan_leaves_out_is_not_found() {
    let without = |from: &str, to: &str| plan(PLAN.replace(from, to).as_bytes());
    let cases = [
        (
            "the hotline",
            without("1-844-888-FREE", "our hotline"),
            Element::Reporting,
            ElementFound::Partial,
        ),
        (
            "the e-mail",
            without("help@befree.org", "help@example.org"),
            Element::Reporting,
            ElementFound::Partial,
        ),
        (
            "retaliation",
            without(
                "We prohibit retaliation against anybody who reports or who takes part in an inquiry.",
                "",
            ),
            Element::Reporting,
            ElementFound::Partial,
        ),
        (
            "wages",
            without(
                "Wages meet the legal requirements of the host country, and any variance is explained in writing.",
                "",
            ),
            Element::RecruitmentAndWages,
            ElementFound::Partial,
        ),
        (
            "fees",
            without(
                "Neither we nor any recruiter may charge recruitment fees to employees or potential employees; a fee that was paid is reimbursed.",
                "",
            ),
            Element::RecruitmentAndWages,
            ElementFound::Partial,
        ),
        (
            "housing standards",
            without(
                "Housing meets the host country's housing and safety standards and is inspected every quarter.",
                "",
            ),
            Element::Housing,
            ElementFound::Partial,
        ),
        (
            "termination",
            without(
                "We terminate any agent, subcontract or subcontractor employee found to have engaged in trafficking.",
                "",
            ),
            Element::Agents,
            ElementFound::Partial,
        ),
    ];
    for (case, reading, element, expected) in cases {
        assert_eq!(found(&reading, element), expected, "{case}: {reading:#?}");
    }
    let silent = plan(PLAN.split("4. Housing").next().unwrap().as_bytes());
    assert_eq!(found(&silent, Element::Housing), ElementFound::NotFound);
    assert_eq!(found(&silent, Element::Agents), ElementFound::NotFound);
    let thin = plan(THIN_PLAN.as_bytes());
    assert_eq!(found(&thin, Element::Housing), ElementFound::NotApplicable);
    assert_eq!(found(&thin, Element::Agents), ElementFound::NotFound);
    assert_eq!(thin.repealed_clause.len(), 1);
}

#[test]
fn the_clause_copied_out_is_no_plan() {
    let copied = "FAR 52.222-50, Combating Trafficking in Persons\n\nMinimum requirements. The compliance plan must include, at a minimum, the following:\n\nAn awareness program to inform Contractor employees about the Government's policy prohibiting trafficking-related activities, the activities prohibited, and the actions that will be taken against the employee for violations.\n\nA housing plan, if the Contractor or subcontractor intends to provide or arrange housing, that ensures that the housing meets host-country housing and safety standards.";
    let reading = plan(copied.as_bytes());
    for element in &reading.elements {
        assert_ne!(element.found, ElementFound::Found, "{element:#?}");
        assert_ne!(element.found, ElementFound::NotApplicable, "{element:#?}");
    }
}

fn docx(body: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("[Content_Types].xml", options).unwrap();
    zip.write_all(b"<Types/>").unwrap();
    zip.start_file("word/document.xml", options).unwrap();
    zip.write_all(body.as_bytes()).unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn plans_are_read_from_docx_and_html() {
    let escaped = PLAN.replace('&', "&amp;");
    let paragraphs: String = escaped
        .lines()
        .map(|line| format!("<w:p><w:r><w:t xml:space=\"preserve\">{line}</w:t></w:r></w:p>"))
        .collect();
    let xml = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"x\"><w:body>{paragraphs}<w:p><w:del><w:r><w:delText>x</w:delText><w:t>252.222-7007</w:t></w:r></w:del></w:p></w:body></w:document>"
    );
    let reading = plan(&docx(&xml));
    assert_eq!(reading.problem, None);
    assert!(
        reading
            .elements
            .iter()
            .all(|element| element.found == ElementFound::Found),
        "{reading:#?}"
    );
    assert!(
        reading.repealed_clause.is_empty(),
        "a tracked deletion is no longer said"
    );
    let page: String = escaped
        .lines()
        .map(|line| format!("<p>{line}</p>"))
        .collect();
    let reading = plan(format!("<html><body>{page}</body></html>").as_bytes());
    assert!(
        reading
            .elements
            .iter()
            .all(|element| element.found == ElementFound::Found),
        "{reading:#?}"
    );
}

#[test]
fn hostile_documents_are_refused_in_words() {
    let deep = "<w:p>".repeat(10_000);
    let bomb = " ".repeat(40 << 20);
    let cases: [(&str, Vec<u8>, ProblemKind); 6] = [
        ("nested", docx(&deep), ProblemKind::DamagedText),
        ("bomb", docx(&bomb), ProblemKind::TooLarge),
        (
            "entities",
            docx("<!DOCTYPE x [<!ENTITY a \"aaaa\">]><w:p>&a;</w:p>"),
            ProblemKind::DamagedText,
        ),
        ("cut", docx(PLAN)[..200].to_vec(), ProblemKind::DamagedText),
        ("empty", Vec::new(), ProblemKind::Empty),
        (
            "off the subject",
            b"We make gloves. They are warm. ".repeat(20),
            ProblemKind::NotAStatement,
        ),
    ];
    for (case, bytes, kind) in cases {
        let reading = plan(&bytes);
        assert_eq!(
            reading.problem.as_ref().map(|problem| problem.kind),
            Some(kind),
            "{case}: {reading:?}"
        );
        assert!(reading.elements.is_empty(), "{case}");
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
    let named = &report.contractors[0];
    assert!(
        named.leads.iter().any(
            |lead| matches!(lead, Lead::NameAlike { uei: Some(uei), .. } if uei == "J58ME6A75BU9")
        ),
        "{:?}",
        named.leads
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

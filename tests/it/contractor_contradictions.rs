//! Each contradiction firing and not firing, and what a person's decision does.

use plimsoll::disclosures::contractor::{ContradictionRule, DisclosureStatus, Standing};

use crate::contractor_support::{Desk, PLAN, with};

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
            "family housing, leased",
            &[("claims_housing", "no"), ("psc", "X1FA")],
            true,
        ),
        (
            Rule::NoHousingAgainstCampCode,
            "other residential",
            &[("claims_housing", "no"), ("psc", "M1FZ")],
            true,
        ),
        (
            Rule::NoHousingAgainstCampCode,
            "lodging",
            &[("claims_housing", "no"), ("psc", "V231")],
            true,
        ),
        (
            Rule::NoHousingAgainstCampCode,
            "a recreation building",
            &[("claims_housing", "no"), ("psc", "M1FB")],
            false,
        ),
        (
            Rule::NoHousingAgainstCampCode,
            "a dining hall",
            &[("claims_housing", "no"), ("psc", "M1FD")],
            false,
        ),
        (
            Rule::NoHousingAgainstCampCode,
            "a chapel",
            &[("claims_housing", "no"), ("psc", "X1FE")],
            false,
        ),
        (
            Rule::NoHousingAgainstCampCode,
            "a penal building",
            &[("claims_housing", "no"), ("psc", "M1FF")],
            false,
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

//! A contractor's papers in the score: T, A and floors of FLDD-1.0.

use std::sync::LazyLock;

use plimsoll::{
    app::policy::Policy,
    due_diligence::{Ground, assess_contractor},
    lists::{ListSet, reference},
    report::SupplierResult,
    review::Reviews,
    risk::{Disposition, Factor, FactorKind, Floor, GoodsRisk, UnknownFactor},
};

use crate::contractor_support::{Desk, day, policy, with};

const AWARDS: &[u8] = include_bytes!("../../fixtures/contractors/awards.json");
const AS_OF: &str = "2026-06-01";

static GROUND: LazyLock<Ground> = LazyLock::new(|| {
    let shipped = Policy::shipped().unwrap();
    let lists = ListSet::new(reference::snapshots().unwrap());
    Ground::new(&lists, shipped.model, shipped.vocabulary, day(AS_OF))
});

fn assessed(desk: &Desk) -> SupplierResult {
    let report = desk.report(AS_OF);
    let result = assess_contractor(&GROUND, &policy(), &report.contractors[0], &Reviews::new());
    for factor in &result.factors {
        assert!(!factor.evidence.is_empty(), "{factor:?}");
        assert!(
            factor
                .evidence
                .iter()
                .all(|one| !one.citation.is_empty() && !one.source.is_empty()),
            "{factor:?}"
        );
    }
    result
}

fn of(changes: &[(&'static str, &'static str)]) -> SupplierResult {
    let mut desk = Desk::default();
    desk.form(&with(changes));
    assessed(&desk)
}

fn says(factor: &Factor, words: &str) -> bool {
    factor.evidence.iter().any(|one| one.detail.contains(words))
}

fn gap(result: &SupplierResult) -> u8 {
    result.inputs.gap.get()
}

const NOTHING: [(&str, &str); 6] = [
    ("plan_date", ""),
    ("plan_elements", ""),
    ("certificates", ""),
    ("posted_workplace", ""),
    ("posted_website", ""),
    ("subcontractors_covered", ""),
];

#[test]
fn not_located_counts_nothing_and_not_produced_counts() {
    let quiet = of(&NOTHING);
    assert_eq!((gap(&quiet), quiet.inputs.floor), (0, None));
    let asked = of(&[
        &NOTHING[..],
        &[
            ("requested_by", "contracting_officer"),
            ("requested_on", "2026-03-01"),
            ("request_deadline", "2026-04-01"),
        ],
    ]
    .concat());
    // Case 8 of the model: 12 and 5, and the floor.
    assert_eq!((gap(&asked), asked.inputs.floor), (17, Some(Floor::Esc2)));
    assert_eq!(asked.assessment.disposition, Disposition::Escalate);
    assert!(asked.assessment.score.unwrap() >= 50);
    let twice = of(&[
        &NOTHING[..],
        &[
            ("requested_by", "contracting_officer; us"),
            ("requested_on", "2026-03-01; 2026-04-02"),
            ("request_deadline", "2026-04-01; 2026-05-01"),
        ],
    ]
    .concat());
    // Our own letters alone are no right to an answer: silence, and no more.
    for (days, deadlines, worth) in [
        ("2026-03-01", "2026-04-01", 0),
        ("2026-03-01; 2026-04-02", "2026-04-01; 2026-05-01", 4),
    ] {
        let ours = of(&[
            &NOTHING[..],
            &[
                ("requested_by", "us; us"),
                ("requested_on", days),
                ("request_deadline", deadlines),
            ],
        ]
        .concat());
        assert_eq!((gap(&ours), ours.inputs.floor), (worth, None), "{days}");
        for factor in ours.factors.iter().filter(|factor| factor.code == "silent") {
            assert!(says(factor, "asked on 2026-03-01"));
        }
    }
    assert_eq!(gap(&twice), 21, "12, 5 and 4: the model caps the sum");
    assert_eq!(twice.assessment.t, 20);
}

#[test]
fn points_for_what_was_seen_and_lacks_something() {
    assert_eq!(gap(&of(&[])), 0);
    assert_eq!(gap(&of(&[("plan_elements", "i; ii; v")])), 4);
    assert_eq!(gap(&of(&[("certificates", "")])), 0, "nobody asked for it");
    assert_eq!(
        gap(&of(&[
            ("certificates", ""),
            ("requested_by", "contracting_officer"),
            ("requested_on", "2026-03-01"),
            ("answered_on", "2026-03-20")
        ])),
        5
    );
    for (case, by, deadline, worth) in [
        ("overdue", "contracting_officer", "2026-04-01", 5),
        ("still to come", "contracting_officer", "2026-07-01", 0),
        ("no deadline", "contracting_officer", "", 0),
        ("our own letter", "us", "2026-04-01", 0),
    ] {
        let result = of(&[
            ("certificates", ""),
            ("posted_workplace", ""),
            ("plan_elements", "i; ii; iii; v"),
            ("requested_by", by),
            ("requested_on", "2026-03-01"),
            ("request_deadline", deadline),
        ]);
        assert_eq!(gap(&result), 2 + worth, "{case}");
        for factor in &result.factors {
            match factor.code.as_str() {
                "certificate" => assert!(says(factor, "no certificate located"), "{factor:?}"),
                "plan_elements_missing" => {
                    assert!(says(factor, "housing plan"), "{factor:?}");
                    assert_eq!(factor.evidence.len(), 2, "one element and the rule");
                }
                _ => {}
            }
        }
    }
    assert_eq!(
        gap(&of(&[
            ("certificates", "2025-01-15:A"),
            ("plan_date", "2025-01-10")
        ])),
        5
    );
    assert_eq!(
        gap(&of(&[("services_value", "100"), ("plan_elements", "i")])),
        0,
        "no plan is required"
    );
    assert_eq!(
        gap(&of(&[
            ("services_value", "unknown"),
            ("plan_elements", "i")
        ])),
        0,
        "not known whether one is"
    );
}

#[test]
fn a_contradiction_moves_nothing_until_confirmed() {
    let before = of(&[]);
    let mut desk = Desk::default();
    desk.form(&with(&[("claims_plan_required", "no")]));
    let pending = assessed(&desk);
    assert_eq!(pending.assessment.range[0], before.assessment.range[0]);
    assert_eq!(
        (pending.inputs.pending, pending.inputs.floor, gap(&pending)),
        (Some(Floor::Esc2), None, 0)
    );
    assert_eq!(pending.assessment.disposition, Disposition::ReviewRequired);
    let id = desk.contract(AS_OF).contradictions[0].id.clone();
    let decide = |decision: &str| {
        serde_json::json!({"plimsoll_reviews": [{"contradiction": id, "decision": decision, "reviewer": "compliance officer", "decided_on": "2026-05-01", "rationale": "read both", "contractor_response": "asked, no answer"}]}).to_string()
    };
    let mut confirmed = Desk::default();
    confirmed
        .form(&with(&[("claims_plan_required", "no")]))
        .file(decide("confirmed").as_bytes());
    let confirmed = assessed(&confirmed);
    assert_eq!(
        (
            confirmed.inputs.pending,
            confirmed.inputs.floor,
            gap(&confirmed)
        ),
        (None, Some(Floor::Esc2), 6)
    );
    desk.file(decide("dismissed").as_bytes());
    let dismissed = assessed(&desk);
    assert_eq!(
        (
            dismissed.inputs.pending,
            dismissed.inputs.floor,
            gap(&dismissed)
        ),
        (None, None, 0)
    );
}

#[test]
fn a_determination_waits_for_a_person_too() {
    let record = [
        ("record_state", "final_determination"),
        (
            "record_title",
            "Final determination, trafficking in persons",
        ),
        ("record_date", "2025-01-01"),
    ];
    let mut desk = Desk::default();
    desk.form(&with(&record));
    let pending = assessed(&desk);
    assert_eq!(
        (pending.inputs.pending, pending.inputs.floor),
        (Some(Floor::Esc1), None)
    );
    assert!(pending.inputs.adverse.is_empty());
    let id = desk.report(AS_OF).contractors[0].records[0].id.clone();
    desk.file(serde_json::json!({"plimsoll_reviews": [{"contradiction": id, "decision": "confirmed", "reviewer": "compliance officer", "decided_on": "2026-05-01", "rationale": "same UEI, read the record", "contractor_response": "appealed"}]}).to_string().as_bytes());
    let confirmed = assessed(&desk);
    assert_eq!(
        (confirmed.inputs.pending, confirmed.inputs.floor),
        (None, Some(Floor::Esc1))
    );
    assert_eq!(confirmed.inputs.adverse.len(), 1);
    assert!(confirmed.assessment.score.unwrap() >= 75);
}

fn confirm(desk: &mut Desk, id: &str) {
    desk.file(serde_json::json!({"plimsoll_reviews": [{"contradiction": id, "decision": "confirmed", "reviewer": "compliance officer", "decided_on": "2026-05-01", "rationale": "read the record", "contractor_response": "asked, no answer"}]}).to_string().as_bytes());
}

/// A record in the form: before anybody looked, once a person has confirmed it, and
/// once what was done about it is confirmed too.
fn confirmed_record(cells: &[(&'static str, &'static str)]) -> [SupplierResult; 3] {
    let mut desk = Desk::default();
    desk.form(&with(cells));
    let before = assessed(&desk);
    let record = desk.report(AS_OF).contractors[0].records[0].clone();
    confirm(&mut desk, &record.id);
    let confirmed = assessed(&desk);
    for remedy in &record.remedies {
        confirm(&mut desk, &remedy.id);
    }
    [before, confirmed, assessed(&desk)]
}

/// Who confirmed a record has not confirmed that it was lifted.
#[test]
fn a_remedy_takes_nothing_off_until_a_person_has_confirmed_it() {
    use plimsoll::risk::Remedy;
    let record = [
        ("record_state", "final_determination"),
        (
            "record_title",
            "Final determination, trafficking in persons",
        ),
        ("record_date", "2025-01-01"),
        ("source", "SAM.gov responsibility records"),
    ];
    let mut letter = record.to_vec();
    letter.retain(|(name, _)| *name != "source");
    letter.extend([
        ("source", "the contractor's letter"),
        ("record_remedy", "lifted:2026-02-01"),
    ]);
    let mut desk = Desk::default();
    desk.form(&with(&record));
    let id = desk.report(AS_OF).contractors[0].records[0].id.clone();
    confirm(&mut desk, &id);
    let confirmed = assessed(&desk);
    assert_eq!(confirmed.inputs.floor, Some(Floor::Esc1));
    desk.form(&with(&letter));
    let told = assessed(&desk);
    assert_eq!(told.inputs, confirmed.inputs);
    assert_eq!(told.assessment, confirmed.assessment);
    let found = desk.report(AS_OF).contractors[0].records.clone();
    assert_eq!((found.len(), found[0].remedies.len()), (1, 1), "{found:?}");
    let remedy = &found[0].remedies[0];
    assert_ne!(remedy.id, id);
    assert!(
        told.assumptions
            .iter()
            .any(|one| { one.contains("the contractor's letter") && one.contains(&remedy.id) }),
        "{:?}",
        told.assumptions
    );
    // The same day from two sources is one remedy; another day is another.
    let mut again = letter.clone();
    again.retain(|(name, _)| *name != "source");
    again.push(("source", "a notice"));
    desk.form(&with(&again));
    let mut other = letter.clone();
    other.retain(|(name, _)| *name != "record_remedy");
    other.push(("record_remedy", "lifted:2026-03-01"));
    desk.form(&with(&other));
    let found = desk.report(AS_OF).contractors[0].records[0].clone();
    assert_eq!(found.remedies.len(), 2, "{found:?}");
    assert_eq!(
        found.remedies[0].sources,
        ["a notice", "the contractor's letter"]
    );
    confirm(&mut desk, &found.remedies[0].id);
    let lifted = assessed(&desk);
    assert_eq!(lifted.inputs.floor, None);
    assert_eq!(lifted.inputs.adverse[0].2, Remedy::Lifted);
    assert!(lifted.factors.iter().any(|factor| {
        factor
            .explanation
            .contains("lifted since 2026-02-01, confirmed by review")
    }));
}

/// FAR 22.1704: information, report, response and determination weigh each what
/// they are, once a person has confirmed them.
#[test]
fn each_state_of_a_matter_weighs_what_it_is() {
    use plimsoll::risk::{Recency, Remedy, Severity};
    for (state, remedy, pending, item, floor) in [
        (
            "allegation",
            "",
            None,
            Some((Severity::SingleSource, Remedy::None)),
            None,
        ),
        (
            "ig_report",
            "",
            Some(Floor::Esc2),
            Some((Severity::SubstantiatedAuditFinding, Remedy::None)),
            Some(Floor::Esc2),
        ),
        (
            "ig_report",
            "in_progress:2026-02-01",
            Some(Floor::Esc2),
            Some((Severity::SubstantiatedAuditFinding, Remedy::InProgress)),
            Some(Floor::Esc2),
        ),
        (
            "ig_report",
            "verified:2026-02-01",
            Some(Floor::Esc2),
            Some((Severity::SubstantiatedAuditFinding, Remedy::Verified)),
            None,
        ),
        (
            "ig_report",
            "verified:2026-09-01",
            Some(Floor::Esc2),
            Some((Severity::SubstantiatedAuditFinding, Remedy::None)),
            Some(Floor::Esc2),
        ),
        ("contractor_response", "", None, None, None),
        (
            "final_determination",
            "verified:2026-02-01",
            Some(Floor::Esc1),
            Some((Severity::FinalDetermination, Remedy::Verified)),
            Some(Floor::Esc1),
        ),
        (
            "final_determination",
            "lifted:2026-02-01",
            Some(Floor::Esc1),
            Some((Severity::FinalDetermination, Remedy::Lifted)),
            None,
        ),
        // Without its day a remedy takes nothing off.
        (
            "final_determination",
            "lifted",
            Some(Floor::Esc1),
            Some((Severity::FinalDetermination, Remedy::None)),
            Some(Floor::Esc1),
        ),
    ] {
        let [before, unremedied, after] = confirmed_record(&[
            ("record_state", state),
            ("record_title", "trafficking in persons, substantiated"),
            ("record_date", "2025-01-01"),
            ("record_remedy", remedy),
        ]);
        let case = format!("{state} {remedy}");
        assert_eq!(
            (before.inputs.pending, before.inputs.floor),
            (pending, None),
            "{case}"
        );
        assert!(before.inputs.adverse.is_empty(), "{case}");
        let items: Vec<_> = after
            .inputs
            .adverse
            .iter()
            .map(|one| (one.0, one.2))
            .collect();
        assert_eq!(items, Vec::from_iter(item), "{case}");
        assert!(
            after
                .inputs
                .adverse
                .iter()
                .all(|one| one.1 == Recency::UpTo2Years),
            "{case}"
        );
        assert!(
            unremedied
                .inputs
                .adverse
                .iter()
                .all(|one| one.2 == Remedy::None),
            "{case}: nobody has confirmed the remedy"
        );
        assert_eq!(unremedied.inputs.floor, pending, "{case}");
        assert_eq!(after.inputs.floor, floor, "{case}");
        assert_eq!(after.inputs.pending, None, "{case}");
    }
    let [.., about_something_else] = confirmed_record(&[
        ("record_state", "ig_report"),
        ("record_title", "billing"),
        ("record_date", "2025-01-01"),
    ]);
    assert!(about_something_else.inputs.adverse.is_empty());
    let [.., of_the_future] = confirmed_record(&[
        ("record_state", "ig_report"),
        ("record_title", "trafficking"),
        ("record_date", "2026-10-01"),
    ]);
    assert!(of_the_future.inputs.adverse.is_empty());
}

#[test]
fn a_report_or_a_proceeding_weighs_by_what_it_says_was_found() {
    for (title, items) in [
        ("trafficking in persons: convicted", 1),
        (
            "trafficking in persons: civil, finding of fault and liability",
            1,
        ),
        (
            "trafficking in persons: dismissed with prejudice, no fault",
            0,
        ),
        ("allegation of trafficking in persons not substantiated", 0),
        ("trafficking in persons: unsubstantiated", 0),
        ("trafficking in persons: acquitted", 0),
        ("trafficking in persons", 0),
    ] {
        let [before, _, after] = confirmed_record(&[
            ("record_state", "ig_report"),
            ("record_title", title),
            ("record_date", "2025-01-01"),
        ]);
        assert!(
            before.inputs.pending.is_some(),
            "{title}: for a person to look at"
        );
        assert_eq!(after.inputs.adverse.len(), items, "{title}");
        assert_eq!(after.inputs.floor.is_some(), items == 1, "{title}");
    }
}

#[test]
fn goods_of_a_priority_sector_that_are_not_traced_count_where_asked() {
    let of_products = |traced: &'static str, product: &str, country: &str| {
        let mut desk = Desk::default();
        desk.form(&with(&[("goods_traced", traced)]));
        desk.file(entity(&serde_json::json!([{"name": product, "country": country}])).as_bytes());
        assessed(&desk)
    };
    for (traced, product, country, worth) in [
        ("no", "COTTON GLOVES", "CHINA", 6),
        ("no", "COTTON GLOVES", "VIETNAM", 6),
        ("", "COTTON GLOVES", "CHINA", 0),
        ("yes", "COTTON GLOVES", "CHINA", 0),
        ("no", "7110 - OFFICE FURNITURE", "NORWAY", 0),
    ] {
        let result = of_products(traced, product, country);
        assert_eq!(gap(&result), worth, "{traced} {product} {country}");
        let factor = result
            .factors
            .iter()
            .find(|factor| factor.code == "no_tracing");
        assert_eq!(factor.is_some(), worth > 0);
        if let Some(factor) = factor {
            assert_eq!(factor.evidence.len(), 3, "the form, the list, the rule");
        }
    }
}

/// One seed of risky industries, for suppliers and for contractors.
#[test]
fn the_policies_name_the_same_industries() {
    let model = Policy::shipped().unwrap().model;
    let table: toml::Table =
        toml::from_str(plimsoll::disclosures::contractor::CONTRACTOR_POLICY).unwrap();
    let codes = table["codes"].as_array().unwrap();
    let naics = codes
        .iter()
        .find(|one| {
            one["meaning"].as_str() == Some("high_risk") && one["scheme"].as_str() == Some("naics")
        })
        .unwrap();
    let prefixes: Vec<&str> = naics["prefixes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(toml::Value::as_str)
        .collect();
    assert_eq!(prefixes, model.workforce_rules.high_risk_naics);
}

#[test]
fn only_what_says_determination_is_one() {
    for (title, pending) in [
        ("Trafficking in Persons Determination", Floor::Esc1),
        (
            "Administrative Agreement, trafficking in persons",
            Floor::Esc2,
        ),
        (
            "Administrative Agreement after determination, trafficking in persons",
            Floor::Esc2,
        ),
        ("Information on trafficking in persons", Floor::Esc2),
    ] {
        let entity = serde_json::json!({"entityData": [{
            "entityRegistration": {"ueiSAM": "J58ME6A75BU9", "legalBusinessName": "Example Base Services LLC"},
            "integrityInformation": {"responsibilityInformationList": [
                {"recordTypeDesc": title, "recordDate": "2025-01-01"}]}}]})
        .to_string();
        let mut desk = Desk::default();
        desk.form(&with(&[])).file(entity.as_bytes());
        let result = assessed(&desk);
        assert_eq!(result.inputs.pending, Some(pending), "{title}");
        assert!(result.factors.iter().any(|factor| {
            factor.factor == FactorKind::Pending && factor.explanation.contains(title)
        }));
        let id = desk.report(AS_OF).contractors[0].records[0].id.clone();
        desk.file(serde_json::json!({"plimsoll_reviews": [{"contradiction": id, "decision": "confirmed", "reviewer": "compliance officer", "decided_on": "2026-05-01", "rationale": "same UEI, read the record", "contractor_response": "none"}]}).to_string().as_bytes());
        let confirmed = assessed(&desk);
        let counts = pending == Floor::Esc1;
        assert_eq!(
            confirmed.inputs.adverse.len(),
            usize::from(counts),
            "{title}"
        );
        assert_eq!(
            confirmed.inputs.floor,
            counts.then_some(Floor::Esc1),
            "{title}"
        );
        assert_eq!(confirmed.inputs.pending, None, "{title}");
    }
}

fn entity(products: &serde_json::Value) -> String {
    serde_json::json!({"entityData": [{
        "entityRegistration": {"ueiSAM": "J58ME6A75BU9", "legalBusinessName": "Example Base Services LLC"},
        "repsAndCerts": {"certifications": {"fARResponses": [{"provisionId": "FAR 52.225-2", "listOfAnswers": [
            {"section": "52.225-2.b", "answerId": "36", "endProductsList": products}]}]}},
    }]})
    .to_string()
}

#[test]
fn declared_end_products_join_the_goods() {
    let of_products = |products: serde_json::Value| {
        let mut desk = Desk::default();
        desk.form(&with(&[])).file(entity(&products).as_bytes());
        assessed(&desk)
    };
    let none = of_products(serde_json::json!([]));
    assert!(none.inputs.goods.is_empty());
    assert!(none.inputs.unknown.contains(&UnknownFactor::Goods));
    let gloves = of_products(serde_json::json!([{"name": "COTTON GLOVES", "country": "CHINA"}]));
    assert!(
        gloves
            .inputs
            .goods
            .contains(&GoodsRisk::UflpaSectorPrcOrUnknownInputs),
        "{:?}",
        gloves.inputs
    );
    assert!(gloves.inputs.state_imposed && gloves.inputs.tip.is_some());
    assert!(!gloves.inputs.unknown.contains(&UnknownFactor::Goods));
    assert!(gloves.assessment.g >= 16);
    assert!(gloves.factors.iter().any(|factor| {
        factor.factor == FactorKind::Goods
            && factor
                .evidence
                .iter()
                .any(|one| one.citation == "FAR 52.225-2.b" && one.detail.contains("CHINA"))
    }));
    // Where contracts are performed comes second: Kuwait on record changes nothing.
    let mut desk = Desk::default();
    desk.form(&with(&[])).file(AWARDS);
    let performed = assessed(&desk);
    assert_ne!(performed.inputs.tip, gloves.inputs.tip);
    let performed_says = |result: &SupplierResult| {
        result
            .assumptions
            .iter()
            .any(|one| one.contains("performed on record"))
    };
    assert!(performed_says(&performed));
    desk.file(
        entity(&serde_json::json!([{"name": "COTTON GLOVES", "country": "CHINA"}])).as_bytes(),
    );
    let declared = assessed(&desk);
    assert_eq!(declared.inputs.tip, gloves.inputs.tip);
    assert!(declared.inputs.state_imposed && !performed_says(&declared));
    // The worst of several, in any order; one that nobody understands costs nothing.
    let both = of_products(
        serde_json::json!([{"name": "COTTON GLOVES", "country": "CHINA"}, {"name": "7110 - OFFICE FURNITURE", "country": "NORWAY"}, {"name": "ZZQX", "country": "CHINA"}]),
    );
    let turned = of_products(
        serde_json::json!([{"name": "ZZQX", "country": "CHINA"}, {"name": "7110 - OFFICE FURNITURE", "country": "NORWAY"}, {"name": "COTTON GLOVES", "country": "CHINA"}]),
    );
    assert_eq!(both.inputs, turned.inputs);
    assert_eq!(both.inputs.tip, gloves.inputs.tip);
}

#[test]
fn brokers_and_risky_codes_reach_the_workforce() {
    assert_eq!(of(&[]).inputs.workforce.get(), 0);
    assert_eq!(of(&[("psc", "S206")]).inputs.workforce.get(), 3);
    assert_eq!(
        of(&[("psc", "R425")]).inputs.workforce.get(),
        0,
        "engineering support is no labor support"
    );
    assert_eq!(
        of(&[("psc", "S206"), ("naics", "722310")])
            .inputs
            .workforce
            .get(),
        3,
        "once"
    );
    assert_eq!(
        of(&[("psc", "S206"), ("named_brokers", "Sample Manpower Pvt")])
            .inputs
            .workforce
            .get(),
        6
    );
}

#[test]
fn papers_never_lower_a_score_but_by_coverage() {
    let bare = of(&NOTHING).assessment;
    for changes in [
        vec![("psc", "S206")],
        vec![("named_brokers", "Sample Manpower Pvt")],
        vec![
            ("requested_on", "2026-03-01"),
            ("request_deadline", "2026-04-01"),
        ],
        vec![("plan_elements", "i")],
    ] {
        let more = of(&[&NOTHING[..], &changes].concat()).assessment;
        assert!(more.range[0] >= bare.range[0], "{changes:?}");
    }
}

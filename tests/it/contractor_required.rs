//! Is a plan required? The truth table of docs/contractors.md.

use plimsoll::disclosures::contractor::{
    CONTRACTOR_POLICY, ClauseDate, ClauseInContract, ContractFacts, ContractKind, ContractorPolicy,
    Cots, MissingKind, Money, Part, PartValue, Place, What, plan_requirement,
};
use proptest::prelude::*;

use Cots::{BulkCargo, CommercialOnly, Modified, No, Yes};
use Place::{InUnitedStates as Us, Outside};

const OPEN_COTS: Cots = Cots::Unknown;
const OPEN_PLACE: Place = Place::Unknown;

fn policy() -> ContractorPolicy {
    ContractorPolicy::parse(CONTRACTOR_POLICY).unwrap()
}

fn dollars(dollars: i64) -> PartValue {
    PartValue::Estimated(Money::dollars(dollars))
}

fn supplies(cots: Cots, place: Place, value: PartValue) -> Part {
    part(What::Supplies(cots), place, value)
}

fn services(place: Place, value: PartValue) -> Part {
    part(What::Services, place, value)
}

fn part(what: What, place: Place, value: PartValue) -> Part {
    Part {
        what,
        place,
        value,
        source: "case".to_owned(),
    }
}

fn edition(text: &str) -> ClauseInContract {
    ClauseInContract::Edition(ClauseDate::parse(text).unwrap())
}

fn facts(clause: ClauseInContract, parts: Vec<Part>) -> ContractFacts {
    ContractFacts {
        clause,
        kind: ContractKind::Definite,
        parts,
        leads: Vec::new(),
    }
}

fn idiq(clause: &str, ceiling: Option<i64>, parts: Vec<Part>) -> ContractFacts {
    ContractFacts {
        kind: ContractKind::IndefiniteDelivery {
            ceiling: ceiling.map(Money::dollars),
        },
        ..facts(edition(clause), parts)
    }
}

struct Row {
    case: &'static str,
    facts: ContractFacts,
    answer: &'static str,
    missing: &'static [MissingKind],
    citation: &'static str,
}

fn row(
    case: &'static str,
    facts: ContractFacts,
    answer: &'static str,
    missing: &'static [MissingKind],
    citation: &'static str,
) -> Row {
    Row {
        case,
        facts,
        answer,
        missing,
        citation,
    }
}

const H1: &str = "52.222-50(h)(1)";
const NEW: &str = "90 FR 41872: 700,000 from OCT 2025";
const MIDDLE: &str = "550,000, OCT 2020 to SEP 2025";
const FIRST: &str = "80 FR 4967: 500,000 from MAR 2015";
const COTS: &str = "FAR 22.1703(c)(1)(i), FAR 2.101";
const STATES: &str = "52.222-50(a), United States";

/// Every row: the case, its facts, the answer, what is asked for, the law.
fn table() -> Vec<Row> {
    use MissingKind::{Ceiling, ClauseBeforePlans, ClauseDate, CotsStatus, PortionValue, Portions};
    let new = || edition("OCT 2025");
    let middle = || edition("NOV 2021");
    let first = || edition("MAR 2015");
    let out = |value| vec![services(Outside, dollars(value))];
    vec![
        row(
            "services outside, well above",
            facts(new(), out(12_000_000)),
            "REQUIRED",
            &[],
            NEW,
        ),
        row(
            "exactly at the threshold",
            facts(new(), out(700_000)),
            "NOT_REQUIRED",
            &[],
            "52.222-50(h)(1)(ii): exceeds",
        ),
        row(
            "a dollar above",
            facts(new(), out(700_001)),
            "REQUIRED",
            &[],
            NEW,
        ),
        row(
            "a hundredth of a cent above",
            facts(
                new(),
                vec![services(
                    Outside,
                    PartValue::Estimated(Money::parse("700000.0001").unwrap()),
                )],
            ),
            "REQUIRED",
            &[],
            NEW,
        ),
        row(
            "600,000 under the new edition",
            facts(new(), out(600_000)),
            "NOT_REQUIRED",
            &[],
            NEW,
        ),
        row(
            "600,000 under the middle edition",
            facts(middle(), out(600_000)),
            "REQUIRED",
            &[],
            MIDDLE,
        ),
        row(
            "exactly 550,000 in NOV 2021",
            facts(middle(), out(550_000)),
            "NOT_REQUIRED",
            &[],
            MIDDLE,
        ),
        row(
            "520,000 under the middle edition",
            facts(middle(), out(520_000)),
            "NOT_REQUIRED",
            &[],
            MIDDLE,
        ),
        row(
            "520,000 under the first edition",
            facts(first(), out(520_000)),
            "REQUIRED",
            &[],
            FIRST,
        ),
        row(
            "exactly 500,000 under the first edition",
            facts(first(), out(500_000)),
            "NOT_REQUIRED",
            &[],
            FIRST,
        ),
        row(
            "JAN 2019 is still 500,000",
            facts(edition("JAN 2019"), out(540_000)),
            "REQUIRED",
            &[],
            FIRST,
        ),
        row(
            "OCT 2020 is 550,000",
            facts(edition("OCT 2020"), out(540_000)),
            "NOT_REQUIRED",
            &[],
            MIDDLE,
        ),
        row(
            "an edition before there were plans",
            facts(edition("FEB 2009"), out(9_000_000)),
            "UNDETERMINED",
            &[ClauseBeforePlans],
            "80 FR 4967, eff. 2 Mar 2015",
        ),
        row(
            "no clause date",
            facts(ClauseInContract::Unknown, out(9_000_000)),
            "UNDETERMINED",
            &[ClauseDate],
            H1,
        ),
        row(
            "said to hold no clause",
            facts(ClauseInContract::SaidToBeAbsent, out(9_000_000)),
            "UNDETERMINED",
            &[ClauseDate],
            "FAR 22.1705",
        ),
        row(
            "no clause date, nothing outside",
            facts(
                ClauseInContract::Unknown,
                vec![services(Us, PartValue::Unknown)],
            ),
            "NOT_REQUIRED",
            &[],
            STATES,
        ),
        row(
            "services inside the United States",
            facts(new(), vec![services(Us, dollars(90_000_000))]),
            "NOT_REQUIRED",
            &[],
            STATES,
        ),
        row(
            "supplies acquired inside",
            facts(new(), vec![supplies(No, Us, dollars(90_000_000))]),
            "NOT_REQUIRED",
            &[],
            STATES,
        ),
        row(
            "COTS supplies from abroad",
            facts(new(), vec![supplies(Yes, Outside, dollars(90_000_000))]),
            "NOT_REQUIRED",
            &[],
            COTS,
        ),
        row(
            "supplies from abroad, no COTS",
            facts(new(), vec![supplies(No, Outside, dollars(800_000))]),
            "REQUIRED",
            &[],
            H1,
        ),
        row(
            "off the shelf, then modified",
            facts(new(), vec![supplies(Modified, Outside, dollars(800_000))]),
            "REQUIRED",
            &[],
            COTS,
        ),
        row(
            "bulk cargo is no COTS",
            facts(new(), vec![supplies(BulkCargo, Outside, dollars(800_000))]),
            "REQUIRED",
            &[],
            "46 USC 40102(4), FAR 2.101",
        ),
        row(
            "commercial is not COTS",
            facts(
                new(),
                vec![supplies(CommercialOnly, Outside, dollars(800_000))],
            ),
            "UNDETERMINED",
            &[CotsStatus],
            COTS,
        ),
        row(
            "COTS status not known",
            facts(new(), vec![supplies(OPEN_COTS, Outside, dollars(800_000))]),
            "UNDETERMINED",
            &[CotsStatus],
            COTS,
        ),
        row(
            "COTS status not known, value low: still asked",
            facts(new(), vec![supplies(OPEN_COTS, Outside, dollars(5))]),
            "UNDETERMINED",
            &[CotsStatus],
            COTS,
        ),
        row(
            "services that go with COTS count",
            facts(
                new(),
                vec![
                    supplies(Yes, Outside, dollars(5_000_000)),
                    services(Outside, dollars(800_000)),
                ],
            ),
            "REQUIRED",
            &[],
            "FAR 22.1703(c)(1)(i): supplies only",
        ),
        row(
            "COTS abroad and small services",
            facts(
                new(),
                vec![
                    supplies(Yes, Outside, dollars(5_000_000)),
                    services(Outside, dollars(10_000)),
                ],
            ),
            "NOT_REQUIRED",
            &[],
            COTS,
        ),
        row(
            "place of services not known",
            facts(new(), vec![services(OPEN_PLACE, dollars(800_000))]),
            "UNDETERMINED",
            &[MissingKind::Place],
            H1,
        ),
        row(
            "place not known, value low: still asked",
            facts(new(), vec![services(OPEN_PLACE, dollars(100))]),
            "UNDETERMINED",
            &[MissingKind::Place],
            H1,
        ),
        row(
            "value of services outside not known",
            facts(new(), vec![services(Outside, PartValue::Unknown)]),
            "UNDETERMINED",
            &[PortionValue],
            H1,
        ),
        row(
            "whole of a definite contract, value not known",
            facts(new(), vec![services(Outside, PartValue::WholeContract)]),
            "UNDETERMINED",
            &[PortionValue],
            H1,
        ),
        row(
            "a negative value is no estimate",
            facts(new(), out(-800_000)),
            "UNDETERMINED",
            &[PortionValue],
            H1,
        ),
        row(
            "nothing known",
            facts(new(), Vec::new()),
            "UNDETERMINED",
            &[Portions],
            H1,
        ),
        row(
            "each below, together above",
            facts(
                new(),
                vec![
                    supplies(No, Outside, dollars(400_000)),
                    services(Outside, dollars(400_000)),
                ],
            ),
            "AMBIGUOUS_AGGREGATION",
            &[],
            H1,
        ),
        row(
            "each at the threshold",
            facts(
                new(),
                vec![
                    supplies(No, Outside, dollars(700_000)),
                    services(Outside, dollars(700_000)),
                ],
            ),
            "AMBIGUOUS_AGGREGATION",
            &[],
            H1,
        ),
        row(
            "together exactly at it",
            facts(
                new(),
                vec![
                    supplies(No, Outside, dollars(300_000)),
                    services(Outside, dollars(400_000)),
                ],
            ),
            "NOT_REQUIRED",
            &[],
            H1,
        ),
        row(
            "two services together above",
            facts(
                new(),
                vec![
                    services(Outside, dollars(400_000)),
                    services(Outside, dollars(400_000)),
                ],
            ),
            "REQUIRED",
            &[],
            H1,
        ),
        row(
            "each below, and a place not known",
            facts(
                new(),
                vec![
                    supplies(No, Outside, dollars(400_000)),
                    services(OPEN_PLACE, dollars(400_000)),
                ],
            ),
            "UNDETERMINED",
            &[MissingKind::Place],
            H1,
        ),
        row(
            "one alone above, the rest not known",
            facts(
                new(),
                vec![
                    supplies(OPEN_COTS, OPEN_PLACE, PartValue::Unknown),
                    services(Outside, dollars(800_000)),
                ],
            ),
            "REQUIRED",
            &[],
            H1,
        ),
        row(
            "inside and outside parts",
            facts(
                new(),
                vec![
                    services(Us, dollars(50_000_000)),
                    services(Outside, dollars(650_000)),
                ],
            ),
            "NOT_REQUIRED",
            &[],
            "52.222-50(h)(1): the portion, not the award",
        ),
        row(
            "IDIQ, whole outside: the ceiling counts",
            idiq(
                "OCT 2025",
                Some(9_000_000),
                vec![services(Outside, PartValue::WholeContract)],
            ),
            "REQUIRED",
            &[],
            H1,
        ),
        row(
            "IDIQ with a low ceiling",
            idiq(
                "OCT 2025",
                Some(600_000),
                vec![services(Outside, PartValue::WholeContract)],
            ),
            "NOT_REQUIRED",
            &[],
            H1,
        ),
        row(
            "IDIQ without a ceiling",
            idiq(
                "OCT 2025",
                None,
                vec![services(Outside, PartValue::WholeContract)],
            ),
            "UNDETERMINED",
            &[Ceiling],
            H1,
        ),
        row(
            "IDIQ with a ceiling of zero",
            idiq(
                "OCT 2025",
                Some(0),
                vec![services(Outside, PartValue::WholeContract)],
            ),
            "UNDETERMINED",
            &[Ceiling],
            H1,
        ),
        row(
            "IDIQ with a negative ceiling",
            idiq(
                "OCT 2025",
                Some(-1),
                vec![services(Outside, PartValue::WholeContract)],
            ),
            "UNDETERMINED",
            &[Ceiling],
            H1,
        ),
        row(
            "IDIQ, the only part without a value",
            idiq(
                "OCT 2025",
                Some(9_000_000),
                vec![services(Outside, PartValue::Unknown)],
            ),
            "REQUIRED",
            &[],
            H1,
        ),
        row(
            "IDIQ, stated portion beats the ceiling",
            idiq(
                "OCT 2025",
                Some(9_000_000),
                vec![services(Outside, dollars(100_000))],
            ),
            "NOT_REQUIRED",
            &[],
            H1,
        ),
        row(
            "IDIQ, place not known",
            idiq(
                "OCT 2025",
                Some(9_000_000),
                vec![services(OPEN_PLACE, PartValue::WholeContract)],
            ),
            "UNDETERMINED",
            &[MissingKind::Place],
            H1,
        ),
        row(
            "IDIQ, two parts without values",
            idiq(
                "OCT 2025",
                Some(9_000_000),
                vec![
                    supplies(No, Outside, PartValue::Unknown),
                    services(Outside, PartValue::Unknown),
                ],
            ),
            "UNDETERMINED",
            &[PortionValue],
            H1,
        ),
        row(
            "zero outside, stated",
            facts(
                new(),
                vec![
                    supplies(OPEN_COTS, Outside, dollars(0)),
                    services(OPEN_PLACE, dollars(0)),
                ],
            ),
            "NOT_REQUIRED",
            &[],
            H1,
        ),
    ]
}

#[test]
fn the_truth_table_holds() {
    let policy = policy();
    let table = table();
    assert!(table.len() >= 30);
    for row in &table {
        let requirement = plan_requirement(&policy, &row.facts);
        assert_eq!(
            requirement.answer.as_str(),
            row.answer,
            "{}: {requirement:?}",
            row.case
        );
        let missing: Vec<MissingKind> = match &requirement.answer {
            plimsoll::disclosures::contractor::Answer::Undetermined { missing } => {
                let mut kinds: Vec<_> = missing.iter().map(|fact| fact.fact).collect();
                kinds.dedup();
                kinds
            }
            _ => Vec::new(),
        };
        assert_eq!(missing, row.missing, "{}", row.case);
        assert!(!requirement.arithmetic.shown.is_empty(), "{}", row.case);
        assert!(!requirement.citations.is_empty(), "{}", row.case);
    }
}

/// The page shows what the program does: line by line.
#[test]
fn the_page_shows_this_table() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/contractors.md"))
        .unwrap();
    for row in table() {
        let line = format!("| {} | `{}` | {} |", row.case, row.answer, row.citation);
        assert!(page.contains(&line), "docs/contractors.md lacks\n{line}");
    }
}

#[test]
fn an_edition_that_is_not_known_is_said() {
    for (text, said) in [
        ("OCT 2025", None),
        ("MAR 2015", None),
        ("FEB 2026", Some("no edition of FEB 2026 is known")),
        ("NOV 2021", Some("the edition of NOV 2021 waits")),
    ] {
        let parts = vec![services(Outside, dollars(9_000_000))];
        let requirement = plan_requirement(&policy(), &facts(edition(text), parts));
        assert_eq!(requirement.answer.as_str(), "REQUIRED");
        let about: Vec<&String> = requirement
            .assumptions
            .iter()
            .filter(|one| one.contains("edition of"))
            .collect();
        match said {
            None => assert!(about.is_empty(), "{about:?}"),
            Some(said) => assert!(about[0].starts_with(said), "{about:?}"),
        }
    }
}

#[test]
fn leads_never_decide() {
    let policy = policy();
    let mut bare = facts(edition("OCT 2025"), Vec::new());
    let without = plan_requirement(&policy, &bare);
    bare.leads = vec![
        "value on record, all options: 90,000,000".to_owned(),
        "place of performance on record: Kuwait".to_owned(),
    ];
    let with = plan_requirement(&policy, &bare);
    assert_eq!(without.answer, with.answer);
    assert_eq!(with.answer.as_str(), "UNDETERMINED");
}

fn any_part() -> impl Strategy<Value = Part> {
    let what = prop_oneof![
        Just(What::Services),
        Just(What::Supplies(No)),
        Just(What::Supplies(Yes)),
        Just(What::Supplies(OPEN_COTS)),
        Just(What::Supplies(Modified)),
    ];
    let place = prop_oneof![Just(Us), Just(Outside), Just(OPEN_PLACE)];
    let value = prop_oneof![
        (0_i64..2_000_000).prop_map(dollars),
        Just(PartValue::Unknown),
        Just(PartValue::WholeContract),
    ];
    (what, place, value).prop_map(|(what, place, value)| part(what, place, value))
}

proptest! {
    #[test]
    fn the_order_of_parts_never_matters(parts in prop::collection::vec(any_part(), 0..5)) {
        let policy = policy();
        let mut turned = parts.clone();
        turned.reverse();
        let one = plan_requirement(&policy, &facts(edition("OCT 2025"), parts));
        let other = plan_requirement(&policy, &facts(edition("OCT 2025"), turned));
        prop_assert_eq!(one.answer, other.answer);
    }

    /// What is not known is asked: with a part whose place is open and whose
    /// value is not zero, the answer is never NOT_REQUIRED.
    #[test]
    fn unknown_is_never_not_required(parts in prop::collection::vec(any_part(), 0..4), value in 1_i64..2_000_000) {
        let mut parts = parts;
        parts.push(services(OPEN_PLACE, dollars(value)));
        let answer = plan_requirement(&policy(), &facts(edition("OCT 2025"), parts)).answer;
        prop_assert_ne!(answer.as_str(), "NOT_REQUIRED");
    }

    /// More outside never makes a plan less required.
    #[test]
    fn more_outside_never_lowers_it(value in 700_001_i64..2_000_000, parts in prop::collection::vec(any_part(), 0..4)) {
        let mut parts = parts;
        parts.push(services(Outside, dollars(value)));
        let answer = plan_requirement(&policy(), &facts(edition("OCT 2025"), parts)).answer;
        prop_assert_eq!(answer.as_str(), "REQUIRED");
    }
}

//! Whether a company is presumed to owe a statement. The list of those who file as
//! retail sellers or manufacturers is not public, so that nobody outside knows.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::register::{Register, RegisterEntry, RegisterLaw, Said};

/// The tests of the law, dated.
const COVERAGE: &str = include_str!("../../../fixtures/policy/statement_coverage.toml");

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Presumed {
    PresumedCovered,
    PresumedNot,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    RetailSeller,
    Manufacturer,
    Other,
}

/// What is known of a company; `None` is "not known", never "no".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CompanyFacts {
    pub activity: Option<Activity>,
    /// Does business where the law looks: California, the United Kingdom.
    pub does_business_there: Option<bool>,
    /// Worldwide receipts of a year in whole units of the law's currency.
    pub receipts: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Presumption {
    pub law: RegisterLaw,
    pub presumed: Presumed,
    pub reasons: Vec<PresumptionReason>,
}

/// One reason and where it is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PresumptionReason {
    pub points_to: Presumed,
    pub reason: String,
    pub source: String,
}

/// A law's own test.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverageTest {
    pub law: RegisterLaw,
    pub source: String,
    pub effective_from: NaiveDate,
    #[serde(default)]
    pub effective_to: Option<NaiveDate>,
    /// Any activity where empty.
    pub activities: Vec<Activity>,
    pub place: String,
    pub receipts_above: u64,
    pub currency: String,
}

impl CoverageTest {
    /// The tests as shipped.
    pub fn all() -> Result<Vec<Self>, toml::de::Error> {
        #[derive(Deserialize)]
        struct File {
            tests: Vec<CoverageTest>,
        }
        toml::from_str::<File>(COVERAGE).map(|file| file.tests)
    }

    fn in_force(&self, as_of: NaiveDate) -> bool {
        self.effective_from <= as_of && self.effective_to.is_none_or(|end| as_of < end)
    }
}

/// Presumes by the law's own test, and by what registers say of the company. Where
/// they do not agree nothing is presumed, and both are shown.
pub fn presume(
    tests: &[CoverageTest],
    law: RegisterLaw,
    facts: &CompanyFacts,
    entries: &[&RegisterEntry],
    as_of: NaiveDate,
) -> Presumption {
    let mut reasons = Vec::new();
    match tests
        .iter()
        .find(|test| test.law == law && test.in_force(as_of))
    {
        Some(test) => by_the_law(test, facts, &mut reasons),
        None => reasons.push(PresumptionReason {
            points_to: Presumed::PresumedNot,
            reason: format!("no such law was in force on {as_of}"),
            source: "statement_coverage".to_owned(),
        }),
    }
    let mut of_law: Vec<&&RegisterEntry> =
        entries.iter().filter(|entry| entry.law == law).collect();
    of_law.sort_by_key(|entry| (entry.register, entry.year, entry.as_of, entry.row));
    reasons.extend(of_law.into_iter().filter_map(|entry| by_register(entry)));

    let points = |to| reasons.iter().any(|reason| reason.points_to == to);
    let presumed = match (
        points(Presumed::PresumedCovered),
        points(Presumed::PresumedNot),
    ) {
        (true, false) => Presumed::PresumedCovered,
        (false, true) => Presumed::PresumedNot,
        _ => Presumed::Unknown,
    };
    Presumption {
        law,
        presumed,
        reasons,
    }
}

fn by_the_law(test: &CoverageTest, facts: &CompanyFacts, reasons: &mut Vec<PresumptionReason>) {
    let activity = facts
        .activity
        .map(|activity| test.activities.is_empty() || test.activities.contains(&activity))
        .or_else(|| test.activities.is_empty().then_some(true));
    let place = facts.does_business_there;
    let receipts = facts
        .receipts
        .map(|receipts| receipts > test.receipts_above);
    let mut say = |points_to, reason: String| {
        reasons.push(PresumptionReason {
            points_to,
            reason,
            source: test.source.clone(),
        });
    };
    // One element that fails is enough; all must be known to hold.
    if activity == Some(false) {
        say(
            Presumed::PresumedNot,
            "its principal activity is neither retail sale nor manufacture".to_owned(),
        );
    }
    if place == Some(false) {
        say(
            Presumed::PresumedNot,
            format!("it is not one that {}", test.place),
        );
    }
    if receipts == Some(false) {
        say(
            Presumed::PresumedNot,
            format!(
                "its worldwide receipts are not above {} {}",
                test.currency, test.receipts_above
            ),
        );
    }
    let elements = [
        ("the principal activity", activity),
        ("whether it does business there", place),
        ("worldwide receipts", receipts),
    ];
    if elements.iter().all(|(_, known)| *known == Some(true)) {
        say(
            Presumed::PresumedCovered,
            "activity, place of business and receipts are those that the law names".to_owned(),
        );
    }
    for (element, known) in elements {
        if known.is_none() {
            say(Presumed::Unknown, format!("not known: {element}"));
        }
    }
}

fn by_register(entry: &RegisterEntry) -> Option<PresumptionReason> {
    let (points_to, counted) = match entry.required? {
        Said::Yes => (Presumed::PresumedCovered, "among those required to publish"),
        Said::ForSubsidiary => (Presumed::Unknown, "for a subsidiary as required to publish"),
        Said::No | Said::NotApplicable => {
            (Presumed::PresumedNot, "among those not required to publish")
        }
        Said::Unclear => (Presumed::Unknown, "as one that may be required to publish"),
    };
    let register = match entry.register {
        Register::Benchmark => "a benchmark",
        Register::UnitedKingdom => "the UK registry",
        Register::Own => "our own register",
    };
    let day = entry
        .as_of
        .map(|day| day.to_string())
        .or_else(|| entry.year.map(|year| year.to_string()))
        .map(|day| format!(" of {day}"))
        .unwrap_or_default();
    Some(PresumptionReason {
        points_to,
        reason: format!("{register}{day} counts \"{}\" {counted}", entry.company),
        source: format!("register row {}", entry.row),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn presumed(facts: &CompanyFacts, entries: &[&RegisterEntry]) -> Presumed {
        let tests = CoverageTest::all().unwrap();
        presume(
            &tests,
            RegisterLaw::Sb657,
            facts,
            entries,
            day("2026-11-21"),
        )
        .presumed
    }

    fn facts(activity: Activity, receipts: u64) -> CompanyFacts {
        CompanyFacts {
            activity: Some(activity),
            does_business_there: Some(true),
            receipts: Some(receipts),
        }
    }

    #[test]
    fn the_law_says_exceed_and_names_two_activities() {
        for (activity, receipts, expected) in [
            (
                Activity::Manufacturer,
                100_000_001,
                Presumed::PresumedCovered,
            ),
            (
                Activity::RetailSeller,
                100_000_001,
                Presumed::PresumedCovered,
            ),
            (Activity::RetailSeller, 100_000_000, Presumed::PresumedNot),
            (Activity::Other, u64::MAX, Presumed::PresumedNot),
        ] {
            assert_eq!(presumed(&facts(activity, receipts), &[]), expected);
        }
        assert_eq!(presumed(&CompanyFacts::default(), &[]), Presumed::Unknown);
        let only_large = CompanyFacts {
            receipts: Some(u64::MAX),
            ..CompanyFacts::default()
        };
        assert_eq!(presumed(&only_large, &[]), Presumed::Unknown);
    }

    #[test]
    fn registers_count_and_disagreement_is_unknown() {
        let own = "company,law,required,published\nTamsin Tools,sb657,Yes,No\n\
                   Tamsin Tools,sb657,No,No\nTamsin Tools,sb657,Yes (subsidiary),Yes\n";
        let read = super::super::register::read_register(own.as_bytes()).unwrap();
        let [yes, no, subsidiary] = &read.entries[..] else {
            panic!("three rows");
        };
        let nothing = CompanyFacts::default();
        assert_eq!(presumed(&nothing, &[yes]), Presumed::PresumedCovered);
        assert_eq!(presumed(&nothing, &[no]), Presumed::PresumedNot);
        assert_eq!(presumed(&nothing, &[subsidiary]), Presumed::Unknown);
        assert_eq!(presumed(&nothing, &[yes, no]), Presumed::Unknown);
        let covered = facts(Activity::Manufacturer, 2_000_000_000);
        assert_eq!(presumed(&covered, &[no]), Presumed::Unknown);
    }

    #[test]
    fn before_the_law_nobody_is_covered() {
        let tests = CoverageTest::all().unwrap();
        let facts = facts(Activity::Manufacturer, u64::MAX);
        let presumption = presume(&tests, RegisterLaw::Sb657, &facts, &[], day("2011-12-31"));
        assert_eq!(presumption.presumed, Presumed::PresumedNot);
    }
}

//! A statement in the model: a gap where one is owed and found, credit at the
//! company's own word, and nothing without evidence.

use chrono::NaiveDate;
use plimsoll::{
    disclosures::{
        company::{Presumed, Presumption, PresumptionReason, RegisterLaw},
        statement::{MSA_S54, Overall, SB_657, StatementReading},
    },
    exposure::{self, GOODS_VOCABULARY, Vocabulary},
    risk::{self, EvidenceLevel, FLDD_1_0, FactorKind, Factored, Facts, Model, StatementOnFile},
    supplier::Supplier,
};

use crate::statements::{FULL, HONEST_NO, day, read_under};

fn presumption(presumed: Presumed) -> Presumption {
    Presumption {
        law: RegisterLaw::Sb657,
        presumed,
        reasons: vec![PresumptionReason {
            points_to: presumed,
            reason: "a benchmark of 2018 counts it among those required to publish".to_owned(),
            source: "register row 2".to_owned(),
        }],
    }
}

fn weighed(
    reading: &StatementReading,
    presumed: Presumed,
    retrieved_on: NaiveDate,
    as_of: NaiveDate,
) -> Factored {
    let model = Model::parse(FLDD_1_0).unwrap();
    let vocabulary = Vocabulary::parse(GOODS_VOCABULARY).unwrap();
    let supplier = Supplier {
        name: "Halvard & Roe Outfitters".to_owned(),
        ..Supplier::default()
    };
    let exposure = exposure::exposures(&supplier, &[], &vocabulary, as_of);
    let presumption = presumption(presumed);
    let factored = risk::inputs_from(
        &model,
        &Facts {
            supplier: &supplier,
            snapshots: &[],
            exposure: &exposure,
            hits: &[],
            locations: &[],
            order_reviews: &[],
            statement: Some(StatementOnFile {
                company: &supplier.name,
                reading,
                presumption: &presumption,
                citation: "https://roe.example/ca",
                retrieved_on,
            }),
            as_of,
        },
    );
    for factor in &factored.factors {
        assert!(!factor.evidence.is_empty(), "{factor:?}");
    }
    factored
}

fn gap(text: &str, presumed: Presumed) -> (Overall, u8) {
    let reading = read_under(SB_657, text.as_bytes());
    let factored = weighed(&reading, presumed, day(), day());
    (reading.overall, factored.inputs.gap.get())
}

const NAMED_ONLY: &str = "Halvard & Roe and the California Transparency in Supply Chains Act. The \
    Act requires retailers to disclose their efforts. We comply with the Act.";
const NOMINAL: &str = "Halvard & Roe opposes slavery and human trafficking in every form. We ask \
    our suppliers to share our values.";

#[test]
fn a_gap_counts_only_where_a_statement_is_owed_and_was_found() {
    let cases = [
        (NAMED_ONLY, Overall::None, 8),
        (NOMINAL, Overall::Nominal, 5),
        (
            "SB 657. We audit all our suppliers for forced labor.",
            Overall::Partial,
            3,
        ),
        (HONEST_NO, Overall::Full, 0),
        ("", Overall::NotLocated, 0),
        (
            "<html><body><p>We use cookies. Accept all.</p></body></html>",
            Overall::NotLocated,
            0,
        ),
    ];
    for (text, overall, points) in cases {
        assert_eq!(
            gap(text, Presumed::PresumedCovered),
            (overall, points),
            "{text}"
        );
        for nobody_owes in [Presumed::Unknown, Presumed::PresumedNot] {
            assert_eq!(gap(text, nobody_owes).1, 0, "{text}");
        }
    }
}

#[test]
fn a_company_s_own_words_are_self_declared_and_age() {
    let reading = read_under(SB_657, FULL.as_bytes());
    let factored = weighed(&reading, Presumed::Unknown, day(), day());
    let credits = factored.inputs.credits;
    assert_eq!(credits.training, Some(EvidenceLevel::SelfDeclared));
    assert_eq!(credits.unannounced_audit, Some(EvidenceLevel::SelfDeclared));
    // No topic of the law asks for these.
    assert_eq!(
        (credits.worker_voice, credits.no_fee_employer_pays),
        (None, None)
    );
    let diligence = factored
        .factors
        .iter()
        .filter(|factor| factor.factor == FactorKind::Diligence);
    for factor in diligence {
        assert!(
            factor.evidence.iter().any(|evidence| {
                evidence.source == "statement" && evidence.snapshot_sha256.is_some()
            }),
            "{factor:?}"
        );
    }
    for (later, credited) in [("2028-11-21", true), ("2028-11-22", false)] {
        let factored = weighed(&reading, Presumed::Unknown, day(), later.parse().unwrap());
        assert_eq!(
            factored.inputs.credits.training.is_some(),
            credited,
            "{later}"
        );
    }
    // Before it was retrieved it was not there.
    let earlier = weighed(
        &reading,
        Presumed::PresumedCovered,
        day(),
        "2026-11-20".parse().unwrap(),
    );
    assert_eq!(earlier.inputs.credits, risk::Credits::default());
}

#[test]
fn plain_assertions_and_denials_earn_nothing() {
    for text in [
        HONEST_NO,
        "SB 657. We train our employees on slavery. We audit our suppliers.",
        "SB 657. We may train our buyers on slavery once a year in a classroom.",
    ] {
        let reading = read_under(SB_657, text.as_bytes());
        let factored = weighed(&reading, Presumed::PresumedCovered, day(), day());
        assert_eq!(factored.inputs.credits, risk::Credits::default(), "{text}");
    }
    // Another law's reading weighs nothing.
    let other = read_under(MSA_S54, FULL.as_bytes());
    let factored = weighed(&other, Presumed::PresumedCovered, day(), day());
    assert_eq!(factored.inputs.gap.get(), 0);
    assert_eq!(factored.inputs.credits, risk::Credits::default());
}

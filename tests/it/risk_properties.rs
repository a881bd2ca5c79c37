//! What must always hold, whatever the inputs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::sync::LazyLock;

use plimsoll::{
    lists::Placement,
    risk::{
        self, AdverseItem, Assessment, Bounded, Credits, Disposition, EvidenceLevel, Floor,
        GoodsRisk, Inputs, Model, Recency, Remedy, Severity, Tier, UnknownFactor,
    },
};
use proptest::{collection, option, prelude::*, sample::select};

fn model() -> &'static Model {
    static MODEL: LazyLock<Model> = LazyLock::new(|| Model::parse(risk::FLDD_1_0).unwrap());
    &MODEL
}

fn item() -> impl Strategy<Value = AdverseItem> {
    use Severity::{
        ActiveOfficialListing, FinalDetermination, MultiSource, SingleSource,
        SubstantiatedAuditFinding,
    };
    (
        select(vec![
            FinalDetermination,
            ActiveOfficialListing,
            SubstantiatedAuditFinding,
            MultiSource,
            SingleSource,
        ]),
        select(vec![
            Recency::UpTo2Years,
            Recency::UpTo5Years,
            Recency::UpTo10Years,
            Recency::Older,
        ]),
        select(vec![
            Remedy::None,
            Remedy::InProgress,
            Remedy::Verified,
            Remedy::Lifted,
        ]),
    )
        .prop_map(|(severity, recency, remedy)| AdverseItem(severity, recency, remedy))
}

fn level() -> impl Strategy<Value = Option<EvidenceLevel>> {
    option::of(select(vec![
        EvidenceLevel::SelfDeclared,
        EvidenceLevel::Documented,
        EvidenceLevel::Independent,
    ]))
}

fn credits() -> impl Strategy<Value = Credits> {
    (level(), level(), level(), level(), level(), level()).prop_map(
        |(
            traceability,
            no_fee_employer_pays,
            worker_voice,
            unannounced_audit,
            remediation,
            training,
        )| Credits {
            traceability,
            no_fee_employer_pays,
            worker_voice,
            unannounced_audit,
            remediation,
            training,
        },
    )
}

fn floor() -> impl Strategy<Value = Option<Floor>> {
    option::of(select(vec![Floor::Esc2, Floor::Esc1, Floor::Hold]))
}

fn inputs() -> impl Strategy<Value = Inputs> {
    let placements = vec![
        Placement::Tier1,
        Placement::Tier2,
        Placement::Tier2WatchList,
        Placement::Tier3,
        Placement::SpecialCase,
    ];
    let goods = vec![
        GoodsRisk::None,
        GoodsRisk::SectorOnly,
        GoodsRisk::ClListed,
        GoodsRisk::Downstream,
        GoodsRisk::FlListed,
        GoodsRisk::UflpaSectorPrcOrUnknownInputs,
        GoodsRisk::Eo13126,
    ];
    let unknown = vec![
        UnknownFactor::Country,
        UnknownFactor::Goods,
        UnknownFactor::Workforce,
    ];
    (
        (
            option::of(select(placements)),
            0..=3_u8,
            any::<bool>(),
            any::<bool>(),
        ),
        (
            collection::btree_set(select(goods), 0..4),
            any::<bool>(),
            0..=14_u8,
            0..=30_u8,
        ),
        (collection::vec(item(), 0..6), credits(), floor(), floor()),
        (collection::btree_set(select(unknown), 0..4), 0..=100_u8),
    )
        .prop_map(
            |(
                (tip, gsi_band, state_imposed, subregion),
                (goods, goods_multi, workforce, gap),
                (adverse, credits, floor, pending),
                (unknown, coverage),
            )| Inputs {
                tip,
                gsi_band: Bounded::capped(gsi_band),
                state_imposed,
                subregion,
                goods,
                goods_multi,
                workforce: Bounded::capped(workforce),
                adverse,
                gap: Bounded::capped(gap),
                credits,
                floor,
                pending,
                unknown,
                coverage: Bounded::capped(coverage),
            },
        )
}

/// The score as known, also where it is not shown.
fn score(inputs: &Inputs) -> u8 {
    risk::assess(model(), inputs).range[0]
}

fn floor_points(floor: Option<Floor>) -> u8 {
    match floor {
        None => 0,
        Some(Floor::Esc2) => 50,
        Some(Floor::Esc1) => 75,
        Some(Floor::Hold) => 90,
    }
}

proptest! {
    #[test]
    fn an_unreviewed_hit_never_moves_the_score(inputs in inputs(), pending in floor()) {
        let other = Inputs { pending, ..inputs.clone() };
        let (one, two) = (risk::assess(model(), &inputs), risk::assess(model(), &other));
        prop_assert_eq!(one.range, two.range);
        if let (Some(one), Some(two)) = (one.score, two.score) {
            prop_assert_eq!(one, two);
        }
    }

    #[test]
    fn adverse_evidence_never_lowers_it(inputs in inputs(), item in item(), at in any::<prop::sample::Index>()) {
        let mut more = inputs.clone();
        more.adverse.insert(at.index(inputs.adverse.len() + 1), item);
        prop_assert!(score(&more) >= score(&inputs));
    }

    #[test]
    fn a_gap_never_lowers_it(inputs in inputs(), by in 1..=30_u8) {
        let wider = Inputs { gap: Bounded::capped(inputs.gap.get() + by), ..inputs.clone() };
        prop_assert!(score(&wider) >= score(&inputs));
    }

    #[test]
    fn a_credit_never_raises_it_nor_breaches_a_floor(inputs in inputs(), credits in credits()) {
        let none = Inputs { credits: Credits::default(), ..inputs.clone() };
        let given = Inputs { credits, ..inputs };
        prop_assert!(score(&given) <= score(&none));
        prop_assert!(score(&given) >= floor_points(given.floor));
    }

    #[test]
    fn a_credit_takes_nothing_of_adverse_evidence(inputs in inputs()) {
        let result = risk::assess(model(), &inputs);
        let inherent = u16::from(result.c) + u16::from(result.g) + u16::from(result.w) + u16::from(result.t);
        let d_eff: Vec<u32> = result.d_eff.to_string().split('/').map(|part| part.parse().unwrap()).collect();
        let lower = d_eff.get(1).copied().unwrap_or(1);
        prop_assert!(2 * d_eff[0] <= u32::from(inherent) * lower);
    }

    #[test]
    fn stays_in_bounds(inputs in inputs()) {
        let result = risk::assess(model(), &inputs);
        prop_assert!(result.c <= 20 && result.g <= 20 && result.w <= 10 && result.t <= 20);
        prop_assert!(result.range[0] <= result.range[1] && result.range[1] <= 100);
        prop_assert!(result.range[0] >= floor_points(inputs.floor));
        if let Some(score) = result.score {
            prop_assert_eq!(score, result.range[0]);
        }
        if inputs.unknown.is_empty() {
            prop_assert_eq!(result.range[0], result.range[1]);
        }
    }

    #[test]
    fn null_score_means_not_assessed_and_never_hides_a_floor(inputs in inputs()) {
        let result = risk::assess(model(), &inputs);
        prop_assert_eq!(result.score.is_none(), result.tier == Tier::NotAssessed);
        prop_assert_eq!(result.score.is_none(), result.disposition == Disposition::InsufficientData);
        if result.score.is_none() {
            prop_assert!(inputs.floor.is_none() && inputs.pending.is_none());
            prop_assert!(inputs.coverage.get() < 50 && result.range[0] < 40);
        }
    }

    #[test]
    fn knowing_the_worst_of_a_factor_stays_within_the_range(inputs in inputs()) {
        let known = Inputs { unknown: std::collections::BTreeSet::default(), ..inputs.clone() };
        let result = risk::assess(model(), &inputs);
        let known = score(&known);
        prop_assert!(result.range[0] <= known && known <= result.range[1]);
    }

    #[test]
    fn confirming_never_scores_below_dismissing(inputs in inputs()) {
        let result = risk::assess(model(), &inputs);
        prop_assert_eq!(result.score_if_confirmed.is_some(), result.disposition == Disposition::ReviewRequired);
        prop_assert_eq!(result.score_if_confirmed.is_some(), result.score_if_dismissed.is_some());
        if let (Some(confirmed), Some(dismissed)) = (result.score_if_confirmed, result.score_if_dismissed) {
            prop_assert!(confirmed >= dismissed);
            prop_assert!(confirmed >= floor_points(inputs.pending));
            prop_assert_eq!(Some(dismissed), result.score);
        }
    }

    #[test]
    fn same_inputs_same_bytes(inputs in inputs()) {
        let written = serde_json::to_vec(&inputs).unwrap();
        let read: Inputs = serde_json::from_slice(&written).unwrap();
        prop_assert_eq!(&read, &inputs);
        let bytes = |inputs: &Inputs| serde_json::to_vec(&risk::assess(model(), inputs)).unwrap();
        prop_assert_eq!(bytes(&read), bytes(&inputs));
        let stored: Assessment = serde_json::from_slice(&bytes(&inputs)).unwrap();
        prop_assert_eq!(stored, risk::assess(model(), &inputs));
        let mut turned = inputs.clone();
        turned.adverse.reverse();
        prop_assert_eq!(bytes(&turned), bytes(&inputs));
    }

    #[test]
    fn no_bytes_crash_the_readers(bytes in collection::vec(any::<u8>(), 0..200)) {
        let _ = risk::assess_file(model(), &bytes);
        let _ = Model::parse(&bytes);
    }
}

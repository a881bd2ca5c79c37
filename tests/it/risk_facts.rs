//! From a supplier, lists and hits to a scored supplier, end to end.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::sync::LazyLock;

use chrono::{NaiveDate, TimeZone, Utc};
use plimsoll::{
    country::Country,
    exposure::{self, GOODS_VOCABULARY, Vocabulary},
    lists::{
        Completeness, Content, Entry, EntryKind, EntryStatus, GoodListing, Placement,
        PrioritySector, Scope, Snapshot, SnapshotHead, Source, TipPlacement,
    },
    risk::{
        self, Assessment, FactorKind, Factored, Facts, Floor, GoodsRisk, Model, OrderReview,
        ReviewedHit, ReviewedPlace,
    },
    screening::{
        Band, Disposition, Feature, FeatureKind, Hit, LocationField, LocationLead, PlaceKind,
        Review, Similarity,
    },
    supplier::{Address, Supplier},
};

static MODEL: LazyLock<Model> = LazyLock::new(|| Model::parse(risk::FLDD_1_0).unwrap());
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::parse(GOODS_VOCABULARY).unwrap());

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn country(code: &str) -> Country {
    Country::from_alpha2(code).unwrap()
}

fn snapshot(source: Source, content: Content) -> Snapshot {
    Snapshot {
        head: SnapshotHead {
            derived_from: None,
            confirmed_on: None,
            source,
            publisher: "publisher".to_owned(),
            title: "List".to_owned(),
            edition: "2026".to_owned(),
            edition_date: day(2026, 11, 1),
            retrieved_on: day(2026, 11, 2),
            url: "https://example.gov/list".to_owned(),
            sha256: "ab".repeat(32),
            parser_version: 1,
            completeness: Completeness {
                held: 10,
                expected: Some(10),
                unit: "rows".to_owned(),
                note: None,
            },
        },
        content,
    }
}

fn good(good: &str, code: &str, forced: bool) -> GoodListing {
    GoodListing {
        listed_on: None,
        delisted_on: None,
        good: good.to_owned(),
        sector: None,
        country: country(code),
        country_as_published: code.to_owned(),
        child_labor: true,
        forced_labor: forced,
        forced_child_labor: false,
        downstream: false,
        input_country: None,
        citation: "DOL, List of Goods".to_owned(),
    }
}

fn entry(id: &str, kind: EntryKind, code: &str, goods: Option<&str>) -> Entry {
    Entry {
        id: id.to_owned(),
        kind,
        name: id.to_owned(),
        aliases: vec![],
        scope: Scope::NamedParty,
        countries: vec![country(code)],
        addresses: vec![],
        identifiers: vec![],
        programs: vec![],
        goods: goods.map(str::to_owned),
        listed_on: Some(day(2022, 6, 21)),
        delisted_on: None,
        earlier: Vec::new(),
        status: EntryStatus::Active,
        citation: "87 FR 1".to_owned(),
        remarks: None,
    }
}

fn sector(key: &str, prefix: &str) -> PrioritySector {
    PrioritySector {
        key: key.to_owned(),
        name: key.to_owned(),
        designated_on: day(2022, 6, 17),
        hs_prefixes: vec![prefix.to_owned()],
        citation: "FLETF strategy".to_owned(),
    }
}

/// All six lists, whole and fresh.
fn lists() -> Vec<Snapshot> {
    let placement = |code, placement| TipPlacement {
        country: country(code),
        country_as_published: code.to_owned(),
        year: 2026,
        placement,
        citation: "TIP report".to_owned(),
    };
    let mut revoked = entry("revoked", EntryKind::Organization, "CN", None);
    revoked.status = EntryStatus::Revoked;
    let mut lifted = entry(
        "lifted",
        EntryKind::Organization,
        "MY",
        Some("Rubber gloves"),
    );
    lifted.delisted_on = Some(day(2023, 9, 1));
    let mut future = entry("future", EntryKind::Organization, "CN", None);
    future.listed_on = Some(day(2027, 1, 1));
    vec![
        snapshot(
            Source::Uflpa,
            Content {
                entries: vec![entry("mill", EntryKind::Organization, "CN", None), future],
                ..Content::default()
            },
        ),
        snapshot(
            Source::Cbp,
            Content {
                entries: vec![
                    revoked,
                    lifted,
                    entry(
                        "Xinjiang Uyghur Autonomous Region",
                        EntryKind::Region,
                        "CN",
                        Some("Cotton and tomatoes and downstream products"),
                    ),
                    entry(
                        "All Turkmenistan cotton or products produced in whole or in part with it",
                        EntryKind::Good,
                        "TM",
                        Some("Cotton"),
                    ),
                ],
                ..Content::default()
            },
        ),
        snapshot(
            Source::DolGoods,
            Content {
                goods: vec![
                    good("Garments", "CN", true),
                    good("Garments", "VN", true),
                    good("Garments", "BD", false),
                    good("Bricks", "IN", true),
                ],
                ..Content::default()
            },
        ),
        snapshot(
            Source::Eo13126,
            Content {
                goods: vec![good("Bricks", "IN", false)],
                ..Content::default()
            },
        ),
        snapshot(
            Source::Tip,
            Content {
                placements: vec![
                    placement("CN", Placement::Tier3),
                    placement("DE", Placement::Tier1),
                    placement("VN", Placement::Tier2),
                    placement("TM", Placement::Tier2WatchList),
                ],
                ..Content::default()
            },
        ),
        snapshot(
            Source::UflpaSectors,
            Content {
                sectors: vec![
                    sector("apparel", "61"),
                    sector("pvc", "3904"),
                    sector("cotton", "52"),
                ],
                ..Content::default()
            },
        ),
    ]
}

#[derive(Default)]
struct Case {
    supplier: Supplier,
    hits: Vec<(Hit, Disposition)>,
    locations: Vec<(LocationLead, Disposition)>,
    orders: Vec<OrderReview>,
    turned: bool,
}

impl Case {
    fn assess(&self) -> (Factored, Assessment, String) {
        let lists = lists();
        let mut snapshots: Vec<&Snapshot> = lists.iter().collect();
        let mut hits: Vec<ReviewedHit<'_>> = self
            .hits
            .iter()
            .map(|(hit, disposition)| ReviewedHit { hit, disposition })
            .collect();
        let places: Vec<_> = self
            .locations
            .iter()
            .map(|(lead, disposition)| ReviewedPlace { lead, disposition })
            .collect();
        if self.turned {
            snapshots.reverse();
            hits.reverse();
        }
        let as_of = day(2026, 11, 21);
        let exposure = exposure::exposures(&self.supplier, &snapshots, &VOCABULARY, as_of);
        let facts = Facts {
            supplier: &self.supplier,
            snapshots: &snapshots,
            exposure: &exposure,
            hits: &hits,
            locations: &places,
            order_reviews: &self.orders,
            statement: None,
            as_of,
        };
        let factored = risk::inputs_from(&MODEL, &facts);
        let assessment = risk::assess(&MODEL, &factored.inputs);
        for factor in &factored.factors {
            assert!(!factor.evidence.is_empty(), "{factor:?}");
            assert!(
                factor
                    .evidence
                    .iter()
                    .all(|evidence| !evidence.citation.is_empty() && !evidence.source.is_empty())
            );
        }
        let reason = risk::reason_line(&facts, &factored, &assessment);
        (factored, assessment, reason)
    }
}

fn supplier(code: &str, goods: &[&str]) -> Supplier {
    Supplier {
        name: "Example Ltd".to_owned(),
        address: Address {
            country: (!code.is_empty()).then(|| country(code)),
            ..Address::default()
        },
        goods: goods.iter().map(|good| (*good).to_owned()).collect(),
        ..Supplier::default()
    }
}

fn plain(code: &str, goods: &[&str]) -> (Factored, Assessment, String) {
    let supplier = supplier(code, goods);
    Case {
        supplier,
        ..Case::default()
    }
    .assess()
}

fn hit(source: Source, entry_id: &str, millionths: u32) -> Hit {
    Hit {
        source,
        entry_id: entry_id.to_owned(),
        listed_name: "Listed Mill".to_owned(),
        supplier_name: "Example Ltd".to_owned(),
        similarity: Similarity::from_millionths(millionths).unwrap(),
        band: Band::Review,
        features: vec![],
        alignment: vec![],
        model: plimsoll::screening::model_version(),
    }
}

fn review() -> Review {
    Review {
        reviewer: "reviewer".to_owned(),
        at: Utc.with_ymd_and_hms(2026, 11, 20, 0, 0, 0).unwrap(),
        rationale: "documents".to_owned(),
    }
}

fn with_hits(hits: Vec<(Hit, Disposition)>) -> (Factored, Assessment, String) {
    Case {
        supplier: supplier("CN", &["Apparel"]),
        hits,
        ..Case::default()
    }
    .assess()
}

#[test]
fn a_name_and_a_country_alone_are_not_assessed() {
    for code in ["CN", "DE", "VN", "BD"] {
        let (factored, assessment, reason) = plain(code, &[]);
        assert!(factored.inputs.coverage.get() < 50, "{code}");
        assert_eq!(assessment.score, None);
        assert_eq!(assessment.disposition, risk::Disposition::InsufficientData);
        assert_eq!(reason, "too little is known: no goods, no workforce");
    }
    let (factored, assessment, _) = plain("", &[]);
    assert_eq!(assessment.range, [0, 50]);
    // Six of the eight wanted lists are held in this test.
    assert_eq!(factored.inputs.coverage.get(), 15);
}

#[test]
fn goods_not_understood_are_unknown_and_said() {
    let (factored, assessment, reason) = plain("CN", &["Equipment"]);
    assert!(
        factored
            .inputs
            .unknown
            .contains(&risk::UnknownFactor::Goods)
    );
    assert!(
        factored
            .assumptions
            .iter()
            .any(|said| said.contains("\"Equipment\""))
    );
    assert_eq!(assessment.score, None);
    assert_eq!(
        reason,
        "too little is known: goods \"Equipment\" not placed, no workforce"
    );
}

#[test]
fn apparel_from_china_stands_on_two_lists() {
    let (factored, assessment, reason) = plain("CN", &["Apparel"]);
    let inputs = &factored.inputs;
    assert!(inputs.state_imposed && inputs.goods_multi && !inputs.subregion);
    assert!(inputs.goods.contains(&GoodsRisk::FlListed));
    assert!(
        inputs
            .goods
            .contains(&GoodsRisk::UflpaSectorPrcOrUnknownInputs)
    );
    assert_eq!((assessment.c, assessment.g, assessment.w), (15, 20, 0));
    assert_eq!((assessment.score, assessment.range), (Some(35), [35, 45]));
    assert_eq!(assessment.coverage, 70);
    // The order on Xinjiang's cotton is not an order on China's.
    assert_eq!(inputs.pending, None);
    assert_eq!(
        reason,
        "Apparel from China: DOL 2026: forced labor; UFLPA priority sector"
    );
}

#[test]
fn sectors_weigh_by_origin() {
    let goods_of = |code, goods| {
        plain(code, &[goods])
            .0
            .inputs
            .goods
            .into_iter()
            .collect::<Vec<_>>()
    };
    assert_eq!(goods_of("DE", "PVC resin"), [GoodsRisk::SectorOnly]);
    assert_eq!(
        goods_of("CN", "PVC resin"),
        [GoodsRisk::UflpaSectorPrcOrUnknownInputs]
    );
    assert_eq!(
        goods_of("", "PVC resin"),
        [GoodsRisk::UflpaSectorPrcOrUnknownInputs]
    );
    assert_eq!(goods_of("VN", "Apparel"), [GoodsRisk::FlListed]);
    assert_eq!(goods_of("BD", "Apparel"), [GoodsRisk::ClListed]);
    assert_eq!(goods_of("DE", "toys"), [GoodsRisk::None]);
    assert_eq!(
        goods_of("IN", "clay bricks"),
        [GoodsRisk::FlListed, GoodsRisk::Eo13126]
    );
    assert!(plain("IN", &["clay bricks"]).0.inputs.goods_multi);
    assert!(!plain("", &["PVC resin"]).0.inputs.goods_multi);
}

#[test]
fn production_goes_before_the_address_and_the_basis_is_said() {
    let mut made_elsewhere = supplier("DE", &["Apparel"]);
    made_elsewhere.country_of_production = Some(Country::CHINA);
    let (factored, assessment, _) = Case {
        supplier: made_elsewhere,
        ..Case::default()
    }
    .assess();
    assert_eq!(assessment.c, 15);
    assert!(
        !factored
            .assumptions
            .iter()
            .any(|said| said.contains("address"))
    );
    let (factored, ..) = plain("CN", &["Apparel"]);
    assert!(
        factored
            .assumptions
            .iter()
            .any(|said| said.contains("address"))
    );
}

#[test]
fn unreviewed_hits_wait_by_their_similarity_and_move_no_score() {
    let (_, without, _) = plain("CN", &["Apparel"]);
    let identified = Hit {
        features: vec![Feature {
            kind: FeatureKind::IdentifierEqual,
            contribution: 0,
            detail: "USCC".to_owned(),
        }],
        ..hit(Source::Uflpa, "mill", 100_000)
    };
    let cases = [
        (hit(Source::Uflpa, "mill", 849_999), None),
        (hit(Source::Uflpa, "mill", 850_000), Some(Floor::Hold)),
        (identified, Some(Floor::Hold)),
        (hit(Source::Cbp, "revoked", 990_000), None),
        (hit(Source::Cbp, "lifted", 990_000), None),
        (hit(Source::Uflpa, "future", 990_000), None),
        (hit(Source::Uflpa, "not in the snapshot", 990_000), None),
    ];
    for (hit, pending) in cases {
        for disposition in [Disposition::Unresolved, Disposition::Escalated(review())] {
            let (factored, assessment, _) = with_hits(vec![(hit.clone(), disposition)]);
            assert_eq!(factored.inputs.pending, pending, "{hit:?}");
            assert_eq!(assessment.score, without.score);
            assert_eq!(assessment.range, without.range);
        }
        let (factored, ..) = with_hits(vec![(hit, Disposition::FalsePositive(review()))]);
        assert_eq!(factored.inputs.pending, None);
    }
    let (_, assessment, reason) = with_hits(vec![
        (hit(Source::Uflpa, "mill", 860_000), Disposition::Unresolved),
        (hit(Source::Uflpa, "mill", 930_000), Disposition::Unresolved),
    ]);
    assert_eq!(assessment.disposition, risk::Disposition::ReviewRequired);
    assert_eq!(assessment.score_if_confirmed, Some(90));
    assert_eq!(
        reason,
        "name 0.93 like an entry of DHS's UFLPA Entity List (listed 2022-06-21), unreviewed"
    );
}

#[test]
fn confirmed_hits_count_by_how_the_entry_stands() {
    let confirmed = |source, id| {
        with_hits(vec![
            (hit(source, id, 900_000), Disposition::TrueMatch(review())),
            (hit(source, id, 950_000), Disposition::Unresolved),
        ])
    };
    let (factored, assessment, reason) = confirmed(Source::Uflpa, "mill");
    assert_eq!(assessment.disposition, risk::Disposition::Hold);
    assert_eq!(factored.inputs.adverse.len(), 1);
    assert_eq!(factored.inputs.pending, None);
    assert_eq!(reason, "listed by DHS on 2022-06-21 (UFLPA Entity List)");

    let (factored, assessment, _) = confirmed(Source::Cbp, "lifted");
    assert_eq!(factored.inputs.floor, None);
    assert_eq!(assessment.a.to_string(), "28/5");

    let (factored, assessment, _) = confirmed(Source::Cbp, "revoked");
    assert_eq!(factored.inputs.floor, None);
    assert_eq!(assessment.a.to_string(), "8");

    let (factored, ..) = confirmed(Source::Uflpa, "future");
    assert!(factored.inputs.adverse.is_empty() && factored.inputs.floor.is_none());
}

#[test]
fn an_address_in_xinjiang_is_a_lead_of_its_own() {
    let place_in = |field, disposition| {
        let lead = LocationLead {
            kind: PlaceKind::Region,
            place: "Aksu".to_owned(),
            cue: "aksu".to_owned(),
            field,
        };
        Case {
            supplier: supplier("CN", &["Apparel"]),
            locations: vec![(lead, disposition)],
            ..Case::default()
        }
        .assess()
    };
    let with = |disposition| place_in(LocationField::City, disposition);
    let (factored, assessment, _) = with(Disposition::Unresolved);
    assert!(factored.inputs.subregion);
    assert_eq!(factored.inputs.pending, Some(Floor::Hold));
    assert_eq!(assessment.c, 17);
    // Both the place and the order on the region wait.
    let waiting = factored
        .factors
        .iter()
        .filter(|factor| factor.factor == FactorKind::Pending);
    assert_eq!(waiting.count(), 2);
    let (factored, ..) = with(Disposition::FalsePositive(review()));
    assert!(!factored.inputs.subregion && factored.inputs.pending.is_none());
    let (_, assessment, _) = with(Disposition::TrueMatch(review()));
    assert_eq!(assessment.disposition, risk::Disposition::Hold);

    // A place in a name waits for review too, but moves no score.
    let (factored, ..) = place_in(LocationField::Name, Disposition::Unresolved);
    assert!(!factored.inputs.subregion);
    assert_eq!(factored.inputs.pending, Some(Floor::Hold));
}

#[test]
fn a_country_wide_order_waits_for_review_and_holds_when_confirmed() {
    let id = "All Turkmenistan cotton or products produced in whole or in part with it";
    for goods in ["cotton", "Apparel", "bed linen"] {
        let (factored, assessment, _) = plain("TM", &[goods]);
        assert_eq!(factored.inputs.pending, Some(Floor::Hold), "{goods}");
        assert!(factored.inputs.state_imposed);
        assert_eq!(assessment.disposition, risk::Disposition::ReviewRequired);
    }
    assert_eq!(plain("TM", &["carpets"]).0.inputs.pending, None);
    let reviewed = |disposition| {
        Case {
            supplier: supplier("TM", &["cotton"]),
            orders: vec![OrderReview {
                source: Source::Cbp,
                entry_id: id.to_owned(),
                disposition,
            }],
            ..Case::default()
        }
        .assess()
    };
    assert_eq!(
        reviewed(Disposition::FalsePositive(review()))
            .0
            .inputs
            .pending,
        None
    );
    let (factored, ..) = reviewed(Disposition::TrueMatch(review()));
    assert_eq!(
        (factored.inputs.floor, factored.inputs.pending),
        (Some(Floor::Hold), None)
    );
}

#[test]
fn the_workforce_is_known_by_its_migrant_share() {
    let with = |share, naics: &[&str]| {
        let mut supplier = supplier("DE", &["toys"]);
        supplier.migrant_share_permille = share;
        supplier.naics = naics.iter().map(|code| (*code).to_owned()).collect();
        Case {
            supplier,
            ..Case::default()
        }
        .assess()
    };
    for (share, naics, points, unknown, coverage) in [
        (None, vec![], 0, true, 70),
        (Some(0), vec![], 0, false, 80),
        (Some(199), vec![], 0, false, 80),
        (Some(200), vec![], 4, false, 80),
        (Some(1000), vec!["315250", "561320"], 7, false, 80),
        (None, vec!["315250"], 3, false, 70),
    ] {
        let (factored, assessment, _) = with(share, &naics);
        assert_eq!(assessment.w, points, "{share:?} {naics:?}");
        assert_eq!(
            factored
                .inputs
                .unknown
                .contains(&risk::UnknownFactor::Workforce),
            unknown
        );
        assert_eq!(assessment.coverage, coverage);
    }
}

#[test]
fn the_order_of_hits_and_snapshots_does_not_matter() {
    let case = |turned| {
        Case {
            supplier: supplier("CN", &["Apparel", "PVC resin"]),
            hits: vec![
                (hit(Source::Uflpa, "mill", 930_000), Disposition::Unresolved),
                (
                    hit(Source::Cbp, "lifted", 930_000),
                    Disposition::TrueMatch(review()),
                ),
                (
                    hit(Source::Cbp, "revoked", 930_000),
                    Disposition::TrueMatch(review()),
                ),
            ],
            turned,
            ..Case::default()
        }
        .assess()
    };
    let (one, two) = (case(false), case(true));
    assert_eq!(
        serde_json::to_vec(&one.0).unwrap(),
        serde_json::to_vec(&two.0).unwrap()
    );
    assert_eq!(one.2, two.2);
}

#[test]
fn goods_of_a_country_under_a_presumption_wait_for_review() {
    let (factored, assessment, reason) = Case {
        supplier: supplier("KP", &["Toys"]),
        ..Case::default()
    }
    .assess();
    assert_eq!(factored.inputs.pending, Some(Floor::Hold));
    assert_eq!(assessment.disposition, risk::Disposition::ReviewRequired);
    assert_eq!(assessment.score_if_confirmed, Some(90));
    assert!(reason.contains("North Korean"), "{reason}");
}

/// What `lists status` calls stale must not count as fresh in a coverage.
#[test]
fn one_rule_says_how_old_a_list_may_be() {
    for wanted in &MODEL.wanted_lists {
        if let Ok(source) = wanted.source.parse::<Source>() {
            assert_eq!(wanted.max_age_days, source.stale_after_days(), "{source}");
        }
    }
}

#[test]
fn goods_that_are_said_to_come_from_xinjiang_wait_for_review() {
    let (factored, assessment, reason) = Case {
        supplier: supplier("TR", &["Xinjiang cotton yarn"]),
        ..Case::default()
    }
    .assess();
    assert_eq!(factored.inputs.pending, Some(Floor::Hold), "{reason}");
    assert!(!factored.inputs.subregion, "a word moves no score");
    assert_eq!(assessment.disposition, risk::Disposition::ReviewRequired);
}

//! The embedded reference snapshot holds what its heads say it holds.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;

use chrono::NaiveDate;
use plimsoll::{
    country::Country,
    lists::{EntryKind, EntryStatus, ListSet, Placement, Snapshot, Source, reference},
};

fn set() -> ListSet {
    ListSet::new(reference::snapshots().unwrap())
}

fn latest(set: &ListSet, source: Source) -> &Snapshot {
    set.latest(source).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn country(code: &str) -> Country {
    Country::from_alpha2(code).unwrap()
}

#[test]
fn every_source_is_held_with_its_count_and_what_is_missing() {
    let set = set();
    let held: Vec<_> = Source::ALL
        .into_iter()
        .map(|source| {
            let completeness = &latest(&set, source).head.completeness;
            (
                source.code(),
                completeness.held,
                completeness.expected,
                completeness.unit.as_str(),
            )
        })
        .collect();
    assert_eq!(
        held,
        [
            ("uflpa", 85, Some(144), "entities"),
            ("uflpa-sectors", 12, Some(12), "sectors"),
            ("cbp", 80, Some(97), "records"),
            ("dol-goods", 169, Some(204), "goods"),
            ("eo13126", 34, None, "products"),
            ("tip", 188, Some(188), "countries"),
        ]
    );
    for head in set.heads() {
        assert!(head.completeness.note.is_some(), "{}", head.source);
        assert!(head.retrieved_on >= head.edition_date);
        assert_eq!(head.sha256.len(), 64);
    }
}

#[test]
fn bytes_kept_elsewhere_read_to_the_same_snapshot() {
    for (&(source, bytes), snapshot) in reference::files()
        .iter()
        .zip(reference::snapshots().unwrap())
    {
        assert_eq!(reference::parse(source, bytes).unwrap(), snapshot);
    }
}

#[test]
fn no_placement_year_is_missing_between_the_first_and_the_last() {
    let years: Vec<u16> = reference::snapshots()
        .unwrap()
        .iter()
        .filter(|snapshot| snapshot.head.source == Source::Tip)
        .map(|snapshot| {
            let years: BTreeSet<_> = snapshot
                .content
                .placements
                .iter()
                .map(|placement| placement.year)
                .collect();
            assert_eq!(years.len(), 1, "one report a file");
            let year = *years.first().unwrap();
            assert_eq!(snapshot.head.edition, year.to_string());
            year
        })
        .collect();
    assert!(!years.is_empty());
    for pair in years.windows(2) {
        assert_eq!(pair[0] + 1, pair[1], "a TIP report year is missing");
    }
}

#[test]
fn placements_answer_by_the_report_in_force() {
    let set = set();
    let placed = |code, on| {
        set.placement(country(code), day(on))
            .map(|placement| placement.placement)
    };
    assert_eq!(placed("CN", "2026-11-21"), Some(Placement::Tier3));
    assert_eq!(placed("BR", "2026-11-21"), Some(Placement::Tier2WatchList));
    assert_eq!(placed("XK", "2026-11-21"), Some(Placement::Tier2));
    assert_eq!(placed("LY", "2026-11-21"), Some(Placement::SpecialCase));
    assert_eq!(
        placed("CN", "2025-09-28"),
        None,
        "no earlier report is held"
    );
    assert_eq!(placed("LI", "2026-11-21"), None, "not placed in 2025");
}

#[test]
fn goods_answer_by_country_with_the_changes_of_2024_applied() {
    let set = set();
    let listed = |code: &str, good: &str| {
        set.goods_for(country(code))
            .filter(|(source, listing)| *source == Source::DolGoods && listing.good == good)
            .map(|(_, listing)| {
                (
                    listing.child_labor,
                    listing.forced_labor,
                    listing.downstream,
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(listed("CN", "Cotton"), [(true, true, false)]);
    assert_eq!(listed("CN", "Solar Modules"), [(false, false, true)]);
    assert_eq!(listed("ID", "Nickel"), [(false, true, false)]);
    assert_eq!(
        listed("CD", "Cobalt ore (heterogenite)"),
        [(true, true, false)]
    );
    assert_eq!(listed("TH", "Shrimp"), [], "removed on 5 September 2024");
}

#[test]
fn orders_on_goods_regions_and_ships_name_no_firm() {
    let set = set();
    let kinds = |kind| {
        set.entries()
            .filter(|(source, entry)| *source == Source::Cbp && entry.kind == kind)
            .map(|(_, entry)| entry.name.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        kinds(EntryKind::Region),
        [
            "Xinjiang Uyghur Autonomous Region",
            "Marange Diamond Fields"
        ]
    );
    assert_eq!(kinds(EntryKind::Good).len(), 3);
    assert_eq!(kinds(EntryKind::Vessel).len(), 6);
    assert_eq!(kinds(EntryKind::Person), [""; 0]);
}

#[test]
fn a_lifted_order_held_until_the_day_it_was_lifted() {
    let set = set();
    let held = |on| {
        set.entries_in_force(day(on))
            .any(|(_, entry)| entry.name == "Natchi Apparel (P) Ltd.")
    };
    assert!(!held("2022-07-28"));
    assert!(held("2022-07-29"));
    assert!(held("2022-09-06"));
    assert!(!held("2022-09-07"));
}

#[test]
fn sectors_hold_from_their_designation() {
    let set = set();
    let keys = |on| set.sectors(day(on)).count();
    assert_eq!((keys("2022-06-16"), keys("2022-06-17")), (0, 4));
    assert_eq!((keys("2024-07-09"), keys("2025-08-19")), (7, 12));
}

#[test]
fn every_entry_can_be_cited() {
    let set = set();
    for (source, entry) in set.entries() {
        assert!(!entry.citation.is_empty(), "{source} {}", entry.id);
        assert_eq!(set.entry(source, &entry.id), Some(entry));
        assert!(
            source != Source::Uflpa || entry.status == EntryStatus::Active,
            "{}",
            entry.id
        );
        assert!(!entry.name.contains("WEAK"));
    }
}

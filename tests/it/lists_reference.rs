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
    lists::{self, EntryKind, EntryStatus, ListSet, Placement, Snapshot, Source, reference},
};

/// The sources of which a reference snapshot is shipped, in shown order.
const EMBEDDED: [Source; 6] = [
    Source::Uflpa,
    Source::UflpaSectors,
    Source::Cbp,
    Source::DolGoods,
    Source::Eo13126,
    Source::Tip,
];

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
    let held: Vec<_> = EMBEDDED
        .iter()
        .map(|source| {
            let completeness = &latest(&set, *source).head.completeness;
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
            ("cbp", 75, Some(97), "records"),
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

/// A year that is written and not named in `FILES` would be missing unseen.
#[test]
fn every_reference_file_is_built_in_and_as_long_as_expected() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/reference");
    let mut unnamed: Vec<String> = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "jsonl") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        if !reference::files().iter().any(|(_, known)| *known == bytes) {
            unnamed.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    assert_eq!(
        unnamed, [""; 0],
        "add them to FILES in src/lists/reference.rs"
    );
    for snapshot in reference::snapshots().unwrap() {
        if matches!(
            snapshot.head.source,
            Source::Tip | Source::Eo13126 | Source::UflpaSectors
        ) {
            let expected = lists::Expectation::of(snapshot.head.source).unwrap();
            assert_eq!(expected.check(snapshot.content.len() as u64), Ok(()));
            assert_eq!(expected.expected, snapshot.head.completeness.held);
        }
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
    let on = |as_of: &'static str, code: &str, good: &str| {
        set.goods_for(country(code), day(as_of))
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
    let listed = |code, good| on("2026-11-21", code, good);
    assert_eq!(listed("CN", "Cotton"), [(true, true, false)]);
    assert_eq!(listed("CN", "Solar Modules"), [(false, false, true)]);
    assert_eq!(listed("ID", "Nickel"), [(false, true, false)]);
    assert_eq!(
        listed("CD", "Cobalt ore (heterogenite)"),
        [(true, true, false)]
    );
    assert_eq!(listed("TH", "Shrimp"), [], "removed on 5 September 2024");
    assert_eq!(
        on("2024-09-04", "TH", "Shrimp"),
        [(true, true, false)],
        "the day before"
    );
    assert_eq!(on("2024-09-04", "ID", "Nickel"), []);
    assert_eq!(
        on("2024-09-04", "CD", "Cobalt ore (heterogenite)"),
        [(true, false, false)]
    );
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

#[test]
fn status_says_how_much_how_old_and_how_whole() {
    let rows = lists::status(&set(), day("2026-11-21"));
    let (held, absent) = rows.split_at(EMBEDDED.len());
    assert!(absent.iter().all(|row| row.held.is_none()));
    let told: Vec<_> = held
        .iter()
        .map(|row| {
            let held = row.held.as_ref().unwrap();
            (
                row.source.code(),
                held.entries,
                held.completeness.as_str(),
                held.age_days,
                held.stale,
                row.warnings.len(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("uflpa", 85, "85 of 144 entities", 675, true, 2),
            ("uflpa-sectors", 12, "12 of 12 sectors", 459, false, 0),
            ("cbp", 92, "75 of 97 records", 423, true, 2),
            ("dol-goods", 470, "169 of 204 goods", 1515, true, 2),
            (
                "eo13126",
                54,
                "34 products, of an unknown number",
                1515,
                true,
                2
            ),
            ("tip", 188, "188 of 188 countries", 418, false, 0),
        ]
    );
    assert!(rows[0].warnings[0].contains("85 of 144 entities: DHS counted 144"));
    assert!(rows[3].warnings[0].contains("The edition in force is that of 2024-09-05"));
    let fresh = lists::status(&set(), day("2025-01-20"));
    assert!(!fresh[0].held.as_ref().unwrap().stale);
    assert_eq!(
        fresh[5].held.as_ref().unwrap().age_days,
        0,
        "not yet published"
    );
}

#[test]
fn a_list_that_is_not_held_is_not_searched() {
    let rows = lists::status(&ListSet::default(), day("2026-11-21"));
    assert_eq!(rows.len(), Source::ALL.len());
    for row in rows {
        assert_eq!(row.held, None);
        assert_eq!(
            row.warnings,
            ["no snapshot is held: this list is not searched"]
        );
    }
}

#[test]
fn the_newest_edition_is_in_force_and_older_reports_answer_for_their_time() {
    let mut snapshots = reference::snapshots().unwrap();
    let tip = snapshots
        .iter()
        .find(|it| it.head.source == Source::Tip)
        .unwrap();
    let mut earlier = tip.clone();
    earlier.head.edition = "2022".to_owned();
    earlier.head.edition_date = day("2022-07-19");
    for placed in &mut earlier.content.placements {
        placed.year = 2022;
        placed.placement = Placement::Tier1;
    }
    let uflpa = snapshots
        .iter()
        .find(|it| it.head.source == Source::Uflpa)
        .unwrap();
    let mut shorter = uflpa.clone();
    shorter.head.edition_date = day("2022-06-21");
    shorter.content.entries.truncate(3);
    snapshots.extend([earlier, shorter]);
    let forward = ListSet::new(snapshots.clone());
    snapshots.reverse();
    let set = ListSet::new(snapshots);
    assert_eq!(set, forward, "the order of snapshots does not matter");

    let placed = |on| {
        set.placement(Country::CHINA, day(on))
            .map(|placement| placement.placement)
    };
    assert_eq!(placed("2022-07-18"), None);
    assert_eq!(placed("2024-01-01"), Some(Placement::Tier1));
    assert_eq!(placed("2025-09-29"), Some(Placement::Tier3));
    let listed = set.entries().filter(|(source, _)| *source == Source::Uflpa);
    assert_eq!(listed.count(), 85, "the newest edition, not both");

    let warned = lists::status(&set, day("2025-10-01"));
    assert_eq!(
        warned[5].warnings,
        [
            "the report of 2023 is missing",
            "the report of 2024 is missing"
        ]
    );
}

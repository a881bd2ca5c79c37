//! Every file of the data folder: records read and not read.

use std::{fs::File, path::Path};

use plimsoll::disclosures::contractor::{
    DisclosureStatus, Documents, Dossier, Taken, check_contractors,
    ingest::{Event, FileKind, Record, read},
};

use crate::contractor_support::{day, policy};

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told where the shared folder is"
)]
fn shared() -> String {
    std::env::var("PLIMSOLL_SHARED").unwrap()
}

/// File, kind, records read, not read.
const EXPECTED: [(&str, FileKind, u64, u64); 18] = [
    (
        "contractors/sam/contract_awards_ex1_0.json",
        FileKind::SamJson,
        1,
        0,
    ),
    (
        "contractors/sam/contract_awards_ex2_0.json",
        FileKind::SamJson,
        1,
        0,
    ),
    (
        "contractors/sam/contract_awards_ex3_0.json",
        FileKind::SamJson,
        5,
        0,
    ),
    (
        "contractors/sam/contract_awards_ex4_0.json",
        FileKind::SamJson,
        1,
        0,
    ),
    (
        "contractors/sam/contract_awards_ex5_0.json",
        FileKind::SamJson,
        5,
        0,
    ),
    (
        "contractors/sam/contract_awards_ex6_0.json",
        FileKind::SamJson,
        0,
        0,
    ),
    (
        "contractors/sam/contract_awards_ex6_1.json",
        FileKind::SamJson,
        1,
        0,
    ),
    (
        "contractors/sam/exclusions_ex3_0.json",
        FileKind::SamJson,
        1,
        0,
    ),
    (
        "contractors/sam/exclusions_ex4_0.json",
        FileKind::SamJson,
        1,
        0,
    ),
    (
        "contractors/sam/integrity_information_as_printed_1.txt",
        FileKind::SamJson,
        1,
        1,
    ),
    (
        "contractors/sam/integrity_information_as_printed_2.txt",
        FileKind::SamJson,
        2,
        0,
    ),
    (
        "contractors/sam/reps_and_certs_constructed.json",
        FileKind::SamJson,
        1,
        0,
    ),
    (
        "contractors/sam/reps_and_certs_mapping_json.csv",
        FileKind::Reference,
        0,
        0,
    ),
    (
        "contractors/usaspending/contracts_2016_legacy.csv",
        FileKind::UsaspendingLegacyCsv,
        126,
        0,
    ),
    (
        "contractors/usaspending/data_dictionary_crosswalk_public.csv",
        FileKind::Reference,
        0,
        0,
    ),
    (
        "contractors/usaspending/psc_codes.csv",
        FileKind::Reference,
        0,
        0,
    ),
    (
        "lists/sam/SAM_Exclusions_Public_Extract_20049.CSV",
        FileKind::SamExclusionsCsv,
        9993,
        7,
    ),
    ("disclosures/civ_code_1714_43.txt", FileKind::Document, 0, 0),
];

#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn shared_contractors_are_read_record_by_record() {
    let mut dossier = Dossier::default();
    let mut duplicates = 0;
    println!(
        "{:<72} {:>6} {:>8} {:>8}",
        "file", "read", "not read", "notices"
    );
    for (name, kind, expected_read, expected_not) in EXPECTED {
        let path = Path::new(&shared()).join("data").join(name);
        let mut not_read = Vec::new();
        let summary = read(&policy(), name, File::open(&path).unwrap(), &mut |event| {
            if let Event::NotRead(one) = &event {
                not_read.push(one.clone());
            }
            duplicates += u32::from(dossier.take(event) == Taken::Duplicate);
        })
        .unwrap();
        println!(
            "{name:<72} {:>6} {:>8} {:>8}",
            summary.read, summary.not_read, summary.notices
        );
        for one in &not_read {
            println!(
                "    line {}, column {}: {}",
                one.place.line, one.place.column, one.why
            );
        }
        assert_eq!(
            (summary.kind, summary.read, summary.not_read),
            (kind, expected_read, expected_not),
            "{name}"
        );
    }
    let report = check_contractors(
        &policy(),
        &dossier,
        &Documents::default(),
        day("2026-11-21"),
    );
    let contracts = || report.contractors.iter().flat_map(|one| &one.contracts);
    println!(
        "{} contractors, {} contracts, {duplicates} duplicate transactions",
        report.contractors.len(),
        contracts().count()
    );
    // No award record can tell whether a plan is required.
    assert!(contracts().all(|contract| contract.is(DisclosureStatus::Undetermined)));
    let abroad = contracts()
        .filter(|one| {
            one.requirement
                .leads
                .iter()
                .any(|lead| lead.contains("Brazil"))
        })
        .count();
    assert_eq!(abroad, 1);
}

/// Today's column names are those of the published dictionary.
#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn shared_contractors_crosswalk_agrees() {
    let path = Path::new(&shared())
        .join("data/contractors/usaspending/data_dictionary_crosswalk_public.csv");
    let mut csv = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .from_path(path)
        .unwrap();
    let rows: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    let words = |cell: Option<&str>| -> Vec<String> {
        cell.unwrap_or_default()
            .split([',', '\n', ' '])
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let mut agreed = 0;
    for (today, before) in plimsoll::disclosures::contractor::ingest::COLUMNS {
        let here: Vec<&csv::StringRecord> = rows
            .iter()
            .filter(|row| words(row.get(7)).iter().any(|word| word == today))
            .collect();
        // The crosswalk of before 2022 knows D-U-N-S numbers only.
        if here.is_empty() {
            println!("not in the crosswalk: {today}");
            continue;
        }
        if before.is_empty()
            || here
                .iter()
                .any(|row| words(row.get(15)).iter().any(|word| word == before))
        {
            agreed += 1;
        } else {
            println!(
                "differs: {today} / {before}: {:?}",
                here.iter().map(|row| row.get(15)).collect::<Vec<_>>()
            );
        }
    }
    println!("{agreed} columns agree");
    assert!(agreed >= 18);
}

#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn shared_contractors_answers_are_those_of_the_mapping() {
    let path = Path::new(&shared()).join("data/contractors/sam/reps_and_certs_constructed.json");
    let mut entity = None;
    read(&policy(), "reps", File::open(path).unwrap(), &mut |event| {
        if let Event::Record(_, record) = event
            && let Record::Entity(one) = *record
        {
            entity = Some(one);
        }
    })
    .unwrap();
    let entity = entity.unwrap();
    assert_eq!(entity.delivers_listed_products.len(), 2);
    assert!(
        entity
            .unaware_after_good_faith
            .iter()
            .all(|answer| answer.yes == Some(false))
    );
    assert_eq!(entity.end_products[0].country.unwrap().alpha2(), "CN");
    assert_eq!(entity.delivers_foreign[0].yes, None);
}

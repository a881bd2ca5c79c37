//! What must hold of the matching for any names: the same on every run and in
//! every order, never a panic, never long.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking; counts are small"
)]

use std::time::{Duration, Instant};

use plimsoll::{
    country::Country,
    identifier::{Check, Identifier, Scheme},
    lists::EntryKind,
    screening::{
        Candidate, Index, Party, SearchOptions, Similarity, Subject, explain_names, name::Name,
    },
};
use proptest::{prelude::*, sample::subsequence};

fn party(id: &str, kind: EntryKind, names: &[&str]) -> Party {
    Party {
        id: id.to_owned(),
        kind,
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        countries: Vec::new(),
        addresses: Vec::new(),
        identifiers: Vec::new(),
    }
}

fn subject(name: &str) -> Subject {
    Subject {
        names: vec![name.to_owned()],
        ..Subject::default()
    }
}

fn listed() -> Vec<Party> {
    [
        ("a", "Changji Esquel Textile Co., Ltd."),
        ("b", "Hoshine Silicon Industry (Shanshan) Co., Ltd."),
        ("c", "Volgogradneftemash OAO"),
        ("d", "Bank Melli Iran"),
        ("e", "Hetian Haolin Hair Accessories Co., Ltd."),
        ("f", "711 Aircraft Repair Plant"),
        ("g", "Xinjiang Production and Construction Corps"),
        ("h", "Inversiones Rodriguez Arbelaez y Cia."),
    ]
    .map(|(id, name)| party(id, EntryKind::Organization, &[name]))
    .to_vec()
}

fn found(index: &Index, name: &str) -> Vec<(String, Similarity)> {
    let options = SearchOptions {
        min_similarity: Similarity::ZERO,
        limit: 10,
    };
    let hits: Vec<Candidate> = index.search(&subject(name), &options);
    hits.iter()
        .map(|hit| (index.party(hit.party).unwrap().id.clone(), hit.similarity))
        .collect()
}

#[test]
fn order_of_insertion_and_threads_change_nothing() {
    let index = Index::build(listed());
    let mut reversed = listed();
    reversed.reverse();
    let reversed = Index::build(reversed);
    let one_thread = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    let alone = one_thread.install(|| Index::build(listed()));
    for name in [
        "Changji Esquel Textile",
        "Bank Mellat",
        "Volgogradneftemach",
        "Xinjiang Corps",
        "Hair",
    ] {
        assert_eq!(found(&index, name), found(&reversed, name), "{name}");
        assert_eq!(found(&index, name), found(&alone, name), "{name}");
    }
}

#[test]
fn forms_of_writing_that_mean_the_same_change_nothing() {
    let index = Index::build(listed());
    for (one, others) in [
        (
            "Changji Esquel Textile Co., Ltd.",
            [
                "CHANGJI ESQUEL TEXTILE CO LTD",
                "changji  esquel-textile, company limited",
                "Textile Esquel Changji Co., Ltd.",
                "C\u{200b}hangji E\u{301}squel Textile, Co. Ltd",
                "Ch\u{430}ngji Esquel Textile Co., Ltd.",
            ],
        ),
        (
            "Volgogradneftemash OAO",
            [
                "OAO Volgogradneftemash",
                "JSC «Volgogradneftemash»",
                "VOLGOGRADNEFTEMASH, JOINT STOCK COMPANY",
                "O.A.O. Volgogradneftemash",
                "Ｖolgogradneftemash OAO",
            ],
        ),
    ] {
        let expected = found(&index, one);
        for other in others {
            assert_eq!(found(&index, other), expected, "{other:?} for {one:?}");
        }
    }
}

#[test]
fn bad_names_have_a_defined_result_soon() {
    let index = Index::build(listed());
    let long = "Xinjiang Textile ".repeat(10_000 / 17);
    let marks = format!("X{}injiang", "\u{301}\u{489}".repeat(5_000));
    let bad: Vec<String> = vec![
        String::new(),
        " ".to_owned(),
        "x".to_owned(),
        "7".to_owned(),
        "a".repeat(10_000),
        "a ".repeat(5_000),
        "字".repeat(10_000),
        "ش".repeat(10_000),
        long,
        marks,
        "Co., Ltd. LLC GmbH 有限公司".to_owned(),
        "1234567890 0987654321".to_owned(),
        "😀🏭🏭 🚢".to_owned(),
        "\u{202e}gnaijniX\u{202c}\u{200f}".to_owned(),
        "\0\u{1}\u{7f}\u{fffd}".to_owned(),
        "ﷺ㍿㌀℡".to_owned(),
        "<script>'; DROP TABLE --".to_owned(),
    ];
    let started = Instant::now();
    for name in &bad {
        let hits = found(&index, name);
        assert!(
            hits.iter().all(|(_, similarity)| similarity.value() < 0.70),
            "{:?}: {hits:?}",
            name.chars().take(20).collect::<String>()
        );
        for other in &bad {
            let _compared = explain_names(name, other, None);
        }
        let _built = Index::build(vec![party("z", EntryKind::Organization, &[name])]);
    }
    // A debug build on a busy machine; a release build takes a few milliseconds.
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn the_same_identifier_decides_whatever_the_name() {
    let lei = Identifier {
        scheme: Scheme::Lei,
        value: "5493001KJTIIGC8Y1R12".to_owned(),
        check: Check::Valid,
    };
    let mut parties = listed();
    parties[0].identifiers.push(lei.clone());
    let index = Index::build(parties);
    let asked = Subject {
        names: vec!["Renamed Holdings".to_owned()],
        identifiers: vec![lei],
        ..Subject::default()
    };
    let hits = index.search(&asked, &SearchOptions::default());
    assert_eq!(index.party(hits[0].party).unwrap().id, "a");
    assert!(hits[0].similarity.value() >= 0.99);
}

#[test]
fn a_country_speaks_for_and_against() {
    let country = |code| Country::from_alpha2(code).unwrap();
    let mut parties = listed();
    parties[0].countries.push(country("CN"));
    let index = Index::build(parties);
    let at = |countries: Vec<Country>| {
        let asked = Subject {
            countries,
            ..subject("Changji Esquel Textile")
        };
        index.search(
            &asked,
            &SearchOptions {
                min_similarity: Similarity::ZERO,
                limit: 1,
            },
        )[0]
        .similarity
    };
    assert!(at(vec![country("CN")]) > at(vec![]));
    assert!(at(vec![]) > at(vec![country("BR")]));
    assert!(
        at(vec![country("BR")]).value() >= 0.70,
        "a whole name elsewhere is still a lead"
    );
    assert_eq!(at(vec![country("HK")]), at(vec![country("CN")]));
}

#[test]
fn persons_by_both_names_and_vessels_by_number() {
    let imo = Identifier {
        scheme: Scheme::Imo,
        value: "9074729".to_owned(),
        check: Check::Valid,
    };
    let mut vessel = party("v", EntryKind::Vessel, &["OCEAN PEARL"]);
    vessel.identifiers.push(imo.clone());
    let index = Index::build(vec![
        party(
            "p",
            EntryKind::Person,
            &["TESTOVSKY, Ivan Petrovich", "Ivan Testovskiy"],
        ),
        vessel,
    ]);
    let best = |asked: &Subject| {
        let options = SearchOptions {
            min_similarity: Similarity::ZERO,
            limit: 1,
        };
        index
            .search(asked, &options)
            .first()
            .map_or(Similarity::ZERO, |hit| hit.similarity)
            .value()
    };
    // Given name and surname in either order, with or without the patronymic.
    assert!(best(&subject("Ivan Testovsky")) >= 0.85);
    assert!(best(&subject("Testovsky Ivan Petrovich")) >= 0.85);
    assert!(best(&subject("Testovsky")) < 0.70, "a surname alone");
    assert!(
        best(&subject("Ivan Petrovich")) < 0.70,
        "a given name and a patronymic"
    );
    assert!(best(&subject("Ocean Pearl")) < 0.95, "ships share names");
    assert!(
        best(&Subject {
            identifiers: vec![imo],
            ..subject("Renamed")
        }) >= 0.99
    );
}

const WORDS: [&str; 12] = [
    "Changji", "Esquel", "Textile", "Volga", "Trading", "711", "Xinjiang", "Huawei", "Group",
    "纺织", "ООО", "شرکت",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_read(name in "\\PC{0,60}", other in "\\PC{0,60}") {
        let compared = explain_names(&name, &other, None).unwrap();
        prop_assert!(compared.similarity <= Similarity::ONE);
        prop_assert!(Name::new(&name).words.iter().all(|word| word.text.is_ascii() && !word.text.is_empty()));
    }

    #[test]
    fn order_of_words_says_nothing(words in subsequence(WORDS.to_vec(), 2..6), seed in any::<prop::sample::Index>()) {
        let mut turned = words.clone();
        turned.rotate_left(seed.index(words.len()));
        let (one, other) = (words.join(" "), turned.join(" "));
        let listed = "Changji Esquel Textile Trading Group";
        prop_assert_eq!(
            explain_names(&one, listed, None).unwrap().similarity,
            explain_names(&other, listed, None).unwrap().similarity
        );
    }

    #[test]
    fn a_name_is_most_like_itself(words in subsequence(WORDS.to_vec(), 2..6), extra in "[b-df-hj-np-tv-z]{6,9}") {
        let name = words.join(" ");
        let same = explain_names(&name, &name, None).unwrap().similarity;
        let more = explain_names(&format!("{name} {extra}"), &name, None).unwrap().similarity;
        prop_assert!(more <= same, "{} with {extra}: {more} > {same}", name);
    }

    #[test]
    fn case_and_punctuation_say_nothing(words in subsequence(WORDS.to_vec(), 1..6), mark in "[,;:/()«»]") {
        let plain = words.join(" ");
        let marked = words.join(&format!(" {mark} ")).to_uppercase();
        let listed = "Esquel Textile (Changji) Co., Ltd.";
        prop_assert_eq!(
            explain_names(&plain, listed, None).unwrap().similarity,
            explain_names(&marked, listed, None).unwrap().similarity
        );
    }
}

//! The matching held to our own labelled set. A change that makes it worse
//! fails here; the figures against peers are in docs/accuracy.md.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking; counts are small"
)]

use std::{collections::BTreeMap, fs};

use plimsoll::screening::{Similarity, explain_names};
use serde_json::Value;

use crate::matching_score::{Label, answers, figures, text};

fn fixture(name: &str) -> String {
    fs::read_to_string(format!(
        "{}/fixtures/matching/accuracy/{name}",
        env!("CARGO_MANIFEST_DIR")
    ))
    .unwrap()
}

#[test]
fn is_as_right_as_it_was() {
    let queries = fixture("queries.jsonl");
    let labels: BTreeMap<String, Label> = queries
        .lines()
        .map(|line| {
            let query: Value = serde_json::from_str(line).unwrap();
            let right = query["expected"]
                .as_str()
                .map(str::to_owned)
                .into_iter()
                .collect();
            (
                text(&query["id"]),
                Label {
                    kind: "own".to_owned(),
                    main: true,
                    right,
                },
            )
        })
        .collect();
    let answers = answers(fixture("list.jsonl").as_bytes(), queries.as_bytes(), 10);
    let measured = figures(&labels, &answers);
    assert!(measured.first >= 0.97, "{}", measured.table());
    assert!(measured.best_f1 >= 0.97, "{}", measured.table());
    assert!(measured.recall_at_95 >= 0.96, "{}", measured.table());

    // At the thresholds of the risk model: who is asked about, and who is not.
    let at = |threshold: f64, known: bool| {
        let asked = labels
            .iter()
            .filter(|(_, label)| label.right.is_empty() != known);
        let met = asked.clone().filter(|(id, label)| {
            answers
                .get(*id)
                .and_then(|hits| hits.first())
                .is_some_and(|(entity, similarity)| {
                    *similarity >= threshold && (!known || label.right.contains(entity))
                })
        });
        met.count() as f64 / asked.count() as f64
    };
    assert!(at(0.70, true) >= 0.96, "found at .70: {}", at(0.70, true));
    assert!(at(0.85, true) >= 0.90, "found at .85: {}", at(0.85, true));
    assert!(
        at(0.70, false) <= 0.01,
        "strangers at .70: {}",
        at(0.70, false)
    );
}

#[test]
fn names_keep_to_their_bands() {
    let similarity = |one: &str, other: &str| explain_names(one, other, None).unwrap().similarity;
    let priority = Similarity::from_unit(0.95);
    let low = Similarity::from_unit(0.70);
    for (one, other) in [
        (
            "Changji Esquel Textile Co., Ltd.",
            "CHANGJI ESQUEL TEXTILE COMPANY LIMITED",
        ),
        (
            "Hoshine Silicon Industry (Shanshan) Co Ltd",
            "Hoshine Silicon Industry (Shanshan) Co., Ltd.",
        ),
    ] {
        assert!(
            similarity(one, other) >= priority,
            "{one} = {other}: {}",
            similarity(one, other)
        );
    }
    for (one, other) in [
        (
            "Changji Esquel Textile Co., Ltd.",
            "Changji Hongtai Textile Co., Ltd.",
        ),
        (
            "Xinjiang Trading Group",
            "Xinjiang Trading and Development Group",
        ),
        (
            "Technology Group Co., Ltd.",
            "Daqo Technology Group Co., Ltd.",
        ),
        ("711 Aircraft Repair Plant", "719 Aircraft Repair Plant"),
        ("Co., Ltd.", "Company Limited"),
        ("Xinjiang", "Xinjiang Zhongtai Chemical Co., Ltd."),
    ] {
        assert!(
            similarity(one, other) < low,
            "{one} / {other}: {}",
            similarity(one, other)
        );
    }
    let review = Similarity::from_unit(0.85);
    for (one, other) in [
        (
            "ООО «Волгограднефтемаш Сервис»",
            "Volgogradneftemash Service LLC",
        ),
        ("昌吉溢达纺织有限公司", "Changji Yida Textile Co., Ltd."),
        (
            "Hoshine Silicon Indsutry (Shanshan)",
            "Hoshine Silicon Industry (Shanshan) Co., Ltd.",
        ),
    ] {
        assert!(
            similarity(one, other) >= review,
            "{one} = {other}: {}",
            similarity(one, other)
        );
    }
    // Exact before near-exact, and a shared rare word before a shared common one.
    let exact = similarity(
        "Baoding LYSZD Trade and Business",
        "Baoding LYSZD Trade and Business",
    );
    let near = similarity(
        "Baoding LYSDZ Trade and Business",
        "Baoding LYSZD Trade and Business",
    );
    assert!(exact > near);
    assert!(
        similarity("Ninestar Image", "Ninestar Printing Holdings")
            > similarity("Global Image", "Global Printing Holdings")
    );
}

#[test]
fn contributions_add_up_to_the_similarity() {
    for (one, other, country) in [
        (
            "Changji Esquel Textile",
            "Changji Esquel Textile Co., Ltd.",
            Some("CN"),
        ),
        ("Xinjiang Trading Group", "Xinjiang Trading", None),
        ("711 Repair Plant", "719 Repair Plant", Some("RU")),
        ("Ltd", "Limited", None),
    ] {
        let country = country.and_then(plimsoll::country::Country::from_alpha2);
        let explained = explain_names(one, other, country).unwrap();
        let sum: i32 = explained
            .features
            .iter()
            .map(|feature| feature.contribution)
            .sum();
        let similarity = (explained.similarity.value() * 1_000.0).round() as i32;
        let rounding = i32::try_from(explained.features.len()).unwrap();
        assert!(
            (sum - similarity).abs() <= rounding,
            "{one} / {other}: {explained:?}"
        );
    }
}

//! The model's arithmetic, case by case, worked by hand.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use plimsoll::risk::{self, Inputs, Model, ModelError};
use serde_json::{Value, json};

fn model() -> Model {
    Model::parse(risk::FLDD_1_0).unwrap()
}

fn assessed(inputs: &Value) -> Value {
    let inputs: Inputs = serde_json::from_value(inputs.clone()).unwrap();
    serde_json::to_value(risk::assess(&model(), &inputs)).unwrap()
}

#[test]
fn works_through_edges() {
    // (why, inputs, part of the result)
    let cases = [
        (
            "nothing at all",
            json!({}),
            json!({"C": 0, "G": 0, "W": 0, "A": "0", "T": 0, "D_eff": "0", "score": null,
                   "range": [0, 0], "tier": "Not assessed", "disposition": "INSUFFICIENT_DATA", "coverage": 0}),
        ),
        (
            "coverage of 50 is enough",
            json!({"coverage": 50}),
            json!({"score": 0, "tier": "Low", "disposition": "ROUTINE_MONITORING"}),
        ),
        (
            "49 is not",
            json!({"tip": "3", "goods": ["cl_listed"], "coverage": 49}),
            json!({"score": null, "range": [20, 20]}),
        ),
        (
            "High is assessed on any coverage",
            json!({"tip": "3", "goods": ["fl_listed"], "goods_multi": true, "workforce": 8, "coverage": 0}),
            json!({"score": 40, "tier": "High", "disposition": "ENHANCED_DILIGENCE"}),
        ),
        (
            "C is capped",
            json!({"tip": "3", "gsi_band": 3, "state_imposed": true, "subregion": true, "coverage": 80}),
            json!({"C": 20, "score": 20}),
        ),
        (
            "G is capped",
            json!({"goods": ["eo13126", "fl_listed"], "goods_multi": true, "coverage": 80}),
            json!({"G": 20}),
        ),
        (
            "W and T are capped",
            json!({"workforce": 13, "gap": 33, "coverage": 80}),
            json!({"W": 10, "T": 20, "score": 30}),
        ),
        (
            "unknown beats what is given, and the range has it at most",
            json!({"tip": "3", "goods": ["eo13126"], "workforce": 10, "unknown": ["country", "goods", "workforce"], "gap": 10, "coverage": 60}),
            json!({"C": 0, "G": 0, "W": 0, "T": 10, "score": 10, "range": [10, 60]}),
        ),
        (
            "diligence is capped anew at the range's top",
            json!({"gap": 4, "unknown": ["country"], "credits": {"traceability": "independent"}, "coverage": 60}),
            json!({"D_eff": "2", "score": 2, "range": [2, 17]}),
        ),
        (
            "half a point rounds up",
            json!({"gap": 3, "credits": {"traceability": "independent"}, "coverage": 60}),
            json!({"D_eff": "3/2", "score": 2}),
        ),
        (
            "14.5 is Moderate, because it is rounded first",
            json!({"gap": 20, "workforce": 9, "credits": {"traceability": "independent", "no_fee_employer_pays": "independent", "worker_voice": "independent", "unannounced_audit": "independent"}, "coverage": 60}),
            json!({"D_eff": "29/2", "score": 15, "tier": "Moderate"}),
        ),
        (
            "the largest item and half of the others",
            json!({"adverse": [["single_source", "0-2y", "none"], ["multi_source", "2-5y", "in_progress"], ["substantiated_audit_finding", "10y+", "verified"]], "coverage": 60}),
            // 6; 15 x 7/10 x 4/5 = 42/5; 25 x 1/10 x 2/5 = 1: 42/5 + 7/2
            json!({"A": "119/10", "score": 12}),
        ),
        (
            "two equal items: one counts whole",
            json!({"adverse": [["multi_source", "0-2y", "lifted"], ["multi_source", "0-2y", "lifted"]], "coverage": 60}),
            json!({"A": "45/8"}),
        ),
        (
            "diligence takes nothing of A",
            json!({"adverse": [["active_official_listing", "0-2y", "none"]], "credits": {"traceability": "independent"}, "coverage": 60}),
            json!({"A": "32", "D_eff": "0", "score": 32}),
        ),
        (
            "D is capped at 24 before the half",
            json!({"tip": "3", "gsi_band": 3, "goods": ["fl_listed"], "goods_multi": true, "workforce": 10, "gap": 20, "credits": {"traceability": "independent", "no_fee_employer_pays": "independent", "worker_voice": "independent", "unannounced_audit": "independent", "remediation": "independent", "training": "independent"}, "coverage": 90}),
            json!({"D_eff": "24", "score": 41}),
        ),
        (
            "an audit where the state imposes labor earns nothing",
            json!({"tip": "3", "state_imposed": true, "credits": {"unannounced_audit": "independent", "training": "self_declared"}, "coverage": 90}),
            json!({"D_eff": "3/10", "score": 15}),
        ),
        (
            "a confirmed hold goes before anything pending",
            json!({"floor": "HOLD", "pending": "HOLD", "coverage": 10}),
            json!({"score": 90, "disposition": "HOLD", "range": [90, 90]}),
        ),
        (
            "pending goes before a lesser floor, and takes the higher of both",
            json!({"floor": "ESC1", "pending": "ESC2", "coverage": 80}),
            json!({"score": 75, "disposition": "REVIEW_REQUIRED", "score_if_confirmed": 75, "score_if_dismissed": 75}),
        ),
        (
            "pending goes before too little known, with the score as it is",
            json!({"pending": "HOLD", "unknown": ["goods"], "coverage": 5}),
            json!({"score": 0, "tier": "Low", "disposition": "REVIEW_REQUIRED", "range": [0, 20], "score_if_confirmed": 90, "score_if_dismissed": 0}),
        ),
        (
            "confirmation can go past the floor",
            json!({"tip": "3", "state_imposed": true, "goods": ["fl_listed"], "goods_multi": true, "workforce": 10, "gap": 20, "pending": "ESC2", "coverage": 80}),
            json!({"score": 65, "score_if_confirmed": 97, "score_if_dismissed": 65}),
        ),
        (
            "any floor escalates",
            json!({"floor": "ESC2", "coverage": 10}),
            json!({"score": 50, "tier": "High", "disposition": "ESCALATE"}),
        ),
        (
            "severe escalates without a floor",
            json!({"tip": "3", "state_imposed": true, "goods": ["fl_listed"], "goods_multi": true, "gap": 20, "workforce": 10, "adverse": [["single_source", "0-2y", "none"]], "coverage": 80}),
            json!({"score": 71, "tier": "Severe", "disposition": "ESCALATE"}),
        ),
        (
            "an item that is remedied leaves routine open",
            json!({"adverse": [["single_source", "0-2y", "verified"]], "coverage": 80}),
            json!({"tier": "Low", "disposition": "ROUTINE_MONITORING"}),
        ),
        (
            "never above 100",
            json!({"tip": "3", "state_imposed": true, "goods": ["fl_listed"], "goods_multi": true, "gap": 20, "workforce": 10, "gsi_band": 3, "subregion": true, "adverse": [["final_determination", "0-2y", "none"]], "floor": "HOLD", "coverage": 80}),
            json!({"score": 100, "range": [100, 100]}),
        ),
    ];
    for (why, inputs, expected) in cases {
        let result = assessed(&inputs);
        for (key, value) in expected.as_object().unwrap() {
            assert_eq!(&result[key], value, "{why}: {key} in {result}");
        }
    }
}

#[test]
fn leaves_conditional_scores_out_when_nothing_is_pending() {
    for inputs in [
        json!({"coverage": 80}),
        json!({"floor": "HOLD", "pending": "HOLD"}),
    ] {
        let result = assessed(&inputs);
        assert!(result.get("score_if_confirmed").is_none());
        assert!(result.get("score_if_dismissed").is_none());
    }
}

#[test]
fn every_placement_has_its_points() {
    for (tip, points) in [("1", 0), ("2", 5), ("2WL", 8), ("3", 12), ("SC", 10)] {
        assert_eq!(assessed(&json!({ "tip": tip }))["C"], points, "{tip}");
    }
}

#[test]
fn one_bad_case_never_loses_the_others() {
    let file = br#"{"model":"FLDD-1.0","cases":[
        {"case":"good","inputs":{"coverage":60}},
        {"case":"too much","inputs":{"coverage":101}},
        {"case":"misspelled","inputs":{"covrage":60}},
        {"case":"negative","inputs":{"workforce":-1}},
        {"case":"no such tier","inputs":{"tip":"4"}},
        {"case":"good too","inputs":{"gap":2,"coverage":60}}]}"#;
    let assessed = serde_json::to_value(risk::assess_file(&model(), file).unwrap()).unwrap();

    let cases = assessed["cases"].as_array().unwrap();
    assert_eq!(cases[0]["result"]["score"], 0);
    assert_eq!(cases[5]["result"]["score"], 2);
    for (index, key) in [
        (1, "inputs.coverage"),
        (2, "covrage"),
        (3, "inputs.workforce"),
        (4, "inputs.tip"),
    ] {
        let error = cases[index]["error"].as_str().unwrap();
        assert!(error.contains(key), "{error}");
        assert!(cases[index].get("result").is_none());
    }
    assert_eq!(assessed["model"]["name"], "FLDD-1.0");
    assert_eq!(assessed["model"]["sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn reads_one_inputs_object_and_refuses_what_is_none() {
    let single = risk::assess_file(&model(), br#"{"tip":"3","coverage":60}"#).unwrap();
    assert_eq!(single.cases[0].result.as_ref().unwrap().score, Some(12));
    for bad in [
        &b"not json"[..],
        b"7",
        b"{\"cases\":7}",
        b"",
        b"{\"cases\":[],\"model\":\"OTHER\"}",
    ] {
        assert!(risk::assess_file(&model(), bad).is_err());
    }
    assert!(
        risk::assess_file(&model(), b"[7]").unwrap().cases[0]
            .error
            .is_some()
    );
}

#[test]
fn refuses_models_that_break_the_promises() {
    let text = std::str::from_utf8(risk::FLDD_1_0).unwrap();
    let changes = [
        ("HOLD = 90", "HOLD = 60", "floors"),
        ("high_from = 40", "high_from = 14", "tier bounds"),
        ("\"2-5y\" = \"7/10\"", "\"2-5y\" = \"1/20\"", "recency"),
        ("cap_share = \"1/2\"", "cap_share = \"3/2\"", "share"),
        ("lists = 20", "lists = 21", "coverage"),
        ("gsi_band_max = 3", "gsi_band_max = 3\nspare = 1", ""),
        ("others_share = \"1/2\"", "others_share = \"1/3\"", ""),
        ("others_share = \"1/2\"", "others_share = 0.5", ""),
        ("training = 1\n", "", ""),
    ];
    for (from, to, names) in changes {
        assert!(text.contains(from), "{from}");
        let error = Model::parse(text.replacen(from, to, 1).as_bytes()).unwrap_err();
        assert!(error.to_string().contains(names), "{error}");
        assert_eq!(names.is_empty(), matches!(error, ModelError::Malformed(_)));
    }
    assert!(Model::parse(b"\xff").is_err());
}

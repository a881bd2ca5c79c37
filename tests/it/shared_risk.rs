//! The published worked cases, to the point.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use plimsoll::risk::{self, Model};
use serde_json::Value;

#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
#[expect(
    clippy::disallowed_methods,
    reason = "tests against the shared folder find it through the environment"
)]
fn reproduces_every_worked_case() {
    let folder = std::env::var("PLIMSOLL_SHARED").expect("PLIMSOLL_SHARED names the folder");
    let bytes = std::fs::read(std::path::Path::new(&folder).join("risk_cases.json")).unwrap();
    let published: Value = serde_json::from_slice(&bytes).unwrap();
    let model = Model::parse(risk::FLDD_1_0).unwrap();

    let assessed = serde_json::to_value(risk::assess_file(&model, &bytes).unwrap()).unwrap();

    let cases = published["cases"].as_array().unwrap();
    let results = assessed["cases"].as_array().unwrap();
    assert_eq!(cases.len(), results.len());
    assert!(cases.len() >= 17);
    for (case, result) in cases.iter().zip(results) {
        assert_eq!(case["case"], result["case"]);
        assert_eq!(case["expected"], result["result"], "{}", case["case"]);
    }
}

//! The numbers a similarity is worked out with. They are data: a file with a
//! version, made by `examples/fit_matching.rs`, whose hash every hit records.

use std::sync::OnceLock;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::evidence::{SIGNALS, Signals};

const MODEL: &str = include_str!("../../fixtures/matching/model.toml");

/// A weight for each signal; the similarity is the logistic of their sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub version: String,
    /// SHA-256 of the file, lower-case hex.
    pub sha256: String,
    weights: Signals,
}

#[derive(Deserialize)]
struct ModelFile {
    version: String,
    weights: std::collections::BTreeMap<String, f32>,
}

/// The embedded model.
pub fn model() -> &'static Model {
    static EMBEDDED: OnceLock<Model> = OnceLock::new();
    EMBEDDED.get_or_init(|| {
        Model::parse(MODEL).unwrap_or(Model {
            version: "none".to_owned(),
            sha256: String::new(),
            weights: [0.0; SIGNALS.len()],
        })
    })
}

/// Version and hash of the numbers, as every hit records them.
pub fn model_version() -> String {
    let model = model();
    format!(
        "{}+sha256.{}",
        model.version,
        model.sha256.get(..16).unwrap_or("")
    )
}

impl Model {
    /// `None` when the file is no model or names other signals.
    pub fn parse(file: &str) -> Option<Self> {
        let parsed: ModelFile = toml::from_str(file).ok()?;
        let mut weights = [0.0; SIGNALS.len()];
        for (weight, signal) in weights.iter_mut().zip(SIGNALS) {
            *weight = *parsed.weights.get(signal)?;
        }
        let sha256 = hex::encode(Sha256::digest(file.as_bytes()));
        Some(Self {
            version: parsed.version,
            sha256,
            weights,
        })
    }

    /// Log-odds that the two are one party.
    pub fn log_odds(&self, signals: &Signals) -> f32 {
        self.weights
            .iter()
            .zip(signals)
            .map(|(weight, signal)| weight * signal)
            .sum()
    }

    pub fn weight(&self, signal: usize) -> f32 {
        self.weights.get(signal).copied().unwrap_or(0.0)
    }
}

/// Log-odds as a similarity, 0 to 1.
pub fn logistic(log_odds: f32) -> f64 {
    1.0 / (1.0 + (-f64::from(log_odds)).exp())
}

//! Inputs in the making, with their reasons.

use super::{
    factor::{Evidence, Factor, FactorKind},
    inputs::{Inputs, UnknownFactor},
    points::Points,
};

/// Inputs in the making.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) inputs: Inputs,
    pub(super) factors: Vec<Factor>,
    pub(super) assumptions: Vec<String>,
}

impl Draft {
    pub(super) fn factor(
        &mut self,
        factor: FactorKind,
        code: &str,
        points: impl Into<Points>,
        explanation: String,
        mut evidence: Vec<Evidence>,
    ) {
        evidence.sort();
        evidence.dedup();
        self.factors.push(Factor {
            factor,
            code: code.to_owned(),
            points: points.into().to_string(),
            explanation,
            evidence,
        });
    }

    pub(super) fn unknown(&mut self, factor: UnknownFactor, assumption: &str) {
        self.inputs.unknown.insert(factor);
        self.assumptions.push(assumption.to_owned());
    }
}

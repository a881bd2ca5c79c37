//! SCORE: factors, model, tier, evidence, assessment (FLDD-1.0).

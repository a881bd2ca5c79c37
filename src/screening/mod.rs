//! MATCH: suppliers against listed parties. Normalize, index, compare, explain.

pub mod hit;
pub mod party;
pub mod similarity;

pub use hit::{AlignedWords, Band, Disposition, Feature, FeatureKind, Hit, Review};
pub use party::{Party, Subject};
pub use similarity::Similarity;

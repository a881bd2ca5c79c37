//! MATCH: suppliers against listed parties. Normalize, index, compare, explain.
//!
//! [`ListIndex::build`] takes snapshots, [`screen_supplier`] a supplier, and
//! [`location::leads`] looks for signs of Xinjiang in the supplier's own record.

pub mod compare;
pub mod edit;
pub mod evidence;
pub mod explain;
pub mod facts;
pub mod fold;
pub mod hit;
pub mod index;
pub mod lexicon;
pub mod location;
pub mod model;
pub mod name;
pub mod party;
mod place;
pub mod postings;
pub mod rarity;
pub mod reconcile;
pub mod romanize;
pub mod screen;
pub mod similarity;
pub mod sound;
pub mod vocabulary;

pub use explain::explain_names;
pub use hit::{AlignedWords, Band, Disposition, Feature, FeatureKind, Hit, Review, UNNAMED_PERSON};
pub use index::{Candidate, Index, SearchOptions};
pub use location::{LocationField, LocationLead, PlaceKind};
pub use model::model_version;
pub use party::{Party, Subject};
pub use reconcile::{MatchError, MatchFile, MatchNotice, MatchOptions, MatchSummary, run_match};
pub use screen::{Bands, ListIndex, ScreeningOptions, screen_supplier};
pub use similarity::Similarity;

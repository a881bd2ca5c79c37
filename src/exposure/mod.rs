//! MATCH: goods. What a supplier makes, where, against goods lists, priority
//! sectors and orders that name goods or regions.
//!
//! Words and codes lead to categories by the [`Vocabulary`], which is data;
//! categories and the country lead to rows of lists. Every step is kept.

pub mod exposed;
pub mod find;
pub mod vocabulary;
mod words;

pub use exposed::{
    Cue, CuePlace, Exploitation, Exposure, ListCitation, ListedExposure, OrderExposure,
    SectorExposure, StatedOrigin,
};
pub use find::exposures;
pub use vocabulary::{Category, GOODS_VOCABULARY, Vocabulary, VocabularyError};

//! MATCH: goods. What a supplier makes, where, against goods lists, priority
//! sectors and orders that name goods or regions.

pub mod exposed;

pub use exposed::{
    Cue, CuePlace, Exploitation, Exposure, ListCitation, ListedExposure, OrderExposure,
    SectorExposure,
};

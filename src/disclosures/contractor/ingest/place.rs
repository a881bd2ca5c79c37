//! What reading a file gives, record by record, each with its place.

use serde::Serialize;

use super::{AwardRecord, EntityRecord, ExclusionRecord, ReviewRecord};
use crate::disclosures::contractor::disclosure::Disclosure;

/// Where a record begins, or where it cannot be read on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// 1-based.
    pub line: u64,
    /// 1-based, in bytes; 0 where rows have no columns to name.
    pub column: u64,
    /// The how-manieth record of the file, from 1; 0 for the file itself.
    pub record: u64,
}

/// A record that was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotRead {
    pub place: Place,
    /// What is wrong there, and what to do.
    pub why: String,
}

/// A record that was read, and something in it that was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    pub place: Place,
    pub field: String,
    pub why: String,
}

/// What the reader hands over.
#[derive(Debug)]
pub enum Event {
    Record(Place, Box<Record>),
    NotRead(NotRead),
    Notice(Notice),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    Entity(EntityRecord),
    Award(AwardRecord),
    Exclusion(ExclusionRecord),
    Disclosure(Box<Disclosure>),
    Review(ReviewRecord),
}

/// What a file was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    SamJson,
    UsaspendingCsv,
    UsaspendingLegacyCsv,
    SamExclusionsCsv,
    DisclosureForm,
    /// A document, to be read as a plan or a statement.
    Document,
    /// A mapping or dictionary: columns and no records.
    Reference,
}

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileSummary {
    pub kind: FileKind,
    pub read: u64,
    pub not_read: u64,
    pub notices: u64,
    /// What the file says about itself: more pages, an export in preparation.
    pub remarks: Vec<String>,
}

/// A file that gives nothing at all.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("the file cannot be read")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Format(String),
}

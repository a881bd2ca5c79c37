//! One retrieved version of one list: its bytes' hash, edition and content.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::entry::{ChildLaborFinding, Entry, GoodListing, PrioritySector, TipPlacement};
use super::places::EntryPlaces;
pub use super::source::Source;

/// What a snapshot is, without its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotHead {
    pub source: Source,
    pub publisher: String,
    pub title: String,
    /// The publisher's edition as we name it ("2025-01-15", "2022").
    pub edition: String,
    /// The day up to which the content speaks for the publisher.
    pub edition_date: NaiveDate,
    pub retrieved_on: NaiveDate,
    /// Where the publisher puts the list.
    pub url: String,
    /// SHA-256 of the bytes as received or shipped, lower-case hex.
    pub sha256: String,
    pub parser_version: u32,
    pub completeness: Completeness,
    /// Not the publisher's own list but worked out from another one: then the
    /// two are one source, not two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derived_from: Option<Source>,
    /// The last day on which the publisher was asked and still said the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_on: Option<NaiveDate>,
}

impl SnapshotHead {
    /// The last day of which it is known that the publisher said this.
    pub fn speaks_for(&self) -> NaiveDate {
        self.confirmed_on
            .map_or(self.edition_date, |day| day.max(self.edition_date))
    }
}

/// How much of the published list the snapshot holds, in the unit in which the
/// publisher counts ("entities", "goods"). `held == expected` is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completeness {
    pub held: u32,
    /// What the publisher is known to have stated, with the source in `note`.
    pub expected: Option<u32>,
    pub unit: String,
    #[serde(default)]
    pub note: Option<String>,
}

impl Completeness {
    /// `None` when nobody has said how many there should be.
    pub fn is_whole(&self) -> Option<bool> {
        self.expected.map(|expected| self.held >= expected)
    }
}

/// What a list holds. Most lists fill one field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Entry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goods: Vec<GoodListing>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub placements: Vec<TipPlacement>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sectors: Vec<PrioritySector>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<ChildLaborFinding>,
    #[serde(skip)]
    pub places: EntryPlaces,
}

/// One list at one edition. `id` is derived from the content hash, so the same
/// bytes are the same snapshot everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    pub head: SnapshotHead,
    pub content: Content,
}

/// What a parser could not read, with its place in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// "row 12", "table 2 row 5", "byte 1032".
    pub place: String,
    pub reason: String,
    /// The text as it stands there, cut to 200 characters.
    pub text: String,
    /// The record gave nothing; else it was read, with a doubt.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lost: bool,
}

/// What a list parser returns: everything it could read and everything not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParsedList {
    pub content: Content,
    pub unread: Vec<Unread>,
}

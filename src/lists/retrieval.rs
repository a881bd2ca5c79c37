//! How a snapshot came here: kept with it, so that everybody can see what was
//! asked, what answered and what became of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::snapshot::Unread;

/// What could not be read, told at most so often; the bytes are kept.
const MOST_UNREAD: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retrieval {
    pub origin: Origin,
    /// RFC 3339 at microseconds.
    pub retrieved_at: String,
    /// Who asked for it.
    pub actor: String,
    /// What the bytes are in: one, or several that make up the list (the pages of
    /// a paginated list, the files of a set).
    pub parts: Vec<KeptPart>,
    /// The form in which it came, by which it is read again.
    pub form: String,
    /// What its rows are told of the edition when they are read.
    pub about: String,
    /// Rows read.
    pub rows: usize,
    /// Rows that could not be read, and the first of them.
    pub unread_rows: usize,
    pub unread: Vec<UnreadPlace>,
    /// Against the edition before; `None`: it was the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
    /// A person has overruled a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Accepted>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Fetched from its publisher.
    Fetched,
    /// Brought as a file by a person.
    Imported,
    /// The bytes kept before, read again by a newer parser.
    ReadAgain,
}

impl Origin {
    /// As serialized.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fetched => "fetched",
            Self::Imported => "imported",
            Self::ReadAgain => "read_again",
        }
    }
}

/// One document as received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPart {
    /// "SDN.CSV", "page 3", the name of an imported file.
    pub name: String,
    /// The address that was asked; `None` for a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
    /// Where it came from in the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    pub sha256: String,
    pub size: u64,
    /// Of the answer, names in lower case.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
}

/// Where something could not be read, and why. The text itself is not repeated:
/// it may be about a natural person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadPlace {
    pub place: String,
    pub reason: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    pub added: usize,
    pub removed: usize,
    pub changed: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    pub by: String,
    pub reason: String,
    /// What had been refused, and why.
    pub refusal: String,
}

impl Retrieval {
    /// The first places that could not be read.
    pub fn places(unread: &[Unread]) -> Vec<UnreadPlace> {
        unread
            .iter()
            .take(MOST_UNREAD)
            .map(|unread| UnreadPlace {
                place: unread.place.clone(),
                reason: unread.reason.clone(),
            })
            .collect()
    }
}

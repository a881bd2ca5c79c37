//! What the index holds: any listed party, from any list.

use serde::{Deserialize, Serialize};

use crate::{country::Country, identifier::Identifier, lists::EntryKind};

/// A listed party as the index needs it: names to match, and the facts that
/// corroborate or contradict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Unique within one index.
    pub id: String,
    pub kind: EntryKind,
    /// The primary name first, then aliases.
    pub names: Vec<String>,
    pub countries: Vec<Country>,
    pub addresses: Vec<String>,
    pub identifiers: Vec<Identifier>,
}

/// Whom we look for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// The primary name first, then aliases and local-script names.
    pub names: Vec<String>,
    pub countries: Vec<Country>,
    pub addresses: Vec<String>,
    pub identifiers: Vec<Identifier>,
}

//! A row of a list of whatever kind, and what identifies it across editions.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    entry::{Entry, EntryKind, GoodListing, PrioritySector, TipPlacement},
    snapshot::Content,
};

/// One row of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Item<'content> {
    Entry(&'content Entry),
    Good(&'content GoodListing),
    Placement(&'content TipPlacement),
    Sector(&'content PrioritySector),
}

impl<'content> Item<'content> {
    /// The same for the same thing in every edition of its list: `entry:<id>`.
    pub fn key(&self) -> String {
        match self {
            Self::Entry(entry) => format!("entry:{}", entry.id),
            Self::Good(row) => match row.listed_on {
                // A row that was taken off and came back is two.
                Some(day) => format!("good:{} from {} since {day}", row.good, row.country),
                None => format!("good:{} from {}", row.good, row.country_as_published),
            },
            Self::Placement(row) => format!("placement:{} {}", row.year, row.country),
            Self::Sector(row) => format!("sector:{}", row.key),
        }
    }

    /// What people call it.
    pub fn name(&self) -> String {
        match self {
            Self::Entry(entry) => entry.name.clone(),
            Self::Good(row) => format!("{} from {}", row.good, row.country_as_published),
            Self::Placement(row) => format!("{} in {}", row.country_as_published, row.year),
            Self::Sector(row) => row.name.clone(),
        }
    }

    /// Whether it is about a natural person: matched, but not published.
    pub fn is_person(&self) -> bool {
        matches!(self, Self::Entry(entry) if entry.kind == EntryKind::Person)
    }
}

/// Every row by its key. Rows that share one are numbered in the order of the
/// list, so that none is lost.
pub fn items(content: &Content) -> BTreeMap<String, Item<'_>> {
    let rows = content
        .entries
        .iter()
        .map(Item::Entry)
        .chain(content.goods.iter().map(Item::Good))
        .chain(content.placements.iter().map(Item::Placement))
        .chain(content.sectors.iter().map(Item::Sector));
    let mut items = BTreeMap::new();
    let mut repeated: BTreeMap<String, u32> = BTreeMap::new();
    for row in rows {
        let mut key = row.key();
        if items.contains_key(&key) {
            let times = repeated.entry(key.clone()).or_insert(1);
            *times += 1;
            key = format!("{key}~{times}");
        }
        items.insert(key, row);
    }
    items
}

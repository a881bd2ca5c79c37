//! A row of a list of whatever kind, and what identifies it across editions.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::{
    entry::{ChildLaborFinding, Entry, EntryKind, GoodListing, PrioritySector, TipPlacement},
    name_list::bare,
    reading::ListRow,
    snapshot::Content,
};
use crate::country::Country;

/// One row of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Item<'content> {
    Entry(&'content Entry),
    Good(&'content GoodListing),
    Placement(&'content TipPlacement),
    Sector(&'content PrioritySector),
    Finding(&'content ChildLaborFinding),
}

impl<'content> Item<'content> {
    /// `None`: what could not be read.
    pub fn of(row: &'content ListRow) -> Option<Self> {
        Some(match row {
            ListRow::Entry(entry) => Self::Entry(entry),
            ListRow::Good(row) => Self::Good(row),
            ListRow::Placement(row) => Self::Placement(row),
            ListRow::Sector(row) => Self::Sector(row),
            ListRow::Finding(row) => Self::Finding(row),
            ListRow::Unread(_) => return None,
        })
    }

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
            Self::Finding(row) => match row.year {
                Some(year) => format!("finding:{year} {}", row.country),
                None => format!("finding:{}", row.country),
            },
        }
    }

    /// What people call it.
    pub fn name(&self) -> String {
        match self {
            Self::Entry(entry) => entry.name.clone(),
            Self::Good(row) => format!("{} from {}", row.good, row.country_as_published),
            Self::Placement(row) => format!("{} in {}", row.country_as_published, row.year),
            Self::Sector(row) => row.name.clone(),
            Self::Finding(row) => format!("findings on {}", row.country_as_published),
        }
    }

    /// Whether a name of it holds that text, however cases, marks and blanks are
    /// written.
    pub fn bears(&self, text: &str) -> bool {
        let plain = |text: &str| bare(&any_ascii::any_ascii(text));
        let wanted = plain(text);
        let holds = |name: &str| plain(name).contains(&wanted);
        let aliases = match self {
            Self::Entry(entry) => entry.aliases.as_slice(),
            _ => &[],
        };
        !wanted.is_empty()
            && (holds(&self.name()) || aliases.iter().any(|alias| holds(&alias.name)))
    }

    /// Whether it is about a party, good or placement of that country.
    pub fn is_of(&self, country: Country) -> bool {
        match self {
            Self::Entry(entry) => entry.countries.contains(&country),
            Self::Good(row) => row.country == country,
            Self::Placement(row) => row.country == country,
            Self::Finding(row) => row.country == country,
            Self::Sector(_) => false,
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
        .chain(content.sectors.iter().map(Item::Sector))
        .chain(content.findings.iter().map(Item::Finding));
    let mut keys = Keys::default();
    rows.map(|row| (keys.unique(row.key()), row)).collect()
}

/// Gives every row of one edition a key of its own.
#[derive(Debug, Default)]
pub struct Keys {
    times: HashMap<String, u32>,
}

impl Keys {
    /// The key, numbered when a row before had the same.
    pub fn unique(&mut self, key: String) -> String {
        let times = self.times.entry(key.clone()).or_insert(0);
        *times += 1;
        if *times == 1 {
            key
        } else {
            format!("{key}~{times}")
        }
    }
}

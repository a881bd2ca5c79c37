//! Where the entries of a large list stand, so that one is found without
//! looking at all of them.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{
    entry::{Entry, EntryKind},
    snapshot::Content,
};

/// Worked out when first asked for. No part of what a list holds: two contents
/// with the same rows are equal, and it is never written.
#[derive(Debug, Default)]
pub struct EntryPlaces(OnceLock<Known>);

#[derive(Debug)]
struct Known {
    /// Of the entries when this was worked out.
    length: usize,
    by_id: FxHashMap<String, usize>,
    orders: Vec<usize>,
}

impl Clone for EntryPlaces {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for EntryPlaces {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for EntryPlaces {}

impl Content {
    /// The entry of that id.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        let known = self.known();
        let found = known
            .by_id
            .get(id)
            .and_then(|place| self.entries.get(*place));
        // Entries changed since: look at all of them.
        if known.length != self.entries.len() || found.is_some_and(|entry| entry.id != id) {
            return self.entries.iter().find(|entry| entry.id == id);
        }
        found
    }

    /// The entries that are on a place or on a country's good and name no party.
    pub fn orders(&self) -> impl Iterator<Item = &Entry> {
        let known = self.known();
        let unchanged = known.length == self.entries.len();
        let listed = known
            .orders
            .iter()
            .filter_map(|place| self.entries.get(*place));
        let all = if unchanged {
            &[]
        } else {
            self.entries.as_slice()
        };
        listed
            .filter(move |_| unchanged)
            .chain(all)
            .filter(|entry| is_order(entry))
    }

    fn known(&self) -> &Known {
        self.places.0.get_or_init(|| {
            let mut known = Known {
                length: self.entries.len(),
                by_id: FxHashMap::default(),
                orders: Vec::new(),
            };
            for (place, entry) in self.entries.iter().enumerate() {
                known.by_id.entry(entry.id.clone()).or_insert(place);
                if is_order(entry) {
                    known.orders.push(place);
                }
            }
            known
        })
    }
}

fn is_order(entry: &Entry) -> bool {
    matches!(entry.kind, EntryKind::Region | EntryKind::Good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_entry_also_after_a_change() {
        let mut content = Content {
            entries: vec![Entry::new("1", "One", "c"), Entry::new("2", "Two", "c")],
            ..Content::default()
        };
        assert_eq!(
            content.entry("2").map(|entry| entry.name.as_str()),
            Some("Two")
        );
        assert_eq!(content.entry("3"), None);
        content.entries.swap(0, 1);
        assert_eq!(
            content.entry("2").map(|entry| entry.name.as_str()),
            Some("Two")
        );
        content.entries.push(Entry {
            kind: EntryKind::Good,
            ..Entry::new("3", "Three", "c")
        });
        assert_eq!(
            content.entry("3").map(|entry| entry.name.as_str()),
            Some("Three")
        );
        assert_eq!(content.orders().count(), 1);
        assert_eq!(content.clone().orders().count(), 1);
    }
}

//! The snapshots that one screening searches, and the questions it asks them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    entry::{Entry, GoodListing, ListedPeriod, PrioritySector, TipPlacement},
    snapshot::{Snapshot, SnapshotHead, Source},
};
use crate::country::Country;

/// Snapshots in a fixed order: by source, then edition date, then hash. What
/// is asked of the set comes back in that order and the order of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListSet {
    snapshots: Vec<Snapshot>,
}

impl ListSet {
    pub fn new(mut snapshots: Vec<Snapshot>) -> Self {
        snapshots.sort_by(|left, right| order(&left.head).cmp(&order(&right.head)));
        Self { snapshots }
    }

    pub fn snapshots(&self) -> &[Snapshot] {
        &self.snapshots
    }

    pub fn heads(&self) -> impl Iterator<Item = &SnapshotHead> {
        self.snapshots.iter().map(|snapshot| &snapshot.head)
    }

    /// The newest snapshot of a source: what is in force.
    pub fn latest(&self, source: Source) -> Option<&Snapshot> {
        self.snapshots
            .iter()
            .rfind(|snapshot| snapshot.head.source == source)
    }

    /// Every listed party of the snapshots in force, lifted ones included.
    pub fn entries(&self) -> impl Iterator<Item = (Source, &Entry)> {
        self.newest().flat_map(|snapshot| {
            snapshot
                .content
                .entries
                .iter()
                .map(|entry| (snapshot.head.source, entry))
        })
    }

    /// The listed parties whose listing held on the day.
    pub fn entries_in_force(&self, as_of: NaiveDate) -> impl Iterator<Item = (Source, &Entry)> {
        self.entries()
            .filter(move |(_, entry)| entry.held_on(as_of))
    }

    pub fn entry(&self, source: Source, id: &str) -> Option<&Entry> {
        self.latest(source)?.content.entry(id)
    }

    /// The rows of goods lists that name the country and held on the day.
    pub fn goods_for(
        &self,
        country: Country,
        as_of: NaiveDate,
    ) -> impl Iterator<Item = (Source, &GoodListing)> {
        self.newest().flat_map(move |Snapshot { head, content }| {
            content
                .goods
                .iter()
                .filter(move |row| row.country == country && row.held_on(as_of, head.edition_date))
                .map(|row| (head.source, row))
        })
    }

    /// The placement in the report in force on the day. `None`: the country is
    /// not placed there, or no report of that time is held.
    pub fn placement(&self, country: Country, as_of: NaiveDate) -> Option<&TipPlacement> {
        self.snapshots
            .iter()
            .rfind(|snapshot| {
                snapshot.head.source == Source::Tip && snapshot.head.edition_date <= as_of
            })?
            .content
            .placements
            .iter()
            .find(|placement| placement.country == country)
    }

    /// The priority sectors designated by the day.
    pub fn sectors(&self, as_of: NaiveDate) -> impl Iterator<Item = &PrioritySector> {
        self.newest()
            .flat_map(|snapshot| &snapshot.content.sectors)
            .filter(move |sector| sector.designated_on <= as_of)
    }

    /// What a screening of that day searches: of each source the newest edition
    /// that speaks for a day up to it, else the oldest held.
    pub fn searched(&self, as_of: NaiveDate) -> Vec<&Snapshot> {
        let mut chosen = BTreeMap::new();
        for snapshot in &self.snapshots {
            if snapshot.head.edition_date <= as_of {
                chosen.insert(snapshot.head.source, snapshot);
            } else {
                chosen.entry(snapshot.head.source).or_insert(snapshot);
            }
        }
        chosen.into_values().collect()
    }

    /// The newest snapshot of each source.
    fn newest(&self) -> impl Iterator<Item = &Snapshot> {
        self.snapshots
            .iter()
            .map(|snapshot| (snapshot.head.source, snapshot))
            .collect::<BTreeMap<_, _>>()
            .into_values()
    }
}

fn order(head: &SnapshotHead) -> (Source, NaiveDate, &str) {
    (head.source, head.edition_date, &head.sha256)
}

impl Entry {
    /// Whether the listing held on the day, as far as its dates are known. A
    /// lifted entry held until the day it was lifted.
    pub fn held_on(&self, as_of: NaiveDate) -> bool {
        let begun = self.listed_on.is_none_or(|listed_on| listed_on <= as_of);
        let open = match self.delisted_on {
            Some(delisted_on) => as_of < delisted_on,
            None => self.status.in_force(),
        };
        let earlier = |period: &ListedPeriod| period.from <= as_of && as_of < period.to;
        (begun && open) || self.earlier.iter().any(earlier)
    }
}

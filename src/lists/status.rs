//! How much, how old and how whole the lists are, for `lists status` and the
//! first screen of every result.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    list_set::ListSet,
    snapshot::{Completeness, Content, SnapshotHead, Source},
};

/// One source as it stands on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusRow {
    pub source: Source,
    pub title: &'static str,
    /// `None`: no snapshot is held, so the list is not searched.
    pub held: Option<HeldSnapshot>,
    /// Sentences that a person must see before relying on the list.
    pub warnings: Vec<String>,
}

/// The snapshot in force of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldSnapshot {
    pub edition: String,
    pub edition_date: NaiveDate,
    pub retrieved_on: NaiveDate,
    pub sha256: String,
    /// Parties, goods, placements, sectors and findings.
    pub entries: usize,
    /// What the publisher is known to have, in the unit of `completeness`.
    pub expected: Option<u32>,
    /// "85 of 144 entities", "34 products, of an unknown number".
    pub completeness: String,
    /// `None`: nobody has said how many there should be.
    pub whole: Option<bool>,
    /// Days since the day for which the content speaks; 0 for a later one.
    pub age_days: u32,
    pub stale: bool,
}

/// One row for each source of this build, in the order of [`Source::ALL`], then
/// one for each of the operator's own lists that is held.
pub fn status(set: &ListSet, today: NaiveDate) -> Vec<StatusRow> {
    let custom: BTreeSet<Source> = set
        .heads()
        .map(|head| head.source)
        .filter(|source| matches!(source, Source::Custom(_)))
        .collect();
    Source::ALL
        .into_iter()
        .chain(custom)
        .map(|source| {
            let held = set
                .latest(source)
                .map(|snapshot| held(&snapshot.head, &snapshot.content, today));
            let mut warnings = match (&held, set.latest(source)) {
                (Some(held), Some(snapshot)) => warnings(source, held, &snapshot.head.completeness),
                _ => vec!["no snapshot is held: this list is not searched".to_owned()],
            };
            if source == Source::Tip {
                warnings.extend(missing_years(set));
            }
            StatusRow {
                source,
                title: source.title(),
                held,
                warnings,
            }
        })
        .collect()
}

fn held(head: &SnapshotHead, content: &Content, today: NaiveDate) -> HeldSnapshot {
    let age_days = head.age_days(today);
    HeldSnapshot {
        edition: head.edition.clone(),
        edition_date: head.edition_date,
        retrieved_on: head.retrieved_on,
        sha256: head.sha256.clone(),
        entries: content.len(),
        expected: head.completeness.expected,
        completeness: head.completeness.in_words(),
        whole: head.completeness.is_whole(),
        age_days,
        stale: age_days > head.source.stale_after_days(),
    }
}

fn warnings(source: Source, held: &HeldSnapshot, completeness: &Completeness) -> Vec<String> {
    let mut warnings = Vec::new();
    let note = completeness.note.as_deref();
    if held.whole != Some(true) {
        warnings.push(match note {
            Some(note) => format!("partial, {}: {note}", held.completeness),
            None => format!("partial, {}", held.completeness),
        });
    }
    if held.stale {
        warnings.push(format!(
            "stale: it speaks for {}, {} days ago; this list counts as stale after {} days",
            held.edition_date,
            held.age_days,
            source.stale_after_days()
        ));
    }
    warnings
}

/// TIP reports are yearly: a gap between two that are held is an oversight.
fn missing_years(set: &ListSet) -> Vec<String> {
    let years: Vec<u16> = set
        .snapshots()
        .iter()
        .flat_map(|snapshot| &snapshot.content.placements)
        .map(|placement| placement.year)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    years
        .windows(2)
        .filter_map(|pair| match pair {
            [earlier, later] => Some((*earlier + 1)..*later),
            _ => None,
        })
        .flatten()
        .map(|year| format!("the report of {year} is missing"))
        .collect()
}

impl SnapshotHead {
    /// Days from the day for which the content speaks to `today`.
    pub fn age_days(&self, today: NaiveDate) -> u32 {
        u32::try_from((today - self.edition_date).num_days()).unwrap_or(0)
    }
}

impl Completeness {
    /// "85 of 144 entities".
    pub fn in_words(&self) -> String {
        match self.expected {
            Some(expected) => format!("{} of {expected} {}", self.held, self.unit),
            None => format!("{} {}, of an unknown number", self.held, self.unit),
        }
    }
}

impl Content {
    /// Rows of every kind.
    pub fn len(&self) -> usize {
        self.entries.len()
            + self.goods.len()
            + self.placements.len()
            + self.sectors.len()
            + self.findings.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

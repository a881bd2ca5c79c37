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
    /// The last day on which the publisher still said the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_on: Option<NaiveDate>,
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
    let years = years(set.snapshots().iter().map(|snapshot| &snapshot.content));
    let held: Vec<_> = set
        .heads()
        .map(|head| head.source)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .filter_map(|source| set.latest(source))
        .map(|snapshot| HeldEdition {
            head: snapshot.head.clone(),
            rows: snapshot.content.len(),
        })
        .collect();
    status_of(&held, &years, today)
}

/// An edition in force, without its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldEdition {
    pub head: SnapshotHead,
    pub rows: usize,
}

/// Like [`status`], of what is in force, without reading it. `report_years` are
/// those of the TIP reports held.
pub fn status_of(
    in_force: &[HeldEdition],
    report_years: &BTreeSet<u16>,
    today: NaiveDate,
) -> Vec<StatusRow> {
    let latest = |source: Source| in_force.iter().find(|held| held.head.source == source);
    let custom: BTreeSet<Source> = in_force
        .iter()
        .map(|held| held.head.source)
        .filter(|source| matches!(source, Source::Custom(_)))
        .collect();
    Source::ALL
        .into_iter()
        .chain(custom)
        .map(|source| {
            let edition = latest(source);
            let held = edition.map(|edition| held(&edition.head, edition.rows, today));
            let mut warnings = match (&held, edition) {
                (Some(held), Some(edition)) => warnings(source, held, &edition.head.completeness),
                _ => vec!["no snapshot is held: this list is not searched".to_owned()],
            };
            if source == Source::Tip {
                warnings.extend(missing_years(report_years));
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

fn held(head: &SnapshotHead, rows: usize, today: NaiveDate) -> HeldSnapshot {
    let age_days = head.age_days(today);
    HeldSnapshot {
        edition: head.edition.clone(),
        edition_date: head.edition_date,
        retrieved_on: head.retrieved_on,
        confirmed_on: head.confirmed_on,
        sha256: head.sha256.clone(),
        entries: rows,
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
            held.confirmed_on.unwrap_or(held.edition_date),
            held.age_days,
            source.stale_after_days()
        ));
    }
    warnings
}

/// The years of the TIP reports that are held.
pub fn years<'a>(contents: impl Iterator<Item = &'a Content>) -> BTreeSet<u16> {
    contents
        .flat_map(|content| &content.placements)
        .map(|placement| placement.year)
        .collect()
}

/// TIP reports are yearly: a gap between two that are held is an oversight.
fn missing_years(years: &BTreeSet<u16>) -> Vec<String> {
    let years: Vec<u16> = years.iter().copied().collect();
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
        u32::try_from((today - self.speaks_for()).num_days()).unwrap_or(0)
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

//! The history of rows: each version once, with the editions that held it. An
//! edition costs what changed in it.

use std::collections::HashMap;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::{
    audit::{NotCanonical, canonical_text},
    lists::{Changes, Content, Item, ListRow, Source, item::Keys, items},
    store::{
        Connection, Scoped, StoreError,
        list_entries::{self, Edition, NewVersion},
        list_snapshots::KeptSnapshot,
    },
};

/// Makes versions of the rows of one edition.
#[derive(Debug, Default)]
pub(super) struct Versions {
    keys: Keys,
}

impl Versions {
    /// `None`: what could not be read.
    pub(super) fn of(&mut self, row: &ListRow) -> Result<Option<NewVersion>, NotCanonical> {
        let Some(item) = Item::of(row) else {
            return Ok(None);
        };
        let key = self.keys.unique(item.key());
        version(key, &item).map(Some)
    }
}

fn version(key: String, item: &Item<'_>) -> Result<NewVersion, NotCanonical> {
    let body = canonical_text(item)?;
    Ok(NewVersion {
        item: key,
        sha256: Sha256::digest(body.as_bytes()).into(),
        body,
    })
}

/// The versions of a small list.
pub(super) fn versions(content: &Content) -> Result<Vec<NewVersion>, NotCanonical> {
    items(content)
        .into_iter()
        .map(|(key, item)| version(key, &item))
        .collect()
}

/// The number of an edition of that day that comes after those kept; `None` when
/// a newer one is in the history already, which cannot be told in order.
pub(super) fn next_number(kept: &[KeptSnapshot], edition_date: NaiveDate) -> Option<i32> {
    let newest = kept
        .iter()
        .filter_map(|kept| Some((kept.number?, kept.head.edition_date)))
        .max();
    match newest {
        None => Some(1),
        Some((number, day)) if day <= edition_date => Some(number + 1),
        Some(_) => None,
    }
}

/// Of the editions in the history the last.
pub(super) fn newest_number(kept: &[KeptSnapshot]) -> i32 {
    kept.iter()
        .filter_map(|kept| kept.number)
        .max()
        .unwrap_or(0)
}

/// Tells what an edition changes in the history, a batch at a time.
#[derive(Debug)]
pub(super) struct Writer {
    edition: Edition,
    /// Of the edition before, what has not come again yet.
    before: HashMap<String, Vec<u8>>,
    changes: Changes,
}

/// What some rows of an edition change.
#[derive(Debug, Default)]
pub(super) struct Change {
    /// No longer as they were.
    closed: Vec<String>,
    opened: Vec<NewVersion>,
}

impl Change {
    pub(super) fn is_empty(&self) -> bool {
        self.closed.is_empty() && self.opened.is_empty()
    }
}

impl Writer {
    pub(super) async fn begin(
        connection: &Scoped<impl Connection>,
        source: Source,
        number: i32,
        date: NaiveDate,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            edition: Edition {
                source,
                number,
                date,
            },
            before: list_entries::current(connection, source).await?,
            changes: Changes::default(),
        })
    }

    /// What these rows change.
    pub(super) fn change(&mut self, versions: Vec<NewVersion>) -> Change {
        let mut change = Change::default();
        for version in versions {
            match self.before.remove(&version.item) {
                Some(hash) if hash == version.sha256 => continue,
                Some(_) => {
                    self.changes.changed += 1;
                    change.closed.push(version.item.clone());
                }
                None => self.changes.added += 1,
            }
            change.opened.push(version);
        }
        change
    }

    /// After the last row: what has not come again, so many at once.
    pub(super) fn gone(&mut self, most: usize) -> Vec<Change> {
        let mut gone: Vec<String> = std::mem::take(&mut self.before).into_keys().collect();
        gone.sort_unstable();
        self.changes.removed = gone.len();
        gone.chunks(most)
            .map(|items| Change {
                closed: items.to_vec(),
                opened: Vec::new(),
            })
            .collect()
    }

    pub(super) async fn write(
        &self,
        transaction: &Scoped<impl Connection>,
        change: Change,
    ) -> Result<(), StoreError> {
        // First the old version ends, then the new one begins.
        list_entries::close(transaction, self.edition, &change.closed).await?;
        list_entries::open(transaction, self.edition, change.opened).await
    }

    pub(super) fn changes(&self) -> Changes {
        self.changes
    }
}

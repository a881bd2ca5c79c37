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

/// Writes an edition into the history, a batch at a time.
#[derive(Debug)]
pub(super) struct Writer {
    edition: Edition,
    /// Of the edition before, what has not come again yet.
    before: HashMap<String, Vec<u8>>,
    changes: Changes,
}

impl Writer {
    pub(super) async fn begin(
        transaction: &Scoped<impl Connection>,
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
            before: list_entries::current(transaction, source).await?,
            changes: Changes::default(),
        })
    }

    pub(super) async fn write(
        &mut self,
        transaction: &Scoped<impl Connection>,
        versions: Vec<NewVersion>,
    ) -> Result<(), StoreError> {
        let mut changed = Vec::new();
        let mut new = Vec::new();
        for version in versions {
            match self.before.remove(&version.item) {
                Some(hash) if hash == version.sha256 => continue,
                Some(_) => {
                    self.changes.changed += 1;
                    changed.push(version.item.clone());
                }
                None => self.changes.added += 1,
            }
            new.push(version);
        }
        // First the old version ends, then the new one begins.
        list_entries::close(transaction, self.edition, &changed).await?;
        list_entries::open(transaction, self.edition, new).await
    }

    pub(super) async fn finish(
        mut self,
        transaction: &Scoped<impl Connection>,
    ) -> Result<Changes, StoreError> {
        let mut gone: Vec<String> = self.before.into_keys().collect();
        gone.sort_unstable();
        self.changes.removed = gone.len();
        list_entries::close(transaction, self.edition, &gone).await?;
        Ok(self.changes)
    }
}

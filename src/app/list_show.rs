//! What an edition holds, what held on a day, and how one row came to be what
//! it is. Natural persons are matched, never shown.

use std::ops::Bound;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use super::{
    list_editions::{self, EditionError},
    list_history::newest_number,
    list_schedule::next_look,
    publishers::publisher,
};
use crate::{
    clock::{Clock, rfc3339},
    config::ListSettings,
    country::Country,
    lists::{
        Changes, EntryKind, FieldChange, Item, ListDiff, ListRow, Source, StatusRow, UnreadPlace,
        diff, diff::changed_fields, items, status_of,
    },
    store::{
        Database,
        list_entries::{self, Version},
        list_snapshots::{self, KeptSnapshot},
        list_syncs::{self, ListSync, SyncState},
    },
};

/// Rows looked at together.
const LOOK: u64 = 1_000;
/// So often for one page of rows shown.
const MOST_LOOKS: usize = 20;

/// A page of an edition.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    pub source: Source,
    pub edition: String,
    pub edition_date: NaiveDate,
    /// What must be known to read it rightly.
    pub caveats: Vec<String>,
    pub rows: Vec<ShownRow>,
    /// Where the next page begins; nothing at the end.
    pub next: Option<String>,
    /// Places of the whole edition that could not be read, or were read with a
    /// doubt.
    pub unread_rows: usize,
    /// The first of these, on the first page.
    pub unread: Vec<UnreadPlace>,
}

/// One row of an edition.
#[derive(Debug, Clone, Serialize)]
pub struct ShownRow {
    pub key: String,
    pub name: String,
    /// The day of the first edition held that says this.
    pub since_edition_of: Option<NaiveDate>,
    /// As read from the publisher's bytes.
    pub row: Value,
}

/// Which rows of a list are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// By default the edition that speaks for the day; the id of a refused
    /// attempt names what was kept aside.
    pub edition: Option<String>,
    /// What stood on the list on that day, as far as its dates are known.
    pub as_of: Option<NaiveDate>,
    /// Held in a name or an alias, however cases, marks and blanks are written.
    pub name: Option<String>,
    pub country: Option<Country>,
    /// Where the page before ended.
    pub after: Option<String>,
    /// Rows at most.
    pub limit: usize,
}

impl Wanted {
    fn takes(&self, key: &str, row: &Value, kept: &KeptSnapshot) -> bool {
        if !publishable(row) {
            return false;
        }
        if self.as_of.is_none() && self.name.is_none() && self.country.is_none() {
            return true;
        }
        let Some(row) = typed(key, row) else {
            return self.name.is_none() && self.country.is_none();
        };
        let Some(item) = Item::of(&row) else {
            return false;
        };
        self.as_of.is_none_or(|day| held_on(&row, day, kept))
            && self.name.as_deref().is_none_or(|name| item.bears(name))
            && self.country.is_none_or(|country| item.is_of(country))
    }
}

/// A page of what the list held: the rows of one edition, or, on a day, those
/// that stood on the list on that day as far as their dates are known. Where few
/// rows are wanted of many, a page may hold fewer than it could.
pub async fn page(
    database: &Database,
    source: Source,
    wanted: &Wanted,
    today: NaiveDate,
) -> Result<Shown, EditionError> {
    let day = wanted.as_of.unwrap_or(today);
    let kept = list_editions::find(database, source, wanted.edition.as_deref(), day).await?;
    let mut shown = Shown {
        source,
        edition: kept.head.edition.clone(),
        edition_date: kept.head.edition_date,
        caveats: caveats(&kept, wanted.as_of),
        rows: Vec::new(),
        next: wanted.after.clone(),
        unread_rows: kept.retrieval.as_ref().map_or(0, |it| it.unread_rows),
        unread: Vec::new(),
    };
    if let Some(retrieval) = &kept.retrieval
        && wanted.after.is_none()
    {
        shown.unread.clone_from(&retrieval.unread);
    }
    let take = |shown: &mut Shown, key: String, since: Option<NaiveDate>, row: Value| {
        shown.next = Some(key.clone());
        if wanted.takes(&key, &row, &kept) {
            shown.rows.push(ShownRow {
                name: name(&key, &row),
                since_edition_of: since,
                key,
                row,
            });
        }
        shown.rows.len() >= wanted.limit
    };
    let Some(number) = kept.number else {
        let snapshot = list_editions::read(database, &kept).await?;
        let after = wanted.after.clone();
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        for (key, item) in items(&snapshot.content).range((start, Bound::Unbounded)) {
            if take(&mut shown, key.clone(), None, value(item)) {
                return Ok(shown);
            }
        }
        shown.next = None;
        return Ok(shown);
    };
    for _ in 0..MOST_LOOKS {
        let connection = database.connection();
        let after = shown.next.clone();
        let found = list_entries::page(connection, source, number, after.as_deref(), LOOK).await?;
        if found.is_empty() {
            shown.next = None;
            return Ok(shown);
        }
        for version in found {
            let row = body(&version);
            if take(&mut shown, version.item, Some(version.valid_from), row) {
                return Ok(shown);
            }
        }
    }
    Ok(shown)
}

fn caveats(kept: &KeptSnapshot, as_of: Option<NaiveDate>) -> Vec<String> {
    let head = &kept.head;
    let mut caveats = Vec::new();
    if head.edition == kept.id.to_string() {
        caveats.push("kept aside, not in force".to_owned());
    }
    if let Some(day) = as_of
        && day < head.edition_date
    {
        caveats.push(format!(
            "no edition of {day} is held: this is the oldest, of {}, and the dates in its rows say what was listed then; what was taken off before is missing",
            head.edition_date
        ));
    }
    if head.completeness.is_whole() != Some(true) {
        caveats.push(format!("partial: {}", head.completeness.in_words()));
    }
    if may_hold_persons(head.source) {
        caveats.push("natural persons are matched, and not shown".to_owned());
    }
    caveats
}

fn may_hold_persons(source: Source) -> bool {
    matches!(
        source,
        Source::OfacSdn
            | Source::Csl
            | Source::SamExclusions
            | Source::BrazilRegister
            | Source::Custom(_)
    )
}

/// Whether the row is about no natural person.
fn publishable(row: &Value) -> bool {
    let person = serde_json::to_value(EntryKind::Person).unwrap_or_default();
    row.get("kind") != Some(&person)
}

fn value(item: &Item<'_>) -> Value {
    // A row is a struct of plain values, which always has this form.
    serde_json::to_value(item).unwrap_or_default()
}

fn body(version: &Version) -> Value {
    serde_json::from_str(&version.body).unwrap_or_default()
}

/// The row as what it is, by the kind in its key.
fn typed(key: &str, row: &Value) -> Option<ListRow> {
    let (kind, _) = key.split_once(':')?;
    let row = row.clone();
    match kind {
        "entry" => serde_json::from_value(row).map(ListRow::Entry).ok(),
        "good" => serde_json::from_value(row).map(ListRow::Good).ok(),
        "placement" => serde_json::from_value(row).map(ListRow::Placement).ok(),
        "sector" => serde_json::from_value(row).map(ListRow::Sector).ok(),
        "finding" => serde_json::from_value(row).map(ListRow::Finding).ok(),
        _ => None,
    }
}

fn held_on(row: &ListRow, day: NaiveDate, kept: &KeptSnapshot) -> bool {
    match row {
        ListRow::Entry(entry) => entry.held_on(day),
        ListRow::Good(good) => good.held_on(day, kept.head.edition_date),
        ListRow::Sector(sector) => sector.designated_on <= day,
        _ => true,
    }
}

fn name(key: &str, row: &Value) -> String {
    typed(key, row)
        .as_ref()
        .and_then(|row| Item::of(row).map(|item| item.name()))
        .unwrap_or_else(|| key.to_owned())
}

/// One time that a row said one thing.
#[derive(Debug, Clone, Serialize)]
pub struct RowVersion {
    /// The day of the first edition that said it.
    pub valid_from: NaiveDate,
    /// The day of the first edition that no longer did; nothing: the newest does.
    pub valid_to: Option<NaiveDate>,
    /// Against the version before.
    pub changes: Vec<FieldChange>,
    pub row: Value,
}

/// Every version of one row, oldest first; nothing of a natural person.
pub async fn history(
    database: &Database,
    source: Source,
    id: &str,
) -> Result<Vec<RowVersion>, EditionError> {
    let connection = database.connection();
    let newest = newest_number(&list_snapshots::of_source(connection, source).await?);
    let entry = format!("entry:{id}");
    let mut found = list_entries::history(connection, source, &entry, newest).await?;
    if found.is_empty() {
        found = list_entries::history(connection, source, id, newest).await?;
    }
    let mut versions: Vec<RowVersion> = Vec::new();
    for version in found {
        let row = body(&version);
        if !publishable(&row) {
            return Ok(Vec::new());
        }
        let changes = versions
            .last()
            .map(|before| changed_fields(&before.row, &row))
            .unwrap_or_default();
        versions.push(RowVersion {
            valid_from: version.valid_from,
            valid_to: version.valid_to,
            changes,
            row,
        });
    }
    Ok(versions)
}

/// What changed between two editions of one list.
#[derive(Debug, Clone, Serialize)]
pub struct EditionDiff {
    pub source: Source,
    pub before: String,
    pub after: String,
    #[serde(flatten)]
    pub diff: ListDiff,
}

/// Compares two editions, by name.
pub async fn compare(
    database: &Database,
    source: Source,
    before: &str,
    after: &str,
    today: NaiveDate,
) -> Result<EditionDiff, EditionError> {
    let old = list_editions::find(database, source, Some(before), today).await?;
    let new = list_editions::find(database, source, Some(after), today).await?;
    let old = list_editions::read(database, &old).await?;
    let new = list_editions::read(database, &new).await?;
    let diff = tokio::task::spawn_blocking(move || diff(&old.content, &new.content)).await?;
    Ok(EditionDiff {
        source,
        before: before.to_owned(),
        after: after.to_owned(),
        diff,
    })
}

/// One edition that is held.
#[derive(Debug, Clone, Serialize)]
pub struct EditionRow {
    pub edition: String,
    pub edition_date: NaiveDate,
    pub retrieved_on: NaiveDate,
    pub kept_at: String,
    /// `shipped`, `fetched`, `imported` or `read_again`.
    pub origin: &'static str,
    pub sha256: String,
    pub parser_version: u32,
    pub url: String,
    pub completeness: String,
    pub rows: Option<usize>,
    pub unread_rows: usize,
    pub unread: Vec<UnreadPlace>,
    pub changes: Option<Changes>,
    /// Why a person put it in force although it had been refused.
    pub accepted_because: Option<String>,
}

/// The editions of one list, newest first.
pub async fn editions(
    database: &Database,
    source: Source,
) -> Result<Vec<EditionRow>, EditionError> {
    let kept = list_snapshots::of_source(database.connection(), source).await?;
    if kept.is_empty() {
        return Err(EditionError::NoneHeld {
            source_list: source,
        });
    }
    Ok(kept.into_iter().rev().map(edition_row).collect())
}

fn edition_row(kept: KeptSnapshot) -> EditionRow {
    let KeptSnapshot {
        head,
        kept_at,
        retrieval,
        ..
    } = kept;
    EditionRow {
        completeness: head.completeness.in_words(),
        edition: head.edition,
        edition_date: head.edition_date,
        retrieved_on: head.retrieved_on,
        kept_at: rfc3339(kept_at),
        origin: retrieval
            .as_ref()
            .map_or("shipped", |retrieval| retrieval.origin.code()),
        sha256: head.sha256,
        parser_version: head.parser_version,
        url: head.url,
        rows: retrieval.as_ref().map(|retrieval| retrieval.rows),
        unread_rows: retrieval.as_ref().map_or(0, |it| it.unread_rows),
        changes: retrieval.as_ref().and_then(|retrieval| retrieval.changes),
        accepted_because: retrieval
            .as_ref()
            .and_then(|retrieval| retrieval.accepted.as_ref())
            .map(|accepted| accepted.reason.clone()),
        unread: retrieval.map_or_else(Vec::new, |retrieval| retrieval.unread),
    }
}

/// A list as it stands: what is held, and how the last attempt ended.
#[derive(Debug, Clone, Serialize)]
pub struct ListStatus {
    #[serde(flatten)]
    pub list: StatusRow,
    /// Nothing: nobody has ever asked for it.
    pub last_attempt: Option<LastAttempt>,
    /// When the schedule looks next; nothing: never by itself.
    pub next_look: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct LastAttempt {
    pub id: uuid::Uuid,
    pub state: &'static str,
    pub requested_at: String,
    pub finished_at: Option<String>,
    pub problem: Option<String>,
    pub advice: Option<String>,
}

/// Every list as it stands.
pub async fn status(
    database: &Database,
    clock: &dyn Clock,
    settings: &ListSettings,
) -> Result<Vec<ListStatus>, EditionError> {
    let today = clock.today();
    let (held, years) = list_editions::held(database, today).await?;
    let mut rows = Vec::new();
    for mut list in status_of(&held, &years, today) {
        let connection = database.connection();
        let last = list_syncs::last_of(connection, list.source).await?;
        let every = publisher(settings, list.source)
            .ok()
            .and_then(|publisher| publisher.every)
            .filter(|_| settings.schedule);
        let next_look = every.map(|every| {
            last.as_ref()
                .map_or_else(|| clock.now(), |last| next_look(last, every))
        });
        if let Some(warning) = last.as_ref().and_then(attempt_warning) {
            list.warnings.push(warning);
        }
        rows.push(ListStatus {
            list,
            last_attempt: last.map(last_attempt),
            next_look: next_look.map(rfc3339),
        });
    }
    Ok(rows)
}

fn attempt_warning(last: &ListSync) -> Option<String> {
    let day = last.finished_at?.date_naive();
    let problem = last.problem.as_deref().unwrap_or("no reason was kept");
    let said = match last.state {
        SyncState::Failed => format!("the last attempt, on {day}, failed: {problem}"),
        SyncState::Refused => {
            format!(
                "what came on {day} is kept aside (attempt {}): {problem}",
                last.id
            )
        }
        _ => return None,
    };
    Some(match &last.advice {
        Some(advice) => format!("{said}; {advice}"),
        None => said,
    })
}

fn last_attempt(last: ListSync) -> LastAttempt {
    LastAttempt {
        id: last.id,
        state: last.state.code(),
        requested_at: rfc3339(last.requested_at),
        finished_at: last.finished_at.map(rfc3339),
        problem: last.problem,
        advice: last.advice,
    }
}

//! Which edition of a list speaks for a day, and its rows.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Cursor,
};

use chrono::NaiveDate;
use uuid::Uuid;

use super::list_retrieve::Document;
use crate::{
    lists::{
        About, Content, Form, HeldEdition, ListSet, ParsedList, Part, Retrieval, Snapshot,
        SnapshotHead, Source, UnknownForm, UnreadableList, collect, reference,
    },
    store::{
        Database, StoreError, documents,
        list_snapshots::{self, KeptSnapshot},
        list_syncs::{self, SyncState},
    },
};

/// A kept edition cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum EditionError {
    #[error("a list snapshot cannot be read")]
    Reference(#[from] reference::UnreadableReference),
    #[error("the kept {source_list} list of {edition} can no longer be read")]
    Unreadable {
        source_list: Source,
        edition: String,
        #[source]
        source: UnreadableList,
    },
    #[error(transparent)]
    Form(#[from] UnknownForm),
    #[error("no edition \"{edition}\" of the {source_list} list is held")]
    Missing {
        source_list: Source,
        edition: String,
    },
    #[error("what attempt {attempt} brought has no rows that could be shown: {problem}")]
    NotTheList { attempt: Uuid, problem: String },
    #[error("no edition of the {source_list} list is held")]
    NoneHeld { source_list: Source },
    #[error("reading a list stopped before its end")]
    Stopped(#[from] tokio::task::JoinError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The editions that speak for the day, one a list, in the order of the lists.
pub async fn in_force(
    database: &Database,
    as_of: NaiveDate,
) -> Result<Vec<KeptSnapshot>, StoreError> {
    let connection = database.connection();
    let newest = list_snapshots::newest(connection).await?;
    let mut chosen = Vec::new();
    for (source, editions) in by_source(newest) {
        // The last one speaks for today. For an earlier day all must be looked at.
        let last = choose(&editions, as_of).filter(|kept| is_publishers(kept));
        let only_shipped = editions.iter().all(|kept| kept.retrieval.is_none());
        match last {
            Some(kept) => chosen.push(kept.clone()),
            None if only_shipped => chosen.extend(choose(&editions, as_of).cloned()),
            None => {
                let all = list_snapshots::of_source(connection, source).await?;
                chosen.extend(choose(&all, as_of).cloned());
            }
        }
    }
    confirm(database, &mut chosen, as_of).await?;
    Ok(chosen)
}

/// The edition of one list that speaks for the day.
pub async fn in_force_of(
    database: &Database,
    source: Source,
    as_of: NaiveDate,
) -> Result<Option<KeptSnapshot>, StoreError> {
    let all = list_snapshots::of_source(database.connection(), source).await?;
    let mut chosen: Vec<_> = choose(&all, as_of).cloned().into_iter().collect();
    confirm(database, &mut chosen, as_of).await?;
    Ok(chosen.pop())
}

fn by_source(editions: Vec<KeptSnapshot>) -> BTreeMap<Source, Vec<KeptSnapshot>> {
    let mut of_source: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for kept in editions {
        of_source.entry(kept.head.source).or_default().push(kept);
    }
    of_source
}

/// The edition of that name; the one that speaks for the day, without a name. The
/// id of a refused attempt names what was kept aside.
pub async fn find(
    database: &Database,
    source: Source,
    edition: Option<&str>,
    as_of: NaiveDate,
) -> Result<KeptSnapshot, EditionError> {
    let Some(edition) = edition else {
        return in_force_of(database, source, as_of)
            .await?
            .ok_or(EditionError::NoneHeld {
                source_list: source,
            });
    };
    if let Ok(attempt) = edition.parse::<Uuid>() {
        return aside(database, source, attempt).await;
    }
    list_snapshots::of_source(database.connection(), source)
        .await?
        .into_iter()
        .rfind(|kept| kept.head.edition == edition)
        .ok_or_else(|| EditionError::Missing {
            source_list: source,
            edition: edition.to_owned(),
        })
}

/// What a refused attempt brought, as if it were an edition.
async fn aside(
    database: &Database,
    source: Source,
    attempt: Uuid,
) -> Result<KeptSnapshot, EditionError> {
    let found = list_syncs::find(database.connection(), attempt)
        .await?
        .filter(|sync| sync.source == source && sync.state == SyncState::Refused);
    let missing = || EditionError::Missing {
        source_list: source,
        edition: attempt.to_string(),
    };
    let sync = found.ok_or_else(missing)?;
    let (Some(head), Some(retrieval)) = (sync.head, sync.retrieval) else {
        return Err(missing());
    };
    if retrieval.rows == 0 {
        return Err(EditionError::NotTheList {
            attempt,
            problem: sync.problem.unwrap_or_default(),
        });
    }
    Ok(KeptSnapshot {
        id: sync.id,
        head: SnapshotHead {
            edition: attempt.to_string(),
            ..head
        },
        kept_at: sync.finished_at.unwrap_or(sync.requested_at),
        number: None,
        retrieval: Some(retrieval),
    })
}

/// Adds the last day on which each publisher still said the same, as far as that
/// was known on the day.
async fn confirm(
    database: &Database,
    editions: &mut [KeptSnapshot],
    as_of: NaiveDate,
) -> Result<(), StoreError> {
    let ids: Vec<_> = editions
        .iter()
        .filter(|kept| kept.retrieval.is_some())
        .map(|kept| kept.id)
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    let confirmations = list_syncs::confirmations(database.connection(), &ids, as_of).await?;
    for kept in editions {
        kept.head.confirmed_on = confirmations
            .get(&kept.id)
            .map(chrono::DateTime::date_naive)
            .filter(|day| *day > kept.head.edition_date);
    }
    Ok(())
}

/// Of the editions that existed on the day the one that came last from the
/// publisher; what ships with the program is for lists never fetched, and of that
/// the newest. On a day before all editions: the oldest, whose own dates then say
/// what held.
pub(super) fn choose(editions: &[KeptSnapshot], as_of: NaiveDate) -> Option<&KeptSnapshot> {
    let rank = |kept: &&KeptSnapshot| match kept.number {
        Some(number) if is_publishers(kept) => (number, kept.head.edition_date),
        _ => (0, kept.head.edition_date),
    };
    editions
        .iter()
        .filter(|kept| kept.head.edition_date <= as_of)
        .max_by_key(rank)
        .or_else(|| {
            editions
                .iter()
                .rev()
                .min_by_key(|kept| kept.head.edition_date)
        })
}

/// In the publisher's own form, and no earlier edition brought for the record.
pub(super) fn is_publishers(kept: &KeptSnapshot) -> bool {
    let reference = Form::Reference.code();
    kept.number.is_some()
        && kept
            .retrieval
            .as_ref()
            .is_some_and(|retrieval| retrieval.form != reference)
}

/// The rows of an edition, read from the bytes as received.
pub async fn read(database: &Database, kept: &KeptSnapshot) -> Result<Snapshot, EditionError> {
    let source = kept.head.source;
    let connection = database.connection();
    let Some(retrieval) = &kept.retrieval else {
        let bytes = documents::read_of_list(connection, source, &kept.head.sha256).await?;
        let read = move || reference::parse(source, &bytes);
        return Ok(tokio::task::spawn_blocking(read).await??);
    };
    let form: Form = retrieval.form.parse()?;
    let about = retrieval.about.clone();
    let mut parts = Vec::with_capacity(retrieval.parts.len());
    for part in &retrieval.parts {
        let bytes = documents::read_of_list(connection, source, &part.sha256).await?;
        parts.push((part.name.clone(), bytes));
    }
    let read = tokio::task::spawn_blocking(move || rows(source, form, &about, &parts)).await?;
    let content = read.map_err(|cause| EditionError::Unreadable {
        source_list: source,
        edition: kept.head.edition.clone(),
        source: cause,
    })?;
    Ok(Snapshot {
        head: SnapshotHead {
            parser_version: form.parser_version(),
            ..kept.head.clone()
        },
        content,
    })
}

/// What was received, as it was received.
pub(super) async fn documents_of(
    database: &Database,
    source: Source,
    retrieval: &Retrieval,
) -> Result<Vec<Document>, StoreError> {
    let mut received = Vec::new();
    for part in &retrieval.parts {
        let connection = database.connection();
        let bytes = documents::read_of_list(connection, source, &part.sha256).await?;
        received.push(Document {
            name: part.name.clone(),
            asked: part.asked.as_ref().and_then(|url| url.parse().ok()),
            url: part.url.as_ref().and_then(|url| url.parse().ok()),
            headers: part.headers.clone(),
            sha256: part.sha256.clone(),
            bytes,
        });
    }
    Ok(received)
}

fn rows(
    source: Source,
    form: Form,
    about: &str,
    parts: &[(String, Vec<u8>)],
) -> Result<Content, UnreadableList> {
    let mut inputs: Vec<_> = parts
        .iter()
        .map(|(name, bytes)| (name.as_str(), Cursor::new(bytes.as_slice())))
        .collect();
    let mut parts: Vec<_> = inputs
        .iter_mut()
        .map(|(name, input)| Part { name, input })
        .collect();
    let about = About {
        source,
        edition: about,
    };
    let (ParsedList { content, .. }, _) = collect(form, &mut parts, &about)?;
    Ok(content)
}

/// The snapshot that a result was made on, by the head that the result names.
pub async fn of_head(database: &Database, head: &SnapshotHead) -> Result<Snapshot, EditionError> {
    let kept = list_snapshots::with_document(database.connection(), head)
        .await?
        .ok_or_else(|| EditionError::Missing {
            source_list: head.source,
            edition: head.edition.clone(),
        })?;
    let mut snapshot = read(database, &kept).await?;
    snapshot.head.confirmed_on = head.confirmed_on;
    Ok(snapshot)
}

/// What a screening of that day searches.
pub async fn list_set(database: &Database, as_of: NaiveDate) -> Result<ListSet, EditionError> {
    let mut snapshots = Vec::new();
    for kept in in_force(database, as_of).await? {
        snapshots.push(read(database, &kept).await?);
    }
    Ok(ListSet::new(snapshots))
}

/// The editions in force on the day with how many rows each has, and the years
/// of the reports held, without reading the large ones.
pub async fn held(
    database: &Database,
    as_of: NaiveDate,
) -> Result<(Vec<HeldEdition>, BTreeSet<u16>), EditionError> {
    let mut held = Vec::new();
    for kept in in_force(database, as_of).await? {
        let rows = match &kept.retrieval {
            Some(retrieval) => retrieval.rows,
            None => read(database, &kept).await?.content.len(),
        };
        held.push(HeldEdition {
            head: kept.head,
            rows,
        });
    }
    let mut contents = Vec::new();
    for kept in list_snapshots::of_source(database.connection(), Source::Tip).await? {
        contents.push(read(database, &kept).await?.content);
    }
    Ok((held, crate::lists::years(contents.iter())))
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;
    use crate::lists::{Completeness, Origin, Retrieval};

    fn edition(day: &str, form: Option<&str>, number: Option<i32>) -> KeptSnapshot {
        KeptSnapshot {
            id: Uuid::nil(),
            head: SnapshotHead {
                source: Source::Uflpa,
                publisher: String::new(),
                title: String::new(),
                edition: format!("{day} {form:?}"),
                edition_date: day.parse().unwrap(),
                retrieved_on: day.parse().unwrap(),
                url: String::new(),
                sha256: String::new(),
                parser_version: 1,
                completeness: Completeness {
                    held: 1,
                    expected: None,
                    unit: String::new(),
                    note: None,
                },
                derived_from: None,
                confirmed_on: None,
            },
            kept_at: Utc.timestamp_opt(0, 0).unwrap(),
            number,
            retrieval: form.map(|form| Retrieval {
                origin: Origin::Fetched,
                retrieved_at: String::new(),
                actor: String::new(),
                form: form.to_owned(),
                about: String::new(),
                parts: Vec::new(),
                rows: 0,
                unread_rows: 0,
                unread: Vec::new(),
                changes: None,
                accepted: None,
            }),
        }
    }

    #[test]
    fn the_publishers_newest_edition_of_the_day_goes_first() {
        let page = Some("uflpa-html");
        let editions = [
            edition("2025-01-15", None, Some(1)),
            // An old page, brought for the record.
            edition("2023-06-01", page, None),
            edition("2026-11-01", page, Some(2)),
            edition("2026-11-20", page, Some(3)),
            edition("2026-11-20", Some("uflpa-html again"), Some(4)),
            // What ships with a later program, and is not whole.
            edition("2026-11-21", None, Some(5)),
            edition("2026-11-21", Some("reference"), Some(6)),
        ];
        let chosen = |as_of: &str| {
            let kept = choose(&editions, as_of.parse().unwrap()).unwrap();
            kept.number.map_or(-1, |number| number)
        };
        assert_eq!(chosen("2020-01-01"), -1, "the oldest there is");
        assert_eq!(chosen("2024-01-01"), -1);
        assert_eq!(chosen("2025-02-01"), 1);
        assert_eq!(chosen("2026-11-10"), 2);
        assert_eq!(chosen("2026-11-20"), 4, "the later of one day");
        assert_eq!(chosen("2027-01-01"), 4);
        assert!(choose(&[], "2027-01-01".parse().unwrap()).is_none());
    }
}

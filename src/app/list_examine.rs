//! Reading what came as a list without keeping anything of it: what it is, how
//! much it holds, what could not be read. Rows are handed over one by one, so a
//! list costs its bytes and no more.

use std::{collections::BTreeSet, io::Cursor};

use chrono::NaiveDate;
use serde_json::json;
use tokio::sync::mpsc;

use super::{list_history::Versions, list_retrieve::Document, publishers::publisher_name};
use crate::{
    audit::{NotCanonical, canonical_text, sha256_hex},
    clock::{Timestamp, rfc3339},
    lists::{
        About, Completeness, Expectation, Form, KeptPart, ListRow, Offered, Origin, Part,
        Retrieval, SnapshotHead, Source, Summary, Unread, UnreadableList, read, reference,
        shape::check_shape,
    },
    store::list_entries::NewVersion,
};

/// Versions handed over at once.
const CHUNK: usize = 2_000;
/// Places told of what could not be read; the bytes are kept.
const MOST_PLACES: usize = 200;

/// What came as a list.
#[derive(Debug)]
pub struct Candidate {
    pub source: Source,
    pub form: Form,
    pub documents: Vec<Document>,
    pub origin: Origin,
    pub retrieved_at: Timestamp,
    pub actor: String,
    /// The day that the place of the file or the person who brings it tells.
    pub dated: Option<NaiveDate>,
    /// When the kept bytes are read again: as they were called then.
    pub again: Option<SnapshotHead>,
}

/// What was found in it.
#[derive(Debug, Clone)]
pub struct Examined {
    pub head: SnapshotHead,
    pub retrieval: Retrieval,
    pub offered: Offered,
    /// It is not the list that it should be.
    pub unreadable: Option<UnreadableList>,
}

impl Candidate {
    /// The document that stands for the whole: the one, or one that names the
    /// others by hash.
    pub fn manifest(&self) -> Result<Option<String>, NotCanonical> {
        if self.documents.len() == 1 {
            return Ok(None);
        }
        let parts: Vec<_> = self
            .documents
            .iter()
            .map(|part| json!({"name": part.name, "sha256": part.sha256}))
            .collect();
        canonical_text(&json!({ "parts": parts })).map(Some)
    }

    /// Of the document that stands for the whole.
    pub fn sha256(&self) -> Result<String, NotCanonical> {
        Ok(match (self.manifest()?, self.documents.first()) {
            (None, Some(one)) => one.sha256.clone(),
            (manifest, _) => sha256_hex(manifest.unwrap_or_default().as_bytes()),
        })
    }

    /// What its rows are told of the edition.
    fn about(&self) -> String {
        match &self.again {
            Some(head) => head.edition.clone(),
            None => self.day().to_string(),
        }
    }

    fn day(&self) -> NaiveDate {
        self.dated.unwrap_or_else(|| self.retrieved_at.date_naive())
    }

    fn check_shape(&self) -> Result<(), UnreadableList> {
        for document in &self.documents {
            let said = document.headers.get("content-type").map(String::as_str);
            check_shape(self.form, said, &document.bytes)?;
        }
        Ok(())
    }

    fn read(&self, take: &mut dyn FnMut(ListRow)) -> Result<Summary, UnreadableList> {
        let mut inputs: Vec<_> = self
            .documents
            .iter()
            .map(|document| {
                let bytes = document.bytes.as_slice();
                (document.name.as_str(), Cursor::new(bytes))
            })
            .collect();
        let mut parts: Vec<_> = inputs
            .iter_mut()
            .map(|(name, input)| Part { name, input })
            .collect();
        let about = self.about();
        let about = About {
            source: self.source,
            edition: &about,
        };
        read(self.form, &mut parts, &about, take)
    }

    /// Its own head, where the file brings one.
    fn own_head(&self) -> Option<SnapshotHead> {
        let document = self.documents.first()?;
        (self.form == Form::Reference)
            .then(|| reference::parse(self.source, &document.bytes).ok())
            .flatten()
            .map(|snapshot| snapshot.head)
    }
}

/// Reads it once, without keeping anything.
pub fn examine(candidate: &Candidate) -> Result<Examined, NotCanonical> {
    let mut goods = BTreeSet::new();
    let mut unread: Vec<Unread> = Vec::new();
    let read = candidate.check_shape().and_then(|()| {
        candidate.read(&mut |row| match row {
            ListRow::Good(row) => {
                goods.insert(row.good);
            }
            ListRow::Unread(found) if unread.len() < MOST_PLACES => unread.push(found),
            _ => {}
        })
    });
    let (summary, unreadable) = match read {
        Ok(summary) => (summary, None),
        Err(error) => (Summary::default(), Some(error)),
    };
    let head = head(candidate, &summary, goods.len())?;
    let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let parts = candidate
        .documents
        .iter()
        .map(|document| KeptPart {
            name: document.name.clone(),
            asked: document.asked.as_ref().map(ToString::to_string),
            url: document.url.as_ref().map(ToString::to_string),
            sha256: document.sha256.clone(),
            size: document.bytes.len() as u64,
            headers: document.headers.clone(),
        })
        .collect();
    Ok(Examined {
        offered: Offered {
            source: candidate.source,
            rows: count(summary.rows),
            unread: count(summary.unread),
            records: summary.records,
            announced: summary.announced,
            edition_date: head.edition_date,
        },
        retrieval: Retrieval {
            origin: candidate.origin,
            retrieved_at: rfc3339(candidate.retrieved_at),
            actor: candidate.actor.clone(),
            form: candidate.form.code().to_owned(),
            about: candidate.about(),
            parts,
            rows: count(summary.rows),
            unread_rows: count(summary.unread),
            unread: Retrieval::places(&unread),
            changes: None,
            accepted: None,
        },
        head,
        unreadable,
    })
}

fn head(
    candidate: &Candidate,
    summary: &Summary,
    goods: usize,
) -> Result<SnapshotHead, NotCanonical> {
    let sha256 = candidate.sha256()?;
    if let Some(own) = candidate.own_head() {
        return Ok(own);
    }
    let source = candidate.source;
    let counted = if goods > 0 {
        goods as u64
    } else if summary.records > 0 {
        summary.records.saturating_sub(summary.lost)
    } else {
        summary.rows
    };
    // What the publisher gave is all there is, unless the file itself says
    // otherwise; that it is far from what is known of the list was judged. How
    // many goods stand in rows that could not be read, nobody knows.
    let expected = match summary.announced {
        Some(announced) => Some(announced),
        None if goods > 0 && summary.lost > 0 => None,
        None => Some(counted + summary.lost),
    };
    let number = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let known = Expectation::of(source);
    let completeness = Completeness {
        held: number(counted),
        expected: expected.map(number),
        unit: known.map_or_else(|| "rows".to_owned(), |known| known.unit.clone()),
        note: (summary.unread > 0).then(|| {
            format!(
                "as published; {} places could not be read or were read with a doubt",
                summary.unread
            )
        }),
    };
    if let Some(again) = &candidate.again {
        return Ok(SnapshotHead {
            parser_version: candidate.form.parser_version(),
            completeness,
            confirmed_on: None,
            ..again.clone()
        });
    }
    let edition_date = summary.published_on.unwrap_or_else(|| candidate.day());
    let first = candidate.documents.first();
    let url = first
        .and_then(|document| document.asked.as_ref())
        .map_or_else(
            || {
                let name = first.map_or("", |document| &document.name);
                format!("file:{name}")
            },
            ToString::to_string,
        );
    Ok(SnapshotHead {
        source,
        publisher: publisher_name(source).to_owned(),
        title: source.title().to_owned(),
        edition: edition_date.to_string(),
        edition_date,
        retrieved_on: candidate.retrieved_at.date_naive(),
        url,
        sha256,
        parser_version: candidate.form.parser_version(),
        completeness,
        derived_from: None,
        confirmed_on: None,
    })
}

pub(super) type Chunk = Result<Vec<NewVersion>, NotCanonical>;

/// Reads it again and hands over versions of its rows, at most two chunks ahead
/// of whoever writes them down.
pub(super) fn versions(
    candidate: std::sync::Arc<Candidate>,
) -> (
    tokio::task::JoinHandle<Result<(), UnreadableList>>,
    mpsc::Receiver<Chunk>,
) {
    let (sender, receiver) = mpsc::channel(1);
    let reader = tokio::task::spawn_blocking(move || {
        let mut versions = Versions::default();
        let mut chunk = Vec::with_capacity(CHUNK);
        let mut gone = false;
        candidate.read(&mut |row| {
            if gone {
                return;
            }
            match versions.of(&row) {
                Ok(None) => {}
                Ok(Some(version)) => {
                    chunk.push(version);
                    if chunk.len() >= CHUNK {
                        gone = sender
                            .blocking_send(Ok(std::mem::take(&mut chunk)))
                            .is_err();
                    }
                }
                Err(error) => gone = sender.blocking_send(Err(error)).is_err(),
            }
        })?;
        // Whoever writes may have given up; there is nobody to tell.
        let _unheard = sender.blocking_send(Ok(chunk));
        Ok(())
    });
    (reader, receiver)
}

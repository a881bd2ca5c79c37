//! Bringing a list as files: one of an organization's own, or a published one
//! that was saved by hand.

use chrono::NaiveDate;

use super::{
    list_attempt::{LEASE, end_broken_off, while_ours},
    list_examine::Candidate,
    list_keep::{self, KeepError, Outcome, SyncProgress, Word},
    list_retrieve::{Document, LARGEST},
    list_sync::newest,
};
use crate::{
    audit::sha256_hex,
    clock::{Clock, Timestamp},
    lists::{Form, Origin, Source, shape::form_of},
    store::{
        Database, StoreError,
        list_syncs::{self, Supply, SyncState},
        new_id,
    },
};

/// A list that a person brings as files.
#[derive(Debug)]
pub struct Import {
    pub source: Source,
    /// Told by the bytes, without one.
    pub form: Option<Form>,
    /// Name and bytes, in any order.
    pub files: Vec<(String, Vec<u8>)>,
    /// The day for which it speaks; the day it is brought, without one.
    pub dated: Option<NaiveDate>,
}

/// A list could not be brought, and why.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{source_list} does not come as {form}; it comes as {known}")]
    Form {
        source_list: Source,
        form: Form,
        known: String,
    },
    #[error("{form} is made of {wanted}; {given} was given")]
    Parts {
        form: Form,
        wanted: String,
        given: String,
    },
    #[error("{name} has more than {limit} bytes, the most that {form} may have")]
    TooLarge {
        name: String,
        form: Form,
        limit: u64,
    },
    #[error(transparent)]
    Keep(#[from] KeepError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes in a list that a person brings: judged and kept like a fetched one. An
/// earlier edition is kept for the record and puts no later one out of force.
pub async fn import(
    database: &Database,
    clock: &dyn Clock,
    import: Import,
    actor: &str,
    progress: &(dyn Fn(SyncProgress) + Send + Sync),
) -> Result<Outcome, ImportError> {
    let source = import.source;
    let first = import.files.first().map_or(&[][..], |(_, bytes)| bytes);
    let form = import.form.unwrap_or_else(|| form_of(source, first));
    if !source.forms().contains(&form) {
        let known: Vec<_> = source.forms().iter().map(|form| form.code()).collect();
        return Err(ImportError::Form {
            source_list: source,
            form,
            known: known.join(", "),
        });
    }
    let files = in_order(form, import.files)?;
    let now = clock.now();
    let candidate = Candidate {
        source,
        form,
        documents: files.into_iter().map(document).collect(),
        origin: Origin::Imported,
        retrieved_at: now,
        actor: actor.to_owned(),
        dated: import.dated,
        again: None,
    };
    let sha256 = candidate.sha256().map_err(KeepError::from)?;
    let says_a_day = import.dated.is_some() || form.says_its_day();
    end_broken_off(database, now).await?;
    // An attempt of its own, which nobody else takes: one that waits for the
    // publisher goes on waiting.
    let transaction = database.begin_write().await?;
    list_syncs::hold_queue(&transaction).await?;
    let id = new_id(now);
    list_syncs::add(&transaction, id, source, Supply::Person, actor, now).await?;
    let claimed = list_syncs::claim(&transaction, Some(id), new_id(now), LEASE, now).await?;
    transaction.commit().await?;
    let claimed = claimed.ok_or(KeepError::LeaseLost)?;
    let work = async {
        let current = newest(database, source).await?;
        if let Some(kept) = current
            && kept.head.sha256 == sha256
            && kept.head.parser_version == form.parser_version()
        {
            return Ok(list_keep::confirm(database, &claimed, &kept, clock.now()).await?);
        }
        let word = Word::Rules {
            claimed: &claimed,
            may_be_older: true,
        };
        let kept = list_keep::keep(database, clock, candidate, &word, actor, progress).await?;
        Ok(without_a_day(kept, says_a_day, now))
    };
    while_ours(database, clock, &claimed, Box::pin(work)).await
}

/// Most publishers' files do not say of which day they are, and an old one would
/// pass for today's.
fn without_a_day(mut kept: Outcome, says_a_day: bool, now: Timestamp) -> Outcome {
    let published = !matches!(kept.source, Source::Custom(_));
    if published && !says_a_day && kept.state == SyncState::Kept {
        kept.advice = Some(format!(
            "the file does not say of which day it is and counts as of {}; an older one is brought with --dated DAY",
            now.date_naive()
        ));
    }
    kept
}

fn document((name, bytes): (String, Vec<u8>)) -> Document {
    Document {
        sha256: sha256_hex(&bytes),
        name,
        asked: None,
        url: None,
        headers: std::collections::BTreeMap::new(),
        bytes,
    }
}

/// The files in the order in which the form wants them.
fn in_order(
    form: Form,
    mut files: Vec<(String, Vec<u8>)>,
) -> Result<Vec<(String, Vec<u8>)>, ImportError> {
    let limit = form.largest().min(LARGEST);
    for (name, bytes) in &files {
        if bytes.len() as u64 > limit {
            return Err(ImportError::TooLarge {
                name: name.clone(),
                form,
                limit,
            });
        }
    }
    let given = files
        .iter()
        .map(|(name, _)| name.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let parts = form.parts();
    if parts.is_empty() {
        let several = form == Form::DolHtml;
        if files.is_empty() || (files.len() > 1 && !several) {
            return Err(ImportError::Parts {
                form,
                wanted: "one file".to_owned(),
                given,
            });
        }
        return Ok(files);
    }
    let mut ordered = Vec::new();
    for (wanted, optional) in parts {
        let found = files
            .iter()
            .position(|(name, _)| name.eq_ignore_ascii_case(wanted));
        match found {
            Some(place) => ordered.push(((*wanted).to_owned(), files.remove(place).1)),
            None if *optional => {}
            None => files.clear(),
        }
    }
    let needed = parts.iter().filter(|(_, optional)| !optional).count();
    if ordered.len() < needed || !files.is_empty() {
        let wanted: Vec<_> = parts.iter().map(|(name, _)| *name).collect();
        return Err(ImportError::Parts {
            form,
            wanted: wanted.join(", "),
            given,
        });
    }
    Ok(ordered)
}

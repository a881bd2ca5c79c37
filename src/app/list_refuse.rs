//! What may not come into force on its own: why, and keeping it aside until a
//! person has looked.

use chrono::NaiveDate;
use serde_json::json;

use super::{
    list_editions::choose,
    list_examine::Examined,
    list_keep::{KeepError, Outcome, Word},
};
use crate::{
    audit::{Event, EventKind},
    clock::Timestamp,
    lists::{InForce, Origin, Source, verdict},
    store::{
        Connection, Scoped,
        list_snapshots::KeptSnapshot,
        list_syncs::{self, ListSync, SyncEnd, SyncState},
        trail,
    },
};

/// Why an edition stays out, and what to do.
pub(super) struct Refusal {
    problem: String,
    /// Empty: look, then accept.
    advice: String,
    /// An edition of the list is in force, and stays so.
    has_edition: bool,
}

/// Why a person must look; nothing, where one has.
pub(super) fn refusal(
    examined: &Examined,
    editions: &[KeptSnapshot],
    word: &Word<'_>,
    today: NaiveDate,
) -> Option<Refusal> {
    if let Some(error) = &examined.unreadable {
        return Some(Refusal {
            problem: format!("{}: {}", error.place, error.reason),
            advice: error.fix.clone(),
            has_edition: !editions.is_empty(),
        });
    }
    let Word::Rules { may_be_older, .. } = word else {
        return None;
    };
    // What ships with the program is partial, and says nothing of sizes.
    let in_force = choose(editions, NaiveDate::MAX)
        .and_then(|kept| Some((kept, kept.retrieval.as_ref()?)))
        .map(|(kept, retrieval)| InForce {
            rows: retrieval.rows,
            edition_date: kept.head.edition_date,
        });
    verdict(&examined.offered, in_force, today, *may_be_older)
        .err()
        .map(|error| Refusal {
            problem: error.to_string(),
            advice: String::new(),
            has_edition: !editions.is_empty(),
        })
}

/// Keeps aside what came: the attempt ends with that, and an event records it.
pub(super) async fn refuse(
    transaction: &Scoped<impl Connection>,
    sync: &ListSync,
    examined: Examined,
    why: Refusal,
    actor: &str,
    now: Timestamp,
) -> Result<Outcome, KeepError> {
    let own_file =
        matches!(sync.source, Source::Custom(_)) && examined.retrieval.origin == Origin::Imported;
    let stays = if why.has_edition {
        "what was in force stays so; "
    } else {
        ""
    };
    let correct = if own_file {
        "correct the file and bring it again, or "
    } else {
        ""
    };
    let advice = if examined.unreadable.is_some() {
        format!("{stays}{}", why.advice)
    } else {
        format!(
            "{stays}{correct}look at it with `plimsoll lists show {} --edition {}`, then `plimsoll lists accept {1} --reason \"...\"`",
            sync.source, sync.id
        )
    };
    let event = Event {
        at: now,
        actor: actor.to_owned(),
        kind: EventKind::ListSnapshotRefused,
        subject: sync.id.to_string(),
        details: json!({
            "source": examined.head.source,
            "sha256": examined.head.sha256,
            "rows": examined.retrieval.rows,
            "unread": examined.retrieval.unread_rows,
            "reason": why.problem,
        }),
    };
    let outcome = Outcome {
        id: sync.id,
        source: sync.source,
        state: SyncState::Refused,
        edition: Some(examined.head.edition.clone()),
        rows: examined.retrieval.rows,
        unread_rows: examined.retrieval.unread_rows,
        unread: examined.retrieval.unread.clone(),
        has_edition: why.has_edition,
        changes: None,
        problem: Some(why.problem.clone()),
        advice: Some(advice.clone()),
    };
    let end = SyncEnd {
        problem: Some(why.problem),
        advice: Some(advice),
        head: Some(examined.head),
        retrieval: Some(examined.retrieval),
        ..SyncEnd::new(SyncState::Refused)
    };
    list_syncs::end(transaction, sync, end, now).await?;
    trail::append(transaction, vec![event]).await?;
    Ok(outcome)
}

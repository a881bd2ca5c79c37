//! Evidence in its few forms: the supplier's own row, a rule of the model, a
//! listed entry, a row of a goods list, a place.

use super::{factor::Evidence, facts::ReviewedPlace, model::Model};
use crate::{
    exposure::ListCitation,
    lists::{Entry, EntryKind, Snapshot},
    screening::{Hit, UNNAMED_PERSON},
};

/// Evidence from the supplier's own row.
pub(super) fn stated(field: &str, detail: String) -> Evidence {
    Evidence {
        source: "supplier list".to_owned(),
        edition: None,
        snapshot_sha256: None,
        citation: format!("supplier list, {field}"),
        date: None,
        detail,
    }
}

/// Evidence that is a rule of the model itself.
pub(super) fn rule(model: &Model, citation: &str, detail: String) -> Evidence {
    Evidence {
        source: model.identity.name.clone(),
        edition: Some(model.identity.version.clone()),
        snapshot_sha256: Some(model.identity.sha256.clone()),
        citation: citation.to_owned(),
        // The day of the law or the source is for the rule to say.
        date: None,
        detail,
    }
}

pub(super) fn location_evidence(place: &ReviewedPlace<'_>) -> Evidence {
    stated(place.lead.field.code(), place.lead.cue.clone())
}

pub(super) fn list_evidence(listed: &ListCitation, detail: String) -> Evidence {
    Evidence {
        source: listed.source.code().to_owned(),
        edition: Some(listed.edition.clone()),
        snapshot_sha256: Some(listed.snapshot_sha256.clone()),
        citation: listed.citation.clone(),
        date: Some(listed.edition_date),
        detail,
    }
}

pub(super) fn entry_evidence(snapshot: &Snapshot, entry: &Entry, detail: String) -> Evidence {
    Evidence {
        source: snapshot.head.source.code().to_owned(),
        edition: Some(snapshot.head.edition.clone()),
        snapshot_sha256: Some(snapshot.head.sha256.clone()),
        citation: entry.citation.clone(),
        date: entry.listed_on,
        detail,
    }
}

/// The two names and how alike they are; natural persons are not named.
pub(super) fn hit_words(hit: &Hit, entry: &Entry) -> String {
    let listed = match entry.kind {
        EntryKind::Person => UNNAMED_PERSON,
        _ => hit.listed_name.as_str(),
    };
    format!(
        "\"{}\" against \"{listed}\", similarity {}",
        hit.supplier_name, hit.similarity
    )
}

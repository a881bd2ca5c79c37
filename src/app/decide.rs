//! A person decides about a hit; the supplier is assessed again.

use std::collections::BTreeMap;

use serde_json::json;
use uuid::Uuid;

use super::{
    export,
    ground::{GroundError, Grounds},
    identity::{Principal, Who},
    outbox::{self, Announcement},
    recording::assessed_details,
};
use crate::{
    audit::{Event, EventKind, NotCanonical, canonical_bytes, sha256_hex},
    clock::{Clock, rfc3339},
    due_diligence::{Ground, assess_reviewed},
    intake::SupplierRow,
    report::SupplierResult,
    review::{Decided, Decision, Pair, Reviews, standing},
    risk,
    screening::{Disposition, Review},
    store::{
        Database, StoreError,
        assessments::{self, StoredResult},
        documents,
        hits::{self, StoredDecision},
        new_id, supplier_lists, trail,
    },
};

/// Nothing was decided, and why.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    #[error("there is no such hit")]
    Missing,
    #[error("only a person decides about a hit, never an API key")]
    OnlyPeople,
    #[error("a rationale has 10 to 4,000 characters: it must be possible to follow it later")]
    NoRationale,
    #[error("the screening is not finished yet")]
    Unfinished,
    #[error("you have decided so already; a second person must confirm")]
    AlreadyDecided,
    #[error("the stored result cannot be read back")]
    Unreadable(#[from] serde_json::Error),
    #[error("the result cannot be written in canonical form")]
    NotCanonical(#[from] NotCanonical),
    #[error(transparent)]
    Ground(#[from] GroundError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a decision came to.
#[derive(Debug)]
pub struct Outcome {
    /// What counts for the pair now.
    pub disposition: Disposition,
    /// One person has confirmed what withholds goods; another has to.
    pub awaits_second: bool,
    /// The new revision.
    pub assessment_id: Uuid,
    pub revision: u32,
    pub result: SupplierResult,
}

/// Records the decision and assesses the supplier again, in one transaction. It
/// binds this supplier record and this listed entry, under whichever of their
/// names they were found alike.
pub async fn decide(
    database: &Database,
    clock: &dyn Clock,
    grounds: &Grounds,
    principal: &Principal,
    hit_id: Uuid,
    decision: Decision,
    rationale: &str,
) -> Result<Outcome, DecideError> {
    if !matches!(principal.who, Who::User(_)) {
        return Err(DecideError::OnlyPeople);
    }
    let rationale = rationale.trim();
    if !(10..=4_000).contains(&rationale.chars().count()) {
        return Err(DecideError::NoRationale);
    }
    let connection = database.connection();
    let hit = hits::find(connection, hit_id)
        .await?
        .ok_or(DecideError::Missing)?;
    let screening = match export::find(database, hit.screening_id).await {
        Err(StoreError::Missing { .. }) => return Err(DecideError::Unfinished),
        other => other?,
    };
    let ground = grounds.of_screening(database, &screening.head).await?;
    let supplier = supplier_lists::supplier(connection, hit.supplier_id).await?;

    let transaction = database.begin_write().await?;
    // Two people who decide at once decide one after the other.
    trail::hold(&transaction).await?;
    let revisions = assessments::revisions(&transaction, hit.screening_id, hit.supplier_id).await?;
    let newest = revisions.last().ok_or(DecideError::Missing)?;
    let shown: SupplierResult = serde_json::from_slice(&newest.stored.detail)?;
    let row = SupplierRow {
        row: shown.row,
        supplier: serde_json::from_str(&supplier.record)?,
        warnings: shown.warnings,
    };
    let now = clock.now();
    let actor = principal.actor();
    let added = StoredDecision {
        id: new_id(now),
        hit_id,
        screening_id: hit.screening_id,
        supplier_id: hit.supplier_id,
        source: hit.source,
        entry_id: hit.entry_id.clone(),
        decided: Decided {
            decision,
            review: Review {
                reviewer: actor.clone(),
                at: now,
                rationale: rationale.to_owned(),
            },
        },
    };
    let mut history = by_pair(hits::decisions(&transaction, &[hit.supplier_id]).await?);
    let pair: Pair = (hit.source, hit.entry_id);
    let of_pair = history.entry(pair.clone()).or_default();
    let said_so = |last: &Decided| last.decision == decision && last.review.reviewer == actor;
    if of_pair.last().is_some_and(said_so) {
        return Err(DecideError::AlreadyDecided);
    }
    of_pair.push(added.decided.clone());

    let reviews = counting(&ground, &row, &history);
    let result = assess_reviewed(&ground, &row, &reviews);
    let detail = canonical_bytes(&result)?;
    let stored = StoredResult {
        id: new_id(now),
        screening_id: hit.screening_id,
        supplier_id: hit.supplier_id,
        row: result.row,
        revision: newest.revision + 1,
        assessment: result.assessment.clone(),
        hits: Vec::new(),
        detail_sha256: sha256_hex(&detail),
        deflated_detail: documents::deflate(&detail),
    };
    let disposition = reviews.get(&pair).cloned().unwrap_or_default();
    let awaits_second = decision == Decision::TrueMatch && disposition == Disposition::Unresolved;
    let event = |kind, subject: Uuid, details| Event {
        at: now,
        actor: actor.clone(),
        kind,
        subject: subject.to_string(),
        details,
    };
    let decided = json!({
        "decision": decision,
        "rationale_sha256": sha256_hex(rationale.as_bytes()),
        "screening": hit.screening_id,
        "supplier": hit.supplier_id,
        "hit": hit_id,
        "source": pair.0,
        "entry_id": pair.1,
        "counts_as": disposition.code(),
        "decided_at": rfc3339(now),
    });
    let mut assessed = assessed_details(&supplier, &stored);
    if let Some(details) = assessed.as_object_mut() {
        details.insert("revision".to_owned(), json!(stored.revision));
        details.insert("because_of".to_owned(), json!(added.id));
    }
    let events = vec![
        event(EventKind::HitDisposed, added.id, decided),
        event(EventKind::SupplierAssessed, stored.id, assessed),
    ];
    let (assessment_id, revision) = (stored.id, stored.revision);
    let changed = Announcement::TierChanged {
        screening: hit.screening_id,
        supplier: hit.supplier_id,
        assessment: stored.id,
        before: shown.assessment.tier,
        after: result.assessment.tier,
    };
    hits::add_decision(&transaction, added).await?;
    assessments::insert(&transaction, &[&stored]).await?;
    trail::append(&transaction, events).await?;
    outbox::announce(&transaction, &[changed], now).await?;
    transaction.commit().await?;
    Ok(Outcome {
        disposition,
        awaits_second,
        assessment_id,
        revision,
        result,
    })
}

pub(super) fn by_pair(decisions: Vec<StoredDecision>) -> BTreeMap<Pair, Vec<Decided>> {
    let mut history: BTreeMap<Pair, Vec<Decided>> = BTreeMap::new();
    for stored in decisions {
        history
            .entry((stored.source, stored.entry_id))
            .or_default()
            .push(stored.decided);
    }
    history
}

/// What counts of every pair. Whether confirming one withholds the goods is
/// asked of the model itself, with this pair alone confirmed.
pub(super) fn counting(
    ground: &Ground,
    row: &SupplierRow,
    history: &BTreeMap<Pair, Vec<Decided>>,
) -> Reviews {
    history
        .iter()
        .map(|(pair, decisions)| {
            let confirmed = decisions
                .iter()
                .rev()
                .find(|decided| decided.decision == Decision::TrueMatch);
            let holds = confirmed.is_some_and(|decided| {
                let alone = Disposition::TrueMatch(decided.review.clone());
                let reviews = Reviews::from([(pair.clone(), alone)]);
                let assessment = assess_reviewed(ground, row, &reviews).assessment;
                assessment.disposition == risk::Disposition::Hold
            });
            (pair.clone(), standing(decisions, holds))
        })
        .collect()
}

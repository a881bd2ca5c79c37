//! A person decides about a hit; the supplier is assessed again.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

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
    due_diligence::{Ground, assess_reviewed, leads},
    exposure::OrderExposure,
    intake::SupplierRow,
    report::SupplierResult,
    review::{Decided, Decision, Reviews, Subject, standing},
    risk,
    screening::{Disposition, LocationLead, Review},
    store::{
        Database, StoreError,
        assessments::{self, StoredResult},
        documents,
        hits::{self, StoredDecision},
        leads::{self as lead_decisions, LeadDecision},
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
    #[error("the supplier's record has no such lead")]
    NoLead,
    #[error("the screening is not finished yet")]
    Unfinished,
    #[error(
        "the lists of this screening are read otherwise by this version of the program, with other hits: screen the supplier again and decide there"
    )]
    ReadOtherwise,
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

/// Records the decision about a hit and assesses the supplier again, in one
/// transaction. It binds this supplier record and this listed entry, under
/// whichever of their names they were found alike.
pub async fn decide(
    database: &Database,
    clock: &dyn Clock,
    grounds: &Grounds,
    principal: &Principal,
    hit_id: Uuid,
    decision: Decision,
    rationale: &str,
) -> Result<Outcome, DecideError> {
    let said = said(principal, decision, rationale)?;
    let hit = hits::find(database.connection(), hit_id)
        .await?
        .ok_or(DecideError::Missing)?;
    let about = About {
        screening_id: hit.screening_id,
        supplier_id: hit.supplier_id,
        subject: Subject::Hit(hit.source, hit.entry_id),
        hit_id: Some(hit_id),
    };
    let ground = ground_of(database, grounds, &about).await?;
    settle(database, clock, &ground, principal, about, said).await
}

/// The same about a sign of Xinjiang in the supplier's record or about an order
/// on a good or a region, which bind this supplier record and that sign or order.
pub async fn decide_lead(
    database: &Database,
    clock: &dyn Clock,
    grounds: &Grounds,
    principal: &Principal,
    (assessment_id, subject): (Uuid, Subject),
    decision: Decision,
    rationale: &str,
) -> Result<Outcome, DecideError> {
    let said = said(principal, decision, rationale)?;
    let connection = database.connection();
    let assessment = assessments::find(connection, assessment_id)
        .await?
        .ok_or(DecideError::Missing)?;
    let about = About {
        screening_id: assessment.screening_id,
        supplier_id: assessment.supplier_id,
        subject,
        hit_id: None,
    };
    let ground = ground_of(database, grounds, &about).await?;
    let stored = supplier_lists::supplier(connection, about.supplier_id).await?;
    let supplier = serde_json::from_str(&stored.record)?;
    let (places, orders) = leads(&ground, &supplier);
    let known = match &about.subject {
        Subject::Hit(..) => false,
        Subject::Place(field, place) => places
            .iter()
            .any(|lead| lead.field == *field && lead.place == *place),
        Subject::Order(source, entry_id) => orders
            .iter()
            .any(|order| order.listed.source == *source && order.entry_id == *entry_id),
    };
    if !known {
        return Err(DecideError::NoLead);
    }
    settle(database, clock, &ground, principal, about, said).await
}

/// Leads of an assessed supplier, and what people decided about them.
#[derive(Debug)]
pub struct Leads {
    pub places: Vec<LocationLead>,
    pub orders: Vec<OrderExposure>,
    /// What was decided about each and what counts now.
    pub decided: BTreeMap<Subject, (Vec<Decided>, Disposition)>,
}

/// What can be decided about besides hits.
pub async fn leads_of(
    database: &Database,
    grounds: &Grounds,
    assessment_id: Uuid,
) -> Result<Leads, DecideError> {
    let connection = database.connection();
    let assessment = assessments::find(connection, assessment_id)
        .await?
        .ok_or(DecideError::Missing)?;
    let about = About {
        screening_id: assessment.screening_id,
        supplier_id: assessment.supplier_id,
        subject: Subject::Place(crate::screening::LocationField::Name, String::new()),
        hit_id: None,
    };
    let ground = ground_of(database, grounds, &about).await?;
    let stored = supplier_lists::supplier(connection, about.supplier_id).await?;
    let row = SupplierRow {
        row: stored.row,
        supplier: serde_json::from_str(&stored.record)?,
        warnings: Vec::new(),
    };
    let (places, orders) = leads(&ground, &row.supplier);
    let history = history(
        Vec::new(),
        lead_decisions::decisions(connection, &[about.supplier_id]).await?,
    );
    let mut counts = counting(&ground, &row, &history);
    let decided = history
        .into_iter()
        .map(|(subject, decided)| {
            let counts = counts.remove(&subject).unwrap_or_default();
            (subject, (decided, counts))
        })
        .collect();
    Ok(Leads {
        places,
        orders,
        decided,
    })
}

/// What a person says.
struct Said<'a> {
    decision: Decision,
    rationale: &'a str,
}

/// What they say it about.
struct About {
    screening_id: Uuid,
    supplier_id: Uuid,
    subject: Subject,
    hit_id: Option<Uuid>,
}

fn said<'a>(
    principal: &Principal,
    decision: Decision,
    rationale: &'a str,
) -> Result<Said<'a>, DecideError> {
    if !matches!(principal.who, Who::User(_)) {
        return Err(DecideError::OnlyPeople);
    }
    let rationale = rationale.trim();
    if !(10..=4_000).contains(&rationale.chars().count()) {
        return Err(DecideError::NoRationale);
    }
    Ok(Said {
        decision,
        rationale,
    })
}

async fn ground_of(
    database: &Database,
    grounds: &Grounds,
    about: &About,
) -> Result<Arc<Ground>, DecideError> {
    let screening = match export::find(database, about.screening_id).await {
        Err(StoreError::Missing { .. }) => return Err(DecideError::Unfinished),
        other => other?,
    };
    Ok(grounds.of_screening(database, &screening.head).await?)
}

/// Which entries were found alike.
fn found(result: &SupplierResult) -> BTreeSet<(&str, &str)> {
    result
        .hits
        .iter()
        .map(|found| (found.hit.source.code(), found.hit.entry_id.as_str()))
        .collect()
}

async fn settle(
    database: &Database,
    clock: &dyn Clock,
    ground: &Ground,
    principal: &Principal,
    about: About,
    said: Said<'_>,
) -> Result<Outcome, DecideError> {
    let Said {
        decision,
        rationale,
    } = said;
    let supplier = supplier_lists::supplier(database.connection(), about.supplier_id).await?;

    let transaction = database.begin_write().await?;
    // Two people who decide at once decide one after the other.
    trail::hold(&transaction).await?;
    let revisions =
        assessments::revisions(&transaction, about.screening_id, about.supplier_id).await?;
    let newest = revisions.last().ok_or(DecideError::Missing)?;
    let shown: SupplierResult = serde_json::from_slice(&newest.stored.detail)?;
    let row = SupplierRow {
        row: shown.row,
        supplier: serde_json::from_str(&supplier.record)?,
        warnings: shown.warnings.clone(),
    };
    let now = clock.now();
    let actor = principal.actor();
    let id = new_id(now);
    let decided = Decided {
        decision,
        review: Review {
            reviewer: actor.clone(),
            at: now,
            rationale: rationale.to_owned(),
        },
    };
    let suppliers = [about.supplier_id];
    let mut history = history(
        hits::decisions(&transaction, &suppliers).await?,
        lead_decisions::decisions(&transaction, &suppliers).await?,
    );
    let of_subject = history.entry(about.subject.clone()).or_default();
    let said_so = |last: &Decided| last.decision == decision && last.review.reviewer == actor;
    if of_subject.last().is_some_and(said_so) {
        return Err(DecideError::AlreadyDecided);
    }
    of_subject.push(decided.clone());

    let reviews = counting(ground, &row, &history);
    let result = assess_reviewed(ground, &row, &reviews);
    // A decision about what is no longer found would weigh nothing.
    if found(&result) != found(&shown) {
        return Err(DecideError::ReadOtherwise);
    }
    let detail = canonical_bytes(&result)?;
    let stored = StoredResult {
        id: new_id(now),
        screening_id: about.screening_id,
        supplier_id: about.supplier_id,
        row: result.row,
        revision: newest.revision + 1,
        assessment: result.assessment.clone(),
        hits: Vec::new(),
        detail_sha256: sha256_hex(&detail),
        deflated_detail: documents::deflate(&detail),
    };
    let disposition = reviews.get(&about.subject).cloned().unwrap_or_default();
    let awaits_second = decision == Decision::TrueMatch && disposition == Disposition::Unresolved;
    let event = |kind, subject: Uuid, details| Event {
        at: now,
        actor: actor.clone(),
        kind,
        subject: subject.to_string(),
        details,
    };
    let rationale_sha256 = sha256_hex(rationale.as_bytes());
    let told = match (&about.subject, about.hit_id) {
        (Subject::Hit(source, entry_id), Some(hit_id)) => {
            let added = StoredDecision {
                id,
                hit_id,
                screening_id: about.screening_id,
                supplier_id: about.supplier_id,
                source: *source,
                entry_id: entry_id.clone(),
                decided,
            };
            hits::add_decision(&transaction, added).await?;
            let details = json!({
                "decision": decision,
                "rationale_sha256": rationale_sha256,
                "screening": about.screening_id,
                "supplier": about.supplier_id,
                "hit": hit_id,
                "source": source,
                "entry_id": entry_id,
                "counts_as": disposition.code(),
                "decided_at": rfc3339(now),
            });
            event(EventKind::HitDisposed, id, details)
        }
        (subject, _) => {
            let (kind, source, text) = subject.lead().ok_or(DecideError::NoLead)?;
            let details = json!({
                "decision": decision,
                "rationale_sha256": rationale_sha256,
                "screening": about.screening_id,
                "supplier": about.supplier_id,
                "kind": kind,
                "source": source,
                "subject": text,
                "counts_as": disposition.code(),
                "decided_at": rfc3339(now),
            });
            let added = LeadDecision {
                id,
                screening_id: about.screening_id,
                supplier_id: about.supplier_id,
                subject: subject.clone(),
                decided,
            };
            lead_decisions::add(&transaction, &added).await?;
            event(EventKind::LeadDisposed, id, details)
        }
    };
    let mut assessed = assessed_details(&supplier, &stored);
    if let Some(details) = assessed.as_object_mut() {
        details.insert("revision".to_owned(), json!(stored.revision));
        details.insert("because_of".to_owned(), json!(id));
    }
    let events = vec![
        told,
        event(EventKind::SupplierAssessed, stored.id, assessed),
    ];
    let (assessment_id, revision) = (stored.id, stored.revision);
    let changed = Announcement::TierChanged {
        screening: about.screening_id,
        supplier: about.supplier_id,
        assessment: stored.id,
        before: shown.assessment.tier,
        after: result.assessment.tier,
    };
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

/// The decisions about each subject, oldest first.
pub(super) fn history(
    hits: Vec<StoredDecision>,
    leads: Vec<LeadDecision>,
) -> BTreeMap<Subject, Vec<Decided>> {
    let mut history: BTreeMap<Subject, Vec<Decided>> = BTreeMap::new();
    for stored in hits {
        history
            .entry(Subject::Hit(stored.source, stored.entry_id))
            .or_default()
            .push(stored.decided);
    }
    for stored in leads {
        history
            .entry(stored.subject)
            .or_default()
            .push(stored.decided);
    }
    history
}

/// What counts of every subject. Whether confirming one withholds the goods is
/// asked of the model itself, with this one alone confirmed.
pub(super) fn counting(
    ground: &Ground,
    row: &SupplierRow,
    history: &BTreeMap<Subject, Vec<Decided>>,
) -> Reviews {
    history
        .iter()
        .map(|(subject, decisions)| {
            let confirmed = decisions
                .iter()
                .rev()
                .find(|decided| decided.decision == Decision::TrueMatch);
            let holds = confirmed.is_some_and(|decided| {
                let alone = Disposition::TrueMatch(decided.review.clone());
                let reviews = Reviews::from([(subject.clone(), alone)]);
                let assessment = assess_reviewed(ground, row, &reviews).assessment;
                assessment.disposition == risk::Disposition::Hold
            });
            (subject.clone(), standing(decisions, holds))
        })
        .collect()
}

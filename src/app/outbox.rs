//! What organizations are told of, written in the transaction of what happened:
//! nothing is told that did not happen, and nothing that happened is forgotten.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    clock::{Timestamp, rfc3339},
    risk::Tier,
    screening::Band,
    store::{
        Connection, Scoped, StoreError,
        assessments::StoredResult,
        deliveries::{self, Message},
        jobs::{Job, JobState},
        new_id, webhooks,
    },
};

/// Ids named in one message: whoever needs all asks for them.
const IDS: usize = 100;

/// Something that organizations want to hear of.
#[derive(Debug, Clone)]
pub enum Announcement {
    JobEnded {
        job: Uuid,
        supplier_list: Uuid,
        screening: Option<Uuid>,
        state: JobState,
    },
    /// Hits that wait for a person; those of one transaction.
    HitsFound { screening: Uuid, hits: Vec<Uuid> },
    TierChanged {
        screening: Uuid,
        supplier: Uuid,
        assessment: Uuid,
        before: Tier,
        after: Tier,
    },
}

/// The codes that an endpoint subscribes to. They are part of the interface:
/// never rename one.
pub const EVENTS: [&str; 3] = ["job.ended", "hits.found", "assessment.tier_changed"];
/// What a test sends, whatever an endpoint subscribes to.
pub const PING: &str = "ping";

impl Announcement {
    pub(super) fn job_ended(job: &Job, state: JobState) -> Self {
        Self::JobEnded {
            job: job.id,
            supplier_list: job.supplier_list_id,
            screening: job.screening_id,
            state,
        }
    }

    const fn code(&self) -> &'static str {
        match self {
            Self::JobEnded { .. } => "job.ended",
            Self::HitsFound { .. } => "hits.found",
            Self::TierChanged { .. } => "assessment.tier_changed",
        }
    }

    /// Ids and tiers alone: never a name, never a cell of an upload.
    fn data(&self) -> Value {
        match self {
            Self::JobEnded {
                job,
                supplier_list,
                screening,
                state,
            } => json!({
                "job_id": job,
                "state": state.code(),
                "supplier_list_id": supplier_list,
                "screening_id": screening,
            }),
            Self::HitsFound { screening, hits } => json!({
                "screening_id": screening,
                "count": hits.len(),
                "hit_ids": hits.iter().take(IDS).collect::<Vec<_>>(),
            }),
            Self::TierChanged {
                screening,
                supplier,
                assessment,
                before,
                after,
            } => json!({
                "screening_id": screening,
                "supplier_id": supplier,
                "assessment_id": assessment,
                "tier_before": before,
                "tier_after": after,
            }),
        }
    }

    fn is_news(&self) -> bool {
        match self {
            Self::JobEnded { .. } => true,
            Self::HitsFound { hits, .. } => !hits.is_empty(),
            Self::TierChanged { before, after, .. } => before != after,
        }
    }

    fn count(&self) {
        match self {
            Self::JobEnded { state, .. } => {
                metrics::counter!("plimsoll_jobs_ended_total", "state" => state.code())
                    .increment(1);
            }
            Self::HitsFound { hits, .. } => {
                metrics::counter!("plimsoll_hits_total").increment(hits.len() as u64);
            }
            Self::TierChanged { .. } => {}
        }
    }
}

/// What is told of the hits among results: one announcement a screening.
pub(super) fn hits_found(results: &[&StoredResult]) -> Vec<Announcement> {
    results
        .chunk_by(|one, next| one.screening_id == next.screening_id)
        .filter_map(|of_one| {
            let waiting = of_one
                .iter()
                .flat_map(|result| &result.hits)
                .filter(|(_, hit)| hit.band != Band::Logged)
                .map(|(id, _)| *id);
            Some(Announcement::HitsFound {
                screening: of_one.first()?.screening_id,
                hits: waiting.collect(),
            })
        })
        .collect()
}

/// Tells every endpoint of the transaction's organization that wants to hear of
/// it.
pub(super) async fn announce(
    transaction: &Scoped<impl Connection>,
    announcements: &[Announcement],
    now: Timestamp,
) -> Result<(), StoreError> {
    let news: Vec<_> = announcements.iter().filter(|one| one.is_news()).collect();
    if news.is_empty() {
        return Ok(());
    }
    let listening = webhooks::listening(transaction).await?;
    for announcement in news {
        announcement.count();
        let code = announcement.code();
        let wanting: Vec<Uuid> = listening
            .iter()
            .filter(|endpoint| endpoint.events.split(' ').any(|event| event == code))
            .map(|endpoint| endpoint.id)
            .collect();
        tell(transaction, code, announcement.data(), &wanting, now).await?;
    }
    Ok(())
}

/// Puts one message on its way to the endpoints. Returns the deliveries' ids.
pub(super) async fn tell(
    transaction: &Scoped<impl Connection>,
    code: &str,
    data: Value,
    endpoints: &[Uuid],
    now: Timestamp,
) -> Result<Vec<Uuid>, StoreError> {
    if endpoints.is_empty() {
        return Ok(Vec::new());
    }
    let message = Message {
        id: new_id(now),
        kind: code.to_owned(),
        body: json!({"type": code, "timestamp": rfc3339(now), "data": data}).to_string(),
    };
    let ways: Vec<_> = endpoints
        .iter()
        .map(|endpoint| (new_id(now), *endpoint))
        .collect();
    let ids = ways.iter().map(|(id, _)| *id).collect();
    deliveries::add(transaction, message, ways, now).await?;
    Ok(ids)
}

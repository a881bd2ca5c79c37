//! Hits and what people decide about them.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::screenings::AssessmentView;
use crate::{
    app::decide::{DecideError, Outcome, decide},
    http::{
        allowed::{Allowed, Decide, ReadResults},
        body::{Body, Id},
        moment::Moment,
        names::{BandName, DecisionName, word},
        page::{Collection, Listing, SparsePage},
        problem::{Problem, ProblemDocument},
        state::State,
    },
    lists::Source,
    review::Decision,
    screening::Band,
    store::{
        Database, assessments,
        hits::{self, StoredDecision, StoredHit},
    },
};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HitFilter {
    /// Only of this screening.
    screening: Option<Uuid>,
    /// Only of this row of a list.
    supplier: Option<Uuid>,
    /// Only to this list, by its code in `/lists`.
    #[param(value_type = Option<String>, example = "uflpa")]
    #[serde(default, deserialize_with = "word")]
    source: Option<Source>,
    /// Only to this entry of a list.
    entry_id: Option<String>,
    /// Only in this band.
    #[param(value_type = Option<BandName>, inline)]
    band: Option<Band>,
}

#[derive(Debug)]
pub enum Hits {}

impl Collection for Hits {
    type Filter = HitFilter;
    type Item = HitView;
    const SORTS: &'static [&'static str] = &["id", "similarity"];
    const USUAL_SORT: &'static str = "id";
}

type HitListing = Listing<Hits>;
type HitPage = SparsePage<HitView>;

/// A likeness to a listed party, never a finding about the supplier.
#[derive(Debug, Serialize, ToSchema)]
pub struct HitView {
    id: Uuid,
    screening_id: Uuid,
    supplier_id: Uuid,
    /// The list, as in `/lists`.
    source: String,
    entry_id: String,
    listed_name: String,
    supplier_name: String,
    /// 0 to 1.
    similarity: f64,
    /// `priority`, `review` or `low`.
    band: String,
    /// What people decided about this supplier and this entry, oldest first.
    decisions: Vec<DecisionView>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DecisionView {
    id: Uuid,
    #[schema(value_type = DecisionName, inline)]
    decision: Decision,
    reviewer: String,
    rationale: String,
    decided_at: Moment,
}

impl DecisionView {
    fn of(stored: &StoredDecision) -> Self {
        let review = &stored.decided.review;
        Self {
            id: stored.id,
            decision: stored.decided.decision,
            reviewer: review.reviewer.clone(),
            rationale: review.rationale.clone(),
            decided_at: Moment(review.at),
        }
    }
}

fn view(hit: StoredHit, decisions: &[StoredDecision]) -> HitView {
    let decisions = decisions
        .iter()
        .filter(|decision| {
            decision.supplier_id == hit.supplier_id
                && decision.source == hit.source
                && decision.entry_id == hit.entry_id
        })
        .map(DecisionView::of)
        .collect();
    HitView {
        id: hit.id,
        screening_id: hit.screening_id,
        supplier_id: hit.supplier_id,
        source: hit.source.code().to_owned(),
        entry_id: hit.entry_id,
        listed_name: hit.listed_name,
        supplier_name: hit.supplier_name,
        similarity: f64::from(hit.similarity) / 1e6,
        band: hit.band,
        decisions,
    }
}

/// The hits that wait for a person or had one
#[utoipa::path(get, path = "/api/v1/hits", tag = "review", params(HitListing),
    responses((status = 200, description = "In the order in which they were found, if not asked otherwise", body = HitPage),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn list(
    allowed: Allowed<ReadResults>,
    listing: HitListing,
) -> Result<HttpResponse, Problem> {
    let connection = allowed.database.connection();
    let filter = &listing.filter;
    let wanted = hits::Wanted {
        screening: filter.screening,
        supplier: filter.supplier,
        source: filter.source,
        entry_id: filter.entry_id.clone(),
        band: filter.band.map(|band| band.code().to_owned()),
    };
    let found = hits::page(connection, &wanted, &listing.slice()).await?;
    let mut suppliers: Vec<_> = found.iter().map(|hit| hit.supplier_id).collect();
    suppliers.sort_unstable();
    suppliers.dedup();
    let decisions = hits::decisions(connection, &suppliers).await?;
    let items: Vec<_> = found.into_iter().map(|hit| view(hit, &decisions)).collect();
    listing.page(&items)
}

/// A hit with its reasons.
#[derive(Debug, Serialize, ToSchema)]
pub struct HitDetail {
    #[serde(flatten)]
    hit: HitView,
    /// Features, aligned words, what the publisher says, and what counts now.
    #[schema(value_type = Object)]
    explained: Value,
}

/// One hit with its reasons
#[utoipa::path(get, path = "/api/v1/hits/{id}", tag = "review", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The hit", body = HitDetail),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn hit(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let connection = allowed.database.connection();
    let found = hits::find(connection, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let decisions = hits::decisions(connection, &[found.supplier_id]).await?;
    let revisions =
        assessments::revisions(connection, found.screening_id, found.supplier_id).await?;
    let newest = revisions.last().ok_or_else(Problem::not_found)?;
    let result: crate::report::SupplierResult = serde_json::from_slice(&newest.stored.detail)?;
    let explained = result.hits.into_iter().find(|one| {
        one.hit.source == found.source
            && one.hit.entry_id == found.entry_id
            && one.hit.listed_name == found.listed_name
            && one.hit.supplier_name == found.supplier_name
    });
    Ok(HttpResponse::Ok().json(HitDetail {
        hit: view(found, &decisions),
        explained: serde_json::to_value(explained)?,
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDisposition {
    /// `true_match`, `false_positive` or `escalated`.
    #[schema(value_type = DecisionName)]
    decision: Decision,
    /// 10 to 4,000 characters: what you saw and where.
    #[schema(min_length = 10, max_length = 4000)]
    rationale: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Disposed {
    /// What counts now: `unresolved`, `true_match`, `false_positive` or
    /// `escalated`.
    disposition: &'static str,
    /// It would withhold goods: another person has to confirm.
    awaits_second: bool,
    /// The supplier, assessed again.
    assessment: AssessmentView,
}

impl Disposed {
    /// What came of a decision, about a hit or another lead.
    pub(super) async fn answer(
        database: &Database,
        outcome: &Outcome,
    ) -> Result<HttpResponse, Problem> {
        let found = assessments::find(database.connection(), outcome.assessment_id)
            .await?
            .ok_or_else(Problem::not_found)?;
        Ok(HttpResponse::Created().json(Self {
            disposition: outcome.disposition.code(),
            awaits_second: outcome.awaits_second,
            assessment: AssessmentView::of(found)?,
        }))
    }
}

/// Decide about a hit
///
/// The decision binds this supplier record and this listed entry. What
/// withholds goods counts once two different people have confirmed it, and
/// ends once two have dismissed it.
#[utoipa::path(post, path = "/api/v1/hits/{id}/disposition", tag = "review", params(("id" = Uuid, Path)),
    request_body = NewDisposition,
    responses((status = 201, description = "Decided and assessed again", body = Disposed),
        (status = 409, description = "You have decided so already", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn dispose(
    allowed: Allowed<Decide>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
    Body(request): Body<NewDisposition>,
) -> Result<HttpResponse, Problem> {
    let outcome = decide(
        &allowed.database,
        state.clock.as_ref(),
        &state.grounds,
        &allowed.principal,
        id,
        request.decision,
        &request.rationale,
    )
    .await?;
    Disposed::answer(&allowed.database, &outcome).await
}

impl From<DecideError> for Problem {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::Missing => Self::not_found(),
            DecideError::Store(error) => error.into(),
            DecideError::Ground(error) => error.into(),
            DecideError::OnlyPeople => Self::forbidden("hits:decide as a person"),
            DecideError::NoLead => Self::unprocessable("/lead", error.to_string()),
            DecideError::NoRationale => Self::unprocessable("/rationale", error.to_string()),
            DecideError::Unfinished => Self::conflict("screening-unfinished", &error),
            DecideError::ReadOtherwise => Self::conflict("screening-read-otherwise", &error),
            DecideError::AlreadyDecided => Self::conflict("hit-already-decided", &error),
            other => Self::internal(&other),
        }
    }
}

//! Leads besides hits: signs of Xinjiang in a supplier's own record and orders
//! on goods and regions, and what people decide about them.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::hits::Disposed;
use crate::{
    app::decide::{Leads, decide_lead, leads_of},
    http::{
        allowed::{Allowed, Decide, ReadResults},
        body::{Body, Id},
        moment::Moment,
        names::DecisionName,
        page::Page,
        problem::{Problem, ProblemDocument},
        state::State,
    },
    lists::Source,
    review::{Decided, Decision, Subject},
    screening::LocationField,
};

/// A lead, never a finding about the supplier.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeadView {
    /// What to send to decide about it.
    lead: LeadName,
    /// Everything that leads there.
    #[schema(value_type = Object)]
    facts: Value,
    /// What counts now: `unresolved`, `true_match`, `false_positive` or
    /// `escalated`.
    disposition: &'static str,
    /// Oldest first.
    decisions: Vec<LeadDecisionView>,
}

/// Which lead of a supplier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum LeadName {
    /// A sign of Xinjiang or of the XPCC in the supplier's own record.
    Place {
        /// `name`, `alias`, `parent`, `street`, `city`, `province`,
        /// `postal_code` or `identifier`.
        #[schema(value_type = String, example = "city")]
        field: LocationField,
        place: String,
    },
    /// An order on a good or a region that the goods may fall under.
    Order {
        /// Its code in `/lists`.
        #[schema(value_type = String, example = "cbp")]
        source: Source,
        entry_id: String,
    },
}

impl LeadName {
    fn subject(self) -> Subject {
        match self {
            Self::Place { field, place } => Subject::Place(field, place),
            Self::Order { source, entry_id } => Subject::Order(source, entry_id),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LeadDecisionView {
    #[schema(value_type = DecisionName, inline)]
    decision: Decision,
    reviewer: String,
    rationale: String,
    decided_at: Moment,
}

fn view(found: &Leads, lead: LeadName, facts: Value) -> LeadView {
    let decided = found.decided.get(&lead.clone().subject());
    LeadView {
        lead,
        facts,
        disposition: decided.map_or("unresolved", |(_, counts)| counts.code()),
        decisions: decided
            .map(|(all, _)| all.iter().map(decision).collect())
            .unwrap_or_default(),
    }
}

fn decision(decided: &Decided) -> LeadDecisionView {
    LeadDecisionView {
        decision: decided.decision,
        reviewer: decided.review.reviewer.clone(),
        rationale: decided.review.rationale.clone(),
        decided_at: Moment(decided.review.at),
    }
}

/// Leads of an assessed supplier besides its hits
#[utoipa::path(get, path = "/api/v1/assessments/{id}/leads", tag = "review", params(("id" = Uuid, Path)),
    responses((status = 200, description = "Places first, then orders", body = Page<LeadView>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn list(
    allowed: Allowed<ReadResults>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let found = leads_of(&allowed.database, &state.grounds, id).await?;
    let mut items = Vec::new();
    for lead in &found.places {
        let name = LeadName::Place {
            field: lead.field,
            place: lead.place.clone(),
        };
        items.push(view(&found, name, serde_json::to_value(lead)?));
    }
    for order in &found.orders {
        let name = LeadName::Order {
            source: order.listed.source,
            entry_id: order.entry_id.clone(),
        };
        items.push(view(&found, name, serde_json::to_value(order)?));
    }
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLeadDisposition {
    lead: LeadName,
    /// `true_match`: the goods come from there, or fall under the order.
    #[schema(value_type = DecisionName)]
    decision: Decision,
    /// 10 to 4,000 characters: what you saw and where.
    #[schema(min_length = 10, max_length = 4000)]
    rationale: String,
}

/// Decide about a lead
///
/// Binds this supplier record and this place or order. What withholds goods
/// counts once two different people have confirmed it, and ends once two have
/// dismissed it.
#[utoipa::path(post, path = "/api/v1/assessments/{id}/leads/disposition", tag = "review", params(("id" = Uuid, Path)),
    request_body = NewLeadDisposition,
    responses((status = 201, description = "Decided and assessed again", body = Disposed),
        (status = 409, description = "You have decided so already", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn dispose(
    allowed: Allowed<Decide>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
    Body(request): Body<NewLeadDisposition>,
) -> Result<HttpResponse, Problem> {
    let outcome = decide_lead(
        &allowed.database,
        state.clock.as_ref(),
        &state.grounds,
        &allowed.principal,
        (id, request.lead.subject()),
        request.decision,
        &request.rationale,
    )
    .await?;
    Disposed::answer(&allowed.database, &outcome).await
}

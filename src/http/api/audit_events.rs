//! The organization's part of the audit trail.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    audit::SealedEvent,
    http::{
        allowed::{Allowed, ReadAudit},
        names::When,
        page::{Collection, Listing, SparsePage},
        problem::{Problem, ProblemDocument},
    },
    store::trail,
};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditEventFilter {
    /// Only of this kind, as `body.kind` says it.
    kind: Option<String>,
    /// Only about this thing, by its id.
    subject: Option<String>,
    /// Only from this moment on.
    #[param(value_type = Option<chrono::DateTime<chrono::Utc>>)]
    since: Option<When>,
    /// Only before this moment.
    #[param(value_type = Option<chrono::DateTime<chrono::Utc>>)]
    before: Option<When>,
}

#[derive(Debug)]
pub enum AuditEvents {}

impl Collection for AuditEvents {
    type Filter = AuditEventFilter;
    type Item = AuditEventView;
    const SORTS: &'static [&'static str] = &["number"];
    const USUAL_SORT: &'static str = "number";
    const ID: &'static str = "number";
}

type AuditEventListing = Listing<AuditEvents>;
type AuditEventPage = SparsePage<AuditEventView>;

#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEventView {
    number: i64,
    /// SHA-256 of `body` in canonical JSON (RFC 8785).
    hash: String,
    /// Actor, moment, kind, subject, details, and the hash of the event before.
    #[schema(value_type = Object)]
    body: Value,
}

impl AuditEventView {
    fn of(event: &SealedEvent) -> Result<Self, Problem> {
        Ok(Self {
            number: event.number,
            hash: event.hash.clone(),
            body: serde_json::from_str(&event.body)?,
        })
    }
}

/// What was done in your organization, by whom and when
///
/// One chain runs through all organizations, so numbers have gaps here.
#[utoipa::path(get, path = "/api/v1/audit-events", tag = "audit", params(AuditEventListing),
    responses((status = 200, description = "Oldest first, if not asked otherwise", body = AuditEventPage),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn list(
    allowed: Allowed<ReadAudit>,
    listing: AuditEventListing,
) -> Result<HttpResponse, Problem> {
    let filter = &listing.filter;
    let wanted = trail::Wanted {
        kind: filter.kind.clone(),
        subject: filter.subject.clone(),
        since: filter.since.map(|moment| moment.0),
        before: filter.before.map(|moment| moment.0),
    };
    let found = trail::own_page(allowed.database.connection(), &wanted, &listing.slice()).await?;
    let items = found
        .iter()
        .map(AuditEventView::of)
        .collect::<Result<Vec<_>, _>>()?;
    listing.page(&items)
}

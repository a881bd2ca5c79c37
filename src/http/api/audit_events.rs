//! The organization's part of the audit trail.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    audit::SealedEvent,
    http::{
        allowed::{Allowed, ReadAudit},
        body::Query,
        page::{Page, limit, usual_limit},
        problem::{Problem, ProblemDocument},
    },
    store::trail,
};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SeekEvent {
    /// Events at most, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    #[serde(default = "usual_limit")]
    limit: u64,
    /// `next` of the page before: the number of the last event it held.
    #[serde(default)]
    after: i64,
}

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
#[utoipa::path(get, path = "/api/v1/audit-events", tag = "audit", params(SeekEvent),
    responses((status = 200, description = "Oldest first", body = Page<AuditEventView>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn list(
    allowed: Allowed<ReadAudit>,
    Query(seek): Query<SeekEvent>,
) -> Result<HttpResponse, Problem> {
    let limit = limit(seek.limit)?;
    let found = trail::own_after(allowed.database.connection(), seek.after, limit).await?;
    let items = found
        .iter()
        .map(AuditEventView::of)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(
        HttpResponse::Ok().json(Page::new(items, limit, |event: &AuditEventView| {
            event.number.to_string()
        })),
    )
}

//! Assessments: stored ones with their revisions, and what-if.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::screenings::AssessmentView;
use crate::{
    app::policy::Policy,
    http::{
        allowed::{Allowed, ReadLists, ReadResults},
        body::{Body, Id},
        page::Page,
        problem::{Problem, ProblemDocument},
    },
    risk::{self, Inputs},
    store::assessments,
};

/// One assessment with factors and evidence
#[utoipa::path(get, path = "/api/v1/assessments/{id}", tag = "review", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The assessment", body = AssessmentView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn assessment(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let found = assessments::find(allowed.database.connection(), id)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(AssessmentView::of(found)?))
}

/// Every revision of an assessment
#[utoipa::path(get, path = "/api/v1/assessments/{id}/revisions", tag = "review", params(("id" = Uuid, Path)),
    responses((status = 200, description = "Oldest first", body = Page<AssessmentView>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn revisions(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let connection = allowed.database.connection();
    let found = assessments::find(connection, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let items = assessments::revisions(connection, found.screening_id, found.supplier_id)
        .await?
        .into_iter()
        .map(AssessmentView::of)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Preview {
    /// As `inputs` of a result; see docs/result.md.
    #[schema(value_type = Object)]
    inputs: Inputs,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Previewed {
    #[schema(value_type = Object)]
    model: Value,
    #[schema(value_type = Object)]
    assessment: Value,
}

/// What an assessment would be
///
/// Nothing is stored: take the inputs of a result, change them, compare.
#[utoipa::path(post, path = "/api/v1/assessments/preview", tag = "review", request_body = Preview,
    responses((status = 200, description = "The assessment", body = Previewed),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn preview(
    _: Allowed<ReadLists>,
    Body(request): Body<Preview>,
) -> Result<HttpResponse, Problem> {
    let policy = Policy::shipped()?;
    let assessment = risk::assess(&policy.model, &request.inputs);
    Ok(HttpResponse::Ok().json(Previewed {
        model: serde_json::to_value(&policy.model.identity)?,
        assessment: serde_json::to_value(assessment)?,
    }))
}

//! Assessments: stored ones with their revisions, and what-if.

use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::screenings::AssessmentView;
use crate::{
    app::policy,
    http::{
        allowed::{Allowed, ReadLists, ReadResults},
        body::{Body, Id},
        conditional::{immutable, is_known},
        names::{DispositionName, TierName},
        page::{Collection, Listing, Page, SparsePage},
        problem::{Problem, ProblemDocument},
    },
    risk::{self, Disposition, Inputs, Tier},
    store::assessments,
};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AssessmentFilter {
    /// Only of this screening.
    screening: Option<Uuid>,
    /// Only of this row of a list: `supplier_id` of an assessment.
    supplier: Option<Uuid>,
    /// Only of rows and standing suppliers that bear this id of yours.
    external_id: Option<String>,
    /// Only in this tier.
    #[param(value_type = Option<TierName>, inline)]
    tier: Option<Tier>,
    /// Only with this disposition.
    #[param(value_type = Option<DispositionName>, inline)]
    disposition: Option<Disposition>,
    /// Superseded revisions too.
    #[serde(default)]
    #[param(required = false)]
    every_revision: bool,
}

#[derive(Debug)]
pub enum Assessments {}

impl Collection for Assessments {
    type Filter = AssessmentFilter;
    type Item = AssessmentView;
    const SORTS: &'static [&'static str] = &["id", "score"];
    const USUAL_SORT: &'static str = "-id";
}

type AssessmentListing = Listing<Assessments>;
type AssessmentPage = SparsePage<AssessmentView>;

/// The assessments of your organization
///
/// Of each the newest revision, unless every one is asked for.
#[utoipa::path(get, path = "/api/v1/assessments", tag = "review", params(AssessmentListing),
    responses((status = 200, description = "Newest first, if not asked otherwise", body = AssessmentPage),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn list(
    allowed: Allowed<ReadResults>,
    listing: AssessmentListing,
) -> Result<HttpResponse, Problem> {
    let filter = &listing.filter;
    let wanted = assessments::Wanted {
        screening: filter.screening,
        supplier: filter.supplier,
        external_id: filter.external_id.clone(),
        tier: filter.tier.map(|tier| tier.as_str().to_owned()),
        disposition: filter.disposition.map(|one| one.as_str().to_owned()),
        every_revision: filter.every_revision,
    };
    let items = assessments::page(allowed.database.connection(), &wanted, &listing.slice())
        .await?
        .into_iter()
        .map(AssessmentView::of)
        .collect::<Result<Vec<_>, _>>()?;
    listing.page(&items)
}

/// One assessment with factors and evidence
#[utoipa::path(get, path = "/api/v1/assessments/{id}", tag = "review", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The assessment", body = AssessmentView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn assessment(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let found = assessments::find(allowed.database.connection(), id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let sha256 = found.stored.detail_sha256.clone();
    if is_known(&request, &sha256) {
        return Ok(HttpResponse::NotModified().finish());
    }
    Ok(immutable(&sha256, &AssessmentView::of(found)?))
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
/// Under the risk model in use. Nothing is stored: take the inputs of a result,
/// change them, compare.
#[utoipa::path(post, path = "/api/v1/assessments/preview", tag = "review", request_body = Preview,
    responses((status = 200, description = "The assessment", body = Previewed),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn preview(
    allowed: Allowed<ReadLists>,
    Body(request): Body<Preview>,
) -> Result<HttpResponse, Problem> {
    let policy = policy::in_use(allowed.database.connection()).await?;
    let assessment = risk::assess(&policy.model, &request.inputs);
    Ok(HttpResponse::Ok().json(Previewed {
        model: serde_json::to_value(&policy.model.identity)?,
        assessment: serde_json::to_value(assessment)?,
    }))
}

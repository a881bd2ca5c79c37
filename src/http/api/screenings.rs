//! Screenings: one supplier while you wait, and what is stored.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    app::{export, read::SupplierRecord, screen_one::screen_one},
    clock::Clock,
    http::{
        allowed::{Allowed, ReadResults, Screen},
        body::{Body, Id, Query},
        page::{Page, Seek, limit, usual_limit},
        problem::{Problem, ProblemDocument},
        state::State,
    },
    store::{
        assessments::{self, StoredAssessment},
        screenings as stored,
    },
};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewScreening {
    supplier: SupplierRecord,
    /// The day the assessment speaks for; today by default.
    #[serde(default)]
    as_of: Option<NaiveDate>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ScreenedSupplier {
    screening_id: Uuid,
    /// Of the result as one canonical JSON document.
    result_sha256: String,
    assessment: AssessmentView,
}

/// An assessment with its reasons.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssessmentView {
    pub id: Uuid,
    pub screening_id: Uuid,
    pub supplier_id: Uuid,
    /// 0 is the one that the screening's hash binds; a decision about a hit
    /// adds another.
    pub revision: u32,
    /// The supplier's result: tier, score, range, factors with evidence, hits.
    #[schema(value_type = Object)]
    pub result: Box<RawValue>,
    /// Of `result` in canonical JSON, as in the audit trail.
    pub result_sha256: String,
}

impl AssessmentView {
    pub(super) fn of(found: StoredAssessment) -> Result<Self, Problem> {
        Ok(Self {
            id: found.stored.id,
            screening_id: found.screening_id,
            supplier_id: found.supplier_id,
            revision: found.revision,
            result: serde_json::from_slice(&found.stored.detail)?,
            result_sha256: found.stored.detail_sha256,
        })
    }
}

/// Screen one supplier now
#[utoipa::path(post, path = "/api/v1/screenings", tag = "screening", request_body = NewScreening,
    responses((status = 201, description = "Its assessment; Location is the screening", body = ScreenedSupplier),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn screen(
    allowed: Allowed<Screen>,
    state: web::Data<State>,
    Body(request): Body<NewScreening>,
) -> Result<HttpResponse, Problem> {
    let clock: &dyn Clock = state.clock.as_ref();
    let screened = screen_one(
        &allowed.database,
        clock,
        &state.grounds,
        &state.one_by_one,
        allowed.principal.actor(),
        request.supplier,
        request.as_of.unwrap_or_else(|| clock.today()),
    )
    .await?;
    let screening_id = screened.assessment.screening_id;
    Ok(HttpResponse::Created()
        .insert_header(("Location", format!("/api/v1/screenings/{screening_id}")))
        .json(ScreenedSupplier {
            screening_id,
            result_sha256: screened.result_sha256,
            assessment: AssessmentView::of(screened.assessment)?,
        }))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ScreeningView {
    id: Uuid,
    supplier_list_id: Uuid,
    result_sha256: String,
    /// Counts by tier, disposition and band.
    #[schema(value_type = Object)]
    totals: Value,
    /// The file, the lists with their editions, the model, rejected rows.
    #[schema(value_type = Object)]
    head: Value,
}

impl ScreeningView {
    fn of(finished: &export::Finished) -> Result<Self, Problem> {
        Ok(Self {
            id: finished.id,
            supplier_list_id: finished.supplier_list_id,
            result_sha256: finished.result_sha256.clone(),
            totals: serde_json::from_str(&finished.totals_text)?,
            head: serde_json::from_str(&finished.head_text)?,
        })
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ScreeningSummary {
    id: Uuid,
    supplier_list_id: Uuid,
    file_name: String,
    as_of: NaiveDate,
    result_sha256: String,
    #[schema(value_type = Object)]
    totals: Value,
}

/// The finished screenings of your organization
#[utoipa::path(get, path = "/api/v1/screenings", tag = "screening", params(Seek),
    responses((status = 200, description = "Newest first", body = Page<ScreeningSummary>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn list(
    allowed: Allowed<ReadResults>,
    Query(seek): Query<Seek>,
) -> Result<HttpResponse, Problem> {
    let limit = limit(seek.limit)?;
    let mut items = Vec::new();
    for finished in export::page(&allowed.database, seek.after, limit).await? {
        items.push(ScreeningSummary {
            id: finished.id,
            supplier_list_id: finished.supplier_list_id,
            file_name: finished.head.input.file,
            as_of: finished.head.as_of,
            result_sha256: finished.result_sha256,
            totals: serde_json::from_str(&finished.totals_text)?,
        });
    }
    Ok(
        HttpResponse::Ok().json(Page::new(items, limit, |one: &ScreeningSummary| {
            one.id.to_string()
        })),
    )
}

/// One finished screening, without its suppliers
#[utoipa::path(get, path = "/api/v1/screenings/{id}", tag = "screening", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The screening", body = ScreeningView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn screening(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let finished = export::find(&allowed.database, id).await?;
    Ok(HttpResponse::Ok().json(ScreeningView::of(&finished)?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SeekRow {
    /// Suppliers at most, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    #[serde(default = "usual_limit")]
    limit: u64,
    /// `next` of the page before: the last row it held.
    #[serde(default)]
    after: u32,
}

/// The suppliers of a screening, each with its newest assessment
///
/// Of a screening under way: those recorded so far.
#[utoipa::path(get, path = "/api/v1/screenings/{id}/results", tag = "screening",
    params(("id" = Uuid, Path), SeekRow),
    responses((status = 200, description = "In the order of the file", body = Page<AssessmentView>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn results(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
    Query(seek): Query<SeekRow>,
) -> Result<HttpResponse, Problem> {
    let limit = limit(seek.limit)?;
    let connection = allowed.database.connection();
    // Nothing found and no such screening are different answers.
    stored::head(connection, id).await?;
    let found = assessments::newest_after(connection, id, seek.after, limit).await?;
    let next = found
        .last()
        .filter(|_| found.len() as u64 >= limit)
        .map(|last| last.stored.row.to_string());
    let items = found
        .into_iter()
        .map(AssessmentView::of)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(HttpResponse::Ok().json(Page { items, next }))
}

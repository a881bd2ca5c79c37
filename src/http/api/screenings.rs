//! Screenings: one supplier while you wait, and what is stored.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    app::{
        export,
        read::SupplierRecord,
        screen_one::{ScreenOneError, screen_one},
        suppliers,
    },
    clock::Clock,
    http::{
        allowed::{Allowed, ReadResults, Screen},
        body::{Body, Id},
        conditional::{immutable, is_known},
        moment::Moment,
        names::{DispositionName, TierName, When},
        page::{Collection, Listing, SparsePage},
        problem::{Problem, ProblemDocument},
        state::State,
    },
    risk::{Disposition, Tier},
    store::{
        StoreError,
        assessments::{self, StoredAssessment},
        screenings as stored,
    },
};

/// What to screen: a record, or a standing supplier as its record stands now.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum ScreeningRequest {
    Record(Box<RecordScreening>),
    Standing(StandingScreening),
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "documents the body; see `NewScreening`")]
pub struct RecordScreening {
    supplier: SupplierRecord,
    /// The day the assessment speaks for; today by default.
    #[serde(default, deserialize_with = "crate::http::names::day")]
    as_of: Option<NaiveDate>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "documents the body; see `NewScreening`")]
pub struct StandingScreening {
    supplier_id: Uuid,
    /// The day the assessment speaks for; today by default.
    #[serde(default, deserialize_with = "crate::http::names::day")]
    as_of: Option<NaiveDate>,
}

/// Both at once: so an error names its place, which an untagged enum cannot.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewScreening {
    /// Either a record or the id of a standing supplier.
    #[serde(default)]
    supplier: Option<SupplierRecord>,
    /// A standing supplier, screened as its record stands now.
    #[serde(default)]
    supplier_id: Option<Uuid>,
    /// The day the assessment speaks for; today by default.
    #[serde(default, deserialize_with = "crate::http::names::day")]
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
    /// 1-based row in the file.
    pub row: u32,
    #[schema(value_type = TierName, inline)]
    pub tier: String,
    /// `null`: not assessed, which is not a low score.
    pub score: Option<i16>,
    #[schema(value_type = DispositionName, inline)]
    pub disposition: String,
    /// How much is known, out of 100.
    pub coverage: i16,
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
            row: found.stored.row,
            tier: found.tier,
            score: found.score,
            disposition: found.disposition,
            coverage: found.coverage,
            result: serde_json::from_slice(&found.stored.detail)?,
            result_sha256: found.stored.detail_sha256,
        })
    }
}

/// Screen one supplier now
#[utoipa::path(post, path = "/api/v1/screenings", tag = "screening", request_body = ScreeningRequest,
    responses((status = 201, description = "Its assessment; Location is the screening", body = ScreenedSupplier),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn screen(
    allowed: Allowed<Screen>,
    state: web::Data<State>,
    Body(request): Body<NewScreening>,
) -> Result<HttpResponse, Problem> {
    let clock: &dyn Clock = state.clock.as_ref();
    let record = match (request.supplier, request.supplier_id) {
        (Some(record), None) => record,
        (None, Some(id)) => match suppliers::record_of(&allowed.database, id).await {
            Err(StoreError::Missing { .. }) => {
                return Err(Problem::unprocessable(
                    "/supplier_id",
                    "there is no such supplier",
                ));
            }
            found => found?,
        },
        _ => {
            return Err(Problem::unprocessable(
                "",
                "send either supplier or supplier_id",
            ));
        }
    };
    let screened = screen_one(
        &allowed.database,
        clock,
        &state.grounds,
        &state.one_by_one,
        allowed.principal.actor(),
        record,
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
    finished_at: Moment,
    result_sha256: String,
    #[schema(value_type = Object)]
    totals: Value,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ScreeningFilter {
    /// Only of this list.
    supplier_list: Option<Uuid>,
    /// Only for this day.
    #[serde(default, deserialize_with = "crate::http::names::day")]
    as_of: Option<NaiveDate>,
    /// Only finished from this moment on.
    #[param(value_type = Option<chrono::DateTime<chrono::Utc>>)]
    finished_since: Option<When>,
    /// Only finished before this moment.
    #[param(value_type = Option<chrono::DateTime<chrono::Utc>>)]
    finished_before: Option<When>,
}

#[derive(Debug)]
pub enum Screenings {}

impl Collection for Screenings {
    type Filter = ScreeningFilter;
    type Item = ScreeningSummary;
    const SORTS: &'static [&'static str] = &["id", "as_of", "finished_at"];
    const USUAL_SORT: &'static str = "-id";
}

type ScreeningListing = Listing<Screenings>;
type AssessmentPage = SparsePage<AssessmentView>;
type ScreeningPage = SparsePage<ScreeningSummary>;

/// The finished screenings of your organization
#[utoipa::path(get, path = "/api/v1/screenings", tag = "screening", params(ScreeningListing),
    responses((status = 200, description = "Newest first, if not asked otherwise", body = ScreeningPage),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn list(
    allowed: Allowed<ReadResults>,
    listing: ScreeningListing,
) -> Result<HttpResponse, Problem> {
    let filter = &listing.filter;
    let wanted = stored::Wanted {
        supplier_list: filter.supplier_list,
        as_of: filter.as_of,
        finished_since: filter.finished_since.map(|moment| moment.0),
        finished_before: filter.finished_before.map(|moment| moment.0),
    };
    let mut items = Vec::new();
    for finished in export::page(&allowed.database, &wanted, &listing.slice()).await? {
        items.push(ScreeningSummary {
            id: finished.id,
            supplier_list_id: finished.supplier_list_id,
            file_name: finished.head.input.file,
            as_of: finished.head.as_of,
            finished_at: Moment(finished.finished_at),
            result_sha256: finished.result_sha256,
            totals: serde_json::from_str(&finished.totals_text)?,
        });
    }
    listing.page(&items)
}

/// One finished screening, without its suppliers
#[utoipa::path(get, path = "/api/v1/screenings/{id}", tag = "screening", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The screening", body = ScreeningView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn screening(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let finished = export::find(&allowed.database, id).await?;
    if is_known(&request, &finished.result_sha256) {
        return Ok(HttpResponse::NotModified().finish());
    }
    Ok(immutable(
        &finished.result_sha256,
        &ScreeningView::of(&finished)?,
    ))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ResultFilter {
    /// Only in this tier.
    #[param(value_type = Option<TierName>, inline)]
    tier: Option<Tier>,
    /// Only with this disposition.
    #[param(value_type = Option<DispositionName>, inline)]
    disposition: Option<Disposition>,
    /// Only rows that bear this id of yours.
    external_id: Option<String>,
}

#[derive(Debug)]
pub enum Results {}

impl Collection for Results {
    type Filter = ResultFilter;
    type Item = AssessmentView;
    const SORTS: &'static [&'static str] = &["id", "row", "score"];
    const USUAL_SORT: &'static str = "row";
}

type ResultListing = Listing<Results>;

/// The suppliers of a screening, each with its newest assessment
///
/// Of a screening under way: those recorded so far.
#[utoipa::path(get, path = "/api/v1/screenings/{id}/results", tag = "screening",
    params(("id" = Uuid, Path), ResultListing),
    responses((status = 200, description = "In the order of the file, if not asked otherwise", body = AssessmentPage),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn results(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
    listing: ResultListing,
) -> Result<HttpResponse, Problem> {
    let connection = allowed.database.connection();
    // Nothing found and no such screening are different answers.
    stored::head(connection, id).await?;
    let filter = &listing.filter;
    let wanted = assessments::Wanted {
        screening: Some(id),
        tier: filter.tier.map(|tier| tier.as_str().to_owned()),
        disposition: filter.disposition.map(|one| one.as_str().to_owned()),
        external_id: filter.external_id.clone(),
        ..assessments::Wanted::default()
    };
    let items = assessments::page(connection, &wanted, &listing.slice())
        .await?
        .into_iter()
        .map(AssessmentView::of)
        .collect::<Result<Vec<_>, _>>()?;
    listing.page(&items)
}

impl From<ScreenOneError> for Problem {
    fn from(error: ScreenOneError) -> Self {
        match error {
            ScreenOneError::Rejected { pointer, reason } => Self::unprocessable(pointer, reason),
            ScreenOneError::Ground(error) => error.into(),
            ScreenOneError::Unusable(error) => Self::unprocessable("/supplier", error.to_string()),
            ScreenOneError::Record(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

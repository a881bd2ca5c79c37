//! Federal contractors: files checked under FAR 52.222-50, and decisions.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    app::contractors::{self, CheckedFile, ContractorsError, Decided},
    disclosures::contractor::ReportRow,
    http::{
        allowed::{Allowed, Decide, ReadResults, Screen},
        body::{Body, Id, Query, media_type},
        form::FormFiles,
        limits::UploadPlace,
        moment::Moment,
        page::{Page, Seek, limit},
        problem::{Problem, ProblemDocument},
        state::State,
    },
    intake::Limits,
    report::contractor_csv,
    store::{contractor_checks, contractor_checks::StoredCheck, documents},
};

/// Files of one check.
const MOST_FILES: usize = 50;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CheckParameters {
    /// The day the check speaks for; today by default.
    #[serde(default, deserialize_with = "crate::http::names::day")]
    as_of: Option<NaiveDate>,
}

/// The parts of a multipart upload.
#[derive(Debug, ToSchema)]
#[expect(
    dead_code,
    reason = "documents the form; the parts are read as they arrive"
)]
pub struct CheckForm {
    /// SAM.gov JSON, `USAspending` CSV, the disclosure form, plans, statements.
    #[schema(value_type = Vec<String>, format = Binary)]
    files: Vec<Vec<u8>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CheckView {
    id: Uuid,
    as_of: NaiveDate,
    /// Name and SHA-256 of each file.
    #[schema(value_type = Vec<Object>)]
    files: Value,
    /// Contractors, contracts by status, records read and not read.
    #[schema(value_type = Object)]
    summary: Value,
    /// Of the result in canonical JSON.
    result_sha256: String,
    /// The check that this one was made again from, after a decision.
    follows: Option<Uuid>,
    checked_at: Moment,
}

impl CheckView {
    fn of(check: StoredCheck) -> Result<Self, serde_json::Error> {
        Ok(Self {
            id: check.id,
            as_of: check.as_of,
            files: serde_json::from_str(&check.files)?,
            summary: serde_json::from_str(&check.summary)?,
            result_sha256: check.result_sha256,
            follows: check.follows,
            checked_at: Moment(check.checked_at),
        })
    }
}

/// Check contractors' files
///
/// Several files in a multipart form (fields `files`), or one JSON file as the
/// body. What cannot be read is reported record by record in the result. Whether
/// a plan is required is never inferred from an award alone; decisions in files
/// are refused.
#[utoipa::path(post, path = "/api/v1/contractors/checks", tag = "contractors", params(CheckParameters),
    request_body(content((CheckForm = "multipart/form-data"), (Value = "application/json"))),
    responses((status = 201, description = "The check; Location is its address", body = CheckView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn check(
    allowed: Allowed<Screen>,
    state: web::Data<State>,
    Query(parameters): Query<CheckParameters>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    let place = state.limits.upload_place()?;
    let files = match media_type(&request).as_str() {
        "multipart/form-data" => from_form(&request, body, &place).await?,
        "application/json" => {
            let (most, otherwise) = most_bytes();
            vec![CheckedFile {
                name: "contractors.json".to_owned(),
                bytes: place.whole(body, most, &otherwise).await?,
            }]
        }
        _ => {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "send multipart/form-data or application/json",
            ));
        }
    };
    let as_of = parameters.as_of.unwrap_or_else(|| state.clock.today());
    let ground = state.grounds().current(&allowed.database, as_of).await?;
    let actor = allowed.principal.actor();
    let stored = contractors::check(
        &allowed.database,
        state.clock.as_ref(),
        ground,
        &actor,
        files,
        as_of,
    )
    .await?;
    created(stored)
}

fn created(stored: StoredCheck) -> Result<HttpResponse, Problem> {
    let place = format!("/api/v1/contractors/checks/{}", stored.id);
    Ok(HttpResponse::Created()
        .insert_header(("Location", place))
        .json(CheckView::of(stored)?))
}

async fn from_form(
    request: &HttpRequest,
    body: web::Payload,
    place: &UploadPlace,
) -> Result<Vec<CheckedFile>, Problem> {
    let (most_bytes, otherwise) = most_bytes();
    let form = FormFiles {
        field: "files",
        most_files: MOST_FILES,
        most_bytes,
        otherwise: &otherwise,
    };
    let files = form.read(request, body, place).await?;
    let named = |(name, bytes): (Option<String>, _)| {
        // The result cites its files by their names.
        let name = name.ok_or_else(|| {
            Problem::unprocessable("/files", "each field is a file with its name")
        })?;
        Ok(CheckedFile { name, bytes })
    };
    files.into_iter().map(named).collect()
}

/// Of all files of a check, and what is said beyond that.
fn most_bytes() -> (usize, String) {
    let most = Limits::default().file_bytes;
    let otherwise = format!(
        "the files of a check have at most {most} bytes together: use the command line for larger ones"
    );
    (usize::try_from(most).unwrap_or(usize::MAX), otherwise)
}

/// The checks of your organization
#[utoipa::path(get, path = "/api/v1/contractors/checks", tag = "contractors", params(Seek),
    responses((status = 200, description = "Newest first", body = Page<CheckView>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn checks(
    allowed: Allowed<ReadResults>,
    Query(seek): Query<Seek>,
) -> Result<HttpResponse, Problem> {
    let limit = limit(seek.limit)?;
    let items = contractor_checks::page(allowed.database.connection(), seek.after, limit)
        .await?
        .into_iter()
        .map(CheckView::of)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(
        HttpResponse::Ok().json(Page::new(items, limit, |check: &CheckView| {
            check.id.to_string()
        })),
    )
}

async fn find(allowed: &Allowed<ReadResults>, id: Uuid) -> Result<StoredCheck, Problem> {
    contractor_checks::find(allowed.database.connection(), id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// One check
#[utoipa::path(get, path = "/api/v1/contractors/checks/{id}", tag = "contractors", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The check", body = CheckView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn one(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(CheckView::of(find(&allowed, id).await?)?))
}

/// The whole result of a check
///
/// As recorded: requirement with its arithmetic, status with its reasons,
/// contradictions with their documents, the words of plans, scores.
#[utoipa::path(get, path = "/api/v1/contractors/checks/{id}/result", tag = "contractors", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The result in canonical JSON", body = Object),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn result(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let check = find(&allowed, id).await?;
    let bytes = documents::read(allowed.database.connection(), &check.result_sha256).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(("ETag", format!("\"{}\"", check.result_sha256)))
        .body(bytes))
}

#[derive(Debug, Deserialize)]
struct Rows {
    rows: Vec<ReportRow>,
}

/// The advocate's table of a check as CSV
///
/// What is not located, incomplete, stale or contradictory; a citation beside
/// every cell.
#[utoipa::path(get, path = "/api/v1/contractors/checks/{id}/report", tag = "contractors", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The table", body = String, content_type = "text/csv"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn report(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let check = find(&allowed, id).await?;
    let bytes = documents::read(allowed.database.connection(), &check.result_sha256).await?;
    let stored: Rows = serde_json::from_slice(&bytes)?;
    let mut csv = Vec::new();
    contractor_csv(&mut csv, &stored.rows)?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            "Content-Disposition",
            "attachment; filename=\"contractors.csv\"",
        ))
        .body(csv))
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DecisionKind {
    Confirmed,
    Dismissed,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionRequest {
    /// Id of a contradiction, of an official record or of a remedy, in the result.
    contradiction: String,
    decision: DecisionKind,
    /// 10 to 4,000 characters.
    rationale: String,
    /// What the contractor answered, or since when it has not; needed to confirm.
    contractor_response: Option<String>,
}

/// Decide about a contradiction or an official record
///
/// Until a person has decided it counts nothing. The check is made again from
/// the files that were kept; the answer is the new check. The decision holds for
/// every later check that finds the same.
#[utoipa::path(post, path = "/api/v1/contractors/checks/{id}/decisions", tag = "contractors", params(("id" = Uuid, Path)),
    request_body = DecisionRequest,
    responses((status = 201, description = "The new check; Location is its address", body = CheckView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn decide(
    allowed: Allowed<Decide>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
    Body(request): Body<DecisionRequest>,
) -> Result<HttpResponse, Problem> {
    let ground = state
        .grounds()
        .current(&allowed.database, state.clock.today())
        .await?;
    let decided = Decided {
        contradiction: request.contradiction,
        confirmed: matches!(request.decision, DecisionKind::Confirmed),
        rationale: request.rationale,
        contractor_response: request.contractor_response,
    };
    let stored = contractors::decide(
        &allowed.database,
        state.clock.as_ref(),
        ground,
        &allowed.principal,
        id,
        decided,
    )
    .await?;
    created(stored)
}

impl From<ContractorsError> for Problem {
    fn from(error: ContractorsError) -> Self {
        let said = error.to_string();
        match error {
            ContractorsError::Missing => Self::not_found(),
            ContractorsError::OnlyPeople => Self::forbidden("hits:decide as a person"),
            ContractorsError::NoRationale => Self::unprocessable("/rationale", said),
            ContractorsError::NotHeard => Self::unprocessable("/contractor_response", said),
            ContractorsError::NoSuchContradiction => Self::unprocessable("/contradiction", said),
            ContractorsError::Unreadable { .. } | ContractorsError::TooMany { .. } => {
                Self::unprocessable("/files", said)
            }
            ContractorsError::Store(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

//! Supplier lists: uploaded, then screened as a job.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::jobs::JobView;
use crate::{
    app::{
        jobs::{Submission, submit},
        read::{JSON_FILE, NDJSON_FILE, SupplierRecord},
    },
    http::{
        allowed::{Allowed, ReadResults, Screen},
        body::{Id, Query, media_type, parse},
        form::{FormFiles, file_name},
        limits::UploadPlace,
        moment::Moment,
        names::sha256,
        page::{Collection, Listing, SparsePage},
        problem::{Problem, ProblemDocument},
        state::State,
    },
    intake::{Limits, RowCounts},
    store::{
        StoreError, documents,
        supplier_lists::{self, ListedList},
    },
};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UploadParameters {
    /// The day the assessments speak for; today by default.
    #[serde(default, deserialize_with = "crate::http::names::day")]
    as_of: Option<NaiveDate>,
    /// What to call the list when the body is not multipart.
    file_name: Option<String>,
}

/// A content that was sent ahead to `/uploads`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Named {
    #[schema(pattern = "^[0-9a-f]{64}$")]
    sha256: String,
    /// What to call the list. The end of the name tells JSON and NDJSON apart
    /// from text.
    #[serde(default)]
    file_name: Option<String>,
}

/// The parts of a multipart upload.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "documents the form; the parts are read as they arrive"
)]
pub struct UploadForm {
    /// CSV, XLSX, XLS, ODS, JSON or NDJSON.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// What a JSON body can be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum JsonList {
    Records(Vec<SupplierRecord>),
    Record(Box<SupplierRecord>),
    Named(Named),
}

/// Upload a supplier list and have it screened
///
/// The answer is a job. A list is a spreadsheet in a multipart form (field
/// `file`) or as the body itself; systems send JSON (an array of supplier
/// records) or NDJSON (one record a line, where a bad line costs only itself),
/// or the hash of a content that was sent ahead to `/uploads`.
/// With an `Idempotency-Key` the same request makes one job, however often it
/// is sent.
#[utoipa::path(post, path = "/api/v1/supplier-lists", tag = "screening",
    params(UploadParameters, ("Idempotency-Key" = Option<String>, Header, example = "2026-11-21-suppliers", pattern = "^[!-~]{1,255}$", description = "1 to 255 printable characters")),
    request_body(content(
        (UploadForm = "multipart/form-data"),
        (JsonList = "application/json"),
        (String = "application/x-ndjson"),
        (String = "text/csv"),
        (Vec<u8> = "application/octet-stream"),
    )),
    responses((status = 202, description = "The job; Location is its address", body = JobView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn upload(
    allowed: Allowed<Screen>,
    state: web::Data<State>,
    Query(parameters): Query<UploadParameters>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    let idempotency_key = idempotency_key(&request)?;
    let place = state.limits.upload_place()?;
    let given_name = parameters.file_name.as_deref();
    let (file_name, bytes) = match media_type(&request).as_str() {
        "multipart/form-data" => from_form(&request, body, &place).await?,
        "application/json" => {
            let bytes = whole(body, &place).await?;
            match serde_json::from_slice::<Named>(&bytes) {
                Ok(named) if !is_sha256(&named.sha256) => {
                    let said = "a hash is 64 digits and letters from a to f";
                    return Err(Problem::unprocessable("/sha256", said));
                }
                Ok(named) => {
                    return by_hash(&allowed, &state, parameters, named, idempotency_key).await;
                }
                Err(error) if !says_hash(&bytes) => drop(error),
                Err(error) => return Err(Problem::unprocessable("", error.to_string())),
            }
            // Told now, with the place, rather than by a job that fails.
            if bytes.trim_ascii().starts_with(b"{") {
                parse::<SupplierRecord>(&bytes)?;
            } else if parse::<Vec<SupplierRecord>>(&bytes)?.is_empty() {
                return Err(Problem::unprocessable("", "the list is empty"));
            }
            (JSON_FILE.to_owned(), bytes)
        }
        "application/x-ndjson" | "application/jsonl" => {
            (NDJSON_FILE.to_owned(), whole(body, &place).await?)
        }
        "text/csv" => (
            named(given_name, "suppliers.csv"),
            whole(body, &place).await?,
        ),
        "application/octet-stream"
        | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        | "application/vnd.ms-excel"
        | "application/vnd.oasis.opendocument.spreadsheet" => {
            (named(given_name, "suppliers"), whole(body, &place).await?)
        }
        _ => {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "send multipart/form-data, a spreadsheet, text/csv, application/json or application/x-ndjson",
            ));
        }
    };
    if bytes.is_empty() {
        return Err(Problem::unprocessable("", "the file is empty"));
    }
    let submission = Submission {
        file_name,
        bytes,
        as_of: parameters.as_of,
        idempotency_key,
    };
    queue(&allowed, &state, submission).await
}

async fn queue(
    allowed: &Allowed<Screen>,
    state: &web::Data<State>,
    submission: Submission,
) -> Result<HttpResponse, Problem> {
    let actor = allowed.principal.actor();
    let job = submit(&allowed.database, state.clock.as_ref(), &actor, submission).await?;
    let place = format!("/api/v1/jobs/{}", job.id);
    Ok(HttpResponse::Accepted()
        .insert_header(("Location", place))
        .json(JobView::of(job, state.clock.now())))
}

/// Whether the body speaks of a content sent ahead and not of a supplier.
fn says_hash(bytes: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Says {
        #[serde(rename = "sha256")]
        _sha256: serde::de::IgnoredAny,
    }
    bytes.trim_ascii_start().starts_with(b"{") && serde_json::from_slice::<Says>(bytes).is_ok()
}

/// The list is a content that was sent ahead.
async fn by_hash(
    allowed: &Allowed<Screen>,
    state: &web::Data<State>,
    parameters: UploadParameters,
    named_by: Named,
    idempotency_key: Option<String>,
) -> Result<HttpResponse, Problem> {
    let bytes = match documents::read(allowed.database.connection(), &named_by.sha256).await {
        Err(StoreError::Missing { .. }) => {
            return Err(Problem::unprocessable(
                "/sha256",
                "your organization has sent no content with that hash: PUT it to /api/v1/uploads",
            ));
        }
        found => found?,
    };
    let given = named_by
        .file_name
        .as_deref()
        .or(parameters.file_name.as_deref());
    let submission = Submission {
        file_name: named(given, "suppliers"),
        bytes,
        as_of: parameters.as_of,
        idempotency_key,
    };
    queue(allowed, state, submission).await
}

pub(super) fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(value) = request.headers().get("Idempotency-Key") else {
        return Ok(None);
    };
    value
        .to_str()
        .ok()
        .filter(|key| (1..=255).contains(&key.len()))
        .map(|key| Some(key.to_owned()))
        .ok_or_else(|| Problem::syntax("", "an Idempotency-Key has 1 to 255 printable characters"))
}

/// A file name for people: the last part of a path, of printable characters.
fn named(given: Option<&str>, otherwise: &str) -> String {
    given
        .and_then(file_name)
        .unwrap_or_else(|| otherwise.to_owned())
}

fn is_sha256(text: &str) -> bool {
    let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == 64 && text.bytes().all(digit)
}

/// Of a list, and what is said beyond that.
fn most_bytes() -> (usize, String) {
    let most = Limits::default().file_bytes;
    let otherwise = format!("a list has at most {most} bytes: split it into several");
    (usize::try_from(most).unwrap_or(usize::MAX), otherwise)
}

async fn whole(body: web::Payload, place: &UploadPlace) -> Result<Vec<u8>, Problem> {
    let (most, otherwise) = most_bytes();
    place.whole(body, most, &otherwise).await
}

async fn from_form(
    request: &HttpRequest,
    body: web::Payload,
    place: &UploadPlace,
) -> Result<(String, Vec<u8>), Problem> {
    let (most_bytes, otherwise) = most_bytes();
    let form = FormFiles {
        field: "file",
        most_files: 1,
        most_bytes,
        otherwise: &otherwise,
    };
    let files = form.read(request, body, place).await?;
    let (name, bytes) = files.into_iter().next().unwrap_or_default();
    Ok((name.unwrap_or_else(|| "suppliers".to_owned()), bytes))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SupplierListView {
    id: Uuid,
    file_name: String,
    /// Of the bytes as received.
    sha256: String,
    /// `null` until it has been read.
    #[schema(value_type = Option<Object>)]
    rows: Option<RowCounts>,
    received_at: Moment,
}

impl From<ListedList> for SupplierListView {
    fn from(listed: ListedList) -> Self {
        Self {
            id: listed.list.id,
            file_name: listed.list.file_name,
            sha256: listed.list.document_sha256,
            rows: listed.rows,
            received_at: Moment(listed.received_at),
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SupplierListFilter {
    /// Only with these bytes.
    #[param(pattern = "^[0-9a-f]{64}$")]
    #[serde(default, deserialize_with = "sha256")]
    sha256: Option<String>,
}

#[derive(Debug)]
pub enum SupplierLists {}

impl Collection for SupplierLists {
    type Filter = SupplierListFilter;
    type Item = SupplierListView;
    const SORTS: &'static [&'static str] = &["id", "file_name", "received_at"];
    const USUAL_SORT: &'static str = "-id";
}

type SupplierListListing = Listing<SupplierLists>;
type SupplierListPage = SparsePage<SupplierListView>;

/// The supplier lists of your organization
#[utoipa::path(get, path = "/api/v1/supplier-lists", tag = "screening", params(SupplierListListing),
    responses((status = 200, description = "Newest first, if not asked otherwise", body = SupplierListPage),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn lists(
    allowed: Allowed<ReadResults>,
    listing: SupplierListListing,
) -> Result<HttpResponse, Problem> {
    let sha256 = listing.filter.sha256.as_deref();
    let connection = allowed.database.connection();
    let found = supplier_lists::page(connection, sha256, &listing.slice()).await?;
    let items: Vec<_> = found.into_iter().map(SupplierListView::from).collect();
    listing.page(&items)
}

/// One supplier list
#[utoipa::path(get, path = "/api/v1/supplier-lists/{id}", tag = "screening", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The list", body = SupplierListView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn list(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let found = supplier_lists::find_listed(allowed.database.connection(), id)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(SupplierListView::from(found)))
}

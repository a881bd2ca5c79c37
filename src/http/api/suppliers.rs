//! Suppliers as standing records.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{jobs::JobView, supplier_lists::idempotency_key};
use crate::{
    app::{
        read::SupplierRecord,
        suppliers::{self, Condition, KeepError, Kept, ScreenAllError, Which, name_key},
    },
    http::{
        allowed::{Allowed, ReadResults, Screen},
        body::{Body, Id},
        conditional::{From as Based, if_match, is_known, optional_if_match},
        moment::Moment,
        names::{When, country_code},
        page::{Collection, Listing, SparsePage},
        problem::{Problem, ProblemDocument},
        state::State,
    },
    store::standing_suppliers::{self as stored, StandingSupplier},
};

#[derive(Debug, Serialize, ToSchema)]
pub struct SupplierView {
    pub id: Uuid,
    /// Your own id for it. Rows of lists that bear it are this supplier.
    pub external_id: String,
    pub name: String,
    /// Where the goods are made, as far as the record says.
    pub country: Option<String>,
    /// Whether it is screened with all others.
    pub active: bool,
    /// Counts changes; also the `ETag`.
    pub version: i32,
    /// A person said that it is the same party as that supplier.
    pub merged_into: Option<Uuid>,
    pub created_at: Moment,
    pub updated_at: Moment,
}

impl From<StandingSupplier> for SupplierView {
    fn from(standing: StandingSupplier) -> Self {
        Self {
            id: standing.id,
            external_id: standing.external_id,
            name: standing.name,
            country: standing.country,
            active: standing.active,
            version: standing.version,
            merged_into: standing.merged_into,
            created_at: Moment(standing.created_at),
            updated_at: Moment(standing.updated_at),
        }
    }
}

/// A supplier with its record.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupplierDetail {
    #[serde(flatten)]
    standing: SupplierView,
    /// As given.
    #[schema(value_type = Object)]
    record: Value,
}

fn detail(
    response: &mut actix_web::HttpResponseBuilder,
    standing: StandingSupplier,
    record: &str,
) -> Result<HttpResponse, Problem> {
    Ok(response
        .insert_header((header::ETAG, format!("\"{}\"", standing.version)))
        .json(SupplierDetail {
            standing: standing.into(),
            record: serde_json::from_str(record)?,
        }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SupplierFilter {
    /// Only the one with this id of yours.
    external_id: Option<String>,
    /// Only those with this in their names, whatever the case.
    name: Option<String>,
    /// Only of this country, by its ISO 3166 code.
    #[param(pattern = "^[A-Za-z]{2}$", example = "CN")]
    #[serde(default, deserialize_with = "country_code")]
    country: Option<String>,
    active: Option<bool>,
    /// Only those that were merged into another, or only those that were not.
    merged: Option<bool>,
    /// Only changed from this moment on.
    #[param(value_type = Option<chrono::DateTime<chrono::Utc>>)]
    updated_since: Option<When>,
}

#[derive(Debug)]
pub enum Suppliers {}

impl Collection for Suppliers {
    type Filter = SupplierFilter;
    type Item = SupplierView;
    const SORTS: &'static [&'static str] =
        &["id", "name", "external_id", "created_at", "updated_at"];
    const USUAL_SORT: &'static str = "id";
}

type SupplierListing = Listing<Suppliers>;
type SupplierPage = SparsePage<SupplierView>;

/// The suppliers of your organization
#[utoipa::path(get, path = "/api/v1/suppliers", tag = "suppliers", params(SupplierListing),
    responses((status = 200, description = "In the order in which they came, if not asked otherwise", body = SupplierPage),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn list(
    allowed: Allowed<ReadResults>,
    listing: SupplierListing,
) -> Result<HttpResponse, Problem> {
    let filter = &listing.filter;
    let wanted = stored::Wanted {
        external_id: filter.external_id.clone(),
        name_part: filter.name.as_deref().map(name_key),
        country: filter.country.clone(),
        active: filter.active,
        merged: filter.merged,
        updated_since: filter.updated_since.map(|moment| moment.0),
    };
    let found = stored::page(allowed.database.connection(), &wanted, &listing.slice()).await?;
    let items: Vec<_> = found.into_iter().map(SupplierView::from).collect();
    listing.page(&items)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSupplier {
    /// Your own id for it: 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    external_id: String,
    supplier: SupplierRecord,
    /// Whether it is screened with all others; yes by default.
    #[serde(default = "yes")]
    #[schema(default = true)]
    active: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierChange {
    supplier: SupplierRecord,
    /// Whether it is screened with all others; yes by default.
    #[serde(default = "yes")]
    #[schema(default = true)]
    active: bool,
}

fn yes() -> bool {
    true
}

/// Keep a new supplier
#[utoipa::path(post, path = "/api/v1/suppliers", tag = "suppliers", request_body = NewSupplier,
    responses((status = 201, description = "It is kept; Location is its address", body = SupplierDetail),
        (status = 409, description = "There is one with that external id", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn add(
    allowed: Allowed<Screen>,
    state: web::Data<State>,
    Body(request): Body<NewSupplier>,
) -> Result<HttpResponse, Problem> {
    let which = Which::ExternalId(request.external_id);
    let kept = suppliers::keep(
        &allowed.database,
        state.clock.as_ref(),
        &allowed.principal.actor(),
        &which,
        request.supplier,
        request.active,
        Condition::Absent,
    )
    .await?;
    answer(kept)
}

fn answer(kept: Kept) -> Result<HttpResponse, Problem> {
    if kept.created {
        let place = format!("/api/v1/suppliers/{}", kept.supplier.id);
        detail(
            HttpResponse::Created().insert_header((header::LOCATION, place)),
            kept.supplier,
            &kept.record,
        )
    } else {
        detail(&mut HttpResponse::Ok(), kept.supplier, &kept.record)
    }
}

/// One supplier, with the version to change
#[utoipa::path(get, path = "/api/v1/suppliers/{id}", tag = "suppliers",
    params(("id" = Uuid, Path), ("If-None-Match" = Option<String>, Header)),
    responses((status = 200, description = "The supplier; ETag is the version", body = SupplierDetail),
        (status = 304, description = "You hold this version"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn supplier(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let found = stored::find(allowed.database.connection(), id).await?;
    shown(&allowed, found, &request).await
}

/// One supplier by your own id
#[utoipa::path(get, path = "/api/v1/suppliers/by-external-id/{external_id}", tag = "suppliers",
    params(("external_id" = String, Path, min_length = 1, max_length = 200), ("If-None-Match" = Option<String>, Header)),
    responses((status = 200, description = "The supplier; ETag is the version", body = SupplierDetail),
        (status = 304, description = "You hold this version"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn by_external_id(
    allowed: Allowed<ReadResults>,
    Id(external_id): Id<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let found = stored::by_external_id(allowed.database.connection(), &external_id).await?;
    shown(&allowed, found, &request).await
}

async fn shown(
    allowed: &Allowed<ReadResults>,
    found: Option<StandingSupplier>,
    request: &HttpRequest,
) -> Result<HttpResponse, Problem> {
    let standing = found.ok_or_else(Problem::not_found)?;
    if is_known(request, &standing.version.to_string()) {
        return Ok(HttpResponse::NotModified().finish());
    }
    let version = stored::record(allowed.database.connection(), &standing).await?;
    detail(&mut HttpResponse::Ok(), standing, &version.record)
}

/// Change a supplier
///
/// `If-Match` takes the `ETag` that the change is based on. The record is
/// replaced as a whole; every version is kept.
#[utoipa::path(put, path = "/api/v1/suppliers/{id}", tag = "suppliers",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, example = "\"1\"", pattern = "^(\\*|\"[0-9A-Za-z]*\")$")), request_body = SupplierChange,
    responses((status = 200, description = "As it is now", body = SupplierDetail),
        (status = 412, description = "Somebody else has changed it since", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn change(
    allowed: Allowed<Screen>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
    request: HttpRequest,
    Body(change): Body<SupplierChange>,
) -> Result<HttpResponse, Problem> {
    let condition = condition(if_match(&request)?);
    put(&allowed, &state, Which::Id(id), change, condition).await
}

/// Keep a supplier under your own id
///
/// Makes it or replaces its record: the same request twice is the same as once,
/// and every version is kept. With `If-Match` only from the version that it
/// names, with `If-None-Match: *` only if there is none yet.
#[utoipa::path(put, path = "/api/v1/suppliers/by-external-id/{external_id}", tag = "suppliers",
    params(("external_id" = String, Path, min_length = 1, max_length = 200),
        ("If-Match" = Option<String>, Header, example = "\"1\"", pattern = "^(\\*|\"[0-9A-Za-z]*\")$"), ("If-None-Match" = Option<String>, Header)),
    request_body = SupplierChange,
    responses((status = 200, description = "As it is now", body = SupplierDetail),
        (status = 201, description = "It is new; Location is its address", body = SupplierDetail),
        (status = 412, description = "It is not in the version, or it is there already", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn keep(
    allowed: Allowed<Screen>,
    state: web::Data<State>,
    Id(external_id): Id<String>,
    request: HttpRequest,
    Body(change): Body<SupplierChange>,
) -> Result<HttpResponse, Problem> {
    let condition = match optional_if_match(&request)? {
        Some(based) => condition(based),
        None if is_known(&request, "*") => Condition::Absent,
        None => Condition::Any,
    };
    let which = Which::ExternalId(external_id);
    put(&allowed, &state, which, change, condition).await
}

const fn condition(based: Based) -> Condition {
    match based {
        Based::Version(version) => Condition::Version(version),
        Based::Whatever => Condition::Present,
    }
}

async fn put(
    allowed: &Allowed<Screen>,
    state: &web::Data<State>,
    which: Which,
    change: SupplierChange,
    condition: Condition,
) -> Result<HttpResponse, Problem> {
    let kept = suppliers::keep(
        &allowed.database,
        state.clock.as_ref(),
        &allowed.principal.actor(),
        &which,
        change.supplier,
        change.active,
        condition,
    )
    .await;
    match kept {
        // In a PUT the precondition has failed; in a POST the id is taken.
        Err(suppliers::KeepError::Taken) => Err(suppliers::KeepError::Changed.into()),
        kept => answer(kept?),
    }
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ScreenAll {
    /// The day the assessments speak for; today by default.
    #[serde(default, deserialize_with = "crate::http::names::day")]
    as_of: Option<NaiveDate>,
}

/// Screen every active supplier
///
/// The answer is a job. Records that were merged are screened each on its own,
/// so that no name is left out.
#[utoipa::path(post, path = "/api/v1/suppliers/screenings", tag = "suppliers", request_body = ScreenAll,
    params(("Idempotency-Key" = Option<String>, Header, example = "2026-11-21-suppliers", pattern = "^[!-~]{1,255}$", description = "1 to 255 printable characters")),
    responses((status = 202, description = "The job; Location is its address", body = JobView),
        (status = 409, description = "There is no active supplier, or there are too many for one list", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn screen_all(
    allowed: Allowed<Screen>,
    state: web::Data<State>,
    request: HttpRequest,
    Body(all): Body<ScreenAll>,
) -> Result<HttpResponse, Problem> {
    let key = idempotency_key(&request)?;
    let actor = allowed.principal.actor();
    let clock = state.clock.as_ref();
    let job = suppliers::screen_all(&allowed.database, clock, &actor, all.as_of, key).await?;
    let place = format!("/api/v1/jobs/{}", job.id);
    Ok(HttpResponse::Accepted()
        .insert_header((header::LOCATION, place))
        .json(JobView::of(job, clock.now())))
}

impl From<KeepError> for Problem {
    fn from(error: KeepError) -> Self {
        use KeepError as E;
        match error {
            E::Missing => Self::not_found(),
            E::Taken => Self::conflict("external-id-taken", &error),
            E::Changed => Self::changed_since(&error),
            E::BadExternalId => Self::unprocessable("/external_id", error.to_string()),
            E::OtherExternalId => Self::unprocessable("/supplier/external_id", error.to_string()),
            E::LongName => Self::unprocessable("/supplier/name", error.to_string()),
            E::Record(error) => error.into(),
            E::NotCanonical(_) => Self::internal(&error),
            E::Store(error) => error.into(),
        }
    }
}

impl From<ScreenAllError> for Problem {
    fn from(error: ScreenAllError) -> Self {
        match error {
            ScreenAllError::None => Self::conflict("no-suppliers", &error),
            ScreenAllError::TooLarge => Self::conflict("too-many-suppliers", &error),
            ScreenAllError::Submit(error) => error.into(),
            ScreenAllError::Store(error) => error.into(),
        }
    }
}

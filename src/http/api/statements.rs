//! Statements that a law makes companies publish: read, kept, read again.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    app::{
        confirmed_listings::confirmed_listings,
        read::SupplierRecord,
        statements::{self as kept, Given, NewStatement, StatementError, WeighError, Weighing},
    },
    disclosures::{
        company::{CompanyFacts, contradictions},
        statement::{LARGEST_FILE, changes},
    },
    http::{
        allowed::{Allowed, ReadResults, Screen},
        body::{Body, Id, Query, media_type, parse},
        limits::UploadPlace,
        moment::Moment,
        page::{Page, Seek, limit},
        problem::{Problem, ProblemDocument},
        state::State,
    },
    store::statements::{self, StoredReading, StoredStatement},
};

/// A statement to read: exactly one of `text`, `file` and `url`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementRequest {
    company: String,
    /// `sb657` (the default) or `msa-s54`.
    #[serde(default = "usual_law")]
    law: String,
    /// Your own organization's statement, about your own suppliers.
    #[serde(default)]
    ours: bool,
    text: Option<String>,
    /// A saved page or a PDF in base64; larger ones as the body of a reading.
    file: Option<String>,
    /// The statement's page, or the homepage that leads to it.
    url: Option<String>,
}

fn usual_law() -> String {
    "sb657".to_owned()
}

/// Another reading: one of these, or none to look at the statement's address.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadingRequest {
    text: Option<String>,
    url: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StatementView {
    id: Uuid,
    company: String,
    law: String,
    ours: bool,
    address: Option<String>,
    created_at: Moment,
    /// The latest reading; `null` in lists.
    latest: Option<ReadingView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReadingView {
    id: Uuid,
    statement_id: Uuid,
    as_of: NaiveDate,
    read_at: Moment,
    /// `FULL`, `PARTIAL`, `NOMINAL`, `NONE`, `NOT_LOCATED`.
    overall: String,
    /// Why nothing was read, if so; never "nothing is disclosed".
    problem: Option<String>,
    /// Of the bytes that were read, which are kept.
    document_sha256: Option<String>,
    /// Topics with their quotes, and the way to the statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    detail: Option<Value>,
}

fn view(statement: StoredStatement, latest: Option<ReadingView>) -> StatementView {
    StatementView {
        id: statement.id,
        company: statement.company,
        law: statement.law,
        ours: statement.ours,
        address: statement.address,
        created_at: Moment(statement.created_at),
        latest,
    }
}

fn brief(reading: StoredReading) -> ReadingView {
    ReadingView {
        id: reading.id,
        statement_id: reading.statement_id,
        as_of: reading.as_of,
        read_at: Moment(reading.read_at),
        overall: reading.overall,
        problem: reading.problem,
        document_sha256: reading.document_sha256,
        detail: None,
    }
}

fn whole_view(reading: StoredReading) -> Result<ReadingView, Problem> {
    let detail = serde_json::from_str(&reading.detail)?;
    Ok(ReadingView {
        detail: Some(detail),
        ..brief(reading)
    })
}

fn address(given: &str) -> Result<Given, Problem> {
    Url::parse(given)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .map(Given::Address)
        .ok_or_else(|| Problem::unprocessable("/url", "write an address with http or https"))
}

fn plain(text: String) -> Given {
    Given::Bytes {
        bytes: text.into_bytes(),
        media_type: "text/plain; charset=utf-8".to_owned(),
    }
}

/// Read a company's statement and keep it
///
/// The bytes, the reading and the day are kept; every answer quotes the words
/// behind it. A page that could not be read is `NOT_LOCATED` and says why.
#[utoipa::path(post, path = "/api/v1/statements", tag = "statements", request_body = StatementRequest,
    responses((status = 201, description = "The statement with its first reading", body = StatementView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn add(
    allowed: Allowed<Screen>,
    state: web::Data<State>,
    Body(request): Body<StatementRequest>,
) -> Result<HttpResponse, Problem> {
    let given = match (request.text, request.file, request.url) {
        (Some(text), None, None) => plain(text),
        (None, Some(file), None) => Given::Bytes {
            bytes: STANDARD
                .decode(file)
                .map_err(|error| Problem::unprocessable("/file", error.to_string()))?,
            media_type: "application/octet-stream".to_owned(),
        },
        (None, None, Some(url)) => address(&url)?,
        _ => {
            return Err(Problem::unprocessable(
                "",
                "give exactly one of text, file and url",
            ));
        }
    };
    let new = NewStatement {
        company: request.company,
        law: request.law,
        ours: request.ours,
        given,
    };
    let _turn = state.statement_turn().await;
    let (statement, reading) = kept::add(
        &allowed.database,
        state.clock.as_ref(),
        state.visitor.as_ref(),
        &allowed.principal.actor(),
        new,
    )
    .await?;
    let place = format!("/api/v1/statements/{}", statement.id);
    Ok(HttpResponse::Created()
        .insert_header(("Location", place))
        .json(view(statement, Some(whole_view(reading)?))))
}

/// The statements that your organization keeps
#[utoipa::path(get, path = "/api/v1/statements", tag = "statements", params(Seek),
    responses((status = 200, description = "Newest first", body = Page<StatementView>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn list(
    allowed: Allowed<ReadResults>,
    Query(seek): Query<Seek>,
) -> Result<HttpResponse, Problem> {
    let limit = limit(seek.limit)?;
    let found = statements::page(allowed.database.connection(), seek.after, limit).await?;
    let items = found
        .into_iter()
        .map(|statement| view(statement, None))
        .collect();
    Ok(
        HttpResponse::Ok().json(Page::new(items, limit, |statement: &StatementView| {
            statement.id.to_string()
        })),
    )
}

/// One statement with its latest reading
#[utoipa::path(get, path = "/api/v1/statements/{id}", tag = "statements", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The statement", body = StatementView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn statement(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let connection = allowed.database.connection();
    let statement = statements::find(connection, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let latest = statements::readings(connection, id, None, 1).await?;
    let latest = latest.into_iter().next().map(whole_view).transpose()?;
    Ok(HttpResponse::Ok().json(view(statement, latest)))
}

/// Read a statement again
///
/// JSON with `text` or `url`, JSON without either to look at the statement's
/// address again, or the page or PDF itself as the body.
#[utoipa::path(post, path = "/api/v1/statements/{id}/readings", tag = "statements", params(("id" = Uuid, Path)),
    request_body(content(
        (ReadingRequest = "application/json"),
        (String = "text/plain"),
        (String = "text/html"),
        (Vec<u8> = "application/pdf"),
    )),
    responses((status = 201, description = "The reading", body = ReadingView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn read_again(
    allowed: Allowed<Screen>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    // Nobody's megabytes are taken in for a statement that is not there.
    statements::find(allowed.database.connection(), id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let place = state.limits.upload_place()?;
    let kind = media_type(&request);
    let given = match kind.as_str() {
        "application/json" => {
            let request: ReadingRequest = parse(&whole(body, &place).await?)?;
            match (request.text, request.url) {
                (None, None) => None,
                (Some(text), None) => Some(plain(text)),
                (None, Some(url)) => Some(address(&url)?),
                (Some(_), Some(_)) => {
                    return Err(Problem::unprocessable("", "give one of text and url"));
                }
            }
        }
        "text/plain" | "text/html" | "application/pdf" | "application/octet-stream" => {
            Some(Given::Bytes {
                bytes: whole(body, &place).await?,
                media_type: kind,
            })
        }
        _ => {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "send application/json, text/plain, text/html or application/pdf",
            ));
        }
    };
    let _turn = state.statement_turn().await;
    let reading = kept::read_again(
        &allowed.database,
        state.clock.as_ref(),
        state.visitor.as_ref(),
        &allowed.principal.actor(),
        id,
        given,
    )
    .await?;
    Ok(HttpResponse::Created().json(whole_view(reading)?))
}

async fn whole(body: web::Payload, place: &UploadPlace) -> Result<Vec<u8>, Problem> {
    let otherwise = format!("a statement has at most {LARGEST_FILE} bytes");
    place.whole(body, LARGEST_FILE, &otherwise).await
}

/// The readings of a statement: its history
#[utoipa::path(get, path = "/api/v1/statements/{id}/readings", tag = "statements", params(("id" = Uuid, Path), Seek),
    responses((status = 200, description = "Newest first", body = Page<ReadingView>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn readings(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
    Query(seek): Query<Seek>,
) -> Result<HttpResponse, Problem> {
    let limit = limit(seek.limit)?;
    let connection = allowed.database.connection();
    statements::find(connection, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let found = statements::readings(connection, id, seek.after, limit).await?;
    let items = found.into_iter().map(brief).collect();
    Ok(
        HttpResponse::Ok().json(Page::new(items, limit, |reading: &ReadingView| {
            reading.id.to_string()
        })),
    )
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Between {
    /// The earlier reading; the last but one by default.
    from: Option<Uuid>,
    /// The later reading; the last by default.
    to: Option<Uuid>,
}

/// What changed between two readings
#[utoipa::path(get, path = "/api/v1/statements/{id}/changes", tag = "statements", params(("id" = Uuid, Path), Between),
    responses((status = 200, description = "Changes in words and values; none with a single reading", body = Page<Object>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn changed(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
    Query(between): Query<Between>,
) -> Result<HttpResponse, Problem> {
    let connection = allowed.database.connection();
    statements::find(connection, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let mut latest = statements::readings(connection, id, None, 2)
        .await?
        .into_iter();
    let (last, before) = (latest.next(), latest.next());
    let later = match between.to {
        Some(to) => statements::reading(connection, id, to).await?,
        None => last,
    };
    let earlier = match between.from {
        Some(from) => statements::reading(connection, id, from).await?,
        None => before,
    };
    if (between.to.is_some() && later.is_none()) || (between.from.is_some() && earlier.is_none()) {
        return Err(Problem::not_found());
    }
    let items = match (earlier, later) {
        (Some(earlier), Some(later)) => {
            let on = later.read_at.date_naive();
            changes(&earlier.reading()?, &later.reading()?, on)
        }
        _ => Vec::new(),
    };
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

/// Confirmed listings that a statement of yours is held against at most.
const MOST_LISTINGS: u64 = 200;

/// Claims of your own statement beside suppliers confirmed to be listed
///
/// Questions for a person, never findings. Empty for statements of others.
#[utoipa::path(get, path = "/api/v1/statements/{id}/contradictions", tag = "statements", params(("id" = Uuid, Path)),
    responses((status = 200, description = "One a topic at most", body = Page<Object>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn contradicted(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let connection = allowed.database.connection();
    let statement = statements::find(connection, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let latest = statements::readings(connection, id, None, 1).await?;
    let items = match latest.first().filter(|_| statement.ours) {
        Some(latest) => {
            let listings = confirmed_listings(connection, MOST_LISTINGS).await?;
            contradictions(&latest.reading()?, &listings)
        }
        None => Vec::new(),
    };
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

/// A supplier that the statement is the own or the parent's of.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewRequest {
    supplier: SupplierRecord,
    /// `activity` (`retail_seller`, `manufacturer`, `other`),
    /// `does_business_there`, `receipts`: what is known of who owes a statement.
    #[serde(default)]
    #[schema(value_type = Object)]
    company: CompanyFacts,
}

/// A supplier's assessment with this statement
///
/// Transparency points only where the company is presumed covered, credit at its
/// own word, each with the words it rests on. Nothing is stored.
#[utoipa::path(post, path = "/api/v1/statements/{id}/preview", tag = "statements", params(("id" = Uuid, Path)),
    request_body = PreviewRequest,
    responses((status = 200, description = "The supplier's result", body = Object),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn preview(
    allowed: Allowed<Screen>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
    Body(request): Body<PreviewRequest>,
) -> Result<HttpResponse, Problem> {
    let weighing = Weighing {
        supplier: request.supplier,
        company: request.company,
    };
    let clock = state.clock.as_ref();
    let result = kept::weigh(&allowed.database, clock, &state.grounds, id, weighing).await?;
    Ok(HttpResponse::Ok().json(result))
}

impl From<StatementError> for Problem {
    fn from(error: StatementError) -> Self {
        use StatementError as E;
        match error {
            E::Missing => Self::not_found(),
            E::BadCompany => Self::unprocessable("/company", error.to_string()),
            E::UnknownLaw(_) => Self::unprocessable("/law", error.to_string()),
            E::NoAddress => Self::unprocessable("/url", error.to_string()),
            E::NoFetching => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "no-fetching",
                error.to_string(),
            ),
            E::Store(error) => error.into(),
            E::Rules(_) | E::NotCanonical(_) | E::NotWritten(_) | E::Interrupted => {
                Self::internal(&error)
            }
        }
    }
}

impl From<WeighError> for Problem {
    fn from(error: WeighError) -> Self {
        use WeighError as E;
        match error {
            E::Missing => Self::not_found(),
            E::Rejected(reason) => Self::unprocessable("/supplier", reason),
            E::Unusable(error) => Self::unprocessable("/supplier", error.to_string()),
            E::Ground(error) => error.into(),
            E::Store(error) => error.into(),
            E::Tests(_) | E::Unreadable(_) | E::NotCanonical(_) => Self::internal(&error),
        }
    }
}

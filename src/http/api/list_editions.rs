//! What an edition of a list holds, what changed, and how one entry came to be
//! what it is. Lists of an organization's own are there for that organization.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::{
        list_editions::EditionError,
        list_show::{self, Wanted},
    },
    country::Country,
    http::{
        allowed::{Allowed, ReadLists},
        body::{Id, Query},
        page::{Page, limit, usual_limit},
        problem::{Problem, ProblemDocument},
        state::State,
    },
    lists::Source,
};

/// In bytes.
const LONGEST_NAME: usize = 200;

/// A source in a path: one that is no list names nothing.
fn source_of(text: &str) -> Result<Source, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// The editions of one list
#[utoipa::path(get, path = "/api/v1/lists/{source}/editions", tag = "lists", params(("source" = String, Path)),
    responses((status = 200, description = "Newest first", body = Page<Object>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn editions(
    allowed: Allowed<ReadLists>,
    Id(source): Id<String>,
) -> Result<HttpResponse, Problem> {
    let items = list_show::editions(&allowed.lists(), source_of(&source)?).await?;
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EntriesParameters {
    /// By default the one in force; the id of a refused attempt for what was
    /// kept aside.
    edition: Option<String>,
    /// What stood on the list on that day, as far as its dates are known.
    #[serde(default, deserialize_with = "crate::http::names::day")]
    as_of: Option<NaiveDate>,
    /// Held in a name or an alias, however cases, marks and blanks are written.
    #[param(max_length = 200)]
    name: Option<String>,
    /// ISO code or name.
    #[param(example = "CN")]
    country: Option<String>,
    /// Rows at most, 1 to 200. Where few are wanted of many, a page may hold
    /// fewer although there is a `next`.
    #[param(minimum = 1, maximum = 200, default = 50)]
    #[serde(default = "usual_limit")]
    limit: u64,
    /// `next` of the page before.
    after: Option<String>,
}

/// The rows of a list: in force, of one edition, or on a day
///
/// Natural persons are matched and not shown.
#[utoipa::path(get, path = "/api/v1/lists/{source}/entries", tag = "lists",
    params(("source" = String, Path), EntriesParameters),
    responses((status = 200, description = "The edition with a page of its rows, in the order of their keys", body = Object),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn entries(
    allowed: Allowed<ReadLists>,
    state: web::Data<State>,
    Id(source): Id<String>,
    Query(parameters): Query<EntriesParameters>,
) -> Result<HttpResponse, Problem> {
    let EntriesParameters {
        edition,
        as_of,
        name,
        country,
        limit: most,
        after,
    } = parameters;
    if edition.is_some() && as_of.is_some() {
        return Err(Problem::bad_parameter(
            "as_of",
            "name an edition or a day, not both",
        ));
    }
    if name
        .as_deref()
        .is_some_and(|name| name.len() > LONGEST_NAME)
    {
        return Err(Problem::bad_parameter("name", "it is longer than any name"));
    }
    let country = country
        .map(|text| {
            let unknown = || Problem::unprocessable("?country", "no country we know");
            Country::parse(&text).ok_or_else(unknown)
        })
        .transpose()?;
    let wanted = Wanted {
        edition,
        as_of,
        name,
        country,
        after,
        limit: usize::try_from(limit(most)?).unwrap_or(1),
    };
    let today = state.clock.today();
    let shown = list_show::page(&allowed.lists(), source_of(&source)?, &wanted, today).await?;
    Ok(HttpResponse::Ok().json(shown))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HistoryParameters {
    /// Its id, as in the rows of the list.
    entry: String,
}

/// Every version of one row with the days for which it held
#[utoipa::path(get, path = "/api/v1/lists/{source}/history", tag = "lists",
    params(("source" = String, Path), HistoryParameters),
    responses((status = 200, description = "Oldest first", body = Page<Object>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn history(
    allowed: Allowed<ReadLists>,
    Id(source): Id<String>,
    Query(parameters): Query<HistoryParameters>,
) -> Result<HttpResponse, Problem> {
    let source = source_of(&source)?;
    let items = list_show::history(&allowed.lists(), source, &parameters.entry).await?;
    if items.is_empty() {
        return Err(Problem::not_found());
    }
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DiffParameters {
    /// The name of an edition, or the id of a refused attempt.
    before: String,
    after: String,
}

/// What changed between two editions
#[utoipa::path(get, path = "/api/v1/lists/{source}/diff", tag = "lists",
    params(("source" = String, Path), DiffParameters),
    responses((status = 200, description = "Added, removed and changed rows", body = Object),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn diff(
    allowed: Allowed<ReadLists>,
    state: web::Data<State>,
    Id(source): Id<String>,
    Query(parameters): Query<DiffParameters>,
) -> Result<HttpResponse, Problem> {
    let source = source_of(&source)?;
    let DiffParameters { before, after } = parameters;
    let today = state.clock.today();
    let compared = list_show::compare(&allowed.lists(), source, &before, &after, today).await?;
    Ok(HttpResponse::Ok().json(compared))
}

impl From<EditionError> for Problem {
    fn from(error: EditionError) -> Self {
        match error {
            EditionError::Store(error) => error.into(),
            EditionError::Missing { .. } | EditionError::NoneHeld { .. } => Self::not_found(),
            EditionError::NotTheList { .. } => Self::conflict("list-not-readable", &error),
            other => Self::internal(&other),
        }
    }
}

//! What an edition of a list holds, what changed, and how one entry came to be
//! what it is. Lists of an organization's own are there for that organization.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::list_show,
    http::{
        allowed::{Allowed, ReadLists},
        body::{Id, Query},
        page::{Page, limit, usual_limit},
        problem::{Problem, ProblemDocument},
        state::State,
    },
    lists::Source,
};

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
    /// By default the one in force.
    edition: Option<String>,
    /// What stood on the list on that day, as far as its dates are known.
    #[serde(default, deserialize_with = "crate::http::names::day")]
    as_of: Option<NaiveDate>,
    /// Rows at most, 1 to 200.
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
        limit: wanted,
        after,
    } = parameters;
    let most = usize::try_from(limit(wanted)?).unwrap_or(1);
    if edition.is_some() && as_of.is_some() {
        return Err(Problem::bad_parameter(
            "as_of",
            "name an edition or a day, not both",
        ));
    }
    let shown = list_show::page(
        &allowed.lists(),
        source_of(&source)?,
        edition.as_deref(),
        as_of,
        state.clock.today(),
        after.as_deref(),
        most,
    )
    .await?;
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

//! Entity tags: what a client holds already is not sent again, and what people
//! edit is changed only from the version they saw.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderName},
    },
};
use serde::Serialize;

use super::problem::Problem;
use crate::store::StoreError;

/// Whether the client says that it holds the thing with that tag.
pub(super) fn is_known(request: &HttpRequest, tag: &str) -> bool {
    tags(request, &header::IF_NONE_MATCH).any(|held| held == tag || held == "*")
}

/// Tags as sent, without quotes and weakness.
fn tags<'a>(request: &'a HttpRequest, name: &'a HeaderName) -> impl Iterator<Item = &'a str> {
    request
        .headers()
        .get_all(name)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/").trim_matches('"'))
}

/// What never changes under its address; its hash is the tag.
pub(super) fn immutable(sha256: &str, body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::ETAG, format!("\"{sha256}\"")))
        .json(body)
}

/// From which version a change may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    Version(i32),
    /// `*`: from whatever is there.
    Whatever,
}

impl From {
    /// The version to change; `*` is the one that is there.
    pub(super) async fn version(
        self,
        there: impl Future<Output = Result<Option<i32>, StoreError>>,
    ) -> Result<i32, Problem> {
        match self {
            Self::Version(version) => Ok(version),
            Self::Whatever => there.await?.ok_or_else(Problem::not_found),
        }
    }
}

/// The version that a change is based on; it has to be said.
pub(super) fn if_match(request: &HttpRequest) -> Result<From, Problem> {
    optional_if_match(request)?.ok_or_else(|| {
        Problem::new(
            StatusCode::PRECONDITION_REQUIRED,
            "if-match-missing",
            "send the ETag that the change is based on as If-Match",
        )
    })
}

/// The version that a change is based on, if it is said. A tag that is none of
/// ours is an old one.
pub(super) fn optional_if_match(request: &HttpRequest) -> Result<Option<From>, Problem> {
    let Some(value) = request.headers().get(header::IF_MATCH) else {
        return Ok(None);
    };
    let tag = value.to_str().unwrap_or_default().trim();
    if tag == "*" {
        return Ok(Some(From::Whatever));
    }
    tag.strip_prefix('"')
        .and_then(|tag| tag.strip_suffix('"'))
        .map(|tag| Some(From::Version(tag.parse().unwrap_or(-1))))
        .ok_or_else(|| Problem::syntax("", "If-Match is one ETag with its quotes, or *"))
}

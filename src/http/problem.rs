//! Errors as RFC 9457 problem documents. The cause goes to the log, never to
//! the client. What fails in one use case is told beside its handlers.

use std::error::Error;

use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{openapi::methods, request_id};
use crate::{
    app::{ground::GroundError, lists::ListsError, recorder::RecordError},
    store::{StoreError, may_pass},
};

/// What a client is told.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    /// Ends the `type` address: `/problems/<kind>`.
    kind: &'static str,
    title: String,
    errors: Vec<FieldError>,
    retry_after: Option<u32>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer into the body (RFC 6901); `?name` for a query parameter.
    pub pointer: String,
    pub detail: String,
}

/// The body of every answer from 400 on (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDocument {
    #[schema(example = "/problems/not-found")]
    pub r#type: String,
    pub title: String,
    pub status: u16,
    /// The request id, which the log knows too.
    pub instance: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, kind: &'static str, title: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            title: title.into(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "there is nothing here")
    }

    pub(super) fn unprocessable(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid-content",
            "the request cannot be used as it is",
        )
        .with(pointer, detail)
    }

    pub(super) fn syntax(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "invalid-syntax",
            "the request cannot be read",
        )
        .with(pointer, detail)
    }

    /// A query parameter or header that cannot be used.
    pub(super) fn bad_parameter(name: &str, detail: impl Into<String>) -> Self {
        Self::syntax(format!("?{name}"), detail)
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "not-signed-in",
            "a valid access token or API key is needed",
        )
    }

    pub(super) fn forbidden(scope: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "not-allowed",
            format!("this needs the permission {scope}"),
        )
    }

    pub(super) fn with(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        self.errors.push(FieldError {
            pointer: pointer.into(),
            detail: detail.into(),
        });
        self
    }

    pub(super) fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Something of ours failed, or the database for now; the cause goes to the
    /// log.
    pub(super) fn internal(error: &(dyn Error + 'static)) -> Self {
        if may_pass(error) {
            return Self::unavailable(error);
        }
        tracing::error!(request.id = %request_id::current(), error, "a request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the service failed; its log has the cause under this instance",
        )
    }

    fn of_store(error: &StoreError) -> Self {
        match error {
            StoreError::Missing { .. } => Self::not_found(),
            StoreError::Cursor => Self::bad_parameter("after", error.to_string()),
            StoreError::Unreadable { .. }
            | StoreError::Scheme { .. }
            | StoreError::Connect { .. }
            | StoreError::ReadOnly { .. }
            | StoreError::Slow
            | StoreError::Migrate(_)
            | StoreError::Database(_) => Self::internal(error),
        }
    }

    fn unavailable(error: &(dyn Error + 'static)) -> Self {
        tracing::error!(request.id = %request_id::current(), error, "the database cannot be used");
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "database-unavailable",
            "the database cannot be read or written now; try again",
        )
        .retry_after(5)
    }

    /// The version in `If-Match` is not the one in force.
    pub(super) fn changed_since(error: &dyn Error) -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "changed-since",
            error.to_string(),
        )
    }

    pub(super) fn conflict(kind: &'static str, error: &dyn Error) -> Self {
        Self::new(StatusCode::CONFLICT, kind, error.to_string())
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.title)
    }
}

impl Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if let Some(seconds) = self.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        let document = ProblemDocument {
            r#type: format!("/problems/{}", self.kind),
            title: self.title.clone(),
            status: self.status.as_u16(),
            instance: request_id::current(),
            errors: self.errors.clone(),
        };
        response
            .content_type("application/problem+json")
            .body(serde_json::to_string(&document).unwrap_or_else(|_| json!({}).to_string()))
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::of_store(&error)
    }
}

impl From<RecordError> for Problem {
    fn from(error: RecordError) -> Self {
        match &error {
            RecordError::Store(cause) => Self::of_store(cause),
            RecordError::Stopping => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "stopping",
                error.to_string(),
            )
            .retry_after(5),
        }
    }
}

impl From<GroundError> for Problem {
    fn from(error: GroundError) -> Self {
        match error {
            GroundError::Store(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<ListsError> for Problem {
    fn from(error: ListsError) -> Self {
        match error {
            ListsError::Store(error) => error.into(),
            ListsError::Edition(error) => error.into(),
            ListsError::Unreadable(_) | ListsError::NotCanonical(_) => Self::internal(&error),
        }
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(&error)
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        Self::internal(&error)
    }
}

pub(super) async fn no_such_address() -> Result<HttpResponse, Problem> {
    Err(Problem::not_found())
}

pub(super) async fn method_not_allowed(request: HttpRequest) -> HttpResponse {
    let problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "this address does not know that method",
    );
    let mut response = problem.error_response();
    let known = request.match_pattern().map(|path| methods(&path));
    if let Some(Ok(value)) = known.map(|known| known.join(", ").parse()) {
        response.headers_mut().insert(header::ALLOW, value);
    }
    response
}

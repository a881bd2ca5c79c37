//! Errors as RFC 9457 problem documents. The cause goes to the log, never to
//! the client.

use std::error::Error;

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::request_id;
use crate::{
    app::{
        contractors::ContractorsError,
        decide::DecideError,
        export::ExportError,
        ground::GroundError,
        identity::IdentityError,
        jobs::{CancelError, SubmitError},
        lists::ListsError,
        policy::PolicyError,
        screen::ScreenError,
        screen_one::ScreenOneError,
        token::TokenError,
    },
    store::StoreError,
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

    /// Something of ours failed; the cause goes to the log.
    fn internal(error: &(dyn Error + 'static)) -> Self {
        tracing::error!(request.id = %request_id::current(), error, "a request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the service failed; its log has the cause under this instance",
        )
    }

    fn unavailable(error: &(dyn Error + 'static)) -> Self {
        tracing::error!(request.id = %request_id::current(), error, "the database does not answer");
        let mut problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "database-unavailable",
            "the database does not answer; try again",
        );
        problem.retry_after = Some(5);
        problem
    }

    fn conflict(kind: &'static str, error: &dyn Error) -> Self {
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
        match &error {
            StoreError::Missing { .. } => Self::not_found(),
            StoreError::Unreadable { .. } => Self::internal(&error),
            StoreError::Scheme { .. }
            | StoreError::Connect { .. }
            | StoreError::Migrate(_)
            | StoreError::Database(_) => Self::unavailable(&error),
        }
    }
}

impl From<IdentityError> for Problem {
    fn from(error: IdentityError) -> Self {
        use IdentityError as E;
        match error {
            E::Store(error) | E::Token(TokenError::Store(error)) => error.into(),
            E::WrongPassword => Self::new(
                StatusCode::UNAUTHORIZED,
                "wrong-password",
                "address or password are not right",
            ),
            E::NotValid
            | E::Token(
                TokenError::Rejected(_)
                | TokenError::UnknownKey
                | TokenError::Expired
                | TokenError::NotYet,
            ) => Self::unauthorized(),
            E::NoInvitation => Self::unprocessable("/token", error.to_string()),
            E::BadEmail => Self::unprocessable("/email", error.to_string()),
            E::BadPassword => Self::unprocessable("/password", error.to_string()),
            E::BadName => Self::unprocessable("/name", error.to_string()),
            E::BadLifetime => Self::unprocessable("/days", error.to_string()),
            E::NotForSystems(_) => Self::unprocessable("/scopes", error.to_string()),
            E::EmailTaken => Self::conflict("email-taken", &error),
            E::LastAdmin => Self::conflict("last-admin", &error),
            E::Changed => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "changed-since",
                error.to_string(),
            ),
            E::Missing => Self::not_found(),
            E::Secret(_) | E::Token(TokenError::Secret(_)) => Self::internal(&error),
        }
    }
}

impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Self {
        IdentityError::from(error).into()
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::KeyReused => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                error.to_string(),
            ),
            SubmitError::Store(error) => error.into(),
            SubmitError::NotCanonical(_) => Self::internal(&error),
        }
    }
}

impl From<CancelError> for Problem {
    fn from(error: CancelError) -> Self {
        match error {
            CancelError::Missing => Self::not_found(),
            CancelError::Over => Self::conflict("job-over", &error),
            CancelError::Store(error) => error.into(),
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
            ListsError::Unreadable(_) | ListsError::NotCanonical(_) => Self::internal(&error),
        }
    }
}

impl From<PolicyError> for Problem {
    fn from(error: PolicyError) -> Self {
        Self::internal(&error)
    }
}

impl From<ScreenOneError> for Problem {
    fn from(error: ScreenOneError) -> Self {
        match error {
            ScreenOneError::Rejected { pointer, reason } => Self::unprocessable(pointer, reason),
            ScreenOneError::Ground(error) => error.into(),
            ScreenOneError::Screen(ScreenError::Store(error)) => error.into(),
            ScreenOneError::Screen(ScreenError::Unusable(error)) => {
                Self::unprocessable("/supplier", error.to_string())
            }
            other @ ScreenOneError::Screen(_) => Self::internal(&other),
        }
    }
}

impl From<DecideError> for Problem {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::Missing => Self::not_found(),
            DecideError::Store(error) => error.into(),
            DecideError::Ground(error) => error.into(),
            DecideError::OnlyPeople => Self::forbidden("hits:decide as a person"),
            DecideError::NoRationale => Self::unprocessable("/rationale", error.to_string()),
            DecideError::Unfinished => Self::conflict("screening-unfinished", &error),
            DecideError::AlreadyDecided => Self::conflict("hit-already-decided", &error),
            other => Self::internal(&other),
        }
    }
}

impl<E: Error + 'static> From<ExportError<E>> for Problem {
    fn from(error: ExportError<E>) -> Self {
        match error {
            ExportError::Store(error) => error.into(),
            ExportError::Reader(error) => Self::internal(&error),
            altered @ ExportError::Altered(_) => Self::internal(&altered),
        }
    }
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
            ContractorsError::Unreadable { .. } => Self::unprocessable("/files", said),
            ContractorsError::Store(error) => error.into(),
            other => Self::internal(&other),
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

pub(super) async fn method_not_allowed() -> Result<HttpResponse, Problem> {
    Err(Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "this address does not know that method",
    ))
}

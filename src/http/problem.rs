//! Errors as RFC 9457 problem documents. The cause goes to the log, never to
//! the client.

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde_json::json;

use crate::store::StoreError;

/// What a client is told.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error("there is nothing at this address")]
    NotFound,
    #[error("this address does not know that method")]
    MethodNotAllowed,
    #[error("no screening is stored yet")]
    NoScreening,
    #[error("the database does not answer")]
    Database(#[from] StoreError),
    #[error("the stored result cannot be read")]
    Unreadable,
}

impl Problem {
    fn kind(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::NoScreening => "no-screening",
            Self::Database(_) => "database-unavailable",
            Self::Unreadable => "unreadable-result",
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::NoScreening => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Database(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Unreadable => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        if let Self::Database(error) = self {
            tracing::error!(error = error as &dyn std::error::Error, "a request failed");
        }
        let status = self.status_code();
        let mut response = HttpResponse::build(status);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.insert_header(("Retry-After", "5"));
        }
        if status == StatusCode::METHOD_NOT_ALLOWED {
            response.insert_header(("Allow", "GET, HEAD"));
        }
        response.content_type("application/problem+json").body(
            json!({
                "type": format!("/problems/{}", self.kind()),
                "title": self.to_string(),
                "status": status.as_u16(),
            })
            .to_string(),
        )
    }
}

pub(super) async fn not_found() -> Result<HttpResponse, Problem> {
    Err(Problem::NotFound)
}

pub(super) async fn method_not_allowed() -> Result<HttpResponse, Problem> {
    Err(Problem::MethodNotAllowed)
}

//! Errors as RFC 9457 problem documents. The cause goes to the log, never to
//! the client.

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
    app::{
        contractors::ContractorsError,
        decide::DecideError,
        export::ExportError,
        ground::GroundError,
        identity::IdentityError,
        jobs::{CancelError, SubmitError},
        list_accept::AcceptError,
        list_editions::EditionError,
        list_import::ImportError,
        list_keep::KeepError,
        list_sync::SyncError,
        lists::ListsError,
        merges::MergeError,
        policy::{KeptPolicyError, PolicyError},
        recorder::RecordError,
        risk_models::RiskModelError,
        screen_one::ScreenOneError,
        statements::{StatementError, WeighError},
        suppliers::{self, ScreenAllError},
        token::TokenError,
        uploads::UploadError,
        webhooks::WebhookError,
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

    /// Something of ours failed; the cause goes to the log.
    fn internal(error: &(dyn Error + 'static)) -> Self {
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
            StoreError::Unreadable { .. } => Self::internal(error),
            StoreError::Scheme { .. }
            | StoreError::Connect { .. }
            | StoreError::Migrate(_)
            | StoreError::Database(_) => Self::unavailable(error),
        }
    }

    fn unavailable(error: &(dyn Error + 'static)) -> Self {
        tracing::error!(request.id = %request_id::current(), error, "the database does not answer");
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "database-unavailable",
            "the database does not answer; try again",
        )
        .retry_after(5)
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
        Self::of_store(&error)
    }
}

impl From<RecordError> for Problem {
    fn from(error: RecordError) -> Self {
        match &error {
            RecordError::Store(cause) => Self::of_store(cause),
            RecordError::Stopping => Self::unavailable(&error),
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
            E::IssuerDown => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "issuer-unavailable",
                "the issuer of your token cannot be reached to verify it; try again",
            )
            .retry_after(30),
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

impl From<CancelError> for Problem {
    fn from(error: CancelError) -> Self {
        match error {
            CancelError::Missing => Self::not_found(),
            CancelError::Over => Self::conflict("job-over", &error),
            CancelError::Store(error) => error.into(),
        }
    }
}

impl From<WebhookError> for Problem {
    fn from(error: WebhookError) -> Self {
        use WebhookError as E;
        match error {
            E::Missing => Self::not_found(),
            E::Changed => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "changed-since",
                error.to_string(),
            ),
            E::BadUrl(_) => Self::unprocessable("/url", error.to_string()),
            E::UnknownEvent(_) | E::NoEvent => Self::unprocessable("/events", error.to_string()),
            E::TooMany => Self::conflict("too-many-webhooks", &error),
            E::TooManyPings => Self::conflict("too-many-pings", &error),
            E::Off => Self::conflict("webhook-off", &error),
            E::Store(error) => error.into(),
            E::Secret(_) => Self::internal(&error),
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

impl From<SyncError> for Problem {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Publisher(_) => Self::unprocessable("/source", error.to_string()),
            SyncError::Busy { .. } => Self::conflict("list-sync-under-way", &error),
            SyncError::Keep(error) => error.into(),
            SyncError::Store(error) => error.into(),
        }
    }
}

impl From<KeepError> for Problem {
    fn from(error: KeepError) -> Self {
        match error {
            KeepError::Store(error) => error.into(),
            KeepError::LeaseLost | KeepError::Overtaken => {
                Self::conflict("list-changed-meanwhile", &error)
            }
            other => Self::internal(&other),
        }
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Form { .. } => Self::bad_parameter("form", error.to_string()),
            ImportError::Parts { .. } | ImportError::TooLarge { .. } => {
                Self::unprocessable("", error.to_string())
            }
            ImportError::Keep(error) => error.into(),
            ImportError::Store(error) => error.into(),
        }
    }
}

impl From<AcceptError> for Problem {
    fn from(error: AcceptError) -> Self {
        match error {
            AcceptError::Missing => Self::not_found(),
            AcceptError::NoReason => Self::unprocessable("/reason", error.to_string()),
            AcceptError::NotRefused(_) | AcceptError::Unreadable(_) | AcceptError::Overtaken => {
                Self::conflict("list-not-acceptable", &error)
            }
            AcceptError::Keep(error) => error.into(),
            AcceptError::Store(error) => error.into(),
            AcceptError::Form(error) => Self::internal(&error),
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
            ScreenOneError::Unusable(error) => Self::unprocessable("/supplier", error.to_string()),
            ScreenOneError::Record(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<suppliers::KeepError> for Problem {
    fn from(error: suppliers::KeepError) -> Self {
        use suppliers::KeepError as E;
        match error {
            E::Missing => Self::not_found(),
            E::Taken => Self::conflict("external-id-taken", &error),
            E::Changed => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "changed-since",
                error.to_string(),
            ),
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

impl From<MergeError> for Problem {
    fn from(error: MergeError) -> Self {
        match error {
            MergeError::Missing => Self::not_found(),
            MergeError::OtherMissing | MergeError::Itself => {
                Self::unprocessable("/other_id", error.to_string())
            }
            MergeError::TooMany => Self::conflict("too-many-suppliers", &error),
            MergeError::OnlyPeople => Self::forbidden("hits:decide as a person"),
            MergeError::NoRationale => Self::unprocessable("/rationale", error.to_string()),
            MergeError::Merged => Self::conflict("merged-already", &error),
            MergeError::NotMerged => Self::conflict("not-merged", &error),
            MergeError::Store(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<KeptPolicyError> for Problem {
    fn from(error: KeptPolicyError) -> Self {
        match error {
            KeptPolicyError::Store(error) => error.into(),
            KeptPolicyError::Policy(error) => error.into(),
        }
    }
}

impl From<RiskModelError> for Problem {
    fn from(error: RiskModelError) -> Self {
        use RiskModelError as E;
        match error {
            E::Missing => Self::unprocessable("/risk_model_id", error.to_string()),
            E::NoScreening => Self::unprocessable("/screening_id", error.to_string()),
            E::Faulty(faults) => {
                let problem = Self::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "faulty-risk-model",
                    "the model file has faults",
                );
                faults.into_iter().fold(problem, |problem, fault| {
                    let place = fault.line.map(|line| format!("line {line}: "));
                    let detail = format!("{}{}", place.unwrap_or_default(), fault.detail);
                    problem.with(fault.pointer, detail)
                })
            }
            E::NoRationale => Self::unprocessable("/rationale", error.to_string()),
            E::InUse => Self::conflict("risk-model-in-use", &error),
            E::TooLarge => Self::conflict("too-many-suppliers", &error),
            E::Ground(error) => error.into(),
            E::Store(error) => error.into(),
            E::Unreadable(_) | E::Stopped(_) => Self::internal(&error),
        }
    }
}

impl From<UploadError> for Problem {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::BadHash => Self::not_found(),
            UploadError::Size { .. } => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                error.to_string(),
            ),
            UploadError::BadPart => Self::unprocessable("", error.to_string()),
            UploadError::Elsewhere { .. } => Self::conflict("upload-elsewhere", &error),
            UploadError::TooMany => Self::conflict("too-many-uploads", &error),
            UploadError::OtherContent => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "other-content",
                error.to_string(),
            ),
            UploadError::Store(error) => error.into(),
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
            DecideError::NoLead => Self::unprocessable("/lead", error.to_string()),
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

//! Passwords to access tokens; invitations to users.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::people::UserView;
use crate::{
    app::{
        identity::{self, IdentityError, Newcomer},
        token::{self, TokenError},
    },
    http::{
        allowed::{Allowed, Operate, ReadLists},
        body::Body,
        problem::{Problem, ProblemDocument},
        state::State,
    },
};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    #[schema(example = "ann@example.com")]
    email: String,
    #[schema(format = Password)]
    password: String,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SignIn")
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AccessToken {
    /// For `Authorization: Bearer`.
    #[serde(rename = "access_token")]
    token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds.
    expires_in: i64,
    /// Permissions, parted by blanks.
    scope: String,
}

/// Sign in with address and password
#[utoipa::path(post, path = "/api/v1/tokens", tag = "sign-in", security(()),
    request_body = SignIn,
    responses((status = 201, description = "An access token", body = AccessToken),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn sign_in(
    state: web::Data<State>,
    connection: HttpRequest,
    Body(request): Body<SignIn>,
) -> Result<HttpResponse, Problem> {
    let limits = &state.limits;
    limits.sign_in(&state, &connection, &request.email).await?;
    let _turn = turn(&state).await?;
    let now = state.clock.now();
    let (token, claims) = identity::sign_in(
        &state.database,
        &state.tokens,
        &request.email,
        request.password,
        now,
    )
    .await?;
    limits.signed_in(&state, &request.email).await?;
    Ok(HttpResponse::Created().json(AccessToken {
        token,
        token_type: "Bearer",
        expires_in: claims.exp - now.timestamp(),
        scope: claims.scope,
    }))
}

/// Waits for a place among those whose password is worked on.
async fn turn(state: &State) -> Result<tokio::sync::SemaphorePermit<'_>, Problem> {
    state.sign_ins.acquire().await.map_err(|_| {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "stopping",
            "the service is stopping",
        )
    })
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// As it was shown when the invitation was made.
    token: String,
    #[schema(example = "ann@example.com")]
    email: String,
    name: String,
    /// 12 to 256 characters.
    #[schema(format = Password)]
    password: String,
}

impl std::fmt::Debug for Acceptance {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Acceptance")
    }
}

/// Accept an invitation
#[utoipa::path(post, path = "/api/v1/users", tag = "sign-in", security(()),
    request_body = Acceptance,
    responses((status = 201, description = "The user", body = UserView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn accept(
    state: web::Data<State>,
    connection: HttpRequest,
    Body(request): Body<Acceptance>,
) -> Result<HttpResponse, Problem> {
    let limits = &state.limits;
    limits.sign_in(&state, &connection, &request.email).await?;
    let _turn = turn(&state).await?;
    let newcomer = Newcomer {
        token: request.token,
        email: request.email,
        name: request.name,
        password: request.password,
    };
    let user = identity::accept(&state.database, newcomer, state.clock.now()).await?;
    Ok(HttpResponse::Created().json(UserView::from(user)))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// `user:<id>` or `key:<id>`: as the audit trail names you.
    actor: String,
    organization: Uuid,
    permissions: Vec<&'static str>,
}

/// Who you are and what you may
#[utoipa::path(get, path = "/api/v1/me", tag = "sign-in",
    responses((status = 200, description = "You", body = Me),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn me(allowed: Allowed<ReadLists>) -> HttpResponse {
    let principal = &allowed.principal;
    HttpResponse::Ok().json(Me {
        actor: principal.actor(),
        organization: principal.organization.0,
        permissions: principal
            .permissions
            .iter()
            .map(|permission| permission.code())
            .collect(),
    })
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Rotated {
    /// The key that signs from now on.
    kid: String,
}

/// Sign tokens with a new key from now on
///
/// Tokens that are out hold until they are over.
#[utoipa::path(post, path = "/api/v1/signing-keys", tag = "operation",
    responses((status = 201, description = "The new key", body = Rotated),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn rotate(
    allowed: Allowed<Operate>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let actor = allowed.principal.actor();
    let kid = token::rotate(&allowed.database, &state.tokens, &actor, state.clock.now()).await?;
    Ok(HttpResponse::Created().json(Rotated { kid }))
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
            E::Changed => Self::changed_since(&error),
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

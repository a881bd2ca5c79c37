//! Whether the service is up and ready, and with which keys it signs.

use std::time::Duration;

use actix_web::{HttpResponse, http::StatusCode, web};
use serde_json::json;

use crate::{
    app::{
        list_editions,
        token::{self, published_keys},
    },
    http::{
        problem::{Problem, ProblemDocument},
        state::State,
    },
    store::{StoreError, database::Schema},
};

/// Whoever asks whether the service is ready does not wait long.
const PATIENCE: Duration = Duration::from_secs(3);

/// The process is up
#[utoipa::path(get, path = "/healthz", tag = "operation", security(()),
    responses((status = 200, description = "It is up")))]
pub(in crate::http) async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "up"}))
}

/// Everything that requests need is there
///
/// What is missing is said one by one.
#[utoipa::path(get, path = "/readyz", tag = "operation", security(()),
    responses((status = 200, description = "It is ready"),
        (status = 503, description = "It is not, and why", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn readyz(state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let mut missing = Vec::new();
    if *state.stopping().borrow() {
        missing.push(("/service", "the service is stopping".to_owned()));
    }
    let schema = tokio::time::timeout(PATIENCE, state.database.schema()).await;
    let unready: Vec<(&str, String)> = match schema.unwrap_or(Err(StoreError::Slow)) {
        Ok(_) if !state.writable() => {
            let why =
                "the database answers, but it cannot be written: is it full, locked or read-only?";
            vec![("/database", why.to_owned())]
        }
        Err(error) => {
            said(&error);
            vec![("/database", "the database does not answer".to_owned())]
        }
        Ok(Schema::Current) => needed(&state).await,
        Ok(Schema::Behind(changes)) => vec![(
            "/migrations",
            format!("{changes} changes of the database are still to be made"),
        )],
        Ok(Schema::Ahead) => vec![(
            "/migrations",
            "a newer program has changed the database: update this one".to_owned(),
        )],
    };
    missing.extend(unready);
    if missing.is_empty() {
        return Ok(HttpResponse::Ok().json(json!({"status": "ready"})));
    }
    let problem = Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "not-ready",
        "the service is not ready",
    );
    Err(missing
        .into_iter()
        .fold(problem.retry_after(5), |problem, (place, why)| {
            problem.with(place, why)
        }))
}

/// What else requests need, given a database that answers.
async fn needed(state: &State) -> Vec<(&'static str, String)> {
    let mut missing = Vec::new();
    let held = list_editions::in_force(&state.database, state.clock.today()).await;
    match held {
        Ok(held) if held.is_empty() => {
            missing.push(("/lists", "no list snapshot is in force".to_owned()));
        }
        Ok(_) => {
            let today = state.clock.today();
            if let Err(error) = state.grounds.current(&state.database, today).await {
                said(&error);
                missing.push(("/lists", "the lists in force cannot be loaded".to_owned()));
            }
        }
        Err(error) => {
            said(&error);
            missing.push(("/lists", "the lists cannot be read".to_owned()));
        }
    }
    if let Err(error) = token::ready(&state.database, state.clock.now()).await {
        said(&error);
        missing.push((
            "/signing-key",
            "there is no key to sign tokens with".to_owned(),
        ));
    }
    missing
}

fn said(error: &(dyn std::error::Error + 'static)) {
    tracing::warn!(error, "the service is not ready");
}

/// The keys that verify access tokens (RFC 7517)
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "sign-in", security(()),
    responses((status = 200, description = "A JSON Web Key Set", body = Object)))]
pub(in crate::http) async fn jwks(state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let keys = published_keys(&state.database, &state.tokens, state.clock.now()).await?;
    Ok(HttpResponse::Ok()
        .insert_header(("Cache-Control", "public, max-age=300"))
        .json(keys))
}

//! Whether the service is up and ready, and with which keys it signs.

use actix_web::{HttpResponse, web};
use serde_json::json;

use crate::{
    app::token::published_keys,
    http::{problem::Problem, state::State},
    store::trail,
};

/// The process is up
#[utoipa::path(get, path = "/healthz", tag = "operation", security(()),
    responses((status = 200, description = "It is up")))]
pub(in crate::http) async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "up"}))
}

/// The database answers
#[utoipa::path(get, path = "/readyz", tag = "operation", security(()),
    responses((status = 200, description = "It is ready"),
        (status = 503, description = "The database does not answer")))]
pub(in crate::http) async fn readyz(state: web::Data<State>) -> Result<HttpResponse, Problem> {
    trail::head(state.database.connection()).await?;
    Ok(HttpResponse::Ok().json(json!({"status": "ready"})))
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

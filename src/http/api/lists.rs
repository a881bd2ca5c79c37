//! What everybody may read: the published lists held, and the policies.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    app::{list_editions, list_show, policy},
    exposure::GOODS_VOCABULARY,
    http::{
        allowed::{Allowed, ReadLists},
        body::Id,
        page::Page,
        problem::{Problem, ProblemDocument},
        state::State,
    },
};

/// Source, edition, entries, expected, age, completeness and last attempt of each list
#[utoipa::path(get, path = "/api/v1/lists", tag = "lists",
    responses((status = 200, description = "One row a source", body = Page<Object>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn status(
    allowed: Allowed<ReadLists>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let clock = state.clock.as_ref();
    let items = list_show::status(&allowed.lists(), clock, &state.lists).await?;
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

/// The snapshots in force, with hash and completeness
#[utoipa::path(get, path = "/api/v1/lists/snapshots", tag = "lists",
    responses((status = 200, description = "One a source", body = Page<Object>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn snapshots(
    allowed: Allowed<ReadLists>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let held = list_editions::in_force(&allowed.lists(), state.clock.today()).await?;
    let items: Vec<_> = held.into_iter().map(|kept| kept.head).collect();
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyView {
    /// `risk-model` or `goods-vocabulary`.
    kind: &'static str,
    sha256: String,
    /// Name and version, where it has one.
    #[schema(value_type = Option<Object>)]
    identity: Option<Value>,
}

/// The policies in use: the risk model and the goods vocabulary
#[utoipa::path(get, path = "/api/v1/policies", tag = "policies",
    responses((status = 200, description = "The policies", body = Page<PolicyView>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn policies(
    allowed: Allowed<ReadLists>,
) -> Result<HttpResponse, Problem> {
    let policy = policy::in_use(allowed.database.connection()).await?;
    let items = vec![
        PolicyView {
            kind: "risk-model",
            sha256: policy.model.identity.sha256.clone(),
            identity: Some(serde_json::to_value(&policy.model.identity)?),
        },
        PolicyView {
            kind: "goods-vocabulary",
            sha256: policy.vocabulary.sha256.clone(),
            identity: None,
        },
    ];
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

/// A policy in use as the file that it is
#[utoipa::path(get, path = "/api/v1/policies/{kind}", tag = "policies",
    params(("kind" = String, Path, pattern = "^(risk-model|goods-vocabulary)$")),
    responses((status = 200, description = "TOML", body = String, content_type = "application/toml"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn policy_file(
    allowed: Allowed<ReadLists>,
    Id(kind): Id<String>,
) -> Result<HttpResponse, Problem> {
    let bytes = match kind.as_str() {
        "risk-model" => policy::model_file(allowed.database.connection()).await?,
        "goods-vocabulary" => GOODS_VOCABULARY.to_vec(),
        _ => return Err(Problem::not_found()),
    };
    Ok(HttpResponse::Ok()
        .content_type("application/toml")
        .body(bytes))
}

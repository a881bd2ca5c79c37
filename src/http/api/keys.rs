//! API keys: how systems sign in.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Permission,
    app::identity,
    http::{
        allowed::{Allowed, ManageKeys},
        body::{Body, Id},
        moment::Moment,
        page::{Collection, Listing, SparsePage},
        problem::{Problem, ProblemDocument},
        state::State,
    },
    store::people::{self, ApiKey},
};

#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKeyView {
    id: Uuid,
    name: String,
    scopes: Vec<String>,
    created_by: String,
    created_at: Moment,
    expires_at: Moment,
    revoked_at: Option<Moment>,
}

impl From<ApiKey> for ApiKeyView {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            scopes: key.scopes.split_whitespace().map(str::to_owned).collect(),
            created_by: key.created_by,
            created_at: Moment(key.created_at),
            expires_at: Moment(key.expires_at),
            revoked_at: key.revoked_at.map(Moment),
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ApiKeyFilter {
    /// `true`: only those that open something now; `false`: only those that have
    /// expired or were revoked.
    usable: Option<bool>,
}

#[derive(Debug)]
pub enum ApiKeys {}

impl Collection for ApiKeys {
    type Filter = ApiKeyFilter;
    type Item = ApiKeyView;
    const SORTS: &'static [&'static str] = &["id", "created_at", "expires_at", "name"];
    const USUAL_SORT: &'static str = "id";
}

type ApiKeyListing = Listing<ApiKeys>;
type ApiKeyPage = SparsePage<ApiKeyView>;

/// The API keys of your organization, without their secrets
#[utoipa::path(get, path = "/api/v1/api-keys", tag = "people", params(ApiKeyListing),
    responses((status = 200, description = "Oldest first, if not asked otherwise", body = ApiKeyPage),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn keys(
    allowed: Allowed<ManageKeys>,
    state: web::Data<State>,
    listing: ApiKeyListing,
) -> Result<HttpResponse, Problem> {
    let (connection, now) = (allowed.database.connection(), state.clock.now());
    let usable = listing.filter.usable;
    let found = people::api_keys(connection, usable, now, &listing.slice()).await?;
    let items: Vec<_> = found.into_iter().map(ApiKeyView::from).collect();
    listing.page(&items)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApiKey {
    name: String,
    /// Among `lists:read`, `results:read`, `suppliers:screen`, `audit:read`.
    #[schema(example = json!(["suppliers:screen", "results:read"]))]
    scopes: Vec<String>,
    /// 1 to 400.
    #[schema(minimum = 1, maximum = 400)]
    days: u32,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct IssuedApiKey {
    #[serde(flatten)]
    key: ApiKeyView,
    /// To be sent as `Authorization: Bearer`. Shown this once.
    secret: String,
}

/// Issue an API key
#[utoipa::path(post, path = "/api/v1/api-keys", tag = "people", request_body = NewApiKey,
    responses((status = 201, description = "The key with its secret", body = IssuedApiKey),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn issue(
    allowed: Allowed<ManageKeys>,
    state: web::Data<State>,
    Body(request): Body<NewApiKey>,
) -> Result<HttpResponse, Problem> {
    let mut scopes: BTreeSet<Permission> = BTreeSet::new();
    for (place, text) in request.scopes.iter().enumerate() {
        scopes.insert(text.parse().map_err(|error: crate::access::UnknownScope| {
            Problem::unprocessable(format!("/scopes/{place}"), error.to_string())
        })?);
    }
    if scopes.is_empty() {
        return Err(Problem::unprocessable("/scopes", "a key needs a scope"));
    }
    let actor = allowed.principal.actor();
    let now = state.clock.now();
    let (key, secret) = identity::issue_api_key(
        &allowed.database,
        &actor,
        &request.name,
        &scopes,
        request.days,
        now,
    )
    .await?;
    Ok(HttpResponse::Created().json(IssuedApiKey {
        key: key.into(),
        secret: secret.shown,
    }))
}

/// End an API key at once
#[utoipa::path(delete, path = "/api/v1/api-keys/{id}", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 204, description = "It opens nothing any more"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn revoke(
    allowed: Allowed<ManageKeys>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let actor = allowed.principal.actor();
    identity::revoke_api_key(&allowed.database, &actor, id, state.clock.now()).await?;
    Ok(HttpResponse::NoContent().finish())
}

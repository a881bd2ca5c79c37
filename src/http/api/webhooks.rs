//! Webhooks: where your organization is told of what happens, and what it was
//! told.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    app::webhooks::{self, Change, WebhookError},
    http::{
        allowed::{Allowed, ManageKeys},
        body::{Body, Id},
        conditional::if_match,
        moment::Moment,
        names::DeliveryStateName,
        page::{Collection, Listing, SparsePage},
        problem::{Problem, ProblemDocument},
        state::State,
    },
    store::{
        deliveries::{self, Attempt, Delivery, DeliveryState},
        webhooks::{self as stored, Endpoint},
    },
};

#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookView {
    id: Uuid,
    url: String,
    /// Among `job.ended`, `hits.found`, `assessment.tier_changed`.
    events: Vec<String>,
    active: bool,
    /// The first failure since the last success.
    failing_since: Option<Moment>,
    /// Why the service stopped telling it.
    disabled_because: Option<String>,
    /// Until then messages are signed with the secret before, too.
    previous_secret_until: Option<Moment>,
    created_by: String,
    created_at: Moment,
}

impl From<Endpoint> for WebhookView {
    fn from(endpoint: Endpoint) -> Self {
        Self {
            id: endpoint.id,
            url: endpoint.url,
            events: endpoint.events.split(' ').map(str::to_owned).collect(),
            active: endpoint.active,
            failing_since: endpoint.failing_since.map(Moment),
            disabled_because: endpoint.disabled_because,
            previous_secret_until: endpoint.previous.map(|(_, until)| Moment(until)),
            created_by: endpoint.created_by,
            created_at: Moment(endpoint.created_at),
        }
    }
}

fn with_version(endpoint: Endpoint) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::ETAG, format!("\"{}\"", endpoint.version)))
        .json(WebhookView::from(endpoint))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookWithSecret {
    #[serde(flatten)]
    webhook: WebhookView,
    /// Verifies messages, as Standard Webhooks says. Shown this once.
    #[schema(example = "whsec_...")]
    secret: String,
}

impl From<Endpoint> for WebhookWithSecret {
    fn from(endpoint: Endpoint) -> Self {
        Self {
            secret: endpoint.secret.clone(),
            webhook: endpoint.into(),
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WebhookFilter {
    /// `false`: only those turned off.
    active: Option<bool>,
}

#[derive(Debug)]
pub enum Webhooks {}

impl Collection for Webhooks {
    type Filter = WebhookFilter;
    type Item = WebhookView;
    const SORTS: &'static [&'static str] = &["id", "created_at"];
    const USUAL_SORT: &'static str = "id";
}

type WebhookListing = Listing<Webhooks>;
type WebhookPage = SparsePage<WebhookView>;

/// The webhooks of your organization, without their secrets
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks", params(WebhookListing),
    responses((status = 200, description = "Oldest first, if not asked otherwise", body = WebhookPage),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn list(
    allowed: Allowed<ManageKeys>,
    listing: WebhookListing,
) -> Result<HttpResponse, Problem> {
    let connection = allowed.database.connection();
    let found = stored::page(connection, listing.filter.active, &listing.slice()).await?;
    let items: Vec<_> = found.into_iter().map(WebhookView::from).collect();
    listing.page(&items)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// `https://`, on the public internet.
    #[schema(example = "https://erp.example.com/plimsoll")]
    url: String,
    /// Among `job.ended`, `hits.found`, `assessment.tier_changed`.
    #[schema(example = json!(["job.ended", "hits.found"]))]
    events: Vec<String>,
}

/// Add a webhook
///
/// Messages are signed as Standard Webhooks describes
/// (`webhook-id`, `webhook-timestamp`, `webhook-signature`) and carry ids and
/// tiers alone. Answer with a 2xx within 15 seconds; one message may come twice,
/// with the same `webhook-id`.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "webhooks", request_body = NewWebhook,
    responses((status = 201, description = "The webhook with its secret", body = WebhookWithSecret),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn create(
    allowed: Allowed<ManageKeys>,
    state: web::Data<State>,
    Body(request): Body<NewWebhook>,
) -> Result<HttpResponse, Problem> {
    let actor = allowed.principal.actor();
    let created = webhooks::create(
        &allowed.database,
        &actor,
        &request.url,
        &request.events,
        &state.inside_hosts,
        state.clock.now(),
    )
    .await?;
    Ok(HttpResponse::Created()
        .insert_header(("Location", format!("/api/v1/webhooks/{}", created.id)))
        .json(WebhookWithSecret::from(created)))
}

/// One webhook, with the version to change
#[utoipa::path(get, path = "/api/v1/webhooks/{id}", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The webhook; ETag is the version", body = WebhookView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn webhook(
    allowed: Allowed<ManageKeys>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let found = stored::find(allowed.database.connection(), id)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(with_version(found))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookChange {
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    events: Option<Vec<String>>,
    /// `false` parks what waits; `true` starts anew.
    #[serde(default)]
    active: Option<bool>,
}

/// Change a webhook
///
/// `If-Match` takes the `ETag` that the change is based on.
#[utoipa::path(patch, path = "/api/v1/webhooks/{id}", tag = "webhooks",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, example = "\"1\"", pattern = "^(\\*|\"[0-9A-Za-z]*\")$")), request_body = WebhookChange,
    responses((status = 200, description = "As it is now", body = WebhookView),
        (status = 412, description = "Somebody else has changed it since", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn change(
    allowed: Allowed<ManageKeys>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
    request: HttpRequest,
    Body(change): Body<WebhookChange>,
) -> Result<HttpResponse, Problem> {
    let there = async {
        let endpoint = stored::find(allowed.database.connection(), id).await?;
        Ok(endpoint.map(|endpoint| endpoint.version))
    };
    let version = if_match(&request)?.version(there).await?;
    let wanted = Change {
        url: change.url,
        events: change.events,
        active: change.active,
    };
    let changed = webhooks::change(
        &allowed.database,
        &allowed.principal.actor(),
        id,
        version,
        wanted,
        &state.inside_hosts,
        state.clock.now(),
    )
    .await?;
    Ok(with_version(changed))
}

/// Take a webhook away
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 204, description = "It is told nothing more"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn remove(
    allowed: Allowed<ManageKeys>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let actor = allowed.principal.actor();
    webhooks::remove(&allowed.database, &actor, id, state.clock.now()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sign with a new secret
///
/// For a day messages bear the signature of the secret before, too.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/secret", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 201, description = "The webhook with its new secret", body = WebhookWithSecret),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn rotate(
    allowed: Allowed<ManageKeys>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let actor = allowed.principal.actor();
    let rotated = webhooks::rotate_secret(&allowed.database, &actor, id, state.clock.now()).await?;
    Ok(HttpResponse::Created().json(WebhookWithSecret::from(rotated)))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryView {
    id: Uuid,
    webhook_id: Uuid,
    /// What the receiver sees as `webhook-id`.
    message_id: Uuid,
    /// `pending`, `delivered` or `parked`: given up after about a day.
    state: &'static str,
    attempts: u32,
    /// While it is pending.
    next_attempt_at: Option<Moment>,
    created_at: Moment,
    finished_at: Option<Moment>,
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        let pending = delivery.finished_at.is_none();
        Self {
            id: delivery.id,
            webhook_id: delivery.endpoint_id,
            message_id: delivery.message_id,
            state: delivery.state.code(),
            attempts: delivery.attempts,
            next_attempt_at: pending.then_some(Moment(delivery.next_at)),
            created_at: Moment(delivery.created_at),
            finished_at: delivery.finished_at.map(Moment),
        }
    }
}

/// Send a test
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/ping", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 202, description = "It is on its way; Location says how it went", body = DeliveryView),
        (status = 409, description = "The webhook is turned off", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn ping(
    allowed: Allowed<ManageKeys>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let sent = webhooks::ping(&allowed.database, id, state.clock.now()).await?;
    Ok(on_its_way(sent))
}

fn on_its_way(delivery: Delivery) -> HttpResponse {
    let place = format!("/api/v1/webhook-deliveries/{}", delivery.id);
    HttpResponse::Accepted()
        .insert_header(("Location", place))
        .json(DeliveryView::from(delivery))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliveryFilter {
    /// Only in this state.
    #[param(value_type = Option<DeliveryStateName>, inline)]
    state: Option<String>,
}

#[derive(Debug)]
pub enum Deliveries {}

impl Collection for Deliveries {
    type Filter = DeliveryFilter;
    type Item = DeliveryView;
    const SORTS: &'static [&'static str] = &["id", "created_at"];
    const USUAL_SORT: &'static str = "-id";
}

type DeliveryListing = Listing<Deliveries>;
type DeliveryPage = SparsePage<DeliveryView>;

/// What a webhook was told
///
/// What came to its end is shown for 90 days, unless the operator says otherwise.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries", tag = "webhooks", params(("id" = Uuid, Path), DeliveryListing),
    responses((status = 200, description = "Newest first, if not asked otherwise", body = DeliveryPage),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn deliveries(
    allowed: Allowed<ManageKeys>,
    Id(id): Id<Uuid>,
    listing: DeliveryListing,
) -> Result<HttpResponse, Problem> {
    let connection = allowed.database.connection();
    stored::find(connection, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let wanted = match &listing.filter.state {
        None => None,
        Some(text) => Some(
            DeliveryState::ALL
                .into_iter()
                .find(|state| state.code() == text)
                .ok_or_else(|| Problem::bad_parameter("state", "it is no state of a delivery"))?,
        ),
    };
    let found = deliveries::page(connection, id, wanted, &listing.slice()).await?;
    let items: Vec<_> = found.into_iter().map(DeliveryView::from).collect();
    listing.page(&items)
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AttemptView {
    at: Moment,
    /// `null`: no answer.
    status: Option<u16>,
    duration_ms: u32,
    outcome: String,
    /// The beginning of the answer.
    excerpt: Option<String>,
}

impl From<Attempt> for AttemptView {
    fn from(attempt: Attempt) -> Self {
        Self {
            at: Moment(attempt.at),
            status: attempt.status,
            duration_ms: attempt.duration_ms,
            outcome: attempt.outcome,
            excerpt: attempt.excerpt,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryWithAttempts {
    #[serde(flatten)]
    delivery: DeliveryView,
    /// The body as it is sent.
    body: String,
    /// Oldest first.
    tries: Vec<AttemptView>,
}

/// One delivery, with its body and every try
#[utoipa::path(get, path = "/api/v1/webhook-deliveries/{id}", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The delivery", body = DeliveryWithAttempts),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn delivery(
    allowed: Allowed<ManageKeys>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let connection = allowed.database.connection();
    let found = deliveries::find(connection, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let message = deliveries::message(connection, found.message_id).await?;
    let tries = deliveries::attempts(connection, id).await?;
    Ok(HttpResponse::Ok().json(DeliveryWithAttempts {
        delivery: found.into(),
        body: message.body,
        tries: tries.into_iter().map(AttemptView::from).collect(),
    }))
}

/// Send it again
///
/// The receiver sees the same `webhook-id`.
#[utoipa::path(post, path = "/api/v1/webhook-deliveries/{id}/replay", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 202, description = "It is on its way", body = DeliveryView),
        (status = 409, description = "The webhook is turned off", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn replay(
    allowed: Allowed<ManageKeys>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let sent = webhooks::replay(&allowed.database, id, state.clock.now()).await?;
    Ok(on_its_way(sent))
}

impl From<WebhookError> for Problem {
    fn from(error: WebhookError) -> Self {
        use WebhookError as E;
        match error {
            E::Missing => Self::not_found(),
            E::Changed => Self::changed_since(&error),
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

//! Where an organization wants to be told of what happens, and what it was
//! told.

use std::net::IpAddr;

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::TimeDelta;
use serde_json::json;
use url::{Host, Url};
use uuid::Uuid;

use super::{
    outbox::{self, EVENTS, PING},
    secrets::{SecretError, random_32},
};
use crate::{
    audit::{Event, EventKind, sha256_hex},
    clock::Timestamp,
    fetch::public::is_public,
    store::{
        Database, StoreError,
        deliveries::{self, Delivery},
        new_id, trail,
        webhooks::{self, Endpoint},
    },
};

/// The secret before still signs for so long.
const OVERLAP: TimeDelta = TimeDelta::hours(24);
const URL_BYTES: usize = 2_000;
/// Endpoints of one organization.
const MOST: u64 = 50;
/// Tests of one endpoint that wait to be sent.
const MOST_PINGS: u64 = 32;

/// It was not done, and why.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    #[error("there is no such thing here")]
    Missing,
    #[error("somebody else has changed it since")]
    Changed,
    #[error("this is no address to send to: {0}")]
    BadUrl(&'static str),
    #[error("\"{0}\" is no event; there are job.ended, hits.found and assessment.tier_changed")]
    UnknownEvent(String),
    #[error("name at least one event")]
    NoEvent,
    #[error("an organization has at most {MOST} endpoints")]
    TooMany,
    #[error("{MOST_PINGS} tests wait to be sent to the endpoint: wait until some are")]
    TooManyPings,
    #[error("the endpoint is turned off: turn it on first")]
    Off,
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds an endpoint. Its secret is shown this once. `inside`: hosts that may be
/// told although they are not public.
pub async fn create(
    database: &Database,
    actor: &str,
    url: &str,
    events: &[String],
    inside: &[String],
    now: Timestamp,
) -> Result<Endpoint, WebhookError> {
    let endpoint = Endpoint {
        id: new_id(now),
        url: parse_url(url, inside)?,
        events: parse_events(events)?,
        secret: new_secret()?,
        previous: None,
        active: true,
        failing_since: None,
        disabled_because: None,
        created_by: actor.to_owned(),
        created_at: now,
        version: 1,
    };
    let transaction = database.begin_write().await?;
    trail::hold(&transaction).await?;
    if webhooks::count(&transaction).await? >= MOST {
        return Err(WebhookError::TooMany);
    }
    webhooks::add(&transaction, endpoint.clone()).await?;
    let created = event(EventKind::WebhookCreated, &endpoint, actor, now);
    trail::append(&transaction, vec![created]).await?;
    transaction.commit().await?;
    Ok(endpoint)
}

/// What is to change; `None`: it stays.
#[derive(Debug, Default)]
pub struct Change {
    pub url: Option<String>,
    pub events: Option<Vec<String>>,
    pub active: Option<bool>,
}

/// Changes an endpoint, if nobody has since `version`.
pub async fn change(
    database: &Database,
    actor: &str,
    id: Uuid,
    version: i32,
    wanted: Change,
    inside: &[String],
    now: Timestamp,
) -> Result<Endpoint, WebhookError> {
    let url = wanted.url.map(|url| parse_url(&url, inside)).transpose()?;
    let events = wanted
        .events
        .map(|events| parse_events(&events))
        .transpose()?;
    let transaction = database.begin_write().await?;
    let mut endpoint = webhooks::lock(&transaction, id)
        .await?
        .ok_or(WebhookError::Missing)?;
    if endpoint.version != version {
        return Err(WebhookError::Changed);
    }
    endpoint.url = url.unwrap_or(endpoint.url);
    endpoint.events = events.unwrap_or(endpoint.events);
    if wanted.active == Some(true) {
        endpoint.failing_since = None;
        endpoint.disabled_because = None;
    }
    endpoint.active = wanted.active.unwrap_or(endpoint.active);
    webhooks::change(&transaction, &endpoint).await?;
    if !endpoint.active {
        deliveries::park_all(&transaction, id, now).await?;
    }
    let changed = event(EventKind::WebhookChanged, &endpoint, actor, now);
    trail::append(&transaction, vec![changed]).await?;
    transaction.commit().await?;
    endpoint.version += 1;
    Ok(endpoint)
}

/// Signs with a new secret from now on, and for a day with the one before too.
pub async fn rotate_secret(
    database: &Database,
    actor: &str,
    id: Uuid,
    now: Timestamp,
) -> Result<Endpoint, WebhookError> {
    let secret = new_secret()?;
    let transaction = database.begin_write().await?;
    let mut endpoint = webhooks::lock(&transaction, id)
        .await?
        .ok_or(WebhookError::Missing)?;
    let before = std::mem::replace(&mut endpoint.secret, secret);
    endpoint.previous = Some((before, now + OVERLAP));
    webhooks::change(&transaction, &endpoint).await?;
    let rotated = event(EventKind::WebhookSecretRotated, &endpoint, actor, now);
    trail::append(&transaction, vec![rotated]).await?;
    transaction.commit().await?;
    endpoint.version += 1;
    Ok(endpoint)
}

/// Takes an endpoint away. What it was told stays on record.
pub async fn remove(
    database: &Database,
    actor: &str,
    id: Uuid,
    now: Timestamp,
) -> Result<(), WebhookError> {
    let transaction = database.begin_write().await?;
    let endpoint = webhooks::lock(&transaction, id)
        .await?
        .ok_or(WebhookError::Missing)?;
    deliveries::park_all(&transaction, id, now).await?;
    webhooks::remove(&transaction, id, now).await?;
    let removed = event(EventKind::WebhookRemoved, &endpoint, actor, now);
    trail::append(&transaction, vec![removed]).await?;
    Ok(transaction.commit().await?)
}

/// Sends a test to the endpoint.
pub async fn ping(database: &Database, id: Uuid, now: Timestamp) -> Result<Delivery, WebhookError> {
    let transaction = database.begin_write().await?;
    listening(webhooks::lock(&transaction, id).await?)?;
    if deliveries::open_of_kind(&transaction, id, PING).await? >= MOST_PINGS {
        return Err(WebhookError::TooManyPings);
    }
    let data = json!({"webhook_id": id});
    let sent = outbox::tell(&transaction, PING, data, &[id], now).await?;
    let delivery = match sent.first() {
        Some(delivery) => deliveries::find(&transaction, *delivery).await?,
        None => None,
    };
    transaction.commit().await?;
    delivery.ok_or(WebhookError::Missing)
}

/// Sends again what was sent or given up before.
pub async fn replay(
    database: &Database,
    delivery: Uuid,
    now: Timestamp,
) -> Result<Delivery, WebhookError> {
    let transaction = database.begin_write().await?;
    let found = deliveries::find(&transaction, delivery)
        .await?
        .ok_or(WebhookError::Missing)?;
    listening(webhooks::lock(&transaction, found.endpoint_id).await?)?;
    deliveries::replay(&transaction, delivery, now).await?;
    let again = deliveries::find(&transaction, delivery).await?;
    transaction.commit().await?;
    again.ok_or(WebhookError::Missing)
}

fn listening(endpoint: Option<Endpoint>) -> Result<(), WebhookError> {
    let endpoint = endpoint.ok_or(WebhookError::Missing)?;
    if endpoint.active {
        Ok(())
    } else {
        Err(WebhookError::Off)
    }
}

fn event(kind: EventKind, endpoint: &Endpoint, actor: &str, at: Timestamp) -> Event {
    Event {
        at,
        actor: actor.to_owned(),
        kind,
        subject: endpoint.id.to_string(),
        // An address may carry a token of the receiver's.
        details: json!({
            "url_sha256": sha256_hex(endpoint.url.as_bytes()),
            "events": endpoint.events,
            "active": endpoint.active,
        }),
    }
}

/// `whsec_` and 32 random bytes, as Standard Webhooks writes them.
fn new_secret() -> Result<String, SecretError> {
    Ok(format!("whsec_{}", BASE64_STANDARD.encode(random_32()?)))
}

fn parse_events(events: &[String]) -> Result<String, WebhookError> {
    if let Some(unknown) = events
        .iter()
        .find(|event| !EVENTS.contains(&event.as_str()))
    {
        let shown = unknown.chars().take(100).collect();
        return Err(WebhookError::UnknownEvent(shown));
    }
    let wanted: Vec<_> = EVENTS
        .into_iter()
        .filter(|event| events.iter().any(|wanted| wanted == event))
        .collect();
    if wanted.is_empty() {
        return Err(WebhookError::NoEvent);
    }
    Ok(wanted.join(" "))
}

/// Told at once what can be told at once; a name is looked at again whenever
/// something is sent to it.
fn parse_url(text: &str, inside: &[String]) -> Result<String, WebhookError> {
    let text = text.trim();
    if text.len() > URL_BYTES {
        return Err(WebhookError::BadUrl("it has more than 2,000 bytes"));
    }
    let url = Url::parse(text).map_err(|_| WebhookError::BadUrl("it is none"))?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let own = inside.iter().any(|name| name.eq_ignore_ascii_case(host));
    let plain = url.scheme() == "http" && own;
    if url.scheme() != "https" && !plain {
        return Err(WebhookError::BadUrl("it must begin with https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(WebhookError::BadUrl("it may not carry a password"));
    }
    let address: Option<IpAddr> = match url.host() {
        Some(Host::Ipv4(address)) => Some(address.into()),
        Some(Host::Ipv6(address)) => Some(address.into()),
        Some(Host::Domain(name)) if name.ends_with("localhost") && !own => {
            return Err(WebhookError::BadUrl("it is not on the public internet"));
        }
        Some(Host::Domain(_)) => None,
        None => return Err(WebhookError::BadUrl("it names no host")),
    };
    if address.is_some_and(|address| !is_public(address)) && !own {
        return Err(WebhookError::BadUrl("it is not on the public internet"));
    }
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_to_send_to_is_public_and_guarded() {
        let inside = ["127.0.0.1".to_owned(), "erp.internal".to_owned()];
        for fine in [
            "https://erp.example.com/hooks?tenant=1",
            " https://1.1.1.1:8443/ ",
            "http://127.0.0.1:9000/",
            "http://erp.internal/hook",
        ] {
            assert!(parse_url(fine, &inside).is_ok(), "{fine}");
        }
        let long = format!("https://example.com/{}", "a".repeat(2_000));
        for bad in [
            "",
            "erp.example.com",
            "http://erp.example.com/",
            "ftp://erp.example.com/",
            "file:///etc/passwd",
            "https://user:pass@example.com/",
            "https://169.254.169.254/latest/meta-data/",
            "https://10.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://0x7f.2/",
            "https://2130706434/",
            "https://localhost/",
            long.as_str(),
        ] {
            assert!(parse_url(bad, &inside).is_err(), "{bad}");
        }
    }

    #[test]
    fn events_are_kept_in_one_order_and_once() {
        let events = ["hits.found", "job.ended", "hits.found"].map(str::to_owned);
        assert_eq!(parse_events(&events).unwrap(), "job.ended hits.found");
        assert!(parse_events(&[]).is_err());
        assert!(parse_events(&["ping".to_owned()]).is_err());
    }
}

//! Delivering webhooks as Standard Webhooks describes it: signed, tried again
//! for about a day, then parked. Any number of workers share the work.

use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::TimeDelta;
use futures_util::{StreamExt, future::join_all, stream::FuturesUnordered};
use serde_json::json;
use standardwebhooks::{
    HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook, WebhookError,
};
use tokio::sync::watch;
use url::Url;
use uuid::Uuid;

use super::worker::WorkTerms;
use crate::{
    audit::{Event, EventKind},
    clock::{Clock, Timestamp},
    config::Settings,
    fetch::{self, FetchError, Fetcher, Post},
    store::{
        Connection, Database, Scoped, StoreError,
        deliveries::{self, Attempt, Claimed, Delivery, DeliveryState, Message},
        delivery_turns::Room,
        new_id, trail,
        webhooks::{self, Endpoint},
    },
};

/// After the first try, about 24 hours in all.
const PAUSES: [i64; 7] = [5, 300, 1_800, 7_200, 18_000, 28_800, 28_800];
/// An endpoint that nothing has reached for so long is told nothing more.
const DEAD_AFTER: TimeDelta = TimeDelta::hours(20);
/// How long a receiver may take. Standard Webhooks asks for 15 to 30 seconds.
const PATIENCE: Duration = Duration::from_secs(15);
/// Much longer than a try takes.
const LEASE: TimeDelta = TimeDelta::seconds(120);
/// Tries of one worker at once, of one organization and of one endpoint.
const AT_ONCE: usize = 64;
const PER_ORGANIZATION: usize = 16;
const PER_ENDPOINT: usize = 4;
const TIDY_EVERY: Duration = Duration::from_mins(10);
/// Deliveries forgotten in one transaction.
const FORGET: u64 = 500;
const EXCERPT_CHARS: usize = 500;
/// A receiver cannot put a message off for longer.
const LONGEST_WISH: Duration = Duration::from_hours(12);

/// How deliveries are made.
#[derive(Debug, Clone, Copy)]
pub struct DeliveryTerms {
    /// How often an idle worker looks for something to send.
    pub poll: Duration,
    /// What came to its end is shown for so long; `None`: for ever.
    pub keep: Option<TimeDelta>,
}

impl From<&Settings> for DeliveryTerms {
    fn from(settings: &Settings) -> Self {
        let days = settings.webhooks.keep_days;
        Self {
            poll: WorkTerms::from(&settings.worker).poll,
            keep: (days > 0).then(|| TimeDelta::days(days.into())),
        }
    }
}

/// Whose try is under way: organization and endpoint.
type Whose = (Uuid, Uuid);

/// Delivers until told to stop. A slow receiver holds up nobody else: whatever
/// comes to its end makes room at once.
pub async fn work(
    database: &Database,
    clock: &dyn Clock,
    fetcher: &Fetcher,
    terms: DeliveryTerms,
    mut stop: watch::Receiver<bool>,
) {
    let mut busy: Vec<Whose> = Vec::new();
    let mut tries = FuturesUnordered::new();
    let mut tidy_at = Instant::now();
    while !*stop.borrow() {
        if Instant::now() >= tidy_at {
            // A part each turn: what is to be sent does not wait for it.
            let forgotten = forget_old(database, terms.keep, clock.now()).await;
            let more = forgotten.as_ref().is_ok_and(|number| *number == FORGET);
            tidy_at = Instant::now() + if more { terms.poll } else { TIDY_EVERY };
            if let Err(error) = forgotten {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "old deliveries cannot be forgotten"
                );
            }
        }
        let mut pause = terms.poll;
        match claim(database, clock, room(&busy)).await {
            Ok(claimed) => {
                for claimed in claimed {
                    let delivery = &claimed.delivery;
                    let whose = (delivery.organization.0, delivery.endpoint_id);
                    busy.push(whose);
                    tries.push(async move {
                        (whose, deliver(database, clock, fetcher, &claimed).await)
                    });
                }
            }
            Err(error) => {
                failed(&error);
                pause = pause.max(Duration::from_secs(5));
            }
        }
        tokio::select! {
            Some((whose, outcome)) = tries.next() => {
                if let Some(place) = busy.iter().position(|one| *one == whose) {
                    busy.swap_remove(place);
                }
                if let Err(error) = outcome {
                    failed(&error);
                }
            }
            () = tokio::time::sleep(pause) => {}
            _ = stop.changed() => {}
        }
    }
    while let Some((_, outcome)) = tries.next().await {
        if let Err(error) = outcome {
            failed(&error);
        }
    }
}

fn failed(error: &StoreError) {
    tracing::error!(
        error = error as &dyn std::error::Error,
        "webhooks cannot be delivered"
    );
}

fn room(busy: &[Whose]) -> Room {
    let mut room = Room::new(AT_ONCE, PER_ORGANIZATION, PER_ENDPOINT);
    for (organization, endpoint) in busy {
        room.take(*organization, *endpoint, 1);
    }
    room
}

/// Tries what is due now, some of it. Returns how many tries were made.
pub async fn deliver_due(
    database: &Database,
    clock: &dyn Clock,
    fetcher: &Fetcher,
) -> Result<usize, StoreError> {
    let claimed = claim(database, clock, room(&[])).await?;
    let tries = claimed
        .iter()
        .map(|claimed| deliver(database, clock, fetcher, claimed));
    for outcome in join_all(tries).await {
        outcome?;
    }
    Ok(claimed.len())
}

async fn claim(
    database: &Database,
    clock: &dyn Clock,
    room: Room,
) -> Result<Vec<Claimed>, StoreError> {
    let now = clock.now();
    // Asked first without the write lock, which an idle worker must not take.
    if !deliveries::any_due(database.connection(), now).await? {
        return Ok(Vec::new());
    }
    let transaction = database.begin_write().await?;
    let claimed = deliveries::claim(&transaction, new_id(now), LEASE, room, now).await?;
    transaction.commit().await?;
    Ok(claimed)
}

/// Forgets some of what was delivered or given up longer ago than `keep`. What
/// the trail tells of endpoints stays. Returns how many deliveries it was:
/// [`FORGET`], and there may be more.
pub async fn forget_old(
    database: &Database,
    keep: Option<TimeDelta>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let Some(before) = keep.and_then(|keep| now.checked_sub_signed(keep)) else {
        return Ok(0);
    };
    let transaction = database.begin_write().await?;
    let forgotten = deliveries::forget(&transaction, before, FORGET).await?;
    transaction.commit().await?;
    Ok(forgotten as u64)
}

async fn deliver(
    database: &Database,
    clock: &dyn Clock,
    fetcher: &Fetcher,
    claimed: &Claimed,
) -> Result<(), StoreError> {
    let delivery = &claimed.delivery;
    let database = database.of(delivery.organization);
    let message = deliveries::message(database.connection(), delivery.message_id).await?;
    let endpoint = webhooks::find(database.connection(), delivery.endpoint_id)
        .await?
        .filter(|endpoint| endpoint.active);
    let at = clock.now();
    let begun = Instant::now();
    let tried = match &endpoint {
        None => Tried::nowhere(),
        Some(endpoint) => send(fetcher, endpoint, &message, at).await,
    };
    let duration_ms = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
    metrics::counter!("plimsoll_webhook_attempts_total", "outcome" => tried.verdict.code())
        .increment(1);

    record(&database, claimed, endpoint, tried, at, duration_ms).await
}

/// What was tried is on record whatever became of the delivery meanwhile. The
/// endpoint is locked before any of its deliveries, here as everywhere: workers
/// and administrators never wait for each other in a circle.
async fn record(
    database: &Database,
    claimed: &Claimed,
    told: Option<Endpoint>,
    tried: Tried,
    at: Timestamp,
    duration_ms: u32,
) -> Result<(), StoreError> {
    let delivery = &claimed.delivery;
    let transaction = database.begin_write().await?;
    let endpoint = webhooks::lock(&transaction, delivery.endpoint_id).await?;
    let stood = deliveries::hold(&transaction, claimed).await?;
    if told.is_none() && stood.is_none() {
        return Ok(());
    }
    let attempt = Attempt {
        id: new_id(at),
        delivery_id: delivery.id,
        at,
        status: tried.status,
        duration_ms,
        outcome: tried.outcome,
        excerpt: tried.excerpt,
    };
    deliveries::tried(&transaction, attempt).await?;
    let pause = pause(delivery, tried.wish);
    let (state, next_at) = match (tried.verdict, pause) {
        (Verdict::Delivered, _) => (DeliveryState::Delivered, at),
        (Verdict::Again, Some(pause)) if stood == Some(DeliveryState::Pending) => {
            (DeliveryState::Pending, at + pause)
        }
        (Verdict::Again | Verdict::Never, _) => (DeliveryState::Parked, at),
    };
    // Replayed or taken over meanwhile: how it ends is another try's to say, and
    // the receiver knows doubles by their id.
    if stood.is_some() {
        let attempts = delivery.attempts + 1;
        deliveries::stands(&transaction, delivery.id, state, attempts, next_at, at).await?;
    }
    // What another address answered says nothing of the one that is told now.
    let same = endpoint.filter(|endpoint| {
        endpoint.active && told.as_ref().is_some_and(|told| told.url == endpoint.url)
    });
    if let Some(endpoint) = same {
        let failed = tried.verdict != Verdict::Delivered;
        webhooks::failing(&transaction, endpoint.id, failed.then_some(at)).await?;
        let dead = endpoint
            .failing_since
            .is_some_and(|since| at - since >= DEAD_AFTER);
        let because = match (tried.verdict, state) {
            (Verdict::Never, _) => Some("it answered 410 Gone"),
            (_, DeliveryState::Parked) if dead => Some("nothing has reached it for a day"),
            _ => None,
        };
        if let Some(because) = because {
            disable(&transaction, endpoint, because, at).await?;
        }
    }
    transaction.commit().await
}

/// The service tells that endpoint, which is locked, nothing more until somebody
/// turns it on again.
async fn disable(
    transaction: &Scoped<impl Connection>,
    mut endpoint: Endpoint,
    because: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    endpoint.active = false;
    endpoint.failing_since = endpoint.failing_since.or(Some(at));
    endpoint.disabled_because = Some(because.to_owned());
    webhooks::change(transaction, &endpoint).await?;
    deliveries::park_all(transaction, endpoint.id, at).await?;
    let disabled = Event {
        at,
        actor: "service".to_owned(),
        kind: EventKind::WebhookDisabled,
        subject: endpoint.id.to_string(),
        details: json!({"because": because}),
    };
    trail::append(transaction, vec![disabled]).await?;
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Delivered,
    Again,
    /// The receiver says that it is gone.
    Never,
}

impl Verdict {
    const fn code(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Again => "failed",
            Self::Never => "gone",
        }
    }
}

/// What came of one try.
struct Tried {
    verdict: Verdict,
    status: Option<u16>,
    outcome: String,
    excerpt: Option<String>,
    /// How long the receiver wants to be left alone.
    wish: Option<Duration>,
}

impl Tried {
    fn failed(outcome: String) -> Self {
        Self {
            verdict: Verdict::Again,
            status: None,
            outcome,
            excerpt: None,
            wish: None,
        }
    }

    /// The endpoint was removed or turned off meanwhile.
    fn nowhere() -> Self {
        Self {
            verdict: Verdict::Never,
            ..Self::failed("the endpoint is no longer told of anything".to_owned())
        }
    }
}

async fn send(fetcher: &Fetcher, endpoint: &Endpoint, message: &Message, at: Timestamp) -> Tried {
    let Ok(url) = Url::parse(&endpoint.url) else {
        return Tried::failed("its address is none".to_owned());
    };
    let signature = match signature(endpoint, message, at) {
        Ok(signature) => signature,
        Err(error) => return Tried::failed(format!("it cannot be signed: {error}")),
    };
    let post = Post {
        url,
        headers: vec![
            ("content-type", "application/json".to_owned()),
            (HEADER_WEBHOOK_ID, message.id.to_string()),
            (HEADER_WEBHOOK_TIMESTAMP, at.timestamp().to_string()),
            (HEADER_WEBHOOK_SIGNATURE, signature),
        ],
        body: Bytes::copy_from_slice(message.body.as_bytes()),
        time: PATIENCE,
    };
    match fetch::post(fetcher, &post).await {
        Ok(answer) => Tried {
            verdict: if answer.status.is_success() {
                Verdict::Delivered
            } else if answer.status.as_u16() == 410 {
                Verdict::Never
            } else {
                Verdict::Again
            },
            status: Some(answer.status.as_u16()),
            outcome: format!("it answered {}", answer.status),
            excerpt: excerpt(&answer.excerpt),
            wish: answer.retry_after,
        },
        Err(error) => {
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "a webhook was not delivered"
            );
            Tried::failed(told(&error).to_owned())
        }
    }
}

/// For the organization: nothing about the service's own network.
fn told(error: &FetchError) -> &'static str {
    match error {
        FetchError::Inside { .. } => "its address does not lead to the public internet",
        FetchError::BadAddress { .. } => "nothing is sent to such an address",
        FetchError::Timeout { .. } => "it did not answer in time",
        _ => "it cannot be reached",
    }
}

fn excerpt(text: &str) -> Option<String> {
    let shown: String = text
        .chars()
        .filter(|letter| !letter.is_control() || *letter == '\n')
        .take(EXCERPT_CHARS)
        .collect();
    (!shown.is_empty()).then_some(shown)
}

/// By the secret, and for a while by the one before, so that a receiver can
/// change over without losing a message.
fn signature(
    endpoint: &Endpoint,
    message: &Message,
    at: Timestamp,
) -> Result<String, WebhookError> {
    let previous = endpoint
        .previous
        .as_ref()
        .filter(|(_, until)| at < *until)
        .map(|(secret, _)| secret);
    let mut signatures = Vec::with_capacity(2);
    for secret in std::iter::once(&endpoint.secret).chain(previous) {
        signatures.push(Webhook::new(secret)?.sign(
            &message.id.to_string(),
            at.timestamp(),
            message.body.as_bytes(),
        )?);
    }
    Ok(signatures.join(" "))
}

/// How long until the next try, a tenth more or less, so that what failed
/// together does not come again together; `None`: there is none.
fn pause(delivery: &Delivery, wish: Option<Duration>) -> Option<TimeDelta> {
    let tries = usize::try_from(delivery.attempts).ok()?;
    let pause = PAUSES.get(tries)?;
    // The id's last bytes are random.
    let random = delivery.id.as_u128() >> (8 * (tries % 4)) & 0xFF;
    let spread = i64::try_from(random * 20 / 255).unwrap_or_default() - 10;
    let pause = TimeDelta::milliseconds(pause * (100 + spread) * 10);
    let wish = wish.map(|wish| wish.min(LONGEST_WISH));
    Some(
        pause.max(
            wish.and_then(|wish| TimeDelta::from_std(wish).ok())
                .unwrap_or_default(),
        ),
    )
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;
    use crate::organization::OrganizationId;

    fn delivery(attempts: u32, id: u128) -> Delivery {
        let at = Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap();
        Delivery {
            id: Uuid::from_u128(id),
            organization: OrganizationId::LOCAL,
            endpoint_id: Uuid::nil(),
            message_id: Uuid::nil(),
            state: DeliveryState::Pending,
            attempts,
            next_at: at,
            created_at: at,
            finished_at: None,
        }
    }

    #[test]
    fn it_is_tried_for_about_a_day_and_not_by_all_at_once() {
        let mut all = TimeDelta::zero();
        let mut tries = 0;
        while let Some(pause) = pause(&delivery(tries, 0x7F7F_7F7F), None) {
            all += pause;
            tries += 1;
        }
        assert_eq!(tries, 7);
        assert!((20..=26).contains(&all.num_hours()), "{all}");
        let firsts: Vec<_> = [0, 0x40, 0x80, 0xFF]
            .map(|id| pause(&delivery(1, id << 8), None).unwrap().num_seconds())
            .into();
        assert_eq!((firsts[0], firsts[3]), (270, 330));
        assert!(firsts.is_sorted());
        let wish = Some(Duration::from_mins(15));
        assert_eq!(pause(&delivery(0, 0), wish), Some(TimeDelta::minutes(15)));
        assert_eq!(
            pause(&delivery(0, 0), Some(Duration::MAX)),
            Some(TimeDelta::hours(12))
        );
    }
}

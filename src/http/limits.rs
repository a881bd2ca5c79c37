//! How much a caller may ask for. Rates hold over all servers of one database:
//! a request counts once for every server that is up (`app::nodes`).

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use actix_web::{
    Error, HttpRequest, ResponseError,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, StatusCode},
    middleware::Next,
    web,
};
use chrono::TimeDelta;
use futures_util::{Stream, StreamExt};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    body::{too_slow, unreadable},
    caller,
    problem::Problem,
    state::State,
};
use crate::{
    app::{
        identity::{Principal, Who},
        throttle::{self, Budget, ThrottleError},
    },
    config::{LimitSettings, Network},
};

type Rate<K> = DefaultKeyedRateLimiter<K>;

/// The state of all limits of one server.
#[derive(Debug)]
pub(super) struct Limits {
    callers: Rate<Who>,
    addresses: Rate<IpAddr>,
    clock: DefaultClock,
    /// Servers that are up: what each request counts.
    servers: AtomicU32,
    under_way: Arc<Semaphore>,
    /// A quarter of them, for bodies of callers who are not signed in: they can
    /// send them slowly.
    strangers: Arc<Semaphore>,
    uploads: Arc<Semaphore>,
    sign_ins_of_address: Budget,
    sign_ins_of_email: Budget,
    pub(super) head: Duration,
    pub(super) body: Duration,
    upload: Duration,
    trusted_proxies: Vec<Network>,
}

impl Limits {
    pub(super) fn new(settings: &LimitSettings, trusted_proxies: &[Network]) -> Self {
        let seconds = |seconds: u32| Duration::from_secs(seconds.max(1).into());
        Self {
            callers: RateLimiter::keyed(quota(settings.per_caller, settings.per_caller_burst)),
            addresses: RateLimiter::keyed(quota(settings.per_address, settings.per_address_burst)),
            clock: DefaultClock::default(),
            servers: AtomicU32::new(1),
            under_way: semaphore(settings.concurrent),
            strangers: semaphore(settings.concurrent / 4),
            uploads: semaphore(settings.concurrent_uploads),
            sign_ins_of_address: Budget::of(settings.sign_ins_per_minute, TimeDelta::minutes(1)),
            sign_ins_of_email: Budget::of(
                settings.sign_ins_per_email_per_hour,
                TimeDelta::hours(1),
            ),
            head: seconds(settings.head_seconds),
            body: seconds(settings.body_seconds),
            upload: seconds(settings.upload_seconds),
            trusted_proxies: trusted_proxies.to_vec(),
        }
    }

    /// So many servers share the rates from now on. Forgets whoever has not
    /// asked for a while.
    pub(super) fn share_among(&self, servers: u32) {
        self.servers.store(servers.max(1), Ordering::Relaxed);
        self.callers.retain_recent();
        self.addresses.retain_recent();
    }

    /// One more request of somebody who is signed in.
    pub(super) fn caller(&self, principal: &Principal) -> Result<(), Problem> {
        self.count(&self.callers, &principal.who, "caller")
    }

    /// One more request of somebody who is not.
    pub(super) fn stranger(&self, request: &HttpRequest) -> Result<(), Problem> {
        self.count(&self.addresses, &self.address(request), "address")
    }

    fn count<K: std::hash::Hash + Eq + Clone>(
        &self,
        rate: &Rate<K>,
        key: &K,
        whose: &'static str,
    ) -> Result<(), Problem> {
        let servers = self.servers.load(Ordering::Relaxed);
        let refused = match NonZeroU32::new(servers).map(|each| rate.check_key_n(key, each)) {
            // More servers than a burst has requests: then each counts as one.
            None | Some(Err(_)) => rate.check_key(key),
            Some(Ok(answer)) => answer,
        };
        refused.map_err(|until| {
            metrics::counter!("plimsoll_http_refused_total", "limit" => whose).increment(1);
            too_many(until.wait_time_from(self.clock.now()))
        })
    }

    /// One more try to sign in, from that address as that person; over all
    /// servers and beyond their restarts.
    pub(super) async fn sign_in(
        &self,
        state: &State,
        request: &HttpRequest,
        email: &str,
    ) -> Result<(), Problem> {
        let address = format!("sign-in from {}", self.address(request));
        let budgets = [
            (address.as_str(), self.sign_ins_of_address),
            (&email_key(email), self.sign_ins_of_email),
        ];
        match throttle::charge(&state.database, &budgets, state.clock.now()).await {
            Ok(()) => Ok(()),
            Err(ThrottleError::TooMany { wait }) => {
                metrics::counter!("plimsoll_http_refused_total", "limit" => "sign-in").increment(1);
                Err(too_many(wait.to_std().unwrap_or_default()))
            }
            Err(ThrottleError::Store(error)) => Err(error.into()),
        }
    }

    /// The person has signed in: earlier tries no longer count.
    pub(super) async fn signed_in(&self, state: &State, email: &str) -> Result<(), Problem> {
        Ok(throttle::forgive(&state.database, &email_key(email)).await?)
    }

    /// A place for one more upload. Only for callers who may upload.
    pub(super) fn upload_place(&self) -> Result<UploadPlace, Problem> {
        Arc::clone(&self.uploads)
            .try_acquire_owned()
            .map_err(|_| busy())
            .map(|place| UploadPlace {
                _place: place,
                piece: self.body,
                over_at: tokio::time::Instant::now() + self.upload,
            })
    }

    fn address(&self, request: &HttpRequest) -> IpAddr {
        caller::address(request, &self.trusted_proxies)
    }
}

fn email_key(email: &str) -> String {
    format!("sign-in as {}", email.trim().to_lowercase())
}

fn quota(per_second: u32, burst: u32) -> Quota {
    let at_least_one = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    Quota::per_second(at_least_one(per_second)).allow_burst(at_least_one(burst.max(per_second)))
}

fn semaphore(places: u32) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(places.clamp(1, 1 << 20) as usize))
}

fn too_many(wait: Duration) -> Problem {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too-many-requests",
        "too many requests: wait as long as Retry-After says",
    )
    .retry_after(u32::try_from(seconds.max(1)).unwrap_or(u32::MAX))
}

fn busy() -> Problem {
    metrics::counter!("plimsoll_http_refused_total", "limit" => "concurrent").increment(1);
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "busy",
        "the service has as much to do as it takes on at once: try again",
    )
    .retry_after(1)
}

/// Refuses what would be one request too many at once. A stream of events
/// counts until it has begun.
pub(super) async fn crowd<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let state = request.app_data::<web::Data<State>>().cloned();
    // Whoever asks whether the process lives must hear that it does.
    let counts = request.path() != "/healthz";
    let place = match state.filter(|_| counts) {
        Some(state) => match Arc::clone(&state.limits.under_way).try_acquire_owned() {
            Ok(place) => Some(place),
            Err(_) => return Ok(refuse(request, &busy())),
        },
        None => None,
    };
    let response = next.call(request).await?;
    drop(place);
    Ok(response.map_into_left_body())
}

/// Counts a request to a route that is open to everybody against its address.
pub(super) async fn open_route<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let Some(state) = request.app_data::<web::Data<State>>().cloned() else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    if let Err(problem) = state.limits.stranger(request.request()) {
        return Ok(refuse(request, &problem));
    }
    let mut place = None;
    if request.method() == Method::POST {
        match Arc::clone(&state.limits.strangers).try_acquire_owned() {
            Ok(free) => place = Some(free),
            Err(_) => return Ok(refuse(request, &busy())),
        }
    }
    let response = next.call(request).await?;
    drop(place);
    Ok(response.map_into_left_body())
}

fn refuse<B>(request: ServiceRequest, problem: &Problem) -> ServiceResponse<EitherBody<B>> {
    request
        .into_response(problem.error_response())
        .map_into_right_body()
}

/// One of the few uploads that a server receives at once.
#[derive(Debug)]
pub(super) struct UploadPlace {
    _place: OwnedSemaphorePermit,
    piece: Duration,
    over_at: tokio::time::Instant,
}

impl UploadPlace {
    /// The next piece of the body, if it arrives in time.
    pub(super) async fn next<S>(&self, body: &mut S) -> Result<Option<S::Item>, Problem>
    where
        S: Stream + Unpin,
    {
        let until = self.over_at.min(tokio::time::Instant::now() + self.piece);
        tokio::time::timeout_at(until, body.next())
            .await
            .map_err(|_| too_slow())
    }

    /// A body, or a field of a form, as a whole. Beyond `most` bytes the client
    /// is told `otherwise`: how many there may be, and what to do.
    pub(super) async fn whole(
        &self,
        mut body: impl Stream<Item = Result<web::Bytes, impl Into<Error>>> + Unpin,
        most: usize,
        otherwise: &str,
    ) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.next(&mut body).await? {
            let piece = piece.map_err(|error| unreadable(&error.into()))?;
            if bytes.len() + piece.len() > most {
                return Err(Problem::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "too-large",
                    otherwise,
                ));
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }
}

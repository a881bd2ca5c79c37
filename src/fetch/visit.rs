//! Visits to sites that did not ask for us: one at a time, at a walking pace, and
//! only where the site lets us.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use url::Url;

use super::{
    client::Fetcher,
    error::FetchError,
    received::{Fetched, Get, REDIRECTS, Received, get},
    robots::{Permission, Robots},
};

/// More hosts than this, and those that were let rest are forgotten.
const MOST_HOSTS: usize = 1_000;

/// Visits pages. Cheap to clone; clones share what sites said and the pace.
#[derive(Debug, Clone)]
pub struct Visitor {
    fetcher: Fetcher,
    robots: Robots,
    pace: Arc<DefaultKeyedRateLimiter<String>>,
}

/// Why a page was not visited.
#[derive(Debug, thiserror::Error)]
pub enum VisitError {
    #[error("the site's robots.txt asks programs to leave {0} alone")]
    RobotsKeepOut(Url),
    #[error("the site of {0} cannot be reached, or does not say what programs may visit")]
    RobotsNotSaid(Url),
    #[error(transparent)]
    Fetch(#[from] FetchError),
}

impl Visitor {
    /// At most one request to a host in each `between`.
    pub fn new(fetcher: Fetcher, between: Duration) -> Self {
        let quota = Quota::with_period(between.max(Duration::from_millis(1)))
            .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
            .allow_burst(NonZeroU32::MIN);
        Self {
            fetcher,
            robots: Robots::default(),
            pace: Arc::new(RateLimiter::keyed(quota)),
        }
    }

    /// Gets a page, if the site lets us. Every address that a redirect leads to is
    /// asked about before it is visited, and waited for like any other.
    pub async fn visit(&self, request: &Get) -> Result<Received, VisitError> {
        let mut step = Get {
            redirects: 0,
            ..request.clone()
        };
        let mut redirected_from = Vec::new();
        loop {
            // What may not be fetched at all is not asked about either.
            self.fetcher.check(&step.url).await?;
            self.permitted(&step.url).await?;
            self.wait_for(&step.url).await;
            match get(&self.fetcher, &step).await {
                Ok(Fetched::Received(mut received)) => {
                    received.redirected_from = redirected_from;
                    return Ok(*received);
                }
                // Asked without validators, so that this is the server's mistake.
                Ok(Fetched::NotModified) => {
                    return Err(FetchError::BadAddress {
                        url: step.url.to_string(),
                        reason: "it answers that nothing has changed, without having been asked",
                    }
                    .into());
                }
                Err(FetchError::Redirects { url, .. }) if redirected_from.len() < REDIRECTS => {
                    if url.origin() != step.url.origin() {
                        step.headers.clear();
                    }
                    redirected_from.push(std::mem::replace(&mut step.url, url));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn wait_for(&self, url: &Url) {
        if self.pace.len() >= MOST_HOSTS {
            self.pace.retain_recent();
            self.pace.shrink_to_fit();
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        self.pace.until_key_ready(&host).await;
    }

    async fn permitted(&self, url: &Url) -> Result<(), VisitError> {
        match self.robots.ask(&self.fetcher, url).await {
            Permission::Given => Ok(()),
            Permission::Refused => Err(VisitError::RobotsKeepOut(url.clone())),
            Permission::Inside(host) => Err(FetchError::Inside { host }.into()),
            Permission::NotSaid => Err(VisitError::RobotsNotSaid(url.clone())),
        }
    }
}

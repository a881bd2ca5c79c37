//! Why something was not fetched.

use std::time::Duration;

use reqwest::StatusCode;
use url::Url;

use super::public::is_public;

/// Nothing usable came back.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Not an address that is fetched: `reason` says what is wrong.
    #[error("{url} is not fetched: {reason}")]
    BadAddress { url: String, reason: &'static str },
    /// The host is inside, or a name that leads there.
    #[error(
        "{host} is not on the public internet; if it is a mirror of yours, name it in the setting fetch.allow"
    )]
    Inside { host: String },
    #[error("{host} is not among the hosts that this may be fetched from ({allowed})")]
    OtherHost { host: String, allowed: String },
    #[error("redirected more than {limit} times, last to {url}")]
    Redirects { limit: usize, url: Url },
    #[error("{url} answered {status}")]
    Status {
        url: Url,
        status: StatusCode,
        retry_after: Option<Duration>,
    },
    #[error("{url} is larger than {limit} bytes")]
    TooLarge { url: Url, limit: u64 },
    #[error("{url} did not answer within {} s", limit.as_secs())]
    Timeout { url: Url, limit: Duration },
    #[error("{url} cannot be reached")]
    Unreachable {
        url: Url,
        #[source]
        source: reqwest::Error,
    },
    /// The body stopped before its end.
    #[error("{url} broke off after {received} bytes")]
    Truncated {
        url: Url,
        received: u64,
        #[source]
        source: reqwest::Error,
    },
    #[error("what came from {url} cannot be written down")]
    Spool {
        url: Url,
        #[source]
        source: std::io::Error,
    },
}

impl FetchError {
    /// Whether the same request may succeed a little later.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Timeout { .. } | Self::Unreachable { .. } | Self::Truncated { .. } => true,
            Self::Status { status, .. } => {
                status.is_server_error()
                    || matches!(
                        *status,
                        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
                    )
            }
            Self::BadAddress { .. }
            | Self::Inside { .. }
            | Self::OtherHost { .. }
            | Self::Redirects { .. }
            | Self::TooLarge { .. }
            | Self::Spool { .. } => false,
        }
    }

    /// How long the server asked to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// A request that never got an answer.
    pub(super) fn of_request(url: &Url, limit: Duration, source: reqwest::Error) -> Self {
        if let Some(InsideAddress(host)) = cause(&source) {
            return Self::Inside { host: host.clone() };
        }
        if source.is_timeout() {
            return Self::Timeout {
                url: url.clone(),
                limit,
            };
        }
        Self::Unreachable {
            url: url.clone(),
            // Told once.
            source: source.without_url(),
        }
    }
}

/// A name that leads to an inside address, as the resolver says it.
#[derive(Debug, thiserror::Error)]
#[error("{0} leads to an inside address")]
pub(super) struct InsideAddress(pub(super) String);

fn cause<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a InsideAddress> {
    let mut current = Some(error);
    while let Some(error) = current {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        current = error.source();
    }
    None
}

/// Whether all of a name's addresses are public. One that is not spoils the
/// others: which one is connected to is not ours to choose.
pub(super) fn all_public(addresses: &[std::net::SocketAddr]) -> bool {
    addresses.iter().all(|address| is_public(address.ip()))
}

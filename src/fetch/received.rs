//! Getting a document.

use std::{collections::BTreeMap, time::Duration};

use backon::{ExponentialBuilder, Retryable};
use futures_util::StreamExt;
use reqwest::{
    Response, StatusCode,
    header::{
        ACCEPT, CONTENT_TYPE, ETAG, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
        LOCATION, RETRY_AFTER,
    },
};
use url::Url;

use super::{
    client::Fetcher,
    error::FetchError,
    spool::{Filling, Spool},
};

pub(super) const REDIRECTS: usize = 5;
/// A server that asks for more patience is asked again by the next schedule.
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// Header lines and bytes kept of an answer.
const HEADERS_KEPT: usize = 64;
const HEADER_BYTES: usize = 1_024;

/// How much of time and space a request may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Of the body, after decompression.
    pub bytes: u64,
    /// From the first byte asked to the last received, each try.
    pub time: Duration,
}

/// Where a redirect may lead.
#[derive(Debug, Clone, Default)]
pub enum Hosts {
    /// Any public host.
    #[default]
    Any,
    /// These hosts and the hosts below them (`dhs.gov`, `www.dhs.gov`).
    Below(Vec<String>),
}

/// What the last answer said of its version, sent back to ask for a newer one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// A request for a document.
#[derive(Debug, Clone)]
pub struct Get {
    pub url: Url,
    pub accept: Option<&'static str>,
    /// Sent to the first host only, like a key of an API.
    pub headers: Vec<(&'static str, String)>,
    pub validators: Validators,
    pub hosts: Hosts,
    /// Redirects followed; one more is [`FetchError::Redirects`].
    pub redirects: usize,
    pub limits: Limits,
}

impl Get {
    pub fn new(url: Url, limits: Limits) -> Self {
        Self {
            url,
            accept: None,
            headers: Vec::new(),
            validators: Validators::default(),
            hosts: Hosts::Any,
            redirects: REDIRECTS,
            limits,
        }
    }
}

/// What a request came to.
#[derive(Debug)]
pub enum Fetched {
    /// 304: what is kept is what is published.
    NotModified,
    Received(Box<Received>),
}

/// A document as received.
#[derive(Debug)]
pub struct Received {
    /// Where it came from in the end.
    pub url: Url,
    /// The addresses before that, in order; empty without a redirect.
    pub redirected_from: Vec<Url>,
    /// Lowercase names; several values of one name are joined by commas.
    pub headers: BTreeMap<String, String>,
    pub body: Spool,
}

impl Received {
    /// The `Content-Type` as sent.
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE.as_str()).map(String::as_str)
    }

    pub fn validators(&self) -> Validators {
        let header = |name: &str| self.headers.get(name).cloned();
        Validators {
            etag: header(ETAG.as_str()),
            last_modified: header(LAST_MODIFIED.as_str()),
        }
    }
}

/// Gets a document, following redirects and trying again what may pass.
pub async fn get(fetcher: &Fetcher, request: &Get) -> Result<Fetched, FetchError> {
    let backoff = ExponentialBuilder::default()
        .with_jitter()
        .with_max_times(fetcher.tries - 1);
    (|| once(fetcher, request))
        .retry(backoff)
        .when(FetchError::may_pass)
        .adjust(|error, wait| match error.retry_after() {
            Some(asked) if asked > LONGEST_WAIT => None,
            Some(asked) => wait.map(|wait| wait.max(asked)),
            None => wait,
        })
        .notify(|error, wait| {
            tracing::info!(
                error = error as &dyn std::error::Error,
                wait_ms = wait.as_millis(),
                "trying again"
            );
        })
        .await
}

async fn once(fetcher: &Fetcher, request: &Get) -> Result<Fetched, FetchError> {
    let limit = request.limits.time;
    tokio::time::timeout(limit, follow(fetcher, request))
        .await
        .unwrap_or_else(|_elapsed| {
            Err(FetchError::Timeout {
                url: request.url.clone(),
                limit,
            })
        })
}

async fn follow(fetcher: &Fetcher, request: &Get) -> Result<Fetched, FetchError> {
    let mut url = request.url.clone();
    let mut redirected_from = Vec::new();
    loop {
        let response = ask(fetcher, request, &url).await?;
        let status = response.status();
        if status == StatusCode::NOT_MODIFIED {
            return Ok(Fetched::NotModified);
        }
        if let Some(next) = redirect(&url, &response)? {
            if redirected_from.len() == request.redirects {
                return Err(FetchError::Redirects {
                    limit: request.redirects,
                    url: next,
                });
            }
            redirected_from.push(std::mem::replace(&mut url, next));
            continue;
        }
        // A part, an empty answer or "come again" is no document.
        if status != StatusCode::OK {
            return Err(FetchError::Status {
                retry_after: retry_after(response.headers()),
                url,
                status,
            });
        }
        let headers = kept_headers(response.headers());
        let body = receive(&url, response, request.limits).await?;
        return Ok(Fetched::Received(Box::new(Received {
            url,
            redirected_from,
            headers,
            body,
        })));
    }
}

async fn ask(fetcher: &Fetcher, request: &Get, url: &Url) -> Result<Response, FetchError> {
    fetcher.check(url).await?;
    request.hosts.check(url)?;
    let mut asking = fetcher.client.get(url.clone());
    if let Some(accept) = request.accept {
        asking = asking.header(ACCEPT, accept);
    }
    let versions = [
        (IF_NONE_MATCH, &request.validators.etag),
        (IF_MODIFIED_SINCE, &request.validators.last_modified),
    ];
    for (name, value) in versions {
        if let Some(value) = value {
            asking = asking.header(name, value);
        }
    }
    if url.origin() == request.url.origin() {
        for (name, value) in &request.headers {
            asking = asking.header(*name, value);
        }
    }
    asking
        .send()
        .await
        .map_err(|error| FetchError::of_request(url, request.limits.time, error))
}

fn redirect(url: &Url, response: &Response) -> Result<Option<Url>, FetchError> {
    let followed = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = response.headers().get(LOCATION);
    let Some(location) = location.filter(|_| followed) else {
        return Ok(None);
    };
    let bad = |reason| FetchError::BadAddress {
        url: String::from_utf8_lossy(location.as_bytes())
            .chars()
            .take(200)
            .collect(),
        reason,
    };
    let next = location
        .to_str()
        .ok()
        .and_then(|location| url.join(location).ok())
        .ok_or_else(|| bad("it is no address to be redirected to"))?;
    if url.scheme() == "https" && next.scheme() != "https" {
        return Err(bad("a redirect may not leave https"));
    }
    Ok(Some(next))
}

impl Hosts {
    fn check(&self, url: &Url) -> Result<(), FetchError> {
        let Self::Below(allowed) = self else {
            return Ok(());
        };
        let host = url.host_str().unwrap_or_default();
        let below = |parent: &String| {
            host == parent
                || host
                    .strip_suffix(parent.as_str())
                    .is_some_and(|rest| rest.ends_with('.'))
        };
        if allowed.iter().any(below) {
            return Ok(());
        }
        Err(FetchError::OtherHost {
            host: host.to_owned(),
            allowed: allowed.join(", "),
        })
    }
}

/// Seconds, as servers send it; a date is as good as nothing said.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    seconds.parse().ok().map(Duration::from_secs)
}

fn kept_headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut kept: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers.iter().take(HEADERS_KEPT) {
        // A session of the publisher's is nothing to keep.
        if name.as_str() == "set-cookie" {
            continue;
        }
        let value = String::from_utf8_lossy(value.as_bytes());
        let value: String = value.chars().take(HEADER_BYTES).collect();
        kept.entry(name.as_str().to_owned())
            .and_modify(|known| {
                known.push_str(", ");
                known.push_str(&value);
            })
            .or_insert(value);
    }
    kept
}

async fn receive(url: &Url, response: Response, limits: Limits) -> Result<Spool, FetchError> {
    let too_large = || FetchError::TooLarge {
        url: url.clone(),
        limit: limits.bytes,
    };
    if response
        .content_length()
        .is_some_and(|length| length > limits.bytes)
    {
        return Err(too_large());
    }
    let mut filling = Filling::new();
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|source| FetchError::Truncated {
            url: url.clone(),
            received: filling.length,
            source: source.without_url(),
        })?;
        if filling.length + piece.len() as u64 > limits.bytes {
            return Err(too_large());
        }
        filling.push(&piece).map_err(|source| FetchError::Spool {
            url: url.clone(),
            source,
        })?;
    }
    Ok(filling.finish())
}

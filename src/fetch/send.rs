//! Sending a message.

use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use reqwest::StatusCode;
use url::Url;

use super::{client::Fetcher, error::FetchError, received::retry_after};

/// Of what is answered, enough to see what went wrong.
const ANSWER_BYTES: usize = 2_048;

/// A message to send, once: whoever sends it decides about trying again.
#[derive(Debug, Clone)]
pub struct Post {
    pub url: Url,
    pub headers: Vec<(&'static str, String)>,
    pub body: Bytes,
    pub time: Duration,
}

/// What the receiver said, whatever it was. A redirect is not followed: a
/// message goes to the address it is meant for.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub retry_after: Option<Duration>,
    /// The beginning of the body.
    pub excerpt: String,
}

/// Sends a message.
pub async fn post(fetcher: &Fetcher, message: &Post) -> Result<Answer, FetchError> {
    let sending = async {
        fetcher.check(&message.url).await?;
        let mut request = fetcher
            .client
            .post(message.url.clone())
            .body(message.body.clone());
        for (name, value) in &message.headers {
            request = request.header(*name, value);
        }
        let response = request
            .send()
            .await
            .map_err(|error| FetchError::of_request(&message.url, message.time, error))?;
        let status = response.status();
        let retry_after = retry_after(response.headers());
        let mut excerpt = Vec::new();
        let mut pieces = response.bytes_stream();
        while let Some(Ok(piece)) = pieces.next().await {
            let room = ANSWER_BYTES - excerpt.len();
            excerpt.extend(piece.iter().take(room));
            if excerpt.len() == ANSWER_BYTES {
                break;
            }
        }
        Ok(Answer {
            status,
            retry_after,
            excerpt: String::from_utf8_lossy(&excerpt).into_owned(),
        })
    };
    tokio::time::timeout(message.time, sending)
        .await
        .unwrap_or_else(|_elapsed| {
            Err(FetchError::Timeout {
                url: message.url.clone(),
                limit: message.time,
            })
        })
}

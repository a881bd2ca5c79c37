//! Every request has an id; problems and logs name it.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
};
use tracing::Instrument;
use uuid::Uuid;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: String;
}

/// The id of the request in hand; empty outside of one.
pub(super) fn current() -> String {
    CURRENT.try_with(Clone::clone).unwrap_or_default()
}

/// Takes the caller's id if it is a short plain word, or makes one, and answers
/// with it.
pub(super) async fn keep(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let given = request
        .headers()
        .get(HEADER)
        .and_then(|value| value.to_str().ok())
        .filter(|text| is_plain(text))
        .map(str::to_owned);
    let id = given.unwrap_or_else(|| Uuid::now_v7().to_string());
    let span = tracing::info_span!("request", request.id = %id);
    let mut response = CURRENT
        .scope(id.clone(), next.call(request))
        .instrument(span)
        .await?;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    Ok(response)
}

/// What can stand in a log line and in JSON without any harm.
fn is_plain(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

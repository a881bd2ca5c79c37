//! What is measured and logged of every request: its route, never what it
//! asked for.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{ConnectionType, Method},
    middleware::Next,
};

use super::allowed::SignedIn;

pub(super) async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let begun = Instant::now();
    let method = known(request.method());
    let mut response = next.call(request).await?;
    // The server's patience with a slow head is for a connection's first one: a
    // stranger gets no second.
    if !response.request().extensions().contains::<SignedIn>() {
        response
            .response_mut()
            .head_mut()
            .set_connection_type(ConnectionType::Close);
    }
    let route = response
        .request()
        .match_pattern()
        .unwrap_or_else(|| "none".to_owned());
    let status = response.status().as_u16();
    let took = begun.elapsed();
    metrics::counter!("plimsoll_http_requests_total",
        "method" => method, "route" => route.clone(), "status" => status.to_string())
    .increment(1);
    metrics::histogram!("plimsoll_http_request_seconds",
        "method" => method, "route" => route.clone())
    .record(took.as_secs_f64());
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::warn!(
            http.method = method,
            http.route = route,
            http.status = status,
            duration_ms,
            "a request was not served"
        );
    } else {
        tracing::debug!(
            http.method = method,
            http.route = route,
            http.status = status,
            duration_ms,
            "a request was answered"
        );
    }
    Ok(response)
}

/// A client may call its method anything; a metric has few.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

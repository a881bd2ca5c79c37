//! JSON bodies, query parameters and path parts, refused as problems that point
//! to the place.

use std::{collections::BTreeSet, future::Future, pin::Pin, time::Duration};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::{StatusCode, header},
    web,
};
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::{json_flaw, problem::Problem, state::State};

/// Bodies that are no supplier list are small.
pub const JSON_BYTES: usize = 1 << 20;

/// A JSON body. Bad syntax is 400, a wrong shape 422 with a pointer.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = media_type(request) == "application/json";
        let bytes = web::Bytes::from_request(request, payload);
        let patience = request
            .app_data::<web::Data<State>>()
            .map_or(Duration::from_secs(30), |state| state.limits.body);
        Box::pin(async move {
            if !is_json {
                return Err(Problem::new(
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    "unsupported-media-type",
                    "the body must be application/json",
                ));
            }
            let bytes = tokio::time::timeout(patience, bytes)
                .await
                .map_err(|_| too_slow())?
                .map_err(|error| unreadable(&error))?;
            // An array would be taken for the fields in their order.
            if bytes.trim_ascii().starts_with(b"[") {
                return Err(Problem::unprocessable("", "the body must be an object"));
            }
            Ok(Self(parse(&bytes)?))
        })
    }
}

/// A body could not be received whole.
pub(super) fn unreadable(error: &actix_web::Error) -> Problem {
    let status = error.as_response_error().status_code();
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(status, "too-large", "the body is larger than allowed here")
    } else {
        Problem::syntax("", "the body did not arrive whole")
    }
}

/// A body takes too long to arrive.
pub(super) fn too_slow() -> Problem {
    Problem::new(
        StatusCode::REQUEST_TIMEOUT,
        "too-slow",
        "the body did not arrive in time",
    )
}

/// The media type of the body without its parameters, in lower case.
pub(super) fn media_type(request: &HttpRequest) -> String {
    request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Parses JSON; what is wrong is told with its place.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if let Some(flaw) = json_flaw::flaw(bytes) {
        return Err(Problem::unprocessable(flaw.pointer, flaw.reason));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = pointer(error.path());
        let inner = error.into_inner();
        if inner.is_data() {
            Problem::unprocessable(pointer, inner.to_string())
        } else {
            Problem::syntax(pointer, inner.to_string())
        }
    })?;
    reader
        .end()
        .map_err(|error| Problem::syntax("", error.to_string()))?;
    Ok(parsed)
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        let part = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.replace('~', "~0").replace('/', "~1"),
            Segment::Enum { variant } => variant.clone(),
            Segment::Unknown => break,
        };
        pointer.push('/');
        pointer.push_str(&part);
    }
    pointer
}

/// Query parameters; an unknown one or a bad value is 400 and named.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(parameters(request.query_string()).map(Self))
    }
}

/// Reads parameters as they stand in an address.
pub(super) fn parameters<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    let mut seen = BTreeSet::new();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        if !seen.insert(name.clone()) {
            return Err(Problem::bad_parameter(&name, "it is given more than once"));
        }
        // PostgreSQL stores no text that holds it.
        if name.contains('\0') || value.contains('\0') {
            return Err(Problem::bad_parameter(
                &name.replace('\0', ""),
                "it holds the character U+0000",
            ));
        }
    }
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let name = error.path().to_string();
        Problem::bad_parameter(name.trim_matches('.'), error.into_inner().to_string())
    })
}

/// A path part. What is no id names nothing: 404.
#[derive(Debug)]
pub struct Id<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Id<T> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let path = web::Path::<T>::from_request(request, payload).into_inner();
        // PostgreSQL stores no text with it, so it names nothing.
        if request.path().contains("%00") {
            return std::future::ready(Err(Problem::not_found()));
        }
        std::future::ready(
            path.map(|path| Self(path.into_inner()))
                .map_err(|_| Problem::not_found()),
        )
    }
}

//! Content sent ahead, by its hash and in parts, and taken up again where it
//! stopped.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{StatusCode, header},
    web,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::uploads::{self, PART_BYTES, Part, Progress, UploadError},
    http::{
        allowed::{Allowed, Screen},
        body::Id,
        moment::Moment,
        problem::{Problem, ProblemDocument},
        state::State,
    },
};

#[derive(Debug, Serialize, ToSchema)]
pub struct UploadView {
    /// Of the whole content.
    sha256: String,
    /// Bytes of the whole content.
    size: u64,
    /// Bytes received from the beginning on: where the next part begins.
    received: u64,
    /// It is verified and kept: name it by its hash.
    complete: bool,
    /// What is not complete by then is dropped.
    expires_at: Option<Moment>,
}

fn answer(builder: &mut HttpResponseBuilder, progress: &Progress) {
    builder
        .insert_header(("Upload-Length", progress.size.to_string()))
        .insert_header(("Upload-Offset", progress.received.to_string()));
}

fn shown(sha256: String, progress: &Progress) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    answer(&mut response, progress);
    response.json(UploadView {
        sha256,
        size: progress.size,
        received: progress.received,
        complete: progress.expires_at.is_none(),
        expires_at: progress.expires_at.map(Moment),
    })
}

/// How much of a content your organization has sent
///
/// 404: nothing. Whether another organization holds it plays no part.
#[utoipa::path(get, path = "/api/v1/uploads/{sha256}", tag = "screening",
    params(("sha256" = String, Path, pattern = "^[0-9a-f]{64}$")),
    responses((status = 200, description = "How far it is", body = UploadView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn upload(
    allowed: Allowed<Screen>,
    state: web::Data<State>,
    Id(sha256): Id<String>,
) -> Result<HttpResponse, Problem> {
    let progress = uploads::progress(&allowed.database, &sha256, state.clock.now())
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(shown(sha256, &progress))
}

/// The same without a body, in `Upload-Offset` and `Upload-Length`
#[utoipa::path(head, path = "/api/v1/uploads/{sha256}", tag = "screening",
    params(("sha256" = String, Path, pattern = "^[0-9a-f]{64}$")),
    responses((status = 200, description = "How far it is", headers(
            ("Upload-Offset" = u64, description = "Bytes received"),
            ("Upload-Length" = u64, description = "Bytes of the whole content"))),
        (status = "default", description = "A problem")))]
pub(in crate::http) async fn offset(
    allowed: Allowed<Screen>,
    state: web::Data<State>,
    Id(sha256): Id<String>,
) -> Result<HttpResponse, Problem> {
    let progress = uploads::progress(&allowed.database, &sha256, state.clock.now())
        .await?
        .ok_or_else(Problem::not_found)?;
    let mut response = HttpResponse::Ok();
    answer(&mut response, &progress);
    Ok(response.finish())
}

/// Send a content, or its next part
///
/// With `Content-Range: bytes 0-8388607/20000000` a part of at most 8 MiB, in
/// order; without it the whole, if it is no larger. A part that does not begin
/// where the upload stands is 409: `GET` tells where to go on. With the last
/// part the content is verified against its hash and kept; then
/// `POST /api/v1/supplier-lists` takes `{"sha256": ...}`. What your organization
/// holds already is complete at once. An upload to which nothing is added for 24
/// hours is dropped.
#[utoipa::path(put, path = "/api/v1/uploads/{sha256}", tag = "screening",
    params(("sha256" = String, Path, pattern = "^[0-9a-f]{64}$"),
        ("Content-Range" = Option<String>, Header, example = "bytes 0-8388607/20000000", pattern = "^bytes [0-9]{1,12}-[0-9]{1,12}/[0-9]{1,12}$", description = "bytes FIRST-LAST/SIZE")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, description = "How far it is", body = UploadView),
        (status = 409, description = "The part does not begin where the upload stands, or too many are under way", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn send(
    allowed: Allowed<Screen>,
    state: web::Data<State>,
    Id(sha256): Id<String>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    let range = range(&request)?;
    let place = state.limits.upload_place()?;
    let otherwise =
        format!("a part has at most {PART_BYTES} bytes: send several with Content-Range");
    let bytes = place.whole(body, PART_BYTES, &otherwise).await?;
    let length = bytes.len() as u64;
    let part = match range {
        None => Part {
            start: 0,
            bytes,
            size: length,
        },
        Some((first, last, size)) => {
            if last.checked_sub(first).and_then(|more| more.checked_add(1)) != Some(length) {
                return Err(Problem::unprocessable(
                    "",
                    "Content-Range says another number of bytes than the body has",
                ));
            }
            Part {
                start: first,
                bytes,
                size,
            }
        }
    };
    let progress = uploads::take(&allowed.database, state.clock.as_ref(), &sha256, part).await?;
    Ok(shown(sha256, &progress))
}

/// First and last byte of the part and the size of the whole.
fn range(request: &HttpRequest) -> Result<Option<(u64, u64, u64)>, Problem> {
    let Some(value) = request.headers().get(header::CONTENT_RANGE) else {
        return Ok(None);
    };
    value
        .to_str()
        .ok()
        .and_then(|text| {
            let (places, size) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
            let (first, last) = places.split_once('-')?;
            Some((first.parse().ok()?, last.parse().ok()?, size.parse().ok()?))
        })
        .map(Some)
        .ok_or_else(|| Problem::syntax("", "write Content-Range: bytes FIRST-LAST/SIZE"))
}

impl From<UploadError> for Problem {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::BadHash => Self::not_found(),
            UploadError::Size { .. } => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                error.to_string(),
            ),
            UploadError::BadPart => Self::unprocessable("", error.to_string()),
            UploadError::Elsewhere { .. } => Self::conflict("upload-elsewhere", &error),
            UploadError::TooMany => Self::conflict("too-many-uploads", &error),
            UploadError::OtherContent => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "other-content",
                error.to_string(),
            ),
            UploadError::Store(error) => error.into(),
        }
    }
}

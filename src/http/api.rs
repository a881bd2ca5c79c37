//! Health and the latest screening. Sign-in, uploads and jobs are not here yet,
//! which is why the service binds to loopback.

use actix_web::{HttpResponse, web};
use serde_json::json;

use super::problem::Problem;
use crate::{
    app::export::{each_supplier, newest},
    report::DocumentWriter,
    store::{Database, trail},
};

/// The process is up.
pub(super) async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "up"}))
}

/// The database answers.
pub(super) async fn readyz(database: web::Data<Database>) -> Result<HttpResponse, Problem> {
    let head = trail::head(database.connection()).await?;
    Ok(HttpResponse::Ok().json(json!({"status": "ready", "audit_events": head.number})))
}

/// The newest finished screening: the canonical document whose SHA-256 is in
/// the audit trail.
pub(super) async fn latest_screening(
    database: web::Data<Database>,
) -> Result<HttpResponse, Problem> {
    let latest = newest(&database, 1)
        .await?
        .pop()
        .ok_or(Problem::NoScreening)?;
    let mut document =
        DocumentWriter::begin(Vec::new(), &latest.head_text).map_err(|_| Problem::Unreadable)?;
    each_supplier(&database, &latest, |detail| document.push(detail))
        .await
        .map_err(|_| Problem::Unreadable)?;
    let body = document
        .finish(&latest.totals_text)
        .map_err(|_| Problem::Unreadable)?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(("X-Screening-Id", latest.id.to_string()))
        .insert_header(("Digest", format!("sha-256={}", latest.result_sha256)))
        .body(body))
}

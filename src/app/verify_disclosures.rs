//! Holding what was kept of companies' and contractors' papers against the
//! trail.

use serde_json::Value;

use super::verify::{Told, VerifyError, verify_document};
use crate::{
    audit::sha256_hex,
    clock::rfc3339,
    store::{Database, contents, contractor_checks},
};

pub(super) async fn verify_statement_reading(
    database: &Database,
    told: &Told<'_>,
) -> Result<(), VerifyError> {
    let stored = match told.id {
        Some(id) => contents::statement_reading(database.connection(), id).await?,
        None => None,
    };
    let holds = stored.is_some_and(|row| {
        told.id("statement") == Some(row.statement_id)
            && told.text("detail_sha256") == Some(&row.detail_sha256)
            && row.detail_sha256 == sha256_hex(row.detail.as_bytes())
            && told.text("document_sha256") == row.document_sha256.as_deref()
            && told.text("overall") == Some(&row.overall)
            && told.actor == row.actor
    });
    if !holds {
        return Err(told.altered("statement reading"));
    }
    match told.text("document_sha256") {
        Some(sha256) => verify_document(database, told, Some(sha256)).await,
        None => Ok(()),
    }
}

pub(super) async fn verify_contractor_check(
    database: &Database,
    told: &Told<'_>,
) -> Result<(), VerifyError> {
    let database_of = database.of(told.organization);
    let stored = match told.id {
        Some(id) => contractor_checks::find(database_of.connection(), id).await?,
        None => None,
    };
    let as_json = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let holds = stored.is_some_and(|row| {
        told.text("as_of") == Some(&row.as_of.to_string())
            && told.is("files", &as_json(&row.files))
            && told.is("summary", &as_json(&row.summary))
            && told.text("result_sha256") == Some(&row.result_sha256)
            && told.id("follows") == row.follows
    });
    if !holds {
        return Err(told.altered("check of contractors"));
    }
    let files = told.details.get("files").and_then(Value::as_array);
    for file in files.into_iter().flatten() {
        let sha256 = file.get("sha256").and_then(Value::as_str);
        verify_document(database, told, sha256).await?;
    }
    verify_document(database, told, told.text("result_sha256")).await
}

/// Such an event is about what was decided, and its row is found by that.
pub(super) async fn verify_contractor_decision(
    database: &Database,
    told: &Told<'_>,
    at: &str,
) -> Result<(), VerifyError> {
    let database = database.of(told.organization);
    let hashed = |text: &String| sha256_hex(text.as_bytes());
    let holds = contractor_checks::decisions_about(database.connection(), told.subject)
        .await?
        .iter()
        .any(|row| {
            told.id("check") == Some(row.check_id)
                && told.is("confirmed", &row.confirmed.into())
                && told.text("rationale_sha256") == Some(&hashed(&row.rationale))
                && told.text("contractor_response_sha256").map(str::to_owned)
                    == row.contractor_response.as_ref().map(hashed)
                && told.actor == row.reviewer
                && rfc3339(row.decided_at) == at
        });
    if holds {
        Ok(())
    } else {
        Err(told.altered("decision about a contractor"))
    }
}

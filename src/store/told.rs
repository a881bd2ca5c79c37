//! What people and systems said, read back as it stands, of whatever
//! organization: the columns that the trail binds, as the trail names them.

use entities::{
    lead_disposition, risk_model, risk_model_activation, supplier_merge, supplier_version,
};
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Scoped, StoreError};
use crate::audit::sha256_hex;

/// A row as its event has to tell of it, and who made it.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldRow {
    pub details: Value,
    pub actor: String,
}

fn hashed(text: &str) -> String {
    sha256_hex(text.as_bytes())
}

pub async fn supplier_version(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<ToldRow>, StoreError> {
    let row = supplier_version::Entity::find_by_id(id)
        .one(&connection.raw)
        .await?;
    Ok(row.map(|row| ToldRow {
        details: json!({
            "supplier": row.standing_supplier_id,
            "version": row.version,
            "record_sha256": hashed(&row.record),
            "active": row.active,
        }),
        actor: row.changed_by,
    }))
}

pub async fn supplier_merge(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<ToldRow>, StoreError> {
    let row = supplier_merge::Entity::find_by_id(id)
        .one(&connection.raw)
        .await?;
    Ok(row.map(|row| ToldRow {
        details: json!({
            "decision": row.decision,
            "kept": row.kept_id,
            "other": row.other_id,
            "rationale_sha256": hashed(&row.rationale),
            "evidence_sha256": row.evidence.as_deref().map(hashed),
        }),
        actor: row.decided_by,
    }))
}

pub async fn risk_model(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<ToldRow>, StoreError> {
    let row = risk_model::Entity::find_by_id(id)
        .one(&connection.raw)
        .await?;
    Ok(row.map(|row| ToldRow {
        details: json!({
            "name": row.name,
            "version": row.version,
            "sha256": row.document_sha256,
        }),
        actor: row.drafted_by,
    }))
}

pub async fn risk_model_activation(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<ToldRow>, StoreError> {
    let row = risk_model_activation::Entity::find_by_id(id)
        .one(&connection.raw)
        .await?;
    Ok(row.map(|row| ToldRow {
        details: json!({
            "risk_model": row.risk_model_id,
            "rationale_sha256": hashed(&row.rationale),
        }),
        actor: row.activated_by,
    }))
}

pub async fn lead_disposition(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<ToldRow>, StoreError> {
    let row = lead_disposition::Entity::find_by_id(id)
        .one(&connection.raw)
        .await?;
    Ok(row.map(|row| ToldRow {
        details: json!({
            "screening": row.screening_id,
            "supplier": row.supplier_id,
            "kind": row.kind,
            "source": row.source,
            "subject": row.subject,
            "decision": row.decision,
            "rationale_sha256": hashed(&row.rationale),
        }),
        actor: row.reviewer,
    }))
}

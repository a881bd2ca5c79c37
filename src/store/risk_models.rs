//! An organization's own risk models, and which is in use.

use entities::{
    risk_model::{ActiveModel, Column, Entity, Model},
    risk_model_activation,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::{
    Scoped, Slice, StoreError,
    listing::{Key, slice},
};
use crate::clock::Timestamp;

/// A model whose file is kept as a document of the organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskModel {
    pub id: Uuid,
    pub sha256: String,
    pub name: String,
    pub version: String,
    pub drafted_by: String,
    pub drafted_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activation {
    pub id: Uuid,
    /// `None`: the model that ships with the program.
    pub risk_model_id: Option<Uuid>,
    pub rationale: String,
    pub activated_by: String,
    pub activated_at: Timestamp,
}

pub async fn add(
    transaction: &Scoped<impl ConnectionTrait>,
    added: RiskModel,
) -> Result<(), StoreError> {
    Entity::insert(ActiveModel {
        id: Set(added.id),
        organization_id: Set(transaction.organization().0),
        document_sha256: Set(added.sha256),
        name: Set(added.name),
        version: Set(added.version),
        drafted_by: Set(added.drafted_by),
        drafted_at: Set(added.drafted_at),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

pub async fn find(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<RiskModel>, StoreError> {
    let rows = connection.select::<Entity>().filter(Column::Id.eq(id));
    Ok(rows.one(&connection.raw).await?.map(read))
}

pub async fn by_sha256(
    connection: &Scoped<impl ConnectionTrait>,
    sha256: &str,
) -> Result<Option<RiskModel>, StoreError> {
    let rows = connection
        .select::<Entity>()
        .filter(Column::DocumentSha256.eq(sha256));
    Ok(rows.one(&connection.raw).await?.map(read))
}

pub async fn page(
    connection: &Scoped<impl ConnectionTrait>,
    part: &Slice,
) -> Result<Vec<RiskModel>, StoreError> {
    let keys = [
        ("id", Column::Id, Key::Id),
        ("name", Column::Name, Key::Text),
        ("drafted_at", Column::DraftedAt, Key::Moment),
    ];
    let rows = slice(connection.select::<Entity>(), &keys, part)?;
    let found = rows.all(&connection.raw).await?;
    Ok(found.into_iter().map(read).collect())
}

pub async fn activate(
    transaction: &Scoped<impl ConnectionTrait>,
    added: Activation,
) -> Result<(), StoreError> {
    risk_model_activation::Entity::insert(risk_model_activation::ActiveModel {
        id: Set(added.id),
        organization_id: Set(transaction.organization().0),
        risk_model_id: Set(added.risk_model_id),
        rationale: Set(added.rationale),
        activated_by: Set(added.activated_by),
        activated_at: Set(added.activated_at),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

/// The newest activation; `None`: nobody has ever chosen a model.
pub async fn newest_activation(
    connection: &Scoped<impl ConnectionTrait>,
) -> Result<Option<Activation>, StoreError> {
    let row = connection
        .select::<risk_model_activation::Entity>()
        .order_by_desc(risk_model_activation::Column::ActivatedAt)
        .order_by_desc(risk_model_activation::Column::Id)
        .limit(1)
        .one(&connection.raw)
        .await?;
    Ok(row.map(read_activation))
}

/// The model in use; `None`: the one that ships with the program.
pub async fn in_use(
    connection: &Scoped<impl ConnectionTrait>,
) -> Result<Option<RiskModel>, StoreError> {
    let Some(id) = newest_activation(connection)
        .await?
        .and_then(|newest| newest.risk_model_id)
    else {
        return Ok(None);
    };
    match find(connection, id).await? {
        Some(model) => Ok(Some(model)),
        // Never the shipped one in silence.
        None => Err(StoreError::Missing {
            what: "risk model in use",
            id: id.to_string(),
        }),
    }
}

pub async fn activations(
    connection: &Scoped<impl ConnectionTrait>,
    part: &Slice,
) -> Result<Vec<Activation>, StoreError> {
    let keys = [("id", risk_model_activation::Column::Id, Key::Id)];
    let rows = connection.select::<risk_model_activation::Entity>();
    let found = slice(rows, &keys, part)?.all(&connection.raw).await?;
    Ok(found.into_iter().map(read_activation).collect())
}

fn read(row: Model) -> RiskModel {
    RiskModel {
        id: row.id,
        sha256: row.document_sha256,
        name: row.name,
        version: row.version,
        drafted_by: row.drafted_by,
        drafted_at: row.drafted_at,
    }
}

fn read_activation(row: risk_model_activation::Model) -> Activation {
    Activation {
        id: row.id,
        risk_model_id: row.risk_model_id,
        rationale: row.rationale,
        activated_by: row.activated_by,
        activated_at: row.activated_at,
    }
}

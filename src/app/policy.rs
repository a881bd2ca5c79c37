//! The policy files: kept with every screening that used them, so that it can
//! be replayed after they have changed.

use crate::{
    audit::sha256_hex,
    clock::Timestamp,
    exposure::{GOODS_VOCABULARY, Vocabulary, VocabularyError},
    risk::{FLDD_1_0, Model, ModelError},
    store::{Connection, Scoped, StoreError, documents, risk_models},
};

const MEDIA_TYPE: &str = "application/toml";

/// A risk model and a goods vocabulary.
#[derive(Debug, Clone)]
pub struct Policy {
    pub model: Model,
    pub vocabulary: Vocabulary,
}

/// The policy cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("the risk model cannot be used")]
    Model(#[from] ModelError),
    #[error("the goods vocabulary cannot be used")]
    Vocabulary(#[from] VocabularyError),
}

impl Policy {
    /// What ships with the program.
    pub fn shipped() -> Result<Self, PolicyError> {
        Self::parse(FLDD_1_0, GOODS_VOCABULARY)
    }

    pub fn parse(model: &[u8], vocabulary: &[u8]) -> Result<Self, PolicyError> {
        Ok(Self {
            model: Model::parse(model)?,
            vocabulary: Vocabulary::parse(vocabulary)?,
        })
    }
}

/// Keeps the shipped policy files, so that what was assessed with them can be
/// assessed again after they have changed.
pub(super) async fn keep(
    transaction: &Scoped<impl Connection>,
    now: Timestamp,
) -> Result<(), StoreError> {
    for bytes in [FLDD_1_0, GOODS_VOCABULARY] {
        documents::keep_public(transaction, bytes, MEDIA_TYPE, now).await?;
    }
    Ok(())
}

/// The model that the organization's screenings use: its own choice, or the one
/// that ships with the program.
pub async fn in_use(connection: &Scoped<impl Connection>) -> Result<Policy, KeptPolicyError> {
    match risk_models::in_use(connection).await? {
        None => Ok(Policy::shipped()?),
        Some(model) => {
            let bytes = documents::read(connection, &model.sha256).await?;
            Ok(Policy::parse(&bytes, GOODS_VOCABULARY)?)
        }
    }
}

/// The file of the risk model in use.
pub async fn model_file(connection: &Scoped<impl Connection>) -> Result<Vec<u8>, StoreError> {
    match risk_models::in_use(connection).await? {
        None => Ok(FLDD_1_0.to_vec()),
        Some(model) => documents::read(connection, &model.sha256).await,
    }
}

/// The bytes of a policy file: an organization's own, one that everybody used,
/// or one that ships with this program.
async fn file(connection: &Scoped<impl Connection>, sha256: &str) -> Result<Vec<u8>, StoreError> {
    match documents::read_public(connection, sha256).await {
        Err(StoreError::Missing { .. }) => {}
        kept => return kept,
    }
    match documents::read(connection, sha256).await {
        Err(StoreError::Missing { what, id }) => [FLDD_1_0, GOODS_VOCABULARY]
            .into_iter()
            .find(|shipped| sha256_hex(shipped) == sha256)
            .map(<[u8]>::to_vec)
            .ok_or(StoreError::Missing { what, id }),
        kept => kept,
    }
}

/// The policy that a screening was made with, by hash.
pub(super) async fn kept(
    connection: &Scoped<impl Connection>,
    model_sha256: &str,
    vocabulary_sha256: &str,
) -> Result<Policy, KeptPolicyError> {
    let model = file(connection, model_sha256).await?;
    let vocabulary = file(connection, vocabulary_sha256).await?;
    Ok(Policy::parse(&model, &vocabulary)?)
}

/// A kept policy cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeptPolicyError {
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

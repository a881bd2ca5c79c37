//! The policy files: kept with every screening that used them, so that it can
//! be replayed after they have changed.

use crate::{
    clock::Timestamp,
    exposure::{GOODS_VOCABULARY, Vocabulary, VocabularyError},
    risk::{FLDD_1_0, Model, ModelError},
    store::{Connection, Scoped, StoreError, documents},
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

/// The policy that a screening was made with, by hash.
pub(super) async fn kept(
    connection: &Scoped<impl Connection>,
    model_sha256: &str,
    vocabulary_sha256: &str,
) -> Result<Policy, KeptPolicyError> {
    let model = documents::read_public(connection, model_sha256).await?;
    let vocabulary = documents::read_public(connection, vocabulary_sha256).await?;
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

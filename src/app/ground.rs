//! What suppliers are held against, built once and shared: parsing the lists
//! and indexing their names takes far longer than one screening.

use std::sync::Arc;

use chrono::NaiveDate;
use tokio::sync::{Mutex, OnceCell};

use super::policy::{self, KeptPolicyError, Policy, PolicyError};
use crate::{
    clock::Timestamp,
    due_diligence::Ground,
    lists::{ListSet, Source, reference},
    report::Head,
    store::{Database, StoreError, documents, list_snapshots},
};

/// Today's, yesterday's and a few that decisions look back to.
const KEPT: usize = 4;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    lists: Vec<(Source, String)>,
    /// Model and vocabulary, by hash; `None`: as shipped.
    policy: Option<(String, String)>,
    as_of: NaiveDate,
}

/// The grounds in use, the most recently used last.
#[derive(Debug, Default)]
pub struct Grounds {
    kept: Mutex<Vec<(Key, Arc<Ground>)>>,
    /// Set once the shipped policy is known to be in the database.
    policy: OnceCell<()>,
}

/// The ground cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum GroundError {
    #[error("a list snapshot cannot be read")]
    List(#[from] reference::UnreadableReference),
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error(transparent)]
    KeptPolicy(#[from] KeptPolicyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("building the index stopped before its end")]
    Stopped(#[from] tokio::task::JoinError),
}

impl Grounds {
    /// Keeps the shipped policy before anything is recorded that names it.
    pub(super) async fn keep_policy(
        &self,
        database: &Database,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.policy
            .get_or_try_init(|| async {
                let transaction = database.begin_write().await?;
                policy::keep(&transaction, now).await?;
                transaction.commit().await
            })
            .await
            .copied()
    }

    /// The lists in force under the policy that ships with the program.
    pub async fn current(
        &self,
        database: &Database,
        as_of: NaiveDate,
    ) -> Result<Arc<Ground>, GroundError> {
        let key = Key {
            lists: list_snapshots::in_force(database.connection()).await?,
            policy: None,
            as_of,
        };
        self.get(database, key).await
    }

    /// What a stored screening was made on.
    pub async fn of_screening(
        &self,
        database: &Database,
        head: &Head,
    ) -> Result<Arc<Ground>, GroundError> {
        let lists = head.snapshots.iter();
        let key = Key {
            lists: lists
                .map(|head| (head.source, head.sha256.clone()))
                .collect(),
            policy: Some((
                head.model.sha256.clone(),
                head.engine.goods_vocabulary_sha256.clone(),
            )),
            as_of: head.as_of,
        };
        self.get(database, key).await
    }

    async fn get(&self, database: &Database, key: Key) -> Result<Arc<Ground>, GroundError> {
        // Held while building: whoever else wants the same waits for it.
        let mut kept = self.kept.lock().await;
        if let Some(place) = kept.iter().position(|(known, _)| *known == key) {
            let found = kept.remove(place);
            let ground = Arc::clone(&found.1);
            kept.push(found);
            return Ok(ground);
        }
        let mut documents = Vec::with_capacity(key.lists.len());
        for (source, sha256) in &key.lists {
            let bytes = documents::read_public(database.connection(), sha256).await?;
            documents.push((*source, bytes));
        }
        let policy = match &key.policy {
            None => Policy::shipped()?,
            Some((model, vocabulary)) => {
                policy::kept(database.connection(), model, vocabulary).await?
            }
        };
        let as_of = key.as_of;
        let ground = tokio::task::spawn_blocking(move || {
            let snapshots = documents
                .into_iter()
                .map(|(source, bytes)| reference::parse(source, &bytes))
                .collect::<Result<_, _>>()?;
            let lists = ListSet::new(snapshots);
            Ok::<_, GroundError>(Ground::new(&lists, policy.model, policy.vocabulary, as_of))
        })
        .await??;
        let ground = Arc::new(ground);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((key, Arc::clone(&ground)));
        Ok(ground)
    }
}

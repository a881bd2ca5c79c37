//! What suppliers are held against, built once and shared: parsing the lists
//! and indexing their names takes far longer than one screening.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::NaiveDate;
use tokio::sync::{Mutex, OnceCell, Semaphore};

use super::{
    list_editions::{self, EditionError},
    policy::{self, KeptPolicyError, Policy, PolicyError},
};
use crate::{
    audit::sha256_hex,
    clock::Timestamp,
    due_diligence::Ground,
    exposure::GOODS_VOCABULARY,
    lists::{ListSet, SnapshotHead},
    organization::OrganizationId,
    report::Head,
    store::{Database, StoreError, risk_models},
};

/// Today's, yesterday's, a few that decisions look back to and a few with a risk
/// model of an organization's own.
const KEPT: usize = 8;

/// Grounds built at once: one organization's do not keep another's waiting.
const BUILDS: usize = 2;
/// Whatever comes into force counts at the latest so long after: a service that
/// answers many a second need not look each time.
const FRESH: Duration = Duration::from_millis(100);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    lists: Vec<SnapshotHead>,
    /// Model and vocabulary, by hash; `None`: as shipped.
    policy: Option<(String, String)>,
    as_of: NaiveDate,
}

/// A ground, once it is built.
type Built = OnceCell<Arc<Ground>>;
/// For whom, and for which day.
type Place = (OrganizationId, NaiveDate);
/// When, and what was found.
type Looked = (Instant, Arc<Ground>);

/// The grounds in use, the most recently used last.
#[derive(Debug)]
pub struct Grounds {
    kept: Mutex<Vec<(Key, Arc<Built>)>>,
    builds: Semaphore,
    /// What was in force for whom and for which day when last looked.
    looked: Mutex<HashMap<Place, Looked>>,
    /// Set once the shipped policy is known to be in the database.
    policy: OnceCell<()>,
}

impl Default for Grounds {
    fn default() -> Self {
        Self {
            kept: Mutex::default(),
            builds: Semaphore::new(BUILDS),
            looked: Mutex::default(),
            policy: OnceCell::default(),
        }
    }
}

/// The ground cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum GroundError {
    #[error(transparent)]
    Edition(Box<EditionError>),
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error(transparent)]
    KeptPolicy(#[from] KeptPolicyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("building the index stopped before its end")]
    Stopped(#[from] tokio::task::JoinError),
}

impl From<EditionError> for GroundError {
    fn from(error: EditionError) -> Self {
        Self::Edition(Box::new(error))
    }
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

    /// The lists in force under the organization's risk model: its own choice, or
    /// the one that ships with the program.
    pub async fn current(
        &self,
        database: &Database,
        as_of: NaiveDate,
    ) -> Result<Arc<Ground>, GroundError> {
        let place = (database.organization(), as_of);
        if let Some((at, ground)) = self.looked.lock().await.get(&place)
            && at.elapsed() < FRESH
        {
            return Ok(Arc::clone(ground));
        }
        let at = Instant::now();
        let ground = self.look(database, as_of).await?;
        let mut looked = self.looked.lock().await;
        // What is old holds an index that nobody may need any more.
        looked.retain(|_, (at, _)| at.elapsed() < FRESH);
        looked.insert(place, (at, Arc::clone(&ground)));
        Ok(ground)
    }

    async fn look(
        &self,
        database: &Database,
        as_of: NaiveDate,
    ) -> Result<Arc<Ground>, GroundError> {
        let key = Key {
            lists: list_editions::in_force(database, as_of)
                .await?
                .into_iter()
                .map(|kept| kept.head)
                .collect(),
            policy: risk_models::in_use(database.connection())
                .await?
                .map(|model| (model.sha256, sha256_hex(GOODS_VOCABULARY))),
            as_of,
        };
        self.get(database, key).await
    }

    /// What a stored screening was made on, under another risk model.
    pub async fn of_screening_under(
        &self,
        database: &Database,
        head: &Head,
        model_sha256: &str,
    ) -> Result<Arc<Ground>, GroundError> {
        let mut other = head.clone();
        model_sha256.clone_into(&mut other.model.sha256);
        self.of_screening(database, &other).await
    }

    /// What a stored screening was made on.
    pub async fn of_screening(
        &self,
        database: &Database,
        head: &Head,
    ) -> Result<Arc<Ground>, GroundError> {
        let key = Key {
            lists: head.snapshots.clone(),
            policy: Some((
                head.model.sha256.clone(),
                head.engine.goods_vocabulary_sha256.clone(),
            )),
            as_of: head.as_of,
        };
        self.get(database, key).await
    }

    async fn get(&self, database: &Database, key: Key) -> Result<Arc<Ground>, GroundError> {
        let place = self.place_of(&key).await;
        // Whoever wants the same waits for it; nobody else does.
        let ground = place.get_or_try_init(|| self.build(database, key)).await?;
        Ok(Arc::clone(ground))
    }

    /// The place of a ground, built or still to be.
    async fn place_of(&self, key: &Key) -> Arc<Built> {
        let mut kept = self.kept.lock().await;
        let found = match kept.iter().position(|(known, _)| known == key) {
            Some(place) => kept.remove(place),
            None => (key.clone(), Arc::default()),
        };
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        let place = Arc::clone(&found.1);
        kept.push(found);
        place
    }

    async fn build(&self, database: &Database, key: Key) -> Result<Arc<Ground>, GroundError> {
        // Reading lists and indexing them takes memory and a core.
        let _turn = self.builds.acquire().await;
        let mut snapshots = Vec::with_capacity(key.lists.len());
        for head in &key.lists {
            snapshots.push(list_editions::of_head(database, head).await?);
        }
        let policy = match &key.policy {
            None => Policy::shipped()?,
            Some((model, vocabulary)) => {
                policy::kept(database.connection(), model, vocabulary).await?
            }
        };
        let as_of = key.as_of;
        let ground = tokio::task::spawn_blocking(move || {
            let lists = ListSet::new(snapshots);
            Ground::new(&lists, policy.model, policy.vocabulary, as_of)
        })
        .await?;
        Ok(Arc::new(ground))
    }
}

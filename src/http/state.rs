//! What every handler shares.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use uuid::Uuid;

use super::limits::Limits;
use crate::{
    app::{
        ground::Grounds, merges::SupplierIndexes, nodes, outside::OutsideIssuer,
        screen_one::OneByOne, token::TokenTerms,
    },
    clock::Clock,
    config::{ListSettings, Settings},
    fetch::{Fetcher, Visitor},
    store::{Database, StoreError},
};

/// Passwords hashed at once: each takes 19 MiB and a core.
const SIGN_INS: usize = 2;
/// Statements read at once: each may hold 16 MiB and wait for a slow site.
const STATEMENTS: usize = 8;
/// A beat that takes longer has failed.
const BEAT_PATIENCE: Duration = Duration::from_secs(10);
/// Between two requests to one site.
const PACE: Duration = Duration::from_secs(1);

#[derive(Debug, Clone)]
pub struct State {
    /// Bound to the local organization; a handler gets its own from `Allowed`.
    pub(super) database: Database,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) tokens: TokenTerms,
    /// Whose tokens are taken beside our own.
    pub(super) outside: Option<Arc<OutsideIssuer>>,
    pub(super) grounds: Arc<Grounds>,
    pub(super) one_by_one: OneByOne,
    pub(super) sign_ins: Arc<Semaphore>,
    pub(super) limits: Arc<Limits>,
    /// May be told although they are not public.
    pub(super) inside_hosts: Arc<[String]>,
    stopping: Arc<watch::Sender<bool>>,
    /// Whether the last beat was written.
    writable: Arc<AtomicBool>,
    pub(super) suppliers: Arc<SupplierIndexes>,
    /// Visits sites; `None` where the settings make no client.
    pub(super) visitor: Option<Visitor>,
    statements: Arc<Semaphore>,
    pub(super) lists: Arc<ListSettings>,
}

impl State {
    /// Within a runtime: begins to record what is screened.
    pub fn new(database: Database, clock: Arc<dyn Clock>, settings: &Settings) -> Self {
        Self {
            one_by_one: OneByOne::start(database.clone()),
            database,
            clock,
            tokens: (&settings.tokens).into(),
            outside: None,
            grounds: Arc::default(),
            sign_ins: Arc::new(Semaphore::new(SIGN_INS)),
            limits: Arc::new(Limits::new(
                &settings.limits,
                &settings.serve.trusted_proxies,
            )),
            inside_hosts: settings.fetch.allow_for_all.clone().into(),
            stopping: Arc::new(watch::Sender::new(false)),
            writable: Arc::new(AtomicBool::new(true)),
            suppliers: Arc::default(),
            visitor: Fetcher::new(&settings.fetch.for_all())
                .inspect_err(|error| {
                    tracing::error!(
                        error = error as &dyn std::error::Error,
                        "nothing is fetched"
                    );
                })
                .ok()
                .map(|fetcher| Visitor::new(fetcher, PACE)),
            statements: Arc::new(Semaphore::new(STATEMENTS)),
            lists: Arc::new(settings.lists.clone()),
        }
    }

    /// Takes the tokens of that issuer too.
    #[must_use]
    pub fn trusting(mut self, outside: Option<OutsideIssuer>) -> Self {
        self.outside = outside.map(Arc::new);
        self
    }

    /// Streams end, work in hand is handed back, nothing new is taken on.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Turns true when the service stops.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }

    /// Says that this server is up and takes its share of the rates, which all
    /// servers of the database have together.
    pub async fn beat(&self, id: Uuid) -> Result<(), StoreError> {
        let beat = nodes::beat(&self.database, id, self.clock.now());
        let told = tokio::time::timeout(BEAT_PATIENCE, beat).await;
        let servers = told.unwrap_or(Err(StoreError::Slow));
        self.writable.store(servers.is_ok(), Ordering::Relaxed);
        self.limits.share_among(servers?);
        Ok(())
    }

    /// Whether the database took what was last written to say that this server
    /// is up.
    pub(super) fn writable(&self) -> bool {
        self.writable.load(Ordering::Relaxed)
    }

    /// Waits for a turn to read a statement.
    pub(super) async fn statement_turn(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed.
        Arc::clone(&self.statements).acquire_owned().await.ok()
    }

    pub fn grounds(&self) -> &Arc<Grounds> {
        &self.grounds
    }
}

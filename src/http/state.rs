//! What every handler shares.

use std::{sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    app::{ground::Grounds, screen_one::OneByOne, token::TokenTerms},
    clock::Clock,
    config::Settings,
    fetch::{Fetcher, Visitor},
    store::Database,
};

/// Passwords hashed at once: each takes 19 MiB and a core.
const SIGN_INS: usize = 2;
/// Statements read at once: each may hold 16 MiB and wait for a slow site.
const STATEMENTS: usize = 8;
/// Between two requests to one site.
const PACE: Duration = Duration::from_secs(1);

#[derive(Debug, Clone)]
pub struct State {
    /// Bound to the local organization; a handler gets its own from `Allowed`.
    pub(super) database: Database,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) tokens: TokenTerms,
    pub(super) grounds: Arc<Grounds>,
    pub(super) one_by_one: OneByOne,
    pub(super) sign_ins: Arc<Semaphore>,
    /// Visits sites; `None` where the settings make no client.
    pub(super) visitor: Option<Visitor>,
    statements: Arc<Semaphore>,
}

impl State {
    /// Within a runtime: begins to record what is screened.
    pub fn new(database: Database, clock: Arc<dyn Clock>, settings: &Settings) -> Self {
        Self {
            one_by_one: OneByOne::start(database.clone()),
            database,
            clock,
            tokens: (&settings.tokens).into(),
            grounds: Arc::default(),
            sign_ins: Arc::new(Semaphore::new(SIGN_INS)),
            visitor: Fetcher::new(&settings.fetch)
                .inspect_err(|error| {
                    tracing::error!(
                        error = error as &dyn std::error::Error,
                        "nothing is fetched"
                    );
                })
                .ok()
                .map(|fetcher| Visitor::new(fetcher, PACE)),
            statements: Arc::new(Semaphore::new(STATEMENTS)),
        }
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

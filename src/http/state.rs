//! What every handler shares.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::{
    app::{ground::Grounds, screen_one::OneByOne, token::TokenTerms},
    clock::Clock,
    config::{ListSettings, Settings},
    store::Database,
};

/// Passwords hashed at once: each takes 19 MiB and a core.
const SIGN_INS: usize = 2;

#[derive(Debug, Clone)]
pub struct State {
    /// Bound to the local organization; a handler gets its own from `Allowed`.
    pub(super) database: Database,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) tokens: TokenTerms,
    pub(super) grounds: Arc<Grounds>,
    pub(super) one_by_one: OneByOne,
    pub(super) sign_ins: Arc<Semaphore>,
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
            grounds: Arc::default(),
            sign_ins: Arc::new(Semaphore::new(SIGN_INS)),
            lists: Arc::new(settings.lists.clone()),
        }
    }

    pub fn grounds(&self) -> &Arc<Grounds> {
        &self.grounds
    }
}

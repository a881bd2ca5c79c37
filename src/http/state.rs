//! What every handler shares.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::{
    app::{ground::Grounds, merges::SupplierIndexes, token::TokenTerms},
    clock::Clock,
    config::Settings,
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
    pub(super) sign_ins: Arc<Semaphore>,
    pub(super) suppliers: Arc<SupplierIndexes>,
}

impl State {
    pub fn new(database: Database, clock: Arc<dyn Clock>, settings: &Settings) -> Self {
        Self {
            database,
            clock,
            tokens: (&settings.tokens).into(),
            grounds: Arc::default(),
            sign_ins: Arc::new(Semaphore::new(SIGN_INS)),
            suppliers: Arc::default(),
        }
    }

    pub fn grounds(&self) -> &Arc<Grounds> {
        &self.grounds
    }
}

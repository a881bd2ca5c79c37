//! The rows of an edition on its way into force. They are written in many short
//! transactions, so that others write meanwhile, and nobody sees them: the
//! edition comes into force in a transaction of its own, which is short too.
//! What is left of a writer that was killed is taken back by the next one.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;

use super::{
    list_examine::{Candidate, versions},
    list_history::{Change, Writer, newest_number, next_number},
    list_keep::{KeepError, SyncProgress, Word},
};
use crate::{
    clock::Clock,
    lists::{Changes, SnapshotHead, Source},
    store::{
        Connection, Database, Scoped, StoreError, list_entries, list_snapshots, list_syncs,
        list_writes::{self, Asked, Turn},
        new_id,
    },
};

/// A writer that has not been heard of for so long has lost its turn.
pub(super) const TURN: TimeDelta = TimeDelta::seconds(60);
/// Until the turn is asked for again.
const AGAIN: Duration = Duration::from_millis(200);
/// Rows in one transaction.
const BATCH: usize = 2_000;
/// Between two transactions: SQLite has one writer at a time and no queue, so
/// whoever waits must find it free.
const BREATH: Duration = Duration::from_millis(30);

/// Rows that are written and wait for their edition to come into force.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) turn: Turn,
    pub(super) number: i32,
    pub(super) changes: Changes,
}

impl Rows {
    /// In the transaction in which the edition comes into force; whether it may.
    pub(super) async fn end(
        &self,
        transaction: &Scoped<impl Connection>,
        clock: &dyn Clock,
    ) -> Result<bool, StoreError> {
        if !list_writes::hold(transaction, &self.turn, TURN, clock.now()).await? {
            return Ok(false);
        }
        list_writes::end(transaction, self.turn.source).await?;
        Ok(true)
    }
}

/// Writes the rows of an edition.
#[derive(Clone, Copy)]
pub(super) struct Writing<'a> {
    pub(super) database: &'a Database,
    pub(super) clock: &'a dyn Clock,
    pub(super) word: &'a Word<'a>,
    pub(super) progress: &'a (dyn Fn(SyncProgress) + Send + Sync),
}

impl Writing<'_> {
    /// `None`: the edition cannot be told in order, and has no rows in the
    /// history.
    pub(super) async fn write(
        self,
        candidate: Arc<Candidate>,
        head: &SnapshotHead,
        rows: usize,
    ) -> Result<Option<Rows>, KeepError> {
        let turn = self.turn(head.source).await?;
        let written = self.write_in_turn(&turn, candidate, head, rows).await;
        if !matches!(written, Ok(Some(_))) {
            self.give_up(&turn).await;
        }
        written
    }

    /// Waits for the turn, and takes back what is left of whoever lost it.
    async fn turn(self, source: Source) -> Result<Turn, KeepError> {
        loop {
            let transaction = self.database.begin_write().await?;
            if !self.word.hold(&transaction).await? {
                return Err(KeepError::LeaseLost);
            }
            list_syncs::hold_queue(&transaction).await?;
            let now = self.clock.now();
            let asked = list_writes::take(&transaction, source, new_id(now), TURN, now).await?;
            transaction.commit().await?;
            match asked {
                Asked::Taken {
                    turn,
                    leftover: true,
                } => {
                    self.take_back(&turn).await?;
                    return Ok(turn);
                }
                Asked::Taken { turn, .. } => return Ok(turn),
                Asked::Busy => {
                    (self.progress)(SyncProgress::Waiting);
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
    }

    async fn write_in_turn(
        self,
        turn: &Turn,
        candidate: Arc<Candidate>,
        head: &SnapshotHead,
        rows: usize,
    ) -> Result<Option<Rows>, KeepError> {
        let source = head.source;
        let connection = self.database.connection();
        let editions = list_snapshots::of_source(connection, source).await?;
        let Some(number) = next_number(&editions, head.edition_date) else {
            return Ok(None);
        };
        let mut writer = Writer::begin(connection, source, number, head.edition_date).await?;
        let (reader, mut chunks) = versions(candidate);
        let mut done = 0;
        (self.progress)(SyncProgress::Keeping(0, rows));
        while let Some(chunk) = chunks.recv().await {
            let chunk = chunk?;
            done += chunk.len();
            let change = writer.change(chunk);
            self.write_one(turn, &writer, change).await?;
            (self.progress)(SyncProgress::Keeping(done, rows));
        }
        reader.await??;
        for change in writer.gone(BATCH) {
            self.write_one(turn, &writer, change).await?;
        }
        Ok(Some(Rows {
            turn: *turn,
            number,
            changes: writer.changes(),
        }))
    }

    /// One transaction, as long as attempt and turn are ours.
    async fn write_one(
        self,
        turn: &Turn,
        writer: &Writer,
        change: Change,
    ) -> Result<(), KeepError> {
        if change.is_empty() {
            return Ok(());
        }
        let transaction = self.database.begin_write().await?;
        let ours = self.word.hold(&transaction).await?
            && list_writes::hold(&transaction, turn, TURN, self.clock.now()).await?;
        if !ours {
            return Err(KeepError::LeaseLost);
        }
        writer.write(&transaction, change).await?;
        transaction.commit().await?;
        tokio::time::sleep(BREATH).await;
        Ok(())
    }

    async fn take_back(self, turn: &Turn) -> Result<(), KeepError> {
        loop {
            let transaction = self.database.begin_write().await?;
            if !list_writes::hold(&transaction, turn, TURN, self.clock.now()).await? {
                return Err(KeepError::LeaseLost);
            }
            let editions = list_snapshots::of_source(&transaction, turn.source).await?;
            let newest = newest_number(&editions);
            let most = u64::try_from(BATCH).unwrap_or(u64::MAX);
            let more = list_entries::take_back(&transaction, turn.source, newest, most).await?;
            transaction.commit().await?;
            if !more {
                return Ok(());
            }
            tokio::time::sleep(BREATH).await;
        }
    }

    /// Nothing of the edition stays. What fails here is left to the next writer.
    pub(super) async fn give_up(self, turn: &Turn) {
        let given_up = async {
            self.take_back(turn).await?;
            let transaction = self.database.begin_write().await?;
            if list_writes::hold(&transaction, turn, TURN, self.clock.now()).await? {
                list_writes::end(&transaction, turn.source).await?;
            }
            transaction.commit().await?;
            Ok::<_, KeepError>(())
        };
        if let Err(error) = given_up.await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                list.source = %turn.source,
                "rows of an edition that did not come into force are left to the next writer"
            );
        }
    }
}

//! Writing down what many requests have screened: those that wait together are
//! recorded in one transaction. A commit to disk and a turn at the audit chain
//! are shared by all of them.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::{outbox, recording::Rows};
use crate::{
    audit::Event,
    intake::RowCounts,
    organization::OrganizationId,
    store::{
        Database, StoreError, assessments,
        documents::{self, Packed},
        screenings::{self, Finish, NewScreening},
        supplier_lists::{self, StoredList},
        trail,
    },
};

/// Screenings in one transaction at most.
const TOGETHER: usize = 64;
/// Screenings that wait for their turn; more wait outside.
const WAITING: usize = 256;

/// A screening that came to its end in memory.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) organization: OrganizationId,
    pub(super) document: Packed,
    pub(super) list: StoredList,
    pub(super) list_rows: RowCounts,
    pub(super) screening: NewScreening,
    pub(super) finish: Finish,
    pub(super) rows: Rows,
    /// Before and after those of the rows.
    pub(super) first_event: Event,
    pub(super) last_event: Event,
}

/// Nothing was recorded.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RecordError {
    #[error(transparent)]
    Store(Arc<StoreError>),
    #[error("the service is stopping")]
    Stopping,
}

#[derive(Debug)]
struct Waiting {
    finished: Finished,
    told: oneshot::Sender<Result<(), RecordError>>,
}

/// Where finished screenings are handed in. Cheap to clone; the writing ends
/// when the last clone is gone and everything is written.
#[derive(Debug, Clone)]
pub struct Recorder(mpsc::Sender<Waiting>);

impl Recorder {
    /// Begins to write, in a task of its own: a caller who goes away takes
    /// nobody else's screening along.
    pub fn start(database: Database) -> Self {
        let (sender, mut receiver) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            let mut waiting = Vec::with_capacity(TOGETHER);
            while receiver.recv_many(&mut waiting, TOGETHER).await > 0 {
                write_down(&database, std::mem::take(&mut waiting)).await;
            }
        });
        Self(sender)
    }

    /// Returns once the screening is on disk.
    pub(super) async fn record(&self, finished: Finished) -> Result<(), RecordError> {
        let (told, answer) = oneshot::channel();
        let waiting = Waiting { finished, told };
        self.0
            .send(waiting)
            .await
            .map_err(|_| RecordError::Stopping)?;
        answer.await.map_err(|_| RecordError::Stopping)?
    }
}

async fn write_down(database: &Database, waiting: Vec<Waiting>) {
    let together: Vec<_> = waiting.iter().map(|one| &one.finished).collect();
    let outcome = write(database, &together).await;
    if outcome.is_err() && waiting.len() > 1 {
        // One that cannot be stored does not take the others along.
        for one in waiting {
            let outcome = write(database, &[&one.finished]).await;
            tell(one, outcome);
        }
        return;
    }
    for one in waiting {
        tell(one, outcome.clone());
    }
}

fn tell(waiting: Waiting, outcome: Result<(), RecordError>) {
    // Whoever asked may have gone; it is recorded all the same.
    let _asker_may_be_gone = waiting.told.send(outcome);
}

async fn write(database: &Database, together: &[&Finished]) -> Result<(), RecordError> {
    insert(database, together)
        .await
        .map_err(|error| RecordError::Store(Arc::new(error)))
}

async fn insert(database: &Database, together: &[&Finished]) -> Result<(), StoreError> {
    let mut by_organization = together.to_vec();
    by_organization.sort_by_key(|one| one.organization);
    let mut transaction = database.begin_write().await?;
    for group in by_organization.chunk_by(|one, next| one.organization == next.organization) {
        let Some(first) = group.first() else { continue };
        transaction = transaction.of(first.organization);
        let documents: Vec<_> = group.iter().map(|one| &one.document).collect();
        let lists: Vec<_> = group
            .iter()
            .map(|one| (&one.list, Some(one.list_rows), one.screening.started_at))
            .collect();
        let screenings: Vec<_> = group
            .iter()
            .map(|one| (&one.screening, &one.finish))
            .collect();
        let suppliers: Vec<_> = group.iter().flat_map(|one| &one.rows.suppliers).collect();
        let results: Vec<_> = group.iter().flat_map(|one| &one.rows.results).collect();
        documents::keep_packed(&transaction, &documents, first.screening.started_at).await?;
        supplier_lists::insert_many(&transaction, &lists).await?;
        screenings::insert_finished(&transaction, &screenings).await?;
        supplier_lists::insert_suppliers(&transaction, &suppliers).await?;
        assessments::insert(&transaction, &results).await?;
        let now = first.screening.started_at;
        outbox::announce(&transaction, &outbox::hits_found(&results), now).await?;
    }
    let events = together
        .iter()
        .flat_map(|one| {
            std::iter::once(&one.first_event)
                .chain(&one.rows.events)
                .chain([&one.last_event])
                .map(|event| (one.organization, event.clone()))
        })
        .collect();
    trail::append_each(&transaction, events).await?;
    transaction.commit().await?;
    metrics::counter!("plimsoll_screenings_total").increment(together.len() as u64);
    Ok(())
}

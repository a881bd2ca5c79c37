//! Reading a stored screening back, supplier by supplier.

use uuid::Uuid;

use crate::{
    audit::HashWriter,
    clock::Timestamp,
    report::{DocumentWriter, Head, Totals},
    store::{Database, Slice, StoreError, assessments, screenings},
};

/// A finished screening without its suppliers.
#[derive(Debug)]
pub struct Finished {
    pub id: Uuid,
    pub head: Head,
    /// The head as it was hashed.
    pub head_text: String,
    pub totals: Totals,
    pub totals_text: String,
    pub result_sha256: String,
    pub supplier_list_id: Uuid,
    pub finished_at: Timestamp,
}

/// A stored screening cannot be read back, or its reader gave up.
#[derive(Debug, thiserror::Error)]
pub enum ExportError<E: std::error::Error + 'static> {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the result cannot be written")]
    Reader(#[source] E),
    #[error(
        "the stored result of screening {0} is no longer what was recorded: `plimsoll audit verify` says where"
    )]
    Altered(Uuid),
}

/// The finished screening with that id.
pub async fn find(database: &Database, id: Uuid) -> Result<Finished, StoreError> {
    read(screenings::find(database.connection(), id).await?)
}

/// The newest finished screenings, newest first.
pub async fn newest(database: &Database, limit: u64) -> Result<Vec<Finished>, StoreError> {
    screenings::newest(database.connection(), limit)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// The finished screenings that are wanted.
pub async fn page(
    database: &Database,
    wanted: &screenings::Wanted,
    part: &Slice,
) -> Result<Vec<Finished>, StoreError> {
    screenings::page(database.connection(), wanted, part)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

fn read(stored: screenings::FinishedScreening) -> Result<Finished, StoreError> {
    let unreadable = |source: serde_json::Error| StoreError::Unreadable {
        what: "screening",
        id: stored.id.to_string(),
        source: source.into(),
    };
    Ok(Finished {
        id: stored.id,
        head: serde_json::from_str(&stored.head).map_err(unreadable)?,
        totals: serde_json::from_str(&stored.finish.totals).map_err(unreadable)?,
        head_text: stored.head,
        totals_text: stored.finish.totals,
        result_sha256: stored.finish.result_sha256,
        supplier_list_id: stored.supplier_list_id,
        finished_at: stored.finish.finished_at,
    })
}

/// Hands every supplier's result, in canonical JSON and in the order of the
/// file, to the reader; at the end the whole must have the recorded hash.
pub async fn each_supplier<E: std::error::Error + 'static>(
    database: &Database,
    finished: &Finished,
    mut reader: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), ExportError<E>> {
    let id = finished.id;
    let altered = |_: std::io::Error| ExportError::Altered(id);
    let mut document =
        DocumentWriter::begin(HashWriter::default(), &finished.head_text).map_err(altered)?;
    let mut after = 0;
    loop {
        let page = assessments::page_after(database.connection(), id, after).await?;
        let Some(last) = page.last() else { break };
        after = last.row;
        for stored in &page {
            document.push(&stored.detail).map_err(altered)?;
            reader(&stored.detail).map_err(ExportError::Reader)?;
        }
    }
    let whole = document.finish(&finished.totals_text).map_err(altered)?;
    if whole.finish() == finished.result_sha256 {
        Ok(())
    } else {
        Err(ExportError::Altered(id))
    }
}

//! Making a stored screening again from what was kept: the file's bytes, the
//! list snapshots, the policy. The same bytes must come out.

use rayon::prelude::*;
use uuid::Uuid;

use super::{
    export,
    policy::{self, KeptPolicyError},
    recording::assessed,
};
use crate::{
    audit::{HashWriter, NotCanonical, canonical_text},
    due_diligence::Ground,
    intake::{IntakeOptions, Unusable},
    lists::{ListSet, reference},
    report::{DocumentWriter, Engine, Totals},
    store::{Database, StoreError, assessments, documents, supplier_lists},
};

const CHUNK: usize = 1_000;

/// What a replay found.
#[derive(Debug)]
pub struct Replayed {
    pub stored_sha256: String,
    pub replayed_sha256: String,
    /// The first place where the two differ.
    pub first_difference: Option<Difference>,
    /// Set when the program has changed since: then a difference may be its.
    pub engine_then: Option<(Engine, Engine)>,
}

impl Replayed {
    pub fn same_bytes(&self) -> bool {
        self.stored_sha256 == self.replayed_sha256 && self.first_difference.is_none()
    }
}

/// Where a replay differs from what is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    Head,
    /// The 1-based row of the supplier.
    Supplier(u32),
    NumberOfSuppliers {
        stored: usize,
        replayed: usize,
    },
    Totals,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Head => {
                formatter.write_str("the head of the result (file, lists, model, rejected rows)")
            }
            Self::Supplier(row) => write!(formatter, "the supplier of row {row}"),
            Self::NumberOfSuppliers { stored, replayed } => {
                write!(
                    formatter,
                    "{stored} suppliers are stored, {replayed} were replayed"
                )
            }
            Self::Totals => formatter.write_str("the totals"),
        }
    }
}

/// The replay could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the kept file can no longer be read")]
    Unusable(#[from] Unusable),
    #[error("a kept list snapshot can no longer be read")]
    List(#[from] reference::UnreadableReference),
    #[error("the kept policy can no longer be used")]
    Policy(#[from] KeptPolicyError),
    #[error("the kept intake options can no longer be read")]
    Options(#[from] serde_json::Error),
    #[error("the result cannot be written in canonical form")]
    NotCanonical(#[from] NotCanonical),
    #[error("the result cannot be hashed")]
    Hash(#[from] std::io::Error),
}

/// Makes the screening again and compares it with what is stored.
pub async fn replay(database: &Database, id: Uuid) -> Result<Replayed, ReplayError> {
    let stored = export::find(database, id).await?;
    let connection = database.connection();
    let list = supplier_lists::find(connection, stored.supplier_list_id).await?;
    let bytes = documents::read(connection, &list.document_sha256).await?;
    let options: IntakeOptions = serde_json::from_str(&list.options)?;
    let mut snapshots = Vec::new();
    for head in &stored.head.snapshots {
        let kept = documents::read_public(connection, &head.sha256).await?;
        snapshots.push(reference::parse(head.source, &kept)?);
    }
    let policy = policy::kept(
        connection,
        &stored.head.model.sha256,
        &stored.head.engine.goods_vocabulary_sha256,
    )
    .await?;

    let read = super::read::supplier_list(&list.file_name, &bytes, &options)?;
    let ground = Ground::new(
        &ListSet::new(snapshots),
        policy.model,
        policy.vocabulary,
        stored.head.as_of,
    );
    let head = ground.head(&list.file_name, &list.document_sha256, &read);
    let head_text = canonical_text(&head)?;
    let mut differs = (head_text != stored.head_text).then_some(Difference::Head);
    let mut document = DocumentWriter::begin(HashWriter::default(), &head_text)?;
    let mut totals = Totals::default();
    let mut kept = StoredDetails::new(database, id);
    for rows in read.suppliers.chunks(CHUNK) {
        let chunk: Vec<_> = rows
            .par_iter()
            .map(|row| assessed(&ground, row))
            .collect::<Result<_, _>>()?;
        for one in chunk {
            document.push(&one.detail)?;
            totals.count(&one.result);
            let same = kept
                .next()
                .await?
                .is_some_and(|detail| detail == one.detail);
            if !same && differs.is_none() {
                differs = Some(Difference::Supplier(one.result.row));
            }
        }
    }
    let mut left_over = 0;
    while kept.next().await?.is_some() {
        left_over += 1;
    }
    let replayed = read.suppliers.len();
    if left_over > 0 && differs.is_none() {
        differs = Some(Difference::NumberOfSuppliers {
            stored: replayed + left_over,
            replayed,
        });
    }
    let totals_text = canonical_text(&totals)?;
    if totals_text != stored.totals_text && differs.is_none() {
        differs = Some(Difference::Totals);
    }
    Ok(Replayed {
        stored_sha256: stored.result_sha256,
        replayed_sha256: document.finish(&totals_text)?.finish(),
        first_difference: differs,
        engine_then: (stored.head.engine != head.engine)
            .then_some((stored.head.engine, head.engine)),
    })
}

/// The stored results in the order of the file, a page at a time.
struct StoredDetails<'a> {
    database: &'a Database,
    id: Uuid,
    after: u32,
    page: std::vec::IntoIter<assessments::StoredDetail>,
}

impl<'a> StoredDetails<'a> {
    fn new(database: &'a Database, id: Uuid) -> Self {
        Self {
            database,
            id,
            after: 0,
            page: Vec::new().into_iter(),
        }
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        if self.page.len() == 0 {
            self.page = assessments::page_after(self.database.connection(), self.id, self.after)
                .await?
                .into_iter();
        }
        let next = self.page.next();
        if let Some(stored) = &next {
            self.after = stored.row;
        }
        Ok(next.map(|stored| stored.detail))
    }
}

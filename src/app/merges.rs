//! Standing suppliers that look like one party: leads with their reasons, which
//! a person merges or dismisses. A merge is a statement about two records. It
//! takes nothing away: both stay, both are screened, and it can be undone.

use std::sync::Arc;

use serde::Serialize;
use serde_json::json;
use tokio::sync::{Mutex, OnceCell, Semaphore};
use uuid::Uuid;

use super::{
    identity::{Principal, Who},
    read::{NDJSON_FILE, supplier_list},
};
use crate::{
    audit::{Event, EventKind, canonical_text, sha256_hex},
    clock::{Clock, Timestamp},
    intake::{IntakeOptions, Unusable},
    lists::EntryKind,
    organization::OrganizationId,
    screening::{
        AlignedWords, Bands, Feature, Index, Party, SearchOptions, Similarity, Subject,
        screen::subject_of,
    },
    store::{
        Database, StoreError, new_id,
        standing_suppliers::{self as stored, Merge, StandingSupplier},
        trail,
    },
    supplier::Supplier,
};

/// Suppliers of one organization that are compared with each other.
const MOST: u64 = 100_000;
/// Organizations whose suppliers are kept searchable.
const KEPT: usize = 4;
/// Indexes built at once: one organization's do not keep another's waiting.
const BUILDS: usize = 2;
/// Leads shown for one supplier.
const LEADS: usize = 20;
const PAGE: u64 = 1_000;

/// Another record that looks like the same party.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lead {
    pub supplier_id: Uuid,
    pub external_id: String,
    pub name: String,
    /// The names that are alike.
    pub own_name: String,
    pub other_name: String,
    /// In millionths.
    pub similarity: Similarity,
    pub features: Vec<Feature>,
    pub alignment: Vec<AlignedWords>,
    /// `merged` or `dismissed`, if a person has said so of the records as they
    /// are.
    pub said: Option<String>,
}

/// The leads cannot be had, or nothing was decided, and why.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    #[error("there is no such supplier")]
    Missing,
    #[error("there is no supplier with that id to compare with")]
    OtherMissing,
    #[error("a supplier is the same as itself")]
    Itself,
    #[error("more than {MOST} active suppliers are not compared with each other")]
    TooMany,
    #[error("only a person says that two suppliers are one, never an API key")]
    OnlyPeople,
    #[error("a rationale has 10 to 4,000 characters: it must be possible to follow it later")]
    NoRationale,
    #[error("one of the two is merged already: undo that first, or merge into what it became")]
    Merged,
    #[error("the two are not merged")]
    NotMerged,
    #[error("the evidence cannot be written in canonical form")]
    NotCanonical(#[from] crate::audit::NotCanonical),
    #[error("the stored records cannot be read")]
    Unusable(#[from] Unusable),
    #[error("comparing the suppliers stopped before its end")]
    Stopped(#[from] tokio::task::JoinError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Stamp = (u64, Option<Timestamp>);

#[derive(Debug)]
struct Known {
    index: Index,
    /// By id, sorted.
    subjects: Vec<(Uuid, Subject, StandingSupplier)>,
}

impl Known {
    fn of(&self, id: Uuid) -> Option<&(Uuid, Subject, StandingSupplier)> {
        let place = self.subjects.binary_search_by_key(&id, |one| one.0).ok()?;
        self.subjects.get(place)
    }
}

/// An index, once it is built.
type Built = OnceCell<Arc<Known>>;

/// The suppliers of the organizations that asked last, searchable.
#[derive(Debug)]
pub struct SupplierIndexes {
    /// Of each organization as it was at one stamp, the last used last.
    kept: Mutex<Vec<(OrganizationId, Stamp, Arc<Built>)>>,
    builds: Semaphore,
}

impl Default for SupplierIndexes {
    fn default() -> Self {
        Self {
            kept: Mutex::default(),
            builds: Semaphore::new(BUILDS),
        }
    }
}

impl SupplierIndexes {
    async fn get(&self, database: &Database) -> Result<Arc<Known>, MergeError> {
        let stamp = stored::stamp(database.connection()).await?;
        if stamp.0 > MOST {
            return Err(MergeError::TooMany);
        }
        let place = self.place_of(database.organization(), stamp).await;
        // Whoever wants the same waits for it; nobody else does.
        let known = place.get_or_try_init(|| self.read(database)).await?;
        Ok(Arc::clone(known))
    }

    /// The place of an index, built or still to be.
    async fn place_of(&self, organization: OrganizationId, stamp: Stamp) -> Arc<Built> {
        let mut kept = self.kept.lock().await;
        let place = kept
            .iter()
            .find(|(of, at, _)| *of == organization && *at == stamp)
            .map(|(_, _, place)| Arc::clone(place))
            .unwrap_or_default();
        kept.retain(|(of, _, _)| *of != organization);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((organization, stamp, Arc::clone(&place)));
        place
    }

    async fn read(&self, database: &Database) -> Result<Arc<Known>, MergeError> {
        // Reading suppliers and indexing them takes memory and a core.
        let _turn = self.builds.acquire().await;
        let (standing, lines) = standing_records(database).await?;
        let built = tokio::task::spawn_blocking(move || build(standing, &lines)).await??;
        Ok(Arc::new(built))
    }
}

/// Active suppliers, and their records, one a line.
async fn standing_records(
    database: &Database,
) -> Result<(Vec<StandingSupplier>, Vec<u8>), StoreError> {
    let mut standing = Vec::new();
    let mut lines = Vec::new();
    let mut after = None;
    loop {
        let page = stored::active_records_after(database.connection(), after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(last.id);
        for (one, record) in page {
            lines.extend_from_slice(record.as_bytes());
            lines.push(b'\n');
            standing.push(one);
        }
    }
    Ok((standing, lines))
}

/// The organization's active suppliers, as intake reads their records.
pub(super) async fn standing_suppliers(
    database: &Database,
) -> Result<Vec<(Uuid, Supplier)>, MergeError> {
    if stored::stamp(database.connection()).await?.0 > MOST {
        return Err(MergeError::TooMany);
    }
    let (standing, lines) = standing_records(database).await?;
    Ok(tokio::task::spawn_blocking(move || read(standing, &lines))
        .await??
        .into_iter()
        .map(|(one, supplier)| (one.id, supplier))
        .collect())
}

/// Each supplier with its record; what intake rejects is left out.
fn read(
    standing: Vec<StandingSupplier>,
    lines: &[u8],
) -> Result<Vec<(StandingSupplier, Supplier)>, Unusable> {
    if standing.is_empty() {
        return Ok(Vec::new());
    }
    let list = supplier_list(NDJSON_FILE, lines, &IntakeOptions::default())?;
    let mut rows = list.suppliers.into_iter().peekable();
    Ok((1..)
        .zip(standing)
        .filter_map(|(line, one)| {
            let row = rows.next_if(|row| row.row == line)?;
            Some((one, row.supplier))
        })
        .collect())
}

fn build(standing: Vec<StandingSupplier>, lines: &[u8]) -> Result<Known, Unusable> {
    let mut subjects = Vec::with_capacity(standing.len());
    let mut parties = Vec::with_capacity(standing.len());
    for (one, supplier) in read(standing, lines)? {
        let subject = subject_of(&supplier);
        parties.push(Party {
            id: one.id.to_string(),
            kind: EntryKind::Organization,
            names: subject.names.clone(),
            countries: subject.countries.clone(),
            addresses: subject.addresses.clone(),
            identifiers: subject.identifiers.clone(),
        });
        subjects.push((one.id, subject, one));
    }
    subjects.sort_by_key(|one| one.0);
    Ok(Known {
        index: Index::build(parties),
        subjects,
    })
}

/// Records that look like the same party by an identifier or by name, the most
/// alike first. One that is not active has none.
pub async fn leads(
    database: &Database,
    indexes: &SupplierIndexes,
    id: Uuid,
) -> Result<Vec<Lead>, MergeError> {
    let connection = database.connection();
    let own = stored::find(connection, id)
        .await?
        .ok_or(MergeError::Missing)?;
    let known = indexes.get(database).await?;
    let said = stored::merges(connection, id).await?;
    let mut leads = tokio::task::spawn_blocking(move || search(&known, id)).await?;
    for (lead, other) in &mut leads {
        let last = said
            .iter()
            .rfind(|merge| [merge.kept_id, merge.other_id].contains(&lead.supplier_id));
        lead.said = last
            .filter(|merge| {
                merge.decision == MergeDecision::Merged.code()
                    || merge.decision == MergeDecision::Dismissed.code()
                        && own.updated_at <= merge.decided_at
                        && other.updated_at <= merge.decided_at
            })
            .map(|merge| merge.decision.clone());
    }
    Ok(leads.into_iter().map(|(lead, _)| lead).collect())
}

fn search(known: &Known, id: Uuid) -> Vec<(Lead, StandingSupplier)> {
    let Some((_, subject, _)) = known.of(id) else {
        return Vec::new();
    };
    let options = SearchOptions {
        min_similarity: Bands::default().review,
        limit: LEADS + 1,
    };
    known
        .index
        .search(subject, &options)
        .into_iter()
        .filter_map(|candidate| {
            let party = known.index.party(candidate.party)?;
            let other_id = Uuid::parse_str(&party.id).ok()?;
            let (_, _, other) = known.of(other_id)?;
            let comparison = known.index.explain(subject, &candidate)?;
            (other_id != id).then(|| {
                let lead = Lead {
                    supplier_id: other_id,
                    external_id: other.external_id.clone(),
                    name: other.name.clone(),
                    own_name: subject
                        .names
                        .get(candidate.subject_name)
                        .cloned()
                        .unwrap_or_default(),
                    other_name: party
                        .names
                        .get(candidate.listed_name)
                        .cloned()
                        .unwrap_or_default(),
                    similarity: comparison.similarity,
                    features: comparison.features,
                    alignment: comparison.alignment,
                    said: None,
                };
                (lead, other.clone())
            })
        })
        .take(LEADS)
        .collect()
}

/// What a person says about two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MergeDecision {
    /// They are one party; the other points to the kept one from now on.
    Merged,
    /// They are two.
    Dismissed,
    /// A merge is taken back.
    Undone,
}

impl MergeDecision {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Merged => "merged",
            Self::Dismissed => "dismissed",
            Self::Undone => "undone",
        }
    }
}

/// Records what a person says about `kept` and `other`.
pub async fn decide(
    database: &Database,
    clock: &dyn Clock,
    indexes: &SupplierIndexes,
    principal: &Principal,
    (kept, other): (Uuid, Uuid),
    decision: MergeDecision,
    rationale: &str,
) -> Result<Merge, MergeError> {
    if !matches!(principal.who, Who::User(_)) {
        return Err(MergeError::OnlyPeople);
    }
    let rationale = rationale.trim();
    if !(10..=4_000).contains(&rationale.chars().count()) {
        return Err(MergeError::NoRationale);
    }
    let lead = match leads(database, indexes, kept).await {
        Ok(found) => found.into_iter().find(|lead| lead.supplier_id == other),
        Err(MergeError::TooMany) => None,
        Err(error) => return Err(error),
    };
    if kept == other {
        return Err(MergeError::Itself);
    }
    let evidence = lead.as_ref().map(canonical_text).transpose()?;

    let transaction = database.begin_write().await?;
    // Two people who merge at once make no ring.
    trail::hold(&transaction).await?;
    let one = stored::find(&transaction, kept)
        .await?
        .ok_or(MergeError::Missing)?;
    let two = stored::find(&transaction, other)
        .await?
        .ok_or(MergeError::OtherMissing)?;
    let points_to = match decision {
        MergeDecision::Merged => {
            let free = one.merged_into.is_none()
                && two.merged_into.is_none()
                && !stored::is_kept(&transaction, other).await?;
            if !free {
                return Err(MergeError::Merged);
            }
            Some(Some(kept))
        }
        MergeDecision::Undone => {
            if two.merged_into != Some(kept) {
                return Err(MergeError::NotMerged);
            }
            Some(None)
        }
        MergeDecision::Dismissed => {
            if two.merged_into == Some(kept) || one.merged_into == Some(other) {
                return Err(MergeError::Merged);
            }
            None
        }
    };
    // Never before what it speaks about.
    let now = clock.now().max(one.updated_at).max(two.updated_at);
    let merge = Merge {
        id: new_id(now),
        kept_id: kept,
        other_id: other,
        decision: decision.code().to_owned(),
        decided_by: principal.actor(),
        rationale: rationale.to_owned(),
        evidence,
        decided_at: now,
    };
    let told = Event {
        at: now,
        actor: principal.actor(),
        kind: EventKind::SuppliersCompared,
        subject: merge.id.to_string(),
        details: json!({
            "decision": decision,
            "kept": kept,
            "kept_version": one.version,
            "other": other,
            "other_version": two.version,
            "rationale_sha256": sha256_hex(rationale.as_bytes()),
            "evidence_sha256": merge.evidence.as_ref().map(|text| sha256_hex(text.as_bytes())),
        }),
    };
    stored::add_merge(&transaction, merge.clone(), points_to).await?;
    trail::append(&transaction, vec![told]).await?;
    transaction.commit().await?;
    Ok(merge)
}

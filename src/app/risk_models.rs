//! An organization's own risk models: drafted, compared with others on a stored
//! screening, and put into use. What was assessed with a model stays assessed
//! with it and can be replayed.

use std::{collections::BTreeMap, sync::Arc};

use rayon::prelude::*;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    decide::{counting, history},
    export::{self, Finished},
    ground::{GroundError, Grounds},
};
use crate::{
    audit::{Event, EventKind, sha256_hex},
    clock::Clock,
    due_diligence::{Ground, assess_reviewed},
    intake::SupplierRow,
    report::SupplierResult,
    review::{Decided, Subject},
    risk::{Disposition, FLDD_1_0, Model, ModelFault, Tier, model_faults},
    store::{
        Database, StoreError, documents, hits, leads, new_id,
        risk_models::{self as stored, Activation, RiskModel},
        supplier_lists::{self, StoredSupplier},
        trail,
    },
};

/// A model file is a few pages.
pub const FILE_BYTES: usize = 256 << 10;
const MEDIA_TYPE: &str = "application/toml";
/// Suppliers compared while the caller waits.
const COMPARED: u32 = 5_000;
/// Changed suppliers that are named.
const NAMED: usize = 200;
const CHUNK: u64 = 500;

/// Nothing was done, and why.
#[derive(Debug, thiserror::Error)]
pub enum RiskModelError {
    #[error("there is no such risk model")]
    Missing,
    #[error("there is no such finished screening")]
    NoScreening,
    #[error("the model file has faults")]
    Faulty(Vec<ModelFault>),
    #[error("a rationale has 10 to 4,000 characters: it must be possible to follow it later")]
    NoRationale,
    #[error("it is in use already")]
    InUse,
    #[error("at most {COMPARED} suppliers are compared: choose a smaller screening")]
    TooLarge,
    #[error("a stored supplier cannot be read")]
    Unreadable(#[from] serde_json::Error),
    #[error("comparing stopped before its end")]
    Stopped(#[from] tokio::task::JoinError),
    #[error(transparent)]
    Ground(#[from] GroundError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Everything that is wrong with a model file, or the model.
pub fn validate(bytes: &[u8]) -> Result<Model, Vec<ModelFault>> {
    let mut faults = model_faults(bytes);
    if !faults.is_empty() {
        return Err(faults);
    }
    let fault = |detail: String| ModelFault {
        pointer: String::new(),
        line: None,
        detail,
    };
    let model = Model::parse(bytes).map_err(|error| vec![fault(error.to_string())])?;
    // Two models must not bear one name beside an assessment.
    if let Ok(shipped) = Model::parse(FLDD_1_0)
        && shipped.identity.sha256 != model.identity.sha256
        && (&shipped.identity.name, &shipped.identity.version)
            == (&model.identity.name, &model.identity.version)
    {
        faults.push(ModelFault {
            pointer: "/version".to_owned(),
            line: None,
            detail: format!(
                "{} {} is the model that ships with the program: give yours another name or version",
                shipped.identity.name, shipped.identity.version
            ),
        });
        return Err(faults);
    }
    Ok(model)
}

/// Keeps a model file. The same bytes again are the draft of then. Whether it is
/// new.
pub async fn draft(
    database: &Database,
    clock: &dyn Clock,
    actor: &str,
    bytes: &[u8],
) -> Result<(RiskModel, bool), RiskModelError> {
    let model = validate(bytes).map_err(RiskModelError::Faulty)?;
    let now = clock.now();
    let transaction = database.begin_write().await?;
    trail::hold(&transaction).await?;
    let sha256 = documents::keep(&transaction, bytes, MEDIA_TYPE, now).await?;
    if let Some(known) = stored::by_sha256(&transaction, &sha256).await? {
        return Ok((known, false));
    }
    let drafted = RiskModel {
        id: new_id(now),
        sha256,
        name: model.identity.name,
        version: model.identity.version,
        drafted_by: actor.to_owned(),
        drafted_at: now,
    };
    let told = Event {
        at: now,
        actor: actor.to_owned(),
        kind: EventKind::RiskModelDrafted,
        subject: drafted.id.to_string(),
        details: json!({
            "name": drafted.name,
            "version": drafted.version,
            "sha256": drafted.sha256,
        }),
    };
    stored::add(&transaction, drafted.clone()).await?;
    trail::append(&transaction, vec![told]).await?;
    transaction.commit().await?;
    Ok((drafted, true))
}

/// From now on the organization's screenings use that model; `None`: the one
/// that ships with the program.
pub async fn activate(
    database: &Database,
    clock: &dyn Clock,
    actor: &str,
    model: Option<Uuid>,
    rationale: &str,
) -> Result<Activation, RiskModelError> {
    let rationale = rationale.trim();
    if !(10..=4_000).contains(&rationale.chars().count()) {
        return Err(RiskModelError::NoRationale);
    }
    let transaction = database.begin_write().await?;
    trail::hold(&transaction).await?;
    if let Some(id) = model {
        stored::find(&transaction, id)
            .await?
            .ok_or(RiskModelError::Missing)?;
    }
    let before = stored::newest_activation(&transaction).await?;
    if before.as_ref().and_then(|newest| newest.risk_model_id) == model {
        return Err(RiskModelError::InUse);
    }
    // Never before the one that it follows.
    let now = before.map_or(clock.now(), |before| clock.now().max(before.activated_at));
    let activation = Activation {
        id: new_id(now),
        risk_model_id: model,
        rationale: rationale.to_owned(),
        activated_by: actor.to_owned(),
        activated_at: now,
    };
    let told = Event {
        at: now,
        actor: actor.to_owned(),
        kind: EventKind::RiskModelActivated,
        subject: activation.id.to_string(),
        details: json!({
            "risk_model": model,
            "rationale_sha256": sha256_hex(rationale.as_bytes()),
        }),
    };
    stored::activate(&transaction, activation.clone()).await?;
    trail::append(&transaction, vec![told]).await?;
    transaction.commit().await?;
    Ok(activation)
}

/// Which model is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Shipped,
    /// The one that the screening was made with.
    OfScreening,
    Own(Uuid),
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    pub score: Option<u8>,
    pub range: [u8; 2],
    pub tier: Tier,
    pub disposition: Disposition,
    pub coverage: u8,
    /// The heaviest reason in one line.
    pub reason: String,
}

/// A supplier whose result differs, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changed {
    pub supplier_id: Uuid,
    pub row: u32,
    pub name: String,
    pub before: Side,
    pub after: Side,
    /// Factors that are not the same on both sides, as each model gives them.
    pub factors_before: Vec<crate::risk::Factor>,
    pub factors_after: Vec<crate::risk::Factor>,
}

/// Two models on one screening, with what people decided until now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    pub screening_id: Uuid,
    pub before_sha256: String,
    pub after_sha256: String,
    pub suppliers: u32,
    pub tier_changed: u32,
    pub disposition_changed: u32,
    pub score_changed: u32,
    /// From tier to tier, and how many.
    pub moves: Vec<(Tier, Tier, u32)>,
    /// Those that change tier or disposition first, then by row; 200 at most.
    pub changed: Vec<Changed>,
}

/// Holds two models against the suppliers of a finished screening.
pub async fn compare(
    database: &Database,
    grounds: &Grounds,
    screening: Uuid,
    before: Which,
    after: Which,
) -> Result<Comparison, RiskModelError> {
    let finished = match export::find(database, screening).await {
        Err(StoreError::Missing { .. }) => return Err(RiskModelError::NoScreening),
        found => found?,
    };
    if finished.totals.suppliers > COMPARED {
        return Err(RiskModelError::TooLarge);
    }
    let before_sha256 = sha256_of(database, &finished, before).await?;
    let after_sha256 = sha256_of(database, &finished, after).await?;
    let head = &finished.head;
    let one = grounds
        .of_screening_under(database, head, &before_sha256)
        .await?;
    let other = grounds
        .of_screening_under(database, head, &after_sha256)
        .await?;
    let connection = database.connection();
    let mut all = Vec::new();
    let mut done = 0;
    loop {
        let rows =
            supplier_lists::suppliers_after(connection, finished.supplier_list_id, done, CHUNK)
                .await?;
        let Some(end) = rows.last() else { break };
        done = end.row;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let of_hits = hits::decisions(connection, &ids).await?;
        let of_leads = leads::decisions(connection, &ids).await?;
        let with_decisions: Vec<_> = rows
            .into_iter()
            .map(|row| {
                let hits = of_hits.iter().filter(|one| one.supplier_id == row.id);
                let leads = of_leads.iter().filter(|one| one.supplier_id == row.id);
                let history = history(hits.cloned().collect(), leads.cloned().collect());
                (row, history)
            })
            .collect();
        let (one, other) = (Arc::clone(&one), Arc::clone(&other));
        let compared: Vec<Changed> = tokio::task::spawn_blocking(move || {
            with_decisions
                .into_par_iter()
                .map(|(row, history)| difference(&one, &other, &row, &history))
                .collect::<Result<Vec<_>, serde_json::Error>>()
        })
        .await??;
        all.extend(compared);
    }
    Ok(summed_up(screening, before_sha256, after_sha256, all))
}

async fn sha256_of(
    database: &Database,
    finished: &Finished,
    which: Which,
) -> Result<String, RiskModelError> {
    Ok(match which {
        Which::Shipped => sha256_hex(FLDD_1_0),
        Which::OfScreening => finished.head.model.sha256.clone(),
        Which::Own(id) => {
            stored::find(database.connection(), id)
                .await?
                .ok_or(RiskModelError::Missing)?
                .sha256
        }
    })
}

fn difference(
    one: &Ground,
    other: &Ground,
    stored: &StoredSupplier,
    history: &BTreeMap<Subject, Vec<Decided>>,
) -> Result<Changed, serde_json::Error> {
    let row = SupplierRow {
        row: stored.row,
        supplier: serde_json::from_str(&stored.record)?,
        warnings: Vec::new(),
    };
    let before = assess_reviewed(one, &row, &counting(one, &row, history));
    let after = assess_reviewed(other, &row, &counting(other, &row, history));
    let differing = |own: &SupplierResult, theirs: &SupplierResult| {
        own.factors
            .iter()
            .filter(|factor| !theirs.factors.contains(factor))
            .cloned()
            .collect()
    };
    Ok(Changed {
        supplier_id: stored.id,
        row: stored.row,
        name: stored.name.clone(),
        factors_before: differing(&before, &after),
        factors_after: differing(&after, &before),
        before: side(&before),
        after: side(&after),
    })
}

fn side(result: &SupplierResult) -> Side {
    let assessment = &result.assessment;
    Side {
        score: assessment.score,
        range: assessment.range,
        tier: assessment.tier,
        disposition: assessment.disposition,
        coverage: assessment.coverage,
        reason: result.reason.clone(),
    }
}

fn summed_up(
    screening_id: Uuid,
    before_sha256: String,
    after_sha256: String,
    all: Vec<Changed>,
) -> Comparison {
    let count = |differs: &dyn Fn(&Changed) -> bool| {
        u32::try_from(all.iter().filter(|one| differs(one)).count()).unwrap_or(u32::MAX)
    };
    let mut moves = BTreeMap::<_, u32>::new();
    for one in all.iter().filter(|one| one.before.tier != one.after.tier) {
        *moves.entry((one.before.tier, one.after.tier)).or_default() += 1;
    }
    let weight = |one: &Changed| {
        one.before.tier == one.after.tier && one.before.disposition == one.after.disposition
    };
    let mut comparison = Comparison {
        screening_id,
        before_sha256,
        after_sha256,
        suppliers: count(&|_| true),
        tier_changed: count(&|one| one.before.tier != one.after.tier),
        disposition_changed: count(&|one| one.before.disposition != one.after.disposition),
        score_changed: count(&|one| one.before.score != one.after.score),
        moves: moves
            .into_iter()
            .map(|((from, to), number)| (from, to, number))
            .collect(),
        changed: Vec::new(),
    };
    let mut changed: Vec<_> = all
        .into_iter()
        .filter(|one| one.before != one.after)
        .collect();
    changed.sort_by_key(|one| (weight(one), one.row));
    changed.truncate(NAMED);
    comparison.changed = changed;
    comparison
}

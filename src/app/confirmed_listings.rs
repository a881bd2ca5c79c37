//! Suppliers confirmed to be listed, for a person to read beside a claim.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::{
    disclosures::company::ConfirmedListing,
    lists::Source,
    report::{ListedFacts, SupplierResult},
    review::{self, Decided},
    screening::Disposition,
    store::{
        Connection, Scoped, StoreError, assessments,
        hits::{self, StoredHit},
    },
};

/// A supplier and an entry of a list.
type Pair = (Uuid, Source, String);
/// A result, and what the publisher said of the entries that it holds.
type Facts = BTreeMap<(Source, String), ListedFacts>;

/// Suppliers whose true match with a listed party stands confirmed by two people,
/// the last decided first. One is enough to hold nothing against anybody.
pub async fn confirmed_listings(
    connection: &Scoped<impl Connection>,
    limit: u64,
) -> Result<Vec<ConfirmedListing>, StoreError> {
    let hits = confirmed_hits(connection, limit).await?;
    let mut of_hit: BTreeMap<Uuid, StoredHit> = hits::of_ids(connection, &hits)
        .await?
        .into_iter()
        .map(|hit| (hit.id, hit))
        .collect();
    let mut results: BTreeMap<(Uuid, Uuid), Facts> = BTreeMap::new();
    let mut listings = Vec::new();
    for hit in hits.iter().filter_map(|id| of_hit.remove(id)) {
        let result = (hit.screening_id, hit.supplier_id);
        // Many hits of one supplier stand in one result.
        let facts = match results.entry(result) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(listed_facts(connection, result).await?)
            }
        };
        let facts = facts.get(&(hit.source, hit.entry_id.clone()));
        listings.push(ConfirmedListing {
            supplier: hit.supplier_name,
            citation: facts.map_or_else(
                || format!("{}, entry {}", hit.source.code(), hit.entry_id),
                |facts| facts.citation.clone(),
            ),
            listed_name: hit.listed_name,
            listed_by: hit.source.title().to_owned(),
            listed_on: facts.and_then(|facts| facts.listed_on),
        });
    }
    Ok(listings)
}

/// The hits by which pairs were last decided that stand confirmed.
async fn confirmed_hits(
    connection: &Scoped<impl Connection>,
    limit: u64,
) -> Result<Vec<Uuid>, StoreError> {
    let mut seen: BTreeSet<Pair> = BTreeSet::new();
    let mut pairs = Vec::new();
    for one in hits::latest_decisions(connection, 10 * limit).await? {
        let pair = (one.supplier_id, one.source, one.entry_id);
        if seen.insert(pair.clone()) {
            pairs.push((pair, one.hit_id));
        }
    }
    let suppliers: BTreeSet<Uuid> = pairs.iter().map(|((supplier, ..), _)| *supplier).collect();
    let suppliers: Vec<Uuid> = suppliers.into_iter().collect();
    let mut said: BTreeMap<Pair, Vec<Decided>> = BTreeMap::new();
    for one in hits::decisions(connection, &suppliers).await? {
        let pair = (one.supplier_id, one.source, one.entry_id);
        said.entry(pair).or_default().push(one.decided);
    }
    Ok(pairs
        .into_iter()
        .filter(|(pair, _)| {
            let said = said.get(pair).map(Vec::as_slice).unwrap_or_default();
            matches!(review::standing(said, true), Disposition::TrueMatch(_))
        })
        .map(|(_, hit)| hit)
        .take(usize::try_from(limit).unwrap_or(usize::MAX))
        .collect())
}

/// What the publishers said of a result's entries when the supplier was screened.
async fn listed_facts(
    connection: &Scoped<impl Connection>,
    (screening, supplier): (Uuid, Uuid),
) -> Result<Facts, StoreError> {
    let Some(newest) = assessments::newest(connection, screening, supplier).await? else {
        return Ok(Facts::new());
    };
    let result: SupplierResult =
        serde_json::from_slice(&newest.stored.detail).map_err(|source| StoreError::Unreadable {
            what: "assessment",
            id: newest.stored.id.to_string(),
            source: source.into(),
        })?;
    Ok(result
        .hits
        .into_iter()
        .map(|found| ((found.hit.source, found.hit.entry_id), found.entry))
        .collect())
}

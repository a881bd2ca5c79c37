//! Records gathered by contractor and contract, whatever file they came from.
//!
//! Identifiers decide: UEI, then CAGE, then the D-U-N-S of older records. A
//! record with a name alone stays by itself; names alike are leads.

use std::collections::{BTreeMap, btree_map::Entry};

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use super::{
    contract::{AwardFacts, ContractId},
    disclosure::{Disclosure, OfficialRecord, RecordState},
    gather::{add, join, merge, transaction_key},
    ingest::{AwardRecord, EntityRecord, Event, ExclusionRecord, Record, ReviewRecord},
    party::{Identity, folded_name},
};
use crate::identifier::Scheme;

/// Contracts held at most; what comes after is counted and named.
pub const MOST_CONTRACTS: usize = 400_000;

/// Everything known, by contractor.
#[derive(Debug, Default)]
pub struct Dossier {
    contractors: Vec<ContractorFile>,
    by_uei: FxHashMap<String, usize>,
    by_cage: FxHashMap<String, usize>,
    by_duns: FxHashMap<String, usize>,
    by_name: FxHashMap<String, usize>,
    seen: FxHashSet<u64>,
    contracts: usize,
    pub reviews: Vec<ReviewRecord>,
    pub exclusions: Vec<ExclusionRecord>,
    pub tally: Tally,
}

/// What became of the records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub entities: u64,
    pub transactions: u64,
    /// Transactions that came twice and count once.
    pub duplicates: u64,
    /// Award records that name no contractor: only the contract is known.
    pub without_contractor: u64,
    pub exclusions: u64,
    pub disclosures: u64,
    /// Rows of the form on a contract that another row was already about.
    pub replaced_disclosures: u64,
    pub reviews: u64,
    /// Transactions on contracts past [`MOST_CONTRACTS`].
    pub past_limit: u64,
}

/// One contractor.
#[derive(Debug, Clone, Default)]
pub struct ContractorFile {
    pub identity: Identity,
    /// Boxed, as the awards are: most contractors have no entity record, and a
    /// node of the map has room for eleven contracts where most have one.
    pub entity: Option<Box<EntityRecord>>,
    pub records: Vec<OfficialRecord>,
    pub awards: BTreeMap<ContractId, Box<AwardFacts>>,
    /// One for each contract as the form names it; the last given stands.
    pub disclosures: BTreeMap<ContractId, Disclosure>,
}

/// What is known of one contract.
#[derive(Debug, Clone, Copy, Default)]
pub struct ContractFile<'a> {
    pub award: Option<&'a AwardFacts>,
    pub disclosure: Option<&'a Disclosure>,
}

impl ContractorFile {
    /// Awards and disclosures by contract. A form that names no agency or vehicle
    /// joins the one award with its number.
    pub fn contracts(&self) -> BTreeMap<ContractId, ContractFile<'_>> {
        let mut contracts: BTreeMap<ContractId, ContractFile<'_>> = BTreeMap::new();
        for (id, award) in &self.awards {
            contracts.entry(id.clone()).or_default().award = Some(award);
        }
        for (id, disclosure) in &self.disclosures {
            let same = |known: &&ContractId| {
                known.piid == id.piid
                    && (id.agency_code.is_empty() || known.agency_code == id.agency_code)
                    && (id.vehicle_piid.is_empty() || known.vehicle_piid == id.vehicle_piid)
            };
            let mut fitting = self.awards.keys().filter(same);
            let contract = match (fitting.next(), fitting.next()) {
                (Some(only), None) => only.clone(),
                _ => id.clone(),
            };
            contracts.entry(contract).or_default().disclosure = Some(disclosure);
        }
        contracts
    }
}

impl Dossier {
    /// Takes what the reader hands over; `true` when a transaction was a
    /// duplicate.
    pub fn take(&mut self, event: Event) -> Taken {
        let Event::Record(_, record) = event else {
            return Taken::Kept;
        };
        match *record {
            Record::Award(award) => return self.award(&award),
            Record::Entity(entity) => {
                self.tally.entities += 1;
                let at = self.contractor(&entity.identity);
                if let Some(contractor) = self.contractors.get_mut(at) {
                    contractor.records.extend(entity.records.iter().cloned());
                    contractor.records.sort();
                    contractor.records.dedup();
                    contractor.entity = Some(Box::new(entity));
                }
            }
            Record::Exclusion(exclusion) => {
                self.tally.exclusions += 1;
                self.exclusions.push(exclusion);
            }
            Record::Disclosure(disclosure) => {
                self.tally.disclosures += 1;
                let at = self.contractor(&disclosure.contractor);
                if let Some(contractor) = self.contractors.get_mut(at) {
                    contractor
                        .records
                        .extend(disclosure.official_records.iter().cloned());
                    contractor.records.sort();
                    contractor.records.dedup();
                    let before = contractor
                        .disclosures
                        .insert(disclosure.contract.clone(), *disclosure);
                    self.tally.replaced_disclosures += u64::from(before.is_some());
                }
            }
            Record::Review(review) => {
                self.tally.reviews += 1;
                self.reviews.push(review);
            }
        }
        Taken::Kept
    }

    /// In a fixed order: by name, then by identifiers.
    pub fn contractors(&self) -> Vec<&ContractorFile> {
        let nobody = Identity::default();
        let mut all: Vec<&ContractorFile> = self
            .contractors
            .iter()
            .filter(|one| one.identity != nobody)
            .collect();
        all.sort_by_key(|one| {
            let identity = &one.identity;
            (
                folded_name(&identity.name),
                identity.uei.clone(),
                identity.cage.clone(),
                identity.duns.clone(),
            )
        });
        all
    }

    /// Contractors, and contracts with a record or a form.
    pub fn size(&self) -> (usize, usize) {
        let forms_alone: usize = self
            .contractors
            .iter()
            .map(|one| {
                let has_award = |id: &&ContractId| one.awards.contains_key(*id);
                one.disclosures.len() - one.disclosures.keys().filter(has_award).count()
            })
            .sum();
        (self.contractors.len(), self.contracts + forms_alone)
    }

    pub fn is_empty(&self) -> bool {
        self.contractors.is_empty() && self.exclusions.is_empty()
    }

    /// Exclusions by the identifiers that they bear. A name alone is left to
    /// screening, and natural persons are not shown.
    pub(super) fn exclusions_by_identifier(&self) -> ExclusionsByIdentifier<'_> {
        let mut all = ExclusionsByIdentifier::default();
        for exclusion in self.exclusions.iter().filter(|one| !one.person) {
            for key in identifiers(&exclusion.identity) {
                all.entry(key).or_default().push(exclusion);
            }
        }
        all
    }

    fn award(&mut self, award: &AwardRecord) -> Taken {
        self.tally.transactions += 1;
        if !self.seen.insert(transaction_key(award)) {
            self.tally.duplicates += 1;
            return Taken::Duplicate;
        }
        let identity = &award.identity;
        if identity.name.is_empty()
            && identity.uei.is_none()
            && identity.cage.is_none()
            && identity.duns.is_none()
        {
            self.tally.without_contractor += 1;
            return Taken::WithoutContractor;
        }
        let at = self.contractor(identity);
        let known = self
            .contractors
            .get(at)
            .is_some_and(|one| one.awards.contains_key(&award.contract));
        if !known && self.contracts >= MOST_CONTRACTS {
            self.tally.past_limit += 1;
            return Taken::PastLimit;
        }
        self.contracts += usize::from(!known);
        if let Some(contractor) = self.contractors.get_mut(at) {
            add(
                contractor.awards.entry(award.contract.clone()).or_default(),
                award,
            );
        }
        Taken::Kept
    }

    /// Takes a contractor known by its CAGE code alone into the one with the UEI.
    fn absorb(&mut self, kept: usize, other: usize) {
        let without_uei = self
            .contractors
            .get(other)
            .is_some_and(|one| one.identity.uei.is_none());
        if !without_uei {
            return;
        }
        let Some(file) = self.contractors.get_mut(other).map(std::mem::take) else {
            return;
        };
        for map in [&mut self.by_cage, &mut self.by_duns] {
            for at in map.values_mut().filter(|at| **at == other) {
                *at = kept;
            }
        }
        let Some(into) = self.contractors.get_mut(kept) else {
            return;
        };
        merge(&mut into.identity, &file.identity);
        into.entity = into.entity.take().or(file.entity);
        into.records.extend(file.records);
        into.records.sort();
        into.records.dedup();
        for (id, facts) in file.awards {
            match into.awards.entry(id) {
                Entry::Vacant(place) => {
                    place.insert(facts);
                }
                Entry::Occupied(mut place) => join(place.get_mut(), *facts),
            }
        }
        for (id, disclosure) in file.disclosures {
            into.disclosures.entry(id).or_insert(disclosure);
        }
    }

    /// The number of a contractor, a new one where no identifier is known.
    fn contractor(&mut self, identity: &Identity) -> usize {
        let name = folded_name(&identity.name);
        let identified =
            identity.uei.is_some() || identity.cage.is_some() || identity.duns.is_some();
        let find = |map: &FxHashMap<String, usize>, key: &Option<String>| {
            key.as_ref().and_then(|key| map.get(key)).copied()
        };
        // A record that gives both may tie together what came apart.
        if let (Some(kept), Some(other)) = (
            find(&self.by_uei, &identity.uei),
            find(&self.by_cage, &identity.cage),
        ) && kept != other
        {
            self.absorb(kept, other);
        }
        let by_cage = || {
            // One CAGE code has one UEI: another one is another contractor.
            find(&self.by_cage, &identity.cage).filter(|at| {
                identity.uei.is_none()
                    || self
                        .contractors
                        .get(*at)
                        .is_none_or(|known| known.identity.uei.is_none())
            })
        };
        let known = find(&self.by_uei, &identity.uei)
            .or_else(by_cage)
            .or_else(|| {
                (identity.uei.is_none() && identity.cage.is_none())
                    .then(|| find(&self.by_duns, &identity.duns))
                    .flatten()
            })
            .or_else(|| {
                (!identified)
                    .then(|| self.by_name.get(&name).copied())
                    .flatten()
            });
        let at = known.unwrap_or_else(|| {
            self.contractors.push(ContractorFile::default());
            self.contractors.len() - 1
        });
        if let Some(contractor) = self.contractors.get_mut(at) {
            merge(&mut contractor.identity, identity);
        }
        for (map, key) in [
            (&mut self.by_uei, &identity.uei),
            (&mut self.by_cage, &identity.cage),
            (&mut self.by_duns, &identity.duns),
        ] {
            if let Some(key) = key {
                map.entry(key.clone()).or_insert(at);
            }
        }
        if !identified {
            self.by_name.insert(name, at);
        }
        at
    }
}

pub(super) type ExclusionsByIdentifier<'a> = FxHashMap<(Scheme, &'a str), Vec<&'a ExclusionRecord>>;

/// The identifiers that records are tied by.
pub(super) fn identifiers(identity: &Identity) -> impl Iterator<Item = (Scheme, &str)> {
    [
        (Scheme::Uei, &identity.uei),
        (Scheme::Cage, &identity.cage),
        (Scheme::Duns, &identity.duns),
    ]
    .into_iter()
    .filter_map(|(scheme, value)| Some((scheme, value.as_deref()?)))
}

/// What became of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    Kept,
    /// A transaction that was there already: counted once.
    Duplicate,
    WithoutContractor,
    PastLimit,
}

/// An exclusion as an official record, for what it says and no more.
pub(super) fn as_record(exclusion: &ExclusionRecord) -> OfficialRecord {
    OfficialRecord {
        state: RecordState::Exclusion,
        dated: exclusion.active_from,
        title: format!(
            "{}, {} ({})",
            exclusion.exclusion_type, exclusion.program, exclusion.agency
        ),
        trafficking: false,
        contract: None,
        source: "SAM.gov exclusions".to_owned(),
        until: exclusion.until,
        remedy: None,
    }
}

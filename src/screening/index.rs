//! Parties made searchable. An index never changes: a new snapshot is a new
//! index, put behind the `Arc` that readers clone, so that queries under way
//! finish on the old one.

use std::cell::RefCell;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{
    compare::{self, Comparison},
    evidence::{AskedName, ListedName, Pair, Signals},
    facts::{AddressRarity, Facts, Record, identifiers},
    model::{Model, model},
    name::Name,
    party::{Party, Subject},
    postings::{Postings, Scratch, Side, keys_of},
    similarity::Similarity,
    vocabulary::{Known, Vocabulary},
};
use crate::lists::EntryKind;

/// How far a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchOptions {
    pub min_similarity: Similarity,
    /// Parties at most, the most alike first.
    pub limit: usize,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self {
            min_similarity: Similarity::from_unit(0.5),
            limit: 10,
        }
    }
}

/// A listed party that is alike, with the names that are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Place in the index, see [`Index::party`].
    pub party: usize,
    /// Place among the party's names.
    pub listed_name: usize,
    /// Place among the subject's names.
    pub subject_name: usize,
    pub similarity: Similarity,
}

/// Listed parties, searchable by name and identifier.
#[derive(Debug)]
pub struct Index {
    parties: Vec<Party>,
    records: Vec<Record>,
    address_rarity: AddressRarity,
    /// Name to (party, place among its names).
    owners: Vec<(u32, u32)>,
    /// Name to its words.
    words: Vec<Vec<u32>>,
    legal: Vec<(Vec<u16>, bool)>,
    /// Of persons: name to the words of its surname.
    surnames: FxHashMap<u32, usize>,
    vocabulary: Vocabulary,
    postings: Postings,
    identifiers: FxHashMap<String, Vec<u32>>,
}

/// Names compared word by word for one name of a subject.
const COMPARED: usize = 96;
/// Parties at the subject's address that are compared whatever their names.
const AT_ADDRESS: usize = 4;
/// Entries of the key lists read for one name of a subject, rarest first.
const BUDGET: usize = 24_000;

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// A pair as the fitting program sees it.
#[derive(Debug, Clone, Copy)]
pub struct Weighed {
    pub candidate: Candidate,
    pub signals: Signals,
}

impl Index {
    /// The same index for the same parties in any order: parties are kept by id.
    pub fn build(mut parties: Vec<Party>) -> Self {
        parties.sort_by(|left, right| left.id.cmp(&right.id));
        let owners: Vec<(u32, u32)> = parties
            .iter()
            .zip(0_u32..)
            .flat_map(|(listed, party)| {
                (0_u32..)
                    .take(listed.names.len())
                    .map(move |name| (party, name))
            })
            .collect();
        let prepared: Vec<(Vec<Name>, Record)> = parties
            .par_iter()
            .map(|party| {
                (
                    party.names.iter().map(|name| Name::new(name)).collect(),
                    Record::of_party(party),
                )
            })
            .collect();
        let mut names = Vec::with_capacity(owners.len());
        let mut records = Vec::with_capacity(parties.len());
        for (of_party, record) in prepared {
            names.extend(of_party);
            records.push(record);
        }
        let ((vocabulary, words), (postings, address_rarity)) = rayon::join(
            || Vocabulary::build(&names),
            || {
                let keys: Vec<Vec<u64>> = names
                    .par_iter()
                    .map(|name| keys_of(name, Side::Listed))
                    .collect();
                (Postings::build(&keys), AddressRarity::of(&records))
            },
        );
        let mut identifiers: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        for (party, place) in parties.iter().zip(0_u32..) {
            for identifier in &party.identifiers {
                identifiers
                    .entry(identifier.value.clone())
                    .or_default()
                    .push(place);
            }
        }
        let surnames = surnames(&parties, &owners);
        let legal = names
            .into_iter()
            .map(|name| (name.legal, name.only_legal))
            .collect();
        Self {
            parties,
            records,
            address_rarity,
            owners,
            words,
            legal,
            surnames,
            vocabulary,
            postings,
            identifiers,
        }
    }

    pub fn len(&self) -> usize {
        self.parties.len()
    }

    pub fn is_empty(&self) -> bool {
        self.parties.is_empty()
    }

    pub fn party(&self, place: usize) -> Option<&Party> {
        self.parties.get(place)
    }

    /// The parties most alike, best first; equal ones by id.
    pub fn search(&self, subject: &Subject, options: &SearchOptions) -> Vec<Candidate> {
        let mut best: FxHashMap<usize, (f64, Candidate)> = FxHashMap::default();
        self.compare_all(subject, model(), |value, candidate, _| {
            let kept = best.entry(candidate.party).or_insert((value, candidate));
            if value > kept.0 {
                *kept = (value, candidate);
            }
        });
        let mut found: Vec<Candidate> = best
            .into_values()
            .map(|(_, candidate)| candidate)
            .filter(|candidate| candidate.similarity >= options.min_similarity)
            .collect();
        found.sort_by(|left, right| {
            right
                .similarity
                .cmp(&left.similarity)
                .then(left.party.cmp(&right.party))
        });
        found.truncate(options.limit);
        found
    }

    /// Every comparison of a search with its signals: what a model is fitted on.
    pub fn weigh_all(&self, subject: &Subject, by: &Model) -> Vec<Weighed> {
        let mut all = Vec::new();
        self.compare_all(subject, by, |_, candidate, signals| {
            all.push(Weighed {
                candidate,
                signals: *signals,
            });
        });
        all
    }

    fn compare_all(
        &self,
        subject: &Subject,
        by: &Model,
        mut found: impl FnMut(f64, Candidate, &Signals),
    ) {
        let record = Record::of_subject(subject);
        let mut beside_names: Vec<u32> = subject
            .identifiers
            .iter()
            .filter_map(|identifier| self.identifiers.get(&identifier.value))
            .flatten()
            .copied()
            .collect();
        beside_names.extend(self.address_rarity.parties(&record.addresses, AT_ADDRESS));
        let mut pairs = Vec::new();
        let mut listed_words = Vec::new();
        for (subject_name, text) in subject.names.iter().enumerate() {
            let name = Name::new(text);
            let asked = self.ask(&name);
            let keys = keys_of(&name, Side::Query);
            let mut places = SCRATCH
                .with_borrow_mut(|scratch| self.postings.search(&keys, BUDGET, COMPARED, scratch));
            for party in &beside_names {
                let first = self.owners.partition_point(|owner| owner.0 < *party);
                let names = self
                    .owners
                    .iter()
                    .zip(0_u32..)
                    .skip(first)
                    .take_while(|(owner, _)| owner.0 == *party);
                places.extend(
                    names
                        .map(|(_, place)| place)
                        .filter(|place| !places.contains(place))
                        .collect::<Vec<_>>(),
                );
            }
            for place in places {
                let place = place as usize;
                let Some((party, listed_name)) = self.owners.get(place) else {
                    continue;
                };
                let (party, listed_name) = (*party as usize, *listed_name as usize);
                let Some(listed) = self.listed(place, &mut listed_words) else {
                    continue;
                };
                let Some((facts, kind)) = self.facts(subject, &record, party) else {
                    continue;
                };
                let signals = compare::weigh(&asked, &listed, &facts, &mut pairs);
                let value =
                    compare::similarity(by, &signals, &asked, &listed, &pairs, &facts, kind);
                let similarity = Similarity::from_unit(value);
                found(
                    value,
                    Candidate {
                        party,
                        listed_name,
                        subject_name,
                        similarity,
                    },
                    &signals,
                );
            }
        }
    }

    /// Why a candidate is one.
    pub fn explain(&self, subject: &Subject, candidate: &Candidate) -> Option<Comparison> {
        let party = u32::try_from(candidate.party).ok()?;
        let place = self.owners.partition_point(|owner| owner.0 < party) + candidate.listed_name;
        let name = Name::new(subject.names.get(candidate.subject_name)?);
        let asked = self.ask(&name);
        let mut words = Vec::new();
        let listed = self.listed(place, &mut words)?;
        let (facts, kind) = self.facts(subject, &Record::of_subject(subject), candidate.party)?;
        let mut pairs: Vec<Pair> = Vec::new();
        let signals = compare::weigh(&asked, &listed, &facts, &mut pairs);
        Some(compare::explain(
            model(),
            &signals,
            &asked,
            &listed,
            &pairs,
            &facts,
            kind,
        ))
    }

    fn ask(&self, name: &Name) -> AskedName {
        AskedName {
            words: name
                .words
                .iter()
                .map(|word| self.vocabulary.asked(word))
                .collect(),
            legal: name.legal.clone(),
            only_legal: name.only_legal,
        }
    }

    fn listed<'index, 'words>(
        &'index self,
        place: usize,
        words: &'words mut Vec<&'index Known>,
    ) -> Option<ListedName<'words>>
    where
        'index: 'words,
    {
        words.clear();
        words.extend(
            self.words
                .get(place)?
                .iter()
                .filter_map(|number| self.vocabulary.get(*number)),
        );
        let (legal, only_legal) = self.legal.get(place)?;
        Some(ListedName {
            words,
            legal,
            only_legal: *only_legal,
            person: u32::try_from(place)
                .ok()
                .and_then(|place| self.surnames.get(&place).copied()),
        })
    }

    fn facts(
        &self,
        subject: &Subject,
        record: &Record,
        party: usize,
    ) -> Option<(Facts, EntryKind)> {
        let listed = self.parties.get(party)?;
        let listed_record = self.records.get(party)?;
        let (same_identifier, other_identifier) = identifiers(subject, listed);
        let facts = Facts {
            country: record.country_fact(listed_record),
            address: self
                .address_rarity
                .similarity(&record.addresses, &listed_record.addresses),
            same_identifier,
            other_identifier,
        };
        Some((facts, listed.kind))
    }
}

/// Lists write persons "SURNAME, Given names"; without a comma nobody knows.
fn surnames(parties: &[Party], owners: &[(u32, u32)]) -> FxHashMap<u32, usize> {
    owners
        .iter()
        .zip(0_u32..)
        .filter_map(|((party, name), place)| {
            let party = parties.get(*party as usize)?;
            let name = party
                .names
                .get(*name as usize)
                .filter(|_| party.kind == EntryKind::Person)?;
            let surname = name
                .split_once(',')
                .map_or(0, |(surname, _)| Name::new(surname).words.len());
            Some((place, surname))
        })
        .collect()
}

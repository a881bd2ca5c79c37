//! Parties made searchable. An index never changes: a new snapshot is a new
//! index, put behind the `Arc` that readers clone, so that queries under way
//! finish on the old one.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    compare::{self, Comparison, Corroboration, Rarity},
    name::Name,
    party::{Party, Subject},
    similarity::Similarity,
};

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
    /// Name to (party, place among its names).
    owners: Vec<(usize, usize)>,
    names: Vec<Name>,
    grams: FxHashMap<[u8; 3], Vec<u32>>,
    identifiers: FxHashMap<String, Vec<usize>>,
    rarity: Rarity,
}

/// Names compared word by word for one name of a subject.
const COMPARED: usize = 60;
/// Postings read for one name of a subject, rarest first.
const POSTINGS: usize = 30_000;

impl Index {
    /// The same index for the same parties in any order: parties are kept by id.
    pub fn build(mut parties: Vec<Party>) -> Self {
        parties.sort_by(|left, right| left.id.cmp(&right.id));
        let owners: Vec<(usize, usize)> = parties
            .iter()
            .enumerate()
            .flat_map(|(party, listed)| (0..listed.names.len()).map(move |name| (party, name)))
            .collect();
        let names: Vec<Name> = owners
            .par_iter()
            .map(|(party, name)| {
                parties
                    .get(*party)
                    .and_then(|party| party.names.get(*name))
                    .map(|name| Name::new(name))
                    .unwrap_or_default()
            })
            .collect();
        let rarity = Rarity::of(&names);
        let mut grams: FxHashMap<[u8; 3], Vec<u32>> = FxHashMap::default();
        for (place, name) in names.iter().enumerate() {
            for gram in grams_of(name) {
                grams
                    .entry(gram)
                    .or_default()
                    .push(u32::try_from(place).unwrap_or(u32::MAX));
            }
        }
        let mut identifiers: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (place, party) in parties.iter().enumerate() {
            for identifier in &party.identifiers {
                identifiers
                    .entry(identifier.value.clone())
                    .or_default()
                    .push(place);
            }
        }
        Self {
            parties,
            owners,
            names,
            grams,
            identifiers,
            rarity,
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
        let mut best: FxHashMap<usize, Candidate> = FxHashMap::default();
        for (subject_name, text) in subject.names.iter().enumerate() {
            let name = Name::new(text);
            for place in self.candidates(&name) {
                let Some(found) = self.judge(subject, subject_name, &name, place) else {
                    continue;
                };
                let kept = best.entry(found.party).or_insert(found);
                if found.similarity > kept.similarity {
                    *kept = found;
                }
            }
        }
        for identifier in &subject.identifiers {
            for party in self
                .identifiers
                .get(&identifier.value)
                .into_iter()
                .flatten()
            {
                let kept = best.entry(*party).or_insert(Candidate {
                    party: *party,
                    listed_name: 0,
                    subject_name: 0,
                    similarity: Similarity::ZERO,
                });
                kept.similarity = kept.similarity.max(compare::IDENTIFIER_ALONE);
            }
        }
        let mut found: Vec<Candidate> = best
            .into_values()
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

    /// Why a candidate is one.
    pub fn explain(&self, subject: &Subject, candidate: &Candidate) -> Option<Comparison> {
        let party = self.parties.get(candidate.party)?;
        let listed = Name::new(party.names.get(candidate.listed_name)?);
        let name = Name::new(subject.names.get(candidate.subject_name)?);
        let facts = Corroboration::between(subject, party);
        Some(compare::compare(&name, &listed, &facts, &self.rarity))
    }

    fn judge(
        &self,
        subject: &Subject,
        subject_name: usize,
        name: &Name,
        place: usize,
    ) -> Option<Candidate> {
        let (party, listed_name) = *self.owners.get(place)?;
        let listed = self.names.get(place)?;
        let facts = Corroboration::between(subject, self.parties.get(party)?);
        let similarity = compare::compare(name, listed, &facts, &self.rarity).similarity;
        Some(Candidate {
            party,
            listed_name,
            subject_name,
            similarity,
        })
    }

    /// Names that share rare letter sequences, most shared weight first.
    fn candidates(&self, name: &Name) -> Vec<usize> {
        let mut postings: Vec<&Vec<u32>> = grams_of(name)
            .iter()
            .filter_map(|gram| self.grams.get(gram))
            .collect();
        postings.sort_by_key(|names| names.len());
        let mut weights: FxHashMap<u32, f32> = FxHashMap::default();
        let mut read = 0;
        for names in postings {
            read += names.len();
            if read > POSTINGS && !weights.is_empty() {
                break;
            }
            let weight = self.rarity.of_count(names.len());
            for name in names {
                *weights.entry(*name).or_default() += weight;
            }
        }
        let mut ranked: Vec<(u32, f32)> = weights.into_iter().collect();
        ranked.sort_by(|left, right| right.1.total_cmp(&left.1).then(left.0.cmp(&right.0)));
        ranked.truncate(COMPARED);
        ranked
            .into_iter()
            .map(|(place, _)| place as usize)
            .collect()
    }
}

/// Letter triples of the words without spaces, each once, in order of bytes.
fn grams_of(name: &Name) -> Vec<[u8; 3]> {
    let joined = name.joined();
    let padded = format!("^{joined}$");
    let mut grams: Vec<[u8; 3]> = padded
        .as_bytes()
        .windows(3)
        .filter_map(|window| window.try_into().ok())
        .collect::<FxHashSet<_>>()
        .into_iter()
        .collect();
    grams.sort_unstable();
    grams
}

//! What two records say beside the names: countries, addresses, identifiers.

use rustc_hash::FxHashMap;

use super::{
    fold,
    lexicon::{Sense, lexicon},
    name::Name,
    party::{Party, Subject},
    romanize::romanize,
};
use crate::country::Country;

/// How the countries of two records go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CountryFact {
    #[default]
    Unknown,
    /// Both records say it.
    Agrees,
    Conflicts,
    /// One of them says it by its address, its legal form or a place in its name.
    AgreesByWords,
    ConflictsByWords,
}

/// What speaks for or against two records being one party, names aside.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Facts {
    pub country: CountryFact,
    /// 0 to 1: how much of the rarer words of an address agrees.
    pub address: f32,
    pub same_identifier: bool,
    /// Both have identifiers of one scheme and share none.
    pub other_identifier: bool,
}

/// A record's side of the facts, prepared.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// As given, sorted.
    pub countries: Vec<Country>,
    /// From addresses and names, sorted.
    pub by_words: Vec<Country>,
    /// The hashes of each address's words, sorted.
    pub addresses: Vec<Vec<u64>>,
}

/// Greater China is one place to a list that says "China" for a firm in Hong Kong.
fn same_country(one: Country, other: Country) -> bool {
    let chinese = |country: Country| matches!(country.alpha2().as_bytes(), b"CN" | b"HK" | b"MO");
    one == other || (chinese(one) && chinese(other))
}

fn any_same(some: &[Country], others: &[Country]) -> bool {
    some.iter()
        .any(|one| others.iter().any(|other| same_country(*one, *other)))
}

impl Record {
    pub fn of_party(party: &Party) -> Self {
        Self::new(&party.countries, &party.addresses, &party.names)
    }

    pub fn of_subject(subject: &Subject) -> Self {
        Self::new(&subject.countries, &subject.addresses, &subject.names)
    }

    fn new(countries: &[Country], addresses: &[String], names: &[String]) -> Self {
        let mut countries = countries.to_vec();
        countries.sort_unstable();
        countries.dedup();
        let mut by_words = Vec::new();
        if countries.is_empty() {
            by_words.extend(
                addresses
                    .iter()
                    .flat_map(|address| lexicon().countries_in(address)),
            );
            // What a name says counts only when no address says more.
            if by_words.is_empty() {
                by_words.extend(
                    names
                        .iter()
                        .flat_map(|name| countries_of_name(&Name::new(name))),
                );
            }
            by_words.sort_unstable();
            by_words.dedup();
        }
        let addresses = addresses
            .iter()
            .map(|address| address_words(address))
            .collect();
        Self {
            countries,
            by_words,
            addresses,
        }
    }

    pub fn country_fact(&self, listed: &Self) -> CountryFact {
        match (self.countries.is_empty(), listed.countries.is_empty()) {
            (false, false) if any_same(&self.countries, &listed.countries) => CountryFact::Agrees,
            (false, false) => CountryFact::Conflicts,
            _ => {
                let mine = if self.countries.is_empty() {
                    &self.by_words
                } else {
                    &self.countries
                };
                let theirs = if listed.countries.is_empty() {
                    &listed.by_words
                } else {
                    &listed.countries
                };
                if mine.is_empty() || theirs.is_empty() {
                    CountryFact::Unknown
                } else if any_same(mine, theirs) {
                    CountryFact::AgreesByWords
                } else {
                    CountryFact::ConflictsByWords
                }
            }
        }
    }
}

/// The countries of the places a name has. Its legal form names none: firms
/// translate it.
fn countries_of_name(name: &Name) -> Vec<Country> {
    name.words
        .iter()
        .filter_map(|word| lexicon().concept(word.concept?))
        .flat_map(|concept| concept.countries.iter().copied())
        .collect()
}

/// Hashes of the words that tell one address from another.
pub fn address_words(address: &str) -> Vec<u64> {
    let mut words: Vec<u64> = fold::words(address)
        .iter()
        .map(romanize)
        .filter(|word| word.len() > 1 && !is_idle(word))
        .map(|word| super::postings::key(b'A', word.as_bytes()))
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

fn is_idle(word: &str) -> bool {
    matches!(
        lexicon().sense_at(&[word.to_owned()]),
        Some((_, Sense::Stop))
    ) || matches!(
        word,
        "no" | "str"
            | "st"
            | "street"
            | "road"
            | "rd"
            | "ul"
            | "building"
            | "floor"
            | "room"
            | "office"
            | "unit"
            | "district"
            | "city"
            | "province"
    )
}

/// How common address words are among the parties of one index.
#[derive(Debug, Default)]
pub struct AddressRarity {
    parties: f32,
    counts: FxHashMap<u64, u32>,
    /// Parties by the words that few addresses have.
    telling: FxHashMap<u64, Vec<u32>>,
}

/// More parties than this at one rare word make it no longer rare.
const AT_ONE_WORD: u32 = 24;

impl AddressRarity {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^24")]
    pub fn of(records: &[Record]) -> Self {
        let mut counts: FxHashMap<u64, u32> = FxHashMap::default();
        for record in records {
            let mut words: Vec<u64> = record.addresses.concat();
            words.sort_unstable();
            words.dedup();
            for word in words {
                *counts.entry(word).or_default() += 1;
            }
        }
        let mut telling: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        for (record, party) in records.iter().zip(0_u32..) {
            for word in record.addresses.iter().flatten() {
                if counts.get(word).is_some_and(|count| *count <= AT_ONE_WORD) {
                    let parties = telling.entry(*word).or_default();
                    if parties.last() != Some(&party) {
                        parties.push(party);
                    }
                }
            }
        }
        Self {
            parties: records.len() as f32,
            counts,
            telling,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "far below 2^24")]
    fn weight(&self, word: u64) -> f32 {
        let count = self.counts.get(&word).copied().unwrap_or(0) as f32;
        ((self.parties + 50.0) / (count + 1.0)).ln()
    }

    /// The parties that share most of the rarer words of an address, at most
    /// `limit`, two shared words at least.
    pub fn parties(&self, addresses: &[Vec<u64>], limit: usize) -> Vec<u32> {
        let mut shared: FxHashMap<u32, (u32, f32)> = FxHashMap::default();
        for word in addresses.iter().flatten() {
            for party in self.telling.get(word).into_iter().flatten() {
                let slot = shared.entry(*party).or_default();
                slot.0 += 1;
                slot.1 += self.weight(*word);
            }
        }
        let mut ranked: Vec<(f32, u32)> = shared
            .into_iter()
            .filter(|(_, (words, _))| *words > 1)
            .map(|(party, (_, weight))| (weight, party))
            .collect();
        ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        ranked.truncate(limit);
        ranked.into_iter().map(|(_, party)| party).collect()
    }

    /// 0 to 1: the shared share of the shorter address's weight, less when
    /// little is shared at all.
    pub fn similarity(&self, some: &[Vec<u64>], others: &[Vec<u64>]) -> f32 {
        const TELLING: f32 = 14.0;
        let total = |words: &[u64]| words.iter().map(|word| self.weight(*word)).sum::<f32>();
        let mut best = 0.0_f32;
        for one in some {
            for other in others {
                let shared: f32 = one
                    .iter()
                    .filter(|word| other.binary_search(word).is_ok())
                    .map(|word| self.weight(*word))
                    .sum();
                if shared > 0.0 {
                    let shorter = total(one).min(total(other)).max(1.0);
                    best = best.max((shared / shorter).min(1.0) * (shared / TELLING).min(1.0));
                }
            }
        }
        best
    }
}

/// Identifiers of one scheme: equal, different, or nothing to compare.
pub fn identifiers(subject: &Subject, party: &Party) -> (bool, bool) {
    let mut comparable = false;
    for mine in &subject.identifiers {
        for theirs in &party.identifiers {
            if mine.value == theirs.value {
                return (true, false);
            }
            comparable |=
                mine.scheme == theirs.scheme && mine.scheme != crate::identifier::Scheme::Other;
        }
    }
    (false, comparable)
}

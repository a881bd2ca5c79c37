//! One SDN as both forms give it, and the entry that it becomes.

use std::collections::BTreeSet;

use super::facts::{self, Fact};
use crate::{
    country::Country,
    lists::{
        entry::{Entry, EntryKind},
        snapshot::Unread,
    },
    supplier::{Alias, AliasKind},
};

/// What OFAC says of one party, before anything is dropped.
#[derive(Debug, Default)]
pub(super) struct SdnRecord {
    pub(super) uid: String,
    pub(super) name: String,
    /// `sdnType`, as published; empty: an organization.
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) programs: Vec<String>,
    /// In the order of the file.
    pub(super) aliases: Vec<Alias>,
    /// Lines, each with the country as published.
    pub(super) addresses: Vec<(String, String)>,
    /// Nationalities, citizenships and the flag, as published.
    pub(super) countries: Vec<String>,
    pub(super) facts: Vec<String>,
}

impl SdnRecord {
    /// Files a phrase where it belongs.
    pub(super) fn add_fact(&mut self, phrase: &str) {
        match facts::read(phrase) {
            Fact::WeakAlias(name) => self.aliases.push(Alias {
                name,
                kind: AliasKind::Weak,
            }),
            Fact::Country(country) => self.countries.push(country),
            Fact::Other(fact) if !fact.is_empty() => self.facts.push(fact),
            Fact::Birth | Fact::Other(_) => {}
        }
    }

    /// The entry, or why there is none; doubts come with the entry.
    pub(super) fn into_entry(mut self, place: &str) -> Result<(Entry, Vec<Unread>), Unread> {
        if self.uid.is_empty() || !self.uid.bytes().all(|byte| byte.is_ascii_digit()) {
            let reason = "the entry has no number of OFAC's";
            return Err(Unread::lost(place, reason, &self.uid));
        }
        if self.name.is_empty() {
            let reason = format!("the entry {} has no name", self.uid);
            return Err(Unread::lost(place, reason, ""));
        }
        let mut doubts = Vec::new();
        let kind = match self.kind.to_ascii_lowercase().as_str() {
            "individual" => EntryKind::Person,
            "vessel" => EntryKind::Vessel,
            "aircraft" => EntryKind::Aircraft,
            "" | "entity" => EntryKind::Organization,
            other => {
                let reason =
                    format!("\"{other}\" is no kind of party we know; kept as an organization");
                doubts.push(Unread::new(place, reason, &self.uid));
                EntryKind::Organization
            }
        };
        let mut countries = BTreeSet::new();
        let named = self.addresses.iter().map(|(_, country)| country);
        for spelling in named.chain(&self.countries).collect::<BTreeSet<_>>() {
            match country_of(spelling) {
                Ok(country) => countries.extend(country),
                Err(()) => doubts.push(Unread::new(
                    place,
                    format!(
                        "the country of {} is not one we know; kept without it",
                        self.uid
                    ),
                    spelling,
                )),
            }
        }

        let citation = format!("OFAC, SDN list, entry {}", self.uid);
        let mut entry = Entry::new(&self.uid, &self.name, citation);
        entry.kind = kind;
        entry.countries = countries.into_iter().collect();
        entry.aliases = self.aliases();
        entry.addresses = lines(&self.addresses);
        entry.programs = distinct(std::mem::take(&mut self.programs));
        // Papers, birth and work of a person stay in the kept file: matching
        // needs none of it, and nothing of it is ever given out.
        if kind != EntryKind::Person {
            if !self.title.is_empty() {
                self.facts.push(format!("Title {}", self.title));
            }
            self.facts.sort();
            self.facts.dedup();
            let identifiers: BTreeSet<_> = self
                .facts
                .iter()
                .filter_map(|fact| facts::identifier(fact))
                .collect();
            entry.identifiers = identifiers.into_iter().collect();
            entry.remarks = Some(self.facts.join("; ")).filter(|remarks| !remarks.is_empty());
        }
        Ok((entry, doubts))
    }

    /// Strong ones first, then weak ones, each as published and once.
    fn aliases(&mut self) -> Vec<Alias> {
        let mut seen = BTreeSet::from([self.name.clone()]);
        let (weak, strong): (Vec<_>, Vec<_>) = std::mem::take(&mut self.aliases)
            .into_iter()
            .partition(|alias| alias.kind == AliasKind::Weak);
        strong
            .into_iter()
            .chain(weak)
            .filter(|alias| !alias.name.is_empty() && seen.insert(alias.name.clone()))
            .collect()
    }
}

fn lines(addresses: &[(String, String)]) -> Vec<String> {
    let joined = addresses.iter().map(|(line, country)| {
        let parts = [line.as_str(), country.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    });
    distinct(joined.filter(|line| !line.is_empty()).collect())
}

fn distinct(items: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    items
        .into_iter()
        .filter(|item| seen.insert(item.clone()))
        .collect()
}

/// `Ok(None)` where the publisher itself names no country.
fn country_of(spelling: &str) -> Result<Option<Country>, ()> {
    let named = spelling.trim();
    if named.is_empty()
        || named.eq_ignore_ascii_case("undetermined")
        || named.to_ascii_lowercase().starts_with("none ")
        || named.eq_ignore_ascii_case("none")
        || named.eq_ignore_ascii_case("unknown")
        || named.eq_ignore_ascii_case("stateless")
    {
        return Ok(None);
    }
    if let Some(region) = named.strip_prefix("Region: ") {
        return Ok(Country::parse_name(region));
    }
    Country::parse(named).map(Some).ok_or(())
}

/// "aka", "a.k.a.", "fka", "nka".
pub(super) fn alias_kind(published: &str) -> AliasKind {
    let letters: String = published
        .chars()
        .filter(char::is_ascii_alphabetic)
        .collect();
    if letters.eq_ignore_ascii_case("fka") {
        AliasKind::FormerlyKnownAs
    } else {
        AliasKind::AlsoKnownAs
    }
}

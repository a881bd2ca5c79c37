//! Records of one contractor, and transactions of one contract, taken together.

use std::{cmp::Ordering, sync::Arc};

use rustc_hash::FxHasher;

use super::{
    contract::AwardFacts,
    ingest::AwardRecord,
    party::{Identity, folded_name},
};

/// Values kept of one list within a contract.
const MOST_VALUES: usize = 64;

pub(super) fn transaction_key(award: &AwardRecord) -> u64 {
    use std::hash::{Hash, Hasher};
    // Two keys in one million agree by chance about once in 40 million files.
    let mut hasher = FxHasher::default();
    (
        &award.contract,
        &award.modification,
        &award.transaction,
        award.signed,
        award.obligated,
    )
        .hash(&mut hasher);
    hasher.finish()
}

/// The same whatever order the records come in.
pub(super) fn merge(known: &mut Identity, other: &Identity) {
    merge_name(known, &other.name);
    for name in &other.other_names {
        keep_name(&mut known.other_names, name);
    }
    let own = folded_name(&known.name);
    known.other_names.retain(|name| folded_name(name) != own);
    known.uei = known.uei.take().or_else(|| other.uei.clone());
    known.cage = known.cage.take().or_else(|| other.cage.clone());
    known.duns = known.duns.take().or_else(|| other.duns.clone());
    for relative in &other.relatives {
        if known.relatives.len() < MOST_VALUES && !known.relatives.contains(relative) {
            known.relatives.push(relative.clone());
            known.relatives.sort();
        }
    }
}

/// Of two spellings the one in small letters, of two names the first.
fn merge_name(known: &mut Identity, name: &str) {
    if name.is_empty() {
        return;
    }
    if known.name.is_empty() {
        name.clone_into(&mut known.name);
        return;
    }
    match folded_name(name).cmp(&folded_name(&known.name)) {
        Ordering::Equal if name > known.name.as_str() => name.clone_into(&mut known.name),
        Ordering::Equal => {}
        Ordering::Less => {
            let before = std::mem::replace(&mut known.name, name.to_owned());
            keep_name(&mut known.other_names, &before);
        }
        Ordering::Greater => keep_name(&mut known.other_names, name),
    }
}

fn keep_name(names: &mut Vec<String>, name: &str) {
    let place = names
        .iter()
        .position(|known| folded_name(known) == folded_name(name));
    if let Some(place) = place {
        if let Some(known) = names.get_mut(place)
            && name > known.as_str()
        {
            name.clone_into(known);
        }
    } else if names.len() < MOST_VALUES {
        names.push(name.to_owned());
    }
    names.sort();
}

pub(super) fn add(facts: &mut AwardFacts, award: &AwardRecord) {
    put(&mut facts.sources, Some(Arc::clone(&award.source)));
    if facts.agency.is_empty() {
        facts.agency.clone_from(&award.agency);
    }
    if facts.office.is_empty() {
        facts.office.clone_from(&award.office);
    }
    facts.transactions = facts.transactions.saturating_add(1);
    facts.first_signed = earlier(facts.first_signed, award.signed);
    facts.last_signed = later(facts.last_signed, later(award.signed, award.last_signed));
    if award
        .starts
        .zip(award.ends)
        .is_none_or(|(starts, ends)| starts <= ends)
    {
        facts.starts = earlier(facts.starts, award.starts);
        facts.ends = later(facts.ends, award.ends);
    }
    if let Some(obligated) = award.obligated {
        facts.obligated = facts.obligated.plus(obligated).unwrap_or(facts.obligated);
    }
    facts.total_value = facts.total_value.max(award.total_value);
    facts.indefinite_delivery |= award.indefinite_delivery;
    put(&mut facts.psc, award.psc.clone());
    for naics in &award.naics {
        put(&mut facts.naics, Some(naics.clone()));
    }
    put(&mut facts.performed_in, award.performed_in);
    put(&mut facts.origin, award.origin);
    facts.without_country = facts
        .without_country
        .saturating_add(u32::from(award.performed_in.is_none()));
    put(
        &mut facts.fiscal_years,
        award.fiscal_year.or_else(|| award.signed.map(fiscal_year)),
    );
}

/// Two halves of one contract.
pub(super) fn join(facts: &mut AwardFacts, other: AwardFacts) {
    if facts.agency.is_empty() {
        facts.agency = other.agency;
    }
    if facts.office.is_empty() {
        facts.office = other.office;
    }
    for source in other.sources {
        put(&mut facts.sources, Some(source));
    }
    facts.first_signed = earlier(facts.first_signed, other.first_signed);
    facts.last_signed = later(facts.last_signed, other.last_signed);
    facts.starts = earlier(facts.starts, other.starts);
    facts.ends = later(facts.ends, other.ends);
    facts.transactions = facts.transactions.saturating_add(other.transactions);
    facts.obligated = facts
        .obligated
        .plus(other.obligated)
        .unwrap_or(facts.obligated);
    facts.total_value = facts.total_value.max(other.total_value);
    facts.indefinite_delivery |= other.indefinite_delivery;
    facts.without_country = facts.without_country.saturating_add(other.without_country);
    other
        .psc
        .into_iter()
        .for_each(|code| put(&mut facts.psc, Some(code)));
    other
        .naics
        .into_iter()
        .for_each(|code| put(&mut facts.naics, Some(code)));
    other
        .performed_in
        .into_iter()
        .for_each(|country| put(&mut facts.performed_in, Some(country)));
    other
        .origin
        .into_iter()
        .for_each(|country| put(&mut facts.origin, Some(country)));
    other
        .fiscal_years
        .into_iter()
        .for_each(|year| put(&mut facts.fiscal_years, Some(year)));
}

/// The federal fiscal year begins on 1 October.
pub(super) fn fiscal_year(day: chrono::NaiveDate) -> i32 {
    use chrono::Datelike;
    day.year() + i32::from(day.month() >= 10)
}

fn put<T: Ord>(values: &mut Vec<T>, value: Option<T>) {
    if let Some(value) = value
        && values.len() < MOST_VALUES
        && let Err(at) = values.binary_search(&value)
    {
        // Most contracts have one value of each kind, and there are many contracts.
        values.reserve_exact(1);
        values.insert(at, value);
    }
}

fn earlier<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

fn later<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    one.max(other)
}

//! Coverage: how much of what the model asks for is known, out of 100.

use chrono::Days;
use num_rational::Ratio;

use super::{
    citations::{rule, stated},
    draft::Draft,
    factor::{Evidence, FactorKind},
    facts::Facts,
    inputs::{Bounded, UnknownFactor},
    model::Model,
    points::Points,
    policy::WantedList,
};
use crate::lists::Snapshot;

pub(super) fn coverage(model: &Model, facts: &Facts<'_>, draft: &mut Draft) {
    let weights = &model.coverage;
    let supplier = facts.supplier;
    let mut total = Ratio::from_integer(0_i64);
    let known = |unknown| !draft.inputs.unknown.contains(&unknown);

    let mut parts: Vec<(&str, Points, String, Vec<Evidence>)> = Vec::new();
    if let Some((country, _)) = supplier.made_in().filter(|_| known(UnknownFactor::Country)) {
        let given = vec![stated("country", country.to_string())];
        parts.push((
            "country",
            Points::whole(weights.country),
            "the country is known".to_owned(),
            given,
        ));
    }
    if known(UnknownFactor::Goods) {
        let mut given: Vec<Evidence> = facts
            .exposure
            .cues
            .iter()
            .map(|cue| stated(&cue.place.to_string(), cue.given.clone()))
            .collect();
        if given.is_empty() {
            // Known from a contractor's declared end products.
            let declared = draft
                .factors
                .iter()
                .filter(|factor| factor.factor == FactorKind::Goods);
            given.extend(
                declared
                    .flat_map(|factor| factor.evidence.iter().cloned())
                    .take(1),
            );
            if given.is_empty() {
                given.push(stated(
                    "declared end products",
                    "placed in the vocabulary".to_owned(),
                ));
            }
        }
        parts.push((
            "goods",
            Points::whole(weights.goods),
            "the goods are known".to_owned(),
            given,
        ));
    }
    parts.push(lists_part(model, facts));
    if let Some(share) = supplier.migrant_share_permille {
        let given = vec![stated(
            "migrant share",
            format!("{}.{} %", share / 10, share % 10),
        )];
        parts.push((
            "workforce",
            Points::whole(weights.workforce),
            "the workforce is known".to_owned(),
            given,
        ));
    }
    if let Some(given) = address_or_identifier(facts) {
        parts.push((
            "address_or_identifier",
            Points::whole(weights.address_or_identifier),
            "an address or an identifier is given".to_owned(),
            vec![given],
        ));
    }

    for (code, points, explanation, evidence) in parts {
        total += points.0;
        draft.factor(FactorKind::Coverage, code, points, explanation, evidence);
    }
    // Cut, not rounded: coverage never says more than is known.
    let whole = u8::try_from(total.to_integer().clamp(0, 100)).unwrap_or(100);
    draft.inputs.coverage = Bounded::capped(whole);
}

type Part = (&'static str, Points, String, Vec<Evidence>);

/// Scaled by how many of the wanted lists were in force, whole and fresh.
fn lists_part(model: &Model, facts: &Facts<'_>) -> Part {
    let mut good = 0_i64;
    let mut evidence = Vec::new();
    for wanted in &model.wanted_lists {
        let state = state_of(wanted, facts);
        good += i64::from(state == "in force, whole and fresh");
        let snapshot = snapshot_of(&wanted.source, facts);
        evidence.push(match snapshot {
            Some(snapshot) => Evidence {
                source: wanted.source.clone(),
                edition: Some(snapshot.head.edition.clone()),
                snapshot_sha256: Some(snapshot.head.sha256.clone()),
                citation: snapshot.head.title.clone(),
                date: Some(snapshot.head.edition_date),
                detail: state.to_owned(),
            },
            None => rule(model, "wanted_list", format!("{}: {state}", wanted.source)),
        });
    }
    let wanted = i64::try_from(model.wanted_lists.len())
        .unwrap_or(i64::MAX)
        .max(1);
    let share = Ratio::new(i64::from(model.coverage.lists) * good, wanted);
    (
        "lists",
        Points(share),
        format!("{good} of {wanted} lists searched were in force, whole and fresh"),
        evidence,
    )
}

fn state_of(wanted: &WantedList, facts: &Facts<'_>) -> &'static str {
    let Some(snapshot) = snapshot_of(&wanted.source, facts) else {
        return "not searched";
    };
    let head = &snapshot.head;
    if head.edition_date > facts.as_of {
        return "searched, edition not yet in force";
    }
    let stale_after = head
        .speaks_for()
        .checked_add_days(Days::new(wanted.max_age_days.into()));
    if stale_after.is_some_and(|day| day < facts.as_of) {
        return "searched, edition too old";
    }
    match head.completeness.is_whole() {
        Some(true) => "in force, whole and fresh",
        Some(false) => "searched, not whole",
        None => "searched, not known to be whole",
    }
}

fn snapshot_of<'a>(source: &str, facts: &Facts<'a>) -> Option<&'a Snapshot> {
    facts
        .snapshots
        .iter()
        .filter(|snapshot| snapshot.head.source.code() == source)
        .max_by_key(|snapshot| (snapshot.head.edition_date, &snapshot.head.sha256))
        .copied()
}

/// A place within a country, or an identifier; the country alone is no address.
fn address_or_identifier(facts: &Facts<'_>) -> Option<Evidence> {
    let line = facts.supplier.address.line();
    if !line.trim().is_empty() {
        return Some(stated("address", line));
    }
    let identifier = facts.supplier.identifiers.first()?;
    Some(stated("identifier", identifier.value.clone()))
}

//! What a person has confirmed: adverse items and floors.

use std::cmp::max;

use chrono::NaiveDate;

use super::{
    factor::{Evidence, FactorKind},
    facts::{Facts, ReviewedHit, ReviewedPlace},
    from_facts::{Draft, by_entry, location_evidence, rule, source_key},
    from_goods::list_evidence,
    inputs::{AdverseItem, Floor, Recency, Remedy},
    model::Model,
    points::Points,
    policy::ListingRule,
};
use crate::{
    exposure::OrderExposure,
    lists::{Entry, EntryKind, Snapshot, Source},
    screening::{Disposition, Hit},
};

pub(super) fn adverse_and_floors(model: &Model, facts: &Facts<'_>, draft: &mut Draft) {
    for ((source, entry_id), hits) in by_entry(facts) {
        let confirmed = hits
            .iter()
            .find(|reviewed| matches!(reviewed.disposition, Disposition::TrueMatch(_)));
        let Some(confirmed) = confirmed else { continue };
        match (listing_rule(model, source), entry_of(facts, source, entry_id)) {
            (Some(listing), Some((snapshot, entry))) => {
                confirmed_entry(model, facts, listing, snapshot, entry, confirmed, draft);
            }
            (None, _) => draft.assumptions.push(format!(
                "the model has no rule for confirmed hits on {}, so {entry_id} counts nothing",
                source_key(source)
            )),
            (_, None) => draft.assumptions.push(format!(
                "the confirmed entry {entry_id} is not in the snapshot of {} that was searched, so it counts nothing",
                source_key(source)
            )),
        }
    }
    for place in facts.locations {
        if matches!(place.disposition, Disposition::TrueMatch(_)) {
            confirmed_place(model, place, draft);
        }
    }
    for order in &facts.exposure.orders {
        if let Some(Disposition::TrueMatch(_)) = order_disposition(facts, order) {
            confirmed_order(model, order, draft);
        }
    }
}

pub(super) fn listing_rule(model: &Model, source: Source) -> Option<&ListingRule> {
    let key = source_key(source);
    model.listings.iter().find(|rule| rule.source == key)
}

pub(super) fn entry_of<'a>(
    facts: &Facts<'a>,
    source: Source,
    entry_id: &str,
) -> Option<(&'a Snapshot, &'a Entry)> {
    facts
        .snapshots
        .iter()
        .filter(|snapshot| snapshot.head.source == source)
        .find_map(|snapshot| {
            let entry = snapshot
                .content
                .entries
                .iter()
                .find(|entry| entry.id == entry_id)?;
            Some((*snapshot, entry))
        })
}

/// How an entry stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    NotYetListed,
    InForce,
    /// Off the list, since when if that is known.
    Lifted(Option<NaiveDate>),
}

pub(super) fn standing(entry: &Entry, as_of: NaiveDate) -> Standing {
    if entry.listed_on.is_some_and(|day| day > as_of) {
        return Standing::NotYetListed;
    }
    match entry.delisted_on {
        Some(day) if day <= as_of => Standing::Lifted(Some(day)),
        Some(_) => Standing::InForce,
        None if entry.status.in_force() => Standing::InForce,
        None => Standing::Lifted(None),
    }
}

pub(super) fn order_disposition<'a>(
    facts: &Facts<'a>,
    order: &OrderExposure,
) -> Option<&'a Disposition> {
    facts
        .order_reviews
        .iter()
        .find(|review| review.source == order.listed.source && review.entry_id == order.entry_id)
        .map(|review| &review.disposition)
}

fn confirmed_entry(
    model: &Model,
    facts: &Facts<'_>,
    listing: &ListingRule,
    snapshot: &Snapshot,
    entry: &Entry,
    confirmed: &ReviewedHit<'_>,
    draft: &mut Draft,
) {
    let item = match standing(entry, facts.as_of) {
        Standing::NotYetListed => return,
        Standing::InForce => AdverseItem(listing.severity, model.hits.active_recency, Remedy::None),
        // Age lowers a lifted listing only from a known day.
        Standing::Lifted(None) => {
            AdverseItem(listing.severity, Recency::UpTo2Years, Remedy::Lifted)
        }
        Standing::Lifted(Some(day)) => {
            AdverseItem(listing.severity, recency(day, facts.as_of), Remedy::Lifted)
        }
    };
    let said = listed_words(listing, entry);
    let evidence = vec![entry_evidence(
        snapshot,
        entry,
        hit_words(confirmed.hit, entry),
    )];
    draft.inputs.adverse.push(item);
    draft.factor(
        FactorKind::Adverse,
        if item.2 == Remedy::Lifted {
            "lifted_official_listing"
        } else {
            "active_official_listing"
        },
        Points(model.adverse.points_of(item)),
        format!("{said}, confirmed by review"),
        evidence.clone(),
    );
    if item.2 != Remedy::Lifted {
        set_floor(model, listing.floor, said, evidence, draft);
    }
}

/// Goods made in Xinjiang are presumed to be made with forced labor, whoever
/// makes them; the presumption names no party, so no listing is added.
fn confirmed_place(model: &Model, place: &ReviewedPlace<'_>, draft: &mut Draft) {
    let evidence = vec![
        location_evidence(place),
        rule(
            model,
            "Pub. L. 117-78 sec. 3(a)",
            "goods made in Xinjiang".to_owned(),
        ),
    ];
    let said = "goods made in Xinjiang or by the XPCC, confirmed by review".to_owned();
    set_floor(model, Floor::Hold, said, evidence, draft);
}

fn confirmed_order(model: &Model, order: &OrderExposure, draft: &mut Draft) {
    let Some(listing) = listing_rule(model, order.listed.source) else {
        return;
    };
    let evidence = vec![list_evidence(
        &order.listed,
        format!(
            "\"{}\" under the order on {}",
            order.cue.given, order.order_name
        ),
    )];
    let said = format!(
        "goods within the order on {}, confirmed by review",
        order.order_name
    );
    set_floor(model, listing.floor, said, evidence, draft);
}

fn set_floor(model: &Model, floor: Floor, why: String, evidence: Vec<Evidence>, draft: &mut Draft) {
    draft.inputs.floor = max(draft.inputs.floor, Some(floor));
    draft.factor(
        FactorKind::Floor,
        floor.as_str(),
        model.floors.of(floor),
        why,
        evidence,
    );
}

/// "listed by DHS on 2022-06-21": what the publisher did and when, no more.
fn listed_words(listing: &ListingRule, entry: &Entry) -> String {
    let on = match entry.listed_on {
        Some(day) => format!(" on {day}"),
        None => String::new(),
    };
    let off = match (entry.delisted_on, entry.status.in_force()) {
        (Some(day), _) => format!(", off the list since {day}"),
        (None, true) => String::new(),
        (None, false) => ", no longer in force, day not known".to_owned(),
    };
    format!(
        "listed by {}{on} ({}){off}",
        listing.publisher, listing.title
    )
}

/// The two names and how alike they are; natural persons are not named.
pub(super) fn hit_words(hit: &Hit, entry: &Entry) -> String {
    let listed = match entry.kind {
        EntryKind::Person => "a listed person",
        _ => hit.listed_name.as_str(),
    };
    format!(
        "\"{}\" against \"{listed}\", similarity {}",
        hit.supplier_name, hit.similarity
    )
}

pub(super) fn entry_evidence(snapshot: &Snapshot, entry: &Entry, detail: String) -> Evidence {
    Evidence {
        source: source_key(snapshot.head.source),
        edition: Some(snapshot.head.edition.clone()),
        snapshot_sha256: Some(snapshot.head.sha256.clone()),
        citation: entry.citation.clone(),
        date: entry.listed_on,
        detail,
    }
}

/// Whole years between two days, in the model's bands: two years to the day
/// are still `0-2y`.
fn recency(since: NaiveDate, as_of: NaiveDate) -> Recency {
    let within = |years: u32| {
        since
            .checked_add_months(chrono::Months::new(12 * years))
            .is_none_or(|limit| as_of <= limit)
    };
    if within(2) {
        Recency::UpTo2Years
    } else if within(5) {
        Recency::UpTo5Years
    } else if within(10) {
        Recency::UpTo10Years
    } else {
        Recency::Older
    }
}

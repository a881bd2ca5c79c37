//! What a person has confirmed: adverse items and floors.

use std::cmp::max;

use chrono::NaiveDate;

use super::{
    citations::{entry_evidence, hit_words, list_evidence, location_evidence, rule},
    draft::Draft,
    factor::{Evidence, FactorKind},
    facts::{Facts, ReviewedHit, ReviewedPlace},
    inputs::{AdverseItem, Floor, Recency, Remedy},
    model::Model,
    points::Points,
    policy::ListingRule,
    standing::{Standing, by_entry, entry_of, listing_rule, order_disposition, standing},
};
use crate::{
    exposure::OrderExposure,
    lists::{Entry, Snapshot},
    screening::Disposition,
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
                source.code()
            )),
            (_, None) => draft.assumptions.push(format!(
                "the confirmed entry {entry_id} is not in the snapshot of {} that was searched, so it counts nothing",
                source.code()
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

pub(super) fn set_floor(
    model: &Model,
    floor: Floor,
    why: String,
    evidence: Vec<Evidence>,
    draft: &mut Draft,
) {
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

/// Whole years between two days, in the model's bands: two years to the day
/// are still `0-2y`.
pub(super) fn recency(since: NaiveDate, as_of: NaiveDate) -> Recency {
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

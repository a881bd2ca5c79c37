//! What waits for review, and the floor it would set. Moves no score.

use std::{
    cmp::{Reverse, max},
    collections::BTreeMap,
};

use super::{
    citations::{entry_evidence, hit_words, list_evidence, location_evidence, rule, stated},
    draft::Draft,
    factor::{Evidence, FactorKind},
    facts::Facts,
    inputs::Floor,
    model::Model,
    policy::ListingRule,
    standing::{Standing, by_entry, entry_of, listing_rule, order_disposition, standing},
};
use crate::{
    exposure::OrderExposure,
    lists::{Entry, EntryStatus, Snapshot, Source},
    screening::{Disposition, Hit},
};

pub(super) fn pending(model: &Model, facts: &Facts<'_>, draft: &mut Draft) {
    leads_without_a_rule(model, facts, draft);
    let mut waiting = waiting_hits(model, facts);
    waiting.sort_by_key(|waiting| {
        (
            Reverse(waiting.listing.floor),
            Reverse(waiting.hit.has_exact_identifier()),
            Reverse(waiting.hit.similarity),
            waiting.hit.source,
            &waiting.entry.id,
        )
    });
    for Waiting {
        hit,
        listing,
        snapshot,
        entry,
    } in waiting
    {
        let likeness = if hit.has_exact_identifier() {
            "an identifier equals that of".to_owned()
        } else if hit.is_the_parents() {
            format!("its parent's name {} like", hit.similarity)
        } else {
            format!("name {} like", hit.similarity)
        };
        let why = format!(
            "{likeness} an entry of {}'s {} ({}), unreviewed",
            listing.publisher,
            listing.title,
            entry_words(entry)
        );
        let detail = hit_words(hit, entry);
        let evidence = vec![entry_evidence(snapshot, entry, detail)];
        set_pending(model, listing.floor, why, evidence, draft);
    }

    for place in facts
        .locations
        .iter()
        .filter(|place| awaits_review(place.disposition))
    {
        let evidence = vec![
            location_evidence(place),
            rule(
                model,
                "Pub. L. 117-78 sec. 3(a)",
                "goods made in Xinjiang".to_owned(),
            ),
        ];
        let why = format!(
            "the {} points to {}, unreviewed",
            place.lead.field.in_words(),
            place.lead.place_in_words()
        );
        set_pending(model, Floor::Hold, why, evidence, draft);
    }

    stated_origins(model, facts, draft);
    presumed_countries(model, facts, draft);
    for order in facts
        .exposure
        .orders
        .iter()
        .filter(|order| origin_matches(facts, order))
    {
        if !order_disposition(facts, order).is_none_or(awaits_review) {
            continue;
        }
        let Some(listing) = listing_rule(model, order.listed.source) else {
            continue;
        };
        let on = order
            .listed_on
            .map_or_else(String::new, |day| format!(" of {day}"));
        let why = format!(
            "\"{}\" from {} may fall under the order{on} on {} ({}), unreviewed",
            order.cue.given,
            order.country.name(),
            order.order_name,
            order.merchandise
        );
        let evidence = vec![list_evidence(&order.listed, order.order_name.clone())];
        set_pending(model, listing.floor, why, evidence, draft);
    }
}

/// Likenesses on lists that the model does not weigh: shown to a person, worth
/// no points and no floor.
fn leads_without_a_rule(model: &Model, facts: &Facts<'_>, draft: &mut Draft) {
    let mut by_source: BTreeMap<Source, usize> = BTreeMap::new();
    for ((source, entry_id), hits) in by_entry(facts) {
        let waits = hits.iter().any(|reviewed| {
            awaits_review(reviewed.disposition)
                && (model.hits.sets_pending(reviewed.hit.similarity)
                    || reviewed.hit.has_exact_identifier())
        });
        let listed = waits && listing_rule(model, source).is_none();
        let in_force = entry_of(facts, source, entry_id)
            .is_some_and(|(_, entry)| standing(entry, facts.as_of) == Standing::InForce);
        if listed && in_force {
            *by_source.entry(source).or_default() += 1;
        }
    }
    for (source, count) in by_source {
        let entries = if count == 1 { "entry" } else { "entries" };
        draft.assumptions.push(format!(
            "a likeness to {count} {entries} of {source} ({}) is a lead for a person: the model has no rule for this list, so it counts nothing",
            source.title()
        ));
    }
}

/// What a reviewer must weigh of the entry: the day, what it is about, and
/// whether it is known to stand.
fn entry_words(entry: &Entry) -> String {
    let listed = match entry.listed_on {
        Some(day) => format!("listed {day}"),
        None => "day not known".to_owned(),
    };
    // An order bars goods: whether these are meant is part of the review.
    let goods = entry
        .goods
        .as_ref()
        .map(|goods| format!(", on {goods}"))
        .unwrap_or_default();
    let status = match entry.status {
        EntryStatus::Contested => ", contested in court",
        EntryStatus::Unknown => ", kind and status not known",
        _ => "",
    };
    format!("{listed}{goods}{status}")
}

/// Goods that the supplier's own list calls Xinjiang's, wherever they are made:
/// the presumption reaches an input too.
fn stated_origins(model: &Model, facts: &Facts<'_>, draft: &mut Draft) {
    for origin in facts
        .exposure
        .stated_origins
        .iter()
        .filter(|origin| origin.region.as_deref() == Some("Xinjiang"))
    {
        let evidence = vec![
            stated("goods", origin.given.clone()),
            rule(
                model,
                "Pub. L. 117-78 sec. 3(a)",
                "goods made wholly or in part in Xinjiang".to_owned(),
            ),
        ];
        let why = format!("\"{}\" speaks of Xinjiang, unreviewed", origin.given);
        set_pending(model, Floor::Hold, why, evidence, draft);
    }
}

/// A country whose goods the law presumes to be made with forced labor: every
/// supplier there waits for review.
fn presumed_countries(model: &Model, facts: &Facts<'_>, draft: &mut Draft) {
    let Some((country, _)) = facts.supplier.made_in() else {
        return;
    };
    for presumption in model
        .country_presumptions
        .iter()
        .filter(|rule| rule.country == country && rule.effective_from <= facts.as_of)
    {
        let evidence = vec![
            stated("country", country.to_string()),
            Evidence {
                date: Some(presumption.effective_from),
                ..rule(model, &presumption.source, presumption.explanation.clone())
            },
        ];
        let why = format!("{}, unreviewed", presumption.explanation);
        set_pending(model, presumption.floor, why, evidence, draft);
    }
}

/// An unreviewed hit that would set a floor if it were confirmed.
struct Waiting<'a> {
    hit: &'a Hit,
    listing: &'a ListingRule,
    snapshot: &'a Snapshot,
    entry: &'a Entry,
}

/// The strongest waiting hit of each entry in force.
fn waiting_hits<'a>(model: &'a Model, facts: &Facts<'a>) -> Vec<Waiting<'a>> {
    let mut waiting = Vec::new();
    for ((source, entry_id), hits) in by_entry(facts) {
        // Once confirmed, the entry counts; other spellings of it wait for nothing.
        if hits
            .iter()
            .any(|reviewed| matches!(reviewed.disposition, Disposition::TrueMatch(_)))
        {
            continue;
        }
        let strongest = hits
            .iter()
            .filter(|reviewed| awaits_review(reviewed.disposition))
            .map(|reviewed| reviewed.hit)
            .filter(|hit| model.hits.sets_pending(hit.similarity) || hit.has_exact_identifier())
            .max_by_key(|hit| {
                (
                    hit.has_exact_identifier(),
                    !hit.is_the_parents(),
                    hit.similarity,
                )
            });
        if let (Some(hit), Some(listing), Some((snapshot, entry))) = (
            strongest,
            listing_rule(model, source),
            entry_of(facts, source, entry_id),
        ) && standing(entry, facts.as_of) == Standing::InForce
        {
            waiting.push(Waiting {
                hit,
                listing,
                snapshot,
                entry,
            });
        }
    }
    waiting
}

/// An escalated hit is still undecided.
fn awaits_review(disposition: &Disposition) -> bool {
    matches!(
        disposition,
        Disposition::Unresolved | Disposition::Escalated(_)
    )
}

/// An order on one region matches only a supplier whose own record names it.
fn origin_matches(facts: &Facts<'_>, order: &OrderExposure) -> bool {
    order.only_from.is_none()
        || facts
            .locations
            .iter()
            .any(|place| !matches!(place.disposition, Disposition::FalsePositive(_)))
}

fn set_pending(
    model: &Model,
    floor: Floor,
    why: String,
    evidence: Vec<Evidence>,
    draft: &mut Draft,
) {
    draft.inputs.pending = max(draft.inputs.pending, Some(floor));
    draft.factor(
        FactorKind::Pending,
        floor.as_str(),
        model.floors.of(floor),
        why,
        evidence,
    );
}

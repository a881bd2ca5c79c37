//! What hits and orders point to, and how it stands on a day.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    facts::{Facts, ReviewedHit},
    model::Model,
    policy::ListingRule,
};
use crate::{
    exposure::OrderExposure,
    lists::{Entry, Snapshot, Source},
    screening::Disposition,
};

pub(super) fn listing_rule(model: &Model, source: Source) -> Option<&ListingRule> {
    let key = source.code();
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
            let entry = snapshot.content.entry(entry_id)?;
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

/// Hits grouped by the entry they point to, so that two names of one party
/// count once.
pub(super) fn by_entry<'a>(facts: &Facts<'a>) -> BTreeMap<(Source, &'a str), Vec<ReviewedHit<'a>>> {
    let mut grouped: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for reviewed in facts.hits {
        grouped
            .entry((reviewed.hit.source, reviewed.hit.entry_id.as_str()))
            .or_default()
            .push(*reviewed);
    }
    for hits in grouped.values_mut() {
        hits.sort_by(|left, right| {
            (
                right.hit.similarity,
                &left.hit.listed_name,
                &left.hit.supplier_name,
            )
                .cmp(&(
                    left.hit.similarity,
                    &right.hit.listed_name,
                    &right.hit.supplier_name,
                ))
        });
    }
    grouped
}

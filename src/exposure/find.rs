//! From a supplier and the lists to its exposure.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::{
    exposed::{
        Cue, CuePlace, Exploitation, Exposure, ListCitation, ListedExposure, OrderExposure,
        SectorExposure,
    },
    vocabulary::{Category, Vocabulary},
    words::folded,
};
use crate::{
    country::Country,
    lists::{Entry, EntryKind, GoodListing, PrioritySector, Snapshot, SnapshotHead, Source},
    supplier::Supplier,
};

/// Looks up what a supplier makes, and where, in every snapshot, as the lists
/// stood on the day. Pure; the order of the snapshots does not matter.
pub fn exposures(
    supplier: &Supplier,
    snapshots: &[&Snapshot],
    vocabulary: &Vocabulary,
    as_of: NaiveDate,
) -> Exposure {
    let (mut cues, not_understood) = cues_of(supplier, vocabulary);
    let made_in = supplier.made_in();
    let country = made_in.map(|(country, _)| country);
    let mut listings = BTreeSet::new();
    let mut sectors = BTreeSet::new();
    let mut orders = BTreeSet::new();

    let mut snapshots = snapshots.to_vec();
    snapshots.sort_by_key(|snapshot| (snapshot.head.source, &snapshot.head.sha256));
    for Snapshot { head, content } in snapshots {
        for sector in &content.sectors {
            if sector.designated_on <= as_of {
                add_cues_by_sector_code(&mut cues, supplier, sector);
                sectors.extend(in_sector(&cues, vocabulary, head, sector));
            }
        }
        let Some(country) = country else { continue };
        for listing in content
            .goods
            .iter()
            .filter(|row| row.country == country && row.held_on(as_of, head.edition_date))
        {
            listings.extend(listed(&cues, vocabulary, head, listing));
        }
        for entry in &content.entries {
            if bars_goods(entry, country, as_of) {
                orders.extend(under_order(&cues, vocabulary, head, entry, country));
            }
        }
    }

    Exposure {
        made_in,
        cues,
        not_understood,
        listings: listings.into_iter().collect(),
        sectors: sectors.into_iter().collect(),
        orders: orders.into_iter().collect(),
    }
}

/// Product texts and HS codes; industry codes only when these say nothing.
fn cues_of(supplier: &Supplier, vocabulary: &Vocabulary) -> (Vec<Cue>, Vec<String>) {
    let mut cues = Vec::new();
    let mut not_understood = Vec::new();
    let mut add = |cues: &mut Vec<Cue>, place, given: &str, found: Vec<(String, &Category)>| {
        if found.is_empty() && !given.trim().is_empty() {
            not_understood.push(quoted(given));
        }
        for (matched, category) in found {
            let cue = Cue {
                place,
                given: quoted(given),
                matched,
                category: category.key.clone(),
            };
            let same = |other: &Cue| other.given == cue.given && other.category == cue.category;
            if !cues.iter().any(same) {
                cues.push(cue);
            }
        }
    };
    for text in &supplier.goods {
        add(
            &mut cues,
            CuePlace::Goods,
            text,
            vocabulary.understand(text).goods,
        );
    }
    let owned = |found: Vec<(&str, _)>| {
        found
            .into_iter()
            .map(|(prefix, category)| (prefix.to_owned(), category))
            .collect()
    };
    for code in &supplier.hs_codes {
        add(
            &mut cues,
            CuePlace::HsCode,
            code,
            owned(vocabulary.by_hs(code)),
        );
    }
    if cues.is_empty() {
        for code in &supplier.naics {
            let found: Vec<(String, &Category)> = owned(vocabulary.by_naics(code));
            if !found.is_empty() {
                add(&mut cues, CuePlace::Naics, code, found);
            }
        }
    }
    (cues, not_understood)
}

/// A cell as evidence shows it: the start of a long one is enough to find it.
fn quoted(given: &str) -> String {
    const LONGEST: usize = 200;
    match given.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", given.get(..end).unwrap_or_default()),
        None => given.to_owned(),
    }
}

/// A code under a sector's own prefixes belongs to it, whatever the vocabulary
/// makes of the code.
fn add_cues_by_sector_code(cues: &mut Vec<Cue>, supplier: &Supplier, sector: &PrioritySector) {
    for code in &supplier.hs_codes {
        let under = sector
            .hs_prefixes
            .iter()
            .find(|prefix| code.starts_with(prefix.as_str()));
        let known = cues
            .iter()
            .any(|cue| cue.place == CuePlace::HsCode && cue.given == *code);
        if let (Some(prefix), false) = (under, known) {
            cues.push(Cue {
                place: CuePlace::HsCode,
                given: code.clone(),
                matched: prefix.clone(),
                category: sector.key.clone(),
            });
        }
    }
}

/// One cue a category: the first is evidence enough.
fn one_a_category(cues: &[Cue]) -> impl Iterator<Item = &Cue> {
    cues.iter().enumerate().filter_map(|(index, cue)| {
        let earlier = cues
            .iter()
            .take(index)
            .any(|other| other.category == cue.category);
        (!earlier).then_some(cue)
    })
}

fn in_sector(
    cues: &[Cue],
    vocabulary: &Vocabulary,
    head: &SnapshotHead,
    sector: &PrioritySector,
) -> Vec<SectorExposure> {
    let belongs = |cue: &&Cue| {
        cue.category == sector.key
            || vocabulary
                .category(&cue.category)
                .is_some_and(|category| category.sectors.contains(&sector.key))
            || (cue.place == CuePlace::HsCode
                && sector
                    .hs_prefixes
                    .iter()
                    .any(|prefix| cue.given.starts_with(prefix.as_str())))
    };
    one_a_category(cues)
        .filter(belongs)
        .map(|cue| SectorExposure {
            cue: cue.clone(),
            sector: sector.key.clone(),
            sector_name: sector.name.clone(),
            designated_on: sector.designated_on,
            listed: citation(head, &sector.citation),
        })
        .collect()
}

fn listed(
    cues: &[Cue],
    vocabulary: &Vocabulary,
    head: &SnapshotHead,
    listing: &GoodListing,
) -> Vec<ListedExposure> {
    let Some(exploitation) = exploitation(head.source, listing) else {
        return Vec::new();
    };
    one_a_category(cues)
        .filter(|cue| {
            vocabulary.category(&cue.category).is_some_and(|category| {
                category
                    .listed
                    .iter()
                    .any(|good| same_good(good, &listing.good))
            })
        })
        .map(|cue| ListedExposure {
            cue: cue.clone(),
            listed_good: listing.good.clone(),
            country: listing.country,
            exploitation,
            listed: edition_of_row(citation(head, &listing.citation), listing),
        })
        .collect()
}

/// A row that came with a later edition is cited by that edition.
fn edition_of_row(listed: ListCitation, listing: &GoodListing) -> ListCitation {
    match listing.listed_on {
        Some(day) => ListCitation {
            edition: day.year().to_string(),
            edition_date: day,
            ..listed
        },
        None => listed,
    }
}

/// The worst that a row says; a row without any flag says nothing.
fn exploitation(source: Source, listing: &GoodListing) -> Option<Exploitation> {
    if source == Source::Eo13126 {
        Some(Exploitation::ForcedChildLabor)
    } else if listing.forced_labor || listing.forced_child_labor {
        Some(Exploitation::ForcedLabor)
    } else if listing.downstream {
        Some(Exploitation::Downstream)
    } else {
        listing.child_labor.then_some(Exploitation::ChildLabor)
    }
}

fn same_good(carried: &str, published: &str) -> bool {
    carried.eq_ignore_ascii_case(published)
        || (!published.is_ascii() && folded(carried) == folded(published))
}

/// Whether the entry is an order on a place or a country's good, in force on
/// the day, that may reach goods of this country.
fn bars_goods(entry: &Entry, country: Country, as_of: NaiveDate) -> bool {
    matches!(entry.kind, EntryKind::Region | EntryKind::Good)
        && entry.status.in_force()
        && entry.listed_on.is_none_or(|day| day <= as_of)
        && entry.delisted_on.is_none_or(|day| as_of < day)
        && entry.countries.contains(&country)
}

fn under_order(
    cues: &[Cue],
    vocabulary: &Vocabulary,
    head: &SnapshotHead,
    entry: &Entry,
    country: Country,
) -> Vec<OrderExposure> {
    let merchandise = entry.goods.as_deref();
    let barred: Option<Vec<&str>> = merchandise.map(|text| {
        let understood = vocabulary.understand(text);
        understood
            .goods
            .iter()
            .map(|(_, category)| category.key.as_str())
            .collect()
    });
    let wording = format!("{} {}", entry.name, merchandise.unwrap_or_default()).to_lowercase();
    let says = |words: &[String]| words.iter().any(|word| wording.contains(word.as_str()));
    let reaches_products = says(&vocabulary.order_rules.reach_products);
    let needs_address =
        entry.kind == EntryKind::Region && says(&vocabulary.order_rules.need_an_address);

    let falls_under = |cue: &&Cue| {
        // An order that names no goods bars all of them.
        let Some(barred) = &barred else { return true };
        barred.contains(&cue.category.as_str())
            || (reaches_products
                && vocabulary.category(&cue.category).is_some_and(|category| {
                    category
                        .made_of
                        .iter()
                        .any(|part| barred.contains(&part.as_str()))
                }))
    };
    one_a_category(cues)
        .filter(falls_under)
        .map(|cue| OrderExposure {
            cue: cue.clone(),
            entry_id: entry.id.clone(),
            order_name: entry.name.clone(),
            merchandise: merchandise.unwrap_or("all goods").to_owned(),
            country,
            only_from: needs_address.then(|| entry.name.clone()),
            listed_on: entry.listed_on,
            listed: citation(head, &entry.citation),
        })
        .collect()
}

fn citation(head: &SnapshotHead, citation: &str) -> ListCitation {
    ListCitation {
        source: head.source,
        title: head.title.clone(),
        edition: head.edition.clone(),
        edition_date: head.edition_date,
        snapshot_sha256: head.sha256.clone(),
        derived_from: head.derived_from,
        citation: citation.to_owned(),
    }
}

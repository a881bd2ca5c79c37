//! The flow for one supplier: screening, exposure, risk. A pure function of the
//! supplier, the snapshots, the policy and the day, so that a stored result can
//! be made again and compared byte for byte.

use chrono::NaiveDate;

use crate::{
    exposure::{self, OrderExposure, Vocabulary},
    intake::{SupplierList, SupplierRow},
    lists::{ListSet, NOT_SEARCHED},
    report::{Engine, Head, HitResult, Input, ListedFacts, NotSearchedList, SupplierResult},
    review::{Reviews, Subject},
    risk::{self, Facts, Model, OrderReview, ReviewedHit, ReviewedPlace},
    screening::{self, Disposition, Hit, ListIndex, LocationLead, ScreeningOptions, location},
    supplier::Supplier,
};

/// What suppliers are held against, on one day.
#[derive(Debug)]
pub struct Ground {
    /// The snapshots that are searched, and no other.
    lists: ListSet,
    index: ListIndex,
    model: Model,
    vocabulary: Vocabulary,
    options: ScreeningOptions,
    as_of: NaiveDate,
}

impl Ground {
    pub fn new(lists: &ListSet, model: Model, vocabulary: Vocabulary, as_of: NaiveDate) -> Self {
        let searched = lists.searched(as_of).into_iter().cloned().collect();
        let lists = ListSet::new(searched);
        Self {
            index: ListIndex::build(lists.snapshots()),
            lists,
            model,
            vocabulary,
            options: ScreeningOptions::default(),
            as_of,
        }
    }

    /// Everything of a result but the suppliers.
    pub fn head(&self, file_name: &str, sha256: &str, list: &SupplierList) -> Head {
        Head {
            as_of: self.as_of,
            engine: Engine {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                matching: screening::model_version(),
                goods_vocabulary_sha256: self.vocabulary.sha256.clone(),
            },
            input: Input {
                file: file_name.to_owned(),
                sha256: sha256.to_owned(),
                rows: list.rows,
                layout: list.layout.clone(),
                duplicates: list.duplicates.clone(),
                notices: list.notices.clone(),
            },
            model: self.model.identity.clone(),
            not_searched: NOT_SEARCHED
                .into_iter()
                .map(|list| NotSearchedList {
                    code: list.code.to_owned(),
                    title: list.title.to_owned(),
                })
                .collect(),
            rejected: list.rejected.clone(),
            snapshots: self
                .lists
                .snapshots()
                .iter()
                .map(|snapshot| snapshot.head.clone())
                .collect(),
        }
    }
}

/// One supplier through the whole flow. No hit has been reviewed yet, so every
/// hit is pending and moves no score.
pub fn assess_supplier(ground: &Ground, row: &SupplierRow) -> SupplierResult {
    assess_reviewed(ground, row, &Reviews::new())
}

/// The same after people have decided about hits and leads.
pub fn assess_reviewed(ground: &Ground, row: &SupplierRow, reviews: &Reviews) -> SupplierResult {
    let reviewed_as = |subject| reviews.get(&subject).unwrap_or(&Disposition::Unresolved);
    let disposition_of = |hit: &Hit| reviewed_as(Subject::Hit(hit.source, hit.entry_id.clone()));
    let supplier = &row.supplier;
    let hits = screening::screen_supplier(&ground.index, supplier, &ground.options);
    let leads = location::leads(supplier);
    let places: Vec<_> = leads
        .iter()
        .map(|lead| ReviewedPlace {
            lead,
            disposition: reviewed_as(Subject::Place(lead.field, lead.place.clone())),
        })
        .collect();
    let order_reviews: Vec<_> = reviews
        .iter()
        .filter_map(|(subject, disposition)| match subject {
            Subject::Order(source, entry_id) => Some(OrderReview {
                source: *source,
                entry_id: entry_id.clone(),
                disposition: disposition.clone(),
            }),
            _ => None,
        })
        .collect();
    let snapshots: Vec<_> = ground.lists.snapshots().iter().collect();
    let exposure = exposure::exposures(supplier, &snapshots, &ground.vocabulary, ground.as_of);
    let reviewed: Vec<_> = hits
        .iter()
        .map(|hit| ReviewedHit {
            hit,
            disposition: disposition_of(hit),
        })
        .collect();
    let facts = Facts {
        supplier,
        snapshots: &snapshots,
        exposure: &exposure,
        hits: &reviewed,
        locations: &places,
        order_reviews: &order_reviews,
        as_of: ground.as_of,
    };
    let factored = risk::inputs_from(&ground.model, &facts);
    let assessment = risk::assess(&ground.model, &factored.inputs);
    let reason = risk::reason_line(&facts, &factored, &assessment);
    let made_in = supplier.made_in();
    SupplierResult {
        row: row.row,
        name: supplier.name.clone(),
        country: made_in.map(|(country, _)| country),
        country_basis: made_in.map(|(_, basis)| basis),
        assessment,
        reason,
        factors: factored.factors,
        hits: hits
            .into_iter()
            .filter_map(|hit| {
                let disposition = disposition_of(&hit).clone();
                with_listed_facts(ground, hit, disposition)
            })
            .collect(),
        location_leads: leads,
        assumptions: factored.assumptions,
        warnings: row.warnings.clone(),
        inputs: factored.inputs,
    }
}

/// What besides hits a person can decide about: signs of Xinjiang in the record,
/// and orders that the goods may fall under.
pub fn leads(ground: &Ground, supplier: &Supplier) -> (Vec<LocationLead>, Vec<OrderExposure>) {
    let snapshots: Vec<_> = ground.lists.snapshots().iter().collect();
    let exposure = exposure::exposures(supplier, &snapshots, &ground.vocabulary, ground.as_of);
    (location::leads(supplier), exposure.orders)
}

fn with_listed_facts(ground: &Ground, hit: Hit, disposition: Disposition) -> Option<HitResult> {
    let entry = ground.lists.entry(hit.source, &hit.entry_id)?;
    Some(HitResult {
        entry: ListedFacts {
            kind: entry.kind,
            programs: entry.programs.clone(),
            goods: entry.goods.clone(),
            listed_on: entry.listed_on,
            status: entry.status,
            scope: entry.scope.clone(),
            citation: entry.citation.clone(),
            remarks: entry.remarks.clone(),
        },
        hit,
        disposition,
    })
}

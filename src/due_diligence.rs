//! The flow for one supplier: screening, exposure, risk. A pure function of the
//! supplier, the snapshots, the policy and the day, so that a stored result can
//! be made again and compared byte for byte.

use chrono::NaiveDate;

use crate::{
    disclosures::contractor::{ContractorCheck, ContractorPolicy},
    exposure::{self, OrderExposure, Vocabulary},
    identifier::{Identifier, Scheme},
    intake::{SupplierList, SupplierRow},
    lists::{ListSet, WANTED},
    report::{Engine, Head, HitResult, Input, ListedFacts, NotSearchedList, SupplierResult},
    review::{Reviews, Subject},
    risk::{
        self, ContractorPapers, DeclaredGoods, Facts, Model, OrderReview, ReviewedHit,
        ReviewedPlace, StatementOnFile,
    },
    screening::{self, Disposition, Hit, ListIndex, LocationLead, ScreeningOptions, location},
    supplier::{Alias, AliasKind, Supplier},
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
            not_searched: WANTED
                .into_iter()
                .filter(|source| self.lists.latest(*source).is_none())
                .map(|source| NotSearchedList {
                    code: source.code().to_owned(),
                    title: source.title().to_owned(),
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

/// A federal contractor through the whole flow, its papers with it: the names and
/// identifiers that records give are screened, its declared end products join the
/// goods. The country is where its contracts are performed, as far as the records
/// agree; that is a lead, and the result says so.
pub fn assess_contractor(
    ground: &Ground,
    policy: &ContractorPolicy,
    check: &ContractorCheck,
    reviews: &Reviews,
) -> SupplierResult {
    let supplier = contractor_as_supplier(policy, check);
    let snapshots: Vec<_> = ground.lists.snapshots().iter().collect();
    let declared: Vec<DeclaredGoods<'_>> = check
        .end_products
        .iter()
        .map(|product| {
            let own = Supplier {
                name: check.contractor.name.clone(),
                country_of_production: product.country,
                goods: vec![product.goods_words().to_owned()],
                ..Supplier::default()
            };
            let exposure = exposure::exposures(&own, &snapshots, &ground.vocabulary, ground.as_of);
            DeclaredGoods {
                product,
                supplier: own,
                exposure,
            }
        })
        .collect();
    let papers = ContractorPapers {
        policy,
        check,
        declared: &declared,
    };
    let row = SupplierRow {
        row: 0,
        supplier,
        warnings: Vec::new(),
    };
    let mut result = assess_with(ground, &row, reviews, Some(&papers), None);
    let declared_country = declared.iter().any(|one| one.product.country.is_some());
    if row.supplier.country_of_production.is_some() && !declared_country {
        result.assumptions.push(
            "the country is where contracts are performed on record: a lead and no proof"
                .to_owned(),
        );
    }
    result
}

fn contractor_as_supplier(policy: &ContractorPolicy, check: &ContractorCheck) -> Supplier {
    let identity = &check.contractor;
    let identifiers = [
        (Scheme::Uei, &identity.uei),
        (Scheme::Cage, &identity.cage),
        (Scheme::Duns, &identity.duns),
    ]
    .into_iter()
    .filter_map(|(scheme, value)| Identifier::parse(scheme, value.as_ref()?))
    .collect();
    let awards = || {
        check
            .contracts
            .iter()
            .filter_map(|contract| contract.award.as_ref())
    };
    let mut performed: Vec<_> = awards()
        .flat_map(|award| award.performed_in.iter().copied())
        .collect();
    performed.sort_unstable();
    performed.dedup();
    let abroad: Vec<_> = performed
        .iter()
        .copied()
        .filter(|country| !policy.is_united_states(*country))
        .collect();
    // Several foreign countries are no country; at home only is home.
    let country = match (abroad.as_slice(), performed.as_slice()) {
        ([only], _) => Some(*only),
        ([], [first, ..]) => Some(*first),
        _ => None,
    };
    let mut naics: Vec<String> = awards()
        .flat_map(|award| award.naics.iter().cloned())
        .collect();
    naics.extend(
        check
            .contracts
            .iter()
            .filter_map(|contract| contract.disclosure.as_ref())
            .flat_map(|form| form.naics.iter().cloned()),
    );
    naics.sort();
    naics.dedup();
    Supplier {
        name: identity.name.clone(),
        aliases: identity
            .other_names
            .iter()
            .map(|name| Alias {
                name: name.clone(),
                kind: AliasKind::AlsoKnownAs,
            })
            .collect(),
        parent: identity
            .relatives
            .first()
            .map(|relative| relative.name.clone()),
        identifiers,
        country_of_production: country,
        naics,
        ..Supplier::default()
    }
}

/// One supplier through the whole flow. No hit has been reviewed yet, so every
/// hit is pending and moves no score.
pub fn assess_supplier(ground: &Ground, row: &SupplierRow) -> SupplierResult {
    assess_reviewed(ground, row, &Reviews::new())
}

/// The same after people have decided about hits and leads.
pub fn assess_reviewed(ground: &Ground, row: &SupplierRow, reviews: &Reviews) -> SupplierResult {
    assess_with(ground, row, reviews, None, None)
}

/// The same where a statement of the supplier or its parent was looked for.
pub fn assess_with_statement(
    ground: &Ground,
    row: &SupplierRow,
    reviews: &Reviews,
    statement: Option<StatementOnFile<'_>>,
) -> SupplierResult {
    assess_with(ground, row, reviews, None, statement)
}

fn assess_with(
    ground: &Ground,
    row: &SupplierRow,
    reviews: &Reviews,
    papers: Option<&ContractorPapers<'_>>,
    statement: Option<StatementOnFile<'_>>,
) -> SupplierResult {
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
        statement,
        as_of: ground.as_of,
    };
    let factored = risk::inputs_with_papers(&ground.model, &facts, papers);
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

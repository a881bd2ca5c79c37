//! Declared foreign end products in the score: they join the goods, and where
//! they are made stands for where an office is.

use std::cmp::max;

use super::{
    draft::Draft,
    factor::{Evidence, Factor},
    facts::Facts,
    from_contractor::ContractorPapers,
    from_facts::country,
    from_goods::goods,
    inputs::UnknownFactor,
    model::Model,
    pending::pending,
};
use crate::{disclosures::contractor::EndProduct, exposure::Exposure, supplier::Supplier};

/// One declared end product: the contractor as if it made this good there.
#[derive(Debug, Clone)]
pub struct DeclaredGoods<'a> {
    pub product: &'a EndProduct,
    pub supplier: Supplier,
    pub exposure: Exposure,
}

impl DeclaredGoods<'_> {
    fn facts<'b>(&'b self, facts: &Facts<'b>) -> Facts<'b> {
        Facts {
            supplier: &self.supplier,
            exposure: &self.exposure,
            // Hits and places are the contractor's, and are counted once.
            hits: &[],
            locations: &[],
            ..*facts
        }
    }

    fn evidence(&self) -> Evidence {
        Evidence {
            source: "SAM.gov entity".to_owned(),
            edition: None,
            snapshot_sha256: None,
            citation: format!("FAR {}", self.product.section),
            date: None,
            detail: format!(
                "declared foreign end product \"{}\", country {}",
                self.product.name,
                if self.product.country_given.is_empty() {
                    "not given"
                } else {
                    &self.product.country_given
                }
            ),
        }
    }
}

/// The country of the declared goods comes before the contractor's address, which
/// is where its office is, and before where contracts are performed on record,
/// which is a lead. The worst counts.
pub(super) fn country_of_declared(
    model: &Model,
    facts: &Facts<'_>,
    papers: &ContractorPapers<'_>,
    draft: &mut Draft,
) -> bool {
    let weight = |draft: &Draft| {
        let inputs = &draft.inputs;
        let tip = inputs.tip.map_or(0, |tip| model.country.tip.of(tip));
        tip + if inputs.state_imposed {
            model.country.state_imposed
        } else {
            0
        }
    };
    let mut worst: Option<(Draft, &DeclaredGoods<'_>)> = None;
    for declared in papers
        .declared
        .iter()
        .filter(|one| one.product.country.is_some())
    {
        let mut own = Draft::default();
        let facts = Facts {
            locations: facts.locations,
            ..declared.facts(facts)
        };
        country(model, &facts, &mut own);
        if worst
            .as_ref()
            .is_none_or(|(other, _)| weight(&own) > weight(other))
        {
            worst = Some((own, declared));
        }
    }
    let Some((own, declared)) = worst else {
        return false;
    };
    draft.inputs.tip = own.inputs.tip;
    draft.inputs.state_imposed = own.inputs.state_imposed;
    draft.inputs.subregion = own.inputs.subregion;
    draft.assumptions.extend(own.assumptions);
    draft.assumptions.push(format!(
        "the country is that of the declared end product \"{}\"; of several the one with most points",
        declared.product.name
    ));
    merge_factors(draft, own.factors, declared);
    true
}

/// Declared foreign end products join the goods.
pub(super) fn declared_goods(
    model: &Model,
    facts: &Facts<'_>,
    papers: &ContractorPapers<'_>,
    draft: &mut Draft,
) {
    for declared in papers.declared {
        let own_facts = declared.facts(facts);
        let mut own = Draft::default();
        goods(model, &own_facts, &mut own);
        if own.inputs.unknown.contains(&UnknownFactor::Goods) {
            draft.assumptions.push(format!(
                "the declared end product \"{}\" is not a good that the vocabulary can place",
                declared.product.name
            ));
            continue;
        }
        draft.inputs.unknown.remove(&UnknownFactor::Goods);
        draft.inputs.goods.extend(&own.inputs.goods);
        draft.inputs.goods_multi |= own.inputs.goods_multi;
        merge_factors(draft, own.factors, declared);
    }
}

/// Orders on goods and regions that declared products fall under wait too.
pub(super) fn declared_pending(
    model: &Model,
    facts: &Facts<'_>,
    papers: &ContractorPapers<'_>,
    draft: &mut Draft,
) {
    for declared in papers.declared {
        let mut own = Draft::default();
        pending(model, &declared.facts(facts), &mut own);
        draft.inputs.pending = max(draft.inputs.pending, own.inputs.pending);
        merge_factors(draft, own.factors, declared);
    }
}

fn merge_factors(draft: &mut Draft, factors: Vec<Factor>, declared: &DeclaredGoods<'_>) {
    for mut factor in factors {
        factor.evidence.push(declared.evidence());
        factor.evidence.sort();
        if !draft.factors.contains(&factor) {
            draft.factors.push(factor);
        }
    }
}

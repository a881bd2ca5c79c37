//! Goods: what lists say of the good and its country.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    citations::{list_evidence, rule, stated},
    draft::Draft,
    factor::{Evidence, FactorKind},
    facts::Facts,
    inputs::{GoodsRisk, UnknownFactor},
    model::Model,
};
use crate::{
    country::Country,
    exposure::{Cue, CuePlace, Exploitation, SectorExposure},
    lists::Source,
};

pub(super) fn goods(model: &Model, facts: &Facts<'_>, draft: &mut Draft) {
    let exposure = facts.exposure;
    for given in &exposure.not_understood {
        draft.assumptions.push(format!(
            "\"{given}\" is not a good that the vocabulary can place, so no list was searched for it"
        ));
    }
    if !exposure.goods_known() {
        let why = if exposure.not_understood.is_empty() {
            "no goods are given, so the goods count nothing in the score and their maximum in the range"
        } else {
            "the goods given are not understood, so the goods count nothing in the score and their maximum in the range"
        };
        draft.unknown(UnknownFactor::Goods, why);
        return;
    }
    if !facts.snapshots.iter().any(|snapshot| {
        !snapshot.content.goods.is_empty() && snapshot.head.edition_date <= facts.as_of
    }) {
        draft.unknown(
            UnknownFactor::Goods,
            "no goods list of that day is held, so the goods count nothing in the score and their maximum in the range",
        );
        return;
    }
    if exposure.cues.iter().all(|cue| cue.place == CuePlace::Naics) {
        draft
            .assumptions
            .push("the goods are taken from the industry code: no product is named".to_owned());
    }

    let country = exposure.made_in.map(|(country, _)| country);
    let mut lists_by_category: BTreeMap<&str, BTreeSet<Source>> = BTreeMap::new();
    for listing in &exposure.listings {
        let risk = match listing.exploitation {
            Exploitation::ChildLabor => GoodsRisk::ClListed,
            Exploitation::Downstream => GoodsRisk::Downstream,
            Exploitation::ForcedLabor => GoodsRisk::FlListed,
            Exploitation::ForcedChildLabor => GoodsRisk::Eo13126,
        };
        draft.inputs.goods.insert(risk);
        lists_by_category
            .entry(&listing.cue.category)
            .or_default()
            .insert(independent(facts, listing.listed.source));
        let detail = format!(
            "\"{}\" -> {}, {}: {}",
            listing.cue.given,
            listing.listed_good,
            listing.country.name(),
            listing.exploitation
        );
        draft.factor(
            FactorKind::Goods,
            code(risk),
            model.goods.points.of(risk),
            format!(
                "{} from {}: {} {} for {}",
                listing.listed_good,
                listing.country.name(),
                listing.listed.title,
                listing.listed.edition,
                listing.exploitation
            ),
            vec![
                list_evidence(&listing.listed, detail),
                cue_evidence(&listing.cue),
            ],
        );
    }

    for sector in &exposure.sectors {
        sector_factor(model, country, sector, draft, &mut lists_by_category);
    }
    multi(model, &lists_by_category, draft);
    if draft.inputs.goods.is_empty() {
        draft.inputs.goods.insert(GoodsRisk::None);
    }
}

/// The source a list rests on: one worked out from another adds no second voice.
fn independent(facts: &Facts<'_>, source: Source) -> Source {
    facts
        .snapshots
        .iter()
        .find(|snapshot| snapshot.head.source == source)
        .and_then(|snapshot| snapshot.head.derived_from)
        .unwrap_or(source)
}

/// A priority sector weighs by where its goods are made: China, nobody knows,
/// or elsewhere and on no list for that country.
fn sector_factor<'a>(
    model: &Model,
    country: Option<Country>,
    sector: &'a SectorExposure,
    draft: &mut Draft,
    lists_by_category: &mut BTreeMap<&'a str, BTreeSet<Source>>,
) {
    let category = sector.cue.category.as_str();
    let (risk, origin) = match country {
        Some(Country::CHINA) => (GoodsRisk::UflpaSectorPrcOrUnknownInputs, "made in China"),
        None => (
            GoodsRisk::UflpaSectorPrcOrUnknownInputs,
            "made in a country that is not given",
        ),
        Some(_) if lists_by_category.contains_key(category) => return,
        Some(_) => (GoodsRisk::SectorOnly, "made outside China"),
    };
    if risk == GoodsRisk::UflpaSectorPrcOrUnknownInputs {
        lists_by_category
            .entry(category)
            .or_default()
            .insert(sector.listed.source);
    }
    draft.inputs.goods.insert(risk);
    let detail = format!(
        "\"{}\" -> {}, {origin}",
        sector.cue.given, sector.sector_name
    );
    let evidence = Evidence {
        date: Some(sector.designated_on),
        ..list_evidence(&sector.listed, detail)
    };
    draft.factor(
        FactorKind::Goods,
        code(risk),
        model.goods.points.of(risk),
        format!(
            "{}: UFLPA priority sector since {}, {origin}",
            sector.sector_name, sector.designated_on
        ),
        vec![evidence, cue_evidence(&sector.cue)],
    );
}

fn multi(model: &Model, lists_by_category: &BTreeMap<&str, BTreeSet<Source>>, draft: &mut Draft) {
    let Some((category, sources)) = lists_by_category
        .iter()
        .find(|(_, sources)| sources.len() > 1)
    else {
        return;
    };
    draft.inputs.goods_multi = true;
    let names: Vec<_> = sources.iter().map(Source::code).collect();
    draft.factor(
        FactorKind::Goods,
        "goods_multi",
        model.goods.multi,
        format!("{} lists name the good and the country", sources.len()),
        vec![rule(
            model,
            "goods.multi",
            format!("{category}: {}", names.join(", ")),
        )],
    );
}

fn cue_evidence(cue: &Cue) -> Evidence {
    stated(
        &cue.place.to_string(),
        format!(
            "\"{}\" read as \"{}\": {}",
            cue.given, cue.matched, cue.category
        ),
    )
}

fn code(risk: GoodsRisk) -> &'static str {
    match risk {
        GoodsRisk::None => "none",
        GoodsRisk::SectorOnly => "sector_only",
        GoodsRisk::ClListed => "cl_listed",
        GoodsRisk::Downstream => "downstream",
        GoodsRisk::FlListed => "fl_listed",
        GoodsRisk::UflpaSectorPrcOrUnknownInputs => "uflpa_sector_prc_or_unknown_inputs",
        GoodsRisk::Eo13126 => "eo13126",
    }
}

//! The reason for an assessment in one line: what matters most, neutrally.

use std::collections::BTreeSet;

use super::{
    assessment::{Assessment, Tier},
    factor::{Factor, FactorKind, Factored},
    facts::Facts,
    inputs::{Floor, GoodsRisk, UnknownFactor},
};
use crate::{exposure::ListedExposure, lists::Source};

/// A confirmed floor first, then what waits for review, then confirmed items,
/// then what is missing, then goods and country.
pub fn reason_line(facts: &Facts<'_>, factored: &Factored, assessment: &Assessment) -> String {
    let inputs = &factored.inputs;
    explanation(factored, FactorKind::Floor, inputs.floor)
        .or_else(|| explanation(factored, FactorKind::Pending, inputs.pending))
        .or_else(|| {
            let confirmed = |factor: &&Factor| factor.factor == FactorKind::Adverse;
            let factor = factored.factors.iter().find(confirmed)?;
            Some(factor.explanation.clone())
        })
        .or_else(|| (assessment.tier == Tier::NotAssessed).then(|| not_known(facts, factored)))
        .or_else(|| goods_line(facts, factored))
        .unwrap_or_else(|| country_line(facts, factored))
}

fn explanation(factored: &Factored, kind: FactorKind, floor: Option<Floor>) -> Option<String> {
    let code = floor?.as_str();
    factored
        .factors
        .iter()
        .find(|factor| factor.factor == kind && factor.code == code)
        .map(|factor| factor.explanation.clone())
}

fn not_known(facts: &Facts<'_>, factored: &Factored) -> String {
    let goods = match facts.exposure.not_understood.first() {
        Some(given) => format!("goods \"{given}\" not placed"),
        None => "no goods".to_owned(),
    };
    let missing: Vec<&str> = factored
        .inputs
        .unknown
        .iter()
        .map(|unknown| match unknown {
            UnknownFactor::Country => "no country",
            UnknownFactor::Goods => goods.as_str(),
            UnknownFactor::Workforce => "no workforce",
        })
        .collect();
    if missing.is_empty() {
        "too little is known: lists are missing, old or incomplete".to_owned()
    } else {
        format!("too little is known: {}", missing.join(", "))
    }
}

/// "Apparel from China: DOL 2022 forced labor; UFLPA priority sector".
fn goods_line(facts: &Facts<'_>, factored: &Factored) -> Option<String> {
    let exposure = facts.exposure;
    let worst = exposure.listings.iter().max_by_key(|listing| {
        (
            listing.exploitation,
            std::cmp::Reverse(listing.listed.source),
        )
    });
    let goods = &factored.inputs.goods;
    let sector_weighs = goods.contains(&GoodsRisk::SectorOnly)
        || goods.contains(&GoodsRisk::UflpaSectorPrcOrUnknownInputs);
    let sector = exposure.sectors.first().filter(|_| sector_weighs);
    let cue = worst
        .map(|listing| &listing.cue)
        .or(sector.map(|sector| &sector.cue))?;
    let origin = exposure.made_in.map_or_else(
        || "an unknown country".to_owned(),
        |(country, _)| country.name().to_owned(),
    );
    let said: Vec<String> = worst
        .map(listed_words)
        .into_iter()
        .chain(sector.map(|_| sector_words(goods)))
        .collect();
    Some(format!("{} from {origin}: {}", cue.given, said.join("; ")))
}

fn sector_words(goods: &BTreeSet<GoodsRisk>) -> String {
    if goods.contains(&GoodsRisk::UflpaSectorPrcOrUnknownInputs) {
        "UFLPA priority sector".to_owned()
    } else {
        "UFLPA priority sector, made outside China".to_owned()
    }
}

/// The edition up to its first comma: the evidence has all of it.
fn listed_words(listing: &ListedExposure) -> String {
    let list = match listing.listed.source {
        Source::DolGoods => "DOL",
        Source::Eo13126 => "EO 13126",
        _ => listing.listed.title.as_str(),
    };
    let edition = listing.listed.edition.split(',').next().unwrap_or_default();
    let derived = match listing.listed.derived_from {
        Some(_) => ", derived from DOL's list",
        None => "",
    };
    format!("{list} {edition}{derived}: {}", listing.exploitation)
}

fn country_line(facts: &Facts<'_>, factored: &Factored) -> String {
    let goods = if facts.exposure.goods_known() {
        "goods on no list that was searched for this country"
    } else {
        "goods not known"
    };
    match factored.factors.iter().find(|factor| factor.code == "tip") {
        Some(tip) if tip.points != "0" => format!("{goods}; {}", tip.explanation),
        _ => goods.to_owned(),
    }
}

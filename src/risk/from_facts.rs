//! From facts to inputs by the rules of the model, each point with what it
//! rests on.

use super::{
    citations::{location_evidence, rule, stated},
    confirmed::adverse_and_floors,
    coverage::coverage,
    draft::Draft,
    factor::{Evidence, FactorKind, Factored},
    facts::{Facts, ReviewedPlace},
    from_contractor::{self, ContractorPapers},
    from_declared,
    from_goods::goods,
    from_statement::statement,
    inputs::{Bounded, UnknownFactor},
    model::Model,
    pending::pending,
    policy::StateImposedRule,
};
use crate::{
    lists::{Snapshot, TipPlacement},
    screening::Disposition,
    supplier::CountryBasis,
};

/// Makes inputs from what is known of one supplier. Pure, and independent of
/// the order of hits and snapshots. Unreviewed hits reach `pending` only.
pub fn inputs_from(model: &Model, facts: &Facts<'_>) -> Factored {
    inputs_with_papers(model, facts, None)
}

/// The same of a federal contractor whose papers were looked at.
pub fn inputs_with_papers(
    model: &Model,
    facts: &Facts<'_>,
    papers: Option<&ContractorPapers<'_>>,
) -> Factored {
    let mut draft = Draft::default();
    let by_products = papers
        .is_some_and(|papers| from_declared::country_of_declared(model, facts, papers, &mut draft));
    if !by_products {
        country(model, facts, &mut draft);
    }
    goods(model, facts, &mut draft);
    if let Some(papers) = papers {
        from_declared::declared_goods(model, facts, papers, &mut draft);
    }
    workforce(model, facts, &mut draft);
    if let Some(papers) = papers {
        from_contractor::workforce_of_contractor(model, papers, &mut draft);
    }
    adverse_and_floors(model, facts, &mut draft);
    if let Some(papers) = papers {
        from_contractor::papers_of_contractor(model, facts, papers, &mut draft);
    }
    pending(model, facts, &mut draft);
    if facts.statement.is_none() && papers.is_none() {
        draft
            .assumptions
            .push("no compliance plan, certificate or statement was asked for, so transparency and diligence count nothing".to_owned());
    }
    statement(model, facts, &mut draft);
    if let Some(papers) = papers {
        from_declared::declared_pending(model, facts, papers, &mut draft);
    }
    coverage(model, facts, &mut draft);
    if let Some(papers) = papers {
        from_contractor::coverage_of_contractor(model, papers, &mut draft);
    }

    let mut inputs = draft.inputs;
    inputs.adverse.sort_unstable();
    Factored {
        inputs,
        factors: draft.factors,
        assumptions: draft.assumptions,
    }
}

pub(super) fn country(model: &Model, facts: &Facts<'_>, draft: &mut Draft) {
    let Some((country, basis)) = facts.supplier.made_in() else {
        draft.unknown(
            UnknownFactor::Country,
            "the country of production is not given, so the country counts nothing in the score and its maximum in the range",
        );
        subregion(model, facts, draft);
        return;
    };
    let given = match basis {
        CountryBasis::Production => stated("country of production", country.to_string()),
        CountryBasis::Address => {
            draft.assumptions.push(format!(
                "goods are taken to be made where the address is ({}): no country of production is given", country.name()
            ));
            stated("address country", country.to_string())
        }
    };

    match placement_in_force(facts) {
        Some((snapshot, placement)) => {
            draft.inputs.tip = Some(placement.placement);
            let code = placement_code(placement);
            let evidence = Evidence {
                source: snapshot.head.source.code().to_owned(),
                edition: Some(snapshot.head.edition.clone()),
                snapshot_sha256: Some(snapshot.head.sha256.clone()),
                citation: placement.citation.clone(),
                date: Some(snapshot.head.edition_date),
                detail: format!("{}: {code}", placement.country_as_published),
            };
            draft.factor(
                FactorKind::Country,
                "tip",
                model.country.tip.of(placement.placement),
                format!(
                    "{} is placed {code} in the Trafficking in Persons Report {}, which grades government effort",
                    placement.country_as_published, placement.year
                ),
                vec![evidence, given.clone()],
            );
        }
        None => draft.assumptions.push(format!(
            "{} has no placement in the Trafficking in Persons report that was searched, so the placement counts nothing", country.name()
        )),
    }

    for rule_in_force in model
        .state_imposed
        .iter()
        .filter(|rule| rule.country == country && rule.in_force(facts.as_of))
    {
        let Some(reached) = reached_by(rule_in_force, facts) else {
            continue;
        };
        draft.inputs.state_imposed = true;
        let evidence = Evidence {
            date: Some(rule_in_force.effective_from),
            ..rule(model, &rule_in_force.source, reached)
        };
        draft.factor(
            FactorKind::Country,
            "state_imposed",
            model.country.state_imposed,
            rule_in_force.explanation.clone(),
            vec![evidence, given.clone()],
        );
        break;
    }
    subregion(model, facts, draft);
}

/// The latest report whose edition is in force on the day.
fn placement_in_force<'a>(facts: &Facts<'a>) -> Option<(&'a Snapshot, &'a TipPlacement)> {
    let (country, _) = facts.supplier.made_in()?;
    facts
        .snapshots
        .iter()
        .filter(|snapshot| snapshot.head.edition_date <= facts.as_of)
        .flat_map(|snapshot| {
            let placements = snapshot.content.placements.iter();
            placements.map(move |placement| (*snapshot, placement))
        })
        .filter(|(_, placement)| placement.country == country)
        .max_by_key(|(snapshot, placement)| (placement.year, &snapshot.head.sha256))
}

fn placement_code(placement: &TipPlacement) -> &'static str {
    use crate::lists::Placement;
    match placement.placement {
        Placement::Tier1 => "Tier 1",
        Placement::Tier2 => "Tier 2",
        Placement::Tier2WatchList => "Tier 2 Watch List",
        Placement::Tier3 => "Tier 3",
        Placement::SpecialCase => "Special Case",
    }
}

/// What of the supplier the rule reaches, in words; `None` if nothing.
fn reached_by(rule: &StateImposedRule, facts: &Facts<'_>) -> Option<String> {
    if rule.everything {
        return Some("all goods and work".to_owned());
    }
    if rule.sectors
        && let Some(sector) = facts.exposure.sectors.first()
    {
        return Some(format!(
            "\"{}\" is in the priority sector {}",
            sector.cue.given, sector.sector_name
        ));
    }
    let by_goods = facts
        .exposure
        .cues
        .iter()
        .find(|cue| rule.categories.contains(&cue.category))
        .map(|cue| format!("{} \"{}\"", cue.place, cue.given));
    by_goods.or_else(|| {
        let code = facts.supplier.naics.iter().find(|code| {
            rule.naics
                .iter()
                .any(|prefix| code.starts_with(prefix.as_str()))
        })?;
        Some(format!("NAICS code {code}"))
    })
}

fn subregion(model: &Model, facts: &Facts<'_>, draft: &mut Draft) {
    // A place in a name may be all that is left of the founder's home: it is
    // reviewed, but only an address, a registration or the Corps counts.
    let standing: Vec<&ReviewedPlace<'_>> = facts
        .locations
        .iter()
        .filter(|place| place.lead.states_a_place())
        .filter(|place| !matches!(place.disposition, Disposition::FalsePositive(_)))
        .collect();
    if standing.is_empty() {
        return;
    }
    draft.inputs.subregion = true;
    let mut evidence: Vec<Evidence> = standing
        .iter()
        .map(|place| location_evidence(place))
        .collect();
    evidence.push(rule(
        model,
        "Pub. L. 117-78 sec. 3(a)",
        "goods made in Xinjiang are presumed to be made with forced labor".to_owned(),
    ));
    draft.factor(
        FactorKind::Country,
        "subregion",
        model.country.subregion,
        "the supplier's own record names Xinjiang or an XPCC division".to_owned(),
        evidence,
    );
}

fn workforce(model: &Model, facts: &Facts<'_>, draft: &mut Draft) {
    let rules = &model.workforce_rules;
    let mut points = 0_u8;
    if let Some(share) = facts.supplier.migrant_share_permille
        && share >= rules.migrant_share_permille
    {
        points = points.saturating_add(model.workforce.migrant_labor);
        let shown = format!("{}.{} %", share / 10, share % 10);
        draft.factor(
            FactorKind::Workforce,
            "migrant_labor",
            model.workforce.migrant_labor,
            format!("{shown} of the workers are migrants"),
            vec![
                stated("migrant share", shown),
                rule(
                    model,
                    &rules.source,
                    format!("counts from {} in 1000", rules.migrant_share_permille),
                ),
            ],
        );
    }
    // One code a prefix is enough: the reason is the kind of work.
    let code = facts.supplier.naics.iter().find_map(|code| {
        let prefix = rules
            .high_risk_naics
            .iter()
            .find(|prefix| code.starts_with(prefix.as_str()))?;
        Some((code, prefix))
    });
    if let Some((code, prefix)) = code {
        points = points.saturating_add(model.workforce.high_risk_code);
        draft.factor(
            FactorKind::Workforce,
            "high_risk_code",
            model.workforce.high_risk_code,
            format!("NAICS {code} is work that often runs through labor brokers"),
            vec![
                stated("NAICS code", code.clone()),
                rule(model, &rules.source, format!("NAICS prefix {prefix}")),
            ],
        );
    }
    draft.inputs.workforce = Bounded::capped(points);
    if facts.supplier.migrant_share_permille.is_some() {
        return;
    }
    if points > 0 {
        draft
            .assumptions
            .push("the share of migrant workers is not given and counts nothing".to_owned());
    } else {
        draft.unknown(
            UnknownFactor::Workforce,
            "nothing is known of migrant workers or labor brokers, so the workforce counts nothing in the score and its maximum in the range",
        );
    }
}

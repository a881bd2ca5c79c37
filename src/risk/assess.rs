//! The arithmetic of the model: inputs to an assessment, exactly.

use std::cmp::max;

use num_rational::Ratio;
use num_traits::Zero;

use super::{
    assessment::{Assessment, Disposition, Tier},
    inputs::{AdverseItem, Floor, GoodsRisk, Inputs, Practice, UnknownFactor},
    model::Model,
    points::Points,
};

/// Scores one supplier. Pure: the same model and inputs give the same result.
pub fn assess(model: &Model, inputs: &Inputs) -> Assessment {
    let factors = Factors::as_known(model, inputs);
    let score = factors.score(model, inputs.floor);
    let highest = Factors::at_worst(model, inputs).score(model, inputs.floor);
    let tier = model.tiers.tier_of(score);
    let coverage = inputs.coverage.get();
    let enough_known = coverage >= model.tiers.not_assessed_below_coverage;

    let disposition = if inputs.floor == Some(Floor::Hold) {
        Disposition::Hold
    } else if inputs.pending.is_some() {
        Disposition::ReviewRequired
    } else if tier <= Tier::Moderate && !enough_known {
        Disposition::InsufficientData
    } else if inputs.floor.is_some() || tier == Tier::Severe {
        Disposition::Escalate
    } else if tier >= Tier::Moderate || inputs.adverse.iter().any(|item| item.2.is_open()) {
        Disposition::EnhancedDiligence
    } else {
        Disposition::RoutineMonitoring
    };
    let assessed = disposition != Disposition::InsufficientData;
    let pending = inputs
        .pending
        .filter(|_| disposition == Disposition::ReviewRequired);

    Assessment {
        c: factors.country,
        g: factors.goods,
        w: factors.workforce,
        a: Points(factors.adverse),
        t: factors.gap,
        d_eff: Points(factors.effective_diligence),
        score: assessed.then_some(score),
        range: [score, highest],
        tier: if assessed { tier } else { Tier::NotAssessed },
        disposition,
        coverage,
        score_if_confirmed: pending.map(|floor| score_if_confirmed(model, inputs, floor)),
        score_if_dismissed: pending.map(|_| score),
    }
}

/// The score if every unreviewed lead were confirmed: its floor and one more
/// confirmed item.
fn score_if_confirmed(model: &Model, inputs: &Inputs, pending: Floor) -> u8 {
    let mut confirmed = inputs.clone();
    confirmed.adverse.push(model.pending_adds.item());
    let floor = max(inputs.floor, Some(pending));
    Factors::as_known(model, &confirmed).score(model, floor)
}

/// The factors, each within its cap.
struct Factors {
    country: u8,
    goods: u8,
    workforce: u8,
    adverse: Ratio<i64>,
    gap: u8,
    effective_diligence: Ratio<i64>,
}

impl Factors {
    /// What is not known counts nothing, whatever else is given for it.
    fn as_known(model: &Model, inputs: &Inputs) -> Self {
        Self::with_unknown_at(model, inputs, |_| 0)
    }

    /// What is not known counts the most that its factor can.
    fn at_worst(model: &Model, inputs: &Inputs) -> Self {
        Self::with_unknown_at(model, inputs, |most| most)
    }

    fn with_unknown_at(model: &Model, inputs: &Inputs, unknown_at: impl Fn(u8) -> u8) -> Self {
        let factor = |unknown, most: u8, known: u8| {
            if inputs.unknown.contains(&unknown) {
                unknown_at(most)
            } else {
                known.min(most)
            }
        };
        let country = factor(
            UnknownFactor::Country,
            model.country.max,
            country_points(model, inputs),
        );
        let goods = factor(
            UnknownFactor::Goods,
            model.goods.max,
            goods_points(model, inputs),
        );
        let workforce = factor(
            UnknownFactor::Workforce,
            model.workforce.max,
            inputs.workforce.get(),
        );
        let gap = inputs.gap.get().min(model.transparency.max);
        let inherent: i64 = [country, goods, workforce, gap].map(i64::from).iter().sum();
        let cap = Ratio::from_integer(inherent) * model.diligence.cap_share.0;

        Self {
            country,
            goods,
            workforce,
            adverse: adverse_points(model, &inputs.adverse),
            gap,
            effective_diligence: diligence_points(model, inputs).min(cap),
        }
    }

    fn score(&self, model: &Model, floor: Option<Floor>) -> u8 {
        let whole: i64 = [self.country, self.goods, self.workforce, self.gap]
            .map(i64::from)
            .iter()
            .sum();
        let residual = Ratio::from_integer(whole) + self.adverse - self.effective_diligence;
        let floor = floor.map_or(0, |floor| model.floors.of(floor));
        let clamped = residual
            .max(Ratio::zero())
            .min(Ratio::from_integer(100))
            .max(Ratio::from_integer(floor.into()));
        Points(clamped).round_half_up()
    }
}

fn country_points(model: &Model, inputs: &Inputs) -> u8 {
    let weights = &model.country;
    let placement = inputs.tip.map_or(0, |placement| weights.tip.of(placement));
    let state_imposed = if inputs.state_imposed {
        weights.state_imposed
    } else {
        0
    };
    let subregion = if inputs.subregion {
        weights.subregion
    } else {
        0
    };
    placement
        .saturating_add(inputs.gsi_band.get().min(weights.gsi_band_max))
        .saturating_add(state_imposed)
        .saturating_add(subregion)
}

fn goods_points(model: &Model, inputs: &Inputs) -> u8 {
    let worst = inputs
        .goods
        .iter()
        .map(|risk: &GoodsRisk| model.goods.points.of(*risk))
        .max()
        .unwrap_or(0);
    let multi = if inputs.goods_multi {
        model.goods.multi
    } else {
        0
    };
    worst.saturating_add(multi)
}

/// The largest item and a share of the others.
fn adverse_points(model: &Model, items: &[AdverseItem]) -> Ratio<i64> {
    let points: Vec<_> = items
        .iter()
        .map(|item| model.adverse.points_of(*item))
        .collect();
    let largest = points.iter().copied().max().unwrap_or_else(Ratio::zero);
    let others = points.iter().sum::<Ratio<i64>>() - largest;
    (largest + others * model.adverse.others_share.0)
        .min(Ratio::from_integer(model.adverse.max.into()))
}

/// Credits earned, before the cap that keeps them from hiding inherent risk.
fn diligence_points(model: &Model, inputs: &Inputs) -> Ratio<i64> {
    Practice::ALL
        .into_iter()
        .filter(|practice| {
            !(inputs.state_imposed && model.diligence.void_when_state_imposed.contains(practice))
        })
        .filter_map(|practice| {
            let level = inputs.credits.of(practice)?;
            Some(model.diligence.practice.of(practice).0 * model.diligence.level.of(level).0)
        })
        .sum::<Ratio<i64>>()
        .min(Ratio::from_integer(model.diligence.max.into()))
}

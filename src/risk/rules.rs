//! What the promises of a model rest on.

use super::{model::ModelFile, points::Weight};

impl ModelFile {
    /// What the promises of the model rest on: an order of weights, and bounds
    /// within which no sum overflows. Every rule that does not hold, with the
    /// place it is about.
    pub(super) fn broken_rules(&self) -> Vec<(&'static str, &'static str)> {
        let one = Weight::one();
        let recency = &self.adverse.recency;
        let remedy = &self.adverse.remedy;
        let severity = &self.adverse.severity;
        let said = |text: &str| !text.trim().is_empty();
        let hundred = "may not exceed 100";
        let share = "a share must not exceed 1";
        [
            ("/name", said(&self.name), "must be given"),
            ("/version", said(&self.version), "must be given"),
            ("/source", said(&self.source), "must be given"),
            ("/country/max", self.country.max <= 100, hundred),
            ("/goods/max", self.goods.max <= 100, hundred),
            ("/workforce/max", self.workforce.max <= 100, hundred),
            ("/adverse/max", self.adverse.max <= 100, hundred),
            ("/transparency/max", self.transparency.max <= 100, hundred),
            ("/diligence/max", self.diligence.max <= 100, hundred),
            (
                "/adverse/severity",
                [
                    severity.final_determination,
                    severity.active_official_listing,
                    severity.substantiated_audit_finding,
                    severity.multi_source,
                    severity.single_source,
                ]
                .iter()
                .all(|points| *points <= 100),
                "no severity may exceed 100",
            ),
            (
                "/tiers/not_assessed_below_coverage",
                self.tiers.not_assessed_below_coverage <= 100,
                hundred,
            ),
            (
                "/tiers",
                0 < self.tiers.moderate_from
                    && self.tiers.moderate_from < self.tiers.high_from
                    && self.tiers.high_from < self.tiers.severe_from
                    && self.tiers.severe_from <= 100,
                "tier bounds must rise from above 0 to 100 at most",
            ),
            (
                "/floors",
                self.floors.esc2 <= self.floors.esc1
                    && self.floors.esc1 <= self.floors.hold
                    && self.floors.hold <= 100,
                "floors must not fall from ESC2 over ESC1 to HOLD, 100 at most",
            ),
            (
                "/adverse/recency",
                one >= recency.up_to_2_years
                    && recency.up_to_2_years >= recency.up_to_5_years
                    && recency.up_to_5_years >= recency.up_to_10_years
                    && recency.up_to_10_years >= recency.older,
                "recency shares must not rise with age, 1 at most",
            ),
            (
                "/adverse/remedy",
                [
                    remedy.none,
                    remedy.in_progress,
                    remedy.verified,
                    remedy.lifted,
                ]
                .iter()
                .all(|share| *share <= one),
                share,
            ),
            (
                "/statements",
                self.statements.as_ref().is_none_or(|rules| {
                    rules.partial <= rules.nominal
                        && rules.nominal <= rules.none
                        && rules.none <= self.transparency.max
                }),
                "points of a statement must not fall from partial over nominal to none",
            ),
            (
                "/papers",
                self.papers.as_ref().is_none_or(|rules| {
                    rules.most() <= self.transparency.max && rules.silent_after_requests > 0
                }),
                "points of papers must not exceed the maximum of transparency, and silence needs a request",
            ),
            (
                "/adverse/others_share",
                self.adverse.others_share <= one,
                share,
            ),
            (
                "/diligence/cap_share",
                self.diligence.cap_share <= one,
                share,
            ),
            (
                "/diligence/level",
                [
                    self.diligence.level.self_declared,
                    self.diligence.level.documented,
                    self.diligence.level.independent,
                ]
                .iter()
                .all(|share| *share <= one),
                share,
            ),
            (
                "/coverage",
                self.coverage.total() == 100,
                "coverage weights must add up to 100",
            ),
            (
                "/hits",
                self.hits.low_queue_from <= self.hits.pending_from && self.hits.pending_from <= one,
                "low_queue_from must not exceed pending_from, and neither 1",
            ),
            (
                "/wanted_list",
                !self.wanted_list.is_empty(),
                "at least one wanted_list is needed",
            ),
        ]
        .into_iter()
        .filter(|(_, holds, _)| !holds)
        .map(|(place, _, rule)| (place, rule))
        .collect()
    }
}

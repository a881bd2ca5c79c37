//! Is a compliance plan required? A pure function over one contract.
//!
//! FAR 22.1703(c), 52.222-50(h)(1): for the portion that is supplies, other than
//! COTS, acquired outside the United States, or services performed outside, and
//! has an estimated value that exceeds the threshold of the clause's edition.

use serde::{Deserialize, Serialize};

use super::{
    clause::ClauseDate,
    contract::{ClauseInContract, ContractFacts, ContractKind, Cots, Part, PartValue, Place, What},
    money::Money,
    policy::ContractorPolicy,
};

/// The answer, with everything it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRequirement {
    pub answer: Answer,
    pub arithmetic: Arithmetic,
    /// What was taken for granted, in sentences.
    pub assumptions: Vec<String>,
    /// Public records that suggest an answer and prove none.
    pub leads: Vec<String>,
    pub citations: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Answer {
    Required,
    NotRequired,
    /// A fact is missing; each with whom to ask.
    Undetermined {
        missing: Vec<MissingFact>,
    },
    /// Supplies and services stay below the threshold each and pass it
    /// together; the clause can be read both ways.
    AmbiguousAggregation {
        ask_whom: Asked,
    },
}

impl Answer {
    /// As serialized.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Required => "REQUIRED",
            Self::NotRequired => "NOT_REQUIRED",
            Self::Undetermined { .. } => "UNDETERMINED",
            Self::AmbiguousAggregation { .. } => "AMBIGUOUS_AGGREGATION",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MissingFact {
    pub fact: MissingKind,
    /// In words, with the part it is about.
    pub missing: String,
    pub ask_whom: Asked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingKind {
    ClauseDate,
    ClauseBeforePlans,
    Portions,
    Place,
    CotsStatus,
    PortionValue,
    Ceiling,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    ContractingOfficer,
    Contractor,
}

impl Asked {
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::ContractingOfficer => "the contracting officer",
            Self::Contractor => "the contractor",
        }
    }
}

/// The sum and what it is held against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arithmetic {
    /// The edition of the clause, where known.
    pub clause: Option<ClauseDate>,
    pub threshold: Option<Money>,
    pub threshold_source: Option<String>,
    /// Non-COTS supplies acquired outside, as far as known.
    pub supplies_outside: Money,
    /// Services performed outside, as far as known.
    pub services_outside: Money,
    /// Both together.
    pub portion: Money,
    /// The sum as a person would write it.
    pub shown: String,
    /// Each part and how it was counted.
    pub steps: Vec<String>,
}

/// Whether a part belongs to the portion.
enum Counts {
    Yes(Money),
    No,
    Open,
}

/// Decides from facts; never from an award's total alone.
pub fn plan_requirement(policy: &ContractorPolicy, facts: &ContractFacts) -> PlanRequirement {
    let mut missing = Vec::new();
    let mut assumptions = Vec::new();
    let mut steps = Vec::new();
    let (mut supplies, mut services) = (Money::ZERO, Money::ZERO);
    if facts.parts.is_empty() {
        missing.push(MissingFact {
            fact: MissingKind::Portions,
            missing: "which supplies are acquired and which services performed outside the United States, and their estimated values".to_owned(),
            ask_whom: Asked::ContractingOfficer,
        });
    }
    for part in &facts.parts {
        let counted = counts(part, facts, &mut missing, &mut assumptions, &mut steps);
        let Counts::Yes(value) = counted else {
            continue;
        };
        let sum = match part.what {
            What::Supplies(_) => &mut supplies,
            What::Services => &mut services,
        };
        match sum.plus(value) {
            Some(more) => *sum = more,
            None => missing.push(MissingFact {
                fact: MissingKind::PortionValue,
                missing: "the values add up past what can be counted: state them again".to_owned(),
                ask_whom: Asked::Contractor,
            }),
        }
    }
    let portion = supplies.plus(services).unwrap_or(supplies.max(services));
    let threshold = match facts.clause {
        ClauseInContract::Edition(edition) => policy.threshold(edition),
        ClauseInContract::SaidToBeAbsent | ClauseInContract::Unknown => None,
    };
    // Nothing at all outside passes no threshold, whatever the edition.
    let nothing_outside = missing.is_empty() && portion == Money::ZERO;
    if threshold.is_none() && !nothing_outside {
        missing.push(missing_clause(policy, facts.clause));
    }
    let answer = decide(
        threshold.map(|threshold| threshold.value),
        supplies,
        services,
        portion,
        nothing_outside,
        missing,
    );
    let clause = match facts.clause {
        ClauseInContract::Edition(edition) => Some(edition),
        _ => None,
    };
    let mut citations = vec!["FAR 22.1703(c); FAR 52.222-50(h)(1)".to_owned()];
    citations.extend(threshold.map(|threshold| threshold.source.clone()));
    if let Some(threshold) = threshold.filter(|threshold| !threshold.verified) {
        assumptions.push(format!(
            "the threshold of {} for editions from {} waits to be confirmed against the primary text",
            threshold.value, threshold.effective_from
        ));
    }
    if let Some(edition) = clause
        && policy.edition(edition).is_none_or(|known| !known.verified)
    {
        assumptions.push(if policy.edition(edition).is_some() {
            format!("the edition of {edition} waits to be confirmed against the primary text")
        } else {
            format!(
                "no edition of {edition} is known: it may be an agency's deviation or mistyped; the threshold taken is that of the editions around it"
            )
        });
    }
    PlanRequirement {
        arithmetic: Arithmetic {
            clause,
            threshold: threshold.map(|threshold| threshold.value),
            threshold_source: threshold.map(|threshold| threshold.source.clone()),
            supplies_outside: supplies,
            services_outside: services,
            portion,
            shown: shown(
                supplies,
                services,
                portion,
                threshold.map(|one| one.value),
                &answer,
            ),
            steps,
        },
        answer,
        assumptions,
        leads: facts.leads.clone(),
        citations,
    }
}

fn decide(
    threshold: Option<Money>,
    supplies: Money,
    services: Money,
    portion: Money,
    nothing_outside: bool,
    mut missing: Vec<MissingFact>,
) -> Answer {
    if nothing_outside {
        return Answer::NotRequired;
    }
    if let Some(threshold) = threshold {
        // One kind alone passes it: what else is open can only add.
        if supplies > threshold || services > threshold {
            return Answer::Required;
        }
        if missing.is_empty() {
            return if portion > threshold {
                Answer::AmbiguousAggregation {
                    ask_whom: Asked::ContractingOfficer,
                }
            } else {
                Answer::NotRequired
            };
        }
    }
    missing.sort();
    missing.dedup();
    Answer::Undetermined { missing }
}

fn missing_clause(policy: &ContractorPolicy, clause: ClauseInContract) -> MissingFact {
    let (fact, missing) = match clause {
        ClauseInContract::Unknown => (
            MissingKind::ClauseDate,
            "the date of the edition of FAR 52.222-50 in the contract".to_owned(),
        ),
        ClauseInContract::SaidToBeAbsent => (
            MissingKind::ClauseDate,
            "whether FAR 52.222-50, which belongs in every contract (22.1705), is in this one, and its date".to_owned(),
        ),
        ClauseInContract::Edition(edition) => (
            MissingKind::ClauseBeforePlans,
            format!(
                "whether the contract was modified since: the edition of {edition} is older than the first with a plan ({})",
                policy.first_edition_with_plan()
            ),
        ),
    };
    MissingFact {
        fact,
        missing,
        ask_whom: Asked::ContractingOfficer,
    }
}

fn counts(
    part: &Part,
    facts: &ContractFacts,
    missing: &mut Vec<MissingFact>,
    assumptions: &mut Vec<String>,
    steps: &mut Vec<String>,
) -> Counts {
    let name = match part.what {
        What::Supplies(_) => "supplies",
        What::Services => "services",
    };
    let source = &part.source;
    let mut open = |fact, what: String, ask_whom| {
        missing.push(MissingFact {
            fact,
            missing: what,
            ask_whom,
        });
    };
    // A part worth nothing is no part of the portion wherever it lies.
    if part.value == PartValue::Estimated(Money::ZERO) {
        steps.push(format!("{name}: 0 ({source})"));
        return Counts::No;
    }
    if part.place == Place::InUnitedStates {
        steps.push(format!(
            "{name}: inside the United States, not counted ({source})"
        ));
        return Counts::No;
    }
    if part.what == What::Supplies(Cots::Yes) {
        steps.push(format!(
            "{name}: COTS, not counted ({source}; FAR 22.1703(c)(1)(i))"
        ));
        return Counts::No;
    }
    let mut is_open = false;
    if part.place == Place::Unknown {
        let verb = match part.what {
            What::Supplies(_) => "where the supplies are acquired",
            What::Services => "where the services are performed",
        };
        open(
            MissingKind::Place,
            verb.to_owned(),
            Asked::ContractingOfficer,
        );
        is_open = true;
    }
    if matches!(
        part.what,
        What::Supplies(Cots::Unknown | Cots::CommercialOnly)
    ) {
        open(
            MissingKind::CotsStatus,
            "whether the supplies are COTS, unmodified and no bulk cargo; \"commercial\" is not COTS (FAR 2.101)".to_owned(),
            Asked::Contractor,
        );
        is_open = true;
    }
    // A ceiling of nothing or less is none: unknown must not become "not required".
    let kind = match facts.kind {
        ContractKind::IndefiniteDelivery { ceiling } => ContractKind::IndefiniteDelivery {
            ceiling: ceiling.filter(|ceiling| *ceiling > Money::ZERO),
        },
        other => other,
    };
    let value = match (part.value, kind) {
        (PartValue::Estimated(value), _) if value.is_negative() => {
            open(
                MissingKind::PortionValue,
                format!("the value of the {name} outside: {value} is no estimate"),
                Asked::Contractor,
            );
            None
        }
        (PartValue::Estimated(value), _) => Some(value),
        (
            PartValue::WholeContract | PartValue::Unknown,
            ContractKind::IndefiniteDelivery {
                ceiling: Some(ceiling),
            },
        ) if part.value == PartValue::WholeContract || facts.parts.len() == 1 => {
            assumptions.push(format!(
                "indefinite delivery: the ceiling of {ceiling} is taken for the estimated value of the {name}"
            ));
            Some(ceiling)
        }
        (PartValue::WholeContract, ContractKind::IndefiniteDelivery { ceiling: None }) => {
            open(
                MissingKind::Ceiling,
                "the ceiling of the indefinite-delivery contract".to_owned(),
                Asked::ContractingOfficer,
            );
            None
        }
        (PartValue::WholeContract | PartValue::Unknown, _) => {
            open(
                MissingKind::PortionValue,
                format!("the estimated value of the {name} outside the United States"),
                Asked::ContractingOfficer,
            );
            None
        }
    };
    match value {
        Some(value) if !is_open => {
            steps.push(format!(
                "{name} outside the United States: {value} ({source})"
            ));
            Counts::Yes(value)
        }
        Some(value) => {
            steps.push(format!(
                "{name}: {value}, whether it counts is open ({source})"
            ));
            Counts::Open
        }
        None => {
            steps.push(format!("{name}: value not known ({source})"));
            Counts::Open
        }
    }
}

fn shown(
    supplies: Money,
    services: Money,
    portion: Money,
    threshold: Option<Money>,
    answer: &Answer,
) -> String {
    let open = if matches!(answer, Answer::Undetermined { .. }) {
        " known so far"
    } else {
        ""
    };
    let sum = format!("supplies {supplies} + services {services} = {portion}{open}");
    match threshold {
        Some(threshold) if supplies > threshold || services > threshold => {
            format!("{sum} > {threshold}")
        }
        Some(threshold) if portion > threshold => {
            format!("{sum} > {threshold}, but neither alone")
        }
        Some(threshold) => format!("{sum} ≤ {threshold}"),
        None => format!("{sum}; threshold not known"),
    }
}

//! What a company's published statement does to transparency and diligence.
//!
//! A company's own words are self-declared, whatever they declare. A gap counts only
//! where a statement was looked for, was found, and is presumed owed: a page that
//! was not located is no silence, and nobody outside the law owes its answers.

use chrono::{Months, NaiveDate};

use super::{
    citations::rule,
    draft::Draft,
    factor::{Evidence, FactorKind},
    facts::Facts,
    inputs::{Bounded, EvidenceLevel, Practice},
    model::Model,
    points::Points,
    policy::StatementRules,
};
use crate::disclosures::{
    company::{Presumed, Presumption},
    statement::{
        Overall, Practice as Practised, Quote, Stance, Stated, StatementReading, TopicReading,
    },
};

/// A statement that was looked for, as it was read.
#[derive(Debug, Clone, Copy)]
pub struct StatementOnFile<'a> {
    pub company: &'a str,
    pub reading: &'a StatementReading,
    pub presumption: &'a Presumption,
    /// The address or the file that it was read from.
    pub citation: &'a str,
    /// The day on which it stood there.
    pub retrieved_on: NaiveDate,
}

pub(super) fn statement(model: &Model, facts: &Facts<'_>, draft: &mut Draft) {
    let (Some(statement), Some(rules)) = (facts.statement, &model.statements) else {
        return;
    };
    if statement.retrieved_on > facts.as_of {
        draft.assumptions.push(format!(
            "the statement was retrieved on {}, after the day of the assessment, and counts nothing",
            statement.retrieved_on
        ));
        return;
    }
    if statement.reading.law.id != rules.law {
        draft.assumptions.push(format!(
            "the statement was read under {}, which this model does not weigh",
            statement.reading.law.title
        ));
        return;
    }
    if let Some(problem) = &statement.reading.problem {
        draft.assumptions.push(format!(
            "no statement was located on {}, one may exist, and nothing counts for it: {}",
            statement.retrieved_on, problem.message
        ));
        return;
    }
    gap(model, rules, statement, draft);
    credits(model, rules, facts.as_of, statement, draft);
}

fn gap(model: &Model, rules: &StatementRules, statement: StatementOnFile<'_>, draft: &mut Draft) {
    let (points, found) = match statement.reading.overall {
        Overall::None => (rules.none, "names the law and answers none of its topics"),
        Overall::Nominal => (rules.nominal, "speaks of slavery and answers no topic"),
        Overall::Partial => (rules.partial, "answers the law's topics in part"),
        Overall::Full | Overall::NotLocated => return,
    };
    if statement.presumption.presumed != Presumed::PresumedCovered {
        draft.assumptions.push(format!(
            "the statement of {} {found}; it counts nothing, because nobody presumes that the company is covered by {}",
            statement.company, statement.reading.law.title
        ));
        return;
    }
    draft.inputs.gap = Bounded::capped(draft.inputs.gap.get().saturating_add(points));
    let mut evidence = vec![rule(
        model,
        &rules.source,
        "a statement that leaves out what the law asks for".to_owned(),
    )];
    let unsaid = if statement.reading.reasons.is_empty() {
        "nothing is said".to_owned()
    } else {
        statement.reading.reasons.join("; ")
    };
    evidence.push(cited(statement, unsaid));
    evidence.extend(
        statement
            .presumption
            .reasons
            .iter()
            .filter(|reason| reason.points_to == Presumed::PresumedCovered)
            .map(|reason| Evidence {
                citation: reason.source.clone(),
                date: None,
                ..cited(statement, reason.reason.clone())
            }),
    );
    draft.factor(
        FactorKind::Transparency,
        "statement",
        points,
        format!(
            "the statement of {} retrieved on {} {found}",
            statement.company, statement.retrieved_on
        ),
        evidence,
    );
}

fn credits(
    model: &Model,
    rules: &StatementRules,
    as_of: NaiveDate,
    statement: StatementOnFile<'_>,
    draft: &mut Draft,
) {
    let oldest = as_of.checked_sub_months(Months::new(rules.credit_at_most_months));
    if oldest.is_some_and(|oldest| statement.retrieved_on < oldest) {
        draft.assumptions.push(format!(
            "the statement retrieved on {} is older than {} months and earns no credit",
            statement.retrieved_on, rules.credit_at_most_months
        ));
        return;
    }
    for practice in Practice::ALL {
        let Some(words) = claim(statement.reading, practice) else {
            continue;
        };
        let slot = match practice {
            Practice::Traceability => &mut draft.inputs.credits.traceability,
            Practice::NoFeeEmployerPays => &mut draft.inputs.credits.no_fee_employer_pays,
            Practice::WorkerVoice => &mut draft.inputs.credits.worker_voice,
            Practice::UnannouncedAudit => &mut draft.inputs.credits.unannounced_audit,
            Practice::Remediation => &mut draft.inputs.credits.remediation,
            Practice::Training => &mut draft.inputs.credits.training,
        };
        // Better evidence from elsewhere stays.
        if slot.is_some() {
            continue;
        }
        *slot = Some(EvidenceLevel::SelfDeclared);
        let weights = &model.diligence;
        let points = Points(
            weights.practice.of(practice).0 * weights.level.of(EvidenceLevel::SelfDeclared).0,
        );
        draft.factor(
            FactorKind::Diligence,
            code(practice),
            points,
            format!(
                "the statement of {} says so itself; nobody else has shown it",
                statement.company
            ),
            vec![
                cited(
                    statement,
                    format!("bytes {} to {}: {}", words.start, words.end, words.text),
                ),
                rule(model, &rules.source, "self_declared".to_owned()),
            ],
        );
    }
}

const fn code(practice: Practice) -> &'static str {
    match practice {
        Practice::Traceability => "traceability",
        Practice::NoFeeEmployerPays => "no_fee_employer_pays",
        Practice::WorkerVoice => "worker_voice",
        Practice::UnannouncedAudit => "unannounced_audit",
        Practice::Remediation => "remediation",
        Practice::Training => "training",
    }
}

/// The company's own words for a practice. Asserted in general is not enough:
/// who, how often or how far must be said, and words that others use too earn
/// nothing.
fn claim(reading: &StatementReading, practice: Practice) -> Option<&Quote> {
    let topic = |key: &str| {
        reading
            .topics
            .get(key)
            .filter(|topic| topic.practice >= Some(Practised::Specific))
    };
    let own = |quote: &&Quote| quote.stance == Stance::Asserted && !quote.boilerplate;
    let by_rule = |topic: &'_ TopicReading, part: &str| {
        topic
            .quotes
            .iter()
            .filter(own)
            .position(|quote| quote.rule.contains(part))
    };
    match practice {
        Practice::Traceability => {
            let topic = topic("verification")?;
            let at = by_rule(topic, "traced")?;
            topic.quotes.iter().filter(own).nth(at)
        }
        Practice::UnannouncedAudit => {
            let topic = topic("audits")?;
            let said = |name: &str| {
                topic
                    .mandatory
                    .get(name)
                    .is_some_and(|mandatory| mandatory.stated == Stated::Yes)
            };
            (said("independent") && said("unannounced"))
                .then(|| topic.quotes.iter().find(own))
                .flatten()
        }
        Practice::Remediation => {
            let topic = topic("accountability")?;
            let at = by_rule(topic, "suppliers_corrected")?;
            topic.quotes.iter().filter(own).nth(at)
        }
        Practice::Training => topic("training")?.quotes.iter().find(own),
        // No topic of the law asks for these.
        Practice::NoFeeEmployerPays | Practice::WorkerVoice => None,
    }
}

fn cited(statement: StatementOnFile<'_>, detail: String) -> Evidence {
    Evidence {
        source: "statement".to_owned(),
        edition: None,
        snapshot_sha256: statement
            .reading
            .document
            .as_ref()
            .map(|document| document.sha256.clone()),
        citation: statement.citation.to_owned(),
        date: Some(statement.retrieved_on),
        detail,
    }
}

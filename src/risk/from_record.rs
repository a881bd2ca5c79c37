//! Official records about trafficking in the score. What a record says of itself
//! decides what it weighs; until a person has confirmed it, it weighs nothing.

use std::cmp::max;

use chrono::NaiveDate;

use super::{
    confirmed::{recency, set_floor},
    draft::Draft,
    factor::{Evidence, FactorKind},
    inputs::{AdverseItem, Floor, Recency, Remedy, Severity},
    model::Model,
    points::Points,
};
use crate::disclosures::contractor::{
    OfficialRecord, RecordFound, RecordState, RecordWeight, RemedyState, Standing,
};

pub(super) fn record(model: &Model, as_of: NaiveDate, found: &RecordFound, draft: &mut Draft) {
    let Some(weight) = found.weight() else { return };
    if found.record.dated.is_some_and(|day| day > as_of) {
        draft.assumptions.push(format!(
            "{} is later than the day of the assessment and counts nothing",
            named(found)
        ));
        return;
    }
    match &found.standing {
        Standing::Dismissed(_) => return,
        Standing::Pending => pending(model, weight, found, draft),
        Standing::Confirmed(_) => confirmed(model, as_of, weight, found, draft),
    }
    unconfirmed(found, draft);
}

/// The floor that a confirmed record of this weight sets.
fn floor(weight: RecordWeight) -> Option<Floor> {
    match weight {
        RecordWeight::Determination => Some(Floor::Esc1),
        RecordWeight::Finding | RecordWeight::Lead => Some(Floor::Esc2),
        RecordWeight::Allegation => None,
    }
}

fn pending(model: &Model, weight: RecordWeight, found: &RecordFound, draft: &mut Draft) {
    let said = match weight {
        RecordWeight::Determination => "official record about trafficking",
        RecordWeight::Finding => "report or proceeding that speaks of a finding about trafficking",
        RecordWeight::Lead => {
            "official record that speaks of trafficking and is no determination or finding by its own words"
        }
        RecordWeight::Allegation => "allegation about trafficking",
    };
    let said = format!("{said}, {}, not yet reviewed ({})", named(found), found.id);
    let Some(floor) = floor(weight) else {
        draft.assumptions.push(format!("{said}, counts nothing"));
        return;
    };
    draft.inputs.pending = max(draft.inputs.pending, Some(floor));
    draft.factor(
        FactorKind::Pending,
        floor.as_str(),
        model.floors.of(floor),
        said,
        vec![official(found)],
    );
}

fn confirmed(
    model: &Model,
    as_of: NaiveDate,
    weight: RecordWeight,
    found: &RecordFound,
    draft: &mut Draft,
) {
    let (severity, code, what) = match weight {
        RecordWeight::Determination => (
            Severity::FinalDetermination,
            "final_determination",
            "determination about trafficking",
        ),
        RecordWeight::Finding => (
            Severity::SubstantiatedAuditFinding,
            "substantiated_finding",
            "finding about trafficking",
        ),
        RecordWeight::Allegation => (
            Severity::SingleSource,
            "single_source",
            "allegation about trafficking from one source",
        ),
        RecordWeight::Lead => {
            draft.assumptions.push(format!(
                "{}, confirmed by review, is no determination or finding by its own words and counts nothing",
                named(found)
            ));
            return;
        }
    };
    let since = found
        .record
        .dated
        .map_or(Recency::UpTo2Years, |day| recency(day, as_of));
    // What a person has confirmed to have been done by the day of the assessment.
    let done = found.remedied(as_of);
    let remedy = done.map_or(Remedy::None, |remedy| match remedy.state {
        RemedyState::InProgress => Remedy::InProgress,
        RemedyState::Verified => Remedy::Verified,
        RemedyState::Lifted => Remedy::Lifted,
    });
    let done = done
        .map(|remedy| format!(", {}, confirmed by review", remedy.in_words()))
        .unwrap_or_default();
    let item = AdverseItem(severity, since, remedy);
    let said = format!("{what}, {}, confirmed by review{done}", named(found));
    let evidence = vec![official(found)];
    draft.inputs.adverse.push(item);
    draft.factor(
        FactorKind::Adverse,
        code,
        Points(model.adverse.points_of(item)),
        said.clone(),
        evidence.clone(),
    );
    // A determination holds until it is lifted, a finding until it is remedied.
    let stands = match weight {
        RecordWeight::Determination => remedy != Remedy::Lifted,
        _ => matches!(remedy, Remedy::None | Remedy::InProgress),
    };
    if let Some(floor) = floor(weight).filter(|_| stands) {
        set_floor(model, floor, said, evidence, draft);
    }
}

/// What is said to have been done and nobody has confirmed takes nothing off.
fn unconfirmed(found: &RecordFound, draft: &mut Draft) {
    for remedy in &found.remedies {
        if remedy.standing == Standing::Pending {
            draft.assumptions.push(format!(
                "{}: {}, not yet reviewed ({}), counts nothing",
                named(found),
                remedy.in_words(),
                remedy.id
            ));
        }
    }
}

/// The record's own title, with its kind and day.
fn named(found: &RecordFound) -> String {
    let record = &found.record;
    let day = record
        .dated
        .map(|day| format!(" of {day}"))
        .unwrap_or_default();
    format!("\"{}\" ({}{day})", record.title, record.state.in_words())
}

fn official(found: &RecordFound) -> Evidence {
    let record = &found.record;
    Evidence {
        source: record.source.clone(),
        edition: None,
        snapshot_sha256: None,
        citation: citation(record),
        date: record.dated,
        detail: record.title.clone(),
    }
}

/// Where the law speaks of such a record; an allegation is cited to whoever
/// makes it.
fn citation(record: &OfficialRecord) -> String {
    let law = match record.state {
        RecordState::FinalDetermination | RecordState::ResponsibilityRecord => "FAR 22.1704(d)(1)",
        RecordState::InspectorGeneralReport => "FAR 22.1704(c)",
        RecordState::Proceeding => "FAR 52.209-7(c)",
        RecordState::Allegation | RecordState::ContractorResponse | RecordState::Exclusion => {
            return record.source.clone();
        }
    };
    law.to_owned()
}

//! Official records about a contractor, and what people decided about them.

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    contradiction::{Standing, short_id, standing},
    disclosure::{OfficialRecord, RecordState},
    ingest::ReviewRecord,
    party::Identity,
};

/// An official record, and what a person decided about whether it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordFound {
    /// The same for the same record, so that a decision finds it again.
    pub id: String,
    #[serde(flatten)]
    pub record: OfficialRecord,
    pub standing: Standing,
}

impl RecordFound {
    pub(super) fn new(
        mut record: OfficialRecord,
        identity: &Identity,
        reviews: &[ReviewRecord],
        as_of: NaiveDate,
    ) -> Self {
        let key = identity
            .uei
            .as_ref()
            .or(identity.cage.as_ref())
            .unwrap_or(&identity.name);
        let id = short_id(&[
            key,
            &format!("{:?}", record.state),
            &record.dated.map(|day| day.to_string()).unwrap_or_default(),
            &record.title,
            record.contract.as_deref().unwrap_or_default(),
        ]);
        // After the id, which must not change with the day.
        if let Some(end) = record.until {
            let says = if end < as_of { "over since" } else { "until" };
            record.title = format!("{}, {says} {end}", record.title);
        }
        Self {
            standing: standing(&id, reviews, as_of),
            id,
            record,
        }
    }

    /// Records of one id are one, whoever handed it in: the one that tells of a
    /// remedy stands.
    pub(super) fn once(found: &mut Vec<Self>) {
        found.dedup_by(|next, kept| {
            let same = next.id == kept.id;
            if same && kept.record.remedy < next.record.remedy {
                *kept = next.clone();
            }
            same
        });
    }

    /// What a record about trafficking is by its own words; `None` where it is
    /// about something else, or weighs nothing.
    pub fn weight(&self) -> Option<RecordWeight> {
        if !self.record.trafficking {
            return None;
        }
        let title = self.record.title.to_lowercase();
        let is_agreement = title.contains("agreement");
        match self.record.state {
            RecordState::FinalDetermination if !is_agreement => Some(RecordWeight::Determination),
            RecordState::ResponsibilityRecord
                if title.contains("determination") && !is_agreement =>
            {
                Some(RecordWeight::Determination)
            }
            RecordState::FinalDetermination | RecordState::ResponsibilityRecord => {
                Some(RecordWeight::Lead)
            }
            RecordState::InspectorGeneralReport | RecordState::Proceeding => {
                Some(RecordWeight::Finding)
            }
            RecordState::Allegation => Some(RecordWeight::Allegation),
            RecordState::ContractorResponse | RecordState::Exclusion => None,
        }
    }
}

/// What a record about trafficking is, each kept apart from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordWeight {
    /// A final determination. Other records stand in the same section of SAM.gov:
    /// an administrative agreement is none.
    Determination,
    /// An inspector general's report, or a proceeding with an outcome.
    Finding,
    /// Posted among or as a determination, and none by its own words.
    Lead,
    Allegation,
}

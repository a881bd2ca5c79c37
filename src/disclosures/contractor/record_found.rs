//! Official records about a contractor, and what people decided about them.

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    contradiction::{Standing, short_id, standing},
    disclosure::{OfficialRecord, RecordRemedy, RecordState},
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
    /// What is said to have been done about it, each for a person to confirm.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remedies: Vec<RemedyFound>,
}

/// What a source says was done about a record, and what a person decided about it.
/// Whoever confirmed the record has not confirmed this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RemedyFound {
    /// The same for the same remedy of the same record, whoever tells of it.
    pub id: String,
    #[serde(flatten)]
    pub remedy: RecordRemedy,
    pub sources: Vec<String>,
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
        let remedies = record
            .remedy
            .take()
            .map(|remedy| RemedyFound::new(&id, remedy, &record.source, reviews, as_of));
        Self {
            standing: standing(&id, reviews, as_of),
            id,
            remedies: remedies.into_iter().collect(),
            record,
        }
    }

    /// Records of one id are one, whoever handed it in, with all that is said to
    /// have been done about it.
    pub(super) fn once(found: &mut Vec<Self>) {
        found.dedup_by(|next, kept| {
            let same = next.id == kept.id;
            if same {
                for remedy in std::mem::take(&mut next.remedies) {
                    kept.tell(remedy);
                }
            }
            same
        });
    }

    fn tell(&mut self, told: RemedyFound) {
        let Some(known) = self.remedies.iter_mut().find(|known| known.id == told.id) else {
            self.remedies.push(told);
            self.remedies.sort_by_key(|one| one.remedy);
            return;
        };
        known.sources.extend(told.sources);
        known.sources.sort();
        known.sources.dedup();
    }

    /// The furthest that a person has confirmed to have been done by a day.
    pub fn remedied(&self, as_of: NaiveDate) -> Option<RecordRemedy> {
        self.remedies
            .iter()
            .filter(|one| matches!(one.standing, Standing::Confirmed(_)))
            .map(|one| one.remedy)
            .filter(|remedy| remedy.since <= as_of)
            .max()
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
            RecordState::InspectorGeneralReport | RecordState::Proceeding
                if self.record.finds() =>
            {
                Some(RecordWeight::Finding)
            }
            RecordState::FinalDetermination
            | RecordState::ResponsibilityRecord
            | RecordState::InspectorGeneralReport
            | RecordState::Proceeding => Some(RecordWeight::Lead),
            RecordState::Allegation => Some(RecordWeight::Allegation),
            RecordState::ContractorResponse | RecordState::Exclusion => None,
        }
    }
}

impl RemedyFound {
    fn new(
        record: &str,
        remedy: RecordRemedy,
        source: &str,
        reviews: &[ReviewRecord],
        as_of: NaiveDate,
    ) -> Self {
        let (state, since) = (format!("{:?}", remedy.state), remedy.since.to_string());
        let id = short_id(&["remedy", record, &state, &since]);
        Self {
            standing: standing(&id, reviews, as_of),
            id,
            remedy,
            sources: vec![source.to_owned()],
        }
    }

    /// "lifted since 2026-02-01, as the contractor's letter says".
    pub fn in_words(&self) -> String {
        format!(
            "{}, as {} says",
            self.remedy.in_words(),
            self.sources.join(" and ")
        )
    }
}

/// What a record about trafficking is, each kept apart from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordWeight {
    /// A final determination. Other records stand in the same section of SAM.gov:
    /// an administrative agreement is none.
    Determination,
    /// An inspector general's report, or a proceeding, that says what was found.
    Finding,
    /// Official, and neither a determination nor a finding by its own words.
    Lead,
    Allegation,
}

//! What people decided about a supplier record and a listed entry, and what
//! of it counts. A decision that withholds goods takes two people, and what two
//! people confirmed one alone does not undo.

use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
};

use serde::{Deserialize, Serialize};

use crate::{
    lists::Source,
    screening::{Disposition, LocationField, Review},
};

/// What of a supplier record a decision is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A listed entry that the record is alike to.
    Hit(Source, String),
    /// A sign of Xinjiang or of the XPCC, in that field of the record.
    Place(LocationField, String),
    /// An order on a good or a region that the goods may fall under.
    Order(Source, String),
}

impl Subject {
    /// As stored; `None` for a hit, which has a row of its own.
    pub fn lead(&self) -> Option<(&'static str, &str, &str)> {
        match self {
            Self::Hit(..) => None,
            Self::Place(field, place) => Some(("place", field.code(), place)),
            Self::Order(source, entry) => Some(("order", source.code(), entry)),
        }
    }

    /// Reads [`Subject::lead`] back.
    pub fn of_lead(kind: &str, source: &str, subject: &str) -> Option<Self> {
        let subject = subject.to_owned();
        match kind {
            "place" => {
                let field = serde_json::from_value(source.into()).ok()?;
                Some(Self::Place(field, subject))
            }
            "order" => Some(Self::Order(source.parse().ok()?, subject)),
            _ => None,
        }
    }
}

/// What counts for each subject; one that is not here is unresolved.
pub type Reviews = BTreeMap<Subject, Disposition>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    TrueMatch,
    FalsePositive,
    Escalated,
}

impl Decision {
    pub const ALL: [Self; 3] = [Self::TrueMatch, Self::FalsePositive, Self::Escalated];

    pub const fn code(self) -> &'static str {
        match self {
            Self::TrueMatch => "true_match",
            Self::FalsePositive => "false_positive",
            Self::Escalated => "escalated",
        }
    }

    fn by(self, review: Review) -> Disposition {
        match self {
            Self::TrueMatch => Disposition::TrueMatch(review),
            Self::FalsePositive => Disposition::FalsePositive(review),
            Self::Escalated => Disposition::Escalated(review),
        }
    }
}

/// The text is no decision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no decision")]
pub struct UnknownDecision(pub String);

impl FromStr for Decision {
    type Err = UnknownDecision;

    fn from_str(text: &str) -> Result<Self, UnknownDecision> {
        Self::ALL
            .into_iter()
            .find(|decision| decision.code() == text)
            .ok_or_else(|| UnknownDecision(text.to_owned()))
    }
}

/// One person's decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub decision: Decision,
    pub review: Review,
}

/// What counts after these decisions about one subject, oldest first. `holds`:
/// confirming it withholds the goods.
pub fn standing(decisions: &[Decided], holds: bool) -> Disposition {
    let mut counts = Disposition::Unresolved;
    let mut agreeing: BTreeSet<&str> = BTreeSet::new();
    let mut before = None;
    for decided in decisions {
        if before != Some(decided.decision) {
            agreeing.clear();
        }
        before = Some(decided.decision);
        agreeing.insert(&decided.review.reviewer);
        let withheld = holds && matches!(counts, Disposition::TrueMatch(_));
        let takes_two = holds && (decided.decision == Decision::TrueMatch || withheld);
        if agreeing.len() >= 2 || !takes_two {
            counts = decided.decision.by(decided.review.clone());
        } else if !withheld {
            // One has confirmed: it waits for the other, like any open hit.
            counts = Disposition::Unresolved;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;

    fn decisions(said: &[(&str, Decision)]) -> Vec<Decided> {
        (0..)
            .zip(said)
            .map(|(second, (who, decision))| Decided {
                decision: *decision,
                review: Review {
                    reviewer: (*who).to_owned(),
                    at: Utc.timestamp_opt(1_780_000_000 + second, 0).unwrap(),
                    rationale: "as seen".to_owned(),
                },
            })
            .collect()
    }

    #[test]
    fn a_lead_is_read_back() {
        for subject in [
            Subject::Place(LocationField::PostalCode, "Xinjiang".to_owned()),
            Subject::Order(Source::Cbp, "wro-1".to_owned()),
        ] {
            let (kind, source, text) = subject.lead().unwrap();
            assert_eq!(Subject::of_lead(kind, source, text), Some(subject.clone()));
        }
        assert_eq!(Subject::of_lead("place", "cbp", "x"), None);
        assert_eq!(Subject::of_lead("hit", "cbp", "x"), None);
    }

    #[test]
    fn a_hold_takes_two_and_so_does_its_end() {
        use Decision::{Escalated, FalsePositive, TrueMatch};
        for (said, alone, holding) in [
            (&[][..], "unresolved", "unresolved"),
            (&[("ann", TrueMatch)], "true_match", "unresolved"),
            (
                &[("ann", TrueMatch), ("ann", TrueMatch)],
                "true_match",
                "unresolved",
            ),
            (
                &[("ann", TrueMatch), ("bob", TrueMatch)],
                "true_match",
                "true_match",
            ),
            (
                &[("ann", FalsePositive)],
                "false_positive",
                "false_positive",
            ),
            (&[("ann", Escalated)], "escalated", "escalated"),
            (
                &[("ann", FalsePositive), ("bob", TrueMatch)],
                "true_match",
                "unresolved",
            ),
            (
                &[
                    ("ann", TrueMatch),
                    ("cleo", FalsePositive),
                    ("bob", TrueMatch),
                ],
                "true_match",
                "unresolved",
            ),
            (
                &[
                    ("ann", TrueMatch),
                    ("bob", TrueMatch),
                    ("ann", FalsePositive),
                ],
                "false_positive",
                "true_match",
            ),
            (
                &[
                    ("ann", TrueMatch),
                    ("bob", TrueMatch),
                    ("ann", FalsePositive),
                    ("ann", FalsePositive),
                ],
                "false_positive",
                "true_match",
            ),
            (
                &[
                    ("ann", TrueMatch),
                    ("bob", TrueMatch),
                    ("ann", FalsePositive),
                    ("cleo", FalsePositive),
                ],
                "false_positive",
                "false_positive",
            ),
        ] {
            let decided = decisions(said);
            assert_eq!(standing(&decided, false).code(), alone, "{said:?}");
            assert_eq!(standing(&decided, true).code(), holding, "{said:?}");
        }
    }
}

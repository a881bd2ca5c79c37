//! What changed between two readings of one company's statement.

use chrono::NaiveDate;
use serde::Serialize;

use super::reading::{Disclosure, StatementReading, TopicReading};

/// One change, in words that name the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    pub kind: ChangeKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    pub before: String,
    pub after: String,
    /// "topic 2 (audits) disappeared on 2026-11-21"
    pub in_words: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// There was a statement and now there is none to be read, or the other way.
    Located,
    Overall,
    Disclosure,
    Practice,
    SaidBeside,
    /// Other rules, or another reader, read it: what differs may be the reading.
    Rules,
}

/// Changes from one reading to a later one, in the law's order of topics.
pub fn changes(before: &StatementReading, after: &StatementReading, on: NaiveDate) -> Vec<Change> {
    let mut changes = Vec::new();
    let rules = |reading: &StatementReading| {
        let law = &reading.law;
        (law.rules_sha256.clone(), law.reader)
    };
    if rules(before) != rules(after) {
        let version = |reading: &StatementReading| {
            format!("{}, reader {}", reading.law.version, reading.law.reader)
        };
        changes.push(Change {
            kind: ChangeKind::Rules,
            topic: None,
            before: version(before),
            after: version(after),
            in_words: "other rules read it: read the earlier bytes again before a difference is \
                       taken for the company's"
                .to_owned(),
        });
    }
    let problem = |reading: &StatementReading| {
        reading
            .problem
            .as_ref()
            .map_or_else(|| "readable".to_owned(), |problem| problem.message.clone())
    };
    if before.problem.is_some() != after.problem.is_some() {
        changes.push(Change {
            kind: ChangeKind::Located,
            topic: None,
            before: problem(before),
            after: problem(after),
            in_words: if after.problem.is_some() {
                format!("no statement was located any more on {on}; one may exist elsewhere")
            } else {
                format!("a statement was located on {on}")
            },
        });
    }
    // A page that cannot be read has lost no topic.
    if before.problem.is_some() || after.problem.is_some() {
        return changes;
    }
    if before.overall != after.overall {
        let (earlier, later) = (name(&before.overall), name(&after.overall));
        changes.push(Change {
            kind: ChangeKind::Overall,
            topic: None,
            in_words: format!("overall {earlier} became {later} on {on}"),
            before: earlier,
            after: later,
        });
    }
    let order = law_order(after);
    for (number, key) in order.iter().enumerate() {
        if let (Some(earlier), Some(later)) = (before.topics.get(key), after.topics.get(key)) {
            topic_changes(number + 1, key, earlier, later, on, &mut changes);
        }
    }
    changes
}

/// Topics numbered as the statute numbers them.
fn law_order(reading: &StatementReading) -> Vec<String> {
    const SB_657: [&str; 5] = [
        "verification",
        "audits",
        "certification",
        "accountability",
        "training",
    ];
    let mut keys: Vec<String> = reading.topics.keys().cloned().collect();
    keys.sort_by_key(|key| SB_657.iter().position(|known| known == key));
    keys
}

fn topic_changes(
    number: usize,
    key: &str,
    before: &TopicReading,
    after: &TopicReading,
    on: NaiveDate,
    changes: &mut Vec<Change>,
) {
    let mut say = |kind, earlier: String, later: String, in_words: String| {
        changes.push(Change {
            kind,
            topic: Some(key.to_owned()),
            before: earlier,
            after: later,
            in_words,
        });
    };
    if before.disclosure != after.disclosure {
        let (earlier, later) = (name(&before.disclosure), name(&after.disclosure));
        let in_words = match (before.disclosure, after.disclosure) {
            (Disclosure::Yes, Disclosure::No) => {
                format!("topic {number} ({key}) disappeared on {on}")
            }
            (Disclosure::No, Disclosure::Yes) => format!("topic {number} ({key}) appeared on {on}"),
            _ => format!("topic {number} ({key}): {earlier} became {later} on {on}"),
        };
        say(ChangeKind::Disclosure, earlier, later, in_words);
    }
    if before.practice != after.practice
        && let (Some(earlier), Some(later)) = (before.practice, after.practice)
    {
        let (earlier, later) = (earlier as u8, later as u8);
        say(
            ChangeKind::Practice,
            earlier.to_string(),
            later.to_string(),
            format!("topic {number} ({key}): practice {earlier} became {later} on {on}"),
        );
    }
    for (about, earlier) in &before.mandatory {
        let Some(later) = after.mandatory.get(about) else {
            continue;
        };
        if earlier.stated != later.stated {
            let (earlier, later) = (name(&earlier.stated), name(&later.stated));
            let about = about.replace('_', " ");
            let in_words =
                format!("topic {number} ({key}), {about}: {earlier} became {later} on {on}");
            say(ChangeKind::SaidBeside, earlier, later, in_words);
        }
    }
}

fn name(value: &impl Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

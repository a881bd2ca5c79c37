//! One word for the disclosure as a whole. Practice has no part in it.

use std::collections::BTreeMap;

use super::{
    find::{Kind, Said},
    law::Law,
    reading::{Disclosure, Overall, Stated, TopicReading},
};

pub(super) fn overall(
    law: &Law,
    topics: &BTreeMap<String, TopicReading>,
    said: &[Said],
) -> Overall {
    let answered = topics
        .values()
        .filter(|topic| topic.disclosure == Disclosure::Yes)
        .count();
    if answered == topics.len() && !anything_unstated(topics) {
        Overall::Full
    } else if answered > 0 {
        Overall::Partial
    } else if topics
        .values()
        .any(|topic| topic.disclosure == Disclosure::Unclear)
        || has_policy_prose(law, said)
    {
        Overall::Nominal
    } else {
        Overall::None
    }
}

fn anything_unstated(topics: &BTreeMap<String, TopicReading>) -> bool {
    topics
        .values()
        .flat_map(|topic| topic.mandatory.values())
        .any(|mandatory| mandatory.stated == Stated::NotStated)
}

/// A sentence of the company's own about the subject.
fn has_policy_prose(law: &Law, said: &[Said]) -> bool {
    said.iter()
        .any(|one| one.kind == Kind::Said && one.has(&law.subject))
}

pub(super) fn reasons(
    law: &Law,
    topics: &BTreeMap<String, TopicReading>,
    overall: Overall,
) -> Vec<String> {
    let mut reasons = Vec::new();
    for key in law.topics() {
        let Some(topic) = topics.get(key) else {
            continue;
        };
        match topic.disclosure {
            Disclosure::No => reasons.push(format!("{key}: not addressed")),
            Disclosure::Unclear => reasons.push(format!(
                "{key}: only rights, plans or possibilities, no answer"
            )),
            Disclosure::Yes | Disclosure::NotRead => {}
        }
        for (name, mandatory) in &topic.mandatory {
            if mandatory.stated == Stated::NotStated && topic.disclosure == Disclosure::Yes {
                reasons.push(format!(
                    "{key}: does not say whether {}",
                    name.replace('_', " ")
                ));
            }
        }
    }
    if overall == Overall::None {
        reasons.push("the law is named or copied out, and nothing is said".to_owned());
    }
    reasons
}

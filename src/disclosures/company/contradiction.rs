//! A claim against the evidence: "we verify our suppliers" beside a supplier whom a
//! person has confirmed to be listed. A question for a person, never a finding.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::disclosures::statement::{Quote, Stance, StatementReading};

/// A supplier of the company whose true match a person has confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmedListing {
    pub supplier: String,
    /// The list and the entry, as cited.
    pub citation: String,
    pub listed_name: String,
    /// Whose list it is.
    pub listed_by: String,
    /// `None`: the publisher gives no day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listed_on: Option<NaiveDate>,
}

/// What a person should look at: the words, and what does not go with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    pub topic: String,
    pub claim: Quote,
    pub listings: Vec<ConfirmedListing>,
    /// Always for a person: a listing may be younger than the claim, or the
    /// supplier may have been found by the very check that is claimed.
    pub question: String,
}

/// Suppliers named in one question.
const MOST_NAMED: usize = 5;

/// Topics whose claims are about the suppliers themselves.
const ABOUT_SUPPLIERS: [&str; 3] = ["verification", "audits", "certification"];

/// Firm claims about suppliers, each held against the listings that were in force
/// on the statement's day; one contradiction a topic, with its firmest words.
pub fn contradictions(
    reading: &StatementReading,
    listings: &[ConfirmedListing],
) -> Vec<Contradiction> {
    let mut in_force: Vec<ConfirmedListing> = listings
        .iter()
        .filter(|listing| listing.listed_on.is_none_or(|day| day <= reading.as_of))
        .cloned()
        .collect();
    in_force.sort_by(|one, other| {
        (&one.supplier, &one.citation).cmp(&(&other.supplier, &other.citation))
    });
    in_force.dedup();
    if in_force.is_empty() || reading.problem.is_some() {
        return Vec::new();
    }
    ABOUT_SUPPLIERS
        .iter()
        .filter_map(|key| {
            let topic = reading.topics.get(*key)?;
            let claim = topic
                .quotes
                .iter()
                .find(|quote| quote.stance == Stance::Asserted)?;
            Some(Contradiction {
                topic: (*key).to_owned(),
                claim: claim.clone(),
                question: question(key, &in_force),
                listings: in_force.clone(),
            })
        })
        .collect()
}

fn question(topic: &str, listings: &[ConfirmedListing]) -> String {
    let mut shown: Vec<String> = listings
        .iter()
        .take(MOST_NAMED)
        .map(|listing| {
            let day = match listing.listed_on {
                Some(day) => format!("on {day}"),
                None => "on a day that the list does not give".to_owned(),
            };
            format!(
                "{} is listed by {} {day}",
                listing.supplier, listing.listed_by
            )
        })
        .collect();
    if listings.len() > MOST_NAMED {
        shown.push(format!("{} more are listed", listings.len() - MOST_NAMED));
    }
    format!(
        "the statement speaks of {topic} of suppliers, and {}, as people have confirmed: what did \
         it show of {}?",
        shown.join("; "),
        if listings.len() == 1 { "it" } else { "them" }
    )
}

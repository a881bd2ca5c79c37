//! Decisions that people took about what a check found, as a file carries them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::value::{cut, date};

/// A person's decision about a contradiction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewRecord {
    /// As the check prints it.
    pub contradiction: String,
    pub confirmed: bool,
    /// Role of the person, and no name.
    pub reviewer: String,
    pub decided_on: NaiveDate,
    pub rationale: String,
    /// What the contractor answered when asked, or that it was asked.
    pub contractor_response: Option<String>,
}

/// A decision about a contradiction. `Err` says what is missing.
pub(super) fn review(cells: &BTreeMap<String, String>) -> Result<ReviewRecord, String> {
    let text = |name: &str| {
        cells
            .get(name)
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    let need = |name: &str| text(name).ok_or_else(|| format!("has no {name}: a decision needs it"));
    let confirmed = match need("decision")?.as_str() {
        "confirmed" => true,
        "dismissed" => false,
        other => {
            return Err(format!(
                "decision \"{}\": write confirmed or dismissed",
                cut(other)
            ));
        }
    };
    // Nobody is held against a contradiction unheard.
    if confirmed {
        need("contractor_response")?;
    }
    Ok(ReviewRecord {
        contradiction: need("contradiction")?,
        confirmed,
        reviewer: need("reviewer")?,
        decided_on: date(&need("decided_on")?).ok_or("decided_on is no date: write YYYY-MM-DD")?,
        rationale: need("rationale")?,
        contractor_response: text("contractor_response"),
    })
}

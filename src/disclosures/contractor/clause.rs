//! The edition of FAR 52.222-50 that stands in a contract, and the thresholds
//! that editions carry.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::money::Money;

/// The month by which an edition of a clause is known: `OCT 2025`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClauseDate {
    year: i32,
    month: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no clause date: write it as in the clause, like OCT 2025")]
pub struct NotAClauseDate(pub String);

const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];

impl ClauseDate {
    pub fn new(year: i32, month: u32) -> Option<Self> {
        ((1984..=2199).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// `OCT 2025`, `(Oct 2025)`, `October 2025`, `2025-10`, `10/2025`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_matches(['(', ')']).trim();
        let mut parts = text
            .split(['-', '/', ' ', '.', ','])
            .filter(|part| !part.is_empty());
        let (first, second) = (parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        if first.len() == 4 && first.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::new(first.parse().ok()?, month(second)?);
        }
        (second.len() == 4)
            .then(|| Self::new(second.parse().ok()?, month(first)?))
            .flatten()
    }

    pub fn of(day: NaiveDate) -> Self {
        Self {
            year: day.year(),
            month: day.month(),
        }
    }
}

fn month(text: &str) -> Option<u32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() <= 2 {
        return text.parse().ok();
    }
    let upper = text.to_ascii_uppercase();
    let full = [
        "JANUARY",
        "FEBRUARY",
        "MARCH",
        "APRIL",
        "MAY",
        "JUNE",
        "JULY",
        "AUGUST",
        "SEPTEMBER",
        "OCTOBER",
        "NOVEMBER",
        "DECEMBER",
    ];
    (1..)
        .zip(MONTHS.iter().zip(full))
        .find(|(_, (short, full))| {
            upper == **short || upper == *full || (upper == "SEPT" && **short == "SEP")
        })
        .map(|(number, _)| number)
}

impl fmt::Display for ClauseDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = usize::try_from(self.month)
            .ok()
            .and_then(|month| MONTHS.get(month.checked_sub(1)?))
            .copied()
            .unwrap_or("???");
        write!(formatter, "{name} {}", self.year)
    }
}

impl TryFrom<String> for ClauseDate {
    type Error = NotAClauseDate;

    fn try_from(text: String) -> Result<Self, NotAClauseDate> {
        Self::parse(&text).ok_or(NotAClauseDate(text))
    }
}

impl From<ClauseDate> for String {
    fn from(date: ClauseDate) -> Self {
        date.to_string()
    }
}

/// What the portion must exceed, for the editions of a span of months.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    pub value: Money,
    /// The first edition that has it.
    pub effective_from: ClauseDate,
    /// The last month that has it; open where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<ClauseDate>,
    pub source: String,
    /// Whether the source was read for this project, or it is general knowledge
    /// that waits to be confirmed.
    pub verified: bool,
}

impl Threshold {
    pub fn holds_for(&self, edition: ClauseDate) -> bool {
        self.effective_from <= edition && self.effective_to.is_none_or(|last| edition <= last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_ways_in_which_clauses_are_dated() {
        for text in [
            "OCT 2025",
            "(Oct 2025)",
            "October 2025",
            "2025-10",
            "10/2025",
            "Oct. 2025",
        ] {
            assert_eq!(
                ClauseDate::parse(text).unwrap().to_string(),
                "OCT 2025",
                "{text}"
            );
        }
        for wrong in [
            "",
            "2025",
            "13/2025",
            "OCT 25",
            "OCT 1066",
            "2025-10-01",
            "Okt 2025",
        ] {
            assert_eq!(ClauseDate::parse(wrong), None, "{wrong}");
        }
        let earlier = ClauseDate::parse("SEP 2025").unwrap();
        assert!(earlier < ClauseDate::parse("OCT 2025").unwrap());
    }
}

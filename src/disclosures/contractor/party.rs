//! Who a contractor is, by what the records give: identifiers before names.

use serde::{Deserialize, Serialize};

use crate::identifier::{Check, Identifier, Scheme};

/// Names and identifiers of one contractor as one record gives them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_names: Vec<String>,
    /// Unique Entity ID whose check digit holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uei: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cage: Option<String>,
    /// D-U-N-S number of records before April 2022.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duns: Option<String>,
    /// Parents and owners as named: leads, never merged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relatives: Vec<Relative>,
}

/// A party that a record ties to the contractor.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Relative {
    pub tie: Tie,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uei: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cage: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duns: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tie {
    UltimateParent,
    HighestOwner,
    ImmediateOwner,
    Predecessor,
}

/// What became of an identifier's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Given {
    Nothing,
    Good(String),
    /// Hidden by the publisher: `XXXXXXXXX`, `*****`.
    Masked,
    /// Fails its check digit or form: not used to match by.
    Unusable,
}

/// Reads one identifier. A masked or mistyped one never matches anything.
pub(super) fn identifier(scheme: Scheme, text: &str) -> Given {
    let text = text.trim();
    if text.is_empty() || is_nothing(text) {
        return Given::Nothing;
    }
    let letters: Vec<char> = text
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .collect();
    let masked = letters.is_empty()
        || letters
            .iter()
            .all(|letter| matches!(letter, 'X' | 'x' | '*'))
        || letters
            .iter()
            .all(|letter| *letter == '0' || *letter == '9')
            && {
                let first = letters.first();
                letters.iter().all(|letter| Some(letter) == first)
            };
    if masked || text.contains('*') {
        return Given::Masked;
    }
    match Identifier::parse(scheme, text) {
        Some(identifier) if identifier.check != Check::Invalid => Given::Good(identifier.value),
        _ => Given::Unusable,
    }
}

/// What publishers write where there is nothing.
pub(super) fn is_nothing(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || [
            "null",
            "n/a",
            "na",
            "none",
            "-",
            "(blank)",
            "not applicable",
        ]
        .iter()
        .any(|nothing| text.eq_ignore_ascii_case(nothing))
}

/// A name without what differs between two records of the same firm.
pub(super) fn folded_name(name: &str) -> String {
    name.chars()
        .filter(|letter| letter.is_alphanumeric() || letter.is_whitespace())
        .flat_map(char::to_uppercase)
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masked_and_mistyped_identifiers_are_told_apart() {
        let read = |scheme, text| identifier(scheme, text);
        assert_eq!(
            read(Scheme::Uei, "j58me6a75bu9"),
            Given::Good("J58ME6A75BU9".to_owned())
        );
        assert_eq!(read(Scheme::Uei, "XXXXXXXXXXXX"), Given::Masked);
        assert_eq!(read(Scheme::Uei, "J58M****75BU"), Given::Masked);
        assert_eq!(read(Scheme::Uei, "TST987654321"), Given::Unusable);
        assert_eq!(read(Scheme::Duns, "000000000"), Given::Masked);
        assert_eq!(read(Scheme::Cage, "0EPU7"), Given::Good("0EPU7".to_owned()));
        assert_eq!(read(Scheme::Cage, "N/A"), Given::Nothing);
    }
}

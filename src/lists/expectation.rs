//! How many entries each list is known to have: dated data
//! (`fixtures/lists/expectations.toml`). A half-empty list is an alarm even when
//! there is no earlier edition to compare it with.

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Deserialize;

use super::{form::Form, source::Source};

/// What is known of a list before it is read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    pub source: Source,
    /// What the publisher counts: "entities", "goods".
    pub unit: String,
    /// In that unit.
    pub expected: u32,
    /// Rows of the whole list below or above which a person must look.
    pub at_least: u32,
    pub at_most: u32,
    pub stated_on: NaiveDate,
    pub citation: String,
}

/// The list holds far fewer or far more rows than it is known to have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the {source_list} list has {offered} rows; between {at_least} and {at_most} are expected \
     ({citation}); look at it before accepting it"
)]
pub struct Unexpected {
    pub source_list: Source,
    pub offered: u64,
    pub at_least: u32,
    pub at_most: u32,
    pub citation: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    expectation: Vec<Expectation>,
}

const FILE: &str = include_str!("../../fixtures/lists/expectations.toml");

static ALL: LazyLock<Vec<Expectation>> = LazyLock::new(|| {
    // The embedded file is read in a test; an unreadable one expects nothing.
    toml::from_str::<File>(FILE)
        .map(|file| file.expectation)
        .unwrap_or_default()
});

impl Expectation {
    /// `None` for a custom list: only the operator knows what it should hold.
    pub fn of(source: Source) -> Option<&'static Self> {
        ALL.iter().find(|known| known.source == source)
    }

    /// Whether so many rows may be the whole list.
    pub fn check(&self, rows: u64) -> Result<(), Unexpected> {
        if (u64::from(self.at_least)..=u64::from(self.at_most)).contains(&rows) {
            return Ok(());
        }
        Err(Unexpected {
            source_list: self.source,
            offered: rows,
            at_least: self.at_least,
            at_most: self.at_most,
            citation: self.citation.clone(),
        })
    }
}

impl Form {
    /// Whether a content type, with or without parameters, is one of the form's.
    pub fn admits(self, content_type: &str) -> bool {
        let media = content_type.split(';').next().unwrap_or_default().trim();
        self.media_types()
            .iter()
            .any(|known| known.eq_ignore_ascii_case(media))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_list_is_expected_within_limits() {
        toml::from_str::<File>(FILE).unwrap();
        for source in Source::ALL {
            let known = Expectation::of(source).unwrap();
            assert!(known.at_least < known.at_most, "{source}");
            assert!(known.check(known.at_least.into()).is_ok());
            assert!(known.check(u64::from(known.at_least) - 1).is_err());
            assert!(known.check(u64::from(known.at_most) + 1).is_err());
            assert!(!known.citation.is_empty());
            assert!(!source.forms().is_empty());
        }
        assert_eq!(ALL.len(), Source::ALL.len());
    }

    #[test]
    fn an_error_page_is_no_file() {
        assert!(Form::SdnXml.admits("Application/XML; charset=utf-8"));
        assert!(!Form::SdnXml.admits("text/html"));
        assert!(!Form::CbpCsv.admits("text/html; charset=utf-8"));
        assert!(Form::UflpaHtml.admits("text/html"));
    }
}

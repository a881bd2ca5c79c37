//! When a whole list file cannot be used.

use super::{snapshot::Unread, text};

/// A file that is not the list it should be: where that shows, why, and what
/// to do. Anything smaller is an [`Unread`] beside what could be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}; {fix}")]
pub struct UnreadableList {
    /// "row 1", "byte 1032".
    pub place: String,
    pub reason: String,
    pub fix: String,
}

impl UnreadableList {
    pub(super) fn new(
        place: impl Into<String>,
        reason: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            place: place.into(),
            reason: reason.into(),
            fix: fix.into(),
        }
    }

    pub(super) fn io(part: &str, cause: &std::io::Error) -> Self {
        Self::new(
            part,
            format!("the file cannot be read ({cause})"),
            "fetch the list again",
        )
    }
}

impl Unread {
    pub(super) fn new(place: impl Into<String>, reason: impl Into<String>, found: &str) -> Self {
        Self {
            place: place.into(),
            reason: reason.into(),
            text: text::cut(&text::tidy(found)),
            lost: false,
        }
    }

    /// Of a record that gives nothing.
    pub(super) fn lost(place: impl Into<String>, reason: impl Into<String>, found: &str) -> Self {
        Self {
            lost: true,
            ..Self::new(place, reason, found)
        }
    }
}

/// The most bytes a list file may have; the largest of this set has 0.2 MB.
pub(super) const LARGEST_FILE: usize = 64 * 1024 * 1024;

pub(super) fn check_size(bytes: &[u8]) -> Result<(), UnreadableList> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(UnreadableList::new(
            "byte 0",
            "the file is empty",
            "fetch the list again",
        ));
    }
    if bytes.len() > LARGEST_FILE {
        return Err(UnreadableList::new(
            format!("byte {LARGEST_FILE}"),
            format!(
                "the file has {} bytes, more than any edition of this list",
                bytes.len()
            ),
            "check that it is the list that it should be",
        ));
    }
    Ok(())
}

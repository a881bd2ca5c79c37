//! Time comes in as a value. Everything below the edge takes a [`Timestamp`];
//! only the edge asks a [`Clock`].

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};

/// A moment in UTC, truncated to microseconds: what PostgreSQL can keep, so
/// that a hash over a stored moment still holds when it is read back.
pub type Timestamp = DateTime<Utc>;

/// Where the edge gets the present from.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The present, truncated to microseconds.
    fn now(&self) -> Timestamp;

    /// The present day in UTC.
    fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    fn now(&self) -> Timestamp {
        Utc::now().trunc_subsecs(6)
    }
}

/// A clock that stands still, for tests and replays.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0.trunc_subsecs(6)
    }
}

/// RFC 3339 with `Z` and exactly six decimals: the one written form of a moment.
pub fn rfc3339(moment: Timestamp) -> String {
    moment.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

//! Slows down whoever guesses passwords. The budgets are in the database, so
//! that several servers share them.

use chrono::TimeDelta;

use crate::{
    audit::sha256_hex,
    clock::Timestamp,
    store::{Database, StoreError, throttles},
};

/// So many tries at once, and one more for every `each` that passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    pub tries: u32,
    pub each: TimeDelta,
}

impl Budget {
    /// `tries` in each `period`.
    pub fn of(tries: u32, period: TimeDelta) -> Self {
        let tries = tries.clamp(1, 1_000_000);
        Self {
            tries,
            each: period / i32::try_from(tries).unwrap_or(i32::MAX),
        }
    }

    /// The budget after one more try, or how long to wait for it (the generic
    /// cell rate algorithm).
    fn after_try(self, empty_at: Timestamp, now: Timestamp) -> Result<Timestamp, TimeDelta> {
        let used_until = empty_at.max(now);
        let spare = self.each * i32::try_from(self.tries.saturating_sub(1)).unwrap_or(i32::MAX);
        let early = used_until - now - spare;
        if early > TimeDelta::zero() {
            Err(early)
        } else {
            Ok(used_until + self.each)
        }
    }
}

/// The try is not allowed.
#[derive(Debug, thiserror::Error)]
pub enum ThrottleError {
    #[error("too many tries")]
    TooMany { wait: TimeDelta },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Counts one try against each of the budgets, in their order, up to the first
/// that is used up.
pub async fn charge(
    database: &Database,
    budgets: &[(&str, Budget)],
    now: Timestamp,
) -> Result<(), ThrottleError> {
    let transaction = database.begin_write().await?;
    let mut refused = None;
    for (key, budget) in budgets {
        let key = sha256_hex(key.as_bytes());
        let empty_at = throttles::lock(&transaction, &key, now).await?;
        match budget.after_try(empty_at, now) {
            Ok(empty_at) => throttles::set(&transaction, &key, empty_at).await?,
            Err(wait) => {
                refused = Some(wait);
                break;
            }
        }
    }
    transaction.commit().await?;
    refused.map_or(Ok(()), |wait| Err(ThrottleError::TooMany { wait }))
}

/// Gives a budget back: the try was a good one.
pub async fn forgive(database: &Database, key: &str) -> Result<(), StoreError> {
    let transaction = database.begin_write().await?;
    throttles::clear(&transaction, &sha256_hex(key.as_bytes())).await?;
    transaction.commit().await
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;

    #[test]
    fn a_budget_is_used_up_and_comes_back_bit_by_bit() {
        let budget = Budget::of(3, TimeDelta::seconds(30));
        let start = Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap();
        let mut empty_at = start;
        for _ in 0..3 {
            empty_at = budget.after_try(empty_at, start).unwrap();
        }
        assert_eq!(
            budget.after_try(empty_at, start),
            Err(TimeDelta::seconds(10))
        );
        let later = start + TimeDelta::seconds(10);
        empty_at = budget.after_try(empty_at, later).unwrap();
        assert!(budget.after_try(empty_at, later).is_err());
        let much_later = start + TimeDelta::hours(1);
        for _ in 0..3 {
            empty_at = budget.after_try(empty_at, much_later).unwrap();
        }
        assert!(budget.after_try(empty_at, much_later).is_err());
    }
}

//! International Maritime Organization ship number.

use super::{Check, valid_if};

/// Seven digits; the last is that of the others weighted 7 down to 2.
pub(super) fn check(value: &str) -> (String, Check) {
    let digits = value.strip_prefix("IMO").unwrap_or(value);
    let numbers: Option<Vec<u32>> = digits.chars().map(|digit| digit.to_digit(10)).collect();
    let holds = numbers.is_some_and(|numbers| {
        let sum: u32 = numbers
            .iter()
            .zip((2..=7).rev())
            .map(|(digit, weight)| digit * weight)
            .sum();
        numbers.len() == 7 && numbers.last() == Some(&(sum % 10))
    });
    (digits.to_owned(), valid_if(holds))
}

//! SAM.gov Unique Entity Identifier: eleven characters and a checksum digit.

use super::{Check, valid_if};

/// GSA: 12 characters without I and O, not starting with 0, no run of nine
/// digits (so that it is never taken for a DUNS).
pub(super) fn check(value: &str) -> Check {
    valid_if(form_holds(value) && checksum(value) == value.chars().last())
}

fn form_holds(value: &str) -> bool {
    let longest_run = value
        .split(|letter: char| !letter.is_ascii_digit())
        .map(str::len)
        .max();
    value.len() == 12
        && !value.starts_with('0')
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() && !matches!(byte, b'I' | b'O'))
        && longest_run.is_some_and(|run| run < 9)
}

/// Position times character code, last digits summed; then the same over the
/// digits of the sum until one is left.
fn checksum(value: &str) -> Option<char> {
    let mut sum = weigh(value.bytes().take(11).map(u32::from));
    while sum > 9 {
        let digits = sum.to_string();
        sum = weigh(digits.chars().filter_map(|digit| digit.to_digit(10)));
    }
    char::from_digit(sum, 10)
}

fn weigh(values: impl Iterator<Item = u32>) -> u32 {
    (1..)
        .zip(values)
        .map(|(place, value)| (place * value) % 10)
        .sum()
}

//! Brazil's Cadastro Nacional da Pessoa Jurídica.

use super::{Check, valid_if};

/// Twelve digits, or letters too since July 2026 (Instrução Normativa RFB
/// 2.229/2024), and two check digits modulo 11. A number cell loses leading
/// zeros: they are put back.
pub(super) fn check(value: &str) -> (String, Check) {
    let value =
        if (12..14).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit()) {
            format!("{value:0>14}")
        } else {
            value.to_owned()
        };
    let holds = value.len() == 14
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && value.bytes().any(|byte| byte != b'0')
        && Some(check_digit(&value, 12)) == digit_at(&value, 12)
        && Some(check_digit(&value, 13)) == digit_at(&value, 13);
    (value, valid_if(holds))
}

/// Over the characters before `place`, weighted 2 to 9 from the right, each
/// worth its character code less that of zero.
fn check_digit(value: &str, place: usize) -> u32 {
    let sum: u32 = value
        .bytes()
        .take(place)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .zip((2..=9).cycle())
        .map(|(byte, weight)| u32::from(byte.saturating_sub(b'0')) * weight)
        .sum();
    match sum % 11 {
        0 | 1 => 0,
        remainder => 11 - remainder,
    }
}

fn digit_at(value: &str, place: usize) -> Option<u32> {
    value
        .chars()
        .nth(place)
        .and_then(|digit| digit.to_digit(10))
}

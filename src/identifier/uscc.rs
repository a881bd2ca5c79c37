//! China's unified social credit code, GB 32100-2015.

use super::{Check, valid_if};

/// No I, O, S, V, Z: they are misread too easily.
const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [usize; 17] = [
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
];

pub(super) fn check(value: &str) -> Check {
    valid_if(value.len() == 18 && check_character(value) == value.bytes().last())
}

fn check_character(value: &str) -> Option<u8> {
    let sum = WEIGHTS
        .iter()
        .zip(value.bytes())
        .try_fold(0, |sum, (weight, byte)| {
            let digit = ALPHABET.iter().position(|letter| *letter == byte)?;
            Some(sum + weight * digit)
        })?;
    ALPHABET.get((31 - sum % 31) % 31).copied()
}

//! ISO 17442 Legal Entity Identifier.

use super::{Check, base36, valid_if};

/// 20 characters, ISO 7064 MOD 97-10: as one number, letters as 10 to 35, the
/// remainder is 1.
pub(super) fn check(value: &str) -> Check {
    valid_if(value.len() == 20 && remainder(value) == Some(1))
}

fn remainder(value: &str) -> Option<u32> {
    value.bytes().try_fold(0, |remainder, byte| {
        let number = base36(byte)?;
        let shift = if number < 10 { 10 } else { 100 };
        Some((remainder * shift + number) % 97)
    })
}

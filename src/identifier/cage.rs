//! Commercial and Government Entity code, or its NATO form (NCAGE).

use super::Check;

/// Five letters or digits; there is no check digit.
pub(super) fn check(value: &str) -> Check {
    if value.len() == 5 && value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        Check::FormOnly
    } else {
        Check::Invalid
    }
}

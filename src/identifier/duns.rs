//! Data Universal Numbering System number.

use super::Check;

/// Nine digits; new numbers carry no check digit since about 2006. A number
/// cell loses leading zeros: they are put back.
pub(super) fn check(value: &str) -> (String, Check) {
    let digits_only = value.bytes().all(|byte| byte.is_ascii_digit());
    match value.len() {
        7..=9 if digits_only => (format!("{value:0>9}"), Check::FormOnly),
        // DUNS+4: the suffix names a bank account, not another party.
        13 if digits_only => (value.chars().take(9).collect(), Check::FormOnly),
        _ => (value.to_owned(), Check::Invalid),
    }
}

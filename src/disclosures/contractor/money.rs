//! Dollars, exactly, as published: numbers, texts, negative obligations.

use std::fmt;

use serde::{Deserialize, Serialize};

/// US dollars in ten-thousandths: the published files write four decimals.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct Money(i64);

const UNIT: i64 = 10_000;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no amount in US dollars")]
pub struct NotMoney(pub String);

impl Money {
    pub const ZERO: Self = Self(0);

    pub const fn dollars(dollars: i64) -> Self {
        Self(dollars.saturating_mul(UNIT))
    }

    /// `28735`, `-7183.74`, `4537.8500`, `$1,200`, `(300)`, `12000000 USD`.
    /// `None` for anything else, and for more than four decimals.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (text, bracketed) = match text
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'))
        {
            Some(inner) => (inner, true),
            None => (text, false),
        };
        let text = text.strip_suffix("USD").unwrap_or(text).trim();
        let (text, negative) = match text.strip_prefix('-') {
            Some(rest) => (rest, true),
            None => (text.strip_prefix('+').unwrap_or(text), false),
        };
        let text = text.strip_prefix('$').unwrap_or(text).trim();
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let whole = ungrouped(whole)?;
        if decimals.len() > 4 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let part: i64 = format!("{decimals:0<4}").parse().ok()?;
        let amount = whole.checked_mul(UNIT)?.checked_add(part)?;
        if negative && bracketed {
            return None;
        }
        Some(Self(if negative || bracketed {
            -amount
        } else {
            amount
        }))
    }

    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// `None` past what can be held: never a wrapped sum.
    pub const fn plus(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }
}

/// Digits with thousands set off by commas, or none.
fn ungrouped(whole: &str) -> Option<String> {
    let groups: Vec<&str> = whole.split(',').collect();
    let (first, rest) = groups.split_first()?;
    let digits =
        |group: &&str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let fits = digits(first)
        && (rest.is_empty() || first.len() <= 3)
        && rest.iter().all(|group| group.len() == 3 && digits(group));
    fits.then(|| groups.concat())
}

impl fmt::Display for Money {
    /// `-7,183.74`; whole dollars without decimals.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amount = self.0.unsigned_abs();
        let unit = UNIT.unsigned_abs();
        let whole = (amount / unit).to_string();
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(formatter, "{sign}{grouped}")?;
        match amount % unit {
            0 => Ok(()),
            part if part % 100 == 0 => write!(formatter, ".{:02}", part / 100),
            part => write!(formatter, ".{part:04}"),
        }
    }
}

impl TryFrom<String> for Money {
    type Error = NotMoney;

    fn try_from(text: String) -> Result<Self, NotMoney> {
        Self::parse(&text).ok_or(NotMoney(text))
    }
}

impl From<Money> for String {
    fn from(money: Money) -> Self {
        money.to_string().replace(',', "")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_amounts_as_published() {
        for (text, shown) in [
            ("28735", "28,735"),
            ("-7183.74", "-7,183.74"),
            ("4537.8500", "4,537.85"),
            ("$1,200", "1,200"),
            ("(300)", "-300"),
            ("20000000000", "20,000,000,000"),
            ("0.0001", "0.0001"),
            ("12000000 USD", "12,000,000"),
        ] {
            assert_eq!(Money::parse(text).unwrap().to_string(), shown, "{text}");
        }
        for wrong in [
            "",
            "N/A",
            "null",
            "1.23456",
            "1,20",
            "1e9",
            "99999999999999999999",
            "-(3)",
            "ten",
        ] {
            assert_eq!(Money::parse(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(amount in -9_000_000_000_000_i64..9_000_000_000_000) {
            let money = Money(amount);
            prop_assert_eq!(Money::parse(&money.to_string()), Some(money));
            prop_assert_eq!(Money::try_from(String::from(money)), Ok(money));
        }

        #[test]
        fn never_panics(text in "\\PC{0,30}") {
            let _ = Money::parse(&text);
        }
    }
}

//! Exact points: no score depends on the last bit of a float.

use std::{fmt, str::FromStr};

use num_rational::Ratio;
use num_traits::Zero;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A number of points or a share, as an exact fraction. Written `6` or `28/5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(pub(crate) Ratio<i64>);

/// The text is no fraction that a model may use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is no exact number: write a whole number or a fraction like 7/10 whose lower part divides 100"
)]
pub struct NotPoints(String);

impl Points {
    pub fn zero() -> Self {
        Self(Ratio::zero())
    }

    pub fn whole(points: u8) -> Self {
        Self(Ratio::from_integer(points.into()))
    }

    /// Rounded half up and clamped to 0..=100: the one rounding of a score.
    pub(crate) fn round_half_up(self) -> u8 {
        let rounded = (self.0 + Ratio::new(1, 2)).floor().to_integer();
        u8::try_from(rounded.clamp(0, 100)).unwrap_or(100)
    }
}

impl From<u8> for Points {
    fn from(points: u8) -> Self {
        Self::whole(points)
    }
}

impl fmt::Display for Points {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl FromStr for Points {
    type Err = NotPoints;

    /// Bounded so that no sum or product of a model's weights can overflow.
    fn from_str(text: &str) -> Result<Self, NotPoints> {
        let refused = || NotPoints(text.to_owned());
        let (upper, lower) = text.split_once('/').unwrap_or((text, "1"));
        let upper: i64 = upper.parse().map_err(|_| refused())?;
        let lower: i64 = lower.parse().map_err(|_| refused())?;
        if lower < 1 || 100 % lower != 0 || !(0..=100_000).contains(&upper) {
            return Err(refused());
        }
        Ok(Self(Ratio::new(upper, lower)))
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Whole(i64),
            Fraction(String),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Whole(whole) => whole.to_string(),
            Written::Fraction(text) => text,
        };
        text.parse().map_err(D::Error::custom)
    }
}

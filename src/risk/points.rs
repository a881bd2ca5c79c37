//! Exact points: no score depends on the last bit of a float.

use std::{fmt, str::FromStr};

use num_rational::Ratio;
use num_traits::Zero;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A number of points or a share, as an exact fraction. Written `6` or `28/5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(pub(crate) Ratio<i64>);

/// A weight or a share of a model: an exact fraction, bounded so that no sum or
/// product of weights can overflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weight(pub(crate) Ratio<i64>);

/// The text is no exact number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no exact number: write a whole number or a fraction like 7/10")]
pub struct NotPoints(String);

/// The text is no fraction that a model may use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is no weight: write a whole number up to 1000 or a fraction like 7/10 whose lower part divides 100"
)]
pub struct NotAWeight(String);

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

impl Weight {
    pub(crate) fn one() -> Self {
        Self(Ratio::from_integer(1))
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

    fn from_str(text: &str) -> Result<Self, NotPoints> {
        fraction(text)
            .map(Self)
            .ok_or_else(|| NotPoints(text.to_owned()))
    }
}

impl FromStr for Weight {
    type Err = NotAWeight;

    fn from_str(text: &str) -> Result<Self, NotAWeight> {
        fraction(text)
            .filter(|weight| {
                100 % weight.denom() == 0
                    && *weight >= Ratio::zero()
                    && *weight <= Ratio::from_integer(1000)
            })
            .map(Self)
            .ok_or_else(|| NotAWeight(text.to_owned()))
    }
}

fn fraction(text: &str) -> Option<Ratio<i64>> {
    let (upper, lower) = text.split_once('/').unwrap_or((text, "1"));
    let upper: i32 = upper.parse().ok()?;
    let lower: i32 = lower.parse().ok()?;
    (lower > 0).then(|| Ratio::new(upper.into(), lower.into()))
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Weight {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// A number as written: a whole number or the text of a fraction, never a float.
fn written<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Whole(i64),
        Fraction(String),
    }
    Ok(match Written::deserialize(deserializer)? {
        Written::Whole(whole) => whole.to_string(),
        Written::Fraction(text) => text,
    })
}

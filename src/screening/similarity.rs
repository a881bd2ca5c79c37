//! How alike two names or records are, in exact millionths.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// 0 to 1, kept in millionths so that equal inputs give equal bytes and a
/// threshold is never a matter of the last bit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Similarity(u32);

impl Similarity {
    pub const ZERO: Self = Self(0);
    pub const ONE: Self = Self(1_000_000);

    /// `None` outside 0..=1 or for NaN. Rounds to the nearest millionth.
    pub fn new(value: f64) -> Option<Self> {
        (0.0..=1.0).contains(&value).then(|| Self::from_unit(value))
    }

    /// For values known to be near the unit interval: clamps, NaN becomes 0.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=1 before scaling, so it fits"
    )]
    pub fn from_unit(value: f64) -> Self {
        Self((value.clamp(0.0, 1.0) * 1_000_000.0).round() as u32)
    }

    pub const fn from_millionths(millionths: u32) -> Option<Self> {
        if millionths <= 1_000_000 {
            Some(Self(millionths))
        } else {
            None
        }
    }

    pub const fn millionths(self) -> u32 {
        self.0
    }

    pub fn value(self) -> f64 {
        f64::from(self.0) / 1_000_000.0
    }
}

impl Serialize for Similarity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.value())
    }
}

impl<'de> Deserialize<'de> for Similarity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(deserializer)?;
        Self::new(value).ok_or_else(|| D::Error::custom("a similarity is between 0 and 1"))
    }
}

impl std::fmt::Display for Similarity {
    /// Two decimals, cut and not rounded: 0.849999 is not yet 0.85.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let hundredths = self.0 / 10_000;
        write!(formatter, "{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

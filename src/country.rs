//! Countries and territories by ISO 3166-1 alpha-2.

mod name;

use std::fmt;

use serde::{Deserialize, Serialize};

/// An assigned ISO 3166-1 alpha-2 code (plus `XK`, user-assigned, for Kosovo).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 2]);

/// The text names no country that we know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no country we know")]
pub struct UnknownCountry(pub String);

impl Country {
    pub const CHINA: Self = Self(*b"CN");

    /// From an alpha-2 code in either case; `None` when it is not assigned.
    pub fn from_alpha2(code: &str) -> Option<Self> {
        let upper = code.to_ascii_uppercase();
        let bytes: [u8; 2] = upper.as_bytes().try_into().ok()?;
        (upper == "XK" || rust_iso3166::from_alpha2(&upper).is_some()).then_some(Self(bytes))
    }

    /// From any usual way to write a country: ISO codes, English and official
    /// names, inverted forms ("Korea, Republic of"), other languages, a code
    /// with a name ("CN - China"). `None` when it names no country, or could
    /// be two (a bare "Congo").
    pub fn parse(text: &str) -> Option<Self> {
        name::parse(text)
    }

    /// Like [`Country::parse`], for names only: an address line that ends in
    /// "CA" or "Georgia" may well mean the American state.
    pub fn parse_name(text: &str) -> Option<Self> {
        name::parse_name(text)
    }

    /// Like [`Country::parse`], with what the cell says besides the country:
    /// "Xinjiang" in "China (Xinjiang)".
    pub fn parse_with_rest(text: &str) -> Option<(Self, Option<String>)> {
        name::parse_with_rest(text)
    }

    /// The English name for display.
    pub fn name(self) -> &'static str {
        name::display_name(self)
    }

    /// The alpha-2 code in upper case.
    pub fn alpha2(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }
}

impl fmt::Display for Country {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.alpha2())
    }
}

impl TryFrom<String> for Country {
    type Error = UnknownCountry;

    fn try_from(code: String) -> Result<Self, UnknownCountry> {
        Self::from_alpha2(&code).ok_or(UnknownCountry(code))
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.alpha2().to_owned()
    }
}

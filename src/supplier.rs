//! Whom we check: a supplier as it was given to us, in typed fields.

use serde::{Deserialize, Serialize};

use crate::{country::Country, identifier::Identifier};

/// One supplier, as read from one row of a supplier list. Text fields are
/// trimmed and in NFC, otherwise as given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplier {
    pub name: String,
    /// The id that the buyer keeps it under. It says nothing about the party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Alias>,
    /// The parent or group as the list names it: a lead, never merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    #[serde(default, skip_serializing_if = "Address::is_empty")]
    pub address: Address,
    /// From a column that speaks of origin or production ("country of origin",
    /// "made in"); the plain "country" column is `address.country`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_of_production: Option<Country>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    /// Product descriptions as given, one cell each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goods: Vec<String>,
    /// Harmonized System or HTS codes, digits only, 2 to 10 of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hs_codes: Vec<String>,
    /// NAICS codes, digits only, 2 to 6 of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub naics: Vec<String>,
    /// Distance in the supply chain as given ("Tier 1").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supply_tier: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spend: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workers: Option<u32>,
    /// Share of migrant workers in tenths of a percent, 0 to 1000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migrant_share_permille: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

impl Supplier {
    /// The country the goods are made in as far as the list says: production
    /// first, failing that the address, with which of the two it was.
    pub fn made_in(&self) -> Option<(Country, CountryBasis)> {
        self.country_of_production
            .map(|country| (country, CountryBasis::Production))
            .or_else(|| {
                self.address
                    .country
                    .map(|country| (country, CountryBasis::Address))
            })
    }
}

/// What a country of production rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountryBasis {
    Production,
    Address,
}

impl CountryBasis {
    /// As serialized.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Address => "address",
        }
    }
}

/// Another name the same party goes by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Alias {
    pub name: String,
    pub kind: AliasKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AliasKind {
    AlsoKnownAs,
    FormerlyKnownAs,
    /// The name in the script of the party's own country.
    LocalScript,
    /// An alias that its publisher calls weak: so broad that it points to many.
    Weak,
    /// Another record that its publisher refers to: perhaps the same party under
    /// another name, perhaps one tied to it.
    CrossReference,
}

/// A postal address, field by field as given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
}

impl Address {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Street, city, province and postal code as one line.
    pub fn line(&self) -> String {
        [&self.street, &self.city, &self.province, &self.postal_code]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

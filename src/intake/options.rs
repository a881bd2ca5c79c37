//! What the caller may say about a file: limits, the sheet, columns by hand.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Limits, shown::shown, supplier_list::Field};

/// How to read one supplier list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntakeOptions {
    pub limits: Limits,
    /// Overrides of the recognized columns, as `--map` gives them.
    pub map: Vec<(ColumnSelector, Field)>,
    /// The sheet to read; without it, the one most like a supplier list.
    pub sheet: Option<String>,
}

/// A column by its header text or by its letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnSelector(pub String);

impl ColumnSelector {
    /// The 0-based column when the selector is a letter (`A` to `ZZ`), or
    /// digits as a 1-based number.
    pub fn index(&self) -> Option<usize> {
        let text = self.0.trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse::<usize>().ok()?.checked_sub(1);
        }
        if text.is_empty() || text.len() > 2 || !text.bytes().all(|byte| byte.is_ascii_uppercase())
        {
            return None;
        }
        let number = text
            .bytes()
            .fold(0, |number, byte| number * 26 + usize::from(byte - b'A') + 1);
        Some(number - 1)
    }
}

/// Why a `--map` argument cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadMapping {
    #[error("\"{}\" has no \"=\": write column=field, as in \"Vendor=name\" or \"B=name\"", shown(.0))]
    NoEqualsSign(String),
    #[error("\"{}\" is no field: use one of {}", shown(.field), field_names())]
    UnknownField { field: String },
    #[error("\"{}\" names no column before the \"=\"", shown(.0))]
    NoColumn(String),
}

/// Parses one `--map` argument: `column=field`, the column by header text or
/// letter. The last `=` counts, since a header may hold one.
pub fn parse_mapping(argument: &str) -> Result<(ColumnSelector, Field), BadMapping> {
    let (column, field) = argument
        .rsplit_once('=')
        .ok_or_else(|| BadMapping::NoEqualsSign(argument.to_owned()))?;
    let column = column.trim();
    if column.is_empty() {
        return Err(BadMapping::NoColumn(argument.to_owned()));
    }
    Ok((ColumnSelector(column.to_owned()), field.parse()?))
}

impl FromStr for Field {
    type Err = BadMapping;

    fn from_str(text: &str) -> Result<Self, BadMapping> {
        let name = text.trim().to_lowercase().replace(['-', ' '], "_");
        Self::ALL
            .into_iter()
            .find(|field| field.as_str() == name)
            .ok_or_else(|| BadMapping::UnknownField {
                field: text.trim().to_owned(),
            })
    }
}

impl Field {
    pub const ALL: [Self; 27] = [
        Self::Name,
        Self::Alias,
        Self::LocalName,
        Self::Parent,
        Self::Address,
        Self::City,
        Self::Province,
        Self::PostalCode,
        Self::Country,
        Self::CountryOfProduction,
        Self::Uei,
        Self::Cage,
        Self::Lei,
        Self::Duns,
        Self::Uscc,
        Self::Cnpj,
        Self::Identifier,
        Self::Goods,
        Self::HsCode,
        Self::Naics,
        Self::SupplyTier,
        Self::Spend,
        Self::ContractNumber,
        Self::Workers,
        Self::MigrantShare,
        Self::Notes,
        Self::ExternalId,
    ];

    /// The text form, as `--map` takes it and JSON shows it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Alias => "alias",
            Self::LocalName => "local_name",
            Self::Parent => "parent",
            Self::Address => "address",
            Self::City => "city",
            Self::Province => "province",
            Self::PostalCode => "postal_code",
            Self::Country => "country",
            Self::CountryOfProduction => "country_of_production",
            Self::Uei => "uei",
            Self::Cage => "cage",
            Self::Lei => "lei",
            Self::Duns => "duns",
            Self::Uscc => "uscc",
            Self::Cnpj => "cnpj",
            Self::Identifier => "identifier",
            Self::Goods => "goods",
            Self::HsCode => "hs_code",
            Self::Naics => "naics",
            Self::SupplyTier => "supply_tier",
            Self::Spend => "spend",
            Self::ContractNumber => "contract_number",
            Self::Workers => "workers",
            Self::MigrantShare => "migrant_share",
            Self::Notes => "notes",
            Self::ExternalId => "external_id",
        }
    }

    /// Whether several columns may feed the field: the cells are added up
    /// rather than one chosen.
    pub(super) const fn takes_several(self) -> bool {
        matches!(
            self,
            Self::Alias
                | Self::LocalName
                | Self::Address
                | Self::Country
                | Self::Identifier
                | Self::Goods
                | Self::HsCode
                | Self::Naics
                | Self::Notes
        )
    }
}

impl std::fmt::Display for Field {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

fn field_names() -> String {
    Field::ALL.map(Field::as_str).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_one_text_form() {
        for field in Field::ALL {
            assert_eq!(field.as_str().parse(), Ok(field));
            assert_eq!(
                serde_json::to_value(field).unwrap(),
                serde_json::json!(field.as_str())
            );
        }
    }

    #[test]
    fn mappings_take_header_text_or_letter() {
        assert_eq!(
            parse_mapping("Naam = fabriek=name"),
            Ok((ColumnSelector("Naam = fabriek".to_owned()), Field::Name))
        );
        for (text, index) in [
            ("A", Some(0)),
            ("AA", Some(26)),
            ("3", Some(2)),
            ("Name", None),
            ("0", None),
        ] {
            assert_eq!(ColumnSelector(text.to_owned()).index(), index, "{text}");
        }
        for bad in ["Vendor", "=name", "Vendor=nome"] {
            assert!(parse_mapping(bad).is_err(), "{bad}");
        }
    }
}

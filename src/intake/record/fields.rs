//! One cell to its field of the supplier.

use super::{
    super::{
        fold::fold,
        row::CellKind,
        supplier_list::Field,
        values::{self, several},
    },
    cells::{Cells, cut},
};
use crate::{
    country::Country,
    identifier::{Check, Identifier, Scheme},
    supplier::{Alias, AliasKind, Supplier},
};

/// No system has longer ones.
const EXTERNAL_ID_CHARS: usize = 200;

pub(super) fn fill(
    supplier: &mut Supplier,
    field: Field,
    column: usize,
    text: &str,
    cells: &mut Cells<'_>,
) {
    let one_line = || text.replace('\n', ", ");
    match field {
        Field::Name | Field::MigrantShare => {}
        Field::Alias => {
            let header = cells
                .map
                .columns
                .get(column)
                .map_or_else(String::new, |column| fold(&column.header));
            let former = ["former", "previous", "曾用"]
                .iter()
                .any(|word| header.contains(word));
            let kind = if former {
                AliasKind::FormerlyKnownAs
            } else {
                AliasKind::AlsoKnownAs
            };
            for name in several(text) {
                push_alias(supplier, name, kind);
            }
        }
        Field::LocalName => {
            for name in several(text) {
                push_alias(supplier, name, AliasKind::LocalScript);
            }
        }
        Field::Parent => supplier.parent = Some(one_line()),
        Field::Address => {
            let line = one_line();
            supplier.address.street = Some(match supplier.address.street.take() {
                Some(street) => format!("{street}, {line}"),
                None => line,
            });
        }
        Field::City => supplier.address.city = Some(one_line()),
        Field::Province => {
            let line = one_line();
            supplier.address.province = Some(match supplier.address.province.take() {
                Some(part) if part != line => format!("{line}, {part}"),
                _ => line,
            });
        }
        Field::PostalCode => {
            warn_of_kind(cells, column);
            supplier.address.postal_code = Some(one_line());
        }
        Field::Country => {
            let read = country(supplier, column, text, cells);
            match (supplier.address.country, read) {
                (Some(first), Some(second)) if first != second => cells.warn(
                    column,
                    format!(
                        "{} contradicts {} in an earlier column, which was used",
                        second.name(),
                        first.name()
                    ),
                    "keep the country in which the supplier produces",
                ),
                (None, _) => supplier.address.country = read,
                _ => {}
            }
        }
        Field::CountryOfProduction => {
            supplier.country_of_production = country(supplier, column, text, cells);
        }
        Field::Uei => identifiers(supplier, Some(Scheme::Uei), column, text, cells),
        Field::Cage => identifiers(supplier, Some(Scheme::Cage), column, text, cells),
        Field::Lei => identifiers(supplier, Some(Scheme::Lei), column, text, cells),
        Field::Duns => identifiers(supplier, Some(Scheme::Duns), column, text, cells),
        Field::Uscc => identifiers(supplier, Some(Scheme::Uscc), column, text, cells),
        Field::Cnpj => identifiers(supplier, Some(Scheme::Cnpj), column, text, cells),
        Field::Identifier => identifiers(supplier, None, column, text, cells),
        Field::Goods => {
            for good in several(text) {
                if !supplier.goods.iter().any(|known| known == good) {
                    supplier.goods.push(good.to_owned());
                }
            }
        }
        Field::HsCode => {
            let cell = cells.cell(column).cloned().unwrap_or_default();
            let found = values::hs_codes(&cell, text);
            warn_of_codes(cells, column, &found, "an HS code of 2 to 10 digits");
            supplier.hs_codes.extend(found.read);
        }
        Field::Naics => {
            let found = values::naics_codes(text);
            warn_of_codes(cells, column, &found, "a NAICS code of 2 to 6 digits");
            supplier.naics.extend(found.read);
        }
        Field::SupplyTier => supplier.supply_tier = Some(one_line()),
        Field::Spend => supplier.spend = Some(one_line()),
        Field::ContractNumber => {
            warn_of_kind(cells, column);
            supplier.contract_number = Some(one_line());
        }
        Field::Workers => {
            supplier.workers = values::head_count(text);
            if supplier.workers.is_none() {
                cells.warn(
                    column,
                    format!("\"{}\" is no number of people; it was not used", cut(text)),
                    "write one whole number",
                );
            }
        }
        Field::ExternalId => {
            warn_of_kind(cells, column);
            let given = one_line();
            if given.chars().count() <= EXTERNAL_ID_CHARS {
                supplier.external_id = Some(given);
            } else {
                cells.warn(
                    column,
                    format!("an id has at most {EXTERNAL_ID_CHARS} characters; it was not used"),
                    "shorten the id",
                );
            }
        }
        Field::Notes => note(supplier, &text.replace('\n', "; ")),
    }
}

fn note(supplier: &mut Supplier, text: &str) {
    supplier.notes = Some(match supplier.notes.take() {
        Some(notes) => format!("{notes}; {text}"),
        None => text.to_owned(),
    });
}

pub(super) fn push_alias(supplier: &mut Supplier, name: &str, kind: AliasKind) {
    if name != supplier.name && !supplier.aliases.iter().any(|alias| alias.name == name) {
        supplier.aliases.push(Alias {
            name: name.to_owned(),
            kind,
        });
    }
}

/// Nothing of the cell is lost: a region beside the country goes to the
/// province, what names no country to the notes.
fn country(
    supplier: &mut Supplier,
    column: usize,
    text: &str,
    cells: &mut Cells<'_>,
) -> Option<Country> {
    let Some((country, rest)) = Country::parse_with_rest(&text.replace('\n', "; ")) else {
        cells.warn(
            column,
            format!("\"{}\" names no single country we know; it was kept in the notes", cut(text)),
            "write one country by its English name or ISO code, and split the row if there are several",
        );
        let label = cells.map.label(column);
        note(supplier, &format!("{label}: {}", text.replace('\n', "; ")));
        return None;
    };
    if let Some(rest) = rest {
        supplier.address.province = Some(match supplier.address.province.take() {
            Some(province) if !province.contains(&rest) => format!("{province}, {rest}"),
            Some(province) => province,
            None => rest,
        });
    }
    Some(country)
}

fn identifiers(
    supplier: &mut Supplier,
    scheme: Option<Scheme>,
    column: usize,
    text: &str,
    cells: &mut Cells<'_>,
) {
    if values::is_scientific(text) || cells.kind(column) == CellKind::RoundedNumber {
        cells.warn(
            column,
            format!("\"{}\" is a long number that a spreadsheet shortened; its last digits are lost and it was not used", cut(text)),
            "format the column as text and enter the identifier again",
        );
        return;
    }
    warn_of_kind(cells, column);
    for part in several(text).flat_map(|part| part.split(',')) {
        let identifier = match scheme {
            Some(scheme) => Identifier::parse(scheme, part),
            None => Identifier::recognize(part),
        };
        let Some(identifier) = identifier else {
            continue;
        };
        if identifier.check == Check::Invalid {
            cells.warn(
                column,
                format!(
                    "\"{}\" is no valid {}: its form or check digit is wrong; it was kept as given",
                    cut(part.trim()),
                    scheme_name(identifier.scheme)
                ),
                "check it against the registry",
            );
        }
        if !supplier.identifiers.contains(&identifier) {
            supplier.identifiers.push(identifier);
        }
    }
}

const fn scheme_name(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Uei => "UEI",
        Scheme::Cage => "CAGE code",
        Scheme::Lei => "LEI",
        Scheme::Duns => "DUNS number",
        Scheme::Uscc => "unified social credit code",
        Scheme::Cnpj => "CNPJ",
        Scheme::Imo => "IMO number",
        Scheme::Other => "identifier",
    }
}

/// Spreadsheets take codes for dates.
fn warn_of_kind(cells: &mut Cells<'_>, column: usize) {
    if cells.kind(column) == CellKind::Date {
        cells.warn(
            column,
            "the spreadsheet turned this code into a date".to_owned(),
            "format the column as text and enter it again",
        );
    }
}

fn warn_of_codes(cells: &mut Cells<'_>, column: usize, found: &values::Codes, wanted: &str) {
    if !found.unread.is_empty() {
        let reason = format!("\"{}\" is not {wanted}", cut(&found.unread.join(", ")));
        cells.warn(
            column,
            reason,
            "write digits only, several codes parted by semicolons",
        );
    }
    if found.padded {
        cells.warn(
            column,
            "a code had an odd number of digits: a leading zero was put back".to_owned(),
            "format the column as text",
        );
    }
}

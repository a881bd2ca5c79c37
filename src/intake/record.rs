//! One row to one supplier. A row with a name is accepted, whatever else is
//! wrong with it: a spoiled cell must not keep a supplier from being checked.

use super::{
    Limits,
    alias::split_name,
    clean::{Damage, clean},
    fold::fold,
    header::ColumnMap,
    row::{CellKind, RawCell, RawRow},
    supplier_list::{CellWarning, Field, RejectedRow, SupplierRow},
    values::{self, Share, is_placeholder, several},
};
use crate::{
    country::Country,
    identifier::{Check, Identifier, Scheme},
    supplier::{Alias, AliasKind, Supplier},
};

/// What one row came to.
pub(super) enum Outcome {
    Accepted(Box<Accepted>),
    Rejected(RejectedRow),
}

pub(super) struct Accepted {
    pub(super) row: SupplierRow,
    /// Resolved once the whole column is known.
    pub(super) share: Option<(usize, Share)>,
    pub(super) mojibake: bool,
    pub(super) country_from_address: bool,
}

pub(super) fn read_row(row: &RawRow, map: &ColumnMap, limits: &Limits) -> Outcome {
    let mut cells = Cells {
        row,
        map,
        limits,
        warnings: Vec::new(),
        mojibake: false,
    };
    let mut supplier = Supplier::default();
    if let Err(rejected) = read_name(&mut cells, &mut supplier) {
        return Outcome::Rejected(*rejected);
    }
    let mut share = None;
    for (column, field) in &map.fields {
        let Some(text) = (*field != Field::Name)
            .then(|| cells.text(*column))
            .flatten()
        else {
            continue;
        };
        if *field == Field::MigrantShare {
            share = values::share(&text).map(|share| (*column, share));
            if share.is_none() {
                cells.warn(
                    *column,
                    format!("\"{}\" is no share", cut(&text)),
                    "write a percentage between 0% and 100%",
                );
            }
        } else {
            fill(&mut supplier, *field, *column, text, &mut cells);
        }
    }
    let country_from_address = supplier.address.country.is_none() && {
        supplier.address.country = country_of_address(&supplier);
        supplier.address.country.is_some()
    };
    warn_of_layout(&mut cells);
    Outcome::Accepted(Box::new(Accepted {
        mojibake: cells.mojibake,
        row: SupplierRow {
            row: row.number,
            supplier,
            warnings: cells.warnings,
        },
        share,
        country_from_address,
    }))
}

/// The cells of one row and what there was to say about them.
struct Cells<'row> {
    row: &'row RawRow,
    map: &'row ColumnMap,
    limits: &'row Limits,
    warnings: Vec<CellWarning>,
    mojibake: bool,
}

impl Cells<'_> {
    fn warn(&mut self, column: usize, reason: String, fix: &str) {
        self.warnings.push(CellWarning {
            column: self.map.label(column),
            reason,
            fix: fix.to_owned(),
        });
    }

    fn cell(&self, column: usize) -> Option<&RawCell> {
        self.row.cells.get(column)
    }

    fn kind(&self, column: usize) -> CellKind {
        self.cell(column).map_or(CellKind::Text, |cell| cell.kind)
    }

    /// The cell's text, cleaned; `None` when it is blank, a placeholder or
    /// unusable, the latter with a warning.
    fn text(&mut self, column: usize) -> Option<String> {
        let (mut text, damage) = self.read(column)?;
        if let Some(damage) = damage {
            self.warn_of_damage(column, &damage);
            if let Damage::DoubleEncoded {
                repaired: Some(repaired),
            } = damage
            {
                text = clean(&repaired).text;
            }
        }
        (!text.is_empty() && !is_placeholder(&text)).then_some(text)
    }

    fn read(&mut self, column: usize) -> Option<(String, Option<Damage>)> {
        let cell = self.cell(column)?;
        match cell.kind {
            CellKind::FormulaWithoutValue => {
                self.warn(
                    column,
                    "the formula has no stored result, and formulas are never run".to_owned(),
                    "open the workbook in a spreadsheet program, save it, and try again",
                );
                return None;
            }
            CellKind::Error => {
                let reason = format!("the cell shows the error {}", cell.text);
                self.warn(column, reason, "correct the formula or type the value");
                return None;
            }
            _ => {}
        }
        // Bytes first: counting the characters of every cell would be for nothing.
        if cell.text.len() > self.limits.cell_chars {
            let length = cell.text.chars().count();
            if length > self.limits.cell_chars {
                let limit = self.limits.cell_chars;
                self.warn(
                    column,
                    format!("the cell has {length} characters, more than the {limit} allowed; it was not read"),
                    "shorten the cell",
                );
                return None;
            }
        }
        let cleaned = clean(&cell.text);
        if cleaned.removed_invisible {
            self.warn(
                column,
                "invisible control characters were removed; they can disguise a name".to_owned(),
                "type the cell again",
            );
        }
        Some((cleaned.text, cleaned.damage))
    }

    fn warn_of_damage(&mut self, column: usize, damage: &Damage) {
        self.mojibake = true;
        let shown = self
            .cell(column)
            .map_or_else(String::new, |cell| cut(cell.text.trim()));
        match damage {
            Damage::DoubleEncoded {
                repaired: Some(repaired),
            } => {
                let reading = cut(&clean(repaired).text);
                self.warn(
                    column,
                    format!("\"{shown}\" was garbled by a wrong encoding; it probably said \"{reading}\""),
                    "export the list again as UTF-8",
                );
            }
            Damage::DoubleEncoded { repaired: None } => self.warn(
                column,
                format!("\"{shown}\" was garbled by a wrong encoding and cannot be read back"),
                "export the list again as UTF-8",
            ),
            Damage::LettersLost => self.warn(
                column,
                format!("\"{shown}\" lost letters before the file was saved"),
                "export the list again as UTF-8 and check the cell",
            ),
        }
    }
}

fn read_name(cells: &mut Cells<'_>, supplier: &mut Supplier) -> Result<(), Box<RejectedRow>> {
    let column = cells.map.of(Field::Name).unwrap_or_default();
    let stand_ins: Vec<usize> = cells
        .map
        .fallback_name
        .into_iter()
        .chain(
            cells
                .map
                .fields
                .iter()
                .filter(|(_, field)| matches!(field, Field::LocalName | Field::Alias))
                .map(|(column, _)| *column),
        )
        .collect();
    let mut read = cells.read(column);
    let mut from = column;
    let named = |read: &Option<(String, Option<Damage>)>| {
        read.as_ref()
            .is_some_and(|(text, _)| !text.is_empty() && !is_placeholder(text))
    };
    if !named(&read) {
        for stand_in in stand_ins {
            let other = cells.read(stand_in);
            if named(&other) {
                let label = cells.map.label(stand_in);
                cells.warn(
                    column,
                    format!("the name is missing; the name in {label} is used"),
                    "fill in the supplier's name",
                );
                (read, from) = (other, stand_in);
                break;
            }
        }
    }
    let Some((text, damage)) = read.filter(|(text, _)| !text.is_empty() && !is_placeholder(text))
    else {
        return Err(Box::new(nameless(cells, column)));
    };
    let (name, aliases) = split_name(&text);
    supplier.name = name;
    supplier.aliases = aliases;
    if !supplier.name.chars().any(char::is_alphabetic) {
        cells.warn(
            from,
            "the name has no letters".to_owned(),
            "check that the column holds names",
        );
    }
    if let Some(damage) = damage {
        cells.warn_of_damage(from, &damage);
        if let Damage::DoubleEncoded {
            repaired: Some(repaired),
        } = damage
        {
            // The name stays as given; the reading is only something to match.
            push_alias(
                supplier,
                &split_name(&clean(&repaired).text).0,
                AliasKind::AlsoKnownAs,
            );
        }
    }
    Ok(())
}

fn nameless(cells: &Cells<'_>, column: usize) -> RejectedRow {
    let cell = cells.cell(column);
    let shown = cell.map_or("", |cell| cell.text.trim());
    let said = cells
        .warnings
        .iter()
        .find(|warning| warning.column == cells.map.label(column));
    let (reason, fix) = match (cell.map(|cell| cell.kind), said) {
        (Some(CellKind::FormulaWithoutValue | CellKind::Error), Some(said)) => (
            format!("there is no supplier name: {}", said.reason),
            said.fix.clone(),
        ),
        (_, Some(said)) if !shown.is_empty() => {
            (format!("the supplier name cannot be used: {}", said.reason), said.fix.clone())
        }
        _ if shown.is_empty() => (
            "there is no supplier name, but other cells are filled".to_owned(),
            "fill in the supplier's name; if its cell is merged over several rows, unmerge it and fill it down".to_owned(),
        ),
        _ => (
            format!("\"{}\" stands where the supplier's name should", cut(shown)),
            "replace it with the supplier's legal name".to_owned(),
        ),
    };
    RejectedRow {
        sheet: None,
        row: cells.row.number,
        column: Some(cells.map.label(column)),
        reason,
        fix,
    }
}

fn fill(supplier: &mut Supplier, field: Field, column: usize, text: String, cells: &mut Cells<'_>) {
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
            for name in several(&text) {
                push_alias(supplier, name, kind);
            }
        }
        Field::LocalName => {
            for name in several(&text) {
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
        Field::Country => supplier.address.country = country(supplier, column, &text, cells),
        Field::CountryOfProduction => {
            supplier.country_of_production = country(supplier, column, &text, cells);
        }
        Field::Uei => identifiers(supplier, Some(Scheme::Uei), column, &text, cells),
        Field::Cage => identifiers(supplier, Some(Scheme::Cage), column, &text, cells),
        Field::Lei => identifiers(supplier, Some(Scheme::Lei), column, &text, cells),
        Field::Duns => identifiers(supplier, Some(Scheme::Duns), column, &text, cells),
        Field::Uscc => identifiers(supplier, Some(Scheme::Uscc), column, &text, cells),
        Field::Cnpj => identifiers(supplier, Some(Scheme::Cnpj), column, &text, cells),
        Field::Identifier => identifiers(supplier, None, column, &text, cells),
        Field::Goods => {
            for good in several(&text) {
                if !supplier.goods.iter().any(|known| known == good) {
                    supplier.goods.push(good.to_owned());
                }
            }
        }
        Field::HsCode => {
            let cell = cells.cell(column).cloned().unwrap_or_default();
            let found = values::hs_codes(&cell, &text);
            warn_of_codes(cells, column, &found, "an HS code of 2 to 10 digits");
            supplier.hs_codes.extend(found.codes);
        }
        Field::Naics => {
            let found = values::naics_codes(&text);
            warn_of_codes(cells, column, &found, "a NAICS code of 2 to 6 digits");
            supplier.naics.extend(found.codes);
        }
        Field::SupplyTier => supplier.supply_tier = Some(one_line()),
        Field::Spend => supplier.spend = Some(one_line()),
        Field::ContractNumber => {
            warn_of_kind(cells, column);
            supplier.contract_number = Some(one_line());
        }
        Field::Workers => {
            supplier.workers = values::head_count(&text);
            if supplier.workers.is_none() {
                cells.warn(
                    column,
                    format!("\"{}\" is no number of people; it was not used", cut(&text)),
                    "write one whole number",
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

fn push_alias(supplier: &mut Supplier, name: &str, kind: AliasKind) {
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

/// The country at the end of an address that has no country column.
fn country_of_address(supplier: &Supplier) -> Option<Country> {
    let street = supplier.address.street.as_deref()?;
    let last = street.rsplit([',', '，', ';']).next()?;
    let last = last.trim().trim_end_matches('.');
    let found = Country::parse_name(last);
    if last.len() == street.trim().len() {
        // The address is nothing but this word: a column of countries.
        return found;
    }
    found.or_else(|| {
        // "Long Binh Ward Bien Hoa Dong Nai Vietnam 810000"
        let words = last.trim_end_matches(|letter: char| {
            letter.is_ascii_digit() || letter == ' ' || letter == '-'
        });
        Country::parse_name(words)
    })
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

fn warn_of_layout(cells: &mut Cells<'_>) {
    let width = cells.map.columns.len();
    let beyond: Vec<&str> = cells
        .row
        .cells
        .iter()
        .skip(width)
        .filter(|cell| !cell.is_blank())
        .map(|cell| cell.text.as_str())
        .collect();
    if !beyond.is_empty() {
        let reason = format!(
            "the row has more cells than the header (\"{}\"): its columns may have shifted",
            cut(&beyond.join(" | "))
        );
        cells.warn(
            width,
            reason,
            "put a cell that holds the delimiter between quotation marks",
        );
    }
    if cells.row.open_quote {
        cells.warn(
            0,
            "a quotation mark is opened and never closed; it was read as text".to_owned(),
            "close the quotation mark or double it",
        );
    }
}

/// For messages: at most 80 characters.
pub(super) fn cut(text: &str) -> String {
    let text = text.replace('\n', " ");
    if text.chars().count() <= 80 {
        return text;
    }
    let head: String = text.chars().take(77).collect();
    format!("{head}...")
}

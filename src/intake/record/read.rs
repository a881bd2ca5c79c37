//! The way of one row: its name, its other cells, its shape.

use super::{
    super::{
        Limits,
        header::ColumnMap,
        row::RawRow,
        supplier_list::{Field, RejectedRow, SupplierRow},
        values::{self, Share},
    },
    cells::{Cells, cut},
    fields::fill,
    name::read_name,
};
use crate::{country::Country, supplier::Supplier};

/// What one row came to.
pub(in crate::intake) enum Outcome {
    Accepted(Box<Accepted>),
    Rejected(RejectedRow),
}

pub(in crate::intake) struct Accepted {
    pub(in crate::intake) row: SupplierRow,
    /// Resolved once the whole column is known.
    pub(in crate::intake) share: Option<(usize, Share)>,
    pub(in crate::intake) mojibake: bool,
    pub(in crate::intake) country_from_address: bool,
}

pub(in crate::intake) fn read_row(row: &RawRow, map: &ColumnMap, limits: &Limits) -> Outcome {
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
            fill(&mut supplier, *field, *column, &text, &mut cells);
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

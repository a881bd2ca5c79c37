//! The name: the one cell a row cannot be without.

use super::{
    super::{
        alias::split_name,
        clean::{Damage, clean},
        row::CellKind,
        supplier_list::{Field, RejectedRow},
        values::is_placeholder,
    },
    cells::{Cells, cut},
    fields::push_alias,
};
use crate::supplier::{AliasKind, Supplier};

pub(super) fn read_name(
    cells: &mut Cells<'_>,
    supplier: &mut Supplier,
) -> Result<(), Box<RejectedRow>> {
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

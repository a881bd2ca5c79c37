//! Suppliers that come as records with named fields, not as a table: nothing
//! is to be recognized, everything else is as for a table's rows.

use super::{
    Limits, Unusable,
    header::ColumnMap,
    read::Body,
    record::{Outcome, read_row},
    row::{RawCell, RawRow},
    same::duplicates,
    supplier_list::{Column, Field, Layout, SupplierList},
};

/// One record: its 1-based number where it stands, and a text for each of the
/// columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub number: u32,
    pub texts: Vec<String>,
}

/// Reads records whose columns are known by name. `format` is for the layout
/// (`json`).
pub fn read_records(
    format: &str,
    columns: &[(&str, Field)],
    records: Vec<Record>,
    limits: &Limits,
) -> Result<SupplierList, Unusable> {
    let map = ColumnMap {
        columns: columns
            .iter()
            .map(|(name, field)| Column {
                letter: String::new(),
                header: (*name).to_owned(),
                field: Some(*field),
            })
            .collect(),
        fields: (0..).zip(columns.iter().map(|(_, field)| *field)).collect(),
        notices: Vec::new(),
        fallback_name: None,
    };
    if records.len() >= limits.rows as usize {
        return Err(Unusable::TooManyRows {
            place: "the file".to_owned(),
            limit: limits.rows,
        });
    }
    let mut body = Body::default();
    for record in records {
        let row = RawRow {
            number: record.number,
            cells: record.texts.into_iter().map(RawCell::text).collect(),
            open_quote: false,
        };
        match read_row(&row, &map, limits) {
            Outcome::Accepted(accepted) => body.accept(*accepted),
            Outcome::Rejected(rejected) => body.reject(rejected, None),
        }
    }
    body.rows.total = body.rows.accepted + body.rows.rejected;
    body.resolve_shares(&map);
    Ok(SupplierList {
        layout: Layout {
            format: format.to_owned(),
            encoding: None,
            delimiter: None,
            sheet: None,
            header_row: 0,
            columns: map.columns,
        },
        rows: body.rows,
        duplicates: duplicates(&body.suppliers),
        notices: body.notices(),
        suppliers: body.suppliers,
        rejected: body.rejected,
    })
}

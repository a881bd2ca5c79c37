//! A table of any columns: the same formats and limits as a supplier list, with
//! nothing known of what the columns mean.

use std::ops::ControlFlow;

use super::{Limits, Unusable, allowance::Allowance, detect::detect, row::RawRow, sheet::Book};

/// Header and rows as texts. An empty header: no row looked like one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlainTable {
    pub header: Vec<String>,
    /// Rows that are not blank, below the header, with their 1-based number.
    pub rows: Vec<(u32, Vec<String>)>,
}

/// Reads the first sheet that has a row which `is_header` takes for its header.
pub fn read_plain_table(
    bytes: &[u8],
    limits: &Limits,
    is_header: &dyn Fn(&[String]) -> bool,
) -> Result<PlainTable, Unusable> {
    limits.check_file_bytes(bytes.len() as u64)?;
    let mut book = Book::open(detect(bytes)?, bytes, limits)?;
    let mut allowance = Allowance::new(limits);
    allowance.read_columns(0..limits.columns as usize);
    let sheets = book.sheets();
    if sheets.len() > limits.sheets as usize {
        return Err(Unusable::TooManySheets {
            count: sheets.len(),
            limit: limits.sheets,
        });
    }
    let names: Vec<Option<String>> = if sheets.is_empty() {
        vec![None]
    } else {
        sheets.into_iter().map(|sheet| Some(sheet.name)).collect()
    };
    for name in names {
        let mut table = PlainTable::default();
        book.each_row(name.as_deref(), &mut allowance, &mut |row| {
            if row.is_blank() {
                return Ok(ControlFlow::Continue(()));
            }
            let cells = texts(row);
            if !table.header.is_empty() {
                if table.rows.len() >= limits.rows as usize {
                    return Err(Unusable::TooManyRows {
                        place: "the table".to_owned(),
                        limit: limits.rows,
                    });
                }
                table.rows.push((row.number, cells));
            } else if is_header(&cells) {
                table.header = cells;
            }
            Ok(ControlFlow::Continue(()))
        })?;
        if !table.header.is_empty() {
            return Ok(table);
        }
    }
    Ok(PlainTable::default())
}

fn texts(row: &RawRow) -> Vec<String> {
    row.cells
        .iter()
        .map(|cell| cell.text.trim().to_owned())
        .collect()
}

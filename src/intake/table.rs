//! Where in the file the suppliers stand: its sheet, its header, its columns.

use std::ops::ControlFlow;

use super::{
    IntakeOptions, Unusable,
    allowance::Allowance,
    fold::fold,
    header::{self, ColumnMap, Header},
    row::RawRow,
    sheet::{Book, SheetHead},
    shown::{sheet_place, shown},
    supplier_list::Field,
};

/// How many filled rows may stand above the header, itself included.
const HEADER_SEARCH: usize = 60;

/// Where the suppliers stand.
pub(super) struct Table {
    pub(super) sheet: Option<String>,
    pub(super) header: Header,
    pub(super) map: ColumnMap,
}

impl Table {
    pub(super) fn place(&self) -> String {
        place(self.sheet.as_deref())
    }
}

fn place(sheet: Option<&str>) -> String {
    sheet.map_or_else(|| "the file".to_owned(), sheet_place)
}

pub(super) fn find_table(
    book: &mut Book<'_>,
    allowance: &mut Allowance,
    options: &IntakeOptions,
    notices: &mut Vec<String>,
) -> Result<Table, Unusable> {
    if let Book::Text { .. } = book {
        if let Some(wanted) = options.sheet.clone() {
            return Err(Unusable::NoSheets { wanted });
        }
        let rows = first_rows(book, None, allowance)?;
        if rows.is_empty() {
            return Err(Unusable::NoText);
        }
        return table_of(None, &rows, options);
    }
    let sheets = book.sheets();
    let candidates: Vec<SheetHead> = match &options.sheet {
        None if sheets.len() > options.limits.sheets as usize => {
            return Err(Unusable::TooManySheets {
                count: sheets.len(),
                limit: options.limits.sheets,
            });
        }
        None => sheets,
        Some(wanted) => vec![named_sheet(&sheets, wanted)?],
    };
    let mut found = Vec::new();
    for sheet in candidates {
        let rows = first_rows(book, Some(&sheet.name), allowance)?;
        if rows.is_empty() {
            continue;
        }
        let header = header::find(&rows);
        let rank = header.map_or((false, 0), |header| (header.has_name, header.fields));
        found.push((rank, sheet, rows));
    }
    let Some(best) = found
        .iter()
        .enumerate()
        .max_by_key(|(index, (rank, sheet, _))| (rank.0, !sheet.hidden, rank.1, usize::MAX - index))
        .map(|(index, _)| index)
    else {
        return Err(Unusable::NoCells);
    };
    let (_, chosen, rows) = found.swap_remove(best);
    for (rank, sheet, _) in &found {
        notices.push(passed_over(sheet, rank.0));
    }
    notices.sort();
    if chosen.hidden {
        notices.push(format!(
            "the sheet \"{}\" is hidden in the workbook; it was read all the same",
            shown(&chosen.name)
        ));
    }
    table_of(Some(chosen.name), &rows, options)
}

fn passed_over(sheet: &SheetHead, looks_like_list: bool) -> String {
    let hidden = if sheet.hidden { "hidden " } else { "" };
    if looks_like_list {
        format!(
            "the {hidden}sheet \"{0}\" also looks like a supplier list and was NOT read: read it too, with --sheet \"{0}\"",
            shown(&sheet.name)
        )
    } else {
        format!(
            "the {hidden}sheet \"{}\" was passed over: it has no supplier column",
            shown(&sheet.name)
        )
    }
}

fn named_sheet(sheets: &[SheetHead], wanted: &str) -> Result<SheetHead, Unusable> {
    sheets
        .iter()
        .find(|sheet| sheet.name == wanted)
        .or_else(|| {
            sheets
                .iter()
                .find(|sheet| sheet.name.trim().to_lowercase() == wanted.trim().to_lowercase())
        })
        .cloned()
        .ok_or_else(|| Unusable::NoSuchSheet {
            wanted: wanted.to_owned(),
            present: sheets.iter().map(|sheet| sheet.name.clone()).collect(),
        })
}

fn first_rows(
    book: &mut Book<'_>,
    sheet: Option<&str>,
    allowance: &mut Allowance,
) -> Result<Vec<RawRow>, Unusable> {
    let mut rows = Vec::new();
    book.each_row(sheet, allowance, &mut |row| {
        if !row.is_blank() {
            rows.push(row.clone());
        }
        Ok(if rows.len() < HEADER_SEARCH {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        })
    })?;
    // A workbook may hold its rows in any order; people see them in this one.
    rows.sort_by_key(|row| row.number);
    Ok(rows)
}

fn table_of(
    sheet: Option<String>,
    rows: &[RawRow],
    options: &IntakeOptions,
) -> Result<Table, Unusable> {
    let place = place(sheet.as_deref());
    let names_name = options.map.iter().any(|(_, field)| *field == Field::Name);
    let header = header_by_selectors(rows, options).or_else(|| header::find(rows));
    let header = match header {
        Some(header) if header.has_name || names_name => header,
        // Mapped by letter: every row is a supplier, there is no header.
        None if names_name => Header {
            last: 0,
            row: 0,
            texts: vec![String::new(); rows.iter().map(|row| row.cells.len()).max().unwrap_or(0)],
            meanings: Vec::new(),
            fields: 0,
            has_name: true,
        },
        Some(header) if header.fields >= 2 => {
            return Err(Unusable::NoNameColumn {
                place,
                row: header.row,
                example: example(&header, |_| true),
                headers: filled(header.texts),
            });
        }
        _ => {
            let first = rows.first();
            return Err(Unusable::NoHeader {
                place,
                row: first.map_or(1, |row| row.number),
                first_cells: first
                    .map(|row| {
                        row.cells
                            .iter()
                            .take(6)
                            .map(|cell| cell.text.clone())
                            .collect()
                    })
                    .unwrap_or_default(),
            });
        }
    };
    let map = header::assign(&header, &options.map, &place)?;
    if map.of(Field::Name).is_none() {
        // The caller gave the only name column another field.
        let unmapped = |column: usize| {
            map.columns
                .get(column)
                .is_none_or(|known| known.field.is_none())
        };
        return Err(Unusable::NoNameColumn {
            place,
            row: header.row,
            example: example(&header, unmapped),
            headers: filled(header.texts),
        });
    }
    Ok(Table { sheet, header, map })
}

fn filled(texts: Vec<String>) -> Vec<String> {
    texts.into_iter().filter(|text| !text.is_empty()).collect()
}

/// The first header that may be the name's, for a message.
fn example(header: &Header, may_be: impl Fn(usize) -> bool) -> String {
    header
        .texts
        .iter()
        .enumerate()
        .find(|(column, text)| !text.is_empty() && may_be(*column))
        .map_or_else(|| "A".to_owned(), |(_, text)| text.clone())
}

/// The row that holds every header the caller named, when our own search would
/// not know it for a header.
fn header_by_selectors(rows: &[RawRow], options: &IntakeOptions) -> Option<Header> {
    let wanted: Vec<String> = options
        .map
        .iter()
        .filter(|(selector, _)| selector.index().is_none())
        .map(|(selector, _)| fold(&selector.0))
        .collect();
    if wanted.is_empty() {
        return None;
    }
    let row = rows.iter().position(|row| {
        wanted
            .iter()
            .all(|header| row.cells.iter().any(|cell| fold(&cell.text) == *header))
    })?;
    let mut header = header::read(row, rows.get(row)?);
    header.has_name |= options.map.iter().any(|(_, field)| *field == Field::Name);
    Some(header)
}

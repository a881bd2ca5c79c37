//! OFAC's CSV files: entries, addresses, aliases and the rest of long remarks,
//! joined by OFAC's number. No header; `-0- ` is null; 0x1A ends a file.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::BufRead,
};

use super::{
    CHECK,
    record::{SdnRecord, alias_kind},
    xml::VESSEL,
};
use crate::{
    lists::{
        reading::{ListRow, Summary},
        snapshot::Unread,
        table_rows::{Row, TableRows},
        unreadable::UnreadableList,
    },
    supplier::Alias,
};

/// The four files.
#[derive(Debug)]
pub struct CsvSet<R> {
    pub entries: R,
    pub addresses: R,
    pub aliases: R,
    /// The rest of remarks that are longer than a cell of `SDN.CSV`.
    pub comments: Option<R>,
}

/// Reads the set. Memory is that of addresses, aliases and comments, which the
/// files bound; the entries are read one by one.
pub fn parse<R: BufRead>(
    set: CsvSet<R>,
    take: &mut dyn FnMut(ListRow),
) -> Result<Summary, UnreadableList> {
    let mut unread = |row: Unread| take(ListRow::Unread(row));
    let mut addresses = keyed(set.addresses, "ADD.CSV", 6, &mut unread)?;
    let mut aliases = keyed(set.aliases, "ALT.CSV", 5, &mut unread)?;
    let mut comments = match set.comments {
        Some(file) => keyed(file, "SDN_COMMENTS.CSV", 2, &mut unread)?,
        None => BTreeMap::new(),
    };
    let mut summary = Summary::default();
    let mut seen = BTreeSet::new();
    let mut rows = open(set.entries, "SDN.CSV")?;
    while let Some(row) = next(&mut rows)? {
        summary.records += 1;
        let uid = row.cell(Some(0)).parse::<u32>().ok();
        let Some(uid) = uid.filter(|_| row.cells.len() == 12) else {
            let reason = format!("the row has {} of 12 cells, or no number", row.cells.len());
            take(ListRow::Unread(Unread::lost(&row.place, reason, "")));
            continue;
        };
        if !seen.insert(uid) {
            let reason = format!("the entry {uid} is repeated");
            take(ListRow::Unread(Unread::lost(&row.place, reason, "")));
            continue;
        }
        let record = record(
            &row,
            addresses.remove(&uid).unwrap_or_default(),
            aliases.remove(&uid).unwrap_or_default(),
            &comments.remove(&uid).unwrap_or_default(),
        );
        match record.into_entry(&row.place) {
            Ok((entry, doubts)) => {
                take(ListRow::Entry(Box::new(entry)));
                doubts.into_iter().map(ListRow::Unread).for_each(&mut *take);
            }
            Err(unread) => take(ListRow::Unread(unread)),
        }
    }
    for (what, left) in [
        ("an address", addresses),
        ("an alias", aliases),
        ("a remark", comments),
    ] {
        for row in left.into_values().flatten() {
            let reason = format!("{what} of an entry that SDN.CSV does not have");
            take(ListRow::Unread(Unread::new(&row.place, reason, "")));
        }
    }
    if summary.records == 0 {
        return Err(UnreadableList::new(
            "SDN.CSV",
            "the file holds no entries",
            CHECK,
        ));
    }
    Ok(summary)
}

fn open<R: BufRead>(input: R, part: &str) -> Result<TableRows<'_, R>, UnreadableList> {
    TableRows::open(input, part, Some(b','), CHECK)
}

/// Nulls become empty; the mark of the end is no row.
fn next<R: BufRead>(rows: &mut TableRows<'_, R>) -> Result<Option<Row>, UnreadableList> {
    let Some(mut row) = rows.next_row()? else {
        return Ok(None);
    };
    for cell in &mut row.cells {
        if cell == "-0-" {
            cell.clear();
        }
    }
    Ok(Some(row))
}

/// The rows of a file by the number in their first cell, in their order.
fn keyed<R: BufRead>(
    input: R,
    part: &str,
    cells: usize,
    unread: &mut dyn FnMut(Unread),
) -> Result<BTreeMap<u32, Vec<Row>>, UnreadableList> {
    let mut by_number: BTreeMap<u32, Vec<Row>> = BTreeMap::new();
    let mut rows = open(input, part)?;
    while let Some(row) = next(&mut rows)? {
        let uid = row.cell(Some(0)).parse().ok();
        match uid.filter(|_| row.cells.len() == cells) {
            Some(uid) => by_number.entry(uid).or_default().push(row),
            None => unread(Unread::new(
                &row.place,
                format!(
                    "the row has {} of {cells} cells, or no number",
                    row.cells.len()
                ),
                "",
            )),
        }
    }
    Ok(by_number)
}

fn record(row: &Row, addresses: Vec<Row>, aliases: Vec<Row>, comments: &[Row]) -> SdnRecord {
    let cell = |index| row.cell(Some(index)).to_owned();
    let mut record = SdnRecord {
        uid: cell(0),
        name: cell(1),
        kind: cell(2),
        title: cell(4),
        programs: row
            .cell(Some(3))
            .split("] [")
            .map(|program| program.trim_matches(['[', ']', ' ']).to_owned())
            .filter(|program| !program.is_empty())
            .collect(),
        countries: vec![cell(9)],
        ..SdnRecord::default()
    };
    for ((_, label), index) in VESSEL.iter().zip([5, 6, 10, 7, 8]) {
        if !row.cell(Some(index)).is_empty() {
            record
                .facts
                .push(format!("{label} {}", row.cell(Some(index))));
        }
    }
    for address in addresses {
        let parts = [address.cell(Some(2)), address.cell(Some(3))];
        let line: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let country = address.cell(Some(4)).to_owned();
        record.addresses.push((line.join(", "), country));
        // The column is empty in every edition seen; what it may say is kept.
        record.add_fact(address.cell(Some(5)));
    }
    for alias in aliases {
        record.aliases.push(Alias {
            name: alias.cell(Some(3)).to_owned(),
            kind: alias_kind(alias.cell(Some(2))),
        });
        record.add_fact(alias.cell(Some(4)));
    }
    let mut remarks = cell(11);
    for more in comments {
        remarks.push_str(more.cell(Some(1)));
    }
    for phrase in remarks.split(';') {
        record.add_fact(phrase);
    }
    record
}

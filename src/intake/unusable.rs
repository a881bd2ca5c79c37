//! Why a whole file cannot be used. Each message says what, where and what to
//! do; the caller names the file.

use super::shown::{shown, shown_within};

/// A file from which no row can be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    #[error("the file is empty: export the supplier list again")]
    Empty,
    #[error(
        "the file has {bytes} bytes, more than the {limit} allowed: split the list into several files"
    )]
    TooLarge { bytes: u64, limit: u64 },
    #[error(
        "the file goes on past the {limit} bytes allowed: give a file and not a device, or split the list into several files"
    )]
    TooLong { limit: u64 },
    #[error(
        "the workbook unpacks to more than {limit} bytes (in \"{}\"): save only the supplier sheet, without pictures and formats, or as CSV",
        shown(.part)
    )]
    InflatesTooFar { part: String, limit: u64 },
    #[error(
        "the workbook's \"{}\" unpacks to more than {ratio} times its size, which real lists do not: it is refused as a decompression bomb; save the supplier sheet as CSV",
        shown(.part)
    )]
    InflatesTooFast { part: String, ratio: u64 },
    #[error(
        "the cells of {place} hold more than {limit} bytes of text (counted up to row {row}): one long text shown in very many cells is the usual reason; save only the supplier columns, or as CSV"
    )]
    TooMuchText { place: String, row: u32, limit: u64 },
    #[error(
        "the workbook has {count} sheets, more than the {limit} looked through: say which one holds the suppliers, with --sheet"
    )]
    TooManySheets { count: usize, limit: u32 },
    #[error("{place} has more than {limit} rows: split the list into several files")]
    TooManyRows { place: String, limit: u32 },
    #[error(
        "{place}, row {row} has more than {limit} columns: remove the columns that are not about suppliers"
    )]
    TooManyColumns { place: String, row: u32, limit: u32 },
    #[error("the workbook is protected by a password: save it without a password and try again")]
    Encrypted,
    #[error(
        "the {format} file is damaged ({}): open it in a spreadsheet program and save it again, or save it as CSV",
        shown_within(.detail, 200)
    )]
    Damaged {
        format: &'static str,
        detail: String,
    },
    #[error("the file is {what}, not a supplier list: {advice}")]
    NotASpreadsheet {
        what: &'static str,
        advice: &'static str,
    },
    #[error("there is no sheet \"{}\"; the workbook has {}", shown(.wanted), quoted(.present))]
    NoSuchSheet {
        wanted: String,
        present: Vec<String>,
    },
    #[error(
        "the file is text and has no sheets: leave out --sheet \"{}\", or give the workbook",
        shown(.wanted)
    )]
    NoSheets { wanted: String },
    #[error("the file holds only delimiters and blank rows: export the supplier list again")]
    NoText,
    #[error("the workbook has no sheet with cells in it")]
    NoCells,
    #[error("{place} has no header row that names a supplier column; its first filled row, row {row}, begins with {}: add a header row, or say which column holds the supplier's name, for example --map \"A=name\"", quoted(.first_cells))]
    NoHeader {
        place: String,
        row: u32,
        first_cells: Vec<String>,
    },
    #[error("{place}, row {row} looks like the header but no column is the supplier's name; its columns are {}: say which one it is, for example --map \"{}=name\"", quoted(.headers), shown(.example))]
    NoNameColumn {
        place: String,
        row: u32,
        headers: Vec<String>,
        /// A column that may be the one, by header or letter.
        example: String,
    },
    #[error("{place} has a header in row {row} and no supplier below it: the list is empty")]
    NoRows { place: String, row: u32 },
    #[error("--map names the column \"{}\", which {place} does not have; its columns are {}", shown(.wanted), quoted(.headers))]
    NoSuchColumn {
        wanted: String,
        place: String,
        headers: Vec<String>,
    },
    #[error("--map gives the field \"{field}\" to two columns: it takes one")]
    FieldMappedTwice { field: &'static str },
    #[error("--map gives the column \"{}\" two fields, {first} and {second}: a column has one", shown(.column))]
    ColumnMappedTwice {
        column: String,
        first: &'static str,
        second: &'static str,
    },
}

/// At most twelve, each cut to 40 characters: a message, not a dump.
fn quoted(texts: &[String]) -> String {
    let shown: Vec<String> = texts
        .iter()
        .take(12)
        .map(|text| format!("\"{}\"", shown_within(text, 40)))
        .collect();
    let more = if texts.len() > 12 { ", ..." } else { "" };
    format!("{}{more}", shown.join(", "))
}

//! Why a whole file cannot be used. Each message says what, where and what to
//! do; the caller names the file.

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
        "the workbook unpacks to more than {limit} bytes (in \"{part}\"): save only the supplier sheet, without pictures and formats, or as CSV"
    )]
    InflatesTooFar { part: String, limit: u64 },
    #[error(
        "the workbook's \"{part}\" unpacks to more than {ratio} times its size, which real lists do not: it is refused as a decompression bomb; save the supplier sheet as CSV"
    )]
    InflatesTooFast { part: String, ratio: u64 },
    #[error(
        "the cells of {place} hold more than {limit} bytes of text (counted up to row {row}): one long text shown in very many cells is the usual reason; save only the supplier columns, or as CSV"
    )]
    TooMuchText { place: String, row: u32, limit: u64 },
    #[error("{place} has more than {limit} rows: split the list into several files")]
    TooManyRows { place: String, limit: u32 },
    #[error(
        "{place}, row {row} has more than {limit} columns: remove the columns that are not about suppliers"
    )]
    TooManyColumns { place: String, row: u32, limit: u32 },
    #[error("the workbook is protected by a password: save it without a password and try again")]
    Encrypted,
    #[error(
        "the {format} file is damaged ({detail}): open it in a spreadsheet program and save it again, or save it as CSV"
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
    #[error("there is no sheet \"{wanted}\"; the workbook has {}", quoted(.present))]
    NoSuchSheet {
        wanted: String,
        present: Vec<String>,
    },
    #[error("the workbook has no sheet with cells in it")]
    NoCells,
    #[error("{place} has no header row that names a supplier column; its first filled row, row {row}, begins with {}: add a header row, or say which column holds the supplier's name, for example --map \"A=name\"", quoted(.first_cells))]
    NoHeader {
        place: String,
        row: u32,
        first_cells: Vec<String>,
    },
    #[error("{place}, row {row} looks like the header but no column is the supplier's name; its columns are {}: say which one it is, for example --map \"{}=name\"", quoted(.headers), .headers.first().map_or("A", String::as_str))]
    NoNameColumn {
        place: String,
        row: u32,
        headers: Vec<String>,
    },
    #[error("{place} has a header in row {row} and no supplier below it: the list is empty")]
    NoRows { place: String, row: u32 },
    #[error("--map names the column \"{wanted}\", which {place} does not have; its columns are {}", quoted(.headers))]
    NoSuchColumn {
        wanted: String,
        place: String,
        headers: Vec<String>,
    },
    #[error("--map gives the field \"{field}\" to two columns: it takes one")]
    FieldMappedTwice { field: &'static str },
}

/// At most twelve, each cut to 40 characters: a message, not a dump.
fn quoted(texts: &[String]) -> String {
    let shown: Vec<String> = texts
        .iter()
        .take(12)
        .map(|text| format!("\"{}\"", text.chars().take(40).collect::<String>()))
        .collect();
    let more = if texts.len() > 12 { ", ..." } else { "" };
    format!("{}{more}", shown.join(", "))
}

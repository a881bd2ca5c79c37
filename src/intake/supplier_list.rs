//! What intake returns: suppliers with their place, and everything that could
//! not be read, with its place.

use serde::{Deserialize, Serialize};

use crate::supplier::Supplier;

/// One supplier file, read. `rows.total == accepted + rejected + blank`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierList {
    pub layout: Layout,
    pub rows: RowCounts,
    /// By ascending row, each row once.
    pub suppliers: Vec<SupplierRow>,
    pub rejected: Vec<RejectedRow>,
    /// Rows that say the same as an earlier row; both are kept.
    pub duplicates: Vec<DuplicateRow>,
    /// What a person should know about the file as a whole: mojibake, sheets
    /// passed over, formulas without a stored value.
    pub notices: Vec<String>,
}

/// Where the table was found and what its columns were taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// `csv`, `xlsx`, `xls`, `ods`: what the bytes are, whatever the file is called.
    pub format: String,
    /// For text: the encoding it was read in ("UTF-8", "windows-1252", "GBK").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// For text: the field delimiter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// 1-based, as a spreadsheet program shows it; of two header rows the lower.
    /// 0 when there is none and the columns were mapped by letter.
    pub header_row: u32,
    pub columns: Vec<Column>,
}

/// One column of the header row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// As a spreadsheet program shows it: `A`, `B`, ... `AA`; empty for a field of
    /// a record.
    pub letter: String,
    pub header: String,
    /// What it was taken for; `None`: ignored, and said.
    pub field: Option<Field>,
}

/// What a column can be taken for. The text form is what `--map` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Name,
    Alias,
    LocalName,
    Parent,
    Address,
    City,
    Province,
    PostalCode,
    Country,
    CountryOfProduction,
    Uei,
    Cage,
    Lei,
    Duns,
    Uscc,
    Cnpj,
    /// An identifier of unnamed scheme; recognized by its form where it can be.
    Identifier,
    Goods,
    HsCode,
    Naics,
    SupplyTier,
    Spend,
    ContractNumber,
    Workers,
    MigrantShare,
    Notes,
}

/// Data rows below the header. Always `total == accepted + rejected + blank`.
/// Blank rows after the last filled one are not counted, except where a text
/// file parts them with delimiters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    pub total: u32,
    pub accepted: u32,
    pub rejected: u32,
    pub blank: u32,
}

/// One accepted row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierRow {
    /// 1-based row in the sheet or, for text, 1-based record line.
    pub row: u32,
    pub supplier: Supplier,
    /// Cells that were kept but look wrong, or could not be used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<CellWarning>,
}

/// A cell that did not cost the row its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellWarning {
    /// Column letter and header: `K "Country / Region"`.
    pub column: String,
    pub reason: String,
    pub fix: String,
}

/// A row that could not be used, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRow {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    pub row: u32,
    /// Column letter and header; `None` when it is the row as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    pub reason: String,
    pub fix: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DuplicateRow {
    pub row: u32,
    pub same_as_row: u32,
}

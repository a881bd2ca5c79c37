//! OUT: the result as JSON, CSV, XLSX and as a table for the terminal.

mod contractor;
pub mod csv;
pub mod document;
pub mod result;
pub mod row;
pub mod table;
pub mod text;
pub mod xlsx;

pub use contractor::{contractor_csv, contractor_xlsx};
pub use csv::CsvWriter;
pub use document::DocumentWriter;
pub use result::{
    Engine, Head, HitResult, Input, ListedFacts, NotSearchedList, SupplierResult, Totals,
};
pub use xlsx::XlsxWriter;

/// How a result is to be read, on every form of it.
pub const READING: [&str; 3] = [
    "A hit is a likeness to a listed party, not a finding about the supplier: until a person has confirmed it, it moves no score.",
    "\"Searched, nothing found\" holds only for the lists, editions and entries named here. \"Not assessed\" is not a low score.",
    "HOLD and REVIEW_REQUIRED are about these goods and call for counsel and evidence; leaving workers behind is the last resort.",
];

//! IN: bytes to records. Supplier spreadsheets, limits, rejected rows with
//! their place.
//!
//! Bytes are recognized ([`read_supplier_list`]), cut into raw rows by `text`
//! or `workbook`, mapped by `header`, and made into suppliers by `record`.
//! Nothing here runs a formula, follows a link or repairs a name in silence.

mod alias;
mod allowance;
mod clean;
mod detect;
mod fold;
mod furniture;
mod header;
mod limits;
mod options;
mod read;
mod record;
mod records;
mod row;
mod row_numbers;
mod same;
mod sheet;
mod shown;
pub mod supplier_list;
mod table;
mod text;
mod unusable;
mod values;
mod workbook;

pub use limits::{Limits, NotRead};
pub use options::{BadMapping, ColumnSelector, IntakeOptions, parse_mapping};
pub use read::{read_supplier_list, read_supplier_list_with_progress};
pub use records::{Record, read_records};
pub use supplier_list::{
    CellWarning, Column, DuplicateRow, Field, Layout, RejectedRow, RowCounts, SupplierList,
    SupplierRow,
};
pub use unusable::Unusable;

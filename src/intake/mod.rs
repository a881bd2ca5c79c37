//! IN: bytes to records. Supplier spreadsheets, limits, rejected rows with
//! their place.

pub mod supplier_list;

pub use supplier_list::{
    CellWarning, Column, DuplicateRow, Field, Layout, RejectedRow, RowCounts, SupplierList,
    SupplierRow,
};

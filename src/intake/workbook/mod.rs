//! Workbooks: XLSX and XLSM streamed cell by cell, XLS, ODS. What a hostile
//! file could make a reader allocate is measured before the reader starts.

mod compound;
mod inflation;
mod ods;
mod quiet;
mod xls;
mod xlsx;

pub(super) use inflation::measure;
pub(super) use ods::Ods;
pub(super) use xls::XlsBook;
pub(super) use xlsx::XlsxBook;

//! CSV of the suppliers, formula-safe, UTF-8 with a byte-order mark so that
//! spreadsheet programs read the names right.

use std::io::{self, Write};

use super::{
    result::SupplierResult,
    row::{Cell, SUPPLIER_COLUMNS, supplier_cells},
    text::formula_safe,
};

/// Writes one line a supplier.
pub struct CsvWriter<W: Write>(csv::Writer<W>);

impl<W: Write> std::fmt::Debug for CsvWriter<W> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("CsvWriter")
    }
}

impl<W: Write> CsvWriter<W> {
    pub fn begin(mut writer: W) -> io::Result<Self> {
        writer.write_all("\u{feff}".as_bytes())?;
        let mut csv = csv::Writer::from_writer(writer);
        csv.write_record(SUPPLIER_COLUMNS.map(|(title, _)| title))?;
        Ok(Self(csv))
    }

    pub fn push(&mut self, result: &SupplierResult) -> io::Result<()> {
        let cells = supplier_cells(result).map(|cell| match cell {
            Cell::Text(text) => formula_safe(&text).into_owned(),
            Cell::Number(number) => number.to_string(),
            Cell::Empty => String::new(),
        });
        self.0.write_record(cells)?;
        Ok(())
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

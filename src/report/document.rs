//! The result as one canonical JSON document, written piece by piece: the same
//! bytes as serializing the whole at once, without holding it.

use std::io::{self, Write};

/// Writes the document into a writer: a file, a hash, both.
#[derive(Debug)]
pub struct DocumentWriter<W> {
    writer: W,
    between: &'static [u8],
}

impl<W: Write> DocumentWriter<W> {
    /// `head` is [`super::Head`] in canonical JSON, whose keys all sort before
    /// `suppliers`.
    pub fn begin(mut writer: W, head: &str) -> io::Result<Self> {
        let open = head.strip_suffix('}').unwrap_or(head);
        writer.write_all(open.as_bytes())?;
        writer.write_all(b",\"suppliers\":[")?;
        Ok(Self {
            writer,
            between: b"",
        })
    }

    /// `supplier` is [`super::SupplierResult`] in canonical JSON.
    pub fn push(&mut self, supplier: &[u8]) -> io::Result<()> {
        self.writer.write_all(self.between)?;
        self.between = b",";
        self.writer.write_all(supplier)
    }

    /// `totals` is [`super::Totals`] in canonical JSON.
    pub fn finish(mut self, totals: &str) -> io::Result<W> {
        self.writer.write_all(b"],\"totals\":")?;
        self.writer.write_all(totals.as_bytes())?;
        self.writer.write_all(b"}")?;
        Ok(self.writer)
    }
}

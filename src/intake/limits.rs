//! How much of a file intake is willing to read.

use std::io::{self, Read};

use serde::{Deserialize, Serialize};

use super::Unusable;

/// Bounds that keep one file from taking the machine. The defaults hold a list
/// of 250,000 suppliers; peak memory stays within a small multiple of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
// Options are kept with a screening: those kept before a limit existed still read.
#[serde(default)]
pub struct Limits {
    /// Bytes of the file itself. Default 64 MiB.
    pub file_bytes: u64,
    /// Bytes that a zipped workbook may unpack to, counted while unpacking and
    /// not read from its headers. Default 512 MiB.
    pub inflated_bytes: u64,
    /// Unpacked bytes per packed byte, heard once more than
    /// [`Limits::RATIO_FROM`] bytes were unpacked. Default 250: a list of real
    /// rows packs 5 to 40 times.
    pub inflation_ratio: u64,
    /// Bytes of text that the cells of a workbook may hand over, each showing
    /// of a shared or repeated text counted. Default 256 MiB. A text file
    /// cannot repeat itself and is bounded by [`Limits::file_bytes`].
    pub text_bytes: u64,
    /// Sheets looked at to find the suppliers; several may share one part of the
    /// workbook. Default 255. A sheet that is named is read from any number.
    pub sheets: u32,
    /// Rows that are not blank, the header included. Default 250,000.
    pub rows: u32,
    /// Columns of a row. Default 512.
    pub columns: u32,
    /// Characters of one cell. Default 32,767, what a spreadsheet program
    /// allows. A longer cell costs its row a warning, or its place when it is
    /// the name.
    pub cell_chars: usize,
}

impl Limits {
    /// Below this many unpacked bytes no ratio is an attack.
    pub const RATIO_FROM: u64 = 16 << 20;

    /// Refuses a file by its size, before it is read.
    pub fn check_file_bytes(&self, bytes: u64) -> Result<(), Unusable> {
        if bytes > self.file_bytes {
            return Err(Unusable::TooLarge {
                bytes,
                limit: self.file_bytes,
            });
        }
        Ok(())
    }

    /// The whole of a source of unknown length, a pipe or a file that grows,
    /// read no further than the limit.
    pub fn read_whole(&self, source: impl Read) -> Result<Vec<u8>, NotRead> {
        let mut bytes = Vec::new();
        source
            .take(self.file_bytes.saturating_add(1))
            .read_to_end(&mut bytes)?;
        if bytes.len() as u64 > self.file_bytes {
            return Err(NotRead::Unusable(Unusable::TooLong {
                limit: self.file_bytes,
            }));
        }
        Ok(bytes)
    }
}

/// Why the bytes of a file could not be had.
#[derive(Debug, thiserror::Error)]
pub enum NotRead {
    #[error(transparent)]
    Unusable(Unusable),
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 64 << 20,
            inflated_bytes: 512 << 20,
            inflation_ratio: 250,
            text_bytes: 256 << 20,
            sheets: 255,
            rows: 250_000,
            columns: 512,
            cell_chars: 32_767,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endless_source_is_read_to_the_limit() {
        let limits = Limits {
            file_bytes: 1000,
            ..Limits::default()
        };
        let refused = limits.read_whole(io::repeat(b'a')).unwrap_err();
        assert!(matches!(
            refused,
            NotRead::Unusable(Unusable::TooLong { limit: 1000 })
        ));
        let whole = limits.read_whole(io::repeat(b'a').take(1000)).unwrap();
        assert_eq!(whole.len(), 1000);
    }
}

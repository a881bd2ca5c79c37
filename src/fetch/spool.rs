//! Bytes on their way: in memory while few, in a temporary file beyond.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

use sha2::{Digest, Sha256};
use tempfile::SpooledTempFile;

const IN_MEMORY: usize = 4 << 20;

/// Bytes received, with their length and SHA-256.
#[derive(Debug)]
pub struct Spool {
    file: SpooledTempFile,
    pub length: u64,
    /// Lowercase hexadecimal.
    pub sha256: String,
}

impl Spool {
    /// Reads from the beginning.
    pub fn reader(&mut self) -> io::Result<BufReader<&mut SpooledTempFile>> {
        self.file.seek(SeekFrom::Start(0))?;
        Ok(BufReader::new(&mut self.file))
    }

    /// Everything, in memory.
    pub fn bytes(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.length).unwrap_or_default());
        self.reader()?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// A spool being filled.
#[derive(Debug)]
pub(super) struct Filling {
    file: SpooledTempFile,
    digest: Sha256,
    pub(super) length: u64,
}

impl Filling {
    pub(super) fn new() -> Self {
        Self {
            file: SpooledTempFile::new(IN_MEMORY),
            digest: Sha256::new(),
            length: 0,
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.digest.update(bytes);
        self.length += bytes.len() as u64;
        Ok(())
    }

    pub(super) fn finish(self) -> Spool {
        Spool {
            file: self.file,
            length: self.length,
            sha256: hex::encode(self.digest.finalize()),
        }
    }
}

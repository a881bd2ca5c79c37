//! One value, one byte string: RFC 8785 (JSON Canonicalization Scheme).

use serde::Serialize;
use sha2::{Digest, Sha256};

/// The value cannot be written as canonical JSON (a map with keys that are no
/// strings, or a number that is not finite).
#[derive(Debug, thiserror::Error)]
#[error("the value has no canonical JSON form")]
pub struct NotCanonical(#[source] serde_json::Error);

/// Canonical JSON bytes: sorted keys, no blanks, one form for each number.
pub fn canonical_bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, NotCanonical> {
    serde_json_canonicalizer::to_vec(value).map_err(NotCanonical)
}

/// Canonical JSON as text.
pub fn canonical_text<T: Serialize>(value: &T) -> Result<String, NotCanonical> {
    serde_json_canonicalizer::to_string(value).map_err(NotCanonical)
}

/// SHA-256 in lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// SHA-256 of what is written, piece by piece.
#[derive(Debug, Default, Clone)]
pub struct HashWriter(Sha256);

impl HashWriter {
    /// Lower-case hex of everything written.
    pub fn finish(self) -> String {
        hex::encode(self.0.finalize())
    }
}

impl std::io::Write for HashWriter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

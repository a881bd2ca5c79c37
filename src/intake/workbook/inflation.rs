//! A zipped workbook is unpacked once into nothing, to count what it holds:
//! the sizes in its headers are the sender's word.

use std::{
    cell::Cell,
    io::{Cursor, Read, Seek, SeekFrom},
};

use zip::{ZipArchive, result::ZipError};

use super::super::{Limits, Unusable, detect::find};

/// Errors when the archive is encrypted, damaged, or unpacks beyond the limits.
pub(in crate::intake) fn measure(
    bytes: &[u8],
    limits: &Limits,
    format: &'static str,
) -> Result<(), Unusable> {
    let taken = Cell::new(0);
    let mut archive = ZipArchive::new(Counted {
        bytes: Cursor::new(bytes),
        taken: &taken,
    })
    .map_err(|error| unusable(&error, format))?;
    let mut total = 0_u64;
    let mut buffer = vec![0; 64 << 10];
    for index in 0..archive.len() {
        let mut part = archive
            .by_index(index)
            .map_err(|error| unusable(&error, format))?;
        let name = part
            .name()
            .map_or_else(|_| String::new(), std::borrow::Cow::into_owned);
        let begin = taken.get();
        let markup = is_markup(&name);
        let mut size = 0_u64;
        let mut tail: Vec<u8> = Vec::new();
        let mut claimed = 0_u64;
        loop {
            let read = part.read(&mut buffer).map_err(|error| Unusable::Damaged {
                format,
                detail: format!("\"{name}\" cannot be unpacked: {error}"),
            })?;
            if read == 0 {
                break;
            }
            let chunk = buffer.get(..read).unwrap_or_default();
            if markup {
                inspect(chunk, size == 0, &mut tail, &mut claimed, &name, format)?;
            }
            size += read as u64;
            total += read as u64;
            if total > limits.inflated_bytes {
                return Err(Unusable::InflatesTooFar {
                    part: name,
                    limit: limits.inflated_bytes,
                });
            }
            let packed = taken.get().saturating_sub(begin).max(1);
            if size > Limits::RATIO_FROM && size / packed > limits.inflation_ratio {
                return Err(Unusable::InflatesTooFast {
                    part: name,
                    ratio: limits.inflation_ratio,
                });
            }
        }
        if claimed > size {
            return Err(Unusable::Damaged {
                format,
                detail: format!("\"{name}\" claims {claimed} texts in {size} bytes"),
            });
        }
    }
    Ok(())
}

/// Counts the packed bytes taken so far, so that a bomb is known by its first
/// stretch and not by the size that its header claims.
struct Counted<'bytes> {
    bytes: Cursor<&'bytes [u8]>,
    taken: &'bytes Cell<u64>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.bytes.read(buffer)?;
        self.taken.set(self.taken.get() + read as u64);
        Ok(read)
    }
}

impl Seek for Counted<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.bytes.seek(to)
    }
}

fn is_markup(name: &str) -> bool {
    let lower = name.to_lowercase();
    [".xml", ".rels"].iter().any(|end| lower.ends_with(end))
}

/// Readers reserve memory for as many texts as `uniqueCount` claims; and a part
/// in UTF-16 would hide that claim from us, which no writer of workbooks uses.
fn inspect(
    chunk: &[u8],
    first: bool,
    tail: &mut Vec<u8>,
    claimed: &mut u64,
    name: &str,
    format: &'static str,
) -> Result<(), Unusable> {
    const CLAIM: &[u8] = b"uniqueCount";
    if first && chunk.iter().take(64).any(|byte| *byte == 0) {
        return Err(Unusable::Damaged {
            format,
            detail: format!("\"{name}\" is not in UTF-8"),
        });
    }
    tail.extend_from_slice(chunk);
    let mut rest = tail.as_slice();
    while let Some(at) = find(rest, CLAIM) {
        rest = rest.get(at + CLAIM.len()..).unwrap_or_default();
        let digits: String = rest
            .iter()
            .take(64)
            .skip_while(|byte| !byte.is_ascii_digit())
            .take_while(|byte| byte.is_ascii_digit())
            .map(|byte| char::from(*byte))
            .collect();
        *claimed =
            (*claimed).max(
                digits
                    .parse()
                    .unwrap_or(if digits.is_empty() { 0 } else { u64::MAX }),
            );
    }
    // A claim may lie across two chunks.
    let keep = tail.len().saturating_sub(CLAIM.len() + 64);
    tail.drain(..keep);
    Ok(())
}

pub(super) fn unusable(error: &ZipError, format: &'static str) -> Unusable {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            Unusable::Encrypted
        }
        error => Unusable::Damaged {
            format,
            detail: error.to_string(),
        },
    }
}

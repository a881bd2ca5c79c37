//! What one record of a streamed list may cost: an unclosed quotation mark or a
//! text without end would otherwise draw the whole file into memory.

use std::io::{self, BufRead, Read};

/// Lets no more than a ration of bytes through until it is refilled.
pub(super) struct Rationed<R> {
    inner: R,
    ration: usize,
    left: usize,
}

impl<R> Rationed<R> {
    pub(super) fn new(inner: R, ration: usize) -> Self {
        Self {
            inner,
            ration,
            left: ration,
        }
    }

    pub(super) fn refill(&mut self) {
        self.left = self.ration;
    }
}

impl<R: BufRead> BufRead for Rationed<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::other(format!(
                "one record has more than {} bytes",
                self.ration
            )));
        }
        let ready = self.inner.fill_buf()?;
        Ok(ready.get(..self.left).unwrap_or(ready))
    }

    fn consume(&mut self, length: usize) {
        self.left = self.left.saturating_sub(length);
        self.inner.consume(length);
    }
}

impl<R: BufRead> Read for Rationed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let length = ready.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..length), ready.get(..length)) {
            to.copy_from_slice(from);
        }
        self.consume(length);
        Ok(length)
    }
}

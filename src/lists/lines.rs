//! Lines of JSON, streamed: one object a line, bounded, with its number.

use std::io::BufRead;

use super::unreadable::UnreadableList;

/// The longest published entity has some 300 KB.
const LONGEST: usize = 4 * 1024 * 1024;

pub(super) struct Lines<R> {
    input: R,
    line: Vec<u8>,
    number: u64,
}

/// A line that is not blank.
pub(super) struct Line<'lines> {
    /// "line 12".
    pub(super) place: String,
    pub(super) bytes: &'lines [u8],
}

impl<R: BufRead> Lines<R> {
    /// Refuses what is no line of JSON from its first byte on.
    pub(super) fn open(mut input: R, fix: &str) -> Result<Self, UnreadableList> {
        let start = input
            .fill_buf()
            .map_err(|cause| UnreadableList::io("line 1", &cause))?;
        let mark = if start.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        let text = start.get(mark..).unwrap_or_default();
        let refusal = match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
            None => Some("the file is empty"),
            Some(b'{') => None,
            Some(b'<') => Some("the file is a web page, not lines of JSON"),
            Some(b'[') => Some("the file is one JSON array, not one object a line"),
            Some(_) => Some("the first line is no JSON object"),
        };
        if let Some(reason) = refusal {
            return Err(UnreadableList::new("line 1", reason, fix));
        }
        input.consume(mark);
        Ok(Self {
            input,
            line: Vec::new(),
            number: 0,
        })
    }

    pub(super) fn next_line(&mut self) -> Result<Option<Line<'_>>, UnreadableList> {
        loop {
            self.line.clear();
            self.number += 1;
            let place = format!("line {}", self.number);
            let mut bounded = std::io::Read::take(&mut self.input, LONGEST as u64 + 1);
            let read = bounded
                .read_until(b'\n', &mut self.line)
                .map_err(|cause| UnreadableList::io(&place, &cause))?;
            if read == 0 {
                return Ok(None);
            }
            if self.line.len() > LONGEST {
                return Err(UnreadableList::new(
                    place,
                    format!("the line has more than {LONGEST} bytes"),
                    "check that the file has one object a line",
                ));
            }
            if !self.line.trim_ascii().is_empty() {
                break;
            }
        }
        Ok(Some(Line {
            place: format!("line {}", self.number),
            bytes: self.line.trim_ascii(),
        }))
    }
}

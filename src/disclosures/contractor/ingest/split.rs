//! Cuts JSON into records while it streams, without trusting that it is JSON.
//!
//! GSA's printed examples have no outer brace, lone braces, trailing commas and
//! typographic quotes. A record that breaks is given back as it stands, with its
//! place; the next one begins at its own first key.

use std::io::{BufRead, Result};

/// Arrays whose elements are records, and what these begin with.
const RECORD_ARRAYS: [&str; 5] = [
    "entitydata",
    "awardsummary",
    "excludedentity",
    "plimsoll_disclosures",
    "plimsoll_reviews",
];
/// The first key of a record, by which one is known that stands alone.
const FIRST_KEYS: [&str; 3] = ["entityregistration", "contractid", "exclusiondetails"];

/// Remembered of a key: longer ones are none of ours.
const LONGEST_KEY: usize = 40;

/// A record's bytes and where they begin.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) line: u64,
    pub(super) column: u64,
    /// Past the limit: `bytes` holds the beginning only.
    pub(super) too_large: bool,
    /// The file ended, or another record began, before this one closed.
    pub(super) unclosed: bool,
}

/// What else stands in the file.
#[derive(Debug, Default)]
pub(super) struct Around {
    /// Scalars outside of records: `totalRecords`, `message`.
    pub(super) scalars: Vec<(String, String)>,
    /// Text that belongs to no JSON, with its place.
    pub(super) stray: Option<(u64, u64)>,
    pub(super) saw_record_array: bool,
    /// Braces left open at the end, or closed once too often.
    pub(super) unbalanced: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Object,
    Array,
    Records,
    /// Under a key that is none of ours, in a fragment: its objects are taken for
    /// records, the rest is not.
    PerhapsRecords,
}

impl Open {
    fn holds_records(self) -> bool {
        matches!(self, Self::Records | Self::PerhapsRecords)
    }
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "a state machine over bytes; each is a state of its own"
)]
struct Splitter<'a> {
    open: Vec<Open>,
    /// Letters of the string being read, lower case.
    word: String,
    word_too_long: bool,
    in_string: bool,
    escaped: bool,
    /// The last finished string outside of records.
    last: Option<String>,
    /// The key whose value comes next.
    key: Option<String>,
    scalar: String,
    /// What stands among records and begins with no brace: `null`, `"text"`.
    misplaced: bool,
    record: Vec<u8>,
    record_at: (u64, u64),
    /// Brackets open inside of the record.
    depth: u32,
    too_large: bool,
    /// Where, inside a record, an object has just opened and nothing followed.
    fresh: Option<(usize, (u64, u64))>,
    /// A string inside a record that may be a first key.
    fresh_word: bool,
    line: u64,
    column: u64,
    most: usize,
    around: Around,
    sink: &'a mut dyn FnMut(Piece<'_>),
}

/// Reads to the end. Memory: one record, at most `most` bytes of it.
pub(super) fn split(
    mut source: impl BufRead,
    most: usize,
    sink: &mut dyn FnMut(Piece<'_>),
) -> Result<Around> {
    let mut splitter = Splitter {
        open: Vec::new(),
        word: String::new(),
        word_too_long: false,
        in_string: false,
        escaped: false,
        last: None,
        key: None,
        scalar: String::new(),
        misplaced: false,
        record: Vec::new(),
        record_at: (1, 1),
        depth: 0,
        too_large: false,
        fresh: None,
        fresh_word: false,
        line: 1,
        column: 0,
        most,
        around: Around::default(),
        sink,
    };
    let mut first = true;
    loop {
        let mut chunk = source.fill_buf()?;
        if chunk.is_empty() {
            break;
        }
        let length = chunk.len();
        if first {
            chunk = chunk.strip_prefix(b"\xef\xbb\xbf").unwrap_or(chunk);
            first = false;
        }
        for byte in chunk {
            splitter.take(*byte);
        }
        source.consume(length);
    }
    splitter.end();
    Ok(splitter.around)
}

impl Splitter<'_> {
    fn take(&mut self, byte: u8) {
        if byte == b'\n' {
            self.line += 1;
            self.column = 0;
            // No JSON string holds a line break: one that is still open was
            // opened by a stray quotation mark.
            self.in_string = false;
            self.escaped = false;
        } else {
            self.column += 1;
        }
        if self.depth > 0 {
            self.inside(byte);
        } else {
            self.outside(byte);
        }
    }

    /// Inside a record: keep the bytes, count brackets, watch for the beginning
    /// of another record.
    fn inside(&mut self, byte: u8) {
        if self.record.len() < self.most {
            self.record.push(byte);
        } else {
            self.too_large = true;
        }
        if self.in_string {
            if self.escaped {
                self.escaped = false;
            } else if byte == b'\\' {
                self.escaped = true;
            } else if byte == b'"' {
                self.in_string = false;
                if self.fresh_word {
                    self.fresh_word = false;
                    self.begins_here();
                }
            } else if self.fresh_word {
                self.letter(byte);
            }
            return;
        }
        match byte {
            b'"' => {
                self.in_string = true;
                self.fresh_word = self.fresh.is_some();
                self.word.clear();
            }
            b'{' => {
                self.depth += 1;
                self.fresh = Some((
                    self.record.len().saturating_sub(1),
                    (self.line, self.column),
                ));
            }
            b'[' => {
                self.depth += 1;
                self.fresh = None;
            }
            b'}' | b']' => {
                self.fresh = None;
                self.depth -= 1;
                if self.depth == 0 {
                    self.give(false);
                }
            }
            byte if byte.is_ascii_whitespace() => {}
            _ => self.fresh = None,
        }
    }

    /// A first key inside a record: the one before was never closed.
    fn begins_here(&mut self) {
        let Some((at, place)) = self.fresh.take() else {
            return;
        };
        if at == 0 || self.too_large || !FIRST_KEYS.contains(&self.word.as_str()) {
            return;
        }
        let next = self.record.split_off(at);
        self.give(true);
        self.record = next;
        self.record_at = place;
        self.depth = 1;
    }

    fn outside(&mut self, byte: u8) {
        if self.in_string {
            self.keep_misplaced(byte);
            if self.escaped {
                self.escaped = false;
            } else if byte == b'\\' {
                self.escaped = true;
            } else if byte == b'"' {
                self.in_string = false;
                self.string_ended();
            } else {
                self.letter(byte);
            }
            return;
        }
        match byte {
            b'"' => {
                self.keep_misplaced(byte);
                self.in_string = true;
                self.word.clear();
                self.word_too_long = false;
            }
            b'{' => {
                self.misplaced_ended();
                if self.open.last().is_some_and(|open| open.holds_records()) {
                    self.open_record();
                } else {
                    // Whether it is a record or what wraps them, the first key tells.
                    self.open.push(Open::Object);
                    self.record_at = (self.line, self.column);
                    self.key = None;
                    self.last = None;
                }
            }
            b'[' => {
                self.misplaced_ended();
                let open = match self.key.take() {
                    Some(key) if RECORD_ARRAYS.contains(&key.as_str()) => Open::Records,
                    Some(_) if self.open.is_empty() => Open::PerhapsRecords,
                    None if self.open.is_empty() => Open::Records,
                    _ => Open::Array,
                };
                self.around.saw_record_array |= open.holds_records();
                self.open.push(open);
            }
            b'}' | b']' => {
                self.misplaced_ended();
                self.scalar_ended();
                if self.open.pop().is_none() {
                    self.around.unbalanced = true;
                }
                self.key = None;
            }
            b':' => {
                // A key after the records: these were never closed.
                self.misplaced = false;
                self.key = self.last.take();
            }
            b',' => {
                self.misplaced_ended();
                self.scalar_ended();
                self.key = None;
            }
            byte if byte.is_ascii_whitespace() => {}
            byte if self.key.is_some() && self.scalar.len() < 40 => {
                self.scalar.push(char::from(byte));
            }
            byte if self.key.is_none() && self.open.last() == Some(&Open::Records) => {
                self.keep_misplaced(byte);
            }
            _ if self.around.stray.is_none() => {
                self.around.stray = Some((self.line, self.column));
            }
            _ => {}
        }
    }

    /// Keeps a byte of what stands among records and is none.
    fn keep_misplaced(&mut self, byte: u8) {
        if !self.misplaced {
            if self.in_string || self.key.is_some() || self.open.last() != Some(&Open::Records) {
                return;
            }
            self.misplaced = true;
            self.record.clear();
            self.record_at = (self.line, self.column);
            self.too_large = false;
        }
        if self.record.len() < self.most {
            self.record.push(byte);
        } else {
            self.too_large = true;
        }
    }

    fn misplaced_ended(&mut self) {
        if std::mem::take(&mut self.misplaced) {
            self.last = None;
            self.give(false);
        }
    }

    fn letter(&mut self, byte: u8) {
        // Messages are kept whole enough to be read; keys are short.
        if self.word.len() < 200 {
            self.word.push(char::from(byte.to_ascii_lowercase()));
        }
        self.word_too_long |= self.word.len() > LONGEST_KEY;
    }

    fn string_ended(&mut self) {
        if let Some(key) = self.key.take() {
            if self.around.scalars.len() < 40 {
                self.around.scalars.push((key, self.word.clone()));
            }
            return;
        }
        if self.open.last() == Some(&Open::Object) && FIRST_KEYS.contains(&self.word.as_str()) {
            // The object that has just been opened is a record.
            self.open.pop();
            let key = self.word.clone();
            self.record.clear();
            self.record.extend_from_slice(b"{\"");
            self.record.extend(restored(&key).bytes());
            self.record.push(b'"');
            self.depth = 1;
            self.too_large = false;
            self.fresh = None;
            return;
        }
        if !self.word_too_long {
            self.last = Some(self.word.clone());
        }
    }

    fn scalar_ended(&mut self) {
        let scalar = std::mem::take(&mut self.scalar);
        if let Some(key) = self.key.take()
            && !scalar.is_empty()
            && self.around.scalars.len() < 40
        {
            self.around.scalars.push((key, scalar));
        }
    }

    fn open_record(&mut self) {
        self.record.clear();
        self.record.push(b'{');
        self.record_at = (self.line, self.column);
        self.depth = 1;
        self.too_large = false;
        self.fresh = Some((0, self.record_at));
    }

    fn give(&mut self, unclosed: bool) {
        (self.sink)(Piece {
            bytes: &self.record,
            line: self.record_at.0,
            column: self.record_at.1,
            too_large: self.too_large,
            unclosed,
        });
        self.record.clear();
        self.too_large = false;
        self.fresh = None;
    }

    fn end(&mut self) {
        self.misplaced_ended();
        if self.depth > 0 {
            self.give(true);
        }
        self.around.unbalanced |= !self.open.is_empty();
    }
}

/// A first key in its published form; keys are compared in lower case.
fn restored(key: &str) -> &str {
    match key {
        "entityregistration" => "entityRegistration",
        "contractid" => "contractId",
        "exclusiondetails" => "exclusionDetails",
        other => other,
    }
}

#[cfg(test)]
mod tests;

//! Rows of a published table, streamed: charset, web page instead of a file, the
//! header wherever it stands and in whatever order, cells run together.

use std::io::BufRead;

use super::{
    name_list::bare, rationed::Rationed, snapshot::Unread, text::tidy, unreadable::UnreadableList,
};

/// The longest published row has some 20 KB.
const RATION: usize = 1024 * 1024;

/// Preamble lines before the header, at most.
const DEEPEST_HEADER: u64 = 30;

/// The rows of one file.
pub(super) struct TableRows<'a, R> {
    reader: csv::Reader<Rationed<R>>,
    record: csv::ByteRecord,
    part: &'a str,
    number: u64,
    /// Lines end in two bytes: the reader counts the second with the next row.
    two_byte_ends: bool,
}

/// One row that is not blank, every cell tidied.
#[derive(Debug)]
pub(super) struct Row {
    /// "row 12, line 14", with the file's name where there are several.
    pub(super) place: String,
    pub(super) cells: Vec<String>,
}

impl Row {
    pub(super) fn cell(&self, column: Option<usize>) -> &str {
        column
            .and_then(|column| self.cells.get(column))
            .map_or("", String::as_str)
    }
}

/// The header row: what each column is called.
#[derive(Debug, Default)]
pub(super) struct Header {
    names: Vec<String>,
    /// As published, for a remark.
    pub(super) titles: Vec<String>,
}

impl Header {
    /// The first column that bears one of the names, written without marks and
    /// in lower case.
    pub(super) fn column(&self, names: &[&str]) -> Option<usize> {
        self.names
            .iter()
            .position(|column| names.contains(&column.as_str()))
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    pub(super) fn repeats_in(&self, row: &Row) -> bool {
        row.cells.len() == self.names.len()
            && row
                .cells
                .iter()
                .zip(&self.names)
                .all(|(cell, name)| column_name(cell) == *name)
    }
}

/// "Unique Entity ID" as "uniqueentityid", "Ano da ação fiscal" as
/// "anodaacaofiscal".
fn column_name(title: &str) -> String {
    bare(&any_ascii::any_ascii(title))
}

impl<'a, R: BufRead> TableRows<'a, R> {
    /// `part` is empty where the list is one file. `fix` says what to do when
    /// the file is no table.
    pub(super) fn open(
        mut input: R,
        part: &'a str,
        delimiter: Option<u8>,
        fix: &str,
    ) -> Result<Self, UnreadableList> {
        let unreadable =
            |reason: &str| Err(UnreadableList::new(place_of(part, "byte 0"), reason, fix));
        let start = input
            .fill_buf()
            .map_err(|cause| UnreadableList::io(part, &cause))?;
        let mark = if start.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        let text = start.get(mark..).unwrap_or_default();
        let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
        if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
            return unreadable("the file is in UTF-16; save it in UTF-8");
        }
        if text.starts_with(b"PK\x03\x04") {
            return unreadable("the file is a ZIP archive, not a table");
        }
        let delimiter = delimiter.unwrap_or_else(|| likely_delimiter(text));
        match first {
            None => return unreadable("the file is empty"),
            Some(b'<') => return unreadable("the file is a web page, not a table"),
            Some(b'{') => return unreadable("the file is a JSON answer, not a table"),
            Some(_) => {}
        }
        let head = text.get(..RATION.min(text.len())).unwrap_or_default();
        let first_end = head.iter().position(|byte| *byte == b'\n');
        let two_byte_ends =
            first_end.is_some_and(|end| end > 0 && head.get(end - 1) == Some(&b'\r'));
        input.consume(mark);
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(Rationed::new(input, RATION));
        Ok(Self {
            reader,
            record: csv::ByteRecord::new(),
            part,
            number: 0,
            two_byte_ends,
        })
    }

    /// The next row that is not blank.
    pub(super) fn next_row(&mut self) -> Result<Option<Row>, UnreadableList> {
        loop {
            self.reader.get_mut().refill();
            let line = self.reader.position().line();
            let more = self
                .reader
                .read_byte_record(&mut self.record)
                .map_err(|cause| {
                    UnreadableList::new(
                        place_of(self.part, &format!("row {}, line {line}", self.number + 1)),
                        format!(
                            "the row cannot be read ({cause}): a quotation mark may be missing"
                        ),
                        "fetch the list again: it may be cut short",
                    )
                })?;
            if !more {
                return Ok(None);
            }
            self.number += 1;
            let cells: Vec<String> = self.record.iter().map(decoded).collect();
            if cells.iter().all(String::is_empty) {
                continue;
            }
            let line = self.record.position().map_or(line, csv::Position::line)
                + u64::from(self.two_byte_ends && self.number > 1);
            return Ok(Some(Row {
                place: place_of(self.part, &format!("row {}, line {line}", self.number)),
                cells,
            }));
        }
    }

    /// The first row that has a column for each of the wanted names; rows above
    /// it are not read.
    pub(super) fn header(
        &mut self,
        wanted: &[&[&str]],
        fix: &str,
        unread: &mut dyn FnMut(Unread),
    ) -> Result<Header, UnreadableList> {
        while self.number < DEEPEST_HEADER {
            let Some(row) = self.next_row()? else { break };
            let names = row.cells.iter().map(|cell| column_name(cell)).collect();
            let header = Header {
                names,
                titles: row.cells.clone(),
            };
            if wanted.iter().all(|names| header.column(names).is_some()) {
                return Ok(header);
            }
            unread(Unread::new(
                &row.place,
                "the row stands before the header",
                // Never the row: it may be a natural person's.
                "",
            ));
        }
        let columns: Vec<&str> = wanted
            .iter()
            .filter_map(|names| names.first().copied())
            .collect();
        Err(UnreadableList::new(
            place_of(self.part, &format!("row {}", self.number.max(1))),
            format!("no row up to here has the columns {}", columns.join(", ")),
            fix,
        ))
    }
}

fn place_of(part: &str, place: &str) -> String {
    if part.is_empty() {
        place.to_owned()
    } else {
        format!("{part} {place}")
    }
}

/// UTF-8, else Windows-1252, of which Latin-1 is the printable part.
fn decoded(cell: &[u8]) -> String {
    match std::str::from_utf8(cell) {
        Ok(text) => tidy(text),
        Err(_) => tidy(
            &encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(cell)
                .0,
        ),
    }
}

fn likely_delimiter(text: &[u8]) -> u8 {
    let text = text.get(..16 * 1024).unwrap_or(text);
    let count = |wanted| text.split(|byte| *byte == wanted).count();
    [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|delimiter| (count(*delimiter), *delimiter == b','))
        .unwrap_or(b',')
}

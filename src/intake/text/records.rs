//! Delimited text to rows. Our own reader, because three things must hold that
//! ready ones do not give: blank lines are counted, every record knows its
//! line, and one quotation mark that is never closed cannot swallow the rest
//! of the file.

use super::super::row::{RawCell, RawRow};

/// XFD, where a spreadsheet ends.
const LAST_COLUMN: usize = 16_384;

/// The records of one text, in order.
#[derive(Debug)]
pub(in crate::intake) struct Records<'text> {
    text: &'text str,
    delimiter: char,
    position: usize,
    line: u32,
    /// Old Macintosh files break lines with a lone carriage return.
    break_at: u8,
    /// From here on no quotation mark closes a cell.
    closed_until: usize,
    columns: usize,
}

impl<'text> Records<'text> {
    pub(in crate::intake) fn new(text: &'text str, delimiter: char) -> Self {
        // Line breaks at the end of a text end its last record, no more.
        let text = text.trim_end_matches(['\n', '\r', '\u{1a}']);
        Self {
            text,
            delimiter,
            position: 0,
            line: 1,
            break_at: if text.contains('\n') { b'\n' } else { b'\r' },
            closed_until: usize::MAX,
            columns: usize::MAX,
        }
    }

    /// A record of more filled cells ends the reading with one cell past the
    /// limit. Blank cells past it are dropped: exports of a whole sheet hold
    /// them up to a spreadsheet's last column.
    pub(in crate::intake) fn at_most(mut self, columns: usize) -> Self {
        self.columns = columns;
        self
    }

    fn rest(&self) -> &'text str {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn at_break(&self) -> bool {
        let rest = self.rest().as_bytes();
        rest.first() == Some(&self.break_at)
            || (self.break_at == b'\n' && rest.starts_with(b"\r\n"))
    }

    fn skip_break(&mut self) {
        self.position += if self.rest().starts_with("\r\n") {
            2
        } else {
            1
        };
        self.line = self.line.saturating_add(1);
    }

    /// The text up to the next delimiter or line break.
    fn plain_cell(&mut self) -> String {
        let rest = self.rest();
        let mut delimiter = [0; 4];
        let delimiter = self.delimiter.encode_utf8(&mut delimiter).as_bytes();
        let first = delimiter.first().copied().unwrap_or(b',');
        let bytes = rest.as_bytes();
        let mut end = 0;
        while let Some(byte) = bytes.get(end) {
            let at_delimiter = *byte == first
                && bytes
                    .get(end..)
                    .is_some_and(|tail| tail.starts_with(delimiter));
            if at_delimiter || *byte == self.break_at {
                break;
            }
            end += 1;
        }
        let cell = rest.get(..end).unwrap_or_default();
        self.position += end;
        let at_line_end = self.rest().as_bytes().first() == Some(&self.break_at);
        if at_line_end && self.break_at == b'\n' && cell.ends_with('\r') {
            // The carriage return belongs to the break.
            self.position -= 1;
            return cell.trim_end_matches('\r').to_owned();
        }
        cell.to_owned()
    }

    /// The content of a quoted cell that begins here, or `None` when its mark
    /// is never closed and must be a mark in the text.
    fn quoted_cell(&mut self) -> Option<String> {
        if self.position >= self.closed_until {
            return None;
        }
        let body = self.rest().get(1..)?;
        let mut content = String::new();
        let mut copied = 0;
        let mut from = 0;
        loop {
            let Some(found) = body.get(from..).and_then(|tail| tail.find('"')) else {
                self.closed_until = self.position;
                return None;
            };
            let mark = from + found;
            let after = body.get(mark + 1..).unwrap_or_default();
            if after.starts_with('"') {
                content.push_str(body.get(copied..=mark).unwrap_or_default());
                copied = mark + 2;
                from = mark + 2;
                continue;
            }
            let padded = after.trim_start_matches(' ');
            if padded.is_empty() || padded.starts_with([self.delimiter, '\n', '\r']) {
                content.push_str(body.get(copied..mark).unwrap_or_default());
                let consumed = 1 + mark + 1 + (after.len() - padded.len());
                let line_break = char::from(self.break_at);
                let breaks = body
                    .get(..mark)
                    .unwrap_or_default()
                    .matches(line_break)
                    .count();
                self.line = self
                    .line
                    .saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
                self.position += consumed;
                return Some(content);
            }
            // A mark that opens the next cell: the one before was never closed.
            let opens = body
                .get(..mark)
                .is_some_and(|before| before.ends_with(['\n', '\r', self.delimiter]));
            if opens {
                return None;
            }
            from = mark + 1;
        }
    }
}

impl Iterator for Records<'_> {
    type Item = RawRow;

    fn next(&mut self) -> Option<RawRow> {
        if self.position > self.text.len() || self.text.is_empty() {
            return None;
        }
        let mut row = RawRow {
            number: self.line,
            ..RawRow::default()
        };
        let mut dropped = 0;
        loop {
            let leading = self.rest().len() - self.rest().trim_start_matches(' ').len();
            let quoted = self
                .rest()
                .get(leading..)
                .is_some_and(|rest| rest.starts_with('"'));
            let mut cell = None;
            if quoted {
                self.position += leading;
                cell = self.quoted_cell();
                row.open_quote |= cell.is_none();
            }
            let cell = RawCell::text(cell.unwrap_or_else(|| self.plain_cell()));
            if row.cells.len() < self.columns {
                row.cells.push(cell);
            } else if !cell.is_blank() || dropped >= LAST_COLUMN {
                row.cells.push(cell);
                self.position = self.text.len() + 1;
                return Some(row);
            } else {
                dropped += 1;
            }
            if self.rest().starts_with(self.delimiter) {
                self.position += self.delimiter.len_utf8();
                continue;
            }
            if self.rest().is_empty() {
                // One past the end: nothing more to read.
                self.position = self.text.len() + 1;
            } else if self.at_break() {
                self.skip_break();
            }
            return Some(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<(u32, Vec<String>)> {
        Records::new(text, ',')
            .map(|row| {
                (
                    row.number,
                    row.cells.into_iter().map(|cell| cell.text).collect(),
                )
            })
            .collect()
    }

    #[test]
    fn counts_lines_and_blank_records() {
        let rows = read("a,b\r\n\r\n\"x\ny\",2\r\n,\r\n3,\"4\"\r\n");
        let numbers: Vec<u32> = rows.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [1, 2, 3, 5, 6]);
        assert_eq!(rows[2].1, ["x\ny", "2"]);
        assert_eq!(rows[1].1, [""]);
        assert_eq!(rows[4].1, ["3", "4"]);
    }

    #[test]
    fn an_open_quotation_mark_costs_its_row_and_no_other() {
        let text =
            "name,country\n\"Foo Ltd,China\nBar \"Best\" Ltd,India\n\"Baz, \"\"Inc.\"\"\",US\n";
        let rows: Vec<RawRow> = Records::new(text, ',').collect();
        assert_eq!(rows.len(), 4);
        assert!(rows[1].open_quote && !rows[2].open_quote && !rows[3].open_quote);
        assert_eq!(rows[1].text(0), "\"Foo Ltd");
        assert_eq!(rows[3].text(0), "Baz, \"Inc.\"");
    }

    #[test]
    fn reads_old_line_breaks_and_odd_delimiters() {
        assert_eq!(read("a,b\rc,d").len(), 2);
        let rows: Vec<RawRow> = Records::new("a；b\nc；d", '；').collect();
        assert_eq!(rows[1].text(1), "d");
    }

    proptest! {
        /// What the csv crate writes, we read: every record, every cell.
        #[test]
        fn reads_what_is_written(
            records in prop::collection::vec(prop::collection::vec("[a-z,\"\n é;]{0,8}", 2..4), 1..8)
        ) {
            let mut writer = csv::WriterBuilder::new().flexible(true).quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
            for record in &records {
                writer.write_record(record).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let read: Vec<Vec<String>> = read(&text).into_iter().map(|(_, cells)| cells).collect();
            prop_assert_eq!(read, records);
        }

        #[test]
        fn every_character_lands_in_a_row(text in "[a\"b,\n\r ;]{0,40}") {
            let rows: Vec<RawRow> = Records::new(&text, ',').collect();
            let letters = |text: &str| text.chars().filter(|letter| letter.is_alphabetic()).count();
            let read: usize = rows.iter().flat_map(|row| &row.cells).map(|cell| letters(&cell.text)).sum();
            prop_assert_eq!(read, letters(&text));
        }
    }
}

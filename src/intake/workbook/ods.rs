//! ODS, streamed. Our own reader: a repeat count of a few bytes makes ready
//! ones fill memory with a hundred million cells.

use std::{
    io::{BufReader, Cursor},
    ops::ControlFlow,
};

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use zip::ZipArchive;

use super::super::{
    Limits, Unusable,
    allowance::Allowance,
    detect::find,
    row::{CellKind, RawCell, RawRow, render_number},
    sheet::{RowSink, SheetHead},
    shown::sheet_place,
};

/// Rows that repeat further than this are padding, not suppliers.
const MAX_REPEATED_ROWS: u32 = 1_048_576;

pub(in crate::intake) struct Ods<'bytes> {
    bytes: &'bytes [u8],
    sheets: Vec<SheetHead>,
}

impl<'bytes> Ods<'bytes> {
    /// `bytes` have passed [`super::measure`].
    pub(in crate::intake) fn open(bytes: &'bytes [u8]) -> Result<Self, Unusable> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
        if let Ok(manifest) = archive.by_name("META-INF/manifest.xml") {
            let mut text = Vec::new();
            std::io::Read::read_to_end(&mut std::io::Read::take(manifest, 1 << 20), &mut text)
                .map_err(|error| damaged(&error))?;
            if find(&text, b"encryption-data").is_some() {
                return Err(Unusable::Encrypted);
            }
        }
        let mut book = Self {
            bytes,
            sheets: Vec::new(),
        };
        let mut sheets = Vec::new();
        // Only the sheets are wanted here, no cells.
        let mut no_cells = Allowance::new(&Limits {
            columns: 0,
            ..Limits::default()
        });
        book.walk(&mut no_cells, &mut |step, _| {
            if let Step::Table(name) = step {
                sheets.push(SheetHead {
                    name,
                    hidden: false,
                });
            }
            Ok(ControlFlow::Continue(()))
        })?;
        book.sheets = sheets;
        Ok(book)
    }

    pub(in crate::intake) fn sheets(&self) -> Vec<SheetHead> {
        self.sheets.clone()
    }

    pub(in crate::intake) fn each_row(
        &mut self,
        sheet: &str,
        allowance: &mut Allowance,
        sink: RowSink<'_>,
    ) -> Result<(), Unusable> {
        let mut inside = false;
        let mut number = 1_u32;
        self.walk(allowance, &mut |step, allowance| {
            match step {
                Step::Table(name) => {
                    if inside {
                        return Ok(ControlFlow::Break(()));
                    }
                    inside = name == sheet;
                }
                Step::Row(mut row, repeat) if inside => {
                    if row.cells.len() > allowance.columns {
                        return Err(Unusable::TooManyColumns {
                            place: sheet_place(sheet),
                            row: number,
                            limit: allowance.column_limit(),
                        });
                    }
                    if row.cells.is_empty() {
                        number = number.saturating_add(repeat);
                        return Ok(ControlFlow::Continue(()));
                    }
                    let text = row.cells.iter().map(|cell| cell.text.len()).sum();
                    for _ in 0..repeat {
                        allowance.charge(text, sheet, number)?;
                        row.number = number;
                        number = number.saturating_add(1);
                        if sink(&row)?.is_break() {
                            return Ok(ControlFlow::Break(()));
                        }
                    }
                }
                Step::Row(..) => {}
            }
            Ok(ControlFlow::Continue(()))
        })
    }

    fn walk(&self, allowance: &mut Allowance, visit: Visit<'_>) -> Result<(), Unusable> {
        let mut archive =
            ZipArchive::new(Cursor::new(self.bytes)).map_err(|error| damaged(&error))?;
        let content = archive
            .by_name("content.xml")
            .map_err(|error| damaged(&error))?;
        let mut reader = Reader::from_reader(BufReader::new(content));
        reader.config_mut().expand_empty_elements = true;
        let mut buffer = Vec::new();
        let mut state = State::default();
        loop {
            buffer.clear();
            let event = reader
                .read_event_into(&mut buffer)
                .map_err(|error| damaged(&error))?;
            match event {
                Event::Start(element) => {
                    if let Some(name) = state.open(&element)
                        && visit(Step::Table(name), allowance)?.is_break()
                    {
                        return Ok(());
                    }
                }
                Event::End(element) => {
                    if let Some((row, repeat)) = state.close(element.name().as_ref(), allowance)
                        && visit(Step::Row(row, repeat), allowance)?.is_break()
                    {
                        return Ok(());
                    }
                }
                Event::Text(text) => state.text(&text.xml10_content()),
                Event::CData(text) => state.text(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let name: &str = &reference;
                    let resolved = match reference.resolve_char_ref() {
                        Ok(Some(letter)) => letter.to_string(),
                        // Entities of the file's own are never expanded.
                        _ => quick_xml::escape::resolve_predefined_entity(name)
                            .map_or_else(|| format!("&{name};"), str::to_owned),
                    };
                    state.text(&resolved);
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }
}

/// Takes one step through the file; `Break` when it has seen enough.
type Visit<'visit> =
    &'visit mut dyn FnMut(Step, &mut Allowance) -> Result<ControlFlow<()>, Unusable>;

enum Step {
    Table(String),
    Row(RawRow, u32),
}

/// Where in the sheet the reader stands.
#[derive(Default)]
struct State {
    row: RawRow,
    row_repeat: u32,
    cell: RawCell,
    cell_repeat: usize,
    value: Option<String>,
    formula: bool,
    in_cell: bool,
    in_paragraph: u32,
    in_note: u32,
    paragraphs: u32,
    blank_cells: usize,
}

impl State {
    /// The name of a table that begins here.
    fn open(&mut self, element: &BytesStart<'_>) -> Option<String> {
        let attribute = |name: &str| {
            element
                .try_get_attribute(name)
                .ok()
                .flatten()
                .and_then(|found| {
                    found
                        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                        .ok()
                        .map(std::borrow::Cow::into_owned)
                })
        };
        let count = |name: &str| {
            attribute(name)
                .and_then(|text| text.parse::<u32>().ok())
                .unwrap_or(1)
                .clamp(1, MAX_REPEATED_ROWS)
        };
        match element.name().as_ref() {
            "table:table" => return Some(attribute("table:name").unwrap_or_default()),
            "table:table-row" => {
                self.row = RawRow::default();
                self.blank_cells = 0;
                self.row_repeat = count("table:number-rows-repeated");
            }
            "table:table-cell" | "table:covered-table-cell" => {
                self.in_cell = true;
                self.paragraphs = 0;
                self.cell = RawCell::default();
                self.cell_repeat = count("table:number-columns-repeated") as usize;
                self.formula = attribute("table:formula").is_some();
                self.value = None;
                match attribute("office:value-type").as_deref() {
                    Some("float" | "percentage" | "currency") => {
                        self.cell.kind = CellKind::Number;
                        self.value = attribute("office:value");
                    }
                    Some("date") => {
                        self.cell.kind = CellKind::Date;
                        self.value = attribute("office:date-value");
                    }
                    Some("string") => self.value = attribute("office:string-value"),
                    _ => {}
                }
            }
            "office:annotation" => self.in_note += 1,
            "text:p" if self.in_cell && self.in_note == 0 => {
                if self.paragraphs > 0 {
                    self.cell.text.push('\n');
                }
                self.paragraphs += 1;
                self.in_paragraph += 1;
            }
            "text:s" => self.text(" "),
            "text:tab" => self.text("\t"),
            "text:line-break" => self.text("\n"),
            _ => {}
        }
        None
    }

    /// The row that ends here.
    fn close(&mut self, name: &str, allowance: &Allowance) -> Option<(RawRow, u32)> {
        match name {
            "table:table-cell" | "table:covered-table-cell" => {
                self.in_cell = false;
                self.finish_cell(allowance);
            }
            "office:annotation" => self.in_note = self.in_note.saturating_sub(1),
            "text:p" if self.in_note == 0 => {
                self.in_paragraph = self.in_paragraph.saturating_sub(1);
            }
            "table:table-row" => return Some((std::mem::take(&mut self.row), self.row_repeat)),
            _ => {}
        }
        None
    }

    fn text(&mut self, text: &str) {
        if self.in_paragraph > 0 && self.in_note == 0 {
            self.cell.text.push_str(text);
        }
    }

    fn finish_cell(&mut self, allowance: &Allowance) {
        let mut cell = std::mem::take(&mut self.cell);
        match (cell.kind, self.value.take()) {
            (CellKind::Number, Some(value)) => {
                if let Ok(number) = value.parse::<f64>() {
                    cell = render_number(number);
                }
            }
            (_, Some(value)) => cell.text = value,
            _ => {}
        }
        if cell.text.is_empty() && self.formula {
            cell.kind = CellKind::FormulaWithoutValue;
        }
        if cell.is_blank() {
            self.blank_cells = self.blank_cells.saturating_add(self.cell_repeat);
            return;
        }
        // One cell past the limit is enough for the row to be refused.
        let most = allowance.columns.saturating_add(1);
        let first = self.row.cells.len().saturating_add(self.blank_cells);
        self.blank_cells = 0;
        self.row.cells.resize(first.min(most), RawCell::default());
        for column in first..first.saturating_add(self.cell_repeat).min(most) {
            self.row.cells.push(RawCell {
                text: allowance.part(column, &cell.text).to_owned(),
                kind: cell.kind,
            });
        }
    }
}

fn damaged(error: &dyn std::error::Error) -> Unusable {
    Unusable::Damaged {
        format: "ODS",
        detail: error.to_string(),
    }
}

//! One file: what it is, and its records one by one.

use std::{
    cell::Cell,
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Cursor, Read},
    rc::Rc,
    sync::Arc,
};

use serde_json::Value;

use super::{
    award::award,
    broken::{other_defects, place_of, reason},
    entity::entity,
    exclusion::{exclusion, exclusion_row},
    form::disclosure,
    place::{Event, FileKind, FileSummary, NotRead, Place, Record, Unreadable},
    review::review,
    split::{Piece, split},
    usaspending::{COLUMNS, award_row},
    value::{Reading, cut, member},
};
use crate::{
    disclosures::contractor::policy::ContractorPolicy,
    intake::{Limits, PlainTable, read_plain_table},
};

/// Bytes of one record; GSA's largest examples have some 20 KB.
pub const LARGEST_RECORD: usize = 8 << 20;

/// Looked at to tell what a file is.
const HEAD: u64 = 64 << 10;

/// Reads a file of any known kind and hands over its records as they come. Holds
/// one record in memory; only the disclosure form as a workbook is read whole.
pub fn read(
    policy: &ContractorPolicy,
    name: &str,
    mut source: impl Read,
    sink: &mut dyn FnMut(Event),
) -> Result<FileSummary, Unreadable> {
    let mut head = Vec::new();
    source.by_ref().take(HEAD).read_to_end(&mut head)?;
    let kind = kind_of(&head);
    if is_utf_16(&head) && !matches!(kind, FileKind::Document | FileKind::DisclosureForm) {
        return Err(Unreadable::Format(
            "the file is in UTF-16, and records are read as they stream: save it as UTF-8"
                .to_owned(),
        ));
    }
    let whole = Cursor::new(head).chain(source);
    let publisher = match kind {
        FileKind::UsaspendingCsv | FileKind::UsaspendingLegacyCsv => "USAspending",
        _ => "SAM.gov contract awards",
    };
    let mut counted = Counted {
        awards_source: format!("{publisher}, {name}").into(),
        summary: FileSummary {
            kind,
            read: 0,
            not_read: 0,
            notices: 0,
            remarks: Vec::new(),
        },
        policy,
        name,
        sink,
    };
    match kind {
        FileKind::SamJson => counted.json(BufReader::with_capacity(1 << 16, whole))?,
        FileKind::UsaspendingCsv | FileKind::UsaspendingLegacyCsv | FileKind::SamExclusionsCsv => {
            counted.csv(whole)?;
        }
        FileKind::DisclosureForm => counted.form(whole)?,
        FileKind::Document | FileKind::Reference => {}
    }
    Ok(counted.summary)
}

fn is_utf_16(head: &[u8]) -> bool {
    encoding_rs::Encoding::for_bom(head).is_some_and(|(encoding, _)| encoding != encoding_rs::UTF_8)
}

/// Tells a file by its first bytes.
pub(super) fn kind_of(head: &[u8]) -> FileKind {
    let text = encoding_rs::Encoding::for_bom(head)
        .map_or_else(
            || String::from_utf8_lossy(head),
            |(encoding, _)| encoding.decode(head).0,
        )
        .to_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let first_line = text.lines().next().unwrap_or_default();
    let columns: Vec<&str> = first_line
        .split([',', ';', '\t'])
        .map(|column| column.trim().trim_matches('"'))
        .collect();
    let has = |name: &str| columns.contains(&name);
    if head.starts_with(b"PK\x03\x04") {
        // A workbook names its parts at the beginning; a DOCX has none of these.
        let workbook =
            text.contains("xl/") || text.contains("[content_types].xml") && !text.contains("word/");
        return if workbook {
            FileKind::DisclosureForm
        } else {
            FileKind::Document
        };
    }
    if has("award_id_piid") {
        return FileKind::UsaspendingCsv;
    }
    if has("unique_transaction_id") && has("piid") {
        return FileKind::UsaspendingLegacyCsv;
    }
    if has("classification") && (has("exclusion type") || has("exclusion program")) {
        return FileKind::SamExclusionsCsv;
    }
    if has("piid") && (has("legal_name") || has("uei") || has("cage")) {
        return FileKind::DisclosureForm;
    }
    if columns.len() >= 5
        && ["far", "element", "psc code"].contains(&columns.first().copied().unwrap_or_default())
    {
        return FileKind::Reference;
    }
    let json = [
        "\"entityregistration\"",
        "\"entitydata\"",
        "\"awardsummary\"",
        "\"excludedentity\"",
        "\"contractid\"",
        "\"exclusiondetails\"",
        "\"plimsoll_disclosures\"",
        "\"plimsoll_reviews\"",
        "\"presignedurl\"",
    ];
    if json.iter().any(|key| text.contains(key)) || text.starts_with('{') || is_array(text) {
        return FileKind::SamJson;
    }
    FileKind::Document
}

/// An array of objects, or one that is small and nothing else: "[1] see below" is
/// a document.
fn is_array(text: &str) -> bool {
    text.strip_prefix('[').is_some_and(|rest| {
        rest.trim_start().starts_with('{') || serde_json::from_str::<Vec<Value>>(text).is_ok()
    })
}

struct Counted<'a> {
    summary: FileSummary,
    awards_source: Arc<str>,
    policy: &'a ContractorPolicy,
    name: &'a str,
    sink: &'a mut dyn FnMut(Event),
}

impl Counted<'_> {
    fn record(&mut self, place: Place, record: Record) {
        self.summary.read += 1;
        (self.sink)(Event::Record(place, Box::new(record)));
    }

    fn not_read(&mut self, place: Place, why: impl Into<String>) {
        self.summary.not_read += 1;
        (self.sink)(Event::NotRead(NotRead {
            place,
            why: why.into(),
        }));
    }

    fn reading(&mut self, place: Place) -> Reading<'_> {
        Reading {
            place,
            sink: self.sink,
            notices: &mut self.summary.notices,
        }
    }

    fn json(&mut self, source: impl BufRead) -> Result<(), Unreadable> {
        let mut count = 0;
        let around = split(source, LARGEST_RECORD, &mut |piece| {
            count += 1;
            self.piece(&piece, count);
        })?;
        if let Some((line, column)) = around.stray {
            self.summary.remarks.push(format!(
                "line {line}, column {column}: text that is no JSON stands outside of the records"
            ));
        }
        if around.unbalanced {
            self.summary.remarks.push(
                "the outermost brackets do not close or open: the file is a fragment and no JSON document"
                    .to_owned(),
            );
        }
        let scalar = |name: &str| {
            around
                .scalars
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.as_str())
        };
        if let Some(total) = scalar("totalrecords").and_then(|total| total.parse::<u64>().ok())
            && total > count
        {
            self.summary.remarks.push(format!(
                "the publisher counts {total} records and {count} are in this file: fetch the other pages"
            ));
        }
        if count == 0 {
            let message = scalar("message").map(cut).unwrap_or_default();
            self.summary.remarks.push(if scalar("exporttoken").is_some() || scalar("presignedurl").is_some() {
                format!("this is the receipt of an export and holds no records ({message}): download the export")
            } else {
                "there are no records in it that we know: entityData, awardSummary, excludedEntity, plimsoll_disclosures or plimsoll_reviews".to_owned()
            });
        }
        Ok(())
    }

    fn piece(&mut self, piece: &Piece<'_>, number: u64) {
        let place = Place {
            line: piece.line,
            column: piece.column,
            record: number,
        };
        if piece.too_large {
            self.not_read(
                place,
                format!("the record has more than {LARGEST_RECORD} bytes"),
            );
            return;
        }
        let value: Value = match serde_json::from_slice(piece.bytes) {
            Ok(value) => value,
            Err(error) => {
                let at = place_of(piece, &error, number);
                let open = if piece.unclosed {
                    "; the record is not closed before the next one or the end"
                } else {
                    ""
                };
                let others = other_defects(piece, at.line).concat();
                self.not_read(
                    at,
                    format!("no JSON: {}{others}{open}", reason(piece.bytes, &error)),
                );
                return;
            }
        };
        let (policy, name, source) = (self.policy, self.name, Arc::clone(&self.awards_source));
        let mut reading = self.reading(place);
        let read = if member(&value, "contractId").is_some() {
            award(&value, &source, &mut reading).map(Record::Award)
        } else if member(&value, "exclusionDetails").is_some()
            || member(&value, "exclusionIdentification").is_some()
        {
            exclusion(&value, &mut reading).map(Record::Exclusion)
        } else if member(&value, "entityRegistration").is_some()
            || member(&value, "integrityInformation").is_some()
        {
            entity(policy, &value, &mut reading).map(Record::Entity)
        } else if let Some(cells) = flat(&value) {
            if cells.contains_key("contradiction") {
                review(&cells).map(Record::Review)
            } else {
                let source = format!("{name}, record {number}");
                disclosure(policy, &cells, &source, &mut reading)
                    .map(|one| Record::Disclosure(Box::new(one)))
            }
        } else {
            Err("is none of the records that we know".to_owned())
        };
        match read {
            Ok(record) => self.record(place, record),
            Err(why) => self.not_read(place, format!("the record {why}")),
        }
    }

    fn csv(&mut self, source: impl Read) -> Result<(), Unreadable> {
        let since = Rc::new(Cell::new(0_usize));
        let guarded = Guarded {
            source,
            since: Rc::clone(&since),
        };
        let mut csv = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(guarded);
        let header: Vec<String> = csv
            .byte_headers()
            .map_err(|error| Unreadable::Format(error.to_string()))?
            .iter()
            .map(|name| {
                String::from_utf8_lossy(name)
                    .trim_start_matches('\u{feff}')
                    .trim()
                    .to_lowercase()
            })
            .collect();
        let legacy = self.summary.kind == FileKind::UsaspendingLegacyCsv;
        let source = Arc::clone(&self.awards_source);
        let columns: BTreeMap<&str, usize> = COLUMNS
            .iter()
            .filter_map(|(today, before)| {
                let name = if legacy { *before } else { *today };
                let at = header.iter().position(|column| column == name)?;
                Some((*today, at))
            })
            .collect();
        let mut row = csv::ByteRecord::new();
        let mut number = 0;
        loop {
            since.set(0);
            let began = csv.position().line();
            let outcome = csv.read_byte_record(&mut row);
            let line = row.position().map_or(began, csv::Position::line);
            let place = |record| Place {
                line,
                column: 0,
                record,
            };
            match outcome {
                Ok(true) => number += 1,
                Ok(false) => break,
                Err(error) => {
                    self.not_read(
                        place(number + 1),
                        format!("{error}: this row and all after it are not read; a quotation mark that never closes is the usual reason"),
                    );
                    break;
                }
            }
            if row.len() != header.len() {
                self.not_read(
                    place(number),
                    format!(
                        "the row has {} cells and the header {}",
                        row.len(),
                        header.len()
                    ),
                );
                continue;
            }
            let texts: Vec<String> = row
                .iter()
                .map(|cell| String::from_utf8_lossy(cell).trim().to_owned())
                .collect();
            let cell_at = |at: usize| texts.get(at).map_or("", String::as_str);
            let mut reading = self.reading(place(number));
            if texts.iter().any(|text| text.contains('\u{fffd}')) {
                reading.notice("row", "holds bytes that are no UTF-8: shown as \u{fffd}");
            }
            let read = if self.summary.kind == FileKind::SamExclusionsCsv {
                let cell = |names: &[&str]| {
                    names
                        .iter()
                        .find_map(|name| {
                            header
                                .iter()
                                .position(|column| column.eq_ignore_ascii_case(name))
                        })
                        .map_or("", cell_at)
                };
                let mut reading = self.reading(place(number));
                exclusion_row(&cell, &mut reading).map(Record::Exclusion)
            } else {
                let cell = |name: &str| columns.get(name).map_or("", |at| cell_at(*at));
                let mut reading = self.reading(place(number));
                award_row(&source, &cell, &mut reading).map(Record::Award)
            };
            match read {
                Ok(record) => self.record(place(number), record),
                Err(why) => self.not_read(place(number), format!("the row {why}")),
            }
        }
        Ok(())
    }

    fn form(&mut self, source: impl Read) -> Result<(), Unreadable> {
        let limits = Limits::default();
        let bytes = limits
            .read_whole(source)
            .map_err(|error| Unreadable::Format(error.to_string()))?;
        let table: PlainTable = read_plain_table(&bytes, &limits, &|cells| {
            cells.iter().any(|cell| cell.eq_ignore_ascii_case("piid"))
        })
        .map_err(|error| Unreadable::Format(error.to_string()))?;
        if table.header.is_empty() {
            return Err(Unreadable::Format(
                "no row has a column \"piid\": this is no disclosure form".to_owned(),
            ));
        }
        for (number, (row, cells)) in (1..).zip(table.rows) {
            let place = Place {
                line: row.into(),
                column: 0,
                record: number,
            };
            let cells: BTreeMap<String, String> = table
                .header
                .iter()
                .map(|name| name.trim().to_lowercase().replace(' ', "_"))
                .zip(cells)
                .filter(|(name, cell)| !name.is_empty() && !cell.trim().is_empty())
                .collect();
            let source = format!("{}, row {row}", self.name);
            let (policy, mut reading) = (self.policy, self.reading(place));
            match disclosure(policy, &cells, &source, &mut reading) {
                Ok(one) => self.record(place, Record::Disclosure(Box::new(one))),
                Err(why) => self.not_read(place, format!("the row {why}")),
            }
        }
        Ok(())
    }
}

/// Keys and scalars of an object; lists joined by `;`. `None` for deeper things.
fn flat(value: &Value) -> Option<BTreeMap<String, String>> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Null => Some(String::new()),
        Value::Array(_) | Value::Object(_) => None,
    };
    value
        .as_object()?
        .iter()
        .map(|(key, value)| {
            let cell = match value {
                Value::Array(values) => values
                    .iter()
                    .map(text)
                    .collect::<Option<Vec<_>>>()?
                    .join(";"),
                value => text(value)?,
            };
            Some((key.to_lowercase(), cell))
        })
        .collect::<Option<BTreeMap<_, _>>>()
        .map(|mut cells| {
            cells.retain(|_, cell| !cell.is_empty());
            cells
        })
}

/// Refuses to read on inside one row past the limit.
struct Guarded<R> {
    source: R,
    since: Rc<Cell<usize>>,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since.get() > LARGEST_RECORD {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("one row has more than {LARGEST_RECORD} bytes"),
            ));
        }
        let length = self.source.read(buffer)?;
        self.since.set(self.since.get() + length);
        Ok(length)
    }
}

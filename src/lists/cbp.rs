//! CBP's withhold release orders and findings: the CSV behind its page of
//! orders, an export of a spreadsheet with all that this brings.

use chrono::NaiveDate;

use super::{
    cbp_entity::{Named, parse_entity},
    entry::{Entry, EntryKind, EntryStatus, Scope},
    name_list::{bare, starts_with_word},
    snapshot::{ParsedList, Unread},
    text::{LONGEST_NAME_CELL, decode, parse_day, slug, tidy},
    unreadable::{UnreadableList, check_size},
};
use crate::country::Country;

/// Raised whenever the same bytes would be read to different entries.
pub const PARSER_VERSION: u32 = 1;

/// Preamble lines before the header, at most.
const DEEPEST_HEADER: usize = 30;

/// Reads the file: one entry for each party, vessel, region or good that a
/// record names.
pub fn parse(bytes: &[u8]) -> Result<ParsedList, UnreadableList> {
    check_size(bytes)?;
    let text = decode(bytes);
    if text.trim_start().starts_with('<') {
        return Err(UnreadableList::new(
            "byte 0",
            "the file is a web page, not a CSV file",
            "download the CSV behind the page of orders by hand",
        ));
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    // Lines end in two bytes: the reader counts the second with the next row.
    let two_byte_ends = text
        .split_once('\n')
        .is_some_and(|(first, _)| first.ends_with('\r'));
    let mut parsed = ParsedList::default();
    let mut header: Option<(Columns, Vec<String>)> = None;
    for (index, record) in reader.records().enumerate() {
        let number = index + 1;
        let record = record.map_err(|cause| {
            UnreadableList::new(
                format!("row {number}"),
                format!("the row cannot be read ({cause})"),
                "download the file again",
            )
        })?;
        let place = record.position().map_or_else(
            || format!("row {number}"),
            |position| {
                let line = position.line() + u64::from(two_byte_ends && number > 1);
                format!("row {number}, line {line}")
            },
        );
        let cells: Vec<String> = record.iter().map(tidy).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        match &header {
            Some((columns, names)) => {
                Row {
                    place: &place,
                    cells: &cells,
                    columns,
                }
                .read(names, &mut parsed);
            }
            None => match Columns::find(&cells) {
                Some(columns) => header = Some((columns, cells)),
                None if number > DEEPEST_HEADER => break,
                None => parsed.unread.push(Unread::new(
                    place,
                    "the row stands before the header",
                    &cells.join(" | "),
                )),
            },
        }
    }
    if header.is_none() {
        return Err(UnreadableList::new(
            format!("row {DEEPEST_HEADER}"),
            "no row up to here has the columns Entity, Effective Date and Status or WRO/Finding",
            "check that it is CBP's file of orders; if CBP has renamed its columns, tell us the new names",
        ));
    }
    if text.matches('"').count() % 2 == 1 {
        parsed.unread.push(Unread::new(
            "end of file",
            "a quotation mark is never closed: the file may be cut short, or rows run together",
            "",
        ));
    }
    make_ids_unique(&mut parsed.content.entries);
    Ok(parsed)
}

/// Where each column stands, whatever the order.
#[derive(Debug, Default, PartialEq, Eq)]
struct Columns {
    effective: Option<usize>,
    country_code: Option<usize>,
    country: Option<usize>,
    merchandise: Option<usize>,
    kind: Option<usize>,
    industry: Option<usize>,
    status: Option<usize>,
    press_release: Option<usize>,
    entity: Option<usize>,
    remarks: Option<usize>,
    year: Option<usize>,
}

impl Columns {
    fn find(cells: &[String]) -> Option<Self> {
        let mut columns = Self::default();
        for (index, cell) in cells.iter().enumerate() {
            let slot = match bare(cell).as_str() {
                "effectivedate" | "date" | "dateissued" | "issuedate" | "dateeffective"
                | "effective" => &mut columns.effective,
                "calendaryear" | "year" | "fiscalyear" => &mut columns.year,
                "countrycode" | "iso" | "isocode" => &mut columns.country_code,
                "country" | "countries" | "countryoforigin" | "countryname" => &mut columns.country,
                "merchandise" | "product" | "products" | "goods" | "commodity" => {
                    &mut columns.merchandise
                }
                "wrofinding" | "wroorfinding" | "wrofindings" | "wrosfindings" | "type"
                | "ordertype" | "action" | "actiontype" => &mut columns.kind,
                "industry" | "sector" => &mut columns.industry,
                "status" | "wrostatus" | "statusoforder" | "currentstatus" => &mut columns.status,
                "pressrelease" | "pressreleaselink" | "link" | "pressreleaseurl" => {
                    &mut columns.press_release
                }
                "entity" | "entities" | "entityname" | "nameofentity" | "manufacturer"
                | "manufacturers" | "company" | "entitys" | "manufacturerentity"
                | "entitymanufacturer" => &mut columns.entity,
                "remarks" | "remark" | "notes" | "comments" => &mut columns.remarks,
                _ => continue,
            };
            slot.get_or_insert(index);
        }
        let is_header = columns.entity.is_some()
            && (columns.effective.is_some() || columns.merchandise.is_some())
            && (columns.status.is_some() || columns.kind.is_some());
        is_header.then_some(columns)
    }
}

struct Row<'row> {
    place: &'row str,
    cells: &'row [String],
    columns: &'row Columns,
}

/// What every entry of one record takes from it.
struct Order {
    program: Option<&'static str>,
    status: EntryStatus,
    listed_on: Option<NaiveDate>,
    countries: Vec<Country>,
    merchandise: Option<String>,
    citation: String,
    remarks: Vec<String>,
}

impl Row<'_> {
    fn cell(&self, column: Option<usize>) -> &str {
        column
            .and_then(|column| self.cells.get(column))
            .map_or("", String::as_str)
    }

    fn read(&self, header: &[String], parsed: &mut ParsedList) {
        let line = self.cells.join(" | ");
        let columns = self.columns;
        if Columns::find(self.cells).is_some_and(|again| again == *columns) {
            parsed
                .unread
                .push(Unread::new(self.place, "the header is repeated", &line));
            return;
        }
        let entity = self.cell(columns.entity);
        let merchandise = self.cell(columns.merchandise);
        let facts = [
            columns.effective,
            columns.kind,
            columns.status,
            columns.country,
        ];
        let known = facts
            .into_iter()
            .filter(|column| !self.cell(*column).is_empty())
            .count();
        if known == 0 || (entity.is_empty() && merchandise.is_empty()) {
            let mut unread = Unread::new(self.place, "the row is not an order", &line);
            // Days and kinds of an order stand in no remark below the table.
            unread.lost = known > 0;
            parsed.unread.push(unread);
            return;
        }
        if entity.len() > LONGEST_NAME_CELL {
            parsed.unread.push(Unread::lost(
                self.place,
                "the entity cell is longer than any name",
                entity,
            ));
            return;
        }
        let order = self.order(header, parsed);
        let read = parse_entity(entity);
        for doubt in read.doubts {
            parsed.unread.push(Unread::new(self.place, doubt, entity));
        }
        let mut named = read.named;
        if named.is_empty() {
            // An order without an entity is on the country's goods.
            named.push(Named::good(merchandise));
        }
        let splits = named.len() > 1 || named.iter().any(|one| one.name != entity);
        for one in named {
            let cell = (splits && !entity.is_empty()).then_some(entity);
            parsed.content.entries.push(order.entry(one, cell));
        }
    }

    fn order(&self, header: &[String], parsed: &mut ParsedList) -> Order {
        let columns = self.columns;
        let mut doubt = |reason: String, found: &str| {
            parsed.unread.push(Unread::new(self.place, reason, found));
        };
        let date_cell = self.cell(columns.effective);
        let listed_on = parse_day(date_cell);
        if listed_on.is_none() {
            doubt(
                "the effective date is not a day; the entries are kept without one".to_owned(),
                date_cell,
            );
        }
        let kind_cell = self.cell(columns.kind);
        let program = program(kind_cell);
        if program.is_none() {
            doubt(
                "the row says neither WRO nor Finding; the entries are kept without it".to_owned(),
                kind_cell,
            );
        }
        let status_cell = self.cell(columns.status);
        let status = status(status_cell).unwrap_or_else(|| {
            doubt(
                "the status is not one we know; the entries are kept as presumed active".to_owned(),
                status_cell,
            );
            EntryStatus::PresumedActive
        });
        let (countries, unknown) =
            countries(self.cell(columns.country), self.cell(columns.country_code));
        if let Some(unknown) = unknown {
            doubt(
                "the country is not one we know; the entries are kept without it".to_owned(),
                &unknown,
            );
        }
        let day = listed_on.map_or_else(
            || ", date not given".to_owned(),
            |day| format!(" effective {day}"),
        );
        let press_release = match self.cell(columns.press_release) {
            "" => String::new(),
            link => format!(" ({link})"),
        };
        let citation = format!("CBP, {}{day}{press_release}", spoken(program));
        let remarks = [(columns.remarks, ""), (columns.industry, "industry: ")]
            .into_iter()
            .filter(|(column, _)| !self.cell(*column).is_empty())
            .map(|(column, label)| format!("{label}{}", self.cell(column)))
            .chain(self.unmapped(header))
            .collect();
        let merchandise = self.cell(columns.merchandise);
        Order {
            program,
            status,
            listed_on,
            countries,
            merchandise: Some(merchandise.to_owned()).filter(|goods| !goods.is_empty()),
            citation,
            remarks,
        }
    }

    /// Cells of columns that we do not know stay with the entry.
    fn unmapped(&self, header: &[String]) -> Vec<String> {
        let columns = self.columns;
        let mapped = [
            columns.effective,
            columns.country_code,
            columns.country,
            columns.merchandise,
            columns.kind,
            columns.industry,
            columns.status,
            columns.press_release,
            columns.entity,
            columns.remarks,
            columns.year,
        ];
        self.cells
            .iter()
            .enumerate()
            .filter(|(index, cell)| !cell.is_empty() && !mapped.contains(&Some(*index)))
            .map(
                |(index, cell)| match header.get(index).filter(|name| !name.is_empty()) {
                    Some(name) => format!("{name}: {cell}"),
                    None => cell.clone(),
                },
            )
            .collect()
    }
}

impl Order {
    fn entry(&self, named: Named, cell: Option<&str>) -> Entry {
        let mut remarks = Vec::new();
        remarks.extend(named.remark);
        remarks.extend(self.remarks.iter().cloned());
        remarks.extend(cell.map(|cell| format!("entity cell: {cell}")));
        let day = self
            .listed_on
            .map_or_else(|| "undated".to_owned(), |day| day.to_string());
        let order = match self.program {
            Some("Finding") => "finding",
            Some(_) => "wro",
            None => "order",
        };
        let countries = named
            .places
            .iter()
            .find_map(|place| Country::parse_name(place.rsplit(',').next().unwrap_or_default()))
            .map_or_else(|| self.countries.clone(), |country| vec![country]);
        Entry {
            id: format!("{}-{day}-{order}", slug(&named.name)),
            kind: named.kind,
            name: named.name,
            aliases: named.aliases,
            scope: named
                .scope
                .map_or(Scope::NamedParty, Scope::AndSubsidiaries),
            countries,
            addresses: named.places,
            identifiers: Vec::new(),
            programs: self.program.map(str::to_owned).into_iter().collect(),
            goods: self.merchandise.clone(),
            listed_on: self.listed_on,
            delisted_on: None,
            earlier: Vec::new(),
            status: self.status,
            citation: self.citation.clone(),
            remarks: Some(remarks.join("; ")).filter(|text| !text.is_empty()),
        }
    }
}

impl Named {
    fn good(merchandise: &str) -> Self {
        Self {
            kind: EntryKind::Good,
            name: merchandise.to_owned(),
            aliases: Vec::new(),
            scope: None,
            places: Vec::new(),
            remark: Some("the order names no entity".to_owned()),
        }
    }
}

fn program(cell: &str) -> Option<&'static str> {
    let words = bare(cell);
    if words.contains("finding") {
        Some("Finding")
    } else if words.contains("wro") || words.contains("withhold") {
        Some("WRO")
    } else {
        None
    }
}

fn spoken(program: Option<&str>) -> &'static str {
    match program {
        Some("Finding") => "finding",
        Some(_) => "withhold release order",
        None => "withhold release order or finding",
    }
}

/// 19 CFR 12.42: an order is active until modified or revoked.
fn status(cell: &str) -> Option<EntryStatus> {
    let cell = cell.to_ascii_lowercase();
    let says = |word: &str| {
        cell.split(|letter: char| !letter.is_ascii_alphabetic())
            .any(|each| each == word)
    };
    if says("revoked") {
        Some(EntryStatus::Revoked)
    } else if says("inactive") || says("terminated") {
        Some(EntryStatus::Inactive)
    } else if says("partially") || says("partial") || says("modified") {
        Some(EntryStatus::PartiallyActive)
    } else if says("active") || says("reinstated") {
        Some(EntryStatus::Active)
    } else {
        None
    }
}

/// The countries of a cell that may hold several, else of the code; and what
/// of it is no country.
fn countries(names: &str, code: &str) -> (Vec<Country>, Option<String>) {
    if let Some(country) = Country::parse(names) {
        return (vec![country], None);
    }
    let mut found = Vec::new();
    let mut unknown = None;
    for part in names
        .split(['/', ';', '&', '\n'])
        .flat_map(|part| part.split(" and "))
        .map(|part| {
            part.trim()
                .trim_end_matches("-flagged")
                .trim_end_matches("-owned")
        })
        .filter(|part| !part.is_empty())
    {
        match Country::parse(part) {
            Some(country) if !found.contains(&country) => found.push(country),
            Some(_) => {}
            None => unknown = Some(part.to_owned()),
        }
    }
    if found.is_empty() {
        found.extend(Country::from_alpha2(code).or_else(|| Country::parse(code)));
        if unknown.is_none()
            && found.is_empty()
            && !starts_with_word(code, "n/a")
            && !code.is_empty()
        {
            unknown = Some(code.to_owned());
        }
    }
    (found, unknown)
}

/// Two records of the same firm, day and kind differ in goods: both stay.
fn make_ids_unique(entries: &mut [Entry]) {
    let mut seen = std::collections::BTreeMap::<String, u32>::new();
    for entry in entries {
        let count = seen.entry(entry.id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            entry.id = format!("{}-{count}", entry.id);
        }
    }
}

//! The UFLPA Entity List as DHS publishes it: one HTML page, a table for each
//! sub-list, headed by the paragraph before it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html, Node};

use super::{
    entry::{Entry, EntryKind, EntryStatus, Scope},
    html_guard::check_page,
    html_table::{Cell, caption_of, is_hidden, line, rows_of},
    party_name::{PartyName, parse_party},
    snapshot::{Content, ParsedList, Unread},
    text::{LONGEST_NAME_CELL, decode, parse_day, slug, tidy},
    unreadable::{UnreadableList, check_size},
};
use crate::{country::Country, supplier::Alias};

/// Raised whenever the same bytes would be read to different entries.
pub const PARSER_VERSION: u32 = 1;

/// The list has four; a page with very many is something else.
const MOST_TABLES: usize = 200;

/// Reads the page. An entity on several sub-lists is one entry with several
/// programs; a subsidiary that a cell names is an entry of its own.
pub fn parse(bytes: &[u8]) -> Result<ParsedList, UnreadableList> {
    check_size(bytes)?;
    let page = decode(bytes);
    check_page(&page)?;
    let page = Html::parse_document(&page);
    let mut list = Listing::default();
    let mut tables = 0;
    let mut read_tables = 0;
    let mut heading = String::new();
    let mut inside_table = 0_usize;
    for edge in page.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) if element.name() == "table" => {
                    inside_table += 1;
                    // A table inside a table is layout; its rows are read as its own.
                    tables += 1;
                    if tables > MOST_TABLES {
                        return Err(UnreadableList::new(
                            format!("table {tables}"),
                            "the page has more tables than any edition of the list",
                            "open the page in a browser and check that it is the list",
                        ));
                    }
                    if let Some(table) = ElementRef::wrap(node)
                        && list.read_table(tables, &table, &heading)
                    {
                        read_tables += 1;
                    }
                    heading.clear();
                }
                Node::Text(words) if inside_table == 0 && !is_hidden(node) => {
                    heading.push(' ');
                    heading.push_str(words);
                }
                _ => {}
            },
            Edge::Close(node) => {
                if node
                    .value()
                    .as_element()
                    .is_some_and(|it| it.name() == "table")
                {
                    inside_table = inside_table.saturating_sub(1);
                }
            }
        }
    }
    if read_tables == 0 {
        return Err(UnreadableList::new(
            format!("table {tables}"),
            format!("of {tables} tables none has a column with names of entities"),
            "open the page in a browser: it may be an error page, or DHS has changed its form",
        ));
    }
    Ok(list.into_parsed())
}

/// Entries by slug of the name, and the order in which they first stood.
#[derive(Default)]
struct Listing {
    entries: Vec<Listed>,
    by_slug: BTreeMap<String, usize>,
    unread: Vec<Unread>,
}

struct Listed {
    entry: Entry,
    /// Sub-list and the date in its table, as they stood.
    places: Vec<(Option<String>, Option<NaiveDate>)>,
}

/// Where a row stands: for reports and for what its entries take from it.
struct RowPlace<'row> {
    place: &'row str,
    program: Option<&'row str>,
    listed_on: Option<NaiveDate>,
}

impl Listing {
    /// Whether the table was one of entities.
    fn read_table(&mut self, number: usize, table: &ElementRef, heading: &str) -> bool {
        let rows: Vec<Vec<Cell>> = rows_of(table);
        let Some((header_at, columns)) = rows
            .iter()
            .enumerate()
            .take(10)
            .find_map(|(index, cells)| Some((index, Columns::find(cells)?)))
        else {
            for (index, cells) in rows.iter().enumerate() {
                self.unread.push(Unread::new(
                    format!("table {number} row {}", index + 1),
                    "the table has no column with names of entities",
                    &line(cells),
                ));
            }
            return false;
        };
        let above: Vec<String> = rows
            .iter()
            .take(header_at)
            .map(|cells| line(cells))
            .collect();
        let caption = caption_of(table);
        let mut program = sub_list(&format!("{heading} {caption} {}", above.join(" ")));
        if program.is_none() {
            self.unread.push(Unread::new(
                format!("table {number}"),
                "no sub-list is named before the table; its entries are kept without one",
                heading,
            ));
        }
        for (index, cells) in rows.iter().enumerate().skip(header_at + 1) {
            let place = format!("table {number} row {}", index + 1);
            if cells.iter().all(|cell| cell.text.is_empty()) {
                continue;
            }
            if let [only] = cells.as_slice()
                && let Some(next) = sub_list(&only.text)
            {
                program = Some(next);
                continue;
            }
            if Columns::find(cells).is_some_and(|again| again == columns) {
                continue;
            }
            self.read_row(&place, cells, &columns, program.as_deref());
        }
        true
    }

    fn read_row(&mut self, place: &str, cells: &[Cell], columns: &Columns, program: Option<&str>) {
        let name_cell = cells
            .get(columns.name)
            .map_or("", |cell| cell.text.as_str());
        if !name_cell.chars().any(char::is_alphabetic) {
            self.unread
                .push(Unread::lost(place, "the row names no entity", &line(cells)));
            return;
        }
        if name_cell.len() > LONGEST_NAME_CELL {
            self.unread.push(Unread::lost(
                place,
                "the cell is longer than any name",
                name_cell,
            ));
            return;
        }
        let date_cell = columns
            .date
            .and_then(|column| cells.get(column))
            .map_or("", |cell| cell.text.as_str());
        let listed_on = parse_day(date_cell);
        if listed_on.is_none() {
            self.unread.push(Unread::new(
                place,
                "the effective date is not a day; the entry is kept without one",
                date_cell,
            ));
        }
        for (column, cell) in cells.iter().enumerate() {
            if column != columns.name && Some(column) != columns.date && !cell.text.is_empty() {
                self.unread.push(Unread::new(
                    place,
                    "a cell beside name and date is not read",
                    &cell.text,
                ));
            }
        }
        let row = RowPlace {
            place,
            program,
            listed_on,
        };
        self.add_party(&row, name_cell, parse_party(name_cell));
    }

    fn add_party(&mut self, row: &RowPlace<'_>, cell: &str, party: PartyName) {
        for doubt in &party.doubts {
            self.unread
                .push(Unread::new(row.place, doubt.clone(), cell));
        }
        let subsidiary_of = format!("named as part of {}", party.name);
        self.add(
            row,
            &party.name,
            party.aliases,
            party
                .scope
                .map_or(Scope::NamedParty, Scope::AndSubsidiaries),
            party.places,
            None,
        );
        for subsidiary in party.subsidiaries {
            let inner = parse_party(&subsidiary);
            self.add(
                row,
                &inner.name,
                inner.aliases,
                Scope::NamedParty,
                inner.places,
                Some(subsidiary_of.clone()),
            );
        }
    }

    fn add(
        &mut self,
        row: &RowPlace<'_>,
        name: &str,
        aliases: Vec<Alias>,
        scope: Scope,
        addresses: Vec<String>,
        remarks: Option<String>,
    ) {
        let id = slug(name);
        let index = *self.by_slug.entry(id.clone()).or_insert_with(|| {
            self.entries.push(Listed::new(id, name));
            self.entries.len() - 1
        });
        let Some(listed) = self.entries.get_mut(index) else {
            return;
        };
        listed
            .places
            .push((row.program.map(str::to_owned), row.listed_on));
        let entry = &mut listed.entry;
        for alias in aliases {
            if alias.name != entry.name && !entry.aliases.contains(&alias) {
                entry.aliases.push(alias);
            }
        }
        if entry.scope == Scope::NamedParty {
            entry.scope = scope;
        }
        for address in addresses {
            if !entry.addresses.contains(&address) {
                entry.addresses.push(address);
            }
        }
        if entry.remarks.is_none() {
            entry.remarks = remarks;
        }
        if let Some(program) = row.program
            && !entry.programs.iter().any(|known| known == program)
        {
            entry.programs.push(program.to_owned());
        }
        entry.listed_on = [entry.listed_on, row.listed_on].into_iter().flatten().min();
    }

    fn into_parsed(self) -> ParsedList {
        let entries = self.entries.into_iter().map(Listed::into_entry).collect();
        ParsedList {
            content: Content {
                entries,
                ..Content::default()
            },
            unread: self.unread,
        }
    }
}

impl Listed {
    fn new(id: String, name: &str) -> Self {
        let mut countries = vec![Country::CHINA];
        // Supplier lists give either code for a firm of Hong Kong.
        if name.contains("Hong Kong") {
            countries.extend(Country::from_alpha2("HK"));
        }
        Self {
            entry: Entry {
                id,
                kind: EntryKind::Organization,
                name: name.to_owned(),
                aliases: Vec::new(),
                scope: Scope::NamedParty,
                countries,
                addresses: Vec::new(),
                identifiers: Vec::new(),
                programs: Vec::new(),
                goods: None,
                listed_on: None,
                delisted_on: None,
                earlier: Vec::new(),
                status: EntryStatus::Active,
                citation: String::new(),
                remarks: None,
            },
            places: Vec::new(),
        }
    }

    /// One entity may carry a date for each sub-list: the entry has the first,
    /// the remarks have all.
    fn into_entry(self) -> Entry {
        let mut entry = self.entry;
        entry.citation = entry.listed_on.map_or_else(
            || "UFLPA Entity List, DHS".to_owned(),
            |day| format!("UFLPA Entity List, DHS, effective {day}"),
        );
        if self.places.len() > 1 {
            let dated: Vec<String> = self
                .places
                .iter()
                .map(|(program, day)| {
                    let program = program.as_deref().unwrap_or("sub-list not named");
                    day.map_or_else(
                        || program.to_owned(),
                        |day| format!("{program} since {day}"),
                    )
                })
                .collect();
            let dated = dated.join("; ");
            entry.remarks = Some(match entry.remarks {
                Some(remark) => format!("{remark}; {dated}"),
                None => dated,
            });
        }
        entry
    }
}

/// The last sub-list that the text names, by its paragraph in section
/// 2(d)(2)(B) of P.L. 117-78, or else by the words of that paragraph.
fn sub_list(text: &str) -> Option<String> {
    const PARAGRAPHS: [&str; 5] = ["(iii)", "(ii)", "(iv)", "(i)", "(v)"];
    const WORDS: [(&str, &str); 4] = [
        ("mine, produce, or manufacture", "(i)"),
        ("to recruit, transport, transfer, harbor", "(ii)"),
        ("exported products", "(iv)"),
        ("source material from", "(v)"),
    ];
    let text = tidy(text).to_lowercase();
    let dense: String = text.split(' ').collect();
    let by_number = dense.rfind("2(d)(2)(b)(").and_then(|at| {
        let paragraph = dense.get(at + "2(d)(2)(b)".len()..)?;
        PARAGRAPHS
            .iter()
            .find(|known| paragraph.starts_with(**known))
    });
    let by_words = || {
        WORDS
            .iter()
            .filter_map(|(words, paragraph)| Some((text.rfind(words)?, paragraph)))
            .max()
            .map(|(_, paragraph)| paragraph)
    };
    by_number
        .or_else(by_words)
        .map(|paragraph| format!("2(d)(2)(B){paragraph}"))
}

#[derive(PartialEq, Eq)]
struct Columns {
    name: usize,
    date: Option<usize>,
}

impl Columns {
    fn find(cells: &[Cell]) -> Option<Self> {
        let position = |wanted: &dyn Fn(&str) -> bool| {
            cells
                .iter()
                .position(|cell| cell.text.len() <= 60 && wanted(&cell.text.to_lowercase()))
        };
        let date = position(&|text| text.contains("date"));
        let name = position(&|text| {
            matches!(text, "name" | "names" | "entity" | "entities")
                || (text.contains("entity") || text.contains("entities")) && text.contains("name")
        })?;
        (date.is_some() || cells.iter().all(|cell| cell.heads)).then_some(Self { name, date })
    }
}

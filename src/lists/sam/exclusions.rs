//! SAM's table of exclusions. One exclusion may take several rows, one a cause
//! or agency; rows with one SAM number that stand together are one entry.

use std::io::BufRead;

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::{
    CHECK,
    cells::{MOST_ALIASES, cross_references, is_masked, names_no_country},
};
use crate::{
    country::Country,
    identifier::{Identifier, Scheme},
    lists::csl::looks_like_a_person,
    lists::{
        entry::{Entry, EntryKind, EntryStatus},
        reading::{ListRow, Summary},
        snapshot::Unread,
        table_rows::{Header, Row, TableRows},
        text::{cut, parse_day},
        unreadable::UnreadableList,
    },
    supplier::{Alias, AliasKind},
};

/// Reads the table. Memory is that of one exclusion and eight bytes a number.
pub fn parse(
    input: impl BufRead,
    take: &mut dyn FnMut(ListRow),
) -> Result<Summary, UnreadableList> {
    let mut rows = TableRows::open(input, "", Some(b','), CHECK)?;
    let header = rows.header(
        &[
            &["classification"],
            &["name"],
            &["excludingagency"],
            &["samnumber"],
            &["terminationdate"],
        ],
        CHECK,
        &mut |unread| take(ListRow::Unread(unread)),
    )?;
    let columns = Columns::of(&header);
    let mut summary = Summary::default();
    let mut open: Option<Exclusion> = None;
    let mut numbers: FxHashMap<u64, u32> = FxHashMap::default();
    while let Some(mut row) = rows.next_row()? {
        if header.repeats_in(&row) {
            take(ListRow::Unread(Unread::new(
                &row.place,
                "the header is repeated",
                "",
            )));
            continue;
        }
        summary.records += 1;
        let mended = columns.mend(&mut row, header.len());
        let read = match columns.read(&row, header.len()) {
            Ok(read) => read,
            Err(reason) => {
                // Never the row itself: it may be a natural person's.
                let kind = row.cell(columns.classification);
                take(ListRow::Unread(Unread::lost(&row.place, reason, kind)));
                continue;
            }
        };
        if mended {
            let reason = "quotation marks in the comments are broken; the row is read around them";
            take(ListRow::Unread(Unread::new(
                &row.place,
                reason,
                &read.number,
            )));
        }
        if row.cell(columns.classification).is_empty() {
            let reason = "the row has no classification; the entry is kept as its name reads";
            take(ListRow::Unread(Unread::new(
                &row.place,
                reason,
                &read.number,
            )));
        }
        if let Some(place) = &read.unknown_country {
            let reason = "the country is not one we know; the entry is kept without it";
            take(ListRow::Unread(Unread::new(&row.place, reason, place)));
        }
        match &mut open {
            Some(exclusion) if exclusion.number == read.number => exclusion.add(read),
            _ => {
                if let Some(finished) = open.replace(read) {
                    take(ListRow::Entry(Box::new(finished.into_entry(&mut numbers))));
                }
            }
        }
    }
    if let Some(finished) = open {
        take(ListRow::Entry(Box::new(finished.into_entry(&mut numbers))));
    }
    if summary.records == 0 {
        return Err(UnreadableList::new(
            "row 1",
            "the table holds no rows",
            CHECK,
        ));
    }
    Ok(summary)
}

struct Columns {
    classification: Option<usize>,
    name: Option<usize>,
    person: [Option<usize>; 5],
    address: [Option<usize>; 4],
    city: Option<usize>,
    state: Option<usize>,
    zip: Option<usize>,
    country: Option<usize>,
    uei: Option<usize>,
    duns: Option<usize>,
    program: Option<usize>,
    agency: Option<usize>,
    ct_code: Option<usize>,
    kind: Option<usize>,
    comments: Option<usize>,
    active: Option<usize>,
    termination: Option<usize>,
    status: Option<usize>,
    cross_reference: Option<usize>,
    number: Option<usize>,
    cage: Option<usize>,
    npi: Option<usize>,
}

/// One exclusion, from one or more rows.
struct Exclusion {
    number: String,
    kind: EntryKind,
    name: String,
    aliases: Vec<Alias>,
    addresses: Vec<String>,
    countries: Vec<Country>,
    unknown_country: Option<String>,
    identifiers: Vec<Identifier>,
    programs: Vec<String>,
    active_on: Option<NaiveDate>,
    /// `None`: indefinite, or not stated.
    ends_on: Option<NaiveDate>,
    in_force: bool,
    remarks: Vec<String>,
}

impl Columns {
    fn of(header: &Header) -> Self {
        let at = |name: &str| header.column(&[name]);
        Self {
            classification: at("classification"),
            name: at("name"),
            person: [
                at("last"),
                at("first"),
                at("middle"),
                at("suffix"),
                at("prefix"),
            ],
            address: [
                at("address1"),
                at("address2"),
                at("address3"),
                at("address4"),
            ],
            city: at("city"),
            state: at("stateprovince"),
            zip: at("zipcode"),
            country: at("country"),
            uei: header.column(&["uniqueentityid", "uniqueentityidentifiersam"]),
            duns: header.column(&["uniqueentityidentifierduns", "duns"]),
            program: at("exclusionprogram"),
            agency: at("excludingagency"),
            ct_code: at("ctcode"),
            kind: at("exclusiontype"),
            comments: at("additionalcomments"),
            active: at("activedate"),
            termination: at("terminationdate"),
            status: at("recordstatus"),
            cross_reference: at("crossreference"),
            number: at("samnumber"),
            cage: at("cage"),
            npi: at("npi"),
        }
    }

    /// A comment with broken quotation marks comes apart at its commas. Where the
    /// cells behind it are what they should be, it is put together again.
    fn mend(&self, row: &mut Row, cells: usize) -> bool {
        let Some(extra) = row
            .cells
            .len()
            .checked_sub(cells)
            .filter(|extra| *extra > 0)
        else {
            return false;
        };
        let Some(comments) = self.comments else {
            return false;
        };
        let behind = |column: Option<usize>| row.cell(column.map(|column| column + extra));
        let is_day = |text: &str| text.is_empty() || parse_day(text).is_some();
        let number = behind(self.number);
        let fits = is_day(behind(self.active))
            && (is_day(behind(self.termination)) || behind(self.termination) == "Indefinite")
            && (1..=14).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !fits || comments + extra >= row.cells.len() {
            return false;
        }
        let parts: Vec<String> = row.cells.drain(comments..=comments + extra).collect();
        row.cells.insert(comments, parts.join(", "));
        true
    }

    fn read(&self, row: &Row, cells: usize) -> Result<Exclusion, String> {
        if row.cells.len() != cells {
            return Err(format!(
                "the row has {} of {cells} cells: the file may be cut short, or a quotation mark is missing",
                row.cells.len()
            ));
        }
        let cell = |column| row.cell(column);
        let kind = match cell(self.classification) {
            "" if self.person.iter().any(|part| !cell(*part).is_empty()) => EntryKind::Person,
            "" if looks_like_a_person(cell(self.name), false) => EntryKind::Person,
            "Firm" | "Special Entity Designation" | "" => EntryKind::Organization,
            "Individual" => EntryKind::Person,
            "Vessel" => EntryKind::Vessel,
            _ => return Err("the classification is not one we know".to_owned()),
        };
        let number = cell(self.number);
        if number.is_empty() {
            return Err("the row has no SAM number".to_owned());
        }
        let mut aliases = Vec::new();
        let own_name = cell(self.name);
        let name = if kind == EntryKind::Person {
            let [last, first, middle, suffix, _] = self.person.map(cell);
            let given = [first, middle, suffix]
                .into_iter()
                .filter(|part| !part.is_empty());
            let given = given.collect::<Vec<_>>().join(" ");
            match (last, given.as_str()) {
                ("", "") => own_name.to_owned(),
                (last, "") => last.to_owned(),
                (last, given) => {
                    if !own_name.is_empty() {
                        aliases.push(cross_reference(own_name));
                    }
                    format!("{last}, {given}")
                }
            }
        } else {
            own_name.to_owned()
        };
        if name.is_empty() {
            return Err("the row has no name".to_owned());
        }
        let terminates = cell(self.termination);
        let ends_on = parse_day(terminates);
        if ends_on.is_none()
            && !terminates.is_empty()
            && !terminates.eq_ignore_ascii_case("indefinite")
        {
            return Err("the termination date is neither a day nor \"Indefinite\"".to_owned());
        }
        aliases.extend(
            cross_references(cell(self.cross_reference))
                .iter()
                .map(|name| cross_reference(name)),
        );

        let country = cell(self.country);
        // SAM's own code of Kosovo.
        let known = Country::parse(if country == "XKS" { "XK" } else { country });
        let unknown = known.is_none() && !names_no_country(country);
        let line = self
            .address
            .into_iter()
            .chain([self.city, self.state, self.zip])
            .map(cell)
            .filter(|part| !part.is_empty() && *part != "XX")
            .collect::<Vec<_>>()
            .join(", ");
        let is_person = kind == EntryKind::Person;
        let schemes = [
            (self.uei, Scheme::Uei),
            (self.duns, Scheme::Duns),
            (self.cage, Scheme::Cage),
            (self.npi, Scheme::Other),
        ];
        let identifiers = schemes
            .into_iter()
            .filter(|_| !is_person)
            .map(|(column, scheme)| (cell(column), scheme))
            .filter(|(value, _)| !is_masked(value))
            .filter_map(|(value, scheme)| Identifier::parse(scheme, value))
            .collect();
        let program = [cell(self.agency), cell(self.ct_code)];
        let program = program
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        let comments = cell(self.comments);
        let remarks = [
            (cell(self.kind), ""),
            (cell(self.program), "exclusion program: "),
            (
                if comments.contains("masked from view") {
                    ""
                } else {
                    comments
                },
                "",
            ),
        ]
        .into_iter()
        .filter(|(text, _)| !is_person && !text.is_empty())
        .map(|(text, label)| format!("{label}{}", cut(text)))
        .collect();
        Ok(Exclusion {
            number: number.to_owned(),
            kind,
            name,
            aliases,
            addresses: Some(line)
                .filter(|line| !line.is_empty())
                .into_iter()
                .collect(),
            countries: known.into_iter().collect(),
            unknown_country: unknown.then(|| country.to_owned()),
            identifiers,
            programs: Some(program)
                .filter(|program| !program.is_empty())
                .into_iter()
                .collect(),
            active_on: parse_day(cell(self.active)),
            ends_on,
            in_force: !cell(self.status).eq_ignore_ascii_case("inactive"),
            remarks,
        })
    }
}

fn cross_reference(name: &str) -> Alias {
    Alias {
        name: name.to_owned(),
        kind: AliasKind::CrossReference,
    }
}

impl Exclusion {
    /// Another row of the same exclusion.
    fn add(&mut self, other: Self) {
        if other.name != self.name {
            self.aliases.push(cross_reference(&other.name));
        }
        self.aliases.extend(other.aliases);
        self.addresses.extend(other.addresses);
        self.countries.extend(other.countries);
        self.identifiers.extend(other.identifiers);
        self.programs.extend(other.programs);
        self.remarks.extend(other.remarks);
        self.active_on = match (self.active_on, other.active_on) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        // The party is excluded until the last of its exclusions ends.
        self.ends_on = match (self.ends_on, other.ends_on) {
            (Some(one), Some(two)) => Some(one.max(two)),
            _ => None,
        };
        self.in_force |= other.in_force;
    }

    fn into_entry(self, numbers: &mut FxHashMap<u64, u32>) -> Entry {
        let seen = numbers.entry(hash_of(&self.number)).or_default();
        *seen += 1;
        let id = if *seen == 1 {
            self.number.clone()
        } else {
            format!("{}-{seen}", self.number)
        };
        let citation = format!("SAM.gov exclusions, SAM number {}", self.number);
        let mut entry = Entry::new(id, self.name, citation);
        entry.kind = self.kind;
        entry.aliases = once_each(self.aliases);
        entry.aliases.retain(|alias| alias.name != entry.name);
        entry.addresses = once_each(self.addresses);
        entry.countries = once_each(self.countries);
        entry.identifiers = once_each(self.identifiers);
        entry.programs = once_each(self.programs);
        entry.listed_on = self.active_on;
        entry.delisted_on = self.ends_on;
        entry.status = if self.in_force {
            EntryStatus::Active
        } else {
            EntryStatus::Inactive
        };
        entry.remarks =
            Some(once_each(self.remarks).join("; ")).filter(|remarks| !remarks.is_empty());
        entry
    }
}

fn hash_of(number: &str) -> u64 {
    use std::hash::{BuildHasher, BuildHasherDefault};
    BuildHasherDefault::<rustc_hash::FxHasher>::default().hash_one(number)
}

/// Few items each: comparing all pairs costs nothing.
fn once_each<T: PartialEq>(items: Vec<T>) -> Vec<T> {
    let mut kept: Vec<T> = Vec::with_capacity(items.len());
    for item in items {
        if kept.len() < MOST_ALIASES && !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}

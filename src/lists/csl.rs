//! Commerce's Consolidated Screening List: the lists of Commerce, State and
//! Treasury in one table, the BIS Entity List among them.

use std::{collections::BTreeSet, io::BufRead};

use sha2::{Digest, Sha256};

use super::{
    entry::{Entry, EntryKind},
    name_list::{bare, is_legal_form},
    reading::{ListRow, Summary},
    snapshot::Unread,
    table_rows::{Header, Row, TableRows},
    text::{parse_day, slug},
    unreadable::UnreadableList,
};
use crate::{
    country::Country,
    identifier::{Identifier, Scheme},
    supplier::{Alias, AliasKind},
};

/// Raised whenever the same bytes would be read to different entries.
pub const PARSER_VERSION: u32 = 1;

const CHECK: &str = "check that it is the Consolidated Screening List of trade.gov";

/// Reads the table. Memory is that of one row and of the ids seen.
pub fn parse(
    input: impl BufRead,
    take: &mut dyn FnMut(ListRow),
) -> Result<Summary, UnreadableList> {
    let mut rows = TableRows::open(input, "", Some(b','), CHECK)?;
    let header = rows.header(
        &[
            &["source"],
            &["name"],
            &["addresses"],
            &["altnames"],
            &["startdate"],
        ],
        CHECK,
        &mut |unread| take(ListRow::Unread(unread)),
    )?;
    let columns = Columns::of(&header);
    let mut summary = Summary::default();
    let mut seen = BTreeSet::new();
    while let Some(row) = rows.next_row()? {
        summary.records += 1;
        if row.cells.len() != header.len() {
            let reason = format!(
                "the row has {} of {} cells: the file may be cut short",
                row.cells.len(),
                header.len()
            );
            take(ListRow::Unread(Unread::lost(
                &row.place,
                reason,
                row.cell(columns.source),
            )));
            continue;
        }
        match columns.entry(&row) {
            Ok((mut entry, unknown)) => {
                let mut copies = 1;
                let id = entry.id.clone();
                while !seen.insert(short(&entry.id)) {
                    copies += 1;
                    entry.id = format!("{id}-{copies}");
                }
                for place in unknown {
                    let reason = "the country is not one we know; the entry is kept without it";
                    take(ListRow::Unread(Unread::new(&row.place, reason, &place)));
                }
                take(ListRow::Entry(Box::new(entry)));
            }
            Err(reason) => take(ListRow::Unread(Unread::lost(
                &row.place,
                reason,
                row.cell(columns.source),
            ))),
        }
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

fn short(id: &str) -> [u8; 16] {
    let digest = Sha256::digest(id);
    let mut short = [0; 16];
    for (to, from) in short.iter_mut().zip(digest) {
        *to = from;
    }
    short
}

struct Columns {
    source: Option<usize>,
    number: Option<usize>,
    kind: Option<usize>,
    programs: Option<usize>,
    name: Option<usize>,
    addresses: Option<usize>,
    notice: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    alt_names: Option<usize>,
    citizenships: Option<usize>,
    nationalities: Option<usize>,
    flag: Option<usize>,
    ids: Option<usize>,
    information: Option<usize>,
    /// Kept as remarks, with the column's name.
    remarks: Vec<(Option<usize>, &'static str)>,
}

impl Columns {
    fn of(header: &Header) -> Self {
        let at = |name: &str| header.column(&[name]);
        Self {
            source: at("source"),
            number: at("entitynumber"),
            kind: at("type"),
            programs: at("programs"),
            name: at("name"),
            addresses: at("addresses"),
            notice: at("federalregisternotice"),
            start: at("startdate"),
            end: at("enddate"),
            alt_names: at("altnames"),
            citizenships: at("citizenships"),
            nationalities: at("nationalities"),
            flag: at("vesselflag"),
            ids: at("ids"),
            information: at("sourceinformationurl"),
            remarks: [
                ("title", "title: "),
                ("licenserequirement", "license requirement: "),
                ("licensepolicy", "license policy: "),
                ("standardorder", "standard order: "),
                ("callsign", "call sign: "),
                ("vesseltype", "vessel type: "),
                ("grosstonnage", "gross tonnage: "),
                ("grossregisteredtonnage", "gross registered tonnage: "),
                ("vesselowner", "vessel owner: "),
                ("remarks", ""),
            ]
            .into_iter()
            .map(|(name, label)| (at(name), label))
            .collect(),
        }
    }

    /// The entry, with the countries that we do not know.
    fn entry(&self, row: &Row) -> Result<(Entry, Vec<String>), String> {
        let name = row.cell(self.name);
        if name.is_empty() {
            return Err("the row has no name".to_owned());
        }
        let list = row.cell(self.source);
        if list.is_empty() {
            return Err("the row does not say from which list it is".to_owned());
        }
        let code = list_code(list);
        let start = row.cell(self.start);
        let kind = kind(row.cell(self.kind), &code, name);
        let is_person = kind == EntryKind::Person;
        let key = match row.cell(self.number) {
            // An id is given out, a person's name is not.
            "" if is_person => hex::encode(short(&format!("{name}/{start}"))),
            "" => [&slug(name), start]
                .join("-")
                .trim_end_matches('-')
                .to_owned(),
            number => number.to_owned(),
        };
        let notice = [self.notice, self.information]
            .into_iter()
            .map(|column| row.cell(column))
            .find(|text| !text.is_empty());
        let citation = match notice {
            Some(notice) => format!("{list}, {notice}"),
            None => list.to_owned(),
        };
        let mut entry = Entry::new(format!("{}-{key}", code.to_lowercase()), name, citation);
        entry.kind = kind;

        entry.aliases = items(row.cell(self.alt_names))
            .filter(|alias| *alias != name)
            .map(|alias| Alias {
                name: alias.to_owned(),
                kind: AliasKind::AlsoKnownAs,
            })
            .collect();
        entry.addresses = items(row.cell(self.addresses)).map(str::to_owned).collect();
        let mut unknown = Vec::new();
        let mut countries = BTreeSet::new();
        for address in items(row.cell(self.addresses)) {
            // The last part of an address is a code of two letters.
            let code = address.rsplit(", ").next().unwrap_or_default();
            countries.extend(Country::from_alpha2(code));
        }
        for column in [self.citizenships, self.nationalities, self.flag] {
            for country in items(row.cell(column)) {
                match Country::parse(country) {
                    Some(country) => {
                        countries.insert(country);
                    }
                    None if country.starts_with("None") || country == "XX" => {}
                    None => unknown.push(country.to_owned()),
                }
            }
        }
        entry.countries = countries.into_iter().collect();
        entry.programs = std::iter::once(code)
            .chain(items(row.cell(self.programs)).map(str::to_owned))
            .collect();
        entry.listed_on = parse_day(start);
        entry.delisted_on = parse_day(row.cell(self.end));
        // Papers and birth of a person stay in the kept file.
        if !is_person {
            let identifiers: BTreeSet<_> =
                items(row.cell(self.ids)).filter_map(identifier).collect();
            entry.identifiers = identifiers.into_iter().collect();
            let remarks: Vec<String> = self
                .remarks
                .iter()
                .map(|(column, label)| (row.cell(*column), label))
                .filter(|(text, _)| !text.is_empty())
                .map(|(text, label)| format!("{label}{text}"))
                .collect();
            entry.remarks = Some(remarks.join("; ")).filter(|remarks| !remarks.is_empty());
        }
        Ok((entry, unknown))
    }
}

fn items(cell: &str) -> impl Iterator<Item = &str> {
    cell.split("; ")
        .map(|item| item.trim_matches([' ', ';']))
        .filter(|item| !item.is_empty())
}

/// "EL" of "Entity List (EL) - Bureau of Industry and Security".
fn list_code(list: &str) -> String {
    let in_brackets = list
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(')'))
        .map(|(code, _)| code.trim());
    match in_brackets {
        Some(code) if !code.is_empty() && code.len() <= 8 => code.to_owned(),
        _ => slug(list),
    }
}

/// Most lists of Commerce and State do not say whether they name a natural
/// person, and a person's name is never given out: where in doubt, it is one.
fn kind(published: &str, code: &str, name: &str) -> EntryKind {
    match published.to_ascii_lowercase().as_str() {
        "individual" => EntryKind::Person,
        "vessel" => EntryKind::Vessel,
        "aircraft" => EntryKind::Aircraft,
        "" if looks_like_a_person(name, matches!(code, "DPL" | "DTC")) => EntryKind::Person,
        _ => EntryKind::Organization,
    }
}

/// A few words of letters, none of them a firm's or an institution's. The lists
/// of denied and debarred parties name mostly persons, also with long names.
pub(super) fn looks_like_a_person(name: &str, mostly_persons: bool) -> bool {
    const OF_FIRMS: [&str; 62] = [
        "academy",
        "aero",
        "aerospace",
        "agency",
        "air",
        "airlines",
        "army",
        "association",
        "aviation",
        "bank",
        "brigade",
        "bureau",
        "center",
        "centre",
        "college",
        "command",
        "committee",
        "company",
        "corps",
        "department",
        "directorate",
        "electronic",
        "electronics",
        "energy",
        "engineering",
        "enterprise",
        "enterprises",
        "equipment",
        "export",
        "exports",
        "factory",
        "force",
        "forces",
        "foundation",
        "global",
        "group",
        "guard",
        "holding",
        "holdings",
        "import",
        "industrial",
        "industries",
        "industry",
        "institute",
        "international",
        "laboratory",
        "logistics",
        "marine",
        "ministry",
        "network",
        "organization",
        "plant",
        "research",
        "school",
        "services",
        "shipping",
        "solutions",
        "systems",
        "tech",
        "technologies",
        "technology",
        "trading",
    ];
    let words: Vec<String> = name
        .split([' ', '-'])
        .map(bare)
        .filter(|word| !word.is_empty())
        .collect();
    let longest = if mostly_persons { 5 } else { 3 };
    (2..=longest).contains(&words.len())
        && !words
            .iter()
            .any(|word| is_legal_form(word) || OF_FIRMS.contains(&word.as_str()))
        && words
            .iter()
            .all(|word| word.chars().all(char::is_alphabetic))
        && !words
            .iter()
            .any(|word| matches!(word.as_str(), "of" | "for" | "and" | "university"))
}

/// "US, 80-0890696, Tax ID No.": country, number, kind.
fn identifier(item: &str) -> Option<Identifier> {
    let lower = item.to_lowercase();
    let number = item
        .split(", ")
        .filter(|part| part.bytes().filter(u8::is_ascii_digit).count() >= 4)
        .max_by_key(|part| part.len())?;
    let scheme = if lower.contains("imo") || lower.contains("vessel registration") {
        Scheme::Imo
    } else if lower.contains("d-u-n-s") {
        Scheme::Duns
    } else if lower.contains("social credit") {
        Scheme::Uscc
    } else if lower.contains("legal entity") {
        Scheme::Lei
    } else if [
        "tax id",
        "registration",
        "nit #",
        "ruc #",
        "company number",
        "mmsi",
    ]
    .iter()
    .any(|words| lower.contains(words))
    {
        Scheme::Other
    } else {
        return None;
    };
    let number = number.trim_start_matches("IMO").trim();
    let found = Identifier::parse(scheme, number)?;
    (scheme != Scheme::Other || found.value.len() >= 8).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_a_type_is_a_person_unless_it_looks_like_a_firm() {
        assert_eq!(kind("", "DPL", "JOHN Q EXAMPLE"), EntryKind::Person);
        assert_eq!(
            kind("", "DPL", "EXAMPLE AVIATION SERVICES"),
            EntryKind::Organization
        );
        assert_eq!(
            kind("", "DPL", "EXAMPLE PARTS LTD."),
            EntryKind::Organization
        );
        assert_eq!(
            kind("", "EL", "54th Research Institute"),
            EntryKind::Organization
        );
        assert_eq!(kind("", "EL", "Some Invented Name"), EntryKind::Person);
        assert_eq!(
            kind("", "EL", "Example University Press"),
            EntryKind::Organization
        );
        assert_eq!(kind("Individual", "SDN", "X"), EntryKind::Person);
    }

    #[test]
    fn list_codes_and_identifiers() {
        assert_eq!(
            list_code("Entity List (EL) - Bureau of Industry and Security"),
            "EL"
        );
        assert_eq!(list_code("Some List"), "some-list");
        let found = identifier("US, 80-0890696, Tax ID No.").unwrap();
        assert_eq!(
            (found.scheme, found.value.as_str()),
            (Scheme::Other, "800890696")
        );
        assert_eq!(identifier("IR, A1234567, Passport"), None);
    }
}

//! Lists of the operator's own: an NGO's report, a block list. CSV with a header
//! or one JSON object a line. Every row says where it is from.

use std::{collections::BTreeSet, io::BufRead};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    entry::{Entry, EntryKind, Scope},
    lines::Lines,
    name_list::bare,
    reading::{ListRow, Summary},
    snapshot::Unread,
    table_rows::TableRows,
    text::{parse_day, person_id, slug, tidy},
    unreadable::UnreadableList,
};
use crate::{
    country::Country,
    identifier::Identifier,
    supplier::{Alias, AliasKind},
};

/// Raised whenever the same bytes would be read to different entries.
pub const PARSER_VERSION: u32 = 3;

const CHECK: &str = "see docs/lists.md for the columns: name and citation are needed";

/// What a column or a field may be called, in lower case without marks.
const FIELDS: [(Field, &[&str]); 15] = [
    (Field::Id, &["id", "entryid", "uid"]),
    (
        Field::Name,
        &["name", "entity", "company", "listedname", "partyname"],
    ),
    (
        Field::Citation,
        &["citation", "source", "reference", "sourceurl", "url"],
    ),
    (Field::Kind, &["kind", "type", "entitytype"]),
    (
        Field::Aliases,
        &["aliases", "alias", "aka", "altnames", "alsoknownas"],
    ),
    (Field::WeakAliases, &["weakaliases", "weakalias"]),
    (
        Field::FormerNames,
        &["formernames", "formername", "formerlyknownas", "fka"],
    ),
    (Field::Countries, &["countries", "country"]),
    (Field::Addresses, &["addresses", "address"]),
    (
        Field::Identifiers,
        &["identifiers", "identifier", "ids", "registrationnumber"],
    ),
    (Field::Programs, &["programs", "program", "list", "reason"]),
    (
        Field::Goods,
        &["goods", "merchandise", "product", "products"],
    ),
    (Field::Scope, &["scope", "reach"]),
    (
        Field::ListedOn,
        &["listedon", "listed", "date", "startdate", "from"],
    ),
    (
        Field::DelistedOn,
        &["delistedon", "delisted", "enddate", "to", "until"],
    ),
];
const REMARKS: &[&str] = &["remarks", "remark", "note", "notes", "comment", "comments"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Id,
    Name,
    Citation,
    Kind,
    Aliases,
    WeakAliases,
    FormerNames,
    Countries,
    Addresses,
    Identifiers,
    Programs,
    Goods,
    Scope,
    ListedOn,
    DelistedOn,
    Remarks,
    /// Kept as a remark, with its name.
    Unknown,
}

impl Field {
    fn named(title: &str) -> Self {
        let name = bare(title);
        if REMARKS.contains(&name.as_str()) {
            return Self::Remarks;
        }
        FIELDS
            .iter()
            .find(|(_, names)| names.contains(&name.as_str()))
            .map_or(Self::Unknown, |(field, _)| *field)
    }
}

/// Reads a table with a header row.
pub fn parse_csv(
    input: impl BufRead,
    take: &mut dyn FnMut(ListRow),
) -> Result<Summary, UnreadableList> {
    let mut rows = TableRows::open(input, "", None, CHECK)?;
    let names = |wanted: Field| {
        FIELDS
            .iter()
            .find(|(field, _)| *field == wanted)
            .map_or(&[][..], |(_, names)| names)
    };
    let header = rows.header(
        &[names(Field::Name), names(Field::Citation)],
        CHECK,
        &mut |unread| take(ListRow::Unread(unread)),
    )?;
    let fields: Vec<Field> = header
        .titles
        .iter()
        .map(|title| Field::named(title))
        .collect();
    let mut list = List::new(take);
    while let Some(row) = rows.next_row()? {
        let cells = row.cells.iter().zip(fields.iter().zip(&header.titles));
        let filled: Vec<_> = cells
            .filter(|(cell, _)| !cell.is_empty())
            .flat_map(|(cell, (field, title))| {
                values(cell, *field).map(move |value| (*field, title.clone(), value))
            })
            .collect();
        let extra = row.cells.len() > header.len();
        list.add(
            &row.place,
            &filled,
            extra.then_some("the row has more cells than the header"),
        );
    }
    list.finish()
}

/// A cell of names, countries or programs may hold several.
fn values(cell: &str, field: Field) -> impl Iterator<Item = String> {
    let several = matches!(
        field,
        Field::Aliases
            | Field::WeakAliases
            | Field::FormerNames
            | Field::Countries
            | Field::Addresses
            | Field::Identifiers
            | Field::Programs
    );
    let parts: Vec<String> = if several {
        cell.split([';', '|']).map(tidy).collect()
    } else {
        vec![cell.to_owned()]
    };
    parts.into_iter().filter(|part| !part.is_empty())
}

/// Reads one object a line.
pub fn parse_jsonl(
    input: impl BufRead,
    take: &mut dyn FnMut(ListRow),
) -> Result<Summary, UnreadableList> {
    let mut lines = Lines::open(input, CHECK)?;
    let mut list = List::new(take);
    while let Some(line) = lines.next_line()? {
        let place = line.place;
        let object = match serde_json::from_slice::<Value>(line.bytes) {
            Ok(Value::Object(object)) => object,
            Ok(_) => {
                list.reject(&place, "the line is no JSON object", "");
                continue;
            }
            Err(cause) => {
                list.reject(&place, &format!("the line is no JSON object ({cause})"), "");
                continue;
            }
        };
        let mut filled = Vec::new();
        for (title, value) in object {
            let field = Field::named(&title);
            let texts: Vec<Value> = match value {
                Value::Array(items) => items,
                Value::Null => Vec::new(),
                one => vec![one],
            };
            for text in texts {
                let text = match text {
                    Value::String(text) => tidy(&text),
                    Value::Number(number) => number.to_string(),
                    Value::Bool(flag) => flag.to_string(),
                    _ => continue,
                };
                if !text.is_empty() {
                    filled.push((field, title.clone(), text));
                }
            }
        }
        list.add(&place, &filled, None);
    }
    list.finish()
}

struct List<'take> {
    take: &'take mut dyn FnMut(ListRow),
    summary: Summary,
    given: u64,
    seen: BTreeSet<String>,
}

type Filled = [(Field, String, String)];

impl<'take> List<'take> {
    fn new(take: &'take mut dyn FnMut(ListRow)) -> Self {
        Self {
            take,
            summary: Summary::default(),
            given: 0,
            seen: BTreeSet::new(),
        }
    }

    fn reject(&mut self, place: &str, reason: &str, found: &str) {
        self.summary.records += 1;
        (self.take)(ListRow::Unread(Unread::lost(place, reason, found)));
    }

    fn add(&mut self, place: &str, filled: &Filled, doubt: Option<&str>) {
        let (mut entry, doubts) = match entry(filled) {
            Ok(read) => read,
            Err(reason) => return self.reject(place, reason, ""),
        };
        if !self.seen.insert(entry.id.clone()) {
            let reason = "an entry with this id, or this name and date, stands above";
            return self.reject(place, reason, &entry.id);
        }
        self.summary.records += 1;
        self.given += 1;
        entry.aliases.retain(|alias| alias.name != entry.name);
        (self.take)(ListRow::Entry(Box::new(entry)));
        let doubts = doubts
            .into_iter()
            .chain(doubt.map(|reason| (reason, String::new())));
        for (reason, found) in doubts {
            (self.take)(ListRow::Unread(Unread::new(place, reason, &found)));
        }
    }

    fn finish(self) -> Result<Summary, UnreadableList> {
        if self.given == 0 {
            return Err(UnreadableList::new(
                "row 1",
                "the file holds no entry that can be used",
                CHECK,
            ));
        }
        Ok(self.summary)
    }
}

type Doubts = Vec<(&'static str, String)>;

fn entry(filled: &Filled) -> Result<(Entry, Doubts), &'static str> {
    let mut doubts = Doubts::new();
    let one = |wanted: Field| {
        filled
            .iter()
            .find(|(field, _, _)| *field == wanted)
            .map_or("", |(_, _, text)| text.as_str())
    };
    let name = one(Field::Name);
    if name.is_empty() {
        return Err("the row has no name");
    }
    // No point without a citation: a reviewer must see who says so.
    if one(Field::Citation).is_empty() {
        return Err("the row has no citation");
    }
    let listed_on = one(Field::ListedOn);
    let kind = match bare(one(Field::Kind)).as_str() {
        "" | "organization" | "organisation" | "company" | "entity" | "firm" => {
            EntryKind::Organization
        }
        "person" | "individual" => EntryKind::Person,
        "vessel" | "ship" => EntryKind::Vessel,
        "aircraft" => EntryKind::Aircraft,
        "region" | "place" => EntryKind::Region,
        "good" | "goods" | "merchandise" => EntryKind::Good,
        _ => {
            let found = one(Field::Kind).to_owned();
            doubts.push((
                "the kind is not one we know; kept as an organization",
                found,
            ));
            EntryKind::Organization
        }
    };
    let id = match one(Field::Id) {
        // An id is given out, a person's name is not.
        "" if kind == EntryKind::Person => {
            let hash = hex::encode(Sha256::digest(format!("{name}/{listed_on}")));
            format!("person-{}", hash.get(..16).unwrap_or_default())
        }
        "" => {
            let slug = slug(name);
            let key = if slug.is_empty() { name } else { &slug };
            [key, listed_on].join("-").trim_end_matches('-').to_owned()
        }
        id if kind == EntryKind::Person => {
            let names = filled.iter().filter(|(field, _, _)| {
                matches!(
                    field,
                    Field::Name | Field::Aliases | Field::WeakAliases | Field::FormerNames
                )
            });
            person_id(id, names.map(|(_, _, text)| text.as_str()))
        }
        id => id.to_owned(),
    };
    let mut entry = Entry::new(id, name, one(Field::Citation));
    entry.kind = kind;
    entry.goods = Some(one(Field::Goods).to_owned()).filter(|goods| !goods.is_empty());
    if !matches!(bare(one(Field::Scope)).as_str(), "" | "namedparty" | "no") {
        entry.scope = Scope::AndSubsidiaries(one(Field::Scope).to_owned());
    }
    for (field, slot) in [
        (Field::ListedOn, &mut entry.listed_on),
        (Field::DelistedOn, &mut entry.delisted_on),
    ] {
        *slot = parse_day(one(field));
        if slot.is_none() && !one(field).is_empty() {
            doubts.push((
                "the date is not a day; the entry is kept without it",
                one(field).to_owned(),
            ));
        }
    }
    let mut remarks = Vec::new();
    for (field, title, text) in filled {
        let alias = |kind| Alias {
            name: text.clone(),
            kind,
        };
        match field {
            Field::Aliases => entry.aliases.push(alias(AliasKind::AlsoKnownAs)),
            Field::WeakAliases => entry.aliases.push(alias(AliasKind::Weak)),
            Field::FormerNames => entry.aliases.push(alias(AliasKind::FormerlyKnownAs)),
            Field::Countries => match Country::parse(text) {
                Some(country) if !entry.countries.contains(&country) => {
                    entry.countries.push(country);
                }
                Some(_) => {}
                None => doubts.push((
                    "the country is not one we know; the entry is kept without it",
                    text.clone(),
                )),
            },
            Field::Addresses => entry.addresses.push(text.clone()),
            Field::Identifiers => entry.identifiers.extend(Identifier::recognize(text)),
            Field::Programs => entry.programs.push(text.clone()),
            Field::Remarks => remarks.push(text.clone()),
            Field::Unknown => remarks.push(format!("{title}: {text}")),
            _ => {}
        }
    }
    if kind != EntryKind::Person {
        entry.remarks = Some(remarks.join("; ")).filter(|remarks| !remarks.is_empty());
    }
    Ok((entry, doubts))
}

//! `FollowTheMoney` entities, one JSON object a line: any data set in that form
//! that the operator is licensed for.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::BufRead,
};

use serde::Deserialize;

use super::{
    entry::{Entry, EntryKind},
    lines::Lines,
    reading::{ListRow, Summary},
    snapshot::Unread,
    text::{parse_day, person_id, tidy},
    unreadable::UnreadableList,
};
use crate::{
    country::Country,
    identifier::{Identifier, Scheme},
    supplier::{Alias, AliasKind},
};

/// Raised whenever the same bytes would be read to different entries.
pub const PARSER_VERSION: u32 = 3;

const CHECK: &str = "check that the file has FollowTheMoney entities, one JSON object a line";

/// Names of one entity, at most.
const MOST_NAMES: usize = 300;

#[derive(Deserialize)]
struct Entity {
    id: String,
    schema: String,
    #[serde(default)]
    caption: String,
    #[serde(default)]
    properties: BTreeMap<String, Vec<serde_json::Value>>,
    #[serde(default)]
    datasets: Vec<String>,
    first_seen: Option<String>,
    #[serde(default)]
    target: Option<bool>,
}

/// Reads the entities. Memory is that of one line and of the ids seen.
pub fn parse(
    input: impl BufRead,
    take: &mut dyn FnMut(ListRow),
) -> Result<Summary, UnreadableList> {
    let mut lines = Lines::open(input, CHECK)?;
    let mut summary = Summary::default();
    let mut seen = BTreeSet::new();
    let mut no_party: BTreeMap<String, u64> = BTreeMap::new();
    let mut unknown: BTreeMap<String, u64> = BTreeMap::new();
    let mut given = 0_u64;
    while let Some(line) = lines.next_line()? {
        summary.records += 1;
        let entity: Entity = match serde_json::from_slice(line.bytes) {
            Ok(entity) => entity,
            Err(cause) => {
                let reason = format!("the line is no FollowTheMoney entity ({cause})");
                take(ListRow::Unread(Unread::lost(line.place, reason, "")));
                continue;
            }
        };
        let Some(kind) = entity.kind() else {
            *no_party.entry(entity.schema).or_default() += 1;
            continue;
        };
        if !seen.insert(entity.id.clone()) {
            take(ListRow::Unread(Unread::lost(
                line.place,
                "the entity is repeated",
                &entity.id,
            )));
            continue;
        }
        match entity.into_entry(kind, &mut unknown) {
            Ok(entry) => {
                given += 1;
                take(ListRow::Entry(Box::new(entry)));
            }
            Err(id) => take(ListRow::Unread(Unread::lost(
                line.place,
                "the entity has no name",
                &id,
            ))),
        }
    }
    for (schema, count) in no_party {
        let reason = format!("{count} entities of the schema {schema} are no parties");
        take(ListRow::Unread(Unread::new("whole file", reason, "")));
    }
    for (code, count) in unknown {
        let reason =
            format!("the country of {count} entities is not one we know; they are kept without it");
        take(ListRow::Unread(Unread::new("whole file", reason, &code)));
    }
    if given == 0 {
        return Err(UnreadableList::new(
            "line 1",
            "the file holds no party",
            CHECK,
        ));
    }
    Ok(summary)
}

impl Entity {
    /// `None`: an address, a sanction, a link between two parties.
    fn kind(&self) -> Option<EntryKind> {
        match self.schema.as_str() {
            "Person" => Some(EntryKind::Person),
            // Whoever was born is a natural person, whatever the schema.
            "LegalEntity" if self.properties.contains_key("birthDate") => Some(EntryKind::Person),
            "Organization" | "Company" | "LegalEntity" | "PublicBody" => {
                Some(EntryKind::Organization)
            }
            "Vessel" => Some(EntryKind::Vessel),
            "Airplane" => Some(EntryKind::Aircraft),
            _ => None,
        }
    }

    fn texts(&self, property: &str) -> impl Iterator<Item = String> + '_ {
        self.properties
            .get(property)
            .into_iter()
            .flatten()
            .filter_map(serde_json::Value::as_str)
            .map(tidy)
            .filter(|text| !text.is_empty())
    }

    fn into_entry(
        self,
        kind: EntryKind,
        unknown: &mut BTreeMap<String, u64>,
    ) -> Result<Entry, String> {
        let caption = tidy(&self.caption);
        let names: Vec<String> = self.texts("name").collect();
        // The caption is the name that the publisher shows.
        let name = if names.contains(&caption) || names.is_empty() {
            caption
        } else {
            names.first().cloned().unwrap_or_default()
        };
        if name.is_empty() {
            return Err(self.id);
        }
        let is_person = kind == EntryKind::Person;
        let id = if is_person {
            let more: Vec<String> = [
                "alias",
                "previousName",
                "weakAlias",
                "firstName",
                "lastName",
            ]
            .into_iter()
            .flat_map(|property| self.texts(property))
            .collect();
            let names = names.iter().chain(&more).map(String::as_str);
            person_id(&self.id, names.chain([name.as_str()]))
        } else {
            self.id.clone()
        };
        let citation = match self.texts("sourceUrl").next() {
            Some(url) => format!("{} ({url})", self.datasets.join(", ")),
            None => format!("{}, entity {id}", self.datasets.join(", ")),
        };
        let mut entry = Entry::new(&id, &name, citation.trim_start_matches([',', ' ']));
        entry.kind = kind;

        let mut known = BTreeSet::from([name]);
        for (property, alias_kind) in [
            ("name", AliasKind::AlsoKnownAs),
            ("alias", AliasKind::AlsoKnownAs),
            ("abbreviation", AliasKind::Weak),
            ("previousName", AliasKind::FormerlyKnownAs),
            ("weakAlias", AliasKind::Weak),
        ] {
            for text in self.texts(property) {
                if known.len() < MOST_NAMES && known.insert(text.clone()) {
                    entry.aliases.push(Alias {
                        name: text,
                        kind: alias_kind,
                    });
                }
            }
        }

        let mut countries = BTreeSet::new();
        for property in [
            "country",
            "jurisdiction",
            "mainCountry",
            "nationality",
            "citizenship",
            "flag",
        ] {
            for code in self.texts(property) {
                match country(&code) {
                    Some(known) => {
                        countries.insert(known);
                    }
                    None => *unknown.entry(code).or_default() += 1,
                }
            }
        }
        entry.countries = countries.into_iter().collect();
        entry.addresses = self.texts("address").take(MOST_NAMES).collect();
        entry.programs = ["topics", "program", "programId"]
            .iter()
            .flat_map(|property| self.texts(property))
            .collect();
        entry.listed_on = ["startDate", "listingDate", "createdAt"]
            .iter()
            .flat_map(|property| self.texts(property))
            .find_map(|text| parse_day(text.get(..10).unwrap_or(&text)));
        entry.delisted_on = self
            .texts("endDate")
            .find_map(|text| parse_day(text.get(..10).unwrap_or(&text)));
        if !is_person {
            entry.identifiers = self.identifiers();
            let since = self.first_seen.as_deref().and_then(|text| text.get(..10));
            let mut remarks: Vec<String> = self.texts("notes").take(5).collect();
            remarks.extend(since.map(|day| format!("in the data set since {day}")));
            if self.target == Some(false) {
                remarks.push("not itself a target of the data set".to_owned());
            }
            entry.remarks = Some(remarks.join("; ")).filter(|remarks| !remarks.is_empty());
        }
        Ok(entry)
    }

    fn identifiers(&self) -> Vec<Identifier> {
        const SCHEMES: [(&str, Scheme); 14] = [
            ("leiCode", Scheme::Lei),
            ("imoNumber", Scheme::Imo),
            ("uniqueEntityId", Scheme::Uei),
            ("cageCode", Scheme::Cage),
            ("dunsCode", Scheme::Duns),
            ("uscCode", Scheme::Uscc),
            ("registrationNumber", Scheme::Other),
            ("taxNumber", Scheme::Other),
            ("vatCode", Scheme::Other),
            ("innCode", Scheme::Other),
            ("ogrnCode", Scheme::Other),
            ("idNumber", Scheme::Other),
            ("swiftBic", Scheme::Other),
            ("mmsi", Scheme::Other),
        ];
        let mut found = BTreeSet::new();
        for (property, scheme) in SCHEMES {
            for text in self.texts(property) {
                // A registration may be a Chinese code, a CNPJ or an LEI.
                let identifier = if scheme == Scheme::Other {
                    Identifier::recognize(&text).filter(|known| {
                        known.scheme != Scheme::Other || known.value.chars().count() >= 8
                    })
                } else {
                    Identifier::parse(scheme, &text)
                };
                found.extend(identifier);
            }
        }
        found.into_iter().collect()
    }
}

/// Codes of two letters, "gb-sct" for a part of a country.
fn country(code: &str) -> Option<Country> {
    let (whole, _) = code.split_once('-').unwrap_or((code, ""));
    Country::from_alpha2(whole).or_else(|| Country::parse(code))
}

//! `SDN.XML`: one entry at a time, whatever the namespace.

use std::{collections::BTreeSet, io::BufRead};

use super::{
    CHECK,
    record::{SdnRecord, alias_kind},
};
use crate::{
    lists::{
        reading::{ListRow, Summary},
        snapshot::Unread,
        text::{parse_day, tidy},
        unreadable::UnreadableList,
        xml_walk::{Elements, Place, walk},
    },
    supplier::{Alias, AliasKind},
};

/// Reads the file. Memory is that of one entry and of the numbers seen.
pub fn parse(
    input: impl BufRead,
    take: &mut dyn FnMut(ListRow),
) -> Result<Summary, UnreadableList> {
    let mut list = SdnList {
        take,
        summary: Summary::default(),
        place: String::new(),
        entry: None,
        part: Part::default(),
        seen: BTreeSet::new(),
        announced: false,
    };
    walk(input, CHECK, &mut list)?;
    let SdnList {
        summary, announced, ..
    } = list;
    if !announced {
        return Err(UnreadableList::new(
            "byte 0",
            "the file does not say how many records it has (publshInformation/Record_Count)",
            CHECK,
        ));
    }
    Ok(summary)
}

/// The alias, address, document or nationality under way.
#[derive(Default)]
struct Part {
    fields: Vec<(String, String)>,
}

impl Part {
    fn get(&self, name: &str) -> &str {
        self.fields
            .iter()
            .find(|(field, _)| field == name)
            .map_or("", |(_, text)| text)
    }

    /// "LAST, First" or the one name.
    fn full_name(&self) -> String {
        joined(&[self.get("lastName"), self.get("firstName")], ", ")
    }
}

struct SdnList<'take> {
    take: &'take mut dyn FnMut(ListRow),
    summary: Summary,
    place: String,
    entry: Option<(SdnRecord, Part)>,
    part: Part,
    seen: BTreeSet<u32>,
    announced: bool,
}

impl Elements for SdnList<'_> {
    fn opened(&mut self, path: &[&str], place: Place) -> Result<(), UnreadableList> {
        match path {
            ["sdnList"] => {}
            [root] => {
                return Err(UnreadableList::new(
                    place.in_words(),
                    format!("the root element is {root}, not sdnList"),
                    CHECK,
                ));
            }
            [_, "sdnEntry"] => {
                self.place = place.in_words();
                self.entry = Some((SdnRecord::default(), Part::default()));
            }
            [_, "sdnEntry", _, _] => self.part = Part::default(),
            _ => {}
        }
        Ok(())
    }

    fn closed(&mut self, path: &[&str], text: &str) -> Result<(), UnreadableList> {
        let text = tidy(text);
        match path {
            [_, _, "Publish_Date"] => self.summary.published_on = parse_day(&text),
            [_, _, "Record_Count"] => {
                self.announced = true;
                self.summary.announced = text.parse().ok();
            }
            [_, "sdnEntry"] => self.close_entry(),
            [_, "sdnEntry", "programList", "program"] => {
                if let Some((record, _)) = &mut self.entry {
                    record.programs.push(text);
                }
            }
            [_, "sdnEntry", "vesselInfo", field] | [_, "sdnEntry", field] => {
                if let Some((_, own)) = &mut self.entry {
                    own.fields.push(((*field).to_owned(), text));
                }
            }
            [_, "sdnEntry", list, _] => self.close_part(list),
            [_, "sdnEntry", _, _, field] => self.part.fields.push(((*field).to_owned(), text)),
            _ => {}
        }
        Ok(())
    }
}

impl SdnList<'_> {
    fn close_part(&mut self, list: &str) {
        let Some((record, _)) = &mut self.entry else {
            return;
        };
        let part = std::mem::take(&mut self.part);
        let get = |field| part.get(field);
        match list {
            "akaList" => {
                let weak = get("category").eq_ignore_ascii_case("weak");
                record.aliases.push(Alias {
                    name: part.full_name(),
                    kind: if weak {
                        AliasKind::Weak
                    } else {
                        alias_kind(get("type"))
                    },
                });
            }
            "addressList" => {
                let street = joined(&[get("address1"), get("address2"), get("address3")], ", ");
                let state = joined(&[get("city"), get("stateOrProvince")], ", ");
                let town = joined(&[&state, get("postalCode")], " ");
                let line = joined(&[&street, &town], ", ");
                record.addresses.push((line, get("country").to_owned()));
            }
            "idList" => {
                let country = match get("idCountry") {
                    "" => String::new(),
                    country => format!("({country})"),
                };
                let issued = dated("issued", get("issueDate"));
                let expires = dated("expires", get("expirationDate"));
                let fact = [get("idType"), get("idNumber"), &country, &issued, &expires];
                record.add_fact(&joined(&fact, " "));
            }
            "nationalityList" | "citizenshipList" => {
                record.countries.push(get("country").to_owned());
            }
            // Of persons, and not kept: dateOfBirthList, placeOfBirthList.
            _ => {}
        }
    }

    fn close_entry(&mut self) {
        self.summary.records += 1;
        let Some((mut record, own)) = self.entry.take() else {
            return;
        };
        own.get("uid").clone_into(&mut record.uid);
        record.name = own.full_name();
        own.get("sdnType").clone_into(&mut record.kind);
        own.get("title").clone_into(&mut record.title);
        for (field, label) in VESSEL {
            if !own.get(field).is_empty() {
                record.facts.push(format!("{label} {}", own.get(field)));
            }
        }
        record.countries.push(own.get("vesselFlag").to_owned());
        for phrase in remarks(own.get("remarks")) {
            record.add_fact(&phrase);
        }
        let uid = record.uid.parse().unwrap_or_default();
        if !self.seen.insert(uid) {
            let reason = format!("the entry {uid} is repeated");
            (self.take)(ListRow::Unread(Unread::lost(&self.place, reason, "")));
            return;
        }
        match record.into_entry(&self.place) {
            Ok((entry, doubts)) => {
                (self.take)(ListRow::Entry(Box::new(entry)));
                for doubt in doubts {
                    (self.take)(ListRow::Unread(doubt));
                }
            }
            Err(unread) => (self.take)(ListRow::Unread(unread)),
        }
    }
}

/// As the CSV files call the columns.
pub(super) const VESSEL: [(&str, &str); 5] = [
    ("callSign", "Call Sign"),
    ("vesselType", "Vessel Type"),
    ("vesselOwner", "Vessel Owner"),
    ("tonnage", "Tonnage"),
    ("grossRegisteredTonnage", "Gross Registered Tonnage"),
];

/// "(Linked To: A) (Linked To: B)", "Linked To: A; all offices worldwide".
fn remarks(text: &str) -> Vec<String> {
    let apart = text.replace(") (Linked To:", ");(Linked To:");
    apart.split(';').map(str::to_owned).collect()
}

fn dated(word: &str, day: &str) -> String {
    if day.is_empty() {
        String::new()
    } else {
        format!("{word} {day}")
    }
}

fn joined(parts: &[&str], separator: &str) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .copied()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(separator)
}

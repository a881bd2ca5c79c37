//! OFAC's CSV files turned into the layout of its XML, by other means than the
//! parsers': what stands as a phrase in the remarks becomes an element.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::{collections::BTreeMap, fmt::Write as _};

/// Id types after which the number follows, the longest first where one begins
/// another. A phrase with none of them goes into the remarks.
const ID_TYPES: [&str; 35] = [
    "Passport",
    "Cedula No.",
    "National ID No.",
    "Tax ID No.",
    "NIT #",
    "RUC #",
    "RIF #",
    "D.N.I.",
    "R.F.C.",
    "C.U.R.P.",
    "Registration Number",
    "Registration ID",
    "Company Number",
    "UK Company Number",
    "Commercial Registry Number",
    "Matricula Mercantil No",
    "Business Registration Number",
    "Business Registration Document #",
    "Identification Number",
    "V.A.T. Number",
    "C.R. No.",
    "Trade License No.",
    "D-U-N-S Number",
    "Unified Social Credit Code (USCC)",
    "Vessel Registration Identification",
    "MMSI",
    "Folio Mercantil No.",
    "Additional Sanctions Information -",
    "Secondary sanctions risk:",
    "Gender",
    "Government Gazette Number",
    "Organization Established Date",
    "Phone Number",
    "Website",
    "Nationality of Registration",
];

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&apos;")
}

fn element(out: &mut String, name: &str, text: &str) {
    if !text.is_empty() {
        let _ = writeln!(out, "<{name}>{}</{name}>", escaped(text.trim()));
    }
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.trim_end_matches('\u{1a}').as_bytes());
    reader
        .records()
        .map(|record| {
            let cells = record.unwrap();
            cells
                .iter()
                .map(|cell| if cell == "-0- " { "" } else { cell }.to_owned())
                .collect()
        })
        .collect()
}

fn by_number(text: &str) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut grouped: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for row in rows(text) {
        grouped.entry(row[0].clone()).or_default().push(row);
    }
    grouped
}

/// The whole set as one file of the published layout.
pub(crate) fn xml_of(sdn: &str, add: &str, alt: &str, comments: &str) -> String {
    xml_repeated(sdn, add, alt, comments, 1)
}

/// The same with every entry so many times, under other numbers: for size.
pub(crate) fn xml_repeated(
    sdn: &str,
    add: &str,
    alt: &str,
    comments: &str,
    times: usize,
) -> String {
    let (addresses, aliases) = (by_number(add), by_number(alt));
    let comments = by_number(comments);
    let entries: Vec<_> = rows(sdn)
        .into_iter()
        .filter(|row| row.len() == 12)
        .collect();
    let mut out = String::from(
        "<?xml version=\"1.0\" standalone=\"yes\"?>\n\
         <sdnList xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns=\"https://example.test/sdnList.xsd\">\n",
    );
    let _ = writeln!(
        out,
        "<publshInformation><Publish_Date>07/30/2021</Publish_Date><Record_Count>{}</Record_Count></publshInformation>",
        entries.len() * times
    );
    let empty = Vec::new();
    for turn in 0..times {
        for row in &entries {
            let mut row = row.clone();
            let uid = row[0].clone();
            let mut remarks = row[11].clone();
            for more in comments.get(&uid).unwrap_or(&empty) {
                remarks.push_str(&more[1]);
            }
            row[11] = remarks;
            row[0] = (uid.parse::<usize>().unwrap() + turn * 100_000).to_string();
            entry(
                &mut out,
                &row,
                addresses.get(&uid).unwrap_or(&empty),
                aliases.get(&uid).unwrap_or(&empty),
            );
        }
    }
    out.push_str("</sdnList>\n");
    out
}

fn entry(out: &mut String, row: &[String], addresses: &[Vec<String>], aliases: &[Vec<String>]) {
    let individual = row[2] == "individual";
    out.push_str("<sdnEntry>\n");
    element(out, "uid", &row[0]);
    name(out, &row[1], individual);
    element(out, "title", &row[4]);
    let kind = match row[2].as_str() {
        "individual" => "Individual",
        "vessel" => "Vessel",
        "aircraft" => "Aircraft",
        _ => "Entity",
    };
    element(out, "sdnType", kind);
    let facts = Facts::of(&row[11]);
    element(out, "remarks", &facts.remarks.join("; "));
    out.push_str("<programList>");
    for program in row[3].split("] [") {
        element(out, "program", program.trim_matches(['[', ']']));
    }
    out.push_str("</programList>\n");
    list(out, "idList", &facts.ids, |out, (kind, number, country)| {
        out.push_str("<id><uid>1</uid>");
        element(out, "idType", kind);
        element(out, "idNumber", number);
        element(out, "idCountry", country);
        out.push_str("</id>\n");
    });
    if !aliases.is_empty() || !facts.weak.is_empty() {
        out.push_str("<akaList>\n");
        // Weak ones come first here, so that the order cannot be what agrees.
        for (kind, weak) in &facts.weak {
            let _ = write!(
                out,
                "<aka><uid>2</uid><type>{kind}</type><category>weak</category>"
            );
            name(out, weak, individual);
            out.push_str("</aka>\n");
        }
        for alias in aliases {
            let kind = match alias[2].as_str() {
                "fka" => "f.k.a.",
                "nka" => "n.k.a.",
                _ => "a.k.a.",
            };
            let _ = write!(
                out,
                "<aka><uid>3</uid><type>{kind}</type><category>strong</category>"
            );
            name(out, &alias[3], individual);
            out.push_str("</aka>\n");
        }
        out.push_str("</akaList>\n");
    }
    list(out, "addressList", addresses, |out, address| {
        out.push_str("<address><uid>4</uid>");
        element(out, "address1", &address[2]);
        let town = &address[3];
        // "City, State" and "City 12345" have elements of their own.
        let (town, postal) = match town.rsplit_once(' ') {
            Some((front, code)) if code.bytes().all(|byte| byte.is_ascii_digit()) => (front, code),
            _ => (town.as_str(), ""),
        };
        let (city, state) = town.split_once(", ").unwrap_or((town, ""));
        element(out, "city", city);
        element(out, "stateOrProvince", state);
        element(out, "postalCode", postal);
        element(out, "country", &address[4]);
        out.push_str("</address>\n");
    });
    for (outer, inner, countries) in [
        ("nationalityList", "nationality", &facts.nationalities),
        ("citizenshipList", "citizenship", &facts.citizenships),
    ] {
        list(out, outer, countries, |out, country| {
            let _ = write!(out, "<{inner}><uid>5</uid>");
            element(out, "country", country);
            let _ = writeln!(out, "<mainEntry>true</mainEntry></{inner}>");
        });
    }
    list(out, "dateOfBirthList", &facts.births, |out, day| {
        out.push_str("<dateOfBirthItem><uid>6</uid>");
        element(out, "dateOfBirth", day);
        out.push_str("</dateOfBirthItem>\n");
    });
    if row[2] == "vessel" || row[2] == "aircraft" {
        out.push_str("<vesselInfo>");
        for (field, index) in [
            ("callSign", 5),
            ("vesselType", 6),
            ("vesselFlag", 9),
            ("vesselOwner", 10),
            ("tonnage", 7),
            ("grossRegisteredTonnage", 8),
        ] {
            element(out, field, &row[index]);
        }
        out.push_str("</vesselInfo>\n");
    }
    out.push_str("</sdnEntry>\n");
}

fn name(out: &mut String, full: &str, individual: bool) {
    match full.split_once(", ").filter(|_| individual) {
        Some((last, first)) => {
            element(out, "firstName", first);
            element(out, "lastName", last);
        }
        None => element(out, "lastName", full),
    }
}

fn list<T>(out: &mut String, name: &str, items: &[T], each: impl Fn(&mut String, &T)) {
    if items.is_empty() {
        return;
    }
    let _ = writeln!(out, "<{name}>");
    for item in items {
        each(out, item);
    }
    let _ = writeln!(out, "</{name}>");
}

#[derive(Default)]
struct Facts {
    ids: Vec<(String, String, String)>,
    weak: Vec<(String, String)>,
    nationalities: Vec<String>,
    citizenships: Vec<String>,
    births: Vec<String>,
    remarks: Vec<String>,
}

impl Facts {
    fn of(remarks: &str) -> Self {
        let mut facts = Self::default();
        let remarks = remarks.strip_suffix('.').unwrap_or(remarks);
        for phrase in remarks
            .split(';')
            .map(str::trim)
            .filter(|it| !it.is_empty())
        {
            let bare = phrase.strip_prefix("alt. ").unwrap_or(phrase);
            if let Some((lead, rest)) = bare
                .split_once(" '")
                .filter(|(lead, _)| lead.ends_with(".k.a."))
            {
                let weak = rest.trim_end_matches('.');
                let weak = weak.strip_suffix('\'').unwrap_or(weak);
                facts.weak.push((lead.to_owned(), weak.to_owned()));
            } else if let Some(country) = bare.strip_prefix("nationality ") {
                facts.nationalities.push(country.to_owned());
            } else if let Some(country) = bare.strip_prefix("citizen ") {
                facts.citizenships.push(country.to_owned());
            } else if bare.starts_with("DOB ") || bare.starts_with("POB ") {
                facts.births.push(bare[4..].to_owned());
            } else if let Some(id) = id_of(bare) {
                facts.ids.push(id);
            } else {
                facts.remarks.push(phrase.to_owned());
            }
        }
        facts
    }
}

fn id_of(phrase: &str) -> Option<(String, String, String)> {
    let kind = ID_TYPES
        .iter()
        .filter(|kind| phrase.starts_with(&format!("{kind} ")))
        .max_by_key(|kind| kind.len())?;
    let rest = &phrase[kind.len() + 1..];
    let (number, country) = match rest.rsplit_once(" (") {
        Some((number, country)) if country.ends_with(')') => {
            (number, country.trim_end_matches(')'))
        }
        _ => (rest, ""),
    };
    Some(((*kind).to_owned(), number.to_owned(), country.to_owned()))
}

/// Entries of an `SDN.CSV`.
pub(crate) fn rows_of_entries(sdn: &str) -> usize {
    rows(sdn).into_iter().filter(|row| row.len() == 12).count()
}

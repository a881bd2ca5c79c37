//! Whom an order of CBP names: one cell with firms, ships, a region, or the
//! goods of a whole country.

use super::{
    entry::EntryKind,
    name_list::{bare, clean_name, split_announced_list, split_names, starts_with_word},
    party_name::parse_party,
};
use crate::{country::Country, supplier::Alias};

/// One party, place or good that the cell names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) kind: EntryKind,
    pub(super) name: String,
    pub(super) aliases: Vec<Alias>,
    pub(super) scope: Option<String>,
    pub(super) places: Vec<String>,
    pub(super) remark: Option<String>,
}

/// The cell, taken apart, and what looks wrong with it.
#[derive(Debug, Default)]
pub(super) struct EntityCell {
    pub(super) named: Vec<Named>,
    pub(super) doubts: Vec<String>,
}

impl Named {
    fn new(kind: EntryKind, name: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
            aliases: Vec::new(),
            scope: None,
            places: Vec::new(),
            remark: None,
        }
    }
}

/// Takes a tidied Entity cell apart. Names no one, if the cell is empty.
pub(super) fn parse_entity(cell: &str) -> EntityCell {
    let cell = cell.trim_end_matches([' ', ';']);
    let mut read = EntityCell::default();
    if cell.is_empty() {
        return read;
    }
    if let Some((plural, ships)) = after_vessel_word(cell) {
        read_vessels(ships, plural, &mut read);
    } else if is_good(cell) {
        read.named
            .push(Named::new(EntryKind::Good, cell.trim_end_matches('.')));
    } else {
        read_parties(cell, &mut read);
    }
    read
}

/// What follows "Fishing Vessel:", "Vessels" and the like, and whether the
/// word is a plural.
fn after_vessel_word(cell: &str) -> Option<(bool, &str)> {
    const WORDS: [&str; 8] = [
        "fishing vessels",
        "fishing vessel",
        "fishing boats",
        "fishing boat",
        "vessels",
        "vessel",
        "f/v",
        "m/v",
    ];
    WORDS
        .iter()
        .find(|word| starts_with_word(cell, word))
        .and_then(|word| Some((word.ends_with('s'), cell.get(word.len()..)?)))
}

/// "Vessels: A, B and C" are three; one vessel may have "and" in its name.
fn split_ships(list: &str, plural: bool) -> Vec<String> {
    let ships = split_announced_list(list, None);
    if !plural {
        return ships;
    }
    ships
        .iter()
        .flat_map(|ship| ship.split(" and "))
        .map(clean_name)
        .collect()
}

fn read_vessels(rest: &str, plural: bool, read: &mut EntityCell) {
    const OWNED: [&str; 5] = [
        "owned by",
        "operated by",
        "owned or operated by",
        "managed by",
        "belonging to",
    ];
    let rest = rest.trim_matches([' ', ':']);
    for words in OWNED {
        if starts_with_word(rest, words) {
            let owner = rest.get(words.len()..).unwrap_or_default().trim();
            let first = read.named.len();
            read_parties(owner, read);
            for named in read.named.iter_mut().skip(first) {
                named.remark = Some(format!(
                    "the order is on fishing vessels {words} the company"
                ));
            }
            return;
        }
    }
    for part in split_ships(rest, plural) {
        let part = after_vessel_word(&part).map_or(part.as_str(), |(_, ship)| ship);
        let part = part.trim_start_matches([' ', ':']);
        let party = parse_party(part);
        read.doubts.extend(party.doubts);
        read.named.push(Named {
            aliases: party.aliases,
            places: party.places,
            ..Named::new(EntryKind::Vessel, party.name)
        });
    }
    if read.named.is_empty() {
        read.doubts.push("the cell names no vessel".to_owned());
    }
}

/// "All Turkmenistan Cotton", "Tobacco produced in Malawi and products
/// containing ...", "Artisanal Small Mines": goods, whoever makes them.
fn is_good(cell: &str) -> bool {
    let lower = cell.to_lowercase();
    starts_with_word(cell, "all")
        || starts_with_word(cell, "artisanal")
        || [
            "produced in",
            "products containing",
            "products produced",
            "produced in whole or in part",
            "made in whole or in part",
            "harvested in",
            "mined in",
            "grown in",
            "originating in",
        ]
        .iter()
        .any(|words| lower.contains(words))
}

/// A place and nothing that could be a firm: "Marange Diamond Fields".
fn is_region(name: &str) -> bool {
    if Country::parse_name(name).is_some() || ["xinjiang", "xuar"].contains(&bare(name).as_str()) {
        return true;
    }
    let last = bare(name.rsplit(' ').next().unwrap_or_default());
    matches!(
        last.as_str(),
        "region"
            | "province"
            | "fields"
            | "district"
            | "county"
            | "prefecture"
            | "zone"
            | "state"
            | "oblast"
            | "island"
            | "islands"
    )
}

fn read_parties(cell: &str, read: &mut EntityCell) {
    let (cell, together) = take_collective(cell);
    let mut places = Vec::new();
    let mut parts = split_parts(&cell);
    // "...; Kathmandu." after the last firm is where they are.
    if parts.len() > 1
        && let Some(last) = parts.last()
        && !last.trim_matches(['.', ' ']).contains(' ')
    {
        places.extend(
            parts
                .pop()
                .map(|place| place.trim_matches(['.', ' ']).to_owned()),
        );
    }
    let first = read.named.len();
    for part in &parts {
        read_part(part, together.is_some(), read);
    }
    for named in read.named.iter_mut().skip(first) {
        named.places.extend(places.iter().cloned());
        if let Some(together) = &together {
            named.remark = Some(format!("collectively, {together}"));
        }
    }
    if let Some(together) = together {
        read.named.push(Named {
            remark: Some("the name that the order gives to its firms together".to_owned()),
            ..Named::new(EntryKind::Organization, together)
        });
    }
}

fn read_part(part: &str, as_list: bool, read: &mut EntityCell) {
    let mut party = parse_party(part);
    read.doubts.append(&mut party.doubts);
    if let Some((name, place)) = take_place(&party.name) {
        party.name = name;
        party.places.push(place);
    }
    let names = if as_list {
        split_announced_list(&party.name, None)
    } else {
        split_names(&party.name, None)
    };
    let count = names.len();
    for (position, name) in names.into_iter().enumerate() {
        let kind = if is_region(&name) {
            EntryKind::Region
        } else {
            EntryKind::Organization
        };
        // Aliases follow the name they belong to: the last one of the part.
        let is_last = position + 1 == count;
        read.named.push(Named {
            aliases: if is_last {
                party.aliases.clone()
            } else {
                Vec::new()
            },
            scope: party.scope.clone(),
            places: if is_last {
                party.places.clone()
            } else {
                Vec::new()
            },
            ..Named::new(kind, name)
        });
    }
    for subsidiary in party.subsidiaries {
        read.named.push(Named {
            remark: Some(format!("named as part of {}", party.name)),
            ..Named::new(EntryKind::Organization, subsidiary)
        });
    }
}

/// `State Penitentiary, Ciudad Victoria, Tamaulipas, Mexico`: a name, and the
/// place it is at, down to the country.
fn take_place(name: &str) -> Option<(String, String)> {
    let (rest, country) = name.rsplit_once(", ")?;
    Country::parse_name(country)?;
    let segments = split_announced_list(rest, None);
    let has_places = segments.len() > 1 && !starts_with_word(country, "and");
    let (first, places) = segments.split_first()?;
    let place = if has_places {
        format!("{}, {country}", places.join(", "))
    } else {
        country.to_owned()
    };
    Some((first.clone(), place))
}

/// `A, B, and C (collectively, G)`: the list without the bracket, and G.
fn take_collective(cell: &str) -> (String, Option<String>) {
    let lower = cell.to_ascii_lowercase();
    let found = ["(collectively", "(together", "(hereinafter"]
        .iter()
        .find_map(|words| Some((lower.find(words)?, words.len())));
    let Some((open, length)) = found else {
        return (cell.to_owned(), None);
    };
    let inside = cell.get(open + length..).unwrap_or_default();
    let close = inside.find(')').unwrap_or(inside.len());
    let mut name = inside.get(..close).unwrap_or_default();
    for words in ["known as", "referred to as", "called", "the"] {
        name = name.trim_start_matches([' ', ',', ':']);
        if starts_with_word(name, words) {
            name = name.get(words.len()..).unwrap_or_default();
        }
    }
    let name = clean_name(name.trim_matches(['"', '“', '”', ' ']));
    let rest = format!(
        "{}{}",
        cell.get(..open).unwrap_or_default().trim_end(),
        inside.get(close + 1..).unwrap_or_default()
    );
    (rest, Some(name).filter(|name| !name.is_empty()))
}

/// Parts between semicolons outside brackets.
fn split_parts(cell: &str) -> Vec<String> {
    let mut depth = 0_usize;
    cell.split(|letter: char| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ';' && depth == 0
    })
    .map(clean_name)
    .filter(|part| !part.is_empty())
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use EntryKind::{Good, Organization, Region, Vessel};

    #[track_caller]
    fn assert_names(cell: &str, expected: &[(EntryKind, &str)]) {
        let read = parse_entity(cell);
        let named: Vec<_> = read
            .named
            .iter()
            .map(|named| (named.kind, named.name.as_str()))
            .collect();
        assert_eq!(named, expected, "{cell}");
        assert_eq!(read.doubts, [""; 0], "{cell}");
    }

    #[test]
    fn reads_firms() {
        assert_names(
            "Finca Monte Grande",
            &[(Organization, "Finca Monte Grande")],
        );
        assert_names(
            "Yili Zhuowan Garment Manufacturing Co., Ltd. and Baoding LYSZD Trade and Business Co., Ltd.",
            &[
                (Organization, "Yili Zhuowan Garment Manufacturing Co., Ltd."),
                (Organization, "Baoding LYSZD Trade and Business Co., Ltd."),
            ],
        );
        assert_names(
            "Fuchu Prison; Union Kogyo Co., Ltd.",
            &[
                (Organization, "Fuchu Prison"),
                (Organization, "Union Kogyo Co., Ltd."),
            ],
        );
        assert_names(
            "Brightway Holdings Sdn Bhd, Laglove (M) Sdn Bhd, and Biopro (M) Sdn Bhd (collectively, Brightway Group)",
            &[
                (Organization, "Brightway Holdings Sdn Bhd"),
                (Organization, "Laglove (M) Sdn Bhd"),
                (Organization, "Biopro (M) Sdn Bhd"),
                (Organization, "Brightway Group"),
            ],
        );
        assert_names(
            "Inner Mongolia Hengzheng Group Baoanzhao Agriculture, Industry, and Trade Co., Ltd.",
            &[(
                Organization,
                "Inner Mongolia Hengzheng Group Baoanzhao Agriculture, Industry, and Trade Co., Ltd.",
            )],
        );
        assert_names(
            "Fishing Vessels owned by Dalian Ocean Fishing Co. Ltd.",
            &[(Organization, "Dalian Ocean Fishing Co. Ltd.")],
        );
    }

    #[test]
    fn reads_aliases_scope_and_places_of_firms() {
        let read = parse_entity(
            "Kumar Carpet Pvt., Singhe Carpet Pvt., Ltd., Annapurna Carpet, and K.K. Carpet Industries; Kathmandu.",
        );
        assert_eq!(read.named.len(), 4);
        assert!(read.named.iter().all(|named| named.places == ["Kathmandu"]));

        let read = parse_entity(
            "Agropecuarios Tom S.A. de C.V. and Horticola Tom S.A. de C.V. and their subsidiaries",
        );
        assert_eq!(read.named.len(), 2);
        assert!(
            read.named
                .iter()
                .all(|named| named.scope.as_deref() == Some("and their subsidiaries"))
        );

        let read = parse_entity(
            "Guangzhou No. 1 Camp, a/k/a Guangdong No. 1 Camp; Kwong Ngai Industrial Company",
        );
        assert_eq!(read.named[0].aliases[0].name, "Guangdong No. 1 Camp");
        assert_eq!(read.named[1].name, "Kwong Ngai Industrial Company");

        let read = parse_entity(
            "Nanhu Tree Farm; Imaizumi Tea Manufacturing & Trading Co., Ltd. (of Nagoya, Japan)",
        );
        assert_eq!(
            read.named[1].name,
            "Imaizumi Tea Manufacturing & Trading Co., Ltd."
        );
        assert_eq!(read.named[1].places, ["Nagoya, Japan"]);

        let read = parse_entity("State Penitentiary, Ciudad Victoria, Tamaulipas, Mexico");
        assert_eq!(read.named[0].name, "State Penitentiary");
        assert_eq!(
            read.named[0].places,
            ["Ciudad Victoria, Tamaulipas, Mexico"]
        );
        let read = parse_entity("Alpha Trading Co., Ltd., Japan");
        assert_eq!(read.named[0].name, "Alpha Trading Co., Ltd.");
        assert_eq!(read.named[0].places, ["Japan"]);
    }

    #[test]
    fn reads_ships_regions_and_goods() {
        assert_names("Fishing Vessel: Da Wang", &[(Vessel, "Da Wang")]);
        assert_names("Fishing vessel Tunago No. 61", &[(Vessel, "Tunago No. 61")]);
        assert_names(
            "Fishing Vessels: Hangton No. 112 and Da Wang",
            &[(Vessel, "Hangton No. 112"), (Vessel, "Da Wang")],
        );
        assert_names(
            "Xinjiang Uyghur Autonomous Region (XUAR)",
            &[(Region, "Xinjiang Uyghur Autonomous Region")],
        );
        assert_names(
            "Marange Diamond Fields",
            &[(Region, "Marange Diamond Fields")],
        );
        assert_names(
            "All Turkmenistan Cotton or products produced in whole or in part with Turkmenistan cotton.",
            &[(
                Good,
                "All Turkmenistan Cotton or products produced in whole or in part with Turkmenistan cotton",
            )],
        );
        assert_names(
            "Fishing Vessel: Da Wang; Fishing Vessel: Zhen Fa 7",
            &[(Vessel, "Da Wang"), (Vessel, "Zhen Fa 7")],
        );
        assert_names("Turkmenistan", &[(Region, "Turkmenistan")]);
        assert_names("Xinjiang", &[(Region, "Xinjiang")]);
        assert_names("Artisanal Small Mines", &[(Good, "Artisanal Small Mines")]);
        assert_names("", &[]);
        assert_eq!(parse_entity("Fishing Vessel:").doubts.len(), 1);
    }
}

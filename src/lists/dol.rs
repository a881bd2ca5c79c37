//! DOL's List of Goods as its Sweat & Toil file: XML by good
//! (`Goods/Good/Countries/Country`) or by country (`Countries/Country/Goods/Good`).

use quick_xml::{Reader, events::Event};

use super::{
    entry::GoodListing,
    snapshot::{ParsedList, Unread},
    text::{cut, decode, tidy},
    unreadable::{UnreadableList, check_size},
};
use crate::country::Country;

/// Raised whenever the same bytes would be read to different goods.
pub const PARSER_VERSION: u32 = 1;

/// The published file is six levels deep.
const DEEPEST: usize = 32;

/// The longest cell kept; country descriptions are not.
const LONGEST_CELL: usize = 4096;

/// Reads the file. `citation` names the edition; it goes on every row.
pub fn parse(bytes: &[u8], citation: &str) -> Result<ParsedList, UnreadableList> {
    check_size(bytes)?;
    let xml = decode(bytes);
    let mut reader = Reader::from_str(&xml);
    reader.config_mut().trim_text(false);
    let mut rows = Rows::new(citation);
    let mut open: Vec<String> = Vec::new();
    let mut cell = String::new();
    loop {
        let at = format!("byte {}", reader.buffer_position());
        let event = reader.read_event().map_err(|cause| {
            UnreadableList::new(&at, format!("the XML is broken ({cause})"), AGAIN)
        })?;
        match event {
            Event::Start(tag) => {
                if open.len() >= DEEPEST {
                    return Err(UnreadableList::new(
                        at,
                        format!("elements are nested deeper than {DEEPEST}"),
                        CHECK,
                    ));
                }
                let name = tag.local_name();
                let name: String = name.as_ref().to_owned();
                if open.is_empty() {
                    rows.root = Some(Root::named(&name, &at)?);
                }
                rows.opened(&name, &at);
                open.push(name);
                cell.clear();
            }
            Event::Empty(tag) => {
                let name = tag.local_name();
                let name: String = name.as_ref().to_owned();
                if open.is_empty() {
                    Root::named(&name, &at)?;
                }
                rows.opened(&name, &at);
                rows.closed(&name, open.last().map(String::as_str), "");
            }
            Event::Text(text) => push_capped(&mut cell, &text),
            Event::CData(text) => push_capped(&mut cell, &text),
            Event::GeneralRef(reference) => match resolve(&reference) {
                Some(letter) => push_capped(&mut cell, letter.encode_utf8(&mut [0; 4])),
                None => {
                    return Err(UnreadableList::new(
                        at,
                        format!("the entity \"{}\" is not one of XML's own", &*reference),
                        CHECK,
                    ));
                }
            },
            Event::DocType(declaration) => {
                // Entities of its own are how an XML bomb is built, and DOL uses none.
                if declaration.to_ascii_uppercase().contains("<!ENTITY") {
                    return Err(UnreadableList::new(at, "the file declares entities", CHECK));
                }
            }
            Event::End(_) => {
                let Some(name) = open.pop() else { break };
                rows.closed(&name, open.last().map(String::as_str), &cell);
                cell.clear();
            }
            Event::Eof => {
                if let Some(name) = open.last() {
                    return Err(UnreadableList::new(
                        at,
                        format!("the file ends inside the element {name}"),
                        AGAIN,
                    ));
                }
                break;
            }
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
    if rows.root.is_none() || rows.count == 0 {
        return Err(UnreadableList::new(
            "byte 0",
            "the file holds no goods",
            CHECK,
        ));
    }
    Ok(rows.parsed)
}

const AGAIN: &str = "fetch the list again: it may be cut short";
const CHECK: &str = "check that it is DOL's goods file";

/// The characters that XML itself names; anything else is refused.
fn resolve(reference: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten();
    }
    match &**reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

fn push_capped(cell: &mut String, text: &str) {
    if cell.len() < LONGEST_CELL {
        cell.push_str(&cut_at(text, LONGEST_CELL));
    }
}

fn cut_at(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
}

/// Which way round the file is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Root {
    Goods,
    Countries,
}

impl Root {
    fn named(name: &str, at: &str) -> Result<Self, UnreadableList> {
        match name {
            "Goods" => Ok(Self::Goods),
            "Countries" => Ok(Self::Countries),
            _ => Err(UnreadableList::new(
                at,
                format!("the root element is {}, not Goods or Countries", cut(name)),
                CHECK,
            )),
        }
    }

    /// The element whose end completes one good from one country.
    fn pair(self) -> &'static str {
        match self {
            Self::Goods => "Country",
            Self::Countries => "Good",
        }
    }

    /// The element around the pairs.
    fn group(self) -> &'static str {
        match self {
            Self::Goods => "Good",
            Self::Countries => "Country",
        }
    }
}

/// What one `Country` (or `Good`) element says.
#[derive(Default)]
struct Pair {
    place: String,
    good: Option<String>,
    sector: Option<String>,
    country: Option<String>,
    child_labor: Option<String>,
    forced_labor: Option<String>,
    forced_child_labor: Option<String>,
    derived: Option<String>,
    derived_country: Option<String>,
}

struct Rows<'citation> {
    citation: &'citation str,
    root: Option<Root>,
    group: Pair,
    pairs: Vec<Pair>,
    pair: Option<Pair>,
    count: usize,
    parsed: ParsedList,
}

impl<'citation> Rows<'citation> {
    fn new(citation: &'citation str) -> Self {
        Self {
            citation,
            root: None,
            group: Pair::default(),
            pairs: Vec::new(),
            pair: None,
            count: 0,
            parsed: ParsedList::default(),
        }
    }

    fn opened(&mut self, name: &str, at: &str) {
        let Some(root) = self.root else { return };
        if name == root.group() {
            self.group = Pair {
                place: at.to_owned(),
                ..Pair::default()
            };
            self.pairs.clear();
        } else if name == root.pair() {
            self.pair = Some(Pair {
                place: at.to_owned(),
                ..Pair::default()
            });
        }
    }

    fn closed(&mut self, name: &str, parent: Option<&str>, cell: &str) {
        let Some(root) = self.root else { return };
        if name == root.pair() {
            self.pairs.extend(self.pair.take());
            return;
        }
        if name == root.group() {
            self.close_group();
            return;
        }
        let fields = self.pair.as_mut().unwrap_or(&mut self.group);
        let slot = match name {
            "Good_Name" => &mut fields.good,
            "Good_Sector" => &mut fields.sector,
            "Country_Name" => &mut fields.country,
            "Name" if parent == Some("Country") => &mut fields.country,
            "Child_Labor" => &mut fields.child_labor,
            "Forced_Labor" => &mut fields.forced_labor,
            "Forced_Child_Labor" => &mut fields.forced_child_labor,
            "Derived_Labor_Exploitation" => &mut fields.derived,
            "Derived_Country" => &mut fields.derived_country,
            _ => return,
        };
        *slot = Some(tidy(cell)).filter(|text| !text.is_empty());
    }

    fn close_group(&mut self) {
        let group = std::mem::take(&mut self.group);
        let pairs = std::mem::take(&mut self.pairs);
        // By country, a country without goods is an ordinary finding.
        if pairs.is_empty() && self.root == Some(Root::Goods) {
            self.count += 1;
            self.parsed.unread.push(Unread::lost(
                &group.place,
                "the good names no country",
                group.good.as_deref().unwrap_or_default(),
            ));
        }
        for pair in pairs {
            self.count += 1;
            match pair.listing(&group, self.citation) {
                Ok(listing) => self.parsed.content.goods.push(listing),
                Err(reason) => {
                    let found = pair.describe(&group);
                    self.parsed
                        .unread
                        .push(Unread::lost(&pair.place, reason, &found));
                }
            }
        }
    }
}

impl Pair {
    fn listing(&self, group: &Self, citation: &str) -> Result<GoodListing, String> {
        let good = self.good.as_ref().or(group.good.as_ref());
        let good = good.ok_or("the good has no name")?;
        let spelling = self.country.as_ref().or(group.country.as_ref());
        let spelling = spelling.ok_or("the country has no name")?;
        let country = Country::parse(spelling)
            .ok_or_else(|| format!("the country \"{}\" is not one we know", cut(spelling)))?;
        let listing = GoodListing {
            good: good.clone(),
            sector: self.sector.as_ref().or(group.sector.as_ref()).cloned(),
            country,
            country_as_published: spelling.clone(),
            child_labor: yes("Child_Labor", self.child_labor.as_deref())?,
            forced_labor: yes("Forced_Labor", self.forced_labor.as_deref())?,
            forced_child_labor: yes("Forced_Child_Labor", self.forced_child_labor.as_deref())?,
            downstream: yes("Derived_Labor_Exploitation", self.derived.as_deref())?,
            input_country: self
                .derived_country
                .clone()
                .filter(|country| !is_no(country)),
            listed_on: None,
            delisted_on: None,
            citation: citation.to_owned(),
        };
        let kinds = [
            listing.child_labor,
            listing.forced_labor,
            listing.forced_child_labor,
            listing.downstream,
        ];
        if kinds.contains(&true) {
            Ok(listing)
        } else {
            Err("no kind of labor is marked".to_owned())
        }
    }

    fn describe(&self, group: &Self) -> String {
        [
            self.good.as_ref().or(group.good.as_ref()),
            self.country.as_ref().or(group.country.as_ref()),
            self.child_labor.as_ref(),
            self.forced_labor.as_ref(),
            self.forced_child_labor.as_ref(),
            self.derived.as_ref(),
            self.derived_country.as_ref(),
        ]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" | ")
    }
}

/// A flag that is absent is not raised; one that says neither is not guessed.
fn yes(flag: &str, value: Option<&str>) -> Result<bool, String> {
    match value {
        None => Ok(false),
        Some(value) if is_no(value) => Ok(false),
        Some(value) if is_yes(value) => Ok(true),
        Some(value) => Err(format!("{flag} is \"{}\", neither yes nor no", cut(value))),
    }
}

fn is_yes(value: &str) -> bool {
    ["yes", "y", "true", "1"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word))
}

fn is_no(value: &str) -> bool {
    ["no", "n", "false", "0", "n/a", "none"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word))
}

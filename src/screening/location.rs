//! Signs that a supplier is in Xinjiang or belongs to its Production and
//! Construction Corps (XPCC). The UFLPA presumption reaches goods made there,
//! listed maker or not (Pub. L. 117-78, sec. 3), so a place is a lead of its own.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::{
    fold::{self, Script},
    romanize::romanize,
};
use crate::{country::Country, identifier::Scheme, supplier::Supplier};

const PLACES: &str = include_str!("../../fixtures/matching/xinjiang_places.tsv");

/// A sign that the supplier is in Xinjiang. A lead for a person, not a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocationLead {
    /// The place as we name it: "Changji", "Xinjiang", "XPCC".
    pub place: String,
    pub kind: PlaceKind,
    /// The words of the supplier's record that say so.
    pub cue: String,
    pub field: LocationField,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// In the region.
    Region,
    /// Part of the Corps, wherever it is.
    Corps,
}

/// Where in the supplier's record the sign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocationField {
    Name,
    Alias,
    Parent,
    Street,
    City,
    Province,
    PostalCode,
    Identifier,
}

impl LocationLead {
    /// "Shihezi in Xinjiang", "Xinjiang", "the XPCC".
    pub fn place_in_words(&self) -> String {
        match self.kind {
            PlaceKind::Corps => "the XPCC".to_owned(),
            PlaceKind::Region if self.place == "Xinjiang" => self.place.clone(),
            PlaceKind::Region => format!("{} in Xinjiang", self.place),
        }
    }

    /// Whether the record states where the supplier is, or that it belongs to
    /// the Corps; a place in a name alone states neither.
    pub fn states_a_place(&self) -> bool {
        self.kind == PlaceKind::Corps
            || !matches!(
                self.field,
                LocationField::Name | LocationField::Alias | LocationField::Parent
            )
    }
}

impl LocationField {
    /// For a sentence: "postal code".
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::PostalCode => "postal code",
            other => other.code(),
        }
    }

    /// As serialized.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Alias => "alias",
            Self::Parent => "parent",
            Self::Street => "street",
            Self::City => "city",
            Self::Province => "province",
            Self::PostalCode => "postal_code",
            Self::Identifier => "identifier",
        }
    }
}

/// Every sign, at most one of a place and a field, in the order of the fields.
pub fn leads(supplier: &Supplier) -> Vec<LocationLead> {
    let mut leads = Vec::new();
    let address = &supplier.address;
    let context = Context::of(supplier);
    let texts = std::iter::once((LocationField::Name, supplier.name.as_str()))
        .chain(
            supplier
                .aliases
                .iter()
                .map(|alias| (LocationField::Alias, alias.name.as_str())),
        )
        .chain(
            supplier
                .parent
                .iter()
                .map(|parent| (LocationField::Parent, parent.as_str())),
        )
        .chain(
            address
                .street
                .iter()
                .map(|street| (LocationField::Street, street.as_str())),
        )
        .chain(
            address
                .city
                .iter()
                .map(|city| (LocationField::City, city.as_str())),
        )
        .chain(
            address
                .province
                .iter()
                .map(|province| (LocationField::Province, province.as_str())),
        );
    for (field, text) in texts {
        for (place, kind, cue) in places_in(text, field, context) {
            let lead = LocationLead {
                place,
                kind,
                cue,
                field,
            };
            if !leads.contains(&lead) {
                leads.push(lead);
            }
        }
    }
    leads.extend(postal_lead(supplier, context));
    leads.extend(identifier_lead(supplier));
    leads
}

/// What the rest of the record says about where the supplier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Context {
    China,
    /// China, in a province that is named and is not Xinjiang.
    OtherProvince,
    Unknown,
    Elsewhere,
}

impl Context {
    fn of(supplier: &Supplier) -> Self {
        let line = supplier.address.line();
        let country = supplier.address.country.or(supplier.country_of_production);
        let says_china =
            || spaced(&line).contains(" china ") || line.contains("中国") || line.contains("中國");
        match country {
            Some(country) if ["CN", "HK", "MO"].contains(&country.alpha2()) => {}
            Some(_) => return Self::Elsewhere,
            None if says_china() => {}
            None => return Self::Unknown,
        }
        // The columns made for it say the province; a street is full of others.
        let address = &supplier.address;
        let columns = [&address.province, &address.city];
        let named = columns
            .into_iter()
            .flatten()
            .find_map(|text| Province::named_in(text, true))
            .or_else(|| Province::named_in(address.street.as_deref()?, false));
        match named {
            Some(Province::Other) => Self::OtherProvince,
            Some(Province::Xinjiang) | None => Self::China,
        }
    }
}

/// The province that a text of an address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Province {
    Xinjiang,
    Other,
}

impl Province {
    /// A Chinese address goes from the large to the small, so that the first
    /// province is its own; a Latin one goes the other way. In the columns for
    /// city and province a lesser-known place of Xinjiang speaks too.
    fn named_in(text: &str, is_column: bool) -> Option<Self> {
        let han: String = han_of(text);
        let latin = spaced(text);
        let mut in_han = Vec::new();
        let mut in_latin = Vec::new();
        for (latin_name, han_name) in OTHER_PROVINCES {
            in_han.extend(han_places(&han, han_name).map(|at| (at, Self::Other)));
            let name = format!(" {latin_name} ");
            in_latin.extend(latin_places(&latin, &name).map(|at| (at, Self::Other)));
        }
        for place in places() {
            let speaks = place.sureness != Sureness::InChina || is_column;
            if place.kind == PlaceKind::Region && speaks {
                for name in &place.han {
                    in_han.extend(han_places(&han, name).map(|at| (at, Self::Xinjiang)));
                }
                for name in &place.latin {
                    in_latin.extend(latin_places(&latin, name).map(|at| (at, Self::Xinjiang)));
                }
            }
        }
        let first = in_han.into_iter().min_by_key(|(at, _)| *at);
        let last = in_latin.into_iter().max_by_key(|(at, _)| *at);
        first.or(last).map(|(_, province)| province)
    }
}

/// GB/T 2260, all but 65. Shaanxi before Shanxi does not matter: whole words.
const OTHER_PROVINCES: &[(&str, &str)] = &[
    ("beijing", "北京"),
    ("tianjin", "天津"),
    ("hebei", "河北"),
    ("shanxi", "山西"),
    ("inner mongolia", "内蒙古"),
    ("liaoning", "辽宁"),
    ("jilin", "吉林"),
    ("heilongjiang", "黑龙江"),
    ("shanghai", "上海"),
    ("jiangsu", "江苏"),
    ("zhejiang", "浙江"),
    ("anhui", "安徽"),
    ("fujian", "福建"),
    ("jiangxi", "江西"),
    ("shandong", "山东"),
    ("henan", "河南"),
    ("hubei", "湖北"),
    ("hunan", "湖南"),
    ("guangdong", "广东"),
    ("guangxi", "广西"),
    ("hainan", "海南"),
    ("chongqing", "重庆"),
    ("sichuan", "四川"),
    ("guizhou", "贵州"),
    ("yunnan", "云南"),
    ("tibet", "西藏"),
    ("shaanxi", "陕西"),
    ("gansu", "甘肃"),
    ("qinghai", "青海"),
    ("ningxia", "宁夏"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sureness {
    Strong,
    Sure,
    InChina,
    HanOnly,
}

#[derive(Debug)]
struct Place {
    name: String,
    kind: PlaceKind,
    sureness: Sureness,
    /// Folded, each between spaces.
    latin: Vec<String>,
    han: Vec<String>,
}

fn places() -> &'static [Place] {
    static ALL: OnceLock<Vec<Place>> = OnceLock::new();
    ALL.get_or_init(|| {
        PLACES
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(Place::parse)
            .collect()
    })
}

impl Place {
    fn parse(line: &str) -> Option<Self> {
        let mut fields = line.split('\t');
        let (kind, sureness, latin, han) = (
            fields.next()?,
            fields.next()?,
            fields.next()?,
            fields.next()?,
        );
        let han: Vec<String> = han.split("; ").map(str::to_owned).collect();
        let first = latin.split("; ").next().filter(|name| !name.is_empty());
        Some(Self {
            name: first.map(str::to_owned).or_else(|| han.first().cloned())?,
            kind: if kind == "corps" {
                PlaceKind::Corps
            } else {
                PlaceKind::Region
            },
            sureness: match sureness {
                "strong" => Sureness::Strong,
                "sure" => Sureness::Sure,
                "china" => Sureness::InChina,
                _ => Sureness::HanOnly,
            },
            latin: latin
                .split("; ")
                .filter(|name| !name.is_empty())
                .map(spaced)
                .collect(),
            han,
        })
    }

    /// Whether the name counts here. A name may be a brand or somebody's home; a
    /// street may bear any place's name; a city or a province is a place.
    fn counts(&self, field: LocationField, context: Context) -> bool {
        let strong = self.sureness == Sureness::Strong;
        let sure = strong || self.sureness == Sureness::Sure;
        match (context, field) {
            // The word Xinjiang or the Corps in a company's name.
            (_, LocationField::Name | LocationField::Alias | LocationField::Parent) if strong => {
                true
            }
            (Context::Elsewhere, _) => false,
            (
                Context::China,
                LocationField::Name | LocationField::Alias | LocationField::Parent,
            ) => sure || self.sureness == Sureness::HanOnly,
            (Context::China, _) => true,
            (Context::OtherProvince, LocationField::City | LocationField::Province) => sure,
            (Context::OtherProvince, _) => false,
            (
                Context::Unknown,
                LocationField::Street | LocationField::City | LocationField::Province,
            ) => sure,
            (Context::Unknown, _) => false,
        }
    }

    /// The same for a Chinese name, which only Chinese and Japanese write.
    fn counts_in_han(&self, text: &str, field: LocationField, context: Context) -> bool {
        let japanese = ["株式会社", "有限会社", "合同会社"]
            .iter()
            .any(|form| text.contains(form))
            || text
                .chars()
                .any(|letter| ('\u{3040}'..='\u{30ff}').contains(&letter));
        match context {
            Context::Unknown if japanese => false,
            Context::Unknown => self.counts(field, Context::China),
            _ => self.counts(field, context),
        }
    }
}

/// The words of a text in Latin letters, with a space on either side.
fn spaced(text: &str) -> String {
    let mut line = String::from(" ");
    for word in fold::words(text) {
        line.push_str(&romanize(&word));
        line.push(' ');
    }
    line
}

fn han_of(text: &str) -> String {
    fold::words(text)
        .into_iter()
        .filter(|word| matches!(word.script, Script::Han | Script::Digits))
        .map(|word| word.text)
        .collect()
}

fn places_in(
    text: &str,
    field: LocationField,
    context: Context,
) -> Vec<(String, PlaceKind, String)> {
    let latin = spaced(text);
    let han = han_of(text);
    let mut found = Vec::new();
    for place in places() {
        let in_han = || {
            let name = place
                .han
                .iter()
                .find(|name| han_places(&han, name).next().is_some())?;
            place
                .counts_in_han(text, field, context)
                .then(|| name.clone())
        };
        let in_latin = || {
            let name = place
                .latin
                .iter()
                .find(|name| latin_places(&latin, name).next().is_some())?;
            place.counts(field, context).then(|| name.trim().to_owned())
        };
        if let Some(cue) = in_han().or_else(in_latin) {
            found.push((place.name.clone(), place.kind, cue));
        }
    }
    let states = !matches!(context, Context::Elsewhere | Context::OtherProvince);
    if let Some(cue) = corps_division(&han).filter(|_| states) {
        found.push(("XPCC".to_owned(), PlaceKind::Corps, cue));
    }
    found
}

/// "Xinjiang Road, Shanghai": every larger Chinese city has streets named after
/// places in Xinjiang.
const LATIN_STREETS: [&str; 16] = [
    "road",
    "rd",
    "street",
    "st",
    "str",
    "avenue",
    "ave",
    "lane",
    "lu",
    "jie",
    "dadao",
    "boulevard",
    "blvd",
    "highway",
    "hwy",
    "village",
];
/// What may stand between a street's name and its word: "S.", "(E)", "Nan".
const LATIN_PARTS: [&str; 24] = [
    "n", "s", "e", "w", "north", "south", "east", "west", "middle", "central", "nan", "bei",
    "dong", "xi", "zhong", "yi", "er", "san", "si", "first", "second", "third", "1st", "2nd",
];
const HAN_STREETS: [&str; 12] = [
    "路", "街", "大道", "大街", "巷", "弄", "胡同", "里弄", "小区", "村", "酒店", "饭店",
];

/// Where the name stands without a street word after it. `text` and `name` have
/// a space on either side of each word.
fn latin_places<'text>(text: &'text str, name: &'text str) -> impl Iterator<Item = usize> {
    text.match_indices(name).filter_map(|(at, found)| {
        let rest = text.get(at + found.len()..).unwrap_or_default();
        let mut words = rest
            .split_whitespace()
            .skip_while(|word| LATIN_PARTS.contains(word));
        let next = words.next().unwrap_or_default();
        // "Nanlu", "Erlu": part and word in one.
        let joined = ["lu", "jie"]
            .iter()
            .filter_map(|street| next.strip_suffix(street))
            .any(|part| LATIN_PARTS.contains(&part));
        (!joined && !LATIN_STREETS.contains(&next)).then_some(at)
    })
}

fn han_places<'text>(text: &'text str, name: &'text str) -> impl Iterator<Item = usize> {
    text.match_indices(name)
        .filter(|(_, found)| !found.is_empty())
        .filter_map(|(at, found)| {
            let rest = text
                .get(at + found.len()..)
                .unwrap_or_default()
                .trim_start_matches([
                    '东', '西', '南', '北', '中', '一', '二', '三', '四', '五', '六',
                ]);
            (!HAN_STREETS.iter().any(|street| rest.starts_with(street))).then_some(at)
        })
}

/// 第八师, 农七师, 第13师: divisions of the Corps.
fn corps_division(han: &str) -> Option<String> {
    let letters: Vec<char> = han.chars().collect();
    let is_numeral = |letter: &char| "一二三四五六七八九十0123456789".contains(*letter);
    letters.iter().enumerate().find_map(|(at, letter)| {
        if !matches!(letter, '第' | '农') {
            return None;
        }
        let rest = letters.get(at + 1..)?;
        let numerals = rest.iter().take_while(|letter| is_numeral(letter)).count();
        let closes = rest.get(numerals) == Some(&'师');
        // 师范, 师附小: a teachers' college and the school beside it.
        let teaches = matches!(rest.get(numerals + 1), Some('范' | '大' | '附'));
        (numerals > 0 && closes && !teaches).then(|| {
            letters
                .get(at..at + numerals + 2)
                .unwrap_or_default()
                .iter()
                .collect()
        })
    })
}

/// China Post gives Xinjiang the codes 830000 to 849999.
fn postal_lead(supplier: &Supplier, context: Context) -> Option<LocationLead> {
    if !matches!(context, Context::China | Context::OtherProvince) {
        return None;
    }
    let given = supplier
        .address
        .postal_code
        .iter()
        .map(|code| (code.as_str(), LocationField::PostalCode));
    let in_lines = [
        (&supplier.address.street, LocationField::Street),
        (&supplier.address.city, LocationField::City),
    ]
    .into_iter()
    .filter_map(|(text, field)| Some((text.as_deref()?, field)));
    given.chain(in_lines).find_map(|(text, field)| {
        // Six digits elsewhere than in a postal code field may be a telephone number.
        if field != LocationField::PostalCode && context != Context::China {
            return None;
        }
        fold::words(text)
            .into_iter()
            .filter(|word| word.script == Script::Digits && word.text.len() == 6)
            .find(|word| word.text.starts_with("83") || word.text.starts_with("84"))
            .map(|word| LocationLead {
                place: "Xinjiang".to_owned(),
                kind: PlaceKind::Region,
                cue: format!("postal code {}", word.text),
                field,
            })
    })
}

/// Characters 3 to 8 of a unified social credit code are the division code of
/// the registering office (GB 32100-2015); 65 is Xinjiang.
fn identifier_lead(supplier: &Supplier) -> Option<LocationLead> {
    supplier
        .identifiers
        .iter()
        .find(|identifier| {
            identifier.scheme == Scheme::Uscc
                && identifier.value.len() == 18
                && identifier.value.get(2..4) == Some("65")
        })
        .map(|identifier| LocationLead {
            place: "Xinjiang".to_owned(),
            kind: PlaceKind::Region,
            cue: format!("registered under division 65 ({})", identifier.value),
            field: LocationField::Identifier,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        identifier::{Check, Identifier},
        supplier::Address,
    };

    fn supplier(name: &str, street: &str, country: Option<&str>) -> Supplier {
        Supplier {
            name: name.to_owned(),
            address: Address {
                street: (!street.is_empty()).then(|| street.to_owned()),
                country: country.and_then(Country::from_alpha2),
                ..Address::default()
            },
            ..Supplier::default()
        }
    }

    #[test]
    fn a_place_in_xinjiang_is_a_lead() {
        for (name, street, country, place) in [
            (
                "Some Textile",
                "12 Cotton Rd, Urumqi, Xinjiang",
                Some("CN"),
                "Xinjiang",
            ),
            ("Some Textile", "Kashgar Prefecture", Some("CN"), "Kashgar"),
            ("新疆某纺织有限公司", "", None, "Xinjiang"),
            ("某公司", "喀什地区疏附县", None, "Kashgar"),
            ("某公司", "第八师石河子市", Some("CN"), "XPCC"),
            ("XPCC Cotton", "", None, "XPCC"),
            ("Ürümqi Foods", "", Some("CN"), "Urumqi"),
            ("Xinjiang Foods (HK)", "", Some("HK"), "Xinjiang"),
        ] {
            let found = leads(&supplier(name, street, country));
            assert!(
                found.iter().any(|lead| lead.place == place),
                "{name} {street}: {found:?}"
            );
        }
    }

    #[test]
    fn a_street_or_a_brand_is_not() {
        for (name, street, country) in [
            (
                "Some Textile",
                "100 Xinjiang Road, Jing'an, Shanghai",
                Some("CN"),
            ),
            ("某公司", "上海市静安区新疆路100号", Some("CN")),
            ("某公司", "青岛市新疆西路8号", Some("CN")),
            ("Turpan Restaurant", "5 Main St", Some("DE")),
            ("Altay Tekstil", "Istanbul", Some("TR")),
            ("Hami Trading", "Guangzhou, Guangdong", Some("CN")),
            ("湖南第一师范", "", Some("CN")),
            ("Manas Foods", "Bishkek", Some("KG")),
            ("株式会社和田", "東京都千代田区", Some("JP")),
            ("株式会社和田", "", None),
            ("阿克苏诺贝尔涂料有限公司", "上海市浦东新区", Some("CN")),
            ("哈密瓜商行", "上海市静安区", Some("CN")),
            ("某公司", "上海市新疆小区5号", Some("CN")),
            (
                "Some Textile",
                "Xinjiang S. Road 8, Qingdao, Shandong",
                Some("CN"),
            ),
            ("Some Textile", "8 Xinjiang E. Rd, Tianjin", Some("CN")),
            ("Some Textile", "Xinjiang Nanlu 3, Tianjin", Some("CN")),
            ("Some Textile", "Xinjiang Erlu, Zibo, Shandong", Some("CN")),
            ("Some Textile", "Xinjiang (E) Road, Tianjin", Some("CN")),
            (
                "Some Textile",
                "Hetian Village, Huizhou, Guangdong",
                Some("CN"),
            ),
            ("Some Textile", "Changji Town, Zhejiang", Some("CN")),
            ("第一师附小文具店", "北京市海淀区", Some("CN")),
            ("Some Textile", "Xinjiang Street 4, Ulaanbaatar", Some("MN")),
        ] {
            let found = leads(&supplier(name, street, country));
            assert!(found.is_empty(), "{name} {street}: {found:?}");
        }
    }

    #[test]
    fn a_city_column_outranks_the_streets_it_has() {
        for (city, street) in [
            ("Hami", "Beijing Road 5"),
            ("Altay", "Shanghai Street 12"),
            ("Bole", "Guangdong Rd 3"),
            ("哈密", "北京路5号"),
            ("Urumqi", "Beijing South Road, Shanghai Building"),
        ] {
            let mut found = supplier("Some Textile", street, Some("CN"));
            found.address.city = Some(city.to_owned());
            assert!(!leads(&found).is_empty(), "{city}, {street}");
        }
        for street in [
            "新疆乌鲁木齐市上海工业园",
            "Shanghai Industrial Park, Urumqi, Xinjiang",
        ] {
            assert!(
                !leads(&supplier("某公司", street, Some("CN"))).is_empty(),
                "{street}"
            );
        }
    }

    #[test]
    fn postal_codes_and_social_credit_codes_speak_too() {
        let mut by_post = supplier("Some Foods", "", Some("CN"));
        by_post.address.postal_code = Some("841000".to_owned());
        assert_eq!(leads(&by_post).len(), 1);
        by_post.address.country = Country::from_alpha2("IN");
        assert!(
            leads(&by_post).is_empty(),
            "the same digits in another country"
        );
        let mut by_code = supplier("Some Foods", "", None);
        by_code.identifiers.push(Identifier {
            scheme: Scheme::Uscc,
            value: "916500007123456789".to_owned(),
            check: Check::FormOnly,
        });
        assert_eq!(
            leads(&by_code).first().map(|lead| lead.field),
            Some(LocationField::Identifier)
        );
    }
}

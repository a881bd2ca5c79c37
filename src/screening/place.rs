//! Places of Xinjiang in an address or a name, told from streets, brands and
//! other provinces that bear the same words.

use std::sync::OnceLock;

use super::{
    fold::{self, Script},
    location::{LocationField, PlaceKind},
    romanize::romanize,
};
use crate::supplier::Supplier;

const PLACES: &str = include_str!("../../fixtures/matching/xinjiang_places.tsv");

/// What the rest of the record says about where the supplier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    China,
    /// China, in a province that is named and is not Xinjiang.
    OtherProvince,
    Unknown,
    Elsewhere,
}

impl Context {
    pub(super) fn of(supplier: &Supplier) -> Self {
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
            (
                Context::China,
                LocationField::Name | LocationField::Alias | LocationField::Parent,
            ) => sure || self.sureness == Sureness::HanOnly,
            (Context::China, _) => true,
            (Context::OtherProvince, LocationField::City | LocationField::Province)
            | (
                Context::Unknown,
                LocationField::Street | LocationField::City | LocationField::Province,
            ) => sure,
            (Context::Elsewhere | Context::OtherProvince | Context::Unknown, _) => false,
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

pub(super) fn places_in(
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

/// Most texts are shorter than the name looked for, or empty: to find that out
/// takes no search.
fn occurrences<'text>(
    text: &'text str,
    name: &'text str,
) -> impl Iterator<Item = (usize, &'text str)> {
    let fits = text.len() >= name.len();
    fits.then(|| text.match_indices(name)).into_iter().flatten()
}

/// Where the name stands without a street word after it. `text` and `name` have
/// a space on either side of each word.
fn latin_places<'text>(text: &'text str, name: &'text str) -> impl Iterator<Item = usize> {
    occurrences(text, name).filter_map(|(at, found)| {
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
    occurrences(text, name)
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

//! How people write countries, read from the two tables beside this file.

use std::{collections::HashMap, sync::LazyLock};

use unicode_normalization::UnicodeNormalization;

use super::Country;

/// Code, display name and names in other languages.
const NAMES: &str = include_str!("names.tsv");
/// Code and names as companies and lists write them.
const USUAL_NAMES: &str = include_str!("usual_names.tsv");

/// Code, region and its other spellings.
const REGIONS: &str = include_str!("regions.tsv");

/// What separates a name from its code or its region in one cell.
const SEPARATORS: [char; 11] = ['(', ')', '[', ']', '/', ':', ',', ';', '（', '）', '，'];

struct Names {
    by_key: HashMap<String, Country>,
    display: HashMap<Country, &'static str>,
}

static TABLE: LazyLock<Names> = LazyLock::new(|| {
    let mut by_key = HashMap::new();
    let mut display = HashMap::new();
    for line in lines(USUAL_NAMES) {
        let mut columns = line.split('\t');
        let country = columns.next().and_then(Country::from_alpha2);
        if let (Some(country), Some(names)) = (country, columns.next()) {
            for name in names.split('|') {
                by_key.entry(key(name)).or_insert(country);
            }
        }
    }
    for line in lines(NAMES) {
        let mut columns = line.split('\t');
        let country = columns.next().and_then(Country::from_alpha2);
        if let (Some(country), Some(name)) = (country, columns.next()) {
            display.insert(country, name);
            by_key.entry(key(name)).or_insert(country);
            for other in columns.next().unwrap_or_default().split('|') {
                by_key.entry(key(other)).or_insert(country);
            }
        }
    }
    by_key.remove("");
    // ISO calls the Republic "Congo"; most who write it mean the other one.
    for ambiguous in ["congo", "kongo"] {
        by_key.remove(ambiguous);
    }
    Names { by_key, display }
});

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#'))
}

pub(super) fn display_name(country: Country) -> &'static str {
    TABLE.display.get(&country).copied().unwrap_or("unnamed")
}

pub(super) fn parse(text: &str) -> Option<Country> {
    parse_with_rest(text).map(|(country, _)| country)
}

pub(super) fn parse_name(text: &str) -> Option<Country> {
    let country = by_whole_name(text)?;
    // Names that are an American state, a county or a Spanish city too.
    let ambiguous = ["GE", "JE", "GB", "GD"].contains(&country.alpha2());
    let whole = key(text);
    (whole.chars().count() > 2 && (!ambiguous || whole == "united kingdom")).then_some(country)
}

pub(super) fn parse_with_rest(text: &str) -> Option<(Country, Option<String>)> {
    let text = text.trim();
    // No name of a country is longer; a long text in the column is prose.
    if text.is_empty() || text.len() > 200 {
        return None;
    }
    if let Some(country) = by_code(text).or_else(|| by_whole_name(text)) {
        return Some((country, None));
    }
    by_region(text).or_else(|| by_parts(text))
}

/// "Xinjiang" where a country is asked for: the country, and the region is kept.
fn by_region(text: &str) -> Option<(Country, Option<String>)> {
    let (country, region) = REGION_TABLE.get(&key(text))?;
    Some((*country, Some((*region).to_owned())))
}

static REGION_TABLE: LazyLock<HashMap<String, (Country, &'static str)>> = LazyLock::new(|| {
    let mut regions = HashMap::new();
    for line in lines(REGIONS) {
        let mut columns = line.split('\t');
        let country = columns.next().and_then(Country::from_alpha2);
        if let (Some(country), Some(region)) = (country, columns.next()) {
            let spellings = columns.next().unwrap_or_default().split('|');
            for spelling in spellings.chain([region]) {
                regions.insert(key(spelling), (country, region));
            }
        }
    }
    regions
});

fn by_code(text: &str) -> Option<Country> {
    let code = text.trim_matches(|letter: char| !letter.is_alphanumeric());
    match code.len() {
        2 => Country::from_alpha2(code),
        3 => alpha3(code),
        _ => None,
    }
}

fn alpha3(code: &str) -> Option<Country> {
    let upper = code.to_ascii_uppercase();
    if upper == "XKX" {
        return Country::from_alpha2("XK");
    }
    rust_iso3166::from_alpha3(&upper).and_then(|found| Country::from_alpha2(found.alpha2))
}

/// How official names begin.
const FORMS: [&str; 9] = [
    "republic of ",
    "kingdom of ",
    "state of ",
    "federal republic of ",
    "federative republic of ",
    "democratic republic of ",
    "islamic republic of ",
    "peoples republic of ",
    "socialist republic of ",
];

fn by_whole_name(text: &str) -> Option<Country> {
    let key = key(text);
    if let Some(country) = TABLE.by_key.get(&key) {
        return Some(*country);
    }
    // "Hellenic Republic of X" is in the table; "Republic of X" need not be,
    // except where two countries share the X: those stand there in full.
    let shared = ["congo", "korea", "china", "ireland", "micronesia"];
    FORMS
        .iter()
        .filter_map(|form| key.strip_prefix(form))
        .filter(|rest| !shared.contains(rest))
        .find_map(|rest| TABLE.by_key.get(rest).copied())
}

/// Parts that name a country must agree; a two-letter part is heard only when
/// no longer one speaks ("CA, USA" is not Canada).
fn by_parts(text: &str) -> Option<(Country, Option<String>)> {
    let mut parts: Vec<&str> = text
        .split(SEPARATORS)
        .flat_map(|part| part.split(" - "))
        .flat_map(|part| part.split(" – "))
        .flat_map(|part| part.split('|'))
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    if parts.len() < 2 {
        // "CN-China", "VN_Vietnam"
        parts = text.split(['-', '_', '–']).map(str::trim).collect();
    }
    if parts.len() < 2 {
        // "China 中国": the same country in two scripts.
        parts = split_scripts(text)?;
    }
    let mut long = Vec::new();
    let mut short = Vec::new();
    let mut rest = Vec::new();
    for part in parts {
        match (by_whole_name(part), by_code(part)) {
            (Some(country), _) if key(part).chars().count() > 2 || !part.is_ascii() => {
                long.push(country);
            }
            (_, Some(country)) if part.len() > 2 => long.push(country),
            (Some(country), _) | (None, Some(country)) => short.push((country, part)),
            (None, None) => rest.push(part),
        }
    }
    if long.is_empty() {
        long.extend(short.iter().map(|(country, _)| *country));
    } else {
        let named = long.clone();
        rest.extend(
            short
                .iter()
                .filter(|(country, _)| !named.contains(country))
                .map(|(_, part)| *part),
        );
    }
    let first = *long.first()?;
    long.iter()
        .all(|country| *country == first)
        .then(|| (first, (!rest.is_empty()).then(|| rest.join(", "))))
}

fn split_scripts(text: &str) -> Option<Vec<&str>> {
    let cut = text.find(|letter: char| letter > '\u{24f}')?;
    let (latin, other) = text.split_at(cut);
    (!latin.trim().is_empty()).then(|| vec![latin.trim(), other.trim()])
}

/// The form in which names are compared: no case, accents, punctuation or
/// article; "&" is "and", "St." is "Saint", "U.S.A." is "usa".
fn key(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd() {
        match letter {
            '\u{300}'..='\u{36f}' | '\'' | '’' | '`' | 'ʻ' | 'ʼ' | '‘' => {}
            '&' => folded.push_str(" and "),
            'ı' => folded.push('i'),
            'đ' | 'Đ' | 'ð' | 'Ð' => folded.push('d'),
            letter if letter.is_alphanumeric() => folded.extend(letter.to_lowercase()),
            _ => folded.push(' '),
        }
    }
    let mut joined = String::with_capacity(folded.len());
    let mut after_initial = false;
    for word in folded.split_whitespace() {
        let word = match word {
            "the" => continue,
            "st" => "saint",
            word => word,
        };
        let initial = word.len() == 1;
        let same_abbreviation = initial && after_initial;
        if !joined.is_empty() && !same_abbreviation {
            joined.push(' ');
        }
        joined.push_str(word);
        after_initial = initial;
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<String> {
        Country::parse(text).map(|country| country.alpha2().to_owned())
    }

    #[test]
    fn a_region_in_the_country_column_keeps_its_name() {
        for text in [
            "Xinjiang",
            "XUAR",
            "新疆",
            "Xinjiang Uyghur Autonomous Region",
        ] {
            assert_eq!(
                parse_with_rest(text),
                Some((Country::CHINA, Some("Xinjiang".to_owned()))),
                "{text}"
            );
        }
    }

    #[test]
    fn reads_countries_as_lists_and_companies_write_them() {
        let table = [
            (
                "CN",
                "cn; CHN; China; CHINA; china ; PRC; P.R. China; P.R.C.; People's Republic of China; China, People's Republic of; 中国; 中华人民共和国; China (Mainland); Mainland China; CN - China; China (CN); CN-China; Chine; Çin; China 中国; China (PRC)",
            ),
            (
                "TW",
                "Taiwan; Taiwan, China; Taiwan, Republic of China; Taiwan (R.O.C.); TW; TWN; 台湾; 臺灣; Chinese Taipei; Taiwan, Province of China; Republic of China",
            ),
            (
                "HK",
                "Hong Kong; Hong Kong SAR; Hong Kong S.A.R.; Hong Kong, China; China, Hong Kong SAR; HK; 香港",
            ),
            ("MO", "Macau; Macao; Macau S.A.R."),
            (
                "KR",
                "South Korea; Korea, Republic of; Republic of Korea; Korea (South); KOR; KR; Korea, South; 韩国; 대한민국; Corea del Sur",
            ),
            (
                "KP",
                "North Korea; Korea, Democratic People's Republic of; Korea, Democratic Republic of; DPRK; Korea, North",
            ),
            (
                "CD",
                "Congo, Democratic Republic of the; Democratic Republic of the Congo; DRC; DR Congo; COD; Congo (Kinshasa)",
            ),
            (
                "CG",
                "Congo, Republic of the; Congo, Republic of; Republic of the Congo; COG",
            ),
            (
                "MM",
                "Burma; Myanmar; Burma (Myanmar); Myanmar (Burma); MMR; Birmanie",
            ),
            (
                "TR",
                "Turkey; Türkiye; Turkiye; Turkey (Türkiye); TÜRKİYE; TUR; Turquía",
            ),
            (
                "VN",
                "Viet Nam; Vietnam; Việt Nam; VIETNAM; VNM; 越南; Socialist Republic of Viet Nam",
            ),
            (
                "US",
                "USA; U.S.A.; United States; United States of America; US; CA, USA; EE.UU.; Estados Unidos",
            ),
            (
                "GB",
                "UK; U.K.; United Kingdom; Great Britain; England; GBR",
            ),
            ("DE", "Deutschland; Germany; Allemagne; DE; Alemania; 德国"),
            ("BR", "Brasil; Brazil; Brésil; 巴西"),
            (
                "CI",
                "Côte d'Ivoire; Cote d’Ivoire; Ivory Coast; Côte d`Ivoire",
            ),
            ("GM", "Gambia, The; The Gambia"),
            ("BS", "Bahamas, The"),
            ("FM", "Micronesia, Federated States of"),
            ("KG", "Kyrgyz Republic; Kyrgyzstan"),
            ("CZ", "Czech Republic; Czechia"),
            ("BA", "Bosnia; Bosnia & Herzegovina; Bosnia and Herzegovina"),
            ("LC", "St. Lucia; Saint Lucia"),
            ("LA", "Laos; Lao PDR; Lao People's Democratic Republic"),
            ("NE", "Niger"),
            ("NG", "Nigeria; NGA"),
            ("GN", "Guinea"),
            ("GQ", "Equatorial Guinea"),
            ("DM", "Dominica"),
            ("DO", "Dominican Republic; República Dominicana"),
            ("IN", "India; IN - India; Republic of India; भारत; INDE"),
            ("ZA", "South Africa; Republic of South Africa"),
            ("XK", "Kosovo"),
            ("JP", "日本; Japan; Japón; JPN"),
        ];
        for (expected, texts) in table {
            for text in texts.split("; ") {
                assert_eq!(code(text).as_deref(), Some(expected), "{text}");
            }
        }
    }

    #[test]
    fn says_nothing_where_the_text_says_nothing_sure() {
        for text in [
            "",
            " ",
            "-",
            "N/A",
            "Congo",
            "Asia",
            "SE ASIA",
            "EMEA",
            "China / Vietnam",
            "XX",
            "Atlantis",
            "12",
            "China; India",
            "The supplier ships from a place that we do not know",
        ] {
            assert_eq!(code(text), None, "{text}");
        }
    }

    #[test]
    fn keeps_the_region_beside_the_country() {
        let (country, rest) = Country::parse_with_rest("China (Xinjiang)").unwrap();
        assert_eq!(
            (country, rest.as_deref()),
            (Country::CHINA, Some("Xinjiang"))
        );
        assert_eq!(Country::parse_with_rest("CN - China").unwrap().1, None);
    }

    #[test]
    fn a_name_at_the_end_of_an_address_is_no_state() {
        assert_eq!(Country::parse_name("Vietnam").unwrap().alpha2(), "VN");
        for text in ["CA", "IN", "Georgia", "DE", "Granada"] {
            assert_eq!(Country::parse_name(text), None, "{text}");
        }
    }

    #[test]
    fn every_country_has_a_name_that_reads_back() {
        for country in TABLE.display.keys() {
            assert_eq!(Country::parse(country.name()), Some(*country), "{country}");
        }
        assert_eq!(TABLE.display.len(), 250);
    }
}

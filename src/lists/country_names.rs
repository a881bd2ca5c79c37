//! Countries as CBP, DOL and the State Department spell them.
//!
//! Stands in for `Country::parse` until that is here; then `country_named`
//! becomes one call to it and this file goes.

use crate::country::Country;

/// Spellings that ISO 3166 does not have.
const SPELLINGS: &[(&str, &str)] = &[
    ("bahamas the", "BS"),
    ("bolivia", "BO"),
    ("brunei", "BN"),
    ("burma", "MM"),
    ("burma myanmar", "MM"),
    ("cabo verde", "CV"),
    ("cape verde", "CV"),
    ("congo", "CG"),
    ("congo democratic republic of", "CD"),
    ("congo democratic republic of the", "CD"),
    ("democratic republic of congo", "CD"),
    ("democratic republic of the congo", "CD"),
    ("dr congo", "CD"),
    ("drc", "CD"),
    ("congo republic of", "CG"),
    ("congo republic of the", "CG"),
    ("republic of the congo", "CG"),
    ("cote d ivoire", "CI"),
    ("cote divoire", "CI"),
    ("ivory coast", "CI"),
    ("czech republic", "CZ"),
    ("east timor", "TL"),
    ("gambia the", "GM"),
    ("the gambia", "GM"),
    ("hong kong s a r", "HK"),
    ("iran", "IR"),
    ("korea democratic republic of", "KP"),
    ("korea north", "KP"),
    ("north korea", "KP"),
    ("dprk", "KP"),
    ("korea", "KR"),
    ("korea republic of", "KR"),
    ("korea south", "KR"),
    ("republic of korea", "KR"),
    ("south korea", "KR"),
    ("kosovo", "XK"),
    ("kyrgyz republic", "KG"),
    ("laos", "LA"),
    ("macau", "MO"),
    ("macau s a r", "MO"),
    ("micronesia", "FM"),
    ("moldova", "MD"),
    ("myanmar burma", "MM"),
    ("china people s republic of", "CN"),
    ("people s republic of china", "CN"),
    ("peoples republic of china", "CN"),
    ("prc", "CN"),
    ("russia", "RU"),
    ("sint maarten", "SX"),
    ("swaziland", "SZ"),
    ("syria", "SY"),
    ("taiwan", "TW"),
    ("tanzania", "TZ"),
    ("turkey", "TR"),
    ("turkiye", "TR"),
    ("turkey turkiye", "TR"),
    ("united kingdom", "GB"),
    ("united states", "US"),
    ("united states of america", "US"),
    ("usa", "US"),
    ("venezuela", "VE"),
    ("vietnam", "VN"),
    ("viet nam", "VN"),
];

/// The country that the publisher's spelling names.
pub(super) fn country_named(spelling: &str) -> Option<Country> {
    let folded = fold(spelling);
    if let Some((_, code)) = SPELLINGS.iter().find(|(known, _)| *known == folded) {
        return Country::from_alpha2(code);
    }
    let trimmed = spelling.trim();
    if trimmed.len() == 2 {
        return Country::from_alpha2(trimmed);
    }
    if trimmed.len() == 3
        && let Some(found) = rust_iso3166::from_alpha3(&trimmed.to_ascii_uppercase())
    {
        return Country::from_alpha2(found.alpha2);
    }
    rust_iso3166::ALL
        .iter()
        .find(|known| {
            let name = fold(known.name);
            name == folded
                || fold(known.name.split(['(', ',']).next().unwrap_or_default()) == folded
        })
        .and_then(|known| Country::from_alpha2(known.alpha2))
}

fn fold(text: &str) -> String {
    any_ascii::any_ascii(text)
        .to_ascii_lowercase()
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_agencies_print() {
        for (spelling, code) in [
            ("Burma", "MM"),
            ("Congo, Democratic Republic of the", "CD"),
            ("Democratic Republic of the Congo", "CD"),
            ("Congo, Republic of", "CG"),
            ("Côte d'Ivoire", "CI"),
            ("Côte d’Ivoire", "CI"),
            ("Turkey (Türkiye)", "TR"),
            ("Kyrgyz Republic", "KG"),
            ("Hong Kong S.A.R.", "HK"),
            ("Korea, Democratic Republic of", "KP"),
            ("Korea, South", "KR"),
            ("Bahamas, The", "BS"),
            ("TAIWAN", "TW"),
            ("Malaysia", "MY"),
            ("CN", "CN"),
            ("chn", "CN"),
            ("Eswatini", "SZ"),
            ("Cabo Verde", "CV"),
        ] {
            assert_eq!(
                country_named(spelling).map(|country| country.alpha2().to_owned()),
                Some(code.to_owned()),
                "{spelling}"
            );
        }
        for nowhere in ["", "Xinjiang", "ZZ", "High Seas", "Various"] {
            assert_eq!(country_named(nowhere), None, "{nowhere}");
        }
    }
}

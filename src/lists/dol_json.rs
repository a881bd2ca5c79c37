//! DOL's list of goods as its API answers: rows of goods and countries, each
//! kind of labor a flag or the years in which it was listed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::{
    entry::GoodListing,
    name_list::bare,
    snapshot::{ParsedList, Unread},
    text::{cut, tidy},
    unreadable::UnreadableList,
};
use crate::country::Country;

/// Raised whenever the same bytes would be read to different goods.
pub const PARSER_VERSION: u32 = 1;

const CHECK: &str = "check the address, the key and that the answer is DOL's goods";

/// The goods are some hundred kilobytes; a page of the API has at most 10,000 rows.
const LARGEST: usize = 32 * 1024 * 1024;

/// Reads the answer: `{"data": [...]}` or the bare rows.
pub fn parse(bytes: &[u8], citation: &str) -> Result<ParsedList, UnreadableList> {
    if bytes.len() > LARGEST {
        return Err(UnreadableList::new(
            format!("byte {LARGEST}"),
            format!(
                "the answer has {} bytes, far more than the goods",
                bytes.len()
            ),
            CHECK,
        ));
    }
    let answer: Value = serde_json::from_slice(bytes).map_err(|cause| {
        UnreadableList::new(
            format!("line {}, column {}", cause.line(), cause.column()),
            format!("the answer is not JSON ({cause})"),
            CHECK,
        )
    })?;
    let rows = match &answer {
        Value::Array(rows) => Some(rows),
        Value::Object(fields) => fields.get("data").and_then(Value::as_array),
        _ => None,
    };
    let Some(rows) = rows.filter(|rows| !rows.is_empty()) else {
        let said = ["message", "error", "errors"]
            .iter()
            .find_map(|name| answer.get(name))
            .map_or_else(String::new, |said| format!(": {}", cut(&said.to_string())));
        return Err(UnreadableList::new(
            "byte 0",
            format!("the answer holds no rows{said}"),
            CHECK,
        ));
    };
    let mut parsed = ParsedList::default();
    for (index, row) in rows.iter().enumerate() {
        let place = format!("row {}", index + 1);
        match listing(row, citation) {
            Ok(listing) => parsed.content.goods.push(listing),
            Err(reason) => parsed
                .unread
                .push(Unread::lost(place, reason, &row.to_string())),
        }
    }
    if parsed.content.goods.is_empty() {
        let reason = parsed
            .unread
            .first()
            .map_or("", |unread| unread.reason.as_str());
        return Err(UnreadableList::new(
            "row 1",
            format!("no row of the answer is a good ({reason})"),
            CHECK,
        ));
    }
    Ok(parsed)
}

fn listing(row: &Value, citation: &str) -> Result<GoodListing, String> {
    let fields: BTreeMap<String, String> = row
        .as_object()
        .ok_or("the row is no object")?
        .iter()
        .filter_map(|(name, value)| Some((bare(name), text_of(value)?)))
        .collect();
    let get = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| fields.get(*name))
            .filter(|text| !text.is_empty())
    };
    let good = get(&["good", "goodname", "goods"]).ok_or("the row names no good")?;
    let spelling =
        get(&["country", "countryname", "countryarea"]).ok_or("the row names no country")?;
    let country = get(&["countryisocode", "isocode", "iso2"])
        .and_then(|code| Country::from_alpha2(code))
        .or_else(|| Country::parse(spelling))
        .ok_or_else(|| format!("the country \"{}\" is not one we know", cut(spelling)))?;
    let all = get(&["allexploitations", "exploitationtype", "exploitation"]);
    let kinds = all.map(|text| kinds_in(text));
    let flag = |names: &[&str], kind: Kind| match get(names) {
        Some(text) => Flag::parse(text).ok_or_else(|| {
            format!(
                "{} is \"{}\", neither yes nor no nor years",
                names.first().unwrap_or(&""),
                cut(text)
            )
        }),
        None => Ok(Flag::raised(
            kinds.as_ref().is_some_and(|kinds| kinds.contains(&kind)),
        )),
    };
    let flags = [
        flag(&["cl", "childlabor"], Kind::Child)?,
        flag(&["fl", "forcedlabor"], Kind::Forced)?,
        flag(&["fcl", "forcedchildlabor"], Kind::ForcedChild)?,
        flag(
            &["derivedlaborexploitation", "derived", "downstream", "dle"],
            Kind::Downstream,
        )?,
    ];
    if flags.iter().all(|flag| *flag == Flag::No) {
        return Err("no kind of labor is marked".to_owned());
    }
    // Off the list when the last of its kinds is.
    let still = flags.iter().any(|flag| matches!(flag, Flag::Yes));
    let last = flags.iter().filter_map(|flag| flag.last_year()).max();
    let listed = |flag: Flag| match flag {
        Flag::Yes => true,
        Flag::Until(_) => !still,
        Flag::No => false,
    };
    let [child_labor, forced_labor, forced_child_labor, downstream] = flags.map(listed);
    Ok(GoodListing {
        good: good.clone(),
        sector: get(&["sector", "goodsector"]).cloned(),
        country,
        country_as_published: spelling.clone(),
        child_labor,
        forced_labor,
        forced_child_labor,
        downstream,
        input_country: get(&["derivedcountry", "inputcountry"])
            .filter(|text| !matches!(bare(text).as_str(), "no" | "na" | "none"))
            .cloned(),
        listed_on: None,
        // The answer gives the year; the row is taken to have stood all of it.
        delisted_on: last
            .filter(|_| !still)
            .and_then(|year| NaiveDate::from_ymd_opt(i32::from(year), 12, 31)),
        citation: citation.to_owned(),
    })
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(tidy(text)),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(if *flag { "yes" } else { "no" }.to_owned()),
        _ => None,
    }
}

/// What a row is listed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Child,
    Forced,
    ForcedChild,
    Downstream,
}

/// "Child Labor, Forced Labor", "CL/FL", "Forced Child Labor".
pub(super) fn kinds_in(text: &str) -> Vec<Kind> {
    let mut rest = format!(
        " {} ",
        text.to_lowercase()
            .replace(['/', ',', ';', '&', '|'], " , ")
    );
    let mut kinds = Vec::new();
    for (words, kind) in [
        ("forced child labor", Kind::ForcedChild),
        ("derived", Kind::Downstream),
        ("downstream", Kind::Downstream),
        ("input", Kind::Downstream),
        ("child labor", Kind::Child),
        ("forced labor", Kind::Forced),
        (" fcl ", Kind::ForcedChild),
        (" cl ", Kind::Child),
        (" fl ", Kind::Forced),
        (" child ", Kind::Child),
        (" forced ", Kind::Forced),
    ] {
        if rest.contains(words) {
            rest = rest.replace(words, " ");
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
    }
    kinds
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flag {
    Yes,
    No,
    /// Taken off in that year.
    Until(u16),
}

impl Flag {
    fn raised(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    /// "Yes", "No", "2009", "2009-", "2009 - Present", "2009-2014".
    fn parse(text: &str) -> Option<Self> {
        match bare(text).as_str() {
            "yes" | "y" | "true" | "1" | "x" => return Some(Self::Yes),
            "no" | "n" | "false" | "0" | "na" | "none" | "null" | "" => return Some(Self::No),
            _ => {}
        }
        let mut years = text
            .split([',', ';'])
            .next_back()?
            .split(['-', '–', '—'])
            .map(str::trim);
        let year = |text: &str| {
            text.parse::<u16>()
                .ok()
                .filter(|year| (1990..=2200).contains(year))
        };
        year(years.next()?)?;
        match years.next() {
            None | Some("") => Some(Self::Yes),
            Some(end) if matches!(bare(end).as_str(), "present" | "now" | "current") => {
                Some(Self::Yes)
            }
            Some(end) => year(end).map(Self::Until),
        }
    }

    fn last_year(self) -> Option<u16> {
        match self {
            Self::Until(year) => Some(year),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_yes_no_or_years() {
        for (text, flag) in [
            ("Yes", Some(Flag::Yes)),
            ("0", Some(Flag::No)),
            ("2009", Some(Flag::Yes)),
            ("2009-", Some(Flag::Yes)),
            ("2009 - Present", Some(Flag::Yes)),
            ("2009-2014", Some(Flag::Until(2014))),
            ("2009-2011, 2014-", Some(Flag::Yes)),
            ("perhaps", None),
        ] {
            assert_eq!(Flag::parse(text), flag, "{text}");
        }
    }

    #[test]
    fn kinds_are_found_in_words_and_letters() {
        assert_eq!(
            kinds_in("Child Labor, Forced Labor"),
            [Kind::Child, Kind::Forced]
        );
        assert_eq!(kinds_in("Forced Child Labor"), [Kind::ForcedChild]);
        assert_eq!(kinds_in("CL/FL"), [Kind::Child, Kind::Forced]);
        assert_eq!(kinds_in("-"), []);
    }

    #[test]
    fn rows_of_the_answer_are_goods() {
        let answer = r#"{"data":[
            {"Country":"China","Country_ISOCode":"CN","Sector":"Agriculture","Good":"Cotton","All_Exploitations":"Child Labor, Forced Labor","CL":"2009-","FL":"2009-","FCL":null},
            {"country":"Congo, Democratic Republic of the","good":"Cobalt","child_labor":"Yes","forced_labor":"No"},
            {"country":"Thailand","good":"Shrimp","cl":"2009-2024"},
            {"country":"Atlantis","good":"Pearls","cl":"2009-"},
            {"country":"China","good":"Toys"}]}"#;
        let list = parse(answer.as_bytes(), "DOL").unwrap();
        let goods = &list.content.goods;
        assert_eq!(goods.len(), 3);
        assert!(goods[0].child_labor && goods[0].forced_labor);
        assert_eq!(goods[1].country.alpha2(), "CD");
        assert_eq!(goods[2].delisted_on, NaiveDate::from_ymd_opt(2024, 12, 31));
        assert_eq!(list.unread.len(), 2);
        for refused in [
            "{}",
            "[]",
            r#"{"message":"Forbidden"}"#,
            "<html>",
            r#"[{"a":1}]"#,
        ] {
            assert!(parse(refused.as_bytes(), "DOL").is_err(), "{refused}");
        }
    }
}

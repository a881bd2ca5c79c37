//! Values as publishers write them: keys in any case, strings for numbers,
//! `CODE: DESC`, sentences where a value is withheld.

use chrono::{Datelike, NaiveDate};
use serde_json::Value;

use super::place::{Event, Notice, Place};
use crate::{
    country::Country,
    disclosures::contractor::{
        money::Money,
        party::{Given, identifier, is_nothing},
    },
    identifier::Scheme,
};

/// A record being read, and who hears what of it was left out.
pub(super) struct Reading<'a> {
    pub(super) place: Place,
    pub(super) sink: &'a mut dyn FnMut(Event),
    pub(super) notices: &'a mut u64,
}

impl Reading<'_> {
    pub(super) fn notice(&mut self, field: &str, why: impl Into<String>) {
        *self.notices += 1;
        (self.sink)(Event::Notice(Notice {
            place: self.place,
            field: field.to_owned(),
            why: why.into(),
        }));
    }

    /// A text; `None` where there is nothing or it is withheld.
    pub(super) fn text(&mut self, field: &str, value: Option<&Value>) -> Option<String> {
        let text = match value? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Bool(yes) => yes.to_string(),
            Value::Null => return None,
            Value::Array(_) | Value::Object(_) => {
                self.notice(field, "is no text: left out");
                return None;
            }
        };
        if is_withheld(&text) {
            self.notice(field, "is withheld: the entity opted out of public search");
            return None;
        }
        (!is_nothing(&text)).then_some(text)
    }

    pub(super) fn date(&mut self, field: &str, text: Option<&str>) -> Option<NaiveDate> {
        let text = text.filter(|text| !is_nothing(text))?;
        match date(text) {
            Some(day) if (1950..=2100).contains(&day.year()) => Some(day),
            Some(day) => {
                self.notice(
                    field,
                    format!("{day} is a placeholder and no date: left out"),
                );
                None
            }
            None => {
                self.notice(field, format!("\"{}\" is no date: left out", cut(text)));
                None
            }
        }
    }

    pub(super) fn money(&mut self, field: &str, text: Option<&str>) -> Option<Money> {
        let text = text.filter(|text| !is_nothing(text))?;
        let money = Money::parse(text);
        if money.is_none() {
            self.notice(field, format!("\"{}\" is no amount: left out", cut(text)));
        }
        money
    }

    /// A country as code, name, or `CODE: NAME`.
    pub(super) fn country(&mut self, field: &str, text: Option<&str>) -> Option<Country> {
        let text = text.filter(|text| !is_nothing(text))?;
        let (code, name) = code_and_name(text);
        let country = Country::parse(code).or_else(|| Country::parse(name));
        if country.is_none() {
            self.notice(
                field,
                format!("\"{}\" is no country we know: left out", cut(text)),
            );
        }
        country
    }

    /// An identifier to match by; says why one is not used.
    pub(super) fn identifier(
        &mut self,
        scheme: Scheme,
        field: &str,
        text: Option<&str>,
    ) -> Option<String> {
        match identifier(scheme, text.unwrap_or_default()) {
            Given::Good(value) => Some(value),
            Given::Nothing => None,
            Given::Masked => {
                self.notice(field, "is masked by the publisher: not used to match");
                None
            }
            Given::Unusable => {
                let text = cut(text.unwrap_or_default());
                self.notice(
                    field,
                    format!("\"{text}\" fails its form or check digit: not used to match"),
                );
                None
            }
        }
    }
}

/// SAM.gov gives a sentence in place of a value.
pub(super) fn is_withheld(text: &str) -> bool {
    text.contains("opted out of public search") || text.contains("masked from view")
}

/// A member by its name in any case: `fARResponses`, `farResponses`.
pub(super) fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let object = value.as_object()?;
    object.get(name).or_else(|| {
        object
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    })
}

/// A member of a member.
pub(super) fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter()
        .try_fold(value, |value, name| member(value, name))
}

/// Elements of an array member; one object stands for an array of one.
pub(super) fn each<'a>(value: &'a Value, path: &[&str]) -> Vec<&'a Value> {
    match at(value, path) {
        Some(Value::Array(elements)) => elements.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    }
}

/// `2036: BUREAU OF THE FISCAL SERVICE` to code and name; a bare code is both.
pub(super) fn code_and_name(text: &str) -> (&str, &str) {
    match text.split_once(':') {
        Some((code, name)) if code.len() <= 12 => (code.trim(), name.trim()),
        _ => (text.trim(), text.trim()),
    }
}

/// `2018-04-10`, `2025-02-20 00:00:00.000`, `2025-06-11T07:18:02Z`, `9/8/2016`,
/// `07-27-2012` (month first: the publishers are American).
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let day = text.trim().split(['T', ' ']).next()?;
    ["%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y", "%Y/%m/%d"]
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(day, form).ok())
        .filter(|day| day.year() > 0)
}

/// The beginning of a text, fit for a message.
pub(super) fn cut(text: &str) -> String {
    let mut letters = text.chars().filter(|letter| !letter.is_control());
    let mut shown: String = letters.by_ref().take(60).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_publisher() {
        for text in [
            "2016-09-08",
            "2016-09-08 00:00:00.000",
            "2016-09-08T07:18:02Z",
            "9/8/2016",
            "09-08-2016",
        ] {
            assert_eq!(date(text), NaiveDate::from_ymd_opt(2016, 9, 8), "{text}");
        }
        for wrong in ["", "2016-13-01", "Indefinite", "8.9.2016", "9/8/16"] {
            assert_eq!(date(wrong).filter(|day| day.year() > 1000), None, "{wrong}");
        }
    }

    #[test]
    fn members_are_found_in_any_case() {
        let value = serde_json::json!({"dFARResponses": {"X": 1}});
        assert_eq!(
            at(&value, &["dfarResponses", "x"]),
            Some(&serde_json::json!(1))
        );
    }
}

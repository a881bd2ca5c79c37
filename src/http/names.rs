//! Closed sets of words in query parameters, as the API describes them, and
//! moments as it reads them.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, de::Error};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use crate::{
    access::Role,
    clock::Timestamp,
    lists::{Form, Source},
    risk::{Disposition, Tier},
    store::{deliveries::DeliveryState, jobs::JobState},
};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $words:expr;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub enum $name {}
            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    ObjectBuilder::new()
                        .schema_type(Type::String)
                        .enum_values(Some($words))
                        .build()
                        .into()
                }
            }
            impl ToSchema for $name {}
        )+
    };
}

words! {
    TierName: [Tier::NotAssessed, Tier::Low, Tier::Moderate, Tier::High, Tier::Severe].map(Tier::as_str);
    DispositionName: [
        Disposition::Hold,
        Disposition::ReviewRequired,
        Disposition::InsufficientData,
        Disposition::Escalate,
        Disposition::EnhancedDiligence,
        Disposition::RoutineMonitoring,
    ].map(Disposition::as_str);
    BandName: ["low", "review", "priority"];
    DeliveryStateName: DeliveryState::ALL.map(DeliveryState::code);
    RoleName: Role::ALL.map(Role::code);
    FormName: Form::ALL.map(Form::code);
    JobStateName: JobState::ALL.map(JobState::code);
    DecisionName: ["true_match", "false_positive", "escalated"];
    RegisterLawName: ["sb657", "msa-s54"];
    MergeDecisionName: ["merged", "dismissed", "undone"];
}

/// A list: a published one, or one of an organization's own.
#[derive(Debug)]
pub enum SourceName {}

impl PartialSchema for SourceName {
    fn schema() -> RefOr<Schema> {
        let published = Source::ALL.map(|source| source.code().to_owned()).join("|");
        let own = "[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?";
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(format!("^({published}|custom:{own})$")))
            .build()
            .into()
    }
}

impl ToSchema for SourceName {}

/// A moment in a query: RFC 3339, in whole microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When(pub Timestamp);

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use chrono::SubsecRound;
        let text = String::deserialize(deserializer)?;
        // A plus sign in an address is a blank.
        let text = text.trim().replace(' ', "+");
        chrono::DateTime::parse_from_rfc3339(&text)
            .map(|moment| Self(moment.to_utc().trunc_subsecs(6)))
            .map_err(|_| D::Error::custom("write a moment like 2026-11-21T12:00:00Z"))
    }
}

/// A word that a type reads itself.
pub(super) fn word<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(D::Error::custom)
}

/// A country in a query: its ISO 3166-1 alpha-2 code, in upper case.
pub(super) fn country_code<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_alphabetic()) {
        Ok(Some(text.to_ascii_uppercase()))
    } else {
        Err(D::Error::custom("write a country's code of two letters"))
    }
}

/// A SHA-256 in a query.
pub(super) fn sha256<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let digits = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if text.len() == 64 && text.bytes().all(digits) {
        Ok(Some(text))
    } else {
        Err(D::Error::custom("write 64 lower-case hexadecimal digits"))
    }
}

/// A day that a screening may speak for. No list, law or supplier reaches beyond
/// these years, and no database stores every day that can be written.
pub(super) fn day<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<NaiveDate>, D::Error> {
    let day = Option::<NaiveDate>::deserialize(deserializer)?;
    match day {
        Some(day) if !(1900..=2200).contains(&day.year()) => Err(D::Error::custom(
            "a day lies between the years 1900 and 2200",
        )),
        _ => Ok(day),
    }
}

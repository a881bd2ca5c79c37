//! SAM.gov exclusions: the API's JSON and the public extract. An exclusion is
//! about eligibility; what it was for, its record seldom says.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use super::value::{Reading, at, each, is_withheld};
use crate::{country::Country, disclosures::contractor::party::Identity, identifier::Scheme};

/// One excluded party.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ExclusionRecord {
    pub identity: Identity,
    /// A natural person: matched, and never published.
    pub person: bool,
    pub exclusion_type: String,
    pub program: String,
    pub agency: String,
    /// Cause and treatment code.
    pub cause: String,
    pub active_from: Option<NaiveDate>,
    /// `None` for an indefinite one.
    pub until: Option<NaiveDate>,
    pub country: Option<Country>,
}

/// Reads one element of `excludedEntity`. `Err` says why it is none.
pub(super) fn exclusion(
    value: &Value,
    reading: &mut Reading<'_>,
) -> Result<ExclusionRecord, String> {
    let mut text = |field: &str, path: &[&str]| reading.text(field, at(value, path));
    let name = text("entityName", &["exclusionIdentification", "entityName"]);
    let uei = text("ueiSAM", &["exclusionIdentification", "ueiSAM"]);
    let cage = text("cageCode", &["exclusionIdentification", "cageCode"]);
    let kind = text(
        "classificationType",
        &["exclusionDetails", "classificationType"],
    );
    let exclusion_type = text("exclusionType", &["exclusionDetails", "exclusionType"]);
    let program = text(
        "exclusionProgram",
        &["exclusionDetails", "exclusionProgram"],
    );
    let agency = text(
        "excludingAgencyName",
        &["exclusionDetails", "excludingAgencyName"],
    );
    let cause = text("ctCode", &["exclusionOtherInformation", "ctCode"]);
    let country = text("countryCode", &["exclusionPrimaryAddress", "countryCode"]);
    if name.is_none() && uei.is_none() && cage.is_none() {
        return Err("names nobody: no name, UEI or CAGE code is given".to_owned());
    }
    let actions = each(value, &["exclusionActions", "listOfActions"]);
    let last = actions.last().copied();
    let from = last.and_then(|action| reading.text("activateDate", at(action, &["activateDate"])));
    let until =
        last.and_then(|action| reading.text("terminationDate", at(action, &["terminationDate"])));
    if last.is_none() {
        reading.notice(
            "exclusionActions",
            "are missing: since when it holds is not known",
        );
    }
    if country.is_none() {
        reading.notice("countryCode", "is missing");
    }
    let record = ExclusionRecord {
        identity: Identity {
            name: name.unwrap_or_default(),
            uei: reading.identifier(Scheme::Uei, "ueiSAM", uei.as_deref()),
            cage: reading.identifier(Scheme::Cage, "cageCode", cage.as_deref()),
            ..Identity::default()
        },
        person: kind.is_some_and(|kind| kind.eq_ignore_ascii_case("individual")),
        exclusion_type: exclusion_type.unwrap_or_default(),
        program: program.unwrap_or_default(),
        agency: agency.unwrap_or_default(),
        cause: cause.unwrap_or_default(),
        active_from: reading.date("activateDate", from.as_deref()),
        until: until_date(until.as_deref(), reading),
        country: reading.country("countryCode", country.as_deref()),
    };
    check_span(&record, reading);
    Ok(record)
}

/// One row of the public extract, by its own column names.
pub(super) fn exclusion_row<'a>(
    cell: &dyn Fn(&[&str]) -> &'a str,
    reading: &mut Reading<'_>,
) -> Result<ExclusionRecord, String> {
    let given = |names: &[&str]| Some(cell(names)).filter(|text| !text.is_empty());
    let name = given(&["Name"]).map_or_else(
        || {
            [cell(&["First"]), cell(&["Middle"]), cell(&["Last"])]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" ")
        },
        str::to_owned,
    );
    if name.is_empty() {
        return Err("names nobody: no name is given".to_owned());
    }
    if is_withheld(cell(&["Additional Comments"])) {
        reading.notice("Additional Comments", "are masked by the publisher");
    }
    // In the published V1 file no UEI passes its check digit: they are masked.
    let uei = given(&["Unique Entity Identifier (SAM)", "Unique Entity ID"]);
    let country = given(&["Country"]).filter(|code| *code != "XUN");
    if country.is_none() {
        reading.notice("Country", "is missing or unknown");
    }
    let record = ExclusionRecord {
        identity: Identity {
            name,
            uei: reading.identifier(Scheme::Uei, "Unique Entity ID", uei),
            cage: reading.identifier(Scheme::Cage, "CAGE", given(&["CAGE"])),
            duns: reading.identifier(
                Scheme::Duns,
                "DUNS",
                given(&["Unique Entity Identifier (DUNS)", "DUNS"]),
            ),
            ..Identity::default()
        },
        person: cell(&["Classification"]).eq_ignore_ascii_case("individual"),
        exclusion_type: cell(&["Exclusion Type"]).to_owned(),
        program: cell(&["Exclusion Program"]).to_owned(),
        agency: cell(&["Excluding Agency"]).to_owned(),
        cause: cell(&["CT Code"]).to_owned(),
        active_from: reading.date("Active Date", given(&["Active Date"])),
        until: until_date(given(&["Termination Date"]), reading),
        country: reading.country("Country", country),
    };
    check_span(&record, reading);
    Ok(record)
}

fn until_date(text: Option<&str>, reading: &mut Reading<'_>) -> Option<NaiveDate> {
    let definite = text.filter(|text| !text.eq_ignore_ascii_case("indefinite"));
    reading.date("terminationDate", definite)
}

fn check_span(record: &ExclusionRecord, reading: &mut Reading<'_>) {
    if let (Some(from), Some(until)) = (record.active_from, record.until)
        && until < from
    {
        reading.notice(
            "dates",
            format!("ends on {until}, before it begins on {from}"),
        );
    }
}

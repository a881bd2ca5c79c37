//! SAM.gov entity responses (v3 and v4): registration, answers, integrity.
//!
//! FAR 52.222-50 and 52.222-56 are read-only provisions that the Entity API
//! does not capture: nothing here can show or deny a plan.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use super::value::{Reading, at, each, is_withheld, member};
use crate::{
    country::Country,
    disclosures::contractor::{
        disclosure::{OfficialRecord, RecordState},
        party::{Identity, Relative, Tie},
        policy::ContractorPolicy,
    },
    identifier::Scheme,
};

/// One entity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct EntityRecord {
    pub identity: Identity,
    /// The entity opted out of public search: little is shown, and that says
    /// nothing about it.
    pub opted_out: bool,
    pub last_updated: Option<NaiveDate>,
    /// Answer 32, child-labor provisions: delivers end products that are listed
    /// under Executive Order 13126.
    pub delivers_listed_products: Vec<Answer>,
    /// Answer 33: after a good-faith effort not aware of child labor.
    pub unaware_after_good_faith: Vec<Answer>,
    /// Answer 35: delivers foreign end products.
    pub delivers_foreign: Vec<Answer>,
    pub end_products: Vec<EndProduct>,
    pub records: Vec<OfficialRecord>,
}

/// An answer to a provision, in the registrant's words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Answer {
    /// `52.222-18.c.1`
    pub section: String,
    /// `None`: asked and left open, or an answer that is neither.
    pub yes: Option<bool>,
    pub said: String,
}

/// A foreign end product as listed under 52.225-2, -4, -6, 52.212-3(f) and (g) or
/// the DFARS.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EndProduct {
    pub section: String,
    /// As given: a name, or `PSC - description`.
    pub name: String,
    /// Product code that the name begins with.
    pub psc: Option<String>,
    pub country: Option<Country>,
    pub country_given: String,
}

impl EndProduct {
    /// The words without the code in front of them.
    pub fn goods_words(&self) -> &str {
        match (&self.psc, self.name.split_once('-')) {
            (Some(_), Some((_, words))) => words.trim(),
            _ => &self.name,
        }
    }
}

/// Reads one element of `entityData`. `Err` says why it is none.
pub(super) fn entity(
    policy: &ContractorPolicy,
    value: &Value,
    reading: &mut Reading<'_>,
) -> Result<EntityRecord, String> {
    let mut record = EntityRecord::default();
    let integrity = member(value, "integrityInformation");
    match member(value, "entityRegistration") {
        Some(registration @ Value::Object(_)) => {
            record.opted_out = registration.as_object().is_some_and(|fields| {
                fields
                    .values()
                    .any(|one| one.as_str().is_some_and(is_withheld))
            });
            record.identity = identity(registration, reading);
            let updated = reading.text("lastUpdateDate", member(registration, "lastUpdateDate"));
            record.last_updated = reading.date("lastUpdateDate", updated.as_deref());
        }
        Some(Value::String(said)) => {
            record.opted_out = is_withheld(said);
            reading.notice(
                "entityRegistration",
                "is withheld: the entity opted out of public search",
            );
        }
        _ => reading.notice("entityRegistration", "is missing"),
    }
    let summary = integrity.and_then(|integrity| member(integrity, "entitySummary"));
    if let Some(summary) = summary {
        let other = identity(summary, reading);
        let own = &mut record.identity;
        if own.name.is_empty() {
            own.name = other.name;
        }
        own.uei = own.uei.take().or(other.uei);
        own.cage = own.cage.take().or(other.cage);
    }
    if record.identity.name.is_empty()
        && record.identity.uei.is_none()
        && record.identity.cage.is_none()
    {
        return Err(
            "names no entity: neither a name nor a UEI nor a CAGE code is given".to_owned(),
        );
    }
    if let Some(integrity) = integrity {
        record.records = official(policy, integrity, reading);
        record.identity.relatives = relatives(integrity, reading);
    }
    answers(value, &mut record, reading);
    Ok(record)
}

fn identity(value: &Value, reading: &mut Reading<'_>) -> Identity {
    let mut text = |field: &str| {
        let value = member(value, field);
        // One notice for a withheld registration is enough: see `opted_out`.
        match value {
            Some(Value::String(text)) if is_withheld(text) => None,
            value => reading.text(field, value),
        }
    };
    let name = text("legalBusinessName").unwrap_or_default();
    let other = text("dbaName");
    let uei = text("ueiSAM");
    let cage = text("cageCode");
    Identity {
        name,
        other_names: other.into_iter().collect(),
        uei: reading.identifier(Scheme::Uei, "ueiSAM", uei.as_deref()),
        cage: reading.identifier(Scheme::Cage, "cageCode", cage.as_deref()),
        duns: None,
        relatives: Vec::new(),
    }
}

/// Responsibility records and proceedings. Points of contact are not kept.
fn official(
    policy: &ContractorPolicy,
    integrity: &Value,
    reading: &mut Reading<'_>,
) -> Vec<OfficialRecord> {
    let mut records = Vec::new();
    for one in each(integrity, &["responsibilityInformationList"]) {
        let title = reading
            .text("recordTypeDesc", member(one, "recordTypeDesc"))
            .unwrap_or_else(|| "record of unknown type".to_owned());
        let day = reading.text("recordDate", member(one, "recordDate"));
        let contract = reading.text(
            "procurementIdOrFederalAssistanceId",
            member(one, "procurementIdOrFederalAssistanceId"),
        );
        records.push(OfficialRecord {
            state: RecordState::ResponsibilityRecord,
            dated: reading.date("recordDate", day.as_deref()),
            trafficking: policy.speaks_of_trafficking(&title),
            title,
            contract,
            source: "SAM.gov, Responsibility and Qualification".to_owned(),
            until: None,
            remedy: None,
        });
    }
    for one in each(integrity, &["proceedingsData", "listOfProceedings"]) {
        let kind = reading.text("proceedingType", member(one, "proceedingType"));
        let outcome = reading.text("disposition", member(one, "disposition"));
        let description = reading.text(
            "proceedingDescription",
            member(one, "proceedingDescription"),
        );
        let day = reading.text("proceedingDate", member(one, "proceedingDate"));
        let title = [kind, outcome]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ");
        records.push(OfficialRecord {
            state: RecordState::Proceeding,
            dated: reading.date("proceedingDate", day.as_deref()),
            // The description may name persons: it is looked through, not kept.
            trafficking: description
                .is_some_and(|description| policy.speaks_of_trafficking(&description)),
            title,
            contract: reading.text("instrumentNumber", member(one, "instrumentNumber")),
            source: "SAM.gov, integrity proceedings".to_owned(),
            until: None,
            remedy: None,
        });
    }
    records.sort();
    records
}

fn relatives(integrity: &Value, reading: &mut Reading<'_>) -> Vec<Relative> {
    let mut relatives = Vec::new();
    let single = [
        ("highestOwner", Tie::HighestOwner),
        ("immediateOwner", Tie::ImmediateOwner),
    ];
    let owners = single.into_iter().filter_map(|(field, tie)| {
        at(integrity, &["corporateRelationships", field]).map(|value| (value, tie))
    });
    let before = each(integrity, &["corporateRelationships", "predecessorsList"])
        .into_iter()
        .map(|value| (value, Tie::Predecessor));
    for (value, tie) in owners.chain(before) {
        let name = reading.text("legalBusinessName", member(value, "legalBusinessName"));
        let cage = reading.text("cageCode", member(value, "cageCode"));
        let Some(name) = name else { continue };
        relatives.push(Relative {
            tie,
            name,
            uei: None,
            cage: reading.identifier(Scheme::Cage, "cageCode", cage.as_deref()),
            duns: None,
        });
    }
    relatives.sort();
    relatives.dedup();
    relatives
}

fn answers(value: &Value, record: &mut EntityRecord, reading: &mut Reading<'_>) {
    for responses in ["fARResponses", "dFARResponses"] {
        for provision in each(value, &["repsAndCerts", "certifications", responses]) {
            let id = reading
                .text("provisionId", member(provision, "provisionId"))
                .unwrap_or_default();
            for answer in each(provision, &["listOfAnswers"]) {
                one_answer(&id, answer, record, reading);
            }
        }
    }
    record.end_products.sort();
    record.end_products.dedup();
}

fn one_answer(
    provision: &str,
    answer: &Value,
    record: &mut EntityRecord,
    reading: &mut Reading<'_>,
) {
    let id = reading
        .text("answerId", member(answer, "answerId"))
        .unwrap_or_default();
    let section = reading
        .text("section", member(answer, "section"))
        .unwrap_or_else(|| provision.to_owned());
    let child_labor = ["52.222-18", "52.212-3"]
        .iter()
        .any(|known| section.contains(known));
    // Who offers commercial items answers Buy American and trade agreements there.
    let foreign = [
        "52.212-3.f",
        "52.212-3.g",
        "52.225-2",
        "52.225-4",
        "52.225-6",
        "252.225-7000",
        "252.225-7020",
        "252.225-7035",
    ]
    .iter()
    .any(|known| section.contains(known) || provision.ends_with(known));
    let list = match id.as_str() {
        "32" if child_labor => &mut record.delivers_listed_products,
        "33" if child_labor => &mut record.unaware_after_good_faith,
        "35" if foreign => &mut record.delivers_foreign,
        "36" if foreign => {
            for product in each(answer, &["endProductsList"]) {
                end_product(&section, product, record, reading);
            }
            return;
        }
        _ => return,
    };
    let said = reading
        .text("answerText", member(answer, "answerText"))
        .unwrap_or_default();
    list.push(Answer {
        section,
        yes: match said.to_ascii_lowercase().as_str() {
            "yes" | "y" | "true" => Some(true),
            "no" | "n" | "false" => Some(false),
            _ => None,
        },
        said,
    });
}

fn end_product(
    section: &str,
    product: &Value,
    record: &mut EntityRecord,
    reading: &mut Reading<'_>,
) {
    let Some(name) = reading.text("endProductsList.name", member(product, "name")) else {
        reading.notice("endProductsList", "an end product without a name: left out");
        return;
    };
    let given = reading
        .text("endProductsList.country", member(product, "country"))
        .unwrap_or_default();
    let country = reading.country("endProductsList.country", Some(&given));
    if given.is_empty() {
        reading.notice(
            "endProductsList.country",
            format!("{name}: no country of origin is given"),
        );
    }
    // "8415 - CLOTHING, SPECIAL PURPOSE"
    let psc = name
        .split_once('-')
        .map(|(code, _)| code.trim())
        .filter(|code| code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        .filter(|code| code.bytes().any(|byte| byte.is_ascii_digit()))
        .map(str::to_owned);
    record.end_products.push(EndProduct {
        section: section.to_owned(),
        name,
        psc,
        country,
        country_given: given,
    });
}

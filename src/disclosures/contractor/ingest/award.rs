//! Award records: SAM.gov contract awards, and the shape that USAspending's
//! columns are read into.

use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::Value;

use super::value::{Reading, at, each, member};
use crate::{
    country::Country,
    disclosures::contractor::{
        contract::ContractId,
        money::Money,
        party::{Identity, Relative, Tie},
    },
    identifier::Scheme,
};

/// One transaction on a contract, or the sum of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AwardRecord {
    /// The publisher and the file.
    pub source: Arc<str>,
    pub identity: Identity,
    pub contract: ContractId,
    pub modification: String,
    pub transaction: String,
    pub agency: String,
    pub office: String,
    pub signed: Option<NaiveDate>,
    /// Of a summary of several: the last of them.
    pub last_signed: Option<NaiveDate>,
    pub starts: Option<NaiveDate>,
    pub ends: Option<NaiveDate>,
    pub fiscal_year: Option<i32>,
    pub obligated: Option<Money>,
    /// Base and all options, of this transaction or of the whole.
    pub total_value: Option<Money>,
    pub indefinite_delivery: bool,
    /// `Some(true)`: commercial procedures; no word about COTS.
    pub commercial: Option<bool>,
    pub psc: Option<String>,
    pub naics: Vec<String>,
    pub performed_in: Option<Country>,
    pub origin: Option<Country>,
}

/// Reads one element of `awardSummary`. `Err` says why it is none.
pub(super) fn award(
    value: &Value,
    source: &Arc<str>,
    reading: &mut Reading<'_>,
) -> Result<AwardRecord, String> {
    let mut text = |field: &str, path: &[&str]| reading.text(field, at(value, path));
    let piid = text("piid", &["contractId", "piid"])
        .ok_or_else(|| "has no piid: it names no contract".to_owned())?;
    let contract = ContractId {
        agency_code: text("subtier", &["contractId", "subtier", "code"]).unwrap_or_default(),
        piid,
        vehicle_piid: text("referencedIDVPiid", &["contractId", "referencedIDVPiid"])
            .unwrap_or_default(),
    };
    let modification =
        text("modificationNumber", &["contractId", "modificationNumber"]).unwrap_or_default();
    let transaction =
        text("transactionNumber", &["contractId", "transactionNumber"]).unwrap_or_default();
    let contracting = |level, field| {
        [
            "coreData",
            "federalOrganization",
            "contractingInformation",
            level,
            field,
        ]
    };
    let agency = text(
        "contractingDepartment",
        &contracting("contractingDepartment", "name"),
    )
    .or_else(|| text("subtier", &["contractId", "subtier", "name"]))
    .unwrap_or_default();
    let office = text(
        "contractingOffice",
        &contracting("contractingOffice", "name"),
    )
    .unwrap_or_default();
    let day = |field: &'static str| ["awardDetails", "dates", field];
    let signed = text("dateSigned", &day("dateSigned"));
    let starts = text(
        "periodOfPerformanceStartDate",
        &day("periodOfPerformanceStartDate"),
    );
    let ends = text("ultimateCompletionDate", &day("ultimateCompletionDate"))
        .or_else(|| text("currentCompletionDate", &day("currentCompletionDate")))
        .or_else(|| text("lastDateToOrder", &day("lastDateToOrder")));
    let fiscal_year = text("fiscalYear", &day("fiscalYear"));
    let obligated = text(
        "actionObligation",
        &["awardDetails", "dollars", "actionObligation"],
    );
    let whole = text(
        "totalBaseAndAllOptionsValue",
        &[
            "awardDetails",
            "totalContractDollars",
            "totalBaseAndAllOptionsValue",
        ],
    )
    .or_else(|| {
        text(
            "baseAndAllOptionsValue",
            &["awardDetails", "dollars", "baseAndAllOptionsValue"],
        )
    });
    let award_or_idv = text("awardOrIDV", &["coreData", "awardOrIDV"]);
    let commercial = text(
        "commercialProductsAndServicesAcquisitionProcedures",
        &[
            "awardDetails",
            "competitionInformation",
            "commercialProductsAndServicesAcquisitionProcedures",
            "code",
        ],
    );
    let product = |field| {
        [
            "coreData",
            "productOrServiceInformation",
            "productOrService",
            field,
        ]
    };
    let psc = text("productOrService", &product("code"));
    let place = text(
        "principalPlaceOfPerformance.country",
        &["coreData", "principalPlaceOfPerformance", "country", "code"],
    );
    let origin = text(
        "countryOfOrigin",
        &[
            "coreData",
            "productOrServiceInformation",
            "countryOfOrigin",
            "code",
        ],
    );
    let naics = each(
        value,
        &["coreData", "productOrServiceInformation", "principalNaics"],
    )
    .into_iter()
    .filter_map(|one| member(one, "code")?.as_str().map(str::to_owned))
    .collect();
    let details = at(value, &["awardDetails", "awardeeData"]).is_some();
    let identity = awardee(value, reading);
    if !details {
        reading.notice(
            "awardDetails",
            "is missing: the record names a contract and no contractor",
        );
    } else if place.is_none() {
        reading.notice("principalPlaceOfPerformance.country", "is missing");
    }
    let record = AwardRecord {
        source: Arc::clone(source),
        identity,
        contract,
        modification,
        transaction,
        agency,
        office,
        signed: reading.date("dateSigned", signed.as_deref()),
        last_signed: None,
        starts: reading.date("periodOfPerformanceStartDate", starts.as_deref()),
        ends: reading.date("ultimateCompletionDate", ends.as_deref()),
        fiscal_year: fiscal_year.and_then(|year| year.parse().ok()),
        obligated: reading.money("actionObligation", obligated.as_deref()),
        total_value: reading.money("totalBaseAndAllOptionsValue", whole.as_deref()),
        indefinite_delivery: award_or_idv.is_some_and(|kind| kind.eq_ignore_ascii_case("IDV")),
        commercial: commercial.map(|code| is_commercial(&code)),
        psc,
        naics,
        performed_in: reading.country("principalPlaceOfPerformance.country", place.as_deref()),
        origin: reading.country("countryOfOrigin", origin.as_deref()),
    };
    check_dates(&record, reading);
    Ok(record)
}

/// A: commercial product or service; D: procedures not used.
pub(super) fn is_commercial(code: &str) -> bool {
    !code.starts_with('D')
}

/// Dates that cannot all be right.
pub(super) fn check_dates(record: &AwardRecord, reading: &mut Reading<'_>) {
    if let (Some(starts), Some(ends)) = (record.starts, record.ends)
        && ends < starts
    {
        reading.notice(
            "dates",
            format!("performance ends on {ends}, before it starts on {starts}: both are kept, neither is used"),
        );
    }
    if let (Some(signed), Some(ends)) = (record.signed, record.ends)
        && ends < signed
        && record.modification.trim_start_matches('0').is_empty()
    {
        reading.notice(
            "dates",
            format!("performance ends on {ends}, before the award was signed on {signed}"),
        );
    }
    if record.obligated.is_some_and(Money::is_negative) {
        reading.notice(
            "obligation",
            "is negative: money was taken back; counted as such",
        );
    }
}

fn awardee(value: &Value, reading: &mut Reading<'_>) -> Identity {
    let mut text = |field: &str, path: &[&str]| {
        let mut whole = vec!["awardDetails", "awardeeData"];
        whole.extend(path);
        reading.text(field, at(value, &whole))
    };
    let legal = text("legalBusinessName", &["awardeeHeader", "legalBusinessName"]);
    let name = text("awardeeName", &["awardeeHeader", "awardeeName"]);
    let alternate = text(
        "awardeeAlternateName",
        &["awardeeHeader", "awardeeAlternateName"],
    );
    let uei = text(
        "uniqueEntityId",
        &["awardeeUEIInformation", "uniqueEntityId"],
    );
    let cage = text("cageCode", &["awardeeUEIInformation", "cageCode"]);
    let parent = text(
        "awardeeUltimateParentName",
        &["awardeeUEIInformation", "awardeeUltimateParentName"],
    );
    let parent_uei = text(
        "awardeeUltimateParentUniqueEntityId",
        &[
            "awardeeUEIInformation",
            "awardeeUltimateParentUniqueEntityId",
        ],
    );
    let uei = reading.identifier(Scheme::Uei, "uniqueEntityId", uei.as_deref());
    let parent_uei = reading.identifier(
        Scheme::Uei,
        "awardeeUltimateParentUniqueEntityId",
        parent_uei.as_deref(),
    );
    let relatives = parent
        .filter(|_| parent_uei.is_none() || parent_uei != uei)
        .map(|name| Relative {
            tie: Tie::UltimateParent,
            name,
            uei: parent_uei,
            cage: None,
            duns: None,
        });
    Identity {
        name: legal.or(name).unwrap_or_default(),
        other_names: alternate.into_iter().collect(),
        uei,
        cage: reading.identifier(Scheme::Cage, "cageCode", cage.as_deref()),
        duns: None,
        relatives: relatives.into_iter().collect(),
    }
}

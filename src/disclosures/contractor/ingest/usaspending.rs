//! USAspending CSV of prime transactions and award summaries: today's columns, and
//! the 225 of before 2017 by the published crosswalk.

use std::sync::Arc;

use super::{
    award::{AwardRecord, check_dates, is_commercial},
    value::{Reading, code_and_name},
};
use crate::{
    disclosures::contractor::{
        contract::ContractId,
        party::{Identity, Relative, Tie},
    },
    identifier::Scheme,
};

/// Today's column and the legacy one (USAspending data dictionary crosswalk).
pub const COLUMNS: [(&str, &str); 34] = [
    ("contract_transaction_unique_key", "unique_transaction_id"),
    ("award_id_piid", "piid"),
    ("parent_award_id_piid", "idvpiid"),
    ("modification_number", "modnumber"),
    ("transaction_number", "transactionnumber"),
    ("federal_action_obligation", "dollarsobligated"),
    ("base_and_all_options_value", "baseandalloptionsvalue"),
    // Award summaries have one row an award, with these in place of an action's.
    ("total_obligated_amount", ""),
    ("potential_total_value_of_award", ""),
    ("award_base_action_date", ""),
    ("award_base_action_date_fiscal_year", ""),
    ("award_latest_action_date", ""),
    ("action_date", "signeddate"),
    ("action_date_fiscal_year", "fiscal_year"),
    ("period_of_performance_start_date", "effectivedate"),
    (
        "period_of_performance_current_end_date",
        "currentcompletiondate",
    ),
    (
        "period_of_performance_potential_end_date",
        "ultimatecompletiondate",
    ),
    ("ordering_period_end_date", "lastdatetoorder"),
    ("awarding_agency_name", "maj_agency_cat"),
    ("awarding_sub_agency_code", "contractingofficeagencyid"),
    ("awarding_office_name", "contractingofficeid"),
    ("recipient_uei", ""),
    ("cage_code", ""),
    ("recipient_duns", "dunsnumber"),
    ("recipient_name", "vendorname"),
    (
        "recipient_doing_business_as_name",
        "vendordoingasbusinessname",
    ),
    ("recipient_parent_name", "mod_parent"),
    ("recipient_parent_uei", ""),
    ("recipient_parent_duns", "parentdunsnumber"),
    (
        "primary_place_of_performance_country_code",
        "placeofperformancecountrycode",
    ),
    ("product_or_service_code", "productorservicecode"),
    ("naics_code", "principalnaicscode"),
    (
        "country_of_product_or_service_origin_code",
        "countryoforigin",
    ),
    (
        "commercial_item_acquisition_procedures_code",
        "commercialitemacquisitionprocedures",
    ),
];

/// Reads one row; `cell` finds a cell by today's column name, whichever of the
/// two layouts the file has.
pub(super) fn award_row<'a>(
    source: &Arc<str>,
    cell: &dyn Fn(&str) -> &'a str,
    reading: &mut Reading<'_>,
) -> Result<AwardRecord, String> {
    let given = |name: &str| Some(cell(name)).filter(|text| !text.is_empty());
    let code = |name: &str| given(name).map(|text| code_and_name(text).0.to_owned());
    let name_of = |name: &str| given(name).map(|text| code_and_name(text).1.to_owned());
    let piid = given("award_id_piid").ok_or("has no PIID: it names no contract")?;
    let parent = given("recipient_parent_name").map(|name| Relative {
        tie: Tie::UltimateParent,
        name: name.to_owned(),
        uei: reading.identifier(
            Scheme::Uei,
            "recipient_parent_uei",
            given("recipient_parent_uei"),
        ),
        cage: None,
        duns: reading.identifier(
            Scheme::Duns,
            "recipient_parent_duns",
            given("recipient_parent_duns"),
        ),
    });
    let identity = Identity {
        name: given("recipient_name").unwrap_or_default().to_owned(),
        other_names: given("recipient_doing_business_as_name")
            .map(str::to_owned)
            .into_iter()
            .collect(),
        uei: reading.identifier(Scheme::Uei, "recipient_uei", given("recipient_uei")),
        cage: reading.identifier(Scheme::Cage, "cage_code", given("cage_code")),
        duns: reading.identifier(Scheme::Duns, "recipient_duns", given("recipient_duns")),
        relatives: Vec::new(),
    };
    let own = |relative: &Relative| {
        (relative.uei.is_some() && relative.uei == identity.uei)
            || (relative.duns.is_some() && relative.duns == identity.duns)
    };
    let relatives = parent.filter(|parent| !own(parent)).into_iter().collect();
    let place = given("primary_place_of_performance_country_code");
    if place.is_none() {
        reading.notice("primary_place_of_performance_country_code", "is missing");
    }
    if identity.name.is_empty() {
        reading.notice("recipient_name", "is missing");
    }
    let ends = given("period_of_performance_potential_end_date")
        .or_else(|| given("period_of_performance_current_end_date"))
        .or_else(|| given("ordering_period_end_date"));
    // A row of transactions, or one of award summaries.
    let either = |action: &str, summary: &str| given(action).or_else(|| given(summary));
    let record = AwardRecord {
        source: Arc::clone(source),
        identity: Identity {
            relatives,
            ..identity
        },
        contract: ContractId {
            agency_code: code("awarding_sub_agency_code").unwrap_or_default(),
            piid: piid.to_owned(),
            vehicle_piid: given("parent_award_id_piid").unwrap_or_default().to_owned(),
        },
        modification: given("modification_number").unwrap_or_default().to_owned(),
        transaction: given("transaction_number").unwrap_or_default().to_owned(),
        agency: name_of("awarding_agency_name").unwrap_or_default(),
        office: name_of("awarding_office_name").unwrap_or_default(),
        signed: reading.date(
            "action_date",
            either("action_date", "award_base_action_date"),
        ),
        last_signed: reading.date(
            "award_latest_action_date",
            given("award_latest_action_date"),
        ),
        starts: reading.date(
            "period_of_performance_start_date",
            given("period_of_performance_start_date"),
        ),
        ends: reading.date("period_of_performance_potential_end_date", ends),
        fiscal_year: either(
            "action_date_fiscal_year",
            "award_base_action_date_fiscal_year",
        )
        .and_then(|year| year.parse().ok()),
        obligated: reading.money(
            "federal_action_obligation",
            either("federal_action_obligation", "total_obligated_amount"),
        ),
        total_value: reading.money(
            "base_and_all_options_value",
            either(
                "base_and_all_options_value",
                "potential_total_value_of_award",
            ),
        ),
        indefinite_delivery: given("ordering_period_end_date").is_some(),
        commercial: code("commercial_item_acquisition_procedures_code")
            .map(|code| is_commercial(&code)),
        psc: code("product_or_service_code"),
        naics: code("naics_code").into_iter().collect(),
        performed_in: reading.country("primary_place_of_performance_country_code", place),
        origin: reading.country(
            "country_of_product_or_service_origin_code",
            given("country_of_product_or_service_origin_code"),
        ),
    };
    check_dates(&record, reading);
    Ok(record)
}

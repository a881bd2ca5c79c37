//! Registers of disclosures: who is presumed to owe a statement, and which of
//! the organization's suppliers and parents they name.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::{
        companies::{self, Asked, CompaniesError},
        merges::MergeError,
    },
    disclosures::company::{RegisterError, RegisterLaw},
    http::{
        allowed::{Allowed, Screen},
        body::{Query, media_type},
        names::RegisterLawName,
        problem::{Problem, ProblemDocument},
        state::State,
    },
    screening::Similarity,
};

/// Of one register; larger ones are read on the command line.
const REGISTER_BYTES: usize = 16 << 20;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RegisterParameters {
    /// `sb657` (the default) or `msa-s54`.
    #[param(value_type = Option<RegisterLawName>, inline)]
    law: Option<RegisterLaw>,
    /// The day the presumption speaks for; today by default.
    #[serde(default, deserialize_with = "crate::http::names::day")]
    as_of: Option<NaiveDate>,
    /// Only companies whose names are this much like one of your suppliers' or
    /// their parents', with these suppliers: leads, never merged.
    #[param(minimum = 0, maximum = 1)]
    suppliers_from: Option<f64>,
}

/// Presume by a register who owes a statement
///
/// A benchmark's CSV, the UK registry's, or our own form (docs/statements.md).
/// `PRESUMED_COVERED`, `PRESUMED_NOT` or `UNKNOWN`, each with its reasons; rows
/// that cannot be read with the reason. Nothing is stored.
#[utoipa::path(post, path = "/api/v1/disclosure-registers/presumptions", tag = "statements", params(RegisterParameters),
    request_body(content((String = "text/csv"))),
    responses((status = 200, description = "Companies, rejected rows, suppliers with their leads", body = Object),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn presumptions(
    allowed: Allowed<Screen>,
    state: web::Data<State>,
    Query(parameters): Query<RegisterParameters>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    let suppliers_from = match parameters.suppliers_from {
        None => None,
        Some(from) => Some(Similarity::new(from).ok_or_else(|| {
            Problem::bad_parameter("suppliers_from", "a similarity is between 0 and 1")
        })?),
    };
    if media_type(&request) != "text/csv" {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "a register is text/csv",
        ));
    }
    let place = state.limits.upload_place()?;
    let otherwise =
        format!("a register has at most {REGISTER_BYTES} bytes here: read it on the command line");
    let bytes = place.whole(body, REGISTER_BYTES, &otherwise).await?;
    let asked = Asked {
        law: parameters.law.unwrap_or(RegisterLaw::Sb657),
        as_of: parameters.as_of.unwrap_or_else(|| state.clock.today()),
        suppliers_from,
    };
    let answer = companies::of_register(&allowed.database, bytes, asked).await?;
    Ok(HttpResponse::Ok().json(answer))
}

impl From<CompaniesError> for Problem {
    fn from(error: CompaniesError) -> Self {
        match error {
            CompaniesError::Register(RegisterError::Csv(error)) => {
                Self::unprocessable("", format!("the register cannot be read as CSV: {error}"))
            }
            CompaniesError::Register(error) => Self::unprocessable("", error.to_string()),
            CompaniesError::Suppliers(MergeError::Store(error)) => error.into(),
            CompaniesError::Suppliers(error @ MergeError::TooMany) => {
                Self::conflict("too-many-suppliers", &error)
            }
            other => Self::internal(&other),
        }
    }
}

//! An organization's own risk models.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::{
        policy::{KeptPolicyError, PolicyError},
        risk_models::{self, FILE_BYTES, RiskModelError, Which},
    },
    http::{
        allowed::{Allowed, ManagePolicies, ReadResults},
        body::{Body, Id, media_type},
        conditional::is_known,
        limits::UploadPlace,
        moment::Moment,
        page::{Collection, Listing, NoFilter, SparsePage},
        problem::{Problem, ProblemDocument},
        state::State,
    },
    risk::{ModelFault, ModelIdentity},
    store::{
        documents,
        risk_models::{self as stored, Activation, RiskModel},
    },
};

#[derive(Debug, Serialize, ToSchema)]
pub struct RiskModelView {
    id: Uuid,
    /// As the file says.
    name: String,
    version: String,
    /// Of the file, as beside every assessment made with it.
    sha256: String,
    drafted_by: String,
    drafted_at: Moment,
    /// Whether screenings use it now.
    in_use: bool,
}

impl RiskModelView {
    fn of(model: RiskModel, in_use: Option<Uuid>) -> Self {
        Self {
            in_use: in_use == Some(model.id),
            id: model.id,
            name: model.name,
            version: model.version,
            sha256: model.sha256,
            drafted_by: model.drafted_by,
            drafted_at: Moment(model.drafted_at),
        }
    }
}

#[derive(Debug)]
pub enum RiskModels {}

impl Collection for RiskModels {
    type Filter = NoFilter;
    type Item = RiskModelView;
    const SORTS: &'static [&'static str] = &["id", "name", "drafted_at"];
    const USUAL_SORT: &'static str = "-id";
}

type RiskModelListing = Listing<RiskModels>;
type RiskModelPage = SparsePage<RiskModelView>;

/// The risk models that your organization drafted
///
/// Besides these there is the one that ships with the program, which is used
/// until another one is chosen.
#[utoipa::path(get, path = "/api/v1/policies/risk-models", tag = "policies", params(RiskModelListing),
    responses((status = 200, description = "Newest first, if not asked otherwise", body = RiskModelPage),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn list(
    allowed: Allowed<ReadResults>,
    listing: RiskModelListing,
) -> Result<HttpResponse, Problem> {
    let connection = allowed.database.connection();
    let in_use = in_use(&allowed).await?;
    let items: Vec<_> = stored::page(connection, &listing.slice())
        .await?
        .into_iter()
        .map(|model| RiskModelView::of(model, in_use))
        .collect();
    listing.page(&items)
}

async fn in_use<P: crate::http::allowed::Needs>(
    allowed: &Allowed<P>,
) -> Result<Option<Uuid>, Problem> {
    let newest = stored::newest_activation(allowed.database.connection()).await?;
    Ok(newest.and_then(|newest| newest.risk_model_id))
}

/// A TOML file of bounded size.
async fn file(
    request: &HttpRequest,
    body: web::Payload,
    place: &UploadPlace,
) -> Result<Vec<u8>, Problem> {
    if !["application/toml", "text/plain"].contains(&media_type(request).as_str()) {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "a risk model is application/toml",
        ));
    }
    let otherwise = format!("a risk model has at most {FILE_BYTES} bytes");
    place.whole(body, FILE_BYTES, &otherwise).await
}

/// Draft a risk model
///
/// A TOML file like the one under `/policies/risk-model`. It is not used before
/// it is chosen. Every fault is told at once, each with its place.
#[utoipa::path(post, path = "/api/v1/policies/risk-models", tag = "policies",
    request_body(content = String, content_type = "application/toml"),
    responses((status = 201, description = "It is kept; Location is its address", body = RiskModelView),
        (status = 200, description = "The very same file was drafted before", body = RiskModelView),
        (status = 422, description = "The file has faults", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn draft(
    allowed: Allowed<ManagePolicies>,
    state: web::Data<State>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    let bytes = file(&request, body, &state.limits.upload_place()?).await?;
    let actor = allowed.principal.actor();
    let clock = state.clock.as_ref();
    let (model, new) = risk_models::draft(&allowed.database, clock, &actor, &bytes).await?;
    let in_use = in_use(&allowed).await?;
    let mut response = if new {
        HttpResponse::Created()
    } else {
        HttpResponse::Ok()
    };
    let place = format!("/api/v1/policies/risk-models/{}", model.id);
    Ok(response
        .insert_header((header::LOCATION, place))
        .json(RiskModelView::of(model, in_use)))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Validated {
    valid: bool,
    /// In the order of the file.
    #[schema(value_type = Vec<FaultView>)]
    faults: Vec<ModelFault>,
    /// Name, version and hash, if it can be used.
    #[schema(value_type = Option<Object>)]
    identity: Option<ModelIdentity>,
}

/// One fault of a model file.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents a type of the core")]
pub struct FaultView {
    /// JSON pointer into the file as a tree.
    #[schema(example = "/tiers/high_from")]
    pointer: String,
    line: Option<usize>,
    detail: String,
}

/// Look for the faults of a risk model without keeping it
#[utoipa::path(post, path = "/api/v1/policies/risk-models/validate", tag = "policies",
    request_body(content = String, content_type = "application/toml"),
    responses((status = 200, description = "Its faults, if it has any", body = Validated),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn validate(
    _: Allowed<ReadResults>,
    state: web::Data<State>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    let bytes = file(&request, body, &state.limits.upload_place()?).await?;
    let looked = web::block(move || risk_models::validate(&bytes)).await;
    let looked = looked.map_err(|_| std::io::Error::other("looking for faults stopped"))?;
    Ok(HttpResponse::Ok().json(match looked {
        Ok(model) => Validated {
            valid: true,
            faults: Vec::new(),
            identity: Some(model.identity),
        },
        Err(faults) => Validated {
            valid: false,
            faults,
            identity: None,
        },
    }))
}

/// One risk model
#[utoipa::path(get, path = "/api/v1/policies/risk-models/{id}", tag = "policies", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The model", body = RiskModelView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn model(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let found = stored::find(allowed.database.connection(), id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let in_use = in_use(&allowed).await?;
    Ok(HttpResponse::Ok().json(RiskModelView::of(found, in_use)))
}

/// One risk model as the file that it is
#[utoipa::path(get, path = "/api/v1/policies/risk-models/{id}/file", tag = "policies",
    params(("id" = Uuid, Path), ("If-None-Match" = Option<String>, Header)),
    responses((status = 200, description = "TOML", body = String, content_type = "application/toml"),
        (status = 304, description = "You hold it"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn model_file(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let connection = allowed.database.connection();
    let found = stored::find(connection, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    if is_known(&request, &found.sha256) {
        return Ok(HttpResponse::NotModified().finish());
    }
    let bytes = documents::read(connection, &found.sha256).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::ETAG, format!("\"{}\"", found.sha256)))
        .content_type("application/toml")
        .body(bytes))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ActivationView {
    id: Uuid,
    /// `null`: the model that ships with the program.
    risk_model_id: Option<Uuid>,
    rationale: String,
    activated_by: String,
    activated_at: Moment,
}

impl From<Activation> for ActivationView {
    fn from(activation: Activation) -> Self {
        Self {
            id: activation.id,
            risk_model_id: activation.risk_model_id,
            rationale: activation.rationale,
            activated_by: activation.activated_by,
            activated_at: Moment(activation.activated_at),
        }
    }
}

#[derive(Debug)]
pub enum Activations {}

impl Collection for Activations {
    type Filter = NoFilter;
    type Item = ActivationView;
    const SORTS: &'static [&'static str] = &["id"];
    const USUAL_SORT: &'static str = "-id";
}

type ActivationListing = Listing<Activations>;
type ActivationPage = SparsePage<ActivationView>;

/// Which risk model was in use since when, and who chose it
#[utoipa::path(get, path = "/api/v1/policies/risk-models/activations", tag = "policies", params(ActivationListing),
    responses((status = 200, description = "Newest first, if not asked otherwise", body = ActivationPage),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn activations(
    allowed: Allowed<ReadResults>,
    listing: ActivationListing,
) -> Result<HttpResponse, Problem> {
    let found = stored::activations(allowed.database.connection(), &listing.slice()).await?;
    let items: Vec<_> = found.into_iter().map(ActivationView::from).collect();
    listing.page(&items)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewActivation {
    /// `null`: the model that ships with the program.
    risk_model_id: Option<Uuid>,
    /// 10 to 4,000 characters: why.
    #[schema(min_length = 10, max_length = 4000)]
    rationale: String,
}

/// Put a risk model into use
///
/// The next screenings of your organization use it. What was assessed stays as
/// it was, with the model that it names.
#[utoipa::path(post, path = "/api/v1/policies/risk-models/activations", tag = "policies", request_body = NewActivation,
    responses((status = 201, description = "It is in use", body = ActivationView),
        (status = 409, description = "It is in use already", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn activate(
    allowed: Allowed<ManagePolicies>,
    state: web::Data<State>,
    Body(request): Body<NewActivation>,
) -> Result<HttpResponse, Problem> {
    let activation = risk_models::activate(
        &allowed.database,
        state.clock.as_ref(),
        &allowed.principal.actor(),
        request.risk_model_id,
        &request.rationale,
    )
    .await?;
    Ok(HttpResponse::Created().json(ActivationView::from(activation)))
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "model", deny_unknown_fields)]
pub enum SideChoice {
    /// The one that ships with the program.
    Shipped,
    /// The one that the screening was made with.
    OfScreening,
    /// One of your own.
    Own { id: Uuid },
}

impl SideChoice {
    const fn which(&self) -> Which {
        match self {
            Self::Shipped => Which::Shipped,
            Self::OfScreening => Which::OfScreening,
            Self::Own { id } => Which::Own(*id),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComparison {
    screening_id: Uuid,
    /// The model of the screening by default.
    #[serde(default = "of_screening")]
    before: SideChoice,
    after: SideChoice,
}

fn of_screening() -> SideChoice {
    SideChoice::OfScreening
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonView {
    /// Hashes of both models; counts; moves from tier to tier; up to 200
    /// suppliers whose result differs, each with both results and the factors
    /// that differ.
    #[schema(value_type = Object)]
    comparison: Value,
}

/// Hold two risk models against a screening
///
/// Who would change tier or disposition, and why. Nothing is stored. At most
/// 5,000 suppliers.
#[utoipa::path(post, path = "/api/v1/policies/risk-models/comparisons", tag = "policies", request_body = NewComparison,
    responses((status = 200, description = "What differs", body = ComparisonView),
        (status = 409, description = "The screening has too many suppliers", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn compare(
    allowed: Allowed<ReadResults>,
    state: web::Data<State>,
    Body(request): Body<NewComparison>,
) -> Result<HttpResponse, Problem> {
    let comparison = risk_models::compare(
        &allowed.database,
        &state.grounds,
        request.screening_id,
        request.before.which(),
        request.after.which(),
    )
    .await?;
    Ok(HttpResponse::Ok().json(ComparisonView {
        comparison: serde_json::to_value(comparison)?,
    }))
}

impl From<PolicyError> for Problem {
    fn from(error: PolicyError) -> Self {
        Self::internal(&error)
    }
}

impl From<KeptPolicyError> for Problem {
    fn from(error: KeptPolicyError) -> Self {
        match error {
            KeptPolicyError::Store(error) => error.into(),
            KeptPolicyError::Policy(error) => error.into(),
        }
    }
}

impl From<RiskModelError> for Problem {
    fn from(error: RiskModelError) -> Self {
        use RiskModelError as E;
        match error {
            E::Missing => Self::unprocessable("/risk_model_id", error.to_string()),
            E::NoScreening => Self::unprocessable("/screening_id", error.to_string()),
            E::Faulty(faults) => {
                let problem = Self::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "faulty-risk-model",
                    "the model file has faults",
                );
                faults.into_iter().fold(problem, |problem, fault| {
                    let place = fault.line.map(|line| format!("line {line}: "));
                    let detail = format!("{}{}", place.unwrap_or_default(), fault.detail);
                    problem.with(fault.pointer, detail)
                })
            }
            E::NoRationale => Self::unprocessable("/rationale", error.to_string()),
            E::InUse => Self::conflict("risk-model-in-use", &error),
            E::TooLarge => Self::conflict("too-many-suppliers", &error),
            E::Ground(error) => error.into(),
            E::Store(error) => error.into(),
            E::Unreadable(_) | E::Stopped(_) => Self::internal(&error),
        }
    }
}

//! What a supplier was, what was assessed of it, and which others look like it.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::merges::{self, MergeDecision, MergeError},
    audit::sha256_hex,
    http::{
        allowed::{Allowed, Decide, ReadResults},
        body::{Body, Id},
        moment::Moment,
        names::{DispositionName, MergeDecisionName, TierName},
        page::{Collection, Listing, NoFilter, Page, SparsePage},
        problem::{Problem, ProblemDocument},
        state::State,
    },
    store::standing_suppliers::{self as stored, Assessed, Merge, Version},
};

/// Rows of lists looked at for one version.
const ASSESSED: u64 = 500;

/// A record as it was, and what was assessed while it stood.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupplierVersionView {
    id: Uuid,
    version: i32,
    active: bool,
    /// Who made it.
    changed_by: String,
    changed_at: Moment,
    #[schema(value_type = Object)]
    record: Value,
    /// Of `record` in canonical JSON, as in the audit trail.
    record_sha256: String,
    /// Of rows with its external id that came while it stood, newest first.
    assessments: Vec<AssessedView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AssessedView {
    assessment_id: Uuid,
    screening_id: Uuid,
    supplier_list_id: Uuid,
    received_at: Moment,
    as_of: NaiveDate,
    row: i32,
    revision: i32,
    score: Option<i16>,
    #[schema(value_type = TierName, inline)]
    tier: String,
    #[schema(value_type = DispositionName, inline)]
    disposition: String,
}

impl From<Assessed> for AssessedView {
    fn from(one: Assessed) -> Self {
        Self {
            assessment_id: one.assessment_id,
            screening_id: one.screening_id,
            supplier_list_id: one.supplier_list_id,
            received_at: Moment(one.received_at),
            as_of: one.as_of,
            row: one.row,
            revision: one.revision,
            score: one.score,
            tier: one.tier,
            disposition: one.disposition,
        }
    }
}

#[derive(Debug)]
pub enum Versions {}

impl Collection for Versions {
    type Filter = NoFilter;
    type Item = SupplierVersionView;
    const SORTS: &'static [&'static str] = &["id", "version"];
    const USUAL_SORT: &'static str = "-version";
}

type VersionListing = Listing<Versions>;
type VersionPage = SparsePage<SupplierVersionView>;

/// Every version of a supplier, with the assessments made while it stood
#[utoipa::path(get, path = "/api/v1/suppliers/{id}/versions", tag = "suppliers",
    params(("id" = Uuid, Path), VersionListing),
    responses((status = 200, description = "Newest first, if not asked otherwise", body = VersionPage),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn versions(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
    listing: VersionListing,
) -> Result<HttpResponse, Problem> {
    let connection = allowed.database.connection();
    let standing = stored::find(connection, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let mut items = Vec::new();
    for version in stored::versions(connection, id, &listing.slice()).await? {
        let until = stored::followed_at(connection, &version).await?;
        let assessed = stored::assessed(
            connection,
            &standing.external_id,
            version.changed_at,
            until,
            ASSESSED,
        )
        .await?;
        items.push(view(version, assessed)?);
    }
    listing.page(&items)
}

fn view(version: Version, assessed: Vec<Assessed>) -> Result<SupplierVersionView, Problem> {
    Ok(SupplierVersionView {
        id: version.id,
        version: version.version,
        active: version.active,
        changed_by: version.changed_by,
        changed_at: Moment(version.changed_at),
        record: serde_json::from_str(&version.record)?,
        record_sha256: sha256_hex(version.record.as_bytes()),
        assessments: assessed.into_iter().map(AssessedView::from).collect(),
    })
}

/// Another supplier that looks like the same party. A lead: nothing is merged
/// until a person says so.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergeLeadView {
    supplier_id: Uuid,
    external_id: String,
    name: String,
    /// The two names that are alike.
    own_name: String,
    other_name: String,
    /// 0 to 1.
    similarity: f64,
    /// What speaks for it and against it.
    #[schema(value_type = Vec<Object>)]
    features: Value,
    /// Words of both names beside each other.
    #[schema(value_type = Vec<Object>)]
    alignment: Value,
    /// `merged` or `dismissed`, if a person has said so of the records as they
    /// are.
    said: Option<String>,
}

/// Suppliers that look like the same party
///
/// By an identifier that both bear or by their names. Up to 20, the most alike
/// first.
#[utoipa::path(get, path = "/api/v1/suppliers/{id}/merge-leads", tag = "suppliers", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The leads", body = Page<MergeLeadView>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn leads(
    allowed: Allowed<ReadResults>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let mut items = Vec::new();
    for lead in merges::leads(&allowed.database, &state.suppliers, id).await? {
        items.push(MergeLeadView {
            supplier_id: lead.supplier_id,
            external_id: lead.external_id,
            name: lead.name,
            own_name: lead.own_name,
            other_name: lead.other_name,
            similarity: f64::from(lead.similarity.millionths()) / 1e6,
            features: serde_json::to_value(&lead.features)?,
            alignment: serde_json::to_value(&lead.alignment)?,
            said: lead.said,
        });
    }
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MergeView {
    id: Uuid,
    kept_id: Uuid,
    other_id: Uuid,
    #[schema(value_type = MergeDecisionName, inline)]
    decision: String,
    decided_by: String,
    decided_at: Moment,
    rationale: String,
    /// The lead as it was then; `null` when there was none.
    #[schema(value_type = Option<Object>)]
    evidence: Option<Value>,
}

impl MergeView {
    fn of(merge: Merge) -> Result<Self, Problem> {
        Ok(Self {
            id: merge.id,
            kept_id: merge.kept_id,
            other_id: merge.other_id,
            decision: merge.decision,
            decided_by: merge.decided_by,
            decided_at: Moment(merge.decided_at),
            rationale: merge.rationale,
            evidence: merge
                .evidence
                .map(|text| serde_json::from_str(&text))
                .transpose()?,
        })
    }
}

/// What people said about this supplier and others being one party
#[utoipa::path(get, path = "/api/v1/suppliers/{id}/merges", tag = "suppliers", params(("id" = Uuid, Path)),
    responses((status = 200, description = "Oldest first", body = Page<MergeView>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn merges(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let connection = allowed.database.connection();
    stored::find(connection, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let items = stored::merges(connection, id)
        .await?
        .into_iter()
        .map(MergeView::of)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMerge {
    /// The other supplier.
    other_id: Uuid,
    /// `merged`: the other is the same party as this one and points to it from
    /// now on. `dismissed`: they are two. `undone`: a merge is taken back.
    #[schema(value_type = MergeDecisionName)]
    decision: MergeDecision,
    /// 10 to 4,000 characters: what you saw and where.
    #[schema(min_length = 10, max_length = 4000)]
    rationale: String,
}

/// Say that another supplier is this one, or is not
///
/// Nothing is deleted: both records stay and both are screened.
#[utoipa::path(post, path = "/api/v1/suppliers/{id}/merges", tag = "suppliers", params(("id" = Uuid, Path)),
    request_body = NewMerge,
    responses((status = 201, description = "It is recorded", body = MergeView),
        (status = 409, description = "One of the two is merged already, or they are not merged", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn merge(
    allowed: Allowed<Decide>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
    Body(request): Body<NewMerge>,
) -> Result<HttpResponse, Problem> {
    let merge = merges::decide(
        &allowed.database,
        state.clock.as_ref(),
        &state.suppliers,
        &allowed.principal,
        (id, request.other_id),
        request.decision,
        &request.rationale,
    )
    .await?;
    Ok(HttpResponse::Created().json(MergeView::of(merge)?))
}

impl From<MergeError> for Problem {
    fn from(error: MergeError) -> Self {
        match error {
            MergeError::Missing => Self::not_found(),
            MergeError::OtherMissing | MergeError::Itself => {
                Self::unprocessable("/other_id", error.to_string())
            }
            MergeError::TooMany => Self::conflict("too-many-suppliers", &error),
            MergeError::OnlyPeople => Self::forbidden("hits:decide as a person"),
            MergeError::NoRationale => Self::unprocessable("/rationale", error.to_string()),
            MergeError::Merged => Self::conflict("merged-already", &error),
            MergeError::NotMerged => Self::conflict("not-merged", &error),
            MergeError::Store(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

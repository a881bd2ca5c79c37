//! The organization, its people and invitations to it.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Role,
    app::identity,
    http::{
        allowed::{Allowed, ManagePeople, Operate, ReadLists},
        body::{Body, Id},
        conditional::if_match,
        moment::Moment,
        names::{RoleName, word},
        page::{Collection, Listing, Page, SparsePage},
        problem::{Problem, ProblemDocument},
        state::State,
    },
    store::people::{self, Organization, User},
};

#[derive(Debug, Serialize, ToSchema)]
pub struct OrganizationView {
    id: Uuid,
    name: String,
    created_at: Moment,
}

impl From<Organization> for OrganizationView {
    fn from(organization: Organization) -> Self {
        Self {
            id: organization.id.0,
            name: organization.name,
            created_at: Moment(organization.created_at),
        }
    }
}

/// The organizations you belong to: one
#[utoipa::path(get, path = "/api/v1/organizations", tag = "people",
    responses((status = 200, description = "Yours", body = Page<OrganizationView>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn organizations(
    allowed: Allowed<ReadLists>,
) -> Result<HttpResponse, Problem> {
    let own = people::organization(allowed.database.connection()).await?;
    Ok(HttpResponse::Ok().json(Page {
        items: vec![OrganizationView::from(own)],
        next: None,
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrganization {
    name: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OpenedOrganization {
    organization: OrganizationView,
    /// For its first admin. Shown this once.
    invitation_token: String,
}

/// Open an organization
///
/// Only admins of the organization that runs the service may.
#[utoipa::path(post, path = "/api/v1/organizations", tag = "people", request_body = NewOrganization,
    responses((status = 201, description = "It is open", body = OpenedOrganization),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn open_organization(
    allowed: Allowed<Operate>,
    state: web::Data<State>,
    Body(request): Body<NewOrganization>,
) -> Result<HttpResponse, Problem> {
    let actor = allowed.principal.actor();
    let now = state.clock.now();
    let (opened, secret) =
        identity::open_organization(&allowed.database, &actor, &request.name, now).await?;
    Ok(HttpResponse::Created().json(OpenedOrganization {
        organization: opened.into(),
        invitation_token: secret.shown,
    }))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct UserView {
    id: Uuid,
    email: String,
    name: String,
    #[schema(value_type = String, example = "analyst")]
    role: Role,
    active: bool,
    created_at: Moment,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            email: user.email,
            name: user.name,
            role: user.role,
            active: user.active,
            created_at: Moment(user.created_at),
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UserFilter {
    /// Only with this role.
    #[param(value_type = Option<RoleName>, inline)]
    #[serde(default, deserialize_with = "word")]
    role: Option<Role>,
    /// `false`: only those who cannot sign in any more.
    active: Option<bool>,
}

#[derive(Debug)]
pub enum Users {}

impl Collection for Users {
    type Filter = UserFilter;
    type Item = UserView;
    const SORTS: &'static [&'static str] = &["id", "created_at", "email", "name"];
    const USUAL_SORT: &'static str = "id";
}

type UserListing = Listing<Users>;
type UserPage = SparsePage<UserView>;

/// The people of your organization
#[utoipa::path(get, path = "/api/v1/users", tag = "people", params(UserListing),
    responses((status = 200, description = "In the order in which they joined, if not asked otherwise", body = UserPage),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn users(
    allowed: Allowed<ManagePeople>,
    listing: UserListing,
) -> Result<HttpResponse, Problem> {
    let UserFilter { role, active } = listing.filter;
    let connection = allowed.database.connection();
    let found = people::users(connection, role, active, &listing.slice()).await?;
    let items: Vec<_> = found.into_iter().map(UserView::from).collect();
    listing.page(&items)
}

/// One person, with the version to change
#[utoipa::path(get, path = "/api/v1/users/{id}", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The user; ETag is the version", body = UserView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn user(
    allowed: Allowed<ManagePeople>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let user = people::user(allowed.database.connection(), id)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(with_version(user))
}

fn with_version(user: User) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::ETAG, format!("\"{}\"", user.version)))
        .json(UserView::from(user))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    #[schema(value_type = Option<String>, example = "reviewer")]
    #[serde(default)]
    role: Option<Role>,
    /// `false` signs them out everywhere at once.
    #[serde(default)]
    active: Option<bool>,
}

/// Change what a person is
///
/// `If-Match` takes the `ETag` that the change is based on.
#[utoipa::path(patch, path = "/api/v1/users/{id}", tag = "people",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, example = "\"1\"", pattern = "^(\\*|\"[0-9A-Za-z]*\")$")), request_body = UserChange,
    responses((status = 200, description = "As it is now", body = UserView),
        (status = 412, description = "Somebody else has changed it since", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn change_user(
    allowed: Allowed<ManagePeople>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
    request: HttpRequest,
    Body(change): Body<UserChange>,
) -> Result<HttpResponse, Problem> {
    let there = async {
        let user = people::user(allowed.database.connection(), id).await?;
        Ok(user.map(|user| user.version))
    };
    let version = if_match(&request)?.version(there).await?;
    let actor = allowed.principal.actor();
    let now = state.clock.now();
    let user = identity::change_user(
        &allowed.database,
        &actor,
        id,
        version,
        change.role,
        change.active,
        now,
    )
    .await?;
    Ok(with_version(user))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    #[schema(value_type = String, example = "analyst")]
    role: Role,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationView {
    id: Uuid,
    #[schema(value_type = String)]
    role: Role,
    expires_at: Moment,
    /// Hand it over in person. Shown this once.
    token: String,
}

/// Invite somebody into your organization
#[utoipa::path(post, path = "/api/v1/invitations", tag = "people", request_body = NewInvitation,
    responses((status = 201, description = "It holds for seven days, once", body = InvitationView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn invite(
    allowed: Allowed<ManagePeople>,
    state: web::Data<State>,
    Body(request): Body<NewInvitation>,
) -> Result<HttpResponse, Problem> {
    let actor = allowed.principal.actor();
    let now = state.clock.now();
    let (invitation, secret) =
        identity::invite(&allowed.database, &actor, request.role, now).await?;
    Ok(HttpResponse::Created().json(InvitationView {
        id: invitation.id,
        role: invitation.role,
        expires_at: Moment(invitation.expires_at),
        token: secret.shown,
    }))
}

//! Organizations, people, invitations and API keys. Who signs in is looked up
//! before any organization is known; those few queries say so.

use entities::{api_key, invitation, organization, user};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    Scoped, Slice, StoreError,
    listing::{Key, slice},
};
use crate::{access::Role, clock::Timestamp, organization::OrganizationId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    pub id: OrganizationId,
    pub name: String,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: Uuid,
    pub organization: OrganizationId,
    pub email: String,
    pub name: String,
    pub password_hash: String,
    pub role: Role,
    pub active: bool,
    pub version: i32,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub id: Uuid,
    pub organization: OrganizationId,
    pub token_sha256: String,
    pub role: Role,
    pub first_admin: bool,
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: Uuid,
    pub organization: OrganizationId,
    pub name: String,
    pub secret_sha256: String,
    /// Permission codes, parted by blanks.
    pub scopes: String,
    pub created_by: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

/// The organization that the connection acts for.
pub async fn organization(
    connection: &Scoped<impl ConnectionTrait>,
) -> Result<Organization, StoreError> {
    let id = connection.organization();
    let row = connection
        .select::<organization::Entity>()
        .one(&connection.raw)
        .await?
        .ok_or_else(|| StoreError::Missing {
            what: "organization",
            id: id.to_string(),
        })?;
    Ok(Organization {
        id,
        name: row.name,
        created_at: row.created_at,
    })
}

pub async fn open_organization(
    transaction: &Scoped<impl ConnectionTrait>,
    opened: &Organization,
) -> Result<(), StoreError> {
    organization::Entity::insert(organization::ActiveModel {
        id: Set(opened.id.0),
        name: Set(opened.name.clone()),
        created_at: Set(opened.created_at),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

/// Whether anybody at all can sign in, in whatever organization.
pub async fn anybody(connection: &Scoped<impl ConnectionTrait>) -> Result<bool, StoreError> {
    Ok(user::Entity::find().count(&connection.raw).await? > 0)
}

/// By address, in whatever organization: how a person signs in.
pub async fn user_by_email(
    connection: &Scoped<impl ConnectionTrait>,
    email: &str,
) -> Result<Option<User>, StoreError> {
    user::Entity::find()
        .filter(user::Column::Email.eq(email))
        .one(&connection.raw)
        .await?
        .map(read_user)
        .transpose()
}

pub async fn user(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<User>, StoreError> {
    connection
        .select::<user::Entity>()
        .filter(user::Column::Id.eq(id))
        .one(&connection.raw)
        .await?
        .map(read_user)
        .transpose()
}

/// The people with that role and standing, or all.
pub async fn users(
    connection: &Scoped<impl ConnectionTrait>,
    role: Option<Role>,
    active: Option<bool>,
    part: &Slice,
) -> Result<Vec<User>, StoreError> {
    let mut rows = connection.select::<user::Entity>();
    if let Some(role) = role {
        rows = rows.filter(user::Column::Role.eq(role.code()));
    }
    if let Some(active) = active {
        rows = rows.filter(user::Column::Active.eq(active));
    }
    let keys = [
        ("id", user::Column::Id, Key::Id),
        ("created_at", user::Column::CreatedAt, Key::Moment),
        ("email", user::Column::Email, Key::Text),
        ("name", user::Column::Name, Key::Text),
    ];
    slice(rows, &keys, part)?
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(read_user)
        .collect()
}

pub async fn add_user(
    transaction: &Scoped<impl ConnectionTrait>,
    added: User,
) -> Result<(), StoreError> {
    user::Entity::insert(user::ActiveModel {
        id: Set(added.id),
        organization_id: Set(added.organization.0),
        email: Set(added.email),
        name: Set(added.name),
        password_hash: Set(added.password_hash),
        role: Set(added.role.code().to_owned()),
        active: Set(added.active),
        version: Set(added.version),
        created_at: Set(added.created_at),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

/// Changes role and standing if nobody has since `version`; whether it did.
pub async fn change_user(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
    version: i32,
    role: Role,
    active: bool,
) -> Result<bool, StoreError> {
    let changed = user::Entity::update_many()
        .col_expr(user::Column::Role, Expr::value(role.code()))
        .col_expr(user::Column::Active, Expr::value(active))
        .col_expr(user::Column::Version, Expr::value(version + 1))
        .filter(user::Column::Id.eq(id))
        .filter(user::Column::OrganizationId.eq(transaction.organization().0))
        .filter(user::Column::Version.eq(version))
        .exec(&transaction.raw)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Admins who can sign in.
pub async fn active_admins(connection: &Scoped<impl ConnectionTrait>) -> Result<u64, StoreError> {
    Ok(connection
        .select::<user::Entity>()
        .filter(user::Column::Role.eq(Role::Admin.code()))
        .filter(user::Column::Active.eq(true))
        .count(&connection.raw)
        .await?)
}

fn read_user(row: user::Model) -> Result<User, StoreError> {
    Ok(User {
        role: read_role("user", row.id, &row.role)?,
        id: row.id,
        organization: OrganizationId(row.organization_id),
        email: row.email,
        name: row.name,
        password_hash: row.password_hash,
        active: row.active,
        version: row.version,
        created_at: row.created_at,
    })
}

fn read_role(what: &'static str, id: Uuid, text: &str) -> Result<Role, StoreError> {
    text.parse().map_err(
        |source: crate::access::UnknownRole| StoreError::Unreadable {
            what,
            id: id.to_string(),
            source: source.into(),
        },
    )
}

pub async fn add_invitation(
    transaction: &Scoped<impl ConnectionTrait>,
    added: Invitation,
    now: Timestamp,
) -> Result<(), StoreError> {
    invitation::Entity::insert(invitation::ActiveModel {
        id: Set(added.id),
        organization_id: Set(added.organization.0),
        token_sha256: Set(added.token_sha256),
        role: Set(added.role.code().to_owned()),
        first_admin: Set(added.first_admin),
        expires_at: Set(added.expires_at),
        used_at: Set(None),
        created_at: Set(now),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

/// Uses an invitation up, whichever organization it is to; `None` if there is
/// none to use. Two who try at once: one succeeds.
pub async fn use_invitation(
    transaction: &Scoped<impl ConnectionTrait>,
    token_sha256: &str,
    now: Timestamp,
) -> Result<Option<Invitation>, StoreError> {
    let found = invitation::Entity::find()
        .filter(invitation::Column::TokenSha256.eq(token_sha256))
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::ExpiresAt.gt(now))
        .one(&transaction.raw)
        .await?;
    let Some(row) = found else { return Ok(None) };
    let used = invitation::Entity::update_many()
        .col_expr(invitation::Column::UsedAt, Expr::value(now))
        .filter(invitation::Column::Id.eq(row.id))
        .filter(invitation::Column::UsedAt.is_null())
        .exec(&transaction.raw)
        .await?;
    if used.rows_affected != 1 {
        return Ok(None);
    }
    if row.first_admin {
        // Every start before the first admin printed one; one is enough.
        invitation::Entity::update_many()
            .col_expr(invitation::Column::UsedAt, Expr::value(now))
            .filter(invitation::Column::FirstAdmin.eq(true))
            .filter(invitation::Column::UsedAt.is_null())
            .exec(&transaction.raw)
            .await?;
    }
    Ok(Some(Invitation {
        role: read_role("invitation", row.id, &row.role)?,
        id: row.id,
        organization: OrganizationId(row.organization_id),
        token_sha256: row.token_sha256,
        first_admin: row.first_admin,
        expires_at: row.expires_at,
    }))
}

pub async fn add_api_key(
    transaction: &Scoped<impl ConnectionTrait>,
    added: ApiKey,
) -> Result<(), StoreError> {
    api_key::Entity::insert(api_key::ActiveModel {
        id: Set(added.id),
        organization_id: Set(added.organization.0),
        name: Set(added.name),
        secret_sha256: Set(added.secret_sha256),
        scopes: Set(added.scopes),
        created_by: Set(added.created_by),
        created_at: Set(added.created_at),
        expires_at: Set(added.expires_at),
        revoked_at: Set(None),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

/// By its hash, in whatever organization: how a system signs in.
pub async fn api_key_by_secret(
    connection: &Scoped<impl ConnectionTrait>,
    secret_sha256: &str,
) -> Result<Option<ApiKey>, StoreError> {
    Ok(api_key::Entity::find()
        .filter(api_key::Column::SecretSha256.eq(secret_sha256))
        .one(&connection.raw)
        .await?
        .map(read_api_key))
}

pub async fn api_key(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<ApiKey>, StoreError> {
    Ok(connection
        .select::<api_key::Entity>()
        .filter(api_key::Column::Id.eq(id))
        .one(&connection.raw)
        .await?
        .map(read_api_key))
}

/// The keys that open something at that moment, or those that do not, or all.
pub async fn api_keys(
    connection: &Scoped<impl ConnectionTrait>,
    usable: Option<bool>,
    now: Timestamp,
    part: &Slice,
) -> Result<Vec<ApiKey>, StoreError> {
    let mut rows = connection.select::<api_key::Entity>();
    if let Some(usable) = usable {
        let opens = Condition::all()
            .add(api_key::Column::RevokedAt.is_null())
            .add(api_key::Column::ExpiresAt.gt(now));
        rows = rows.filter(if usable { opens } else { opens.not() });
    }
    let keys = [
        ("id", api_key::Column::Id, Key::Id),
        ("created_at", api_key::Column::CreatedAt, Key::Moment),
        ("expires_at", api_key::Column::ExpiresAt, Key::Moment),
        ("name", api_key::Column::Name, Key::Text),
    ];
    Ok(slice(rows, &keys, part)?
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(read_api_key)
        .collect())
}

pub async fn revoke_api_key(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let revoked = api_key::Entity::update_many()
        .col_expr(api_key::Column::RevokedAt, Expr::value(now))
        .filter(api_key::Column::Id.eq(id))
        .filter(api_key::Column::OrganizationId.eq(transaction.organization().0))
        .filter(api_key::Column::RevokedAt.is_null())
        .exec(&transaction.raw)
        .await?;
    Ok(revoked.rows_affected == 1)
}

fn read_api_key(row: api_key::Model) -> ApiKey {
    ApiKey {
        id: row.id,
        organization: OrganizationId(row.organization_id),
        name: row.name,
        secret_sha256: row.secret_sha256,
        scopes: row.scopes,
        created_by: row.created_by,
        created_at: row.created_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
    }
}

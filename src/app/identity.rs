//! Who signs in, and how they came to be allowed to.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use super::{
    secrets::{self, Secret, SecretError, new_secret},
    token::{self, Claims, TokenError, TokenTerms},
};
use crate::{
    access::{Permission, Role, scopes_of, scopes_text},
    audit::{Event, EventKind, sha256_hex},
    clock::Timestamp,
    organization::OrganizationId,
    store::{
        Database, StoreError, new_id,
        people::{self, ApiKey, Invitation, Organization, User},
        trail,
    },
};

const API_KEY_PREFIX: &str = "plk_";
const INVITATION_PREFIX: &str = "pli_";
const INVITATION_HOLDS: TimeDelta = TimeDelta::days(7);
/// NIST SP 800-63B asks for at least 8 and for at least 64 to be allowed.
const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = 12..=256;

/// Whoever a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    pub organization: OrganizationId,
    pub who: Who,
    pub permissions: BTreeSet<Permission>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    User(Uuid),
    ApiKey(Uuid),
}

impl Principal {
    /// As the audit trail names them.
    pub fn actor(&self) -> String {
        match self.who {
            Who::User(id) => format!("user:{id}"),
            Who::ApiKey(id) => format!("key:{id}"),
        }
    }
}

/// It was not done, and why.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Deliberately one answer for an unknown address, a wrong password and an
    /// account that was closed.
    #[error("address or password are not right")]
    WrongPassword,
    #[error("the invitation is unknown, used or over")]
    NoInvitation,
    #[error("the credentials are not valid")]
    NotValid,
    #[error("the outside issuer's keys cannot be had")]
    IssuerDown,
    #[error("somebody has that address already")]
    EmailTaken,
    #[error("an address has one @ with something before and after it, and at most 254 characters")]
    BadEmail,
    #[error("a password has 12 to 256 characters")]
    BadPassword,
    #[error("a name has 1 to 200 characters")]
    BadName,
    #[error("a key holds for 1 to 400 days")]
    BadLifetime,
    #[error("an API key cannot be given the scope {0}")]
    NotForSystems(&'static str),
    #[error("there is no such thing here")]
    Missing,
    #[error("somebody else has changed it since")]
    Changed,
    #[error("an organization keeps at least one admin who can sign in")]
    LastAdmin,
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn event(
    at: Timestamp,
    actor: &str,
    kind: EventKind,
    subject: Uuid,
    details: serde_json::Value,
) -> Event {
    Event {
        at,
        actor: actor.to_owned(),
        kind,
        subject: subject.to_string(),
        details,
    }
}

/// While nobody can sign in yet: a one-time invitation for the first admin.
pub async fn first_admin_invitation(
    database: &Database,
    now: Timestamp,
) -> Result<Option<Secret>, IdentityError> {
    if people::anybody(database.connection()).await? {
        return Ok(None);
    }
    let local = database.of(OrganizationId::LOCAL);
    Ok(Some(
        invitation(&local, "service", Role::Admin, true, now)
            .await?
            .1,
    ))
}

/// Invites somebody into the organization of the database handle.
pub async fn invite(
    database: &Database,
    actor: &str,
    role: Role,
    now: Timestamp,
) -> Result<(Invitation, Secret), IdentityError> {
    invitation(database, actor, role, false, now).await
}

async fn invitation(
    database: &Database,
    actor: &str,
    role: Role,
    first_admin: bool,
    now: Timestamp,
) -> Result<(Invitation, Secret), IdentityError> {
    let secret = new_secret(INVITATION_PREFIX)?;
    let added = Invitation {
        id: new_id(now),
        organization: database.organization(),
        token_sha256: secret.sha256.clone(),
        role,
        first_admin,
        expires_at: now + INVITATION_HOLDS,
    };
    let transaction = database.begin_write().await?;
    people::add_invitation(&transaction, added.clone(), now).await?;
    let details = json!({"role": role, "expires_at": crate::clock::rfc3339(added.expires_at)});
    let issued = event(now, actor, EventKind::InvitationIssued, added.id, details);
    trail::append(&transaction, vec![issued]).await?;
    transaction.commit().await?;
    Ok((added, secret))
}

/// Who accepts an invitation.
#[derive(Clone)]
pub struct Newcomer {
    pub token: String,
    pub email: String,
    pub name: String,
    pub password: String,
}

impl std::fmt::Debug for Newcomer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Newcomer")
    }
}

/// Uses an invitation up and makes its user.
pub async fn accept(
    database: &Database,
    newcomer: Newcomer,
    now: Timestamp,
) -> Result<User, IdentityError> {
    let email = parse_email(&newcomer.email)?;
    let name = parse_name(&newcomer.name)?;
    if !PASSWORD_CHARS.contains(&newcomer.password.chars().count()) {
        return Err(IdentityError::BadPassword);
    }
    let password_hash = secrets::hash_password(newcomer.password).await?;
    let transaction = database.begin_write().await?;
    let token_sha256 = sha256_hex(newcomer.token.trim().as_bytes());
    let invitation = people::use_invitation(&transaction, &token_sha256, now)
        .await?
        .ok_or(IdentityError::NoInvitation)?;
    if people::user_by_email(&transaction, &email).await?.is_some() {
        return Err(IdentityError::EmailTaken);
    }
    let user = User {
        id: new_id(now),
        organization: invitation.organization,
        email,
        name,
        password_hash,
        role: invitation.role,
        active: true,
        version: 1,
        created_at: now,
    };
    people::add_user(&transaction, user.clone()).await?;
    let actor = format!("user:{}", user.id);
    let details = json!({"role": user.role, "invitation": invitation.id});
    let joined = event(now, &actor, EventKind::UserJoined, user.id, details);
    let transaction = transaction.of(invitation.organization);
    trail::append(&transaction, vec![joined]).await?;
    transaction.commit().await?;
    Ok(user)
}

/// Signs a person in.
pub async fn sign_in(
    database: &Database,
    terms: &TokenTerms,
    email: &str,
    password: String,
    now: Timestamp,
) -> Result<(String, Claims), IdentityError> {
    let email = email.trim().to_lowercase();
    let found = people::user_by_email(database.connection(), &email)
        .await?
        .filter(|user| user.active);
    let hash = found.as_ref().map(|user| user.password_hash.clone());
    let right = password.chars().count() <= *PASSWORD_CHARS.end()
        && secrets::verify_password(password, hash).await?;
    let user = found
        .filter(|_| right)
        .ok_or(IdentityError::WrongPassword)?;
    let scopes = permissions(&user);
    Ok(token::issue(database, terms, user.id, user.organization, &scopes, now).await?)
}

fn permissions(user: &User) -> BTreeSet<Permission> {
    user.role
        .permissions(user.organization == OrganizationId::LOCAL)
}

/// Whoever holds that bearer token or API key. What the token allows and what
/// the role allows now: only what both do.
pub async fn authenticate(
    database: &Database,
    terms: &TokenTerms,
    bearer: &str,
    now: Timestamp,
) -> Result<Principal, IdentityError> {
    if bearer.starts_with(API_KEY_PREFIX) {
        return system(database, bearer, now).await;
    }
    let claims = token::verify(database, terms, bearer, now).await?;
    let user = people::user(database.of(claims.org).connection(), claims.sub)
        .await?
        .filter(|user| user.active)
        .ok_or(IdentityError::NotValid)?;
    let mut principal = principal(&user);
    principal.permissions = &principal.permissions & &claims.scopes();
    Ok(principal)
}

/// The person, with everything that their role allows.
pub(super) fn principal(user: &User) -> Principal {
    Principal {
        organization: user.organization,
        who: Who::User(user.id),
        permissions: permissions(user),
    }
}

async fn system(
    database: &Database,
    secret: &str,
    now: Timestamp,
) -> Result<Principal, IdentityError> {
    let key = people::api_key_by_secret(database.connection(), &sha256_hex(secret.as_bytes()))
        .await?
        .filter(|key| key.revoked_at.is_none() && now < key.expires_at)
        .ok_or(IdentityError::NotValid)?;
    let mut permissions = scopes_of(&key.scopes).map_err(|_| IdentityError::NotValid)?;
    permissions.retain(|permission| permission.for_systems());
    Ok(Principal {
        organization: key.organization,
        who: Who::ApiKey(key.id),
        permissions,
    })
}

/// Makes an API key. Its secret is shown this once.
pub async fn issue_api_key(
    database: &Database,
    actor: &str,
    name: &str,
    scopes: &BTreeSet<Permission>,
    days: u32,
    now: Timestamp,
) -> Result<(ApiKey, Secret), IdentityError> {
    if !(1..=400).contains(&days) {
        return Err(IdentityError::BadLifetime);
    }
    if let Some(refused) = scopes.iter().find(|scope| !scope.for_systems()) {
        return Err(IdentityError::NotForSystems(refused.code()));
    }
    let secret = new_secret(API_KEY_PREFIX)?;
    let key = ApiKey {
        id: new_id(now),
        organization: database.organization(),
        name: parse_name(name)?,
        secret_sha256: secret.sha256.clone(),
        scopes: scopes_text(scopes),
        created_by: actor.to_owned(),
        created_at: now,
        expires_at: now + TimeDelta::days(days.into()),
        revoked_at: None,
    };
    let transaction = database.begin_write().await?;
    people::add_api_key(&transaction, key.clone()).await?;
    let details = json!({"name": key.name, "scopes": key.scopes, "days": days});
    let issued = event(now, actor, EventKind::ApiKeyIssued, key.id, details);
    trail::append(&transaction, vec![issued]).await?;
    transaction.commit().await?;
    Ok((key, secret))
}

/// Ends an API key at once.
pub async fn revoke_api_key(
    database: &Database,
    actor: &str,
    id: Uuid,
    now: Timestamp,
) -> Result<(), IdentityError> {
    let transaction = database.begin_write().await?;
    if people::api_key(&transaction, id).await?.is_none() {
        return Err(IdentityError::Missing);
    }
    if people::revoke_api_key(&transaction, id, now).await? {
        let revoked = event(now, actor, EventKind::ApiKeyRevoked, id, json!({}));
        trail::append(&transaction, vec![revoked]).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Changes what a person is, if nobody has since `version`.
pub async fn change_user(
    database: &Database,
    actor: &str,
    id: Uuid,
    version: i32,
    role: Option<Role>,
    active: Option<bool>,
    now: Timestamp,
) -> Result<User, IdentityError> {
    let transaction = database.begin_write().await?;
    // Two admins who demote each other at once would leave none.
    trail::hold(&transaction).await?;
    let user = people::user(&transaction, id)
        .await?
        .ok_or(IdentityError::Missing)?;
    let role = role.unwrap_or(user.role);
    let active = active.unwrap_or(user.active);
    if !people::change_user(&transaction, id, version, role, active).await? {
        return Err(IdentityError::Changed);
    }
    if people::active_admins(&transaction).await? == 0 {
        return Err(IdentityError::LastAdmin);
    }
    let details = json!({"role": role, "active": active});
    let changed = event(now, actor, EventKind::UserChanged, id, details);
    trail::append(&transaction, vec![changed]).await?;
    transaction.commit().await?;
    Ok(User {
        role,
        active,
        version: version + 1,
        ..user
    })
}

/// Opens an organization, with an invitation for its first admin.
pub async fn open_organization(
    database: &Database,
    actor: &str,
    name: &str,
    now: Timestamp,
) -> Result<(Organization, Secret), IdentityError> {
    let opened = Organization {
        id: OrganizationId(new_id(now)),
        name: parse_name(name)?,
        created_at: now,
    };
    let transaction = database.begin_write().await?;
    people::open_organization(&transaction, &opened).await?;
    let details = json!({"name": opened.name});
    let opening = event(
        now,
        actor,
        EventKind::OrganizationOpened,
        opened.id.0,
        details,
    );
    trail::append(&transaction, vec![opening]).await?;
    transaction.commit().await?;
    let (_, secret) = invite(&database.of(opened.id), actor, Role::Admin, now).await?;
    Ok((opened, secret))
}

fn parse_email(text: &str) -> Result<String, IdentityError> {
    let email = text.trim().to_lowercase();
    let whole = email.len() <= 254
        && !email
            .chars()
            .any(|letter| letter.is_whitespace() || letter.is_control())
        && email.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty() && !host.is_empty() && !host.contains('@')
        });
    if whole {
        Ok(email)
    } else {
        Err(IdentityError::BadEmail)
    }
}

fn parse_name(text: &str) -> Result<String, IdentityError> {
    let name = text.trim();
    let printable = !name.chars().any(char::is_control);
    if (1..=200).contains(&name.chars().count()) && printable {
        Ok(name.to_owned())
    } else {
        Err(IdentityError::BadName)
    }
}

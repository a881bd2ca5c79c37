//! Access tokens: JWT signed with Ed25519 by keys that rotate and are
//! published (RFC 7519, 7517, 8037).

use std::{collections::BTreeSet, sync::Arc};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::RwLock;
use uuid::Uuid;

use super::secrets::{SecretError, random_32};
use crate::{
    access::{Permission, scopes_of, scopes_text},
    audit::{Event, EventKind, sha256_hex},
    clock::Timestamp,
    config::TokenSettings,
    organization::OrganizationId,
    store::{
        Database, StoreError,
        signing_keys::{self, StoredKey},
        trail,
    },
};

/// Clocks of two machines may differ by this much.
pub(super) const LEEWAY: TimeDelta = TimeDelta::seconds(30);
/// What stands before the seed in the DER form of an Ed25519 key (RFC 8410).
const PKCS8_PREFIX: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// Who issues tokens, for whom, for how long.
#[derive(Debug, Clone)]
pub struct TokenTerms {
    pub issuer: String,
    pub audience: String,
    pub lifetime: TimeDelta,
    seen: SeenKeys,
}

/// The keys as last read: every request asks for one, and a key never changes
/// but to be retired, which counts only once its last token is over.
#[derive(Debug, Clone, Default)]
struct SeenKeys(Arc<RwLock<Option<Seen>>>);

/// When they were read, and what they were.
type Seen = (Timestamp, Vec<StoredKey>);

impl SeenKeys {
    const HOLD: TimeDelta = TimeDelta::seconds(10);

    async fn find(
        &self,
        database: &Database,
        kid: &str,
        now: Timestamp,
    ) -> Result<Option<StoredKey>, StoreError> {
        let of_kid = |keys: &[StoredKey]| keys.iter().find(|key| key.kid == kid).cloned();
        if let Some((read_at, keys)) = self.0.read().await.as_ref()
            && (TimeDelta::zero()..Self::HOLD).contains(&(now - *read_at))
            && let Some(key) = of_kid(keys)
        {
            return Ok(Some(key));
        }
        let keys = signing_keys::all(database.connection()).await?;
        let found = of_kid(&keys);
        *self.0.write().await = Some((now, keys));
        Ok(found)
    }
}

impl From<&TokenSettings> for TokenTerms {
    fn from(settings: &TokenSettings) -> Self {
        Self {
            issuer: settings.issuer.clone(),
            audience: settings.audience.clone(),
            lifetime: TimeDelta::minutes(settings.minutes.max(1).into()),
            seen: SeenKeys::default(),
        }
    }
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    /// The user.
    pub sub: Uuid,
    pub org: OrganizationId,
    /// Permission codes, parted by blanks: never more than the role allows.
    pub scope: String,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
    pub jti: Uuid,
}

impl Claims {
    pub fn scopes(&self) -> BTreeSet<Permission> {
        scopes_of(&self.scope).unwrap_or_default()
    }
}

/// A token that is not accepted, and why; for the log. A client only hears
/// that it is not valid.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("the token is not accepted")]
    Rejected(#[source] jsonwebtoken::errors::Error),
    #[error("the token names no key, or one that is not known")]
    UnknownKey,
    #[error("the token is over")]
    Expired,
    #[error("the token does not hold yet")]
    NotYet,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Secret(#[from] SecretError),
}

/// Signs a token for that user.
pub async fn issue(
    database: &Database,
    terms: &TokenTerms,
    user: Uuid,
    organization: OrganizationId,
    scopes: &BTreeSet<Permission>,
    now: Timestamp,
) -> Result<(String, Claims), TokenError> {
    let key = signing_key(database, now).await?;
    let claims = Claims {
        iss: terms.issuer.clone(),
        aud: terms.audience.clone(),
        sub: user,
        org: organization,
        scope: scopes_text(scopes),
        iat: now.timestamp(),
        nbf: now.timestamp(),
        exp: (now + terms.lifetime).timestamp(),
        jti: crate::store::new_id(now),
    };
    let token = sign(&key, &claims)?;
    Ok((token, claims))
}

fn sign(key: &StoredKey, claims: &Claims) -> Result<String, TokenError> {
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(key.kid.clone());
    let seed = hex::decode(&key.seed).map_err(|_| TokenError::UnknownKey)?;
    let der = [&PKCS8_PREFIX[..], &seed].concat();
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_ed_der(&der))
        .map_err(TokenError::Rejected)
}

/// What the token says, if it was signed by a key of ours that still counts,
/// for us, and holds now.
pub async fn verify(
    database: &Database,
    terms: &TokenTerms,
    token: &str,
    now: Timestamp,
) -> Result<Claims, TokenError> {
    let header = jsonwebtoken::decode_header(token).map_err(TokenError::Rejected)?;
    let kid = header.kid.ok_or(TokenError::UnknownKey)?;
    let key = terms
        .seen
        .find(database, &kid, now)
        .await?
        .filter(|key| counts(key, terms, now))
        .ok_or(TokenError::UnknownKey)?;
    // The algorithm is ours to say, never the token's.
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[&terms.issuer]);
    validation.set_audience(&[&terms.audience]);
    validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    // Compared below, by the clock that comes in.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let public = DecodingKey::from_ed_components(&key.public_key).map_err(TokenError::Rejected)?;
    let claims = jsonwebtoken::decode::<Claims>(token, &public, &validation)
        .map_err(TokenError::Rejected)?
        .claims;
    if claims.exp <= (now - LEEWAY).timestamp() {
        return Err(TokenError::Expired);
    }
    if claims.nbf > (now + LEEWAY).timestamp() {
        return Err(TokenError::NotYet);
    }
    Ok(claims)
}

/// A retired key counts until the last token it signed is over.
fn counts(key: &StoredKey, terms: &TokenTerms, now: Timestamp) -> bool {
    key.retired_at
        .is_none_or(|retired| now <= retired + terms.lifetime + LEEWAY)
}

/// The keys with which anybody can verify our tokens (RFC 7517).
pub async fn published_keys(
    database: &Database,
    terms: &TokenTerms,
    now: Timestamp,
) -> Result<Value, StoreError> {
    let keys: Vec<_> = signing_keys::all(database.connection())
        .await?
        .iter()
        .filter(|key| counts(key, terms, now))
        .map(|key| {
            json!({
                "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
                "kid": key.kid, "x": key.public_key,
            })
        })
        .collect();
    Ok(json!({"keys": keys}))
}

/// The key that signs now; made at the first need.
async fn signing_key(database: &Database, now: Timestamp) -> Result<StoredKey, TokenError> {
    let signs = |keys: Vec<StoredKey>| keys.into_iter().find(|key| key.retired_at.is_none());
    if let Some(key) = signs(signing_keys::all(database.connection()).await?) {
        return Ok(key);
    }
    let transaction = database.begin_write().await?;
    signing_keys::hold(&transaction).await?;
    // Asked again under the lock: another node may have been first.
    if let Some(key) = signs(signing_keys::all(&transaction).await?) {
        return Ok(key);
    }
    let key = new_key(now)?;
    signing_keys::replace(&transaction, key.clone()).await?;
    trail::append(&transaction, vec![rotated(&key, "service", now)]).await?;
    transaction.commit().await?;
    Ok(key)
}

/// Makes sure that there is a key to sign with, and that it can be used.
pub async fn ready(database: &Database, now: Timestamp) -> Result<(), TokenError> {
    let key = signing_key(database, now).await?;
    let seed = hex::decode(&key.seed).map_err(|_| TokenError::UnknownKey)?;
    if seed.len() == 32 {
        Ok(())
    } else {
        Err(TokenError::UnknownKey)
    }
}

/// Signs with a new key from now on. Returns its id.
pub async fn rotate(
    database: &Database,
    terms: &TokenTerms,
    actor: &str,
    now: Timestamp,
) -> Result<String, TokenError> {
    let key = new_key(now)?;
    let transaction = database.begin_write().await?;
    signing_keys::hold(&transaction).await?;
    signing_keys::replace(&transaction, key.clone()).await?;
    signing_keys::forget(&transaction, now - terms.lifetime - LEEWAY - LEEWAY).await?;
    trail::append(&transaction, vec![rotated(&key, actor, now)]).await?;
    transaction.commit().await?;
    Ok(key.kid)
}

fn rotated(key: &StoredKey, actor: &str, now: Timestamp) -> Event {
    Event {
        at: now,
        actor: actor.to_owned(),
        kind: EventKind::SigningKeyRotated,
        subject: key.kid.clone(),
        details: json!({"public_key": key.public_key}),
    }
}

fn new_key(now: Timestamp) -> Result<StoredKey, SecretError> {
    let seed = random_32()?;
    let public = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key();
    let kid = sha256_hex(public.as_bytes())
        .chars()
        .take(16)
        .collect::<String>();
    Ok(StoredKey {
        kid,
        seed: hex::encode(seed),
        public_key: BASE64_URL_SAFE_NO_PAD.encode(public.as_bytes()),
        created_at: now,
        retired_at: None,
    })
}

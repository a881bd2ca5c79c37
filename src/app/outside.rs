//! Tokens of an outside `OpenID` Connect issuer. Its keys are found by discovery,
//! kept, and fetched again when a token names one that is not known.
//!
//! The issuer speaks for one organization, and there for people whom an admin
//! has let in before: it says who somebody is, never what they may.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{Mutex, RwLock};
use url::Url;

use super::{
    identity::{self, IdentityError, Principal},
    token::{LEEWAY, TokenError, TokenTerms},
};
use crate::{
    clock::Timestamp,
    config::{FetchSettings, OidcSettings},
    fetch::{self, BadFetchSettings, FetchError, Fetched, Fetcher, Get, Limits},
    organization::OrganizationId,
    store::{Database, people},
};

/// Keys are fetched anew after so long.
const FRESH: TimeDelta = TimeDelta::hours(1);
/// While the issuer cannot be reached, its keys count for so long.
const STALE: TimeDelta = TimeDelta::hours(24);
/// Strangers who make up key ids must not make us ask the issuer more often.
const PAUSE: TimeDelta = TimeDelta::seconds(30);
const LIMITS: Limits = Limits {
    bytes: 256 << 10,
    time: std::time::Duration::from_secs(5),
};
const MOST_KEYS: usize = 100;
const TOKEN_BYTES: usize = 16 << 10;
/// Shorter moduli have been factored, or may be before long (NIST SP 800-131A).
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1_024;

/// The settings name no issuer that can be used.
#[derive(Debug, thiserror::Error)]
pub enum BadIssuer {
    #[error("oidc.issuer {0:?} is not the address of an issuer: it begins with https://")]
    Address(String),
    #[error("oidc.audience is missing: the issuer's tokens for others would be taken for ours")]
    NoAudience,
    #[error("oidc.issuer is tokens.issuer: nobody could tell their tokens apart")]
    SameIssuer,
    #[error(transparent)]
    Fetch(#[from] BadFetchSettings),
}

/// The keys of the issuer cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum NoKeys {
    #[error("the issuer cannot be reached")]
    Fetch(#[from] FetchError),
    #[error("what the issuer published cannot be read")]
    Unreadable(#[from] std::io::Error),
    #[error("what the issuer published is not what OpenID Connect asks for")]
    Format(#[from] serde_json::Error),
    #[error("the issuer calls itself {0:?}")]
    OtherIssuer(String),
    #[error("the issuer names no usable address for its keys")]
    NoAddress,
    #[error("the issuer was asked a moment ago")]
    AskedJustNow,
}

/// An issuer that is trusted.
#[derive(Debug)]
pub struct OutsideIssuer {
    issuer: String,
    audience: String,
    organization: OrganizationId,
    fetcher: Fetcher,
    known: RwLock<Known>,
    /// When it was asked last. Held while it is asked; who finds what they need
    /// among the known keys does not wait for it.
    asked_at: Mutex<Option<Timestamp>>,
}

#[derive(Debug, Default)]
struct Known {
    keys: Vec<Jwk>,
    fetched_at: Option<Timestamp>,
}

impl Known {
    fn find(&self, kid: &str) -> Option<Jwk> {
        self.keys
            .iter()
            .find(|key| key.common.key_id.as_deref() == Some(kid))
            .cloned()
    }

    fn younger_than(&self, age: TimeDelta, now: Timestamp) -> bool {
        self.fetched_at.is_some_and(|fetched| now - fetched < age)
    }
}

/// What a token of the issuer says that matters here.
#[derive(Debug, Deserialize)]
struct OutsideClaims {
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    email: Option<String>,
    /// `true` and nothing else: some issuers let people claim any address.
    #[serde(default)]
    email_verified: Value,
}

impl OutsideIssuer {
    /// The issuer that the settings name, if they name one.
    pub fn new(
        settings: &OidcSettings,
        terms: &TokenTerms,
        fetch: &FetchSettings,
    ) -> Result<Option<Self>, BadIssuer> {
        let Some(issuer) = &settings.issuer else {
            return Ok(None);
        };
        let bad = || BadIssuer::Address(issuer.clone());
        let url = Url::parse(issuer).map_err(|_| bad())?;
        let own = url
            .host_str()
            .is_some_and(|host| fetch.allow.iter().any(|name| name == host));
        if url.scheme() != "https" && !(url.scheme() == "http" && own) {
            return Err(bad());
        }
        if settings.audience.trim().is_empty() {
            return Err(BadIssuer::NoAudience);
        }
        if *issuer == terms.issuer {
            return Err(BadIssuer::SameIssuer);
        }
        // Somebody waits for the answer: asked once, or later.
        let once = FetchSettings {
            tries: 1,
            ..fetch.clone()
        };
        Ok(Some(Self {
            issuer: issuer.clone(),
            audience: settings.audience.clone(),
            organization: settings
                .organization
                .map_or(OrganizationId::LOCAL, OrganizationId),
            fetcher: Fetcher::new(&once)?,
            known: RwLock::default(),
            asked_at: Mutex::default(),
        }))
    }

    /// Whether the token says that it is from this issuer; nothing is proven by
    /// it.
    fn claims_to_issue(&self, token: &str) -> bool {
        let said = || -> Option<Value> {
            let payload = token.split('.').nth(1)?;
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?;
            serde_json::from_slice(&bytes).ok()
        };
        token.len() <= TOKEN_BYTES
            && said().is_some_and(|claims| {
                claims.get("iss").and_then(Value::as_str) == Some(&self.issuer)
            })
    }

    /// Whoever the token is about, if it was signed by a key of the issuer, for
    /// us, and holds now.
    async fn verify(&self, token: &str, now: Timestamp) -> Result<OutsideClaims, IdentityError> {
        let rejected = |error| IdentityError::Token(TokenError::Rejected(error));
        let header = jsonwebtoken::decode_header(token).map_err(rejected)?;
        let kid = header.kid.ok_or(TokenError::UnknownKey)?;
        let key = self.key(&kid, now).await?;
        // What the key is for says how it signs, never the token.
        let algorithms = algorithms(&key);
        let Some(first) = algorithms.first() else {
            return Err(TokenError::UnknownKey.into());
        };
        let mut validation = Validation::new(*first);
        validation.algorithms = algorithms;
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        // Compared below, by the clock that comes in.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let public = DecodingKey::from_jwk(&key).map_err(rejected)?;
        let claims = jsonwebtoken::decode::<OutsideClaims>(token, &public, &validation)
            .map_err(rejected)?
            .claims;
        if claims.exp <= (now - LEEWAY).timestamp() {
            return Err(TokenError::Expired.into());
        }
        if claims
            .nbf
            .is_some_and(|nbf| nbf > (now + LEEWAY).timestamp())
        {
            return Err(TokenError::NotYet.into());
        }
        Ok(claims)
    }

    async fn key(&self, kid: &str, now: Timestamp) -> Result<Jwk, IdentityError> {
        if let Some(key) = self.fresh(kid, now).await {
            return Ok(key);
        }
        let mut asked_at = self.asked_at.lock().await;
        // Asked again: somebody else may have fetched it meanwhile.
        if let Some(key) = self.fresh(kid, now).await {
            return Ok(key);
        }
        let refreshed = self.refresh(&mut asked_at, now).await;
        let known = self.known.read().await;
        if let Err(error) = &refreshed {
            if !matches!(error, NoKeys::AskedJustNow) {
                tracing::warn!(
                    error = error as &dyn std::error::Error,
                    "the keys of the outside issuer cannot be had"
                );
            }
            if !known.younger_than(STALE, now) {
                return Err(IdentityError::IssuerDown);
            }
        }
        known.find(kid).ok_or(TokenError::UnknownKey.into())
    }

    async fn fresh(&self, kid: &str, now: Timestamp) -> Option<Jwk> {
        let known = self.known.read().await;
        known.find(kid).filter(|_| known.younger_than(FRESH, now))
    }

    async fn refresh(
        &self,
        asked_at: &mut Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), NoKeys> {
        if asked_at.is_some_and(|asked| now - asked < PAUSE) {
            return Err(NoKeys::AskedJustNow);
        }
        *asked_at = Some(now);
        let place = format!(
            "{}/.well-known/openid-configuration",
            self.issuer.trim_end_matches('/')
        );
        let discovery: Discovery = self
            .document(Url::parse(&place).map_err(|_| NoKeys::NoAddress)?)
            .await?;
        // OpenID Connect Discovery 1.0, section 4.3.
        if discovery.issuer != self.issuer {
            return Err(NoKeys::OtherIssuer(discovery.issuer));
        }
        let place = Url::parse(&discovery.jwks_uri).map_err(|_| NoKeys::NoAddress)?;
        // Keys that pass in the clear are whoever's on the way.
        if self.issuer.starts_with("https:") && place.scheme() != "https" {
            return Err(NoKeys::NoAddress);
        }
        let published: Published = self.document(place).await?;
        let keys = published
            .keys
            .into_iter()
            .take(MOST_KEYS)
            // A kind of key that is not known here is nobody's fault.
            .filter_map(|key| serde_json::from_value::<Jwk>(key).ok())
            .filter(|key| !algorithms(key).is_empty())
            .collect();
        *self.known.write().await = Known {
            keys,
            fetched_at: Some(now),
        };
        Ok(())
    }

    async fn document<T: serde::de::DeserializeOwned>(&self, url: Url) -> Result<T, NoKeys> {
        match fetch::get(&self.fetcher, &Get::new(url, LIMITS)).await? {
            Fetched::Received(mut received) => Ok(serde_json::from_slice(&received.body.bytes()?)?),
            Fetched::NotModified => Err(NoKeys::NoAddress),
        }
    }
}

#[derive(Debug, Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

#[derive(Debug, Deserialize)]
struct Published {
    keys: Vec<Value>,
}

/// How a key may sign, by its kind and what its publisher says of it. A secret
/// that is shared signs nothing here.
fn algorithms(key: &Jwk) -> Vec<Algorithm> {
    let signs = key
        .common
        .public_key_use
        .as_ref()
        .is_none_or(|purpose| *purpose == PublicKeyUse::Signature);
    let of_kind: &[(Algorithm, KeyAlgorithm)] = match &key.algorithm {
        AlgorithmParameters::RSA(rsa) => {
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(&rsa.n).map_or(0, |modulus| {
                modulus.iter().skip_while(|byte| **byte == 0).count()
            });
            if !RSA_BYTES.contains(&bytes) {
                return Vec::new();
            }
            &[
                (Algorithm::RS256, KeyAlgorithm::RS256),
                (Algorithm::RS384, KeyAlgorithm::RS384),
                (Algorithm::RS512, KeyAlgorithm::RS512),
                (Algorithm::PS256, KeyAlgorithm::PS256),
                (Algorithm::PS384, KeyAlgorithm::PS384),
                (Algorithm::PS512, KeyAlgorithm::PS512),
            ]
        }
        AlgorithmParameters::EllipticCurve(curve) => match curve.curve {
            EllipticCurve::P256 => &[(Algorithm::ES256, KeyAlgorithm::ES256)],
            EllipticCurve::P384 => &[(Algorithm::ES384, KeyAlgorithm::ES384)],
            _ => &[],
        },
        AlgorithmParameters::OctetKeyPair(curve) => match curve.curve {
            EllipticCurve::Ed25519 => &[(Algorithm::EdDSA, KeyAlgorithm::EdDSA)],
            _ => &[],
        },
        _ => &[],
    };
    of_kind
        .iter()
        .filter(|_| signs)
        .filter(|(_, named)| key.common.key_algorithm.is_none_or(|only| only == *named))
        .map(|(algorithm, _)| *algorithm)
        .collect()
}

/// Whoever holds that bearer token: ours, an API key, or the outside issuer's.
pub async fn authenticate(
    database: &Database,
    terms: &TokenTerms,
    outside: Option<&OutsideIssuer>,
    bearer: &str,
    now: Timestamp,
) -> Result<Principal, IdentityError> {
    let Some(outside) = outside.filter(|outside| outside.claims_to_issue(bearer)) else {
        return identity::authenticate(database, terms, bearer, now).await;
    };
    let claims = outside.verify(bearer, now).await?;
    let email = claims
        .email
        .filter(|_| claims.email_verified == Value::Bool(true))
        .ok_or(IdentityError::NotValid)?;
    let user = people::user_by_email(database.connection(), &email.trim().to_lowercase())
        .await?
        .filter(|user| user.active && user.organization == outside.organization)
        .ok_or(IdentityError::NotValid)?;
    Ok(identity::principal(&user))
}

//! Tokens of an outside issuer: only its own, only for us, only while they
//! hold, only of people who are known.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex},
};

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use plimsoll::{
    app::{
        identity::{IdentityError, Newcomer, accept, first_admin_invitation, open_organization},
        outside::{BadIssuer, OutsideIssuer, authenticate},
        token::TokenTerms,
    },
    clock::Timestamp,
    config::{FetchSettings, OidcSettings, TokenSettings},
    store::Database,
};
use rcgen::{KeyPair, PublicKeyData};
use serde_json::{Value, json};

use crate::support::{databases, noon, sqlite};

const EMAIL: &str = "ann@example.com";
/// Made for this test; it opens nothing.
const RSA_KEY: &str = include_str!("../../fixtures/tokens/rsa-for-tests.pem");
/// Its modulus.
const RSA_N: &str = concat!(
    "5avbYOzoKnnK0_pG2n3DGtIzlNjVasTX-yKgoL6GMVIc1mV8C8uI2aWCvWWFQh7MRgfU0M",
    "BiXjBuZ-_a7kioWwms4vjrRbSnxloDyvulo2FPFJpybO9tuWtiKlswKXfNrV4wc4Q85hya",
    "esvH5UfwJNxAS4q7CcFsXooeb--f4naic4gvQqjKlNgWdtpvjzuy6usFfNzVAq8KMHmouX",
    "ezvjpD6Qs8crxoALfsWltnhVXTE821NFdG-xRJlMW1DhVFTv7VCaMTI7Mg5YOzrZhATvKZ",
    "fh4-gM_d2Et37-zsrs9yQkNZezAkHYzd-yQOY-VO2ghhjhxD3-PRU2KMerGJDw",
);

/// An issuer whose documents can be changed, or that can be down.
#[derive(Clone)]
struct Issuer {
    address: SocketAddr,
    /// What it publishes; `None`: it is down.
    keys: Arc<Mutex<Option<Value>>>,
    calls_itself: Arc<Mutex<String>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Issuer {
    fn start(keys: Value) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let issuer = Self {
            address,
            keys: Arc::new(Mutex::new(Some(keys))),
            calls_itself: Arc::new(Mutex::new(format!("http://{address}"))),
            asked: Arc::default(),
        };
        let serving = issuer.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
                    head.push(byte[0]);
                }
                let head = String::from_utf8(head).unwrap();
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                let keys = serving.keys.lock().unwrap().clone();
                serving.asked.lock().unwrap().push(path.clone());
                let itself = serving.calls_itself.lock().unwrap().clone();
                let body = match (path.as_str(), keys) {
                    (_, None) => continue,
                    ("/.well-known/openid-configuration", _) => json!({
                        "issuer": itself,
                        "jwks_uri": format!("http://{address}/keys"),
                    }),
                    (_, Some(keys)) => json!({"keys": keys}),
                }
                .to_string();
                let _gone = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        issuer
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn publish(&self, keys: Option<Value>) {
        *self.keys.lock().unwrap() = keys;
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    fn settings(&self) -> OidcSettings {
        OidcSettings {
            issuer: Some(self.url()),
            audience: "plimsoll".to_owned(),
            organization: None,
        }
    }

    fn trusted(&self) -> OutsideIssuer {
        OutsideIssuer::new(&self.settings(), &terms(), &inside())
            .unwrap()
            .unwrap()
    }

    fn claims(&self, now: Timestamp) -> Value {
        json!({
            "iss": self.url(), "aud": ["others", "plimsoll"], "sub": "abc",
            "iat": now.timestamp(), "exp": (now + TimeDelta::hours(1)).timestamp(),
            "email": EMAIL, "email_verified": true,
        })
    }
}

fn terms() -> TokenTerms {
    (&TokenSettings::default()).into()
}

fn inside() -> FetchSettings {
    FetchSettings {
        allow: vec!["127.0.0.1".to_owned()],
        ..FetchSettings::default()
    }
}

/// An elliptic key, as it signs and as it is published.
fn elliptic(kid: &str) -> (EncodingKey, Value, Vec<u8>) {
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let point = key.der_bytes().to_vec();
    let part = |range: std::ops::Range<usize>| BASE64_URL_SAFE_NO_PAD.encode(&point[range]);
    let published = json!({
        "kty": "EC", "crv": "P-256", "kid": kid, "use": "sig",
        "x": part(1..33), "y": part(33..65),
    });
    (
        EncodingKey::from_ec_der(&key.serialize_der()),
        published,
        point,
    )
}

fn rsa_key() -> EncodingKey {
    let body: String = RSA_KEY
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    EncodingKey::from_rsa_der(&BASE64_STANDARD.decode(body).unwrap())
}

fn signed(algorithm: Algorithm, kid: Option<&str>, key: &EncodingKey, claims: &Value) -> String {
    let mut header = Header::new(algorithm);
    header.kid = kid.map(str::to_owned);
    encode(&header, claims, key).unwrap()
}

async fn with_ann(database: &Database, now: Timestamp) {
    let invitation = first_admin_invitation(database, now)
        .await
        .unwrap()
        .unwrap();
    join(database, &invitation.shown, EMAIL, now).await;
}

async fn join(database: &Database, token: &str, email: &str, now: Timestamp) {
    let newcomer = Newcomer {
        token: token.to_owned(),
        email: email.to_owned(),
        name: "Ann".to_owned(),
        password: "correct horse battery".to_owned(),
    };
    accept(database, newcomer, now).await.unwrap();
}

async fn gets_in(
    database: &Database,
    outside: &OutsideIssuer,
    token: &str,
    now: Timestamp,
) -> Result<(), IdentityError> {
    authenticate(database, &terms(), Some(outside), token, now)
        .await
        .map(|_| ())
}

#[tokio::test]
async fn known_people_get_in_with_the_issuers_tokens() {
    for test in databases().await {
        let database = test.open().await;
        let now = noon().0;
        with_ann(&database, now).await;
        let (key, published, _) = elliptic("e1");
        let rsa = json!({"kty": "RSA", "kid": "r1", "n": RSA_N, "e": "AQAB", "alg": "RS256"});
        let odd = json!({"kty": "quantum", "kid": "q1"});
        let issuer = Issuer::start(json!([odd, published, rsa]));
        let outside = issuer.trusted();
        let claims = issuer.claims(now);
        let token = signed(Algorithm::ES256, Some("e1"), &key, &claims);
        let principal = authenticate(&database, &terms(), Some(&outside), &token, now)
            .await
            .unwrap();
        // The role is what we know, not what the token says.
        assert_eq!(
            principal.permissions,
            plimsoll::access::Role::Admin.permissions(true)
        );
        let rsa_key = rsa_key();
        let token = signed(Algorithm::RS256, Some("r1"), &rsa_key, &claims);
        gets_in(&database, &outside, &token, now).await.unwrap();
        // The publisher has said how that key signs.
        let token = signed(Algorithm::RS512, Some("r1"), &rsa_key, &claims);
        assert!(gets_in(&database, &outside, &token, now).await.is_err());
        // Our own tokens work beside.
        let (own, _) = plimsoll::app::identity::sign_in(
            &database,
            &terms(),
            EMAIL,
            "correct horse battery".to_owned(),
            now,
        )
        .await
        .unwrap();
        gets_in(&database, &outside, &own, now).await.unwrap();
    }
}

#[tokio::test]
async fn what_the_issuer_has_not_said_is_refused() {
    let test = sqlite();
    let database = test.open().await;
    let now = noon().0;
    with_ann(&database, now).await;
    let (operated, secret) = open_organization(&database, "user:test", "Other", now)
        .await
        .unwrap();
    assert_ne!(operated.id, database.organization());
    join(&database, &secret.shown, "other@example.net", now).await;
    let (key, published, point) = elliptic("e1");
    let (stranger, _, _) = elliptic("e1");
    let shared = BASE64_URL_SAFE_NO_PAD.encode("a secret that is shared with us");
    let oct = json!({"kty": "oct", "kid": "o1", "k": shared});
    let short = json!({"kty": "RSA", "kid": "r0", "n": &RSA_N[..100], "e": "AQAB"});
    let encrypts = json!({
        "kty": "EC", "crv": "P-256", "kid": "enc", "use": "enc",
        "x": published["x"], "y": published["y"],
    });
    let issuer = Issuer::start(json!([published, oct, short, encrypts]));
    let outside = issuer.trusted();
    let good = issuer.claims(now);
    let ec = |claims: &Value| signed(Algorithm::ES256, Some("e1"), &key, claims);
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        ec(&claims)
    };
    let hmac = |kid: &str, secret: &[u8]| {
        signed(
            Algorithm::HS256,
            Some(kid),
            &EncodingKey::from_secret(secret),
            &good,
        )
    };
    let fine = ec(&good);
    gets_in(&database, &outside, &fine, now).await.unwrap();
    let parts: Vec<&str> = fine.split('.').collect();
    let none = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none","kid":"e1"}"#);
    let later = |minutes| (now + TimeDelta::minutes(minutes)).timestamp();
    for (what, token) in [
        ("no signature", format!("{none}.{}.", parts[1])),
        (
            "none beside a signature",
            format!("{none}.{}.{}", parts[1], parts[2]),
        ),
        ("a cut signature", format!("{}.{}.", parts[0], parts[1])),
        ("the public point as a secret", hmac("e1", &point)),
        (
            "x as a secret",
            hmac("e1", published["x"].as_str().unwrap().as_bytes()),
        ),
        (
            "a shared secret",
            hmac("o1", b"a secret that is shared with us"),
        ),
        (
            "a stranger's key",
            signed(Algorithm::ES256, Some("e1"), &stranger, &good),
        ),
        ("no key named", signed(Algorithm::ES256, None, &key, &good)),
        (
            "an unknown key",
            signed(Algorithm::ES256, Some("e9"), &key, &good),
        ),
        (
            "a key to encrypt",
            signed(Algorithm::ES256, Some("enc"), &key, &good),
        ),
        ("for others", with("aud", json!("others"))),
        ("for nobody", with("aud", Value::Null)),
        ("over", with("exp", json!(later(-2)))),
        ("not yet", with("nbf", json!(later(5)))),
        (
            "an address not verified",
            with("email_verified", json!(false)),
        ),
        ("verified in words", with("email_verified", json!("true"))),
        ("no address", with("email", Value::Null)),
        ("nobody we know", with("email", json!("eve@example.com"))),
        (
            "another organization's",
            with("email", json!("other@example.net")),
        ),
        (
            "another issuer",
            with("iss", json!("http://127.0.0.1/other")),
        ),
        (
            "a longer issuer",
            with("iss", json!(format!("{}/", issuer.url()))),
        ),
        ("several issuers", with("iss", json!([issuer.url()]))),
    ] {
        assert!(
            gets_in(&database, &outside, &token, now).await.is_err(),
            "{what}"
        );
    }
    gets_in(&database, &outside, &fine, now).await.unwrap();
}

#[tokio::test]
async fn keys_rotate_and_the_issuer_is_not_asked_more_than_need_be() {
    let test = sqlite();
    let database = test.open().await;
    let now = noon().0;
    with_ann(&database, now).await;
    let (old, old_published, _) = elliptic("old");
    let (new, new_published, _) = elliptic("new");
    let issuer = Issuer::start(json!([old_published]));
    let outside = issuer.trusted();
    let token = |kid: &str, key: &EncodingKey, at: Timestamp| {
        signed(Algorithm::ES256, Some(kid), key, &issuer.claims(at))
    };
    let first = token("old", &old, now);
    for _ in 0..5 {
        gets_in(&database, &outside, &first, now).await.unwrap();
    }
    assert_eq!(issuer.asked(), 2, "discovery and keys, once");
    // Made-up key ids do not make us ask.
    for number in 0..20 {
        let made_up = token(&format!("made-up-{number}"), &new, now);
        assert!(gets_in(&database, &outside, &made_up, now).await.is_err());
    }
    assert_eq!(issuer.asked(), 2);

    issuer.publish(Some(json!([new_published])));
    let later = now + TimeDelta::minutes(1);
    let rotated = token("new", &new, later);
    gets_in(&database, &outside, &rotated, later).await.unwrap();
    assert_eq!(issuer.asked(), 4);
    let withdrawn = token("old", &old, later);
    assert!(
        gets_in(&database, &outside, &withdrawn, later)
            .await
            .is_err()
    );

    // Down: what is known goes on, for a day.
    issuer.publish(None);
    for hours in [2, 23] {
        let at = later + TimeDelta::hours(hours);
        let token = token("new", &new, at);
        gets_in(&database, &outside, &token, at).await.unwrap();
    }
    let at = later + TimeDelta::hours(25);
    let late = token("new", &new, at);
    assert!(matches!(
        gets_in(&database, &outside, &late, at).await,
        Err(IdentityError::IssuerDown)
    ));
    issuer.publish(Some(json!([new_published])));
    let at = at + TimeDelta::minutes(1);
    let back = token("new", &new, at);
    gets_in(&database, &outside, &back, at).await.unwrap();
}

#[tokio::test]
async fn an_issuer_that_is_another_is_not_believed() {
    let test = sqlite();
    let database = test.open().await;
    let now = noon().0;
    with_ann(&database, now).await;
    let (key, published, _) = elliptic("e1");
    let issuer = Issuer::start(json!([published]));
    *issuer.calls_itself.lock().unwrap() = "https://elsewhere.example".to_owned();
    let outside = issuer.trusted();
    let token = signed(Algorithm::ES256, Some("e1"), &key, &issuer.claims(now));
    assert!(matches!(
        gets_in(&database, &outside, &token, now).await,
        Err(IdentityError::IssuerDown)
    ));
    // Nor one that is inside, unless the settings say so.
    let settings = OidcSettings {
        issuer: Some("https://127.0.0.1/".to_owned()),
        ..issuer.settings()
    };
    let guarded = OutsideIssuer::new(&settings, &terms(), &FetchSettings::default())
        .unwrap()
        .unwrap();
    let mut claims = issuer.claims(now);
    claims["iss"] = json!("https://127.0.0.1/");
    let token = signed(Algorithm::ES256, Some("e1"), &key, &claims);
    assert!(gets_in(&database, &guarded, &token, now).await.is_err());
}

#[test]
fn settings_that_open_a_door_are_refused() {
    let issuer = |issuer: &str, audience: &str| {
        let settings = OidcSettings {
            issuer: Some(issuer.to_owned()),
            audience: audience.to_owned(),
            organization: None,
        };
        OutsideIssuer::new(&settings, &terms(), &FetchSettings::default())
    };
    assert!(matches!(
        issuer("plimsoll", "us"),
        Err(BadIssuer::Address(_))
    ));
    assert!(matches!(
        issuer("http://id.example.com", "us"),
        Err(BadIssuer::Address(_))
    ));
    assert!(matches!(
        issuer("https://id.example.com", " "),
        Err(BadIssuer::NoAudience)
    ));
    assert!(issuer("https://id.example.com", "us").unwrap().is_some());
}

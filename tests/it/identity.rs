//! Who gets in: tokens, keys, invitations, roles.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use plimsoll::{
    app::{
        identity::{
            IdentityError, Newcomer, accept, authenticate, first_admin_invitation, sign_in,
        },
        token::{self, TokenTerms},
    },
    clock::Timestamp,
    config::TokenSettings,
    store::{Database, signing_keys},
};
use serde_json::{Value, json};

use crate::{
    service::Service,
    support::{databases, noon, sqlite},
};

const PASSWORD: &str = "correct horse battery";

fn terms() -> TokenTerms {
    (&TokenSettings::default()).into()
}

async fn first_admin(database: &Database, now: Timestamp) -> String {
    let invitation = first_admin_invitation(database, now)
        .await
        .unwrap()
        .unwrap();
    let newcomer = Newcomer {
        token: invitation.shown,
        email: "Admin@Example.com".to_owned(),
        name: "Ann".to_owned(),
        password: PASSWORD.to_owned(),
    };
    accept(database, newcomer, now).await.unwrap();
    sign_in(
        database,
        &terms(),
        "admin@example.com",
        PASSWORD.to_owned(),
        now,
    )
    .await
    .unwrap()
    .0
}

async fn gets_in(database: &Database, token: &str, now: Timestamp) -> bool {
    authenticate(database, &terms(), token, now).await.is_ok()
}

#[tokio::test]
async fn the_first_invitation_works_once_and_only_while_nobody_is_there() {
    for test in databases().await {
        let database = test.open().await;
        let now = noon().0;
        let unused = first_admin_invitation(&database, now)
            .await
            .unwrap()
            .unwrap();
        let token = first_admin(&database, now).await;
        assert!(gets_in(&database, &token, now).await);
        assert!(
            first_admin_invitation(&database, now)
                .await
                .unwrap()
                .is_none()
        );
        let late = Newcomer {
            token: unused.shown,
            email: "late@example.com".to_owned(),
            name: "Late".to_owned(),
            password: PASSWORD.to_owned(),
        };
        assert!(matches!(
            accept(&database, late, now).await,
            Err(IdentityError::NoInvitation)
        ));
        for (email, password) in [
            ("admin@example.com", "wrong horse battery"),
            ("nobody@example.com", PASSWORD),
        ] {
            let refused = sign_in(&database, &terms(), email, password.to_owned(), now).await;
            assert!(matches!(refused, Err(IdentityError::WrongPassword)));
        }
    }
}

#[tokio::test]
async fn a_token_holds_for_its_time_for_us_and_from_us() {
    let test = sqlite();
    let database = test.open().await;
    let now = noon().0;
    let token = first_admin(&database, now).await;
    for (shift, holds) in [
        (TimeDelta::minutes(-2), false),
        (TimeDelta::zero(), true),
        (TimeDelta::minutes(59), true),
        (TimeDelta::minutes(62), false),
    ] {
        assert_eq!(
            gets_in(&database, &token, now + shift).await,
            holds,
            "{shift}"
        );
    }
    for (issuer, audience) in [("plimsoll", "others"), ("others", "plimsoll")] {
        let others: TokenTerms = (&TokenSettings {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            ..TokenSettings::default()
        })
            .into();
        assert!(authenticate(&database, &others, &token, now).await.is_err());
    }
}

/// The claims of a good token, signed some other way.
#[tokio::test]
async fn a_forged_token_is_refused() {
    use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
    let test = sqlite();
    let database = test.open().await;
    let now = noon().0;
    let token = first_admin(&database, now).await;
    let parts: Vec<&str> = token.split('.').collect();
    let header: Value =
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(parts[0]).unwrap()).unwrap();
    let claims: Value =
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    let encoded = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let kid = header["kid"].as_str().unwrap().to_owned();
    let key = signing_keys::all(database.connection())
        .await
        .unwrap()
        .remove(0);

    let none = json!({"alg": "none", "typ": "JWT", "kid": kid});
    let mut forged = vec![
        format!("{}.{}.", encoded(&none), parts[1]),
        format!("{}.{}.{}", encoded(&none), parts[1], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
    ];
    // Our public key, taken for a secret.
    let public = BASE64_URL_SAFE_NO_PAD.decode(&key.public_key).unwrap();
    for secret in [public.as_slice(), key.public_key.as_bytes()] {
        let mut confused = Header::new(Algorithm::HS256);
        confused.kid = Some(kid.clone());
        forged.push(encode(&confused, &claims, &EncodingKey::from_secret(secret)).unwrap());
    }
    // Signed well, but by another key, under our kid and under its own.
    let prefix = hex::decode("302e020100300506032b657004220420").unwrap();
    let other = EncodingKey::from_ed_der(&[prefix, vec![7; 32]].concat());
    for kid in [Some(kid.clone()), Some("other".to_owned()), None] {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = kid;
        forged.push(encode(&header, &claims, &other).unwrap());
    }
    // More said than signed.
    let mut more = claims.clone();
    more["org"] = json!("00000000-0000-0000-0000-000000000002");
    forged.push(format!("{}.{}.{}", parts[0], encoded(&more), parts[2]));
    forged.extend([String::new(), "a.b.c".to_owned(), "plk_0".to_owned()]);
    for token in forged {
        assert!(!gets_in(&database, &token, now).await, "{token}");
    }
    assert!(gets_in(&database, &token, now).await);
}

#[tokio::test]
async fn keys_rotate_and_old_tokens_run_out() {
    for test in databases().await {
        let database = test.open().await;
        let now = noon().0;
        let old = first_admin(&database, now).await;
        let later = now + TimeDelta::minutes(30);
        token::rotate(&database, &terms(), "user:test", later)
            .await
            .unwrap();
        let (new, _) = sign_in(
            &database,
            &terms(),
            "admin@example.com",
            PASSWORD.to_owned(),
            later,
        )
        .await
        .unwrap();
        assert!(gets_in(&database, &old, later).await && gets_in(&database, &new, later).await);
        let published = |at| token::published_keys(&database, terms_static(), at);
        assert_eq!(
            published(later).await.unwrap()["keys"]
                .as_array()
                .unwrap()
                .len(),
            2
        );
        let much_later = now + TimeDelta::hours(2);
        assert_eq!(
            published(much_later).await.unwrap()["keys"]
                .as_array()
                .unwrap()
                .len(),
            1
        );
        assert!(!published(later).await.unwrap().to_string().contains("seed"));
    }
}

fn terms_static() -> &'static TokenTerms {
    static TERMS: std::sync::LazyLock<TokenTerms> = std::sync::LazyLock::new(terms);
    &TERMS
}

#[actix_web::test]
async fn roles_scopes_and_keys_open_what_they_should() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let list = json!([{"name": "Example Mill Ltd", "country": "China"}]);
        let advocate = service
            .colleague(&admin, "advocate", "adv@example.com")
            .await;
        let viewer = service
            .colleague(&admin, "viewer", "view@example.com")
            .await;
        let analyst = service
            .colleague(&admin, "analyst", "ana@example.com")
            .await;
        let reviewer = service
            .colleague(&admin, "reviewer", "rev@example.com")
            .await;
        for (token, lists, jobs, upload, audit, users) in [
            (&advocate, 200, 403, 403, 403, 403),
            (&viewer, 200, 200, 403, 403, 403),
            (&analyst, 200, 200, 202, 403, 403),
            (&reviewer, 200, 200, 202, 200, 403),
            (&admin, 200, 200, 202, 200, 200),
        ] {
            assert_eq!(service.get(token, "/api/v1/policies").await.status, lists);
            assert_eq!(service.get(token, "/api/v1/jobs").await.status, jobs);
            let uploaded = service
                .post(token, "/api/v1/supplier-lists", list.clone())
                .await;
            assert_eq!(uploaded.status, upload);
            assert_eq!(
                service.get(token, "/api/v1/audit-events").await.status,
                audit
            );
            assert_eq!(service.get(token, "/api/v1/users").await.status, users);
        }

        let wanted = json!({"name": "ERP", "scopes": ["suppliers:screen"], "days": 30});
        let key = service
            .post(&admin, "/api/v1/api-keys", wanted)
            .await
            .expect(201);
        let secret = key["secret"].as_str().unwrap();
        assert_eq!(
            service
                .post(secret, "/api/v1/supplier-lists", list)
                .await
                .status,
            202
        );
        service
            .get(secret, "/api/v1/jobs")
            .await
            .problem(403, "not-allowed");
        let listed = service.get(&admin, "/api/v1/api-keys").await;
        assert!(!listed.text().contains(secret));
        let path = format!("/api/v1/api-keys/{}", key["id"].as_str().unwrap());
        service
            .json("DELETE", &admin, &path, &json!({}))
            .await
            .expect(204);
        service
            .get(secret, "/api/v1/policies")
            .await
            .problem(401, "not-signed-in");
        for (scopes, days) in [
            (json!(["hits:decide"]), 30),
            (json!([]), 30),
            (json!(["x"]), 30),
            (json!(["lists:read"]), 0),
        ] {
            let wanted = json!({"name": "ERP", "scopes": scopes, "days": days});
            service
                .post(&admin, "/api/v1/api-keys", wanted)
                .await
                .problem(422, "invalid-content");
        }
        service.stop().await;
    }
}

#[actix_web::test]
async fn people_are_changed_by_version_and_an_admin_remains() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let viewer = service
            .colleague(&admin, "viewer", "view@example.com")
            .await;
        let users = service.get(&admin, "/api/v1/users").await.expect(200);
        let of = |place: usize| {
            format!(
                "/api/v1/users/{}",
                users["items"][place]["id"].as_str().unwrap()
            )
        };
        let bearer = format!("Bearer {admin}");
        let change = async |path: &str, version: Option<&str>, body: Value| {
            let mut headers = vec![
                ("Authorization", bearer.as_str()),
                ("Content-Type", "application/json"),
            ];
            headers.extend(version.map(|version| ("If-Match", version)));
            service
                .send("PATCH", path, &headers, body.to_string().as_bytes())
                .await
        };
        let etag = service.get(&admin, &of(1)).await.headers["etag"].clone();
        change(&of(1), None, json!({"role": "analyst"}))
            .await
            .problem(428, "if-match-missing");
        change(&of(1), Some("\"7\""), json!({"role": "analyst"}))
            .await
            .problem(412, "changed-since");
        change(&of(1), Some(&etag), json!({"role": "analyst"}))
            .await
            .expect(200);
        change(&of(1), Some(&etag), json!({"role": "admin"}))
            .await
            .problem(412, "changed-since");
        // The role counts at once, the token's scopes stay what they were.
        service.get(&viewer, "/api/v1/jobs").await.expect(200);
        change(&of(1), Some("\"2\""), json!({"active": false}))
            .await
            .expect(200);
        service
            .get(&viewer, "/api/v1/jobs")
            .await
            .problem(401, "not-signed-in");
        service
            .sign_in("view@example.com", PASSWORD)
            .await
            .problem(401, "wrong-password");
        change(&of(0), Some("\"1\""), json!({"role": "viewer"}))
            .await
            .problem(409, "last-admin");
        service.stop().await;
    }
}

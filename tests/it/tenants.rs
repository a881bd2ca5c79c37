//! Tenants never see each other: every route of the API description, with the
//! token of another organization.

use std::collections::BTreeSet;

use plimsoll::http::openapi::ApiDocument;
use serde_json::{Value, json};
use utoipa::OpenApi;

use crate::{service::Service, support::databases};

/// Every operation: method, path, whether anybody may call it.
fn operations() -> Vec<(String, String, bool)> {
    let document = serde_json::to_value(ApiDocument::openapi()).unwrap();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let open = operation["security"] == json!([{}]);
            operations.push((method.to_uppercase(), path.clone(), open));
        }
    }
    operations
}

#[actix_web::test]
async fn another_organizations_token_finds_nothing_anywhere() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let other = service.other_organization(&admin).await;

        let supplier = json!({"supplier": {"name": "Hoshine Silicon Industry (Shanshan) Co., Ltd", "country": "China"}});
        let screened = service
            .post(&admin, "/api/v1/screenings", supplier)
            .await
            .expect(201);
        let uploaded = service
            .post(
                &admin,
                "/api/v1/supplier-lists",
                json!([{"name": "Secret Mill Ltd"}]),
            )
            .await
            .expect(202);
        let key = json!({"name": "ERP", "scopes": ["results:read"], "days": 3});
        let key = service
            .post(&admin, "/api/v1/api-keys", key)
            .await
            .expect(201);
        let contractors = json!({"plimsoll_disclosures": [{"legal_name": "Secret Contractor Ltd", "piid": "P1"}]});
        let checked = service
            .post(&admin, "/api/v1/contractors/checks", contractors)
            .await
            .expect(201);
        let hits = service.get(&admin, "/api/v1/hits").await.expect(200);
        let users = service.get(&admin, "/api/v1/users").await.expect(200);
        let id_for = |path: &str| -> Value {
            for (start, id) in [
                ("/api/v1/jobs/", &uploaded["id"]),
                ("/api/v1/supplier-lists/", &uploaded["supplier_list_id"]),
                ("/api/v1/screenings/", &screened["screening_id"]),
                ("/api/v1/contractors/checks/", &checked["id"]),
                ("/api/v1/hits/", &hits["items"][0]["id"]),
                ("/api/v1/assessments/", &screened["assessment"]["id"]),
                ("/api/v1/users/", &users["items"][0]["id"]),
                ("/api/v1/api-keys/", &key["id"]),
                ("/api/v1/policies/", &json!("risk-model")),
            ] {
                if path.starts_with(start) {
                    return id.clone();
                }
            }
            panic!("{path}: a route with an id that this test does not know");
        };
        let mine: BTreeSet<String> = ["/api/v1/policies/"].map(str::to_owned).into();
        let bearer = format!("Bearer {other}");
        let mut walked = 0;
        for (method, path, open) in operations() {
            if open {
                continue;
            }
            let filled = path
                .replace("{id}", id_for_text(&path, &id_for).as_str())
                .replace("{kind}", "risk-model");
            let body = body_for(&path);
            let headers = [
                ("Authorization", bearer.as_str()),
                ("Content-Type", "application/json"),
                ("If-Match", "\"1\""),
            ];
            let answer = service
                .send(&method, &filled, &headers, body.to_string().as_bytes())
                .await;
            walked += 1;
            let text = answer.text();
            for secret in [
                "Hoshine",
                "Secret Mill",
                "Secret Contractor",
                "admin@example.com",
                "ERP",
            ] {
                let public = path.starts_with("/api/v1/lists");
                assert!(public || !text.contains(secret), "{method} {path}: {text}");
            }
            if path.contains('{') && !mine.iter().any(|start| path.starts_with(start)) {
                answer.problem(404, "not-found");
            } else if method == "GET" && path.starts_with("/api/v1/") && answer.status == 200 {
                let foreign = [
                    &uploaded["id"],
                    &screened["screening_id"],
                    &checked["id"],
                    &key["id"],
                ];
                for id in foreign {
                    assert!(
                        !text.contains(id.as_str().unwrap()),
                        "{method} {path}: {text}"
                    );
                }
            }
            // Without any token, nothing at all.
            let nobody = service
                .send(&method, &filled, &headers[1..], body.to_string().as_bytes())
                .await;
            nobody.problem(401, "not-signed-in");
        }
        assert!(walked > 25, "{walked}");
        // What they tried has changed nothing.
        let still = service.get(&admin, "/api/v1/users").await.expect(200);
        assert_eq!(still, users);
        let job = format!("/api/v1/jobs/{}", uploaded["id"].as_str().unwrap());
        assert_eq!(
            service.get(&admin, &job).await.expect(200)["state"],
            "queued"
        );
        service.stop().await;
    }
}

fn id_for_text(path: &str, id_for: &impl Fn(&str) -> Value) -> String {
    if path.contains("{id}") {
        id_for(path).as_str().unwrap().to_owned()
    } else {
        String::new()
    }
}

fn body_for(path: &str) -> Value {
    match path {
        "/api/v1/hits/{id}/disposition" => {
            json!({"decision": "false_positive", "rationale": "a rationale that is long enough"})
        }
        "/api/v1/contractors/checks/{id}/decisions" => {
            json!({"contradiction": "0000000000000000", "decision": "dismissed", "rationale": "a rationale that is long enough"})
        }
        "/api/v1/users/{id}" => json!({"role": "viewer"}),
        _ => json!({}),
    }
}

#[test]
fn the_description_names_every_route_and_no_other() {
    let described: BTreeSet<String> = operations()
        .into_iter()
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    let source = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http/app.rs"),
    )
    .unwrap();
    let mut routed = BTreeSet::new();
    let mut path = String::new();
    for piece in source.split("at(\"").skip(1) {
        let (at, rest) = piece.split_once('"').unwrap();
        at.clone_into(&mut path);
        for route in rest.split("Method::").skip(1) {
            let method: String = route
                .chars()
                .take_while(char::is_ascii_alphabetic)
                .collect();
            routed.insert(format!("{method} {path}"));
        }
    }
    assert_eq!(described, routed);
}

#[test]
fn the_description_says_what_openapi_needs() {
    let document = serde_json::to_value(ApiDocument::openapi()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut ids = BTreeSet::new();
    for (method, path, _) in operations() {
        let operation = &document["paths"][&path][method.to_lowercase()];
        assert!(operation["summary"].as_str().is_some(), "{method} {path}");
        let id = operation["operationId"].as_str().unwrap();
        assert!(
            ids.insert(id.to_owned()),
            "{method} {path}: {id} is there twice"
        );
    }
}

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
        let statement = json!({"company": "Secret Mill Ltd", "text": "We do not audit our suppliers for forced labor."});
        let statement = service
            .post(&admin, "/api/v1/statements", statement)
            .await
            .expect(201);
        let own_list = b"name,citation\nSecret Listed Ltd,our own file\n";
        let bearer = format!("Bearer {admin}");
        let imported = service
            .send(
                "POST",
                "/api/v1/list-imports?source=custom:secret-list",
                &[("Authorization", &bearer), ("Content-Type", "text/csv")],
                own_list,
            )
            .await
            .expect(201);
        assert_eq!(imported["state"], "kept", "{imported}");
        let key = json!({"name": "ERP", "scopes": ["results:read"], "days": 3});
        let key = service
            .post(&admin, "/api/v1/api-keys", key)
            .await
            .expect(201);
        let kept = json!({"external_id": "V-1", "supplier": {"name": "Secret Mill Ltd"}});
        let kept = service
            .post(&admin, "/api/v1/suppliers", kept)
            .await
            .expect(201);
        let text = std::str::from_utf8(plimsoll::risk::FLDD_1_0).unwrap();
        let text = text.replace("version = \"1.0.0\"", "version = \"Secret Mill\"");
        let authorization = format!("Bearer {admin}");
        let toml = [
            ("Authorization", authorization.as_str()),
            ("Content-Type", "application/toml"),
        ];
        let model = service
            .send(
                "POST",
                "/api/v1/policies/risk-models",
                &toml,
                text.as_bytes(),
            )
            .await
            .expect(201);
        let content = b"Supplier\nSecret Mill Ltd\n";
        let sha256 = plimsoll::audit::sha256_hex(content);
        let sent = format!("/api/v1/uploads/{sha256}");
        service
            .send("PUT", &sent, &[("Authorization", &authorization)], content)
            .await
            .expect(200);
        let webhook = json!({"url": "https://secret.example.com/", "events": ["job.ended"]});
        let webhook = service
            .post(&admin, "/api/v1/webhooks", webhook)
            .await
            .expect(201);
        let ping = format!("/api/v1/webhooks/{}/ping", webhook["id"].as_str().unwrap());
        let delivery = service.post(&admin, &ping, json!({})).await.expect(202);
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
                ("/api/v1/suppliers/", &kept["id"]),
                ("/api/v1/policies/risk-models/", &model["id"]),
                ("/api/v1/statements/", &statement["id"]),
                ("/api/v1/list-syncs/", &imported["id"]),
                ("/api/v1/webhooks/", &webhook["id"]),
                ("/api/v1/webhook-deliveries/", &delivery["id"]),
                ("/api/v1/policies/", &json!("risk-model")),
            ] {
                if path.starts_with(start) {
                    return id.clone();
                }
            }
            panic!("{path}: a route with an id that this test does not know");
        };
        let public = ["/api/v1/policies/{kind}", "/api/v1/lists/"];
        let bearer = format!("Bearer {other}");
        let mut walked = 0;
        for (method, path, open) in operations() {
            if open {
                continue;
            }
            let filled = path
                .replace("{id}", id_for_text(&path, &id_for).as_str())
                .replace("{kind}", "risk-model")
                .replace("{external_id}", "V-1")
                .replace("{source}", "custom:secret-list")
                .replace("{sha256}", &sha256);
            let filled = filled + query_for(&path);
            let body = body_for(&path, &kept["id"]);
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
                "Secret Listed",
                "Secret Contractor",
                "admin@example.com",
                "ERP",
                "secret.example",
            ] {
                let public = path.starts_with("/api/v1/lists") && secret == "Hoshine";
                assert!(public || !text.contains(secret), "{method} {path}: {text}");
            }
            // A system keeps its own supplier under the same id.
            let keeps_own = method == "PUT" && path.contains("by-external-id");
            if keeps_own {
                answer.problem(412, "changed-since");
            } else if method == "HEAD" {
                assert_eq!((answer.status, answer.body.len()), (404, 0), "{path}");
                continue;
            } else if method == "PUT" && path.contains("/uploads/") {
                // That somebody else holds the content helps nobody.
                answer.problem(422, "other-content");
            } else if path.contains('{') && !public.iter().any(|start| path.starts_with(start)) {
                answer.problem(404, "not-found");
            } else if method == "GET" && path.starts_with("/api/v1/") && answer.status == 200 {
                let foreign = [
                    &uploaded["id"],
                    &screened["screening_id"],
                    &key["id"],
                    &kept["id"],
                    &statement["id"],
                    &imported["id"],
                    &checked["id"],
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

/// What a route cannot be asked without.
fn query_for(path: &str) -> &'static str {
    match path {
        "/api/v1/lists/{source}/history" => "?entry=secret-listed-ltd",
        "/api/v1/lists/{source}/diff" => "?before=2026-11-21&after=2026-11-21",
        "/api/v1/list-imports" => "?source=uflpa",
        _ => "",
    }
}

fn body_for(path: &str, supplier: &Value) -> Value {
    match path {
        "/api/v1/suppliers/{id}" | "/api/v1/suppliers/by-external-id/{external_id}" => {
            json!({"supplier": {"name": "Another Mill Ltd"}})
        }
        "/api/v1/suppliers/{id}/merges" => {
            json!({"other_id": supplier, "decision": "dismissed", "rationale": "a rationale that is long enough"})
        }
        "/api/v1/list-syncs/{id}/accept" => json!({"reason": "a reason that is long enough"}),
        "/api/v1/list-syncs" => json!({"source": "uflpa"}),
        "/api/v1/hits/{id}/disposition" => {
            json!({"decision": "false_positive", "rationale": "a rationale that is long enough"})
        }
        "/api/v1/statements/{id}/preview" => json!({"supplier": {"name": "Some Mill"}}),
        "/api/v1/assessments/{id}/leads/disposition" => {
            json!({"lead": {"kind": "place", "field": "city", "place": "Xinjiang"}, "decision": "false_positive", "rationale": "a rationale that is long enough"})
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

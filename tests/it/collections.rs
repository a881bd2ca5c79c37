//! Collections: filters, orders, fields and pages, the same everywhere.

use std::collections::BTreeSet;

use plimsoll::http::openapi::ApiDocument;
use serde_json::{Value, json};
use utoipa::OpenApi;

use crate::{service::Service, support::databases};

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{value}"))
}

/// Every page of a collection, in order.
async fn all(service: &Service, token: &str, path: &str, query: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut after = String::new();
    loop {
        let address = format!("{path}?limit=2{query}{after}");
        let page = service.get(token, &address).await.expect(200);
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next"].as_str() else {
            return items;
        };
        after = format!("&after={next}");
    }
}

async fn filled(service: &Service, admin: &str) -> String {
    let listed = "Hoshine Silicon Industry (Shanshan) Co., Ltd";
    let mut last = String::new();
    for (number, (name, country)) in (1..).zip([
        (listed, "China"),
        ("Nordlicht Werkzeugbau GmbH", "Germany"),
        ("Esquel Textile Co., Ltd.", "China"),
        ("Alpenblick Feinmechanik AG", "Switzerland"),
        ("Changji Esquel Textile Co. Ltd.", "China"),
    ]) {
        let supplier = json!({"supplier": {"name": name, "country": country, "external_id": format!("V-{number}")}});
        let screened = service
            .post(admin, "/api/v1/screenings", supplier)
            .await
            .expect(201);
        text(&screened, "screening_id").clone_into(&mut last);
        let path = format!("/api/v1/suppliers/by-external-id/V-{number}");
        let body = json!({"supplier": {"name": name, "country": country}});
        service.json("PUT", admin, &path, &body).await.expect(201);
    }
    for number in 0..5 {
        service
            .post(
                admin,
                "/api/v1/supplier-lists",
                json!([{"name": format!("Mill {number}")}]),
            )
            .await
            .expect(202);
    }
    for (number, email) in ["ben@example.com", "ann@example.com"].iter().enumerate() {
        service
            .colleague(admin, ["viewer", "analyst"][number], email)
            .await;
        let key = json!({"name": format!("key {number}"), "scopes": ["results:read"], "days": 9 - number});
        service
            .post(admin, "/api/v1/api-keys", key)
            .await
            .expect(201);
    }
    last
}

/// A webhook that was told three times.
async fn told(service: &Service, admin: &str) -> String {
    let wanted = json!({"url": "https://erp.example.com/hook", "events": ["job.ended"]});
    let mut last = String::new();
    for _ in 0..3 {
        let made = service
            .post(admin, "/api/v1/webhooks", wanted.clone())
            .await;
        text(&made.expect(201), "id").clone_into(&mut last);
        let ping = format!("/api/v1/webhooks/{last}/ping");
        service.post(admin, &ping, json!({})).await.expect(202);
    }
    for _ in 0..2 {
        let ping = format!("/api/v1/webhooks/{last}/ping");
        service.post(admin, &ping, json!({})).await.expect(202);
    }
    last
}

#[actix_web::test]
async fn every_order_gives_every_item_once() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let screening = filled(&service, &admin).await;
        let webhook = told(&service, &admin).await;
        let document = serde_json::to_value(ApiDocument::openapi()).unwrap();
        let mut walked = 0;
        for (path, methods) in document["paths"].as_object().unwrap() {
            let Some(parameters) = methods["get"]["parameters"].as_array() else {
                continue;
            };
            let named = |name: &str| parameters.iter().find(|one| one["name"] == name);
            let (Some(sorts), false) = (named("sort"), path.contains("suppliers/{id}")) else {
                continue;
            };
            let address = path
                .replace("webhooks/{id}", &format!("webhooks/{webhook}"))
                .replace("{id}", &screening)
                .replace("{source}", "uflpa");
            let whole = service
                .get(&admin, &format!("{address}?limit=200"))
                .await
                .expect(200);
            let whole: BTreeSet<String> = whole["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(ToString::to_string)
                .collect();
            for sort in sorts["schema"]["enum"].as_array().unwrap() {
                let sort = sort.as_str().unwrap();
                if whole.len() > 60 {
                    continue;
                }
                let items = all(&service, &admin, &address, &format!("&sort={sort}")).await;
                let shown: BTreeSet<String> = items.iter().map(ToString::to_string).collect();
                assert_eq!(items.len(), whole.len(), "{address} by {sort}");
                assert_eq!(shown, whole, "{address} by {sort}");
                let key = sort.trim_start_matches('-');
                let keys: Vec<String> = items
                    .iter()
                    .map(|item| match &item[key] {
                        Value::Number(number) => format!("{:030.9}", number.as_f64().unwrap()),
                        Value::String(text) => text.clone(),
                        // Null counts below every number.
                        other => {
                            assert!(other.is_null(), "{other}");
                            String::new()
                        }
                    })
                    .collect();
                let mut sorted = keys.clone();
                sorted.sort();
                if sort.starts_with('-') {
                    sorted.reverse();
                }
                assert_eq!(keys, sorted, "{address} by {sort}");
            }
            for query in [
                "nothing=1",
                "sort=nothing",
                "fields=nothing",
                "limit=0",
                "after=x",
            ] {
                let problem = service
                    .get(&admin, &format!("{address}?{query}"))
                    .await
                    .problem(400, "invalid-syntax");
                let name = query.split('=').next().unwrap();
                assert_eq!(
                    problem["errors"][0]["pointer"],
                    format!("?{name}"),
                    "{path}"
                );
            }
            walked += 1;
        }
        assert!(walked >= 12, "{walked}");
        service.stop().await;
    }
}

#[actix_web::test]
async fn a_page_stays_where_it_is_while_rows_come() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        for name in ["Bravo", "Delta", "Foxtrot", "Hotel"] {
            let body =
                json!({"external_id": name, "supplier": {"name": format!("{name} Mill Ltd")}});
            service
                .post(&admin, "/api/v1/suppliers", body)
                .await
                .expect(201);
        }
        let first = service
            .get(&admin, "/api/v1/suppliers?sort=name&limit=2")
            .await
            .expect(200);
        // One before the place, one behind it, and the last item itself moves.
        for name in ["Alpha", "Echo"] {
            let body =
                json!({"external_id": name, "supplier": {"name": format!("{name} Mill Ltd")}});
            service
                .post(&admin, "/api/v1/suppliers", body)
                .await
                .expect(201);
        }
        let moved = json!({"supplier": {"name": "Zulu Mill Ltd"}});
        service
            .json(
                "PUT",
                &admin,
                "/api/v1/suppliers/by-external-id/Delta",
                &moved,
            )
            .await
            .expect(200);
        let next = text(&first, "next");
        let rest = service
            .get(
                &admin,
                &format!("/api/v1/suppliers?sort=name&limit=9&after={next}"),
            )
            .await
            .expect(200);
        let ids: Vec<_> = rest["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| text(item, "external_id").to_owned())
            .collect();
        assert_eq!(ids, ["Echo", "Foxtrot", "Hotel", "Delta"]);
        service
            .get(
                &admin,
                &format!("/api/v1/suppliers?sort=-name&after={next}"),
            )
            .await
            .problem(400, "invalid-syntax");
        service.stop().await;
    }
}

#[actix_web::test]
async fn filters_and_fields_give_what_was_asked() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        filled(&service, &admin).await;
        let got = |path: &'static str| {
            let service = &service;
            let admin = &admin;
            async move {
                let page = service.get(admin, path).await.expect(200);
                page["items"].as_array().unwrap().clone()
            }
        };
        let review = got("/api/v1/assessments?disposition=REVIEW_REQUIRED").await;
        assert!(!review.is_empty() && review.len() < 5, "{}", review.len());
        assert!(
            review
                .iter()
                .all(|one| one["disposition"] == "REVIEW_REQUIRED")
        );
        let tier = text(&review[0], "tier").replace(' ', "%20");
        let path = format!("/api/v1/assessments?tier={tier}&fields=id,tier");
        let page = service.get(&admin, &path).await.expect(200);
        for item in page["items"].as_array().unwrap() {
            let keys: Vec<_> = item.as_object().unwrap().keys().cloned().collect();
            assert_eq!(keys, ["id", "tier"]);
            assert_eq!(item["tier"], review[0]["tier"]);
        }
        let one = got("/api/v1/assessments?external_id=V-4").await;
        assert_eq!(one.len(), 1, "{one:?}");
        assert_eq!(got("/api/v1/suppliers?name=ESQUEL").await.len(), 2);
        assert_eq!(got("/api/v1/suppliers?name=%25").await.len(), 0);
        assert_eq!(got("/api/v1/suppliers?country=CN").await.len(), 3);
        assert_eq!(got("/api/v1/suppliers?active=false").await.len(), 0);
        assert_eq!(got("/api/v1/jobs?state=queued").await.len(), 5);
        assert_eq!(got("/api/v1/jobs?state=failed").await.len(), 0);
        let viewers = got("/api/v1/users?role=viewer").await;
        assert_eq!(viewers.len(), 1);
        assert_eq!(viewers[0]["email"], "ben@example.com");
        assert_eq!(got("/api/v1/users?active=false").await.len(), 0);
        let by_name = got("/api/v1/api-keys?sort=-expires_at&fields=name").await;
        assert_eq!(
            by_name,
            [json!({"name": "key 0"}), json!({"name": "key 1"})]
        );
        let id = text(&got("/api/v1/api-keys?limit=1").await[0], "id").to_owned();
        let path = format!("/api/v1/api-keys/{id}");
        service
            .json("DELETE", &admin, &path, &json!({}))
            .await
            .expect(204);
        assert_eq!(
            text(&got("/api/v1/api-keys?usable=false").await[0], "id"),
            id
        );
        assert_eq!(got("/api/v1/api-keys?usable=true").await.len(), 1);
        let webhook = told(&service, &admin).await;
        assert_eq!(got("/api/v1/webhooks?active=true").await.len(), 3);
        assert_eq!(got("/api/v1/webhooks?active=false").await.len(), 0);
        for (state, items) in [("pending", 3), ("delivered", 0)] {
            let path = format!("/api/v1/webhooks/{webhook}/deliveries?state={state}");
            let page = service.get(&admin, &path).await.expect(200);
            assert_eq!(page["items"].as_array().unwrap().len(), items, "{state}");
        }
        let hits = got("/api/v1/hits?source=uflpa").await;
        assert!(!hits.is_empty() && hits.iter().all(|hit| hit["source"] == "uflpa"));
        let kept = got("/api/v1/audit-events?kind=supplier_kept&sort=-number").await;
        assert_eq!(kept.len(), 5);
        assert_eq!(
            got("/api/v1/audit-events?since=2999-01-01T00:00:00Z")
                .await
                .len(),
            0
        );
        for bad in [
            "/api/v1/hits?source=ofac",
            "/api/v1/hits?band=high",
            "/api/v1/jobs?state=lost",
            "/api/v1/assessments?tier=low",
            "/api/v1/audit-events?since=yesterday",
            "/api/v1/suppliers?active=maybe",
            "/api/v1/users?role=owner",
            "/api/v1/users?active=maybe",
            "/api/v1/api-keys?usable=1",
            "/api/v1/webhooks?active=on",
        ] {
            let problem = service
                .get(&admin, bad)
                .await
                .problem(400, "invalid-syntax");
            let name = bad.split(['?', '=']).nth(1).unwrap();
            assert_eq!(problem["errors"][0]["pointer"], format!("?{name}"));
        }
        service.stop().await;
    }
}

#[actix_web::test]
async fn what_is_held_is_not_sent_again() {
    let test = crate::support::sqlite();
    let service = Service::start(&test).await;
    let admin = service.first_admin().await;
    filled(&service, &admin).await;
    let bearer = format!("Bearer {admin}");
    for collection in ["assessments", "screenings", "suppliers"] {
        let page = service
            .get(&admin, &format!("/api/v1/{collection}"))
            .await
            .expect(200);
        let path = format!("/api/v1/{collection}/{}", text(&page["items"][0], "id"));
        let first = service.get(&admin, &path).await;
        let tag = first.headers["etag"].clone();
        first.expect(200);
        let headers = [
            ("Authorization", bearer.as_str()),
            ("If-None-Match", tag.as_str()),
        ];
        let again = service.send("GET", &path, &headers, b"").await;
        assert_eq!((again.status, again.body.len()), (304, 0), "{collection}");
        let headers = [
            ("Authorization", bearer.as_str()),
            ("If-None-Match", "\"other\""),
        ];
        let other = service.send("GET", &path, &headers, b"").await;
        assert_eq!(other.status, 200);
    }
    service.stop().await;
}

//! Decisions about hits: who counts, what moves, what is kept.

use entities::assessment;
use plimsoll::{app::verify::verify_trail, store::documents};
use sea_orm::{ConnectionTrait, EntityTrait, sea_query::Expr};
use serde_json::{Value, json};

use crate::{
    service::{Answer, Service},
    support::databases,
};

async fn decide(service: &Service, token: &str, hit: &str, decision: &str) -> Answer {
    let path = format!("/api/v1/hits/{hit}/disposition");
    let body = json!({"decision": decision, "rationale": "compared the registered address"});
    service.post(token, &path, body).await
}

#[actix_web::test]
async fn a_hold_counts_only_when_two_people_have_confirmed() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let ann = service
            .colleague(&admin, "reviewer", "ann@example.com")
            .await;
        let bob = service
            .colleague(&admin, "reviewer", "bob@example.com")
            .await;
        let supplier = json!({"supplier": {
            "name": "Hoshine Silicon Industry (Shanshan) Co., Ltd", "country": "China",
            "goods": ["Silicon metal"],
        }});
        let screened = service
            .post(&admin, "/api/v1/screenings", supplier)
            .await
            .expect(201);
        let before = screened["assessment"].clone();
        let screening = screened["screening_id"].as_str().unwrap();
        let hits = service
            .get(&ann, &format!("/api/v1/hits?screening={screening}"))
            .await
            .expect(200);
        // The listing that withholds goods.
        let hit = hits["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|hit| hit["source"] == "uflpa")
            .unwrap_or_else(|| panic!("{hits}"));
        let id = hit["id"].as_str().unwrap();
        let of = |disposed: &Value| {
            (
                disposed["disposition"].as_str().unwrap().to_owned(),
                disposed["awaits_second"].as_bool().unwrap(),
                disposed["assessment"]["result"]["disposition"]
                    .as_str()
                    .unwrap()
                    .to_owned(),
            )
        };

        let short = json!({"decision": "true_match", "rationale": "yes"});
        let path = format!("/api/v1/hits/{id}/disposition");
        service
            .post(&ann, &path, short)
            .await
            .problem(422, "invalid-content");
        let first = decide(&service, &ann, id, "true_match").await.expect(201);
        assert_eq!(
            of(&first),
            ("unresolved".to_owned(), true, "REVIEW_REQUIRED".to_owned())
        );
        decide(&service, &ann, id, "true_match")
            .await
            .problem(409, "hit-already-decided");
        let second = decide(&service, &bob, id, "true_match").await.expect(201);
        assert_eq!(
            of(&second),
            ("true_match".to_owned(), false, "HOLD".to_owned())
        );
        assert_eq!(second["assessment"]["revision"], 2);
        // One person alone does not let the goods go.
        let undone = decide(&service, &ann, id, "false_positive")
            .await
            .expect(201);
        assert_eq!(of(&undone).2, "HOLD");
        let dismissed = decide(&service, &bob, id, "false_positive")
            .await
            .expect(201);
        assert_ne!(of(&dismissed).2, "HOLD");

        let first_id = before["id"].as_str().unwrap();
        let stored = service
            .get(&ann, &format!("/api/v1/assessments/{first_id}"))
            .await
            .expect(200);
        assert_eq!(stored, before, "what the screening's hash binds stays");
        let revisions = service
            .get(&ann, &format!("/api/v1/assessments/{first_id}/revisions"))
            .await
            .expect(200);
        assert_eq!(revisions["items"].as_array().unwrap().len(), 5);
        let shown = service
            .get(&ann, &format!("/api/v1/hits/{id}"))
            .await
            .expect(200);
        assert_eq!(shown["decisions"].as_array().unwrap().len(), 4);
        assert_eq!(
            shown["explained"]["disposition"]["disposition"], "false_positive",
            "{shown}"
        );
        let export = service
            .get(&ann, &format!("/api/v1/screenings/{screening}/export"))
            .await;
        assert_eq!(
            plimsoll::audit::sha256_hex(&export.body),
            screened["result_sha256"].as_str().unwrap()
        );
        let events = service
            .get(&ann, "/api/v1/audit-events?limit=200")
            .await
            .expect(200);
        let disposed = events["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|event| event["body"]["kind"] == "hit_disposed")
            .count();
        assert_eq!(disposed, 4);
        let verified = verify_trail(&service.database, None).await.unwrap();
        assert_eq!(verified.results, 5);
        test.raw()
            .await
            .execute_unprepared("UPDATE dispositions SET rationale = 'something else'")
            .await
            .unwrap();
        assert!(verify_trail(&service.database, None).await.is_err());
        service.stop().await;
    }
}

#[actix_web::test]
async fn what_another_version_found_is_not_decided_about_as_if_it_were_found_now() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let ann = service
            .colleague(&admin, "reviewer", "ann@example.com")
            .await;
        let supplier = json!({"supplier": {
            "name": "Hoshine Silicon Industry (Shanshan) Co., Ltd", "country": "China",
        }});
        let screened = service
            .post(&admin, "/api/v1/screenings", supplier)
            .await
            .expect(201);
        let screening = screened["screening_id"].as_str().unwrap();
        let hits = service
            .get(&ann, &format!("/api/v1/hits?screening={screening}"))
            .await
            .expect(200);
        let hit = hits["items"][0]["id"].as_str().unwrap();
        // As a version wrote it that called the entry otherwise.
        let mut result = screened["assessment"]["result"].clone();
        result["hits"][0]["entry_id"] = json!("called otherwise");
        let detail = documents::deflate(result.to_string().as_bytes());
        assessment::Entity::update_many()
            .col_expr(assessment::Column::Detail, Expr::value(detail))
            .exec(&test.raw().await)
            .await
            .unwrap();
        let refused = decide(&service, &ann, hit, "false_positive").await;
        let problem = refused.expect(409);
        assert_eq!(problem["type"], "/problems/screening-read-otherwise");
        let after = service.get(&ann, &format!("/api/v1/hits/{hit}")).await;
        assert_eq!(after.expect(200)["decisions"], json!([]));
        service.stop().await;
    }
}

#[actix_web::test]
async fn a_preview_says_what_would_be_and_stores_nothing() {
    let test = crate::support::sqlite();
    let service = Service::start(&test).await;
    let admin = service.first_admin().await;
    let supplier = json!({"supplier": {"name": "Nordlicht Werkzeugbau GmbH", "country": "Germany", "goods": ["Hand tools"]}});
    let screened = service
        .post(&admin, "/api/v1/screenings", supplier)
        .await
        .expect(201);
    let result = &screened["assessment"]["result"];
    let inputs = json!({"inputs": result["inputs"]});
    let previewed = service
        .post(&admin, "/api/v1/assessments/preview", inputs)
        .await
        .expect(200);
    for key in ["tier", "score", "range", "coverage", "disposition"] {
        assert_eq!(previewed["assessment"][key], result[key], "{key}");
    }
    let wrong = json!({"inputs": {"floor": "nothing"}});
    service
        .post(&admin, "/api/v1/assessments/preview", wrong)
        .await
        .problem(422, "invalid-content");
    service.stop().await;
}

#[actix_web::test]
async fn a_confirmed_place_or_order_counts_with_two_people_only() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let ann = service
            .colleague(&admin, "reviewer", "ann@example.com")
            .await;
        let bob = service
            .colleague(&admin, "reviewer", "bob@example.com")
            .await;
        let supplier = json!({"supplier": {
            "name": "Example Mill Ltd", "country": "China", "city": "Shihezi", "province": "Xinjiang",
            "goods": ["Raw cotton"],
        }});
        let screened = service
            .post(&admin, "/api/v1/screenings", supplier)
            .await
            .expect(201);
        let id = screened["assessment"]["id"].as_str().unwrap();
        let path = format!("/api/v1/assessments/{id}/leads");
        let found = service.get(&ann, &path).await.expect(200);
        let leads = found["items"].as_array().unwrap();
        for kind in ["place", "order"] {
            let lead = leads
                .iter()
                .find(|lead| lead["lead"]["kind"] == kind)
                .unwrap_or_else(|| panic!("{kind}: {found}"));
            let decide = async |token: &str, decision: &str| {
                let body = json!({"lead": lead["lead"], "decision": decision, "rationale": "the deed names the plant"});
                service
                    .post(token, &format!("{path}/disposition"), body)
                    .await
            };
            let first = decide(&ann, "true_match").await.expect(201);
            assert_eq!(
                (&first["awaits_second"], &first["disposition"]),
                (&json!(true), &json!("unresolved")),
                "{kind}"
            );
            assert_ne!(first["assessment"]["disposition"], "HOLD");
            decide(&ann, "true_match")
                .await
                .problem(409, "hit-already-decided");
            let second = decide(&bob, "true_match").await.expect(201);
            assert_eq!(second["assessment"]["disposition"], "HOLD", "{kind}");
            // One alone does not undo what two have confirmed.
            let undone = decide(&ann, "false_positive").await.expect(201);
            assert_eq!(undone["assessment"]["disposition"], "HOLD", "{kind}");
            let ended = decide(&bob, "false_positive").await.expect(201);
            assert_ne!(ended["assessment"]["disposition"], "HOLD", "{kind}");
        }
        let nothing = json!({
            "lead": {"kind": "place", "field": "city", "place": "Atlantis"},
            "decision": "true_match", "rationale": "the deed names the plant",
        });
        service
            .post(&ann, &format!("{path}/disposition"), nothing)
            .await
            .problem(422, "invalid-content");
        let shown = service.get(&ann, &path).await.expect(200);
        let decided: usize = shown["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|lead| lead["decisions"].as_array().unwrap().len())
            .sum();
        assert!(decided >= 8, "{shown}");
        verify_trail(&service.database, None).await.unwrap();
        test.raw()
            .await
            .execute_unprepared("UPDATE lead_dispositions SET decision = 'escalated'")
            .await
            .unwrap();
        assert!(verify_trail(&service.database, None).await.is_err());
        service.stop().await;
    }
}

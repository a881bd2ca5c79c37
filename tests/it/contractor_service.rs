//! Contractors over the API: checked, decided by people, kept, told apart by
//! organization.

use plimsoll::app::verify::{VerifyError, verify_trail};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{service::Service, support::databases};

fn form() -> Value {
    json!({"plimsoll_disclosures": [{
        "legal_name": "Example Base Services LLC", "uei": "J58ME6A75BU9", "agency": "Department of Examples",
        "piid": "EX0001-26-C-0001", "clause_date": "OCT 2025", "contract_type": "definite", "supplies_value": 0,
        "services_place": "outside", "services_value": 12_000_000, "claims_plan_required": "no", "source": "form of 2026",
    }]})
}

#[actix_web::test]
async fn files_are_checked_decided_about_and_kept() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let made = service
            .post(
                &admin,
                "/api/v1/contractors/checks?as_of=2026-11-20",
                form(),
            )
            .await;
        let place = made.headers["location"].clone();
        let made = made.expect(201);
        assert_eq!(made["summary"]["by_status"], json!({"NOT_LOCATED": 1}));
        assert_eq!(service.get(&admin, &place).await.expect(200), made);
        let listed = service
            .get(&admin, "/api/v1/contractors/checks")
            .await
            .expect(200);
        assert_eq!(listed["items"][0], made);

        let result = service
            .get(&admin, &format!("{place}/result"))
            .await
            .expect(200);
        let contract = &result["report"]["contractors"][0]["contracts"][0];
        assert_eq!(contract["requirement"]["answer"]["answer"], "REQUIRED");
        assert_eq!(contract["status"]["if_confirmed"], "CONTRADICTORY");
        assert_eq!(result["assessments"][0]["disposition"], "REVIEW_REQUIRED");
        let id = contract["contradictions"][0]["id"]
            .as_str()
            .unwrap()
            .to_owned();

        let csv = service.get(&admin, &format!("{place}/report")).await;
        assert!(
            csv.status == 200 && csv.text().contains("one may exist"),
            "{}",
            csv.text()
        );

        let decisions = format!("{place}/decisions");
        let decide = |contradiction: &str, more: &Value| {
            let mut body = json!({"contradiction": contradiction, "decision": "confirmed", "rationale": "both papers were read"});
            body.as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            body
        };
        let none = json!({});
        let answered = json!({"contractor_response": "asked on 2026-11-01, no answer"});
        service
            .post(&admin, &decisions, decide(&id, &none))
            .await
            .problem(422, "invalid-content");
        service
            .post(&admin, &decisions, decide("0000000000000000", &answered))
            .await
            .problem(422, "invalid-content");
        service
            .post(
                &admin,
                &decisions,
                decide(
                    &id,
                    &json!({"rationale": "short", "contractor_response": "x"}),
                ),
            )
            .await
            .problem(422, "invalid-content");
        let again = service
            .post(&admin, &decisions, decide(&id, &answered))
            .await
            .expect(201);
        assert_eq!(again["follows"], made["id"]);
        assert_eq!(again["summary"]["by_status"], json!({"CONTRADICTORY": 1}));
        let after = service
            .get(
                &admin,
                &format!(
                    "/api/v1/contractors/checks/{}/result",
                    again["id"].as_str().unwrap()
                ),
            )
            .await
            .expect(200);
        assert_eq!(after["assessments"][0]["inputs"]["floor"], "ESC2");
        // What was recorded before stands as it was.
        assert_eq!(
            service
                .get(&admin, &format!("{place}/result"))
                .await
                .expect(200),
            result
        );
        // A later upload of the same papers knows the decision.
        let later = service
            .post(&admin, "/api/v1/contractors/checks", form())
            .await
            .expect(201);
        assert_eq!(later["summary"]["by_status"], json!({"CONTRADICTORY": 1}));

        let events = service
            .get(&admin, "/api/v1/audit-events?limit=200")
            .await
            .text();
        assert_eq!(
            events.matches("\"contractors_checked\"").count(),
            3,
            "{events}"
        );
        assert_eq!(events.matches("\"contradiction_decided\"").count(), 1);
        service.stop().await;
    }
}

#[actix_web::test]
async fn decisions_are_made_by_people_and_not_by_files_or_keys() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let made = service
            .post(&admin, "/api/v1/contractors/checks", form())
            .await;
        let place = made.headers["location"].clone();
        let result = service
            .get(&admin, &format!("{place}/result"))
            .await
            .expect(200);
        let id =
            result["report"]["contractors"][0]["contracts"][0]["contradictions"][0]["id"].clone();
        let mut with_review = form();
        with_review["plimsoll_reviews"] = json!([{"contradiction": id, "decision": "confirmed", "reviewer": "x", "decided_on": "2026-01-01", "rationale": "y", "contractor_response": "z"}]);
        let refused = service
            .post(&admin, "/api/v1/contractors/checks", with_review)
            .await
            .expect(201);
        assert_eq!(refused["summary"]["by_status"], json!({"NOT_LOCATED": 1}));
        assert_eq!(
            (
                refused["summary"]["read"].clone(),
                refused["summary"]["not_read"].clone()
            ),
            (json!(1), json!(1))
        );
        let key = json!({"name": "ERP", "scopes": ["results:read", "suppliers:screen"], "days": 3});
        let key = service
            .post(&admin, "/api/v1/api-keys", key)
            .await
            .expect(201);
        let key = key["key"]
            .as_str()
            .or(key["secret"].as_str())
            .unwrap_or_default()
            .to_owned();
        let body = json!({"contradiction": id, "decision": "dismissed", "rationale": "a rationale that is long enough"});
        let answer = service
            .post(&key, &format!("{place}/decisions"), body)
            .await;
        assert!(matches!(answer.status, 401 | 403), "{}", answer.text());
        service.stop().await;
    }
}

#[actix_web::test]
async fn uploads_take_several_files_and_say_what_they_cannot_read() {
    let test = crate::support::sqlite();
    let service = Service::start(&test).await;
    let admin = service.first_admin().await;
    let plan = crate::contractor_support::PLAN;
    let csv = "legal_name,piid,clause_date,services_place,services_value,plan_at\nExample,P1,OCT 2025,outside,900000,plan.txt\n";
    let mut body = Vec::new();
    for (name, text) in [
        ("form.csv", csv),
        ("../../plan.txt", plan),
        (
            "broken.json",
            "{\"awardSummary\": [{\"contractId\": {\"piid\": }}]}",
        ),
    ] {
        body.extend_from_slice(format!("--cut\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n{text}\r\n").as_bytes());
    }
    body.extend_from_slice(b"--cut--\r\n");
    let bearer = format!("Bearer {admin}");
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "multipart/form-data; boundary=cut"),
    ];
    let made = service
        .send("POST", "/api/v1/contractors/checks", &headers, &body)
        .await;
    let place = made.headers.get("location").cloned();
    let made = made.expect(201);
    assert_eq!(
        (&made["summary"]["read"], &made["summary"]["not_read"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(made["files"][1]["name"], "plan.txt");
    let result = service
        .get(&admin, &format!("{}/result", place.unwrap()))
        .await
        .expect(200);
    let contract = &result["report"]["contractors"][0]["contracts"][0];
    assert_eq!(contract["plan"]["elements"][0]["found"], "found");
    assert!(
        result["files"][2]["not_read_at"][0]["why"]
            .as_str()
            .unwrap()
            .contains("expected value")
    );
    let empty = service
        .send(
            "POST",
            "/api/v1/contractors/checks",
            &headers,
            b"--cut--\r\n",
        )
        .await;
    assert!(matches!(empty.status, 400 | 422), "{}", empty.text());
    service
        .post(&admin, "/api/v1/contractors/checks?as_of=soon", form())
        .await
        .problem(400, "invalid-syntax");
    let many: Vec<Value> = (0..10_001)
        .map(|number| json!({"legal_name": "Example", "piid": format!("P{number}")}))
        .collect();
    let refused = service
        .post(
            &admin,
            "/api/v1/contractors/checks",
            json!({"plimsoll_disclosures": many}),
        )
        .await;
    assert!(
        refused.text().contains("use the command line"),
        "{}",
        refused.text()
    );
    refused.problem(422, "invalid-content");
    service.stop().await;
}

#[actix_web::test]
async fn a_changed_check_or_decision_is_found_by_the_trail() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let made = service
            .post(&admin, "/api/v1/contractors/checks", form())
            .await;
        let place = made.headers["location"].clone();
        let result = service
            .get(&admin, &format!("{place}/result"))
            .await
            .expect(200);
        let contradiction =
            &result["report"]["contractors"][0]["contracts"][0]["contradictions"][0]["id"];
        let decision = json!({"contradiction": contradiction, "decision": "dismissed", "rationale": "the form named the wrong contract"});
        service
            .post(&admin, &format!("{place}/decisions"), decision)
            .await
            .expect(201);
        service.stop().await;
        let database = test.open().await;
        let raw = test.raw().await;
        for (change, back) in [
            (
                "UPDATE contractor_checks SET follows = id WHERE follows IS NULL",
                "UPDATE contractor_checks SET follows = NULL WHERE follows = id",
            ),
            (
                "UPDATE contractor_checks SET files = REPLACE(files, 'contractors.json', 'other.json')",
                "UPDATE contractor_checks SET files = REPLACE(files, 'other.json', 'contractors.json')",
            ),
            (
                "UPDATE contractor_checks SET summary = REPLACE(summary, 'NOT_LOCATED', 'COMPLETE')",
                "UPDATE contractor_checks SET summary = REPLACE(summary, 'COMPLETE', 'NOT_LOCATED')",
            ),
            (
                "UPDATE contractor_decisions SET confirmed = true",
                "UPDATE contractor_decisions SET confirmed = false",
            ),
            (
                "UPDATE contractor_decisions SET rationale = rationale || '!'",
                "UPDATE contractor_decisions SET rationale = REPLACE(rationale, '!', '')",
            ),
            (
                "UPDATE contractor_decisions SET reviewer = reviewer || '!'",
                "UPDATE contractor_decisions SET reviewer = REPLACE(reviewer, '!', '')",
            ),
            (
                "UPDATE contractor_decisions SET contractor_response = 'agreed'",
                "UPDATE contractor_decisions SET contractor_response = NULL",
            ),
        ] {
            verify_trail(&database, None).await.unwrap();
            raw.execute_unprepared(change).await.unwrap();
            let found = verify_trail(&database, None).await;
            assert!(
                matches!(found, Err(VerifyError::Altered { .. })),
                "{change}: {found:?}"
            );
            raw.execute_unprepared(back).await.unwrap();
        }
        // A copy of a decision, with nothing that tells of it.
        raw.execute_unprepared("INSERT INTO contractor_decisions (id, organization_id, check_id, contradiction, confirmed, reviewer, rationale, contractor_response, decided_at) SELECT check_id, organization_id, check_id, contradiction, confirmed, reviewer, rationale, contractor_response, decided_at FROM contractor_decisions")
            .await
            .unwrap();
        assert!(matches!(
            verify_trail(&database, None).await,
            Err(VerifyError::NotRecorded {
                what: "decisions about contractors",
                ..
            })
        ));
        for table in ["contractor_decisions", "contractor_checks"] {
            raw.execute_unprepared(&format!("DELETE FROM {table}"))
                .await
                .unwrap();
            assert!(matches!(
                verify_trail(&database, None).await,
                Err(VerifyError::Altered { .. })
            ));
        }
    }
}

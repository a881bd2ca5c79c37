//! Standing suppliers: kept by the organization's own id, every version, leads
//! to records of the same party.

use std::time::Duration;

use plimsoll::{
    app::{
        ground::Grounds,
        replay::replay,
        verify::verify_trail,
        worker::{WorkTerms, work_once},
    },
    clock::SystemClock,
    config::WorkerSettings,
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::{
    service::{Answer, Service},
    support::databases,
};

async fn put(
    service: &Service,
    token: &str,
    path: &str,
    tag: Option<&str>,
    body: &Value,
) -> Answer {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![
        ("Authorization", bearer.as_str()),
        ("Content-Type", "application/json"),
    ];
    headers.extend(tag.map(|tag| ("If-Match", tag)));
    service
        .send("PUT", path, &headers, body.to_string().as_bytes())
        .await
}

/// Works until nothing waits.
async fn work(service: &Service) {
    let (_stop, stopped) = watch::channel(false);
    let terms = WorkTerms {
        poll: Duration::from_millis(10),
        ..WorkTerms::from(&WorkerSettings::default())
    };
    let grounds = Grounds::default();
    while work_once(&service.database, &SystemClock, &grounds, terms, &stopped)
        .await
        .unwrap()
    {}
}

#[actix_web::test]
async fn a_record_is_kept_by_its_own_id_and_every_version_stays() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let by_id = "/api/v1/suppliers/by-external-id/ERP%2F42";
        let record = json!({"supplier": {"name": "Example Mill Ltd", "country": "China"}});
        let made = put(&service, &admin, by_id, None, &record).await;
        assert_eq!(made.headers["etag"], "\"1\"");
        let made = made.expect(201);
        assert_eq!(
            (&made["external_id"], &made["version"]),
            (&json!("ERP/42"), &json!(1))
        );
        // The same again is the same as once.
        let again = put(&service, &admin, by_id, None, &record)
            .await
            .expect(200);
        assert_eq!(again, made);

        let path = format!("/api/v1/suppliers/{}", made["id"].as_str().unwrap());
        let changed = json!({"supplier": {"name": "Example Mill Ltd", "country": "Vietnam"}});
        put(&service, &admin, &path, None, &changed)
            .await
            .problem(428, "if-match-missing");
        put(&service, &admin, &path, Some("\"7\""), &changed)
            .await
            .problem(412, "changed-since");
        let second = put(&service, &admin, &path, Some("\"1\""), &changed)
            .await
            .expect(200);
        assert_eq!(
            (&second["version"], &second["country"]),
            (&json!(2), &json!("VN"))
        );
        put(&service, &admin, by_id, Some("\"1\""), &record)
            .await
            .problem(412, "changed-since");
        let taken = json!({"external_id": "ERP/42", "supplier": {"name": "Example Mill Ltd"}});
        service
            .post(&admin, "/api/v1/suppliers", taken)
            .await
            .problem(409, "external-id-taken");
        for (bad, pointer) in [
            (
                json!({"external_id": "", "supplier": {"name": "A Ltd"}}),
                "/external_id",
            ),
            (
                json!({"external_id": "x ", "supplier": {"name": "A Ltd"}}),
                "/external_id",
            ),
            (
                json!({"external_id": "x", "supplier": {"name": " "}}),
                "/supplier/name",
            ),
            (
                json!({"external_id": "x", "supplier": {"name": "A".repeat(501)}}),
                "/supplier/name",
            ),
            (
                json!({"external_id": "x", "supplier": {"name": "A Ltd", "external_id": "y"}}),
                "/supplier/external_id",
            ),
        ] {
            let problem = service
                .post(&admin, "/api/v1/suppliers", bad)
                .await
                .problem(422, "invalid-content");
            assert_eq!(problem["errors"][0]["pointer"], pointer);
        }

        let screened = service
            .post(
                &admin,
                "/api/v1/screenings",
                json!({"supplier_id": made["id"]}),
            )
            .await
            .expect(201);
        assert_eq!(screened["assessment"]["result"]["country"], "VN");
        let screening = screened["screening_id"].as_str().unwrap().parse().unwrap();
        assert!(
            replay(&service.database, screening)
                .await
                .unwrap()
                .same_bytes()
        );
        let nobody = json!({"supplier_id": "00000000-0000-7000-8000-000000000000"});
        service
            .post(&admin, "/api/v1/screenings", nobody)
            .await
            .problem(422, "invalid-content");

        let history = service
            .get(&admin, &format!("{path}/versions"))
            .await
            .expect(200);
        let versions = history["items"].as_array().unwrap();
        assert_eq!(versions.len(), 2);
        assert_eq!(versions[0]["version"], 2);
        assert_eq!(versions[0]["record"]["country"], "Vietnam");
        assert_eq!(versions[1]["record"]["country"], "China");
        assert!(
            versions[1]["changed_by"]
                .as_str()
                .unwrap()
                .starts_with("user:")
        );
        assert_eq!(
            versions[0]["assessments"][0]["assessment_id"],
            screened["assessment"]["id"]
        );
        assert_eq!(versions[1]["assessments"], json!([]));

        verify_trail(&service.database, None).await.unwrap();
        test.raw()
            .await
            .execute_unprepared(
                "UPDATE supplier_versions SET active = NOT active WHERE version = 1",
            )
            .await
            .unwrap();
        assert!(verify_trail(&service.database, None).await.is_err());
        service.stop().await;
    }
}

#[actix_web::test]
async fn a_row_of_a_list_is_linked_by_the_id_it_bears() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let body = json!({"supplier": {"name": "Example Mill Ltd", "country": "China"}});
        let made = put(
            &service,
            &admin,
            "/api/v1/suppliers/by-external-id/00042",
            None,
            &body,
        )
        .await
        .expect(201);
        let bearer = format!("Bearer {admin}");
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "text/csv"),
        ];
        let csv = "Vendor No.,Supplier name,Country\n00042,Example Mill Limited,China\n00043,Other Mill,China\n";
        service
            .send("POST", "/api/v1/supplier-lists", &headers, csv.as_bytes())
            .await
            .expect(202);
        // All that stand, as another job.
        let all = service
            .post(&admin, "/api/v1/suppliers/screenings", json!({}))
            .await
            .expect(202);
        work(&service).await;
        let job = format!("/api/v1/jobs/{}", all["id"].as_str().unwrap());
        let job = service.get(&admin, &job).await.expect(200);
        assert_eq!(
            (&job["state"], &job["rows_done"]),
            (&json!("succeeded"), &json!(1))
        );
        let screening = job["screening_id"].as_str().unwrap().parse().unwrap();
        assert!(
            replay(&service.database, screening)
                .await
                .unwrap()
                .same_bytes()
        );

        let path = format!(
            "/api/v1/suppliers/{}/versions",
            made["id"].as_str().unwrap()
        );
        let history = service.get(&admin, &path).await.expect(200);
        let assessments = history["items"][0]["assessments"].as_array().unwrap();
        assert_eq!(assessments.len(), 2, "{history}");
        let mine = service
            .get(&admin, "/api/v1/assessments?external_id=00042")
            .await
            .expect(200);
        assert_eq!(mine["items"].as_array().unwrap().len(), 2);
        verify_trail(&service.database, None).await.unwrap();
        service.stop().await;
    }
}

#[actix_web::test]
async fn a_merge_is_a_statement_that_can_be_taken_back() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let mut ids = Vec::new();
        for (id, record) in [
            (
                "A",
                json!({"name": "Nordlicht Werkzeugbau GmbH", "country": "Germany", "lei": "213800KUD8LAJWSQ9D15"}),
            ),
            (
                "B",
                json!({"name": "Nordlicht Werkzeugbau Gesellschaft mbH", "country": "Germany"}),
            ),
            (
                "C",
                json!({"name": "Polarstern Feinmechanik AG", "lei": "213800KUD8LAJWSQ9D15"}),
            ),
            (
                "D",
                json!({"name": "Ganz Andere Möbel KG", "country": "Austria"}),
            ),
        ] {
            let body = json!({"external_id": id, "supplier": record});
            let made = service
                .post(&admin, "/api/v1/suppliers", body)
                .await
                .expect(201);
            ids.push(made["id"].as_str().unwrap().to_owned());
        }
        let leads = async |id: &str| {
            let path = format!("/api/v1/suppliers/{id}/merge-leads");
            let page = service.get(&admin, &path).await.expect(200);
            page["items"].as_array().unwrap().clone()
        };
        let found = leads(&ids[0]).await;
        let mut names: Vec<_> = found
            .iter()
            .map(|lead| lead["external_id"].as_str().unwrap())
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["B", "C"], "{found:?}");
        let by_identifier = found
            .iter()
            .find(|lead| lead["external_id"] == "C")
            .unwrap();
        assert!(
            by_identifier["features"]
                .to_string()
                .contains("identifier_equal"),
            "{by_identifier}"
        );
        assert_eq!(leads(&ids[3]).await.len(), 0);

        let merges = format!("/api/v1/suppliers/{}/merges", ids[0]);
        let say = |other: usize, decision: &str| json!({"other_id": ids[other], "decision": decision, "rationale": "the registers name one company"});
        let analyst = service
            .colleague(&admin, "analyst", "ann@example.com")
            .await;
        service
            .post(&analyst, &merges, say(1, "merged"))
            .await
            .problem(403, "not-allowed");
        service
            .post(&admin, &merges, say(0, "merged"))
            .await
            .problem(422, "invalid-content");
        service
            .post(&admin, &merges, say(1, "undone"))
            .await
            .problem(409, "not-merged");
        let merged = service
            .post(&admin, &merges, say(1, "merged"))
            .await
            .expect(201);
        assert!(merged["evidence"]["similarity"].is_number(), "{merged}");
        service
            .post(&admin, &merges, say(1, "merged"))
            .await
            .problem(409, "merged-already");
        // No chain and no ring.
        let back = format!("/api/v1/suppliers/{}/merges", ids[2]);
        service
            .post(&admin, &back, say(0, "merged"))
            .await
            .problem(409, "merged-already");
        let other = format!("/api/v1/suppliers/{}", ids[1]);
        let shown = service.get(&admin, &other).await.expect(200);
        assert_eq!(shown["merged_into"], ids[0].as_str());
        // Both are still screened.
        service
            .post(&admin, "/api/v1/suppliers/screenings", json!({}))
            .await
            .expect(202);
        work(&service).await;
        let all = service
            .get(&admin, "/api/v1/assessments?fields=id")
            .await
            .expect(200);
        assert_eq!(all["items"].as_array().unwrap().len(), 4);

        service
            .post(&admin, &merges, say(1, "undone"))
            .await
            .expect(201);
        let shown = service.get(&admin, &other).await.expect(200);
        assert_eq!(shown["merged_into"], Value::Null);
        service
            .post(&admin, &merges, say(2, "dismissed"))
            .await
            .expect(201);
        let said = |found: &[Value]| {
            let lead = found
                .iter()
                .find(|lead| lead["external_id"] == "C")
                .unwrap();
            lead["said"].clone()
        };
        assert_eq!(said(&leads(&ids[0]).await), "dismissed");
        // What was said of the record as it was does not bind what it became.
        let body = json!({"supplier": {"name": "Polarstern Feinmechanik SE", "lei": "213800KUD8LAJWSQ9D15"}});
        put(
            &service,
            &admin,
            "/api/v1/suppliers/by-external-id/C",
            None,
            &body,
        )
        .await
        .expect(200);
        assert_eq!(said(&leads(&ids[0]).await), Value::Null);
        let history = service.get(&admin, &merges).await.expect(200);
        assert_eq!(history["items"].as_array().unwrap().len(), 3);
        verify_trail(&service.database, None).await.unwrap();
        service.stop().await;
    }
}

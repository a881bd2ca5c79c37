//! Risk models, uploads by hash, and the contents of published lists.

use plimsoll::{
    app::{replay::replay, verify::verify_trail},
    audit::sha256_hex,
    clock::{Clock, SystemClock},
    lists::reference,
    store::{
        documents,
        list_snapshots::{self, KeptSnapshot},
        new_id,
    },
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    service::{Answer, Service},
    support::databases,
};

async fn raw(
    service: &Service,
    token: &str,
    method: &str,
    path: &str,
    kind: &str,
    range: Option<&str>,
    body: &[u8],
) -> Answer {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("Authorization", bearer.as_str()), ("Content-Type", kind)];
    headers.extend(range.map(|range| ("Content-Range", range)));
    service.send(method, path, &headers, body).await
}

async fn screened(service: &Service, token: &str) -> Value {
    let supplier = json!({"supplier": {
        "name": "Nordlicht Werkzeugbau GmbH", "country": "Malaysia", "goods": ["Rubber gloves"],
    }});
    service
        .post(token, "/api/v1/screenings", supplier)
        .await
        .expect(201)
}

#[actix_web::test]
async fn a_risk_model_is_drafted_compared_and_used_and_the_old_results_stay() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let models = "/api/v1/policies/risk-models";
        let before = screened(&service, &admin).await;
        let shipped = std::str::from_utf8(plimsoll::risk::FLDD_1_0).unwrap();
        let own = shipped
            .replace("version = \"1.0.0\"", "version = \"1.0.0-ours\"")
            .replace("fl_listed = 16", "fl_listed = 20")
            .replace("moderate_from = ", "moderate_from = 1 # was ");
        let toml = "application/toml";

        // Every fault at once, with its place.
        let bad = own
            .replace("fl_listed = 20", "fl_listed = \"many\"")
            .replace("state_imposed = 3", "state_imposed = -1");
        let checked = raw(
            &service,
            &admin,
            "POST",
            &format!("{models}/validate"),
            toml,
            None,
            bad.as_bytes(),
        )
        .await
        .expect(200);
        assert_eq!(
            (
                &checked["valid"],
                checked["faults"].as_array().unwrap().len()
            ),
            (&json!(false), 2),
            "{checked}"
        );
        let refused = raw(&service, &admin, "POST", models, toml, None, bad.as_bytes()).await;
        let refused = refused.problem(422, "faulty-risk-model");
        assert_eq!(refused["errors"][1]["pointer"], "/goods/points/fl_listed");
        let same_name = shipped.replace("max = 20", "max = 19");
        raw(
            &service,
            &admin,
            "POST",
            models,
            toml,
            None,
            same_name.as_bytes(),
        )
        .await
        .problem(422, "faulty-risk-model");
        raw(
            &service,
            &admin,
            "POST",
            models,
            "application/json",
            None,
            b"{}",
        )
        .await
        .problem(415, "unsupported-media-type");

        let drafted = raw(&service, &admin, "POST", models, toml, None, own.as_bytes())
            .await
            .expect(201);
        let again = raw(&service, &admin, "POST", models, toml, None, own.as_bytes())
            .await
            .expect(200);
        assert_eq!(drafted, again);
        let file = format!("{models}/{}/file", drafted["id"].as_str().unwrap());
        assert_eq!(service.get(&admin, &file).await.text(), own);

        let comparison = json!({
            "screening_id": before["screening_id"],
            "after": {"model": "own", "id": drafted["id"]},
        });
        let compared = service
            .post(&admin, &format!("{models}/comparisons"), comparison)
            .await
            .expect(200);
        let compared = &compared["comparison"];
        assert_eq!(compared["suppliers"], 1);
        assert_eq!(compared["score_changed"], 1, "{compared}");
        let changed = &compared["changed"][0];
        assert_eq!(changed["before"]["score"], before["assessment"]["score"]);
        assert!(
            changed["factors_after"].to_string().contains("20"),
            "{changed}"
        );

        let analyst = service
            .colleague(&admin, "analyst", "ann@example.com")
            .await;
        let choose =
            |id: &Value| json!({"risk_model_id": id, "rationale": "the board decided so in May"});
        let activations = format!("{models}/activations");
        service
            .post(&analyst, &activations, choose(&drafted["id"]))
            .await
            .problem(403, "not-allowed");
        service
            .post(&admin, &activations, choose(&Value::Null))
            .await
            .problem(409, "risk-model-in-use");
        service
            .post(&admin, &activations, choose(&drafted["id"]))
            .await
            .expect(201);
        let after = screened(&service, &admin).await;
        assert_eq!(after["assessment"]["score"], changed["after"]["score"]);
        assert_eq!(after["assessment"]["tier"], changed["after"]["tier"]);
        // Another organization goes on with what ships.
        let other = service.other_organization(&admin).await;
        let theirs = screened(&service, &other).await;
        assert_eq!(theirs["assessment"]["score"], before["assessment"]["score"]);

        for screening in [&before, &after] {
            let id = screening["screening_id"].as_str().unwrap().parse().unwrap();
            let replayed = replay(&service.database, id).await.unwrap();
            assert!(replayed.same_bytes(), "{replayed:?}");
        }
        service
            .post(&admin, &activations, choose(&Value::Null))
            .await
            .expect(201);
        let back = screened(&service, &admin).await;
        assert_eq!(back["assessment"]["score"], before["assessment"]["score"]);
        let history = service.get(&admin, &activations).await.expect(200);
        assert_eq!(history["items"].as_array().unwrap().len(), 2);
        verify_trail(&service.database, None).await.unwrap();
        test.raw()
            .await
            .execute_unprepared("UPDATE risk_model_activations SET risk_model_id = NULL")
            .await
            .unwrap();
        assert!(verify_trail(&service.database, None).await.is_err());
        service.stop().await;
    }
}

#[actix_web::test]
async fn an_upload_goes_on_where_it_stopped() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let content = b"Supplier,Country\nExample Mill Ltd,China\nOther Mill Ltd,India\n";
        let sha256 = sha256_hex(content);
        let path = format!("/api/v1/uploads/{sha256}");
        let kind = "application/octet-stream";
        let size = content.len();
        let part = async |token: &str, first: usize, until: usize| {
            let range = format!("bytes {first}-{}/{size}", until - 1);
            raw(
                &service,
                token,
                "PUT",
                &path,
                kind,
                Some(&range),
                &content[first..until],
            )
            .await
        };
        service.get(&admin, &path).await.problem(404, "not-found");
        part(&admin, 10, 20).await.problem(409, "upload-elsewhere");
        let first = part(&admin, 0, 10).await.expect(200);
        assert_eq!(
            (&first["received"], &first["complete"]),
            (&json!(10), &json!(false))
        );
        // The same part again, or one behind a gap: go on where it stands.
        part(&admin, 0, 10).await.problem(409, "upload-elsewhere");
        part(&admin, 20, 30).await.problem(409, "upload-elsewhere");
        let bearer = format!("Bearer {admin}");
        let head = service
            .send("HEAD", &path, &[("Authorization", &bearer)], b"")
            .await;
        assert_eq!(
            (head.status, head.headers["upload-offset"].as_str()),
            (200, "10")
        );
        for (range, status, kind) in [
            ("bytes 10-9/20", 422, "invalid-content"),
            ("bytes 10-12/20", 422, "invalid-content"),
            ("bytes 19-20/20", 422, "invalid-content"),
            ("bytes 5-18446744073709551615/3", 422, "invalid-content"),
            ("bytes x-y/z", 400, "invalid-syntax"),
            ("items 1-2/3", 400, "invalid-syntax"),
        ] {
            raw(
                &service,
                &admin,
                "PUT",
                &path,
                "application/octet-stream",
                Some(range),
                b"ab",
            )
            .await
            .problem(status, kind);
        }
        raw(
            &service,
            &admin,
            "PUT",
            &path,
            kind,
            Some("bytes 0-1/99999999999"),
            b"ab",
        )
        .await
        .problem(413, "too-large");
        let list = json!({"sha256": sha256, "file_name": "suppliers.csv"});
        service
            .post(&admin, "/api/v1/supplier-lists", list.clone())
            .await
            .problem(422, "invalid-content");
        let last = part(&admin, 10, size).await.expect(200);
        assert_eq!(last["complete"], true);
        // Another organization learns nothing from it.
        let other = service.other_organization(&admin).await;
        service.get(&other, &path).await.problem(404, "not-found");
        service
            .post(&other, "/api/v1/supplier-lists", list.clone())
            .await
            .problem(422, "invalid-content");
        let own = part(&other, 0, 10).await.expect(200);
        assert_eq!(own["complete"], false);

        let job = service
            .post(&admin, "/api/v1/supplier-lists", list)
            .await
            .expect(202);
        let stored = format!(
            "/api/v1/supplier-lists/{}",
            job["supplier_list_id"].as_str().unwrap()
        );
        let stored = service.get(&admin, &stored).await.expect(200);
        assert_eq!(stored["sha256"], sha256.as_str());

        // What does not give its hash is dropped, and can be sent again.
        let wrong = format!("/api/v1/uploads/{}", "0".repeat(64));
        for _ in 0..2 {
            raw(&service, &admin, "PUT", &wrong, kind, None, b"something")
                .await
                .problem(422, "other-content");
        }
        service
            .get(&admin, "/api/v1/uploads/XYZ")
            .await
            .problem(404, "not-found");
        for number in 0..16 {
            let path = format!("/api/v1/uploads/{}", sha256_hex(&[number]));
            raw(
                &service,
                &admin,
                "PUT",
                &path,
                kind,
                Some("bytes 0-1/9"),
                b"ab",
            )
            .await
            .expect(200);
        }
        let path = format!("/api/v1/uploads/{}", sha256_hex(&[99]));
        raw(
            &service,
            &admin,
            "PUT",
            &path,
            kind,
            Some("bytes 0-1/9"),
            b"ab",
        )
        .await
        .problem(409, "too-many-uploads");
        test.raw()
            .await
            .execute_unprepared("UPDATE uploads SET expires_at = '2020-01-01 00:00:00+00:00'")
            .await
            .unwrap();
        raw(
            &service,
            &admin,
            "PUT",
            &path,
            kind,
            Some("bytes 0-1/9"),
            b"ab",
        )
        .await
        .expect(200);
        verify_trail(&service.database, None).await.unwrap();
        service.stop().await;
    }
}

/// Two servers on one database: what one writes, the other searches next.
#[actix_web::test]
async fn every_node_takes_up_a_new_edition() {
    for test in databases().await {
        let one = Service::start(&test).await;
        let two = Service::start(&test).await;
        let admin = one.first_admin().await;
        let edition = async |service: &Service| {
            let screened = screened(service, &admin).await;
            let path = format!(
                "/api/v1/screenings/{}",
                screened["screening_id"].as_str().unwrap()
            );
            let screening = service.get(&admin, &path).await.expect(200);
            let snapshots = screening["head"]["snapshots"].as_array().unwrap().clone();
            let uflpa = snapshots
                .iter()
                .find(|head| head["source"] == "uflpa")
                .unwrap()
                .clone();
            uflpa["sha256"].as_str().unwrap().to_owned()
        };
        let before = edition(&one).await;
        assert_eq!(edition(&two).await, before);

        // The same list a day later, with one entry less.
        let (source, bytes) = reference::files()[0];
        let text = std::str::from_utf8(bytes).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines.pop();
        let newer = lines.join("\n");
        let snapshot = reference::parse(source, newer.as_bytes()).unwrap();
        let now = SystemClock.now();
        let transaction = one.database.begin_write().await.unwrap();
        documents::keep_public(&transaction, newer.as_bytes(), "application/jsonl", now)
            .await
            .unwrap();
        let kept = KeptSnapshot {
            id: new_id(now),
            head: snapshot.head.clone(),
            kept_at: now,
            number: None,
            retrieval: None,
        };
        list_snapshots::insert(&transaction, &kept).await.unwrap();
        transaction.commit().await.unwrap();
        // What is in force is looked at ten times a second at most.
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;

        for service in [&one, &two] {
            let after = edition(service).await;
            assert_eq!(after, snapshot.head.sha256);
            assert_ne!(after, before);
        }
        one.stop().await;
        two.stop().await;
    }
}

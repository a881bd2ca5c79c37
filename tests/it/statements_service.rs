//! Statements over the API: kept, read again, what changed, on both databases.

use plimsoll::app::verify::verify_trail;
use serde_json::json;

use crate::{
    service::Service,
    statements::{FULL, HONEST_NO},
    support::databases,
};

#[actix_web::test]
async fn a_statement_is_kept_read_again_and_its_changes_told() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let request = json!({"company": "Tamsin Tools", "ours": true, "text": HONEST_NO});
        let added = service
            .post(&admin, "/api/v1/statements", request)
            .await
            .expect(201);
        assert_eq!(added["latest"]["overall"], "FULL");
        let topic = &added["latest"]["detail"]["reading"]["topics"]["audits"];
        assert_eq!(topic["disclosed"], true);
        assert_eq!(topic["practice"], 0);
        let place = format!("/api/v1/statements/{}", added["id"].as_str().unwrap());

        // The second topic disappears.
        let shorter: String = HONEST_NO
            .lines()
            .filter(|line| !line.starts_with("2."))
            .collect::<Vec<_>>()
            .join("\n");
        let readings = format!("{place}/readings");
        let again = service
            .post(&admin, &readings, json!({"text": shorter}))
            .await
            .expect(201);
        assert_eq!(again["overall"], "PARTIAL");
        let changes = service
            .get(&admin, &format!("{place}/changes"))
            .await
            .expect(200);
        let told: Vec<&str> = changes["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| change["in_words"].as_str().unwrap())
            .collect();
        assert!(
            told.iter()
                .any(|words| words.starts_with("topic 2 (audits) disappeared on 20")),
            "{told:?}"
        );
        let history = service.get(&admin, &readings).await.expect(200);
        assert_eq!(history["items"].as_array().unwrap().len(), 2);
        let shown = service.get(&admin, &place).await.expect(200);
        assert_eq!(shown["latest"]["id"], again["id"]);

        // A page as the body; and what is no page.
        let bearer = format!("Bearer {admin}");
        let html = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "text/html"),
        ];
        let page = service
            .send("POST", &readings, &html, FULL.as_bytes())
            .await;
        assert_eq!(page.expect(201)["overall"], "FULL");
        let csv = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "text/csv"),
        ];
        service
            .send("POST", &readings, &csv, b"x")
            .await
            .problem(415, "unsupported-media-type");

        let verified = verify_trail(&service.database, None).await.unwrap();
        assert!(verified.head.number > 2);
        service.stop().await;
    }
}

#[actix_web::test]
async fn what_cannot_be_read_is_not_located_and_what_is_asked_wrongly_is_told() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let address = "/api/v1/statements";
        let empty = service
            .post(
                &admin,
                address,
                json!({"company": "Tamsin Tools", "text": " "}),
            )
            .await
            .expect(201);
        assert_eq!(empty["latest"]["overall"], "NOT_LOCATED");
        assert_eq!(empty["latest"]["problem"], "empty");
        // The service's own neighbourhood is not fetched from.
        for inside in [
            "http://127.0.0.1:9/",
            "http://169.254.169.254/x",
            "http://[::1]/",
        ] {
            let refused = service
                .post(
                    &admin,
                    address,
                    json!({"company": "Tamsin Tools", "url": inside}),
                )
                .await
                .expect(201);
            assert_eq!(refused["latest"]["problem"], "not_reached", "{inside}");
            assert_eq!(refused["latest"]["document_sha256"], json!(null));
        }
        for (body, pointer) in [
            (json!({"company": "Tamsin"}), ""),
            (
                json!({"company": "Tamsin", "text": "a", "url": "http://a.example"}),
                "",
            ),
            (json!({"company": " ", "text": "a"}), "/company"),
            (
                json!({"company": "Tamsin", "law": "gdpr", "text": "a"}),
                "/law",
            ),
            (
                json!({"company": "Tamsin", "url": "ftp://a.example"}),
                "/url",
            ),
            (json!({"company": "Tamsin", "file": "%%"}), "/file"),
        ] {
            let told = service
                .post(&admin, address, body)
                .await
                .problem(422, "invalid-content");
            assert_eq!(told["errors"][0]["pointer"], pointer);
        }
        // Nothing to look at again.
        let readings = format!("{address}/{}/readings", empty["id"].as_str().unwrap());
        service
            .post(&admin, &readings, json!({}))
            .await
            .problem(422, "invalid-content");
        service.stop().await;
    }
}

#[actix_web::test]
async fn words_of_another_kept_statement_are_boilerplate() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let address = "/api/v1/statements";
        let first = json!({"company": "Tamsin Tools", "text": HONEST_NO});
        service.post(&admin, address, first).await.expect(201);
        let copied = HONEST_NO.replace("Tamsin", "Fenwick");
        let second = service
            .post(
                &admin,
                address,
                json!({"company": "Fenwick Tools", "text": copied}),
            )
            .await
            .expect(201);
        let shared = &second["latest"]["detail"]["reading"]["shared_text"][0];
        assert_eq!(shared["other"], "Tamsin Tools");
        assert!(shared["percent"].as_u64().unwrap() >= 70);
        service.stop().await;
    }
}

#[actix_web::test]
async fn a_claim_of_ours_beside_a_confirmed_listing_is_a_question() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let address = "/api/v1/statements";
        let ours = service
            .post(
                &admin,
                address,
                json!({"company": "Halvard & Roe", "ours": true, "text": "SB 657. We audit all our suppliers for forced labor every year."}),
            )
            .await
            .expect(201);
        let place = format!("{address}/{}/contradictions", ours["id"].as_str().unwrap());
        let none = service.get(&admin, &place).await.expect(200);
        assert_eq!(none["items"], json!([]));

        let supplier = json!({"supplier": {"name": "Hoshine Silicon Industry (Shanshan) Co., Ltd", "country": "China"}});
        service
            .post(&admin, "/api/v1/screenings", supplier)
            .await
            .expect(201);
        let hits = service.get(&admin, "/api/v1/hits").await.expect(200);
        let hit = hits["items"][0]["id"].as_str().unwrap();
        let decision =
            json!({"decision": "true_match", "rationale": "same name, address and owner"});
        let colleague = service
            .colleague(&admin, "reviewer", "second@example.com")
            .await;
        for (person, counts) in [(&admin, false), (&colleague, true)] {
            let path = format!("/api/v1/hits/{hit}/disposition");
            let disposed = service.post(person, &path, decision.clone()).await;
            assert!(disposed.status < 300, "{}", disposed.text());
            let asked = service.get(&admin, &place).await.expect(200);
            assert_eq!(!asked["items"].as_array().unwrap().is_empty(), counts);
        }
        let asked = service.get(&admin, &place).await.expect(200);
        let questions = asked["items"].as_array().unwrap();
        let question = questions
            .iter()
            .find(|question| question["topic"] == "audits")
            .unwrap();
        assert!(
            question["listings"][0]["supplier"]
                .as_str()
                .unwrap()
                .contains("Hoshine")
        );
        let listed_on = question["listings"][0]["listed_on"].as_str().unwrap();
        let asks = question["question"].as_str().unwrap();
        assert!(
            asks.ends_with('?') && asks.contains(&format!("on {listed_on}")),
            "{asks}"
        );
        service.stop().await;
    }
}

#[actix_web::test]
async fn a_statement_weighs_in_a_supplier_s_assessment_and_stores_nothing() {
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let text = "SB 657. We audit all our suppliers for forced labor.";
        let added = service
            .post(
                &admin,
                "/api/v1/statements",
                json!({"company": "Halvard & Roe", "text": text}),
            )
            .await
            .expect(201);
        let place = format!(
            "/api/v1/statements/{}/preview",
            added["id"].as_str().unwrap()
        );
        let supplier = json!({"name": "Copperfield Hats", "country": "Vietnam"});
        let covered = json!({"activity": "manufacturer", "does_business_there": true, "receipts": 200_000_000});
        for (company, points) in [(covered, 3), (json!({}), 0)] {
            let body = json!({"supplier": supplier, "company": company});
            let result = service.post(&admin, &place, body).await.expect(200);
            assert_eq!(result["inputs"]["gap"], points, "{result}");
        }
        let screenings = service.get(&admin, "/api/v1/screenings").await.expect(200);
        assert_eq!(screenings["items"], json!([]));
        let nameless = json!({"supplier": {"name": " "}, "company": {}});
        service
            .post(&admin, &place, nameless)
            .await
            .problem(422, "invalid-content");
        service.stop().await;
    }
}

#[actix_web::test]
async fn a_register_says_who_is_presumed_and_names_ones_own_suppliers_only() {
    const REGISTER: &[u8] =
        b"company,law,required,published\nHalvard & Roe Outfitters Inc.,sb657,Yes,Yes\n\
        Fenwick Paper,sb657,No,No\nNobody,gdpr,Yes,Yes\n";
    for test in databases().await {
        let service = Service::start(&test).await;
        let admin = service.first_admin().await;
        let other = service.other_organization(&admin).await;
        let supplier = json!({"external_id": "V-9", "supplier": {
            "name": "Copperfield Hats", "parent": "Halvard & Roe Outfitters",
        }});
        let kept = service
            .post(&admin, "/api/v1/suppliers", supplier)
            .await
            .expect(201);
        let presume = async |token: &str, query: &str, kind: &str, body: &[u8]| {
            let bearer = format!("Bearer {token}");
            let headers = [("Authorization", bearer.as_str()), ("Content-Type", kind)];
            let path = format!("/api/v1/disclosure-registers/presumptions{query}");
            service.send("POST", &path, &headers, body).await
        };
        let all = presume(&admin, "", "text/csv", REGISTER).await.expect(200);
        let presumed: Vec<_> = all["companies"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["presumption"]["presumed"].clone())
            .collect();
        assert_eq!(presumed, ["PRESUMED_NOT", "PRESUMED_COVERED"], "{all}");
        assert_eq!(all["rejected"][0]["row"], 4);
        assert_eq!(all["suppliers"], json!([]));

        let query = "?suppliers_from=0.85&as_of=2026-11-01";
        let led = presume(&admin, query, "text/csv", REGISTER)
            .await
            .expect(200);
        assert_eq!(led["companies"].as_array().unwrap().len(), 1, "{led}");
        assert_eq!(led["suppliers"][0]["supplier_id"], kept["id"]);
        assert_eq!(led["suppliers"][0]["leads"][0]["named"], "parent");
        let theirs = presume(&other, query, "text/csv", REGISTER).await;
        let theirs = theirs.expect(200);
        assert_eq!(theirs["suppliers"], json!([]), "{theirs}");
        assert_eq!(theirs["companies"], json!([]), "{theirs}");

        for (query, kind, body, status) in [
            ("", "application/json", b"{}".as_slice(), 415),
            ("", "text/csv", b"", 422),
            ("", "text/csv", b"a,b\n1,2\n", 422),
            ("?law=gdpr", "text/csv", REGISTER, 400),
            ("?suppliers_from=2", "text/csv", REGISTER, 400),
            ("?suppliers_from=NaN", "text/csv", REGISTER, 400),
        ] {
            let refused = presume(&admin, query, kind, body).await;
            refused.expect(status);
        }
        service.stop().await;
    }
}

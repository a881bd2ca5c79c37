//! Bad input about contractors: reported record by record, nothing dropped.

use std::io::Read;

use plimsoll::disclosures::contractor::{
    Money,
    ingest::{Event, FORM_COLUMNS, FileKind, Record, read},
};

use crate::contractor_support::{day, heard, policy};

fn award(more: &str) -> String {
    format!(
        r#"{{"awardSummary": [{{"contractId": {{"piid": "A1"}}, "coreData": {{"principalPlaceOfPerformance": {{"country": {{"code": "USA"}}}}}}, "awardDetails": {{"awardeeData": {{"awardeeHeader": {{"awardeeName": "Example"}}}}, {more}}}}}]}}"#
    )
}

#[test]
fn strings_and_numbers_are_the_same_amount() {
    for text in ["\"-7183.74\"", "-7183.74"] {
        let read =
            heard(award(&format!(r#""dollars": {{"actionObligation": {text}}}"#)).as_bytes());
        let Record::Award(award) = &read.records[0] else {
            panic!("{read:?}")
        };
        assert_eq!(award.obligated, Money::parse("-7183.74"));
        assert!(
            read.notices
                .iter()
                .any(|notice| notice.why.contains("negative")),
            "{read:?}"
        );
    }
}

#[test]
fn each_bad_value_is_named_and_the_record_stays() {
    let cases = [
        (
            r#""dollars": {"actionObligation": "ten"}"#,
            "actionObligation",
            "no amount",
        ),
        (
            r#""dates": {"dateSigned": "someday"}"#,
            "dateSigned",
            "no date",
        ),
        (
            r#""dates": {"dateSigned": "1000-01-01"}"#,
            "dateSigned",
            "placeholder",
        ),
        (
            r#""dates": {"periodOfPerformanceStartDate": "2026-02-01", "ultimateCompletionDate": "2025-02-01"}"#,
            "dates",
            "before it starts",
        ),
        (
            r#""dollars": {"actionObligation": {"usd": 5}}"#,
            "actionObligation",
            "no text",
        ),
    ];
    for (more, field, why) in cases {
        let read = heard(award(more).as_bytes());
        assert_eq!((read.records.len(), read.not_read.len()), (1, 0), "{more}");
        assert!(
            read.notices
                .iter()
                .any(|notice| notice.field == field && notice.why.contains(why)),
            "{more}: {:?}",
            read.notices
        );
    }
}

#[test]
fn codes_with_descriptions_masks_and_missing_countries() {
    let columns = "unique_transaction_id,piid,vendorname,dunsnumber,maj_agency_cat,productorservicecode,placeofperformancecountrycode,dollarsobligated,signeddate";
    let rows = "1,P1,Example Inc,081466849,2000: Department of Examples,S206: GUARD,KWT: KUWAIT,-12.5000,9/8/2016\n\
                2,P2,Example Inc,XXXXXXXXX,2000: Department of Examples,S206: GUARD,,5,9/8/2016\n\
                3,P3,Example Inc,081466849,2000: Department of Examples,S206: GUARD,ATL: Atlantis,5,9/8/2016\n\
                4,,Example Inc,081466849,,,,,\n\
                5,P5,too,few\n";
    let read = heard(format!("{columns}\n{rows}").as_bytes());
    assert_eq!(read.summary.kind, FileKind::UsaspendingLegacyCsv);
    assert_eq!((read.summary.read, read.summary.not_read), (3, 2));
    assert_eq!(
        read.not_read
            .iter()
            .map(|one| one.place.line)
            .collect::<Vec<_>>(),
        [5, 6]
    );
    let Record::Award(first) = &read.records[0] else {
        panic!()
    };
    assert_eq!(first.agency, "Department of Examples");
    assert_eq!(first.psc.as_deref(), Some("S206"));
    assert_eq!(first.performed_in.unwrap().alpha2(), "KW");
    let why = |line: u64, field: &str| {
        read.notices
            .iter()
            .find(|notice| notice.place.line == line && notice.field == field)
            .map(|notice| notice.why.as_str())
    };
    assert_eq!(
        why(3, "recipient_duns"),
        Some("is masked by the publisher: not used to match")
    );
    assert_eq!(
        why(3, "primary_place_of_performance_country_code"),
        Some("is missing")
    );
    assert!(
        why(4, "primary_place_of_performance_country_code")
            .unwrap()
            .contains("no country we know")
    );
}

/// The defects of GSA's printed examples, in a text of our own.
#[test]
fn broken_json_says_line_column_and_why_and_goes_on() {
    let text = "# How?\n\n\"entityData\": [\n{\n\"entityRegistration\": {\"ueiSAM\": \"J58ME6A75BU9\", \"legalBusinessName\": \"One\"},\n{\n\"x\": {\n\"a\": \"b\",\n},\n\"cageCode\": \u{201c}7NDG5\",\n}\n},\n{\"entityRegistration\": {\"legalBusinessName\": \"Two\"}},\n{\"entityRegistration\": {\"legalBusinessName\": \"Three\", \"ueiSAM\": \"TST987654321\"}}\n]";
    let read = heard(text.as_bytes());
    assert_eq!(
        (read.summary.read, read.summary.not_read),
        (2, 1),
        "{read:#?}"
    );
    let broken = &read.not_read[0];
    assert_eq!(
        (broken.place.line, broken.place.column),
        (6, 1),
        "{broken:?}"
    );
    for part in [
        "key must be a string",
        "line 8, column 9",
        "a comma before a closing bracket",
        "line 10",
        "typographic",
    ] {
        assert!(broken.why.contains(part), "{part}: {}", broken.why);
    }
    assert!(
        read.notices
            .iter()
            .any(|notice| notice.field == "ueiSAM" && notice.why.contains("check digit"))
    );
    assert!(
        read.summary
            .remarks
            .iter()
            .any(|remark| remark.contains("line 1")),
        "{:?}",
        read.summary.remarks
    );
}

#[test]
fn withheld_values_are_no_values() {
    let sentence = "This entity has opted out of public search. Only federal government users and users associated with this entity can view this record on SAM.gov.";
    let text = serde_json::json!({"entityData": [
        {"entityRegistration": {"ueiSAM": "J58ME6A75BU9", "legalBusinessName": "Example", "registrationStatus": sentence}},
        {"entityRegistration": sentence, "integrityInformation": {"entitySummary": {"ueiSAM": "H2XFNNKK2NZ9", "legalBusinessName": "Sample"}}},
        {"entityRegistration": sentence},
    ]});
    let read = heard(text.to_string().as_bytes());
    assert_eq!((read.summary.read, read.summary.not_read), (2, 1));
    for record in &read.records {
        let Record::Entity(entity) = record else {
            panic!()
        };
        assert!(entity.opted_out && !entity.identity.name.contains("opted"));
    }
}

#[test]
fn exclusions_are_read_from_json_and_csv() {
    let csv = "\"Classification\",\"Name\",\"First\",\"Last\",\"Country\",\"Unique Entity Identifier (SAM)\",\"Exclusion Program\",\"Excluding Agency\",\"CT Code\",\"Exclusion Type\",\"Active Date\",\"Termination Date\",\"CAGE\"\n\
               \"Firm\",\"Example GmbH\",\"\",\"\",\"DEU\",\"ZU9RSU9RR9S9\",\"Reciprocal\",\"AF\",\"A\",\"Ineligible\",\"01/02/2020\",\"Indefinite\",\"0AAA0\"\n\
               \"Firm\",\"Late AG\",\"\",\"\",\"CHE\",\"\",\"Reciprocal\",\"AF\",\"A\",\"Ineligible\",\"01/02/2020\",\"01/02/2019\",\"\"\n\
               \"Individual\",\"\",\"Jane\",\"Invented\",\"\",\"\",\"Reciprocal\",\"AF\",\"A\",\"Ineligible\",\"\",\"\",\"\"\n";
    let read = heard(csv.as_bytes());
    assert_eq!(
        (read.summary.kind, read.summary.read, read.summary.not_read),
        (FileKind::SamExclusionsCsv, 3, 0)
    );
    let Record::Exclusion(first) = &read.records[0] else {
        panic!()
    };
    assert_eq!(
        (
            first.identity.uei.clone(),
            first.identity.cage.as_deref(),
            first.until
        ),
        (None, Some("0AAA0"), None)
    );
    assert!(
        read.notices
            .iter()
            .any(|notice| notice.place.line == 3 && notice.why.contains("before it begins"))
    );
    let Record::Exclusion(person) = &read.records[2] else {
        panic!()
    };
    assert!(person.person);
}

#[test]
fn the_form_is_the_same_as_csv_json_and_workbook() {
    let csv = b"legal_name,piid,clause_date,services_place,services_value\nExample,P1,OCT 2025,outside,900000\n";
    let json = br#"{"plimsoll_disclosures": [{"legal_name": "Example", "piid": "P1", "clause_date": "OCT 2025", "services_place": "outside", "services_value": 900000}]}"#;
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "Our disclosures").unwrap();
    for (column, name) in (0u16..).zip([
        "legal_name",
        "piid",
        "clause_date",
        "services_place",
        "services_value",
    ]) {
        sheet.write_string(2, column, name).unwrap();
    }
    for (column, value) in (0u16..).zip(["Example", "P1", "OCT 2025", "outside"]) {
        sheet.write_string(3, column, value).unwrap();
    }
    sheet.write_number(3, 4, 900_000).unwrap();
    let book = workbook.save_to_buffer().unwrap();
    let read: Vec<_> = [csv.as_slice(), json, &book]
        .into_iter()
        .map(|bytes| {
            let read = heard(bytes);
            let Record::Disclosure(one) = &read.records[0] else {
                panic!("{read:?}")
            };
            let mut one = one.clone();
            one.source.clear();
            for part in &mut one.facts.parts {
                part.source.clear();
            }
            one
        })
        .collect();
    assert_eq!(read[0], read[1]);
    assert_eq!(read[0], read[2]);
}

#[test]
fn the_form_names_what_it_cannot_take() {
    let cells = [
        ("clause_date", "soon"),
        ("contract_type", "big"),
        ("supplies_cots", "perhaps"),
        ("claims_housing", "maybe"),
        ("plan_elements", "vi"),
        ("plan_elements", "iii:na"),
        ("certificates", "yesterday:A"),
        ("subcontractors_covered", "few"),
        ("record_state", "rumour"),
        ("surprise", "x"),
    ];
    for (name, value) in cells {
        let row = serde_json::json!({"legal_name": "Example", "piid": "P1", name: value});
        let read = heard(
            serde_json::json!({"plimsoll_disclosures": [row]})
                .to_string()
                .as_bytes(),
        );
        assert_eq!(read.summary.read, 1, "{name}");
        assert!(
            read.notices.iter().any(|notice| notice.field == name),
            "{name}: {:?}",
            read.notices
        );
    }
    for row in [
        serde_json::json!({"piid": "P1"}),
        serde_json::json!({"legal_name": "Example"}),
        serde_json::json!({"legal_name": "Example", "piid": {"deep": 1}}),
    ] {
        let read = heard(
            serde_json::json!({"plimsoll_disclosures": [row]})
                .to_string()
                .as_bytes(),
        );
        assert_eq!((read.summary.read, read.summary.not_read), (0, 1), "{row}");
    }
}

#[test]
fn the_page_describes_every_column_of_the_form() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/contractors.md"))
        .unwrap();
    for (name, holds) in FORM_COLUMNS {
        let line = format!("| `{name}` | {holds} |");
        assert!(page.contains(&line), "docs/contractors.md lacks\n{line}");
    }
}

/// A file of any size that is never in memory.
struct Repeated {
    record: Vec<u8>,
    left: u64,
    at: usize,
}

impl Read for Repeated {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            return Ok(0);
        }
        let piece = &self.record[self.at..];
        let length = piece.len().min(buffer.len());
        buffer[..length].copy_from_slice(&piece[..length]);
        self.at += length;
        if self.at == self.record.len() {
            self.at = 0;
            self.left -= 1;
        }
        Ok(length)
    }
}

fn generated(head: &'static [u8], record: &str, count: u64) -> impl Read {
    head.chain(Repeated {
        record: record.as_bytes().to_vec(),
        left: count,
        at: 0,
    })
}

#[test]
fn large_files_stream() {
    let padding = "x".repeat(4000);
    let record = format!(
        r#"{{"contractId": {{"piid": "A1"}}, "awardDetails": {{"awardeeData": {{"awardeeHeader": {{"awardeeName": "Example"}}}}, "padding": "{padding}"}}}},"#
    );
    let mut seen = 0;
    let summary = read(
        &policy(),
        "large",
        generated(b"{\"awardSummary\": [", &record, 5_000),
        &mut |event| {
            seen += u32::from(matches!(event, Event::Record(..)));
        },
    )
    .unwrap();
    assert_eq!((summary.read, seen), (5_000, 5_000));
}

#[test]
fn a_record_without_end_is_cut_and_said() {
    // A quotation mark that never closes would otherwise take the whole file.
    let row = format!("\"{}", "x".repeat(1000));
    let summary = read(
        &policy(),
        "hostile",
        generated(b"award_id_piid,recipient_name,x,y,z\n", &row, 20_000),
        &mut |_| {},
    )
    .unwrap();
    assert_eq!((summary.read, summary.not_read), (0, 1));
    let endless = "{\"a\": [[".repeat(10);
    let summary = read(
        &policy(),
        "hostile",
        generated(b"{\"awardSummary\": [", &endless, 150_000),
        &mut |_| {},
    )
    .unwrap();
    assert_eq!((summary.read, summary.not_read), (0, 1));
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..600)) {
        let _ = read(&policy(), "any", bytes.as_slice(), &mut |_| {});
    }

    #[test]
    fn no_json_makes_it_panic(text in "[\\[\\]{}\":,0-9a-z ]{0,200}") {
        let text = format!("{{\"entityData\": [{{\"entityRegistration\": {text}");
        let _ = read(&policy(), "any", text.as_bytes(), &mut |_| {});
    }
}

/// Half a million contracts of which nothing can be said are counted; the one
/// with a foreign lead is shown, wherever it stands.
#[test]
fn contracts_at_home_are_counted_past_a_number() {
    let mut desk = crate::contractor_support::Desk::default();
    let mut rows = String::from(
        "award_id_piid,recipient_name,primary_place_of_performance_country_code,a,b\n",
    );
    for number in 0..20_500 {
        let country = if number == 20_499 { "QAT" } else { "USA" };
        rows.push('P');
        rows.push_str(&number.to_string());
        rows.push_str(",Example,");
        rows.push_str(country);
        rows.push_str(",,\n");
    }
    desk.file(rows.as_bytes());
    let report = desk.report("2026-11-21");
    assert_eq!(report.not_detailed, 499);
    let contracts = &report.contractors[0].contracts;
    assert_eq!(contracts.len(), 20_001);
    let abroad = contracts
        .iter()
        .find(|one| one.contract.piid == "P20499")
        .unwrap();
    assert!(abroad.requirement.leads[0].contains("Qatar"));
}

#[test]
fn contractors_of_such_contracts_alone_are_counted_with_them() {
    let mut desk = crate::contractor_support::Desk::default();
    let mut rows = String::from(
        "award_id_piid,recipient_name,primary_place_of_performance_country_code,a,b\n",
    );
    for number in 0..20_000 {
        rows.extend(["P", &number.to_string(), ",Example,USA,,\n"]);
    }
    rows.push_str("Q1,Sample,USA,,\nQ2,Sample,USA,,\nQ3,Specimen,USA,,\nQ4,Template,QAT,,\n");
    desk.file(rows.as_bytes());
    let report = desk.report("2026-11-21");
    assert_eq!(
        (report.not_detailed, report.contractors_not_detailed),
        (3, 2)
    );
    let names: Vec<&str> = report
        .contractors
        .iter()
        .map(|one| one.contractor.name.as_str())
        .collect();
    assert_eq!(names, ["Example", "Template"]);
}

/// The public extract has more rows than any list of contractors.
#[test]
fn an_exclusion_is_found_by_each_of_its_identifiers_and_shown_once() {
    let mut desk = crate::contractor_support::Desk::default();
    desk.form(&crate::contractor_support::with(&[("cage", "0AAA0")]));
    desk.file(
        b"Classification,Name,Unique Entity ID,CAGE,Exclusion Type,Exclusion Program,Excluding Agency,Active Date,Termination Date\n\
        Firm,Example Base Services LLC,J58ME6A75BU9,0AAA0,Ineligible,Reciprocal,GSA,01/01/2026,Indefinite\n\
        Firm,Somebody Else,,0AAA0,Ineligible,Reciprocal,EPA,01/02/2026,Indefinite\n\
        Individual,Not Shown,,0AAA0,Ineligible,Reciprocal,EPA,01/02/2026,Indefinite\n\
        Firm,Example Base Services LLC,,,Ineligible,Reciprocal,DOL,01/03/2026,Indefinite\n",
    );
    let records = &desk.report("2026-06-01").contractors[0].records;
    assert_eq!(records.len(), 2, "{records:#?}");
}

/// Commercial offerors answer Buy American and trade agreements in 52.212-3.
#[test]
fn foreign_end_products_are_read_from_every_provision_that_lists_them() {
    for section in [
        "52.212-3.f.2",
        "52.212-3.g.1.iii",
        "52.212-3.g.5.ii",
        "52.225-2.b",
        "52.225-4.AltII",
        "52.225-6.b",
        "252.225-7000.c.3",
        "252.225-7020.c.2",
        "252.225-7035.AltV.c.2.ii",
    ] {
        let entity = serde_json::json!({"entityData": [{
            "entityRegistration": {"ueiSAM": "J58ME6A75BU9", "legalBusinessName": "Example"},
            "repsAndCerts": {"certifications": {"fARResponses": [{"provisionId": "FAR", "listOfAnswers": [
                {"section": section, "answerId": "36", "endProductsList": [{"name": "GLOVES", "country": "CHINA"}]}]}]}}}]});
        let heard = heard(entity.to_string().as_bytes());
        let [Record::Entity(entity)] = heard.records.as_slice() else {
            panic!("{section}");
        };
        assert_eq!(entity.end_products.len(), 1, "{section}");
    }
}

#[test]
fn award_summaries_are_read_with_their_own_columns() {
    let csv = "contract_award_unique_key,award_id_piid,total_obligated_amount,potential_total_value_of_award,award_base_action_date,award_base_action_date_fiscal_year,award_latest_action_date,recipient_name\n\
        K1,P1,1000.50,2500,2021-11-01,2022,2026-04-01,Example\n";
    let heard = heard(csv.as_bytes());
    let [Record::Award(award)] = heard.records.as_slice() else {
        panic!("{heard:?}");
    };
    assert_eq!(award.obligated.unwrap().to_string(), "1,000.50");
    assert_eq!(award.total_value.unwrap().to_string(), "2,500");
    assert_eq!(award.signed, Some(day("2021-11-01")));
    assert_eq!(award.last_signed, Some(day("2026-04-01")));
    assert_eq!(award.fiscal_year, Some(2022));
    assert_eq!(&*award.source, "USAspending, file");
}

#[test]
fn utf_16_is_read_where_a_file_is_read_whole_and_refused_in_words_where_it_streams() {
    let utf_16 = |text: &str| -> Vec<u8> {
        std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect()
    };
    let form = heard(&utf_16("legal_name,piid\nExample,P1\n"));
    assert_eq!((form.summary.read, form.summary.not_read), (1, 0));
    for streamed in [
        "{\"awardSummary\": []}",
        "award_id_piid,recipient_name\nP1,Example\n",
    ] {
        let refused = read(&policy(), "file", utf_16(streamed).as_slice(), &mut |_| {});
        let why = refused.unwrap_err().to_string();
        assert!(why.contains("save it as UTF-8"), "{why}");
    }
}

#[test]
fn nothing_of_a_form_is_left_out_in_silence() {
    for (column, cell) in [
        ("certificates", "2026-01-15:C"),
        ("cited_clauses", "252.222-7007:soon"),
        ("record_remedy", "lifted"),
        ("goods_traced", "perhaps"),
    ] {
        let row = serde_json::json!({"plimsoll_disclosures": [{"legal_name": "Example", "piid": "P1",
            "record_state": "ig_report", "record_title": "trafficking", column: cell}]});
        let heard = heard(row.to_string().as_bytes());
        assert!(
            heard.notices.iter().any(|notice| notice.field == column),
            "{column}: {:?}",
            heard.notices
        );
    }
    let row = serde_json::json!({"plimsoll_disclosures": [{"legal_name": "Example", "piid": "P1",
        "requested_on": "2026-03-01", "answered_on": "2026-02-01"}]});
    let heard = heard(row.to_string().as_bytes());
    let notice = heard
        .notices
        .iter()
        .find(|notice| notice.field == "answered_on")
        .unwrap();
    assert!(
        notice.why.ends_with("write no day before the request"),
        "{notice:?}"
    );
    let [Record::Disclosure(form)] = heard.records.as_slice() else {
        panic!();
    };
    assert!(form.requests.is_empty());
    // The same day is no day before it.
    let row = serde_json::json!({"plimsoll_disclosures": [{"legal_name": "Example", "piid": "P1",
        "requested_on": "2026-03-01", "request_deadline": "2026-03-01",
        "answered_on": "2026-03-01"}]});
    let heard = self::heard(row.to_string().as_bytes());
    assert!(heard.notices.is_empty(), "{:?}", heard.notices);
}

#[test]
fn what_is_no_record_among_records_is_said_with_its_place() {
    for (text, places) in [
        ("[null, null]", vec![2, 8]),
        (
            r#"[{"plimsoll_disclosures": [{"legal_name": "Example", "piid": "P1"}]}, null]"#,
            vec![2, 71],
        ),
        (
            r#"{"plimsoll_disclosures": [{"legal_name": "Example", "piid": "P1"}, null, "P2"]}"#,
            vec![68, 74],
        ),
    ] {
        let heard = heard(text.as_bytes());
        let columns: Vec<u64> = heard.not_read.iter().map(|one| one.place.column).collect();
        assert_eq!(columns, places, "{text}: {:?}", heard.not_read);
    }
}

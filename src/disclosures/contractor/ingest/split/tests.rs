use proptest::prelude::*;

use super::*;

type Seen = (String, u64, bool);

fn pieces(text: &str) -> (Vec<Seen>, Around) {
    let mut seen = Vec::new();
    let around = split(text.as_bytes(), 10_000, &mut |piece| {
        seen.push((
            String::from_utf8_lossy(piece.bytes).into_owned(),
            piece.line,
            piece.unclosed,
        ));
    })
    .unwrap();
    (seen, around)
}

#[test]
fn cuts_arrays_bare_records_and_fragments() {
    for text in [
        r#"{"totalRecords": 2, "entityData": [{"entityRegistration": {"a": "]}{"}}, {"entityRegistration": 1}]}"#,
        r#""entityData": [{"entityRegistration": {"a": "]}{"}}, {"entityRegistration": 1}]"#,
        r#"# How? {"entityRegistration": {"a": "]}{"}}, {"entityRegistration": 1}]"#,
        r#"[{"entityRegistration": {"a": "]}{"}}, {"entityRegistration": 1}]"#,
    ] {
        let (seen, _) = pieces(text);
        assert_eq!(seen.len(), 2, "{text}");
        for (record, _, unclosed) in seen {
            assert!(!unclosed, "{text}");
            serde_json::from_str::<serde_json::Value>(&record).expect(text);
        }
    }
}

#[test]
fn a_record_that_never_closes_costs_itself_only() {
    let text = "{\"awardSummary\": [\n{\"contractId\": {\"piid\": \"A\"},\n{\"contractId\": {\"piid\": \"B\"}}]}";
    let (seen, _) = pieces(text);
    assert_eq!(seen.len(), 2);
    assert!(seen[0].2 && !seen[1].2);
    assert_eq!(seen[1].1, 3);
    let (seen, _) = pieces(
        "{\"awardSummary\": [\n{\"contractId\": {\"piid\": \u{201c}A\"}},\n{\"contractId\": {\"piid\": \"B\"}}]}",
    );
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert!(serde_json::from_str::<serde_json::Value>(&seen[1].0).is_ok());
}

#[test]
fn what_is_no_object_among_records_is_given_with_its_place() {
    let (seen, around) =
        pieces("[{\"contractId\": 1}, null,\n\"a, b]\", 3.5, {\"contractId\": 2}, true]");
    let texts: Vec<(&str, u64)> = seen
        .iter()
        .map(|(text, line, _)| (text.as_str(), *line))
        .collect();
    assert_eq!(
        texts,
        [
            ("{\"contractId\": 1}", 1),
            ("null", 1),
            ("\"a, b]\"", 2),
            ("3.5", 2),
            ("{\"contractId\": 2}", 2),
            ("true", 2),
        ]
    );
    assert!(around.stray.is_none() && !around.unbalanced);
    for nothing_lost in [
        r#"{"awardSummary": [], "messages": ["one", null]}"#,
        r#""links": ["one", 2, null], "awardSummary": [{"contractId": 1}]"#,
        r#""awardSummary": [{"contractId": 1}, "totalRecords": "7", "page": 3"#,
    ] {
        let (seen, _) = pieces(nothing_lost);
        assert!(
            seen.iter().all(|(text, ..)| text.starts_with('{')),
            "{seen:?}"
        );
    }
}

#[test]
fn says_what_stands_around_the_records() {
    let (seen, around) =
        pieces(r#"{"totalRecords": "7111", "awardSummary": [], "message": "In progress."}"#);
    assert!(seen.is_empty() && around.saw_record_array && around.stray.is_none());
    assert_eq!(
        around.scalars,
        [
            ("totalrecords".to_owned(), "7111".to_owned()),
            ("message".to_owned(), "in progress.".to_owned())
        ]
    );
}

proptest! {
    #[test]
    fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = split(bytes.as_slice(), 100, &mut |_| {});
    }

    #[test]
    fn brackets_and_quotes_in_any_order_end(text in "[\\[\\]{}\",:a\\\\\n]{0,200}") {
        let _ = split(text.as_bytes(), 50, &mut |piece| assert!(piece.bytes.len() <= 50 + 22));
    }

    #[test]
    fn every_well_formed_record_comes_back(names in prop::collection::vec("\\PC{0,12}", 0..8)) {
        let records: Vec<_> = names.iter().map(|name| serde_json::json!({"contractId": {"piid": name}})).collect();
        let text = serde_json::to_string(&serde_json::json!({"awardSummary": records})).unwrap();
        let (seen, _) = pieces(&text);
        let read: Vec<serde_json::Value> = seen.iter().map(|(text, ..)| serde_json::from_str(text).unwrap()).collect();
        prop_assert_eq!(read, records);
    }
}

//! OFAC's and SAM's lists in the publishers' forms, good and hostile.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::io::Cursor;

use plimsoll::{
    country::Country,
    identifier::Scheme,
    lists::{
        About, EntryKind, EntryStatus, Expectation, Form, ListRow, Metered, Part, Source, read,
    },
    supplier::AliasKind,
};

use crate::list_files::{
    ADD, ALT, SAM_HEADER, SDN, day, entry, names, parse, parse_files, reasons, refused, sam,
    sam_row, sdn_csv, sdn_xml, zipped,
};

#[test]
fn the_csv_set_gives_parties_with_names_places_and_programs() {
    let (list, summary) = sdn_csv(SDN, ADD, ALT).unwrap();
    assert_eq!(list.unread, []);
    assert_eq!((summary.records, summary.rows), (5, 5));

    let firm = entry(&list, "36");
    assert_eq!(firm.kind, EntryKind::Organization);
    assert_eq!(names(firm, AliasKind::AlsoKnownAs), ["EXAMPLE-AIR"]);
    assert_eq!(names(firm, AliasKind::FormerlyKnownAs), ["FORMER EXAMPLE"]);
    assert_eq!(names(firm, AliasKind::Weak), ["EXA"]);
    assert_eq!(firm.addresses, ["Havana, Cuba"]);
    assert_eq!(firm.countries[0].alpha2(), "CU");
    assert_eq!(firm.identifiers[0].value, "8110469383");
    assert_eq!(
        firm.remarks.as_deref(),
        Some("Linked To: EXAMPLE HOLDING; NIT # 811046938-3 (Colombia)")
    );

    let person = entry(&list, "173");
    assert_eq!(person.kind, EntryKind::Person);
    assert_eq!(person.programs, ["GLOMAG", "SDGT"]);
    let countries: Vec<_> = person.countries.iter().map(Country::alpha2).collect();
    assert_eq!(countries, ["CN", "IR"]);
    assert_eq!(
        (person.remarks.as_ref(), person.identifiers.len()),
        (None, 0),
        "no papers, no birth"
    );

    let ship = entry(&list, "306");
    assert_eq!(ship.kind, EntryKind::Vessel);
    assert!(
        ship.identifiers
            .iter()
            .any(|it| it.scheme == Scheme::Imo && it.value == "9404546")
    );
    assert!(
        ship.remarks.as_ref().unwrap().contains("all of the rest"),
        "{ship:?}"
    );
    assert_eq!(entry(&list, "400").kind, EntryKind::Aircraft);
    let mill = entry(&list, "501");
    assert_eq!(mill.identifiers[0].scheme, Scheme::Uscc);
    assert_eq!(
        mill.addresses[0],
        "1 Example Road, Changji, Xinjiang 831100, China"
    );
}

#[test]
fn both_forms_give_the_same_entries_whatever_the_namespace() {
    let (csv, _) = sdn_csv(SDN, ADD, ALT).unwrap();
    let xml = sdn_xml();
    let (list, summary) = parse(Form::SdnXml, xml.as_bytes()).unwrap();
    assert_eq!(list.content.entries, csv.content.entries);
    assert_eq!(summary.published_on, Some(day("2021-07-30")));
    assert_eq!(summary.announced, Some(5));
    assert!(summary.holds_what_it_announces());

    for (from, to) in [
        (
            "https://example.test/sdnList.xsd",
            "http://tempuri.org/sdnList.xsd",
        ),
        (" xmlns=\"https://example.test/sdnList.xsd\"", ""),
    ] {
        let other = xml.replace(from, to);
        assert_ne!(other, xml);
        assert_eq!(parse(Form::SdnXml, other.as_bytes()).unwrap().0, list);
    }
    let prefixed = xml
        .replace(
            "<sdnList xmlns:xsi",
            "<o:sdnList xmlns:o=\"urn:x\" xmlns:xsi",
        )
        .replace("</sdnList>", "</o:sdnList>")
        .replace("<sdnEntry>", "<o:sdnEntry>")
        .replace("</sdnEntry>", "</o:sdnEntry>");
    assert_eq!(parse(Form::SdnXml, prefixed.as_bytes()).unwrap().0, list);
}

#[test]
fn an_sdn_set_says_what_it_could_not_use() {
    let add = ADD
        .replace("36,25", "37,25")
        .replace("\"China\"", "\"Atlantis\"");
    let sdn = SDN
        .replace("400,\"YV0000\"", "36,\"AGAIN\"")
        .replace("501,\"EX", "x,\"EX");
    let (list, _) = sdn_csv(&sdn, &add, ALT).unwrap();
    assert_eq!(
        reasons(&list),
        [
            ("SDN.CSV row 4, line 4", "the entry 36 is repeated"),
            (
                "SDN.CSV row 5, line 5",
                "the row has 12 of 12 cells, or no number"
            ),
            (
                "ADD.CSV row 1, line 1",
                "an address of an entry that SDN.CSV does not have"
            ),
            (
                "ADD.CSV row 2, line 2",
                "an address of an entry that SDN.CSV does not have"
            ),
            (
                "ADD.CSV row 3, line 3",
                "an address of an entry that SDN.CSV does not have"
            ),
        ]
    );
    let unknown = ADD.replace("\"China\"", "\"Atlantis\"");
    let (list, _) = sdn_csv(SDN, &unknown, ALT).unwrap();
    assert_eq!(
        reasons(&list),
        [(
            "SDN.CSV row 5, line 5",
            "the country of 501 is not one we know; kept without it"
        )]
    );
    assert_eq!(list.unread[0].text, "Atlantis");
    assert!(parse_files(Form::SdnCsv, &[("SDN.CSV", SDN.as_bytes())]).is_err());
}

#[test]
fn a_hostile_or_broken_sdn_file_is_refused_with_its_place() {
    let xml = sdn_xml();
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><sdnList><sdnEntry><lastName>&b;</lastName></sdnEntry></sdnList>";
    let deep = format!(
        "<sdnList>{}{}</sdnList>",
        "<a>".repeat(200),
        "</a>".repeat(200)
    );
    let truncated = &xml[..xml.len() * 2 / 3];
    let latin = String::from_utf8(xml.clone().into_bytes())
        .unwrap()
        .replace("EXAMPLE AIRLINES", "EXAMPL\u{e9} AIRLINES");
    let latin: Vec<u8> = latin
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).unwrap())
        .collect();
    let endless = format!(
        "<sdnList><sdnEntry><lastName>{}",
        "x".repeat(9 * 1024 * 1024)
    );
    let cases: [(&str, &[u8], &str); 9] = [
        ("entities", bomb.as_bytes(), "declares entities"),
        ("depth", deep.as_bytes(), "nested deeper"),
        ("cut short", truncated.as_bytes(), "ends inside the element"),
        (
            "error page",
            b"<!DOCTYPE html><html><body>Access Denied</body></html>",
            "the root element is html",
        ),
        ("charset", &latin, "the XML is broken"),
        ("no end", endless.as_bytes(), "one record has more than"),
        ("empty", b"", "holds no XML"),
        ("text", b"Service Unavailable", "holds no XML"),
        (
            "other list",
            b"<Goods></Goods>",
            "the root element is Goods",
        ),
    ];
    for (what, bytes, said) in cases {
        let told = refused(Form::SdnXml, bytes);
        assert!(told.contains(said), "{what}: {told}");
    }
    let uncounted = xml.replace("<Record_Count>5</Record_Count>", "");
    assert!(refused(Form::SdnXml, uncounted.as_bytes()).contains("does not say how many"));
    let declared = [
        b"<?xml version=\"1.0\" encoding=\"windows-1252\"?>".as_slice(),
        latin
            .split(|byte| *byte == b'>')
            .next()
            .map(|first| &latin[first.len() + 1..])
            .unwrap(),
    ]
    .concat();
    let (list, _) = parse(Form::SdnXml, &declared).unwrap();
    assert_eq!(entry(&list, "36").name, "EXAMPL\u{e9} AIRLINES");
}

#[test]
fn half_of_the_sdn_list_does_not_pass_for_the_whole() {
    let xml = sdn_xml();
    let start = xml.find("<sdnEntry>").unwrap();
    let second = start + 1 + xml[start + 1..].find("<sdnEntry>").unwrap();
    let shorter = format!("{}{}", &xml[..start], &xml[second..]);
    let (_, summary) = parse(Form::SdnXml, shorter.as_bytes()).unwrap();
    assert_eq!((summary.records, summary.announced), (4, Some(5)));
    assert!(!summary.holds_what_it_announces());
    assert!(
        Expectation::of(Source::OfacSdn)
            .unwrap()
            .check(summary.rows)
            .is_err()
    );
}

#[test]
fn bytes_are_told_and_capped_as_they_are_read() {
    let xml = sdn_xml();
    let mut told = Vec::new();
    let mut progress = |bytes| told.push(bytes);
    let whole = xml.len() as u64;
    let about = About {
        source: Source::OfacSdn,
        edition: "",
    };
    let mut input = Metered::new(Cursor::new(xml.as_bytes()), whole, &mut progress);
    let mut rows = 0;
    let mut parts = [Part {
        name: "SDN.XML",
        input: &mut input,
    }];
    read(Form::SdnXml, &mut parts, &about, &mut |row| {
        rows += i32::from(matches!(row, ListRow::Entry(_)));
    })
    .unwrap();
    assert_eq!((rows, told.last()), (5, Some(&whole)));
    assert!(told.is_sorted());

    let mut ignored = |_| ();
    let mut input = Metered::new(Cursor::new(xml.as_bytes()), 1000, &mut ignored);
    let mut parts = [Part {
        name: "SDN.XML",
        input: &mut input,
    }];
    let refused = read(Form::SdnXml, &mut parts, &about, &mut |_| ()).unwrap_err();
    assert!(refused.reason.contains("more than 1000 bytes"), "{refused}");
}

#[test]
fn exclusions_are_merged_by_number_and_persons_are_marked() {
    let (list, summary) = parse(Form::SamCsv, sam().as_bytes()).unwrap();
    assert_eq!(list.unread, []);
    assert_eq!((summary.records, summary.rows), (4, 3));
    let firm = entry(&list, "S4MR00001");
    assert_eq!(firm.programs, ["DOD A", "EPA H"]);
    assert_eq!(firm.listed_on, Some(day("2020-02-01")));
    assert_eq!(firm.delisted_on, None, "one of the two is indefinite");
    assert_eq!(
        names(firm, AliasKind::CrossReference),
        ["EXAMPLE TOOLS CO., LTD.", "OTHER EXAMPLE"]
    );
    let schemes: Vec<_> = firm.identifiers.iter().map(|it| it.scheme).collect();
    assert_eq!(schemes, [Scheme::Uei, Scheme::Cage]);
    let person = entry(&list, "S4MR00002");
    assert_eq!(
        (person.kind, person.name.as_str()),
        (EntryKind::Person, "INVENTED, PERSON Q")
    );
    assert_eq!(
        (person.identifiers.len(), person.remarks.as_ref()),
        (0, None)
    );
    let ship = entry(&list, "S4MR00003");
    assert_eq!(
        (ship.kind, ship.status),
        (EntryKind::Vessel, EntryStatus::Inactive)
    );
    assert_eq!(ship.countries, []);
    assert!(ship.held_on(day("2019-06-01")) && !ship.held_on(day("2020-01-02")));
}

#[test]
fn a_broken_exclusion_is_told_without_naming_anyone() {
    let broken = sam()
        .replace(
            "\"Indefinite\",\"\",\"\",\"S4MR00002\"",
            "\"some day\",\"\",\"\",\"S4MR00002\"",
        )
        .replace("\"Vessel\",\"EXAMPLE STAR\",", "\"Vessel\",");
    let (list, _) = parse(Form::SamCsv, broken.as_bytes()).unwrap();
    assert_eq!(list.unread.len(), 2, "{:?}", list.unread);
    assert!(list.unread[0].reason.contains("termination date"));
    assert!(list.unread[1].reason.contains("30 of 31 cells"));
    assert!(
        list.unread
            .iter()
            .all(|unread| !unread.text.contains("INVENTED"))
    );
}

#[test]
fn the_archive_is_read_as_the_file_and_bombs_are_not() {
    let name = "SAM_Exclusions_Public_Extract_V2_26282.CSV";
    let table = sam();
    let archive = zipped(&[(name, table.as_bytes())]);
    let (list, summary) = parse(Form::SamZip, &archive).unwrap();
    assert_eq!(list, parse(Form::SamCsv, table.as_bytes()).unwrap().0);
    assert_eq!(summary.published_on, Some(day("2026-10-09")));

    assert!(refused(Form::SamZip, &archive[..archive.len() / 2]).contains("cannot be opened"));
    assert!(refused(Form::SamZip, table.as_bytes()).contains("cannot be opened"));
    assert!(refused(Form::SamCsv, &archive).contains("ZIP archive"));
    let two = zipped(&[(name, table.as_bytes()), ("b.csv", b"x")]);
    assert!(refused(Form::SamZip, &two).contains("2 CSV files"));
    assert!(refused(Form::SamZip, &zipped(&[("a.txt", b"x")])).contains("0 CSV files"));
    // One endless cell, in little more than nothing.
    let mut endless = SAM_HEADER.as_bytes().to_vec();
    endless.extend(b"\"Firm\",\"");
    endless.resize(40 * 1024 * 1024, b'x');
    let bomb = zipped(&[(name, &endless)]);
    assert!(bomb.len() < 100_000);
    assert!(refused(Form::SamZip, &bomb).contains("one record has more than"));
}

#[test]
fn an_exclusion_with_broken_quotation_marks_is_not_lost() {
    let comment = "\"\"Debarred under \"\"Effect,\"\" and 29 CFR 5.1, for 3 years.\"\"";
    let row = sam_row(&[
        (0, "Firm"),
        (1, "EXAMPLE BUILDERS, LLC"),
        (19, "GAO"),
        (22, "COMMENT"),
        (23, "01/29/2020"),
        (24, "01/28/2023"),
        (27, "S4MR00009"),
    ]);
    let plain = sam_row(&[(1, "EXAMPLE UNCLASSIFIED"), (27, "S4MR00010")]);
    let broken = row.replace("\"COMMENT\"", comment);
    let file = format!("{}{broken}{plain}", sam());
    let (list, _) = parse(Form::SamCsv, file.as_bytes()).unwrap();
    let firm = entry(&list, "S4MR00009");
    assert_eq!(firm.delisted_on, Some(day("2023-01-28")));
    assert_eq!(firm.listed_on, Some(day("2020-01-29")));
    let told: Vec<&str> = list.unread.iter().map(|it| it.reason.as_str()).collect();
    assert_eq!(
        told,
        [
            "quotation marks in the comments are broken; the row is read around them",
            "the row has no classification; the entry is kept as its name reads",
        ]
    );
    // A few words without a firm's may be a natural person, who is never named.
    assert_eq!(entry(&list, "S4MR00010").kind, EntryKind::Person);
}

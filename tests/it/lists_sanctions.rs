//! The lists of parties beyond DHS's and CBP's, in the publishers' forms, good
//! and hostile. The parties are invented.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::io::{Cursor, Write as _};

use chrono::NaiveDate;
use plimsoll::{
    identifier::Scheme,
    lists::{
        About, Entry, EntryKind, EntryStatus, Expectation, Form, ListRow, Metered, ParsedList,
        Part, Scope, Source, Summary, UnreadableList, collect, read,
    },
    supplier::AliasKind,
};
use proptest::prelude::*;

use crate::sdn_layout::{self, rows_of_entries};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn parse_files(
    form: Form,
    files: &[(&str, &[u8])],
) -> Result<(ParsedList, Summary), UnreadableList> {
    let mut inputs: Vec<_> = files
        .iter()
        .map(|(name, bytes)| (*name, Cursor::new(*bytes)))
        .collect();
    let mut parts: Vec<Part<'_>> = inputs
        .iter_mut()
        .map(|(name, input)| Part { name, input })
        .collect();
    let source = Source::ALL
        .into_iter()
        .find(|source| source.forms().contains(&form))
        .unwrap_or(Source::Tip);
    let about = About {
        source,
        edition: "2024",
    };
    collect(form, &mut parts, &about)
}

fn parse(form: Form, bytes: &[u8]) -> Result<(ParsedList, Summary), UnreadableList> {
    parse_files(form, &[("file", bytes)])
}

fn refused(form: Form, bytes: &[u8]) -> String {
    match parse(form, bytes) {
        Ok((list, _)) => panic!("{form} was read to {list:?}"),
        Err(refused) => refused.to_string(),
    }
}

fn entry<'list>(list: &'list ParsedList, id: &str) -> &'list Entry {
    let found = list.content.entries.iter().find(|entry| entry.id == id);
    found.unwrap_or_else(|| panic!("no entry {id}: {:?}", list.content.entries))
}

fn names(entry: &Entry, kind: AliasKind) -> Vec<&str> {
    let of_kind = entry.aliases.iter().filter(|alias| alias.kind == kind);
    of_kind.map(|alias| alias.name.as_str()).collect()
}

fn reasons(list: &ParsedList) -> Vec<(&str, &str)> {
    list.unread
        .iter()
        .map(|unread| (unread.place.as_str(), unread.reason.as_str()))
        .collect()
}

// OFAC

const SDN: &str = concat!(
    "36,\"EXAMPLE AIRLINES\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"a.k.a. 'EXA'; NIT # 811046938-3 (Colombia); Linked To: EXAMPLE HOLDING.\"\r\n",
    "173,\"INVENTED, Person\",\"individual\",\"GLOMAG] [SDGT\",\"Director\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 01 Jan 1960; POB Nowhere; nationality China; alt. citizen Iran; Passport A1234567 (Iran); Gender Male.\"\r\n",
    "306,\"EXAMPLE STAR\",\"vessel\",\"NK\",-0- ,\"ABCD1\",\"General Cargo\",\"2597\",\"1098\",\"Korea, North\",\"Example Shipping Co.\",\"Vessel Registration Identification IMO 9404546; MMSI 572469210; all of the re\"\r\n",
    "400,\"YV0000\",\"aircraft\",\"VENEZUELA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n",
    "501,\"EXAMPLE TEXTILE & DYE <CHANGJI> CO., LTD.\",-0- ,\"GLOMAG\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"Unified Social Credit Code (USCC) 91110000600037341L (China); Website www.example.test\"\r\n\u{1a}",
);
const ADD: &str = concat!(
    "36,25,-0- ,\"Havana\",\"Cuba\",-0- \r\n",
    "501,26,\"1 Example Road\",\"Changji, Xinjiang 831100\",\"China\",-0- \r\n",
    "501,27,-0- ,-0- ,\"Region: Nowhere\",-0- \r\n\u{1a}",
);
const ALT: &str = concat!(
    "36,12,\"aka\",\"EXAMPLE-AIR\",-0- \r\n",
    "36,13,\"fka\",\"FORMER EXAMPLE\",-0- \r\n",
    "173,14,\"aka\",\"IMAGINARY, Person\",-0- \r\n\u{1a}",
);
const COMMENTS: &str = "306,\"st; Linked To: EXAMPLE FLEET.\"\r\n";

fn sdn_csv(sdn: &str, add: &str, alt: &str) -> Result<(ParsedList, Summary), UnreadableList> {
    parse_files(
        Form::SdnCsv,
        &[
            ("SDN.CSV", sdn.as_bytes()),
            ("ADD.CSV", add.as_bytes()),
            ("ALT.CSV", alt.as_bytes()),
            ("SDN_COMMENTS.CSV", COMMENTS.as_bytes()),
        ],
    )
}

fn sdn_xml() -> String {
    sdn_layout::xml_of(SDN, ADD, ALT, COMMENTS)
}

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
    let countries: Vec<_> = person.countries.iter().map(|it| it.alpha2()).collect();
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

// SAM

const SAM_HEADER: &str = "\"Classification\",\"Name\",\"Prefix\",\"First\",\"Middle\",\"Last\",\"Suffix\",\"Address 1\",\"Address 2\",\"Address 3\",\"Address 4\",\"City\",\"State / Province\",\"Country\",\"Zip Code\",\"Open Data Flag\",\"Blank\",\"Unique Entity ID\",\"Exclusion Program\",\"Excluding Agency\",\"CT Code\",\"Exclusion Type\",\"Additional Comments\",\"Active Date\",\"Termination Date\",\"Record Status\",\"Cross-Reference\",\"SAM Number\",\"CAGE\",\"NPI\",\"Creation_Date\"\n";

fn sam_row(cells: &[(usize, &str)]) -> String {
    let mut row = [""; 31];
    for (index, text) in cells {
        row[*index] = text;
    }
    let quoted: Vec<String> = row.iter().map(|cell| format!("\"{cell}\"")).collect();
    format!("{}\n", quoted.join(","))
}

fn sam() -> String {
    let firm = |agency, code, active, ends| {
        sam_row(&[
            (0, "Firm"),
            (1, "EXAMPLE PARTS, INC."),
            (7, "1 EXAMPLE ST"),
            (11, "TULSA"),
            (12, "OK"),
            (13, "USA"),
            (14, "74101"),
            (17, "J58ME6A75BU9"),
            (18, "Reciprocal"),
            (19, agency),
            (20, code),
            (21, "Ineligible (Proceedings Completed)"),
            (23, active),
            (24, ends),
            (26, "(also  EXAMPLE TOOLS CO., LTD. ,  OTHER EXAMPLE )"),
            (27, "S4MR00001"),
            (28, "7SNN2"),
        ])
    };
    [
        SAM_HEADER.to_owned(),
        firm("DOD", "A", "05/04/2021", "05/03/2027"),
        firm("EPA", "H", "02/01/2020", "Indefinite"),
        sam_row(&[
            (0, "Individual"),
            (3, "PERSON"),
            (4, "Q"),
            (5, "INVENTED"),
            (13, "USA"),
            (17, "XXXXXXXXXXXX"),
            (19, "HHS"),
            (22, "PII data has been masked from view"),
            (24, "Indefinite"),
            (27, "S4MR00002"),
            (29, "1356561906"),
        ]),
        sam_row(&[
            (0, "Vessel"),
            (1, "EXAMPLE STAR"),
            (13, "XUN"),
            (19, "TREAS-OFAC"),
            (23, "01/02/2019"),
            (24, "01/02/2020"),
            (25, "Inactive"),
            (27, "S4MR00003"),
        ]),
    ]
    .concat()
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

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
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

// Consolidated Screening List

const CSL: &str = concat!(
    "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,places_of_birth,source_information_url,ids\n",
    "a1,Entity List (EL) - Bureau of Industry and Security,,,,Example Optoelectronics Co. Ltd.,,\"1 Example Rd, Urumqi, CN; 2 Other Rd, Hong Kong, HK\",84 FR 54002,2019-10-09,,,For all items,Presumption of denial,,,,,,,,http://example.test,Example Opto; Example Photonics,,,,,http://example.test,\n",
    "a2,Specially Designated Nationals (SDN) - Treasury Department,8124,Individual,GLOMAG; SDGT,\"INVENTED, Person\",Director,\"Somewhere, IR\",,,,,,,,,,,,,(Linked To: X),http://example.test,,Iran,1960-01-01,Iran,Nowhere,http://example.test,\"IR, A1234567, Passport\"\n",
    "a3,Denied Persons List (DPL) - Bureau of Industry and Security,,,,INVENTED PERSON,,\"1 STREET, TOWN, TX, 85043, US\",82 F.R. 1,2017-10-16,2020-10-13,Y,,,,,,,,,FR NOTICE ADDED,http://example.test,,,,,,http://example.test,\n",
    "a4,Specially Designated Nationals (SDN) - Treasury Department,9000,Vessel,NK,EXAMPLE STAR,,,,,,,,,ABCD,Tanker,1,2,Atlantis,Owner,,http://example.test,,,,,,http://example.test,\"IMO 9404546, Vessel Registration Identification\"\n",
);

#[test]
fn the_screening_list_says_from_which_list_each_row_is() {
    let (list, summary) = parse(Form::CslCsv, CSL.as_bytes()).unwrap();
    assert_eq!((summary.records, summary.rows), (4, 4));
    assert_eq!(
        reasons(&list),
        [(
            "row 5, line 5",
            "the country is not one we know; the entry is kept without it"
        )]
    );
    let firm = entry(&list, "el-example-optoelectronics-co-ltd-2019-10-09");
    assert_eq!(firm.programs, ["EL"]);
    assert_eq!(
        names(firm, AliasKind::AlsoKnownAs),
        ["Example Opto", "Example Photonics"]
    );
    let countries: Vec<_> = firm.countries.iter().map(|it| it.alpha2()).collect();
    assert_eq!(countries, ["CN", "HK"]);
    assert!(firm.citation.contains("84 FR 54002"));
    let persons: Vec<_> = list
        .content
        .entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::Person)
        .collect();
    assert_eq!(persons.len(), 2);
    for person in persons {
        assert!(!person.id.contains("invented"), "{}", person.id);
        assert_eq!(
            (person.identifiers.len(), person.remarks.as_ref()),
            (0, None)
        );
    }
    let ship = entry(&list, "sdn-9000");
    assert_eq!(ship.identifiers[0].scheme, Scheme::Imo);
}

#[test]
fn columns_may_move_but_not_vanish() {
    let plain = parse(Form::CslCsv, CSL.as_bytes()).unwrap().0;
    let mut reader = csv::Reader::from_reader(CSL.as_bytes());
    let mut turned = csv::Writer::from_writer(Vec::new());
    let header: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .rev()
        .map(str::to_owned)
        .collect();
    turned.write_record(&header).unwrap();
    for record in reader.records() {
        let cells: Vec<String> = record.unwrap().iter().rev().map(str::to_owned).collect();
        turned.write_record(&cells).unwrap();
    }
    let turned = turned.into_inner().unwrap();
    assert_eq!(
        parse(Form::CslCsv, &turned).unwrap().0.content,
        plain.content
    );
    let renamed = CSL.replace("alt_names", "other_spellings");
    assert!(refused(Form::CslCsv, renamed.as_bytes()).contains("altnames"));
    assert!(refused(Form::CslCsv, b"<html>403</html>").contains("web page"));
    assert!(refused(Form::CslCsv, b"{\"error\": 1}").contains("JSON"));
    assert!(refused(Form::CslCsv, b"\xff\xfes\0").contains("UTF-16"));
    assert!(refused(Form::CslCsv, b" \r\n ").contains("empty"));
    let open = CSL.replace("Example Opto;", "\"Example Opto;");
    let huge = format!("{open}{}", "x,".repeat(2_000_000));
    assert!(refused(Form::CslCsv, huge.as_bytes()).contains("one record has more than"));
}

// Brazil

const BRAZIL: &str = "\
MINISTÉRIO DO TRABALHO E EMPREGO;;;;;;;;;
Cadastro de Empregadores, atualização periódica de 05/04/2025;;;;;;;;;
ID;Ano da ação fiscal;UF;Empregador;CNPJ/CPF;Estabelecimento;Trabalhadores envolvidos;CNAE;Decisão administrativa de procedência;Inclusão no Cadastro de Empregadores
1;2021;PA;Fazenda Exemplo Agropecuária Ltda;33.000.167/0001-01;Fazenda São João, zona rural;12;0151-2/01;21/06/2022;05/10/2022 a 13/01/2023, 11/11/2024
2;2022;MG;Pessoa Inventada da Silva;111.444.777-35;Sítio Imaginário;3;0134-2/00;10/01/2023;05/04/2023
3;2020;SP;Exemplo Confecções Eireli;33.000.167/0001-02;Rua do Exemplo, 1;7;1412-6/01;02/02/2022;em breve
;;;;;;;;;
Fonte: SIT;;;;;;;;;
";

#[test]
fn the_brazilian_register_is_latin_with_periods_and_persons() {
    let latin: Vec<u8> = BRAZIL
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).unwrap())
        .collect();
    let (list, summary) = parse(Form::BrazilCsv, &latin).unwrap();
    assert_eq!(parse(Form::BrazilCsv, BRAZIL.as_bytes()).unwrap().0, list);
    assert_eq!((summary.records, summary.rows), (3, 3));
    assert_eq!(
        reasons(&list),
        [
            ("row 1, line 1", "the row stands before the header"),
            ("row 2, line 2", "the row stands before the header"),
            (
                "row 6, line 6",
                "the inclusion is not a day or a period; the entry is kept without one"
            ),
            (
                "row 6, line 6",
                "the CNPJ fails its check digits; the entry is kept with it"
            ),
            (
                "row 8, line 8",
                "the row names no employer: text around the data"
            ),
        ]
    );
    let farm = &list.content.entries[0];
    assert!(farm.id.starts_with("33000167000101-2021-"), "{}", farm.id);
    assert_eq!(farm.name, "Fazenda Exemplo Agropecuária Ltda");
    assert_eq!(farm.identifiers[0].scheme, Scheme::Cnpj);
    assert_eq!(farm.listed_on, Some(day("2024-11-11")));
    for (on, held) in [
        ("2022-10-04", false),
        ("2022-10-05", true),
        ("2023-01-12", true),
        ("2023-01-13", false),
        ("2024-11-11", true),
    ] {
        assert_eq!(farm.held_on(day(on)), held, "{on}");
    }
    let person = &list.content.entries[1];
    assert_eq!(person.kind, EntryKind::Person);
    assert!(person.id.starts_with("person-"));
    assert_eq!(
        person.identifiers[0].value, "11144477735",
        "for matching only"
    );
    assert_eq!(person.remarks, None);
    // The numbers of rows change with every edition, the entries do not.
    let renumbered = BRAZIL.replace("\n1;", "\n41;").replace("\n2;", "\n42;");
    let (again, _) = parse(Form::BrazilCsv, renumbered.as_bytes()).unwrap();
    assert_eq!(again.content, list.content);
}

// FollowTheMoney

const FTM: &str = concat!(
    r#"{"id":"NK-1","schema":"Company","caption":"Example Cotton LLC","properties":{"name":["Example Cotton LLC"],"alias":["Примерный хлопок"],"previousName":["Old Cotton"],"weakAlias":["EC"],"country":["cn","gb-sct","zz"],"leiCode":["213800KUD8LAJWSQ9D15"],"topics":["debarment"],"address":["Urumqi"],"sourceUrl":["https://example.test/1"]},"datasets":["example"],"first_seen":"2023-04-20T10:00:00","last_seen":"2026-01-01","target":true}"#,
    "\n\n",
    r#"{"id":"NK-2","schema":"LegalEntity","caption":"Invented Person","properties":{"name":["Invented Person"],"birthDate":["1960"],"passportNumber":["A1"],"notes":["n"]},"datasets":["example"]}"#,
    "\n",
    r#"{"id":"NK-3","schema":"Address","properties":{"full":["x"]}}"#,
    "\n",
    r#"{"id":"NK-1","schema":"Company","caption":"Again"}"#,
    "\n{\"id\": \"NK-4\", \"schema\"\n",
    r#"{"id":"NK-5","schema":"Vessel","caption":"Example Star","properties":{"imoNumber":["IMO9404546"]}}"#,
    "\n",
);

#[test]
fn entities_of_followthemoney_are_parties() {
    let (list, summary) = parse(Form::FtmJsonl, FTM.as_bytes()).unwrap();
    assert_eq!((summary.records, summary.rows), (6, 3));
    let firm = entry(&list, "NK-1");
    assert_eq!(names(firm, AliasKind::AlsoKnownAs), ["Примерный хлопок"]);
    assert_eq!(names(firm, AliasKind::FormerlyKnownAs), ["Old Cotton"]);
    assert_eq!(names(firm, AliasKind::Weak), ["EC"]);
    assert_eq!(firm.identifiers[0].scheme, Scheme::Lei);
    assert_eq!(firm.programs, ["debarment"]);
    assert_eq!(firm.citation, "example (https://example.test/1)");
    let person = entry(&list, "NK-2");
    assert_eq!(
        (person.kind, person.remarks.as_ref()),
        (EntryKind::Person, None)
    );
    assert_eq!(entry(&list, "NK-5").identifiers[0].value, "9404546");
    let places: Vec<_> = list.unread.iter().map(|it| it.place.as_str()).collect();
    assert_eq!(places, ["line 5", "line 6", "whole file", "whole file"]);
    for bytes in [&b"[{}]"[..], b"<html>", b"", b"{}\n", b"plain"] {
        assert!(parse(Form::FtmJsonl, bytes).is_err());
    }
    let deep = format!("{}{}\n", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    assert!(refused(Form::FtmJsonl, deep.as_bytes()).contains("no party"));
    let long = format!("{{\"id\":\"{}\"}}", "x".repeat(5 * 1024 * 1024));
    assert!(refused(Form::FtmJsonl, long.as_bytes()).contains("more than"));
}

// Custom lists

const CUSTOM: &str = "\
Name,Aliases,Country,Kind,Scope,Listed on,Citation,Reviewer
Example Mill,Mill One; Mill Two,CN,,and subsidiaries,2024-05-01,\"Example NGO, report 7, p. 12\",AB
Example Farm,,Atlantis,farm,,someday,Example NGO,
No Citation Ltd,,,,,,,
Invented Person,,,person,,,Example NGO,note on a person
Example Mill,,,,,2024-05-01,Example NGO,
";

#[test]
fn a_list_of_ones_own_needs_a_name_and_a_citation() {
    let (list, summary) = parse(Form::CustomCsv, CUSTOM.as_bytes()).unwrap();
    assert_eq!((summary.records, summary.rows), (5, 3));
    let mill = entry(&list, "example-mill-2024-05-01");
    assert_eq!(
        mill.scope,
        Scope::AndSubsidiaries("and subsidiaries".to_owned())
    );
    assert_eq!(mill.aliases.len(), 2);
    assert_eq!(mill.citation, "Example NGO, report 7, p. 12");
    assert_eq!(mill.remarks.as_deref(), Some("Reviewer: AB"));
    let person = list
        .content
        .entries
        .iter()
        .find(|it| it.kind == EntryKind::Person)
        .unwrap();
    assert!(person.id.starts_with("person-") && person.remarks.is_none());
    let told: Vec<_> = reasons(&list).iter().map(|(place, _)| *place).collect();
    assert_eq!(
        told,
        [
            "row 3, line 3",
            "row 3, line 3",
            "row 3, line 3",
            "row 4, line 4",
            "row 6, line 6"
        ]
    );

    let lines = concat!(
        r#"{"name":"Example Mill","aliases":["Mill One","Mill Two"],"country":"CN","scope":"and subsidiaries","listed_on":"2024-05-01","citation":"Example NGO, report 7, p. 12","Reviewer":"AB"}"#,
        "\n[1]\n{\"name\":\n{\"name\":\"x\"}\n"
    );
    let (json, _) = parse(Form::CustomJsonl, lines.as_bytes()).unwrap();
    assert_eq!(json.content.entries[0], *mill);
    assert_eq!(json.unread.len(), 3);
    assert!(refused(Form::CustomCsv, b"Name,Country\nX,CN\n").contains("name, citation"));
}

// Any form

fn whole_files() -> Vec<(Form, Vec<u8>)> {
    vec![
        (Form::SdnXml, sdn_xml().into_bytes()),
        (Form::SamCsv, sam().into_bytes()),
        (Form::SamZip, zipped(&[("a.csv", sam().as_bytes())])),
        (Form::CslCsv, CSL.as_bytes().to_vec()),
        (Form::BrazilCsv, BRAZIL.as_bytes().to_vec()),
        (Form::FtmJsonl, FTM.as_bytes().to_vec()),
        (Form::CustomCsv, CUSTOM.as_bytes().to_vec()),
    ]
}

#[test]
fn the_same_bytes_give_the_same_rows_and_ids_are_unique() {
    for (form, bytes) in whole_files() {
        let (list, summary) = parse(form, &bytes).unwrap();
        assert_eq!(
            parse(form, &bytes).unwrap(),
            (list.clone(), summary.clone()),
            "{form}"
        );
        assert_eq!(summary.rows, list.content.len() as u64);
        assert_eq!(summary.unread, list.unread.len() as u64);
        let ids: std::collections::BTreeSet<_> =
            list.content.entries.iter().map(|it| &it.id).collect();
        assert_eq!(ids.len(), list.content.entries.len(), "{form}");
        assert!(
            list.content
                .entries
                .iter()
                .all(|it| !it.citation.is_empty())
        );
    }
    assert_eq!(rows_of_entries(SDN), 5);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_damage_makes_a_parser_panic(
        which in 0_usize..7,
        cut in 0.0_f64..1.0,
        spots in proptest::collection::vec((0.0_f64..1.0, any::<u8>()), 0..12),
    ) {
        let (form, mut bytes) = whole_files().swap_remove(which);
        for (at, byte) in spots {
            let place = (at * bytes.len() as f64) as usize;
            bytes[place] = byte;
        }
        bytes.truncate((cut * 1.3 * bytes.len() as f64) as usize);
        if let Ok((list, summary)) = parse(form, &bytes) {
            prop_assert_eq!(summary.rows, list.content.len() as u64);
            prop_assert!(list.unread.iter().all(|it| !it.place.is_empty() && !it.reason.is_empty()));
            prop_assert!(list.content.entries.iter().all(|it| !it.name.is_empty() && !it.id.is_empty()));
        }
    }

    #[test]
    fn no_bytes_make_a_parser_panic(form in 0_usize..Form::ALL.len(), bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(Form::ALL[form], &bytes);
    }
}

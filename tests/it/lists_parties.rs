//! The other lists of parties in the publishers' forms, good and hostile, and
//! what holds of any form.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use plimsoll::{
    country::Country,
    identifier::Scheme,
    lists::{EntryKind, Form, Scope, uflpa},
    supplier::AliasKind,
};
use proptest::prelude::*;

use crate::list_files::{
    BRAZIL, CSL, CUSTOM, FTM, SDN, day, entry, names, parse, reasons, refused, sam, sdn_xml, zipped,
};
use crate::sdn_layout::rows_of_entries;

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
    let countries: Vec<_> = firm.countries.iter().map(Country::alpha2).collect();
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
    // An id that is made of a person's name is not given out; a firm's is.
    let named = r#"{"id":"x-invented-somebody","schema":"SCHEMA","caption":"Invented Somebody","datasets":["x"],"properties":{"name":["Invented Somebody"]}}"#;
    for (schema, kept) in [("Person", false), ("Company", true)] {
        let line = named.replace("SCHEMA", schema);
        let (list, _) = parse(Form::FtmJsonl, line.as_bytes()).unwrap();
        let read = &list.content.entries[0];
        assert_eq!(read.id.contains("somebody"), kept, "{read:?}");
        assert_eq!(read.citation.contains("somebody"), kept, "{read:?}");
    }
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

/// An id is given out, a person's name is not, however short its words are.
#[test]
fn an_id_that_tells_a_persons_name_is_a_hash() {
    let tells = [
        ("li-wei", "Li Wei", ""),
        ("LIWEI_7", "Li Wei", ""),
        ("weili", "Li Wei", ""),
        ("ng-3", "Ng, Invented", ""),
        ("row-ab12", "Ab Cd", ""),
        ("wu", "Wu", ""),
        ("x-1-bo", "Invented Person", "Bo Example"),
        ("xinventedx", "Invented Person", ""),
    ];
    let tells_not = [
        ("row-17", "Li Wei", ""),
        ("delivery-9", "Li Wei", ""),
        ("NK-1f", "Ng, Invented", ""),
    ];
    for (id, name, alias) in tells.into_iter().chain(tells_not) {
        let csv =
            format!("id,name,aliases,kind,citation\n{id},\"{name}\",{alias},person,Example NGO\n");
        let entity = serde_json::json!({
            "id": id, "schema": "Person", "caption": name, "datasets": ["example"],
            "properties": {"name": [name], "alias": [alias]},
        });
        for (form, text) in [
            (Form::CustomCsv, csv),
            (Form::FtmJsonl, format!("{entity}\n")),
        ] {
            let (list, _) = parse(form, text.as_bytes()).unwrap();
            let given = &list.content.entries[0];
            assert_eq!(given.kind, EntryKind::Person);
            let hashed = tells.contains(&(id, name, alias));
            assert_eq!(
                given.id.starts_with("person-"),
                hashed,
                "{form}: {id}, {name}"
            );
            assert_eq!(
                given.citation.contains(id),
                !hashed && form == Form::FtmJsonl
            );
        }
    }
}

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

/// The table in docs/lists.md is what the grammar does.
#[test]
fn every_cell_in_the_document_reads_as_it_says() {
    let document = include_str!("../../docs/lists.md");
    let (_, section) = document
        .split_once("## The grammar of a UFLPA name cell")
        .unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let mut rows = 0;
    for line in section
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(1)
    {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [cell, name, aliases, scope, members] = cells[..] else {
            panic!("{line}");
        };
        rows += 1;
        let page = format!(
            "<p>2(d)(2)(B)(i)</p><table><tr><th>Name of Entity</th><th>Effective Date</th></tr>\
             <tr><td>{cell}</td><td>June 21, 2022</td></tr></table>"
        );
        let list = uflpa::parse(page.as_bytes()).unwrap();
        let main = &list.content.entries[0];
        let read: Vec<&str> = main
            .aliases
            .iter()
            .map(|alias| alias.name.as_str())
            .collect();
        let wording = match &main.scope {
            Scope::NamedParty => "",
            Scope::AndSubsidiaries(wording) => wording,
        };
        let others = list.content.entries.iter().skip(1);
        let named: Vec<&str> = others.map(|entry| entry.name.as_str()).collect();
        assert_eq!(
            (
                main.name.as_str(),
                read.join("; "),
                wording,
                named.join("; ")
            ),
            (name, aliases.to_owned(), scope, members.to_owned())
        );
    }
    assert_eq!(rows, 9);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_damage_makes_a_parser_panic(
        which in 0_usize..7,
        cut in 0_usize..1300,
        spots in proptest::collection::vec((0_usize..1000, any::<u8>()), 0..12),
    ) {
        let (form, mut bytes) = whole_files().swap_remove(which);
        for (at, byte) in spots {
            let place = at * bytes.len() / 1000;
            bytes[place] = byte;
        }
        bytes.truncate(cut * bytes.len() / 1000);
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

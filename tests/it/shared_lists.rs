//! Parsers held against the published files that are not part of the project.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeSet, path::PathBuf};

use plimsoll::lists::{EntryKind, Scope, cbp, dol, uflpa};

#[expect(
    clippy::disallowed_methods,
    reason = "only these tests need to know where the files are"
)]
fn shared(path: &str) -> PathBuf {
    PathBuf::from(std::env::var("PLIMSOLL_SHARED").unwrap())
        .join("data/lists")
        .join(path)
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(shared(path)).unwrap()
}

#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn the_goods_file_of_2022_is_read_whole() {
    let list = dol::parse(&read("dol/goods.xml"), "DOL 2022").unwrap();
    assert_eq!(list.unread, []);
    assert_eq!(list.content.goods.len(), 467);
    let goods: BTreeSet<_> = list.content.goods.iter().map(|it| &it.good).collect();
    assert_eq!(goods.len(), 169);
    assert_eq!(
        list.content.goods.iter().filter(|it| it.downstream).count(),
        10
    );
}

/// The reference snapshot is the published edition with the rows of 2024.
#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn the_reference_goods_are_those_of_the_goods_file() {
    use plimsoll::lists::{Source, reference};
    let pairs = |goods: &[plimsoll::lists::GoodListing], edition: &str| {
        goods
            .iter()
            .filter(|it| it.citation.contains(edition))
            .map(|it| {
                (
                    it.good.clone(),
                    it.country,
                    (it.child_labor, it.forced_labor, it.forced_child_labor),
                    it.downstream,
                    it.input_country.clone(),
                )
            })
            .collect::<BTreeSet<_>>()
    };
    let published = dol::parse(&read("dol/goods.xml"), "2022 edition").unwrap();
    let published = pairs(&published.content.goods, "2022 edition");
    let snapshots = reference::snapshots().unwrap();
    let held = snapshots
        .iter()
        .find(|it| it.head.source == Source::DolGoods)
        .unwrap();
    assert_eq!(pairs(&held.content.goods, "2022 edition"), published);
    let withdrawn = held
        .content
        .goods
        .iter()
        .filter(|it| it.delisted_on.is_some())
        .count();
    assert_eq!(withdrawn, 5, "4 removed, 1 superseded in 2024");
}

#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn the_countries_file_is_read() {
    let list = dol::parse(&read("dol/countries.xml"), "DOL").unwrap();
    println!(
        "{} rows, {} unread",
        list.content.goods.len(),
        list.unread.len()
    );
    for unread in &list.unread {
        println!("{unread:?}");
    }
    assert!(list.content.goods.len() > 400);
}

#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn the_extract_of_the_uflpa_page_is_read() {
    let list = uflpa::parse(&read("uflpa/page_extract.html")).unwrap();
    let names: Vec<_> = list
        .content
        .entries
        .iter()
        .map(|entry| (entry.name.as_str(), entry.aliases.len()))
        .collect();
    assert_eq!(
        names,
        [
            ("Baoding LYSZD Trade and Business Co., Ltd.", 0),
            ("Hetian Haolin Hair Accessories Co. Ltd.", 2),
            ("Aksu Huafu Color Spinning Co., Ltd.", 4),
            ("Camel Group Co., Ltd.", 0),
        ]
    );
}

/// Every name cell that we have, through the page parser.
#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn every_known_uflpa_name_survives_the_grammar() {
    let mut reader =
        csv::Reader::from_reader(std::io::Cursor::new(read("uflpa/entities_partial.csv")));
    for record in reader.records() {
        let record = record.unwrap();
        let name = record.get(0).unwrap();
        let aliases: Vec<&str> = record
            .get(1)
            .unwrap()
            .split('|')
            .map(|alias| alias.trim_end_matches(" (formerly)"))
            .filter(|alias| !alias.is_empty())
            .collect();
        let bare = name.trim_end_matches(" and its subordinate and affiliated entities");
        let forms = [
            format!("(also known as {})", aliases.join("; and ")),
            format!(
                "(including {} aliases: {})",
                aliases.len(),
                aliases.join("; ")
            ),
        ];
        for form in forms {
            let cell = if aliases.is_empty() {
                bare.to_owned()
            } else {
                format!("{bare} {form}")
            };
            let cell = cell.replace('&', "&amp;");
            let page = format!(
                "<p>2(d)(2)(B)(i)</p><table><tr><th>Name of Entity</th><th>Effective Date</th></tr>\
                 <tr><td>{cell} and subsidiaries</td><td>June 21, 2022</td></tr></table>"
            );
            let list = uflpa::parse(page.as_bytes()).unwrap();
            let entry = list.content.entries.first().unwrap();
            assert_eq!(entry.name, bare);
            let read: Vec<_> = entry
                .aliases
                .iter()
                .map(|alias| alias.name.as_str())
                .collect();
            assert_eq!(read, aliases, "{cell}");
            assert_eq!(
                entry.scope,
                Scope::AndSubsidiaries("and subsidiaries".to_owned())
            );
            assert_eq!(list.unread, []);
        }
    }
}

/// Verbatim entity cells in the published columns; what they name is in the
/// column beside them.
#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn every_known_cbp_cell_names_whom_it_should() {
    let mut reader = csv::Reader::from_reader(std::io::Cursor::new(read("cbp/orders_partial.csv")));
    let mut differing = Vec::new();
    for record in reader.records() {
        let record = record.unwrap();
        let mut file = csv::Writer::from_writer(Vec::new());
        file.write_record([
            "Effective Date",
            "Calendar Year",
            "Country Code",
            "Country",
            "Merchandise",
            "WRO/Finding",
            "Industry",
            "Status",
            "Press Release",
            "Entity",
            "Remarks",
        ])
        .unwrap();
        let cell = record.get(0).unwrap();
        file.write_record([
            "1/2/2020", "", "", "China", "", "WRO", "", "Active", "", cell, "",
        ])
        .unwrap();
        let list = cbp::parse(&file.into_inner().unwrap()).unwrap();
        assert!(!list.content.entries.is_empty(), "{cell}");
        let read: BTreeSet<&str> = list
            .content
            .entries
            .iter()
            .flat_map(|entry| {
                std::iter::once(entry.name.as_str())
                    .chain(entry.aliases.iter().map(|alias| alias.name.as_str()))
            })
            .collect();
        let expected: BTreeSet<&str> = [1, 2]
            .into_iter()
            .flat_map(|column| record.get(column).unwrap().split('|'))
            .filter(|name| !name.is_empty())
            .collect();
        if read != expected {
            println!("{cell}\n  read     {read:?}\n  expected {expected:?}");
            differing.push(cell.get(..16).unwrap_or(cell).to_owned());
        }
        for unread in &list.unread {
            println!("{cell}\n  {unread:?}");
        }
        let has_vessel = list
            .content
            .entries
            .iter()
            .any(|it| it.kind == EntryKind::Vessel);
        assert_eq!(
            has_vessel,
            cell.to_lowercase().starts_with("fishing vessel") && !cell.contains("owned by")
        );
    }
    assert_eq!(
        differing,
        [
            // An acronym in brackets is an alias here and part of the name there.
            "Xinjiang Uyghur ",
            "Xinjiang Product",
            "No. 4 Vocational",
            // Members that the cell does not name.
            "Hero Vast Group",
            // A full stop; a prefix.
            "All Turkmenistan",
            "Fishing vessel T",
        ]
    );
}

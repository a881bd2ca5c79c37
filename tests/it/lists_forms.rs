//! The forms in which publishers print their lists, good and hostile.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use plimsoll::{
    country::Country,
    lists::{Entry, EntryKind, EntryStatus, ParsedList, Scope, cbp, dol, uflpa},
    supplier::AliasKind,
};

const UFLPA: &str = include_str!("../../fixtures/lists/uflpa_page.html");
const CBP: &str = include_str!("../../fixtures/lists/cbp_orders.csv");
const GOODS: &str = include_str!("../../fixtures/lists/dol_goods.xml");
const COUNTRIES: &str = include_str!("../../fixtures/lists/dol_countries.xml");

fn entry<'list>(list: &'list ParsedList, name: &str) -> &'list Entry {
    list.content
        .entries
        .iter()
        .find(|entry| entry.name == name)
        .unwrap_or_else(|| panic!("no entry {name}: {:?}", names(list)))
}

fn names(list: &ParsedList) -> Vec<&str> {
    list.content
        .entries
        .iter()
        .map(|entry| entry.name.as_str())
        .collect()
}

fn unread(list: &ParsedList) -> Vec<(&str, &str)> {
    list.unread
        .iter()
        .map(|unread| (unread.place.as_str(), unread.reason.as_str()))
        .collect()
}

fn countries(entry: &Entry) -> Vec<&str> {
    entry.countries.iter().map(Country::alpha2).collect()
}

#[test]
fn the_uflpa_page_gives_entities_with_sub_lists_and_dates() {
    let list = uflpa::parse(UFLPA.as_bytes()).unwrap();
    assert_eq!(list.content.entries.len(), 20, "{:?}", names(&list));

    let daqo = entry(&list, "Xinjiang Daqo New Energy Co., Ltd.");
    assert_eq!(daqo.programs, ["2(d)(2)(B)(i)", "2(d)(2)(B)(v)"]);
    assert_eq!(daqo.aliases.len(), 3, "the repeated alias is not doubled");
    assert_eq!(daqo.listed_on, "2022-06-21".parse().ok());
    assert_eq!(
        daqo.remarks.as_deref(),
        Some("2(d)(2)(B)(i) since 2022-06-21; 2(d)(2)(B)(v) since 2024-11-25")
    );
    assert_eq!(countries(daqo), ["CN"]);

    let hoshine = entry(&list, "Hoshine Silicon Industry (Shanshan) Co., Ltd");
    assert_eq!(
        hoshine.aliases[0].name,
        "Hesheng Silicon Industry (Shanshan) Co."
    );
    assert_eq!(
        hoshine.scope,
        Scope::AndSubsidiaries("and subsidiaries".to_owned())
    );

    let camel = entry(&list, "Camel Group Co., Ltd.");
    assert_eq!(
        camel.programs,
        ["2(d)(2)(B)(ii)"],
        "by the words of the heading"
    );
    assert_eq!(camel.listed_on, "2023-08-02".parse().ok());

    let former = &entry(&list, "Tianjin Tianwei Food Co., Ltd.").aliases[0];
    assert_eq!(former.kind, AliasKind::FormerlyKnownAs);
    assert_eq!(former.name, "Tianjin Sanhe Fruit and Vegetable Co., Ltd.");

    let geehy = entry(&list, "Geehy Semiconductor Co., Ltd.");
    assert_eq!(
        geehy.remarks.as_deref(),
        Some("named as part of Ninestar Corporation")
    );
    assert_eq!(
        entry(&list, "Sichuan Yuan’an Pharmaceutical Co. Ltd.").listed_on,
        None
    );
}

#[test]
fn what_the_uflpa_page_holds_beside_entities_is_reported() {
    let list = uflpa::parse(UFLPA.as_bytes()).unwrap();
    assert_eq!(
        unread(&list),
        [
            (
                "table 1 row 1",
                "the table has no column with names of entities"
            ),
            (
                "table 4 row 4",
                "the effective date is not a day; the entry is kept without one"
            ),
            (
                "table 4 row 6",
                "the cell announces 2 aliases and 1 were read"
            ),
            ("table 4 row 7", "the row names no entity"),
        ]
    );
}

#[test]
fn a_uflpa_page_in_another_dress_reads_the_same() {
    let plain = uflpa::parse(UFLPA.as_bytes()).unwrap();
    let curly = UFLPA.replace("Co., Ltd.", "Co.,&#160;Ltd.");
    assert_eq!(uflpa::parse(curly.as_bytes()).unwrap(), plain);
    let swapped = UFLPA.replace(
        "<tr><td>Camel Group Co., Ltd.</td><td>Aug. 2, 2023</td></tr>",
        "<tr><td><p>Cam<em>el</em> Group<br>Co.,\n<strong>Ltd</strong>.</p></td><td><span>August</span> 2, 2023</td></tr>",
    );
    assert_ne!(swapped, UFLPA);
    assert_eq!(uflpa::parse(swapped.as_bytes()).unwrap(), plain);
    // Windows-1252 with its own apostrophe.
    let latin: Vec<u8> = UFLPA
        .chars()
        .map(|letter| {
            if letter == '’' {
                0x92
            } else {
                u8::try_from(letter).unwrap()
            }
        })
        .collect();
    assert_eq!(uflpa::parse(&latin).unwrap(), plain);
}

#[test]
fn a_page_without_sub_lists_keeps_its_entities_and_says_so() {
    let page = "<table><tr><th>Name of Entity</th><th>Effective Date</th></tr>\
                <tr><td>Camel Group Co., Ltd.</td><td>August 2, 2023</td></tr></table>";
    let list = uflpa::parse(page.as_bytes()).unwrap();
    assert_eq!(names(&list), ["Camel Group Co., Ltd."]);
    assert!(list.content.entries[0].programs.is_empty());
    assert_eq!(list.unread[0].place, "table 1");
}

#[test]
fn a_page_that_is_not_the_list_is_refused() {
    for page in [
        "",
        "   \n",
        "<html><body><h1>Access denied</h1></body></html>",
        "<table><tr><th>Product</th><th>Price</th></tr><tr><td>a</td><td>1</td></tr></table>",
        "\0\0\0\0",
    ] {
        let refused = uflpa::parse(page.as_bytes()).unwrap_err();
        assert!(!refused.fix.is_empty(), "{page}");
    }
    for hostile in [
        "<div>".repeat(1_000_000),
        "<table>".repeat(300),
        "<table><tr><td>".repeat(100_000),
        "<p></p><table></table>".repeat(201),
        "<b><i>".repeat(100_000),
    ] {
        assert!(uflpa::parse(hostile.as_bytes()).is_err());
    }
}

#[test]
fn the_cbp_file_gives_one_entry_for_each_party_named() {
    let list = cbp::parse(CBP.as_bytes()).unwrap();
    let kinds = |kind| {
        list.content
            .entries
            .iter()
            .filter(|entry| entry.kind == kind)
            .map(|entry| entry.name.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(kinds(EntryKind::Vessel), ["Da Wang"]);
    assert_eq!(
        kinds(EntryKind::Region),
        ["Xinjiang Uyghur Autonomous Region"]
    );
    assert_eq!(
        kinds(EntryKind::Good),
        [
            "All Turkmenistan Cotton or products produced in whole or in part with Turkmenistan cotton",
            "Tobacco produced in Malawi and products containing tobacco produced in Malawi",
            "Artisanal Small Mines",
            "Rough diamonds",
        ]
    );
    assert_eq!(
        kinds(EntryKind::Organization),
        [
            "Shanghai Select Safety Products Company, Limited",
            "Select (Nantong) Safety Products Co. Limited",
            "Select Protective Technology (HK) Limited",
            "Xinjiang Production and Construction Corporation",
            "Yili Zhuowan Garment Manufacturing Co., Ltd.",
            "Baoding LYSZD Trade and Business Co., Ltd.",
            "Tangshan Sanyou Group",
            "Brightway Holdings Sdn Bhd",
            "Laglove (M) Sdn Bhd",
            "Biopro (M) Sdn Bhd",
            "Brightway Group",
            "Inner Mongolia Hengzheng Group Baoanzhao Agriculture, Industry, and Trade Co., Ltd.",
            "WRP Asia Pacific Sdn. Bhd.",
            "Bonechar",
        ]
    );
}

#[test]
fn cbp_entries_carry_order_status_goods_and_country() {
    let list = cbp::parse(CBP.as_bytes()).unwrap();
    let xpcc = entry(&list, "Xinjiang Production and Construction Corporation");
    assert_eq!(xpcc.aliases[0].name, "XPCC");
    assert_eq!(
        xpcc.scope,
        Scope::AndSubsidiaries("and its subordinates".to_owned())
    );
    assert_eq!(xpcc.programs, ["WRO"]);
    assert_eq!(xpcc.goods.as_deref(), Some("Cotton and cotton products"));
    assert_eq!(xpcc.listed_on, "2020-11-30".parse().ok());
    assert!(
        xpcc.remarks
            .as_ref()
            .unwrap()
            .starts_with("First line, second line; industry: Apparel")
    );
    assert_eq!(
        xpcc.id,
        "xinjiang-production-and-construction-corporation-2020-11-30-wro"
    );

    let status = |name| entry(&list, name).status;
    assert_eq!(status("Brightway Group"), EntryStatus::Inactive);
    assert_eq!(status("WRP Asia Pacific Sdn. Bhd."), EntryStatus::Revoked);
    assert_eq!(status("Bonechar"), EntryStatus::PresumedActive);
    assert_eq!(
        status("Tobacco produced in Malawi and products containing tobacco produced in Malawi"),
        EntryStatus::PartiallyActive
    );
    let da_wang = entry(&list, "Da Wang");
    assert_eq!(da_wang.programs, ["Finding"]);
    assert_eq!(countries(da_wang), ["VU", "TW"]);
    assert_eq!(
        countries(entry(&list, "Rough diamonds")),
        ["ZW"],
        "by its code"
    );
    let gloves = entry(&list, "Select (Nantong) Safety Products Co. Limited");
    assert!(
        gloves
            .citation
            .contains("https://www.cbp.gov/newsroom/work-gloves")
    );
    assert!(
        gloves
            .remarks
            .as_ref()
            .unwrap()
            .contains("entity cell: Shanghai Select")
    );
}

#[test]
fn cbp_rows_that_are_no_order_are_reported_with_their_place() {
    let list = cbp::parse(CBP.as_bytes()).unwrap();
    let reasons: Vec<_> = list
        .unread
        .iter()
        .map(|it| (it.reason.as_str(), it.text.as_str()))
        .collect();
    assert_eq!(
        reasons,
        [
            ("the row stands before the header", "Withhold Release Orders and Findings | | | | | | | | | | "),
            ("the status is not one we know; the entries are kept as presumed active", "Superseded?"),
            ("the row is not an order", " | | | | | | | | | Total 12 | "),
            ("the header is repeated", "Effective Date | Calendar Year | Country Code | Country | Merchandise | WRO/Finding | Industry | Status | Press Release | Entity | Remarks"),
            ("the effective date is not a day; the entries are kept without one", "soon"),
            ("the country is not one we know; the entries are kept without it", "Atlantis"),
        ]
        .map(|(reason, text): (&str, &str)| (reason, text.trim()))
    );
    assert_eq!(list.unread[1].place, "row 15, line 16");
}

#[test]
fn cbp_columns_may_move_and_be_renamed() {
    let plain = cbp::parse(CBP.as_bytes()).unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(CBP.as_bytes());
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in reader.records() {
        let record = record.unwrap();
        let mut cells: Vec<String> = record
            .iter()
            .rev()
            .map(|cell| match cell {
                "Entity" => "Manufacturer/Entity".to_owned(),
                "WRO/Finding" => "Type".to_owned(),
                "Effective Date" => "Date Issued".to_owned(),
                cell => cell.to_owned(),
            })
            .collect();
        cells.insert(3, String::new());
        writer.write_record(&cells).unwrap();
    }
    let moved = cbp::parse(&writer.into_inner().unwrap()).unwrap();
    assert_eq!(moved.content, plain.content);
}

#[test]
fn cbp_charsets_read_the_same() {
    let plain = cbp::parse(CBP.as_bytes()).unwrap();
    let with_mark = [b"\xef\xbb\xbf", CBP.as_bytes()].concat();
    assert_eq!(cbp::parse(&with_mark).unwrap(), plain);
    let latin = CBP
        .replace("Bonechar", "Bonechar\u{1}")
        .replace("Work gloves", "Work\u{2}gloves");
    let latin: Vec<u8> = latin
        .bytes()
        .map(|byte| if byte == 1 || byte == 2 { 0xa0 } else { byte })
        .collect();
    assert!(std::str::from_utf8(&latin).is_err());
    assert_eq!(cbp::parse(&latin).unwrap(), plain);
    assert_eq!(
        cbp::parse(CBP.replace('\n', "\r\n").as_bytes())
            .unwrap()
            .content,
        plain.content
    );
}

#[test]
fn a_cbp_file_that_is_none_is_refused_and_a_cut_one_says_so() {
    for file in [
        "",
        "<!DOCTYPE html><html><body>Access denied</body></html>",
        "a,b,c\n1,2,3\n",
        "Entity\nFinca Monte Grande\n",
    ] {
        let refused = cbp::parse(file.as_bytes()).unwrap_err();
        assert!(!refused.fix.is_empty(), "{file}");
    }
    let cut = &CBP[..CBP.find("second line").unwrap()];
    let list = cbp::parse(cut.as_bytes()).unwrap();
    assert_eq!(list.unread.last().unwrap().place, "end of file");
}

#[test]
fn dol_goods_read_by_good_and_by_country() {
    let list = dol::parse(GOODS.as_bytes(), "DOL 2022").unwrap();
    let rows: Vec<_> = list
        .content
        .goods
        .iter()
        .map(|listing| {
            (
                listing.good.as_str(),
                listing.country.alpha2(),
                listing.downstream,
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("Bricks", "MM", false),
            ("Bricks", "CI", false),
            ("Lithium-Ion Batteries", "CN", true)
        ]
    );
    let [burma, ivory_coast, batteries] = list.content.goods.as_slice() else {
        panic!()
    };
    assert!(burma.child_labor && burma.forced_labor && burma.forced_child_labor);
    assert_eq!(burma.sector.as_deref(), Some("Manufacturing"));
    assert_eq!(burma.citation, "DOL 2022");
    assert!(ivory_coast.child_labor && !ivory_coast.forced_labor);
    assert_eq!(ivory_coast.country_as_published, "Côte d'Ivoire");
    assert_eq!(
        batteries.input_country.as_deref(),
        Some("Congo, Democratic Republic of the")
    );
    let reasons: Vec<_> = list.unread.iter().map(|it| it.reason.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "the country \"Ruritania\" is not one we know",
            "Child_Labor is \"Perhaps\", neither yes nor no",
            "no kind of labor is marked",
            "the good names no country",
        ]
    );

    let list = dol::parse(COUNTRIES.as_bytes(), "DOL 2022").unwrap();
    let rows: Vec<_> = list
        .content
        .goods
        .iter()
        .map(|listing| {
            (
                listing.good.as_str(),
                listing.country.alpha2(),
                listing.forced_labor,
            )
        })
        .collect();
    assert_eq!(rows, [("Bricks", "AF", true), ("Salt", "AF", false)]);
    assert_eq!(list.unread, []);
}

#[test]
fn hostile_xml_is_refused_with_its_place() {
    let bomb = r#"<?xml version="1.0"?><!DOCTYPE Goods [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Goods><Good><Good_Name>&b;</Good_Name></Good></Goods>"#;
    let undeclared = GOODS.replace("Bricks", "&bomb;");
    let deep = format!(
        "<Goods>{}{}</Goods>",
        "<a>".repeat(100_000),
        "</a>".repeat(100_000)
    );
    let halves = GOODS.split_at(GOODS.len() / 2).0;
    let crossed = GOODS.replace("</Country_Name>", "</Child_Labor>");
    for (xml, reason) in [
        (bomb, "declares entities"),
        (&undeclared, "not one of XML's own"),
        (&deep, "nested deeper"),
        (halves, "ends inside"),
        (&crossed, "the XML is broken"),
        (
            "<html><body>Access denied</body></html>",
            "root element is html",
        ),
        ("<Goods></Goods>", "holds no goods"),
        ("<Goods/>", "holds no goods"),
        ("plain text", "holds no goods"),
        ("", "empty"),
    ] {
        let refused = dol::parse(xml.as_bytes(), "c").unwrap_err();
        assert!(refused.reason.contains(reason), "{reason}: {refused}");
        assert!(!refused.place.is_empty() && !refused.fix.is_empty());
    }
    // Long text in a field that is not kept costs nothing and breaks nothing.
    let long = GOODS.replace("Indo-Pacific", &"x".repeat(1_000_000));
    assert_eq!(
        dol::parse(long.as_bytes(), "c").unwrap().content,
        dol::parse(GOODS.as_bytes(), "c").unwrap().content
    );
}

#[test]
fn a_cell_of_megabytes_is_reported_and_costs_nothing() {
    let long = "A Co. and ".repeat(300_000);
    let page = UFLPA.replace("Camel Group Co., Ltd.", &long);
    let list = uflpa::parse(page.as_bytes()).unwrap();
    assert!(unread(&list).contains(&("table 3 row 3", "the cell is longer than any name")));
    let file = CBP.replace("Bonechar", &long);
    let list = cbp::parse(file.as_bytes()).unwrap();
    assert!(
        list.unread
            .iter()
            .any(|it| it.reason.contains("longer than any name"))
    );
}

proptest::proptest! {
    /// Bytes of any kind, and pages cut anywhere, give a result.
    #[test]
    fn parsers_never_panic(junk in proptest::collection::vec(proptest::num::u8::ANY, 0..64), cut in 0_usize..10_000) {
        for page in [UFLPA, CBP, GOODS, COUNTRIES] {
            let mut bytes = page.as_bytes()[..cut.min(page.len())].to_vec();
            bytes.extend_from_slice(&junk);
            let _ = uflpa::parse(&bytes);
            let _ = cbp::parse(&bytes);
            let _ = dol::parse(&bytes, "c");
        }
    }

    /// Every cell of a well-formed row ends in an entry or is reported.
    #[test]
    fn no_name_cell_is_lost(name in "[A-Z][a-z]{2,8}( [A-Z][a-z]{1,8}| and [A-Z][a-z]{2,8}| \\([A-Z][a-z]{2,6}\\)|, [A-Z][a-z]{2,8}){0,4}( Co\\., Ltd\\.)?") {
        let page = format!("<p>Section 2(d)(2)(B)(i)</p><table><tr><th>Name of Entity</th><th>Effective Date</th></tr><tr><td>{name}</td><td>June 21, 2022</td></tr></table>");
        let list = uflpa::parse(page.as_bytes()).unwrap();
        let read: String = list.content.entries.iter().map(|entry| entry.name.as_str()).collect();
        proptest::prop_assert_eq!(read, name);
    }
}

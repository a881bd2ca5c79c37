//! Files that are broken or made to hurt: each is refused with a clear word or
//! read with its bad rows named, and none takes the program down.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use plimsoll::intake::{
    ColumnSelector, Field, IntakeOptions, Limits, Unusable, parse_mapping, read_supplier_list,
};
use proptest::prelude::*;

use crate::{
    intake::{read, refusal},
    intake_books::{ods, workbook, workbook_of, zipped},
};

const SAMPLE: &[u8] = include_bytes!("../../fixtures/suppliers/sample.xlsx");
const OLD: &[u8] = include_bytes!("../../fixtures/suppliers/excel_2003.xls");

#[test]
fn unusable_files_say_what_to_do() {
    let ole: Vec<u8> = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]
        .into_iter()
        .chain([0; 600])
        .chain("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let cases: [(&[u8], &str); 13] = [
        (b"", "empty"),
        (b"  \r\n\r\n", "empty"),
        (b"Supplier,Country\n", "no supplier below"),
        (b"Supplier,Country\n,\n\n", "no supplier below"),
        (b"%PDF-1.7 ...", "PDF"),
        (
            b"<html><table><tr><td>Supplier</td></tr></table></html>",
            "HTML",
        ),
        (b"{\"suppliers\": []}", "JSON"),
        (b"\x89PNG\r\n\x1a\n....", "PNG"),
        (b"Foo Ltd,India\nBar Ltd,China\n", "--map"),
        (b"Country,City,Address\nIndia,Surat,1 Road\n", "--map"),
        (&ole, "password"),
        (&SAMPLE[..SAMPLE.len() / 2], "damaged"),
        (&OLD[..2000], "damaged"),
    ];
    for (bytes, word) in cases {
        let message = refusal(bytes).to_string();
        assert!(message.contains(word), "{word}: {message}");
        assert!(message.len() < 600, "{message}");
    }
}

#[test]
fn the_hostile_folder_is_refused_or_read() {
    macro_rules! file {
        ($name:literal) => {
            (
                $name,
                include_bytes!(concat!("../../fixtures/hostile/", $name)).as_slice(),
            )
        };
    }
    for ((name, bytes), word) in [
        (file!("empty.csv"), "empty"),
        (file!("header_only.csv"), "no supplier below"),
        (file!("no_header.csv"), "--map"),
        (file!("page.xls"), "HTML"),
        (file!("truncated.xlsx"), "damaged"),
        (file!("encrypted.xlsx"), "password"),
        (file!("bomb.xlsx"), "bomb"),
    ] {
        let refused = read_supplier_list(name, bytes, &IntakeOptions::default()).unwrap_err();
        assert!(refused.to_string().contains(word), "{name}: {refused}");
    }
    for ((name, bytes), warned) in [
        (file!("nul_and_rtl.csv"), 2),
        (file!("invalid_utf8.csv"), 1),
        (file!("open_quote.csv"), 1),
    ] {
        let list = read(bytes);
        let rows = list.suppliers.iter().filter(|row| !row.warnings.is_empty());
        assert_eq!((list.rows.accepted, rows.count()), (3, warned), "{name}");
    }
}

#[test]
fn the_bytes_decide_and_not_the_extension() {
    let options = IntakeOptions::default();
    let list = read_supplier_list("suppliers.csv", SAMPLE, &options).unwrap();
    assert_eq!(list.layout.format, "xlsx");
    assert!(
        list.notices
            .iter()
            .any(|notice| notice.contains("extension"))
    );
    let list =
        read_supplier_list("suppliers.xlsx", b"Supplier,Country\nFoo,India\n", &options).unwrap();
    assert_eq!(list.layout.format, "csv");
    assert!(
        list.notices
            .iter()
            .any(|notice| notice.contains("extension"))
    );
}

#[test]
fn a_bomb_is_stopped_while_it_unpacks() {
    let padding = vec![b' '; 20 << 20];
    let bomb = zipped(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/worksheets/sheet1.xml", &padding),
    ]);
    assert!(bomb.len() < 64 << 10, "a bomb is small: {}", bomb.len());
    assert!(matches!(refusal(&bomb), Unusable::InflatesTooFast { .. }));
    let options = IntakeOptions {
        limits: Limits {
            inflated_bytes: 1 << 20,
            ..Limits::default()
        },
        ..IntakeOptions::default()
    };
    let refused = read_supplier_list("bomb.xlsx", &bomb, &options).unwrap_err();
    assert!(matches!(refused, Unusable::InflatesTooFar { .. }));
}

#[test]
fn claims_of_a_workbook_are_not_believed() {
    let claims = zipped(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", b"<workbook/>"),
        (
            "xl/sharedStrings.xml",
            b"<sst uniqueCount=\"99999999999\"><si><t>x</t></si></sst>",
        ),
    ]);
    assert!(refusal(&claims).to_string().contains("99999999999"));
    let repeated = "<table:table table:name=\"A\"><table:table-row><table:table-cell office:value-type=\"string\"><text:p>Supplier</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated=\"1000000000\"><table:table-cell table:number-columns-repeated=\"4000000000\" office:value-type=\"string\"><text:p>x y</text:p></table:table-cell></table:table-row></table:table>";
    assert!(matches!(
        refusal(&ods(repeated)),
        Unusable::TooManyColumns { .. }
    ));
    let repeated = ods(&repeated.replace("4000000000", "1"));
    let options = IntakeOptions {
        limits: Limits {
            rows: 5000,
            ..Limits::default()
        },
        ..IntakeOptions::default()
    };
    let refused = read_supplier_list("repeated.ods", &repeated, &options).unwrap_err();
    assert!(matches!(refused, Unusable::TooManyRows { .. }));
}

#[test]
fn entities_are_not_expanded() {
    let laughs = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
    let cell = "<table:table-cell office:value-type=\"string\"><text:p>Supplier</text:p></table:table-cell>";
    let row = format!(
        "<table:table-row>{}</table:table-row>",
        cell.replace("Supplier", "Foo &b; Ltd")
    );
    let book = ods(&format!(
        "<table:table table:name=\"A\"><table:table-row>{cell}</table:table-row>{row}</table:table>"
    ));
    assert_eq!(read(&book).suppliers[0].supplier.name, "Foo &b; Ltd");
    let sheet = format!(
        "{laughs}<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>Supplier</v></c></row><row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>Foo &b; Ltd</t></is></c></row></sheetData></worksheet>"
    );
    match read_supplier_list("x.xlsx", &workbook_of(&sheet), &IntakeOptions::default()) {
        Ok(list) => assert!(!list.suppliers[0].supplier.name.contains("aaaa")),
        Err(refused) => assert!(matches!(refused, Unusable::Damaged { .. })),
    }
}

#[test]
fn cells_far_outside_cost_nothing() {
    let sheet = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>Supplier</v></c></row><row r=\"2\"><c r=\"A2\" t=\"str\"><v>Foo Ltd</v></c></row><row r=\"1048576\"><c r=\"A1048576\" t=\"str\"><v>Bar Ltd</v></c></row></sheetData></worksheet>";
    let list = read(&workbook_of(sheet));
    assert_eq!((list.rows.accepted, list.rows.blank), (2, 1_048_573));
    let wide = sheet.replace("A1048576", "XFD1048576");
    assert!(matches!(
        refusal(&workbook_of(&wide)),
        Unusable::TooManyColumns { row: 1_048_576, .. }
    ));
}

/// What a screening keeps is keyed by the row's number.
#[test]
fn rows_come_once_and_in_order_whatever_the_file_does() {
    let row = |number: u32, name: &str| {
        format!("<row r=\"{number}\"><c r=\"A{number}\" t=\"str\"><v>{name}</v></c></row>")
    };
    let sheet = |rows: &[(u32, &str)]| {
        let rows: String = rows
            .iter()
            .map(|(number, name)| row(*number, name))
            .collect();
        workbook_of(&format!(
            "<worksheet><sheetData>{rows}</sheetData></worksheet>"
        ))
    };
    for (rows, names, rejected, blank) in [
        (
            vec![
                (1, "Supplier"),
                (2, "Foo Mill"),
                (1, "Bar Mill"),
                (2, "Baz Mill"),
            ],
            vec![(2, "Foo Mill")],
            vec![1, 2],
            0,
        ),
        (
            vec![
                (1, "Supplier"),
                (2, "Foo Mill"),
                (2, "Bar Mill"),
                (3, "Baz Mill"),
            ],
            vec![(2, "Foo Mill"), (3, "Baz Mill")],
            vec![2],
            0,
        ),
        (
            vec![
                (1, "Supplier"),
                (5, "Foo Mill"),
                (3, "Bar Mill"),
                (2, "Baz Mill"),
            ],
            vec![(2, "Baz Mill"), (3, "Bar Mill"), (5, "Foo Mill")],
            vec![],
            1,
        ),
        (
            vec![(3, "Foo Mill"), (2, "Bar Mill"), (1, "Supplier")],
            vec![(2, "Bar Mill"), (3, "Foo Mill")],
            vec![],
            0,
        ),
    ] {
        let list = read(&sheet(&rows));
        let read: Vec<(u32, &str)> = list
            .suppliers
            .iter()
            .map(|row| (row.row, row.supplier.name.as_str()))
            .collect();
        assert_eq!(read, names, "{rows:?}");
        let refused: Vec<u32> = list.rejected.iter().map(|row| row.row).collect();
        assert_eq!(refused, rejected, "{rows:?}");
        assert!(
            list.rejected
                .iter()
                .all(|row| row.reason.contains("more than once"))
        );
        assert_eq!(list.rows.blank, blank, "{rows:?}");
        assert_eq!(
            list.rows.total,
            list.rows.accepted + list.rows.rejected + list.rows.blank
        );
    }
}

#[test]
fn messages_carry_no_codes_for_the_terminal() {
    let raw =
        |text: &str| text.contains(|letter: char| letter.is_control() || letter == '\u{202e}');
    let sheet = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>Foo&#x9;Ltd</v></c></row></sheetData></worksheet>";
    let book = workbook("&#x9b;2J&#x202e;evil", sheet, None);
    let refused = read_supplier_list("x.xlsx", &book, &IntakeOptions::default()).unwrap_err();
    assert!(refused.to_string().contains("\\u{9b}2J"), "{refused}");
    let options = |sheet: Option<&str>, column: &str| IntakeOptions {
        sheet: sheet.map(str::to_owned),
        map: vec![(ColumnSelector(column.to_owned()), Field::Name)],
        ..IntakeOptions::default()
    };
    for (bytes, options) in [
        (book.as_slice(), options(Some("\u{1b}[31m"), "A")),
        (&book, options(None, "\u{1b}[31m")),
        (
            b"Supplier,Country\nFoo,India\n",
            options(None, "\u{1b}[31m"),
        ),
        (b"\x1b[31mFoo,India\nBar,India\n", options(None, "Nothing")),
        (
            b"Supplier,Country\nFoo,India\n",
            options(Some("\u{1b}[31m"), "A"),
        ),
    ] {
        let message = read_supplier_list("x", bytes, &options)
            .unwrap_err()
            .to_string();
        assert!(!raw(&message), "{message:?}");
    }
    for argument in ["\u{1b}[31m", "A=\u{1b}[31m", "=\u{1b}[31m"] {
        let message = parse_mapping(argument).unwrap_err().to_string();
        assert!(!raw(&message), "{message:?}");
    }
    // What was read says its sheet on the screen too.
    let named = workbook(
        "&#x9b;2J",
        &sheet.replace("Foo&#x9;Ltd", "Supplier").replace(
            "</row>",
            "</row><row r=\"2\"><c r=\"A2\" t=\"str\"><v>Foo Ltd</v></c></row>",
        ),
        None,
    );
    assert_eq!(read(&named).layout.sheet.as_deref(), Some("\\u{9b}2J"));
}

#[test]
fn what_the_caller_says_of_columns_and_sheets_is_not_half_heard() {
    let list = b"Supplier Name,Country,Note\nFoo Ltd,India,x\n";
    let options = |maps: &[&str], sheet: Option<&str>| IntakeOptions {
        map: maps.iter().map(|map| parse_mapping(map).unwrap()).collect(),
        sheet: sheet.map(str::to_owned),
        ..IntakeOptions::default()
    };
    let refused = |maps: &[&str], sheet| {
        read_supplier_list("list.csv", list, &options(maps, sheet)).unwrap_err()
    };
    let nameless = refused(&["Supplier Name=country"], None);
    assert!(
        matches!(nameless, Unusable::NoNameColumn { .. }),
        "{nameless}"
    );
    assert!(
        !nameless.to_string().contains("Supplier Name=name"),
        "{nameless}"
    );
    assert!(matches!(
        refused(&["Note=goods", "C=alias"], None),
        Unusable::ColumnMappedTwice {
            first: "goods",
            second: "alias",
            ..
        }
    ));
    assert!(matches!(
        refused(&["A=name", "Note=name"], None),
        Unusable::FieldMappedTwice { field: "name" }
    ));
    assert!(matches!(
        refused(&[], Some("List")),
        Unusable::NoSheets { .. }
    ));
    let repeated = options(&["Note=name", "C=name"], None);
    assert!(read_supplier_list("list.csv", list, &repeated).is_ok());
}

#[test]
fn a_huge_cell_costs_its_row_and_no_other() {
    let huge = "x".repeat(10 << 20);
    let text =
        format!("Supplier,Country,Notes\nFoo Ltd,India,{huge}\n{huge},India,\nBar Ltd,India,\n");
    let list = read(text.as_bytes());
    assert_eq!((list.rows.accepted, list.rows.rejected), (2, 1));
    assert!(
        list.suppliers[0].warnings[0]
            .reason
            .contains("10485760 characters")
    );
    assert_eq!(list.rejected[0].row, 3);
    assert!(list.rejected[0].reason.len() < 300);
}

#[test]
fn names_are_freed_of_what_hides_in_them() {
    let text =
        "Supplier,Country\nFoo\u{202e}dtL\u{0},China\nBa\u{200b}r Ltd,China\nBaz\u{7} Ltd,China\n";
    let list = read(text.as_bytes());
    let names: Vec<&str> = list
        .suppliers
        .iter()
        .map(|row| row.supplier.name.as_str())
        .collect();
    assert_eq!(names, ["FoodtL", "Bar Ltd", "Baz Ltd"]);
    assert!(
        list.suppliers
            .iter()
            .all(|row| row.warnings[0].reason.contains("invisible"))
    );
}

#[test]
fn invalid_utf8_and_open_quotes_cost_only_their_rows() {
    let mut bytes = "Supplier,Country\nPeña Ejemplo S.A.,México\nAño Ejemplo S.A.,México\nIñigo Ejemplo,México\n".as_bytes().to_vec();
    bytes.extend(b"Foo \xff Ltd,India\n\"Open Ltd,India\nLast Ltd,India\n");
    let list = read(&bytes);
    assert_eq!(list.rows.accepted, 6);
    assert_eq!(list.suppliers[0].supplier.name, "Peña Ejemplo S.A.");
    assert!(
        list.suppliers[3].warnings[0]
            .reason
            .contains("lost letters")
    );
    assert!(
        list.suppliers[4].warnings[0]
            .reason
            .contains("quotation mark")
    );
    assert!(list.suppliers[5].warnings.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Workbooks with a few bytes exchanged are read or refused.
    #[test]
    fn spoiled_workbooks_are_read_or_refused(
        old in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut bytes = if old { OLD.to_vec() } else { SAMPLE.to_vec() };
        for (place, value) in changes {
            let at = place.index(bytes.len());
            bytes[at] = value;
        }
        if let Ok(list) = read_supplier_list("list", &bytes, &IntakeOptions::default()) {
            prop_assert_eq!(list.rows.total, list.rows.accepted + list.rows.rejected + list.rows.blank);
        }
    }

    #[test]
    fn cut_workbooks_are_read_or_refused(old in any::<bool>(), length in any::<prop::sample::Index>()) {
        let bytes = if old { OLD } else { SAMPLE };
        let _ = read_supplier_list("list", &bytes[..length.index(bytes.len())], &IntakeOptions::default());
    }
}

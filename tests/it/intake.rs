//! Supplier lists of every format, as people make them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use plimsoll::{
    country::Country,
    identifier::{Check, Scheme},
    intake::{
        Field, IntakeOptions, Limits, SupplierList, Unusable, parse_mapping, read_supplier_list,
    },
    supplier::AliasKind,
};
use proptest::prelude::*;
use rust_xlsxwriter::{Formula, Workbook};

use crate::intake_books::{ods, workbook_of};

pub(crate) fn read(bytes: &[u8]) -> SupplierList {
    let list = read_supplier_list("list", bytes, &IntakeOptions::default()).unwrap();
    assert_counts(&list);
    list
}

pub(crate) fn refusal(bytes: &[u8]) -> Unusable {
    read_supplier_list("list", bytes, &IntakeOptions::default()).unwrap_err()
}

fn assert_counts(list: &SupplierList) {
    let rows = list.rows;
    assert_eq!(rows.total, rows.accepted + rows.rejected + rows.blank);
    assert_eq!(rows.accepted as usize, list.suppliers.len());
    assert_eq!(rows.rejected as usize, list.rejected.len());
}

fn mapped(map: &[&str]) -> IntakeOptions {
    IntakeOptions {
        map: map
            .iter()
            .map(|argument| parse_mapping(argument).unwrap())
            .collect(),
        ..IntakeOptions::default()
    }
}

fn names(list: &SupplierList) -> Vec<&str> {
    list.suppliers
        .iter()
        .map(|row| row.supplier.name.as_str())
        .collect()
}

fn reasons(list: &SupplierList) -> Vec<String> {
    list.suppliers
        .iter()
        .flat_map(|row| {
            row.warnings
                .iter()
                .map(move |warning| format!("{} {}: {}", row.row, warning.column, warning.reason))
        })
        .collect()
}

#[test]
fn the_sample_reads_the_same_as_csv_and_as_workbook() {
    let csv = read(include_bytes!("../../fixtures/suppliers/sample.csv"));
    let xlsx = read(include_bytes!("../../fixtures/suppliers/sample.xlsx"));
    assert_eq!(
        (
            csv.rows.total,
            csv.rows.accepted,
            csv.rows.rejected,
            csv.rows.blank
        ),
        (46, 41, 4, 1)
    );
    assert_eq!(csv.rows, xlsx.rows);
    assert_eq!(csv.duplicates, xlsx.duplicates);
    assert_eq!(csv.duplicates.len(), 1);
    for (left, right) in csv.suppliers.iter().zip(&xlsx.suppliers) {
        assert_eq!(left.row, right.row);
        // Typed into a number cell, "1,240,000" loses its commas.
        let spend = |text: &Option<String>| text.as_ref().map(|text| text.replace(',', ""));
        assert_eq!(spend(&left.supplier.spend), spend(&right.supplier.spend));
        let mut right = right.supplier.clone();
        right.spend.clone_from(&left.supplier.spend);
        assert_eq!(left.supplier, right);
    }
    assert_eq!(
        (xlsx.layout.format.as_str(), xlsx.layout.header_row),
        ("xlsx", 4)
    );
    assert_eq!(xlsx.layout.sheet.as_deref(), Some("Suppliers"));
    let aksu = &xlsx.suppliers[2].supplier;
    assert_eq!(aksu.aliases[0].kind, AliasKind::LocalScript);
    assert_eq!(aksu.address.country, Some(Country::CHINA));
}

#[test]
fn the_old_binary_format_reads_numbers_without_their_point() {
    let list = read(include_bytes!("../../fixtures/suppliers/excel_2003.xls"));
    assert_eq!(
        (list.rows.accepted, list.rows.rejected, list.rows.blank),
        (3, 1, 1)
    );
    assert_eq!(list.layout.format, "xls");
    let first = &list.suppliers[0].supplier;
    assert_eq!(first.name, "Hilados Inventados S.A.");
    assert_eq!(first.address.postal_code.as_deref(), Some("6700"));
    assert_eq!(first.workers, Some(1200));
    assert_eq!(list.suppliers[2].supplier.name, "新疆虚构纺织有限公司");
    assert_eq!(list.rejected[0].row, 7);
    assert_eq!(list.rejected[0].sheet.as_deref(), Some("Proveedores"));
}

#[test]
fn ods_repeats_rows_and_columns() {
    let cell = |text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let row = |cells: &str| format!("<table:table-row>{cells}</table:table-row>");
    let list = read(&ods(&format!(
        "<table:table table:name=\"Lieferanten\">{}{}{}{}{}</table:table>",
        row(&(cell("Lieferant") + &cell("Land") + &cell("Mitarbeiter"))),
        row(&(cell("Erfundene Spinnerei &amp; Söhne")
            + &cell("Deutschland")
            + "<table:table-cell office:value-type=\"float\" office:value=\"120\"><text:p>120,00</text:p></table:table-cell>")),
        "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>",
        row(&(cell(
            "Ausgedachte Weberei<office:annotation><text:p>note</text:p></office:annotation>"
        ) + "<table:table-cell/>"
            + &cell("n/a"))),
        "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>",
    )));
    assert_eq!(list.layout.format, "ods");
    assert_eq!(
        names(&list),
        ["Erfundene Spinnerei & Söhne", "Ausgedachte Weberei"]
    );
    assert_eq!(list.suppliers[0].supplier.workers, Some(120));
    assert_eq!((list.rows.blank, list.suppliers[1].row), (3, 6));
}

#[test]
fn a_workbook_says_which_sheets_it_passed_over() {
    let mut workbook = Workbook::new();
    workbook
        .add_worksheet()
        .set_name("Contents")
        .unwrap()
        .write(0, 0, "See the next sheets")
        .unwrap();
    for region in ["Asia", "Europe"] {
        let sheet = workbook.add_worksheet().set_name(region).unwrap();
        sheet.write(0, 0, "Vendor").unwrap();
        sheet.write(0, 1, "Country").unwrap();
        sheet.write(1, 0, format!("{region} Example Ltd")).unwrap();
        sheet.write(1, 1, "India").unwrap();
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let list = read(&bytes);
    assert_eq!(list.layout.sheet.as_deref(), Some("Asia"));
    assert!(list.notices.iter().any(|notice| {
        notice.contains("\"Europe\" also looks like a supplier list and was NOT read")
    }));
    let options = IntakeOptions {
        sheet: Some("europe".to_owned()),
        ..IntakeOptions::default()
    };
    let list = read_supplier_list("list.xlsx", &bytes, &options).unwrap();
    assert_eq!(names(&list), ["Europe Example Ltd"]);
    let options = IntakeOptions {
        sheet: Some("Africa".to_owned()),
        ..IntakeOptions::default()
    };
    let refusal = read_supplier_list("list.xlsx", &bytes, &options).unwrap_err();
    assert!(refusal.to_string().contains("\"Asia\""), "{refusal}");
}

#[test]
fn formulas_never_run() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, text) in (0..).zip(["Supplier", "Country", "Workers", "UEI"]) {
        sheet.write(0, column, text).unwrap();
    }
    sheet
        .write(
            1,
            0,
            Formula::new("=\"Exam\"&\"ple\"").set_result("Example Mills"),
        )
        .unwrap();
    sheet
        .write(1, 1, Formula::new("=A1").set_result("China"))
        .unwrap();
    sheet
        .write(1, 2, Formula::new("=1/0").set_result("#DIV/0!"))
        .unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let list = read(&bytes);
    assert_eq!(names(&list), ["Example Mills"]);
    assert_eq!(
        list.suppliers[0].supplier.address.country,
        Some(Country::CHINA)
    );
}

#[test]
fn a_formula_without_its_value_is_said() {
    let sheet = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
        <row r="1"><c r="A1" t="str"><v>Supplier</v></c><c r="B1" t="str"><v>Country</v></c></row>
        <row r="2"><c r="A2" t="str"><v>Example Mills</v></c><c r="B2"><f>VLOOKUP(A2,X:Y,2)</f></c></row>
        <row r="3"><c r="A3"><f>B2</f></c><c r="B3" t="str"><v>China</v></c></row>
        <row r="5"><c r="A5" t="e"><v>#REF!</v></c><c r="B5" t="str"><v>China</v></c></row>
        </sheetData></worksheet>"#;
    let list = read(&workbook_of(sheet));
    assert_eq!(
        (list.rows.accepted, list.rows.rejected, list.rows.blank),
        (1, 2, 1)
    );
    assert!(
        reasons(&list)[0].contains("no stored result"),
        "{:?}",
        reasons(&list)
    );
    assert!(
        list.rejected[0].reason.contains("no stored result"),
        "{:?}",
        list.rejected
    );
    assert!(
        list.rejected[1].reason.contains("#REF!"),
        "{:?}",
        list.rejected
    );
}

#[test]
fn columns_are_mapped_by_hand_where_the_header_is_foreign() {
    let text = "Toimittajan nimi,Maa\nEsimerkki Oy,Finland\n".as_bytes();
    let refused = refusal(text).to_string();
    assert!(
        refused.contains("--map") && refused.contains("Toimittajan nimi"),
        "{refused}"
    );
    let list = read_supplier_list(
        "list.csv",
        text,
        &mapped(&["Toimittajan nimi=name", "Maa=country"]),
    )
    .unwrap();
    assert_eq!(names(&list), ["Esimerkki Oy"]);
    assert_eq!(
        list.suppliers[0].supplier.address.country.unwrap().alpha2(),
        "FI"
    );
    let list = read_supplier_list(
        "list.csv",
        b"Foo Ltd,India\nBar Ltd,China\n",
        &mapped(&["A=name", "B=country"]),
    )
    .unwrap();
    assert_eq!(
        (names(&list), list.layout.header_row),
        (vec!["Foo Ltd", "Bar Ltd"], 0)
    );
    let refused = read_supplier_list("list.csv", text, &mapped(&["Nimi=name"])).unwrap_err();
    assert!(
        matches!(
            refused,
            Unusable::NoSuchColumn { .. } | Unusable::NoHeader { .. }
        ),
        "{refused}"
    );
}

#[test]
fn an_override_beats_the_header() {
    let text = b"Supplier,Factory,Country\nTrader Ltd,Mill Ltd,India\n,Other Mill Ltd,India\nThird Trader,,India\n";
    let list = read(text);
    assert_eq!(names(&list), ["Mill Ltd", "Other Mill Ltd", "Third Trader"]);
    assert_eq!(
        list.suppliers[0].supplier.parent.as_deref(),
        Some("Trader Ltd")
    );
    assert!(list.notices.iter().any(|notice| notice.contains("factory")));
    let list = read_supplier_list(
        "list.csv",
        text,
        &mapped(&["Supplier=name", "Factory=alias"]),
    )
    .unwrap();
    assert_eq!(list.suppliers[0].supplier.name, "Trader Ltd");
    assert_eq!(list.suppliers[0].supplier.aliases[0].name, "Mill Ltd");
}

#[test]
fn identifiers_are_verified_and_kept() {
    let list = read("Supplier,USCC,CNPJ,UEI,LEI,DUNS,Registration number\nA,91110000600037341L,33.000.167/0001-01,J58ME6A75BU9,213800KUD8LAJWSQ9D15,81466849,CN2019072X46HPM\nB,91110000600037341M,9.11E+13,,,,\n".as_bytes());
    let first = &list.suppliers[0].supplier.identifiers;
    assert_eq!(first.len(), 6);
    assert_eq!(
        first
            .iter()
            .filter(|identifier| identifier.check == Check::Valid)
            .count(),
        4
    );
    assert!(
        first
            .iter()
            .any(|identifier| identifier.scheme == Scheme::Duns && identifier.value == "081466849")
    );
    let second = &list.suppliers[1];
    assert_eq!(second.supplier.identifiers.len(), 1);
    assert_eq!(second.supplier.identifiers[0].check, Check::Invalid);
    assert_eq!(second.warnings.len(), 2);
    assert!(second.warnings[1].reason.contains("shortened"));
}

#[test]
fn what_cannot_be_used_is_warned_of_and_kept() {
    let list = read("Supplier,Country,Country of origin,City,Province\nA,Atlantis,China; Vietnam,,\nB,China (Xinjiang),,Aksu,\nC,,,,\n".as_bytes());
    let first = &list.suppliers[0];
    assert_eq!(first.warnings.len(), 2);
    assert!(
        first
            .supplier
            .notes
            .as_deref()
            .unwrap()
            .contains("Atlantis")
    );
    assert!(first.supplier.notes.as_deref().unwrap().contains("Vietnam"));
    assert_eq!(
        list.suppliers[1].supplier.address.province.as_deref(),
        Some("Xinjiang")
    );
    assert!(list.suppliers[2].warnings.is_empty());
}

#[test]
fn furniture_is_rejected_and_counted() {
    let list = read(b"Supplier,Country,Spend\nFoo Ltd,India,10\n\nSupplier,Country,Spend\nTotal Fashion Ltd,India,5\nTotal,,15\nSource: purchasing system,,\n,,\n");
    assert_eq!(names(&list), ["Foo Ltd", "Total Fashion Ltd"]);
    assert_eq!(
        (list.rows.total, list.rows.rejected, list.rows.blank),
        (7, 3, 2)
    );
    let numbers: Vec<u32> = list.rejected.iter().map(|row| row.row).collect();
    assert_eq!(numbers, [4, 6, 7]);
    assert!(
        list.rejected
            .iter()
            .all(|row| !row.reason.is_empty() && !row.fix.is_empty())
    );
}

#[test]
fn a_company_may_be_called_total() {
    let list = read(b"Supplier,Country,Spend\nTotal,France,10\n@SUM(1),India,\nTotal,,10\n");
    assert_eq!(names(&list), ["Total", "@SUM(1)"]);
    assert_eq!(list.rejected[0].row, 4);
}

#[test]
fn encodings_give_the_same_suppliers() {
    let text = "Fornecedor;País;Mercadoria\nConfecções Exemplo Ltda;Brasil;Camisas\nAlgodão Imaginário S.A.;Brasil;Algodão\n";
    let expected = read(text.as_bytes()).suppliers;
    assert_eq!(expected[1].supplier.name, "Algodão Imaginário S.A.");
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for bytes in [
        encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
        utf16,
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
    ] {
        assert_eq!(read(&bytes).suppliers, expected);
    }
    let chinese =
        "供应商名称,国家,产品\n新疆虚构纺织有限公司,中国,棉纱\n浙江示例服装有限公司,中国,服装\n";
    let expected = read(chinese.as_bytes()).suppliers;
    let gbk = read(&encoding_rs::GBK.encode(chinese).0);
    assert_eq!(gbk.suppliers, expected);
    assert_eq!(gbk.layout.encoding.as_deref(), Some("GBK"));
}

#[test]
fn rows_keep_their_lines_and_limits_hold() {
    let rows: Vec<String> = (0..50)
        .map(|number| format!("Example {number},\"two\nlines\"\n"))
        .collect();
    let text = format!("Supplier,Notes\n{}", rows.concat());
    let list = read(text.as_bytes());
    assert_eq!(list.suppliers[1].row, 4);
    let with = |limits: Limits| {
        let options = IntakeOptions {
            limits,
            ..IntakeOptions::default()
        };
        read_supplier_list("list.csv", text.as_bytes(), &options)
    };
    assert!(
        with(Limits {
            rows: 51,
            ..Limits::default()
        })
        .is_ok()
    );
    assert!(matches!(
        with(Limits {
            rows: 50,
            ..Limits::default()
        }),
        Err(Unusable::TooManyRows { limit: 50, .. })
    ));
    assert!(matches!(
        with(Limits {
            columns: 1,
            ..Limits::default()
        }),
        Err(Unusable::TooManyColumns { row: 1, .. })
    ));
    assert!(matches!(
        with(Limits {
            file_bytes: 10,
            ..Limits::default()
        }),
        Err(Unusable::TooLarge { .. })
    ));
    let list = with(Limits {
        cell_chars: 8,
        ..Limits::default()
    })
    .unwrap();
    assert_eq!((list.rows.accepted, list.rows.rejected), (0, 50));
}

#[test]
fn a_country_in_two_columns_is_read_from_both() {
    let list = read(
        b"Supplier,Country code,Country name\nA,CN,China\nB,,India\nC,ZZ,Viet Nam\nD,CN,India\n",
    );
    let countries: Vec<&str> = list
        .suppliers
        .iter()
        .map(|row| row.supplier.address.country.unwrap().name())
        .collect();
    assert_eq!(countries, ["China", "India", "Vietnam", "China"]);
    assert_eq!(list.suppliers[0].warnings.len(), 0);
    assert_eq!(list.suppliers[2].warnings.len(), 1);
    assert!(list.suppliers[3].warnings[0].reason.contains("contradicts"));
}

#[test]
fn every_mapped_and_ignored_column_is_named() {
    let list = read(b"Supplier,Favourite colour,Country\nFoo,blue,India\n");
    let fields: Vec<(&str, Option<Field>)> = list
        .layout
        .columns
        .iter()
        .map(|column| (column.letter.as_str(), column.field))
        .collect();
    assert_eq!(
        fields,
        [
            ("A", Some(Field::Name)),
            ("B", None),
            ("C", Some(Field::Country))
        ]
    );
}

proptest! {
    /// Whatever stands below the header: every record is counted once.
    #[test]
    fn rows_in_are_rows_out(rows in prop::collection::vec("([A-Za-z,;\" ./é新\\-]{0,12}[\u{0}\u{202e}]?[A-Za-z,\"]{2,12})?", 1..30)) {
        let text = format!("Supplier name,Country,Goods\nFirst Example,India,Yarn\n{}\n", rows.join("\n"));
        let list = read_supplier_list("list.csv", text.as_bytes(), &IntakeOptions::default()).unwrap();
        assert_counts(&list);
        prop_assert!(list.rows.total as usize <= rows.len() + 1);
    }

    /// A table without quotes: a line is a row, none is lost.
    #[test]
    fn lines_in_are_rows_out(rows in prop::collection::vec("[A-Za-z,. ]{1,24}x", 1..30)) {
        let text = format!("Supplier name,Country\n{}\n", rows.join("\n"));
        let list = read_supplier_list("list.csv", text.as_bytes(), &IntakeOptions::default()).unwrap();
        assert_counts(&list);
        prop_assert_eq!(list.rows.total as usize, rows.len());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(list) = read_supplier_list("list.csv", &bytes, &IntakeOptions::default()) {
            assert_counts(&list);
        }
    }
}

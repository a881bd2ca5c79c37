//! What a small file may cost: repeated and shared texts, packed padding,
//! endless records.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use std::fmt::Write as _;

use plimsoll::intake::{IntakeOptions, Limits, Unusable, read_supplier_list};

use crate::{
    intake::{read, refusal},
    intake_books::{ods, workbook_sharing, zipped},
};

fn limited(limits: Limits) -> IntakeOptions {
    IntakeOptions {
        limits,
        ..IntakeOptions::default()
    }
}

fn ods_cell(text: &str, repeated: u32) -> String {
    format!(
        "<table:table-cell table:number-columns-repeated=\"{repeated}\" office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
    )
}

#[test]
fn repeated_text_is_counted_each_time_it_is_shown() {
    let book = ods(&format!(
        "<table:table table:name=\"A\"><table:table-row>{}</table:table-row><table:table-row table:number-rows-repeated=\"200000\">{}</table:table-row></table:table>",
        ods_cell("Supplier", 1),
        ods_cell(&"x".repeat(30_000), 500),
    ));
    assert!(book.len() < 2000);
    let refused = refusal(&book);
    assert!(matches!(refused, Unusable::TooMuchText { .. }), "{refused}");
    assert!(refused.to_string().contains("sheet \"A\""), "{refused}");
}

#[test]
fn a_shared_text_is_counted_each_time_it_is_shown() {
    let long = "x".repeat(30_000);
    let mut rows = String::new();
    for row in 2..2002 {
        write!(
            rows,
            "<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>"
        )
        .unwrap();
    }
    let book = workbook_sharing(
        &long,
        &format!("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>Supplier</v></c></row>{rows}"),
    );
    let options = limited(Limits {
        text_bytes: 10 << 20,
        ..Limits::default()
    });
    let refused = read_supplier_list("list.xlsx", &book, &options).unwrap_err();
    assert!(matches!(refused, Unusable::TooMuchText { .. }), "{refused}");
}

#[test]
fn text_that_no_field_reads_costs_next_to_nothing() {
    let long = "x".repeat(30_000);
    let mut rows = String::new();
    for row in 2..502 {
        write!(
            rows,
            "<row r=\"{row}\"><c r=\"A{row}\" t=\"str\"><v>Mill {row}</v></c><c r=\"C{row}\" t=\"s\"><v>0</v></c></row>"
        )
        .unwrap();
    }
    let book = workbook_sharing(
        &long,
        &format!(
            "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>Supplier</v></c><c r=\"B1\" t=\"str\"><v>Country</v></c></row>{rows}"
        ),
    );
    let options = limited(Limits {
        text_bytes: 2 << 20,
        ..Limits::default()
    });
    let list = read_supplier_list("list.xlsx", &book, &options).unwrap();
    assert_eq!(list.rows.accepted, 500);
}

/// The ratio of the stretch unpacked so far counts, not what the whole part
/// is said to be packed in.
#[test]
fn a_bomb_is_known_by_its_first_stretch() {
    let mut padded = vec![b' '; 24 << 20];
    let mut state = 1_u64;
    padded.extend((0..1 << 20).map(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        b'a' + (state >> 59) as u8 % 26
    }));
    let bomb = zipped(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/worksheets/sheet1.xml", &padded),
    ]);
    assert!(bomb.len() > 500_000, "{}", bomb.len());
    assert!(matches!(refusal(&bomb), Unusable::InflatesTooFast { .. }));
}

#[test]
fn a_record_is_refused_at_the_limit_and_not_at_its_end() {
    let mut endless = b"Supplier,Country\nFoo Ltd,India\n".to_vec();
    endless.resize(4 << 20, b',');
    assert!(matches!(
        refusal(&endless),
        Unusable::TooManyColumns { row: 3, .. }
    ));
    let mut filled = b"Supplier,Country\nFoo Ltd,India\n".to_vec();
    filled.extend(b"x,".repeat(2 << 20));
    assert!(matches!(
        refusal(&filled),
        Unusable::TooManyColumns { row: 3, .. }
    ));
    // A whole sheet exported holds empty cells up to its last column.
    let wide = ",".repeat(16_000);
    let list = read(format!("Supplier,Country{wide}\nFoo Ltd,India{wide}\n").as_bytes());
    assert_eq!(list.rows.accepted, 1);
    let delimiters = format!("{wide}\n{wide}\n");
    assert!(matches!(refusal(delimiters.as_bytes()), Unusable::NoText));
}

#[test]
fn sheets_are_not_looked_through_without_end() {
    let table = |name: usize| {
        format!(
            "<table:table table:name=\"S{name}\"><table:table-row>{}</table:table-row><table:table-row>{}</table:table-row></table:table>",
            ods_cell("Supplier", 1),
            ods_cell("Foo Ltd", 1)
        )
    };
    let book = ods(&(0..300).map(table).collect::<String>());
    assert!(matches!(
        refusal(&book),
        Unusable::TooManySheets {
            count: 300,
            limit: 255
        }
    ));
    let options = IntakeOptions {
        sheet: Some("S7".to_owned()),
        ..IntakeOptions::default()
    };
    let list = read_supplier_list("list.ods", &book, &options).unwrap();
    assert_eq!(list.rows.accepted, 1);
}

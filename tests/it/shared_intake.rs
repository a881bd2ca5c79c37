//! Intake against the shared folder of real lists.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use std::path::PathBuf;

use plimsoll::intake::{Field, IntakeOptions, SupplierList, read_supplier_list};

#[expect(
    clippy::disallowed_methods,
    reason = "tests may ask where the shared folder is"
)]
fn read(name: &str) -> SupplierList {
    let folder = std::env::var("PLIMSOLL_SHARED").expect("PLIMSOLL_SHARED names the folder");
    let path = PathBuf::from(folder).join("data/suppliers").join(name);
    let bytes = std::fs::read(path).unwrap();
    let list = read_supplier_list(name, &bytes, &IntakeOptions::default()).unwrap();
    let rows = list.rows;
    assert_eq!(
        rows.total,
        rows.accepted + rows.rejected + rows.blank,
        "{name}"
    );
    list
}

fn column(list: &SupplierList, field: Field) -> &str {
    list.layout
        .columns
        .iter()
        .find(|column| column.field == Some(field))
        .map_or("", |column| column.header.as_str())
}

#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn nike_2025_reads_whole() {
    let list = read("nike_2025-12_as_published.csv");
    assert_eq!((list.rows.accepted, list.rows.rejected), (687, 0));
    assert_eq!(list.layout.header_row, 2);
    assert_eq!(column(&list, Field::Name), "Factory Name");
    assert_eq!(column(&list, Field::Parent), "Supplier Group");
    assert_eq!(column(&list, Field::Province), "State");
    assert_eq!(column(&list, Field::Goods), "Product Type Type");
    assert_eq!(column(&list, Field::Workers), "Total Workers");
    assert_eq!(column(&list, Field::MigrantShare), "% Migrant Workers");
    assert!(
        list.suppliers
            .iter()
            .all(|row| row.supplier.address.country.is_some())
    );
    assert!(
        list.suppliers
            .iter()
            .all(|row| row.supplier.workers.is_some()
                && row.supplier.migrant_share_permille.is_some())
    );
}

#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn nike_2023_reads_whole() {
    let list = read("nike_2023-08_as_published.xls");
    assert_eq!((list.rows.accepted, list.rows.rejected), (643, 0));
    assert!(
        list.suppliers
            .iter()
            .all(|row| row.supplier.address.country.is_some())
    );
}

#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn one_list_in_three_formats_gives_the_same_suppliers() {
    let suppliers = |name| {
        read(name)
            .suppliers
            .into_iter()
            .map(|row| row.supplier)
            .collect::<Vec<_>>()
    };
    let csv = suppliers("os_hub_list_12.csv");
    assert_eq!(csv.len(), 15);
    assert_eq!(csv, suppliers("os_hub_list_12.xls"));
    assert_eq!(csv, suppliers("os_hub_list_12.xlsx"));
}

#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn fourteen_lists_read_whole() {
    let list = read("os_hub_14_lists.csv");
    assert_eq!(list.rows.accepted, 932);
    assert!(
        list.suppliers
            .iter()
            .all(|row| row.supplier.address.country.is_some())
    );
}

#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn mojibake_is_said_and_the_buyer_is_no_supplier() {
    let list = read("hm_newbalance_2018_mojibake.csv");
    assert_eq!(list.rows.accepted, 431);
    assert_eq!(column(&list, Field::Name), "supplier_name");
    assert!(list.notices.iter().any(|notice| notice.contains("garbled")));
    assert!(list.suppliers[0].supplier.name == "Uma Glass Works");
}

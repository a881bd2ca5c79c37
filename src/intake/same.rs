//! Rows that say the same about a supplier as an earlier row.

use std::collections::{HashMap, hash_map::Entry};

use serde::Serialize;

use super::{
    fold::fold,
    supplier_list::{DuplicateRow, SupplierRow},
};
use crate::{country::Country, supplier::Supplier};

/// Rows that would be screened and assessed alike, whatever their case and
/// punctuation. What a buyer spends, the contract and the notes say nothing
/// about the supplier; an alias, goods or a parent do.
pub(super) fn duplicates(suppliers: &[SupplierRow]) -> Vec<DuplicateRow> {
    let mut first: HashMap<String, u32, rustc_hash::FxBuildHasher> = HashMap::default();
    let mut duplicates = Vec::new();
    for row in suppliers {
        let Ok(key) = serde_json::to_string(&Said::by(&row.supplier)) else {
            continue;
        };
        match first.entry(key) {
            Entry::Occupied(earlier) => duplicates.push(DuplicateRow {
                row: row.row,
                same_as_row: *earlier.get(),
            }),
            Entry::Vacant(vacant) => {
                vacant.insert(row.row);
            }
        }
    }
    duplicates
}

/// All that a row says about the supplier, in one form. Lists are sorted: the
/// order of goods within a cell means nothing.
#[derive(Serialize)]
struct Said<'row> {
    name: String,
    aliases: Vec<String>,
    parent: Option<String>,
    address: String,
    countries: [Option<Country>; 2],
    identifiers: Vec<&'row str>,
    goods: Vec<String>,
    hs_codes: Vec<&'row str>,
    naics: Vec<&'row str>,
    supply_tier: Option<String>,
    workers: Option<u32>,
    migrant_share_permille: Option<u16>,
}

impl<'row> Said<'row> {
    fn by(supplier: &'row Supplier) -> Self {
        // By name, so that a new field is thought about here.
        let Supplier {
            name,
            external_id: _,
            aliases,
            parent,
            address,
            country_of_production,
            identifiers,
            goods,
            hs_codes,
            naics,
            supply_tier,
            spend: _,
            contract_number: _,
            workers,
            migrant_share_permille,
            notes: _,
        } = supplier;
        Self {
            name: fold(name),
            aliases: sorted(aliases.iter().map(|alias| fold(&alias.name))),
            parent: parent.as_deref().map(fold),
            address: fold(&address.line()),
            countries: [address.country, *country_of_production],
            identifiers: sorted(identifiers.iter().map(|known| known.value.as_str())),
            goods: sorted(goods.iter().map(|good| fold(good))),
            hs_codes: sorted(hs_codes.iter().map(String::as_str)),
            naics: sorted(naics.iter().map(String::as_str)),
            supply_tier: supply_tier.as_deref().map(fold),
            workers: *workers,
            migrant_share_permille: *migrant_share_permille,
        }
    }
}

fn sorted<T: Ord>(texts: impl Iterator<Item = T>) -> Vec<T> {
    let mut texts: Vec<T> = texts.collect();
    texts.sort_unstable();
    texts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{IntakeOptions, read_supplier_list};

    fn found(rows: &str) -> Vec<(u32, u32)> {
        let text =
            format!("Supplier,Country,Product,DUNS,Parent Company,Aliases,Spend,Notes\n{rows}");
        let list = read_supplier_list("list.csv", text.as_bytes(), &IntakeOptions::default());
        duplicates(&list.unwrap().suppliers)
            .iter()
            .map(|duplicate| (duplicate.row, duplicate.same_as_row))
            .collect()
    }

    #[test]
    fn what_differs_about_the_supplier_is_not_the_same() {
        let first = "Example Mill,China,tea,150483782,Example Group,Example Works,1,a\n";
        for (second, same) in [
            (
                "EXAMPLE MILL.,China,Tea,150483782,Example Group,Example Works,1,a\n",
                true,
            ),
            (
                "Example Mill,China,tea,150483782,Example Group,Example Works,2,b\n",
                true,
            ),
            (
                "Example Mill,India,tea,150483782,Example Group,Example Works,1,a\n",
                false,
            ),
            (
                "Example Mill,China,cotton,150483782,Example Group,Example Works,1,a\n",
                false,
            ),
            (
                "Example Mill,China,tea,,Example Group,Example Works,1,a\n",
                false,
            ),
            (
                "Example Mill,China,tea,150483782,Other Group,Example Works,1,a\n",
                false,
            ),
            (
                "Example Mill,China,tea,150483782,Example Group,Other Works,1,a\n",
                false,
            ),
            (
                "Example Mill dba Other Mill,China,tea,150483782,Example Group,Example Works,1,a\n",
                false,
            ),
        ] {
            let expected: &[(u32, u32)] = if same { &[(3, 2)] } else { &[] };
            assert_eq!(found(&format!("{first}{second}")), expected, "{second}");
        }
    }
}

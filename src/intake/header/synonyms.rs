//! One header text to a field, by the table beside this file and, failing
//! that, by the words in it.

use std::{collections::HashMap, sync::LazyLock};

use super::super::{fold::fold, supplier_list::Field};

const HEADERS: &str = include_str!("headers.tsv");

/// What a header was taken for, and how plainly it says so: 3 outright, 2
/// plainly, 1 only if nothing better is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) struct Meaning {
    pub(in crate::intake) field: Field,
    pub(in crate::intake) strength: u8,
    /// In the table word for word, or only by the words it holds.
    pub(in crate::intake) exact: bool,
}

static TABLE: LazyLock<HashMap<String, Meaning>> = LazyLock::new(|| {
    let mut table: HashMap<String, Meaning> = HashMap::new();
    for line in HEADERS.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let field = columns.next().and_then(|name| name.parse().ok());
        let strength = columns.next().and_then(|digit| digit.parse().ok());
        if let (Some(field), Some(strength), Some(headers)) = (field, strength, columns.next()) {
            for header in headers.split('|') {
                let meaning = Meaning {
                    field,
                    strength,
                    exact: true,
                };
                table.entry(fold(header)).or_insert(meaning);
            }
        }
    }
    table
});

pub(super) fn classify(header: &str) -> Option<Meaning> {
    // A header is a few words; a longer text is a note or a data cell.
    if header.is_empty() || header.chars().count() > 120 {
        return None;
    }
    let folded = fold(header);
    // "Name (local)" is another name than the name.
    let other = [
        "local", "chinese", "native", "parent", "group", "former", "中文", "英文",
    ];
    let names_other = folded.split(' ').any(|word| other.contains(&word));
    exact(header)
        .or_else(|| {
            without_brackets(header)
                .and_then(|outside| exact(&outside))
                .or_else(|| in_two_languages(header))
                .filter(|meaning| !(names_other && meaning.field == Field::Name))
        })
        .or_else(|| by_words(&folded))
}

fn exact(header: &str) -> Option<Meaning> {
    TABLE.get(&fold(header)).copied()
}

/// "Address (street, number)" is an address.
fn without_brackets(header: &str) -> Option<String> {
    let open = header.find(['(', '（', '['])?;
    let close = header.rfind([')', '）', ']'])?;
    let before = header.get(..open)?;
    let after = header.get(close..)?.trim_start_matches([')', '）', ']']);
    (open < close).then(|| format!("{before} {after}"))
}

/// "供应商名称 / Supplier name", "Supplier name 供应商名称", "País (Country)".
fn in_two_languages(header: &str) -> Option<Meaning> {
    let mut parts: Vec<&str> = header
        .split(['/', '\n', '(', ')', '（', '）', '|', ';', ','])
        .collect();
    if parts.len() < 2 {
        parts = header.split(" - ").collect();
    }
    if let Some(cut) = header.find(|letter: char| letter > '\u{2fff}') {
        let (before, rest) = header.split_at(cut);
        let end = rest
            .find(|letter: char| letter.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let (script, after) = rest.split_at(end);
        parts.extend([before, script, after]);
    }
    let mut meanings = parts.into_iter().filter_map(exact);
    let first = meanings.next()?;
    meanings
        .all(|meaning| meaning.field == first.field)
        .then_some(first)
}

/// Headers spell one thing in many ways ("Name of the manufacturing facility
/// where goods are made"): a few telling words decide.
fn by_words(folded: &str) -> Option<Meaning> {
    let words: Vec<&str> = folded.split(' ').collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    // Columns about someone or something else than the supplier.
    if words.len() > 9
        || has(&[
            "contact",
            "person",
            "email",
            "mail",
            "phone",
            "telephone",
            "tel",
            "fax",
            "website",
            "url",
            "date",
            "status",
            "buyer",
            "brand",
            "brands",
            "customer",
            "bank",
            "latitude",
            "longitude",
            "lat",
            "lng",
            "latlon",
            "auditor",
            "audit",
            "agency",
            "list",
            "owner",
        ])
    {
        return None;
    }
    let party = has(&[
        "supplier",
        "suppliers",
        "vendor",
        "factory",
        "manufacturer",
        "facility",
        "producer",
        "mill",
        "exporter",
        "subcontractor",
        "seller",
        "plant",
        "company",
        "manufacturing",
        "production",
        "entity",
        "recipient",
        "awardee",
        "farm",
        "proveedor",
        "fornecedor",
        "fournisseur",
        "fabrica",
        "fabricante",
        "usine",
        "lieferant",
        "lieferanten",
        "hersteller",
    ]);
    let meaning = |field, strength| {
        Some(Meaning {
            field,
            strength,
            exact: false,
        })
    };
    if has(&["country", "pais", "pays", "land", "ulke"]) {
        if has(&[
            "origin",
            "production",
            "manufacture",
            "manufactured",
            "made",
            "produced",
            "origen",
            "origem",
            "origine",
        ]) {
            return meaning(Field::CountryOfProduction, 2);
        }
        return meaning(Field::Country, 1);
    }
    if has(&["postal", "zip", "postcode", "zipcode"]) {
        return meaning(Field::PostalCode, 2);
    }
    if has(&["city", "town"]) {
        return meaning(Field::City, 2);
    }
    if has(&["state", "province"]) {
        return meaning(Field::Province, 2);
    }
    if has(&["address", "direccion", "endereco", "adresse"]) {
        return meaning(Field::Address, 2);
    }
    if has(&["migrant", "migrants"]) {
        let share = has(&[
            "percent",
            "share",
            "percentage",
            "ratio",
            "pct",
            "proportion",
        ]);
        return if share {
            meaning(Field::MigrantShare, 2)
        } else {
            None
        };
    }
    if has(&["workers", "employees", "headcount"]) {
        let part = has(&[
            "female",
            "male",
            "women",
            "men",
            "line",
            "temporary",
            "percent",
            "foreign",
            "local",
            "contract",
            "permanent",
            "young",
            "child",
            "union",
            "share",
            "ratio",
        ]);
        return if part {
            None
        } else {
            meaning(Field::Workers, 2)
        };
    }
    if has(&["hs", "hts", "htsus"]) && has(&["code", "codes", "number", "no", "digit", "digits"]) {
        return meaning(Field::HsCode, 2);
    }
    if has(&["dba", "aka", "alias", "former", "english", "trading"]) && has(&["name", "names"]) {
        return meaning(Field::Alias, 2);
    }
    if has(&["parent", "group"]) && (party || has(&["name"])) {
        return meaning(Field::Parent, 2);
    }
    if has(&["local", "chinese", "native"]) && has(&["name"]) {
        return meaning(Field::LocalName, 2);
    }
    if party && has(&["name", "nombre", "nome", "nom"]) {
        return meaning(Field::Name, 2);
    }
    if has(&["product", "products", "goods", "commodity", "merchandise"]) && !has(&["code", "id"]) {
        return meaning(Field::Goods, 2);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_many_languages() {
        for (header, field) in [
            ("Supplier Name", Field::Name),
            ("FACTORY", Field::Name),
            ("name", Field::Name),
            ("Vendor Name*", Field::Name),
            ("Name of the manufacturing facility", Field::Name),
            ("供应商名称", Field::Name),
            ("供应商名称 Supplier Name", Field::Name),
            ("Supplier Name / 供应商名称", Field::Name),
            ("Razón Social", Field::Name),
            ("Razão social", Field::Name),
            ("Nom du fournisseur", Field::Name),
            ("Lieferant (Name)", Field::Name),
            ("Name (local)", Field::LocalName),
            ("Supplier Name (Chinese)", Field::LocalName),
            ("Supplier Name (legal entity)", Field::Name),
            ("Tedarikçi Adı", Field::Name),
            ("Tên nhà cung cấp", Field::Name),
            ("仕入先名", Field::Name),
            ("Ragione Sociale", Field::Name),
            ("Country / Region", Field::Country),
            ("País", Field::Country),
            ("Land", Field::Country),
            ("国家/地区", Field::Country),
            ("Quốc gia", Field::Country),
            ("Country of Origin (COO)", Field::CountryOfProduction),
            ("Ursprungsland", Field::CountryOfProduction),
            ("原产国", Field::CountryOfProduction),
            ("Supplier Group", Field::Parent),
            ("Product Type Type", Field::Goods),
            ("HS Code (6 digit)", Field::HsCode),
            ("HTSUS #", Field::HsCode),
            ("Total Workers", Field::Workers),
            ("Number of employees", Field::Workers),
            ("% Migrant Workers", Field::MigrantShare),
            ("Migrant workers (%)", Field::MigrantShare),
            ("Unified Social Credit Code", Field::Uscc),
            ("统一社会信用代码", Field::Uscc),
            ("CNPJ", Field::Cnpj),
            ("SAM UEI", Field::Uei),
            ("supplier_tier", Field::SupplyTier),
            ("Postal Code", Field::PostalCode),
            ("Physical Address City", Field::City),
            ("Physical Address Line 1", Field::Address),
            ("vendor_dba_name", Field::Alias),
            ("Ctry", Field::Country),
            ("PLZ", Field::PostalCode),
        ] {
            assert_eq!(
                classify(header).map(|meaning| meaning.field),
                Some(field),
                "{header}"
            );
        }
    }

    #[test]
    fn columns_about_others_are_left_alone() {
        for header in [
            "% Female Workers",
            "Line Workers",
            "Supplier contact name",
            "Brand name",
            "supplier_latlon",
            "Migrant workers",
            "Factory Type",
            "Nike, Inc. Brand(s)",
            "Events",
            "source_list",
            "lat",
            "Supplier list as of 2025, please complete every yellow cell before the end of the month",
            "",
        ] {
            assert_eq!(classify(header), None, "{header}");
        }
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        for line in HEADERS.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            assert_eq!(columns.len(), 3, "{line}");
            assert!(columns[0].parse::<Field>().is_ok(), "{line}");
            assert!(["1", "2", "3"].contains(&columns[1]), "{line}");
        }
    }
}

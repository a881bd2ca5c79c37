//! Supplier lists as systems send them, besides the spreadsheets that intake
//! reads: JSON and NDJSON. They go through the same intake, as a table whose
//! columns are known, so that every rule and every rejection is the same.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::intake::{self, IntakeOptions, RejectedRow, SupplierList, Unusable};

/// The file names that JSON and NDJSON bodies are kept under.
pub const JSON_FILE: &str = "suppliers.json";
pub const NDJSON_FILE: &str = "suppliers.ndjson";

/// Values of a field that can have several.
const REPEATED: usize = 16;

/// One supplier as a system sends it. What intake reads from a spreadsheet's
/// cells, it reads from these texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"name": "Example Mill Ltd", "country": "China", "goods": ["Cotton yarn"]}))]
pub struct SupplierRecord {
    /// Your own id for it, which links it to a standing supplier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub external_id: Option<String>,
    pub name: String,
    pub aliases: Vec<String>,
    pub local_name: Option<String>,
    pub parent: Option<String>,
    pub address: Option<String>,
    pub city: Option<String>,
    pub province: Option<String>,
    pub postal_code: Option<String>,
    pub country: Option<String>,
    pub country_of_production: Option<String>,
    pub uei: Option<String>,
    pub cage: Option<String>,
    pub lei: Option<String>,
    pub duns: Option<String>,
    pub uscc: Option<String>,
    pub cnpj: Option<String>,
    pub identifiers: Vec<String>,
    pub goods: Vec<String>,
    pub hs_codes: Vec<String>,
    pub naics: Vec<String>,
    pub supply_tier: Option<String>,
    pub spend: Option<String>,
    pub contract_number: Option<String>,
    pub workers: Option<u32>,
    /// 0 to 100.
    pub migrant_share_percent: Option<String>,
    pub notes: Option<String>,
}

/// Reads a supplier list of any form. `file_name` and the bytes decide, so that
/// a replay reads the same.
pub fn supplier_list(
    file_name: &str,
    bytes: &[u8],
    options: &IntakeOptions,
) -> Result<SupplierList, Unusable> {
    let Some(records) = json_records(file_name, bytes, options)? else {
        return intake::read_supplier_list(file_name, bytes, options);
    };
    let table = as_table(&records)?;
    let mut list = if records.read.is_empty() {
        return Err(Unusable::Damaged {
            format: "JSON",
            detail: records.rejected.first().map_or_else(
                || "there is no record in it".to_owned(),
                |first| {
                    format!(
                        "no record can be read; line {}: {}",
                        first.row, first.reason
                    )
                },
            ),
        });
    } else {
        intake::read_supplier_list("suppliers.csv", &table, options)?
    };
    "json".clone_into(&mut list.layout.format);
    list.layout.encoding = None;
    list.layout.delimiter = None;
    // Row 1 of the table is the header, which nobody wrote.
    let record = |row: &mut u32| {
        let place = row.saturating_sub(2) as usize;
        *row = records.read.get(place).map_or(*row, |(number, _)| *number);
    };
    list.layout.header_row = 0;
    list.suppliers
        .iter_mut()
        .for_each(|row| record(&mut row.row));
    list.rejected
        .iter_mut()
        .for_each(|row| record(&mut row.row));
    for duplicate in &mut list.duplicates {
        record(&mut duplicate.row);
        record(&mut duplicate.same_as_row);
    }
    let more = u32::try_from(records.rejected.len()).unwrap_or(u32::MAX);
    list.rows.rejected += more;
    list.rows.blank += records.blank;
    list.rows.total += more + records.blank;
    list.rejected.extend(records.rejected);
    list.rejected.sort_by_key(|rejected| rejected.row);
    Ok(list)
}

/// Records in order, each with its 1-based number; what cannot be read, too.
#[derive(Debug, Default)]
struct Records {
    read: Vec<(u32, SupplierRecord)>,
    rejected: Vec<RejectedRow>,
    blank: u32,
}

/// `None`: the bytes are no JSON, whatever the name says, and intake looks at
/// them.
fn json_records(
    file_name: &str,
    bytes: &[u8],
    options: &IntakeOptions,
) -> Result<Option<Records>, Unusable> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let lines = match (file_name.rsplit_once('.').map(|(_, end)| end), first) {
        (Some("json"), Some(b'[' | b'{')) => false,
        (Some("ndjson" | "jsonl"), Some(b'{')) => true,
        _ => return Ok(None),
    };
    options.limits.check_file_bytes(bytes.len() as u64)?;
    if lines {
        return Ok(Some(from_lines(bytes)));
    }
    let records = match first {
        Some(b'[') => serde_json::from_slice(bytes),
        _ => serde_json::from_slice(bytes).map(|one| vec![one]),
    };
    let records: Vec<SupplierRecord> = records.map_err(|error| Unusable::Damaged {
        format: "JSON",
        detail: error.to_string(),
    })?;
    Ok(Some(Records {
        read: (1..).zip(records).collect(),
        ..Records::default()
    }))
}

fn from_lines(bytes: &[u8]) -> Records {
    let mut records = Records::default();
    let lines = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    for (number, line) in (1..).zip(lines.split(|byte| *byte == b'\n')) {
        if line.trim_ascii().is_empty() {
            records.blank += 1;
            continue;
        }
        match serde_json::from_slice(line) {
            Ok(record) => records.read.push((number, record)),
            Err(error) => records.rejected.push(RejectedRow {
                sheet: None,
                row: number,
                column: None,
                reason: format!("the line is no supplier record: {error}"),
                fix: "send one JSON object a line with the fields that the API documents"
                    .to_owned(),
            }),
        }
    }
    records
}

/// Every field, always in the same order: the header is recognized as a whole.
fn header(with_ids: bool) -> Vec<&'static str> {
    let mut columns = vec!["supplier name"];
    columns.extend([
        "local name",
        "parent company",
        "address",
        "city",
        "province",
        "postal code",
        "country",
        "country of origin",
        "UEI",
        "CAGE code",
        "LEI",
        "DUNS number",
        "USCC",
        "CNPJ",
        "supplier tier",
        "annual spend",
        "contract number",
        "number of workers",
        "percent migrant workers",
        "notes",
    ]);
    for repeated in ["alias", "identifier", "product", "HS code", "NAICS code"] {
        columns.extend([repeated; REPEATED]);
    }
    // Only where it is used: the layout is part of the result, and lists
    // without ids keep theirs.
    columns.extend(with_ids.then_some("external id"));
    columns
}

fn as_table(records: &Records) -> Result<Vec<u8>, Unusable> {
    let unwritable = |error: csv::Error| Unusable::Damaged {
        format: "JSON",
        detail: error.to_string(),
    };
    let mut table = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .from_writer(Vec::new());
    let with_ids = records
        .read
        .iter()
        .any(|(_, record)| record.external_id.is_some());
    table.write_record(header(with_ids)).map_err(unwritable)?;
    for (_, record) in &records.read {
        let id = with_ids.then(|| one_line(record.external_id.as_deref().unwrap_or_default()));
        table
            .write_record(cells(record).into_iter().chain(id))
            .map_err(unwritable)?;
    }
    table.into_inner().map_err(|error| Unusable::Damaged {
        format: "JSON",
        detail: error.to_string(),
    })
}

fn cells(record: &SupplierRecord) -> Vec<String> {
    let one = |text: &Option<String>| text.as_deref().map(one_line).unwrap_or_default();
    let mut cells = vec![one_line(&record.name)];
    cells.extend(
        [
            &record.local_name,
            &record.parent,
            &record.address,
            &record.city,
            &record.province,
            &record.postal_code,
            &record.country,
            &record.country_of_production,
            &record.uei,
            &record.cage,
            &record.lei,
            &record.duns,
            &record.uscc,
            &record.cnpj,
            &record.supply_tier,
            &record.spend,
            &record.contract_number,
        ]
        .map(one),
    );
    cells.push(
        record
            .workers
            .map(|count| count.to_string())
            .unwrap_or_default(),
    );
    cells.push(one(&record.migrant_share_percent));
    cells.push(one(&record.notes));
    for values in [
        &record.aliases,
        &record.identifiers,
        &record.goods,
        &record.hs_codes,
        &record.naics,
    ] {
        // More than fit share the last cell, which intake takes apart again.
        let (alone, together) = values.split_at(values.len().min(REPEATED - 1));
        let mut texts: Vec<String> = alone.iter().map(|text| one_line(text)).collect();
        texts.push(
            together
                .iter()
                .map(|text| one_line(text))
                .collect::<Vec<_>>()
                .join("; "),
        );
        texts.resize(REPEATED, String::new());
        cells.extend(texts);
    }
    cells
}

/// A line break would move every later row.
fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::Field;

    fn read(file: &str, text: &str) -> SupplierList {
        supplier_list(file, text.as_bytes(), &IntakeOptions::default()).unwrap()
    }

    #[test]
    fn every_column_is_taken_for_its_field() {
        let list = read(JSON_FILE, r#"[{"name":"Example Mill Ltd"}]"#);
        let fields: Vec<_> = list
            .layout
            .columns
            .iter()
            .map(|column| column.field)
            .collect();
        let once = [
            Field::Name,
            Field::LocalName,
            Field::Parent,
            Field::Address,
            Field::City,
            Field::Province,
            Field::PostalCode,
            Field::Country,
            Field::CountryOfProduction,
            Field::Uei,
            Field::Cage,
            Field::Lei,
            Field::Duns,
            Field::Uscc,
            Field::Cnpj,
            Field::SupplyTier,
            Field::Spend,
            Field::ContractNumber,
            Field::Workers,
            Field::MigrantShare,
            Field::Notes,
        ];
        let several = [
            Field::Alias,
            Field::Identifier,
            Field::Goods,
            Field::HsCode,
            Field::Naics,
        ];
        let wanted: Vec<_> = once
            .into_iter()
            .chain(several.into_iter().flat_map(|field| [field; REPEATED]))
            .map(Some)
            .collect();
        assert_eq!(fields, wanted);
    }

    #[test]
    fn an_id_adds_a_column_only_where_it_is_used() {
        let list = read(
            JSON_FILE,
            r#"[{"name":"One Ltd","external_id":"V-1"},{"name":"Two Ltd"}]"#,
        );
        let ids: Vec<_> = list
            .suppliers
            .iter()
            .map(|row| row.supplier.external_id.as_deref())
            .collect();
        assert_eq!(ids, [Some("V-1"), None]);
        let column = list.layout.columns.last().unwrap();
        assert_eq!(column.field, Some(Field::ExternalId));
    }

    #[test]
    fn a_record_keeps_what_it_says() {
        let list = read(
            JSON_FILE,
            r#"[{"name":"Müller, \"Söhne\"; & Co\nKG","aliases":["Muller Sohne"],"city":"Hamburg",
                "country":"DE","goods":["hand tools","cotton, raw"],"hs_codes":["8205"],"workers":12,
                "migrant_share_percent":"12.5","notes":"a; b"},
               {"name":"供应商有限公司","country":"China","uscc":"91650000123456789X"}]"#,
        );
        assert_eq!((list.rows.total, list.rows.accepted), (2, 2));
        let first = &list.suppliers[0];
        assert_eq!(first.row, 1);
        assert_eq!(first.supplier.name, "Müller, \"Söhne\"; & Co KG");
        assert_eq!(first.supplier.goods, ["hand tools", "cotton, raw"]);
        assert_eq!(first.supplier.workers, Some(12));
        assert_eq!(first.supplier.migrant_share_permille, Some(125));
        assert_eq!(list.suppliers[1].row, 2);
        assert_eq!(list.suppliers[1].supplier.name, "供应商有限公司");
    }

    #[test]
    fn a_bad_line_costs_only_itself() {
        let list = read(
            NDJSON_FILE,
            "{\"name\":\"One Ltd\"}\n{\"name\":\"Two Ltd\",\"workers\":\"many\"}\n\n{\"nome\":\"Three\"}\n{\"name\":\"\",\"country\":\"China\"}\n{\"name\":\"Five Ltd\"}\n",
        );
        let rows = list.rows;
        assert_eq!(
            (rows.total, rows.accepted, rows.rejected, rows.blank),
            (6, 2, 3, 1)
        );
        let accepted: Vec<_> = list.suppliers.iter().map(|row| row.row).collect();
        let rejected: Vec<_> = list.rejected.iter().map(|row| row.row).collect();
        assert_eq!((accepted, rejected), (vec![1, 6], vec![2, 4, 5]));
    }

    #[test]
    fn hostile_bodies_are_refused_and_nothing_hangs() {
        let deep = "[".repeat(100_000);
        let twice = r#"[{"name":"A","name":"B"}]"#;
        for bad in [deep.as_str(), twice, "[{]", "[1,2]", "{\"name\":", "[]"] {
            let read = supplier_list(JSON_FILE, bad.as_bytes(), &IntakeOptions::default());
            assert!(read.is_err(), "{}", &bad[..bad.len().min(40)]);
        }
    }
}

//! Supplier lists as systems send them, besides the spreadsheets that intake
//! reads: JSON and NDJSON. Their records go through the same intake as a
//! table's rows, so that every rule for a field is the same.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::intake::{self, Field, IntakeOptions, Record, RejectedRow, SupplierList, Unusable};

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
    if records.read.is_empty() {
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
    }
    let (columns, read) = columns(&records.read);
    let mut list = intake::read_records("json", &columns, read, &options.limits)?;
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

/// The fields that any record fills, as columns; those that repeat as often as
/// the fullest record needs.
fn columns(records: &[(u32, SupplierRecord)]) -> (Vec<(&'static str, Field)>, Vec<Record>) {
    let texts: Vec<_> = records.iter().map(|(_, record)| texts(record)).collect();
    let mut columns = Vec::new();
    for (place, (name, field)) in FIELDS.iter().enumerate() {
        let most = texts
            .iter()
            .filter_map(|texts| texts.get(place).map(Vec::len))
            .max();
        // The name is a column even where nobody has one: its absence is said.
        let least = usize::from(*field == Field::Name);
        let times = most.unwrap_or_default().max(least);
        columns.extend(std::iter::repeat_n((place, *name, *field), times));
    }
    let rows = records.iter().zip(&texts).map(|((number, _), texts)| {
        let mut taken = [0; FIELDS.len()];
        let cell = |(place, _, _): &(usize, &str, Field)| {
            let next = taken.get_mut(*place)?;
            *next += 1;
            texts.get(*place)?.get(*next - 1).cloned()
        };
        Record {
            number: *number,
            texts: columns
                .iter()
                .map(cell)
                .map(Option::unwrap_or_default)
                .collect(),
        }
    });
    let rows = rows.collect();
    let columns = columns
        .into_iter()
        .map(|(_, name, field)| (name, field))
        .collect();
    (columns, rows)
}

/// Every field of a record, in the order of [`texts`].
const FIELDS: [(&str, Field); 27] = [
    ("name", Field::Name),
    ("local_name", Field::LocalName),
    ("parent", Field::Parent),
    ("address", Field::Address),
    ("city", Field::City),
    ("province", Field::Province),
    ("postal_code", Field::PostalCode),
    ("country", Field::Country),
    ("country_of_production", Field::CountryOfProduction),
    ("uei", Field::Uei),
    ("cage", Field::Cage),
    ("lei", Field::Lei),
    ("duns", Field::Duns),
    ("uscc", Field::Uscc),
    ("cnpj", Field::Cnpj),
    ("supply_tier", Field::SupplyTier),
    ("spend", Field::Spend),
    ("contract_number", Field::ContractNumber),
    ("workers", Field::Workers),
    ("migrant_share_percent", Field::MigrantShare),
    ("notes", Field::Notes),
    ("aliases", Field::Alias),
    ("identifiers", Field::Identifier),
    ("goods", Field::Goods),
    ("hs_codes", Field::HsCode),
    ("naics", Field::Naics),
    ("external_id", Field::ExternalId),
];

/// What the record says in each field; nothing where it says nothing.
fn texts(record: &SupplierRecord) -> [Vec<String>; FIELDS.len()] {
    let one = |text: &Option<String>| text.iter().map(|text| one_line(text)).collect();
    [
        vec![one_line(&record.name)],
        one(&record.local_name),
        one(&record.parent),
        one(&record.address),
        one(&record.city),
        one(&record.province),
        one(&record.postal_code),
        one(&record.country),
        one(&record.country_of_production),
        one(&record.uei),
        one(&record.cage),
        one(&record.lei),
        one(&record.duns),
        one(&record.uscc),
        one(&record.cnpj),
        one(&record.supply_tier),
        one(&record.spend),
        one(&record.contract_number),
        record
            .workers
            .map(|count| count.to_string())
            .into_iter()
            .collect(),
        one(&record.migrant_share_percent),
        one(&record.notes),
        repeated(&record.aliases),
        repeated(&record.identifiers),
        repeated(&record.goods),
        repeated(&record.hs_codes),
        repeated(&record.naics),
        one(&record.external_id),
    ]
}

/// More than fit share the last text, which intake takes apart again.
fn repeated(values: &[String]) -> Vec<String> {
    let (alone, together) = values.split_at(values.len().min(REPEATED - 1));
    let mut texts: Vec<String> = alone.iter().map(|text| one_line(text)).collect();
    if !together.is_empty() {
        let together: Vec<_> = together.iter().map(|text| one_line(text)).collect();
        texts.push(together.join("; "));
    }
    texts
}

/// A line break in a cell would part what belongs together.
fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str, text: &str) -> SupplierList {
        supplier_list(file, text.as_bytes(), &IntakeOptions::default()).unwrap()
    }

    #[test]
    fn only_what_is_said_becomes_a_column() {
        let list = read(
            JSON_FILE,
            r#"[{"name":"Example Mill Ltd","goods":["yarn","cloth"]},{"name":"Other Ltd","uei":"X"}]"#,
        );
        let columns: Vec<_> = list
            .layout
            .columns
            .iter()
            .map(|column| (column.header.as_str(), column.field))
            .collect();
        assert_eq!(
            columns,
            [
                ("name", Some(Field::Name)),
                ("uei", Some(Field::Uei)),
                ("goods", Some(Field::Goods)),
                ("goods", Some(Field::Goods)),
            ]
        );
    }

    #[test]
    fn a_record_is_never_taken_for_a_header_a_total_or_a_note() {
        for name in ["Name", "Total", "Supplier name", "Note: see below"] {
            let list = read(JSON_FILE, &format!(r#"[{{"name":"{name}"}}]"#));
            assert_eq!(list.rows.accepted, 1, "{name}");
        }
        let list = read(JSON_FILE, r#"[{"country":"China"},{}]"#);
        assert_eq!(list.rows.rejected, 2);
        assert_eq!(list.rejected[0].column.as_deref(), Some("\"name\""));
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

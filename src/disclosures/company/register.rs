//! Registers of statements: who published one, by whose account. Three forms as
//! published, told by their columns.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The UK registry of a year has some 20,000 rows.
const MOST_ROWS: usize = 200_000;
const LARGEST_REGISTER: usize = 64 * 1024 * 1024;
const LONGEST_CELL: usize = 4_000;

/// Whose account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Register {
    /// A benchmark's workbook: columns `ctsca_*` and `ukmsa_*`.
    Benchmark,
    /// The UK government's registry of modern slavery statements, one file a year.
    UnitedKingdom,
    /// Our own form: `company`, `law`, `required`, `published`, `url`, `as_of` and more.
    Own,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RegisterLaw {
    #[serde(rename = "sb657")]
    Sb657,
    #[serde(rename = "msa-s54")]
    MsaS54,
}

/// What a register says to a question, where it says anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    Yes,
    /// "Yes (subsidiary)"
    ForSubsidiary,
    No,
    NotApplicable,
    /// "may be required"
    Unclear,
}

/// One company under one law, as a register has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegisterEntry {
    pub register: Register,
    /// The row in the file, the header being 1.
    pub row: usize,
    pub company: String,
    /// The parent or group that the register names, as it stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// A national company number, as it stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_number: Option<String>,
    pub law: RegisterLaw,
    /// The register's year, or the day it speaks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<Said>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Said>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meets_minimum: Option<Said>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub homepage_link: Option<Said>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reports_five_areas: Option<Said>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RejectedRow {
    pub row: usize,
    pub column: Option<String>,
    /// What is wrong and what to do.
    pub reason: String,
}

/// Entries read, and rows that were not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRegister {
    pub register: Register,
    pub rows: usize,
    pub entries: Vec<RegisterEntry>,
    pub rejected: Vec<RejectedRow>,
}

#[derive(Debug, Error)]
pub enum RegisterError {
    #[error("the register has more than {LARGEST_REGISTER} bytes or {MOST_ROWS} rows")]
    TooLarge,
    #[error(
        "these are not the columns of a register: known are a benchmark's (\"company\" with \"ctsca_...\"), the UK registry's (\"OrganisationName\", \"StatementYear\") and our own (\"company\", \"law\", \"published\")"
    )]
    UnknownColumns,
    #[error("the register cannot be read as CSV")]
    Csv(#[from] csv::Error),
}

/// Reads a register. Rows are accepted (for one law or two), rejected or blank.
pub fn read_register(bytes: &[u8]) -> Result<ReadRegister, RegisterError> {
    if bytes.len() > LARGEST_REGISTER {
        return Err(RegisterError::TooLarge);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let headers: Vec<String> = reader
        .byte_headers()?
        .iter()
        .map(|name| key(&String::from_utf8_lossy(name)))
        .collect();
    let has = |name: &str| headers.iter().any(|header| header == name);
    let register = if has("company") && headers.iter().any(|name| name.starts_with("ctsca")) {
        Register::Benchmark
    } else if has("organisationname") && has("statementyear") {
        Register::UnitedKingdom
    } else if has("company") && has("law") && has("published") {
        Register::Own
    } else {
        return Err(RegisterError::UnknownColumns);
    };
    let mut read = ReadRegister {
        register,
        rows: 0,
        entries: Vec::new(),
        rejected: Vec::new(),
    };
    for record in reader.byte_records() {
        let record = record?;
        read.rows += 1;
        if read.rows > MOST_ROWS {
            return Err(RegisterError::TooLarge);
        }
        let row = Row {
            number: read.rows + 1,
            cells: headers
                .iter()
                .map(String::as_str)
                .zip(record.iter().map(cell))
                .filter(|(_, text)| !text.is_empty())
                .collect(),
        };
        if row.cells.is_empty() {
            continue;
        }
        match entries(register, &row) {
            Ok(entries) => read.entries.extend(entries),
            Err(rejected) => read.rejected.push(rejected),
        }
    }
    Ok(read)
}

/// Column names without case, spaces and marks.
fn key(name: &str) -> String {
    name.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn cell(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.trim().chars().take(LONGEST_CELL).collect()
}

struct Row<'a> {
    number: usize,
    cells: BTreeMap<&'a str, String>,
}

impl Row<'_> {
    fn get(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(String::as_str)
    }

    fn text(&self, column: &str) -> Option<String> {
        self.get(column).map(str::to_owned)
    }

    fn rejected(&self, column: &str, reason: impl Into<String>) -> RejectedRow {
        RejectedRow {
            row: self.number,
            column: Some(column.to_owned()),
            reason: reason.into(),
        }
    }

    /// `Yes*`, `Yes (subsidiary)`, `not applicable`, `The company may be ...`.
    fn said(&self, column: &str) -> Option<Said> {
        let said = self.get(column)?.to_lowercase();
        Some(if said.starts_with("not applicable") || said == "n/a" {
            Said::NotApplicable
        } else if said.starts_with("yes") || said == "true" || said == "y" {
            // As published, "susidiary" too.
            if said.contains("sidiary") {
                Said::ForSubsidiary
            } else {
                Said::Yes
            }
        } else if said.starts_with("no") || said == "false" || said == "n" {
            Said::No
        } else {
            Said::Unclear
        })
    }

    fn year(&self, column: &str) -> Result<Option<i32>, RejectedRow> {
        let Some(text) = self.get(column) else {
            return Ok(None);
        };
        text.parse()
            .ok()
            .filter(|year| (2010..2100).contains(year))
            .map(Some)
            .ok_or_else(|| self.rejected(column, format!("\"{text}\" is no year: write 2018")))
    }
}

fn entries(register: Register, row: &Row<'_>) -> Result<Vec<RegisterEntry>, RejectedRow> {
    let name_column = match register {
        Register::UnitedKingdom => "organisationname",
        Register::Benchmark | Register::Own => "company",
    };
    let company = row
        .text(name_column)
        .ok_or_else(|| row.rejected(name_column, "the company is missing: give its name"))?;
    let blank = RegisterEntry {
        register,
        row: row.number,
        company,
        parent: None,
        country: row.text("country"),
        company_number: None,
        law: RegisterLaw::Sb657,
        year: None,
        as_of: None,
        required: None,
        published: None,
        meets_minimum: None,
        homepage_link: None,
        reports_five_areas: None,
        url: None,
    };
    match register {
        Register::Benchmark => {
            let year = row.year("benchmarkyear")?;
            Ok(vec![
                RegisterEntry {
                    year,
                    required: row.said("ctscarequiredtoreport"),
                    published: row.said("ctscadisclosurepublished"),
                    meets_minimum: row.said("ctscacompliancerequirementsmet"),
                    homepage_link: row.said("homepagelink"),
                    reports_five_areas: row.said("reportsfiveareas"),
                    url: row.get("ctscasources").and_then(first_url),
                    ..blank.clone()
                },
                RegisterEntry {
                    law: RegisterLaw::MsaS54,
                    year,
                    required: row.said("ukmsarequired"),
                    published: row.said("ukmsastatementpublished"),
                    meets_minimum: row.said("ukmsaminimumrequirementsmet"),
                    url: row.get("ukmsasources").and_then(first_url),
                    ..blank
                },
            ])
        }
        Register::UnitedKingdom => Ok(vec![RegisterEntry {
            law: RegisterLaw::MsaS54,
            parent: row.text("parentname"),
            company_number: row.text("companynumber"),
            year: row.year("statementyear")?,
            as_of: row.get("lastupdated").and_then(day),
            // To stand in the registry is to have published; whether the company
            // had to is not said there.
            published: Some(Said::Yes),
            url: row
                .text("statementurl")
                .or_else(|| row.text("statementsummaryurl")),
            ..blank
        }]),
        Register::Own => {
            let law = match row.get("law").map(key).as_deref() {
                Some("sb657" | "ctsca" | "california") => RegisterLaw::Sb657,
                Some("msas54" | "ukmsa" | "uk") => RegisterLaw::MsaS54,
                _ => return Err(row.rejected("law", "write sb657 or msa-s54")),
            };
            let as_of = match row.get("asof") {
                Some(text) => Some(day(text).ok_or_else(|| {
                    row.rejected("as_of", format!("\"{text}\" is no day: write 2026-11-21"))
                })?),
                None => None,
            };
            Ok(vec![RegisterEntry {
                law,
                parent: row.text("parent"),
                company_number: row.text("companynumber"),
                as_of,
                required: row.said("required"),
                published: row.said("published"),
                meets_minimum: row.said("meetsminimum"),
                homepage_link: row.said("homepagelink"),
                reports_five_areas: row.said("reportsfiveareas"),
                url: row.text("url"),
                ..blank
            }])
        }
    }
}

/// `2026-06-01` or, as the UK registry writes it, `01/06/2026`.
fn day(text: &str) -> Option<NaiveDate> {
    let text = text.get(..10).unwrap_or(text);
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .or_else(|_other| NaiveDate::parse_from_str(text, "%d/%m/%Y"))
        .ok()
}

fn first_url(text: &str) -> Option<String> {
    let start = text.find("http")?;
    let url: String = text
        .get(start..)?
        .chars()
        .take_while(|letter| !letter.is_whitespace() && !",;\"<>".contains(*letter))
        .collect();
    Some(url.trim_end_matches(['.', ')']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BENCHMARK: &str = "benchmark_year,sector,company,country,ctsca_required_to_report,\
        ctsca_disclosure_published,ctsca_compliance_requirements_met,ctsca_sources,ukmsa_required,\
        ukmsa_statement_published,homepage_link,reports_five_areas\n\
        2018,AF,Halvard & Roe Inc.,United States,Yes*,Yes,No,\"CA page, accessed 2018, \
        https://roe.example/ca.html.\",No,Yes (susidiary),No,Yes\n\
        18,AF,Tamsin Tools,Japan,No,,,,,,,\n\
        2018,,,,,,,,,,,\n,,,,,,,,,,,\n";

    #[test]
    fn reads_a_benchmark_for_both_laws() {
        let read = read_register(BENCHMARK.as_bytes()).unwrap();
        assert_eq!(read.register, Register::Benchmark);
        assert_eq!((read.rows, read.entries.len()), (4, 2));
        let rejected: Vec<_> = read.rejected.iter().map(|row| row.row).collect();
        assert_eq!(rejected, [3, 4]);
        let [california, kingdom] = &read.entries[..] else {
            panic!("two laws");
        };
        assert_eq!(california.law, RegisterLaw::Sb657);
        assert_eq!(california.required, Some(Said::Yes));
        assert_eq!(california.meets_minimum, Some(Said::No));
        assert_eq!(
            california.url.as_deref(),
            Some("https://roe.example/ca.html")
        );
        assert_eq!(kingdom.published, Some(Said::ForSubsidiary));
        assert_eq!(kingdom.required, Some(Said::No));
    }

    #[test]
    fn reads_the_uk_registry_by_its_columns_whatever_their_number() {
        let text = "StatementYear,OrganisationName,Address,SectorType,CompanyNumber,LastUpdated,\
            GroupSubmission,ParentName,StatementURL,StatementSummaryURL,SomethingNew\n\
            2026,Pennywhistle Stores Ltd,1 High Street,Private,01234567,01/06/2026,,\
            Pennywhistle Group,https://penny.example/ms,,x\n";
        let read = read_register(text.as_bytes()).unwrap();
        let entry = &read.entries[0];
        assert_eq!(entry.register, Register::UnitedKingdom);
        assert_eq!(entry.company_number.as_deref(), Some("01234567"));
        assert_eq!(entry.parent.as_deref(), Some("Pennywhistle Group"));
        assert_eq!(entry.published, Some(Said::Yes));
        assert_eq!(entry.required, None);
        assert_eq!(entry.as_of, NaiveDate::from_ymd_opt(2026, 6, 1));
    }

    #[test]
    fn reads_our_own_form_and_says_what_is_wrong() {
        let text = "company,law,required,published,url,as_of\n\
            Tamsin Tools,sb657,Yes,No,,2026-11-01\nTamsin Tools,gdpr,,Yes,,\n\
            Tamsin Tools,uk,,Yes,,yesterday\n";
        let read = read_register(text.as_bytes()).unwrap();
        assert_eq!(read.entries.len(), 1);
        assert_eq!(read.entries[0].published, Some(Said::No));
        let places: Vec<_> = read
            .rejected
            .iter()
            .map(|row| (row.row, row.column.as_deref()))
            .collect();
        assert_eq!(places, [(3, Some("law")), (4, Some("as_of"))]);
        assert!(matches!(
            read_register(b"name,city\nA,B\n"),
            Err(RegisterError::UnknownColumns)
        ));
    }
}

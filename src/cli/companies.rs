//! `plimsoll statement companies` and `plimsoll statement duplicates`: who is
//! presumed to owe a statement, which suppliers and parents registers speak of, and
//! which statements share their words.

use std::{collections::BTreeSet, fmt::Write as _};

use serde::Serialize;

use super::{
    arguments::{CompaniesArguments, DuplicatesArguments, StatementFormat, StatementLaw},
    output::{Failure, note, print},
    statement::{bytes_of, document_of},
};
use crate::{
    app::{
        companies::{Company, LeadTo, leads_to, presumed},
        read,
    },
    clock::{Clock, SystemClock},
    disclosures::{
        company::{Named, RegisterEntry, RegisterIndex, RegisterLaw, read_register},
        statement::{Document, near_duplicates},
    },
    intake::IntakeOptions,
    report::text::terminal_safe,
    screening::Similarity,
};

/// A register is as large as the UK's of a year.
const LARGEST_REGISTER: usize = 64 * 1024 * 1024 + 1;
const LARGEST_LIST: usize = 64 * 1024 * 1024 + 1;

#[derive(Debug, Serialize)]
struct Answer<'a> {
    as_of: chrono::NaiveDate,
    companies: Vec<Company<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppliers: Vec<SupplierLeads<'a>>,
}

#[derive(Debug, Serialize)]
struct SupplierLeads<'a> {
    row: u32,
    supplier: String,
    leads: Vec<LeadTo<'a>>,
}

pub fn companies(arguments: &CompaniesArguments) -> Result<(), Failure> {
    let as_of = arguments.as_of.unwrap_or_else(|| SystemClock.today());
    let law = match arguments.law {
        StatementLaw::Sb657 => RegisterLaw::Sb657,
        StatementLaw::MsaS54 => RegisterLaw::MsaS54,
    };
    let mut entries: Vec<RegisterEntry> = Vec::new();
    for path in &arguments.registers {
        let bytes = bytes_of(path, LARGEST_REGISTER)?;
        let read = read_register(&bytes)
            .map_err(|error| Failure::unusable(format!("{}: {error}", path.display())))?;
        for rejected in &read.rejected {
            note(format_args!(
                "{}, row {}, {}: {}",
                path.display(),
                rejected.row,
                rejected.column.as_deref().unwrap_or("row"),
                rejected.reason
            ));
        }
        entries.extend(read.entries.into_iter().filter(|entry| entry.law == law));
    }
    let mut shown = Answer {
        as_of,
        companies: presumed(&entries, law, as_of)?,
        suppliers: Vec::new(),
    };
    if let Some(path) = &arguments.suppliers {
        shown.suppliers = leads(arguments, path, &entries)?;
        let named: BTreeSet<&str> = shown
            .suppliers
            .iter()
            .flat_map(|supplier| supplier.leads.iter().map(|lead| lead.company))
            .collect();
        // With suppliers given, the others are of no concern.
        shown
            .companies
            .retain(|company| named.contains(company.company));
    }
    let text = match arguments.format {
        StatementFormat::Json => serde_json::to_string_pretty(&shown)? + "\n",
        StatementFormat::Text => in_words(&shown),
    };
    Ok(print(&text)?)
}

fn leads<'a>(
    arguments: &CompaniesArguments,
    path: &std::path::Path,
    entries: &'a [RegisterEntry],
) -> Result<Vec<SupplierLeads<'a>>, Failure> {
    let from = Similarity::new(arguments.min_similarity).ok_or_else(|| {
        Failure::unusable(format!(
            "--min-similarity {}: a similarity is between 0 and 1",
            arguments.min_similarity
        ))
    })?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let list = read::supplier_list(
        &name,
        &bytes_of(path, LARGEST_LIST)?,
        &IntakeOptions::default(),
    )
    .map_err(|error| Failure::unusable_because(&error))?;
    let index = RegisterIndex::build(entries);
    Ok(list
        .suppliers
        .iter()
        .map(|row| SupplierLeads {
            row: row.row,
            supplier: row.supplier.name.clone(),
            leads: leads_to(&index, &row.supplier, from),
        })
        .filter(|supplier| !supplier.leads.is_empty())
        .collect())
}

fn in_words(companies: &Answer<'_>) -> String {
    let mut text = String::new();
    for company in &companies.companies {
        let presumed = serde_json::to_value(company.presumption.presumed)
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default();
        let _infallible = writeln!(text, "{presumed:<17} {}", terminal_safe(company.company));
        for reason in &company.presumption.reasons {
            let _infallible = writeln!(
                text,
                "  {} ({})",
                terminal_safe(&reason.reason),
                terminal_safe(&reason.source)
            );
        }
    }
    for supplier in &companies.suppliers {
        let _infallible = writeln!(
            text,
            "row {}: {}",
            supplier.row,
            terminal_safe(&supplier.supplier)
        );
        for lead in &supplier.leads {
            let _infallible = writeln!(
                text,
                "  {} \"{}\" is like \"{}\" in the register, similarity {}: a lead",
                match lead.named {
                    Named::Supplier => "its name",
                    Named::Parent => "its parent",
                },
                terminal_safe(&lead.name),
                terminal_safe(lead.company),
                lead.similarity.value()
            );
        }
    }
    text
}

pub fn duplicates(arguments: &DuplicatesArguments) -> Result<(), Failure> {
    let mut documents: Vec<(String, Document)> = Vec::new();
    for path in &arguments.statements {
        match document_of(path)? {
            Ok(document) => documents.push((path.display().to_string(), document)),
            Err(problem) => note(format_args!("{}: {}", path.display(), problem.message)),
        }
    }
    let named: Vec<(String, &Document)> = documents
        .iter()
        .map(|(name, document)| (name.clone(), document))
        .collect();
    let pairs = near_duplicates(&named, arguments.from_percent);
    let text = match arguments.format {
        StatementFormat::Json => serde_json::to_string_pretty(&pairs)? + "\n",
        StatementFormat::Text => {
            let mut text = String::new();
            for pair in &pairs {
                let _infallible = writeln!(
                    text,
                    "{} %  {}  {}",
                    pair.percent,
                    terminal_safe(&pair.first),
                    terminal_safe(&pair.second)
                );
            }
            text
        }
    };
    Ok(print(&text)?)
}

//! Who is presumed to owe a statement, by registers of disclosures, and which
//! suppliers and parents they name. Nothing is stored.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::merges::{self, MergeError};
use crate::{
    disclosures::company::{
        CompanyFacts, CoverageTest, Named, Presumption, RegisterEntry, RegisterError,
        RegisterIndex, RegisterLaw, RejectedRow, presume, read_register,
    },
    screening::Similarity,
    store::Database,
    supplier::Supplier,
};

/// A company of the registers, and what is presumed of it.
#[derive(Debug, Serialize)]
pub struct Company<'a> {
    pub company: &'a str,
    pub presumption: Presumption,
    pub entries: Vec<&'a RegisterEntry>,
}

/// A company that a supplier or its parent may be: for a person to decide.
#[derive(Debug, Serialize)]
pub struct LeadTo<'a> {
    pub named: Named,
    /// The name of the supplier's that is alike.
    pub name: String,
    pub company: &'a str,
    pub similarity: Similarity,
}

/// Every company of the entries, by name.
pub fn presumed(
    entries: &[RegisterEntry],
    law: RegisterLaw,
    as_of: NaiveDate,
) -> Result<Vec<Company<'_>>, toml::de::Error> {
    let tests = CoverageTest::all()?;
    let mut by_company: BTreeMap<&str, Vec<&RegisterEntry>> = BTreeMap::new();
    for entry in entries {
        by_company.entry(&entry.company).or_default().push(entry);
    }
    let facts = CompanyFacts::default();
    Ok(by_company
        .into_iter()
        .map(|(company, entries)| Company {
            company,
            presumption: presume(&tests, law, &facts, &entries, as_of),
            entries,
        })
        .collect())
}

/// The companies that this supplier or its parent may be.
pub fn leads_to<'a>(
    index: &RegisterIndex<'a>,
    supplier: &Supplier,
    from: Similarity,
) -> Vec<LeadTo<'a>> {
    index
        .leads(supplier, from)
        .into_iter()
        .filter_map(|lead| {
            Some(LeadTo {
                named: lead.named,
                name: lead.name,
                company: &lead.entries.first()?.company,
                similarity: lead.similarity,
            })
        })
        .collect()
}

/// What is asked of a register.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub law: RegisterLaw,
    pub as_of: NaiveDate,
    /// Only companies that one of the organization's suppliers or its parent may
    /// be, from this likeness on.
    pub suppliers_from: Option<Similarity>,
}

/// Nothing is presumed, and why.
#[derive(Debug, thiserror::Error)]
pub enum CompaniesError {
    #[error(transparent)]
    Register(#[from] RegisterError),
    #[error("the suppliers cannot be compared")]
    Suppliers(#[from] MergeError),
    #[error("the law's tests cannot be read")]
    Tests(#[from] toml::de::Error),
    #[error("the answer cannot be written")]
    NotWritten(#[from] serde_json::Error),
    #[error("the register was not read to its end")]
    Stopped(#[from] tokio::task::JoinError),
}

/// Reads a register and answers in JSON.
pub async fn of_register(
    database: &Database,
    bytes: Vec<u8>,
    asked: Asked,
) -> Result<serde_json::Value, CompaniesError> {
    let suppliers = match asked.suppliers_from {
        Some(_) => merges::standing_suppliers(database).await?,
        None => Vec::new(),
    };
    tokio::task::spawn_blocking(move || answer(&bytes, &suppliers, asked)).await?
}

#[derive(Debug, Serialize)]
struct Answer<'a> {
    as_of: NaiveDate,
    rows: usize,
    /// Of another law than the one asked for.
    other_laws: usize,
    rejected: &'a [RejectedRow],
    companies: Vec<Company<'a>>,
    suppliers: Vec<SupplierLeads<'a>>,
}

#[derive(Debug, Serialize)]
struct SupplierLeads<'a> {
    supplier_id: Uuid,
    name: &'a str,
    leads: Vec<LeadTo<'a>>,
}

fn answer(
    bytes: &[u8],
    suppliers: &[(Uuid, Supplier)],
    asked: Asked,
) -> Result<serde_json::Value, CompaniesError> {
    let read = read_register(bytes)?;
    let all = read.entries.len();
    let mut entries = read.entries;
    entries.retain(|entry| entry.law == asked.law);
    let mut shown = Answer {
        as_of: asked.as_of,
        rows: read.rows,
        other_laws: all - entries.len(),
        rejected: &read.rejected,
        companies: presumed(&entries, asked.law, asked.as_of)?,
        suppliers: Vec::new(),
    };
    if let Some(from) = asked.suppliers_from {
        let index = RegisterIndex::build(&entries);
        for (supplier_id, supplier) in suppliers {
            let leads = leads_to(&index, supplier, from);
            if !leads.is_empty() {
                shown.suppliers.push(SupplierLeads {
                    supplier_id: *supplier_id,
                    name: &supplier.name,
                    leads,
                });
            }
        }
        let leads = shown.suppliers.iter().flat_map(|one| &one.leads);
        let named: BTreeSet<&str> = leads.map(|lead| lead.company).collect();
        shown.companies.retain(|one| named.contains(one.company));
    }
    Ok(serde_json::to_value(&shown)?)
}

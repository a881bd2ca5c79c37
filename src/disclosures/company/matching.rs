//! Companies of a register against our suppliers and their parents, by the engine
//! that screens them. What comes out are leads: names that are alike.

use serde::Serialize;

use super::register::RegisterEntry;
use crate::{
    country::Country,
    lists::EntryKind,
    screening::{Index, Party, SearchOptions, Similarity, Subject},
    supplier::Supplier,
};

/// Whose name is alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    Supplier,
    /// The parent that the supplier list names: its statement is the parent's.
    Parent,
}

/// A register's company that a supplier or its parent may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CompanyLead<'a> {
    pub named: Named,
    /// The name of ours that is alike.
    pub name: String,
    pub similarity: Similarity,
    /// The register's entries under that name.
    pub entries: Vec<&'a RegisterEntry>,
}

/// The companies of registers, searchable by name.
#[derive(Debug)]
pub struct RegisterIndex<'a> {
    index: Index,
    entries: &'a [RegisterEntry],
}

/// Leads of one name at most.
const MOST_LEADS: usize = 5;

impl<'a> RegisterIndex<'a> {
    /// One party a company name and country; parents named there are aliases of
    /// nobody and are not searched.
    pub fn build(entries: &'a [RegisterEntry]) -> Self {
        let mut keys: Vec<(&str, Option<&str>)> = entries
            .iter()
            .map(|entry| (entry.company.as_str(), entry.country.as_deref()))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        let parties = keys
            .into_iter()
            .map(|(company, country)| Party {
                id: format!("{company}\u{1f}{}", country.unwrap_or_default()),
                kind: EntryKind::Organization,
                names: vec![company.to_owned()],
                countries: country.and_then(Country::parse).into_iter().collect(),
                addresses: Vec::new(),
                identifiers: Vec::new(),
            })
            .collect();
        Self {
            index: Index::build(parties),
            entries,
        }
    }

    /// Leads for a supplier and for its parent, the most alike first.
    pub fn leads(&self, supplier: &Supplier, from: Similarity) -> Vec<CompanyLead<'a>> {
        let own = Subject {
            names: std::iter::once(&supplier.name)
                .chain(supplier.aliases.iter().map(|alias| &alias.name))
                .cloned()
                .collect(),
            // A register names the seat, our list where goods are made: a company
            // of another country is no other company.
            countries: supplier.address.country.into_iter().collect(),
            ..Subject::default()
        };
        let mut leads = self.search(Named::Supplier, &own, from);
        if let Some(parent) = &supplier.parent {
            let parent = Subject {
                names: vec![parent.clone()],
                ..Subject::default()
            };
            leads.extend(self.search(Named::Parent, &parent, from));
        }
        leads
    }

    fn search(&self, named: Named, subject: &Subject, from: Similarity) -> Vec<CompanyLead<'a>> {
        let options = SearchOptions {
            min_similarity: from,
            limit: MOST_LEADS,
        };
        self.index
            .search(subject, &options)
            .into_iter()
            .filter_map(|candidate| {
                let party = self.index.party(candidate.party)?;
                let (company, country) = party.id.split_once('\u{1f}')?;
                Some(CompanyLead {
                    named,
                    name: subject.names.get(candidate.subject_name)?.clone(),
                    similarity: candidate.similarity,
                    entries: self
                        .entries
                        .iter()
                        .filter(|entry| {
                            entry.company == company
                                && entry.country.as_deref().unwrap_or_default() == country
                        })
                        .collect(),
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::register::read_register, *};

    #[test]
    fn a_parent_s_statement_is_found_for_its_subsidiary() {
        let own = "company,law,required,published\nHalvard & Roe Outfitters Inc.,sb657,Yes,Yes\n\
                   Tamsin Tools Ltd,sb657,No,No\n";
        let read = read_register(own.as_bytes()).unwrap();
        let index = RegisterIndex::build(&read.entries);
        let supplier = Supplier {
            name: "Copperfield Hats LLC".to_owned(),
            parent: Some("Halvard and Roe Outfitters, Incorporated".to_owned()),
            ..Supplier::default()
        };
        let leads = index.leads(&supplier, Similarity::from_unit(0.85));
        assert_eq!(leads.len(), 1, "{leads:?}");
        assert_eq!(leads[0].named, Named::Parent);
        assert_eq!(leads[0].entries[0].company, "Halvard & Roe Outfitters Inc.");
        let unlike = Supplier {
            name: "Brackwater Looms".to_owned(),
            ..Supplier::default()
        };
        assert!(index.leads(&unlike, Similarity::from_unit(0.85)).is_empty());
    }
}

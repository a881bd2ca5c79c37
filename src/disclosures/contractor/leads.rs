//! Who else may have to do with a contractor: shown, never merged.

use serde::Serialize;

use super::{
    dossier::ContractorFile,
    party::{Identity, Relative},
};
use crate::{
    lists::EntryKind,
    screening::{Index, Party, SearchOptions, Similarity, Subject},
};

/// Another party that may have to do with the contractor: never merged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "lead", rename_all = "snake_case")]
pub enum Lead {
    /// A parent, owner or predecessor as a record names it.
    Relative(Relative),
    /// Another contractor of these files whose name is alike.
    NameAlike {
        name: String,
        uei: Option<String>,
        cage: Option<String>,
        /// In millionths.
        similarity: u32,
    },
}

/// Similarity from which two names are shown as alike, in millionths.
const ALIKE: u32 = 850_000;
/// Contractors whose names are held against each other.
const MOST_COMPARED: usize = 50_000;
/// Names alike shown for one contractor.
const MOST_ALIKE: usize = 5;

pub(super) fn leads(files: &[&ContractorFile], names: &Index, file: &ContractorFile) -> Vec<Lead> {
    let mut leads: Vec<Lead> = file
        .identity
        .relatives
        .iter()
        .cloned()
        .map(Lead::Relative)
        .collect();
    let options = SearchOptions {
        min_similarity: Similarity::from_millionths(ALIKE).unwrap_or(Similarity::ONE),
        limit: MOST_ALIKE + 1,
    };
    for candidate in names.search(&subject(&file.identity), &options) {
        let other = names
            .party(candidate.party)
            .and_then(|party| party.id.parse::<usize>().ok())
            .and_then(|at| files.get(at));
        if let Some(other) = other.filter(|other| other.identity != file.identity) {
            leads.push(Lead::NameAlike {
                name: other.identity.name.clone(),
                uei: other.identity.uei.clone(),
                cage: other.identity.cage.clone(),
                similarity: candidate.similarity.millionths(),
            });
        }
    }
    leads.sort();
    leads.dedup();
    leads
}

fn subject(identity: &Identity) -> Subject {
    Subject {
        names: names_of(identity),
        ..Subject::default()
    }
}

fn names_of(identity: &Identity) -> Vec<String> {
    std::iter::once(&identity.name)
        .chain(&identity.other_names)
        .filter(|name| !name.is_empty())
        .cloned()
        .collect()
}

/// The contractors' names, searchable as listed names are.
pub(super) fn name_index(files: &[&ContractorFile]) -> Index {
    let parties = files
        .iter()
        .take(MOST_COMPARED)
        .enumerate()
        .map(|(at, file)| Party {
            id: at.to_string(),
            kind: EntryKind::Organization,
            names: names_of(&file.identity),
            countries: Vec::new(),
            addresses: Vec::new(),
            identifiers: Vec::new(),
        })
        .collect();
    Index::build(parties)
}

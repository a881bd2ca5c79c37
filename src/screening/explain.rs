//! Two names beside each other: `plimsoll explain`.

use super::{
    compare::Comparison,
    index::{Candidate, Index},
    party::{Party, Subject},
    similarity::Similarity,
};
use crate::{country::Country, lists::EntryKind};

/// How the first name, taken as a supplier's, compares with the second, taken
/// as listed. With a country, both are in it.
pub fn explain_names(
    supplier_name: &str,
    listed_name: &str,
    country: Option<Country>,
) -> Option<Comparison> {
    let countries: Vec<Country> = country.into_iter().collect();
    let index = Index::build(vec![Party {
        id: String::new(),
        kind: EntryKind::Organization,
        names: vec![listed_name.to_owned()],
        countries: countries.clone(),
        addresses: Vec::new(),
        identifiers: Vec::new(),
    }]);
    let subject = Subject {
        names: vec![supplier_name.to_owned()],
        countries,
        ..Subject::default()
    };
    let candidate = Candidate {
        party: 0,
        listed_name: 0,
        subject_name: 0,
        similarity: Similarity::ZERO,
    };
    index.explain(&subject, &candidate)
}

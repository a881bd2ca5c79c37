//! Suppliers against listed parties: from the records of both to hits.

use std::sync::Arc;

use super::{
    hit::{Band, Feature, FeatureKind, Hit, UNNAMED_PERSON},
    index::{Index, SearchOptions},
    party::{Party, Subject},
    similarity::Similarity,
};
use crate::{
    lists::{Entry, EntryKind, Snapshot, Source},
    supplier::{AliasKind, Supplier},
};

/// The lowest similarity of each band (.70, .85, .95; docs/result.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bands {
    pub low: Similarity,
    pub review: Similarity,
    pub priority: Similarity,
}

impl Default for Bands {
    fn default() -> Self {
        Self {
            low: Similarity::from_unit(0.70),
            review: Similarity::from_unit(0.85),
            priority: Similarity::from_unit(0.95),
        }
    }
}

impl Bands {
    /// An equal identifier is reviewed at any similarity; priority also takes
    /// the same country and another fact beside the name.
    pub fn of(&self, similarity: Similarity, features: &[Feature]) -> Band {
        let has = |kind| features.iter().any(|feature| feature.kind == kind);
        let same_identifier = has(FeatureKind::IdentifierEqual);
        let corroborated =
            has(FeatureKind::CountryAgrees) && (has(FeatureKind::AddressAgrees) || same_identifier);
        if similarity >= self.priority && corroborated {
            Band::Priority
        } else if similarity >= self.review || same_identifier {
            Band::Review
        } else if similarity >= self.low {
            Band::Low
        } else {
            Band::Logged
        }
    }
}

/// How a screening searches and sorts its hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScreeningOptions {
    pub search: SearchOptions,
    pub bands: Bands,
}

/// The entries of some snapshots, searchable. Cheap to clone: a new snapshot
/// makes a new one, and whoever holds the old one finishes with it.
#[derive(Debug, Clone)]
pub struct ListIndex {
    index: Arc<Index>,
    /// By the party's id.
    entries: Arc<rustc_hash::FxHashMap<String, ListedEntry>>,
}

/// The entry behind a party of the index.
#[derive(Debug)]
struct ListedEntry {
    source: Source,
    id: String,
    /// Places among the party's names that a reviewer must know more of.
    doubtful: Vec<(usize, AliasKind)>,
}

impl ListIndex {
    /// Every organization, person and vessel of the snapshots, also those no
    /// longer in force: the past counts in an assessment, by its own rules.
    pub fn build<'snapshot>(snapshots: impl IntoIterator<Item = &'snapshot Snapshot>) -> Self {
        let mut parties = Vec::new();
        let mut entries = rustc_hash::FxHashMap::default();
        for snapshot in snapshots {
            let source = snapshot.head.source;
            for entry in &snapshot.content.entries {
                let Some(party) = party_of(source, entry) else {
                    continue;
                };
                let doubtful = entry
                    .aliases
                    .iter()
                    .zip(1..)
                    .filter(|(alias, _)| {
                        matches!(alias.kind, AliasKind::Weak | AliasKind::CrossReference)
                    })
                    .map(|(alias, place)| (place, alias.kind))
                    .collect();
                let listed = ListedEntry {
                    source,
                    id: entry.id.clone(),
                    doubtful,
                };
                entries.insert(party.id.clone(), listed);
                parties.push(party);
            }
        }
        Self {
            index: Arc::new(Index::build(parties)),
            entries: Arc::new(entries),
        }
    }
}

/// The entry as a party, if it names one: a region, a good or an aircraft does not.
pub fn party_of(source: Source, entry: &Entry) -> Option<Party> {
    if matches!(
        entry.kind,
        EntryKind::Region | EntryKind::Good | EntryKind::Aircraft
    ) {
        return None;
    }
    let names = std::iter::once(entry.name.clone())
        .chain(entry.aliases.iter().map(|alias| alias.name.clone()))
        .collect();
    Some(Party {
        id: format!("{source:?}/{}", entry.id),
        kind: entry.kind,
        names,
        countries: entry.countries.clone(),
        addresses: entry.addresses.clone(),
        identifiers: entry.identifiers.clone(),
    })
}

/// Whom to look for, from a supplier as given.
pub fn subject_of(supplier: &Supplier) -> Subject {
    let names = std::iter::once(supplier.name.clone())
        .chain(supplier.aliases.iter().map(|alias| alias.name.clone()))
        .collect();
    let mut countries: Vec<_> = supplier
        .address
        .country
        .into_iter()
        .chain(supplier.country_of_production)
        .collect();
    countries.dedup();
    let line = supplier.address.line();
    Subject {
        names,
        countries,
        addresses: if line.is_empty() {
            Vec::new()
        } else {
            vec![line]
        },
        identifiers: supplier.identifiers.clone(),
    }
}

/// The hits of one supplier, most alike first, each explained. The parent is
/// looked for too: a list may reach a party's subsidiaries, and ownership is a
/// lead, so such a hit says that it is the parent's.
pub fn screen_supplier(
    list: &ListIndex,
    supplier: &Supplier,
    options: &ScreeningOptions,
) -> Vec<Hit> {
    let mut hits = search(list, &subject_of(supplier), options);
    for mut through_parent in parent_of(supplier)
        .map(|parent| search(list, &parent, options))
        .unwrap_or_default()
    {
        let already = hits.iter().any(|hit| {
            (hit.source, &hit.entry_id) == (through_parent.source, &through_parent.entry_id)
                && hit.similarity >= through_parent.similarity
        });
        if !already {
            through_parent.features.push(Feature {
                kind: FeatureKind::ParentName,
                contribution: 0,
                detail: "it is the parent's name, not the supplier's own".to_owned(),
            });
            hits.push(through_parent);
        }
    }
    hits.sort_by(|left, right| {
        (right.similarity, left.source, &left.entry_id).cmp(&(
            left.similarity,
            right.source,
            &right.entry_id,
        ))
    });
    hits
}

/// The parent as the supplier list names it, if that is another name.
fn parent_of(supplier: &Supplier) -> Option<Subject> {
    let parent = supplier.parent.as_ref()?;
    (!parent.eq_ignore_ascii_case(&supplier.name)).then(|| Subject {
        names: vec![parent.clone()],
        ..Subject::default()
    })
}

fn search(list: &ListIndex, subject: &Subject, options: &ScreeningOptions) -> Vec<Hit> {
    list.index
        .search(subject, &options.search)
        .into_iter()
        .filter_map(|candidate| {
            let party = list.index.party(candidate.party)?;
            let listed = list.entries.get(&party.id)?;
            let mut explained = list.index.explain(subject, &candidate)?;
            let mut listed_name = party.names.get(candidate.listed_name)?.clone();
            if party.kind == EntryKind::Person {
                UNNAMED_PERSON.clone_into(&mut listed_name);
                explained.alignment.clear();
                for feature in &mut explained.features {
                    if feature.kind == FeatureKind::UnmatchedWord {
                        "words of either name are left over".clone_into(&mut feature.detail);
                    }
                }
            }
            explained
                .features
                .extend(doubt(listed, candidate.listed_name));
            Some(Hit {
                source: listed.source,
                entry_id: listed.id.clone(),
                listed_name,
                supplier_name: subject.names.get(candidate.subject_name)?.clone(),
                similarity: candidate.similarity,
                band: options.bands.of(candidate.similarity, &explained.features),
                features: explained.features,
                alignment: explained.alignment,
                model: super::model_version(),
            })
        })
        .collect()
}

/// What its publisher says of the listed name, if that weakens it.
fn doubt(listed: &ListedEntry, name: usize) -> Option<Feature> {
    let (_, kind) = listed.doubtful.iter().find(|(place, _)| *place == name)?;
    let (kind, detail) = match kind {
        AliasKind::Weak => (
            FeatureKind::WeakAlias,
            "the publisher calls this alias weak: it points to many",
        ),
        _ => (
            FeatureKind::CrossReference,
            "the name is that of another record to which the entry refers",
        ),
    };
    Some(Feature {
        kind,
        contribution: 0,
        detail: detail.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{country::Country, lists::EntryStatus, supplier::Address};

    fn entry(id: &str, kind: EntryKind, name: &str) -> Entry {
        Entry {
            id: id.to_owned(),
            kind,
            name: name.to_owned(),
            aliases: Vec::new(),
            scope: crate::lists::Scope::NamedParty,
            countries: vec![Country::CHINA],
            addresses: Vec::new(),
            identifiers: Vec::new(),
            programs: Vec::new(),
            goods: None,
            listed_on: None,
            delisted_on: None,
            earlier: Vec::new(),
            status: EntryStatus::Active,
            citation: "test".to_owned(),
            remarks: None,
        }
    }

    fn list(entries: Vec<Entry>) -> ListIndex {
        let snapshot = Snapshot {
            head: crate::lists::SnapshotHead {
                derived_from: None,
                confirmed_on: None,
                source: Source::Uflpa,
                publisher: "test".to_owned(),
                title: "test".to_owned(),
                edition: "1".to_owned(),
                edition_date: chrono::NaiveDate::default(),
                retrieved_on: chrono::NaiveDate::default(),
                url: String::new(),
                sha256: String::new(),
                parser_version: 1,
                completeness: crate::lists::Completeness {
                    held: 3,
                    expected: None,
                    unit: "entities".to_owned(),
                    note: None,
                },
            },
            content: crate::lists::Content {
                entries,
                ..Default::default()
            },
        };
        ListIndex::build([&snapshot])
    }

    fn best(list: &ListIndex, name: &str) -> Option<Hit> {
        let supplier = Supplier {
            name: name.to_owned(),
            address: Address {
                country: Some(Country::CHINA),
                ..Address::default()
            },
            ..Supplier::default()
        };
        screen_supplier(list, &supplier, &ScreeningOptions::default())
            .into_iter()
            .next()
    }

    #[test]
    fn a_listed_parent_is_a_hit_that_says_so() {
        let list = list(vec![entry(
            "1",
            EntryKind::Organization,
            "Changji Esquel Textile Co., Ltd.",
        )]);
        let supplier = Supplier {
            name: "Lakeside Yarn Mill".to_owned(),
            parent: Some("Changji Esquel Textile Co., Ltd.".to_owned()),
            ..Supplier::default()
        };
        let hits = screen_supplier(&list, &supplier, &ScreeningOptions::default());
        assert_eq!(hits.len(), 1);
        assert!(
            hits[0]
                .features
                .iter()
                .any(|feature| feature.kind == FeatureKind::ParentName)
        );
        let independent = Supplier {
            parent: None,
            ..supplier
        };
        assert!(screen_supplier(&list, &independent, &ScreeningOptions::default()).is_empty());
    }

    #[test]
    fn the_listed_party_is_found_and_its_namesake_is_not() {
        let list = list(vec![
            entry(
                "1",
                EntryKind::Organization,
                "Changji Esquel Textile Co., Ltd.",
            ),
            entry(
                "2",
                EntryKind::Organization,
                "Hoshine Silicon Industry (Shanshan) Co., Ltd.",
            ),
            entry("3", EntryKind::Region, "Xinjiang"),
        ]);
        let exact = best(&list, "CHANGJI ESQUEL TEXTILE COMPANY LIMITED").unwrap();
        assert_eq!(
            (exact.source, exact.entry_id.as_str()),
            (Source::Uflpa, "1")
        );
        assert!(exact.similarity.value() >= 0.95, "{exact:?}");
        assert!(best(&list, "Changji Esquel Textil").unwrap().similarity < exact.similarity);
        let namesake = best(&list, "Changji Yida Textile Co., Ltd.");
        assert!(namesake.is_none_or(|hit| hit.band <= Band::Logged));
        assert!(best(&list, "Xinjiang").is_none());
        assert!(best(&list, "Co., Ltd.").is_none());
        assert!(best(&list, "").is_none());
    }

    #[test]
    fn a_listed_person_is_found_and_not_named() {
        let mut person = entry("7", EntryKind::Person, "INVENTADO EJEMPLO, Maximiliano");
        person.aliases = vec![crate::supplier::Alias {
            name: "IMAGINARIO, Maximiliano".to_owned(),
            kind: AliasKind::Weak,
        }];
        let list = list(vec![person]);
        let hit = best(&list, "Maximiliano Inventado Ejemplo").unwrap();
        assert_eq!(
            (hit.listed_name.as_str(), hit.entry_id.as_str()),
            (UNNAMED_PERSON, "7")
        );
        let partly = best(&list, "Maximilian Inventado Ejemplo Trading").unwrap();
        let text = serde_json::to_string(&partly).unwrap().to_lowercase();
        let named = text.replace("maximilian inventado ejemplo trading", "");
        assert!(
            !named.contains("inventado") && !named.contains("maximiliano"),
            "{named}"
        );
        let weak = best(&list, "Maximiliano Imaginario").unwrap();
        assert!(
            weak.features
                .iter()
                .any(|it| it.kind == FeatureKind::WeakAlias)
        );
    }
}

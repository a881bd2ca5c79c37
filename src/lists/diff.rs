//! What changed between two editions of one list.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    item::{Item, items},
    snapshot::Content,
};

/// The differences, each part in the order of the keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ListDiff {
    pub added: Vec<Named>,
    pub removed: Vec<Named>,
    pub changed: Vec<Changed>,
    pub unchanged: usize,
}

/// A row that only one of the editions has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    pub key: String,
    /// `None`: a natural person, who is matched but not published.
    pub name: Option<String>,
}

/// A row that both have, and that says something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    pub key: String,
    /// `None`: a natural person, who is matched but not published.
    pub name: Option<String>,
    pub fields: Vec<FieldChange>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    pub field: String,
    #[serde(flatten)]
    pub change: Change,
}

/// How a field changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Change {
    /// A list of things (aliases, programs): what went and what came.
    Members {
        removed: Vec<Value>,
        added: Vec<Value>,
    },
    /// The same things in another order.
    Order {
        reordered: bool,
    },
    Value {
        before: Value,
        after: Value,
    },
    /// About a natural person: that it changed, not how.
    Withheld {
        withheld: bool,
    },
}

/// Compares two editions of one list.
pub fn diff(before: &Content, after: &Content) -> ListDiff {
    let old = items(before);
    let new = items(after);
    let mut found = ListDiff::default();
    for (key, row) in &old {
        match new.get(key) {
            None => found.removed.push(named(key, row)),
            Some(later) if later == row => found.unchanged += 1,
            Some(later) => {
                let Named { key, name } = named(key, later);
                let withheld = row.is_person() || later.is_person();
                found.changed.push(Changed {
                    key,
                    name: name.filter(|_| !withheld),
                    fields: fields(*row, *later, withheld),
                });
            }
        }
    }
    for (key, row) in &new {
        if !old.contains_key(key) {
            found.added.push(named(key, row));
        }
    }
    found
}

impl ListDiff {
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

fn named(key: &str, row: &Item<'_>) -> Named {
    Named {
        key: published_key(key, row.is_person()),
        name: (!row.is_person()).then(|| row.name()),
    }
}

/// An id may be made of the name; a person's is shown as a hash of it.
fn published_key(key: &str, is_person: bool) -> String {
    use sha2::{Digest, Sha256};
    if !is_person {
        return key.to_owned();
    }
    let hash = hex::encode(Sha256::digest(key));
    format!("person:{}", hash.get(..16).unwrap_or_default())
}

fn fields(before: Item<'_>, after: Item<'_>, withheld: bool) -> Vec<FieldChange> {
    changes(&object(before), &object(after), withheld)
}

/// What changed between two versions of one row, as kept in JSON.
pub fn changed_fields(before: &Value, after: &Value) -> Vec<FieldChange> {
    let empty = Map::new();
    let fields = |row: &Value| row.as_object().unwrap_or(&empty).clone();
    changes(&fields(before), &fields(after), false)
}

fn changes(old: &Map<String, Value>, new: &Map<String, Value>, withheld: bool) -> Vec<FieldChange> {
    let mut names: Vec<_> = old.keys().chain(new.keys()).collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .filter_map(|name| {
            let before = old.get(name).unwrap_or(&Value::Null);
            let after = new.get(name).unwrap_or(&Value::Null);
            (before != after).then(|| FieldChange {
                field: name.clone(),
                change: if withheld {
                    Change::Withheld { withheld: true }
                } else {
                    change(before, after)
                },
            })
        })
        .collect()
}

fn object(row: Item<'_>) -> Map<String, Value> {
    match serde_json::to_value(row) {
        Ok(Value::Object(fields)) => fields,
        // A row is a struct of plain values, which always has this form.
        _ => Map::new(),
    }
}

fn change(before: &Value, after: &Value) -> Change {
    let empty = Vec::new();
    let members = |value: &Value| match value {
        Value::Array(members) => Some(members.clone()),
        Value::Null => Some(empty.clone()),
        _ => None,
    };
    let either = before.is_array() || after.is_array();
    let (Some(old), Some(new), true) = (members(before), members(after), either) else {
        return Change::Value {
            before: before.clone(),
            after: after.clone(),
        };
    };
    let without = |from: &[Value], taken: &[Value]| {
        from.iter()
            .filter(|value| !taken.contains(value))
            .cloned()
            .collect::<Vec<_>>()
    };
    let (removed, added) = (without(&old, &new), without(&new, &old));
    if removed.is_empty() && added.is_empty() {
        Change::Order { reordered: true }
    } else {
        Change::Members { removed, added }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::{
        lists::{Entry, EntryKind},
        supplier::{Alias, AliasKind},
    };

    fn entry(id: &str, name: &str, aliases: &[&str]) -> Entry {
        let mut entry: Entry = serde_json::from_value(json!({
            "id": id, "kind": "organization", "name": name, "status": "active", "citation": "c"
        }))
        .unwrap();
        entry.aliases = aliases
            .iter()
            .map(|alias| Alias {
                name: (*alias).to_owned(),
                kind: AliasKind::AlsoKnownAs,
            })
            .collect();
        entry
    }

    fn content(entries: Vec<Entry>) -> Content {
        Content {
            entries,
            ..Content::default()
        }
    }

    #[test]
    fn says_what_came_what_went_and_which_field_changed() {
        let before = content(vec![
            entry("a", "Mill A", &["Old Mill", "A Mill"]),
            entry("b", "Mill B", &[]),
            entry("c", "Mill C", &[]),
        ]);
        let mut other = entry("c", "Mill C", &[]);
        other.remarks = Some("vacated".to_owned());
        let after = content(vec![
            other,
            entry("a", "Mill A", &["A Mill", "Mill of A"]),
            entry("d", "Mill D", &[]),
        ]);
        let found = diff(&before, &after);
        assert_eq!(found.unchanged, 0);
        assert_eq!(found.added[0].name.as_deref(), Some("Mill D"));
        assert_eq!(found.removed[0].key, "entry:b");
        let told = serde_json::to_value(&found.changed).unwrap();
        assert_eq!(told[0]["fields"][0]["field"], "aliases");
        assert_eq!(told[0]["fields"][0]["removed"][0]["name"], "Old Mill");
        assert_eq!(told[0]["fields"][0]["added"][0]["name"], "Mill of A");
        assert_eq!(
            told[1]["fields"][0],
            json!({"field": "remarks", "before": null, "after": "vacated"})
        );
        assert_eq!(told[0]["fields"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn the_same_aliases_in_another_order_are_no_others() {
        let found = diff(
            &content(vec![entry("a", "A", &["B", "C"])]),
            &content(vec![entry("a", "A", &["C", "B"])]),
        );
        assert_eq!(
            found.changed[0].fields[0].change,
            Change::Order { reordered: true }
        );
    }

    #[test]
    fn a_natural_persons_name_is_not_published() {
        let person = |id: &str, alias: &str| {
            let mut person = entry(id, "Invented Person", &[alias]);
            person.kind = EntryKind::Person;
            person
        };
        let found = diff(
            &content(vec![person("invented-person", "One"), person("gone", "x")]),
            &content(vec![person("invented-person", "Two"), person("new", "x")]),
        );
        let told = serde_json::to_string(&found).unwrap();
        for secret in ["nvented", "One", "Two", "gone", "new"] {
            assert!(!told.contains(secret), "{told}");
        }
        assert_eq!(found.changed[0].fields[0].field, "aliases");
    }

    #[test]
    fn rows_that_share_an_id_are_both_compared() {
        let twice = content(vec![entry("a", "A", &[]), entry("a", "A2", &[])]);
        let once = content(vec![entry("a", "A", &[])]);
        let found = diff(&twice, &once);
        assert_eq!((found.removed.len(), found.unchanged), (1, 1));
    }

    proptest! {
        /// Whatever two editions hold: every row of either is told of once, and
        /// the other way round gives the mirror image.
        #[test]
        fn every_row_is_told_of_once(
            old in prop::collection::btree_map("[a-e]", "[xyz]", 0..6),
            new in prop::collection::btree_map("[a-e]", "[xyz]", 0..6),
        ) {
            let edition = |rows: &std::collections::BTreeMap<String, String>| content(
                rows.iter().map(|(id, name)| entry(id, name, &[])).collect(),
            );
            let found = diff(&edition(&old), &edition(&new));
            let kept = found.unchanged + found.changed.len();
            prop_assert_eq!(found.removed.len() + kept, old.len());
            prop_assert_eq!(found.added.len() + kept, new.len());
            let back = diff(&edition(&new), &edition(&old));
            prop_assert_eq!(&back.added, &found.removed);
            prop_assert_eq!(&back.removed, &found.added);
            prop_assert_eq!(back.changed.len(), found.changed.len());
            prop_assert_eq!(old == new, found.is_empty());
        }
    }
}

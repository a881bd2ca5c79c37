//! Which column feeds which field.

use super::{
    super::{
        Unusable,
        fold::fold,
        options::ColumnSelector,
        row::column_letter,
        supplier_list::{Column, Field},
    },
    find::Header,
    synonyms::Meaning,
};

/// The columns of one table and what feeds what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::intake) struct ColumnMap {
    pub(in crate::intake) columns: Vec<Column>,
    /// Column index and field, in the order of the columns.
    pub(in crate::intake) fields: Vec<(usize, Field)>,
    pub(in crate::intake) notices: Vec<String>,
    /// The column that would have been the name had there been no column for
    /// the producing site; its text stands in where the site is not named.
    pub(in crate::intake) fallback_name: Option<usize>,
}

impl ColumnMap {
    pub(in crate::intake) fn of(&self, field: Field) -> Option<usize> {
        self.fields
            .iter()
            .find(|(_, mapped)| *mapped == field)
            .map(|(column, _)| *column)
    }

    /// The columns whose cells are read.
    pub(in crate::intake) fn read_columns(&self) -> impl Iterator<Item = usize> {
        self.fields
            .iter()
            .map(|(column, _)| *column)
            .chain(self.fallback_name)
    }

    /// `K "Country / Region"`.
    pub(in crate::intake) fn label(&self, column: usize) -> String {
        match self.columns.get(column) {
            // A field of a record has a name and no letter.
            Some(known) if known.letter.is_empty() => format!("\"{}\"", known.header),
            Some(known) if !known.header.is_empty() => {
                format!("{} \"{}\"", known.letter, known.header)
            }
            _ => column_letter(column),
        }
    }
}

/// Maps the header's columns: first as the caller says, then by meaning.
pub(in crate::intake) fn assign(
    header: &Header,
    overrides: &[(ColumnSelector, Field)],
    place: &str,
) -> Result<ColumnMap, Unusable> {
    let width = header.texts.len();
    let mut taken: Vec<Option<Field>> = vec![None; width];
    let mut fixed = Vec::new();
    for (selector, field) in overrides {
        let column = select(selector, &header.texts).ok_or_else(|| Unusable::NoSuchColumn {
            wanted: selector.0.clone(),
            place: place.to_owned(),
            headers: header.texts.clone(),
        })?;
        if let Some(before) = taken.get(column).copied().flatten() {
            if before == *field {
                continue;
            }
            return Err(Unusable::ColumnMappedTwice {
                column: selector.0.clone(),
                first: before.as_str(),
                second: field.as_str(),
            });
        }
        if fixed.contains(field) && !field.takes_several() {
            return Err(Unusable::FieldMappedTwice {
                field: field.as_str(),
            });
        }
        if taken.len() <= column {
            taken.resize(column + 1, None);
        }
        if let Some(slot) = taken.get_mut(column) {
            *slot = Some(*field);
        }
        fixed.push(*field);
    }
    let mut map = ColumnMap {
        columns: Vec::new(),
        fields: Vec::new(),
        notices: Vec::new(),
        fallback_name: None,
    };
    let mut meanings = header.meanings.clone();
    meanings.resize(taken.len(), None);
    for (meaning, slot) in meanings.iter_mut().zip(&taken) {
        if slot.is_some() {
            *meaning = None;
        }
    }
    if !fixed.contains(&Field::Name) {
        prefer_site(header, &mut meanings, &mut map, &fixed);
        promote_local_name(&mut meanings);
    }
    for field in Field::ALL {
        if !fixed.contains(&field) {
            for column in chosen(field, &meanings, &header.texts) {
                if let Some(slot) = taken.get_mut(column) {
                    *slot = Some(field);
                }
            }
        }
    }
    map.columns = (0..taken.len())
        .map(|index| Column {
            letter: column_letter(index),
            header: header.texts.get(index).cloned().unwrap_or_default(),
            field: taken.get(index).copied().flatten(),
        })
        .collect();
    map.fields = taken
        .iter()
        .enumerate()
        .filter_map(|(index, field)| field.map(|field| (index, field)))
        .collect();
    Ok(map)
}

fn select(selector: &ColumnSelector, texts: &[String]) -> Option<usize> {
    let wanted = fold(&selector.0);
    texts
        .iter()
        .position(|text| text == selector.0.trim())
        .or_else(|| {
            texts
                .iter()
                .position(|text| !wanted.is_empty() && fold(text) == wanted)
        })
        .or_else(|| selector.index().filter(|index| *index < texts.len().max(1)))
}

/// The columns that feed `field`: the plainest, or all plain ones where the
/// cells add up.
fn chosen(field: Field, meanings: &[Option<Meaning>], texts: &[String]) -> Vec<usize> {
    let candidates: Vec<(usize, u8)> = meanings
        .iter()
        .enumerate()
        .filter_map(|(column, meaning)| {
            meaning
                .filter(|meaning| meaning.field == field)
                .map(|meaning| (column, meaning.strength * 2 + u8::from(meaning.exact)))
        })
        .collect();
    let Some(strongest) = candidates.iter().map(|(_, strength)| *strength).max() else {
        return Vec::new();
    };
    let first = candidates
        .iter()
        .find(|(_, strength)| *strength == strongest);
    candidates
        .iter()
        .filter(|candidate| {
            if Some(*candidate) == first {
                return true;
            }
            let (column, strength) = **candidate;
            match field {
                // The lines of one address, not a second address.
                Field::Address => texts
                    .get(column)
                    .is_some_and(|text| text.chars().any(|letter| letter.is_ascii_digit())),
                // A code beside the name of the same country.
                Field::Country => strength == strongest,
                _ => field.takes_several() && strength >= 4,
            }
        })
        .map(|(column, _)| *column)
        .collect()
}

/// A list that names both the supplier and the factory: the goods come from
/// the factory, so it is whom we check, and the supplier is its group.
fn prefer_site(
    header: &Header,
    meanings: &mut [Option<Meaning>],
    map: &mut ColumnMap,
    fixed: &[Field],
) {
    const SITES: [&str; 10] = [
        "factory",
        "facility",
        "manufacturer",
        "mill",
        "plant",
        "fabrica",
        "usine",
        "工厂",
        "工廠",
        "制造商",
    ];
    const COUNTERPARTS: [&str; 8] = [
        "supplier",
        "vendor",
        "proveedor",
        "fornecedor",
        "fournisseur",
        "lieferant",
        "供应商",
        "供應商",
    ];
    let named = |words: &[&str]| {
        header
            .texts
            .iter()
            .zip(meanings.iter())
            .position(|(text, meaning)| {
                let folded = fold(text);
                meaning.is_some_and(|meaning| meaning.field == Field::Name && meaning.strength >= 2)
                    && words.iter().any(|word| folded.contains(word))
            })
    };
    let (Some(site), Some(counterpart)) = (named(&SITES), named(&COUNTERPARTS)) else {
        return;
    };
    if site == counterpart {
        return;
    }
    let has_parent = fixed.contains(&Field::Parent)
        || meanings
            .iter()
            .flatten()
            .any(|meaning| meaning.field == Field::Parent);
    for (column, meaning) in meanings.iter_mut().enumerate() {
        let Some(meaning) = meaning else { continue };
        if column == site {
            meaning.strength = 9;
        } else if column == counterpart && !has_parent {
            meaning.field = Field::Parent;
        }
    }
    map.fallback_name = Some(counterpart);
    map.notices.push(format!(
        "the list names both a supplier ({}) and a factory ({}): the factory is checked as the supplier{}; map them by hand if that is wrong",
        column_letter(counterpart),
        column_letter(site),
        if has_parent { "" } else { ", the supplier as its group" },
    ));
}

/// A list whose only name column holds names in the local script.
fn promote_local_name(meanings: &mut [Option<Meaning>]) {
    if meanings
        .iter()
        .flatten()
        .any(|meaning| meaning.field == Field::Name)
    {
        return;
    }
    if let Some(meaning) = meanings
        .iter_mut()
        .flatten()
        .find(|meaning| meaning.field == Field::LocalName)
    {
        meaning.field = Field::Name;
    }
}

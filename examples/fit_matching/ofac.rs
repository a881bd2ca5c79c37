//! OFAC's list of Specially Designated Nationals as published: CSV without a
//! header, `-0-` for nothing, 0x1A at the end.

use std::{collections::BTreeMap, error::Error, path::Path};

use plimsoll::screening::lexicon::lexicon;

/// A listed organization.
#[derive(Debug, Clone, Default)]
pub(crate) struct Listed {
    pub(crate) id: String,
    pub(crate) names: Vec<String>,
    pub(crate) countries: Vec<plimsoll::country::Country>,
    pub(crate) addresses: Vec<String>,
}

fn rows(path: &Path) -> Result<Vec<csv::StringRecord>, Box<dyn Error>> {
    let bytes = std::fs::read(path)?;
    let text: String = String::from_utf8_lossy(&bytes).replace('\u{1a}', "");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    Ok(reader.records().collect::<Result<_, _>>()?)
}

fn field(row: &csv::StringRecord, place: usize) -> Option<String> {
    row.get(place)
        .map(str::trim)
        .filter(|text| !text.is_empty() && *text != "-0-")
        .map(str::to_owned)
}

/// Organizations only: persons, vessels and aircraft have a type.
pub(crate) fn read(folder: &Path) -> Result<Vec<Listed>, Box<dyn Error>> {
    let mut listed: BTreeMap<String, Listed> = BTreeMap::new();
    for row in rows(&folder.join("sdn.csv"))? {
        if let (Some(id), Some(name), None) = (field(&row, 0), field(&row, 1), field(&row, 2)) {
            listed.insert(
                id.clone(),
                Listed {
                    id,
                    names: vec![name],
                    ..Listed::default()
                },
            );
        }
    }
    for row in rows(&folder.join("alt.csv"))? {
        if let (Some(id), Some(name)) = (field(&row, 0), field(&row, 3))
            && let Some(listed) = listed.get_mut(&id)
        {
            listed.names.push(name);
        }
    }
    for row in rows(&folder.join("add.csv"))? {
        let Some(listed) = field(&row, 0).and_then(|id| listed.get_mut(&id)) else {
            continue;
        };
        if let Some(country) = field(&row, 4) {
            for country in lexicon().countries_in(&country) {
                if !listed.countries.contains(&country) {
                    listed.countries.push(country);
                }
            }
        }
        let line = [field(&row, 2), field(&row, 3)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ");
        if !line.is_empty() {
            listed.addresses.push(line);
        }
    }
    Ok(listed.into_values().collect())
}

//! Everything that is wrong with a model file at once, each with its place, for
//! the person who writes it.

use serde::Serialize;
use toml::{Value, de::DeTable};

use super::model::{FLDD_1_0, ModelFile};

/// A model with more faults is not looked at to its end.
const MOST: usize = 200;

/// One fault of a model file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ModelFault {
    /// JSON pointer into the file as a tree: `/tiers/high_from`.
    pub pointer: String,
    /// 1-based line, as near as the place can be told.
    pub line: Option<usize>,
    pub detail: String,
}

/// Every fault, in the order of the places; none: the model can be used.
///
/// The first fault of the form hides the others from a reader, so each is mended
/// after the shipped model and the file is read again.
pub fn model_faults(bytes: &[u8]) -> Vec<ModelFault> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let readable = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = 1 + String::from_utf8_lossy(readable).matches('\n').count();
            return vec![fault("", Some(line), "the file is not UTF-8 text")];
        }
    };
    let (tree, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let told = errors.iter().take(MOST).map(|error| {
            let line = error.span().map(|span| line_at(text, span.start));
            fault("", line, error.message())
        });
        let mut faults: Vec<_> = told.collect();
        faults.sort_by_key(|fault| fault.line);
        return faults;
    }
    let (Ok(mut value), Ok(template)) = (toml::from_str::<Value>(text), shipped()) else {
        return vec![fault("", None, "the file cannot be read")];
    };
    let mut faults: Vec<ModelFault> = Vec::new();
    let file = loop {
        let error = match serde_path_to_error::deserialize::<_, ModelFile>(value.clone()) {
            Ok(file) => break Some(file),
            Err(error) => error,
        };
        let mut place = steps(error.path());
        let detail = error.into_inner().message().trim().to_owned();
        let mended = mend(&mut value, &template, &mut place, &detail);
        let line = line_of(text, tree.get_ref(), &place);
        let found = fault(&pointer(&place), line, &detail);
        if faults.contains(&found) || !mended || faults.len() >= MOST {
            faults.push(found);
            break None;
        }
        faults.push(found);
    };
    for (place, rule) in file.iter().flat_map(ModelFile::broken_rules) {
        // What was mended says nothing about the file.
        let mended = |known: &ModelFault| {
            known.pointer == place
                || known.pointer.starts_with(&format!("{place}/"))
                || place.starts_with(&format!("{}/", known.pointer))
        };
        if !faults.iter().any(mended) {
            let parts: Vec<String> = place.split('/').skip(1).map(str::to_owned).collect();
            faults.push(fault(place, line_of(text, tree.get_ref(), &parts), rule));
        }
    }
    faults.sort_by(|left, right| (left.line, left).cmp(&(right.line, right)));
    faults.dedup();
    faults
}

fn shipped() -> Result<Value, toml::de::Error> {
    toml::from_str(std::str::from_utf8(FLDD_1_0).unwrap_or_default())
}

fn fault(pointer: &str, line: Option<usize>, detail: &str) -> ModelFault {
    ModelFault {
        pointer: pointer.to_owned(),
        line,
        detail: detail.to_owned(),
    }
}

fn steps(path: &serde_path_to_error::Path) -> Vec<String> {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Map { key } => Some(key.clone()),
            Segment::Enum { variant } => Some(variant.clone()),
            Segment::Unknown => None,
        })
        .collect()
}

fn pointer(place: &[String]) -> String {
    let mut pointer = String::new();
    for step in place {
        pointer.push('/');
        pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
    }
    pointer
}

/// The name between the first two backticks.
fn named(detail: &str) -> Option<&str> {
    detail.split('`').nth(1)
}

/// Makes the place what the shipped model has there, and completes it to the
/// field that is missing or not known. Whether anything was changed.
fn mend(value: &mut Value, template: &Value, place: &mut Vec<String>, detail: &str) -> bool {
    if detail.starts_with("unknown field") {
        if let Some(name) = named(detail)
            && place.last().is_none_or(|last| last != name)
        {
            place.push(name.to_owned());
        }
        return remove(value, place);
    }
    if detail.starts_with("missing field")
        && let Some(name) = named(detail)
    {
        place.push(name.to_owned());
    }
    match at(template, place).cloned() {
        Some(good) => put(value, place, good),
        None => remove(value, place),
    }
}

/// The value there; of a list that is shorter in the shipped model, the first.
fn at<'a>(mut value: &'a Value, place: &[String]) -> Option<&'a Value> {
    for step in place {
        value = match value {
            Value::Table(table) => table.get(step)?,
            Value::Array(items) => items
                .get(step.parse::<usize>().ok()?)
                .or_else(|| items.first())?,
            _ => return None,
        };
    }
    Some(value)
}

fn parent<'a>(value: &'a mut Value, place: &[String]) -> Option<&'a mut Value> {
    place.iter().try_fold(value, |value, step| match value {
        Value::Table(table) => table.get_mut(step),
        Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    })
}

fn put(value: &mut Value, place: &[String], good: Value) -> bool {
    let Some((last, before)) = place.split_last() else {
        return false;
    };
    match parent(value, before) {
        Some(Value::Table(table)) => {
            table.insert(last.clone(), good);
            true
        }
        Some(Value::Array(items)) => last
            .parse::<usize>()
            .ok()
            .and_then(|index| items.get_mut(index))
            .map(|item| *item = good)
            .is_some(),
        _ => false,
    }
}

fn remove(value: &mut Value, place: &[String]) -> bool {
    let Some((last, before)) = place.split_last() else {
        return false;
    };
    match parent(value, before) {
        Some(Value::Table(table)) => table.remove(last).is_some(),
        Some(Value::Array(items)) => match last.parse::<usize>() {
            Ok(index) if index < items.len() => {
                items.remove(index);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

/// The line of the place, or of the nearest thing around it.
fn line_of(text: &str, tree: &DeTable<'_>, place: &[String]) -> Option<usize> {
    use toml::de::DeValue;
    let (first, rest) = place.split_first()?;
    let (key, mut value) = tree.get_key_value(first.as_str())?;
    let mut start = key.span().start;
    for step in rest {
        let next = match value.get_ref() {
            DeValue::Table(table) => table
                .get_key_value(step.as_str())
                .map(|(key, value)| (key.span().start, value)),
            DeValue::Array(items) => step
                .parse::<usize>()
                .ok()
                .and_then(|index| items.get(index))
                .map(|value| (value.span().start, value)),
            _ => None,
        };
        let Some((at, inner)) = next else { break };
        start = at;
        value = inner;
    }
    Some(line_at(text, start))
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or_default();
    1 + before.matches('\n').count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::risk::Model;

    fn shipped_text() -> String {
        String::from_utf8(FLDD_1_0.to_vec()).unwrap()
    }

    #[test]
    fn the_shipped_model_has_none() {
        assert_eq!(model_faults(FLDD_1_0), []);
    }

    #[test]
    fn every_fault_is_told_at_once_with_its_place() {
        let text = shipped_text()
            .replace("state_imposed = 3", "state_imposed = \"three\"")
            .replace("gsi_band_max = 3", "gsi_band_maximum = 3")
            .replace("\"2WL\" = 8", "\"2WL\" = 999")
            .replace("name = \"FLDD-1.0\"", "name = \" \"")
            .replace("others_share = \"1/2\"", "others_share = \"3/2\"");
        let faults = model_faults(text.as_bytes());
        let places: Vec<_> = faults
            .iter()
            .map(|fault| (fault.pointer.as_str(), fault.line.is_some()))
            .collect();
        for wanted in [
            "/name",
            "/country/gsi_band_maximum",
            "/country/gsi_band_max",
            "/country/state_imposed",
            "/country/tip/2WL",
            "/adverse/others_share",
        ] {
            assert!(places.contains(&(wanted, true)), "{wanted}: {faults:#?}");
        }
        assert_eq!(faults.len(), 6, "{faults:#?}");
        let number = |pointer: &str| {
            let found = faults.iter().find(|fault| fault.pointer == pointer);
            found.and_then(|fault| fault.line).unwrap()
        };
        let line = |at: usize| text.lines().nth(at - 1).unwrap();
        assert!(line(number("/country/state_imposed")).starts_with("state_imposed"));
        assert!(line(number("/adverse/others_share")).starts_with("others_share"));
    }

    #[test]
    fn every_fault_of_the_syntax_is_told() {
        let faults = model_faults(b"name = \nversion = \"1\"\nsource = [\n");
        assert!(faults.len() >= 2, "{faults:?}");
        assert_eq!(faults[0].line, Some(1));
        assert_eq!(model_faults(b"\nname = \"\xff\"")[0].line, Some(2));
        assert!(!model_faults(b"").is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        /// The faults and the reader agree, whatever line is lost or doubled.
        #[test]
        fn none_means_it_can_be_used(line in 0usize..400, doubled in any::<bool>()) {
            let text = shipped_text();
            let mut lines: Vec<&str> = text.lines().collect();
            let at = line % lines.len();
            if doubled {
                lines.insert(at, lines[at]);
            } else {
                lines.remove(at);
            }
            let changed = lines.join("\n");
            prop_assert_eq!(
                model_faults(changed.as_bytes()).is_empty(),
                Model::parse(changed.as_bytes()).is_ok()
            );
        }
    }
}

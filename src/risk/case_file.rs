//! Inputs from a JSON file, assessed one by one: for checking the model by
//! hand, and against worked cases.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    assess::assess,
    assessment::Assessment,
    inputs::Inputs,
    model::{Model, ModelIdentity},
};

/// Every case of a file with its result, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssessedFile {
    pub model: ModelIdentity,
    pub cases: Vec<AssessedCase>,
}

/// One case. A case that cannot be read never costs the others their result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssessedCase {
    pub case: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Assessment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Why no case of the file could be read.
#[derive(Debug, thiserror::Error)]
pub enum CaseFileError {
    #[error(
        "the file is not JSON: write {{\"cases\":[{{\"case\":\"name\",\"inputs\":{{...}}}}]}} or one inputs object"
    )]
    NotJson(#[from] serde_json::Error),
    #[error(
        "the file holds {0}: write {{\"cases\":[{{\"case\":\"name\",\"inputs\":{{...}}}}]}} or one inputs object"
    )]
    Shape(&'static str),
    #[error("the file is for model {wanted}, but the model in use is {used}")]
    OtherModel { wanted: String, used: String },
}

/// Assesses a file of cases, an array of cases, or one inputs object.
pub fn assess_file(model: &Model, bytes: &[u8]) -> Result<AssessedFile, CaseFileError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let cases = match serde_json::from_slice::<Value>(bytes)? {
        Value::Object(object) if object.contains_key("cases") => {
            check_model(model, object.get("model"))?;
            let Some(Value::Array(cases)) = object.get("cases") else {
                return Err(CaseFileError::Shape("a \"cases\" that is no array"));
            };
            cases.clone()
        }
        Value::Array(cases) => cases,
        single @ Value::Object(_) => vec![single],
        _ => return Err(CaseFileError::Shape("neither an object nor an array")),
    };
    Ok(AssessedFile {
        model: model.identity.clone(),
        cases: cases
            .iter()
            .enumerate()
            .map(|(index, case)| assess_case(model, index + 1, case))
            .collect(),
    })
}

/// A case file names its model by name, as the published one does.
fn check_model(model: &Model, wanted: Option<&Value>) -> Result<(), CaseFileError> {
    match wanted.and_then(Value::as_str) {
        Some(wanted) if wanted != model.identity.name => Err(CaseFileError::OtherModel {
            wanted: wanted.to_owned(),
            used: model.identity.name.clone(),
        }),
        _ => Ok(()),
    }
}

fn assess_case(model: &Model, number: usize, case: &Value) -> AssessedCase {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Case {
        #[serde(default, rename = "case")]
        name: Option<String>,
        inputs: Inputs,
        #[serde(default, rename = "expected")]
        _expected: Option<Value>,
    }

    let read = if case.get("inputs").is_some() {
        Case::deserialize(case)
    } else {
        Inputs::deserialize(case).map(|inputs| Case {
            name: None,
            inputs,
            _expected: None,
        })
    };
    let name = case.get("case").and_then(Value::as_str).map(str::to_owned);
    match read {
        Ok(read) => AssessedCase {
            case: read.name.unwrap_or_else(|| number.to_string()),
            result: Some(assess(model, &read.inputs)),
            error: None,
        },
        Err(error) => AssessedCase {
            case: name.unwrap_or_else(|| number.to_string()),
            result: None,
            error: Some(match culprit(case) {
                Some(key) => format!("case {number}: inputs.{key}: {error}"),
                None => format!("case {number}: {error}"),
            }),
        },
    }
}

/// The first key whose value alone cannot be read.
fn culprit(case: &Value) -> Option<&str> {
    let inputs = case.get("inputs").unwrap_or(case).as_object()?;
    inputs
        .iter()
        .find(|(key, value)| {
            let alone = Value::Object([((*key).clone(), (*value).clone())].into_iter().collect());
            Inputs::deserialize(&alone).is_err()
        })
        .map(|(key, _)| key.as_str())
}

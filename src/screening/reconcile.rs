//! Two files against each other, line by line: `plimsoll match`. Both are JSON
//! Lines; see [`run_match`].

use std::io::{BufRead, Write};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    hit::{AlignedWords, Feature},
    index::{Index, SearchOptions},
    party::{Party, Subject},
    similarity::Similarity,
};
use crate::{
    country::Country,
    identifier::{Check, Identifier, Scheme},
    lists::EntryKind,
};

/// How a run is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MatchOptions {
    pub search: SearchOptions,
    /// Adds the names, features and paired words of each hit.
    pub explain: bool,
}

/// Which of the two files a line is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchFile {
    List,
    Queries,
}

/// What a run says while it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatchNotice {
    /// The line could not be read and was left out; the run goes on.
    BadLine {
        file: MatchFile,
        line: u64,
        reason: String,
    },
    /// The list is read and searchable.
    ListReady { parties: usize, names: usize },
    /// So many queries are answered.
    Answered { queries: u64 },
}

impl std::fmt::Display for MatchNotice {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::BadLine { file, line, reason } => {
                write!(formatter, "line {line} of the {}: {reason}", file.label())
            }
            Self::ListReady { parties, names } => {
                write!(
                    formatter,
                    "{parties} parties with {names} names are searchable"
                )
            }
            Self::Answered { queries } => write!(formatter, "{queries} queries answered"),
        }
    }
}

/// What came of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MatchSummary {
    pub parties: usize,
    pub names: usize,
    pub queries: u64,
    pub hits: u64,
    pub bad_lines: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum MatchError {
    #[error("line {line} of the {} cannot be read", file.label())]
    Read {
        file: MatchFile,
        line: u64,
        #[source]
        source: std::io::Error,
    },
    #[error("the result cannot be written")]
    Write(#[source] std::io::Error),
    #[error(
        "the list names no party: give a file with one JSON object a line that has \"entity_id\" and \"name\""
    )]
    EmptyList,
}

impl MatchFile {
    fn label(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Queries => "queries",
        }
    }
}

/// One line of the list file.
#[derive(Debug, Deserialize)]
struct ListLine {
    entity_id: String,
    name: String,
    #[serde(default)]
    kind: Option<EntryKind>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    countries: Vec<String>,
    #[serde(default)]
    addresses: Vec<String>,
    #[serde(default)]
    identifiers: Vec<IdentifierText>,
}

/// One line of the queries file.
#[derive(Debug, Deserialize)]
struct QueryLine {
    id: String,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    country: Option<String>,
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    identifiers: Vec<IdentifierText>,
}

/// `"5493001KJTIIGC8Y1R12"` or `{"scheme": "LEI", "value": "..."}`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum IdentifierText {
    Plain(String),
    Named { scheme: Scheme, value: String },
}

impl IdentifierText {
    fn into_identifier(self) -> Identifier {
        let (scheme, value) = match self {
            Self::Plain(value) => (Scheme::Other, value),
            Self::Named { scheme, value } => (scheme, value),
        };
        let value = value
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_uppercase();
        Identifier {
            scheme,
            value,
            check: Check::FormOnly,
        }
    }
}

#[derive(Debug, Serialize)]
struct Answer<'index> {
    id: String,
    hits: Vec<AnswerHit<'index>>,
}

#[derive(Debug, Serialize)]
struct AnswerHit<'index> {
    entity_id: &'index str,
    similarity: Similarity,
    #[serde(flatten)]
    why: Option<Why<'index>>,
}

#[derive(Debug, Serialize)]
struct Why<'index> {
    listed_name: &'index str,
    query_name: String,
    features: Vec<Feature>,
    alignment: Vec<AlignedWords>,
}

/// Queries answered at a time, in parallel, their order kept.
const CHUNK: usize = 1_024;

/// Reads the list (`{"entity_id", "name", "aliases"?, "countries"?, "addresses"?,
/// "identifiers"?, "kind"?}` a line), then answers the queries (`{"id", "name",
/// "aliases"?, "country"?, "address"?, "identifiers"?}` a line) as they come:
/// `{"id", "hits": [{"entity_id", "similarity"}]}` a line, in their order. A line
/// that cannot be read is said in a notice and left out.
pub fn run_match(
    list: impl BufRead,
    queries: impl BufRead,
    mut answers: impl Write,
    options: &MatchOptions,
    mut notice: impl FnMut(MatchNotice),
) -> Result<MatchSummary, MatchError> {
    let mut summary = MatchSummary::default();
    let mut parties = Vec::new();
    for line in json_lines::<ListLine>(list, MatchFile::List) {
        match line? {
            Ok(line) => parties.push(party_of(line)),
            Err(bad) => {
                summary.bad_lines += 1;
                notice(bad);
            }
        }
    }
    if parties.is_empty() {
        return Err(MatchError::EmptyList);
    }
    summary.parties = parties.len();
    summary.names = parties.iter().map(|party| party.names.len()).sum();
    let index = Index::build(parties);
    notice(MatchNotice::ListReady {
        parties: summary.parties,
        names: summary.names,
    });

    let mut chunk = Vec::with_capacity(CHUNK);
    let mut lines = json_lines::<QueryLine>(queries, MatchFile::Queries);
    loop {
        let next = lines.next().transpose()?;
        let ended = next.is_none();
        match next {
            Some(Ok(line)) => chunk.push(line),
            Some(Err(bad)) => {
                summary.bad_lines += 1;
                notice(bad);
            }
            None => {}
        }
        if chunk.len() == CHUNK || (ended && !chunk.is_empty()) {
            let done: Vec<(String, u64)> = chunk
                .par_drain(..)
                .map(|query| answer(&index, query, options))
                .collect();
            for (line, hits) in done {
                summary.queries += 1;
                summary.hits += hits;
                writeln!(answers, "{line}").map_err(MatchError::Write)?;
            }
            notice(MatchNotice::Answered {
                queries: summary.queries,
            });
        }
        if ended {
            answers.flush().map_err(MatchError::Write)?;
            return Ok(summary);
        }
    }
}

fn answer(index: &Index, query: QueryLine, options: &MatchOptions) -> (String, u64) {
    let subject = Subject {
        names: std::iter::once(query.name).chain(query.aliases).collect(),
        countries: query
            .country
            .iter()
            .filter_map(|code| Country::from_alpha2(code))
            .collect(),
        addresses: query.address.into_iter().collect(),
        identifiers: query
            .identifiers
            .into_iter()
            .map(IdentifierText::into_identifier)
            .collect(),
    };
    let hits: Vec<AnswerHit> = index
        .search(&subject, &options.search)
        .iter()
        .filter_map(|candidate| {
            let party = index.party(candidate.party)?;
            let why = if options.explain {
                let explained = index.explain(&subject, candidate)?;
                Some(Why {
                    listed_name: party.names.get(candidate.listed_name)?,
                    query_name: subject.names.get(candidate.subject_name)?.clone(),
                    features: explained.features,
                    alignment: explained.alignment,
                })
            } else {
                None
            };
            Some(AnswerHit {
                entity_id: &party.id,
                similarity: candidate.similarity,
                why,
            })
        })
        .collect();
    let count = hits.len() as u64;
    let line = serde_json::to_string(&Answer { id: query.id, hits })
        .unwrap_or_else(|error| format!("{{\"error\":{:?}}}", error.to_string()));
    (line, count)
}

fn party_of(line: ListLine) -> Party {
    Party {
        id: line.entity_id,
        kind: line.kind.unwrap_or(EntryKind::Organization),
        names: std::iter::once(line.name).chain(line.aliases).collect(),
        countries: line
            .countries
            .iter()
            .filter_map(|code| Country::from_alpha2(code))
            .collect(),
        addresses: line.addresses,
        identifiers: line
            .identifiers
            .into_iter()
            .map(IdentifierText::into_identifier)
            .collect(),
    }
}

type Line<Row> = Result<Result<Row, MatchNotice>, MatchError>;

/// Blank lines are passed over; bytes that are no UTF-8 make a bad line.
fn json_lines<Row: for<'de> Deserialize<'de>>(
    mut reader: impl BufRead,
    file: MatchFile,
) -> impl Iterator<Item = Line<Row>> {
    let mut line = 0_u64;
    let mut bytes = Vec::new();
    std::iter::from_fn(move || {
        loop {
            bytes.clear();
            line += 1;
            match reader.read_until(b'\n', &mut bytes) {
                Err(source) => return Some(Err(MatchError::Read { file, line, source })),
                Ok(0) => return None,
                Ok(_) if bytes.trim_ascii().is_empty() => {}
                Ok(_) => {
                    let row = serde_json::from_slice(bytes.trim_ascii()).map_err(|error| {
                        MatchNotice::BadLine {
                            file,
                            line,
                            reason: error.to_string(),
                        }
                    });
                    return Some(Ok(row));
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_in_order_and_names_bad_lines() {
        let list = "{\"entity_id\":\"a\",\"name\":\"Changji Esquel Textile Co., Ltd.\"}\nnot json\n{\"entity_id\":\"b\",\"name\":\"Volga Group\"}\n";
        let queries = "{\"id\":\"1\",\"name\":\"Volga Group LLC\"}\n\n{\"id\":2}\n{\"id\":\"3\",\"name\":\"Changji Esquel Textile\"}\n";
        let mut out = Vec::new();
        let mut notices = Vec::new();
        let options = MatchOptions {
            search: SearchOptions::default(),
            explain: false,
        };
        let summary = run_match(
            list.as_bytes(),
            queries.as_bytes(),
            &mut out,
            &options,
            |notice| notices.push(notice),
        )
        .unwrap();
        let ids: Vec<serde_json::Value> = String::from_utf8(out)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .map(|answer| serde_json::json!([answer["id"], answer["hits"][0]["entity_id"]]))
            .collect();
        assert_eq!(
            ids,
            [serde_json::json!(["1", "b"]), serde_json::json!(["3", "a"])]
        );
        assert_eq!((summary.queries, summary.bad_lines), (2, 2));
        let lines: Vec<u64> = notices
            .iter()
            .filter_map(|notice| match notice {
                MatchNotice::BadLine { line, .. } => Some(*line),
                _ => None,
            })
            .collect();
        assert_eq!(lines, [2, 3]);
    }
}

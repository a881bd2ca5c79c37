//! The embedded reference snapshot: facts in our own format, one file an
//! edition, each row with its source and date (`fixtures/reference/README.md`).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{
    entry::{Entry, GoodListing, PrioritySector, TipPlacement},
    snapshot::{Completeness, Content, Snapshot, SnapshotHead, Source},
};

/// Raised whenever the same bytes would be read to different content.
pub const FORMAT_VERSION: u32 = 1;

const FILES: &[(Source, &[u8])] = &[
    (
        Source::Uflpa,
        include_bytes!("../../fixtures/reference/uflpa.jsonl"),
    ),
    (
        Source::UflpaSectors,
        include_bytes!("../../fixtures/reference/uflpa-sectors.jsonl"),
    ),
    (
        Source::Cbp,
        include_bytes!("../../fixtures/reference/cbp.jsonl"),
    ),
    (
        Source::DolGoods,
        include_bytes!("../../fixtures/reference/dol-goods.jsonl"),
    ),
    (
        Source::Eo13126,
        include_bytes!("../../fixtures/reference/eo13126.jsonl"),
    ),
    (
        Source::Tip,
        include_bytes!("../../fixtures/reference/tip-2025.jsonl"),
    ),
];

/// The files of the reference snapshot. A source may have several editions
/// (one TIP report a year).
pub fn files() -> &'static [(Source, &'static [u8])] {
    FILES
}

/// Every snapshot of the reference files, in the order of [`files`].
pub fn snapshots() -> Result<Vec<Snapshot>, UnreadableReference> {
    FILES
        .iter()
        .map(|&(source, bytes)| parse(source, bytes))
        .collect()
}

/// Reads one reference file. Pure, so that bytes kept in a database give the
/// same snapshot again on replay.
pub fn parse(source: Source, bytes: &[u8]) -> Result<Snapshot, UnreadableReference> {
    let fail = |line: usize, reason: Reason| UnreadableReference {
        source_list: source,
        line,
        reason,
    };
    let text = std::str::from_utf8(bytes).map_err(|cause| fail(1, Reason::Encoding(cause)))?;
    let mut lines = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line));
    let (number, first) = lines.next().ok_or_else(|| fail(1, Reason::Empty))?;
    let HeadLine { head } =
        serde_json::from_str(first).map_err(|cause| fail(number, Reason::Json(cause)))?;
    if head.source != source {
        return Err(fail(number, Reason::OtherSource(head.source)));
    }

    let mut content = Content::default();
    let mut seen = BTreeSet::new();
    let mut records = BTreeSet::new();
    let mut standing = 0;
    for (number, line) in lines {
        let row: Row =
            serde_json::from_str(line).map_err(|cause| fail(number, Reason::Json(cause)))?;
        row.check_provenance()
            .map_err(|reason| fail(number, reason))?;
        let Some(item) = row.item() else {
            return Err(fail(number, Reason::NotOneItem));
        };
        let key = item.key();
        if !seen.insert(key.clone()) {
            return Err(fail(number, Reason::Duplicate(key)));
        }
        match (&row.withdrawn, &row.good) {
            (Some(withdrawn), Some(good)) => content.goods.push(GoodListing {
                delisted_on: Some(withdrawn.on),
                ..good.clone()
            }),
            (Some(_), None) => {}
            (None, _) => {
                records.insert(row.record.unwrap_or_default());
                standing += 1;
                item.place(&mut content);
            }
        }
    }
    if standing == 0 {
        return Err(fail(number, Reason::Empty));
    }

    let held = match head.counts {
        Unit::Rows => standing,
        Unit::Records => records.len(),
        Unit::Goods => content
            .goods
            .iter()
            .filter(|listing| listing.delisted_on.is_none())
            .map(|listing| listing.good.as_str())
            .collect::<BTreeSet<_>>()
            .len(),
    };
    Ok(Snapshot {
        head: head.into_snapshot_head(hex::encode(Sha256::digest(bytes)), held),
        content,
    })
}

/// Why a reference file cannot be used, and where.
#[derive(Debug, thiserror::Error)]
#[error(
    "reference file of {source_list}, line {line}: correct the line as fixtures/reference/README.md says"
)]
pub struct UnreadableReference {
    pub source_list: Source,
    /// 1-based.
    pub line: usize,
    #[source]
    pub reason: Reason,
}

#[derive(Debug, thiserror::Error)]
pub enum Reason {
    #[error("the file is not UTF-8")]
    Encoding(#[source] std::str::Utf8Error),
    #[error("the file holds no rows")]
    Empty,
    #[error("the line is not in the reference format")]
    Json(#[source] serde_json::Error),
    #[error("the head names the source {0}")]
    OtherSource(Source),
    #[error("a row holds exactly one of entry, good, placement, sector")]
    NotOneItem,
    #[error("the row has no source")]
    NoSource,
    #[error("the row repeats {0}")]
    Duplicate(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadLine {
    head: Head,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    source: Source,
    publisher: String,
    title: String,
    edition: String,
    edition_date: NaiveDate,
    retrieved_on: NaiveDate,
    url: String,
    counts: Unit,
    expected: Option<u32>,
    unit: String,
    note: Option<String>,
    derived_from: Option<Source>,
}

impl Head {
    fn into_snapshot_head(self, sha256: String, held: usize) -> SnapshotHead {
        SnapshotHead {
            source: self.source,
            publisher: self.publisher,
            title: self.title,
            edition: self.edition,
            edition_date: self.edition_date,
            retrieved_on: self.retrieved_on,
            url: self.url,
            sha256,
            parser_version: FORMAT_VERSION,
            completeness: Completeness {
                held: u32::try_from(held).unwrap_or(u32::MAX),
                expected: self.expected,
                unit: self.unit,
                note: self.note,
            },
            derived_from: self.derived_from,
            confirmed_on: None,
        }
    }
}

/// What the publisher counts, so that `held` and `expected` are comparable.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Unit {
    Rows,
    /// Published records: one order may name several parties.
    Records,
    /// Distinct goods, whatever the number of countries.
    Goods,
}

/// One line. `source`, `date` and `verified` say where the fact is from; they
/// are for the reader of the file and are demanded of every row.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    entry: Option<Entry>,
    good: Option<GoodListing>,
    placement: Option<TipPlacement>,
    sector: Option<PrioritySector>,
    /// The number of the published record that the row is part of.
    record: Option<u32>,
    source: String,
    #[serde(rename = "date")]
    _date: NaiveDate,
    verified: String,
    withdrawn: Option<Withdrawn>,
}

/// A row that the publisher has taken off since. A good is loaded with the day,
/// so that an earlier day can be asked for; anything else is only kept.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Withdrawn {
    on: NaiveDate,
    #[serde(rename = "citation")]
    _citation: String,
}

enum Item<'row> {
    Entry(&'row Entry),
    Good(&'row GoodListing),
    Placement(&'row TipPlacement),
    Sector(&'row PrioritySector),
}

impl Row {
    fn check_provenance(&self) -> Result<(), Reason> {
        if self.source.trim().is_empty() || self.verified.trim().is_empty() {
            return Err(Reason::NoSource);
        }
        Ok(())
    }

    fn item(&self) -> Option<Item<'_>> {
        match (&self.entry, &self.good, &self.placement, &self.sector) {
            (Some(entry), None, None, None) => Some(Item::Entry(entry)),
            (None, Some(good), None, None) => Some(Item::Good(good)),
            (None, None, Some(placement), None) => Some(Item::Placement(placement)),
            (None, None, None, Some(sector)) => Some(Item::Sector(sector)),
            _ => None,
        }
    }
}

impl Item<'_> {
    fn key(&self) -> String {
        match self {
            Self::Entry(entry) => entry.id.clone(),
            Self::Good(listing) => match listing.listed_on {
                Some(day) => format!("{} from {} since {day}", listing.good, listing.country),
                None => format!("{} from {}", listing.good, listing.country),
            },
            Self::Placement(placement) => format!("{} in {}", placement.country, placement.year),
            Self::Sector(sector) => sector.key.clone(),
        }
    }

    fn place(&self, content: &mut Content) {
        match *self {
            Self::Entry(entry) => content.entries.push(entry.clone()),
            Self::Good(listing) => content.goods.push(listing.clone()),
            Self::Placement(placement) => content.placements.push(placement.clone()),
            Self::Sector(sector) => content.sectors.push(sector.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"{"head":{"source":"uflpa-sectors","publisher":"P","title":"T","edition":"1","edition_date":"2025-08-19","retrieved_on":"2025-08-20","url":"https://example.test/","counts":"rows","expected":2,"unit":"sectors","note":null}}"#;
    const STEEL: &str = r#"{"sector":{"key":"steel","name":"Steel","designated_on":"2025-08-19","hs_prefixes":["72"],"citation":"c"},"source":"s","date":"2025-08-19","verified":"official"}"#;

    fn read(lines: &[&str]) -> Result<Snapshot, UnreadableReference> {
        parse(Source::UflpaSectors, lines.join("\n").as_bytes())
    }

    #[test]
    fn reads_head_and_rows_and_hashes_the_bytes() {
        let snapshot = read(&[HEAD, STEEL]).unwrap();
        assert_eq!(snapshot.content.sectors.len(), 1);
        assert_eq!(snapshot.head.completeness.held, 1);
        assert_eq!(snapshot.head.completeness.is_whole(), Some(false));
        assert_eq!(
            snapshot.head.sha256,
            hex::encode(Sha256::digest(format!("{HEAD}\n{STEEL}")))
        );
    }

    #[test]
    fn names_the_line_of_what_it_cannot_use() {
        let unsourced = STEEL.replace(r#""source":"s""#, r#""source":" ""#);
        let misspelled = STEEL.replace("designated_on", "designated");
        let withdrawn = STEEL.replace(
            r#""source""#,
            r#""withdrawn":{"on":"2025-09-01","citation":"c"},"source""#,
        );
        for (lines, line, reason) in [
            (vec![""], 1, "no rows"),
            (vec![HEAD], 1, "no rows"),
            (vec![HEAD, &withdrawn], 1, "no rows"),
            (vec![HEAD, STEEL, STEEL], 3, "repeats steel"),
            (vec![HEAD, &unsourced], 2, "no source"),
            (
                vec![HEAD, STEEL, &misspelled],
                3,
                "not in the reference format",
            ),
            (vec![HEAD, "", STEEL], 2, "not in the reference format"),
            (
                vec![
                    HEAD,
                    r#"{"source":"s","date":"2025-01-01","verified":"one"}"#,
                ],
                2,
                "exactly one",
            ),
        ] {
            let refused = read(&lines).unwrap_err();
            assert_eq!(refused.line, line, "{lines:?}");
            assert!(refused.reason.to_string().contains(reason), "{refused:?}");
        }
        assert!(parse(Source::Tip, format!("{HEAD}\n{STEEL}").as_bytes()).is_err());
        assert!(parse(Source::Tip, b"\xff").is_err());
    }
}

//! One supplier's result as one flat row, the same in CSV and XLSX.

use super::result::SupplierResult;
use crate::{screening::Band, supplier::CountryBasis};

/// A cell of a flat row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Number(u32),
    Empty,
}

impl Cell {
    fn optional<T: Into<u32>>(number: Option<T>) -> Self {
        number.map_or(Self::Empty, |number| Self::Number(number.into()))
    }

    fn text(text: &(impl ToString + ?Sized)) -> Self {
        let text = text.to_string();
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(text)
        }
    }
}

/// The columns of a supplier row, with a width for people in characters.
pub const SUPPLIER_COLUMNS: [(&str, u16); 23] = [
    ("row", 6),
    ("supplier", 38),
    ("country", 8),
    ("country basis", 12),
    ("tier", 13),
    ("score", 7),
    ("range low", 7),
    ("range high", 7),
    ("disposition", 23),
    ("reason", 70),
    ("coverage", 9),
    ("score if confirmed", 10),
    ("score if dismissed", 10),
    ("C", 5),
    ("G", 5),
    ("W", 5),
    ("A", 6),
    ("T", 5),
    ("D_eff", 6),
    ("hits to review", 8),
    ("evidence", 80),
    ("assumptions", 60),
    ("warnings", 60),
];

/// The cells of [`SUPPLIER_COLUMNS`], in their order.
pub fn supplier_cells(result: &SupplierResult) -> [Cell; 23] {
    let assessment = &result.assessment;
    let [low, high] = assessment.range;
    let to_review = result
        .hits
        .iter()
        .filter(|found| matches!(found.hit.band, Band::Review | Band::Priority))
        .count();
    [
        Cell::Number(result.row),
        Cell::text(&result.name),
        Cell::text(
            &result
                .country
                .map(|country| country.to_string())
                .unwrap_or_default(),
        ),
        Cell::text(
            &result
                .country_basis
                .map(CountryBasis::code)
                .unwrap_or_default(),
        ),
        Cell::text(&assessment.tier),
        Cell::optional(assessment.score),
        Cell::Number(low.into()),
        Cell::Number(high.into()),
        Cell::text(&assessment.disposition),
        Cell::text(&result.reason),
        Cell::Number(assessment.coverage.into()),
        Cell::optional(assessment.score_if_confirmed),
        Cell::optional(assessment.score_if_dismissed),
        Cell::Number(assessment.c.into()),
        Cell::Number(assessment.g.into()),
        Cell::Number(assessment.w.into()),
        Cell::text(&assessment.a),
        Cell::Number(assessment.t.into()),
        Cell::text(&assessment.d_eff),
        Cell::Number(u32::try_from(to_review).unwrap_or(u32::MAX)),
        Cell::text(&evidence(result)),
        Cell::text(&result.assumptions.join(" | ")),
        Cell::text(&warnings(result)),
    ]
}

fn warnings(result: &SupplierResult) -> String {
    result
        .warnings
        .iter()
        .map(|warning| format!("{}: {}", warning.column, warning.reason))
        .collect::<Vec<_>>()
        .join(" | ")
}

/// Every citation behind the points, once each, in the order of the formula.
fn evidence(result: &SupplierResult) -> String {
    let mut lines: Vec<String> = Vec::new();
    for factor in &result.factors {
        for evidence in &factor.evidence {
            let edition = evidence
                .edition
                .as_ref()
                .map(|edition| format!(" {edition}"))
                .unwrap_or_default();
            let line = format!("{}{edition}: {}", evidence.source, evidence.citation);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines.join(" | ")
}

/// The columns of a hit row.
pub const HIT_COLUMNS: [(&str, u16); 15] = [
    ("row", 6),
    ("supplier", 34),
    ("supplier name compared", 34),
    ("list", 8),
    ("listed name", 40),
    ("similarity", 10),
    ("band", 10),
    ("disposition", 12),
    ("program", 16),
    ("listed on", 12),
    ("publisher's status", 16),
    ("why", 70),
    ("citation", 40),
    ("entry", 26),
    ("remarks", 60),
];

/// The cells of [`HIT_COLUMNS`], one row a hit.
pub fn hit_cells(result: &SupplierResult) -> impl Iterator<Item = [Cell; 15]> {
    result.hits.iter().map(|found| {
        let why: Vec<_> = found
            .hit
            .features
            .iter()
            .map(|feature| feature.detail.as_str())
            .collect();
        [
            Cell::Number(result.row),
            Cell::text(&result.name),
            Cell::text(&found.hit.supplier_name),
            Cell::text(&found.hit.source),
            Cell::text(&found.hit.listed_name),
            Cell::text(&found.hit.similarity),
            Cell::text(&found.hit.band.code()),
            Cell::text(&found.disposition.code()),
            Cell::text(&found.entry.programs.join(", ")),
            Cell::text(
                &found
                    .entry
                    .listed_on
                    .map(|day| day.to_string())
                    .unwrap_or_default(),
            ),
            Cell::text(&found.entry.status.code()),
            Cell::text(&why.join("; ")),
            Cell::text(&found.entry.citation),
            Cell::text(&found.hit.entry_id),
            Cell::text(found.entry.remarks.as_deref().unwrap_or_default()),
        ]
    })
}

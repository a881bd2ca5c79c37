//! The result as text for a terminal of a given width.

use std::fmt::Write as _;

use chrono::NaiveDate;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};

use super::{
    result::{Head, SupplierResult, Totals},
    text::terminal_safe,
};
use crate::{
    intake::Column,
    lists::{SnapshotHead, StatusRow},
    risk::{Disposition, Tier},
};

/// What the table keeps of a supplier: a line, and what it is sorted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableLine {
    pub row: u32,
    pub supplier: String,
    pub country: String,
    pub tier: Tier,
    pub score: Option<u8>,
    pub range: [u8; 2],
    pub disposition: Disposition,
    pub reason: String,
}

impl From<&SupplierResult> for TableLine {
    fn from(result: &SupplierResult) -> Self {
        Self {
            row: result.row,
            supplier: result.name.clone(),
            country: result
                .country
                .map(|country| country.to_string())
                .unwrap_or_default(),
            tier: result.assessment.tier,
            score: result.assessment.score,
            range: result.assessment.range,
            disposition: result.assessment.disposition,
            reason: result.reason.clone(),
        }
    }
}

impl TableLine {
    /// Whom to look at first: what stops goods, then what waits for a person,
    /// then the highest score; the order of the file among equals.
    fn urgency(&self) -> impl Ord + use<> {
        let first = match self.disposition {
            Disposition::Hold => 0,
            Disposition::Escalate => 1,
            Disposition::ReviewRequired => 2,
            Disposition::EnhancedDiligence => 3,
            Disposition::InsufficientData => 4,
            Disposition::RoutineMonitoring => 5,
        };
        let [_, high] = self.range;
        (
            first,
            std::cmp::Reverse(self.score.unwrap_or(high)),
            self.row,
        )
    }
}

/// Sorts the most urgent first.
pub fn sort(lines: &mut [TableLine]) {
    lines.sort_by_cached_key(TableLine::urgency);
}

/// The suppliers, `limit` of them at most.
pub fn suppliers(lines: &[TableLine], limit: usize, width: u16) -> String {
    let mut table = plain_table(width);
    table.set_header(["SUPPLIER", "IN", "TIER", "SCORE", "DISPOSITION", "REASON"]);
    let narrow = width < 100;
    for line in lines.iter().take(limit) {
        let score = line
            .score
            .map_or_else(|| "–".to_owned(), |score| score.to_string());
        let [low, high] = line.range;
        let score = if high > low {
            format!("{score} ({low}–{high})")
        } else {
            score
        };
        table.add_row([
            terminal_safe(&line.supplier),
            line.country.clone(),
            line.tier.to_string(),
            score,
            // Breaks at the underscore where the terminal is narrow.
            if narrow {
                line.disposition.to_string().replace('_', " ")
            } else {
                line.disposition.to_string()
            },
            terminal_safe(&line.reason),
        ]);
    }
    let constraints = [
        ColumnConstraint::UpperBoundary(Width::Percentage(if narrow { 26 } else { 28 })),
        ColumnConstraint::ContentWidth,
        ColumnConstraint::UpperBoundary(Width::Fixed(if narrow { 10 } else { 14 })),
        ColumnConstraint::UpperBoundary(Width::Fixed(if narrow { 8 } else { 13 })),
        ColumnConstraint::UpperBoundary(Width::Fixed(if narrow { 13 } else { 21 })),
        ColumnConstraint::LowerBoundary(Width::Fixed(20)),
    ];
    for (column, constraint) in table.column_iter_mut().zip(constraints) {
        column.set_constraint(constraint);
    }
    let mut text = finished(table);
    if lines.len() > limit {
        let more = lines.len() - limit;
        let _infallible = writeln!(
            text,
            "… and {more} more: --limit {} shows all, --format csv|xlsx|json keeps all",
            lines.len()
        );
    }
    text
}

/// Said before the suppliers: which lists were searched only in part.
pub fn partial_lists(snapshots: &[SnapshotHead], width: u16) -> Option<String> {
    let partial: Vec<_> = snapshots
        .iter()
        .filter(|head| head.completeness.is_whole() != Some(true))
        .map(|head| format!("{} {}", head.source, head.completeness.in_words()))
        .collect();
    (!partial.is_empty()).then(|| {
        let said = format!(
            "{}. Whoever is missing from these copies cannot be found.",
            partial.join("; ")
        );
        labelled([("PARTIAL LISTS", said)], width)
    })
}

/// Counts, lists and what was not searched.
pub fn summary(head: &Head, totals: &Totals, width: u16) -> String {
    let rows = head.input.rows;
    let repeated = match head.input.duplicates.len() {
        0 => String::new(),
        count => format!("; {count} repeat an earlier row"),
    };
    let counts = |counts: Vec<String>| counts.join(" · ");
    let lines = [
        (
            "ROWS",
            format!(
                "{} = {} accepted + {} rejected + {} blank{repeated}",
                rows.total, rows.accepted, rows.rejected, rows.blank
            ),
        ),
        (
            "TIERS",
            counts(
                totals
                    .by_tier
                    .iter()
                    .rev()
                    .map(|(tier, count)| format!("{tier} {count}"))
                    .collect(),
            ),
        ),
        (
            "DISPOSITIONS",
            counts(
                totals
                    .by_disposition
                    .iter()
                    .map(|(disposition, count)| format!("{disposition} {count}"))
                    .collect(),
            ),
        ),
        (
            "MODEL",
            format!(
                "{} {} (sha256 {}), as of {}",
                head.model.name,
                head.model.version,
                head.model.sha256.get(..12).unwrap_or_default(),
                head.as_of
            ),
        ),
    ];
    let searched: Vec<_> = head
        .snapshots
        .iter()
        .map(|snapshot| ListLine::of(snapshot, head.as_of))
        .collect();
    let not_searched: Vec<_> = head
        .not_searched
        .iter()
        .map(|list| list.title.as_str())
        .collect();
    format!(
        "{}\n{}\n{}",
        labelled(lines, width),
        lists(&searched, width),
        labelled([("NOT SEARCHED", not_searched.join("; "))], width)
    )
}

/// How the file was read: columns, notices, duplicates, rejected rows with what
/// to do about them.
pub fn intake(head: &Head, warnings: &Warnings, width: u16) -> String {
    let layout = &head.input.layout;
    let (mapped, ignored): (Vec<_>, Vec<_>) = layout
        .columns
        .iter()
        .partition(|column| column.field.is_some());
    let described = |column: &&Column| {
        let field = column.field.map(|field| format!(" as {}", field.as_str()));
        format!("{}{}", column.header, field.unwrap_or_default())
    };
    let names_of =
        |columns: &[&Column]| columns.iter().map(described).collect::<Vec<_>>().join(", ");
    let sheet = layout
        .sheet
        .as_ref()
        .map(|sheet| format!(", sheet \"{sheet}\""))
        .unwrap_or_default();
    let mut lines = vec![(
        "READ",
        format!(
            "{}{sheet}, header in row {}: {}",
            layout.format,
            layout.header_row,
            names_of(&mapped)
        ),
    )];
    if !ignored.is_empty() {
        lines.push((
            "IGNORED",
            format!(
                "{} (take one with --map \"COLUMN=FIELD\")",
                names_of(&ignored)
            ),
        ));
    }
    for notice in &head.input.notices {
        lines.push(("NOTICE", notice.clone()));
    }
    for duplicate in head.input.duplicates.iter().take(SHOWN_ROWS) {
        lines.push((
            "DUPLICATE",
            format!(
                "row {} says the same as row {}",
                duplicate.row, duplicate.same_as_row
            ),
        ));
    }
    for rejected in head.rejected.iter().take(SHOWN_ROWS) {
        let column = rejected
            .column
            .as_ref()
            .map(|column| format!(", column {column}"))
            .unwrap_or_default();
        lines.push((
            "REJECTED",
            format!(
                "row {}{column}: {}; {}",
                rejected.row, rejected.reason, rejected.fix
            ),
        ));
    }
    for warning in &warnings.first {
        lines.push(("WARNING", warning.clone()));
    }
    for (rows, what) in [
        (warnings.count, "warnings on"),
        (head.rejected.len(), "rejected"),
        (head.input.duplicates.len(), "duplicate"),
    ] {
        if rows > SHOWN_ROWS {
            lines.push((
                "",
                format!(
                    "… and {} more {what} rows: --format json lists all",
                    rows - SHOWN_ROWS
                ),
            ));
        }
    }
    labelled(lines, width)
}

/// Cells that were kept but look wrong: the first of them, and how many.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Warnings {
    first: Vec<String>,
    count: usize,
}

impl Warnings {
    pub fn add(&mut self, result: &SupplierResult) {
        for warning in &result.warnings {
            self.count += 1;
            if self.first.len() < SHOWN_ROWS {
                self.first.push(format!(
                    "row {}, column {}: {}; {}",
                    result.row, warning.column, warning.reason, warning.fix
                ));
            }
        }
    }
}

/// Warnings, rejected and duplicate rows shown on a terminal; JSON has all.
const SHOWN_ROWS: usize = 20;

/// Lines under a label each, broken between words.
fn labelled<'a>(lines: impl IntoIterator<Item = (&'a str, String)>, width: u16) -> String {
    let mut table = plain_table(width);
    for (label, said) in lines {
        table.add_row([label, &terminal_safe(&said)]);
    }
    if let Some(labels) = table.column_mut(0) {
        labels.set_constraint(ColumnConstraint::Absolute(Width::Fixed(17)));
    }
    finished(table)
}

/// One list for the table of lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListLine {
    pub title: String,
    pub edition: String,
    pub age: String,
    pub held: String,
    pub warning: String,
}

impl ListLine {
    fn of(head: &SnapshotHead, as_of: NaiveDate) -> Self {
        let age_days = head.age_days(as_of);
        let partial = head.completeness.is_whole() != Some(true);
        let stale = age_days > head.source.stale_after_days();
        if head.edition_date > as_of {
            return Self {
                title: head.source.title().to_owned(),
                edition: head.edition.clone(),
                age: "later".to_owned(),
                held: head.completeness.in_words(),
                warning: "NO EDITION OF THAT DAY".to_owned(),
            };
        }
        Self {
            title: head.source.title().to_owned(),
            edition: head.edition.clone(),
            age: format!("{age_days} d"),
            held: head.completeness.in_words(),
            warning: match (partial, stale) {
                (true, true) => "PARTIAL, STALE",
                (true, false) => "PARTIAL",
                (false, true) => "STALE",
                (false, false) => "",
            }
            .to_owned(),
        }
    }
}

/// The lists: edition, age, how much is held, what is wrong.
pub fn lists(lines: &[ListLine], width: u16) -> String {
    let mut table = plain_table(width);
    table.set_header(["LIST SEARCHED", "EDITION", "AGE", "HELD", ""]);
    for line in lines {
        table.add_row([
            &line.title,
            &line.edition,
            &line.age,
            &line.held,
            &line.warning,
        ]);
    }
    finished(table)
}

/// `lists status`: every source, then its warnings in sentences.
pub fn status(rows: &[StatusRow], width: u16) -> String {
    let mut table = plain_table(width);
    table.set_header([
        "SOURCE",
        "LIST",
        "EDITION",
        "ENTRIES",
        "AGE",
        "COMPLETENESS",
    ]);
    for row in rows {
        let cells = match &row.held {
            Some(held) => [
                row.source.to_string(),
                row.title.to_owned(),
                held.edition.clone(),
                held.entries.to_string(),
                format!(
                    "{} d{}",
                    held.age_days,
                    if held.stale { " STALE" } else { "" }
                ),
                held.completeness.clone(),
            ],
            None => [
                row.source.to_string(),
                row.title.to_owned(),
                "none".to_owned(),
                "0".to_owned(),
                String::new(),
                "not searched".to_owned(),
            ],
        };
        table.add_row(cells);
    }
    // What is typed after `lists show` is not broken.
    if let Some(source) = table.column_mut(0) {
        source.set_constraint(ColumnConstraint::ContentWidth);
    }
    let mut text = finished(table);
    let warnings = rows.iter().flat_map(|row| {
        let code = row.source.code();
        row.warnings
            .iter()
            .map(move |warning| (code, warning.clone()))
    });
    text.push('\n');
    text.push_str(&labelled(warnings, width));
    text
}

fn plain_table(width: u16) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width);
    table
}

/// The table as text, its columns one blank apart.
fn finished(mut table: Table) -> String {
    for column in table.column_iter_mut() {
        column.set_padding((0, 1));
    }
    table.trim_fmt() + "\n"
}

//! Lists as text for a terminal.

use std::fmt::Write as _;

use chrono::NaiveDate;
use serde_json::Value;

use crate::{
    app::{
        list_keep::Outcome,
        list_show::{EditionDiff, EditionRow, RowVersion, Shown},
    },
    lists::{Change, Changed, FieldChange, Named},
    report::text::terminal_safe,
    store::list_syncs::SyncState,
};

const STAYS: &str = "what was in force stays so";
/// Named on a terminal; JSON has more.
const PLACES: usize = 20;

fn places(count: usize) -> String {
    match count {
        1 => "1 place".to_owned(),
        count => format!("{count} places"),
    }
}

/// What became of an attempt.
pub(super) fn outcome(outcome: &Outcome) -> String {
    let source = outcome.source;
    let edition = outcome.edition.as_deref().unwrap_or("none");
    let mut text = match outcome.state {
        SyncState::Kept | SyncState::Accepted => {
            let changes = outcome.changes.map_or_else(
                || "the first edition in the history".to_owned(),
                |changes| {
                    format!(
                        "{} added, {} removed, {} changed",
                        changes.added, changes.removed, changes.changed
                    )
                },
            );
            format!(
                "{source}: edition {edition} is in force: {} rows; {changes}\n",
                outcome.rows
            )
        }
        SyncState::Unchanged => {
            format!("{source}: unchanged, edition {edition} stays in force\n")
        }
        SyncState::Refused => format!(
            "{source}: REFUSED, kept aside as attempt {}; {STAYS}\n",
            outcome.id
        ),
        SyncState::Failed => format!("{source}: FAILED; {STAYS}\n"),
        state @ (SyncState::Queued | SyncState::Running) => {
            format!("{source}: {}\n", state.code())
        }
    };
    if outcome.unread_rows > 0 {
        let name = match outcome.state {
            SyncState::Refused => outcome.id.to_string(),
            _ => edition.to_owned(),
        };
        let _infallible = writeln!(
            text,
            "  {} could not be read, or read with a doubt: `plimsoll lists show {source} --edition {name}` names them",
            places(outcome.unread_rows)
        );
    }
    for (label, said) in [("why", &outcome.problem), ("do", &outcome.advice)] {
        if let Some(said) = said {
            let _infallible = writeln!(text, "  {label}: {}", terminal_safe(said));
        }
    }
    text
}

/// The editions of a list.
pub(super) fn editions(editions: &[EditionRow]) -> String {
    let mut text = String::new();
    for edition in editions {
        let rows = edition
            .rows
            .map_or_else(String::new, |rows| format!(", {rows} rows"));
        let changes = edition.changes.map_or_else(String::new, |changes| {
            format!(
                ", +{} -{} ~{}",
                changes.added, changes.removed, changes.changed
            )
        });
        let _infallible = writeln!(
            text,
            "{}  {} {}: {}{rows}{changes}\n    sha256 {}  from {}",
            terminal_safe(&edition.edition),
            edition.origin,
            edition.retrieved_on,
            edition.completeness,
            edition.sha256,
            terminal_safe(&edition.url),
        );
        if let Some(reason) = &edition.accepted_because {
            let _infallible = writeln!(text, "    accepted because: {}", terminal_safe(reason));
        }
    }
    text
}

/// A page of an edition.
pub(super) fn page(shown: &Shown, as_of: Option<NaiveDate>) -> String {
    let day = as_of.map_or_else(String::new, |day| format!(", as of {day}"));
    let mut text = format!(
        "{} edition {} of {}{day}\n",
        shown.source,
        terminal_safe(&shown.edition),
        shown.edition_date
    );
    for caveat in &shown.caveats {
        let _infallible = writeln!(text, "  note: {}", terminal_safe(caveat));
    }
    for row in &shown.rows {
        let fact = |name: &str| {
            row.row
                .get(name)
                .and_then(Value::as_str)
                .map_or_else(String::new, |said| format!("  {name} {said}"))
        };
        let _infallible = writeln!(
            text,
            "{}{}",
            terminal_safe(&format!("{}  [{}]", row.name, row.key)),
            terminal_safe(&[fact("listed_on"), fact("delisted_on"), fact("status")].concat()),
        );
    }
    if shown.next.is_some() {
        text.push_str("… and more: --limit shows more, --format json has every field\n");
    }
    if shown.unread_rows > 0 {
        let _infallible = writeln!(
            text,
            "\n{} could not be read, or read with a doubt",
            places(shown.unread_rows)
        );
    }
    for unread in shown.unread.iter().take(PLACES) {
        let said = terminal_safe(&format!("{}: {}", unread.place, unread.reason));
        let _infallible = writeln!(text, "  {said}");
    }
    if shown.unread_rows > PLACES {
        text.push_str("  … and more: --format json\n");
    }
    text
}

/// How one row came to be what it is.
pub(super) fn history(versions: &[RowVersion]) -> String {
    let mut text = String::new();
    for version in versions {
        let until = version
            .valid_to
            .map_or_else(|| "now".to_owned(), |day| day.to_string());
        let _infallible = writeln!(text, "{} to {until}", version.valid_from);
        if version.changes.is_empty() {
            let _infallible = writeln!(text, "  {}", terminal_safe(&version.row.to_string()));
        }
        for change in &version.changes {
            let _infallible = writeln!(text, "  {}", field(change));
        }
    }
    text
}

/// What changed between two editions.
pub(super) fn diff(compared: &EditionDiff) -> String {
    let diff = &compared.diff;
    let mut text = format!(
        "{} {} -> {}: {} added, {} removed, {} changed, {} unchanged\n",
        compared.source,
        terminal_safe(&compared.before),
        terminal_safe(&compared.after),
        diff.added.len(),
        diff.removed.len(),
        diff.changed.len(),
        diff.unchanged
    );
    let named = |sign: char, row: &Named| {
        let name = row.name.as_deref().unwrap_or("(a natural person)");
        format!(
            "{sign} {}\n",
            terminal_safe(&format!("{name}  [{}]", row.key))
        )
    };
    for row in &diff.added {
        text.push_str(&named('+', row));
    }
    for row in &diff.removed {
        text.push_str(&named('-', row));
    }
    for Changed { key, name, fields } in &diff.changed {
        let row = Named {
            key: key.clone(),
            name: name.clone(),
        };
        text.push_str(&named('~', &row));
        for change in fields {
            let _infallible = writeln!(text, "    {}", field(change));
        }
    }
    text
}

fn field(change: &FieldChange) -> String {
    let said = match &change.change {
        Change::Members { removed, added } => {
            let signed = |sign: char, values: &[Value]| {
                values
                    .iter()
                    .map(|value| format!("{sign}{}", in_short(value)))
                    .collect::<Vec<_>>()
            };
            [signed('-', removed), signed('+', added)]
                .concat()
                .join(" ")
        }
        Change::Order { .. } => "in another order".to_owned(),
        Change::Value { before, after } => {
            format!("{} -> {}", in_short(before), in_short(after))
        }
        Change::Withheld { .. } => "changed (about a natural person: not shown)".to_owned(),
    };
    terminal_safe(&format!("{}: {said}", change.field))
}

/// A value as people read it: of an alias its name.
fn in_short(value: &Value) -> String {
    match value.get("name").unwrap_or(value) {
        Value::String(text) => format!("\"{text}\""),
        Value::Null => "nothing".to_owned(),
        other => other.to_string(),
    }
}

//! Lists as text for a terminal.

use std::fmt::Write as _;

use chrono::NaiveDate;
use serde_json::Value;

use crate::{
    app::{
        list_keep::Outcome,
        list_show::{EditionDiff, EditionRow, RowVersion, Shown},
    },
    lists::{Change, Changed, FieldChange, Named, UnreadPlace},
    report::text::terminal_safe,
    store::list_syncs::SyncState,
};

/// Named on a terminal; JSON has more.
const PLACES: usize = 20;
/// Named where a list is refused.
const FIRST_PLACES: usize = 5;

fn places(count: usize) -> String {
    match count {
        1 => "1 place could not be read or was read with a doubt".to_owned(),
        count => format!("{count} places could not be read or were read with a doubt"),
    }
}

fn place(unread: &UnreadPlace) -> String {
    terminal_safe(&format!("{}: {}", unread.place, unread.reason))
}

/// What became of an attempt.
pub(super) fn outcome(outcome: &Outcome) -> String {
    let source = outcome.source;
    let edition = outcome.edition.as_deref().unwrap_or("none");
    let (nothing, stays) = if outcome.has_edition {
        ("", "; what was in force stays so")
    } else {
        let nothing = "; no edition of this list is in force";
        (nothing, nothing)
    };
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
        // What to do says that the one in force stays.
        SyncState::Refused => format!(
            "{source}: REFUSED, kept aside as attempt {}{nothing}\n",
            outcome.id
        ),
        SyncState::Failed => format!("{source}: FAILED{stays}\n"),
        state @ (SyncState::Queued | SyncState::Running) => {
            format!("{source}: {}\n", state.code())
        }
    };
    let refused = outcome.state == SyncState::Refused;
    if outcome.unread_rows > 0 && !refused {
        let _infallible = writeln!(
            text,
            "  {}: `plimsoll lists show {source} --edition {edition}` names {}",
            places(outcome.unread_rows),
            if outcome.unread_rows == 1 {
                "it"
            } else {
                "them"
            }
        );
    }
    if let Some(problem) = &outcome.problem {
        let _infallible = writeln!(text, "  why: {}", terminal_safe(problem));
    }
    if refused && !outcome.unread.is_empty() {
        text.push_str("  rows that could not be read, or with a doubt:\n");
        for unread in outcome.unread.iter().take(FIRST_PLACES) {
            let _infallible = writeln!(text, "    {}", place(unread));
        }
        let more = outcome.unread_rows.saturating_sub(FIRST_PLACES);
        if more > 0 {
            let _infallible = writeln!(text, "    … and {more} more");
        }
    }
    if let Some(advice) = &outcome.advice {
        let _infallible = writeln!(text, "  do: {}", terminal_safe(advice));
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
            terminal_safe(
                &[
                    said(&row.row),
                    fact("listed_on"),
                    fact("delisted_on"),
                    fact("status")
                ]
                .concat()
            ),
        );
    }
    if shown.next.is_some() {
        text.push_str("… and more: --limit shows more, --format json has every field\n");
    }
    if shown.unread_rows > 0 {
        let _infallible = writeln!(text, "\n{}:", places(shown.unread_rows));
    }
    for unread in shown.unread.iter().take(PLACES) {
        let _infallible = writeln!(text, "  {}", place(unread));
    }
    if shown.unread_rows > PLACES {
        text.push_str("  … and more: --format json\n");
    }
    text
}

/// What a placement, a good or a finding says beside its name.
fn said(row: &Value) -> String {
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    let is = |name: &str| row.get(name).and_then(Value::as_bool) == Some(true);
    let mut said = Vec::new();
    if let Some(placement) = text("placement") {
        said.push(match placement {
            "2WL" => "tier 2 watch list".to_owned(),
            "SC" => "special case".to_owned(),
            tier => format!("tier {tier}"),
        });
    }
    if let Some(advancement) = text("advancement") {
        said.push(advancement.to_owned());
    }
    for (field, words) in [
        ("child_labor", "child labor"),
        ("forced_labor", "forced labor"),
        ("forced_child_labor", "forced child labor"),
    ] {
        if is(field) {
            said.push(words.to_owned());
        }
    }
    if is("downstream") {
        let from = text("input_country").map_or_else(String::new, |from| format!(" from {from}"));
        said.push(format!("through an input{from}"));
    }
    if said.is_empty() {
        String::new()
    } else {
        format!("  {}", said.join(", "))
    }
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
            for line in fields(&version.row) {
                let _infallible = writeln!(text, "  {}", terminal_safe(&line));
            }
        }
        for change in &version.changes {
            let _infallible = writeln!(text, "  {}", field(change));
        }
    }
    text
}

/// A row field by field, the parts of a list on lines of their own. What says
/// nothing is left out.
fn fields(row: &Value) -> Vec<String> {
    let Value::Object(row) = row else {
        return vec![row.to_string()];
    };
    let mut lines = Vec::new();
    for (name, value) in row {
        match value {
            Value::Null => {}
            Value::Array(items) => {
                if !items.is_empty() {
                    lines.push(format!("{name}:"));
                }
                lines.extend(items.iter().map(|item| format!("  - {}", part(item))));
            }
            other => lines.push(format!("{name}: {}", part(other))),
        }
    }
    lines
}

/// One part of a list; of an alias its name, then what kind of name it is.
fn part(item: &Value) -> String {
    match item {
        Value::String(text) => text.clone(),
        Value::Object(fields) if fields.values().all(Value::is_string) => {
            let mut texts: Vec<_> = fields.iter().collect();
            texts.sort_by_key(|(name, _)| *name != "name");
            let texts = texts.iter().filter_map(|(name, text)| {
                let text = text.as_str()?;
                Some(if *name == "name" {
                    text.to_owned()
                } else {
                    format!("{name} {text}")
                })
            });
            texts.collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
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

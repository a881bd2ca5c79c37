//! `plimsoll lists`: what is held of the lists, and bringing them up to date.

use super::{
    arguments::{ListsCommand, ListsShowArguments, TextFormat},
    lists_sync, lists_text,
    output::{Failure, print, width},
};
use crate::{
    app::{
        list_editions::EditionError,
        list_show::{self, ListStatus, Wanted},
        lists,
    },
    clock::{Clock, SystemClock},
    config::Settings,
    lists::Source,
    report,
    store::Database,
};

pub async fn run(
    command: &ListsCommand,
    settings: &Settings,
    database: &Database,
) -> Result<(), Failure> {
    lists::keep_shipped(database, &SystemClock, "cli").await?;
    match command {
        ListsCommand::Status { format } => status(settings, database, *format).await,
        ListsCommand::Sync { sources } => lists_sync::sync(settings, database, sources).await,
        ListsCommand::Show(show) => self::show(database, show).await,
        ListsCommand::Diff {
            source,
            before,
            after,
            format,
        } => diff(database, *source, before, after, *format).await,
        ListsCommand::Import(import) => lists_sync::import(database, import).await,
        ListsCommand::Accept { id, reason } => lists_sync::accept(database, *id, reason).await,
    }
}

async fn status(
    settings: &Settings,
    database: &Database,
    format: TextFormat,
) -> Result<(), Failure> {
    let rows = list_show::status(database, &SystemClock, &settings.lists).await?;
    let text = match format {
        TextFormat::Json => serde_json::to_string_pretty(&rows)? + "\n",
        TextFormat::Table => {
            let lists: Vec<_> = rows.iter().map(|row| row.list.clone()).collect();
            report::table::status(&lists, width()) + &attempts(&rows)
        }
    };
    Ok(print(&text)?)
}

/// When each list was last looked at, and when it is next.
fn attempts(rows: &[ListStatus]) -> String {
    let lines: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            let last = row.last_attempt.as_ref()?;
            let when = last.finished_at.as_deref().unwrap_or("under way");
            let next = row
                .next_look
                .as_ref()
                .map_or_else(String::new, |next| format!(", next {next}"));
            Some(format!("{}: {} {when}{next}", row.list.source, last.state))
        })
        .collect();
    if lines.is_empty() {
        "\nno list was ever fetched: `plimsoll lists sync`\n".to_owned()
    } else {
        format!("\nLAST ATTEMPTS\n  {}\n", lines.join("\n  "))
    }
}

async fn show(database: &Database, show: &ListsShowArguments) -> Result<(), Failure> {
    let source = show.source;
    if show.editions {
        let editions = list_show::editions(database, source)
            .await
            .map_err(unusable)?;
        return match show.format {
            TextFormat::Json => Ok(print(&(serde_json::to_string_pretty(&editions)? + "\n"))?),
            TextFormat::Table => Ok(print(&lists_text::editions(&editions))?),
        };
    }
    if let Some(id) = &show.entry {
        let versions = list_show::history(database, source, id)
            .await
            .map_err(unusable)?;
        if versions.is_empty() {
            return Err(Failure::unusable(format!(
                "no edition of {source} that is held has an entry {id} that may be shown"
            )));
        }
        return match show.format {
            TextFormat::Json => Ok(print(&(serde_json::to_string_pretty(&versions)? + "\n"))?),
            TextFormat::Table => Ok(print(&lists_text::history(&versions))?),
        };
    }
    let today = SystemClock.today();
    let mut wanted = Wanted {
        edition: show.edition.clone(),
        as_of: show.as_of,
        name: show.name.clone(),
        country: show.country,
        after: None,
        limit: show.limit,
    };
    let page = list_show::page(database, source, &wanted, today).await;
    let mut shown = page.map_err(unusable)?;
    while shown.next.is_some() && shown.rows.len() < show.limit {
        wanted.after = shown.next.take();
        wanted.limit = show.limit - shown.rows.len();
        let more = list_show::page(database, source, &wanted, today).await?;
        shown.rows.extend(more.rows);
        shown.next = more.next;
    }
    match show.format {
        TextFormat::Json => Ok(print(&(serde_json::to_string_pretty(&shown)? + "\n"))?),
        TextFormat::Table => Ok(print(&lists_text::page(&shown, show.as_of))?),
    }
}

async fn diff(
    database: &Database,
    source: Source,
    before: &str,
    after: &str,
    format: TextFormat,
) -> Result<(), Failure> {
    let today = SystemClock.today();
    let compared = list_show::compare(database, source, before, after, today)
        .await
        .map_err(unusable)?;
    match format {
        TextFormat::Json => Ok(print(&(serde_json::to_string_pretty(&compared)? + "\n"))?),
        TextFormat::Table => Ok(print(&lists_text::diff(&compared))?),
    }
}

/// An edition that is not there is the caller's to correct.
fn unusable(error: EditionError) -> Failure {
    match error {
        EditionError::Missing { .. } => Failure::unusable(format!(
            "{error}; `plimsoll lists show SOURCE --editions` names those that are"
        )),
        EditionError::NoneHeld { .. } | EditionError::NotTheList { .. } => Failure::unusable(error),
        other => other.into(),
    }
}

//! `plimsoll screen`: the main job.

use std::time::Duration;

use chrono::NaiveDate;
use indicatif::{ProgressBar, ProgressStyle};

use super::{
    arguments::{Format, ScreenArguments},
    output::{Failure, note, width},
    screening,
};
use crate::{
    app::screen::{Progress, Request, ScreenError, screen},
    clock::{Clock, SystemClock},
    intake::{IntakeOptions, parse_mapping},
    report,
    store::Database,
};

/// The first Trafficking in Persons report is of 2001; nothing that is searched
/// speaks for an earlier day.
const EARLIEST: NaiveDate = match NaiveDate::from_ymd_opt(2001, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

pub async fn run(arguments: &ScreenArguments, database: &Database) -> Result<(), Failure> {
    let place = arguments.file.display();
    let mut options = IntakeOptions {
        sheet: arguments.sheet.clone(),
        ..IntakeOptions::default()
    };
    for mapping in &arguments.map {
        let mapping = parse_mapping(mapping).map_err(|error| Failure::unusable_because(&error))?;
        options.map.push(mapping);
    }
    screening::check_output(&arguments.output, Some(&arguments.file))?;
    let found = std::fs::metadata(&arguments.file)
        .map_err(|error| Failure::unusable(format!("{place}: {error}")))?;
    if !found.is_file() {
        return Err(Failure::unusable(format!(
            "{place} is no file: name a spreadsheet"
        )));
    }
    options
        .limits
        .check_file_bytes(found.len())
        .map_err(|error| Failure::unusable(format!("{place}: {error}")))?;
    let bytes = std::fs::read(&arguments.file)
        .map_err(|error| Failure::unusable(format!("{place}: {error}")))?;
    let clock = SystemClock;
    let today = clock.today();
    let as_of = arguments.as_of.unwrap_or(today);
    if as_of > today || as_of < EARLIEST {
        return Err(Failure::unusable(format!(
            "--as-of {as_of}: name a day from {EARLIEST} to today"
        )));
    }
    let request = Request {
        file_name: arguments
            .file
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        bytes,
        options,
        as_of,
        actor: "cli".to_owned(),
    };
    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template(
        "{msg} {wide_bar} {pos}/{len} suppliers, {eta} left",
    )?);
    bar.enable_steady_tick(Duration::from_millis(200));
    let progress = |progress| match progress {
        Progress::Reading => bar.set_message("reading"),
        Progress::Assessing(done, total) => {
            bar.set_message("screening");
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        }
        Progress::Recording => bar.set_message("recording"),
    };
    let outcome = screen(database, &clock, request, &progress).await;
    bar.finish_and_clear();
    let screened = outcome.map_err(|error| match error {
        ScreenError::Unusable(error) => {
            Failure::unusable(format!("{place}: {}", Failure::from(error)))
        }
        other => Failure::from(other),
    })?;

    // The table says it itself, on its first screen.
    if arguments.output.format() != Format::Table
        && let Some(partial) = report::table::partial_lists(&screened.head.snapshots, width())
    {
        note(partial.trim_end());
    }
    screening::show(database, screened.id, &arguments.output).await?;
    note(format_args!(
        "recorded as screening {} in {}\nresult sha256 {}\naudit chain head {}:{} (keep it outside the database: `plimsoll audit verify --head` compares)",
        screened.id,
        database.place(),
        screened.result_sha256,
        screened.chain_head.number,
        screened.chain_head.hash,
    ));
    Ok(())
}

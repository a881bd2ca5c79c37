//! `plimsoll lists sync|import|accept`.

use std::{path::Path, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};
use uuid::Uuid;

use super::{
    arguments::ListsImportArguments,
    lists_text,
    output::{Failure, note, print},
};
use crate::{
    app::{
        list_accept::{self, AcceptError},
        list_import::{self, Import, ImportError},
        list_keep::{Outcome, SyncProgress},
        list_sync::{self, SyncError, Syncing},
        publishers::publishers,
    },
    clock::SystemClock,
    config::Settings,
    fetch::Fetcher,
    lists::Source,
    store::{Database, list_syncs::SyncState},
};

/// One list after the other; what fails does not keep the others back.
pub(super) async fn sync(
    settings: &Settings,
    database: &Database,
    sources: &[Source],
) -> Result<(), Failure> {
    let fetcher = Fetcher::new(&settings.fetch)?;
    let syncing = Syncing {
        database,
        clock: &SystemClock,
        fetcher: &fetcher,
        settings: &settings.lists,
    };
    let mut bad = Vec::new();
    let mut sources = sources.to_vec();
    if sources.is_empty() {
        let (good, wrong) = publishers(&settings.lists);
        sources = good.into_iter().map(|publisher| publisher.source).collect();
        bad.extend(wrong.into_iter().map(|error| error.to_string()));
    }
    let bar = bar()?;
    for source in sources {
        bar.set_prefix(source.to_string());
        let outcome = list_sync::sync(syncing, source, "cli", &|step| tell(&bar, &step)).await;
        bar.set_message("");
        match outcome {
            Ok(outcome) => {
                bar.suspend(|| print(&lists_text::outcome(&outcome)))?;
                if matches!(outcome.state, SyncState::Failed | SyncState::Refused) {
                    bad.push(format!("{source}: {}", outcome.state.code()));
                }
            }
            Err(error @ (SyncError::Publisher(_) | SyncError::Busy { .. })) => {
                bad.push(error.to_string());
            }
            Err(error) => return Err(error.into()),
        }
    }
    bar.finish_and_clear();
    if bad.is_empty() {
        Ok(())
    } else {
        Err(Failure::bad_news(format!(
            "not every list was brought up to date; those in force stay so\n  {}",
            bad.join("\n  ")
        )))
    }
}

pub(super) async fn import(
    database: &Database,
    arguments: &ListsImportArguments,
) -> Result<(), Failure> {
    let source = match (arguments.source, arguments.official) {
        (Some(source @ Source::Custom(_)), None) => source,
        (None, Some(source)) if !matches!(source, Source::Custom(_)) => source,
        _ => {
            return Err(Failure::unusable(
                "name the list: --source custom:NAME for one of your own, --official SOURCE for a published one",
            ));
        }
    };
    let files = arguments
        .files
        .iter()
        .map(|file| read(file))
        .collect::<Result<_, _>>()?;
    let import = Import {
        source,
        form: arguments.form,
        files,
        dated: arguments.dated,
    };
    let bar = bar()?;
    bar.set_prefix(source.to_string());
    let progress = |step| tell(&bar, &step);
    let outcome = list_import::import(database, &SystemClock, import, "cli", &progress).await;
    bar.finish_and_clear();
    let outcome = outcome.map_err(|error| match error {
        ImportError::Form { .. } | ImportError::Parts { .. } | ImportError::TooLarge { .. } => {
            Failure::unusable(error)
        }
        other => other.into(),
    })?;
    told(&outcome)
}

fn read(file: &Path) -> Result<(String, Vec<u8>), Failure> {
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::unusable(format!("{}: {error}", file.display())))?;
    let name = file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    Ok((name, bytes))
}

pub(super) async fn accept(database: &Database, id: Uuid, reason: &str) -> Result<(), Failure> {
    let bar = bar()?;
    let progress = |step| tell(&bar, &step);
    let outcome = list_accept::accept(database, &SystemClock, id, reason, "cli", &progress).await;
    bar.finish_and_clear();
    let outcome = outcome.map_err(|error| match error {
        AcceptError::Missing
        | AcceptError::NotRefused(_)
        | AcceptError::NoReason
        | AcceptError::Unreadable(_)
        | AcceptError::Overtaken => Failure::unusable(error),
        other => other.into(),
    })?;
    told(&outcome)
}

fn told(outcome: &Outcome) -> Result<(), Failure> {
    print(&lists_text::outcome(outcome))?;
    if outcome.state == SyncState::Refused {
        return Err(Failure::unusable("nothing was put in force"));
    }
    note("`plimsoll lists status` says what is in force");
    Ok(())
}

fn bar() -> Result<ProgressBar, Failure> {
    let bar = ProgressBar::new_spinner().with_style(ProgressStyle::with_template(
        "{spinner} {prefix} {wide_msg}",
    )?);
    bar.enable_steady_tick(Duration::from_millis(200));
    Ok(bar)
}

fn tell(bar: &ProgressBar, step: &SyncProgress) {
    bar.set_message(match step {
        SyncProgress::Asking(url) => format!("asking {url}"),
        SyncProgress::Reading(bytes) => format!("reading {bytes} bytes"),
        SyncProgress::Waiting => {
            "waiting: rows of this list are being written, or were a minute ago".to_owned()
        }
        SyncProgress::Keeping(done, of) => format!("keeping {done} of {of} rows"),
    });
}

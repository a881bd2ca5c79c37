//! `plimsoll screening`: stored screenings, shown, exported, replayed.

use std::{
    fmt::Write as _,
    fs::File,
    io::{self, BufWriter, Cursor, IsTerminal, Write},
    path::Path,
};

use tempfile::NamedTempFile;
use uuid::Uuid;

use super::{
    arguments::{Format, OutputArguments, ScreeningCommand},
    output::{Failure, Stdout, note, print, width},
};
use crate::{
    app::{
        export::{self, Finished, each_supplier},
        replay,
    },
    report::{CsvWriter, DocumentWriter, SupplierResult, XlsxWriter, table, text::terminal_safe},
    store::Database,
};

pub async fn run(command: &ScreeningCommand, database: &Database) -> Result<(), Failure> {
    match command {
        ScreeningCommand::List { limit } => list(database, *limit).await,
        ScreeningCommand::Show { id, output } => {
            check_output(output, None)?;
            show(database, *id, output).await
        }
        ScreeningCommand::Replay { id } => replay_one(database, *id).await,
    }
}

async fn list(database: &Database, limit: u64) -> Result<(), Failure> {
    let mut text = String::new();
    for finished in export::newest(database, limit).await? {
        let input = &finished.head.input;
        let _infallible = writeln!(
            text,
            "{}  {}  {:>7}  {}\n  result sha256 {}",
            finished.id,
            finished.head.as_of,
            finished.totals.suppliers,
            terminal_safe(&input.file),
            finished.result_sha256
        );
    }
    if text.is_empty() {
        text.push_str("no screening is stored yet: `plimsoll screen FILE` makes one\n");
    }
    Ok(print(&text)?)
}

async fn replay_one(database: &Database, id: Uuid) -> Result<(), Failure> {
    let replayed = replay::replay(database, id).await?;
    if replayed.same_bytes() {
        return Ok(print(&format!(
            "screening {id}: replayed to the same bytes, result sha256 {}\n",
            replayed.stored_sha256
        ))?);
    }
    let place = replayed
        .first_difference
        .map_or_else(|| "the hash alone".to_owned(), |place| place.to_string());
    let engine = replayed.engine_then.map_or_else(String::new, |(then, now)| {
        format!(
            "\nit was made by another build (matching {} then, {} now), which may be the reason",
            then.matching, now.matching
        )
    });
    Err(Failure::bad_news(format!(
        "screening {id} does not replay to the stored bytes; first difference: {place}\nstored   {}\nreplayed {}{engine}",
        replayed.stored_sha256, replayed.replayed_sha256
    )))
}

/// Refused before the work is done, not after it.
pub(super) fn check_output(output: &OutputArguments, input: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = output.out.as_deref() else {
        if output.format() == Format::Xlsx && io::stdout().is_terminal() {
            return Err(Failure::unusable(
                "a workbook cannot be shown on a terminal: name a file with --out",
            ));
        }
        return Ok(());
    };
    let place = path.display();
    if path.is_dir() {
        return Err(Failure::unusable(format!(
            "--out {place} is a folder: name a file in it"
        )));
    }
    if input.is_some_and(|input| is_same_file(input, path)) {
        return Err(Failure::unusable(format!(
            "--out {place} is the supplier file itself: name another file"
        )));
    }
    // Tried now, because a screening is recorded before its result is written.
    let tried = if is_device(path) {
        File::options().write(true).open(path).map(|_| ())
    } else {
        beside(path).map(|_| ())
    };
    tried.map_err(|error| {
        Failure::unusable(format!(
            "--out {place} cannot be written ({error}): name another file"
        ))
    })
}

fn is_same_file(left: &Path, right: &Path) -> bool {
    match (left.canonicalize(), right.canonicalize()) {
        (Ok(left), Ok(right)) => left == right,
        _ => false,
    }
}

/// Something that is there and is no file, like /dev/stdout: written in place.
fn is_device(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| !found.is_file())
}

/// A file in the same folder that goes away unless it is given the name.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As any new file: less what the umask takes.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder_of(path))
}

fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Writes a stored screening in the wanted form.
pub(super) async fn show(
    database: &Database,
    id: Uuid,
    output: &OutputArguments,
) -> Result<(), Failure> {
    let finished = export::find(database, id).await?;
    let Some(path) = output.out.as_deref() else {
        return if output.format() == Format::Table {
            Ok(print(&as_table(database, &finished, output.limit).await?)?)
        } else {
            write(database, &finished, output, BufWriter::new(Stdout::lock())).await
        };
    };
    let place = path.display();
    let said = |error: io::Error| Failure::bad_news(format!("--out {place}: {error}"));
    if is_device(path) {
        let device = File::options().write(true).open(path).map_err(said)?;
        write(database, &finished, output, BufWriter::new(device)).await?;
    } else {
        // Beside the target first, so that a half-written file never bears its
        // name.
        let part = beside(path).map_err(said)?;
        write(database, &finished, output, BufWriter::new(part.as_file())).await?;
        part.as_file().sync_all().map_err(said)?;
        part.persist(path).map_err(|error| said(error.error))?;
    }
    note(format_args!("wrote {place}"));
    Ok(())
}

async fn write(
    database: &Database,
    finished: &Finished,
    output: &OutputArguments,
    mut writer: impl Write,
) -> Result<(), Failure> {
    match output.format() {
        Format::Table => {
            let text = as_table(database, finished, output.limit).await?;
            writer.write_all(text.as_bytes())?;
        }
        Format::Json => {
            let mut document = DocumentWriter::begin(&mut writer, &finished.head_text)?;
            each_supplier(database, finished, |detail| document.push(detail)).await?;
            document.finish(&finished.totals_text)?;
        }
        Format::Csv => {
            let mut csv = CsvWriter::begin(&mut writer)?;
            each_supplier(database, finished, |detail| {
                csv.push(&serde_json::from_slice::<SupplierResult>(detail)?)
            })
            .await?;
            csv.finish()?;
            if !finished.head.rejected.is_empty() {
                note(format_args!(
                    "{} rows were rejected: --format table, json or xlsx lists them",
                    finished.head.rejected.len()
                ));
            }
        }
        Format::Xlsx => {
            let mut workbook = XlsxWriter::begin()?;
            each_supplier(database, finished, |detail| {
                let result: SupplierResult =
                    serde_json::from_slice(detail).map_err(io::Error::from)?;
                workbook.push(&result).map_err(io::Error::other)
            })
            .await?;
            let mut bytes = Cursor::new(Vec::new());
            workbook.finish(
                &mut bytes,
                &finished.head,
                &finished.totals,
                &finished.result_sha256,
            )?;
            writer.write_all(bytes.get_ref())?;
        }
    }
    Ok(writer.flush()?)
}

async fn as_table(
    database: &Database,
    finished: &Finished,
    limit: usize,
) -> Result<String, Failure> {
    let width = width();
    let mut lines = Vec::new();
    let mut warnings = table::Warnings::default();
    each_supplier(database, finished, |detail| {
        let result: SupplierResult = serde_json::from_slice(detail)?;
        warnings.add(&result);
        lines.push(table::TableLine::from(&result));
        Ok::<_, serde_json::Error>(())
    })
    .await?;
    table::sort(&mut lines);
    let head = &finished.head;
    let mut text = String::new();
    if let Some(partial) = table::partial_lists(&head.snapshots, width) {
        text.push_str(&partial);
        text.push('\n');
    }
    text.push_str(&table::suppliers(&lines, limit, width));
    text.push('\n');
    text.push_str(&table::summary(head, &finished.totals, width));
    text.push_str(&table::intake(head, &warnings, width));
    Ok(text)
}

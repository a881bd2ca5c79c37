//! `plimsoll contractor`: is a compliance plan required, is it there, does it hold?

use std::{
    fs::{self, File},
    io::{Cursor, Read, Write},
    path::Path,
};

use serde::Serialize;

use super::{
    arguments::{
        ContractorCheckArguments, ContractorCommand, ContractorFiles, ContractorReportArguments,
        ReportFormat, StatementFormat,
    },
    contractor_text::{counted, not_detailed, shown},
    output::{Failure, Stdout, note, print},
};
use crate::{
    app::policy::Policy,
    clock::{Clock, SystemClock},
    disclosures::{
        contractor::{
            CONTRACTOR_POLICY, ContractorPolicy, ContractorReport, Desk, FileRead, left_out,
            report_rows, request_letter,
        },
        statement::LARGEST_FILE,
    },
    due_diligence::{Ground, assess_contractor},
    lists::{ListSet, reference},
    report::{SupplierResult, contractor_csv, contractor_xlsx},
    review::Reviews,
};

pub fn run(command: &ContractorCommand) -> Result<(), Failure> {
    match command {
        ContractorCommand::Check(arguments) => check_files(arguments),
        ContractorCommand::Report(arguments) => report(arguments),
    }
}

#[derive(Debug, Serialize)]
struct Checked<'a> {
    files: &'a [FileRead],
    #[serde(flatten)]
    report: &'a ContractorReport,
    /// In the order of `contractors`; left out where no score was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    assessments: &'a Vec<SupplierResult>,
}

fn check_files(arguments: &ContractorCheckArguments) -> Result<(), Failure> {
    let (files, report) = checked(&arguments.input)?;
    let assessments = if arguments.score {
        scored(&report)?
    } else {
        Vec::new()
    };
    let text = match arguments.format {
        StatementFormat::Json => {
            serde_json::to_string_pretty(&Checked {
                files: &files,
                report: &report,
                assessments: &assessments,
            })? + "\n"
        }
        StatementFormat::Text => shown(&files, &report, &assessments, arguments.limit),
    };
    Ok(print(&text)?)
}

/// Every contractor against the reference lists; hits are unreviewed and pending.
fn scored(report: &ContractorReport) -> Result<Vec<SupplierResult>, Failure> {
    let policy = Policy::shipped()?;
    let lists = ListSet::new(reference::snapshots()?);
    let ground = Ground::new(&lists, policy.model, policy.vocabulary, report.as_of);
    let rules = ContractorPolicy::parse(CONTRACTOR_POLICY)?;
    Ok(report
        .contractors
        .iter()
        .map(|contractor| assess_contractor(&ground, &rules, contractor, &Reviews::new()))
        .collect())
}

fn report(arguments: &ContractorReportArguments) -> Result<(), Failure> {
    let (files, report) = checked(&arguments.input)?;
    for file in &files {
        note(format!(
            "{}: {} read, {} not read, {}",
            file.file,
            counted(file.summary.read, "record"),
            file.summary.not_read,
            counted(file.summary.notices, "notice")
        ));
    }
    let rows = report_rows(&report, arguments.all);
    let by_ending = || {
        let ending = arguments.out.as_ref()?.extension()?.to_str()?;
        <ReportFormat as clap::ValueEnum>::from_str(ending, true).ok()
    };
    let format = arguments
        .format
        .or_else(by_ending)
        .unwrap_or(ReportFormat::Csv);
    let mut bytes = Cursor::new(Vec::new());
    match format {
        ReportFormat::Csv => contractor_csv(&mut bytes, &rows)?,
        ReportFormat::Xlsx => contractor_xlsx(&mut bytes, &report, &rows)?,
        ReportFormat::Json => {
            serde_json::to_writer_pretty(
                &mut bytes,
                &serde_json::json!({
                    "as_of": report.as_of,
                    "policy": report.policy,
                    "reading": report.reading,
                    "rows": rows,
                }),
            )?;
            bytes.write_all(b"\n")?;
        }
    }
    match &arguments.out {
        Some(path) => fs::write(path, bytes.get_ref())
            .map_err(|error| Failure::unusable(format!("{}: {error}", path.display())))?,
        None => Stdout::lock().write_all(bytes.get_ref())?,
    }
    if let Some(folder) = &arguments.letters {
        letters(folder, &report)?;
    }
    note(summary(rows.len(), arguments.all, &report));
    if let Some(said) = not_detailed(&report) {
        note(said);
    }
    Ok(())
}

/// "1 row; 1 contract left out (1 UNDETERMINED): --all".
fn summary(rows: usize, all: bool, report: &ContractorReport) -> String {
    let rows = counted(rows, "row");
    let left_out = left_out(report);
    if all || left_out.is_empty() {
        return rows;
    }
    let contracts: usize = left_out.iter().map(|(_, count)| count).sum();
    let each: Vec<String> = left_out
        .iter()
        .map(|(status, count)| format!("{count} {}", status.as_str()))
        .collect();
    format!(
        "{rows}; {} left out ({}): --all",
        counted(contracts, "contract"),
        each.join(", ")
    )
}

fn letters(folder: &Path, report: &ContractorReport) -> Result<(), Failure> {
    fs::create_dir_all(folder)
        .map_err(|error| Failure::unusable(format!("{}: {error}", folder.display())))?;
    let mut written = 0_usize;
    for (number, contractor) in (1..).zip(&report.contractors) {
        let Some(letter) = request_letter(contractor, report.as_of) else {
            continue;
        };
        let identity = &contractor.contractor;
        // A name may hold anything; an identifier is letters and digits.
        let name = identity
            .uei
            .as_ref()
            .or(identity.cage.as_ref())
            .cloned()
            .unwrap_or_else(|| format!("contractor-{number}"));
        fs::write(folder.join(format!("{name}.txt")), letter)?;
        written += 1;
    }
    note(format!(
        "{} in {}",
        counted(written, "letter draft"),
        folder.display()
    ));
    Ok(())
}

fn checked(input: &ContractorFiles) -> Result<(Vec<FileRead>, ContractorReport), Failure> {
    let mut desk = Desk::open(input.as_of.unwrap_or_else(|| SystemClock.today()))?;
    for path in &input.files {
        let unreadable = |error: &dyn std::fmt::Display| {
            Failure::unusable(format!("{}: {error}", path.display()))
        };
        let name = path.file_name().map_or_else(
            || path.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        );
        let file = File::open(path).map_err(|error| unreadable(&error))?;
        desk.read(&name, file, || {
            let mut bytes = Vec::new();
            File::open(path)?
                .take(LARGEST_FILE as u64 + 1)
                .read_to_end(&mut bytes)?;
            Ok(bytes)
        })
        .map_err(|error| unreadable(&error))?;
    }
    Ok((desk.files().to_vec(), desk.report()))
}

//! `plimsoll contractor`: is a compliance plan required, is it there, does it hold?

use std::{
    fs::{self, File},
    io::{Cursor, Read, Write},
    path::{Path, PathBuf},
};

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    arguments::{
        ContractorCheckArguments, ContractorCommand, ContractorFiles, ContractorReportArguments,
        ReportFormat, StatementFormat,
    },
    contractor_text::shown,
    output::{Failure, Stdout, note, print},
};
use crate::{
    app::policy::Policy,
    clock::{Clock, SystemClock},
    disclosures::{
        contractor::{
            CONTRACTOR_POLICY, ContractorPolicy, ContractorReport, Documents, Dossier, Taken,
            check_contractors,
            ingest::{self, Event, FileKind, FileSummary, NotRead, Notice},
            plan::{PLAN_RULES, PlanRules, check_plan, plan_document},
            report_rows, request_letter,
        },
        statement::{LARGEST_FILE, Law, OtherStatements, SB_657, check},
    },
    due_diligence::{Ground, assess_contractor},
    lists::{ListSet, reference},
    report::{SupplierResult, contractor_csv, contractor_xlsx},
    review::Reviews,
};

/// Places named for one file; the rest is counted.
const MOST_NAMED: usize = 20;

pub fn run(command: &ContractorCommand) -> Result<(), Failure> {
    match command {
        ContractorCommand::Check(arguments) => check_files(arguments),
        ContractorCommand::Report(arguments) => report(arguments),
    }
}

/// What was read of one file.
#[derive(Debug, Serialize)]
pub(super) struct FileRead {
    pub(super) file: String,
    #[serde(flatten)]
    pub(super) summary: FileSummary,
    pub(super) duplicates: u64,
    /// The first of them; `not_read` counts all.
    pub(super) not_read_at: Vec<NotRead>,
    pub(super) notices_at: Vec<Notice>,
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
            "{}: {} records read, {} not read, {} notices",
            file.file, file.summary.read, file.summary.not_read, file.summary.notices
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
    note(format!("{} rows", rows.len()));
    Ok(())
}

fn letters(folder: &Path, report: &ContractorReport) -> Result<(), Failure> {
    fs::create_dir_all(folder)
        .map_err(|error| Failure::unusable(format!("{}: {error}", folder.display())))?;
    let mut written = 0;
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
    note(format!("{written} letter drafts in {}", folder.display()));
    Ok(())
}

fn checked(input: &ContractorFiles) -> Result<(Vec<FileRead>, ContractorReport), Failure> {
    let as_of = input.as_of.unwrap_or_else(|| SystemClock.today());
    let policy = ContractorPolicy::parse(CONTRACTOR_POLICY)?;
    let mut dossier = Dossier::default();
    let mut documents = Documents::default();
    let mut reader = DocumentReader {
        plans: PlanRules::parse(PLAN_RULES)?,
        sb657: Law::parse(SB_657)?,
        as_of,
    };
    let mut files = Vec::new();
    for path in &input.files {
        files.push(read_file(
            &policy,
            path,
            &mut dossier,
            &mut documents,
            &mut reader,
        )?);
    }
    let report = check_contractors(&policy, &dossier, &documents, as_of);
    Ok((files, report))
}

fn read_file(
    policy: &ContractorPolicy,
    path: &PathBuf,
    dossier: &mut Dossier,
    documents: &mut Documents,
    reader: &mut DocumentReader,
) -> Result<FileRead, Failure> {
    let unreadable =
        |error: &dyn std::fmt::Display| Failure::unusable(format!("{}: {error}", path.display()));
    let name = path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let (mut not_read_at, mut notices_at, mut duplicates) = (Vec::new(), Vec::new(), 0);
    let summary = ingest::read(policy, &name, file, &mut |event| {
        match &event {
            Event::NotRead(not_read) if not_read_at.len() < MOST_NAMED => {
                not_read_at.push(not_read.clone());
            }
            Event::Notice(notice) if notices_at.len() < MOST_NAMED => {
                notices_at.push(notice.clone())
            }
            _ => {}
        }
        duplicates += u64::from(dossier.take(event) == Taken::Duplicate);
    })
    .map_err(|error| unreadable(&error))?;
    if summary.kind == FileKind::Document {
        let mut bytes = Vec::new();
        File::open(path)
            .map_err(|error| unreadable(&error))?
            .take(LARGEST_FILE as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| unreadable(&error))?;
        reader.read(&name, &bytes, documents);
    }
    Ok(FileRead {
        file: name,
        summary,
        duplicates,
        not_read_at,
        notices_at,
    })
}

struct DocumentReader {
    plans: PlanRules,
    sb657: Law,
    as_of: NaiveDate,
}

impl DocumentReader {
    /// A text that names the California act and no FAR clause is a statement;
    /// anything else is read as a plan, which says if it is none.
    fn read(&mut self, name: &str, bytes: &[u8], documents: &mut Documents) {
        let document = plan_document(bytes);
        let lower = document
            .as_ref()
            .map(|document| document.text().to_lowercase())
            .unwrap_or_default();
        let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        if says(&[
            "transparency in supply chains",
            "1714.43",
            "sb 657",
            "sb657",
        ]) && !says(&["52.222-50", "compliance plan"])
        {
            let reading = check(
                &self.sb657,
                document.as_ref(),
                &OtherStatements::default(),
                self.as_of,
            );
            documents.statements.insert(name.to_owned(), reading);
        } else {
            let reading = check_plan(&self.plans, name, bytes, self.as_of);
            documents.plans.insert(name.to_owned(), reading);
        }
    }
}

//! Files of any kind on one desk: records to the dossier, plans and statements
//! to the documents, and what was not read named file by file.

use std::io::{self, Read};

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    check::{ContractorReport, Documents, check_contractors},
    dossier::{Dossier, Taken},
    ingest::{
        self, Event, FileKind, FileSummary, NotRead, Notice, Record, ReviewRecord, Unreadable,
    },
    plan::{PLAN_RULES, PlanRules, check_plan, plan_document},
    policy::{CONTRACTOR_POLICY, ContractorPolicy, PolicyError},
};
use crate::disclosures::statement::{Law, LawError, OtherStatements, SB_657, check};

/// Places named for one file; the rest is counted.
const MOST_NAMED: usize = 20;

/// What was read of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileRead {
    pub file: String,
    #[serde(flatten)]
    pub summary: FileSummary,
    /// Transactions that were there already: counted once.
    pub duplicates: u64,
    /// The first of them; `not_read` counts all.
    pub not_read_at: Vec<NotRead>,
    pub notices_at: Vec<Notice>,
}

/// Everything that one check looks at.
#[derive(Debug)]
pub struct Desk {
    policy: ContractorPolicy,
    plans: PlanRules,
    sb657: Law,
    dossier: Dossier,
    documents: Documents,
    files: Vec<FileRead>,
    decisions_in_files: bool,
    as_of: NaiveDate,
}

/// The rules that ship with the program cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error("the rules for plans and statements cannot be used")]
    Rules(#[from] LawError),
}

impl Desk {
    /// An empty desk under the rules that ship with the program.
    pub fn open(as_of: NaiveDate) -> Result<Self, DeskError> {
        Ok(Self {
            policy: ContractorPolicy::parse(CONTRACTOR_POLICY)?,
            plans: PlanRules::parse(PLAN_RULES)?,
            sb657: Law::parse(SB_657)?,
            dossier: Dossier::default(),
            documents: Documents::default(),
            files: Vec::new(),
            decisions_in_files: true,
            as_of,
        })
    }

    /// Decisions come from signed-in people alone: those in files are refused.
    #[must_use]
    pub fn without_decisions_in_files(mut self) -> Self {
        self.decisions_in_files = false;
        self
    }

    pub fn policy(&self) -> &ContractorPolicy {
        &self.policy
    }

    pub fn files(&self) -> &[FileRead] {
        &self.files
    }

    /// Decisions that people have made before.
    pub fn decide(&mut self, reviews: Vec<ReviewRecord>) {
        self.dossier.reviews.extend(reviews);
    }

    /// Reads one file. Records stream; `whole` is asked for the bytes of a
    /// document, which are bounded.
    pub fn read(
        &mut self,
        name: &str,
        source: impl Read,
        whole: impl FnOnce() -> io::Result<Vec<u8>>,
    ) -> Result<(), Unreadable> {
        let (mut not_read_at, mut notices_at, mut duplicates) = (Vec::new(), Vec::new(), 0);
        let mut refused = 0;
        let dossier = &mut self.dossier;
        let decisions_in_files = self.decisions_in_files;
        let mut summary = ingest::read(&self.policy, name, source, &mut |event| {
            let event = match event {
                Event::Record(place, record)
                    if !decisions_in_files && matches!(*record, Record::Review(_)) =>
                {
                    refused += 1;
                    Event::NotRead(NotRead {
                        place,
                        why: "the record is a decision: decisions are made by signed-in people, not by files".to_owned(),
                    })
                }
                event => event,
            };
            match &event {
                Event::NotRead(not_read) if not_read_at.len() < MOST_NAMED => {
                    not_read_at.push(not_read.clone());
                }
                Event::Notice(notice) if notices_at.len() < MOST_NAMED => {
                    notices_at.push(notice.clone());
                }
                _ => {}
            }
            duplicates += u64::from(dossier.take(event) == Taken::Duplicate);
        })?;
        summary.read -= refused;
        summary.not_read += refused;
        if summary.kind == FileKind::Document {
            let remark = self.document(name, &whole()?);
            summary.not_read += u64::from(remark.is_some());
            summary.remarks.extend(remark);
        }
        self.files.push(FileRead {
            file: name.to_owned(),
            summary,
            duplicates,
            not_read_at,
            notices_at,
        });
        Ok(())
    }

    /// A text that names the California act and no FAR clause is a statement;
    /// anything else is read as a plan. Gives what a reader should know.
    fn document(&mut self, name: &str, bytes: &[u8]) -> Option<String> {
        if self.documents.plans.contains_key(name) || self.documents.statements.contains_key(name) {
            return Some(
                "not read: another document of this name was given before; rename one of them"
                    .to_owned(),
            );
        }
        let document = plan_document(bytes);
        let lower = document
            .as_ref()
            .map(|document| document.text().to_lowercase())
            .unwrap_or_default();
        let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        let problem = if says(&[
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
            let problem = reading.problem.clone();
            self.documents.statements.insert(name.to_owned(), reading);
            problem
        } else {
            let reading = check_plan(&self.plans, name, bytes, self.as_of);
            let problem = reading.problem.clone();
            self.documents.plans.insert(name.to_owned(), reading);
            problem
        };
        problem.map(|problem| format!("not read: {}", problem.message))
    }

    /// Contractors, and contracts with a record or a form.
    pub fn size(&self) -> (usize, usize) {
        self.dossier.size()
    }

    pub fn report(&self) -> ContractorReport {
        check_contractors(&self.policy, &self.dossier, &self.documents, self.as_of)
    }
}

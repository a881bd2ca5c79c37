//! The command line.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum, builder::RangedU64ValueParser};
use uuid::Uuid;

use crate::{
    country::Country,
    lists::{Form, Source},
};

/// Supply-chain forced-labor due diligence: screen suppliers against published
/// risk lists, score them, keep the trail.
///
/// The database is named by `DATABASE_URL` (`sqlite://FILE?mode=rwc` or
/// `postgres://...`), by default plimsoll.db in the current folder.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Screen, score and record the suppliers of a spreadsheet (CSV, XLSX, XLS, ODS)
    Screen(ScreenArguments),
    /// Stored screenings: list them, show one, replay one
    #[command(subcommand)]
    Screening(ScreeningCommand),
    /// Lists: what is held, and bringing them up to date
    #[command(subcommand)]
    Lists(ListsCommand),
    /// Score inputs by the risk model, without a supplier list
    Assess(AssessArguments),
    /// Match names in one file against listed parties in another
    Match(MatchArguments),
    /// Show how two names compare, word by word
    Explain(ExplainArguments),
    /// Statements that a law makes companies publish: what they say, and where
    #[command(subcommand)]
    Statement(StatementCommand),
    /// Federal contractors under FAR 52.222-50: is a plan required, is it there, does it hold?
    #[command(subcommand)]
    Contractor(ContractorCommand),
    /// The audit trail
    #[command(subcommand)]
    Audit(AuditCommand),
    /// The settings: what is in effect, and whether it will do
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Serve the API, and work through the queue of screenings
    Serve,
    /// Only work through the queue of screenings
    Worker,
}

#[derive(Debug, Args)]
pub struct ScreenArguments {
    /// The supplier file
    pub file: PathBuf,
    /// The sheet to read, when the workbook has several
    #[arg(long)]
    pub sheet: Option<String>,
    /// Take a column (its header or letter) for a field: --map "Mill=name"
    #[arg(long = "map", value_name = "COLUMN=FIELD")]
    pub map: Vec<String>,
    /// The day the assessment speaks for; today by default
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<NaiveDate>,
    #[command(flatten)]
    pub output: OutputArguments,
}

#[derive(Debug, Args)]
pub struct OutputArguments {
    /// By default what the ending of --out says, else a table
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Where to write the result; standard output by default
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Suppliers shown in the table, the most urgent first
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
}

impl OutputArguments {
    pub fn format(&self) -> Format {
        let by_ending = || {
            let ending = self.out.as_ref()?.extension()?.to_str()?;
            Format::from_str(ending, true).ok()
        };
        self.format.or_else(by_ending).unwrap_or(Format::Table)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Json,
    Csv,
    Xlsx,
}

#[derive(Debug, Subcommand)]
pub enum ScreeningCommand {
    /// List stored screenings, newest first
    List {
        #[arg(long, default_value_t = 20)]
        limit: u64,
    },
    /// Show a stored screening
    Show {
        /// As `plimsoll screening list` prints it
        id: Uuid,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Make a stored screening again from what was kept and compare the bytes
    Replay {
        /// As `plimsoll screening list` prints it
        id: Uuid,
    },
}

#[derive(Debug, Subcommand)]
pub enum ListsCommand {
    /// Source, edition, entries, expected, age, completeness and last attempt of each list
    Status {
        #[arg(long, value_enum, default_value_t = TextFormat::Table)]
        format: TextFormat,
    },
    /// Fetch lists from their publishers, verify them and put them in force
    Sync {
        /// By default every list that has an address
        sources: Vec<Source>,
    },
    /// What a list holds: in force, of one edition, or on a day
    Show(ListsShowArguments),
    /// What changed between two editions of one list
    Diff {
        source: Source,
        /// As `plimsoll lists show SOURCE --editions` names them, or the id of a refused attempt
        before: String,
        after: String,
        #[arg(long, value_enum, default_value_t = TextFormat::Table)]
        format: TextFormat,
    },
    /// Bring a list as a file: one of your own, or a published one that was saved by hand
    Import(ListsImportArguments),
    /// Put in force what was refused, and say why
    Accept {
        /// As `plimsoll lists status` prints it
        id: Uuid,
        /// Why it is right; kept in the audit trail
        #[arg(long)]
        reason: String,
    },
}

fn country(text: &str) -> Result<Country, String> {
    Country::parse(text).ok_or_else(|| "no country we know: an ISO code or a name".to_owned())
}

#[derive(Debug, Args)]
pub struct ListsShowArguments {
    /// As `plimsoll lists status` names it
    pub source: Source,
    /// This edition; by default the one in force. The id of a refused attempt shows what was
    /// kept aside
    #[arg(long, conflicts_with = "as_of")]
    pub edition: Option<String>,
    /// What stood on the list on that day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<NaiveDate>,
    /// Rows with a name or an alias that holds this
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// Rows of this country: ISO code or name
    #[arg(long, value_parser = country)]
    pub country: Option<Country>,
    /// Name the editions that are held
    #[arg(long, conflicts_with_all = ["edition", "as_of", "entry", "name", "country"])]
    pub editions: bool,
    /// How one entry came to be what it is, by its id
    #[arg(long, value_name = "ID", conflicts_with_all = ["edition", "as_of", "name", "country"])]
    pub entry: Option<String>,
    /// Rows shown
    #[arg(long, default_value_t = 200, value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    pub limit: usize,
    #[arg(long, value_enum, default_value_t = TextFormat::Table)]
    pub format: TextFormat,
}

#[derive(Debug, Args)]
pub struct ListsImportArguments {
    /// The file; several where a list is published in several
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// A list of your own: custom:NAME
    #[arg(long, conflicts_with = "official")]
    pub source: Option<Source>,
    /// A published list, saved by hand
    #[arg(long)]
    pub official: Option<Source>,
    /// The form of the file; by default told by its first bytes
    #[arg(long)]
    pub form: Option<Form>,
    /// The day for which it speaks; by default what the file says, else today
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub dated: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TextFormat {
    Table,
    Json,
}

#[derive(Debug, Args)]
pub struct AssessArguments {
    /// A file of cases, or one set of inputs, as JSON
    #[arg(long, value_name = "FILE")]
    pub input: PathBuf,
    #[arg(long, value_enum, default_value_t = TextFormat::Table)]
    pub format: TextFormat,
}

#[derive(Debug, Args)]
pub struct MatchArguments {
    /// Listed parties, one JSON object a line: `entity_id`, name, aliases, countries, addresses
    #[arg(long, value_name = "FILE")]
    pub list: PathBuf,
    /// Names to look for, one JSON object a line: id, name, country, address, aliases
    #[arg(long, value_name = "FILE")]
    pub queries: PathBuf,
    /// Hits a query at most
    #[arg(long, default_value_t = 10)]
    pub limit: usize,
    /// Hits below this similarity are left out (0 to 1); none by default, so that
    /// the reader draws the line
    #[arg(long, value_name = "X", default_value_t = 0.0)]
    pub min_similarity: f64,
    /// Say why: features and aligned words of every hit
    #[arg(long)]
    pub explain: bool,
    /// Threads; all cores by default
    #[arg(long)]
    pub threads: Option<usize>,
}

#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// A supplier's name
    pub supplier_name: String,
    /// A listed name
    pub listed_name: String,
    /// The country of both
    #[arg(long)]
    pub country: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum StatementCommand {
    /// Read a statement topic by topic, with the words behind every answer
    Check(StatementCheckArguments),
    /// Who is presumed to owe a statement, by registers, and which suppliers they name
    Companies(CompaniesArguments),
    /// Statements that share their words
    Duplicates(DuplicatesArguments),
}

#[derive(Debug, Args)]
pub struct CompaniesArguments {
    /// Registers as CSV: a benchmark's, the UK registry's, or our own form
    #[arg(value_name = "REGISTER", required = true)]
    pub registers: Vec<PathBuf>,
    /// A supplier list: only companies that a supplier or its parent may be
    #[arg(long, value_name = "FILE")]
    pub suppliers: Option<PathBuf>,
    /// From which likeness a name is a lead
    #[arg(long, default_value_t = 0.85)]
    pub min_similarity: f64,
    #[arg(long, value_enum, default_value_t = StatementLaw::Sb657)]
    pub law: StatementLaw,
    /// The day the presumption speaks for; today by default
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<NaiveDate>,
    #[arg(long, value_enum, default_value_t = StatementFormat::Text)]
    pub format: StatementFormat,
}

#[derive(Debug, Args)]
pub struct DuplicatesArguments {
    /// Statements: text files, saved pages, PDFs
    #[arg(value_name = "FILE", required = true)]
    pub statements: Vec<PathBuf>,
    /// The share of common words from which a pair is shown
    #[arg(long, default_value_t = 50)]
    pub from_percent: usize,
    #[arg(long, value_enum, default_value_t = StatementFormat::Text)]
    pub format: StatementFormat,
}

#[derive(Debug, Args)]
pub struct StatementCheckArguments {
    /// The statement: a text file, a saved HTML page, a PDF, or the address of the
    /// page or of the homepage that leads to it
    #[arg(value_name = "FILE|URL")]
    pub statement: PathBuf,
    /// The law under which it is read
    #[arg(long, value_enum, default_value_t = StatementLaw::Sb657)]
    pub law: StatementLaw,
    /// The day the reading speaks for; today by default
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<NaiveDate>,
    /// Another company's statement: words that both share earn nothing
    #[arg(long = "against", value_name = "FILE")]
    pub against: Vec<PathBuf>,
    #[arg(long, value_enum, default_value_t = StatementFormat::Text)]
    pub format: StatementFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StatementLaw {
    /// California Civil Code 1714.43
    Sb657,
    /// UK Modern Slavery Act 2015, section 54
    MsaS54,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StatementFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum ContractorCommand {
    /// Check contractors: requirement, status and contradictions, with the arithmetic
    Check(ContractorCheckArguments),
    /// The table for advocates: what is not located, stale or contradictory, cell by cell with its source
    Report(ContractorReportArguments),
}

#[derive(Debug, Args)]
pub struct ContractorFiles {
    /// SAM.gov JSON (entities, awards, exclusions), USAspending CSV, SAM exclusions CSV,
    /// Plimsoll's disclosure form (CSV, XLSX, JSON), compliance plans and statements
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The day the check speaks for; today by default
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<NaiveDate>,
}

#[derive(Debug, Args)]
pub struct ContractorCheckArguments {
    #[command(flatten)]
    pub input: ContractorFiles,
    #[arg(long, value_enum, default_value_t = StatementFormat::Text)]
    pub format: StatementFormat,
    /// Also score each contractor by the risk model, on the reference lists
    #[arg(long)]
    pub score: bool,
    /// Contracts shown in the text, the most urgent first
    #[arg(long, default_value_t = 20)]
    pub limit: usize,
}

#[derive(Debug, Args)]
pub struct ContractorReportArguments {
    #[command(flatten)]
    pub input: ContractorFiles,
    /// By default what the ending of --out says, else CSV
    #[arg(long, value_enum)]
    pub format: Option<ReportFormat>,
    /// Where to write the table; standard output by default
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Also write a draft of a request letter for each contractor into this folder
    #[arg(long, value_name = "FOLDER")]
    pub letters: Option<PathBuf>,
    /// Also contracts that are complete, need no plan, or of which too little is known
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    Csv,
    Json,
    Xlsx,
}

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Verify every event of the chain and every stored result against it
    Verify {
        /// A chain head kept outside the database, as printed: NUMBER:HASH
        #[arg(long, value_name = "NUMBER:HASH")]
        head: Option<String>,
    },
    /// Print the chain head, to be kept outside the database
    Head,
}

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print the settings in effect, without secrets, and say everything that is wrong with
    /// them; exit code 2 if anything is
    Check,
}

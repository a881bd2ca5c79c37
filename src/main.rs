//! Parse arguments, load settings, start telemetry, dispatch.

use std::{path::Path, process::ExitCode, time::Duration};

use clap::Parser;
use plimsoll::{
    cli::{self, Arguments, Command, Failure, report_failure},
    config::{Settings, log_filter},
    store::Database,
    telemetry::{self, Audience},
};

/// Work passes from thread to thread here: the system's allocator keeps a heap
/// for each and gives little of it back (docs/figures.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long connections may take to close.
const CLOSE: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => report_failure(&failure),
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    // What needs no database needs no settings either.
    match &arguments.command {
        Command::Assess(assess) => return cli::assess::run(assess),
        Command::Match(names) => return cli::reconcile::run(names),
        Command::Explain(names) => return cli::reconcile::explain(names),
        Command::Statement(statement) => return cli::statement::run(statement),
        Command::Contractor(contractor) => return cli::contractor::run(contractor),
        _ => {}
    }
    let settings =
        Settings::load(Path::new(".")).map_err(|error| Failure::unusable_because(&error))?;
    let audience = match arguments.command {
        Command::Serve | Command::Worker => Audience::Operator,
        _ => Audience::Terminal,
    };
    telemetry::start(log_filter().as_deref(), audience, settings.log.format);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(async {
        match arguments.command {
            Command::Config(config) => cli::config::run(&config, &settings).await,
            command => with_database(command, settings).await,
        }
    });
    // Work on another thread that nobody waits for any more must not keep the
    // process alive.
    runtime.shutdown_background();
    outcome
}

async fn with_database(command: Command, settings: Settings) -> Result<(), Failure> {
    let database = Database::open(&settings.database).await?;
    let outcome = dispatch(command, &settings, &database).await;
    // A connection that work left behind still uses is closed with the process.
    if let Ok(closed) = tokio::time::timeout(CLOSE, database.close()).await {
        closed?;
    }
    outcome
}

async fn dispatch(
    command: Command,
    settings: &Settings,
    database: &Database,
) -> Result<(), Failure> {
    match command {
        Command::Screen(screen) => cli::screen::run(&screen, database).await,
        Command::Screening(screening) => cli::screening::run(&screening, database).await,
        Command::Lists(lists) => cli::lists::run(&lists, settings, database).await,
        Command::Audit(audit) => cli::audit::run(&audit, database).await,
        Command::Serve => cli::serve::run(settings, database.clone()).await,
        Command::Worker => Box::pin(cli::worker::run(settings, database)).await,
        Command::Config(_)
        | Command::Assess(_)
        | Command::Match(_)
        | Command::Explain(_)
        | Command::Statement(_)
        | Command::Contractor(_) => Ok(()),
    }
}

//! Parse arguments, load settings, start telemetry, dispatch.

use std::{path::Path, process::ExitCode};

use clap::Parser;
use plimsoll::{
    cli::{self, Arguments, Command, Failure, report_failure},
    config::{Settings, log_filter},
    store::Database,
    telemetry,
};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    telemetry::start(log_filter().as_deref());
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
    let settings = Settings::load(Path::new("."))?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(with_database(arguments.command, settings))
}

async fn with_database(command: Command, settings: Settings) -> Result<(), Failure> {
    let database = Database::open(&settings.database).await?;
    let outcome = dispatch(command, &settings, &database).await;
    database.close().await?;
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
        Command::Lists(lists) => cli::lists::run(&lists, database).await,
        Command::Audit(audit) => cli::audit::run(&audit, database).await,
        Command::Serve => cli::serve::run(settings, database.clone()).await,
        Command::Worker => cli::worker::run(settings, database).await,
        Command::Assess(_)
        | Command::Match(_)
        | Command::Explain(_)
        | Command::Statement(_)
        | Command::Contractor(_) => Ok(()),
    }
}

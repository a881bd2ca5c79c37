//! `plimsoll worker`: works through the queue, beside any number of others.

use tokio::sync::watch;

use super::output::{Failure, note};
use crate::{
    app::{
        deliver,
        ground::Grounds,
        list_schedule,
        list_sync::Syncing,
        worker::{self, WorkTerms},
    },
    clock::SystemClock,
    config::Settings,
    fetch::Fetcher,
    signals::told_to_stop,
    store::Database,
};

pub async fn run(settings: &Settings, database: &Database) -> Result<(), Failure> {
    note("working through the queue; stop with Ctrl-C");
    let (stop, stopped) = watch::channel(false);
    let grounds = Grounds::default();
    let terms: WorkTerms = (&settings.worker).into();
    let fetcher = Fetcher::new(&settings.fetch)?;
    let teller = Fetcher::new(&settings.fetch.for_all())?;
    let clock = &SystemClock;
    let syncing = Syncing {
        database,
        clock,
        fetcher: &fetcher,
        settings: &settings.lists,
    };
    let working = async {
        tokio::join!(
            worker::work(database, clock, &grounds, terms, stopped.clone()),
            deliver::work(database, clock, &teller, settings.into(), stopped.clone()),
            list_schedule::keep_up(syncing, stopped),
        );
    };
    tokio::select! {
        () = working => {}
        () = async {
            told_to_stop().await;
            let _nobody_listens_any_more = stop.send(true);
            // The chunk in hand is recorded or not; the queue knows which.
            tokio::time::sleep(std::time::Duration::from_secs(30)).await;
        } => {}
    }
    Ok(())
}

//! `plimsoll worker`: works through the queue, beside any number of others.

use tokio::sync::watch;

use super::output::{Failure, note};
use crate::{
    app::{ground::Grounds, worker},
    clock::SystemClock,
    config::Settings,
    signals::told_to_stop,
    store::Database,
};

pub async fn run(settings: &Settings, database: &Database) -> Result<(), Failure> {
    note("working through the queue; stop with Ctrl-C");
    let (stop, stopped) = watch::channel(false);
    let grounds = Grounds::default();
    let terms = (&settings.worker).into();
    tokio::select! {
        () = worker::work(database, &SystemClock, &grounds, terms, stopped) => {}
        () = async {
            told_to_stop().await;
            let _nobody_listens_any_more = stop.send(true);
            // The chunk in hand is recorded or not; the queue knows which.
            tokio::time::sleep(std::time::Duration::from_secs(30)).await;
        } => {}
    }
    Ok(())
}

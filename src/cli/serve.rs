//! `plimsoll serve`: the small service.

use super::output::{Failure, note};
use crate::{config::ServeSettings, http, store::Database};

pub async fn run(settings: &ServeSettings, database: Database) -> Result<(), Failure> {
    note(format_args!(
        "serving http://{} (healthz, readyz, latest screening); stop with Ctrl-C",
        settings.bind
    ));
    Ok(http::serve(settings, database).await?)
}

//! `plimsoll lists`: what is held of the published lists.

use super::{
    arguments::{ListsCommand, TextFormat},
    output::{Failure, print, width},
};
use crate::{
    app,
    clock::{Clock, SystemClock},
    lists, report,
    store::Database,
};

pub async fn run(command: &ListsCommand, database: &Database) -> Result<(), Failure> {
    let ListsCommand::Status { format } = command;
    let clock = SystemClock;
    let held = app::lists::in_force(database, &clock, "cli", clock.today()).await?;
    let rows = lists::status(&held, clock.today());
    let text = match format {
        TextFormat::Json => serde_json::to_string_pretty(&rows)? + "\n",
        TextFormat::Table => report::table::status(&rows, width()),
    };
    Ok(print(&text)?)
}

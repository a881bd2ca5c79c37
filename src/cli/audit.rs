//! `plimsoll audit`: is the trail whole?

use super::{
    arguments::AuditCommand,
    output::{Failure, print},
};
use crate::{
    app::verify::verify_trail,
    audit::ChainHead,
    store::{Database, trail},
};

pub async fn run(command: &AuditCommand, database: &Database) -> Result<(), Failure> {
    match command {
        AuditCommand::Head => {
            let head = trail::head(database.connection()).await?;
            Ok(print(&format!("{}:{}\n", head.number, head.hash))?)
        }
        AuditCommand::Verify { head } => {
            let anchor = head.as_deref().map(parse_head).transpose()?;
            let verified = verify_trail(database, anchor).await?;
            Ok(print(&format!(
                "the audit trail holds: {} events, {} stored results as recorded\nchain head {}:{}\n",
                verified.head.number, verified.results, verified.head.number, verified.head.hash
            ))?)
        }
    }
}

fn parse_head(text: &str) -> Result<ChainHead, Failure> {
    text.split_once(':')
        .and_then(|(number, hash)| {
            Some(ChainHead {
                number: number.parse().ok()?,
                hash: hash.to_owned(),
            })
        })
        .filter(|head| head.hash.len() == 64)
        .ok_or_else(|| {
            Failure::unusable(format!(
                "--head {text} is no chain head; it is NUMBER:HASH as `plimsoll audit head` prints it"
            ))
        })
}

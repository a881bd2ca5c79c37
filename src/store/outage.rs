//! Which faults of the database pass by themselves: it is away, full, locked or
//! read-only for now. Any other would come again.

use std::error::Error;

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, error::DatabaseError, sqlite::SqliteError},
};

use super::StoreError;

/// Whether that error goes back to a database that may answer again later.
pub fn may_pass(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(one) = cause {
        if let Some(StoreError::Slow) = one.downcast_ref() {
            return true;
        }
        if let Some(fault) = one.downcast_ref::<DbErr>() {
            return passes(fault);
        }
        cause = one.source();
    }
    false
}

fn passes(fault: &DbErr) -> bool {
    match fault {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(fault)) | DbErr::Query(RuntimeErr::SqlxError(fault)) => {
            match fault.as_ref() {
                sqlx::Error::Database(said) => is_passing(said.as_ref()),
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed => true,
                _ => false,
            }
        }
        _ => false,
    }
}

fn is_passing(said: &(dyn DatabaseError + 'static)) -> bool {
    let Some(code) = said.code() else {
        return false;
    };
    if said.try_downcast_ref::<SqliteError>().is_some() {
        // Busy, locked, out of memory, read-only, input or output failed, full,
        // cannot be opened, locking protocol (sqlite.org/rescode.html).
        let primary = code.parse::<u32>().map(|code| code & 0xFF);
        return matches!(primary, Ok(5 | 6 | 7 | 8 | 10 | 13 | 14 | 15));
    }
    // Connection, serialization, resources and lock; a read-only transaction, a
    // server that stops or starts, a disk that fails (PostgreSQL, appendix A). A
    // statement that took too long or a lost file of the server would come again.
    ["08", "40", "53", "55"]
        .iter()
        .any(|class| code.starts_with(class))
        || ["25006", "57P01", "57P02", "57P03", "58000", "58030"].contains(&code.as_ref())
}

//! Connecting, migrating and beginning a write, on SQLite and PostgreSQL.

use std::{cmp::Ordering, path::PathBuf, time::Duration};

use migrations::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, TryGetable,
    sqlx::{
        Connection,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};
use uuid::Uuid;

use super::scope::Scoped;
use crate::{clock::Timestamp, config::DatabaseSettings, organization::OrganizationId};

/// Serializes migrations of several nodes on one PostgreSQL.
const MIGRATION_LOCK: i64 = 0x0050_6c69_6d6d_6967;
/// A request waits so long for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// A connection that was idle for so long is asked whether it still answers.
const IDLE: Duration = Duration::from_secs(1);
/// Values bound in one statement: what SQLite allows, kept for both backends.
const BOUND_VALUES: usize = 32_766;

/// The database could not do what was asked. The cause goes to the log, never
/// to a client.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(
        "cannot open the database at {place}; check DATABASE_URL and that the place can be written"
    )]
    Connect {
        place: String,
        #[source]
        source: DbErr,
    },
    #[error(
        "{place} is no database that can be used: DATABASE_URL begins with sqlite:// or postgres://"
    )]
    Scheme { place: String },
    #[error("cannot bring the database up to date")]
    Migrate(#[source] DbErr),
    #[error("{place} answers, but it cannot be written")]
    ReadOnly {
        place: String,
        #[source]
        source: DbErr,
    },
    #[error("the database does not answer in time")]
    Slow,
    #[error("the database failed")]
    Database(#[from] DbErr),
    #[error("stored {what} {id} cannot be read")]
    Unreadable {
        what: &'static str,
        id: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("there is no {what} {id}")]
    Missing { what: &'static str, id: String },
    #[error("the place to go on from is none of this collection in this order")]
    Cursor,
}

/// An open database, migrated, bound to one organization.
#[derive(Debug, Clone)]
pub struct Database {
    connection: Scoped<DatabaseConnection>,
    place: String,
}

impl Database {
    /// Connects and brings the schema up to date. Acts for the local
    /// organization until told otherwise ([`Database::of`]).
    pub async fn open(settings: &DatabaseSettings) -> Result<Self, StoreError> {
        let (connection, place) = connect(settings).await?;
        let database = Self {
            connection: Scoped::new(connection, OrganizationId::LOCAL),
            place,
        };
        database.migrate().await?;
        Ok(database)
    }

    /// Connects, looks and closes again; nothing is made or changed. `None`:
    /// an SQLite file that is not there yet.
    pub async fn look(settings: &DatabaseSettings) -> Result<Option<Schema>, StoreError> {
        if let Some(file) = sqlite_file(&settings.url)
            && !file.exists()
        {
            return Ok(None);
        }
        let (connection, place) = connect(settings).await?;
        let found = schema(&connection).await;
        let written = write_nothing(&connection).await;
        connection.close().await?;
        if let (Ok(_), Err(source)) = (&found, written) {
            return Err(StoreError::ReadOnly { place, source });
        }
        match found {
            // It has no table of migrations: nobody has been here.
            Err(StoreError::Database(_)) => Ok(Some(Schema::Behind(Migrator::migrations().len()))),
            other => other.map(Some),
        }
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        let transaction = self.begin_write().await?;
        lock(&transaction, MIGRATION_LOCK).await?;
        Migrator::up(&transaction.raw, None)
            .await
            .map_err(StoreError::Migrate)?;
        transaction.commit().await
    }

    /// Whether the schema is the one that this program was built for.
    pub async fn schema(&self) -> Result<Schema, StoreError> {
        schema(&self.connection.raw).await
    }

    /// For reads.
    pub fn connection(&self) -> &Scoped<DatabaseConnection> {
        &self.connection
    }

    /// The same database, acting for that organization.
    #[must_use]
    pub fn of(&self, organization: OrganizationId) -> Self {
        Self {
            connection: Scoped::new(self.connection.raw.clone(), organization),
            place: self.place.clone(),
        }
    }

    /// For whom it acts.
    pub fn organization(&self) -> OrganizationId {
        self.connection.organization()
    }

    /// Closes every connection; on SQLite this folds the write-ahead log into
    /// the file, so that the file alone is the whole database.
    pub async fn close(self) -> Result<(), DbErr> {
        self.connection.raw.close().await
    }

    /// Where the database is, for people; never with a password.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Begins a transaction that may write. On SQLite it takes the write lock
    /// at once: a read that turns into a write fails under load.
    pub async fn begin_write(&self) -> Result<Scoped<DatabaseTransaction>, StoreError> {
        let transaction = self
            .connection
            .raw
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            })
            .await?;
        Ok(Scoped::new(transaction, self.organization()))
    }
}

async fn connect(settings: &DatabaseSettings) -> Result<(DatabaseConnection, String), StoreError> {
    let place = without_password(&settings.url);
    // Said by us: the driver would repeat the address with its password.
    if !["sqlite:", "postgres:", "postgresql:"]
        .iter()
        .any(|scheme| settings.url.starts_with(scheme))
    {
        return Err(StoreError::Scheme { place });
    }
    let patience = Duration::from_secs(settings.patience_seconds.max(1).into());
    let mut options = ConnectOptions::new(&settings.url);
    options
        .max_connections(settings.max_connections)
        .acquire_timeout(patience.min(CONNECT))
        .sqlx_logging(false)
        // One in use a moment ago needs no question whether it is still there.
        .test_before_acquire_if_idle_for(IDLE)
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                // A finished screening must outlive a power cut.
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(patience)
                .foreign_keys(true)
        })
        // After a fault of the disk SQLite ends a transaction by itself, and the
        // driver does not notice: what such a connection begins is not what was
        // asked for, and may hold the write lock for ever.
        .map_sqlx_sqlite_before_acquire(|connection, _| {
            Box::pin(async move { Ok(!connection.is_in_transaction()) })
        });
    if !settings.url.starts_with("sqlite:") {
        options.max_lifetime(Duration::from_secs(
            settings.connection_seconds.max(1).into(),
        ));
    }
    match sea_orm::Database::connect(options).await {
        Ok(connection) => Ok((connection, place)),
        Err(source) => Err(StoreError::Connect { place, source }),
    }
}

/// The file of an SQLite address; `None` for a server and for memory.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let file = rest.split('?').next().unwrap_or(rest);
    (!file.is_empty() && file != ":memory:").then(|| PathBuf::from(file))
}

/// How a database's schema relates to this program's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    Current,
    /// So many changes are still to be made; a start makes them.
    Behind(usize),
    /// A newer program was here.
    Ahead,
}

/// A write that changes no row; a read-only database refuses it nonetheless.
async fn write_nothing(connection: &DatabaseConnection) -> Result<(), DbErr> {
    connection
        .execute_unprepared("UPDATE seaql_migrations SET version = version WHERE 1 = 0")
        .await
        .map(|_| ())
}

async fn schema(connection: &impl ConnectionTrait) -> Result<Schema, StoreError> {
    // Asked directly: the migrator would create its table.
    let row = connection
        .query_one_raw(Statement::from_string(
            connection.get_database_backend(),
            "SELECT COUNT(*) FROM seaql_migrations",
        ))
        .await?;
    let made = match row {
        Some(row) => usize::try_from(i64::try_get_by_index(&row, 0).map_err(DbErr::from)?)
            .unwrap_or_default(),
        None => 0,
    };
    let known = Migrator::migrations().len();
    Ok(match made.cmp(&known) {
        Ordering::Equal => Schema::Current,
        Ordering::Less => Schema::Behind(known - made),
        Ordering::Greater => Schema::Ahead,
    })
}

/// Takes a lock that PostgreSQL holds until the transaction ends. On SQLite the
/// transaction has the write lock already.
pub(super) async fn lock(
    transaction: &Scoped<impl ConnectionTrait>,
    key: i64,
) -> Result<(), DbErr> {
    if transaction.raw.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    transaction
        .raw
        .execute_raw(Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_advisory_xact_lock($1)",
            [key.into()],
        ))
        .await
        .map(|_| ())
}

/// How many rows of `columns` values each one statement may insert.
pub(super) const fn rows_per_statement(columns: usize) -> usize {
    BOUND_VALUES / columns
}

/// The rows in parts for one statement each. However many rows come together,
/// parts have one of a few lengths (1, 2, 3, 4, 6, 8, 12, ...), so that the
/// connections see the same statements again and find them prepared.
pub(super) fn insertable<T>(rows: &[T], columns: usize) -> impl Iterator<Item = &[T]> {
    let most = rows_per_statement(columns).max(1);
    let mut rest = rows;
    std::iter::from_fn(move || {
        let length = rest.len().min(most);
        let power = 1 << length.checked_ilog2()?;
        let half_more = power + power / 2;
        let (part, behind) = rest.split_at(if half_more <= length {
            half_more
        } else {
            power
        });
        rest = behind;
        Some(part)
    })
}

/// A `UUIDv7` of that moment: ids sort by time.
pub fn new_id(now: Timestamp) -> Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Uuid::new_v7(uuid::Timestamp::from_unix(
        uuid::NoContext,
        seconds,
        now.timestamp_subsec_nanos(),
    ))
}

/// The address without user and password.
pub fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => {
            format!("{}{}", &url[..scheme + 3], &url[at + 1..])
        }
        _ => url.split('?').next().unwrap_or(url).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_parted_into_a_few_lengths_and_none_is_lost() {
        for rows in 0..2_000_usize {
            let numbers: Vec<_> = (0..rows).collect();
            let parts: Vec<_> = insertable(&numbers, 40).collect();
            assert_eq!(parts.concat(), numbers);
            for part in parts {
                let odd = part.len() >> part.len().trailing_zeros();
                assert!(matches!(odd, 1 | 3) && part.len() <= rows_per_statement(40));
            }
        }
    }

    #[test]
    fn a_password_never_shows() {
        assert_eq!(
            without_password("postgres://me:s3cret@db.example/plimsoll"),
            "postgres://db.example/plimsoll"
        );
        assert_eq!(
            without_password("sqlite://plimsoll.db?mode=rwc"),
            "sqlite://plimsoll.db"
        );
    }
}

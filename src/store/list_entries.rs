//! Versions of rows of lists, each once, with the editions that held it.

use std::collections::HashMap;

use chrono::NaiveDate;
use entities::list_entry::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    QueryFilter, QueryOrder, QuerySelect, sea_query::SimpleExpr,
};

use super::{Scoped, StoreError, database::rows_per_statement};
use crate::lists::Source;

const COLUMNS: usize = 9;
/// Values that a statement binds beside the items it is about, at most.
const OTHER_VALUES: usize = 8;
/// Items that one statement may be about.
const ITEMS: usize = rows_per_statement(1) - OTHER_VALUES;
/// Rows read at once.
const PAGE: u64 = 10_000;

/// A version that an edition brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVersion {
    pub item: String,
    pub sha256: [u8; 32],
    /// Canonical JSON.
    pub body: String,
}

/// A version as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub item: String,
    pub first_number: i32,
    /// `None`: the newest edition still holds it.
    pub last_number: Option<i32>,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub body: String,
}

/// Which edition speaks: its number and its day.
#[derive(Debug, Clone, Copy)]
pub struct Edition {
    pub source: Source,
    pub number: i32,
    pub date: NaiveDate,
}

#[derive(Debug, FromQueryResult)]
struct Hash {
    item: String,
    sha256: Vec<u8>,
}

/// What the newest edition holds: items with the hash of their version.
pub async fn current(
    connection: &Scoped<impl ConnectionTrait>,
    source: Source,
) -> Result<HashMap<String, Vec<u8>>, StoreError> {
    let mut found = HashMap::new();
    let mut after: Option<String> = None;
    loop {
        let mut rows = connection
            .select_list::<Entity>(source)
            .filter(Column::Source.eq(source.code()))
            .filter(Column::LastNumber.is_null());
        if let Some(after) = &after {
            rows = rows.filter(Column::Item.gt(after));
        }
        let page = rows
            .select_only()
            .columns([Column::Item, Column::Sha256])
            .order_by_asc(Column::Item)
            .limit(PAGE)
            .into_model::<Hash>()
            .all(&connection.raw)
            .await?;
        let Some(last) = page.last() else {
            return Ok(found);
        };
        after = Some(last.item.clone());
        found.extend(page.into_iter().map(|row| (row.item, row.sha256)));
    }
}

/// The edition no longer holds these as they were.
pub async fn close(
    transaction: &Scoped<impl ConnectionTrait>,
    edition: Edition,
    items: &[String],
) -> Result<(), StoreError> {
    for batch in items.chunks(ITEMS) {
        Entity::update_many()
            .set(ActiveModel {
                last_number: Set(Some(edition.number - 1)),
                valid_to: Set(Some(edition.date)),
                ..Default::default()
            })
            .filter(Column::OrganizationId.eq(transaction.owner_of(edition.source).0))
            .filter(Column::Source.eq(edition.source.code()))
            .filter(Column::LastNumber.is_null())
            .filter(Column::Item.is_in(batch))
            .exec(&transaction.raw)
            .await?;
    }
    Ok(())
}

/// The edition holds these from now on.
pub async fn open(
    transaction: &Scoped<impl ConnectionTrait>,
    edition: Edition,
    versions: Vec<NewVersion>,
) -> Result<(), StoreError> {
    let mut versions = versions.into_iter().peekable();
    while versions.peek().is_some() {
        let batch = versions
            .by_ref()
            .take(rows_per_statement(COLUMNS))
            .map(|version| ActiveModel {
                organization_id: Set(transaction.owner_of(edition.source).0),
                source: Set(edition.source.code().to_owned()),
                item: Set(version.item),
                first_number: Set(edition.number),
                last_number: Set(None),
                valid_from: Set(edition.date),
                valid_to: Set(None),
                sha256: Set(version.sha256.to_vec()),
                body: Set(version.body),
            });
        Entity::insert_many(batch)
            .exec_without_returning(&transaction.raw)
            .await?;
    }
    Ok(())
}

/// Takes back what was written of editions after `newest`, the last that came
/// into force: some of it, so that no transaction is long. Whether there may be
/// more.
pub async fn take_back(
    transaction: &Scoped<impl ConnectionTrait>,
    source: Source,
    newest: i32,
    most: u64,
) -> Result<bool, StoreError> {
    let most = most.min(ITEMS as u64);
    let items = async |wanted: SimpleExpr| {
        transaction
            .select_list::<Entity>(source)
            .filter(Column::Source.eq(source.code()))
            .filter(wanted)
            .select_only()
            .column(Column::Item)
            .limit(most)
            .into_tuple::<String>()
            .all(&transaction.raw)
            .await
    };
    let opened = items(Column::FirstNumber.gt(newest)).await?;
    if !opened.is_empty() {
        Entity::delete_many()
            .filter(Column::OrganizationId.eq(transaction.owner_of(source).0))
            .filter(Column::Source.eq(source.code()))
            .filter(Column::FirstNumber.gt(newest))
            .filter(Column::Item.is_in(&opened))
            .exec(&transaction.raw)
            .await?;
    }
    let closed = items(Column::LastNumber.gte(newest)).await?;
    if !closed.is_empty() {
        Entity::update_many()
            .set(ActiveModel {
                last_number: Set(None),
                valid_to: Set(None),
                ..Default::default()
            })
            .filter(Column::OrganizationId.eq(transaction.owner_of(source).0))
            .filter(Column::Source.eq(source.code()))
            .filter(Column::LastNumber.gte(newest))
            .filter(Column::Item.is_in(&closed))
            .exec(&transaction.raw)
            .await?;
    }
    Ok(!opened.is_empty() || !closed.is_empty())
}

/// A page of what an edition held, in the order of the items.
pub async fn page(
    connection: &Scoped<impl ConnectionTrait>,
    source: Source,
    number: i32,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<Version>, StoreError> {
    let still = Condition::any()
        .add(Column::LastNumber.is_null())
        .add(Column::LastNumber.gte(number));
    let mut rows = connection
        .select_list::<Entity>(source)
        .filter(Column::Source.eq(source.code()))
        .filter(Column::FirstNumber.lte(number))
        .filter(still);
    if let Some(after) = after {
        rows = rows.filter(Column::Item.gt(after));
    }
    let found = rows
        .order_by_asc(Column::Item)
        .limit(limit)
        .all(&connection.raw)
        .await?;
    Ok(found.into_iter().map(read).collect())
}

/// Every version of one row up to the edition `newest`, the last that came into
/// force, oldest first.
pub async fn history(
    connection: &Scoped<impl ConnectionTrait>,
    source: Source,
    item: &str,
    newest: i32,
) -> Result<Vec<Version>, StoreError> {
    let found = connection
        .select_list::<Entity>(source)
        .filter(Column::Source.eq(source.code()))
        .filter(Column::Item.eq(item))
        .filter(Column::FirstNumber.lte(newest))
        .order_by_asc(Column::FirstNumber)
        .all(&connection.raw)
        .await?;
    let as_of = |mut version: Version| {
        // An edition on its way has closed it already.
        if version.last_number.is_some_and(|last| last >= newest) {
            version.last_number = None;
            version.valid_to = None;
        }
        version
    };
    Ok(found.into_iter().map(read).map(as_of).collect())
}

fn read(row: Model) -> Version {
    Version {
        item: row.item,
        first_number: row.first_number,
        last_number: row.last_number,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        body: row.body,
    }
}

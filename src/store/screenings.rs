//! Screenings: begun, then finished in the same transaction as their results.

use chrono::NaiveDate;
use entities::screening::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{
    Scoped, Slice, StoreError,
    database::insertable,
    listing::{Key, slice},
};
use crate::{clock::Timestamp, organization::OrganizationId};

const COLUMNS: usize = 9;

/// What a screening starts from. `head` is `report::Head` in canonical JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewScreening {
    pub id: Uuid,
    pub supplier_list_id: Uuid,
    pub as_of: NaiveDate,
    pub head: String,
    pub started_at: Timestamp,
}

/// What it came to. `totals` is `report::Totals` in canonical JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finish {
    pub totals: String,
    pub result_sha256: String,
    pub finished_at: Timestamp,
}

/// A screening that came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinishedScreening {
    pub id: Uuid,
    pub supplier_list_id: Uuid,
    pub as_of: NaiveDate,
    pub head: String,
    pub finish: Finish,
}

pub async fn begin(
    transaction: &Scoped<impl ConnectionTrait>,
    screening: NewScreening,
) -> Result<(), StoreError> {
    Entity::insert(row(transaction.organization(), &screening, None))
        .exec_without_returning(&transaction.raw)
        .await?;
    Ok(())
}

/// Screenings that were begun and came to their end in one.
pub async fn insert_finished(
    transaction: &Scoped<impl ConnectionTrait>,
    screenings: &[(&NewScreening, &Finish)],
) -> Result<(), StoreError> {
    let organization = transaction.organization();
    for batch in insertable(screenings, COLUMNS) {
        let rows = batch
            .iter()
            .map(|(screening, finish)| row(organization, screening, Some(finish)));
        Entity::insert_many(rows)
            .exec_without_returning(&transaction.raw)
            .await?;
    }
    Ok(())
}

fn row(
    organization: OrganizationId,
    screening: &NewScreening,
    finish: Option<&Finish>,
) -> ActiveModel {
    ActiveModel {
        id: Set(screening.id),
        organization_id: Set(organization.0),
        supplier_list_id: Set(screening.supplier_list_id),
        as_of: Set(screening.as_of),
        head: Set(screening.head.clone()),
        started_at: Set(screening.started_at),
        totals: Set(finish.map(|finish| finish.totals.clone())),
        result_sha256: Set(finish.map(|finish| finish.result_sha256.clone())),
        finished_at: Set(finish.map(|finish| finish.finished_at)),
    }
}

pub async fn finish(
    transaction: &Scoped<impl ConnectionTrait>,
    id: Uuid,
    finish: Finish,
) -> Result<(), StoreError> {
    let open = ActiveModel {
        totals: Set(Some(finish.totals)),
        result_sha256: Set(Some(finish.result_sha256)),
        finished_at: Set(Some(finish.finished_at)),
        ..Default::default()
    };
    Entity::update_many()
        .set(open)
        .filter(Column::Id.eq(id))
        .filter(Column::OrganizationId.eq(transaction.organization().0))
        .exec(&transaction.raw)
        .await?;
    Ok(())
}

/// The head of a screening, finished or not.
pub async fn head(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<String, StoreError> {
    connection
        .select::<Entity>()
        .filter(Column::Id.eq(id))
        .one(&connection.raw)
        .await?
        .map(|row| row.head)
        .ok_or_else(|| StoreError::Missing {
            what: "screening",
            id: id.to_string(),
        })
}

pub async fn find(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<FinishedScreening, StoreError> {
    connection
        .select::<Entity>()
        .filter(Column::Id.eq(id))
        .one(&connection.raw)
        .await?
        .and_then(finished)
        .ok_or_else(|| StoreError::Missing {
            what: "finished screening",
            id: id.to_string(),
        })
}

/// The newest finished screenings first, `limit` at most.
pub async fn newest(
    connection: &Scoped<impl ConnectionTrait>,
    limit: u64,
) -> Result<Vec<FinishedScreening>, StoreError> {
    let rows = connection
        .select::<Entity>()
        .filter(Column::FinishedAt.is_not_null())
        .order_by_desc(Column::FinishedAt)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(&connection.raw)
        .await?;
    Ok(rows.into_iter().filter_map(finished).collect())
}

/// Which ones are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    pub supplier_list: Option<Uuid>,
    pub as_of: Option<NaiveDate>,
    pub finished_since: Option<Timestamp>,
    pub finished_before: Option<Timestamp>,
}

/// The finished screenings that are wanted.
pub async fn page(
    connection: &Scoped<impl ConnectionTrait>,
    wanted: &Wanted,
    part: &Slice,
) -> Result<Vec<FinishedScreening>, StoreError> {
    let mut all = Condition::all().add(Column::FinishedAt.is_not_null());
    if let Some(list) = wanted.supplier_list {
        all = all.add(Column::SupplierListId.eq(list));
    }
    if let Some(day) = wanted.as_of {
        all = all.add(Column::AsOf.eq(day));
    }
    if let Some(since) = wanted.finished_since {
        all = all.add(Column::FinishedAt.gte(since));
    }
    if let Some(before) = wanted.finished_before {
        all = all.add(Column::FinishedAt.lt(before));
    }
    let keys = [
        ("id", Column::Id, Key::Id),
        ("as_of", Column::AsOf, Key::Day),
        ("finished_at", Column::FinishedAt, Key::Moment),
    ];
    let rows = slice(connection.select::<Entity>().filter(all), &keys, part)?
        .all(&connection.raw)
        .await?;
    Ok(rows.into_iter().filter_map(finished).collect())
}

fn finished(row: Model) -> Option<FinishedScreening> {
    Some(FinishedScreening {
        id: row.id,
        supplier_list_id: row.supplier_list_id,
        as_of: row.as_of,
        head: row.head,
        finish: Finish {
            totals: row.totals?,
            result_sha256: row.result_sha256?,
            finished_at: row.finished_at?,
        },
    })
}

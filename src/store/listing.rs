//! Pages of any collection: sorted by one key, the id after it, and continued
//! behind the last item by both, so that rows that come and go meanwhile move
//! no page.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, Order, QueryFilter, QueryOrder, QuerySelect,
    Select, Value,
    sea_query::{Expr, Func},
};
use serde_json::Value as Json;
use uuid::Uuid;

use super::StoreError;

/// Which part of a collection is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// A sort key of the collection.
    pub sort: String,
    pub descending: bool,
    /// Sort key and id of the last item of the page before, as it was shown.
    pub after: Option<(Json, Json)>,
    pub limit: u64,
}

/// How a key is shown and compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Id,
    Text,
    Number,
    /// Null counts below every number.
    NumberOrNull,
    /// Shown as a fraction of one, stored in millionths.
    Millionths,
    Moment,
    Day,
}

/// The sort keys of a collection: name, column, kind. The first is the id.
pub(super) type Keys<E> = [(&'static str, <E as EntityTrait>::Column, Key)];

/// The rows of the slice, in its order.
pub(super) fn slice<E: EntityTrait>(
    mut rows: Select<E>,
    keys: &Keys<E>,
    slice: &Slice,
) -> Result<Select<E>, StoreError> {
    let known = |name: &str| keys.iter().find(|(key, _, _)| *key == name);
    let (Some(id), Some(sort)) = (keys.first(), known(&slice.sort)) else {
        return Err(StoreError::Cursor);
    };
    let order = if slice.descending {
        Order::Desc
    } else {
        Order::Asc
    };
    if let Some((key_at, id_at)) = &slice.after {
        let beyond = |expr: Expr, value: Value| {
            if slice.descending {
                expr.lt(value)
            } else {
                expr.gt(value)
            }
        };
        let id_at = stored(id.2, id_at).ok_or(StoreError::Cursor)?;
        let further = beyond(compared(id.1, id.2), id_at);
        rows = if sort.0 == id.0 {
            rows.filter(further)
        } else {
            let key_at = stored(sort.2, key_at).ok_or(StoreError::Cursor)?;
            let tied = Condition::all()
                .add(compared(sort.1, sort.2).eq(key_at.clone()))
                .add(further);
            rows.filter(
                Condition::any()
                    .add(beyond(compared(sort.1, sort.2), key_at))
                    .add(tied),
            )
        };
    }
    if sort.0 != id.0 {
        rows = rows.order_by(compared(sort.1, sort.2), order.clone());
    }
    Ok(rows
        .order_by(compared(id.1, id.2), order)
        .limit(slice.limit))
}

fn compared<C: ColumnTrait>(column: C, key: Key) -> Expr {
    let plain = Expr::col(column.as_column_ref());
    match key {
        Key::NumberOrNull => Expr::from(Func::coalesce([plain, Expr::value(-1)])),
        _ => plain,
    }
}

/// What is compared in the database, from what was shown; `None`: it is not
/// what that key shows.
fn stored(key: Key, shown: &Json) -> Option<Value> {
    Some(match key {
        Key::Id => Uuid::from_str(shown.as_str()?).ok()?.into(),
        Key::Text => shown.as_str()?.to_owned().into(),
        Key::NumberOrNull if shown.is_null() => (-1_i64).into(),
        Key::Number | Key::NumberOrNull => shown.as_i64()?.into(),
        Key::Millionths => millionths(shown.as_f64()?)?.into(),
        Key::Moment => DateTime::parse_from_rfc3339(shown.as_str()?)
            .ok()?
            .with_timezone(&Utc)
            .into(),
        Key::Day => NaiveDate::from_str(shown.as_str()?).ok()?.into(),
    })
}

#[expect(clippy::cast_possible_truncation, reason = "checked to be from 0 to 1")]
fn millionths(share: f64) -> Option<i32> {
    (0.0..=1.0)
        .contains(&share)
        .then(|| (share * 1e6).round() as i32)
}

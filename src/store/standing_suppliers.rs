//! Suppliers as standing records, with every version, and what people said
//! about two of them being one party.

use entities::{
    assessment, screening,
    standing_supplier::{ActiveModel, Column, Entity, Model},
    supplier, supplier_list, supplier_merge, supplier_version,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, LikeExpr},
};
use uuid::Uuid;

use super::{
    Scoped, Slice, StoreError,
    listing::{Key, slice},
};
use crate::clock::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingSupplier {
    pub id: Uuid,
    pub external_id: String,
    pub name: String,
    /// The name for searching.
    pub name_key: String,
    pub country: Option<String>,
    pub active: bool,
    pub version: i32,
    pub merged_into: Option<Uuid>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A record as it once was or is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub id: Uuid,
    pub standing_supplier_id: Uuid,
    pub version: i32,
    /// As given, in canonical JSON.
    pub record: String,
    pub active: bool,
    pub changed_by: String,
    pub changed_at: Timestamp,
}

/// Which ones are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub external_id: Option<String>,
    /// Part of the name for searching.
    pub name_part: Option<String>,
    pub country: Option<String>,
    pub active: Option<bool>,
    pub merged: Option<bool>,
    pub updated_since: Option<Timestamp>,
}

pub async fn page(
    connection: &Scoped<impl ConnectionTrait>,
    wanted: &Wanted,
    part: &Slice,
) -> Result<Vec<StandingSupplier>, StoreError> {
    let mut all = Condition::all();
    if let Some(id) = &wanted.external_id {
        all = all.add(Column::ExternalId.eq(id));
    }
    if let Some(name) = &wanted.name_part {
        let literal = name
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        all = all.add(Column::NameKey.like(LikeExpr::new(format!("%{literal}%")).escape('\\')));
    }
    if let Some(country) = &wanted.country {
        all = all.add(Column::Country.eq(country));
    }
    if let Some(active) = wanted.active {
        all = all.add(Column::Active.eq(active));
    }
    match wanted.merged {
        Some(true) => all = all.add(Column::MergedInto.is_not_null()),
        Some(false) => all = all.add(Column::MergedInto.is_null()),
        None => {}
    }
    if let Some(since) = wanted.updated_since {
        all = all.add(Column::UpdatedAt.gte(since));
    }
    let keys = [
        ("id", Column::Id, Key::Id),
        ("name", Column::Name, Key::Text),
        ("external_id", Column::ExternalId, Key::Text),
        ("created_at", Column::CreatedAt, Key::Moment),
        ("updated_at", Column::UpdatedAt, Key::Moment),
    ];
    let rows = slice(connection.select::<Entity>().filter(all), &keys, part)?;
    let found = rows.all(&connection.raw).await?;
    Ok(found.into_iter().map(read).collect())
}

pub async fn find(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Option<StandingSupplier>, StoreError> {
    let rows = connection.select::<Entity>().filter(Column::Id.eq(id));
    Ok(rows.one(&connection.raw).await?.map(read))
}

pub async fn by_external_id(
    connection: &Scoped<impl ConnectionTrait>,
    external_id: &str,
) -> Result<Option<StandingSupplier>, StoreError> {
    let rows = connection
        .select::<Entity>()
        .filter(Column::ExternalId.eq(external_id));
    Ok(rows.one(&connection.raw).await?.map(read))
}

pub async fn add(
    transaction: &Scoped<impl ConnectionTrait>,
    added: &StandingSupplier,
) -> Result<(), StoreError> {
    Entity::insert(ActiveModel {
        id: Set(added.id),
        organization_id: Set(transaction.organization().0),
        external_id: Set(added.external_id.clone()),
        name: Set(added.name.clone()),
        name_key: Set(added.name_key.clone()),
        country: Set(added.country.clone()),
        active: Set(added.active),
        version: Set(added.version),
        merged_into: Set(added.merged_into),
        created_at: Set(added.created_at),
        updated_at: Set(added.updated_at),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

/// Puts the new version in force if nobody has changed it since `version`;
/// whether it did.
pub async fn change(
    transaction: &Scoped<impl ConnectionTrait>,
    changed: &StandingSupplier,
    version: i32,
) -> Result<bool, StoreError> {
    let done = Entity::update_many()
        .set(ActiveModel {
            name: Set(changed.name.clone()),
            name_key: Set(changed.name_key.clone()),
            country: Set(changed.country.clone()),
            active: Set(changed.active),
            version: Set(changed.version),
            updated_at: Set(changed.updated_at),
            ..Default::default()
        })
        .filter(Column::Id.eq(changed.id))
        .filter(Column::OrganizationId.eq(transaction.organization().0))
        .filter(Column::Version.eq(version))
        .exec(&transaction.raw)
        .await?;
    Ok(done.rows_affected == 1)
}

pub async fn add_version(
    transaction: &Scoped<impl ConnectionTrait>,
    added: Version,
) -> Result<(), StoreError> {
    supplier_version::Entity::insert(supplier_version::ActiveModel {
        id: Set(added.id),
        organization_id: Set(transaction.organization().0),
        standing_supplier_id: Set(added.standing_supplier_id),
        version: Set(added.version),
        record: Set(added.record),
        active: Set(added.active),
        changed_by: Set(added.changed_by),
        changed_at: Set(added.changed_at),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

/// The version in force.
pub async fn record(
    connection: &Scoped<impl ConnectionTrait>,
    standing: &StandingSupplier,
) -> Result<Version, StoreError> {
    connection
        .select::<supplier_version::Entity>()
        .filter(supplier_version::Column::StandingSupplierId.eq(standing.id))
        .filter(supplier_version::Column::Version.eq(standing.version))
        .one(&connection.raw)
        .await?
        .map(read_version)
        .ok_or_else(|| StoreError::Missing {
            what: "version of supplier",
            id: standing.id.to_string(),
        })
}

/// Versions of one record.
pub async fn versions(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
    part: &Slice,
) -> Result<Vec<Version>, StoreError> {
    let rows = connection
        .select::<supplier_version::Entity>()
        .filter(supplier_version::Column::StandingSupplierId.eq(id));
    let keys = [
        ("id", supplier_version::Column::Id, Key::Id),
        ("version", supplier_version::Column::Version, Key::Number),
    ];
    let found = slice(rows, &keys, part)?.all(&connection.raw).await?;
    Ok(found.into_iter().map(read_version).collect())
}

/// When the version that follows came, if one does.
pub async fn followed_at(
    connection: &Scoped<impl ConnectionTrait>,
    version: &Version,
) -> Result<Option<Timestamp>, StoreError> {
    let rows = connection
        .select::<supplier_version::Entity>()
        .filter(supplier_version::Column::StandingSupplierId.eq(version.standing_supplier_id))
        .filter(supplier_version::Column::Version.eq(version.version + 1));
    Ok(rows.one(&connection.raw).await?.map(|row| row.changed_at))
}

/// The records in force of all active suppliers behind that one, by id, `limit`
/// at most.
pub async fn active_records_after(
    connection: &Scoped<impl ConnectionTrait>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<(StandingSupplier, String)>, StoreError> {
    let mut rows = connection
        .select::<Entity>()
        .filter(Column::Active.eq(true))
        .order_by_asc(Column::Id)
        .limit(limit);
    if let Some(after) = after {
        rows = rows.filter(Column::Id.gt(after));
    }
    let standing: Vec<StandingSupplier> = rows
        .all(&connection.raw)
        .await?
        .into_iter()
        .map(read)
        .collect();
    let ids: Vec<Uuid> = standing.iter().map(|one| one.id).collect();
    let versions = connection
        .select::<supplier_version::Entity>()
        .filter(supplier_version::Column::StandingSupplierId.is_in(ids))
        .all(&connection.raw)
        .await?;
    let mut records: rustc_hash::FxHashMap<(Uuid, i32), String> = versions
        .into_iter()
        .map(|row| ((row.standing_supplier_id, row.version), row.record))
        .collect();
    Ok(standing
        .into_iter()
        .filter_map(|one| {
            let record = records.remove(&(one.id, one.version))?;
            Some((one, record))
        })
        .collect())
}

/// How many active ones there are, and when one was last changed: what an index
/// of them was built from.
pub async fn stamp(
    connection: &Scoped<impl ConnectionTrait>,
) -> Result<(u64, Option<Timestamp>), StoreError> {
    let count = connection
        .select::<Entity>()
        .filter(Column::Active.eq(true))
        .count(&connection.raw)
        .await?;
    let newest = connection
        .select::<Entity>()
        .order_by_desc(Column::UpdatedAt)
        .limit(1)
        .one(&connection.raw)
        .await?;
    Ok((count, newest.map(|row| row.updated_at)))
}

/// What a person said about two records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    pub id: Uuid,
    pub kept_id: Uuid,
    pub other_id: Uuid,
    /// `merged`, `dismissed` or `undone`.
    pub decision: String,
    pub decided_by: String,
    pub rationale: String,
    /// What spoke for it then, in canonical JSON.
    pub evidence: Option<String>,
    pub decided_at: Timestamp,
}

/// Records the decision and points the other record to the kept one, or to
/// none.
pub async fn add_merge(
    transaction: &Scoped<impl ConnectionTrait>,
    added: Merge,
    merged_into: Option<Option<Uuid>>,
) -> Result<(), StoreError> {
    if let Some(target) = merged_into {
        Entity::update_many()
            .col_expr(Column::MergedInto, Expr::value(target))
            .filter(Column::Id.eq(added.other_id))
            .filter(Column::OrganizationId.eq(transaction.organization().0))
            .exec(&transaction.raw)
            .await?;
    }
    supplier_merge::Entity::insert(supplier_merge::ActiveModel {
        id: Set(added.id),
        organization_id: Set(transaction.organization().0),
        kept_id: Set(added.kept_id),
        other_id: Set(added.other_id),
        decision: Set(added.decision),
        decided_by: Set(added.decided_by),
        rationale: Set(added.rationale),
        evidence: Set(added.evidence),
        decided_at: Set(added.decided_at),
    })
    .exec_without_returning(&transaction.raw)
    .await?;
    Ok(())
}

/// Everything said about the record and another, oldest first.
pub async fn merges(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<Vec<Merge>, StoreError> {
    let rows = connection
        .select::<supplier_merge::Entity>()
        .filter(
            Condition::any()
                .add(supplier_merge::Column::KeptId.eq(id))
                .add(supplier_merge::Column::OtherId.eq(id)),
        )
        .order_by_asc(supplier_merge::Column::DecidedAt)
        .order_by_asc(supplier_merge::Column::Id)
        .all(&connection.raw)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Merge {
            id: row.id,
            kept_id: row.kept_id,
            other_id: row.other_id,
            decision: row.decision,
            decided_by: row.decided_by,
            rationale: row.rationale,
            evidence: row.evidence,
            decided_at: row.decided_at,
        })
        .collect())
}

/// Whether another record was merged into this one.
pub async fn is_kept(
    connection: &Scoped<impl ConnectionTrait>,
    id: Uuid,
) -> Result<bool, StoreError> {
    let rows = connection
        .select::<Entity>()
        .filter(Column::MergedInto.eq(id));
    Ok(rows.count(&connection.raw).await? > 0)
}

/// An assessment of a row that bears the supplier's external id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessed {
    pub assessment_id: Uuid,
    pub screening_id: Uuid,
    pub supplier_list_id: Uuid,
    pub received_at: Timestamp,
    pub as_of: chrono::NaiveDate,
    pub row: i32,
    pub revision: i32,
    pub score: Option<i16>,
    pub tier: String,
    pub disposition: String,
}

/// The assessments of rows with that external id that came from `since` until
/// before `until`, newest first, `limit` rows at most, each with every
/// revision.
pub async fn assessed(
    connection: &Scoped<impl ConnectionTrait>,
    external_id: &str,
    since: Timestamp,
    until: Option<Timestamp>,
    limit: u64,
) -> Result<Vec<Assessed>, StoreError> {
    // No relations are declared between the tables: three small queries.
    let rows = connection
        .select::<supplier::Entity>()
        .filter(supplier::Column::ExternalId.eq(external_id))
        .order_by_desc(supplier::Column::Id)
        .limit(limit)
        .all(&connection.raw)
        .await?;
    let mut lists: Vec<Uuid> = rows.iter().map(|row| row.supplier_list_id).collect();
    lists.sort_unstable();
    lists.dedup();
    let lists = connection
        .select::<supplier_list::Entity>()
        .filter(supplier_list::Column::Id.is_in(lists))
        .all(&connection.raw)
        .await?;
    let ids = rows.iter().map(|row| row.id);
    let assessments = connection
        .select::<assessment::Entity>()
        .filter(assessment::Column::SupplierId.is_in(ids))
        .order_by_desc(assessment::Column::Id)
        .all(&connection.raw)
        .await?;
    let screenings = connection
        .select::<screening::Entity>()
        .filter(
            screening::Column::Id
                .is_in(assessments.iter().map(|assessment| assessment.screening_id)),
        )
        .all(&connection.raw)
        .await?;
    Ok(assessments
        .into_iter()
        .filter_map(|assessment| {
            let row = rows.iter().find(|row| row.id == assessment.supplier_id)?;
            let list = lists.iter().find(|list| list.id == row.supplier_list_id)?;
            let screening = screenings
                .iter()
                .find(|screening| screening.id == assessment.screening_id)?;
            let in_time =
                since <= list.received_at && until.is_none_or(|until| list.received_at < until);
            in_time.then_some(Assessed {
                assessment_id: assessment.id,
                screening_id: assessment.screening_id,
                supplier_list_id: list.id,
                received_at: list.received_at,
                as_of: screening.as_of,
                row: assessment.row,
                revision: assessment.revision,
                score: assessment.score,
                tier: assessment.tier,
                disposition: assessment.disposition,
            })
        })
        .collect())
}

fn read(row: Model) -> StandingSupplier {
    StandingSupplier {
        id: row.id,
        external_id: row.external_id,
        name: row.name,
        name_key: row.name_key,
        country: row.country,
        active: row.active,
        version: row.version,
        merged_into: row.merged_into,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn read_version(row: supplier_version::Model) -> Version {
    Version {
        id: row.id,
        standing_supplier_id: row.standing_supplier_id,
        version: row.version,
        record: row.record,
        active: row.active,
        changed_by: row.changed_by,
        changed_at: row.changed_at,
    }
}

//! The one place where a query is bound to its organization. A row of another
//! organization is not there.

use entities::{
    api_key, assessment, audit_event, contractor_check, contractor_decision, disposition, document,
    hit, job, list_snapshot, screening, signing_key, supplier, supplier_list, user,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, Select,
};

use super::StoreError;
use crate::organization::OrganizationId;

/// A pool or an open transaction, bound to one organization.
#[derive(Debug, Clone)]
pub struct Scoped<C> {
    pub(super) raw: C,
    organization: OrganizationId,
}

impl<C: ConnectionTrait> Scoped<C> {
    pub(super) fn new(raw: C, organization: OrganizationId) -> Self {
        Self { raw, organization }
    }

    /// The same, for another organization: where a person joins one.
    #[must_use]
    pub fn of(self, organization: OrganizationId) -> Self {
        Self::new(self.raw, organization)
    }

    /// Whose rows are read and written through this.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// Every query on tenants' rows starts here.
    pub(super) fn select<E: Owned>(&self) -> Select<E> {
        select_of(self.organization)
    }

    /// What is everybody's: published lists and policy files.
    #[expect(clippy::unused_self, reason = "reads like `select` where it is called")]
    pub(super) fn select_public<E: Owned>(&self) -> Select<E> {
        select_of(OrganizationId::PUBLIC)
    }
}

fn select_of<E: Owned>(organization: OrganizationId) -> Select<E> {
    E::find().filter(E::ORGANIZATION.eq(organization.0))
}

impl Scoped<DatabaseTransaction> {
    /// Everything written becomes visible at once.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.raw.commit().await?)
    }
}

/// An entity whose rows belong to organizations.
pub(super) trait Owned: EntityTrait {
    const ORGANIZATION: Self::Column;
}

macro_rules! owned {
    ($($entity:ident),+ $(,)?) => {
        $(impl Owned for $entity::Entity {
            const ORGANIZATION: Self::Column = $entity::Column::OrganizationId;
        })+
    };
}

owned!(
    api_key,
    assessment,
    audit_event,
    contractor_check,
    contractor_decision,
    disposition,
    document,
    hit,
    job,
    list_snapshot,
    screening,
    signing_key,
    supplier,
    supplier_list,
    user,
);

impl Owned for entities::organization::Entity {
    const ORGANIZATION: Self::Column = entities::organization::Column::Id;
}

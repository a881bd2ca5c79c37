//! The one place where a query is bound to its organization. A row of another
//! organization is not there.

use entities::{
    api_key, assessment, audit_event, contractor_check, contractor_decision, disposition, document,
    hit, job, lead_disposition, list_entry, list_snapshot, list_sync, list_write, node, risk_model,
    risk_model_activation, screening, signing_key, standing_supplier, statement, statement_reading,
    supplier, supplier_list, supplier_merge, supplier_version, throttle, upload, upload_part, user,
    webhook_attempt, webhook_delivery, webhook_endpoint, webhook_message,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, Select,
};

use super::StoreError;
use crate::{lists::Source, organization::OrganizationId};

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
        select_of(&[self.organization])
    }

    /// What is everybody's: published lists and policy files.
    #[expect(clippy::unused_self, reason = "reads like `select` where it is called")]
    pub(super) fn select_public<E: Owned>(&self) -> Select<E> {
        select_of(&[OrganizationId::PUBLIC])
    }

    /// The organization's own rows and what is everybody's.
    pub(super) fn select_visible<E: Owned>(&self) -> Select<E> {
        select_of(&[OrganizationId::PUBLIC, self.organization])
    }

    /// Whose rows of that list there are: a published list is everybody's, a list
    /// of somebody's own is theirs.
    pub fn owner_of(&self, source: Source) -> OrganizationId {
        match source {
            Source::Custom(_) => self.organization,
            _ => OrganizationId::PUBLIC,
        }
    }

    /// Rows of that list.
    pub(super) fn select_list<E: Owned>(&self, source: Source) -> Select<E> {
        select_of(&[self.owner_of(source)])
    }
}

fn select_of<E: Owned>(organizations: &[OrganizationId]) -> Select<E> {
    E::find().filter(E::ORGANIZATION.is_in(organizations.iter().map(|id| id.0)))
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
    lead_disposition,
    list_entry,
    list_snapshot,
    list_sync,
    list_write,
    node,
    risk_model,
    risk_model_activation,
    screening,
    signing_key,
    standing_supplier,
    statement,
    statement_reading,
    supplier,
    supplier_list,
    throttle,
    supplier_merge,
    supplier_version,
    upload,
    upload_part,
    user,
    webhook_attempt,
    webhook_delivery,
    webhook_endpoint,
    webhook_message,
);

impl Owned for entities::organization::Entity {
    const ORGANIZATION: Self::Column = entities::organization::Column::Id;
}

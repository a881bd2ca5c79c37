//! Tenants. Every stored row belongs to one; the store adds the organization to
//! every query in one place (`store::scope`).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A tenant's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrganizationId(pub Uuid);

impl OrganizationId {
    /// Holds what publishers publish and what ships with the program: list
    /// snapshots and policy files. No user belongs to it; everybody reads it.
    pub const PUBLIC: Self = Self(Uuid::nil());
    /// Whom the command line acts for, and the first organization of a
    /// service: its admins open the others.
    pub const LOCAL: Self = Self(Uuid::from_u128(1));
}

impl std::fmt::Display for OrganizationId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

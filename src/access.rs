//! Who may do what. Pure: roles and permissions, no tokens and no requests.

use std::{collections::BTreeSet, str::FromStr};

use serde::{Deserialize, Serialize};

/// One thing that can be allowed. The text form is a scope of API keys and
/// tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Published lists, policies, what-if assessments of made-up inputs.
    ReadLists,
    /// Supplier lists, screenings, hits, assessments, exports, jobs.
    ReadResults,
    /// Upload and screen suppliers, cancel jobs.
    Screen,
    /// Decide about hits. Only people, never an API key.
    Decide,
    ReadAudit,
    ManagePeople,
    ManageKeys,
    /// Draft risk models and choose which is in use.
    ManagePolicies,
    /// Bring lists of the organization's own.
    ManageLists,
    /// Open other organizations, fetch published lists and rotate signing keys:
    /// the operator.
    Operate,
}

impl Permission {
    pub const ALL: [Self; 10] = [
        Self::ReadLists,
        Self::ReadResults,
        Self::Screen,
        Self::Decide,
        Self::ReadAudit,
        Self::ManagePeople,
        Self::ManageKeys,
        Self::ManagePolicies,
        Self::ManageLists,
        Self::Operate,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::ReadLists => "lists:read",
            Self::ReadResults => "results:read",
            Self::Screen => "suppliers:screen",
            Self::Decide => "hits:decide",
            Self::ReadAudit => "audit:read",
            Self::ManagePeople => "people:manage",
            Self::ManageKeys => "keys:manage",
            Self::ManagePolicies => "policies:manage",
            Self::ManageLists => "lists:manage",
            Self::Operate => "service:operate",
        }
    }

    /// What an API key may be given: a system takes no decision about a party
    /// and lets nobody in.
    pub const fn for_systems(self) -> bool {
        matches!(
            self,
            Self::ReadLists | Self::ReadResults | Self::Screen | Self::ReadAudit
        )
    }
}

/// The text is no permission.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no scope")]
pub struct UnknownScope(pub String);

impl FromStr for Permission {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        Self::ALL
            .into_iter()
            .find(|permission| permission.code() == text)
            .ok_or_else(|| UnknownScope(text.to_owned()))
    }
}

/// Scopes parted by blanks, as a token and a key carry them.
pub fn scopes_of(text: &str) -> Result<BTreeSet<Permission>, UnknownScope> {
    text.split_whitespace().map(str::parse).collect()
}

/// The text form of [`scopes_of`].
pub fn scopes_text(scopes: &BTreeSet<Permission>) -> String {
    scopes
        .iter()
        .map(|permission| permission.code())
        .collect::<Vec<_>>()
        .join(" ")
}

/// What a person is in their organization. Each may all that the one before
/// may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// From outside: published facts only, never a supplier list or a pending
    /// hit.
    Advocate,
    Viewer,
    Analyst,
    Reviewer,
    Admin,
}

impl Role {
    pub const ALL: [Self; 5] = [
        Self::Advocate,
        Self::Viewer,
        Self::Analyst,
        Self::Reviewer,
        Self::Admin,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Advocate => "advocate",
            Self::Viewer => "viewer",
            Self::Analyst => "analyst",
            Self::Reviewer => "reviewer",
            Self::Admin => "admin",
        }
    }

    /// What the role allows. `operator`: in the organization that runs the
    /// service.
    pub fn permissions(self, operator: bool) -> BTreeSet<Permission> {
        Permission::ALL
            .into_iter()
            .filter(|permission| match permission {
                Permission::ReadLists => true,
                Permission::ReadResults => self >= Self::Viewer,
                Permission::Screen => self >= Self::Analyst,
                Permission::Decide | Permission::ReadAudit => self >= Self::Reviewer,
                Permission::ManagePeople
                | Permission::ManageKeys
                | Permission::ManagePolicies
                | Permission::ManageLists => self == Self::Admin,
                Permission::Operate => self == Self::Admin && operator,
            })
            .collect()
    }
}

/// The text is no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no role")]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.code() == text)
            .ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_the_one_before_may() {
        for pair in Role::ALL.windows(2) {
            assert!(
                pair[0]
                    .permissions(true)
                    .is_subset(&pair[1].permissions(true))
            );
        }
        assert_eq!(
            Role::Advocate.permissions(true),
            BTreeSet::from([Permission::ReadLists])
        );
        assert!(
            !Role::Admin
                .permissions(false)
                .contains(&Permission::Operate)
        );
        assert!(
            !Role::Analyst
                .permissions(true)
                .contains(&Permission::Decide)
        );
    }

    #[test]
    fn texts_are_read_back() {
        for role in Role::ALL {
            assert_eq!(role.code().parse(), Ok(role));
        }
        let all = BTreeSet::from(Permission::ALL);
        assert_eq!(scopes_of(&scopes_text(&all)), Ok(all));
        assert!(scopes_of("results:read everything").is_err());
    }
}

//! What can happen that has to be provable later.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Timestamp;

/// Something that was done. Its details name what it was done to by hash, so
/// that the event binds the bytes without repeating them.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub at: Timestamp,
    /// Who did it: a user, an API key, or `cli` for whoever ran the program.
    pub actor: String,
    pub kind: EventKind,
    /// The id of what it was done to.
    pub subject: String,
    pub details: Value,
}

/// The kinds of events. The text form is stored and hashed: never rename one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A list snapshot's bytes were kept and came into force.
    ListSnapshotKept,
    /// What came as a list was kept aside; the edition before stays in force.
    ListSnapshotRefused,
    /// A person put in force what had been refused.
    ListSnapshotAccepted,
    /// A supplier list's bytes were kept and read.
    SupplierListReceived,
    /// One supplier of a screening was assessed.
    SupplierAssessed,
    /// A screening came to its end; binds the SHA-256 of the whole result.
    ScreeningFinished,
    /// A job has read a list that was received before; binds its row counts.
    SupplierListRead,
    OrganizationOpened,
    InvitationIssued,
    UserJoined,
    UserChanged,
    ApiKeyIssued,
    ApiKeyRevoked,
    SigningKeyRotated,
    /// A person decided about a supplier record and a listed entry.
    HitDisposed,
    /// A job was canceled, or gave up.
    JobEnded,
    /// A standing supplier's record was kept in a new version.
    SupplierKept,
    /// A person said that two standing suppliers are one party, or are not.
    SuppliersCompared,
    RiskModelDrafted,
    /// From then on the organization's screenings use this risk model.
    RiskModelActivated,
    /// A person decided about a place in a supplier's record or about an order
    /// on a good or a region.
    LeadDisposed,
    /// A company's statement was read; binds bytes and reading.
    StatementRead,
    WebhookCreated,
    WebhookChanged,
    WebhookSecretRotated,
    WebhookRemoved,
    /// The service stopped telling an endpoint that cannot be reached.
    WebhookDisabled,
    /// Contractors' files were kept and checked; binds files and result by hash.
    ContractorsChecked,
    /// A person decided about a contradiction or record of a contractor.
    ContradictionDecided,
}

impl EventKind {
    pub const fn code(self) -> &'static str {
        match self {
            Self::ListSnapshotKept => "list_snapshot_kept",
            Self::ListSnapshotRefused => "list_snapshot_refused",
            Self::ListSnapshotAccepted => "list_snapshot_accepted",
            Self::SupplierListReceived => "supplier_list_received",
            Self::SupplierAssessed => "supplier_assessed",
            Self::ScreeningFinished => "screening_finished",
            Self::SupplierListRead => "supplier_list_read",
            Self::OrganizationOpened => "organization_opened",
            Self::InvitationIssued => "invitation_issued",
            Self::UserJoined => "user_joined",
            Self::UserChanged => "user_changed",
            Self::ApiKeyIssued => "api_key_issued",
            Self::ApiKeyRevoked => "api_key_revoked",
            Self::SigningKeyRotated => "signing_key_rotated",
            Self::HitDisposed => "hit_disposed",
            Self::JobEnded => "job_ended",
            Self::SupplierKept => "supplier_kept",
            Self::SuppliersCompared => "suppliers_compared",
            Self::RiskModelDrafted => "risk_model_drafted",
            Self::RiskModelActivated => "risk_model_activated",
            Self::LeadDisposed => "lead_disposed",
            Self::StatementRead => "statement_read",
            Self::WebhookCreated => "webhook_created",
            Self::WebhookChanged => "webhook_changed",
            Self::WebhookSecretRotated => "webhook_secret_rotated",
            Self::WebhookRemoved => "webhook_removed",
            Self::WebhookDisabled => "webhook_disabled",
            Self::ContractorsChecked => "contractors_checked",
            Self::ContradictionDecided => "contradiction_decided",
        }
    }
}

//! IN: published lists to entries. One parser a list; snapshots with hash,
//! edition and expected size; the embedded reference snapshot.

pub mod admission;
pub mod cbp;
mod cbp_entity;
pub mod dol;
pub mod entry;
mod html_guard;
pub mod list_set;
mod name_list;
mod party_name;
mod party_scope;
pub mod reference;
pub mod snapshot;
pub mod source;
pub mod status;
mod text;
pub mod uflpa;
mod unreadable;

pub use admission::{Limits, Refused, admit};
pub use entry::{
    Entry, EntryKind, EntryStatus, GoodListing, Placement, PrioritySector, Scope, TipPlacement,
};
pub use list_set::ListSet;
pub use snapshot::{Completeness, Content, ParsedList, Snapshot, SnapshotHead, Source, Unread};
pub use source::{NOT_SEARCHED, NotSearched, UnknownSource};
pub use status::{HeldSnapshot, StatusRow, status};
pub use unreadable::UnreadableList;

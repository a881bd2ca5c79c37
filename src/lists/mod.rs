//! IN: published lists to entries. One parser a list; snapshots with hash,
//! edition and expected size; the embedded reference snapshot.

pub mod entry;
pub mod list_set;
pub mod reference;
pub mod snapshot;
pub mod source;

pub use entry::{
    Entry, EntryKind, EntryStatus, GoodListing, Placement, PrioritySector, Scope, TipPlacement,
};
pub use list_set::ListSet;
pub use snapshot::{Completeness, Content, ParsedList, Snapshot, SnapshotHead, Source, Unread};
pub use source::{NOT_SEARCHED, NotSearched, UnknownSource};

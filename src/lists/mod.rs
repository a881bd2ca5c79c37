//! IN: published lists to entries. One parser a list; snapshots with hash,
//! edition and expected size; the embedded reference snapshot.

pub mod entry;
pub mod snapshot;

pub use entry::{
    Entry, EntryKind, EntryStatus, GoodListing, Placement, PrioritySector, Scope, TipPlacement,
};
pub use snapshot::{Completeness, Content, ParsedList, Snapshot, SnapshotHead, Source, Unread};

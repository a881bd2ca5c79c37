//! IN: published lists to entries. One parser a list; snapshots with hash,
//! edition and expected size; the embedded reference snapshot.

pub mod admission;
pub mod cbp;
mod cbp_entity;
pub mod dol;
pub mod entry;
pub mod expectation;
pub mod form;
mod html_guard;
pub mod list_set;
mod name_list;
mod party_name;
mod party_scope;
pub mod reading;
pub mod reference;
pub mod snapshot;
pub mod source;
pub mod status;
mod text;
pub mod uflpa;
mod unreadable;

pub use admission::{Limits, Refused, admit};
pub use entry::{
    ChildLaborFinding, Entry, EntryKind, EntryStatus, GoodListing, ListedPeriod, Placement,
    PrioritySector, Scope, TipPlacement,
};
pub use expectation::{Expectation, Unexpected};
pub use form::{Form, UnknownForm};
pub use list_set::ListSet;
pub use reading::{About, Input, ListRow, Metered, Part, Summary, collect, read};
pub use snapshot::{Completeness, Content, ParsedList, Snapshot, SnapshotHead, Source, Unread};
pub use source::{CustomName, UnknownSource, WANTED};
pub use status::{HeldSnapshot, StatusRow, status};
pub use unreadable::UnreadableList;

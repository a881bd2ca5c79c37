//! IN: published lists to entries. One parser a list; snapshots with hash,
//! edition and expected size; the embedded reference snapshot.

pub mod admission;
pub mod brazil;
pub mod cbp;
mod cbp_entity;
pub mod csl;
pub mod custom;
pub mod diff;
pub mod discover;
pub mod dol;
pub mod dol_findings;
pub mod dol_html;
pub mod dol_json;
pub mod entry;
pub mod expectation;
pub mod form;
pub mod ftm;
mod html_guard;
mod html_table;
pub mod item;
mod lines;
pub mod list_set;
mod name_list;
pub mod ofac;
mod party_name;
mod party_scope;
pub mod places;
mod rationed;
pub mod reading;
pub mod reference;
pub mod retrieval;
pub mod sam;
pub mod shape;
pub mod snapshot;
pub mod source;
pub mod status;
mod table_rows;
mod text;
pub mod uflpa;
mod unreadable;
mod verdict;
mod xml_walk;

pub use admission::{Limits, Refused, admit};
pub use diff::{Change, Changed, FieldChange, ListDiff, Named, diff};
pub use entry::{
    ChildLaborFinding, Entry, EntryKind, EntryStatus, GoodListing, ListedPeriod, Placement,
    PrioritySector, Scope, TipPlacement,
};
pub use expectation::{Expectation, Unexpected};
pub use form::{Form, UnknownForm};
pub use item::{Item, items};
pub use list_set::ListSet;
pub use places::EntryPlaces;
pub use reading::{About, Input, ListRow, Metered, Part, Summary, collect, read};
pub use retrieval::{Accepted, Changes, KeptPart, Origin, Retrieval, UnreadPlace};
pub use snapshot::{Completeness, Content, ParsedList, Snapshot, SnapshotHead, Source, Unread};
pub use source::{CustomName, UnknownSource, WANTED};
pub use status::{HeldEdition, HeldSnapshot, StatusRow, status, status_of, years};
pub use unreadable::UnreadableList;
pub use verdict::{InForce, NotAdmitted, Offered, verdict};

//! Published records about contractors, one by one as they stream by.
//!
//! ```text
//! bytes ── read ─┬─ split (JSON, record by record) ── entity, award, exclusion, form
//!                └─ CSV, workbook ── usaspending, exclusion, form
//! ```
//!
//! Nothing is dropped silently: what cannot be read says where and why, what was
//! read in part says which field was left out.

mod award;
mod broken;
mod columns;
mod entity;
mod exclusion;
mod form;
mod place;
mod read;
mod review;
mod split;
mod usaspending;
mod value;

pub use award::AwardRecord;
pub use columns::FORM_COLUMNS;
pub use entity::{Answer, EndProduct, EntityRecord};
pub use exclusion::ExclusionRecord;
pub use place::{Event, FileKind, FileSummary, NotRead, Notice, Place, Record, Unreadable};
pub use read::{LARGEST_RECORD, read};
pub use review::ReviewRecord;
pub use usaspending::COLUMNS;

//! Finding the header row and what its columns mean.

mod columns;
mod find;
mod synonyms;

pub(super) use columns::{ColumnMap, assign};
pub(super) use find::{Header, find, read};

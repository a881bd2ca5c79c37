//! One row to one supplier. A row with a name is accepted, whatever else is
//! wrong with it: a spoiled cell must not keep a supplier from being checked.

mod cells;
mod fields;
mod name;
mod read;

pub(super) use read::{Accepted, Outcome, read_row};

//! Whole-program tests, in one binary.

mod lists_forms;
mod lists_reference;
mod shared_lists;
mod shared_risk;

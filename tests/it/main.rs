//! Whole-program tests, in one binary.

mod intake;
mod intake_hostile;
mod lists_forms;
mod lists_reference;
mod shared_intake;
mod shared_lists;
mod shared_risk;

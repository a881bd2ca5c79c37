//! Whole-program tests, in one binary.

mod lists_reference;
mod shared_risk;

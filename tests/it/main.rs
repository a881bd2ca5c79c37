//! Whole-program tests, in one binary.

mod shared_risk;

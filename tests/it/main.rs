//! Whole-program tests, in one binary.

mod intake;
mod intake_books;
mod intake_hostile;
mod shared_intake;

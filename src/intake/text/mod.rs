//! Delimited text: its encoding, its delimiter, its records.

mod delimiter;
mod encoding;
mod records;

pub(super) use delimiter::{excel_hint, sniff};
pub(super) use encoding::{Decoded, decode};
pub(super) use records::Records;

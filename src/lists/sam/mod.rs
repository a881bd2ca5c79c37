//! SAM.gov's exclusions from federal awards: the listing of daily extracts, the
//! ZIP, and the CSV in it with some 170,000 rows.

mod cells;
pub mod exclusions;
pub mod extract;

/// Raised whenever the same bytes would be read to different entries.
pub const PARSER_VERSION: u32 = 1;

const CHECK: &str = "check that it is SAM's public extract of exclusions";

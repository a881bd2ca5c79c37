//! OFAC's Specially Designated Nationals: `SDN.XML` and the set of CSV files,
//! which give the same entries.

pub mod csv_set;
mod facts;
mod record;
pub mod xml;

/// Raised whenever the same bytes would be read to different entries.
pub const PARSER_VERSION: u32 = 1;

const CHECK: &str = "check that it is OFAC's SDN list";

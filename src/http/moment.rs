//! Moments as the API writes them.

use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::clock::{Timestamp, rfc3339};

/// RFC 3339 in UTC at microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-21T12:00:00.000000Z")]
pub struct Moment(pub Timestamp);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&rfc3339(self.0))
    }
}

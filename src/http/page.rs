//! Seek pagination: `?limit=&after=`, where `after` is the `next` of the page
//! before.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::problem::Problem;

const MOST: u64 = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Seek {
    /// Items at most, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    #[serde(default = "usual_limit")]
    pub limit: u64,
    /// `next` of the page before.
    pub after: Option<Uuid>,
}

pub(super) fn usual_limit() -> u64 {
    50
}

/// The limit, if it is one.
pub(super) fn limit(wanted: u64) -> Result<u64, Problem> {
    if (1..=MOST).contains(&wanted) {
        Ok(wanted)
    } else {
        Err(Problem::unprocessable(
            "?limit",
            format!("a page has 1 to {MOST} items"),
        ))
    }
}

/// A page and where the next one begins; `null` at the end.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A full page may have another behind it.
    pub(super) fn new(items: Vec<T>, limit: u64, place: impl Fn(&T) -> String) -> Self {
        let full = items.len() as u64 >= limit;
        Self {
            next: items.last().filter(|_| full).map(place),
            items,
        }
    }
}

//! What is known of one supplier on one day.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    exposure::Exposure,
    lists::{Snapshot, Source},
    screening::{Disposition, Hit},
    supplier::Supplier,
};

/// Everything that inputs are made from.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub supplier: &'a Supplier,
    /// The snapshots that were searched, one a source.
    pub snapshots: &'a [&'a Snapshot],
    pub exposure: &'a Exposure,
    /// Every hit of the screening with what a person decided, in any order.
    pub hits: &'a [ReviewedHit<'a>],
    /// Places among the supplier's addresses and names that are leads of their
    /// own.
    pub locations: &'a [LocationLead],
    /// What a person decided about orders on goods and regions; an order that
    /// is not here is unreviewed.
    pub order_reviews: &'a [OrderReview],
    pub as_of: NaiveDate,
}

/// A hit and what a person decided about it.
#[derive(Debug, Clone, Copy)]
pub struct ReviewedHit<'a> {
    pub hit: &'a Hit,
    pub disposition: &'a Disposition,
}

/// An address or a name that speaks of Xinjiang or of an XPCC division. The
/// UFLPA reaches goods made there, listed or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocationLead {
    pub kind: LocationKind,
    /// Where it stands: `address`, `name`.
    pub place: String,
    /// The words that say so, as given.
    pub wording: String,
    #[serde(default)]
    pub disposition: Disposition,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocationKind {
    Xinjiang,
    /// Xinjiang Production and Construction Corps.
    Xpcc,
}

/// What a person decided about an order on a region or a country's good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderReview {
    pub source: Source,
    pub entry_id: String,
    pub disposition: Disposition,
}

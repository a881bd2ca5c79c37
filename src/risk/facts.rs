//! What is known of one supplier on one day.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::from_statement::StatementOnFile;
use crate::{
    exposure::Exposure,
    lists::{Snapshot, Source},
    screening::{Disposition, Hit, LocationLead},
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
    pub locations: &'a [ReviewedPlace<'a>],
    /// What a person decided about orders on goods and regions; an order that
    /// is not here is unreviewed.
    pub order_reviews: &'a [OrderReview],
    /// The company's or its parent's statement, where one was looked for.
    pub statement: Option<StatementOnFile<'a>>,
    pub as_of: NaiveDate,
}

/// A hit and what a person decided about it.
#[derive(Debug, Clone, Copy)]
pub struct ReviewedHit<'a> {
    pub hit: &'a Hit,
    pub disposition: &'a Disposition,
}

/// A sign of Xinjiang or of an XPCC division and what a person decided about
/// it. The UFLPA reaches goods made there, listed or not.
#[derive(Debug, Clone, Copy)]
pub struct ReviewedPlace<'a> {
    pub lead: &'a LocationLead,
    pub disposition: &'a Disposition,
}

/// What a person decided about an order on a region or a country's good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderReview {
    pub source: Source,
    pub entry_id: String,
    pub disposition: Disposition,
}

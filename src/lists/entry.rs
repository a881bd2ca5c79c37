//! What published lists hold: parties, goods, country placements, sectors.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{country::Country, identifier::Identifier, supplier::Alias};

/// One listed party, region, vessel or person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Stable within its source across editions.
    pub id: String,
    pub kind: EntryKind,
    pub name: String,
    #[serde(default)]
    pub aliases: Vec<Alias>,
    #[serde(default)]
    pub scope: Scope,
    #[serde(default)]
    pub countries: Vec<Country>,
    /// Addresses or places as published.
    #[serde(default)]
    pub addresses: Vec<String>,
    #[serde(default)]
    pub identifiers: Vec<Identifier>,
    /// The parts of the list it stands on: `2(d)(2)(B)(i)`, `WRO`, `GLOMAG`.
    #[serde(default)]
    pub programs: Vec<String>,
    /// Merchandise or product as published ("Cotton and cotton products").
    #[serde(default)]
    pub goods: Option<String>,
    #[serde(default)]
    pub listed_on: Option<NaiveDate>,
    #[serde(default)]
    pub delisted_on: Option<NaiveDate>,
    /// Times on the list before the one that `listed_on` begins, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<ListedPeriod>,
    pub status: EntryStatus,
    /// Federal Register citation or the publisher's own reference.
    pub citation: String,
    #[serde(default)]
    pub remarks: Option<String>,
}

/// From the day of listing to the day of delisting, which is the first day off
/// the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ListedPeriod {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Entry {
    /// An organization in force of which nothing else is known.
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        citation: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            kind: EntryKind::Organization,
            name: name.into(),
            aliases: Vec::new(),
            scope: Scope::NamedParty,
            countries: Vec::new(),
            addresses: Vec::new(),
            identifiers: Vec::new(),
            programs: Vec::new(),
            goods: None,
            listed_on: None,
            delisted_on: None,
            earlier: Vec::new(),
            status: EntryStatus::Active,
            citation: citation.into(),
            remarks: None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    Organization,
    /// A natural person: matched, never named in what the program gives out.
    Person,
    Vessel,
    /// Kept and shown, never matched: an aircraft supplies nothing.
    Aircraft,
    /// A place whose goods are barred ("Xinjiang Uyghur Autonomous Region").
    Region,
    /// A whole country's good ("All Turkmenistan Cotton"): names no party.
    Good,
}

/// Whom besides the named party the entry reaches, with the words that say it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reach", content = "wording")]
pub enum Scope {
    #[default]
    NamedParty,
    /// "and subsidiaries", "and its subordinate and affiliated entities".
    AndSubsidiaries(String),
}

/// Where the entry stands in the publisher's procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryStatus {
    Active,
    PartiallyActive,
    /// No modification was found, which is not proof that there is none.
    PresumedActive,
    /// A court has vacated or remanded it; what the publisher did since is not
    /// known.
    Contested,
    /// Only the name is known: neither kind nor day nor status.
    Unknown,
    Inactive,
    Revoked,
}

impl EntryStatus {
    /// As serialized.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::PartiallyActive => "partially_active",
            Self::PresumedActive => "presumed_active",
            Self::Contested => "contested",
            Self::Unknown => "unknown",
            Self::Inactive => "inactive",
            Self::Revoked => "revoked",
        }
    }

    /// Whether the entry may still bar goods today.
    pub fn in_force(self) -> bool {
        matches!(
            self,
            Self::Active
                | Self::PartiallyActive
                | Self::PresumedActive
                | Self::Contested
                | Self::Unknown
        )
    }
}

/// A good from a country, as a goods list states it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "DOL publishes four independent yes/no flags for each row"
)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoodListing {
    pub good: String,
    #[serde(default)]
    pub sector: Option<String>,
    pub country: Country,
    /// The country as the publisher spells it.
    pub country_as_published: String,
    #[serde(default)]
    pub child_labor: bool,
    #[serde(default)]
    pub forced_labor: bool,
    #[serde(default)]
    pub forced_child_labor: bool,
    /// Listed because an input made with child or forced labor reaches it.
    #[serde(default)]
    pub downstream: bool,
    /// For a downstream good: where its input is made, if published.
    #[serde(default)]
    pub input_country: Option<String>,
    /// Where the row came with a later edition than the snapshot's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed_on: Option<NaiveDate>,
    /// Where a later edition took the row off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delisted_on: Option<NaiveDate>,
    pub citation: String,
}

impl GoodListing {
    /// Whether the row stood on the list on the day; `edition_date` is that of
    /// its snapshot.
    pub fn held_on(&self, as_of: NaiveDate, edition_date: NaiveDate) -> bool {
        self.listed_on.unwrap_or(edition_date) <= as_of
            && self.delisted_on.is_none_or(|day| as_of < day)
    }
}

/// A country's placement in one Trafficking in Persons report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TipPlacement {
    pub country: Country,
    pub country_as_published: String,
    pub year: u16,
    pub placement: Placement,
    pub citation: String,
}

/// TIP placement: grades government effort, not prevalence (22 USC 7107).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Placement {
    #[serde(rename = "1")]
    Tier1,
    #[serde(rename = "2")]
    Tier2,
    #[serde(rename = "2WL")]
    Tier2WatchList,
    #[serde(rename = "3")]
    Tier3,
    #[serde(rename = "SC")]
    SpecialCase,
}

/// What DOL finds of a country's efforts against the worst forms of child labor
/// in one year. Grades the government's effort; says nothing of a supplier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildLaborFinding {
    pub country: Country,
    pub country_as_published: String,
    /// The year that is reported on, one before that of publication.
    #[serde(default)]
    pub year: Option<u16>,
    /// The level of advancement as published ("Minimal Advancement"), or
    /// why there is none.
    pub advancement: String,
    pub citation: String,
}

/// A UFLPA high-priority sector: a priority for enforcement, not a presumption.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrioritySector {
    /// Our stable key: `cotton`, `apparel`, `polysilicon`.
    pub key: String,
    pub name: String,
    pub designated_on: NaiveDate,
    /// HTS prefixes, digits only. The prefixes are ours, not the strategy's.
    pub hs_prefixes: Vec<String>,
    pub citation: String,
}

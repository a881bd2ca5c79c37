//! What a supplier's goods and country mean on the goods lists, each with the
//! words that led there.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{country::Country, lists::Source, supplier::CountryBasis};

/// Everything the vocabulary and the lists say about one supplier's goods, in
/// a fixed order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exposure {
    /// Where the goods are made, and whether that is the production country or
    /// only the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_in: Option<(Country, CountryBasis)>,
    /// The cues that were understood, in the order of the supplier's cells.
    pub cues: Vec<Cue>,
    /// Goods cells and codes that the vocabulary does not know, or that are too
    /// broad to be placed ("Equipment").
    pub not_understood: Vec<String>,
    /// Places that the goods cells give the goods or what they are made of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stated_origins: Vec<StatedOrigin>,
    /// Goods lists that name the good and the country.
    pub listings: Vec<ListedExposure>,
    /// Priority sectors the goods belong to, wherever they are made.
    pub sectors: Vec<SectorExposure>,
    /// Orders on a place or a whole country's good that the goods and the
    /// country, or an origin that their cell states, fall under.
    pub orders: Vec<OrderExposure>,
}

impl Exposure {
    /// Whether at least one good was placed in a category.
    pub fn goods_known(&self) -> bool {
        !self.cues.is_empty()
    }

    /// The categories of the goods, sorted, without repetition.
    pub fn categories(&self) -> Vec<&str> {
        let mut categories: Vec<_> = self.cues.iter().map(|cue| cue.category.as_str()).collect();
        categories.sort_unstable();
        categories.dedup();
        categories
    }
}

/// A word or code of the supplier that names a category of goods.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cue {
    pub place: CuePlace,
    /// The cell or code as given.
    pub given: String,
    /// The phrase of the vocabulary, or the code prefix, that was recognized.
    pub matched: String,
    /// Key of a category of the vocabulary.
    pub category: String,
}

/// A goods cell names where its goods, or what they are made of, are from:
/// "Turkmenistan cotton yarn".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StatedOrigin {
    /// The cell as given.
    pub given: String,
    /// The words that name the place, in lower case.
    pub place: String,
    pub country: Country,
    /// Where only a part of the country is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The categories of the goods that stand with the place, sorted.
    pub categories: Vec<String>,
}

impl StatedOrigin {
    /// Whether the cell gives the good of the cue this origin.
    pub fn reaches(&self, cue: &Cue) -> bool {
        cue.place == CuePlace::Goods
            && cue.given == self.given
            && self.categories.contains(&cue.category)
    }
}

/// Where a cue stands, strongest kind first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CuePlace {
    Goods,
    HsCode,
    /// An industry, not a product: used only when nothing better is given.
    Naics,
}

impl std::fmt::Display for CuePlace {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Goods => "goods",
            Self::HsCode => "HS code",
            Self::Naics => "NAICS code",
        })
    }
}

/// Where a list row was read: enough to find it again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ListCitation {
    pub source: Source,
    pub title: String,
    pub edition: String,
    pub edition_date: NaiveDate,
    pub snapshot_sha256: String,
    /// Set when the list is not the publisher's own but worked out from another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derived_from: Option<Source>,
    /// The publisher's own reference.
    pub citation: String,
}

/// A goods list names this good for this country.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ListedExposure {
    pub cue: Cue,
    pub listed_good: String,
    pub country: Country,
    pub exploitation: Exploitation,
    pub listed: ListCitation,
}

/// What a goods list says of a good and its country, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exploitation {
    ChildLabor,
    /// An input made with child or forced labor.
    Downstream,
    ForcedLabor,
    /// EO 13126: forced or indentured child labor.
    ForcedChildLabor,
}

impl std::fmt::Display for Exploitation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::ChildLabor => "child labor",
            Self::Downstream => "input made with child or forced labor",
            Self::ForcedLabor => "forced labor",
            Self::ForcedChildLabor => "forced or indentured child labor",
        })
    }
}

/// The good belongs to a UFLPA priority sector.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SectorExposure {
    pub cue: Cue,
    pub sector: String,
    pub sector_name: String,
    pub designated_on: NaiveDate,
    pub listed: ListCitation,
}

/// An order in force names the good and a place in the country. A lead, never
/// a match: the order bars goods of that origin, which is still to be shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OrderExposure {
    pub cue: Cue,
    pub entry_id: String,
    pub order_name: String,
    pub merchandise: String,
    pub country: Country,
    /// The order reaches one region; the country alone is not yet its origin.
    pub only_from: Option<String>,
    pub listed_on: Option<NaiveDate>,
    pub listed: ListCitation,
}

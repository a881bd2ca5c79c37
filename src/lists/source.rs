//! The lists we can read, how often each is renewed, and those that the risk
//! model knows and that nobody has searched.

use std::{fmt, str::FromStr};

use super::snapshot::Source;

impl Source {
    /// Every source of this build, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::Uflpa,
        Self::UflpaSectors,
        Self::Cbp,
        Self::DolGoods,
        Self::Eo13126,
        Self::Tip,
    ];

    /// The text form: stored, shown, and taken on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Uflpa => "uflpa",
            Self::Cbp => "cbp",
            Self::DolGoods => "dol-goods",
            Self::Eo13126 => "eo13126",
            Self::Tip => "tip",
            Self::UflpaSectors => "uflpa-sectors",
        }
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::Uflpa => "UFLPA Entity List (DHS)",
            Self::Cbp => "Withhold release orders and findings (CBP)",
            Self::DolGoods => "Goods made with child or forced labor (DOL)",
            Self::Eo13126 => "EO 13126 products (DOL)",
            Self::Tip => "Trafficking in Persons placements (State)",
            Self::UflpaSectors => "UFLPA priority sectors (FLETF)",
        }
    }

    /// After how many days without news the list has most likely changed.
    pub const fn stale_after_days(self) -> u32 {
        match self {
            // DHS and CBP add to their lists at any time, often monthly.
            Self::Uflpa | Self::Cbp => 45,
            // 22 USC 7112(b)(2)(C): the goods list at least every two years, in
            // September; the products of EO 13126 are reviewed with it.
            Self::DolGoods | Self::Eo13126 => 760,
            // 22 USC 7107(b): every year by 30 June, published in September of 2025.
            Self::Tip => 460,
            // P.L. 117-78 section 2(e): every year, in July or August.
            Self::UflpaSectors => 500,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

/// The text is no list source that this build reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is no list source; the sources are uflpa, uflpa-sectors, cbp, dol-goods, eo13126, tip"
)]
pub struct UnknownSource(pub String);

impl FromStr for Source {
    type Err = UnknownSource;

    fn from_str(code: &str) -> Result<Self, UnknownSource> {
        Self::ALL
            .into_iter()
            .find(|source| source.code() == code)
            .ok_or_else(|| UnknownSource(code.to_owned()))
    }
}

/// A list that the risk model knows and that this build does not search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotSearched {
    pub code: &'static str,
    pub title: &'static str,
}

/// What every screening must name as not searched: nothing found there means
/// nothing, because nobody looked.
pub const NOT_SEARCHED: [NotSearched; 4] = [
    NotSearched {
        code: "ofac-sdn",
        title: "Specially Designated Nationals (OFAC)",
    },
    NotSearched {
        code: "csl",
        title: "Consolidated Screening List with the BIS Entity List (Commerce)",
    },
    NotSearched {
        code: "sam-exclusions",
        title: "Exclusions from federal awards (SAM.gov)",
    },
    NotSearched {
        code: "brazil-register",
        title: "Register of slave-labor employers (Brazil's labor ministry)",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_the_serialized_form_and_reads_back() {
        for source in Source::ALL {
            assert_eq!(
                serde_json::to_value(source).unwrap(),
                serde_json::Value::from(source.code())
            );
            assert_eq!(source.code().parse(), Ok(source));
        }
        assert!("ofac".parse::<Source>().is_err());
    }
}

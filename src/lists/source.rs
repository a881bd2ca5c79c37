//! The lists we can read, how often each is renewed, and those that the risk
//! model wants and that nobody has searched.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A published list we know how to read, or one of the operator's own. The text
/// form is stored and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Source {
    /// DHS, UFLPA Entity List.
    Uflpa,
    /// CBP, withhold release orders and findings.
    Cbp,
    /// DOL, List of Goods Produced by Child Labor or Forced Labor (TVPRA).
    DolGoods,
    /// DOL, Executive Order 13126 list.
    Eo13126,
    /// State Department, Trafficking in Persons report placements.
    Tip,
    /// FLETF, UFLPA high-priority sectors.
    UflpaSectors,
    /// Treasury, Specially Designated Nationals and Blocked Persons.
    OfacSdn,
    /// Commerce, Consolidated Screening List: brings the BIS Entity List.
    Csl,
    /// GSA, SAM.gov exclusions from federal awards.
    SamExclusions,
    /// Brazil's labor ministry, register of slave-labor employers.
    BrazilRegister,
    /// DOL, Findings on the Worst Forms of Child Labor.
    DolChildLabor,
    /// A list of the operator's own: an NGO's report, a block list, a data set
    /// in `FollowTheMoney` that the operator is licensed for.
    Custom(CustomName),
}

/// The operator's name for a list: 1 to 32 lower-case letters, digits and
/// hyphens, kept with its prefix ("custom:ngo-report").
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustomName {
    code: [u8; CustomName::LONGEST_CODE],
    length: u8,
}

const PREFIX: &str = "custom:";

impl CustomName {
    /// Of the name without its prefix.
    pub const LONGEST: usize = 32;
    const LONGEST_CODE: usize = PREFIX.len() + Self::LONGEST;

    /// From the name without its prefix.
    pub fn new(name: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let fits = (1..=Self::LONGEST).contains(&name.len());
        if !fits || !name.bytes().all(allowed) || name.starts_with('-') || name.ends_with('-') {
            return None;
        }
        let mut code = [0; Self::LONGEST_CODE];
        let written = PREFIX.bytes().chain(name.bytes());
        for (slot, byte) in code.iter_mut().zip(written) {
            *slot = byte;
        }
        let length = u8::try_from(PREFIX.len() + name.len()).ok()?;
        Some(Self { code, length })
    }

    /// With the prefix.
    pub fn code(&self) -> &str {
        self.code
            .get(..usize::from(self.length))
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or(PREFIX)
    }

    /// Without the prefix.
    pub fn name(&self) -> &str {
        self.code().strip_prefix(PREFIX).unwrap_or_default()
    }
}

impl fmt::Debug for CustomName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Source {
    /// Every published source of this build, in the order in which they are
    /// shown. Custom lists come after them.
    pub const ALL: [Self; 11] = [
        Self::Uflpa,
        Self::UflpaSectors,
        Self::Cbp,
        Self::DolGoods,
        Self::Eo13126,
        Self::Tip,
        Self::OfacSdn,
        Self::Csl,
        Self::SamExclusions,
        Self::BrazilRegister,
        Self::DolChildLabor,
    ];

    /// The text form: stored, shown, and taken on the command line.
    pub fn code(&self) -> &str {
        match self {
            Self::Uflpa => "uflpa",
            Self::Cbp => "cbp",
            Self::DolGoods => "dol-goods",
            Self::Eo13126 => "eo13126",
            Self::Tip => "tip",
            Self::UflpaSectors => "uflpa-sectors",
            Self::OfacSdn => "ofac-sdn",
            Self::Csl => "csl",
            Self::SamExclusions => "sam-exclusions",
            Self::BrazilRegister => "brazil-register",
            Self::DolChildLabor => "dol-child-labor",
            Self::Custom(name) => name.code(),
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
            Self::OfacSdn => "Specially Designated Nationals (OFAC)",
            Self::Csl => "Consolidated Screening List with the BIS Entity List (Commerce)",
            Self::SamExclusions => "Exclusions from federal awards (SAM.gov)",
            Self::BrazilRegister => "Register of slave-labor employers (Brazil's labor ministry)",
            Self::DolChildLabor => "Findings on the worst forms of child labor (DOL)",
            Self::Custom(_) => "A list of the operator's own",
        }
    }

    /// After how many days without news the list has most likely changed.
    pub const fn stale_after_days(self) -> u32 {
        match self {
            // DHS and CBP add to their lists at any time, often monthly.
            Self::Uflpa | Self::Cbp => 45,
            // Renewed on most working days; a month without news is a fault.
            Self::OfacSdn | Self::Csl | Self::SamExclusions => 30,
            // Renewed twice a year, in April and October.
            Self::BrazilRegister => 220,
            // 22 USC 7112(b)(2)(C): the goods list at least every two years, in
            // September; the products of EO 13126 are reviewed with it.
            Self::DolGoods | Self::Eo13126 => 760,
            // 22 USC 7107(b): every year by 30 June, published in September of 2025;
            // 19 USC 2464: every year, in September.
            Self::Tip | Self::DolChildLabor => 460,
            // P.L. 117-78 section 2(e): every year, in July or August.
            Self::UflpaSectors => 500,
            // Only the operator knows; a year without a look is too long.
            Self::Custom(_) => 366,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

impl From<Source> for String {
    fn from(source: Source) -> Self {
        source.code().to_owned()
    }
}

/// The text is no list source that this build reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is no list source; the sources are uflpa, uflpa-sectors, cbp, dol-goods, eo13126, tip, \
     ofac-sdn, csl, sam-exclusions, brazil-register, dol-child-labor and custom:NAME"
)]
pub struct UnknownSource(pub String);

impl FromStr for Source {
    type Err = UnknownSource;

    fn from_str(code: &str) -> Result<Self, UnknownSource> {
        if let Some(name) = code.strip_prefix(PREFIX) {
            return CustomName::new(name)
                .map(Self::Custom)
                .ok_or_else(|| UnknownSource(code.to_owned()));
        }
        Self::ALL
            .into_iter()
            .find(|source| source.code() == code)
            .ok_or_else(|| UnknownSource(code.to_owned()))
    }
}

impl TryFrom<String> for Source {
    type Error = UnknownSource;

    fn try_from(code: String) -> Result<Self, UnknownSource> {
        code.parse()
    }
}

/// Sources that every screening must name when no snapshot of them is held:
/// nothing found there means nothing, because nobody looked. The others always
/// have a reference snapshot.
pub const WANTED: [Source; 4] = [
    Source::OfacSdn,
    Source::Csl,
    Source::SamExclusions,
    Source::BrazilRegister,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_the_serialized_form_and_reads_back() {
        let custom: Source = "custom:ngo-report-2026".parse().unwrap();
        for source in Source::ALL.into_iter().chain([custom]) {
            let json = serde_json::to_value(source).unwrap();
            assert_eq!(json, serde_json::Value::from(source.code()));
            assert_eq!(serde_json::from_value::<Source>(json).unwrap(), source);
            assert_eq!(source.code().parse(), Ok(source));
        }
        assert!("ofac".parse::<Source>().is_err());
    }

    #[test]
    fn a_custom_name_is_short_plain_and_lower_case() {
        for refused in [
            "custom:",
            "custom:A",
            "custom:a b",
            "custom:-a",
            "custom:a-",
            "custom:../x",
            "custom:é",
            &format!("custom:{}", "a".repeat(33)),
        ] {
            assert!(refused.parse::<Source>().is_err(), "{refused}");
        }
        let longest = format!("custom:{}", "a".repeat(32));
        assert_eq!(longest.parse::<Source>().unwrap().code(), longest);
    }
}

//! The forms in which lists come: whose they are, in how many parts, and under
//! which media types.

use std::{fmt, str::FromStr};

use super::source::Source;

/// One form of one list, as published or as brought by the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// DHS's page.
    UflpaHtml,
    /// CBP's file of orders.
    CbpCsv,
    /// DOL's Sweat & Toil file, by good or by country.
    DolXml,
    /// The answer of DOL's API.
    DolJson,
    /// DOL's goods table, one part a page.
    DolHtml,
    /// DOL's country file, for its findings.
    DolFindingsXml,
    /// OFAC's `SDN.XML`.
    SdnXml,
    /// OFAC's `SDN.CSV`, `ADD.CSV`, `ALT.CSV` and, if any, `SDN_COMMENTS.CSV`,
    /// in this order.
    SdnCsv,
    /// The Consolidated Screening List.
    CslCsv,
    /// SAM's extract as it is downloaded.
    SamZip,
    /// The file inside SAM's extract.
    SamCsv,
    /// Brazil's register.
    BrazilCsv,
    /// `FollowTheMoney` entities, one a line.
    FtmJsonl,
    /// A list of the operator's own, with a header row.
    CustomCsv,
    /// A list of the operator's own, one object a line.
    CustomJsonl,
    /// Our own format, see fixtures/reference/README.md: EO 13126, TIP, sectors.
    Reference,
}

impl Form {
    pub const ALL: [Self; 16] = [
        Self::UflpaHtml,
        Self::CbpCsv,
        Self::DolXml,
        Self::DolJson,
        Self::DolHtml,
        Self::DolFindingsXml,
        Self::SdnXml,
        Self::SdnCsv,
        Self::CslCsv,
        Self::SamZip,
        Self::SamCsv,
        Self::BrazilCsv,
        Self::FtmJsonl,
        Self::CustomCsv,
        Self::CustomJsonl,
        Self::Reference,
    ];

    /// The text form: stored, shown, and taken on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::UflpaHtml => "uflpa-html",
            Self::CbpCsv => "cbp-csv",
            Self::DolXml => "dol-xml",
            Self::DolJson => "dol-json",
            Self::DolHtml => "dol-html",
            Self::DolFindingsXml => "dol-findings-xml",
            Self::SdnXml => "sdn-xml",
            Self::SdnCsv => "sdn-csv",
            Self::CslCsv => "csl-csv",
            Self::SamZip => "sam-zip",
            Self::SamCsv => "sam-csv",
            Self::BrazilCsv => "brazil-csv",
            Self::FtmJsonl => "ftm-jsonl",
            Self::CustomCsv => "custom-csv",
            Self::CustomJsonl => "custom-jsonl",
            Self::Reference => "reference",
        }
    }

    /// The names of the parts that make the list, the last of which may be
    /// absent where `true` stands beside it. Empty: one part, whatever its name;
    /// of [`Form::DolHtml`] any number.
    pub const fn parts(self) -> &'static [(&'static str, bool)] {
        match self {
            Self::SdnCsv => &[
                ("SDN.CSV", false),
                ("ADD.CSV", false),
                ("ALT.CSV", false),
                ("SDN_COMMENTS.CSV", true),
            ],
            _ => &[],
        }
    }

    /// Whether a file of it says of which day it is.
    pub const fn says_its_day(self) -> bool {
        matches!(self, Self::SdnXml | Self::SamZip | Self::Reference)
    }

    /// Raised whenever the same bytes would be read to different rows.
    pub const fn parser_version(self) -> u32 {
        match self {
            Self::UflpaHtml => super::uflpa::PARSER_VERSION,
            Self::CbpCsv => super::cbp::PARSER_VERSION,
            Self::DolXml => super::dol::PARSER_VERSION,
            Self::DolJson => super::dol_json::PARSER_VERSION,
            Self::DolHtml => super::dol_html::PARSER_VERSION,
            Self::DolFindingsXml => super::dol_findings::PARSER_VERSION,
            Self::SdnXml | Self::SdnCsv => super::ofac::PARSER_VERSION,
            Self::CslCsv => super::csl::PARSER_VERSION,
            Self::SamZip | Self::SamCsv => super::sam::PARSER_VERSION,
            Self::BrazilCsv => super::brazil::PARSER_VERSION,
            Self::FtmJsonl => super::ftm::PARSER_VERSION,
            Self::CustomCsv | Self::CustomJsonl => super::custom::PARSER_VERSION,
            Self::Reference => super::reference::FORMAT_VERSION,
        }
    }

    /// The media types under which the form may come. Publishers serve CSV as
    /// anything; a web page where a file is wanted is an error page.
    pub const fn media_types(self) -> &'static [&'static str] {
        const CSV: &[&str] = &[
            "text/csv",
            "application/csv",
            "text/plain",
            "application/vnd.ms-excel",
            "application/octet-stream",
            "binary/octet-stream",
        ];
        match self {
            Self::UflpaHtml | Self::DolHtml => &["text/html", "application/xhtml+xml"],
            Self::CbpCsv
            | Self::SdnCsv
            | Self::CslCsv
            | Self::SamCsv
            | Self::BrazilCsv
            | Self::CustomCsv => CSV,
            Self::DolXml | Self::DolFindingsXml | Self::SdnXml => &[
                "application/xml",
                "text/xml",
                "application/octet-stream",
                "binary/octet-stream",
            ],
            Self::DolJson => &["application/json"],
            Self::SamZip => &[
                "application/zip",
                "application/x-zip-compressed",
                "application/octet-stream",
                "binary/octet-stream",
            ],
            Self::FtmJsonl | Self::CustomJsonl | Self::Reference => &[
                "application/json",
                "application/jsonl",
                "application/json+ftm",
                "application/x-ndjson",
                "text/plain",
                "application/octet-stream",
            ],
        }
    }

    /// The most bytes that a part may have, as received.
    pub const fn largest(self) -> u64 {
        const MIB: u64 = 1024 * 1024;
        match self {
            Self::UflpaHtml | Self::DolHtml => 8 * MIB,
            Self::CbpCsv
            | Self::DolXml
            | Self::DolJson
            | Self::DolFindingsXml
            | Self::BrazilCsv
            | Self::Reference => 64 * MIB,
            Self::SdnCsv | Self::CslCsv | Self::SamZip => 128 * MIB,
            Self::SdnXml | Self::SamCsv | Self::CustomCsv | Self::CustomJsonl => 512 * MIB,
            Self::FtmJsonl => 2048 * MIB,
        }
    }
}

impl Source {
    /// The forms in which the list may be brought, the usual one first.
    pub const fn forms(self) -> &'static [Form] {
        match self {
            Self::Uflpa => &[Form::UflpaHtml, Form::Reference],
            Self::Cbp => &[Form::CbpCsv, Form::Reference],
            Self::DolGoods => &[Form::DolXml, Form::DolJson, Form::DolHtml, Form::Reference],
            Self::DolChildLabor => &[Form::DolFindingsXml, Form::Reference],
            Self::Eo13126 | Self::Tip | Self::UflpaSectors => &[Form::Reference],
            Self::OfacSdn => &[Form::SdnXml, Form::SdnCsv],
            Self::Csl => &[Form::CslCsv],
            Self::SamExclusions => &[Form::SamZip, Form::SamCsv],
            Self::BrazilRegister => &[Form::BrazilCsv],
            Self::Custom(_) => &[Form::CustomCsv, Form::CustomJsonl, Form::FtmJsonl],
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

/// The text is no form that this build reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no form of a list that this build reads")]
pub struct UnknownForm(pub String);

impl FromStr for Form {
    type Err = UnknownForm;

    fn from_str(code: &str) -> Result<Self, UnknownForm> {
        Self::ALL
            .into_iter()
            .find(|form| form.code() == code)
            .ok_or_else(|| UnknownForm(code.to_owned()))
    }
}

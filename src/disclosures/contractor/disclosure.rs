//! What a contractor, or whoever holds its papers, states about one contract:
//! everything that no public interface carries.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{contract::ContractId, party::Identity};

/// One row of the disclosure form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    pub contractor: Identity,
    pub contract: ContractId,
    pub agency: String,
    pub awarded_on: Option<NaiveDate>,
    pub facts: super::contract::ContractFacts,
    pub psc: Vec<String>,
    pub naics: Vec<String>,
    /// The contractor's own view on whether a plan is required.
    pub claims_plan_required: Option<bool>,
    /// `Some(false)`: it says that it neither provides nor arranges housing.
    pub claims_housing: Option<bool>,
    pub claims_recruiters: Option<bool>,
    pub named_brokers: Vec<String>,
    pub plan: Option<StatedPlan>,
    /// The file that holds the statement under Cal. Civ. Code 1714.43.
    pub statement_at: Option<String>,
    pub certificates: Vec<Certificate>,
    pub posting: Option<Posting>,
    pub subcontractors: Option<Subcontractors>,
    pub requests: Vec<Request>,
    /// Days since which the plan must fit something new.
    pub changes: Vec<Change>,
    /// Clauses that the papers cite, by number, with the paper's date.
    pub cited_clauses: Vec<CitedClause>,
    pub official_records: Vec<OfficialRecord>,
    /// Its answer when asked whether goods are traced to their raw materials;
    /// `None` where nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goods_traced: Option<bool>,
    /// Where and when somebody looked for a public plan.
    pub searched: Option<Searched>,
    /// The file and row, or what the form names.
    pub source: String,
}

/// A plan as the form lists it; the words themselves are read elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedPlan {
    pub dated: Option<NaiveDate>,
    /// Elements that whoever filled in the form found in the plan.
    pub elements: Vec<StatedElement>,
    /// The file or page that holds the plan.
    pub located_at: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StatedElement {
    pub element: Element,
    /// Only housing can be inapplicable, and only if the plan says so.
    pub not_applicable: bool,
}

/// The minimum elements of 52.222-50(h)(3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Element {
    #[serde(rename = "h3i")]
    Awareness,
    #[serde(rename = "h3ii")]
    Reporting,
    #[serde(rename = "h3iii")]
    RecruitmentAndWages,
    #[serde(rename = "h3iv")]
    Housing,
    #[serde(rename = "h3v")]
    Agents,
}

impl Element {
    pub const ALL: [Self; 5] = [
        Self::Awareness,
        Self::Reporting,
        Self::RecruitmentAndWages,
        Self::Housing,
        Self::Agents,
    ];

    /// As serialized.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Awareness => "h3i",
            Self::Reporting => "h3ii",
            Self::RecruitmentAndWages => "h3iii",
            Self::Housing => "h3iv",
            Self::Agents => "h3v",
        }
    }

    pub const fn citation(self) -> &'static str {
        match self {
            Self::Awareness => "FAR 52.222-50(h)(3)(i)",
            Self::Reporting => "FAR 52.222-50(h)(3)(ii)",
            Self::RecruitmentAndWages => "FAR 52.222-50(h)(3)(iii)",
            Self::Housing => "FAR 52.222-50(h)(3)(iv)",
            Self::Agents => "FAR 52.222-50(h)(3)(v)",
        }
    }

    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Awareness => "awareness program",
            Self::Reporting => "reporting without fear of retaliation, with hotline and e-mail",
            Self::RecruitmentAndWages => "recruitment and wage plan",
            Self::Housing => "housing plan",
            Self::Agents => "prevent, monitor, detect and terminate for agents and subcontractors",
        }
    }

    /// `i`, `(ii)`, `h3iii`, `(h)(3)(iv)`.
    pub fn parse(text: &str) -> Option<Self> {
        let bare: String = text
            .to_ascii_lowercase()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        match bare.strip_prefix("h3").unwrap_or(&bare) {
            "i" => Some(Self::Awareness),
            "ii" => Some(Self::Reporting),
            "iii" => Some(Self::RecruitmentAndWages),
            "iv" => Some(Self::Housing),
            "v" => Some(Self::Agents),
            _ => None,
        }
    }
}

/// A certificate under 52.222-56, or a yearly one under 52.222-50(h)(5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    pub dated: NaiveDate,
    pub option: Option<CertificateOption>,
    pub source: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CertificateOption {
    /// No abuse known after due diligence.
    A,
    /// Abuse found, and remedied or referred.
    B,
}

/// Where relevant contents of the plan were posted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    pub workplace: Option<NaiveDate>,
    pub website: Option<NaiveDate>,
    /// Given to workers in writing where posting is impracticable.
    pub in_writing: Option<NaiveDate>,
}

impl Posting {
    /// By a day, at the workplace and on the website, or to the workers in writing.
    pub fn is_shown(&self, as_of: NaiveDate) -> bool {
        let done = |day: Option<NaiveDate>| day.is_some_and(|day| day <= as_of);
        done(self.in_writing) || (done(self.workplace) && done(self.website))
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subcontractors {
    /// Subcontractors whose own portion needs a plan.
    pub covered: u32,
    /// Of these, with a current certificate.
    pub certified: u32,
}

/// A written request for the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub asked_on: NaiveDate,
    pub deadline: Option<NaiveDate>,
    pub answered_on: Option<NaiveDate>,
    #[serde(default)]
    pub requested_by: Requester,
}

impl Request {
    pub fn is_answered(&self, as_of: NaiveDate) -> bool {
        self.answered_on.is_some_and(|day| day <= as_of)
    }

    /// The deadline passed without an answer.
    pub fn is_overdue(&self, as_of: NaiveDate) -> bool {
        !self.is_answered(as_of) && self.deadline.is_some_and(|deadline| deadline < as_of)
    }
}

/// Who asked. Only the contracting officer or an agency can ask for the plan by
/// right (52.222-50(h)(4)(ii)); nobody else is owed an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Requester {
    ContractingOfficer,
    /// Whoever makes this check.
    Us,
    #[default]
    Other,
}

impl Requester {
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::ContractingOfficer => "the contracting officer",
            Self::Us => "whoever makes this check",
            Self::Other => "somebody other than the contracting officer",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Change {
    pub on: NaiveDate,
    pub what: Changed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    Contract,
    Recruiter,
    Country,
    Clause,
}

impl Changed {
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Contract => "the contract",
            Self::Recruiter => "a recruiter",
            Self::Country => "a country",
            Self::Clause => "the clause",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CitedClause {
    pub clause: String,
    pub cited_on: Option<NaiveDate>,
    pub source: String,
}

/// Something official about the contractor. The states of a matter are kept
/// apart: an allegation is no determination.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OfficialRecord {
    pub state: RecordState,
    pub dated: Option<NaiveDate>,
    /// What the record calls itself.
    pub title: String,
    /// Whether the record's own words speak of trafficking or forced labor.
    pub trafficking: bool,
    pub contract: Option<String>,
    pub source: String,
    /// The last day of what ends, such as an exclusion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// What was done about it, as far as somebody has recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<RecordRemedy>,
}

/// Since when something has been done about a record's matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordRemedy {
    pub state: RemedyState,
    pub since: NaiveDate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemedyState {
    InProgress,
    /// Somebody other than the contractor has verified it.
    Verified,
    /// The record itself was lifted or set aside.
    Lifted,
}

impl RecordRemedy {
    pub fn in_words(self) -> String {
        format!("{} since {}", self.state.in_words(), self.since)
    }
}

impl RemedyState {
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::InProgress => "remedy in progress",
            Self::Verified => "remedy verified",
            Self::Lifted => "lifted",
        }
    }
}

/// Words of an outcome by which somebody was found to have done something
/// (FAR 52.209-7(c)(1): conviction, finding of fault or liability).
const FINDS: [&str; 8] = [
    "substantiated",
    "convict",
    "guilty",
    "liable",
    "liability",
    "at fault",
    "finding of fault",
    "judgment against",
];
/// Words of an outcome by which nobody was.
const FINDS_NOTHING: [&str; 15] = [
    "unsubstantiated",
    "not substantiated",
    "not convicted",
    "not guilty",
    "not liable",
    "no liability",
    "without liability",
    "no fault",
    "without fault",
    "not at fault",
    "dismiss",
    "acquit",
    "withdrawn",
    "vacated",
    "overturned",
];

impl OfficialRecord {
    /// Whether its words say that something was found or held.
    pub fn finds(&self) -> bool {
        self.says(&FINDS) && !self.finds_nothing()
    }

    /// Whether its words say that nothing was.
    pub fn finds_nothing(&self) -> bool {
        self.says(&FINDS_NOTHING)
    }

    fn says(&self, words: &[&str]) -> bool {
        let title = self.title.to_lowercase();
        words.iter().any(|word| title.contains(word))
    }
}

/// FAR 22.1704(c)(2) and (d): from information to a final determination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordState {
    Allegation,
    InspectorGeneralReport,
    ContractorResponse,
    FinalDetermination,
    /// A court or agency proceeding with an outcome.
    Proceeding,
    /// A record of SAM.gov's Responsibility and Qualification section.
    ResponsibilityRecord,
    Exclusion,
}

impl RecordState {
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Allegation => "allegation",
            Self::InspectorGeneralReport => "report of an inspector general",
            Self::ContractorResponse => "response of the contractor",
            Self::FinalDetermination => "final determination",
            Self::Proceeding => "proceeding",
            Self::ResponsibilityRecord => "responsibility record",
            Self::Exclusion => "exclusion",
        }
    }

    /// Whether whoever said it could find something.
    pub const fn is_substantiated(self) -> bool {
        matches!(
            self,
            Self::InspectorGeneralReport
                | Self::FinalDetermination
                | Self::Proceeding
                | Self::ResponsibilityRecord
        )
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Searched {
    pub on: NaiveDate,
    pub places: String,
}

//! The disclosure status of one contract: exactly one, in a fixed order.

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{
    contradiction::{Contradiction, Standing},
    disclosure::{Certificate, Change, Disclosure, Element, Request, Requester},
    plan::{ElementFound, PlanReading},
    policy::ContractorPolicy,
    required::{Answer, PlanRequirement},
};

/// In the order in which the first that applies is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DisclosureStatus {
    /// Two documents disagree, confirmed by a person, the contractor heard.
    Contradictory,
    /// Required, asked for in writing, the deadline passed, nothing produced.
    RequiredMissing,
    /// Required, and nothing public found: never "non-compliant".
    NotLocated,
    /// A plan is there, and elements of it or of its proof are not.
    Incomplete,
    Stale,
    Complete,
    NotRequired,
    Undetermined,
}

impl DisclosureStatus {
    pub const ALL: [Self; 8] = [
        Self::Contradictory,
        Self::RequiredMissing,
        Self::NotLocated,
        Self::Incomplete,
        Self::Stale,
        Self::Complete,
        Self::NotRequired,
        Self::Undetermined,
    ];

    /// As serialized.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contradictory => "CONTRADICTORY",
            Self::RequiredMissing => "REQUIRED_MISSING",
            Self::NotLocated => "NOT_LOCATED",
            Self::Incomplete => "INCOMPLETE",
            Self::Stale => "STALE",
            Self::Complete => "COMPLETE",
            Self::NotRequired => "NOT_REQUIRED",
            Self::Undetermined => "UNDETERMINED",
        }
    }
}

/// A status with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusReading {
    pub status: DisclosureStatus,
    pub reasons: Vec<Reason>,
    /// Ids of what is not there: `h3i` to `h3v`, `certificate`, `posting`,
    /// `subcontractor_certificates`.
    pub missing: Vec<String>,
    /// What it is without any contradiction.
    pub apart_from_contradictions: DisclosureStatus,
    /// The last certificate is older than its months and days of grace.
    pub certificate_is_old: bool,
    /// What it would be if pending contradictions were confirmed.
    pub if_confirmed: Option<DisclosureStatus>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reason {
    pub says: String,
    pub citation: String,
    pub source: String,
}

/// Decides the status of one contract on one day.
pub fn disclosure_status(
    policy: &ContractorPolicy,
    requirement: &PlanRequirement,
    disclosure: Option<&Disclosure>,
    plan: Option<&PlanReading>,
    contradictions: &[Contradiction],
    as_of: NaiveDate,
) -> StatusReading {
    let case = Case {
        policy,
        requirement,
        disclosure,
        plan,
        as_of,
    };
    let mut reading = case.without_contradictions();
    reading.apart_from_contradictions = reading.status;
    reading.certificate_is_old = case.certificate_is_old();
    let confirmed: Vec<Reason> = contradictions
        .iter()
        .filter(|one| matches!(one.standing, Standing::Confirmed(_)))
        .map(|one| Reason {
            says: format!(
                "{} (confirmed by review, contradiction {})",
                one.says, one.id
            ),
            citation: one.citation.clone(),
            source: sources(one),
        })
        .collect();
    if !confirmed.is_empty() {
        reading.status = DisclosureStatus::Contradictory;
        reading.reasons.splice(0..0, confirmed);
        return reading;
    }
    let pending = contradictions
        .iter()
        .any(|one| one.standing == Standing::Pending);
    reading.if_confirmed = pending.then_some(DisclosureStatus::Contradictory);
    reading
}

fn sources(contradiction: &Contradiction) -> String {
    contradiction
        .documents
        .iter()
        .map(|document| document.source.as_str())
        .collect::<Vec<_>>()
        .join("; ")
}

struct Case<'a> {
    policy: &'a ContractorPolicy,
    requirement: &'a PlanRequirement,
    disclosure: Option<&'a Disclosure>,
    plan: Option<&'a PlanReading>,
    as_of: NaiveDate,
}

impl Case<'_> {
    fn without_contradictions(&self) -> StatusReading {
        match &self.requirement.answer {
            Answer::Required => self.required(),
            Answer::NotRequired => self.plain(DisclosureStatus::NotRequired, Vec::new()),
            Answer::AmbiguousAggregation { ask_whom } => self.plain(
                DisclosureStatus::Undetermined,
                vec![self.reason(
                    format!(
                        "supplies and services pass the threshold together and neither alone: ask {} how the portion is counted",
                        ask_whom.in_words()
                    ),
                    "FAR 22.1703(c)(1)",
                    "stated values",
                )],
            ),
            Answer::Undetermined { missing } => {
                let reasons = missing
                    .iter()
                    .map(|fact| {
                        self.reason(
                            format!("not known: {}; ask {}", fact.missing, fact.ask_whom.in_words()),
                            "FAR 22.1703(c)(1)",
                            "stated facts",
                        )
                    })
                    .collect();
                self.plain(DisclosureStatus::Undetermined, reasons)
            }
        }
    }

    fn plain(&self, status: DisclosureStatus, mut reasons: Vec<Reason>) -> StatusReading {
        reasons.push(self.reason(
            self.requirement.arithmetic.shown.clone(),
            &self.requirement.citations.join("; "),
            "stated values",
        ));
        StatusReading {
            status,
            reasons,
            missing: Vec::new(),
            apart_from_contradictions: status,
            certificate_is_old: false,
            if_confirmed: None,
        }
    }

    fn reason(&self, says: String, citation: &str, source: &str) -> Reason {
        let form = self.disclosure.map(|disclosure| disclosure.source.as_str());
        Reason {
            says,
            citation: citation.to_owned(),
            source: match form {
                Some(form) if source == "stated values" || source == "stated facts" => {
                    form.to_owned()
                }
                None if source == "stated facts" || source == "stated values" => {
                    "no disclosure form given".to_owned()
                }
                _ => source.to_owned(),
            },
        }
    }

    fn required(&self) -> StatusReading {
        let mut reading = self.plain(DisclosureStatus::Complete, Vec::new());
        let located = self.has_plan()
            || self
                .disclosure
                .is_some_and(|one| !one.certificates.is_empty());
        if !located {
            let by_officer =
                |request: &&Request| request.requested_by == Requester::ContractingOfficer;
            if let Some(request) = self.overdue().find(by_officer) {
                reading.status = DisclosureStatus::RequiredMissing;
                reading.reasons.insert(0, self.reason(
                        format!(
                            "the contracting officer asked for a plan in writing on {}, the deadline was {}, and nothing was produced by {}",
                            request.asked_on,
                            request.deadline.map_or_else(|| "not set".to_owned(), |day| day.to_string()),
                            self.as_of
                        ),
                        "FAR 52.222-50(h)(4)(ii): to the contracting officer on request",
                        "stated facts",
                    ));
            } else {
                reading.status = DisclosureStatus::NotLocated;
                let mut reasons = vec![self.not_located()];
                reasons.extend(self.overdue().map(|request| self.not_answered(request)));
                reading.reasons.splice(0..0, reasons);
            }
            return reading;
        }
        let (missing, why) = self.missing();
        if !missing.is_empty() {
            reading.status = DisclosureStatus::Incomplete;
            reading.missing = missing;
            reading.reasons.splice(0..0, why);
            return reading;
        }
        let stale = self.stale();
        if !stale.is_empty() {
            reading.status = DisclosureStatus::Stale;
            reading.reasons.splice(0..0, stale);
            return reading;
        }
        reading.reasons.insert(0, self.reason(
            "all minimum elements, a current certificate, posting and subcontractor certificates were found".to_owned(),
            "FAR 52.222-50(h)",
            "stated facts",
        ));
        reading
    }

    fn has_plan(&self) -> bool {
        self.plan.is_some_and(|plan| plan.problem.is_none())
            || self
                .disclosure
                .and_then(|disclosure| disclosure.plan.as_ref())
                .is_some()
    }

    /// Requests whose deadline passed without an answer.
    fn overdue(&self) -> impl Iterator<Item = &Request> {
        self.disclosure
            .into_iter()
            .flat_map(|one| &one.requests)
            .filter(|request| request.is_overdue(self.as_of))
    }

    fn not_answered(&self, request: &Request) -> Reason {
        self.reason(
            format!(
                "{} asked for a plan in writing on {}, and no answer is on record; only the contracting officer can ask for it by right",
                request.requested_by.in_words(),
                request.asked_on
            ),
            "FAR 52.222-50(h)(4)(ii)",
            "stated facts",
        )
    }

    fn not_located(&self) -> Reason {
        let searched = self.disclosure.and_then(|one| one.searched.as_ref());
        let says = match searched {
            Some(searched) if searched.on <= self.as_of => format!(
                "no public plan located on {}{}; one may exist: certificates are normally not public, and posting has an exception",
                searched.on,
                if searched.places.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", searched.places)
                }
            ),
            _ => format!(
                "no plan among the files given on {}; one may exist: nobody has recorded a search for it",
                self.as_of
            ),
        };
        self.reason(says, "FAR 52.222-50(h)(4)", "stated facts")
    }

    fn missing(&self) -> (Vec<String>, Vec<Reason>) {
        let mut ids = Vec::new();
        let mut reasons = Vec::new();
        let mut absent = |id: &str, reason: Reason| {
            ids.push(id.to_owned());
            reasons.push(reason);
        };
        // The words themselves come before what a form says of them.
        if let Some(plan) = self.plan.filter(|plan| plan.problem.is_none()) {
            for element in plan.missing() {
                let parts: Vec<&str> = element
                    .parts
                    .iter()
                    .filter(|part| part.said != super::plan::PartSaid::Asserted)
                    .map(|part| part.part)
                    .collect();
                let partly = if element.found == ElementFound::Partial {
                    "in part"
                } else {
                    "not"
                };
                absent(
                    element.element.id(),
                    Reason {
                        says: format!(
                            "{}: {partly} found in the text ({})",
                            element.element.in_words(),
                            parts.join(", ").replace('_', " ")
                        ),
                        citation: element.citation.to_owned(),
                        source: plan.file.clone(),
                    },
                );
            }
        } else {
            let stated = self.disclosure.and_then(|one| one.plan.as_ref());
            for element in Element::ALL {
                let there = stated
                    .is_some_and(|plan| plan.elements.iter().any(|one| one.element == element));
                if !there {
                    absent(
                        element.id(),
                        self.reason(
                            format!("{}: {}", element.in_words(), self.not_seen()),
                            element.citation(),
                            "stated facts",
                        ),
                    );
                }
            }
        }
        if self.certificate().is_none() {
            absent("certificate", self.reason(
                format!("no certificate located on {}; it goes to the contracting officer and is normally not public", self.as_of),
                "FAR 52.222-56; 52.222-50(h)(5)",
                "stated facts",
            ));
        }
        if !self
            .disclosure
            .and_then(|one| one.posting.as_ref())
            .is_some_and(|posting| posting.is_shown(self.as_of))
        {
            absent("posting", self.reason(
                "no proof of posting at the workplace and on the website, nor of written notice to workers".to_owned(),
                "FAR 52.222-50(h)(4)(i)",
                "stated facts",
            ));
        }
        match self.disclosure.and_then(|one| one.subcontractors) {
            Some(subcontractors) if subcontractors.certified >= subcontractors.covered => {}
            Some(subcontractors) => absent(
                "subcontractor_certificates",
                self.reason(
                    format!(
                        "{} of {} subcontractors have a current certificate",
                        subcontractors.certified, subcontractors.covered
                    ),
                    "FAR 52.222-50(h)(5)(ii), (i)(2)",
                    "stated facts",
                ),
            ),
            None => absent(
                "subcontractor_certificates",
                self.reason(
                    "nothing is said about subcontractors and their certificates".to_owned(),
                    "FAR 52.222-50(h)(5)(ii), (i)(2)",
                    "stated facts",
                ),
            ),
        }
        (ids, reasons)
    }

    /// Why an element is not known to be in a plan whose words were not read.
    fn not_seen(&self) -> String {
        let at = self
            .disclosure
            .and_then(|one| one.plan.as_ref()?.located_at.as_deref());
        match (self.plan, at) {
            (Some(plan), _) => format!(
                "not known: {} was given and could not be read ({})",
                plan.file,
                plan.problem
                    .as_ref()
                    .map_or("", |problem| problem.message.as_str())
            ),
            (None, Some(at)) => {
                format!("not stated to be in the plan; {at} is not among the files given")
            }
            (None, None) => "not stated to be in the plan".to_owned(),
        }
    }

    /// The latest certificate that is not of the future.
    fn certificate(&self) -> Option<&Certificate> {
        self.disclosure?
            .certificates
            .iter()
            .filter(|certificate| certificate.dated <= self.as_of)
            .max_by_key(|certificate| certificate.dated)
    }

    fn certificate_is_old(&self) -> bool {
        self.certificate()
            .and_then(|certificate| certificate_due(self.policy, certificate.dated))
            .is_some_and(|due| self.as_of > due)
    }

    fn stale(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let rules = self.policy.certificate();
        if let Some(certificate) = self.certificate()
            && self.certificate_is_old()
        {
            reasons.push(self.reason(
                    format!(
                        "the last certificate is of {}: older than {} months and {} days of grace on {}",
                        certificate.dated, rules.months, rules.grace_days, self.as_of
                    ),
                    &rules.source,
                    &certificate.source,
                ));
        }
        let Some(dated) = self
            .disclosure
            .and_then(|one| one.plan.as_ref())
            .and_then(|plan| plan.dated)
        else {
            return reasons;
        };
        let mut changes: Vec<Change> = self
            .disclosure
            .map(|one| one.changes.clone())
            .unwrap_or_default();
        changes.sort();
        for change in changes {
            if dated < change.on && change.on <= self.as_of {
                reasons.push(self.reason(
                    format!(
                        "the plan of {dated} is older than {} ({})",
                        change.what.in_words(),
                        change.on
                    ),
                    "FAR 52.222-50(h)(2): suited to the contract",
                    "stated facts",
                ));
            }
        }
        reasons
    }
}

/// The last day on which a certificate is still current.
pub fn certificate_due(policy: &ContractorPolicy, dated: NaiveDate) -> Option<NaiveDate> {
    let rules = policy.certificate();
    dated
        .checked_add_months(Months::new(rules.months))?
        .checked_add_days(Days::new(rules.grace_days))
}

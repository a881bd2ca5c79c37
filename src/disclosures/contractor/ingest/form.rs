//! Plimsoll's own disclosure form: one row a contract, the same keys in CSV,
//! XLSX and JSON, for everything that no public interface carries.

use std::collections::BTreeMap;

use super::{
    columns::FORM_COLUMNS,
    value::{Reading, cut, date},
};
use crate::{
    disclosures::contractor::{
        clause::ClauseDate,
        contract::{
            ClauseInContract, ContractFacts, ContractId, ContractKind, Cots, Part, PartValue,
            Place, What,
        },
        disclosure::{
            Certificate, CertificateOption, Change, Changed, CitedClause, Disclosure, Element,
            OfficialRecord, Posting, RecordRemedy, RecordState, RemedyState, Request, Requester,
            Searched, StatedElement, StatedPlan, Subcontractors,
        },
        money::Money,
        party::{Identity, Relative, Tie},
        policy::ContractorPolicy,
    },
    identifier::Scheme,
};
use chrono::NaiveDate;

/// Reads one row. `Err` says why it is none.
pub(super) fn disclosure(
    policy: &ContractorPolicy,
    cells: &BTreeMap<String, String>,
    source: &str,
    reading: &mut Reading<'_>,
) -> Result<Disclosure, String> {
    for key in cells.keys() {
        if !FORM_COLUMNS.iter().any(|(known, _)| known == key) {
            reading.notice(key, "is no column of the form: left out");
        }
    }
    let mut row = Row { cells, reading };
    let contractor = row.contractor();
    if contractor.name.is_empty() && contractor.uei.is_none() && contractor.cage.is_none() {
        return Err("names no contractor: give legal_name, uei or cage".to_owned());
    }
    let contract = ContractId {
        agency_code: row.text("agency_code"),
        piid: row.text("piid"),
        vehicle_piid: row.text("vehicle_piid"),
    };
    if contract.piid.is_empty() {
        return Err("names no contract: give piid".to_owned());
    }
    let cited = row.text("source");
    let source = if cited.is_empty() {
        source.to_owned()
    } else {
        cited
    };
    let facts = row.facts(&source);
    Ok(Disclosure {
        contractor,
        contract,
        agency: row.text("agency"),
        awarded_on: row.date("awarded_on"),
        facts,
        psc: row.list("psc"),
        naics: row.list("naics"),
        claims_plan_required: row.yes_no("claims_plan_required"),
        claims_housing: row.yes_no("claims_housing"),
        claims_recruiters: row.yes_no("claims_recruiters"),
        named_brokers: row.list("named_brokers"),
        plan: row.plan(),
        statement_at: row.given("statement_at"),
        certificates: row.certificates(&source),
        posting: row.posting(),
        subcontractors: row.subcontractors(),
        requests: row.requests(),
        changes: row.changes(),
        cited_clauses: row.cited_clauses(&source),
        goods_traced: row.yes_no("goods_traced"),
        official_records: row.official(policy, &source),
        searched: row.date("searched_on").map(|on| Searched {
            on,
            places: row.text("searched_at"),
        }),
        source,
    })
}

struct Row<'a, 'b> {
    cells: &'a BTreeMap<String, String>,
    reading: &'a mut Reading<'b>,
}

impl Row<'_, '_> {
    fn text(&self, name: &str) -> String {
        self.cells
            .get(name)
            .map(|text| text.trim().to_owned())
            .unwrap_or_default()
    }

    fn given(&self, name: &str) -> Option<String> {
        Some(self.text(name))
            .filter(|text| !text.is_empty() && !text.eq_ignore_ascii_case("unknown"))
    }

    fn list(&self, name: &str) -> Vec<String> {
        self.text(name)
            .split(';')
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// A list whose places answer to those of another: an empty one keeps its place.
    fn places(&self, name: &str) -> Vec<String> {
        self.text(name)
            .split(';')
            .map(|text| text.trim().to_owned())
            .collect()
    }

    fn date(&mut self, name: &str) -> Option<NaiveDate> {
        let text = self.given(name)?;
        self.reading.date(name, Some(&text))
    }

    fn wrong(&mut self, name: &str, text: &str, want: &str) {
        self.reading
            .notice(name, format!("\"{}\" is not read: write {want}", cut(text)));
    }

    fn yes_no(&mut self, name: &str) -> Option<bool> {
        let text = self.given(name)?;
        match text.to_ascii_lowercase().as_str() {
            "yes" | "y" | "true" => Some(true),
            "no" | "n" | "false" => Some(false),
            "not_stated" | "not stated" => None,
            _ => {
                self.wrong(name, &text, "yes, no or nothing");
                None
            }
        }
    }

    fn contractor(&mut self) -> Identity {
        let (uei, cage) = (self.given("uei"), self.given("cage"));
        Identity {
            name: self.text("legal_name"),
            other_names: Vec::new(),
            uei: self.reading.identifier(Scheme::Uei, "uei", uei.as_deref()),
            cage: self
                .reading
                .identifier(Scheme::Cage, "cage", cage.as_deref()),
            duns: None,
            relatives: self
                .given("parent_name")
                .map(|name| Relative {
                    tie: Tie::UltimateParent,
                    name,
                    uei: None,
                    cage: None,
                    duns: None,
                })
                .into_iter()
                .collect(),
        }
    }

    fn facts(&mut self, source: &str) -> ContractFacts {
        let clause = match self.given("clause_date") {
            None => ClauseInContract::Unknown,
            Some(text) if text.eq_ignore_ascii_case("none") => ClauseInContract::SaidToBeAbsent,
            Some(text) => {
                if let Some(date) = ClauseDate::parse(&text) {
                    ClauseInContract::Edition(date)
                } else {
                    self.wrong("clause_date", &text, "month and year, like OCT 2025");
                    ClauseInContract::Unknown
                }
            }
        };
        let ceiling = self.given("ceiling");
        let ceiling = self.reading.money("ceiling", ceiling.as_deref());
        let kind = match self.text("contract_type").to_ascii_lowercase().as_str() {
            "idiq" => ContractKind::IndefiniteDelivery { ceiling },
            "definite" => ContractKind::Definite,
            "" | "unknown" => ContractKind::Unknown,
            other => {
                let other = other.to_owned();
                self.wrong("contract_type", &other, "definite or idiq");
                ContractKind::Unknown
            }
        };
        let cots = match self.text("supplies_cots").to_ascii_lowercase().as_str() {
            "yes" => Cots::Yes,
            "no" => Cots::No,
            "modified" => Cots::Modified,
            "bulk_cargo" | "bulk cargo" => Cots::BulkCargo,
            "commercial" => Cots::CommercialOnly,
            "" | "unknown" => Cots::Unknown,
            other => {
                let other = other.to_owned();
                self.wrong(
                    "supplies_cots",
                    &other,
                    "yes, no, modified, bulk_cargo, commercial or unknown",
                );
                Cots::Unknown
            }
        };
        let mut parts = Vec::new();
        let supplies = self.part("supplies", What::Supplies(cots), source);
        let services = self.part("services", What::Services, source);
        // What nobody mentions is not known: both kinds are asked for, unless one
        // is said to be the whole contract.
        let whole = |part: &Option<Part>| {
            part.as_ref()
                .is_some_and(|part| part.value == PartValue::WholeContract)
        };
        let whole_said = whole(&supplies) || whole(&services);
        let any = supplies.is_some() || services.is_some();
        for (part, what) in [(supplies, What::Supplies(cots)), (services, What::Services)] {
            match part {
                Some(part) => parts.push(part),
                None if any && !whole_said => parts.push(Part {
                    what,
                    place: Place::Unknown,
                    value: PartValue::Unknown,
                    source: format!("{source}: left open"),
                }),
                None => {}
            }
        }
        ContractFacts {
            clause,
            kind,
            parts,
            leads: Vec::new(),
        }
    }

    fn part(&mut self, name: &str, what: What, source: &str) -> Option<Part> {
        let place_column = format!("{name}_place");
        let value_column = format!("{name}_value");
        let place_text = self.text(&place_column).to_ascii_lowercase();
        let value_text = self.text(&value_column);
        if place_text.is_empty() && value_text.is_empty() {
            return None;
        }
        let place = match place_text.as_str() {
            "us" | "inside" => Place::InUnitedStates,
            "outside" => Place::Outside,
            "" | "unknown" => Place::Unknown,
            other => {
                let other = other.to_owned();
                self.wrong(&place_column, &other, "us, outside or unknown");
                Place::Unknown
            }
        };
        let value = match value_text.to_ascii_lowercase().as_str() {
            "" | "unknown" => PartValue::Unknown,
            "whole" => PartValue::WholeContract,
            "none" => PartValue::Estimated(Money::ZERO),
            _ => self
                .reading
                .money(&value_column, Some(&value_text))
                .map_or(PartValue::Unknown, PartValue::Estimated),
        };
        Some(Part {
            what,
            place,
            value,
            source: source.to_owned(),
        })
    }

    fn plan(&mut self) -> Option<StatedPlan> {
        let dated = self.date("plan_date");
        let located_at = self.given("plan_at");
        let mut elements = Vec::new();
        for text in self.list("plan_elements") {
            let (id, mark) = text.split_once(':').unwrap_or((&text, ""));
            let not_applicable = mark.trim().eq_ignore_ascii_case("na");
            match Element::parse(id) {
                Some(element) if !not_applicable || element == Element::Housing => {
                    elements.push(StatedElement {
                        element,
                        not_applicable,
                    });
                }
                _ => self.wrong("plan_elements", &text, "i; ii; iii; iv or iv:na; v"),
            }
        }
        elements.sort();
        elements.dedup();
        (dated.is_some() || located_at.is_some() || !elements.is_empty()).then_some(StatedPlan {
            dated,
            elements,
            located_at,
        })
    }

    fn certificates(&mut self, source: &str) -> Vec<Certificate> {
        let mut certificates = Vec::new();
        for text in self.list("certificates") {
            let (day, option) = text.split_once(':').unwrap_or((&text, ""));
            let option = match option.trim().to_ascii_uppercase().as_str() {
                "A" => Some(CertificateOption::A),
                "B" => Some(CertificateOption::B),
                given => {
                    if !given.is_empty() {
                        self.wrong("certificates", &text, "YYYY-MM-DD:A or YYYY-MM-DD:B");
                    }
                    None
                }
            };
            match date(day) {
                Some(dated) => certificates.push(Certificate {
                    dated,
                    option,
                    source: source.to_owned(),
                }),
                None => self.wrong("certificates", &text, "YYYY-MM-DD:A or YYYY-MM-DD:B"),
            }
        }
        certificates.sort_by_key(|certificate| certificate.dated);
        certificates
    }

    fn posting(&mut self) -> Option<Posting> {
        let posting = Posting {
            workplace: self.date("posted_workplace"),
            website: self.date("posted_website"),
            in_writing: self.date("given_in_writing"),
        };
        (posting != Posting::default()).then_some(posting)
    }

    fn subcontractors(&mut self) -> Option<Subcontractors> {
        let covered = self.count("subcontractors_covered")?;
        let certified = self.count("subcontractors_certified").unwrap_or(0);
        if certified > covered {
            self.wrong(
                "subcontractors_certified",
                &certified.to_string(),
                "no more than subcontractors_covered",
            );
            return None;
        }
        Some(Subcontractors { covered, certified })
    }

    fn count(&mut self, name: &str) -> Option<u32> {
        let text = self.given(name)?;
        let count = text.parse().ok();
        if count.is_none() {
            self.wrong(name, &text, "a whole number");
        }
        count
    }

    fn requests(&mut self) -> Vec<Request> {
        let deadlines = self.places("request_deadline");
        let answers = self.places("answered_on");
        let requesters = self.places("requested_by");
        let mut requests = Vec::new();
        for (at, text) in self.places("requested_on").into_iter().enumerate() {
            let Some(asked_on) = self.reading.date("requested_on", Some(&text)) else {
                continue;
            };
            let deadline = deadlines.get(at).map(String::as_str);
            let answered = answers.get(at).map(String::as_str);
            let requested_by = self.requester(requesters.get(at).map_or("", String::as_str));
            let deadline = self.reading.date("request_deadline", deadline);
            let answered_on = self.reading.date("answered_on", answered);
            let mut contradicts = false;
            for (name, day) in [("request_deadline", deadline), ("answered_on", answered_on)] {
                if let Some(day) = day.filter(|day| *day < asked_on) {
                    self.wrong(name, &day.to_string(), "no day before the request");
                    contradicts = true;
                }
            }
            if contradicts {
                continue;
            }
            requests.push(Request {
                asked_on,
                deadline,
                answered_on,
                requested_by,
            });
        }
        requests
    }

    fn requester(&mut self, text: &str) -> Requester {
        match text.to_ascii_lowercase().as_str() {
            "contracting_officer" | "contracting officer" | "agency" => {
                Requester::ContractingOfficer
            }
            "us" => Requester::Us,
            "" | "other" => Requester::Other,
            _ => {
                self.wrong("requested_by", text, "contracting_officer, us or other");
                Requester::Other
            }
        }
    }

    fn changes(&mut self) -> Vec<Change> {
        [
            ("contract_changed_on", Changed::Contract),
            ("recruiter_changed_on", Changed::Recruiter),
            ("country_changed_on", Changed::Country),
            ("clause_changed_on", Changed::Clause),
        ]
        .into_iter()
        .filter_map(|(name, what)| self.date(name).map(|on| Change { on, what }))
        .collect()
    }

    fn cited_clauses(&mut self, source: &str) -> Vec<CitedClause> {
        let clauses = self.list("cited_clauses");
        clauses
            .into_iter()
            .map(|text| {
                let (clause, day) = text.split_once(':').unwrap_or((&text, ""));
                CitedClause {
                    clause: clause.trim().to_owned(),
                    cited_on: self.reading.date("cited_clauses", Some(day)),
                    source: source.to_owned(),
                }
            })
            .collect()
    }

    fn remedy(&mut self) -> Option<RecordRemedy> {
        let text = self.given("record_remedy")?;
        let (state, day) = text.split_once(':').unwrap_or((&text, ""));
        let state = match state.trim().to_ascii_lowercase().as_str() {
            "in_progress" | "in progress" => Some(RemedyState::InProgress),
            "verified" => Some(RemedyState::Verified),
            "lifted" => Some(RemedyState::Lifted),
            _ => None,
        };
        // Without its day nothing is taken off.
        let remedy = state
            .zip(date(day))
            .map(|(state, since)| RecordRemedy { state, since });
        if remedy.is_none() {
            self.wrong(
                "record_remedy",
                &text,
                "in_progress:YYYY-MM-DD, verified:YYYY-MM-DD or lifted:YYYY-MM-DD",
            );
        }
        remedy
    }

    fn official(&mut self, policy: &ContractorPolicy, source: &str) -> Vec<OfficialRecord> {
        let Some(text) = self.given("record_state") else {
            return Vec::new();
        };
        let state = match text.to_ascii_lowercase().as_str() {
            "allegation" => RecordState::Allegation,
            "ig_report" => RecordState::InspectorGeneralReport,
            "contractor_response" => RecordState::ContractorResponse,
            "final_determination" => RecordState::FinalDetermination,
            _ => {
                self.wrong(
                    "record_state",
                    &text,
                    "allegation, ig_report, contractor_response or final_determination",
                );
                return Vec::new();
            }
        };
        let title = self.text("record_title");
        vec![OfficialRecord {
            state,
            dated: self.date("record_date"),
            trafficking: policy.speaks_of_trafficking(&title),
            title,
            contract: Some(self.text("piid")),
            source: source.to_owned(),
            until: None,
            remedy: self.remedy(),
        }]
    }
}

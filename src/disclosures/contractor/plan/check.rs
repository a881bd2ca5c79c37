//! A document under the plan rules: topics of the rule file gathered into the
//! elements of the clause.

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::{
    docx,
    reading::{ElementFound, ElementReading, PartReading, PartSaid, PlanQuote, PlanReading},
};
use crate::disclosures::{
    contractor::disclosure::Element,
    statement::{
        Document, Law, LawError, OtherStatements, Problem, Quote, Stance, StatementReading, check,
    },
};

/// The rules that read plans.
pub const PLAN_RULES: &str =
    include_str!("../../../../fixtures/policy/plan_rules_far_52_222_50.toml");

/// Plan rules, ready to read with.
#[derive(Debug, Clone)]
pub struct PlanRules(Law);

impl PlanRules {
    pub fn parse(source: &str) -> Result<Self, LawError> {
        Law::parse(source).map(Self)
    }
}

/// Takes the text out of a plan: plain text, HTML, DOCX, and whatever else
/// [`Document::read`] knows.
pub fn plan_document(bytes: &[u8]) -> Result<Document, Problem> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Document::read(docx::text_of(bytes)?.as_bytes());
    }
    Document::read(bytes)
}

/// The hotline and address of 52.222-50(h)(3)(ii).
const HOTLINE: [&str; 2] = ["844888free", "8448883733"];
const E_MAIL: [&str; 1] = ["help@befree.org"];

/// Reads one document as a compliance plan.
pub fn check_plan(rules: &PlanRules, file: &str, bytes: &[u8], as_of: NaiveDate) -> PlanReading {
    let document = plan_document(bytes);
    let reading = check(
        &rules.0,
        document.as_ref(),
        &OtherStatements::default(),
        as_of,
    );
    let text = document.as_ref().map_or("", |document| document.text());
    let read = reading.problem.is_none();
    let part = |key| part(&reading, key);
    let hotline = literal("hotline", text, &HOTLINE, |letter| {
        letter.is_ascii_alphanumeric()
    });
    let e_mail = literal("hotline_e_mail", text, &E_MAIL, |letter| {
        !letter.is_whitespace()
    });
    let elements = vec![
        element(Element::Awareness, vec![part("awareness")]),
        element(
            Element::Reporting,
            vec![part("reporting"), part("no_retaliation"), hotline, e_mail],
        ),
        recruitment(part("recruiters"), part("no_fees"), part("wages")),
        housing(part("housing"), part("provides_housing")),
        element(
            Element::Agents,
            vec![
                part("prevent_agents"),
                part("monitor_agents"),
                part("terminate_agents"),
            ],
        ),
    ];
    PlanReading {
        file: file.to_owned(),
        sha256: hex::encode(Sha256::digest(bytes)),
        rules_sha256: rules.0.id.rules_sha256.clone(),
        elements: if read { elements } else { Vec::new() },
        clauses: if read {
            vec![part("documents")]
        } else {
            Vec::new()
        },
        repealed_clause: if read { repealed(text) } else { Vec::new() },
        not_checked: reading.not_checked.clone(),
        problem: reading.problem,
    }
}

fn part(reading: &StatementReading, key: &'static str) -> PartReading {
    let quotes: Vec<PlanQuote> = reading
        .topics
        .get(key)
        .map(|topic| topic.quotes.iter().map(quote).collect())
        .unwrap_or_default();
    let has = |stance: Stance| quotes.iter().any(|quote| quote.stance == stance);
    let said = if has(Stance::Asserted) || has(Stance::Future) {
        PartSaid::Asserted
    } else if has(Stance::Denied) {
        PartSaid::Denied
    } else if quotes.is_empty() {
        PartSaid::NotSaid
    } else {
        PartSaid::Planned
    };
    PartReading {
        part: key,
        said,
        quotes,
    }
}

fn quote(quote: &Quote) -> PlanQuote {
    PlanQuote {
        start: quote.start,
        end: quote.end,
        text: quote.text.clone(),
        stance: quote.stance,
        rule: quote.rule.clone(),
    }
}

fn element(element: Element, parts: Vec<PartReading>) -> ElementReading {
    let found = parts
        .iter()
        .filter(|part| part.said == PartSaid::Asserted)
        .count();
    ElementReading {
        element,
        citation: element.citation(),
        found: if found == parts.len() {
            ElementFound::Found
        } else if found > 0 {
            ElementFound::Partial
        } else {
            ElementFound::NotFound
        },
        parts,
    }
}

/// Whoever says that it uses no recruiters has answered for trained ones.
fn recruitment(
    mut recruiters: PartReading,
    no_fees: PartReading,
    wages: PartReading,
) -> ElementReading {
    if recruiters.said == PartSaid::Denied
        && recruiters
            .quotes
            .iter()
            .any(|quote| quote.rule == "recruiters.none")
    {
        recruiters.said = PartSaid::Asserted;
    }
    element(
        Element::RecruitmentAndWages,
        vec![recruiters, no_fees, wages],
    )
}

/// Housing may be left out only where the plan says that none is provided or
/// arranged; silence is not that.
fn housing(standards: PartReading, provided: PartReading) -> ElementReading {
    let found = match (standards.said, provided.said) {
        (PartSaid::Asserted, _) => ElementFound::Found,
        (_, PartSaid::Denied) => ElementFound::NotApplicable,
        (_, PartSaid::Asserted) => ElementFound::Partial,
        _ => ElementFound::NotFound,
    };
    ElementReading {
        element: Element::Housing,
        citation: Element::Housing.citation(),
        found,
        parts: vec![standards, provided],
    }
}

/// A number or address that must stand there as it is, however it is set off.
fn literal(
    part: &'static str,
    text: &str,
    wanted: &[&str],
    keep: impl Fn(char) -> bool,
) -> PartReading {
    let kept: Vec<(usize, char)> = text
        .char_indices()
        .filter(|(_, letter)| keep(*letter))
        .map(|(at, letter)| (at, letter.to_ascii_lowercase()))
        .collect();
    let folded: String = kept.iter().map(|(_, letter)| *letter).collect();
    let found = wanted.iter().find_map(|wanted| {
        let from = folded.find(wanted)?;
        let first = folded.get(..from)?.chars().count();
        let start = kept.get(first)?.0;
        let (last, letter) = kept.get(first + wanted.chars().count() - 1)?;
        Some(start..last + letter.len_utf8())
    });
    let quotes: Vec<PlanQuote> = found
        .and_then(|span| {
            Some(PlanQuote {
                start: span.start,
                end: span.end,
                text: text.get(span)?.to_owned(),
                stance: Stance::Asserted,
                rule: part.to_owned(),
            })
        })
        .into_iter()
        .collect();
    PartReading {
        part,
        said: if quotes.is_empty() {
            PartSaid::NotSaid
        } else {
            PartSaid::Asserted
        },
        quotes,
    }
}

/// DFARS 252.222-7007, repealed on 30 May 2018.
fn repealed(text: &str) -> Vec<PlanQuote> {
    text.match_indices("252.222-7007")
        .take(5)
        .map(|(start, clause)| PlanQuote {
            start,
            end: start + clause.len(),
            text: clause.to_owned(),
            stance: Stance::Asserted,
            rule: "repealed_clause".to_owned(),
        })
        .collect()
}

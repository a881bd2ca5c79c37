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
        Document, Law, LawError, OtherStatements, Problem, ProblemKind, Quote, Stance,
        StatementReading, check,
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
    let (relied, mentioned) = if read {
        repealed(text)
    } else {
        Default::default()
    };
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
        notices: mentioned
            .first()
            .map(|quote| {
                format!(
                    "mentions {} (bytes {}-{}), repealed in 2018, and does not rely on it: perhaps a stale template",
                    quote.text, quote.start, quote.end
                )
            })
            .into_iter()
            .collect(),
        repealed_clause: relied,
        not_checked: reading.not_checked.clone(),
        problem: reading.problem.as_ref().map(of_a_plan),
    }
}

/// The reader speaks of statements; this is about plans.
fn of_a_plan(problem: &Problem) -> Problem {
    let message = match problem.kind {
        ProblemKind::NotAStatement => {
            "the text does not speak of forced labor or trafficking: is this the compliance plan?"
                .to_owned()
        }
        _ => problem.message.replace("the statement", "the plan"),
    };
    Problem {
        kind: problem.kind,
        message,
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

const REPEALED: &str = "252.222-7007";
/// Words before a clause that make it the basis of what is said.
const RELIES: [&str; 12] = [
    "under",
    "pursuant to",
    "in accordance with",
    "accordance with",
    "as required by",
    "required by",
    "complies with",
    "comply with",
    "compliance with",
    "certify",
    "certifies",
    "certificate",
];
/// A sentence with one of these speaks of the repeal or of the past.
const OF_THE_PAST: [&str; 9] = [
    "repeal",
    "replace",
    "supersed",
    "removed",
    "rescind",
    "former",
    "previous",
    "no longer",
    "earlier",
];

/// DFARS 252.222-7007, repealed on 30 May 2018: places that name it as their
/// basis, and places that mention it.
fn repealed(text: &str) -> (Vec<PlanQuote>, Vec<PlanQuote>) {
    let places = text.match_indices(REPEALED).take(20);
    let (relies, mentions): (Vec<_>, Vec<_>) = places
        .map(|(start, clause)| PlanQuote {
            start,
            end: start + clause.len(),
            text: clause.to_owned(),
            stance: Stance::Asserted,
            rule: "repealed_clause".to_owned(),
        })
        .partition(|quote| relies(text, quote.start, quote.end));
    (relies, mentions)
}

/// Whether the sentence names the clause as what it rests on.
fn relies(text: &str, start: usize, end: usize) -> bool {
    let (Some(before), Some(after)) = (text.get(..start), text.get(end..)) else {
        return false;
    };
    let ends = [". ", ".\n", "\n", "; "];
    let from = ends
        .iter()
        .filter_map(|stop| before.rfind(stop).map(|at| at + stop.len()))
        .max();
    let to = ends.iter().filter_map(|stop| after.find(stop)).min();
    let before = before
        .get(from.unwrap_or(0)..)
        .unwrap_or_default()
        .to_lowercase();
    let after = after
        .get(..to.unwrap_or(after.len()))
        .unwrap_or_default()
        .to_lowercase();
    let past = |words: &str| OF_THE_PAST.iter().any(|word| words.contains(word));
    let words = before.split(|letter: char| !letter.is_alphanumeric());
    let before = format!(
        " {} ",
        words
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    );
    !past(&before)
        && !past(&after)
        && RELIES
            .iter()
            .any(|phrase| before.contains(&format!(" {phrase} ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_mention_a_repealed_clause_is_not_to_rely_on_it() {
        for (text, relied) in [
            ("Compliance plan, under DFARS 252.222-7007", true),
            (
                "We certify in accordance with DFARS 252.222-7007 that",
                true,
            ),
            ("Pursuant to clause 252.222-7007, we train.", true),
            ("See also DFARS 252.222-7007.", false),
            ("Clauses: FAR 52.222-50, DFARS 252.222-7007", false),
            (
                "Under FAR 52.222-50, which replaced DFARS 252.222-7007, we train.",
                false,
            ),
            (
                "We act under FAR 52.222-50. DFARS 252.222-7007 is listed.",
                false,
            ),
            (
                "Required by the former DFARS 252.222-7007, since repealed.",
                false,
            ),
        ] {
            let (relies, mentions) = repealed(text);
            assert_eq!(
                (relies.len(), mentions.len()),
                if relied { (1, 0) } else { (0, 1) },
                "{text}"
            );
        }
    }
}

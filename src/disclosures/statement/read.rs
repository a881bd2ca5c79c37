//! A document under a law: findings gathered by topic.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    document::{Document, DocumentKind, Problem},
    find::{Finding, Kind, Said, findings, is_boilerplate, said},
    gate,
    law::{Axis, GivesWay, Law, MandatoryRule},
    links::{Conspicuous, HomepageLink},
    overall::{overall, reasons},
    pattern::Pattern,
    reading::{
        Disclosure, DocumentFacts, Mandatory, Overall, Practice, Quote, Stated, StatementReading,
        TopicReading,
    },
    shared_text::{SharedText, Shingles, contained_percent, statement_shingles},
    stance::Stance,
};

/// Statements of other companies, to tell boilerplate by.
#[derive(Debug, Clone, Default)]
pub struct OtherStatements {
    names: Vec<String>,
    shingles: Vec<Shingles>,
}

impl OtherStatements {
    pub fn add(&mut self, name: impl Into<String>, document: &Document) {
        self.names.push(name.into());
        self.shingles.push(statement_shingles(document));
    }
}

/// Shares below this are chance and common phrases.
const NOTED_PERCENT: usize = 20;

/// Quotes shown for one topic.
const MOST_QUOTES: usize = 12;

/// Reads a file under a law. Every file gets an answer; where it holds no
/// statement the answer says what it is instead.
pub fn check(
    law: &Law,
    document: Result<&Document, &Problem>,
    others: &OtherStatements,
    as_of: NaiveDate,
) -> StatementReading {
    let document = match document {
        Ok(document) => document,
        Err(problem) => return unread(law, None, problem.clone(), as_of),
    };
    let said = said(law, document);
    if let Some(problem) = gate::problem(law, document, &said) {
        return unread(law, Some(document), problem, as_of);
    }
    let findings = findings(law, &said);
    let quoting = Quoting {
        text: document.text(),
        boilerplate: said
            .iter()
            .map(|one| is_boilerplate(one, &others.shingles))
            .collect(),
        said: &said,
    };
    let topics: BTreeMap<String, TopicReading> = law
        .topics
        .iter()
        .enumerate()
        .map(|(number, topic)| {
            (
                topic.key.clone(),
                topic_reading(law, number, &findings, &quoting),
            )
        })
        .collect();
    let answers = topics
        .values()
        .any(|topic| topic.disclosure == Disclosure::Yes);
    if !answers && let Some(problem) = gate::answers_nothing(law, document, &said) {
        return unread(law, Some(document), problem, as_of);
    }
    let problem = gate::written_for_another(law, &said);
    let overall = if problem.is_some() {
        Overall::NotLocated
    } else {
        overall(law, &topics, &said)
    };
    StatementReading {
        law: law.id.clone(),
        as_of,
        overall,
        reasons: reasons(law, &topics, overall),
        problem,
        not_checked: law.not_checked.clone(),
        topics,
        shared_text: shared_text(document, others),
        document: Some(facts(document)),
    }
}

/// What a visit to the homepage adds to a reading: the law wants a link there.
pub fn with_homepage_link(mut reading: StatementReading, link: &HomepageLink) -> StatementReading {
    reading
        .not_checked
        .retain(|unchecked| unchecked != "homepage_link");
    if reading.problem.is_none() && link.conspicuous != Conspicuous::Yes {
        reading.reasons.push(link.reason.clone());
        if reading.overall == Overall::Full {
            reading.overall = Overall::Partial;
        }
    }
    reading
}

fn unread(
    law: &Law,
    document: Option<&Document>,
    problem: Problem,
    as_of: NaiveDate,
) -> StatementReading {
    let topics = law
        .topics()
        .map(|key| {
            let reading = TopicReading {
                disclosed: None,
                disclosure: Disclosure::NotRead,
                best_practice: None,
                practice: None,
                mandatory: BTreeMap::new(),
                quotes: Vec::new(),
            };
            (key.to_owned(), reading)
        })
        .collect();
    StatementReading {
        law: law.id.clone(),
        as_of,
        overall: Overall::NotLocated,
        reasons: Vec::new(),
        problem: Some(problem),
        not_checked: law.not_checked.clone(),
        topics,
        shared_text: Vec::new(),
        document: document.map(facts),
    }
}

fn facts(document: &Document) -> DocumentFacts {
    DocumentFacts {
        kind: document.kind(),
        encoding: document.encoding().to_owned(),
        bytes: document.byte_count(),
        sha256: document.sha256().to_owned(),
        text: (document.kind() != DocumentKind::Text).then(|| document.text().to_owned()),
    }
}

fn shared_text(document: &Document, others: &OtherStatements) -> Vec<SharedText> {
    let own = statement_shingles(document);
    let mut shared: Vec<SharedText> = others
        .names
        .iter()
        .zip(&others.shingles)
        .map(|(name, runs)| SharedText {
            other: name.clone(),
            percent: contained_percent(&own, runs),
        })
        .filter(|shared| shared.percent >= NOTED_PERCENT)
        .collect();
    shared.sort_by(|one, other| {
        other
            .percent
            .cmp(&one.percent)
            .then_with(|| one.other.cmp(&other.other))
    });
    shared
}

struct Quoting<'a> {
    text: &'a str,
    said: &'a [Said],
    boilerplate: Vec<bool>,
}

impl Quoting<'_> {
    fn quote(&self, at: usize, rule: &str, stance: Stance) -> Option<Quote> {
        let span = self.said.get(at)?.sentence.span.clone();
        Some(Quote {
            start: span.start,
            end: span.end,
            text: self.text.get(span)?.to_owned(),
            rule: rule.to_owned(),
            stance,
            boilerplate: self.is_boilerplate(at),
        })
    }

    fn is_boilerplate(&self, at: usize) -> bool {
        self.boilerplate.get(at).copied().unwrap_or(false)
    }
}

fn topic_reading(
    law: &Law,
    topic: usize,
    findings: &[Finding<'_>],
    quoting: &Quoting<'_>,
) -> TopicReading {
    let mut own: Vec<&Finding<'_>> = findings
        .iter()
        .filter(|finding| finding.rule.topic == topic)
        .collect();
    let last_resort = |finding: &&Finding<'_>| finding.rule.gives_way == Some(GivesWay::ToAny);
    if !own.iter().all(last_resort) {
        own.retain(|finding| !last_resort(finding));
    }
    let denied = own.iter().any(|finding| {
        finding.stance == Stance::Denied
            && finding.rule.gives_way.is_none()
            && finding.rule.answers.contains(&Axis::Disclosed)
    });
    let counts =
        |finding: &&&Finding<'_>| !(denied && finding.rule.gives_way == Some(GivesWay::ToADenial));
    let disclosing: Vec<Stance> = own
        .iter()
        .filter(|finding| finding.rule.answers.contains(&Axis::Disclosed))
        .filter(counts)
        .map(|finding| finding.stance)
        .collect();
    let disclosure = if disclosing
        .iter()
        .any(|stance| matches!(stance, Stance::Asserted | Stance::Denied))
    {
        Disclosure::Yes
    } else if disclosing.is_empty() {
        Disclosure::No
    } else {
        Disclosure::Unclear
    };
    let taken = law
        .topics
        .get(topic)
        .map(|topic| topic.practice_question_takes.as_slice())
        .unwrap_or_default();
    let best_practice = own
        .iter()
        .filter(|finding| finding.rule.answers.contains(&Axis::BestPractice))
        .filter(counts)
        .any(|finding| finding.stance == Stance::Asserted || taken.contains(&finding.stance));
    let practised: Vec<usize> = own
        .iter()
        .filter(|finding| {
            finding.rule.answers.contains(&Axis::Practice) && finding.stance == Stance::Asserted
        })
        .filter(counts)
        .map(|finding| finding.at)
        .collect();
    let mut quotes: Vec<Quote> = Vec::new();
    for finding in own {
        let known = quoting.said.get(finding.at).is_some_and(|one| {
            quotes.iter().any(|quote| {
                quote.start == one.sentence.span.start && quote.stance == finding.stance
            })
        });
        if !known && quotes.len() < MOST_QUOTES {
            quotes.extend(quoting.quote(finding.at, &finding.rule.id, finding.stance));
        }
    }
    let practice = practice(law, topic, &practised, quoting);
    TopicReading {
        disclosed: Some(disclosure == Disclosure::Yes),
        disclosure,
        best_practice: Some(best_practice),
        practice: Some(practice),
        mandatory: law
            .mandatory
            .iter()
            .filter(|rule| rule.topic == topic)
            .map(|rule| {
                (
                    rule.name.clone(),
                    if disclosure == Disclosure::Yes {
                        mandatory(rule, topic, practice, denied, quoting)
                    } else {
                        // No facts of what is not disclosed.
                        Mandatory {
                            stated: Stated::NotStated,
                            quotes: Vec::new(),
                        }
                    },
                )
            })
            .collect(),
        quotes,
    }
}

/// Asserted once is 1. Who, how often, how and how far make it 2; counted
/// results make it 3. Words that many companies share, and words that take back
/// what they give, stay at 1.
fn practice(law: &Law, topic: usize, practised: &[usize], quoting: &Quoting<'_>) -> Practice {
    if practised.is_empty() {
        return Practice::None;
    }
    let firm: Vec<&Said> = practised
        .iter()
        .filter(|at| !quoting.is_boilerplate(**at))
        .filter_map(|at| quoting.said.get(*at))
        .filter(|one| !one.has(&law.softeners))
        .collect();
    if firm.is_empty() {
        return Practice::Asserted;
    }
    let section: Vec<&Said> = quoting
        .said
        .iter()
        .enumerate()
        .filter(|(at, one)| {
            one.kind == Kind::Said && one.section.contains(&topic) && !quoting.is_boilerplate(*at)
        })
        .map(|(_, one)| one)
        .collect();
    let evidence: Vec<&Said> = firm.iter().copied().chain(section).collect();
    let shown = |pattern: &Pattern| firm.iter().any(|one| pattern.is_in(&one.found));
    let kinds = law
        .specifics
        .iter()
        .filter(|kind| evidence.iter().any(|one| one.has(kind)))
        .count();
    if law.results.iter().any(shown) {
        Practice::Evidenced
    } else if kinds >= 2 {
        Practice::Specific
    } else {
        Practice::Asserted
    }
}

fn mandatory(
    rule: &MandatoryRule,
    topic: usize,
    practice: Practice,
    denied: bool,
    quoting: &Quoting<'_>,
) -> Mandatory {
    let mut quotes = Vec::new();
    let (mut yes, mut no) = (false, false);
    // What stands under the topic's own heading is said of that topic.
    let own_section = quoting.said.iter().any(|one| {
        one.kind == Kind::Said
            && one.section.contains(&topic)
            && [&rule.yes, &rule.no, &rule.in_section]
                .iter()
                .any(|patterns| one.says(patterns) != (false, false))
    });
    for (at, one) in quoting.said.iter().enumerate() {
        let elsewhere = (own_section || one.in_the_laws_words) && !one.section.contains(&topic);
        if one.kind != Kind::Said || elsewhere {
            continue;
        }
        // "not independent" is a no in the words of a yes.
        let (mut says_yes, denied_yes) = one.says(&rule.yes);
        // The law's own words never say a yes: "engages in" engages nobody.
        says_yes &= !one.in_the_laws_words;
        let (plain_no, _) = one.says(&rule.no);
        let mut says_no = plain_no || denied_yes;
        if own_section && !says_yes && !says_no {
            (says_yes, says_no) = one.says(&rule.in_section);
        }
        if !says_yes && !says_no {
            continue;
        }
        yes |= says_yes;
        no |= says_no;
        let stance = if says_no {
            Stance::Denied
        } else {
            Stance::Asserted
        };
        if quotes.len() < MOST_QUOTES && (one.section.contains(&topic) || quotes.len() < 3) {
            quotes.extend(quoting.quote(at, &rule.name, stance));
        }
    }
    let stated = match (yes, no) {
        (true, true) => Stated::Both,
        (true, false) => Stated::Yes,
        (false, true) => Stated::No,
        (false, false) if practice == Practice::None && denied => Stated::NotApplicable,
        (false, false) => Stated::NotStated,
    };
    Mandatory { stated, quotes }
}

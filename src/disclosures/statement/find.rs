//! Rules applied to sentences: what is said, under which heading, how firmly.

use std::collections::BTreeSet;

use super::{
    document::Document,
    law::{Law, Place, Rule},
    lead,
    pattern::{Hit, Pattern},
    sentence::{Role, Sentence, is_title, sentences},
    shared_text::{SAME_PERCENT, SHORTEST, Shingles, contained_percent, shingles},
    stance::{self, CuePlace, Stance},
    statute,
    words::{Places, Word, words},
};

/// Lines from the end in which a signature is looked for, and its most words.
const LAST_LINES: usize = 8;
const LONGEST_SIGNATURE: usize = 14;

/// Words of an answer that says no more than no.
const LONGEST_SHORT_ANSWER: usize = 6;

/// Sentences of a paragraph that count as near, each way.
const NEARBY: usize = 20;

/// A sentence with everything that rules ask about it.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) sentence: Sentence,
    pub(super) words: Vec<Word>,
    pub(super) found: Places,
    pub(super) cues: Vec<CuePlace>,
    /// "We do not:" denies what comes after it, from this word on.
    pub(super) lead: Option<(Stance, u16)>,
    /// From this word on it asks for a statement: "and disclose if ...".
    asked_from: u16,
    /// The law's words, said by the company: said of their own topic alone.
    pub(super) in_the_laws_words: bool,
    /// Topics of the heading above.
    pub(super) section: Vec<usize>,
    /// Groups found in the heading above.
    heading: Vec<usize>,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Heading,
    /// The law's own words, put down without anybody who does it.
    StatuteCopy,
    /// What the law asks of companies in general.
    Recital,
    Said,
}

/// A rule that fired on a sentence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Finding<'a> {
    pub(super) rule: &'a Rule,
    pub(super) stance: Stance,
    /// Index of the sentence.
    pub(super) at: usize,
}

impl Said {
    pub(super) fn has(&self, groups: &[usize]) -> bool {
        self.found.has_any(groups)
    }

    /// What is read of a pattern: nothing that is only asked for.
    fn hits(&self, pattern: &Pattern) -> Vec<Hit> {
        let mut hits = pattern.find(&self.found);
        hits.retain(|hit| hit.trigger.start < self.asked_from);
        hits
    }

    fn stance(&self, hit: Hit) -> Stance {
        let own = stance::stance(hit, &self.cues, &self.words);
        match self.lead {
            Some((stance, from)) if hit.trigger.start >= from => own.min(stance),
            _ => own,
        }
    }

    /// Whether one of the patterns occurs, undenied; and whether one occurs denied.
    pub(super) fn says(&self, patterns: &[Pattern]) -> (bool, bool) {
        let (mut plain, mut denied) = (false, false);
        for hit in patterns.iter().flat_map(|pattern| self.hits(pattern)) {
            if self.stance(hit) == Stance::Denied {
                denied = true;
            } else {
                plain = true;
            }
        }
        (plain, denied)
    }
}

/// Takes a document apart.
pub(super) fn said(law: &Law, document: &Document) -> Vec<Said> {
    let text = document.text();
    let mut section: Vec<usize> = Vec::new();
    let mut heading: Vec<usize> = Vec::new();
    let mut all = Vec::new();
    let mut carried: Option<Stance> = None;
    let mut speaker = Speaker::Nobody;
    let mut opened = Opened::default();
    for sentence in sentences(text) {
        let words = words(text.get(sentence.span.clone()).unwrap_or_default());
        let found = law.groups.find(&words);
        let (kind, topics) = kind(law, text, &sentence, &words, &found, speaker);
        let raw = text.get(sentence.span.clone()).unwrap_or_default();
        match kind {
            Kind::Heading | Kind::StatuteCopy => {
                // A line without a topic ends a section only if it is a title.
                opened.note(kind, &topics);
                let heads = sentence.answered.is_some() || !opened.is_list();
                if speaker == Speaker::LawsList && topics.is_empty() && !sentence.item {
                    speaker = Speaker::Law;
                }
                section = if heads { topics } else { Vec::new() };
                heading = found.groups();
            }
            Kind::Recital if raw.ends_with(':') => speaker = Speaker::LawsList,
            // "Disclose if ..." below a line of the law's list: the list goes on.
            Kind::Recital
                if speaker == Speaker::LawsList && statute::asked_from(&words) == Some(0) => {}
            Kind::Recital => speaker = Speaker::Law,
            Kind::Said => {
                let goes_on =
                    speaker == Speaker::LawsList && sentence.item && !found.has_any(&law.company);
                if !goes_on {
                    speaker = Speaker::Nobody;
                }
                opened = Opened::default();
            }
        }
        let cues = stance::places(&law.cues, &found);
        let colon = colon_after_words(raw);
        let own_lead = colon.and_then(|at| Some((stance::lead(&cues, at)?, at)));
        if !sentence.item {
            carried = None;
        }
        let lead = carried.map(|stance| (stance, 0)).or(own_lead);
        if raw.ends_with(':') {
            carried = own_lead.map(|(stance, _)| stance);
        }
        all.push(Said {
            cues,
            lead,
            asked_from: statute::asked_from(&words)
                .and_then(|at| u16::try_from(at).ok())
                .unwrap_or(u16::MAX),
            in_the_laws_words: false,
            section: section.clone(),
            heading: heading.clone(),
            sentence,
            words,
            found,
            kind,
        });
    }
    lead::give_to_company(law, text, &mut all);
    all
}

/// Who speaks before a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speaker {
    Nobody,
    /// "The law requires companies to disclose": its topics in other words are
    /// still the law's.
    Law,
    /// "... to what extent they:", and the lines of that list.
    LawsList,
}

/// Topics named since anything was said.
#[derive(Debug, Default)]
struct Opened {
    lines: usize,
    copies: usize,
    topics: BTreeSet<usize>,
}

impl Opened {
    fn note(&mut self, kind: Kind, topics: &[usize]) {
        self.lines += usize::from(!topics.is_empty());
        self.copies += usize::from(kind == Kind::StatuteCopy);
        self.topics.extend(topics);
    }

    /// One line of the law's words, or one heading, heads the answer below it. A
    /// list of them heads nothing: what follows answers as it stands.
    fn is_list(&self) -> bool {
        self.topics.len().min(self.lines) >= 3 || (self.copies >= 2 && self.topics.len() != 1)
    }
}

/// How many words stand before the first colon.
fn colon_after_words(raw: &str) -> Option<u16> {
    let (before, _) = raw.split_once(':')?;
    u16::try_from(words(before).len()).ok()
}

fn kind(
    law: &Law,
    text: &str,
    sentence: &Sentence,
    words: &[Word],
    found: &Places,
    speaker: Speaker,
) -> (Kind, Vec<usize>) {
    let has = |groups: &[usize]| found.has_any(groups);
    let by_heading: Vec<usize> = law
        .topics
        .iter()
        .enumerate()
        .filter(|(_, topic)| has(&topic.heading))
        .map(|(number, _)| number)
        .collect();
    if let Some(yes) = sentence.answered {
        return (
            Kind::Heading,
            asked_topics(law, words, found, yes, by_heading),
        );
    }
    let copied = statute::copied_topic(law, words)
        .map(|topic| vec![topic])
        .or_else(|| {
            (speaker != Speaker::Nobody)
                .then(|| statute::told_again(law, words))
                .flatten()
        })
        .or_else(|| {
            (speaker == Speaker::LawsList)
                .then(|| statute::listed(law, words))
                .flatten()
        });
    let spoken_by_company = has(&law.company);
    let said = text.get(sentence.span.clone()).unwrap_or_default();
    let question = said.ends_with('?');
    if let Some(topics) = copied
        && (!spoken_by_company || question)
    {
        return (Kind::StatuteCopy, topics);
    }
    let recites = || law.recital.iter().any(|pattern| pattern.is_in(found));
    if statute::asked_from(words) == Some(0) && !spoken_by_company {
        return (Kind::Recital, Vec::new());
    }
    match sentence.role {
        // "Companies must disclose whether they:" is short and no heading.
        Role::Heading if said.ends_with(':') && recites() => (Kind::Recital, Vec::new()),
        Role::Heading => (Kind::Heading, by_heading),
        // A question asks, it answers nothing; what follows does.
        _ if question => (Kind::Heading, by_heading),
        Role::Label if !by_heading.is_empty() || is_title(said) => (Kind::Heading, by_heading),
        _ if recites() => (Kind::Recital, Vec::new()),
        _ => (Kind::Said, Vec::new()),
    }
}

/// What a bare yes or no below answers. A no to "independent audits" is none to
/// audits, and a yes to "we do not" is no yes: such lines answer no topic.
fn asked_topics(
    law: &Law,
    words: &[Word],
    found: &Places,
    yes: bool,
    by_heading: Vec<usize>,
) -> Vec<usize> {
    let asked = statute::asked_from(words).unwrap_or(usize::MAX);
    let names_a_fact = || {
        law.mandatory
            .iter()
            .flat_map(|rule| rule.yes.iter().chain(&rule.no).chain(&rule.in_section))
            .flat_map(|pattern| pattern.find(found))
            .any(|hit| usize::from(hit.trigger.start) < asked)
    };
    let turned = stance::denies_at_once(&stance::places(&law.cues, found));
    if turned || (!yes && names_a_fact()) {
        return Vec::new();
    }
    statute::copied_topic(law, words)
        .or_else(|| statute::nearest(law, words))
        .map_or(by_heading, |topic| vec![topic])
}

/// Everything that the rules find, in the order of the text.
pub(super) fn findings<'a>(law: &'a Law, said: &[Said]) -> Vec<Finding<'a>> {
    let mut findings = Vec::new();
    let headed: Vec<usize> = said
        .iter()
        .filter(|one| one.kind == Kind::Heading)
        .flat_map(|one| one.section.iter().copied())
        .collect();
    let dedicated = is_dedicated(law, said);
    for (at, one) in said.iter().enumerate() {
        for rule in &law.rules {
            if !is_read(rule, one, said.len() - at, &headed)
                || one.has(&rule.without)
                || !rule.with.iter().all(|groups| one.has(groups))
            {
                continue;
            }
            let mut stances: Vec<Stance> = rule
                .patterns
                .iter()
                .flat_map(|pattern| one.hits(pattern))
                .map(|hit| rule.reads_as.unwrap_or_else(|| one.stance(hit)))
                .map(|stance| {
                    if rule.also.contains(&stance) {
                        Stance::Asserted
                    } else {
                        stance
                    }
                })
                .collect();
            if stances.is_empty()
                || !rule.about.iter().all(|groups| {
                    (dedicated && groups.iter().any(|group| law.subject.contains(group)))
                        || about(said, at, groups)
                })
            {
                continue;
            }
            stances.sort_unstable();
            stances.dedup();
            findings.extend(
                stances
                    .into_iter()
                    .filter(|stance| *stance != Stance::OthersDuty)
                    .filter(|stance| rule.only.is_empty() || rule.only.contains(stance))
                    .map(|stance| Finding { rule, stance, at }),
            );
        }
    }
    findings
}

fn is_read(rule: &Rule, one: &Said, lines_left: usize, headed: &[usize]) -> bool {
    let prose = one.kind == Kind::Said;
    match rule.place {
        Place::Prose => prose,
        Place::Section => prose && one.section.contains(&rule.topic),
        Place::NoSection => prose && !headed.contains(&rule.topic),
        Place::ShortAnswer => {
            prose && one.words.len() <= LONGEST_SHORT_ANSWER && one.section.contains(&rule.topic)
        }
        Place::HeadingsToo => prose || one.kind == Kind::Heading,
        Place::LastLines => {
            matches!(one.kind, Kind::Said | Kind::Heading)
                && lines_left <= LAST_LINES
                && one.words.len() <= LONGEST_SIGNATURE
        }
    }
}

/// Words at the beginning in which a text says what it is about.
const OPENING_WORDS: usize = 60;
/// A text longer than this speaks of more than one thing.
const LONGEST_DEDICATED: usize = 2500;

/// Whether the whole text is about the subject, so that "we audit every factory"
/// needs no "for slavery" beside it.
fn is_dedicated(law: &Law, said: &[Said]) -> bool {
    let mut words_before = 0;
    let mut opens = false;
    for one in said {
        opens |= words_before < OPENING_WORDS && (one.has(&law.own_names) || one.has(&law.subject));
        words_before += one.words.len();
    }
    opens && words_before <= LONGEST_DEDICATED
}

/// Whether the groups occur in the sentence, its paragraph or its heading.
fn about(said: &[Said], at: usize, groups: &[usize]) -> bool {
    let Some(one) = said.get(at) else {
        return false;
    };
    let same_block = |other: &&Said| other.sentence.block == one.sentence.block;
    one.has(groups)
        || groups.iter().any(|group| one.heading.contains(group))
        || said
            .get(at + 1..)
            .unwrap_or_default()
            .iter()
            .take_while(same_block)
            .take(NEARBY)
            .chain(
                said.get(..at)
                    .unwrap_or_default()
                    .iter()
                    .rev()
                    .take_while(same_block)
                    .take(NEARBY),
            )
            .any(|other| other.kind == Kind::Said && other.has(groups))
}

/// Whether a sentence stands in another statement.
pub(super) fn is_boilerplate(one: &Said, others: &[Shingles]) -> bool {
    if one.words.len() < SHORTEST || others.is_empty() {
        return false;
    }
    let runs = shingles(&one.words);
    others
        .iter()
        .any(|other| contained_percent(&runs, other) >= SAME_PERCENT)
}

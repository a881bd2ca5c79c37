//! Who speaks in a list: the law that asks for it, or the company that gives it.
//! "Globex does the following:" makes the law's words below it Globex's own.

use super::{
    find::{Kind, Said},
    law::Law,
    sentence::Role,
    stance, statute,
    words::Word,
};

/// Verbs by which one somebody answers; "we" says them without the "s".
const ANSWERS: [&str; 18] = [
    "plans",
    "intends",
    "will",
    "may",
    "does",
    "takes",
    "took",
    "taken",
    "undertakes",
    "performs",
    "makes",
    "complies",
    "discloses",
    "states",
    "reports",
    "confirms",
    "declares",
    "responds",
];
const WE_ANSWER: [&str; 13] = [
    "do",
    "take",
    "took",
    "taken",
    "undertake",
    "perform",
    "make",
    "comply",
    "disclose",
    "state",
    "report",
    "confirm",
    "declare",
];
/// Words of the law, of a question, or of companies in general.
const ASKS: [&str; 25] = [
    "whether",
    "extent",
    "if",
    "what",
    "how",
    "must",
    "shall",
    "should",
    "require",
    "requires",
    "required",
    "requiring",
    "requirement",
    "requirements",
    "asks",
    "asked",
    "obliged",
    "companies",
    "retailers",
    "manufacturers",
    "sellers",
    "seller",
    "businesses",
    "covered",
    "legislature",
];
/// A subject that is nobody: "a company that does the following".
const ANYBODY: [&str; 12] = [
    "a", "an", "any", "each", "every", "all", "no", "such", "those", "these", "many", "most",
];
const LAWS: [&str; 12] = [
    "act",
    "law",
    "legislation",
    "statute",
    "bill",
    "sb",
    "section",
    "subdivision",
    "paragraph",
    "state",
    "california",
    "code",
];
/// Words at a lead's end in which it says that something follows.
const AT_ITS_END: usize = 8;
/// Words at its end in which "we:" or "the company:" stands.
const SUBJECT_AT_ITS_END: usize = 3;
/// An answer to everything above: "We do none of these."
const SHORT_DENIAL: usize = 12;

/// Whether a sentence opens a list of what the company does.
pub(super) fn is_companys(law: &Law, raw: &str, one: &[Word], names: &[u16]) -> bool {
    let text: Vec<&str> = one.iter().map(|word| word.text.as_str()).collect();
    let end = |reach: usize| {
        text.get(text.len().saturating_sub(reach)..)
            .unwrap_or(&text)
    };
    let follows = end(AT_ITS_END)
        .windows(2)
        .any(|pair| pair == ["as", "follows"])
        || end(AT_ITS_END).contains(&"following");
    let colon = raw.ends_with(':');
    let of_the_law = names.iter().any(|start| *start <= 1)
        || text.iter().take(2).any(|word| LAWS.contains(word));
    if !(colon || follows)
        || of_the_law
        || text.iter().any(|word| ASKS.contains(word))
        || text.first().is_none_or(|word| ANYBODY.contains(word))
    {
        return false;
    }
    let ours = law.groups.find(one).has_any(&law.company);
    let verb = text
        .iter()
        .any(|word| ANSWERS.contains(word) || (ours && WE_ANSWER.contains(word)));
    let that_it = text
        .windows(2)
        .any(|pair| matches!(pair, ["that", "it" | "we" | "they" | "the"]));
    let by_verb = verb
        && (follows
            || (colon && (that_it || text.last().is_some_and(|word| ANSWERS.contains(word)))));
    let last = end(SUBJECT_AT_ITS_END);
    let by_subject = colon
        && (last.iter().any(|word| matches!(*word, "we" | "it"))
            || last
                .windows(2)
                .any(|pair| matches!(pair, ["the" | "this", "company"])));
    by_verb || by_subject
}

/// Makes the law's words below a company's lead the company's.
pub(super) fn give_to_company(law: &Law, text: &str, all: &mut [Said]) {
    for at in 0..all.len() {
        let Some(lead) = all.get(at).filter(|one| opens(law, text, one)) else {
            continue;
        };
        let stance = stance::of_list(&lead.cues, &lead.words);
        for number in lines_below(law, text, all, at) {
            let Some(line) = all.get_mut(number) else {
                continue;
            };
            line.kind = Kind::Said;
            line.in_the_laws_words = true;
            if let Some(topic) = statute::copied_topic(law, &line.words)
                .or_else(|| statute::nearest(law, &line.words))
            {
                line.section = vec![topic];
            }
            if let Some(stance) = stance {
                line.lead = Some((stance, 0));
            }
        }
    }
}

fn opens(law: &Law, text: &str, one: &Said) -> bool {
    let raw = text.get(one.sentence.span.clone()).unwrap_or_default();
    let names: Vec<u16> = law
        .own_names
        .iter()
        .flat_map(|group| one.found.of(*group))
        .map(|place| place.start)
        .collect();
    matches!(one.kind, Kind::Said | Kind::Heading)
        && one.sentence.answered.is_none()
        && is_companys(law, raw, &one.words, &names)
}

/// The lines in the law's words below a lead; none where each is a question that
/// an answer follows, or where all are denied below.
fn lines_below(law: &Law, text: &str, all: &[Said], lead: usize) -> Vec<usize> {
    let mut lines: Vec<usize> = Vec::new();
    let mut last: Option<&Said> = None;
    for (number, one) in all.iter().enumerate().skip(lead + 1) {
        let raw = text.get(one.sentence.span.clone()).unwrap_or_default();
        let same_block = last.is_some_and(|last| last.sentence.block == one.sentence.block);
        let answered = one.sentence.answered.is_some() || raw.ends_with('?');
        match one.kind {
            Kind::Recital => return Vec::new(),
            _ if answered => return if lines.is_empty() { lines } else { Vec::new() },
            Kind::StatuteCopy => lines.push(number),
            Kind::Heading => {
                let names_a_topic = law
                    .topics
                    .iter()
                    .any(|topic| one.found.has_any(&topic.heading));
                if !names_a_topic && one.sentence.role == Role::Heading && !is_answer(&one.words) {
                    return lines;
                }
                if !names_a_topic {
                    return Vec::new();
                }
            }
            Kind::Said if denies_the_lines(law, one) => return Vec::new(),
            Kind::Said if one.sentence.item || same_block => {}
            Kind::Said => {
                let more = all
                    .iter()
                    .skip(number + 1)
                    .any(|later| later.kind == Kind::StatuteCopy);
                return if more { Vec::new() } else { lines };
            }
        }
        last = Some(one);
    }
    lines
}

/// "No.", "Yes, since 2020."
fn is_answer(words: &[Word]) -> bool {
    words
        .first()
        .is_some_and(|word| matches!(word.text.as_str(), "yes" | "no" | "none" | "not"))
}

/// "No.", "We do not do so.", "None of these is done."
fn denies_the_lines(law: &Law, one: &Said) -> bool {
    let names_a_fact = law.mandatory.iter().any(|rule| {
        [&rule.yes, &rule.no, &rule.in_section]
            .into_iter()
            .flatten()
            .any(|pattern| pattern.is_in(&one.found))
    });
    let names_a_topic = law
        .topics
        .iter()
        .any(|topic| one.found.has_any(&topic.heading));
    is_answer(&one.words)
        || (stance::denies(&one.cues)
            && !names_a_fact
            && !names_a_topic
            && one.words.len() <= SHORT_DENIAL)
}

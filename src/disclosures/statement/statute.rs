//! The law's own words, put down in place of an answer: as they stand, as
//! commands, as nouns, or told again after "the law requires", with or without
//! "and disclose if ..." at its end.

use super::{
    law::{Law, Topic},
    shared_text::{SAME_PERCENT, SHORTEST, contained_percent, run_at, shingles},
    words::Word,
};

/// The share of a sentence's words of meaning that make it the law told again.
const TOLD_AGAIN_PERCENT: usize = 85;
/// Fewer words of meaning are common by chance.
const FEWEST_TOLD_AGAIN: usize = 5;
/// Letters that two forms of one word share: "verify", "verification".
const STEM: usize = 5;

/// Words that carry no meaning of a topic.
const SMALL: [&str; 23] = [
    "of", "by", "to", "in", "on", "at", "the", "a", "an", "that", "who", "which", "and", "or",
    "for", "with", "from", "its", "their", "any", "all", "have", "are",
];
/// Words that make a question of what follows, and how soon they do.
const ASKING: [&str; 3] = ["whether", "extent", "how"];
const ASKING_WITHIN: usize = 4;
/// Words of somebody who answers: the law says neither "not" nor "is done".
const ANSWERING: [&str; 13] = [
    "not", "no", "nor", "never", "don't", "doesn't", "is", "was", "were", "will", "been", "has",
    "does",
];

/// The share that makes a line of a list the law's, where the law opened the list.
const LISTED_PERCENT: usize = 60;
const FEWEST_LISTED: usize = 3;
/// What asks for a statement: "and disclose if", "specifying whether".
const DISCLOSING: [&str; 3] = ["disclos", "specif", "indicat"];
const STATING: [&str; 2] = ["state", "stating"];
const CONDITION: [&str; 4] = ["if", "whether", "where", "when"];
const JOINING: [&str; 8] = ["and", "or", "to", "also", "must", "shall", "should", "then"];
/// Words of which what follows is told: "who do not meet", "where business is done".
const RELATIVE: [&str; 6] = ["who", "that", "which", "where", "they", "whose"];
const RELATIVE_WITHIN: usize = 3;

/// The word from which a sentence asks for a statement in place of making one:
/// "..., and disclose if it was not done by a third party".
pub(super) fn asked_from(words: &[Word]) -> Option<usize> {
    let asks = words.windows(2).position(|pair| match pair {
        [one, next] => {
            (DISCLOSING.iter().any(|stem| one.text.starts_with(stem))
                || STATING.contains(&one.text.as_str()))
                && CONDITION.contains(&next.text.as_str())
        }
        _ => false,
    })?;
    let joined = words
        .get(..asks)?
        .iter()
        .rev()
        .take_while(|word| JOINING.contains(&word.text.as_str()))
        .count();
    Some(asks - joined)
}

fn before_asked(words: &[Word]) -> &[Word] {
    let end = asked_from(words).filter(|at| *at >= SHORTEST);
    words.get(..end.unwrap_or(words.len())).unwrap_or(words)
}

/// The topic whose statute text makes up most of a sentence that nobody speaks.
pub(super) fn copied_topic(law: &Law, words: &[Word]) -> Option<usize> {
    let words = before_asked(words);
    if words.len() < SHORTEST {
        return None;
    }
    let runs = shingles(words);
    let (percent, number) = law
        .topics
        .iter()
        .enumerate()
        .map(|(number, topic)| (contained_percent(&runs, &topic.statute), number))
        .max_by_key(|(percent, number)| (*percent, std::cmp::Reverse(*number)))?;
    let topic = law.topics.get(number)?;
    let from_its_first_word = run_at(words, 0).is_some_and(|run| topic.statute.contains(&run));
    // Word by word, even "was not conducted by a third party" is the law's.
    let copied = percent == 100
        || (percent >= SAME_PERCENT
            && !answers(words)
            && (from_its_first_word || begins_as_the_law(topic, words)));
    copied.then_some(number)
}

/// Whether a sentence tells the law again with hardly a word of its own; and
/// which topic, where it is one.
pub(super) fn told_again(law: &Law, words: &[Word]) -> Option<Vec<usize>> {
    let words = before_asked(words);
    let meaning: Vec<&str> = meaning(words).collect();
    if meaning.len() < FEWEST_TOLD_AGAIN || answers(words) {
        return None;
    }
    let first = law
        .topics
        .iter()
        .find(|topic| begins_as_the_law(topic, words))?;
    let most = |told: usize| told * 100 >= meaning.len() * TOLD_AGAIN_PERCENT;
    if most(meaning.iter().filter(|word| is_of(first, word)).count()) {
        let number = law.topics.iter().position(|topic| topic.key == first.key)?;
        return Some(vec![number]);
    }
    let of_any = |word: &&&str| law.topics.iter().any(|topic| is_of(topic, word));
    most(meaning.iter().filter(of_any).count()).then(Vec::new)
}

/// Whether a line of a list that the law opened goes on with the law; and which
/// topic it is nearest to.
pub(super) fn listed(law: &Law, words: &[Word]) -> Option<Vec<usize>> {
    let words = before_asked(words);
    let numbered = words.iter().any(|word| {
        word.text
            .starts_with(|letter: char| letter.is_ascii_digit())
    });
    let answered = (0..words.len()).any(|at| {
        let told_of = words
            .get(at.saturating_sub(RELATIVE_WITHIN)..at)
            .unwrap_or_default()
            .iter()
            .any(|word| RELATIVE.contains(&word.text.as_str()));
        !told_of && answers_at(words, at)
    });
    if numbered
        || answered
        || !meaning(words)
            .next()
            .is_some_and(|word| law.topics.iter().any(|topic| is_of(topic, word)))
    {
        return None;
    }
    let meaning: Vec<&str> = meaning(words).collect();
    let told = meaning
        .iter()
        .filter(|word| law.topics.iter().any(|topic| is_of(topic, word)))
        .count();
    (meaning.len() >= FEWEST_LISTED && told * 100 >= meaning.len() * LISTED_PERCENT)
        .then(|| nearest(law, words).into_iter().collect())
}

/// The one topic that has most of the words.
pub(super) fn nearest(law: &Law, words: &[Word]) -> Option<usize> {
    let meaning: Vec<&str> = meaning(before_asked(words)).collect();
    let told = |topic: &Topic| meaning.iter().filter(|word| is_of(topic, word)).count();
    let most = law.topics.iter().map(told).max()?;
    let mut with_most = (0..law.topics.len()).filter(|number| {
        law.topics
            .get(*number)
            .is_some_and(|topic| told(topic) == most)
    });
    let number = with_most.next()?;
    (with_most.next().is_none() && most * 100 >= meaning.len() * LISTED_PERCENT).then_some(number)
}

fn meaning(words: &[Word]) -> impl Iterator<Item = &str> {
    words
        .iter()
        .map(|word| word.text.as_str())
        .filter(|word| !SMALL.contains(word))
}

/// "Audits are conducted", "does not certify": somebody says so. The law itself
/// says "in which they are doing business" and "who have direct responsibility".
fn answers(words: &[Word]) -> bool {
    (0..words.len()).any(|at| answers_at(words, at))
}

fn answers_at(words: &[Word], at: usize) -> bool {
    let text = |at: usize| words.get(at).map(|word| word.text.as_str());
    match text(at) {
        Some("are") => text(at + 1) != Some("doing"),
        Some("do") => text(at + 1) != Some("business"),
        Some("have") => text(at + 1) != Some("direct"),
        Some(other) => ANSWERING.contains(&other),
        None => false,
    }
}

/// "Acme conducts audits of suppliers to ..." is Acme's answer in the law's words;
/// "Conduct audits of suppliers to ...", "Supplier audits to ..." and "Whether it
/// conducts audits ..." are the law's.
fn begins_as_the_law(topic: &Topic, words: &[Word]) -> bool {
    let asked = words
        .iter()
        .take(ASKING_WITHIN)
        .any(|word| ASKING.contains(&word.text.as_str()));
    if asked {
        return true;
    }
    let verb = topic.words.first().map(String::as_str).unwrap_or_default();
    for (at, word) in meaning(words).take(3).enumerate() {
        let begins = if at == 0 {
            shares_stem(word, verb) || shares_stem(word, &topic.key)
        } else {
            word.starts_with(topic.key.trim_end_matches('s'))
        };
        if begins {
            return true;
        }
        if word == "company" || !is_of(topic, word) {
            return false;
        }
    }
    false
}

/// Whether the statute has a form of the word.
fn is_of(topic: &Topic, word: &str) -> bool {
    topic
        .words
        .iter()
        .any(|known| known == word || shares_stem(known, word))
}

/// "Failing" and "fail", "verify" and "verification".
fn shares_stem(one: &str, other: &str) -> bool {
    let shared = one
        .chars()
        .zip(other.chars())
        .take_while(|(one, other)| one == other)
        .count();
    let shorter = one.chars().count().min(other.chars().count());
    shared >= STEM || (shared == shorter && shared + 1 >= STEM)
}

/// What the reader's version stands for.
#[cfg(test)]
pub(super) fn own_words() -> Vec<&'static str> {
    [&SMALL[..], &ASKING, &ANSWERING].concat()
}

#[cfg(test)]
mod tests {
    use super::{
        super::{law::SB_657, words::words},
        *,
    };

    fn copied(said: &str) -> Option<usize> {
        copied_topic(&Law::parse(SB_657).unwrap(), &words(said))
    }

    fn told(said: &str) -> Option<Vec<usize>> {
        told_again(&Law::parse(SB_657).unwrap(), &words(said))
    }

    #[test]
    fn the_laws_words_are_known_in_every_form() {
        for said in [
            "Conducts audits of suppliers to evaluate supplier compliance with company standards \
             for trafficking and slavery in supply chains.",
            "Conduct audits of suppliers to evaluate supplier compliance with company standards \
             for trafficking and slavery.",
            "Audits of suppliers to evaluate supplier compliance with company standards for \
             trafficking and slavery in supply chains",
            "Whether it conducts audits of suppliers to evaluate supplier compliance with company \
             standards for trafficking and slavery",
        ] {
            assert_eq!(copied(said), Some(1), "{said}");
        }
        assert_eq!(
            told("Supplier audits to evaluate compliance with standards on human trafficking"),
            Some(vec![1])
        );
    }

    #[test]
    fn somebodys_answer_in_the_laws_words_is_an_answer() {
        for said in [
            "Acme conducts audits of suppliers to evaluate supplier compliance with company \
             standards for trafficking and slavery in supply chains.",
            "Does not conduct audits of suppliers to evaluate supplier compliance with company \
             standards for trafficking and slavery in supply chains.",
            "Audits of suppliers to evaluate supplier compliance with company standards for \
             trafficking and slavery are not conducted.",
            "Direct suppliers certify that materials incorporated into the product comply with \
             the laws regarding slavery and human trafficking of the country or countries in \
             which they are doing business.",
        ] {
            assert_eq!(copied(said), None, "{said}");
            assert_eq!(told(said), None, "{said}");
        }
    }
}

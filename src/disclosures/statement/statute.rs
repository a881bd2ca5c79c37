//! The law's own words, put down in place of an answer: as they stand, as
//! commands, as nouns, or told again after "the law requires".

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

/// The topic whose statute text makes up most of a sentence that nobody speaks.
pub(super) fn copied_topic(law: &Law, words: &[Word]) -> Option<usize> {
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

fn meaning(words: &[Word]) -> impl Iterator<Item = &str> {
    words
        .iter()
        .map(|word| word.text.as_str())
        .filter(|word| !SMALL.contains(word))
}

/// "Audits are conducted", "does not certify": somebody says so. The law itself
/// says "in which they are doing business" and "who have direct responsibility".
fn answers(words: &[Word]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let next = words.get(at + 1).map(|word| word.text.as_str());
        match word.text.as_str() {
            "are" => next != Some("doing"),
            "do" => next != Some("business"),
            "have" => next != Some("direct"),
            other => ANSWERING.contains(&other),
        }
    })
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

//! A name prepared for comparison: its words in Latin letters, what they mean
//! where that is known, and the legal forms folded away.

use super::{
    fold::{self, Script, Word},
    lexicon::{ConceptId, Sense, lexicon, word_key},
    romanize::{pinyin, romanize},
    sound::{skeleton, sound},
};

/// A name in words that can be compared across languages and scripts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Name {
    /// The words that are left when legal forms and words without weight are
    /// folded away. All words, if none would be left.
    pub words: Vec<NameWord>,
    /// Legal forms, as places in the lexicon, in the order of the name.
    pub legal: Vec<u16>,
    /// No word but legal forms and words without weight.
    pub only_legal: bool,
}

/// One word, or one phrase that means one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameWord {
    /// Lower-case ASCII.
    pub text: String,
    pub sound: String,
    pub skeleton: String,
    pub concept: Option<ConceptId>,
    /// Written without vowels: compared by its skeleton.
    pub is_consonantal: bool,
    /// Sounded out from Han letters: many brands sound the same.
    pub is_sounded: bool,
    /// The word with the article or preposition before it, written as one:
    /// `aliyaf` for `al iyaf`.
    pub with_article: Option<String>,
}

impl NameWord {
    fn new(text: String, concept: Option<ConceptId>, is_consonantal: bool) -> Self {
        let sound = sound(&text);
        let skeleton = skeleton(&sound);
        Self {
            text,
            sound,
            skeleton,
            concept,
            is_consonantal,
            is_sounded: false,
            with_article: None,
        }
    }

    pub fn is_number(&self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_digit())
    }
}

impl Name {
    pub fn new(name: &str) -> Self {
        let mut words: Vec<Word> = fold::words(name).into_iter().map(without_article).collect();
        if let Some(acronym) = own_acronym(&words) {
            words.remove(acronym);
        }
        let mut builder = Builder::new(&words);
        builder.read(true);
        builder.drop_repeated();
        if builder.name.words.is_empty() {
            builder = Builder::new(&words);
            builder.read(false);
            builder.name.only_legal = true;
        }
        builder.name
    }
}

/// "Islamic Republic of Iran Shipping Lines (IRISL)" says its name twice: the
/// place of a word that is the initials of words that stand together elsewhere.
fn own_acronym(words: &[Word]) -> Option<usize> {
    const STOPS: [&str; 8] = ["of", "and", "the", "for", "de", "y", "i", "in"];
    if words.len() < 4 {
        return None;
    }
    words.iter().enumerate().find_map(|(place, word)| {
        if !(3..=8).contains(&word.text.len()) || word.script == Script::Digits {
            return None;
        }
        let initials: String = words
            .iter()
            .enumerate()
            .filter(|(other, word)| *other != place && !STOPS.contains(&word.text.as_str()))
            .filter_map(|(_, word)| word.text.chars().next())
            .collect();
        initials.contains(&word.text).then_some(place)
    })
}

/// The Arabic article, alone or after "and", "for", "with": الصناعات is صناعات.
fn without_article(mut word: Word) -> Word {
    if word.script == Script::Arabic {
        for article in ["وال", "بال", "ال", "لل"] {
            if let Some(rest) = word.text.strip_prefix(article)
                && rest.chars().count() > 2
            {
                word.text = rest.to_owned();
                break;
            }
        }
    }
    word
}

struct Builder<'words> {
    words: &'words [Word],
    latin: Vec<String>,
    keys: Vec<String>,
    /// The article or preposition just passed over.
    article: Option<String>,
    name: Name,
}

impl<'words> Builder<'words> {
    fn new(words: &'words [Word]) -> Self {
        let latin: Vec<String> = words.iter().map(romanize).collect();
        let keys = words
            .iter()
            .zip(&latin)
            .map(|(word, latin)| {
                if word.script == Script::Han {
                    String::new()
                } else {
                    word_key(word, latin)
                }
            })
            .collect();
        Self {
            words,
            latin,
            keys,
            article: None,
            name: Name::default(),
        }
    }

    /// `folds`: whether legal forms and words without weight are left out.
    fn read(&mut self, folds: bool) {
        let mut at = 0;
        while let (Some(word), Some(latin)) = (self.words.get(at), self.latin.get(at)) {
            if word.script == Script::Han {
                self.read_han(&word.text, folds);
                at += 1;
                continue;
            }
            let is_consonantal = word.script == Script::Arabic;
            let sense = self
                .keys
                .get(at..)
                .and_then(|rest| lexicon().sense_at(rest));
            let article = self.article.take();
            match sense {
                Some((taken, Sense::Legal(form))) if folds => {
                    self.name.legal.push(form);
                    at += taken;
                }
                Some((taken, Sense::Stop)) if folds => {
                    if taken == 1 && !is_consonantal {
                        self.article = Some(latin.clone());
                    }
                    at += taken;
                }
                Some((taken, Sense::Concept(concept))) => {
                    let text = self.latin.get(at..at + taken).unwrap_or_default().concat();
                    self.push(NameWord::new(text, Some(concept), is_consonantal), article);
                    at += taken;
                }
                _ => {
                    if !latin.is_empty() {
                        self.push(NameWord::new(latin.clone(), None, is_consonantal), article);
                    }
                    at += 1;
                }
            }
        }
    }

    fn push(&mut self, mut word: NameWord, article: Option<String>) {
        word.with_article = article.map(|article| article + &word.text);
        self.name.words.push(word);
    }

    /// A name that says itself twice, "X Ltd (X)", says it once.
    fn drop_repeated(&mut self) {
        let words = std::mem::take(&mut self.name.words);
        for word in words {
            let known = |other: &NameWord| other.text == word.text && other.concept == word.concept;
            if !self.name.words.iter().any(known) {
                self.name.words.push(word);
            }
        }
    }

    /// Han text has no spaces: known phrases are cut out, longest first; what
    /// stands between them is one word, as pinyin writes a brand.
    fn read_han(&mut self, text: &str, folds: bool) {
        let letters: Vec<char> = lexicon().simplify(text).chars().collect();
        let mut at = 0;
        let mut run = String::new();
        let mut after_place = false;
        while let Some(letter) = letters.get(at) {
            let sense = letters
                .get(at..)
                .and_then(|rest| lexicon().sense_at_han(rest));
            let Some((taken, sense)) =
                sense.filter(|(_, sense)| folds || matches!(sense, Sense::Concept(_)))
            else {
                // 市, 省, 县, 区 after a place only say what kind it is.
                if !(after_place && matches!(letter, '市' | '省' | '县' | '区')) {
                    run.push(*letter);
                }
                after_place = false;
                at += 1;
                continue;
            };
            self.push_brand(&mut run);
            if let Sense::Concept(concept) = sense {
                let phrase: String = letters
                    .get(at..at + taken)
                    .unwrap_or_default()
                    .iter()
                    .collect();
                self.name
                    .words
                    .push(NameWord::new(pinyin(&phrase), Some(concept), false));
                after_place = lexicon()
                    .concept(concept)
                    .is_some_and(|concept| concept.is_place);
            } else {
                if let Sense::Legal(form) = sense {
                    self.name.legal.push(form);
                }
                after_place = false;
            }
            at += taken;
        }
        self.push_brand(&mut run);
    }

    fn push_brand(&mut self, run: &mut String) {
        let latin = pinyin(run);
        run.clear();
        if !latin.is_empty() {
            let word = NameWord::new(latin, None, false);
            self.name.words.push(NameWord {
                is_sounded: true,
                ..word
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(name: &str) -> String {
        let prepared = Name::new(name);
        let texts: Vec<&str> = prepared
            .words
            .iter()
            .map(|word| word.text.as_str())
            .collect();
        texts.join(" ")
    }

    #[test]
    fn legal_forms_of_any_language_fold_away() {
        for (name, words) in [
            ("Changji Esquel Textile Co., Ltd.", "changji esquel textile"),
            (
                "OBSHCHESTVO S OGRANICHENNOI OTVETSTVENNOSTYU VOLGA",
                "volga",
            ),
            ("ООО «Волга»", "volga"),
            ("Общество с ограниченной ответственностью Волга", "volga"),
            ("深圳市永盛科技有限公司", "shenzhenshi yongsheng keji"),
            ("Müller Maschinenbau GmbH & Co. KG", "muller maschinenbau"),
            ("M.H.M. Preduzece d.o.o.", "mhm"),
            ("M/S Volga", "volga"),
            (
                "Xinjiang Production and Construction Corps (XPCC)",
                "xinjiang production construction corps",
            ),
            ("Co Ltd", "co ltd"),
        ] {
            assert_eq!(texts(name), words, "{name}");
        }
    }

    #[test]
    fn words_of_many_languages_mean_one_thing() {
        let concept = |name: &str| Name::new(name).words.first().and_then(|word| word.concept);
        let technology = concept("Technology");
        assert!(technology.is_some());
        for name in [
            "Technologies",
            "tekhnologii",
            "ТЕХНОЛОГИЯ",
            "科技",
            "Tecnología",
            "فناوری",
        ] {
            assert_eq!(concept(name), technology, "{name}");
        }
    }
}

//! A name prepared for comparison: its words, and which of them name somebody.

use super::{
    fold::{self, Script},
    lexicon::{LegalForm, lexicon, word_key},
    romanize::{pinyin, romanize, sound},
};

/// A name in words that can be compared across scripts.
#[derive(Debug, Clone, Default)]
pub struct Name {
    /// The words that are left when legal forms are folded away. All words, if
    /// none would be left.
    pub words: Vec<NameWord>,
    pub legal: Vec<LegalForm>,
    /// No word but legal forms.
    pub only_legal: bool,
}

/// One word in Latin letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameWord {
    pub text: String,
    pub sound: String,
}

impl NameWord {
    fn new(text: String) -> Self {
        let sound = sound(&text);
        Self { text, sound }
    }

    pub fn is_number(&self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_digit())
    }
}

impl Name {
    pub fn new(name: &str) -> Self {
        let mut prepared = Self::default();
        let words = fold::words(name);
        let romanized: Vec<String> = words.iter().map(romanize).collect();
        let keys: Vec<String> = romanized.iter().map(|word| word_key(word)).collect();
        let mut at = 0;
        while let (Some(word), Some(latin)) = (words.get(at), romanized.get(at)) {
            if word.script == Script::Han {
                prepared.push_han(&word.text);
                at += 1;
            } else if let Some((taken, form)) =
                keys.get(at..).and_then(|rest| lexicon().legal_at(rest))
            {
                prepared.legal.push(form.clone());
                at += taken;
            } else {
                if latin != "and" && !latin.is_empty() {
                    prepared.words.push(NameWord::new(latin.clone()));
                }
                at += 1;
            }
        }
        if prepared.words.is_empty() {
            prepared.only_legal = true;
            prepared.words = romanized
                .into_iter()
                .filter(|word| !word.is_empty())
                .map(NameWord::new)
                .collect();
        }
        prepared
    }

    fn push_han(&mut self, text: &str) {
        let letters: Vec<char> = text.chars().collect();
        let mut at = 0;
        let mut run = String::new();
        while let Some(letter) = letters.get(at) {
            if let Some((taken, form)) = letters
                .get(at..)
                .and_then(|rest| lexicon().legal_at_han(rest))
            {
                self.legal.push(form.clone());
                at += taken;
            } else {
                run.push(*letter);
                at += 1;
                continue;
            }
            self.push_pinyin(&mut run);
        }
        self.push_pinyin(&mut run);
    }

    fn push_pinyin(&mut self, run: &mut String) {
        let latin = pinyin(run);
        run.clear();
        if !latin.is_empty() {
            self.words.push(NameWord::new(latin));
        }
    }

    /// The words without spaces.
    pub fn joined(&self) -> String {
        self.words.iter().map(|word| word.text.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("深圳永盛有限公司", "shenzhenyongsheng"),
            ("Müller Maschinenbau GmbH & Co. KG", "muller maschinenbau"),
            ("M.H.M. Preduzece d.o.o.", "mhm"),
            ("Co Ltd", "co ltd"),
        ] {
            let prepared = Name::new(name);
            let texts: Vec<&str> = prepared
                .words
                .iter()
                .map(|word| word.text.as_str())
                .collect();
            assert_eq!(texts.join(" "), words, "{name}");
        }
    }
}

//! A name as written, folded to plain words: the same words for every Unicode
//! form, case, punctuation and look-alike spelling of the same name.

use any_ascii::any_ascii_char;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Letters and digits of one name that are looked at; the rest is cut, so that
/// a cell of any length costs bounded time. The longest name on a list that we
/// have seen has 290.
pub const MAX_LETTERS: usize = 400;
/// Characters read before marks and punctuation are dropped.
const MAX_READ: usize = 8_192;
/// Words of one name that are looked at.
pub const MAX_WORDS: usize = 48;

/// The writing system a word came in; decides how it is romanized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Script {
    Latin,
    Cyrillic,
    Han,
    Arabic,
    Digits,
    Other,
}

/// One run of letters or digits as folded: lower case, no marks. Latin, Cyrillic
/// and digits only where the word says so; Han and Arabic keep their letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub script: Script,
}

/// The words of a name. Initials are joined (`S.A.`, `S A`, `SA` are one word),
/// `&` is `and`, an apostrophe inside a word is dropped, a word that mixes
/// Latin with Cyrillic or Greek look-alikes is read as Latin.
pub fn words(name: &str) -> Vec<Word> {
    if name.is_ascii() {
        words_of(name.chars().take(MAX_READ))
    } else {
        words_of(name.chars().take(MAX_READ).nfkc())
    }
}

fn words_of(characters: impl Iterator<Item = char>) -> Vec<Word> {
    let mut words = Words::default();
    let mut letters = 0_usize;
    let mut folded = characters.peekable();
    while let Some(character) = folded.next() {
        if !character.is_ascii() && (is_combining_mark(character) || is_invisible(character)) {
            continue;
        }
        if character.is_alphanumeric() {
            letters += 1;
            if letters > MAX_LETTERS {
                break;
            }
            words.push(character);
        } else if is_apostrophe(character) {
            let joins =
                words.in_letters() && folded.peek().is_some_and(|next| next.is_alphabetic());
            if !joins {
                words.end();
            }
        } else {
            words.end();
            if character == '&' {
                words.push_whole("and");
            }
        }
        if words.done.len() >= MAX_WORDS {
            break;
        }
    }
    words.end();
    words.finish()
}

fn is_apostrophe(character: char) -> bool {
    matches!(
        character,
        '\'' | '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{02bb}' | '`' | '\u{00b4}' | '\u{2032}'
    )
}

/// Zero-width, joiner, direction and variation marks, soft hyphen, tatweel.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{00ad}' | '\u{061c}' | '\u{0640}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

fn script_of(character: char) -> Script {
    match character {
        '0'..='9' => Script::Digits,
        'a'..='z' | 'A'..='Z' | '\u{00c0}'..='\u{024f}' | '\u{1e00}'..='\u{1eff}' => Script::Latin,
        '\u{0370}'..='\u{052f}' => Script::Cyrillic,
        '\u{0600}'..='\u{06ff}' | '\u{0750}'..='\u{077f}' => Script::Arabic,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{2fa1f}' => {
            Script::Han
        }
        other if other.is_numeric() => Script::Digits,
        _ => Script::Other,
    }
}

#[derive(Default)]
struct Words {
    done: Vec<Word>,
    run: Vec<char>,
    run_script: Option<Script>,
    /// The last finished word is initials, so that another letter joins it.
    initials: bool,
}

impl Words {
    fn in_letters(&self) -> bool {
        self.run.last().is_some_and(|last| last.is_alphabetic())
    }

    fn push(&mut self, character: char) {
        let script = script_of(character);
        // Digits stand alone, as do Han and Arabic letters beside Latin ones;
        // Latin, Cyrillic and Greek may be mixed by look-alikes.
        let joins = match (self.run_script, script) {
            (None, _)
            | (Some(Script::Latin | Script::Cyrillic), Script::Latin | Script::Cyrillic) => true,
            (Some(before), after) => before == after,
        };
        if !joins {
            self.end();
        }
        self.run_script = Some(self.run_script.map_or(script, |before| before.min(script)));
        self.run.push(character);
    }

    fn push_whole(&mut self, word: &str) {
        self.initials = false;
        self.done.push(Word {
            text: word.to_owned(),
            script: Script::Latin,
        });
    }

    fn end(&mut self) {
        let Some(script) = self.run_script.take() else {
            return;
        };
        let run = std::mem::take(&mut self.run);
        let script = script_of_run(&run, script);
        let text = fold_run(&run, script);
        if text.is_empty() {
            return;
        }
        let single = script == Script::Latin && run.len() == 1;
        if single
            && self.initials
            && let Some(last) = self.done.last_mut()
        {
            last.text.push_str(&text);
            return;
        }
        // The English ordinal ending says nothing: 227th is 227.
        let ordinal = matches!(text.as_str(), "st" | "nd" | "rd" | "th")
            && self
                .done
                .last()
                .is_some_and(|last| last.script == Script::Digits);
        if ordinal {
            return;
        }
        self.initials = single;
        self.done.push(Word { text, script });
    }

    fn finish(mut self) -> Vec<Word> {
        self.done.truncate(MAX_WORDS);
        self.done
    }
}

/// A word that mixes Latin with Cyrillic letters is of the script that most of
/// them are of; the others are there for their looks. Greek passes for Latin.
fn script_of_run(run: &[char], script: Script) -> Script {
    let is_cyrillic = |letter: &&char| matches!(**letter, '\u{0400}'..='\u{052f}');
    let cyrillic = run.iter().filter(is_cyrillic).count();
    if script == Script::Latin && cyrillic * 2 > run.len() {
        Script::Cyrillic
    } else {
        script
    }
}

fn fold_run(run: &[char], script: Script) -> String {
    if run.iter().all(char::is_ascii) {
        return run.iter().map(char::to_ascii_lowercase).collect();
    }
    let lower = run.iter().flat_map(|character| character.to_lowercase());
    match script {
        Script::Latin => lower
            .filter(|character| !is_combining_mark(*character))
            .map(|character| look_alike(character).unwrap_or(character))
            .flat_map(|character| any_ascii_char(character).chars())
            .flat_map(char::to_lowercase)
            .filter(char::is_ascii_alphanumeric)
            .collect(),
        Script::Digits => lower
            .flat_map(|character| any_ascii_char(character).chars())
            .filter(char::is_ascii_alphanumeric)
            .collect(),
        Script::Cyrillic => lower
            .filter(|character| !is_combining_mark(*character))
            .map(|character| cyrillic_look_alike(character).unwrap_or(character))
            .collect(),
        Script::Han | Script::Arabic => lower
            .filter(|character| !is_combining_mark(*character))
            .collect(),
        Script::Other => lower
            .flat_map(|character| any_ascii_char(character).chars())
            .flat_map(char::to_lowercase)
            .filter(char::is_ascii_alphanumeric)
            .collect(),
    }
}

/// Cyrillic and Greek letters that pass for a Latin one inside a Latin word.
fn look_alike(character: char) -> Option<char> {
    Some(match character {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ё' | 'ε' => 'e',
        'һ' | 'н' | 'η' => 'h',
        'і' | 'ι' | 'ї' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'м' | 'μ' => 'm',
        'о' | 'ο' | 'σ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ц' => 'u',
        'ѵ' | 'ν' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        _ => return None,
    })
}

/// Latin letters that pass for a Cyrillic one inside a Cyrillic word.
fn cyrillic_look_alike(character: char) -> Option<char> {
    Some(match character {
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' => 'е',
        'h' => 'н',
        'i' => 'і',
        'j' => 'ј',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        's' => 'ѕ',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(name: &str) -> String {
        words(name)
            .iter()
            .map(|word| word.text.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn folds_case_marks_initials_and_look_alikes() {
        for (name, folded) in [
            ("Café  Müller, S.A.", "cafe muller sa"),
            ("Cafe\u{301} Mu\u{308}ller S A", "cafe muller sa"),
            ("K.B. Hotel & Co., Ltd", "kb hotel and co ltd"),
            ("Xinji\u{430}ng", "xinjiang"),
            ("Акционерн\u{6f}e", "акционерное"),
            ("INT'L ‘RT-Inform’", "intl rt inform"),
            ("227th Flight", "227 flight"),
            ("ООО «Волга»", "ооо волга"),
            ("深圳ABC科技(香港)", "深圳 abc 科技 香港"),
            ("x\u{200b}in\u{202e}jiang", "xinjiang"),
            ("", ""),
            ("😀 !!", ""),
        ] {
            assert_eq!(texts(name), folded, "{name}");
        }
    }

    #[test]
    fn is_bounded() {
        assert!(texts(&"a".repeat(10_000)).len() <= MAX_LETTERS);
        assert!(words(&"ab ".repeat(10_000)).len() <= MAX_WORDS);
        assert_eq!(texts(&format!("a{}b", "\u{301}".repeat(5_000))).len(), 2);
    }
}

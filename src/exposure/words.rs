//! Product text to comparable words: case, accents, hyphens and plurals do not
//! tell goods apart; word boundaries do ("tin" is not in "printing").

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A word or mark of a product text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Word {
        /// Lower case, no accents, no plural ending.
        folded: String,
        /// Lower case, no accents.
        plain: String,
    },
    /// A run of Chinese characters, which mark no words, with the letters
    /// written onto its start: "T恤".
    Han(String),
    /// Punctuation or a conjunction: words on both sides belong to different goods.
    Break,
}

impl Token {
    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Self::Word { folded, .. } => Some(folded),
            Self::Han(_) | Self::Break => None,
        }
    }
}

/// In bytes: longer Latin words are none of a Chinese word.
const LONGEST_START: usize = 4;

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut run = String::new();
    let mut run_is_han = false;
    for character in plain(text).chars() {
        let han = is_han(character);
        if !run.is_empty() && (!character.is_alphanumeric() || han != run_is_han) {
            let start = if han && run.len() <= LONGEST_START {
                run.clone()
            } else {
                String::new()
            };
            tokens.push(token(std::mem::replace(&mut run, start), run_is_han));
        }
        if character.is_alphanumeric() {
            run_is_han = han;
            run.push(character);
        } else if is_break(character) {
            tokens.push(Token::Break);
        }
    }
    if !run.is_empty() {
        tokens.push(token(run, run_is_han));
    }
    tokens
}

/// The folded words of a phrase, one space between them.
pub(super) fn folded(phrase: &str) -> String {
    tokens(phrase)
        .iter()
        .filter_map(|token| match token {
            Token::Word { folded: text, .. } | Token::Han(text) => Some(text.as_str()),
            Token::Break => None,
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn token(run: String, is_han: bool) -> Token {
    if is_han {
        Token::Han(run)
    } else {
        Token::Word {
            folded: singular(run.clone()),
            plain: run,
        }
    }
}

/// Lower case without accents; full-width forms become plain.
fn plain(text: &str) -> String {
    text.nfkd()
        .filter(|character| !is_combining_mark(*character))
        .flat_map(char::to_lowercase)
        .map(|character| if character == 'ı' { 'i' } else { character })
        .collect::<String>()
        .replace('ß', "ss")
        .replace('ł', "l")
        .replace('ø', "o")
        .replace('æ', "ae")
}

/// English plural endings, which also serve most of Spanish, Portuguese and
/// French. Applied to both sides, so that only a collision could do harm.
fn singular(word: String) -> String {
    let keep = |ending: usize| word.get(..word.len() - ending).map(str::to_owned);
    if word.len() <= 3 || !word.is_ascii() {
        return word;
    }
    let folded = if word.ends_with("ies") && word.len() > 4 {
        keep(3).map(|stem| stem + "y")
    } else if ["sses", "shes", "ches", "xes", "zes"]
        .iter()
        .any(|ending| word.ends_with(ending))
        || (word.ends_with("oes") && word.len() > 6)
    {
        keep(2)
    } else if word.ends_with('s')
        && !["ss", "us", "is"]
            .iter()
            .any(|ending| word.ends_with(ending))
    {
        keep(1)
    } else {
        None
    };
    folded.unwrap_or(word)
}

fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3134F}')
}

fn is_break(character: char) -> bool {
    matches!(
        character,
        ',' | ';'
            | '/'
            | '|'
            | '\\'
            | '\n'
            | '\r'
            | '\t'
            | '('
            | ')'
            | '['
            | ']'
            | ':'
            | '+'
            | '•'
            | '·'
            | '、'
            | '。'
            | '，'
            | '；'
    )
}

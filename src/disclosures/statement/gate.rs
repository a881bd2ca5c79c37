//! Whether a page is a statement at all, and if not, what it is instead.

use rustc_hash::FxHashSet;

use super::{
    document::{Document, Problem, ProblemKind},
    find::{Kind, Said},
    law::Law,
};

/// Below this many words a page shows no statement, whatever else it holds.
const FEW_WORDS: usize = 60;

/// Why nothing is read, or `None` where the text can be read as a statement.
pub(super) fn problem(law: &Law, document: &Document, said: &[Said]) -> Option<Problem> {
    let text = document.text();
    let words: usize = said.iter().map(|one| one.words.len()).sum();
    let on_subject = said.iter().any(|one| is_on_subject(law, one));
    let signs = document.markup;
    if words == 0 {
        return Some(if signs.has_script {
            Problem::new(
                ProblemKind::JavascriptOnly,
                "the page shows nothing until a browser runs its scripts: save it from a browser",
            )
        } else {
            Problem::new(ProblemKind::Empty, "there is no text: fetch the page again")
        });
    }
    if !on_subject && let Some(problem) = other_language(text) {
        return Some(problem);
    }
    if !on_subject && let Some(problem) = shell(document, words) {
        return Some(problem);
    }
    let near = on_subject || said.iter().any(|one| one.has(&law.near_subject));
    (!near).then(not_a_statement)
}

/// A page that stands where a statement would: an error, a login, a cookie wall, a
/// script. It has few words.
fn shell(document: &Document, words: usize) -> Option<Problem> {
    if words >= 4 * FEW_WORDS {
        return None;
    }
    let signs = document.markup;
    let lower = document.text().to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| lower.contains(phrase));
    let (kind, message) = if says(&ERROR_PAGE) {
        (
            ProblemKind::ErrorPage,
            "this is an error or access page of the site: fetch the statement again",
        )
    } else if signs.has_password_field || says(&LOGIN_PAGE) {
        (
            ProblemKind::LoginPage,
            "this is a login page: fetch the statement without an account or save it by hand",
        )
    } else if lower.contains("cookie") {
        (
            ProblemKind::CookieWall,
            "this is a page about cookies: answer it in a browser and save what follows",
        )
    } else if says(&["enable javascript", "requires javascript"])
        || (signs.has_script && words < FEW_WORDS)
    {
        (
            ProblemKind::JavascriptOnly,
            "the page shows nothing until a browser runs its scripts: save it from a browser",
        )
    } else {
        return None;
    };
    Some(Problem::new(kind, message))
}

fn not_a_statement() -> Problem {
    Problem::new(
        ProblemKind::NotAStatement,
        "the text is no statement about forced labor, slavery or human trafficking: look for \
         another page",
    )
}

/// Texts that answer nothing: those that are off the subject are no statement,
/// and news or legal advice speaks of what companies must do and nobody of itself.
/// A page that has the law's name for a title and nothing of the subject under it
/// is looked at once more: its text may be behind a wall or in another language.
pub(super) fn answers_nothing(law: &Law, document: &Document, said: &[Said]) -> Option<Problem> {
    if !said.iter().any(|one| is_on_subject(law, one)) {
        return Some(not_a_statement());
    }
    let speaks = said.iter().any(|one| match one.kind {
        Kind::Recital | Kind::StatuteCopy => true,
        Kind::Said => one.has(&law.subject),
        Kind::Heading => false,
    });
    if !speaks {
        let words = said.iter().map(|one| one.words.len()).sum();
        let behind = other_language(document.text()).or_else(|| shell(document, words));
        if behind.is_some() {
            return behind;
        }
    }
    let recitals = said.iter().filter(|one| one.kind == Kind::Recital).count();
    let anybody = said
        .iter()
        .any(|one| one.kind == Kind::Said && one.has(&law.company));
    (!anybody && recitals >= 2).then(|| {
        Problem::new(
            ProblemKind::AboutTheLaw,
            "the text is about the law and no company speaks of itself: look for another page",
        )
    })
}

fn is_on_subject(law: &Law, one: &Said) -> bool {
    one.has(&law.subject) || one.has(&law.own_names)
}

/// A statement that names another law and not this one answers that other law.
pub(super) fn written_for_another(law: &Law, said: &[Said]) -> Option<Problem> {
    if said.iter().any(|one| one.has(&law.own_names)) {
        return None;
    }
    let other = law
        .other_laws
        .iter()
        .find(|other| said.iter().any(|one| one.has(&other.names)))?;
    Some(Problem::new(
        ProblemKind::WrittenForAnotherLaw,
        format!(
            "the text names the {} and not the {}: what it says is quoted, and it is no statement \
             under this law",
            other.title, law.id.title
        ),
    ))
}

const ERROR_PAGE: [&str; 14] = [
    "page not found",
    "404",
    "403 forbidden",
    "access denied",
    "access to this page has been denied",
    "verify you are human",
    "are you a robot",
    "captcha",
    "checking your browser",
    "service unavailable",
    "bad gateway",
    "internal server error",
    "no longer available",
    "request blocked",
];

const LOGIN_PAGE: [&str; 6] = [
    "log in to continue",
    "sign in to continue",
    "forgot your password",
    "forgot password",
    "please log in",
    "please sign in",
];

/// The commonest English words: no other language uses most of them.
const ENGLISH: [&str; 16] = [
    "the", "and", "of", "to", "our", "we", "that", "with", "for", "are", "is", "not", "this", "by",
    "or", "have",
];

fn other_language(text: &str) -> Option<Problem> {
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    let latin = text
        .chars()
        .filter(|letter| letter.is_alphabetic() && *letter < '\u{250}')
        .count();
    let foreign_script = letters >= 20 && latin * 2 < letters;
    let words: Vec<String> = text
        .split(|letter: char| !letter.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let common = words
        .iter()
        .filter(|word| ENGLISH.contains(&word.as_str()))
        .count();
    let distinct: FxHashSet<&str> = words.iter().map(String::as_str).collect();
    let foreign_words = distinct.len() >= 30 && common * 12 < words.len();
    (foreign_script || foreign_words).then(|| {
        Problem::new(
            ProblemKind::OtherLanguage,
            "the text is not in English, the only language read here: check a translation",
        )
    })
}

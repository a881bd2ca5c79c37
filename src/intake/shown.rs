//! What a file or an argument says, made fit for a message: a sheet's name may
//! hold the codes that clear a terminal or turn the reading direction.

use super::row::is_invisible;

/// Control and invisible characters as `\u{..}`, and at most 80 characters.
pub(super) fn shown(text: &str) -> String {
    shown_within(text, 80)
}

pub(super) fn shown_within(text: &str, most: usize) -> String {
    let mut letters = text.chars();
    let mut shown = String::new();
    for letter in letters.by_ref().take(most) {
        if letter.is_control() || is_invisible(letter) || matches!(letter, '\u{2028}' | '\u{2029}')
        {
            shown.extend(letter.escape_unicode());
        } else {
            shown.push(letter);
        }
    }
    if letters.next().is_some() {
        shown.push_str("...");
    }
    shown
}

/// `sheet "Name"`.
pub(super) fn sheet_place(name: &str) -> String {
    format!("sheet \"{}\"", shown(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_but_letters() {
        for (text, expected) in [
            (
                "Fornecedores 2025 – São Paulo",
                "Fornecedores 2025 – São Paulo",
            ),
            ("\u{1b}[2J\u{7}x", "\\u{1b}[2J\\u{7}x"),
            ("a\nb\u{9b}c", "a\\u{a}b\\u{9b}c"),
            ("ab\u{202e}dc", "ab\\u{202e}dc"),
        ] {
            assert_eq!(shown(text), expected);
        }
        assert_eq!(shown(&"x".repeat(1000)).len(), 83);
    }
}

//! Text that is safe to show: in a spreadsheet, in a terminal.

use std::borrow::Cow;

/// Whether a spreadsheet program could take the text for a formula
/// (CWE-1236); the full-width forms are folded by some of them.
pub fn looks_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// For a CSV cell: what could be taken for a formula gets an apostrophe first.
pub fn formula_safe(text: &str) -> Cow<'_, str> {
    if looks_like_formula(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// For a terminal: control characters and direction marks become `�`, so that
/// a supplier's name cannot move the cursor or turn the line around.
pub fn terminal_safe(text: &str) -> String {
    text.chars()
        .map(|character| {
            let turns = matches!(
                character,
                '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            );
            if character.is_control() || turns {
                '\u{fffd}'
            } else {
                character
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_plain_text_is_left_alone() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert_eq!(formula_safe(formula), format!("'{formula}"));
        }
        for plain in ["Öl & Söhne", "A=B", "", "'quoted"] {
            assert_eq!(formula_safe(plain), plain);
        }
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(
            terminal_safe("Acme\u{1b}[2J\u{202e}dtL"),
            "Acme\u{fffd}[2J\u{fffd}dtL"
        );
    }
}

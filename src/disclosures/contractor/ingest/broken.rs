//! Why a record is no JSON, in words and with the places to mend.

use super::{place::Place, split::Piece, value::cut};

/// The record's own line and column, counted on from where it begins.
pub(super) fn place_of(piece: &Piece<'_>, error: &serde_json::Error, record: u64) -> Place {
    let line = u64::try_from(error.line()).unwrap_or(1).max(1);
    let column = u64::try_from(error.column()).unwrap_or(0);
    Place {
        line: piece.line + line - 1,
        column: if line == 1 {
            piece.column + column.saturating_sub(1)
        } else {
            column
        },
        record,
    }
}

/// What is wrong, in words; typographic quotation marks are GSA's own.
pub(super) fn reason(bytes: &[u8], error: &serde_json::Error) -> String {
    let text = String::from_utf8_lossy(bytes);
    let line = text
        .lines()
        .nth(error.line().saturating_sub(1))
        .unwrap_or_default();
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    let hint = if line.contains(['\u{201c}', '\u{201d}']) {
        ": a typographic quotation mark stands for a plain one"
    } else {
        ""
    };
    format!("{said}{hint}, near \"{}\"", cut(line.trim()))
}

/// Other defects of a broken record that can be told for sure: a reader stops at
/// the first, a person wants to mend all. Lines are the file's.
pub(super) fn other_defects(piece: &Piece<'_>, known_line: u64) -> Vec<String> {
    let text = String::from_utf8_lossy(piece.bytes);
    let (mut line, mut column) = (piece.line, piece.column);
    let (mut in_string, mut escaped) = (false, false);
    let mut comma: Option<(u64, u64)> = None;
    let mut found = Vec::new();
    for letter in text.chars() {
        let here = (line, column);
        if letter == '\n' {
            (line, column, in_string, escaped) = (line + 1, 1, false, false);
            continue;
        }
        column += letter.len_utf8() as u64;
        if in_string {
            match letter {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match letter {
            '"' => (in_string, comma) = (true, None),
            ',' => comma = Some(here),
            '}' | ']' => {
                if let Some((line, column)) = comma.take() {
                    found.push((line, column, "a comma before a closing bracket"));
                }
            }
            '\u{201c}' | '\u{201d}' => {
                comma = None;
                found.push((here.0, here.1, "a typographic quotation mark"));
            }
            letter if letter.is_whitespace() => {}
            _ => comma = None,
        }
    }
    found
        .into_iter()
        .filter(|(line, ..)| *line != known_line)
        .take(10)
        .map(|(line, column, what)| format!("; line {line}, column {column}: {what}"))
        .collect()
}

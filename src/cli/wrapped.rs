//! Text for a terminal, broken at its width.

use std::fmt::Write as _;

use super::output::width;
use crate::report::text::terminal_safe;

/// Text broken at the width of the terminal, later lines indented.
#[derive(Debug)]
pub(super) struct Wrapped {
    text: String,
    width: usize,
}

impl Wrapped {
    pub(super) fn new() -> Self {
        Self {
            text: String::new(),
            width: usize::from(width()),
        }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    pub(super) fn line(&mut self, indent: usize, line: &str) {
        let safe = terminal_safe(&line.replace(['\n', '\t'], " "));
        let mut at = 0;
        let mut started = false;
        for word in safe.split(' ') {
            if started && word.is_empty() && at > indent {
                // Two spaces set off identifiers; more is furniture of a file.
                continue;
            }
            let length = unicode_width::UnicodeWidthStr::width(word);
            if !started {
                let _infallible = write!(self.text, "{:indent$}{word}", "");
                at = indent + length;
                started = true;
            } else if at + 1 + length > self.width {
                let hang = indent + 2;
                let _infallible = write!(self.text, "\n{:hang$}{word}", "");
                at = hang + length;
            } else {
                let _infallible = write!(self.text, " {word}");
                at += 1 + length;
            }
        }
        self.text.push('\n');
    }
}

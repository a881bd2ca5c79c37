//! What every command shares: failing, and writing results.

use std::{
    error::Error,
    fmt,
    io::{self, Write},
    process::ExitCode,
};

use crate::report::text::terminal_safe;

/// A command's end that is no success. Exit code 2: the input cannot be used
/// and nothing was recorded; 1: anything else.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// The input cannot be used.
    pub fn unusable(message: impl fmt::Display) -> Self {
        Self {
            code: 2,
            message: message.to_string(),
        }
    }

    /// The input was fine, the answer is bad news: a broken chain, a replay that
    /// differs.
    pub fn bad_news(message: impl fmt::Display) -> Self {
        Self {
            code: 1,
            message: message.to_string(),
        }
    }

    /// Exit code 2 with the whole chain of causes.
    pub fn unusable_because(error: &(dyn Error + 'static)) -> Self {
        Self::unusable(chain(error))
    }
}

impl<E: Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::bad_news(chain(&error))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

/// An error and its causes in one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        // Some libraries repeat their cause in their own text.
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = error.source();
    }
    text
}

/// Says on stderr why a command failed.
pub fn report_failure(failure: &Failure) -> ExitCode {
    // Where stderr is closed there is nobody to tell.
    let _unheard = writeln!(io::stderr(), "error: {}", lines_safe(&failure.message));
    ExitCode::from(failure.code)
}

/// Stdout, where a reader that has gone away (`| head`) is no error.
#[derive(Debug)]
pub struct Stdout(io::StdoutLock<'static>);

impl Stdout {
    pub fn lock() -> Self {
        Self(io::stdout().lock())
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        heard(self.0.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        heard(self.0.flush(), ())
    }
}

fn heard<T>(written: io::Result<T>, when_closed: T) -> io::Result<T> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(when_closed),
        written => written,
    }
}

/// Writes text to stdout.
pub fn print(text: &str) -> io::Result<()> {
    let mut stdout = Stdout::lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// Says something beside the result.
pub fn note(text: impl fmt::Display) {
    let _unheard = writeln!(io::stderr(), "{}", lines_safe(&text.to_string()));
}

/// Line by line, because a file's or a sheet's name may hold escapes.
fn lines_safe(text: &str) -> String {
    text.lines()
        .map(terminal_safe)
        .collect::<Vec<_>>()
        .join("\n")
}

/// The width of the terminal; 120 where there is none.
pub fn width() -> u16 {
    console::Term::stdout()
        .size_checked()
        .map_or(120, |(_, columns)| columns.clamp(60, 200))
}

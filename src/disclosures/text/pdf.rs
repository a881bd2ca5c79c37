//! Text out of a PDF, or the reason why there is none.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc,
    thread,
    time::Duration,
};

use pdf_extract::{
    ConvertToFmt, Document, MediaBox, OutputDev, OutputError, PlainTextOutput, Transform,
    output_doc_page,
};
use thiserror::Error;

use super::pdf_guard;

/// Statements of a few pages weigh little; annual reports with pictures a few MB.
pub const LARGEST_PDF: usize = 16 * 1024 * 1024;

const MOST_PAGES: usize = 300;
const MOST_LETTERS: usize = 1024 * 1024;
/// A page with fewer letters shows a picture, a number or nothing.
const FEW_LETTERS: usize = 20;

/// Reading takes well under a second; whatever takes this long is no document.
const LONGEST: Duration = Duration::from_secs(10);
const STACK: usize = 32 * 1024 * 1024;

/// The thread that PDFs are read in: a panic in it is an answer, not an accident.
pub const PDF_THREAD: &str = "pdf";

/// Why a PDF gives no text. None of these says that the document is silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PdfProblem {
    #[error("the PDF has more than {LARGEST_PDF} bytes: save the pages that matter alone")]
    TooLarge,
    #[error("the PDF has more than {MOST_PAGES} pages: save those that matter alone")]
    TooManyPages,
    #[error("the PDF is protected: save it without protection")]
    Protected,
    #[error("this PDF holds pictures of pages and no text: run text recognition on it first")]
    ImageOnly,
    #[error("the PDF is damaged or of an unknown kind: save its text and check that")]
    Damaged,
    #[error("page {0} of the PDF cannot be read: save its text and check that")]
    Page(u32),
    #[error("the PDF unpacks to more than any document holds: save its text and check that")]
    TooComplex,
    #[error("the PDF took too long to read: save its text and check that")]
    TooSlow,
}

/// Whether bytes are a PDF by their first kilobyte, as readers take them.
pub fn is_pdf(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    head.windows(5).any(|window| window == b"%PDF-")
}

/// The text of a PDF, page after page, lines as set. A PDF that is read in part
/// only is a problem: its other part might have said it.
pub fn pdf_text(bytes: &[u8]) -> Result<String, PdfProblem> {
    if bytes.len() > LARGEST_PDF {
        return Err(PdfProblem::TooLarge);
    }
    let owned = bytes.to_vec();
    let (sender, receiver) = mpsc::channel();
    // A thread of its own: a deep stack, and an end to waiting.
    thread::Builder::new()
        .name(PDF_THREAD.to_owned())
        .stack_size(STACK)
        .spawn(move || {
            let text = catch_unwind(AssertUnwindSafe(|| text_of(&owned)));
            // Nobody waits any more after the longest time.
            let _nobody_waits = sender.send(text.unwrap_or(Err(PdfProblem::Damaged)));
        })
        .map_err(|_no_thread| PdfProblem::TooSlow)?;
    match receiver.recv_timeout(LONGEST) {
        Ok(text) => text,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(PdfProblem::TooSlow),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(PdfProblem::Damaged),
    }
}

fn text_of(bytes: &[u8]) -> Result<String, PdfProblem> {
    pdf_guard::before_loading(bytes)?;
    let mut document = Document::load_mem(bytes).map_err(|_unreadable| PdfProblem::Damaged)?;
    if document.is_encrypted() {
        return Err(PdfProblem::Protected);
    }
    let pages = document.get_pages();
    if pages.len() > MOST_PAGES {
        return Err(PdfProblem::TooManyPages);
    }
    if pages.is_empty() {
        return Err(PdfProblem::Damaged);
    }
    let pictures = pdf_guard::make_harmless(&mut document, &pages)?;
    let mut text = String::new();
    let mut silent_pages = 0;
    for number in pages.keys() {
        let page = page_text(&document, *number, MOST_LETTERS - text.len())?;
        let letters = page.chars().filter(|letter| letter.is_alphabetic()).count();
        silent_pages += usize::from(letters < FEW_LETTERS);
        text.push_str(page.trim());
        text.push_str("\n\n");
    }
    if silent_pages == pages.len() || (pictures > 0 && silent_pages * 2 > pages.len()) {
        return Err(PdfProblem::ImageOnly);
    }
    Ok(as_read(&text))
}

fn page_text(document: &Document, number: u32, room: usize) -> Result<String, PdfProblem> {
    let mut text = String::new();
    let read = catch_unwind(AssertUnwindSafe(|| {
        let mut output = Bounded {
            inner: PlainTextOutput::new(&mut text),
            room,
        };
        output_doc_page(document, &mut output, number)
    }));
    match read {
        Ok(Ok(())) => Ok(text),
        Ok(Err(OutputError::FormatError(_))) => Err(PdfProblem::TooComplex),
        Ok(Err(_)) | Err(_) => Err(PdfProblem::Page(number)),
    }
}

/// Plain text that ends in an error where it would grow without end.
struct Bounded<W: ConvertToFmt> {
    inner: PlainTextOutput<W>,
    room: usize,
}

impl<W: ConvertToFmt> OutputDev for Bounded<W> {
    fn begin_page(
        &mut self,
        number: u32,
        media_box: &MediaBox,
        art_box: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        self.inner.begin_page(number, media_box, art_box)
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        self.inner.end_page()
    }

    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        spacing: f64,
        font_size: f64,
        letter: &str,
    ) -> Result<(), OutputError> {
        // Two for the white space before a letter.
        let needed = letter.len() + 2;
        if needed > self.room {
            return Err(OutputError::FormatError(std::fmt::Error));
        }
        self.room -= needed;
        self.inner
            .output_character(place, width, spacing, font_size, letter)
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.inner.begin_word()
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        self.inner.end_word()
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        self.inner.end_line()
    }
}

/// Word parts that keep their hyphen at the end of a line: "third-" + "party".
const HYPHENATED: [&str; 14] = [
    "third", "non", "anti", "self", "on", "high", "low", "full", "semi", "follow", "long", "short",
    "risk", "year",
];

/// Ligatures taken apart, and words joined that a line's end has cut.
fn as_read(set: &str) -> String {
    let mut text = String::with_capacity(set.len());
    for letter in set.chars() {
        match letter {
            '\u{fb00}' => text.push_str("ff"),
            '\u{fb01}' => text.push_str("fi"),
            '\u{fb02}' => text.push_str("fl"),
            '\u{fb03}' => text.push_str("ffi"),
            '\u{fb04}' => text.push_str("ffl"),
            // Soft hyphens and NUL from fonts without a map.
            '\u{ad}' | '\0' => {}
            '\r' | '\u{c}' => text.push('\n'),
            other => text.push(other),
        }
    }
    let mut joined = String::with_capacity(text.len());
    let mut lines = text.split('\n').map(str::trim_end).peekable();
    while let Some(line) = lines.next() {
        let goes_on = lines
            .peek()
            .is_some_and(|next| next.starts_with(char::is_lowercase));
        let cut = line.strip_suffix('-').filter(|_| goes_on);
        if let Some(part) = cut {
            joined.push_str(part);
            let word = part.rsplit(' ').next().unwrap_or_default().to_lowercase();
            if HYPHENATED.contains(&word.as_str()) {
                joined.push('-');
            }
        } else {
            joined.push_str(line);
            joined.push('\n');
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cut_at_a_line_s_end_are_joined() {
        assert_eq!(
            as_read("human traf-\nficking; a third-\nparty \u{fb01}rm -\nNo"),
            "human trafficking; a third-party firm -\nNo\n"
        );
    }

    #[test]
    fn what_is_no_pdf_is_damaged_and_never_a_panic() {
        for bytes in [
            &b"%PDF-1.7"[..],
            b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\nendobj\ntrailer << /Root 1 0 R >>\n",
            b"",
            b"%PDF-1.4\nstartxref\n99999999999999999999\n%%EOF",
        ] {
            assert_eq!(pdf_text(bytes), Err(PdfProblem::Damaged));
        }
        assert_eq!(
            pdf_text(&vec![b'%'; LARGEST_PDF + 1]),
            Err(PdfProblem::TooLarge)
        );
    }
}

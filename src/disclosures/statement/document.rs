//! Bytes to readable text, or the reason why there is none.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::markup;
use crate::disclosures::text::{PdfProblem, is_pdf, pdf_text};

/// Statements have a few thousand words; a page of this size is something else.
pub const LARGEST_FILE: usize = 16 * 1024 * 1024;

/// The longest statements, those of whole groups, have some 0.2 MB of text.
const LARGEST_TEXT: usize = 1024 * 1024;

/// What was given, as text. Offsets of quotes are bytes of [`Document::text`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    text: String,
    kind: DocumentKind,
    encoding: &'static str,
    bytes: usize,
    sha256: String,
    pub(super) markup: markup::Signs,
    /// A page's source, for the links on it.
    source: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// UTF-8 text: offsets are those of the file, a byte-order mark left out.
    Text,
    /// Text in another encoding: offsets are those of its UTF-8 form.
    RecodedText,
    /// A page: offsets are those of the text taken from it.
    Html,
    /// A PDF: offsets are those of the text taken from it.
    Pdf,
}

/// Why a file gives no answer. This is never "the company discloses nothing".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub kind: ProblemKind,
    /// What was seen and what to do.
    pub message: String,
}

impl Problem {
    pub(super) fn new(kind: ProblemKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    Empty,
    TooLarge,
    Binary,
    /// A PDF that holds pictures of pages and no text.
    ImageOnlyPdf,
    /// A PDF that is damaged, protected or too much to read.
    PdfNotRead,
    /// The site did not give the page: an address inside, an error, too slow.
    NotReached,
    /// The site's robots.txt asks programs to stay away.
    RobotsKeepOut,
    DamagedText,
    TooDeeplyNested,
    JavascriptOnly,
    CookieWall,
    LoginPage,
    ErrorPage,
    OtherLanguage,
    /// Readable English that speaks of no forced labor, slavery or trafficking.
    NotAStatement,
    /// A text about the law or about companies in general: nobody speaks of itself.
    AboutTheLaw,
    /// A statement that names another law only.
    WrittenForAnotherLaw,
}

impl Document {
    /// Takes the text out of bytes: plain text, HTML or PDF.
    pub fn read(bytes: &[u8]) -> Result<Self, Problem> {
        if bytes.len() > LARGEST_FILE {
            return Err(Problem::new(
                ProblemKind::TooLarge,
                format!("the file has more than {LARGEST_FILE} bytes: save the statement alone"),
            ));
        }
        if is_pdf(bytes) {
            return Self::read_pdf(bytes);
        }
        if let Some(problem) = not_text(bytes) {
            return Err(problem);
        }
        let (decoded, encoding) = decode(bytes);
        let damaged = decoded
            .chars()
            .filter(|letter| *letter == char::REPLACEMENT_CHARACTER)
            .count();
        if damaged * 20 > decoded.len() {
            return Err(Problem::new(
                ProblemKind::DamagedText,
                "most bytes stand for no character: save the statement again, as UTF-8",
            ));
        }
        let mut source = None;
        let (text, kind, signs) = if markup::is_html(&decoded) {
            let page = markup::take_text(&decoded)?;
            source = Some(decoded);
            (page.text, DocumentKind::Html, page.signs)
        } else {
            let kind = if encoding == UTF_8 {
                DocumentKind::Text
            } else {
                DocumentKind::RecodedText
            };
            (decoded, kind, markup::Signs::default())
        };
        if text.len() > LARGEST_TEXT {
            return Err(Problem::new(
                ProblemKind::TooLarge,
                format!(
                    "the page holds more than {LARGEST_TEXT} bytes of text: save the statement alone"
                ),
            ));
        }
        Ok(Self {
            text,
            kind,
            encoding: encoding.name(),
            bytes: bytes.len(),
            sha256: hex::encode(Sha256::digest(bytes)),
            markup: signs,
            source,
        })
    }

    fn read_pdf(bytes: &[u8]) -> Result<Self, Problem> {
        let text = pdf_text(bytes).map_err(|problem| {
            let kind = match problem {
                PdfProblem::TooLarge | PdfProblem::TooManyPages => ProblemKind::TooLarge,
                PdfProblem::ImageOnly => ProblemKind::ImageOnlyPdf,
                _ => ProblemKind::PdfNotRead,
            };
            Problem::new(kind, problem.to_string())
        })?;
        Ok(Self {
            text,
            kind: DocumentKind::Pdf,
            encoding: "PDF",
            bytes: bytes.len(),
            sha256: hex::encode(Sha256::digest(bytes)),
            markup: markup::Signs::default(),
            source: None,
        })
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// A page's source; `None` for what is no page.
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    pub fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The WHATWG name of the encoding read, or "PDF".
    pub fn encoding(&self) -> &'static str {
        self.encoding
    }

    /// Bytes as received.
    pub fn byte_count(&self) -> usize {
        self.bytes
    }

    /// SHA-256 of the bytes as received, lower-case hex.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

fn not_text(bytes: &[u8]) -> Option<Problem> {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    let control = head
        .iter()
        .filter(|byte| matches!(byte, 1..=8 | 14..=26 | 28..=31))
        .count();
    if control * 50 > head.len()
        && Encoding::for_bom(bytes).is_none()
        && utf16_without_mark(bytes).is_none()
    {
        return Some(Problem::new(
            ProblemKind::Binary,
            "this is no text and no HTML page: save the statement as either",
        ));
    }
    None
}

/// The bytes decide before the label: pages that say one charset and use another
/// are common, and UTF-8 is hard to hit by chance.
fn decode(bytes: &[u8]) -> (String, &'static Encoding) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        let text = encoding.decode_without_bom_handling(rest).0;
        return (text.into_owned(), encoding);
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains('\0')
    {
        return (text.to_owned(), UTF_8);
    }
    let encoding = utf16_without_mark(bytes)
        .or_else(|| mostly_utf8(bytes).then_some(UTF_8))
        .or_else(|| labelled(bytes))
        .unwrap_or_else(|| {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(bytes, true);
            detector.guess(None, Utf8Detection::Deny)
        });
    let text = encoding.decode_without_bom_handling(bytes).0;
    (text.into_owned(), encoding)
}

fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..bytes.len().min(2048))?;
    let zeros = |offset| {
        sample
            .iter()
            .skip(offset)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 4 > sample.len() && even * 20 < odd {
        Some(UTF_16LE)
    } else if even * 4 > sample.len() && odd * 20 < even {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// A spoiled byte does not make another encoding of the rest.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk
            .valid()
            .chars()
            .filter(|letter| !letter.is_ascii())
            .count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 0 && good >= bad.saturating_mul(5)
}

/// `charset=` in the first bytes, where it is not UTF-8, which they are not.
fn labelled(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(2048))?).to_lowercase();
    let (_, label) = head.split_once("charset=")?;
    let label: String = label
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric() || "-_".contains(*letter))
        .collect();
    Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != UTF_8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_decide_the_encoding() {
        let said = "Sünbirk Möbel GmbH does not audit suppliers – “ever”.";
        let utf16: Vec<u8> = said.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let latin = encoding_rs::WINDOWS_1252.encode(said).0.into_owned();
        let wrongly_labelled = [b"<html><meta charset=iso-8859-1><p>", said.as_bytes()].concat();
        let cases: [(&str, &[u8], &str); 5] = [
            ("plain", said.as_bytes(), "UTF-8"),
            (
                "marked",
                &[b"\xef\xbb\xbf", said.as_bytes()].concat(),
                "UTF-8",
            ),
            ("wide", &utf16, "UTF-16LE"),
            ("western", &latin, "windows-1252"),
            ("mislabelled", &wrongly_labelled, "UTF-8"),
        ];
        for (case, bytes, encoding) in cases {
            let document = Document::read(bytes).unwrap();
            assert_eq!(document.text().trim(), said, "{case}");
            assert_eq!(document.encoding(), encoding, "{case}");
        }
    }

    #[test]
    fn what_is_no_text_says_what_it_is() {
        let large = vec![b'a'; 50 * 1024 * 1024];
        let cases: [(&[u8], ProblemKind); 4] = [
            (
                b"%PDF-1.4\n<< /Font << /F1 5 0 R >> >>",
                ProblemKind::PdfNotRead,
            ),
            (
                b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x01\x02\x03\x04\x05",
                ProblemKind::Binary,
            ),
            (&large, ProblemKind::TooLarge),
            (&[0xff; 400], ProblemKind::DamagedText),
        ];
        for (bytes, kind) in cases {
            match Document::read(bytes) {
                Err(problem) => assert_eq!(problem.kind, kind),
                // Every byte is some letter in some old encoding; the gate sees it.
                Ok(document) => assert!(
                    kind == ProblemKind::DamagedText && !document.text().is_ascii(),
                    "{kind:?}"
                ),
            }
        }
    }
}

//! The running text of a DOCX file, in bounds.

use std::io::{Cursor, Read};

use quick_xml::{Reader, events::Event};
use zip::ZipArchive;

use crate::disclosures::statement::{LARGEST_FILE, Problem, ProblemKind};

/// Inflated bytes of the one part that is read.
const LARGEST_PART: u64 = 24 << 20;
/// Nested elements; real documents stay below forty.
const DEEPEST: usize = 256;
/// The text itself.
const LARGEST_TEXT: usize = 1 << 20;

/// Paragraphs of the main part, one a line with a blank line between.
pub(super) fn text_of(bytes: &[u8]) -> Result<String, Problem> {
    if bytes.len() > LARGEST_FILE {
        return Err(Problem {
            kind: ProblemKind::TooLarge,
            message: format!("the file has more than {LARGEST_FILE} bytes: save the plan alone"),
        });
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| damaged(&format!("the ZIP directory cannot be read: {error}")))?;
    let part = archive
        .by_name("word/document.xml")
        .map_err(|_absent| Problem {
            kind: ProblemKind::Binary,
            message: "this is a ZIP file and no DOCX document: save the plan as DOCX, text or HTML"
                .to_owned(),
        })?;
    let mut xml = Vec::new();
    part.take(LARGEST_PART + 1)
        .read_to_end(&mut xml)
        .map_err(|error| damaged(&error.to_string()))?;
    if xml.len() as u64 > LARGEST_PART {
        return Err(Problem {
            kind: ProblemKind::TooLarge,
            message: format!(
                "the document unpacks to more than {LARGEST_PART} bytes: save the plan as text"
            ),
        });
    }
    paragraphs(&xml)
}

fn damaged(why: &str) -> Problem {
    Problem {
        kind: ProblemKind::DamagedText,
        message: format!("the DOCX file is damaged ({why}): save it again"),
    }
}

fn paragraphs(xml: &[u8]) -> Result<String, Problem> {
    let mut reader = Reader::from_reader(xml);
    let mut text = String::new();
    let (mut depth, mut in_text, mut deleted) = (0_usize, false, 0_usize);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader
            .read_event_into(&mut buffer)
            .map_err(|error| damaged(&error.to_string()))?;
        match event {
            Event::Start(start) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(damaged("its elements are nested too deeply"));
                }
                match start.local_name().as_ref() {
                    "t" => in_text = true,
                    // A tracked deletion is no longer said.
                    "del" => deleted += 1,
                    _ => {}
                }
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                match end.local_name().as_ref() {
                    "t" => in_text = false,
                    "del" => deleted = deleted.saturating_sub(1),
                    "p" => text.push_str("\n\n"),
                    "tc" => text.push('\n'),
                    _ => {}
                }
            }
            Event::Empty(empty) => match empty.local_name().as_ref() {
                "tab" => text.push(' '),
                "br" | "cr" => text.push('\n'),
                "noBreakHyphen" => text.push('-'),
                _ => {}
            },
            Event::Text(piece) if in_text && deleted == 0 => {
                text.push_str(&piece);
            }
            Event::GeneralRef(name) if in_text && deleted == 0 => {
                text.push_str(&reference(&name));
            }
            Event::DocType(_) => return Err(damaged("it declares a document type")),
            Event::Eof => break,
            _ => {}
        }
        if text.len() > LARGEST_TEXT {
            return Err(Problem {
                kind: ProblemKind::TooLarge,
                message: format!("the document holds more than {LARGEST_TEXT} bytes of text"),
            });
        }
    }
    Ok(text)
}

/// The five entities of XML and character references; any other prints nothing.
fn reference(name: &str) -> String {
    let by_number = |digits: &str, radix| {
        u32::from_str_radix(digits, radix)
            .ok()
            .and_then(char::from_u32)
    };
    let letter = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => match name.strip_prefix("#x") {
            Some(digits) => by_number(digits, 16),
            None => name
                .strip_prefix('#')
                .and_then(|digits| by_number(digits, 10)),
        },
    };
    letter.map(String::from).unwrap_or_default()
}

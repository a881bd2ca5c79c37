//! A streamed walk through a published XML file: local names, text of leaves,
//! bounded depth and text, no entities but XML's own.

use std::io::BufRead;

use quick_xml::{Reader, encoding::DecodingReader, events::Event};

use super::{rationed::Rationed, text::cut, unreadable::UnreadableList};

/// Published files nest at most ten levels.
const DEEPEST: usize = 32;

/// The longest text kept of one element.
const LONGEST_TEXT: usize = 64 * 1024;

/// One event of the reader: a tag or a text.
const RATION: usize = 4 * 1024 * 1024;

const AGAIN: &str = "fetch the list again: it may be cut short";

/// What a walk tells. The path goes from the root to the element itself.
pub(super) trait Elements {
    fn opened(&mut self, path: &[&str], place: Place) -> Result<(), UnreadableList>;

    /// `text` is that of the element itself, without its children's.
    fn closed(&mut self, path: &[&str], text: &str) -> Result<(), UnreadableList>;
}

/// Where the walk stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place(u64);

impl Place {
    pub(super) fn in_words(self) -> String {
        format!("byte {}", self.0)
    }
}

/// `check` is what a person should do when the file is another one.
pub(super) fn walk(
    input: impl BufRead,
    check: &str,
    elements: &mut dyn Elements,
) -> Result<(), UnreadableList> {
    let decoding = DecodingReader::new(Rationed::new(input, RATION));
    let mut reader = Reader::from_reader(decoding);
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut text = String::new();
    let mut seen_root = false;
    loop {
        buffer.clear();
        reader.get_mut().get_mut().refill();
        let place = Place(reader.buffer_position());
        let event = reader.read_event_into(&mut buffer).map_err(|cause| {
            UnreadableList::new(
                place.in_words(),
                format!("the XML is broken ({cause})"),
                AGAIN,
            )
        })?;
        match event {
            Event::Start(tag) => {
                if open.len() >= DEEPEST {
                    return Err(UnreadableList::new(
                        place.in_words(),
                        format!("elements are nested deeper than {DEEPEST}"),
                        check,
                    ));
                }
                if open.is_empty() && seen_root {
                    return Err(UnreadableList::new(
                        place.in_words(),
                        "the file goes on behind its end",
                        AGAIN,
                    ));
                }
                seen_root = true;
                open.push(tag.local_name().as_ref().to_owned());
                text.clear();
                let path: Vec<&str> = open.iter().map(String::as_str).collect();
                elements.opened(&path, place)?;
            }
            Event::End(_) => {
                let path: Vec<&str> = open.iter().map(String::as_str).collect();
                elements.closed(&path, &text)?;
                open.pop();
                text.clear();
            }
            Event::Text(more) => push_capped(&mut text, &more),
            Event::CData(more) => push_capped(&mut text, &more),
            Event::GeneralRef(reference) => match resolve(&reference) {
                Some(letter) => push_capped(&mut text, letter.encode_utf8(&mut [0; 4])),
                None => {
                    return Err(UnreadableList::new(
                        place.in_words(),
                        format!("the entity \"{}\" is not one of XML's own", cut(&reference)),
                        check,
                    ));
                }
            },
            Event::DocType(declaration) => {
                // Entities of its own are how an XML bomb is built, and no
                // publisher uses any.
                if declaration.to_ascii_uppercase().contains("<!ENTITY") {
                    return Err(UnreadableList::new(
                        place.in_words(),
                        "the file declares entities",
                        check,
                    ));
                }
            }
            Event::Decl(declared) => {
                let encoding = declared.encoding().and_then(Result::ok);
                if let Some(known) =
                    encoding.and_then(|name| encoding_rs::Encoding::for_label(name.as_bytes()))
                {
                    reader.get_mut().set_encoding(known);
                }
            }
            Event::Eof => break,
            Event::PI(_) | Event::Comment(_) | Event::Empty(_) => {}
        }
    }
    if let Some(name) = open.last() {
        return Err(UnreadableList::new(
            Place(reader.buffer_position()).in_words(),
            format!("the file ends inside the element {}", cut(name)),
            AGAIN,
        ));
    }
    if !seen_root {
        return Err(UnreadableList::new(
            "byte 0",
            "the file holds no XML",
            check,
        ));
    }
    Ok(())
}

/// The characters that XML itself names; anything else is refused.
fn resolve(reference: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten();
    }
    match &**reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

fn push_capped(text: &mut String, more: &str) {
    let room = LONGEST_TEXT.saturating_sub(text.len());
    if more.len() <= room {
        text.push_str(more);
    } else {
        let end = (0..=room).rev().find(|end| more.is_char_boundary(*end));
        text.push_str(more.get(..end.unwrap_or(0)).unwrap_or_default());
    }
}

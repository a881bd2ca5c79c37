//! What a PDF may cost, looked at before its text is read.
//!
//! The reader unpacks whatever it meets, follows forms into forms and fonts into
//! maps without a limit of its own. A file of a few KB can ask for gigabytes.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

use flate2::read::ZlibDecoder;
use pdf_extract::{
    Dictionary, Document, Object, ObjectId, Stream,
    content::{Content, Operation},
};

use super::pdf::PdfProblem;

/// Bytes that all of a file's streams but pictures may unpack to.
const MOST_UNPACKED: usize = 64 * 1024 * 1024;
/// Drawing operations of one page, forms unrolled.
const MOST_OPERATIONS: usize = 2_000_000;
/// Codes that ranges of character maps may stand for.
const MOST_CODES: u64 = 1_000_000;
const DEEPEST_PAGE: usize = 64;
/// The most that a compressed byte can become: deflate 1032, LZW below 1400.
const WORST_RATIO: usize = 1_400;

/// Streams are unpacked while the file is loaded: those that say they hold the
/// file's own objects.
pub(super) fn before_loading(bytes: &[u8]) -> Result<(), PdfProblem> {
    let mut left = MOST_UNPACKED;
    let mut from = 0;
    while let Some(found) = find(bytes.get(from..).unwrap_or_default(), b"stream") {
        let at = from + found;
        from = at + b"stream".len();
        let head = bytes.get(at.saturating_sub(1024)..at).unwrap_or_default();
        if head.ends_with(b"end") {
            continue;
        }
        let head = find_last(head, b" obj").map_or(head, |start| head.get(start..).unwrap_or(head));
        // A picture is never unpacked; names written in hex may hide what it is.
        let picture = find(head, b"/Image").is_some()
            && [&b"ObjStm"[..], b"XRef", b"#"]
                .iter()
                .all(|name| find(head, name).is_none());
        if picture {
            continue;
        }
        let body = bytes.get(from..).unwrap_or_default();
        let body = body.strip_prefix(b"\r").unwrap_or(body);
        let body = body.strip_prefix(b"\n").unwrap_or(body);
        if find(head, b"LZW").is_some() {
            let length = find(body, b"endstream").unwrap_or(body.len());
            left = left
                .checked_sub(length.saturating_mul(WORST_RATIO))
                .ok_or(PdfProblem::TooComplex)?;
        }
        unpacked(body, &mut left, 3)?;
    }
    Ok(())
}

/// Counts what packed bytes unpack to, packed again or not.
fn unpacked(packed: &[u8], left: &mut usize, layers: usize) -> Result<(), PdfProblem> {
    if layers == 0 {
        return Err(PdfProblem::TooComplex);
    }
    let zlib = packed.first().is_some_and(|first| first & 0x0f == 8);
    if !zlib {
        return Ok(());
    }
    let mut inner = Vec::new();
    let limit = *left as u64 + 1;
    // A damaged end does not undo what came before it.
    let _as_far_as_it_goes = ZlibDecoder::new(packed).take(limit).read_to_end(&mut inner);
    *left = left
        .checked_sub(inner.len())
        .ok_or(PdfProblem::TooComplex)?;
    if inner.len() > 4096 {
        unpacked(&inner, left, layers - 1)?;
    }
    Ok(())
}

/// Empties pictures, and refuses what would cost without end. Returns how many
/// pictures there were.
pub(super) fn make_harmless(
    document: &mut Document,
    pages: &BTreeMap<u32, ObjectId>,
) -> Result<usize, PdfProblem> {
    let mut pictures = 0;
    let mut left = MOST_UNPACKED;
    let mut codes = 0_u64;
    for object in document.objects.values_mut() {
        let Object::Stream(stream) = object else {
            continue;
        };
        if is_named(&stream.dict, b"Subtype", b"Image") {
            pictures += 1;
            stream.content = Vec::new();
            stream.dict.remove(b"Filter");
            continue;
        }
        // A form without resources of its own would use those of whoever draws
        // it, itself among them.
        if is_named(&stream.dict, b"Subtype", b"Form") && !stream.dict.has(b"Resources") {
            stream
                .dict
                .set("Resources", Object::Dictionary(Dictionary::new()));
        }
        let content = bounded_content(stream, &mut left)?;
        codes += codes_in_ranges(&content);
        if codes > MOST_CODES {
            return Err(PdfProblem::TooComplex);
        }
        if is_named(&stream.dict, b"Subtype", b"Form")
            && let Some(content) = spelled_out(&content)
        {
            stream.set_plain_content(content);
        }
    }
    let mut costs = BTreeMap::new();
    for (number, page) in pages {
        check_parents(document, *page)?;
        let content = spell_out_page(document, *number, *page)?;
        let forms = page_forms(document, *page);
        let mut above = BTreeSet::new();
        let cost = operations(document, &content, &forms, &mut above, &mut costs)?;
        if cost > MOST_OPERATIONS {
            return Err(PdfProblem::TooComplex);
        }
    }
    Ok(pictures)
}

/// The page's content, without operators that the reader passes over.
fn spell_out_page(
    document: &mut Document,
    number: u32,
    page: ObjectId,
) -> Result<Vec<u8>, PdfProblem> {
    let read = |document: &Document| {
        document
            .get_page_content(page)
            .map_err(|_unreadable| PdfProblem::Damaged)
    };
    let content = read(document)?;
    let Some(spelled_out_content) = spelled_out(&content) else {
        return Ok(content);
    };
    let changed = document.change_page_content(page, spelled_out_content);
    let content = read(document)?;
    // A line that is passed over might have said it.
    if changed.is_err() || spelled_out(&content).is_some() {
        return Err(PdfProblem::Page(number));
    }
    Ok(content)
}

/// The reader knows neither of the operators that go to the next line and show a
/// text: each is spelled out as those that it stands for (ISO 32000-1, table 109).
/// `None` where there are none.
fn spelled_out(content: &[u8]) -> Option<Vec<u8>> {
    if !content.contains(&b'\'') && !content.contains(&b'"') {
        return None;
    }
    let decoded = Content::decode(content).ok()?;
    let shows = |operation: &Operation| matches!(operation.operator.as_str(), "'" | "\"");
    if !decoded.operations.iter().any(shows) {
        return None;
    }
    let mut operations = Vec::with_capacity(decoded.operations.len() * 2);
    for operation in decoded.operations {
        let mut operands = operation.operands;
        match operation.operator.as_str() {
            // A picture within the content: nothing to read.
            "BI" => {}
            "\"" if operands.len() == 3 => {
                let text = operands.split_off(2);
                let letters = operands.split_off(1);
                operations.push(Operation::new("Tw", operands));
                operations.push(Operation::new("Tc", letters));
                operations.push(Operation::new("T*", Vec::new()));
                operations.push(Operation::new("Tj", text));
            }
            "'" | "\"" => {
                operations.push(Operation::new("T*", Vec::new()));
                operations.push(Operation::new("Tj", operands));
            }
            operator => operations.push(Operation::new(operator, operands)),
        }
    }
    Content { operations }.encode().ok()
}

fn is_named(dictionary: &Dictionary, key: &[u8], name: &[u8]) -> bool {
    dictionary
        .get(key)
        .and_then(Object::as_name)
        .is_ok_and(|known| known == name)
}

fn bounded_content(stream: &Stream, left: &mut usize) -> Result<Vec<u8>, PdfProblem> {
    let filters = stream.filters().unwrap_or_default();
    let packing = |name: &&[u8]| !matches!(*name, b"ASCIIHexDecode" | b"ASCII85Decode");
    let layers = filters.iter().filter(|name| packing(name)).count();
    let spend = |left: &mut usize, bytes: usize| {
        *left = left.checked_sub(bytes).ok_or(PdfProblem::TooComplex)?;
        Ok(())
    };
    match (layers, filters.as_slice()) {
        (0, _) => spend(left, stream.content.len())?,
        (1, [b"FlateDecode"]) => {
            let mut inner = Vec::new();
            let limit = *left as u64 + 1;
            let _as_far_as_it_goes = ZlibDecoder::new(stream.content.as_slice())
                .take(limit)
                .read_to_end(&mut inner);
            spend(left, inner.len())?;
        }
        (1, _) => spend(left, stream.content.len().saturating_mul(WORST_RATIO))?,
        _ => return Err(PdfProblem::TooComplex),
    }
    Ok(stream
        .decompressed_content()
        .unwrap_or_else(|_unpacked| stream.content.clone()))
}

/// Codes between neighbours in a character map: `<0000> <ffffffff>` asks for
/// four thousand million entries.
fn codes_in_ranges(content: &[u8]) -> u64 {
    if find(content, b"range").is_none() {
        return 0;
    }
    let mut total = 0_u64;
    let mut before: Option<(usize, u64)> = None;
    for piece in content.split(|byte| *byte == b'<').skip(1) {
        let digits: Vec<u8> = piece
            .iter()
            .take_while(|byte| **byte != b'>')
            .filter(|byte| byte.is_ascii_hexdigit())
            .take(9)
            .copied()
            .collect();
        let value = std::str::from_utf8(&digits)
            .ok()
            .and_then(|digits| u64::from_str_radix(digits, 16).ok());
        if let (Some((length, low)), Some(high)) = (before, value)
            && length == digits.len()
        {
            // Code space and neighbours in lists of two bytes cost nothing.
            let codes = high.saturating_sub(low);
            if codes > 0xffff {
                total = total.saturating_add(codes);
            } else if length > 4 {
                total = total.saturating_add(codes / 16);
            }
        }
        before = value.map(|value| (digits.len(), value));
    }
    total
}

fn check_parents(document: &Document, page: ObjectId) -> Result<(), PdfProblem> {
    let mut at = page;
    for _ in 0..DEEPEST_PAGE {
        let parent = document
            .get_dictionary(at)
            .and_then(|dictionary| dictionary.get(b"Parent"))
            .and_then(Object::as_reference);
        match parent {
            Ok(parent) => at = parent,
            Err(_top) => return Ok(()),
        }
    }
    Err(PdfProblem::TooComplex)
}

type Forms = BTreeMap<Vec<u8>, ObjectId>;

fn page_forms(document: &Document, page: ObjectId) -> Forms {
    let mut at = page;
    for _ in 0..DEEPEST_PAGE {
        let Ok(dictionary) = document.get_dictionary(at) else {
            break;
        };
        if let Ok(resources) = dictionary
            .get_deref(b"Resources", document)
            .and_then(Object::as_dict)
        {
            return forms_of(document, resources);
        }
        let Ok(parent) = dictionary.get(b"Parent").and_then(Object::as_reference) else {
            break;
        };
        at = parent;
    }
    Forms::new()
}

fn forms_of(document: &Document, resources: &Dictionary) -> Forms {
    let Ok(named) = resources
        .get_deref(b"XObject", document)
        .and_then(Object::as_dict)
    else {
        return Forms::new();
    };
    named
        .iter()
        .filter_map(|(name, object)| Some((name.clone(), object.as_reference().ok()?)))
        .collect()
}

/// Operations of a content with its forms unrolled; a form that draws itself is
/// refused.
fn operations(
    document: &Document,
    content: &[u8],
    forms: &Forms,
    above: &mut BTreeSet<ObjectId>,
    costs: &mut BTreeMap<ObjectId, usize>,
) -> Result<usize, PdfProblem> {
    let decoded = Content::decode(content).map_err(|_unreadable| PdfProblem::Damaged)?;
    let mut cost = decoded.operations.len();
    for operation in &decoded.operations {
        if operation.operator != "Do" {
            continue;
        }
        let form = operation
            .operands
            .first()
            .and_then(|name| forms.get(name.as_name().ok()?));
        if let Some(form) = form {
            cost = cost.saturating_add(form_operations(document, *form, above, costs)?);
        }
    }
    Ok(cost)
}

fn form_operations(
    document: &Document,
    form: ObjectId,
    above: &mut BTreeSet<ObjectId>,
    costs: &mut BTreeMap<ObjectId, usize>,
) -> Result<usize, PdfProblem> {
    if let Some(cost) = costs.get(&form) {
        return Ok(*cost);
    }
    let Ok(stream) = document.get_object(form).and_then(Object::as_stream) else {
        return Ok(1);
    };
    if above.len() >= DEEPEST_PAGE || !above.insert(form) {
        return Err(PdfProblem::TooComplex);
    }
    let forms = stream
        .dict
        .get_deref(b"Resources", document)
        .and_then(Object::as_dict)
        .map(|resources| forms_of(document, resources))
        .unwrap_or_default();
    let content = stream
        .decompressed_content()
        .unwrap_or_else(|_unpacked| stream.content.clone());
    let cost = operations(document, &content, &forms, above, costs)?;
    above.remove(&form);
    costs.insert(form, cost);
    Ok(cost)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

fn find_last(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .rposition(|window| window == wanted)
}

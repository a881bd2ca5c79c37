//! PDF in: text, pictures of pages, and what would cost without end.

use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream};
use plimsoll::disclosures::{
    statement::{DocumentKind, Overall, ProblemKind, SB_657},
    text::{PdfProblem, pdf_text},
};

use crate::statements::{HONEST_NO, read_under};

fn dictionary(entries: &[(&str, Object)]) -> Dictionary {
    let mut dictionary = Dictionary::new();
    for (key, value) in entries {
        dictionary.set(*key, value.clone());
    }
    dictionary
}

fn name(text: &str) -> Object {
    Object::Name(text.as_bytes().to_vec())
}

/// A document of one page for each content.
struct Pages {
    document: Document,
    tree: ObjectId,
    kids: Vec<Object>,
}

impl Pages {
    fn new() -> Self {
        let mut document = Document::with_version("1.5");
        let tree = document.new_object_id();
        Self {
            document,
            tree,
            kids: Vec::new(),
        }
    }

    fn add(&mut self, content: &[u8], objects: &[(&str, ObjectId)]) {
        let font = self.document.add_object(dictionary(&[
            ("Type", name("Font")),
            ("Subtype", name("Type1")),
            ("BaseFont", name("Helvetica")),
            ("Encoding", name("WinAnsiEncoding")),
        ]));
        let mut drawn = Dictionary::new();
        for (key, id) in objects {
            drawn.set(*key, Object::Reference(*id));
        }
        let resources = dictionary(&[
            (
                "Font",
                Object::Dictionary(dictionary(&[("F1", Object::Reference(font))])),
            ),
            ("XObject", Object::Dictionary(drawn)),
        ]);
        let mut stream = Stream::new(Dictionary::new(), content.to_vec());
        stream.compress().unwrap();
        let content = self.document.add_object(stream);
        let page = self.document.add_object(dictionary(&[
            ("Type", name("Page")),
            ("Parent", Object::Reference(self.tree)),
            (
                "MediaBox",
                Object::Array([0, 0, 595, 842].map(Object::Integer).to_vec()),
            ),
            ("Resources", Object::Dictionary(resources)),
            ("Contents", Object::Reference(content)),
        ]));
        self.kids.push(Object::Reference(page));
    }

    fn bytes(mut self) -> Vec<u8> {
        let count = i64::try_from(self.kids.len()).unwrap();
        let tree = dictionary(&[
            ("Type", name("Pages")),
            ("Kids", Object::Array(self.kids)),
            ("Count", Object::Integer(count)),
        ]);
        self.document
            .objects
            .insert(self.tree, Object::Dictionary(tree));
        let catalog = self.document.add_object(dictionary(&[
            ("Type", name("Catalog")),
            ("Pages", Object::Reference(self.tree)),
        ]));
        self.document
            .trailer
            .set("Root", Object::Reference(catalog));
        let mut bytes = Vec::new();
        self.document.save_to(&mut bytes).unwrap();
        bytes
    }
}

/// Lines of text as a page's content.
fn set(text: &str) -> Vec<u8> {
    let mut content = "BT /F1 10 Tf 50 800 Td\n".to_owned();
    for line in text.lines() {
        let line = line.replace(['(', ')', '\\'], " ");
        content.extend(["(", line.as_str(), ") Tj 0 -14 Td\n"]);
    }
    content.push_str("ET");
    content.into_bytes()
}

#[test]
fn a_statement_in_a_pdf_is_read_as_its_text_is() {
    let mut pages = Pages::new();
    let (first, second) = HONEST_NO.split_at(HONEST_NO.find("\n3.").unwrap());
    pages.add(&set(first), &[]);
    pages.add(&set(second), &[]);
    let bytes = pages.bytes();
    let reading = read_under(SB_657, &bytes);
    assert_eq!(reading.problem, None);
    assert_eq!(reading.overall, Overall::Full, "{:?}", reading.reasons);
    let document = reading.document.unwrap();
    assert_eq!(document.kind, DocumentKind::Pdf);
    let text = document.text.unwrap();
    for quote in reading.topics.values().flat_map(|topic| &topic.quotes) {
        assert_eq!(&text[quote.start..quote.end], quote.text);
    }
}

fn picture(pages: &mut Pages) -> ObjectId {
    pages.document.add_object(Stream::new(
        dictionary(&[
            ("Type", name("XObject")),
            ("Subtype", name("Image")),
            ("Filter", name("DCTDecode")),
            ("Width", Object::Integer(10)),
            ("Height", Object::Integer(10)),
        ]),
        b"\xff\xd8\xff BT (not text) Tj ET".to_vec(),
    ))
}

#[test]
fn pictures_of_pages_are_no_silence() {
    let mut pages = Pages::new();
    let scan = picture(&mut pages);
    for _ in 0..3 {
        pages.add(b"q 595 0 0 842 0 0 cm /Im0 Do Q", &[("Im0", scan)]);
    }
    let bytes = pages.bytes();
    let reading = read_under(SB_657, &bytes);
    assert_eq!(reading.overall, Overall::NotLocated);
    assert_eq!(reading.problem.unwrap().kind, ProblemKind::ImageOnlyPdf);
    // A cover in letters does not make the pictures behind it text.
    let mut pages = Pages::new();
    let scan = picture(&mut pages);
    pages.add(&set("Corporate responsibility at Halvard and Roe"), &[]);
    for _ in 0..3 {
        pages.add(b"q 595 0 0 842 0 0 cm /Im0 Do Q", &[("Im0", scan)]);
    }
    assert_eq!(pdf_text(&pages.bytes()), Err(PdfProblem::ImageOnly));
}

#[test]
fn a_form_that_draws_itself_and_a_page_that_unrolls_are_refused() {
    let mut pages = Pages::new();
    let own = pages.document.new_object_id();
    let resources = dictionary(&[(
        "XObject",
        Object::Dictionary(dictionary(&[("Fm", Object::Reference(own))])),
    )]);
    let form = Stream::new(
        dictionary(&[
            ("Type", name("XObject")),
            ("Subtype", name("Form")),
            ("Resources", Object::Dictionary(resources)),
        ]),
        b"/Fm Do".to_vec(),
    );
    pages.document.objects.insert(own, Object::Stream(form));
    pages.add(b"/Fm Do", &[("Fm", own)]);
    assert_eq!(pdf_text(&pages.bytes()), Err(PdfProblem::TooComplex));

    // Ten forms, each drawing the one below it ten times.
    let mut pages = Pages::new();
    let mut below: Option<ObjectId> = None;
    for _ in 0..10 {
        let mut drawn = Dictionary::new();
        if let Some(id) = below {
            drawn.set("Fm", Object::Reference(id));
        }
        let resources = dictionary(&[("XObject", Object::Dictionary(drawn))]);
        below = Some(pages.document.add_object(Stream::new(
            dictionary(&[
                ("Type", name("XObject")),
                ("Subtype", name("Form")),
                ("Resources", Object::Dictionary(resources)),
            ]),
            b"/Fm Do ".repeat(10),
        )));
    }
    pages.add(b"/Fm Do", &[("Fm", below.unwrap())]);
    assert_eq!(pdf_text(&pages.bytes()), Err(PdfProblem::TooComplex));
}

#[test]
fn a_bomb_and_a_boundless_map_are_refused() {
    let mut pages = Pages::new();
    pages.add(&vec![b' '; 66 << 20], &[]);
    let bytes = pages.bytes();
    assert!(bytes.len() < 1 << 20);
    assert_eq!(pdf_text(&bytes), Err(PdfProblem::TooComplex));

    let mut pages = Pages::new();
    let map = b"1 beginbfrange <00000000> <ffffffff> <0041> endbfrange".to_vec();
    pages
        .document
        .add_object(Stream::new(Dictionary::new(), map));
    pages.add(&set("We do not audit our suppliers for forced labor."), &[]);
    assert_eq!(pdf_text(&pages.bytes()), Err(PdfProblem::TooComplex));
}

#[test]
fn a_page_tree_that_turns_on_itself_ends() {
    let mut pages = Pages::new();
    pages.add(&set("We do not audit our suppliers."), &[]);
    let tree = pages.tree;
    let mut bytes = pages.bytes();
    let mut document = Document::load_mem(&bytes).unwrap();
    let Some(Object::Dictionary(node)) = document.objects.get_mut(&tree) else {
        panic!("the tree is a dictionary");
    };
    node.set("Parent", Object::Reference(tree));
    bytes.clear();
    document.save_to(&mut bytes).unwrap();
    assert_eq!(pdf_text(&bytes), Err(PdfProblem::TooComplex));
}

//! HTML to text, with what a page shows about itself.

use ego_tree::iter::Edge;
use scraper::{Html, Node, node::Element};

use super::document::{Problem, ProblemKind};

/// An HTML parser searches its open elements at every tag, so that nesting costs
/// time by the square.
const DEEPEST: usize = 400;

/// Elements that need no end tag: counting them says nothing about depth.
const VOID: [&str; 20] = [
    "area", "base", "body", "br", "col", "dd", "dt", "embed", "head", "hr", "html", "img", "input",
    "li", "link", "meta", "option", "p", "source", "wbr",
];

/// Furniture of a page, which says nothing that a company answers for here.
const SKIPPED: [&str; 15] = [
    "script", "style", "noscript", "template", "svg", "nav", "footer", "form", "button", "select",
    "iframe", "object", "head", "title", "dialog",
];

const BLOCKS: [&str; 27] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "table",
    "tr",
    "td",
    "th",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "figure",
    "aside",
    "address",
];

#[derive(Debug)]
pub(super) struct Page {
    pub(super) text: String,
    pub(super) signs: Signs,
}

/// What a page without an answer shows instead.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Signs {
    pub(super) has_script: bool,
    pub(super) has_password_field: bool,
}

pub(super) fn is_html(text: &str) -> bool {
    let mut end = text.len().min(4096);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text.get(..end).unwrap_or_default().to_ascii_lowercase();
    [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<div",
        "<p>",
        "<script",
    ]
    .iter()
    .any(|tag| head.contains(tag))
}

pub(super) fn check_depth(source: &str) -> Result<(), Problem> {
    if deeper_than(source, DEEPEST) {
        return Err(Problem::new(
            ProblemKind::TooDeeplyNested,
            format!("elements are nested deeper than {DEEPEST}: save the page as text"),
        ));
    }
    Ok(())
}

pub(super) fn take_text(source: &str) -> Result<Page, Problem> {
    check_depth(source)?;
    let tree = Html::parse_document(source);
    let mut text = String::new();
    let mut signs = Signs::default();
    let mut skipping = 0_usize;
    for edge in tree.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) => {
                    note_signs(element, &mut signs);
                    if is_skipped(element) {
                        skipping += 1;
                    } else if skipping == 0 {
                        open_block(element.name(), &mut text);
                    }
                }
                Node::Text(part) if skipping == 0 => push_collapsed(&mut text, part),
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(element) = node.value() {
                    if is_skipped(element) {
                        skipping = skipping.saturating_sub(1);
                    } else if skipping == 0 {
                        open_block(element.name(), &mut text);
                    }
                }
            }
        }
    }
    Ok(Page { text, signs })
}

fn note_signs(element: &Element, signs: &mut Signs) {
    signs.has_script |= element.name() == "script";
    signs.has_password_field |= element.name() == "input"
        && element
            .attr("type")
            .is_some_and(|kind| kind.eq_ignore_ascii_case("password"));
}

fn is_skipped(element: &Element) -> bool {
    SKIPPED.contains(&element.name()) || is_concealed(element)
}

/// Not shown to a reader, by its own word.
pub(super) fn is_concealed(element: &Element) -> bool {
    element.attr("hidden").is_some()
        || element.attr("aria-hidden") == Some("true")
        || element.attr("style").is_some_and(|style| {
            let style: String = style.split_whitespace().collect();
            style.to_ascii_lowercase().contains("display:none")
        })
}

fn open_block(name: &str, text: &mut String) {
    if name == "br" {
        text.push('\n');
    } else if BLOCKS.contains(&name) {
        while text.ends_with([' ', '\n']) {
            text.pop();
        }
        if !text.is_empty() {
            text.push_str("\n\n");
        }
    }
}

/// White space in HTML source is one space.
fn push_collapsed(text: &mut String, part: &str) {
    for letter in part.chars() {
        if letter.is_whitespace() {
            if !text.is_empty() && !text.ends_with([' ', '\n']) {
                text.push(' ');
            }
        } else {
            text.push(letter);
        }
    }
}

fn deeper_than(source: &str, limit: usize) -> bool {
    let mut depth = 0_usize;
    for piece in source.split('<').skip(1) {
        let (closes, rest) = match piece.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, piece),
        };
        let name: String = rest
            .chars()
            .take(12)
            .take_while(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .collect();
        if name.is_empty() || VOID.contains(&name.as_str()) {
            continue;
        }
        depth = if closes {
            depth.saturating_sub(1)
        } else {
            depth + 1
        };
        if depth > limit {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_is_said_and_drops_the_furniture() {
        let page = take_text(
            "<html><head><title>x</title><script>var audits = 1;</script></head><body>\
             <nav><a>Training</a></nav><h2>Audits</h2><p>We do <b>not</b>\n audit.</p>\
             <p hidden>We audit weekly.</p><div style='display: none'>We audit.</div>\
             <ul><li>One<li>Two</ul><footer>UK Modern Slavery Act</footer></body></html>",
        )
        .unwrap();
        assert_eq!(page.text.trim(), "Audits\n\nWe do not audit.\n\nOne\n\nTwo");
        assert!(page.signs.has_script && !page.signs.has_password_field);
    }

    #[test]
    fn refuses_bottomless_nesting() {
        let refused = take_text(&"<div>".repeat(100_000)).unwrap_err();
        assert_eq!(refused.kind, ProblemKind::TooDeeplyNested);
        assert!(take_text(&"<div><br><p>a</div>".repeat(10_000)).is_ok());
    }
}

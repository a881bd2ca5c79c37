//! Tables of published pages: rows, cells, and the text as a reader sees it.

use ego_tree::iter::Edge;
use scraper::{ElementRef, Node};

use super::text::tidy;

pub(super) struct Cell {
    pub(super) text: String,
    /// Whether it is a `th`.
    pub(super) heads: bool,
}

/// The rows of the table itself, not of tables inside it.
pub(super) fn rows_of(table: &ElementRef) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for row in own_elements(table, "tr") {
        let cells = row
            .children()
            .filter_map(ElementRef::wrap)
            .filter(|cell| matches!(cell.value().name(), "td" | "th"))
            .map(|cell| Cell {
                text: visible_text(&cell),
                heads: cell.value().name() == "th",
            })
            .collect();
        rows.push(cells);
    }
    rows
}

/// The text as a reader sees it: blocks and line breaks part words, marks
/// within a word do not.
pub(super) fn visible_text(cell: &ElementRef) -> String {
    const INLINE: [&str; 14] = [
        "a", "abbr", "b", "em", "font", "i", "mark", "small", "span", "strong", "sub", "sup", "u",
        "wbr",
    ];
    let mut text = String::new();
    for edge in cell.traverse() {
        let (Edge::Open(node) | Edge::Close(node)) = edge;
        match node.value() {
            Node::Text(words) if matches!(edge, Edge::Open(_)) && !is_hidden(node) => {
                text.push_str(words);
            }
            Node::Element(element) if !INLINE.contains(&element.name()) => text.push(' '),
            _ => {}
        }
    }
    tidy(&text)
}

pub(super) fn caption_of(table: &ElementRef) -> String {
    own_elements(table, "caption")
        .iter()
        .flat_map(ElementRef::text)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Descendants of that name whose nearest table is this one.
pub(super) fn own_elements<'page>(table: &ElementRef<'page>, name: &str) -> Vec<ElementRef<'page>> {
    table
        .descendants()
        .filter_map(ElementRef::wrap)
        .filter(|element| element.value().name() == name)
        .filter(|element| {
            element
                .ancestors()
                .filter_map(ElementRef::wrap)
                .find(|outer| outer.value().name() == "table")
                .is_some_and(|nearest| nearest.id() == table.id())
        })
        .collect()
}

pub(super) fn line(cells: &[Cell]) -> String {
    cells
        .iter()
        .map(|cell| cell.text.as_str())
        .collect::<Vec<_>>()
        .join(" | ")
}

pub(super) fn is_hidden(node: ego_tree::NodeRef<'_, Node>) -> bool {
    node.parent()
        .and_then(|parent| parent.value().as_element())
        .is_some_and(|parent| matches!(parent.name(), "script" | "style" | "noscript" | "template"))
}

//! What a page may cost. An HTML parser searches its open elements at every
//! tag, so deep nesting costs time by the square.

use super::unreadable::UnreadableList;

/// DHS's page has about 0.2 MB.
const LARGEST_PAGE: usize = 8 * 1024 * 1024;

/// Published pages nest some thirty levels.
const DEEPEST: usize = 512;

/// Elements that need no end tag, so that counting them says nothing.
const UNCOUNTED: [&str; 29] = [
    "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html",
    "img", "input", "li", "link", "meta", "optgroup", "option", "p", "param", "source", "tbody",
    "td", "tfoot", "th", "thead", "tr", "wbr",
];

pub(super) fn check_page(page: &str) -> Result<(), UnreadableList> {
    if page.len() > LARGEST_PAGE {
        return Err(UnreadableList::new(
            format!("byte {LARGEST_PAGE}"),
            format!("the page has {} bytes, far more than the list", page.len()),
            FIX,
        ));
    }
    let mut depth = 0_usize;
    let mut at = 0;
    for piece in page.split_inclusive('<') {
        // `piece` begins behind a `<`, save the first, which begins no tag.
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
        if at > 0 && !name.is_empty() && !UNCOUNTED.contains(&name.as_str()) {
            depth = if closes {
                depth.saturating_sub(1)
            } else {
                depth + 1
            };
        }
        if depth > DEEPEST {
            return Err(UnreadableList::new(
                format!("byte {at}"),
                format!("elements are nested deeper than {DEEPEST}"),
                FIX,
            ));
        }
        at += piece.len();
    }
    Ok(())
}

const FIX: &str = "open the page in a browser and check that it is the list";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admits_long_flat_pages_and_refuses_deep_ones() {
        let flat = "<tr><td>a<td><p>b<br><img src=x><div><b>c</b></div>".repeat(20_000);
        assert_eq!(check_page(&flat), Ok(()));
        assert!(check_page(&"<div>".repeat(512)).is_ok());
        let refused = check_page(&"<div>".repeat(513)).unwrap_err();
        assert_eq!(refused.place, "byte 2561");
        assert!(check_page(&" ".repeat(LARGEST_PAGE + 1)).is_err());
    }
}

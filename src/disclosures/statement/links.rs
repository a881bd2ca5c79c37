//! The way to a statement: links on a page, what they say and where they stand.
//! The law wants a conspicuous and easily understood one on the homepage.

use ego_tree::NodeRef;
use scraper::{Html, Node, node::Element};
use serde::Serialize;
use url::Url;

use super::{
    document::{Problem, ProblemKind},
    markup,
};

/// Links of a page that are looked at.
const MOST_LINKS: usize = 2_000;
const LONGEST_WORDING: usize = 200;

/// A link that may lead to a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatementLink {
    pub url: String,
    /// The words that a reader sees or hears.
    pub wording: String,
    pub place: LinkPlace,
    pub names: LinkNames,
    /// Not shown to a reader.
    pub hidden: bool,
}

/// What a link's words tell, clearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkNames {
    /// "California Transparency in Supply Chains Act", "SB 657"
    TheAct,
    /// "Supply chain transparency", "human trafficking", "modern slavery"
    TheSubject,
    /// Only the address says it: an icon, "read more".
    AddressOnly,
    /// "Responsibility", "legal": pages that may lead on.
    Neighbourhood,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkPlace {
    Header,
    Body,
    Footer,
}

const ACT: [&str; 8] = [
    "transparency in supply chain",
    "california supply chain",
    "ca supply chain",
    "supply chains act",
    "supply chain act",
    "sb 657",
    "sb657",
    "california transparency",
];
const SUBJECT: [&str; 13] = [
    "supply chain transparency",
    "supply chain disclosure",
    "modern slavery",
    "human trafficking",
    "forced labor",
    "forced labour",
    "anti slavery",
    "antislavery",
    "slavery",
    "transparency act",
    "supply chain statement",
    "california disclosure",
    "supply chains",
];
const NEIGHBOURHOOD: [&str; 16] = [
    "supply chain",
    "responsib",
    "sustainab",
    "human rights",
    "ethical",
    "social compliance",
    "sourcing",
    "legal",
    "policies",
    "corporate",
    "about us",
    "compliance",
    "citizenship",
    "california",
    "statements",
    "esg",
];

/// Links that may lead to a statement, clearest first, each address once.
pub fn statement_links(html: &str, page: &Url) -> Result<Vec<StatementLink>, Problem> {
    markup::check_depth(html)?;
    let tree = Html::parse_document(html);
    let base = base_of(&tree, page);
    let mut links: Vec<StatementLink> = Vec::new();
    for node in tree.tree.root().descendants() {
        let Node::Element(element) = node.value() else {
            continue;
        };
        if element.name() != "a" {
            continue;
        }
        let Some(url) = element.attr("href").and_then(|href| address(href, &base)) else {
            continue;
        };
        let wording = wording(node);
        let Some(names) = names(&wording, &url) else {
            continue;
        };
        let place = place(node);
        links.push(StatementLink {
            url: url.to_string(),
            wording,
            place,
            names,
            hidden: is_hidden(node),
        });
        if links.len() == MOST_LINKS {
            break;
        }
    }
    links.sort_by_key(|link| (link.hidden, link.names));
    let mut known = std::collections::BTreeSet::new();
    links.retain(|link| known.insert(link.url.clone()));
    Ok(links)
}

fn base_of(tree: &Html, page: &Url) -> Url {
    tree.tree
        .root()
        .descendants()
        .find_map(|node| {
            let element = node.value().as_element()?;
            (element.name() == "base").then(|| element.attr("href"))?
        })
        .and_then(|href| page.join(href).ok())
        .unwrap_or_else(|| page.clone())
}

fn address(href: &str, base: &Url) -> Option<Url> {
    let href = href.trim();
    if href.is_empty() || href.starts_with('#') {
        return None;
    }
    let mut url = base.join(href).ok()?;
    url.set_fragment(None);
    matches!(url.scheme(), "http" | "https").then_some(url)
}

fn wording(node: NodeRef<'_, Node>) -> String {
    let mut text = String::new();
    let mut add = |part: &str| {
        if text.len() < LONGEST_WORDING {
            text.push_str(part);
            text.push(' ');
        }
    };
    for inner in node.descendants() {
        match inner.value() {
            Node::Text(part) => add(part),
            Node::Element(element) => {
                for label in ["aria-label", "alt"] {
                    if let Some(said) = element.attr(label) {
                        add(said);
                    }
                }
            }
            _ => {}
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let shown = words.join(" ");
    // A page's control characters are no business of a terminal.
    shown
        .chars()
        .filter(|letter| !letter.is_control())
        .take(LONGEST_WORDING)
        .collect()
}

fn plain(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|letter| {
            if letter.is_alphanumeric() {
                letter
            } else {
                ' '
            }
        })
        .flat_map(char::to_lowercase)
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn names(wording: &str, url: &Url) -> Option<LinkNames> {
    let said = plain(wording);
    let address = plain(url.path());
    let one_of = |text: &str, phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    if one_of(&said, &ACT) {
        Some(LinkNames::TheAct)
    } else if one_of(&said, &SUBJECT) {
        Some(LinkNames::TheSubject)
    } else if one_of(&address, &ACT) || one_of(&address, &SUBJECT) {
        Some(LinkNames::AddressOnly)
    } else if one_of(&said, &NEIGHBOURHOOD) {
        Some(LinkNames::Neighbourhood)
    } else {
        None
    }
}

fn elements_above(node: NodeRef<'_, Node>) -> impl Iterator<Item = &Element> {
    node.ancestors()
        .filter_map(|above| above.value().as_element())
}

fn marked(element: &Element, word: &str) -> bool {
    element.name() == word
        || element.attr("role").is_some_and(|role| {
            (word == "footer" && role == "contentinfo") || (word == "header" && role == "banner")
        })
        || ["id", "class"].iter().any(|name| {
            element
                .attr(name)
                .is_some_and(|value| value.to_ascii_lowercase().contains(word))
        })
}

fn place(node: NodeRef<'_, Node>) -> LinkPlace {
    // The body of a page is often of a class that names everything.
    let mut above =
        elements_above(node).filter(|element| !matches!(element.name(), "body" | "html"));
    above
        .find_map(|element| {
            if marked(element, "footer") {
                Some(LinkPlace::Footer)
            } else if marked(element, "header") || element.name() == "nav" {
                Some(LinkPlace::Header)
            } else {
                None
            }
        })
        .unwrap_or(LinkPlace::Body)
}

fn is_hidden(node: NodeRef<'_, Node>) -> bool {
    let own = node.value().as_element();
    own.into_iter()
        .chain(elements_above(node))
        .any(markup::is_concealed)
}

/// What was found of the way to a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HomepageLink {
    pub homepage: String,
    pub found: Option<StatementLink>,
    /// From the homepage to the statement.
    pub clicks: Option<u8>,
    pub conspicuous: Conspicuous,
    pub reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Conspicuous {
    Yes,
    No,
    /// For a person to look at: a program sees no colors and no type sizes.
    Unclear,
}

impl HomepageLink {
    /// Judges what is seen from a page's source. "Conspicuous" in the law is a
    /// matter of looks too, so that a yes is never more than the words and place.
    pub fn judge(homepage: &str, found: Option<StatementLink>, clicks: Option<u8>) -> Self {
        let (conspicuous, reason) = match (&found, clicks) {
            (None, _) => (
                Conspicuous::No,
                "no link to a statement was found on the homepage's source".to_owned(),
            ),
            (Some(link), _) if link.hidden => (
                Conspicuous::No,
                "the link is hidden from readers".to_owned(),
            ),
            (Some(_), Some(clicks)) if clicks > 1 => (
                Conspicuous::No,
                format!(
                    "the statement is {clicks} clicks from the homepage: the law wants the link there"
                ),
            ),
            (Some(link), _) if link.names == LinkNames::TheAct => (
                Conspicuous::Yes,
                "a visible link on the homepage names the Act".to_owned(),
            ),
            (Some(link), _) if link.names == LinkNames::TheSubject => (
                Conspicuous::Yes,
                "a visible link on the homepage names the subject".to_owned(),
            ),
            (Some(link), _) => (
                Conspicuous::Unclear,
                format!(
                    "the link's words (\"{}\") do not say where it leads",
                    link.wording
                ),
            ),
        };
        Self {
            homepage: homepage.to_owned(),
            found,
            clicks,
            conspicuous,
            reason,
        }
    }
}

/// A page could not be had: what stands instead of a reading.
pub fn not_reached(message: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::NotReached, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: &str = "<html><head><base href='/us/'></head><body class='has-footer'>\
        <nav><a href='/about'>About us</a></nav>\
        <p style='display:none'><a href='/secret'>California Transparency in Supply Chains Act</a></p>\
        <a href='sc.html'><img alt='Supply Chain Transparency'></a>\
        <div class='site-footer'><a href='ca.html#top'>CA Supply Chains Act</a>\
        <a href='ca.html'>again</a><a href='javascript:void(0)'>SB 657</a>\
        <a href='/modern-slavery.pdf'>more</a><a href='/cart'>Cart</a></div></body></html>";

    #[test]
    fn finds_the_way_and_where_it_stands() {
        let page = Url::parse("https://roe.example/").unwrap();
        let links = statement_links(HOME, &page).unwrap();
        let seen: Vec<(&str, LinkNames, LinkPlace, bool)> = links
            .iter()
            .map(|link| (link.url.as_str(), link.names, link.place, link.hidden))
            .collect();
        assert_eq!(
            seen,
            [
                (
                    "https://roe.example/us/ca.html",
                    LinkNames::TheAct,
                    LinkPlace::Footer,
                    false
                ),
                (
                    "https://roe.example/us/sc.html",
                    LinkNames::TheSubject,
                    LinkPlace::Body,
                    false
                ),
                (
                    "https://roe.example/modern-slavery.pdf",
                    LinkNames::AddressOnly,
                    LinkPlace::Footer,
                    false
                ),
                (
                    "https://roe.example/about",
                    LinkNames::Neighbourhood,
                    LinkPlace::Header,
                    false
                ),
                (
                    "https://roe.example/secret",
                    LinkNames::TheAct,
                    LinkPlace::Body,
                    true
                ),
            ]
        );
    }

    #[test]
    fn conspicuous_is_a_matter_of_words_place_and_clicks() {
        let page = Url::parse("https://roe.example/").unwrap();
        let links = statement_links(HOME, &page).unwrap();
        let judged = |at: Option<usize>, clicks| {
            HomepageLink::judge("home", at.map(|at| links[at].clone()), clicks).conspicuous
        };
        assert_eq!(judged(Some(0), Some(1)), Conspicuous::Yes);
        assert_eq!(judged(Some(0), Some(2)), Conspicuous::No);
        assert_eq!(judged(Some(2), Some(1)), Conspicuous::Unclear);
        assert_eq!(judged(Some(4), Some(1)), Conspicuous::No);
        assert_eq!(judged(None, None), Conspicuous::No);
    }
}

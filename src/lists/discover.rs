//! Finding a list on the page that leads to it: by the shape of what is there,
//! because publishers rename their files with every edition.

use scraper::{Html, Selector};
use url::Url;

use super::{html_guard::check_page, text::decode, unreadable::UnreadableList};

/// Links read from one page.
const MOST_LINKS: usize = 5_000;

struct Link {
    url: Url,
    text: String,
}

/// The file of orders that CBP's page links: a CSV under its folder of files.
/// Its name changes with every edition and its link text has been misspelled,
/// so neither is asked to be exact.
pub fn cbp_file(page: &[u8], at: &Url) -> Result<Url, UnreadableList> {
    let mut found: Vec<Link> = links(page, at)?
        .into_iter()
        .filter(|link| {
            let path = link.url.path().to_ascii_lowercase();
            path.contains("/sites/default/files/") && path.rsplit('.').next() == Some("csv")
        })
        .collect();
    if found.len() > 1 {
        let about_orders: Vec<_> = found
            .iter()
            .map(|link| {
                let said = format!("{} {}", link.url.path(), link.text).to_ascii_lowercase();
                ["wro", "withh", "witho", "release", "finding"]
                    .iter()
                    .any(|word| said.contains(word))
            })
            .collect();
        if about_orders.contains(&true) {
            let mut keep = about_orders.into_iter();
            found.retain(|_| keep.next().unwrap_or(false));
        }
    }
    // Files lie in a folder for each month: 2025-09.
    let newest = found.iter().filter_map(|link| month(&link.url)).max();
    found.retain(|link| month(&link.url) == newest);
    found.dedup_by(|right, left| right.url == left.url);
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(link), None) => Ok(link.url),
        (None, _) => Err(UnreadableList::new(
            "the discovery page",
            "it links no CSV file under /sites/default/files/",
            "look at the page; if the file has moved, set lists.cbp.url to the file itself",
        )),
        (Some(one), Some(other)) => Err(UnreadableList::new(
            "the discovery page",
            format!(
                "it links several CSV files of the same month: {} and {}",
                one.url.path(),
                other.url.path()
            ),
            "set lists.cbp.url to the right one",
        )),
    }
}

/// The `2025-09` in a path.
fn month(url: &Url) -> Option<(u16, u8)> {
    url.path_segments()?.find_map(|part| {
        let (year, month) = part.split_once('-')?;
        let year = year.parse().ok().filter(|_| year.len() == 4)?;
        let month = month.parse().ok().filter(|_| month.len() == 2)?;
        Some((year, month))
    })
}

/// The page after this one of a table that is printed on several: on the same
/// list at the same place.
pub fn next_page(page: &[u8], at: &Url) -> Option<Url> {
    let text = decode(page);
    check_page(&text).ok()?;
    let document = Html::parse_document(&text);
    let wanted = Selector::parse("a[rel~=next][href], a[title*='next page' i][href]").ok()?;
    document
        .select(&wanted)
        .filter_map(|link| at.join(link.attr("href")?).ok())
        .find(|next| next.origin() == at.origin() && next.path() == at.path() && next != at)
}

fn links(page: &[u8], at: &Url) -> Result<Vec<Link>, UnreadableList> {
    let text = decode(page);
    check_page(&text)?;
    let document = Html::parse_document(&text);
    let Ok(anchors) = Selector::parse("a[href]") else {
        return Ok(Vec::new());
    };
    Ok(document
        .select(&anchors)
        .take(MOST_LINKS)
        .filter_map(|link| {
            Some(Link {
                url: at.join(link.attr("href")?.trim()).ok()?,
                text: link.text().collect(),
            })
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str) -> Url {
        Url::parse(url).unwrap()
    }

    const CBP: &str = "https://www.cbp.gov/document/stats/withhold-release-orders-findings";

    #[test]
    fn the_file_of_orders_is_found_by_its_shape() {
        for (page, found) in [
            (
                r#"<a href="/sites/default/files/2025-09/wihthold%20orders_final.csv">Witholding Orders</a>"#,
                "/sites/default/files/2025-09/wihthold%20orders_final.csv",
            ),
            // Another table on the same page, and last month's.
            (
                r#"<a href="/sites/default/files/2025-09/seizures.csv">Seizures</a>
                   <a href="/sites/default/files/2025-08/wro-data.csv">August</a>
                   <a href="/sites/default/files/2025-09/wro-data.CSV">September</a>
                   <a href="/sites/default/files/2025-10/report.pdf">WRO report</a>"#,
                "/sites/default/files/2025-09/wro-data.CSV",
            ),
            (
                r#"<a href="https://www.cbp.gov/sites/default/files/assets/documents/x.csv">Data</a>"#,
                "/sites/default/files/assets/documents/x.csv",
            ),
        ] {
            assert_eq!(
                cbp_file(page.as_bytes(), &at(CBP)).unwrap().path(),
                found,
                "{page}"
            );
        }
    }

    #[test]
    fn a_page_without_one_file_is_refused_with_what_to_do() {
        for page in [
            "<p>Access denied</p>",
            r#"<a href="/files/wro.csv">not under the folder</a>"#,
            r#"<a href="/sites/default/files/2025-09/wro-1.csv">1</a>
               <a href="/sites/default/files/2025-09/wro-2.csv">2</a>"#,
        ] {
            let refused = cbp_file(page.as_bytes(), &at(CBP)).unwrap_err();
            assert!(refused.fix.contains("lists.cbp.url"), "{refused}");
        }
        assert!(cbp_file("<div>".repeat(1_000_000).as_bytes(), &at(CBP)).is_err());
    }

    #[test]
    fn the_next_page_stays_on_its_list() {
        let here = at("https://www.dol.gov/agencies/ilab/list-of-goods?page=1");
        let page = |href: &str| {
            format!(r#"<li class="pager__item--next"><a rel="next" href="{href}">Next</a></li>"#)
        };
        let next = |href: &str| next_page(page(href).as_bytes(), &here);
        assert_eq!(next("?page=2").unwrap().query(), Some("page=2"));
        assert_eq!(next("https://elsewhere.example/?page=2"), None);
        assert_eq!(next("?page=1"), None, "the page itself is not the next");
        assert_eq!(next("/other?page=2"), None);
        let titled = br#"<a href="?page=2" title="Go to next page">Next</a>"#;
        assert!(next_page(titled, &here).is_some());
        assert_eq!(next_page(b"<p>the end</p>", &here), None);
    }
}

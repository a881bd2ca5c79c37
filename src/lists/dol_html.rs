//! DOL's list of goods as its pages show it: a table of country, good and kind
//! of labor, page after page.

use scraper::{ElementRef, Html, Selector};

use super::{
    dol_json::{Kind, kinds_in},
    entry::GoodListing,
    html_guard::check_page,
    html_table::{caption_of, line, own_elements, rows_of, visible_text},
    name_list::bare,
    snapshot::{ParsedList, Unread},
    text::{cut, decode},
    unreadable::{UnreadableList, check_size},
};
use crate::country::Country;

/// Raised whenever the same bytes would be read to different goods.
pub const PARSER_VERSION: u32 = 1;

const CHECK: &str = "open the page in a browser and check that it is DOL's list of goods";

/// Reads one page. `part` names it in places.
pub fn parse(bytes: &[u8], part: &str, citation: &str) -> Result<ParsedList, UnreadableList> {
    check_size(bytes)?;
    let page = decode(bytes);
    check_page(&page)?;
    let page = Html::parse_document(&page);
    let mut parsed = ParsedList::default();
    let mut read_tables = 0;
    for (index, table) in elements(&page, "table").into_iter().enumerate() {
        let rows = rows_of(&table);
        let Some((header, columns)) = rows.iter().enumerate().take(3).find_map(|(at, row)| {
            Some((
                at,
                Columns::find(row.iter().map(|cell| cell.text.as_str()))?,
            ))
        }) else {
            continue;
        };
        read_tables += 1;
        let caption = caption_of(&table);
        let strong = goods_in_bold(&table, columns.good);
        for (number, row) in rows.iter().enumerate().skip(header + 1) {
            if row.iter().all(|cell| cell.text.is_empty()) {
                continue;
            }
            let text = |column: usize| row.get(column).map_or("", |cell| cell.text.as_str());
            // A summary may stand behind the good's name, which is in bold.
            let good = strong
                .get(number)
                .and_then(|name| name.as_deref())
                .unwrap_or(text(columns.good));
            match listing(
                good,
                text(columns.country),
                text(columns.kinds),
                &caption,
                citation,
            ) {
                Ok(listing) => parsed.content.goods.push(listing),
                Err(reason) => parsed.unread.push(Unread::lost(
                    format!("{part} table {} row {}", index + 1, number + 1).trim_start(),
                    reason,
                    &line(row),
                )),
            }
        }
    }
    if read_tables == 0 {
        return Err(UnreadableList::new(
            format!("{part} byte 0").trim_start(),
            "the page has no table with country, good and kind of labor",
            CHECK,
        ));
    }
    Ok(parsed)
}

/// Where the page after this one is, as the page itself links it; `None` on the
/// last one.
pub fn next_page(bytes: &[u8]) -> Option<String> {
    let page = decode(bytes);
    check_page(&page).ok()?;
    let page = Html::parse_document(&page);
    elements(&page, "a").into_iter().find_map(|link| {
        let value = link.value();
        let says_next = value
            .attr("rel")
            .is_some_and(|rel| rel.split(' ').any(|word| word.eq_ignore_ascii_case("next")))
            || value
                .attr("title")
                .is_some_and(|title| title.to_ascii_lowercase().contains("next page"));
        says_next
            .then(|| value.attr("href").map(str::to_owned))
            .flatten()
    })
}

fn elements<'page>(page: &'page Html, name: &str) -> Vec<ElementRef<'page>> {
    Selector::parse(name).map_or_else(|_| Vec::new(), |selector| page.select(&selector).collect())
}

/// Of each row, the text in bold in the good's column.
fn goods_in_bold(table: &ElementRef, column: usize) -> Vec<Option<String>> {
    own_elements(table, "tr")
        .iter()
        .map(|row| {
            let cell = row
                .children()
                .filter_map(ElementRef::wrap)
                .filter(|cell| matches!(cell.value().name(), "td" | "th"))
                .nth(column)?;
            let bold = cell
                .descendants()
                .filter_map(ElementRef::wrap)
                .find(|inner| matches!(inner.value().name(), "strong" | "b"))?;
            Some(visible_text(&bold)).filter(|name| !name.is_empty())
        })
        .collect()
}

struct Columns {
    country: usize,
    good: usize,
    kinds: usize,
}

impl Columns {
    fn find<'row>(cells: impl Iterator<Item = &'row str>) -> Option<Self> {
        let names: Vec<String> = cells.map(bare).collect();
        let at = |known: &[&str]| names.iter().position(|name| known.contains(&name.as_str()));
        Some(Self {
            country: at(&["countryarea", "country", "countryterritory", "countries"])?,
            good: at(&["good", "goods", "product"])?,
            kinds: at(&[
                "exploitationtype",
                "exploitation",
                "typeofexploitation",
                "childlaborforcedlabor",
                "labortype",
            ])?,
        })
    }
}

fn listing(
    good: &str,
    spelling: &str,
    kinds: &str,
    caption: &str,
    citation: &str,
) -> Result<GoodListing, String> {
    if good.is_empty() {
        return Err("the row names no good".to_owned());
    }
    let country = Country::parse(spelling)
        .ok_or_else(|| format!("the country \"{}\" is not one we know", cut(spelling)))?;
    let found = kinds_in(kinds);
    if found.is_empty() {
        return Err("no kind of labor is marked".to_owned());
    }
    let citation = if caption.is_empty() {
        citation.to_owned()
    } else {
        format!("{citation}, {}", cut(caption))
    };
    Ok(GoodListing {
        good: good.to_owned(),
        sector: None,
        country,
        country_as_published: spelling.to_owned(),
        child_labor: found.contains(&Kind::Child),
        forced_labor: found.contains(&Kind::Forced),
        forced_child_labor: found.contains(&Kind::ForcedChild),
        downstream: found.contains(&Kind::Downstream),
        input_country: None,
        listed_on: None,
        delisted_on: None,
        citation,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<html><body><div><table><thead><tr><th>Country/Area</th><th>Good</th>
        <th>Exploitation Type</th></tr></thead><tbody>
        <tr><td>China</td><td><strong>Cotton</strong><p>Adults are forced to pick it.</p></td><td>Child Labor, Forced Labor</td></tr>
        <tr><td>Burma</td><td>Teak</td><td>Forced Labor</td></tr>
        <tr><td>Atlantis</td><td>Pearls</td><td>Child Labor</td></tr>
        <tr><td>Peru</td><td>Gold</td><td></td></tr></tbody></table>
        <ul><li><a title="Go to next page" rel="next" href="?page=1">Next</a></li></ul></div></body></html>"#;

    #[test]
    fn a_page_gives_goods_and_the_page_behind_it() {
        let list = parse(PAGE.as_bytes(), "page 1", "DOL").unwrap();
        let names: Vec<_> = list
            .content
            .goods
            .iter()
            .map(|it| {
                (
                    it.good.as_str(),
                    it.country.alpha2(),
                    it.child_labor,
                    it.forced_labor,
                )
            })
            .collect();
        assert_eq!(
            names,
            [("Cotton", "CN", true, true), ("Teak", "MM", false, true)]
        );
        let places: Vec<_> = list.unread.iter().map(|it| it.place.as_str()).collect();
        assert_eq!(places, ["page 1 table 1 row 4", "page 1 table 1 row 5"]);
        assert_eq!(next_page(PAGE.as_bytes()).as_deref(), Some("?page=1"));
        assert_eq!(next_page(b"<a href='?page=0'>Previous</a>"), None);
    }

    #[test]
    fn an_error_page_and_a_renamed_column_are_refused() {
        assert!(
            parse(
                b"<html><body><h1>Access Denied</h1></body></html>",
                "",
                "DOL"
            )
            .is_err()
        );
        let moved = PAGE.replace("Exploitation Type", "Remarks");
        assert!(parse(moved.as_bytes(), "", "DOL").is_err());
    }
}

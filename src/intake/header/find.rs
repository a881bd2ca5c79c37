//! The header row: the row, or pair of rows, that names the most fields, one
//! of them the supplier's name.

use super::{
    super::row::{CellKind, RawRow, is_invisible},
    synonyms::{Meaning, classify},
};
use crate::intake::supplier_list::Field;

/// The header as found among the first rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::intake) struct Header {
    /// Index into the rows searched of the last header row.
    pub(in crate::intake) last: usize,
    /// 1-based row of the last header row.
    pub(in crate::intake) row: u32,
    /// Column texts; of two header rows "upper / lower".
    pub(in crate::intake) texts: Vec<String>,
    pub(in crate::intake) meanings: Vec<Option<Meaning>>,
    /// How many fields it names; the measure of "most like a supplier list".
    pub(in crate::intake) fields: usize,
    pub(in crate::intake) has_name: bool,
}

/// The best header among `rows`; it may lack a name column, which the caller
/// must then ask for.
pub(in crate::intake) fn find(rows: &[RawRow]) -> Option<Header> {
    let mut best: Option<(Rank, Header)> = None;
    let mut above: Option<&RawRow> = None;
    for (index, row) in rows.iter().enumerate() {
        consider(&mut best, header_of(index, row.number, texts(row)), 1);
        if let Some((header, preference)) = above.and_then(|above| pair_of(index, above, row)) {
            consider(&mut best, header, preference);
        }
        above = Some(row);
    }
    best.map(|(_, header)| header)
}

/// The row as a header, whatever it names.
pub(in crate::intake) fn read(index: usize, row: &RawRow) -> Header {
    header_of(index, row.number, texts(row))
}

/// Whether it has a name column, fields named, kind of header, plainness of
/// the name. The first of equals stays.
type Rank = (bool, usize, u8, u8);

fn consider(best: &mut Option<(Rank, Header)>, header: Header, preference: u8) {
    let name_strength = header
        .meanings
        .iter()
        .flatten()
        .filter(|meaning| meaning.field == Field::Name)
        .map(|meaning| meaning.strength + u8::from(meaning.exact))
        .max()
        .unwrap_or(0);
    // One cell that merely sounds like a name column is a title.
    let title =
        header.fields == 1 && (!header.has_name || name_strength > 0 && !exact_name(&header));
    if header.fields == 0 || title {
        return;
    }
    let rank = (header.has_name, header.fields, preference, name_strength);
    if best.as_ref().is_none_or(|(so_far, _)| rank > *so_far) {
        *best = Some((rank, header));
    }
}

fn exact_name(header: &Header) -> bool {
    header
        .meanings
        .iter()
        .flatten()
        .any(|meaning| matches!(meaning.field, Field::Name | Field::LocalName) && meaning.exact)
}

fn header_of(index: usize, row: u32, texts: Vec<String>) -> Header {
    let meanings = texts.iter().map(|text| classify(text)).collect();
    with_meanings(index, row, texts, meanings)
}

fn with_meanings(
    last: usize,
    row: u32,
    texts: Vec<String>,
    meanings: Vec<Option<Meaning>>,
) -> Header {
    let mut named: Vec<Field> = meanings
        .iter()
        .flatten()
        .map(|meaning| meaning.field)
        .collect();
    named.sort_unstable();
    named.dedup();
    Header {
        last,
        row,
        texts,
        meanings,
        fields: named.len(),
        has_name: named.contains(&Field::Name) || named.contains(&Field::LocalName),
    }
}

/// Two header rows: groups above columns ("Workers" over "Total" and
/// "Female"), or the same header in two languages. The lower one must itself
/// read like a header, so that no supplier is taken for one.
fn pair_of(index: usize, above: &RawRow, row: &RawRow) -> Option<(Header, u8)> {
    let (upper, lower) = (texts(above), texts(row));
    let named = |texts: &[String]| {
        texts
            .iter()
            .filter(|text| classify(text).is_some_and(|meaning| meaning.exact))
            .count()
    };
    let (upper_named, lower_named) = (named(&upper), named(&lower));
    let lower_filled = lower.iter().filter(|text| !text.is_empty()).count();
    // One word alone may be a cell's ("IL", "Factory"): it is a header only
    // below a group, never below a column that has its name.
    let below_a_group = |texts: &[String]| {
        texts
            .iter()
            .enumerate()
            .filter(|(_, text)| classify(text).is_some_and(|meaning| meaning.exact))
            .all(|(column, _)| {
                let own = upper.get(column).map_or("", String::as_str);
                let spans = upper.get(column + 1).is_some_and(String::is_empty);
                spans || !classify(own).is_some_and(|meaning| meaning.exact)
            })
    };
    let lower_is_header =
        lower_named >= 2 || (lower_named == 1 && upper_named >= 1 && below_a_group(&lower));
    let numbers = row
        .cells
        .iter()
        .any(|cell| matches!(cell.kind, CellKind::Number | CellKind::Date));
    if !lower_is_header || numbers || lower_named * 3 < lower_filled {
        return None;
    }
    let width = upper.len().max(lower.len());
    let mut meanings = Vec::with_capacity(width);
    let mut group = String::new();
    for column in 0..width {
        let own = upper.get(column).map_or("", String::as_str);
        let below = lower.get(column).map_or("", String::as_str);
        if !own.is_empty() {
            own.clone_into(&mut group);
        }
        meanings.push(meaning_of_pair(own, &group, below));
    }
    let texts = merged_texts(&upper, &lower);
    // Above a header that is whole by itself, a title is not part of it.
    let preference = if upper_named >= 2 { 2 } else { 0 };
    Some((
        with_meanings(index, row.number, texts, meanings),
        preference,
    ))
}

fn meaning_of_pair(own: &str, group: &str, below: &str) -> Option<Meaning> {
    if below.is_empty() {
        return classify(own);
    }
    let alone = classify(below);
    if alone.is_some_and(|meaning| meaning.exact && meaning.strength >= 2) || group.is_empty() {
        return alone;
    }
    let together = classify(&format!("{group} {below}"));
    match (alone, together) {
        (Some(alone), Some(together)) if alone.strength >= together.strength => Some(alone),
        (_, Some(together)) => Some(together),
        (Some(alone), None) => Some(alone),
        (None, None) => classify(own),
    }
}

/// What two header rows say column by column.
fn merged_texts(upper: &[String], lower: &[String]) -> Vec<String> {
    (0..upper.len().max(lower.len()))
        .map(|column| {
            let above = upper.get(column).map_or("", String::as_str);
            let below = lower.get(column).map_or("", String::as_str);
            match (above.is_empty(), below.is_empty()) {
                (false, false) if above != below => format!("{above} / {below}"),
                (_, false) => below.to_owned(),
                _ => above.to_owned(),
            }
        })
        .collect()
}

fn texts(row: &RawRow) -> Vec<String> {
    row.cells
        .iter()
        .map(|cell| {
            let text: String = cell
                .text
                .chars()
                // No header is longer; a data cell may be of any length.
                .take(400)
                .filter(|letter| !is_invisible(*letter))
                .collect();
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::row::RawCell;

    fn rows(text: &str) -> Vec<RawRow> {
        text.lines()
            .zip(1..)
            .map(|(line, number)| RawRow {
                number,
                cells: line.split('|').map(RawCell::text).collect(),
                open_quote: false,
            })
            .collect()
    }

    fn found(text: &str) -> (u32, Vec<Option<&'static str>>) {
        let header = find(&rows(text)).unwrap();
        let fields = header
            .meanings
            .iter()
            .map(|meaning| meaning.map(|meaning| meaning.field.as_str()))
            .collect();
        (header.row, fields)
    }

    #[test]
    fn finds_the_header_below_a_preamble() {
        let (row, _) = found(
            "Supplier list 2025||\nPrepared for: Company\nSupplier|Country|City\nFoo Ltd|China|Aksu",
        );
        assert_eq!(row, 3);
        let (row, _) = found("Factory name list\nFactory\nFoo Ltd\nBar Ltd");
        assert_eq!(row, 2);
    }

    #[test]
    fn reads_groups_above_columns() {
        let (row, fields) =
            found("Supplier|||Workers|\nName|Country|Address|Total|Female\nFoo|China|Aksu|3|1");
        assert_eq!(row, 2);
        assert_eq!(
            fields,
            [
                Some("name"),
                Some("country"),
                Some("address"),
                Some("workers"),
                None
            ]
        );
    }

    #[test]
    fn reads_a_header_in_two_languages() {
        let (row, fields) =
            found("Supplier Name|Country|City\n供应商名称|国家|城市\nFoo|China|Aksu");
        assert_eq!(row, 2);
        assert_eq!(fields, [Some("name"), Some("country"), Some("city")]);
    }

    #[test]
    fn a_supplier_is_no_second_header() {
        let (row, _) = found(
            "Supplier Name|Country|City\nState Textile Company|China|Aksu\nFactory|India|Surat",
        );
        assert_eq!(row, 1);
        for table in [
            "Supplier name|Country\n|IL|x",
            "Supplier name|Country\nFactory|India",
        ] {
            let (row, _) = found(table);
            assert_eq!(row, 1, "{table}");
        }
    }
}

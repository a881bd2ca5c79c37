//! Cells of SAM's table that need taking apart.

use crate::lists::name_list::split_announced_list;

/// The most cross-references kept of one exclusion.
pub(super) const MOST_ALIASES: usize = 200;

/// "(also  A ,  B )", in older extracts "(also A, B CO., LTD.)"; an address may
/// stand behind a number: "A (489301336)- STREET 1 ,TOWN".
pub(super) fn cross_references(cell: &str) -> Vec<String> {
    let inner = cell
        .trim()
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    let Some(list) = inner.unwrap_or(cell).trim().strip_prefix("also ") else {
        return Vec::new();
    };
    // With a blank on both sides every comma separates.
    let names: Vec<String> = if list.contains(" , ") && !list.contains(")-") {
        list.split(" , ").map(str::to_owned).collect()
    } else {
        split_announced_list(list, None)
    };
    names
        .iter()
        .map(|name| match name.find(")-") {
            // The number and what follows are of another record.
            Some(end) => name
                .get(..end)
                .and_then(|head| head.rfind('(').and_then(|open| head.get(..open)))
                .unwrap_or(name),
            None => name,
        })
        .map(|name| name.trim_matches([' ', ',']).to_owned())
        .filter(|name| !name.is_empty())
        .take(MOST_ALIASES)
        .collect()
}

/// SAM writes XUN, the code of the former Soviet Union, and other user codes
/// where it knows none.
pub(super) fn names_no_country(code: &str) -> bool {
    code.is_empty() || code == "XUN" || (code.len() == 3 && code.starts_with("XX")) || code == "XX"
}

/// "*****", "XXXXXXXXX", "0000000000".
pub(super) fn is_masked(value: &str) -> bool {
    let mut letters = value
        .chars()
        .filter(|letter| letter.is_alphanumeric() || *letter == '*');
    let Some(first) = letters.next() else {
        return true;
    };
    value.contains('*')
        || (matches!(first, 'X' | 'x' | '0') && letters.all(|letter| letter == first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cross_references_in_both_styles() {
        assert_eq!(
            cross_references("(also A TRADING CO., LTD., B LLC)"),
            ["A TRADING CO., LTD.", "B LLC"]
        );
        assert_eq!(cross_references("(also A , B )"), ["A", "B"]);
        assert_eq!(
            cross_references(
                "(also SEVEN (NL) B.V. (489301336)- SOME STREET 231, EMS SEVEN PTE. LTD.)"
            ),
            ["SEVEN (NL) B.V.", "EMS SEVEN PTE. LTD."]
        );
        assert!(cross_references("").is_empty());
        assert!(cross_references("see file").is_empty());
    }

    #[test]
    fn masked_values_are_no_identifiers() {
        for masked in ["", "*****", "XXXXXXXXXXXX", "0000000000", "12***67"] {
            assert!(is_masked(masked), "{masked}");
        }
        assert!(!is_masked("J58ME6A75BU9"));
    }
}

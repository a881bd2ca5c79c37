//! Whom a listing reaches besides the party it names, and the members that it
//! names: "and its eight Zhuhai-based subsidiaries, which include A, B, and C".

use super::{
    name_list::{split_announced_list, starts_with_word},
    party_name::{PartyName, number},
};

/// Cuts the scope off the end of the name and reads the subsidiaries it names.
pub(super) fn take_scope(name: &mut String, party: &mut PartyName) {
    let mut from = 0;
    while let Some(offset) = name.get(from..).and_then(find_and) {
        let at = from + offset;
        let clause = name
            .get(at..)
            .unwrap_or_default()
            .trim_start_matches([' ', ',']);
        if let Some((wording, announced, list)) = read_scope(clause) {
            party
                .subsidiaries
                .extend(split_announced_list(list, announced));
            if let Some(count) = announced
                && !party.subsidiaries.is_empty()
                && count != party.subsidiaries.len()
            {
                party.doubts.push(format!(
                    "the cell announces {count} subsidiaries and {} were read",
                    party.subsidiaries.len()
                ));
            }
            party.scope = Some(wording);
            name.truncate(at);
            return;
        }
        from = at + 1;
    }
}

/// `X Group, which includes A; B`: cuts the list of members off the name.
pub(super) fn take_members(name: &mut String, party: &mut PartyName) {
    let found = name.match_indices(", ").find_map(|(at, comma)| {
        let list = after_introduction(name.get(at + comma.len()..)?)?;
        Some((at, split_announced_list(list, None)))
    });
    if let Some((at, members)) = found {
        party.subsidiaries.extend(members);
        name.truncate(at);
    }
}

/// The next ` and `, `, and ` or `, including ` in the text.
fn find_and(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    [" and ", ", its ", ", including ", " with its "]
        .iter()
        .filter_map(|joint| lower.find(joint))
        .min()
}

/// Words that a scope may be made of, once it has begun.
const SCOPE_WORDS: &[&str] = &[
    "subsidiary",
    "subsidiaries",
    "affiliate",
    "affiliates",
    "affiliated",
    "subordinate",
    "subordinates",
    "entities",
    "joint",
    "ventures",
    "companies",
    "divisions",
    "branches",
    "units",
    "and",
    "or",
    "wholly",
    "owned",
    "wholly-owned",
    "majority-owned",
    "controlled",
    "its",
    "their",
];

/// `and its eight Zhuhai-based subsidiaries, which include A, B`: the wording
/// up to the list, the count it states, and the list.
fn read_scope(clause: &str) -> Option<(String, Option<usize>, &str)> {
    const LEAD: &[&str] = &["its", "their", "all", "any", "the", "other", "of"];
    const REACH: &[&str] = &[
        "subsidiary",
        "subsidiaries",
        "affiliate",
        "affiliates",
        "affiliated",
        "subordinate",
        "subordinates",
    ];
    let mut end = 0;
    let mut announced = None;
    let mut reaches = false;
    let mut led = false;
    for (position, word) in clause.split(' ').enumerate() {
        let plain = word.trim_matches([',', '.', ';', ':']).to_ascii_lowercase();
        let plain = plain.as_str();
        let known = if position == 0 {
            matches!(plain, "and" | "its" | "including" | "with")
        } else if reaches {
            SCOPE_WORDS.contains(&plain)
        } else {
            let leads = LEAD.contains(&plain);
            let counts = number(plain);
            announced = counts.or(announced);
            led |= leads || counts.is_some();
            leads
                || counts.is_some()
                || SCOPE_WORDS.contains(&plain)
                || (led && plain.ends_with("-based"))
        };
        if !known {
            break;
        }
        reaches |= REACH.contains(&plain);
        end += word.len() + usize::from(position > 0);
        if reaches && word.ends_with([',', ':', ';', '.']) {
            break;
        }
    }
    if !reaches {
        return None;
    }
    let (wording, rest) = clause.split_at(end);
    // "and Subsidiaries Trading Co." is a name, "and its subsidiary X" is not.
    let (more, list) = named_list(rest, wording)?;
    let wording = format!("{wording}{more}")
        .trim_end_matches([' ', ',', ':', ';', '.'])
        .to_owned();
    Some((wording, announced, list))
}

/// After the scope's own words: further words up to the list, and the list.
fn named_list<'text>(rest: &'text str, wording: &str) -> Option<(&'text str, &'text str)> {
    let says_no_more = rest
        .split(' ')
        .map(|word| word.trim_matches([',', '.', ';', ':']))
        .all(|word| word.is_empty() || SCOPE_WORDS.contains(&word));
    if says_no_more {
        return Some((rest, ""));
    }
    let trimmed = rest.trim_start_matches([' ', ',', ':']);
    if let Some(list) = after_introduction(trimmed) {
        return Some(("", list));
    }
    if wording.ends_with([',', ':']) {
        return Some(("", trimmed));
    }
    let starts_a_name = trimmed.starts_with(char::is_uppercase);
    if starts_a_name {
        let says_whose = wording.contains("its ") || wording.contains("their ");
        let in_running_text = wording
            .rsplit(' ')
            .next()
            .is_some_and(|last| last.starts_with(char::is_lowercase));
        return (says_whose || in_running_text).then_some(("", trimmed));
    }
    // "and its two subsidiaries from China, A and B"
    match rest.find(", ") {
        Some(comma) => {
            let (more, list) = rest.split_at(comma);
            Some((more, list.trim_start_matches([' ', ','])))
        }
        None => Some((rest, "")),
    }
}

/// The list behind "which includes" or "including", before which nothing stands.
pub(super) fn after_introduction(text: &str) -> Option<&str> {
    const INTRODUCTIONS: [&str; 8] = [
        "which includes",
        "which include",
        "which are",
        "including",
        "consisting of",
        "comprised of",
        "comprising",
        "namely",
    ];
    INTRODUCTIONS
        .iter()
        .find(|words| starts_with_word(text, words))
        .and_then(|words| text.get(words.len()..))
        .map(|list| list.trim_start_matches([' ', ',', ':']))
}
